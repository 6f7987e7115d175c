"""Projects, Severa → Administration, on the simulators (semantics §4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.records.target import Kind
from brygga.store.journal.journal import Snapshot
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Change, Transfer
from tests.contract.adk_company import CUSTOMER, PROJECT
from tests.transfers.practice_world import World, codes, day, practice_world

OTHER = "556016-0680"
"""A valid organisation number that no customer of Administration has."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def card(world: World, code: str) -> dict[str, Any]:
    return world.books(PROJECT, "CODE_OF_PROJECT")[code]


def test_a_new_project_arrives_with_name_dates_and_customer(world: World) -> None:
    world.project(11, "Drift – “nytt” 😀", startDate="2026-02-01", deadline="2026-06-30")
    result = world.result(Transfer.PROJECTS, "project-11")
    assert (result.state, result.target_key, codes(result)) == (RowState.TRANSFERRED, "11", ["FAK-319"])
    there = card(world, "11")
    assert there["NAME"] == "Drift – “nytt” ?"
    assert (there["DATE_OF_BEGINNING"], there["DATE_OF_END"]) == (day("2026-02-01"), day("2026-06-30"))
    assert (there["CUSTOMER_NUMBER"], there["CUSTOMER_NAME"]) == ("1001", "Åkeri & Söner AB")


def test_at_01_rel_1_6_0_07_an_update_finds_the_project_by_its_exact_code(world: World) -> None:
    names = {10: "Drift", 100: "Drift", 1001: "Drift 2"}
    for number, name in names.items():
        world.project(number, name, startDate="2026-01-01")
    world.run(Transfer.PROJECTS)
    before = world.books(PROJECT, "CODE_OF_PROJECT")
    world.severa.edit("projects", "project-10", {"name": "Drift 2026"})
    plans = world.preview(Transfer.PROJECTS)
    assert {key for key, plan in plans.items() if plan.writes} == {"project-10"}
    assert plans["project-10"].changes == (Change(field="name", before="Drift", after="Drift 2026"),)
    world.run(Transfer.PROJECTS)
    after = world.books(PROJECT, "CODE_OF_PROJECT")
    assert [code for code in after if after[code] != before[code]] == ["10"]
    assert after["10"]["NAME"] == "Drift 2026"


def test_a_project_that_administration_has_is_coupled_by_its_code(world: World) -> None:
    world.project(1042, "Införande", startDate="2026-01-01")
    plan = world.preview(Transfer.PROJECTS)["project-1042"]
    assert (plan.action, plan.target_key) == (Action.UPDATE, "1042")
    assert {change.field for change in plan.changes} == {"customer_number", "customer_name", "end"}
    world.run(Transfer.PROJECTS)
    assert len(world.books(PROJECT, "CODE_OF_PROJECT")) == 3
    assert world.preview(Transfer.PROJECTS)["project-1042"].action is Action.NOTHING


def test_an_unchanged_project_that_is_there_is_coupled_without_a_write(world: World) -> None:
    same = {"CUSTOMER_NUMBER": "1001", "CUSTOMER_NAME": "Åkeri & Söner AB", "DATE_OF_END": day("2099-12-31")}
    world.change_books(PROJECT, "1042", **same)
    world.project(1042, "Införande", startDate="2026-01-01")
    result = world.result(Transfer.PROJECTS, "project-1042")
    assert (result.state, result.plan.action, world.writes) == (RowState.TRANSFERRED, Action.LINK, (0, 0))


def test_a_leading_zero_is_another_code(world: World) -> None:
    """§4.0: no numeric coercion, "010" is not "10"."""
    world.change_books(PROJECT, "1043", CODE_OF_PROJECT="010")
    world.project(10, "Drift")
    assert world.preview(Transfer.PROJECTS)["project-10"].action is Action.CREATE


def test_rel_1_6_0_05_only_won_projects_are_transferred(world: World) -> None:
    world.project(11, salesStatus={"salesStatusTypeGuid": "sales-open"})
    world.project(12, salesStatus={"salesStatusTypeGuid": "sales-lost"})
    world.project(13)
    results = world.run(Transfer.PROJECTS).results
    assert [(one.state, codes(one)) for one in results] == [
        (RowState.SKIPPED, ["PRJ-207"]),
        (RowState.SKIPPED, ["PRJ-207"]),
        (RowState.TRANSFERRED, ["PRJ-203"]),
    ]
    world.settings["projects.won_only"] = False
    world.run(Transfer.PROJECTS)
    assert {"11", "12", "13"} <= set(world.books(PROJECT, "CODE_OF_PROJECT"))


def test_at_16_at_17_rel_1_6_0_06_without_deadline_the_project_ends_2099(world: World) -> None:
    world.project(11, startDate="2026-01-01")
    assert codes(world.result(Transfer.PROJECTS, "project-11")) == ["PRJ-203"]
    assert card(world, "11")["DATE_OF_END"] == day("2099-12-31")
    for deadline, end in (("2026-06-30", "2026-06-30"), (None, "2099-12-31")):
        world.severa.edit("projects", "project-11", {"deadline": deadline})
        world.run(Transfer.PROJECTS)
        assert card(world, "11")["DATE_OF_END"] == day(end)
    assert world.severa_writes == []


