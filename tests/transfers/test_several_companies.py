"""Two Administration companies on one Severa: each has its own invoices, series, links and reasons (REL-1.5.0-07)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brygga.insight.numbering import numbering
from brygga.insight.reconciliation import reconcile_company
from brygga.records.target import Kind
from brygga.runs.run import Report, carry_out, preview
from brygga.store.journal.journal import Journal
from brygga.store.states import RowState
from brygga.transfers.company import Company, Neighbour
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.preferences import preferences
from brygga.transfers.selection import Selection
from tests.contract.adk_company import Place, build_place
from tests.contract.administration_practice import gateway_to
from tests.transfers.practice_places import InProcessHost
from tests.transfers.practice_world import SETTINGS_HASH, VERSION, World, codes, practice_world

ALFA, BETA = "alfa", "beta"
UNITS: dict[str, tuple[str, ...]] = {ALFA: ("Sverige",), BETA: ("Öst",)}
START, END = date(2026, 1, 1), date(2026, 12, 31)


class Two:
    """Both companies on the practice Severa of a world, each with a company folder and a host of its own."""

    def __init__(self, world: World, place: Place, host: InProcessHost) -> None:
        self.world = world
        self.units = dict(UNITS)
        self._beta = (place, host)
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        world.project(1042, businessUnit={"guid": "unit-1"})
        world.project(1043, businessUnit={"guid": "unit-2"})

    def company(self, name: str) -> Company:
        base = self.world.company()
        other = BETA if name == ALFA else ALFA
        settings: dict[str, Any] = self.world.settings | {"severa.business_units": self.units[name]}
        gateway = base.administration if name == ALFA else gateway_to(*self._beta)
        return replace(
            base,
            name=name,
            administration=gateway,
            journal=Journal(self.world.store, "organization", name),
            preferences=preferences(settings.__getitem__),
            neighbours=(Neighbour(other, self.units[other]),),
        )

    def plans(self, name: str, **choice: Any) -> dict[str, Plan]:
        found = preview(self.company(name), Transfer.INVOICES, Selection(**choice))
        return {plan.source_key: plan for plan in found}

    def run(self, name: str, transfer: Transfer = Transfer.INVOICES) -> Report:
        folder = self.world.folder / "locks"
        chosen = Selection()
        return carry_out(
            self.company(name), transfer, chosen, lock_folder=folder, version=VERSION, settings=SETTINGS_HASH
        )

    def invoice(self, number: int, unit: str = "", *projects: int) -> str:
        of = [{"guid": f"project-{project}"} for project in projects]
        return self.world.invoice(number, invoiceNumberBusinessUnitGuid=unit or None, projects=of)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with practice_world(tmp_path) as world:
        (tmp_path / "beta").mkdir()
        host = InProcessHost()
        yield Two(world, build_place(tmp_path / "beta"), host)
        host.close()


def test_rel_1_5_0_07_each_company_lists_and_sends_its_own_invoices_only(two: Two) -> None:
    mine, others = two.invoice(10234, "unit-1"), two.invoice(70001, "unit-2")
    assert list(two.plans(ALFA)) == [mine]
    assert list(two.plans(BETA)) == [others]
    for name in (ALFA, BETA):
        assert [result.state for result in two.run(name).results] == [RowState.TRANSFERRED]
    assert two.world.numbers() == [10234]
    assert two.company(BETA).administration.last_invoice_number() == 70001


def test_an_invoice_without_a_unit_of_its_own_belongs_where_its_projects_do(two: Two) -> None:
    mine, others = two.invoice(10234, "", 1042), two.invoice(10235, "", 1043)
    assert list(two.plans(ALFA)) == [mine]
    assert list(two.plans(BETA)) == [others]


def test_an_invoice_that_belongs_to_none_or_to_two_is_an_error_in_both(two: Two) -> None:
    nobodys, both = two.invoice(10234), two.invoice(10235, "", 1042, 1043)
    for name in (ALFA, BETA):
        plans = two.plans(name)
        assert {key: (plan.action, codes(plan)) for key, plan in plans.items()} == {
            nobodys: (Action.REFUSE, ["FTG-803"]),
            both: (Action.REFUSE, ["FTG-804"]),
        }
        assert plans[both].reasons[0].param("units") == "Sverige, Öst"
        assert two.run(name).written == 0


def test_another_companys_invoice_says_whose_it_is_when_it_is_asked_for(two: Two) -> None:
    others = two.invoice(70001, "unit-2")
    (plan,) = two.plans(ALFA, keys=frozenset({others})).values()
    assert (plan.action, codes(plan), plan.reasons[0].param("units")) == (Action.SKIP, ["FTG-801"], "Öst")


def test_a_unit_that_no_company_names_is_nobodys(two: Two) -> None:
    two.units[BETA] = ("Norge",)
    key = two.invoice(10234, "unit-2")
    assert codes(two.plans(ALFA)[key]) == ["FTG-802"]


def test_two_companies_that_name_no_units_send_nothing_and_say_why(two: Two) -> None:
    two.units = {ALFA: (), BETA: ()}
    key = two.invoice(10234, "unit-1")
    for name in (ALFA, BETA):
        plan = two.plans(name)[key]
        assert (plan.action, codes(plan)) == (Action.REFUSE, ["FTG-805"])
        assert plan.reasons[0].param("companies") == ", ".join((name, *({ALFA, BETA} - {name})))


def test_a_company_that_names_no_units_has_what_the_other_does_not_name(two: Two) -> None:
    two.units = {ALFA: (), BETA: ("Öst",)}
    mine, others, unnamed = two.invoice(10234, "unit-1"), two.invoice(70001, "unit-2"), two.invoice(10235)
    assert set(two.plans(ALFA)) == {mine, unnamed}
    assert set(two.plans(BETA)) == {others}


def test_series_links_and_reconciliation_are_each_companys_own(two: Two) -> None:
    two.invoice(10234, "unit-1")
    two.invoice(70001, "unit-2")
    for name in (ALFA, BETA):
        two.run(name)
    for name, number in ((ALFA, 10234), (BETA, 70001)):
        company = two.company(name)
        assert [link.target_key for link in company.journal.links(Kind.INVOICE).values()] == [str(number)]
        assert reconcile_company(company, START, END).agrees
        legal = numbering(company).series[0]
        assert (legal.first, legal.last, legal.entries) == (number, number, ())


def test_projects_of_another_company_are_not_listed(two: Two) -> None:
    assert [plan.source_number for plan in preview(two.company(ALFA), Transfer.PROJECTS, Selection())] == ["1042"]
    assert [plan.source_number for plan in preview(two.company(BETA), Transfer.PROJECTS, Selection())] == ["1043"]


def test_a_company_alone_on_its_severa_asks_nothing_about_units(two: Two) -> None:
    two.world.invoice(10234)
    before = len(two.world.severa.requests)
    two.world.preview(Transfer.INVOICES)
    assert not any("businessunits" in asked.path for asked in list(two.world.severa.requests)[before:])
