"""The message catalogue and the two languages (semantics §5.1, §5.2, REL-1.5.0-15)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal as D
from pathlib import Path

import pytest
from babel.messages.catalog import Message as Entry
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st
from jinja2.ext import babel_extract

import brygga
from brygga.i18n import Translator, language_from_environment
from brygga.messages import (
    ADK_WORDS,
    FIELD_WORDS,
    KIND_WORDS,
    MESSAGES,
    SAME_PARAMETER,
    STATE_WORDS,
    TRANSFER_WORDS,
    Message,
    parameters_of,
    render,
)
from brygga.practice.sie_text import SENTENCES
from brygga.records.reasons import Reason, reason
from brygga.store.settings.types import Section
from brygga.store.states import RowState
from tests.shared import contract, shared_file

SOURCE = Path(brygga.__file__).parent
SV, EN = Translator("sv"), Translator("en")
CODE = re.compile(r"\b(?!SHA)[A-Z]{3}-[0-9]{3}\b")
TEXTS = {**MESSAGES, **{f"ADK {code}": words for code, words in ADK_WORDS.items()}}


def texts_of(message: Message) -> Iterator[str]:
    yield from (text for text in (message.what, message.remedy, message.short, message.plural) if text)


def catalogue() -> list[Entry]:
    with (SOURCE / "locale" / "sv.po").open("rb") as file:
        return [entry for entry in read_po(file, locale="sv") if entry.id]


def swedish(message: Message, text: str) -> str:
    if message.plural:
        return SV.ngettext(message.what, message.plural, 1 if text == message.what else 2)
    return SV.gettext(text)


def python_files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


# -- the catalogue ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TEXTS)
def test_every_text_is_there_in_swedish_with_the_same_parameters(code: str) -> None:
    message = TEXTS[code]
    for text in texts_of(message):
        translated = swedish(message, text)
        if text == "{accepts}":
            continue  # the setting's own sentence, translated by itself
        assert translated
        assert translated != text
        assert parameters_of(translated) == parameters_of(text)


def test_rel_1_5_0_15_every_entry_of_the_catalogue_is_translated_once_and_surely() -> None:
    ids = [entry.id for entry in catalogue()]
    assert len({str(each) for each in ids}) == len(ids)
    for entry in catalogue():
        assert not entry.fuzzy
        forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or [])
        sources = [entry.id] if isinstance(entry.id, str) else list(entry.id)
        assert all(forms)
        assert {parameters_of(str(form)) for form in forms} == {parameters_of(str(source)) for source in sources}


def test_there_is_no_exclamation_mark_and_no_blame() -> None:
    texts = [text for message in TEXTS.values() for text in texts_of(message)]
    texts += [str(entry.string) for entry in catalogue()]
    for text in texts:
        assert "!" not in re.sub(r"\{[^}]*\}", "", text)
        assert not re.search(r"\b(you must|du måste|ogiltig inmatning|invalid input)\b", text, re.IGNORECASE)


def test_every_code_of_the_specification_has_its_swedish_text() -> None:
    """§5.2's own words; a parameter may have another name, and a longer text may follow."""
    table = re.findall(
        r"^\| ([A-Z]{3}-\d{3}) \| (.+?) \| ", shared_file("spec", "semantics.md").read_text("utf-8"), re.M
    )
    assert len(table) >= 39
    for code, text in table:
        wanted = _without_names(text.split(" Lösning:")[0]).rstrip(".")
        message = MESSAGES[code]
        ours = [_without_names(swedish(message, each)) for each in texts_of(message)]
        assert any(each.startswith(wanted) for each in ours), (code, wanted, ours)


def _without_names(text: str) -> str:
    return re.sub(r"\{[^}]*\}( %)?", "{}", text)


def test_every_code_used_in_the_program_has_a_message() -> None:
    used = {(code, path.name) for path in python_files() for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert {(code, name) for code, name in used if code not in MESSAGES} == set()


def reason_calls() -> Iterator[tuple[str, set[str], str]]:
    """Every ``reason("CODE", …, name=…)`` of the program whose parameters stand in the call."""
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "reason":
                continue
            first = node.args[0] if node.args else None
            if not isinstance(first, ast.Constant) or any(keyword.arg is None for keyword in node.keywords):
                continue
            names = {SAME_PARAMETER.get(str(keyword.arg), str(keyword.arg)) for keyword in node.keywords}
            yield str(first.value), names, f"{path.name}:{node.lineno}"


def test_every_reason_gives_the_parameters_that_its_message_shows() -> None:
    wrong = []
    for code, names, where in reason_calls():
        message = MESSAGES[code]
        complete = parameters_of(message.what) <= names
        shortened = bool(message.short) and parameters_of(message.short) <= names
        if not (complete or shortened) or not parameters_of(message.remedy) - {"accepts"} <= names:
            wrong.append((where, code, sorted(parameters_of(message.what + message.remedy) - names)))
    assert wrong == []


def test_every_text_marked_for_translation_is_in_swedish() -> None:
    known = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue()}
    missing = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name not in ("_", "N_", "t", "n", "gettext", "ngettext"):
                continue
            first = node.args[0]
            texts = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
            values = [text.value for text in texts if isinstance(text, ast.Constant)]
            missing |= {(path.name, value) for value in values if value not in known}
    assert missing == set()


