"""What an invoice needs first: its customer, projects and articles (auto-fix, semantics §4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer, needed_first
from tests.contract.adk_company import ARTICLE, CUSTOMER, PROJECT
from tests.transfers.invoices_world import OTHER, carried, planned
from tests.transfers.practice_world import Row, World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def new_everything(world: World) -> None:
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.project(3042, "Nytt projekt", customer="customer-3001")
    world.article("300", "Rådgivning")


def test_at_58_rel_1_6_0_14_rel_1_6_0_15_rel_1_6_0_16_customer_project_and_article_are_created_first(
    world: World,
) -> None:
    new_everything(world)
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    plan = planned(world)
    assert [need.kind.value for need in needed_first([plan])] == ["customer", "project", "article"]
    assert world.writes == (0, 0)
    result = carried(world)
    assert result.state is RowState.TRANSFERRED
    assert {"KND-110", "PRJ-210", "ART-706"} <= set(codes(result))
    assert world.books(CUSTOMER, "NUMBER")["3001"]["NAME"] == "Ny Kund AB"
    assert world.books(PROJECT, "CODE_OF_PROJECT")["3042"]["CUSTOMER_NUMBER"] == "3001"
    assert world.books(ARTICLE, "NUMBER")["300"]["ACCOUNTING_CODE"] == "TJ25"
    head = world.head(10234)
    assert (head["CUSTOMER_NUMBER"], head["PROJECT_CODE"], head["ROWS"][0]["ARTICLE_NUMBER"]) == ("3001", "3042", "300")
    assert world.host.writes == 4


def test_the_events_of_auto_fix_come_in_their_order(world: World) -> None:
    """Order: customer → project → article → document (§4.7)."""
    new_everything(world)
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    events = [code for code in codes(carried(world)) if code in ("KND-110", "PRJ-210", "ART-706")]
    assert events == ["KND-110", "PRJ-210", "ART-706"]


def test_a_fix_that_succeeded_stays_when_the_document_fails(world: World) -> None:
    new_everything(world)
    world.invoice(10234, customer={"guid": "customer-3001"})
    world.host.before = lambda operation: (
        user.set_journal_in_progress(world.place.company, True) if world.host.writes == 1 else None
    )
    result = carried(world)
    assert result.state is RowState.FAILED
    assert "3001" in world.books(CUSTOMER, "NUMBER")
    world.host.before = lambda operation: None
    user.set_journal_in_progress(world.place.company, False)
    assert carried(world).state is RowState.TRANSFERRED
    assert world.numbers() == [10234]


@pytest.mark.parametrize(
    ("setting", "code"), [("customers", "KND-117"), ("projects", "PRJ-208"), ("articles", "ART-707")]
)
def test_without_auto_fix_what_is_missing_refuses_the_invoice(world: World, setting: str, code: str) -> None:
    new_everything(world)
    world.settings[f"autofix.{setting}"] = False
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    result = carried(world)
    assert result.state is RowState.FAILED
    assert code in codes(result)
    assert world.writes == (0, 0)


def test_a_missing_project_is_created_though_it_is_not_won(world: World) -> None:
    """§4.7: the invoice proves it."""
    world.project(77, salesStatus={"salesStatusTypeGuid": "sales-open"})
    world.invoice(10234, projects=[{"guid": "project-77"}])
    assert carried(world).state is RowState.TRANSFERRED
    assert world.head(10234)["PROJECT_CODE"] == "77"


def test_at_59_without_projects_on_invoices_a_missing_project_does_not_matter(world: World) -> None:
    world.settings |= {"projects.enabled": False, "invoices.project_on": "off"}
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    assert carried(world).state is RowState.TRANSFERRED
    assert (world.head(10234)["PROJECT_CODE"], world.head(10234)["ROWS"][0]["PROJECT"]) == ("", "")
    assert "77" not in world.books(PROJECT, "CODE_OF_PROJECT")


def test_at_60_rel_1_5_0_08_projects_on_invoices_without_project_transfer_is_a_row_error(world: World) -> None:
    world.settings["projects.enabled"] = False
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    result = carried(world)
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["PRJ-208"], (0, 0))


def test_a_missing_project_that_is_refused_refuses_the_invoice(world: World) -> None:
    world.project(1000001)
    world.invoice(10234, projects=[{"guid": "project-1000001"}])
    assert codes(planned(world)) == ["PRJ-201"]


def test_a_project_that_severa_no_longer_has_refuses_the_invoice(world: World) -> None:
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    world.severa.delete("projects", "project-77")
    assert codes(planned(world)) == ["PRJ-211"]


def test_at_61_a_row_without_code_is_refused_or_gets_the_default_article(world: World) -> None:
    world.invoice(10234, Row(codes=()), Row(text="", codes=("1", "2"), more={"rowType": "ProjectFees"}))
    result = carried(world)
    assert [(why.code, why.param("name")) for why in result.reasons] == [
        ("FAK-308", "Konsulttid"),
        ("FAK-308", "ProjectFees"),
    ]
    world.settings["articles.default_article"] = "100"
    assert carried(world).state is RowState.TRANSFERRED
    assert [row["ARTICLE_NUMBER"] for row in world.head(10234)["ROWS"]] == ["100", "100"]


def test_an_article_that_severa_does_not_have_either_is_refused(world: World) -> None:
    world.invoice(10234, Row(codes=("999",)))
    assert [(why.code, why.param("nr")) for why in planned(world).reasons] == [("ART-707", "999")]


def test_an_article_that_cannot_be_created_refuses_the_invoice(world: World) -> None:
    world.article("ABC-12345678901234", "Lång kod")
    world.invoice(10234, Row(codes=("ABC-12345678901234",)))
    assert codes(planned(world)) == ["ART-701"]


def test_at_62_two_invoices_that_need_one_new_customer_create_it_once(world: World) -> None:
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    for number in (10234, 10235):
        world.invoice(number, customer={"guid": "customer-3001"})
    plans = world.preview(Transfer.INVOICES)
    assert [need.source_key for need in needed_first(plans.values())] == ["customer-3001"]
    results = world.run(Transfer.INVOICES).results
    assert [one.state for one in results] == [RowState.TRANSFERRED] * 2
    assert [codes(one) for one in results] == [["KND-110"], []]
    assert world.host.writes == 3


def test_the_filter_of_won_customers_does_not_hold_an_invoice(world: World) -> None:
    """§4.1c: auto-create from an invoice bypasses it."""
    world.settings["customers.won_only"] = True
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.invoice(10234, customer={"guid": "customer-3001"})
    assert carried(world).state is RowState.TRANSFERRED


def test_an_invoice_to_a_customer_that_is_inactive_in_administration_is_refused(world: World) -> None:
    world.change_books(CUSTOMER, "1001", INACTIVE=True)
    world.invoice(10234)
    result = carried(world)
    assert (result.state, "KND-107" in codes(result), world.writes) == (RowState.FAILED, True, (0, 0))


def test_a_customer_with_another_identity_stops_its_invoices(world: World) -> None:
    world.severa.edit("customers", "customer-1001", {"vatNumber": OTHER})
    world.invoice(10234)
    assert codes(planned(world)) == ["KND-106"]


def test_an_invoice_without_customer_is_refused(world: World) -> None:
    world.invoice(10234, customer=None)
    assert "KND-116" in codes(planned(world))


def test_at_09_reverse_charge_without_vat_number_blocks_the_invoice(world: World) -> None:
    world.customer(3001, "Haus GmbH", {"city": "Berlin", "country": {"guid": "country-de"}})
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    result = carried(world)
    assert (result.state, "KND-108" in codes(result), world.writes) == (RowState.FAILED, True, (0, 0))


def test_outside_the_union_no_vat_number_is_needed(world: World) -> None:
    world.customer(3001, "House Inc", {"city": "Boston", "country": {"guid": "country-us"}})
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    assert carried(world).state is RowState.TRANSFERRED
    head = world.head(10234)
    assert (head["EXPORT"], head["VAT_AMOUNT"], head["ROWS"][0]["VAT_CODE"]) == (True, 0, "0")
