"""The practice company made from a SIE file, and the practice installation built in a folder."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from brygga.practice.administration_accounts import Purpose, choose_account
from brygga.practice.administration_base import NOTICE_TEXTS, AdministrationBase, table_named
from brygga.practice.administration_seed import administration_from_sie, built_in_administration
from brygga.practice.administration_tables import tables_of
from brygga.practice.build import PracticeBuildError, build
from brygga.practice.dataset import PracticeCompany, PracticeParameters, generate
from brygga.practice.severa_server.state import SeveraState
from brygga.practice.sie import SieError, read_sie
from tests.shared import shared_file

SIE_FILES = ("visma-administration-2000.se", "avendo-5.se")


@cache
def administration(source: str = "") -> AdministrationBase:
    if not source:
        return built_in_administration()
    return administration_from_sie(read_sie(shared_file("data", "sie", source)))


@cache
def company(source: str = "", *, defects: bool = False, master: str = "severa") -> PracticeCompany:
    parameters = PracticeParameters(with_defects=defects, numbering_master=master)
    return generate(parameters, administration(source))


# -- from SIE --------------------------------------------------------------------------------------------------------


def test_a_company_from_visma_administrations_own_practice_file() -> None:
    base = administration("visma-administration-2000.se")
    assert (base.name, base.organisation_number) == ("?vningsbolaget AB", "555555-5555")
    assert base.month == date(2021, 12, 1)
    assert [(year.start, year.end) for year in base.years] == [
        (date(2020, 1, 1), date(2020, 12, 31)),
        (date(2021, 1, 1), date(2021, 12, 31)),
    ]
    assert [each.code for each in base.profit_centres] == ["Nord", "Syd"]
    assert len(base.projects) == 35
    assert len(base.chart) == 530
    assert base.accounts[Purpose.SALES_25] == "3041"
    assert base.accounts[Purpose.SALES_EXPORT] == "3045"
    codes = Counter(each.code for each in base.notices)
    assert codes["damaged"] == codes["encoding"] == codes["month"] == 1
    assert codes["sub_dimension"] == 2


def test_severa_uses_the_profit_centres_and_projects_of_the_file() -> None:
    made = company("visma-administration-2000.se")
    assert {each["identifier"] for each in made.severa["costcenters"]} == {"Nord", "Syd"}
    code_map = made.settings["projects.code_map"]
    assert isinstance(code_map, dict)
    assert list(code_map.values())[:2] == ["0001", "0002"]
    assert "0001" in {record.fields["CODE_OF_PROJECT"] for record in made.oracle.projects}
    # What Administration has already is not created by the invoices.
    needed = {record.fields["CODE_OF_PROJECT"] for record in made.oracle.needed_for_month.projects}
    assert needed.isdisjoint(code_map.values())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_notice_is_a_sentence(language: str) -> None:
    for source in SIE_FILES:
        for each in administration(source).notices:
            assert re.fullmatch(r"[A-ZÅÄÖ].*[.?]", each.text(language)), each
            assert "{" not in each.text(language)
    assert all(len(pair) == 2 for pair in NOTICE_TEXTS.values())


def test_a_sie_file_without_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "liten.se"
    path.write_text(
        "#FLAGGA 0\n#PROGRAM P 1\n#FORMAT PC8\n#GEN 20260101\n#SIETYP 4\n#FNAMN Liten\n#RAR 0 20260701 20261231\n"
        "#KONTO 3015 Annat\n#OBJEKT 6 1234567 LångKod\n",
        encoding="ascii",
        errors="ignore",
    )
    base = administration_from_sie(read_sie(path))
    codes = Counter(each.code for each in base.notices)
    assert base.month == date(2026, 12, 1)
    assert base.accounts[Purpose.SALES_25] == "3015"
    assert base.accounts[Purpose.RECEIVABLES] == "1510"
    assert base.projects == ()
    assert {"month_assumed", "account_added", "account_chosen", "left_out", "profit_centres_added"} <= set(codes)
    july = replace(base, month=date(2026, 7, 1), locked_through=date(2026, 6, 30))
    assert tables_of(july)[table_named("CODE_OF_BOOKINGYEAR").id]


def test_the_year_before_is_added_when_the_month_before_would_be_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "januari.se"
    path.write_text(
        "#FLAGGA 0\n#PROGRAM P 1\n#FORMAT PC8\n#GEN 20260101\n#SIETYP 4\n#FNAMN Ny\n#RAR 0 20260101 20261231\n"
        "#VER A 1 20260115 Start\n{\n#TRANS 1930 {} 1.00\n#TRANS 2081 {} -1.00\n}\n",
        encoding="ascii",
    )
    base = administration_from_sie(read_sie(path))
    assert base.month == date(2026, 1, 1)
    assert (base.years[0].start, base.years[0].end) == (date(2025, 1, 1), date(2025, 12, 31))
    assert "year_added" in {each.code for each in base.notices}


def test_account_choice_is_first_then_second_then_range_then_added() -> None:
    chosen = [
        choose_account(Purpose.RECEIVABLES, dict.fromkeys(chart, "")).how for chart in (["1510"], ["1515", "1512"], [])
    ]
    assert chosen == ["first", "range", "added"]
    assert choose_account(Purpose.RECEIVABLES, {"1515": "", "1512": ""}).number == "1512"
    assert choose_account(Purpose.SALES_0, {"3054": "", "3044": ""}).how == "second"


# -- building ---------------------------------------------------------------------------------------------------------


def test_building_twice_keeps_what_is_there(tmp_path: Path) -> None:
    first = build(tmp_path / "prov")
    state = SeveraState.open(first.severa_data_path)
    guid = state.documents("invoices")[0]["guid"]
    state.edit("invoices", guid, {"notes": "ändrad"})
    state.close()
    second = build(tmp_path / "prov", parameters=PracticeParameters())
    assert second == first
    state = SeveraState.open(second.severa_data_path)
    held = state.document("invoices", guid)
    state.close()
    assert held is not None
    assert held["notes"] == "ändrad"


def test_other_parameters_are_refused_unless_started_afresh(tmp_path: Path) -> None:
    build(tmp_path)
    other = PracticeParameters(seed=2)
    with pytest.raises(PracticeBuildError, match="another parameters and content"):
        build(tmp_path, parameters=other)
    assert build(tmp_path, parameters=other, fresh=True).company().severa == generate(
        other, built_in_administration()
    ).severa  # fmt: skip


def test_an_interrupted_build_is_started_over(tmp_path: Path) -> None:
    made = build(tmp_path)
    manifest = tmp_path / "ovningsforetag.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("true", "false"), encoding="utf-8")
    made.severa_data_path.write_bytes(b"half a file")
    SeveraState.open(build(tmp_path).severa_data_path).close()


def test_the_special_company_is_built_and_found_again(tmp_path: Path) -> None:
    parameters = PracticeParameters(ordinary_only=False)
    made = build(tmp_path, parameters=parameters)
    assert build(tmp_path, parameters=parameters) == made
    again = made.company()
    assert again.expected_reasons
    assert again.oracle.invoices == generate(parameters, built_in_administration()).oracle.invoices
    with pytest.raises(PracticeBuildError, match="another"):
        build(tmp_path)


def test_a_folder_from_before_there_were_specials_is_found_again(tmp_path: Path) -> None:
    build(tmp_path)
    assert "ordinary_only" not in (tmp_path / "ovningsforetag.json").read_text(encoding="utf-8")


def test_the_medium_company_has_its_profit_centres(tmp_path: Path) -> None:
    made = build(tmp_path, parameters=PracticeParameters(size="medium", ordinary_only=False)).company()
    codes = {each["identifier"] for each in made.severa["costcenters"]}
    assert len(codes) == len(made.severa["businessunits"]) == 14
    centres = {str(row["PROFIT_CENTRE"]) for each in made.oracle.invoices for row in each.rows
               if row.get("PROFIT_CENTRE")}  # fmt: skip
    assert centres == codes


@pytest.mark.parametrize("count", [0, 15])
def test_the_built_in_company_has_no_more_profit_centres_than_it_knows(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 14"):
        built_in_administration(profit_centres=count)


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "foretag").mkdir()
    (tmp_path / "foretag" / "bokslut.txt").write_text("viktigt", encoding="utf-8")
    with pytest.raises(PracticeBuildError, match="choose another folder"):
        build(tmp_path, fresh=True)
    assert (tmp_path / "foretag" / "bokslut.txt").exists()


def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "ovningsforetag.json").write_text("{", encoding="utf-8")
    with pytest.raises(PracticeBuildError, match="cannot be read"):
        build(tmp_path)


def test_the_oracle_of_a_build_needs_nothing_but_its_folder(tmp_path: Path) -> None:
    source = tmp_path / "min.se"
    source.write_bytes(shared_file("data", "sie", "avendo-5.se").read_bytes())
    parameters = PracticeParameters(month=date(2011, 2, 14), with_defects=True).with_figures(staff=4)
    made = build(tmp_path / "prov", sie=source, parameters=parameters)
    source.unlink()
    again = made.company()
    assert (made.company_name, made.month) == ("Övningsbolaget AB (Ekonomi 60)", date(2011, 2, 1))
    assert (again.name, again.month, again.settings) == (made.company_name, made.month, made.settings)
    assert len(again.severa["users"]) == 4
    manifest = (tmp_path / "prov" / "ovningsforetag.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in manifest


def test_a_broken_sie_file_leaves_the_folder_untouched(tmp_path: Path) -> None:
    with pytest.raises(SieError):
        build(tmp_path / "prov", sie=tmp_path / "saknas.se")
    assert not (tmp_path / "prov").exists()


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_invoices_without_a_number_take_the_entries_behind_them_along(tmp_path: Path, seed: int) -> None:
    """Under Administration master the last invoices have no number; with these seeds they span several projects."""
    built = build(tmp_path, parameters=PracticeParameters(seed=seed, numbering_master="administration"))
    assert built.settings["numbering.master"] == "administration"