def test_every_text_of_a_page_is_in_swedish() -> None:
    known = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue()}
    missing = set()
    for path in sorted((SOURCE / "web" / "templates").glob("*.html")):
        with path.open("rb") as file:
            for _line, _name, found, _comments in babel_extract(file, ("t", "n"), (), {}):
                texts = [found] if isinstance(found, str) else [each for each in found or () if isinstance(each, str)]
                if texts and texts[0] not in known:
                    missing.add((path.name, texts[0]))
    assert missing == set()


def test_the_states_have_words_in_both_languages() -> None:
    assert set(STATE_WORDS) == {state.value for state in RowState}
    assert [STATE_WORDS[state]["sv"] for state in ("ready", "waiting", "in_doubt")] == ["redo", "väntar", "osäker"]
    assert all(words["sv"] and words["en"] for words in STATE_WORDS.values())


@pytest.mark.parametrize(
    "words",
    [
        FIELD_WORDS.values(),
        KIND_WORDS.values(),
        TRANSFER_WORDS.values(),
        SENTENCES.values(),
        [section.value for section in Section],
    ],
    ids=["fields", "kinds", "transfers", "SIE faults", "sections of settings"],
)
def test_words_that_are_chosen_from_a_table_are_there_in_swedish(words: Iterable[str]) -> None:
    assert set(words) <= {entry.id for entry in catalogue()}


# -- rendering -------------------------------------------------------------------------------------------------


def test_at_07_a_sentence_has_cause_remedy_and_code() -> None:
    assert render(reason("KND-101", nr="556900-4567"), SV) == (
        "Felaktig kontrollsiffra i organisationsnummer 556900-4567. "
        "Lösning: ange numret som NNNNNN-NNNN på kundkortet. (KND-101)"
    )
    assert render(reason("KND-101", nr="556900-4567"), EN) == (
        "Wrong check digit in organisation number 556900-4567. "
        "What to do: enter the number as NNNNNN-NNNN on the customer card. (KND-101)"
    )


@pytest.mark.parametrize(
    ("why", "sv", "en"),
    [
        (reason("FAK-307", a="374.97", b="81375.47"), "Administration 81\u00a0375,47.", "Administration 81,375.47."),
        (reason("FAK-306", rate="19"), "Momssats 19\u00a0% saknar", "VAT rate 19% has"),
        (reason("FAK-326", amount="-0.01"), "på -0,01\u00a0kr har", "of SEK\u00a0-0.01 was"),
        (reason("BET-502", amount="250", currency="EUR"), "250,00\u00a0EUR", "EUR\u00a0250.00"),
        (reason("SYS-926", nr="7", name="A", total="1234.5"), "(A, 1\u00a0234,50)", "(A, 1,234.50)"),
        (reason("VAL-402", exchange_rate="11.1731845", percent="12.5"), "11,173184 avviker 12,5\u00a0%", "12.5%"),
        (reason("FAK-318", field="our_reference", number="1", max=25), "Vår referens har kortats till 25", "Our ref"),
        (reason("SEV-711", field="/status/guid"), "men statusen ändrades", "but the status was"),
        (reason("KND-112", field="vat_number", number=1, length=9, max=8), "VAT-numret på kund 1", "The VAT number of"),
        (reason("REG-861", kind="customer", nr="7"), "Kund 7 finns redan", "Customer 7 already"),
        (
            reason("INS-805", key="k", value="v", accepts="Answer yes or no."),
            "Svara ja eller nej.",
            "Answer yes or no.",
        ),
        (reason("BET-501", n=1, status="Betald"), "1 faktura har fått", "1 invoice was"),
        (reason("BET-501", n=3, status="Betald"), "3 fakturor har fått", "3 invoices were"),
    ],
)
def test_parameters_are_shown_as_a_person_reads_them(why: Reason, sv: str, en: str) -> None:
    assert sv in render(why, SV)
    assert en in render(why, EN)


def test_a_parameter_that_is_no_number_is_shown_as_it_is() -> None:
    assert "Severa NaN, Administration x." in render(reason("FAK-307", a="NaN", b="x"), SV)
    assert "Momssats okänd-sats saknar" in render(reason("FAK-306", rate="okänd-sats"), SV)
    assert "{curly} avviker x" in render(reason("VAL-402", exchange_rate="{curly}", percent="x"), SV)
    assert "med många" in render(reason("BET-502", amount="många"), SV)
    assert "Foo har kortats" in render(reason("FAK-318", field="Foo", max=2), SV)


def test_a_time_is_the_time_of_day() -> None:
    shown = render(reason("SYS-905", time="2026-11-23T20:55:10+00:00"), SV)
    assert re.search(r"Nytt försök görs \d\d:\d\d:10\. \(SYS-905\)", shown)