def test_at_18_a_deadline_before_the_start_is_refused(world: World) -> None:
    world.project(11, startDate="2026-05-01", deadline="2026-04-01")
    result = world.result(Transfer.PROJECTS, "project-11")
    assert (result.state, codes(result)) == (RowState.FAILED, ["PRJ-206"])
    assert world.writes == (0, 0)


def test_without_start_the_day_of_creation_counts(world: World) -> None:
    world.project(11, createdDateTime="2026-03-04T08:00:00Z")
    world.run(Transfer.PROJECTS)
    assert card(world, "11")["DATE_OF_BEGINNING"] == day("2026-03-04")


def test_at_19_rel_1_6_0_14_a_missing_customer_is_created_first(world: World) -> None:
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    for number in (11, 12):
        world.project(number, customer="customer-3001")
    plans = world.preview(Transfer.PROJECTS)
    assert [need.source_key for need in plans["project-11"].needs] == ["customer-3001"]
    results = world.run(Transfer.PROJECTS).results
    assert [one.state for one in results] == [RowState.TRANSFERRED] * 2
    assert "KND-110" in codes(results[0])
    assert world.books(CUSTOMER, "NUMBER")["3001"]["NAME"] == "Ny Kund AB"
    assert card(world, "12")["CUSTOMER_NUMBER"] == "3001"
    assert world.writes == (0, 3)


def test_at_19_without_auto_fix_a_missing_customer_refuses_the_project(world: World) -> None:
    world.settings["autofix.customers"] = False
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.project(11, customer="customer-3001")
    result = world.result(Transfer.PROJECTS, "project-11")
    assert (result.state, codes(result)) == (RowState.FAILED, ["KND-117", "PRJ-203"])
    assert world.writes == (0, 0)


def test_a_missing_customer_that_is_refused_refuses_its_project(world: World) -> None:
    world.customer(3001, "Fel AB", vatNumber="556900-4567")
    world.project(11, customer="customer-3001")
    result = world.result(Transfer.PROJECTS, "project-11")
    assert (result.state, codes(result)) == (RowState.FAILED, ["KND-101", "PRJ-203"])


def test_a_project_whose_customer_severa_does_not_list_is_refused(world: World) -> None:
    world.project(11)
    world.severa.edit("projects", "project-11", {"customer": None})
    assert codes(world.preview(Transfer.PROJECTS)["project-11"]) == ["KND-116", "PRJ-203"]


def test_a_number_of_seven_digits_is_refused_and_goes_with_a_mapping(world: World) -> None:
    """§4.2: never truncated, 100000 would collide."""
    world.project(1000001, "Stort")
    result = world.result(Transfer.PROJECTS, "project-1000001")
    assert (result.state, codes(result)[0]) == (RowState.FAILED, "PRJ-201")
    assert (result.reasons[0].param("nr"), result.reasons[0].param("max")) == ("1000001", "6")
    world.settings["projects.code_map"] = {"1000001": "P1"}
    world.run(Transfer.PROJECTS)
    assert card(world, "P1")["NAME"] == "Stort"


def test_a_project_without_number_is_refused(world: World) -> None:
    world.project(None, "Utan nummer", guid="project-none")
    assert "PRJ-212" in codes(world.preview(Transfer.PROJECTS)["project-none"])


def test_a_long_name_is_cut_at_a_word_with_a_warning(world: World) -> None:
    world.project(11, "Införande av affärssystem hos Åkeri och Söner i Malmö med omnejd")
    result = world.result(Transfer.PROJECTS, "project-11")
    assert codes(result) == ["PRJ-203", "PRJ-209"]
    assert card(world, "11")["NAME"] == "Införande av affärssystem hos Åkeri och Söner i"


def test_a_closed_project_is_not_changed(world: World) -> None:
    world.project(900, "Nytt namn")
    result = world.result(Transfer.PROJECTS, "project-900")
    assert (result.state, "PRJ-204" in codes(result)) == (RowState.FAILED, True)
    assert card(world, "900")["NAME"] == "Gammalt"
    assert world.writes == (0, 0)


def test_projects_are_chosen_by_key_number_or_name(world: World) -> None:
    for number in (10, 9, 100):
        world.project(number)
    assert list(world.preview(Transfer.PROJECTS)) == ["project-9", "project-10", "project-100"]
    assert list(world.preview(Transfer.PROJECTS, texts=("projekt 9", "100"))) == ["project-9", "project-100"]
    assert list(world.preview(Transfer.PROJECTS, keys=frozenset({"project-10"}))) == ["project-10"]


def test_a_code_that_is_linked_to_another_project_is_not_taken_from_it(world: World) -> None:
    world.project(7, "Den kopplade")
    world.company().journal.couple(Kind.PROJECT, "project-7", "1042", Snapshot("1042", "Den kopplade"))
    world.project(1042, "En annan")
    plans = world.preview(Transfer.PROJECTS)
    assert (plans["project-1042"].action, codes(plans["project-1042"])) == (Action.REFUSE, ["REG-863", "PRJ-203"])
    world.settings["projects.code_map"] = {"1042": "1042"}
    assert world.preview(Transfer.PROJECTS)["project-1042"].target_key == "1042"
    world.settings["projects.code_map"] = {}
    world.severa.delete("projects", "project-7")
    assert world.preview(Transfer.PROJECTS)["project-1042"].target_key == "1042"
