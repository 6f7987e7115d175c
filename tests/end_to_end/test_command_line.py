"""Every command as a person and a script meet it: sentences, exit codes, JSON with stable keys, no secret anywhere."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest

from brygga.practice.dataset import PracticeParameters
from tests.end_to_end.support import (
    COMPANY,
    SMALL,
    World,
    a_process,
    assert_one_sentence,
    brygga,
    coupled,
    practice_world,
)

MONTH = ("--from", "2026-01-01", "--to", "2026-01-31")
ROW_KEYS = {"key", "number", "name", "action", "state", "administration", "gross", "currency", "reasons"}
PREVIEW_KEYS = {"changes", "needs", "hash", "posting", "agrees_with_severa"}
PLANNERS_IN_ORDER = ("customers", "projects", "articles", "invoices")


# -- a month, command by command --------------------------------------------------------------------------------------


def test_a_month_by_hand(world: World) -> None:
    assert brygga("check").code == 0
    for transfer in ("customers", "projects", "articles"):
        done = brygga("transfer", transfer, "--json")
        assert (done.code, done.json["written"] > 0) == (0, True)
    listed = brygga("search", "invoices", "--json")
    numbers = [row["number"] for row in listed.json["rows"]]
    assert listed.json["preview"] is None
    assert {row["state"] for row in listed.json["rows"]} == {"ready"}

    shown = brygga("preview", "invoices", "--json", *MONTH)
    assert [row["number"] for row in shown.json["rows"]] == numbers
    assert world.writes() == []

    done = brygga("transfer", "invoices", "--preview", shown.json["preview"], "--json")
    assert done.code == 0
    assert [(row["number"], row["state"]) for row in done.json["rows"]] == [(n, "transferred") for n in numbers]
    assert world.differences() == []

    agreed = brygga("reconcile", *MONTH, "--json")
    assert agreed.code == 0
    assert agreed.json["agrees"]
    own = agreed.json["by_currency"]["SEK"]
    assert own["severa"] == own["administration"] == own["terms"]["transferred"]
    assert own["severa"]["count"] == len(numbers)
    assert agreed.json["differences"] == []
    assert "0,00" in brygga("reconcile", *MONTH).out

    runs = brygga("history", "--json").json
    assert [run["transfer"] for run in runs] == ["invoices", "articles", "projects", "customers"]
    assert runs[0]["rows"] == {"transferred": len(numbers)}
    assert [run["run"] for run in brygga("history", "--json", "--limit", "1").json] == [runs[0]["run"]]
    told = brygga("show", numbers[0], "--json").json
    assert [(each["number"], each["state"], each["administration"]) for each in told] == [
        (numbers[0], "transferred", numbers[0])
    ]

    again = brygga("transfer", "invoices", "--json")
    assert (again.code, again.json["written"]) == (0, 0)


def test_the_same_month_for_reading(world: World) -> None:
    numbers = sorted(str(record.fields["DOCUMENT_NUMBER"]) for record in world.installation.company().oracle.invoices)
    for command in ("search", "preview"):
        listed = brygga(command, "invoices")
        assert listed.code == 0
        assert all(number in listed.out for number in numbers)
    assert world.writes() == []
    offered = re.search(r"brygga (transfer invoices --company exempel --preview [0-9a-f]+)", listed.out)
    assert offered is not None
    done = brygga(*offered[1].split())
    assert done.code == 0
    assert all(f"→ {number}" in done.out for number in numbers)
    assert "transferred" not in brygga("history").out
    assert numbers[0] in brygga("show", numbers[0]).out
    assert numbers[0] not in brygga("transfer", "invoices").out
    assert "nittio" in brygga("show", "nittio").out


def test_one_row_is_chosen_by_its_number_and_by_its_name(world: World) -> None:
    first = world.installation.company().oracle.invoices[0]
    number = str(first.fields["DOCUMENT_NUMBER"])
    rows = brygga("search", "invoices", number, "--json").json["rows"]
    assert [row["number"] for row in rows] == [number]
    customer = next(iter(world.installation.company().oracle.customers)).fields["NAME"]
    rows = brygga("search", "customers", str(customer), "--json").json["rows"]
    assert [row["name"] for row in rows] == [customer]
    assert brygga("search", "invoices", "--json", "--from", "2026-02-01").json["rows"] == []
    assert brygga("search", "customers", "--json", "--changed-since", "2099-01-01").json["rows"] == []


def test_the_keys_for_scripts_stay(world: World) -> None:
    checks = brygga("check", "--json").json
    assert [each["check"] for each in checks] == ["settings", "library", "severa", "administration", "mappings"]
    assert {frozenset(each) for each in checks} == {frozenset({"check", "name", "ok", "detail", "reasons"})}
    planned = brygga("preview", "invoices", "--json").json
    assert set(planned) == {"preview", "rows", "unmet"}
    assert {frozenset(row) for row in planned["rows"]} == {frozenset(ROW_KEYS | PREVIEW_KEYS)}
    done = brygga("transfer", "invoices", "--json").json
    assert set(done) == {"run", "written", "gone", "rows", "unmet"}
    assert {frozenset(row) for row in done["rows"]} == {frozenset(ROW_KEYS)}
    reasons = [each for row in done["rows"] for each in row["reasons"]]
    assert {frozenset(each) for each in reasons} == {frozenset({"code", "level", "text"})}
    found = brygga("reconcile", *MONTH, "--json").json
    assert set(found) == {"start", "end", "base", "agrees", "by_currency", "differences", "towards_severa"}
    assert set(found["by_currency"]["SEK"]) == {"severa", "administration", "coupled", "others", "terms"}
    assert set(found["by_currency"]["SEK"]["severa"]) == {"count", "net", "vat", "gross"}
    assert set(brygga("history", "--json").json[0]) == {"run", "transfer", "started", "state", "rows"}
    told = brygga("show", done["rows"][0]["number"], "--json").json[0]
    assert set(told) == {"at", "number", "name", "state", "administration", "reasons"}
    assert brygga("companies", "--json").json == [COMPANY]
    error = brygga("search", "invoices", "--company", "ingen", "--json")
    assert (error.code, set(error.json["error"]), error.json["error"]["code"]) == (3, {"code", "text"}, "INS-808")


# -- exit codes -------------------------------------------------------------------------------------------------------


def test_rows_that_need_a_person_end_with_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with practice_world(tmp_path, parameters=PracticeParameters(with_defects=True, figures=SMALL.figure)) as world:
        monkeypatch.setenv("BRYGGA_STORE", str(world.app.store_path))
        done = brygga("transfer", "invoices", "--json")
        assert done.code == 1
        states = [row["state"] for row in done.json["rows"]]
        assert states.count("failed") == 6
        assert set(states) == {"failed", "transferred"}
        told = brygga("transfer", "invoices")
        assert told.code == 1
        assert "(FAK-306)" in told.out
        assert brygga("reconcile", *MONTH).code == 1
        # One row that is well does not need anybody.
        number = next(row["number"] for row in done.json["rows"] if row["state"] == "transferred")
        assert brygga("transfer", "invoices", number).code == 0


def test_a_preview_holds_only_for_what_was_shown(world: World) -> None:
    shown = brygga("preview", "invoices", "--json").json
    changed, *others = [row["key"] for row in shown["rows"]]
    world.state.edit("invoices", changed, {"yourReference": "Någon Annan"})
    done = brygga("transfer", "invoices", "--preview", shown["preview"], "--json")
    assert done.code == 1
    ended = {row["key"]: (row["state"], [why["code"] for why in row["reasons"]]) for row in done.json["rows"]}
    assert ended[changed] == ("failed", ["SYS-910"])
    assert {ended[key][0] for key in others} == {"transferred"}


def test_a_preview_that_does_not_hold_is_refused(world: World) -> None:
    shown = brygga("preview", "invoices", "--json").json["preview"]
    assert_one_sentence(brygga("transfer", "invoices", "--preview", "deadbeef"), "KOR-871", 3)
    assert_one_sentence(brygga("transfer", "invoices", "--preview", "../../store"), "KOR-871", 3)
    assert_one_sentence(brygga("transfer", "projects", "--preview", shown), "KOR-872", 3)
    brygga("settings", "set", "invoices.mark_printed", "ja")
    assert_one_sentence(brygga("transfer", "invoices", "--preview", shown), "KOR-873", 3)
    assert world.writes() == []


def test_a_percentage_or_a_mark_up_is_told_with_what_it_does(world: World) -> None:
    key = "supplier_invoices.price_percent"
    said = " ".join(brygga("settings", "set", key, "markup 15").out.replace("\u00a0", " ").split())
    told = "får en kostnad på 8 000,00 kr priset 9 200,00 kr."
    assert said == f"{key}: 115 Om priset är en procent av kostnaden {told}"
    assert told in " ".join(brygga("settings", "list").out.replace("\u00a0", " ").split())
    assert "LEV-612" in brygga("settings", "set", key, "15").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("transfer", "fakturor"), "customers|projects|articles|invoices"),
        (("reconcile", "--from", "2026-31-01", "--to", "2026-01-31"), "2026-01-31."),
        (("reconcile", "--from", "igår", "--to", "2026-01-31"), "igår"),
        (("reconcile", "--from", "2026-01-01"), "--to"),
        (("search", "invoices", "--until", "2026-01-01"), "--until"),
        (("history", "--limit", "0"), "--limit"),
        (("överför",), "överför"),
    ],
)
def test_wrong_words_end_with_2(world: World, words: tuple[str, ...], said: str) -> None:
    wrong = brygga(*words)
    assert wrong.code == 2
    assert wrong.out == ""
    (sentence,) = wrong.err.strip().splitlines()
    assert said in sentence
    assert re.search(r"Lösning: se hur det skrivs med: brygga[a-z -]* --help [(]INS-87[0-9][)]$", sentence)
    assert not re.search(r"Value error|%Y|Traceback|strptime", wrong.err)


def test_the_help_speaks_the_persons_language() -> None:
    said = brygga("settings", "set", "--help").out + brygga("--help").out
    for english in ("Usage", "Options", "Commands:", "Show this message"):
        assert english not in said


def test_a_period_that_ends_before_it_begins_is_refused(world: World) -> None:
    """Nothing lies between, so a reconciliation of it would agree."""
    for words in (("reconcile",), ("couple",), ("numbering",), ("search", "invoices")):
        days = ("--from", "2026-02-01", "--to", "2026-01-01")
        assert_one_sentence(brygga(*words, *days), "INS-813", 3)


def test_a_file_that_cannot_be_written_is_a_sentence(world: World, tmp_path: Path) -> None:
    for words in (("settings", "export"), ("probe", "--report"), ("audit", "export")):
        assert_one_sentence(brygga(*words, str(tmp_path / "no" / "such" / "folder")), "LAG-002", 3)


def test_a_store_that_another_program_holds_is_told_as_that(world: World) -> None:
    world.app.engine.dispose()
    with (
        closing(sqlite3.connect(world.app.store_path, isolation_level=None)) as other,
        mock.patch("brygga.store.database.BUSY_SECONDS", 0.1),
        mock.patch("brygga.store.database._PRAGMAS", ("busy_timeout=100",)),
    ):
        other.execute("BEGIN EXCLUSIVE")
        assert_one_sentence(brygga("settings", "set", "invoices.mark_printed", "ja"), "INS-871", 3)


# -- companies and settings -------------------------------------------------------------------------------------------


def test_with_two_companies_one_must_be_named(world: World) -> None:
    world.app.settings("annat").save(coupled(world.installation, world.url))
    assert brygga("companies").out.split() == ["annat", COMPANY]
    for words in (
        ("check",),
        ("search", "invoices"),
        ("settings", "list"),
        ("history",),
        ("show", "1"),
        ("reconcile", *MONTH),
    ):
        refused = brygga(*words)
        assert_one_sentence(refused, "INS-810", 3)
        assert "annat, exempel" in refused.err
    assert brygga("settings", "list", "--company", COMPANY).code == 0
    assert brygga("settings", "list", "-c", "annat").code == 0
    assert_one_sentence(brygga("check", "-c", "ingen"), "INS-808", 3)


def test_a_store_without_companies_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRYGGA_STORE", str(tmp_path / "new" / "brygga.sqlite"))
    begin = brygga("companies")
    assert (begin.code, "brygga settings set severa.client_id" in begin.out) == (0, True)
    assert_one_sentence(brygga("search", "invoices"), "INS-814", 3)
    assert brygga("settings", "set", "severa.client_id", "abc", "--company", "nytt").code == 0
    assert brygga("companies").out.split() == ["nytt"]
    # What is still missing is named, one sentence for each.
    found = brygga("check", "--json")
    assert found.code == 1
    assert {why["code"] for why in found.json[0]["reasons"]} == {"INS-802", "INS-809"}


def test_both_languages(world: World) -> None:
    store = str(world.app.store_path)
    swedish = a_process("--lang", "sv", "settings", "get", "nej", BRYGGA_STORE=store)
    english = a_process("--lang=en", "settings", "get", "nej", BRYGGA_STORE=store, BRYGGA_LANG="sv")
    by_environment = a_process("settings", "get", "nej", BRYGGA_STORE=store, BRYGGA_LANG="en")
    assert swedish.err.startswith("Inställningen nej finns inte. Lösning: ")
    assert english.err == by_environment.err
    assert english.err.startswith("There is no setting nej. ")
    assert {swedish.code, english.code} == {3}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_help_is_for_an_accountant(language: str) -> None:
    pages = [a_process("--lang", language, *command, "--help") for command in ((), ("transfer",))]
    for page in pages:
        assert page.code == 0, page.err
        assert max(len(line) for line in page.out.splitlines()) <= 100
        options = page.out[page.out.index({"sv": "Flaggor:", "en": "Options:"}[language]) :]
        assert not re.search(r"<|%|\bNone\b|\bstr\b|\bbool\b|datetime|PATH", options)
    words = {"sv": ("Flyttar uppgifter", "Slutkoder: 0 klart"), "en": ("Moves records", "Exit codes: 0 done")}
    assert all(word in pages[0].out for word in words[language])


def test_a_command_in_a_process_of_its_own(world: World) -> None:
    done = a_process("check", "--json", BRYGGA_STORE=str(world.app.store_path))
    assert (done.code, [each["ok"] for each in done.json]) == (0, [True] * 5)
    assert done.err == ""


# -- a defect of the program itself ---------------------------------------------------------------------------------
def test_a_defect_is_one_sentence_and_a_file_for_support(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRYGGA_STORE", str(tmp_path / "brygga.sqlite"))
    monkeypatch.setattr("brygga.app.App.companies", lambda self: 1 / 0)
    monkeypatch.setattr("sys.argv", ["brygga", "companies"])
    from brygga.cli import main

    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 5
    assert "ZeroDivisionError" in (tmp_path / "errors.log").read_text(encoding="utf-8")


# -- numbering --------------------------------------------------------------------------------------------------------
def test_numbering_tells_the_next_numbers_and_what_is_not_transferred_yet(world: World) -> None:
    found = brygga("numbering", "--json")
    assert found.code == 1
    assert (found.json["master"], found.json["sound"]) == ("severa", False)
    assert {each["why"] for each in found.json["series"][0]["entries"]} == {"not_sent"}
    for transfer in PLANNERS_IN_ORDER:
        assert brygga("transfer", transfer).code == 0
    done = brygga("numbering", *MONTH)
    assert (done.code, "Styrande system: Severa" in done.out) == (0, True)
    assert_one_sentence(brygga("numbering", "--from", "2026-02-01", "--to", "2026-01-01"), "INS-813", 3)


def test_choosing_the_numbering_master_looks_at_the_series(world: World) -> None:
    for transfer in PLANNERS_IN_ORDER:
        assert brygga("transfer", transfer).code == 0
    settled = brygga("settings", "set", "numbering.master", "administration")
    assert settled.code == 0
    # The practice Severa's own series goes on where Administration's is now: the two will meet.
    assert "INS-811" in settled.out
    assert "INS-811" in brygga("check").out
    world.state.edit("organizationsettings", "organizationsettings", {"nextInvoiceNumber": 1})
    refused = brygga("settings", "set", "numbering.master", "severa")
    assert_one_sentence(refused, "INS-812", 3)
    assert brygga("settings", "get", "numbering.master").out.strip() == "administration"