def test_since_when_is_a_day_and_a_time_of_this_place() -> None:
    since = "2026-11-23T20:55:10.123456+00:00"
    here = f"{datetime.fromisoformat(since).astimezone():%Y-%m-%d %H:%M}"
    assert f"sedan {here} (eva)" in render(reason("SYS-908", holder="eva", since=since), SV)
    assert "sedan ? (?)" in render(reason("SYS-908", holder="?", since="?"), SV)
    assert "Nytt försök görs strax." in render(reason("SYS-905", time="strax"), SV)


def test_a_missing_parameter_takes_the_short_text_or_is_unknown() -> None:
    assert render(reason("FAK-310"), SV).startswith("Det är oklart om fakturan sparades i Administration.")
    assert "10461, 10462 bär alla" in render(reason("FAK-310", numbers="10461, 10462"), SV)
    assert "En rad saknar momssats" in render(reason("FAK-306", rate=""), SV)
    assert "Kund (okänt) skapades" in render(reason("KND-110"), SV)
    assert render(reason("INS-805", key="k", value=""), SV) == "Värdet på inställningen k är inte giltigt. (INS-805)"


def test_codes_of_administration_have_our_own_words() -> None:
    assert render(reason("ADK-505", code=12, text="Utskriven"), SV) == (
        "Dokumentet är utskrivet och kan inte ändras. "
        "Lösning: gör en kreditfaktura och en ny faktura om det är fel. (ADK-505, 12)"
    )
    assert "kod 99999: Nej. Lösning" in render(reason("ADK-505", code=99999, text="Nej"), SV)
    assert render(reason("ADK-505", code="", text="Nej"), SV).startswith("Administration nekade: Nej. Lösning")
    assert render(reason("ADK-511", code=238, text=""), EN).endswith("(ADK-511, 238)")


def test_our_words_are_for_codes_that_administration_has() -> None:
    kinds = {entry["code"]: entry["kind"] for entry in contract("adk_errors.json")}
    assert {
        code: kinds.get(code) for code in ADK_WORDS if kinds.get(code) not in ("error", "warning", "position")
    } == {}


def test_an_unknown_code_is_a_plain_sentence_that_names_it() -> None:
    assert render(reason("XXX-999", nr=1), SV) == "Något hände som den här versionen saknar ord för. nr: 1 (XXX-999)"
    assert render(reason("XXX-999"), EN) == "Something happened that this version has no words for. (XXX-999)"


@given(
    st.sampled_from([*MESSAGES, "XXX-999"]),
    st.dictionaries(
        st.sampled_from([*sorted({name for m in MESSAGES.values() for name in parameters_of(m.what)}), "code"]),
        st.text(max_size=20),
    ),
)
def test_rendering_never_fails(code: str, parameters: dict[str, str]) -> None:
    for translator in (SV, EN):
        shown = render(Reason(code, tuple(parameters.items())), translator)
        assert code in shown


# -- numbers, dates and the choice of language -----------------------------------------------------------------


def test_amounts_and_dates() -> None:
    assert SV.money(D("1234.5")) == "1\u00a0234,50\u00a0kr"
    assert SV.money(D("4875.5"), "EUR") == "4\u00a0875,50\u00a0EUR"
    assert EN.money(D("1234.5")) == "SEK\u00a01,234.50"
    assert (SV.number(D("-1234567.891")), EN.number(7, 0)) == ("-1\u00a0234\u00a0567,89", "7")
    assert (SV.date(date(2026, 1, 31)), EN.date(date(2026, 1, 31))) == ("2026-01-31", "2026-01-31")


def test_an_amount_among_texts_is_shown_as_a_person_reads_it() -> None:
    shown = [SV.amount_in(text).replace("\u00a0", " ") for text in ("-1299.97", "10055", "2026-01-31", "", "1.2.3")]
    assert shown == ["-1 299,97", "10055", "2026-01-31", "", "1.2.3"]


def test_texts_without_translation_stay_english() -> None:
    assert SV.gettext("no such text") == "no such text"
    assert [SV.ngettext("{n} x", "{n} xs", n) for n in (0, 1, 2)] == ["{n} xs", "{n} x", "{n} xs"]
    assert EN.gettext("customer") == "customer"
    assert EN.ngettext("one", "many", 1) == "one"


def test_only_two_languages() -> None:
    with pytest.raises(ValueError, match="sv and en"):
        Translator("fi")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "sv"),
        ({"LANG": "C.UTF-8"}, "sv"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "sv_SE.UTF-8"}, "sv"),
        ({"LANG": "fi_FI.UTF-8"}, "sv"),
        ({"BRYGGA_LANG": "en", "LANG": "sv_SE.UTF-8"}, "en"),
        ({"BRYGGA_LANG": "sv", "LANG": "en_US.UTF-8"}, "sv"),
    ],
)
def test_the_language_of_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_from_environment(environment) == language


def test_the_environment_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRYGGA_LANG", "en")
    assert language_from_environment() == "en"
