"""Ledger accounts, VAT flags and the customer's defaults on an invoice, on the simulators (semantics §4.1b, §4.13)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.records.reasons import Level
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import CUSTOMER, PRM
from tests.transfers.practice_world import Row, World, codes, practice_world

GERMANY = {"city": "Berlin", "country": {"guid": "country-de"}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def sold_on(number: str) -> Row:
    return Row(more={"salesAccount": {"number": number, "name": f"Konto {number}"}})


def test_the_article_decides_the_ledger_account_unless_the_setting_says_severa(world: World) -> None:
    world.invoice(10234, sold_on("3305"))
    world.run(Transfer.INVOICES)
    assert world.head(10234)["ROWS"][0]["ACCOUNT_NUMBER"] == "3041"
    world.settings["invoices.account_from_severa"] = True
    world.invoice(10235, sold_on("3305"), Row())
    assert world.result(Transfer.INVOICES, "invoice-10235").state is RowState.TRANSFERRED
    assert [row["ACCOUNT_NUMBER"] for row in world.head(10235)["ROWS"]] == ["3305", "3041"]


def test_an_account_from_severa_that_is_not_in_the_chart_refuses_the_invoice(world: World) -> None:
    world.settings["invoices.account_from_severa"] = True
    world.invoice(10234, sold_on("9999"))
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["FAK-350"], (0, 0))
    assert [result.reasons[0].param(name) for name in ("account", "name")] == ["9999", "Konsulttid"]


@pytest.mark.parametrize(("card", "invoice", "code"), [(True, False, "FAK-352"), (False, True, "FAK-351")])
def test_reverse_charge_that_differs_from_the_customers_card_is_a_warning(
    world: World, card: bool, invoice: bool, code: str
) -> None:
    """§4.1b: the invoice's own flag decides EXPORT on the head."""
    world.customer(3001, "Bau GmbH", GERMANY, vatNumber="DE987654321")
    if card:
        world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=invoice)
    result = world.result(Transfer.INVOICES, "invoice-10234")
    warned = [why.code for why in result.reasons if why.level is Level.WARNING and why.code.startswith("FAK-35")]
    assert (result.state, warned) == (RowState.TRANSFERRED, [code])
    assert world.head(10234)["EXPORT"] is invoice


def test_at_10_a_construction_invoice_under_the_country_rule_has_its_own_flag(world: World) -> None:
    world.settings["customers.reverse_charge_rule"] = "by_country"
    world.customer(3001, "Bygg AB", {"country": {"guid": "country-se"}}, vatNumber="5560160680")
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert (result.state, "FAK-351" in codes(result)) == (RowState.TRANSFERRED, False)
    head = world.head(10234)
    assert (head["EXPORT"], head["BUILDSERVICE"], head["ROWS"][0]["ACCOUNT_NUMBER"]) == (False, True, "3231")


def test_an_eu_customer_under_the_country_rule_shows_administrations_warning_579(world: World) -> None:
    """§4.13: unproven together with export, so the warning is shown and not swallowed."""
    world.settings["customers.reverse_charge_rule"] = "by_country"
    world.customer(3001, "Bau GmbH", GERMANY, vatNumber="DE987654321")
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert result.state is RowState.TRANSFERRED
    assert "579" in [why.param("code") for why in result.reasons if why.code == "ADK-511"]
    card = world.books(CUSTOMER, "NUMBER")["3001"]
    assert (card["EXPORT"], card["EU_CUSTOMER"]) == (True, True)


def test_an_invoice_in_kronor_to_a_customer_with_another_currency_stays_in_kronor(world: World) -> None:
    """The card's currency is a default of Administration's; the document has the invoice's own (§4.6)."""
    world.change_books(CUSTOMER, "1001", CODE_OF_CURRENCY="EUR", CODE_OF_LANGUAGE="EN")
    world.invoice(10234)
    assert world.result(Transfer.INVOICES, "invoice-10234").state is RowState.TRANSFERRED
    head = world.head(10234)
    assert head["CURRENCY_CODE"] in ("", "SEK")
    assert (head["TOTAL_AMOUNT"], head["CURRENCY_RATE"], head["CURRENCY_UNIT"]) == (15625, 1, 1)


def test_a_document_that_got_another_currency_is_told_and_not_written_back(world: World) -> None:
    world.invoice(10234)
    world.host.before = lambda operation: (
        world.change_books(PRM, (), CURRENCY_CODE="EUR") if operation == "add" else None
    )
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert (result.state, codes(result)) == (RowState.TRANSFERRED_WITH_REMARK, ["FAK-353"])
    assert [result.reasons[0].param(name) for name in ("nr", "expected", "held")] == ["10234", "SEK", "EUR"]
    assert world.severa_writes == []


def test_a_customers_own_project_never_stands_on_an_invoice_without_one(world: World) -> None:
    world.change_books(CUSTOMER, "1001", PROJECT="1042")
    world.invoice(10234)
    assert world.result(Transfer.INVOICES, "invoice-10234").state is RowState.TRANSFERRED
    assert world.head(10234)["PROJECT_CODE"] == ""


def test_the_ledger_is_read_with_each_years_chart_and_a_customers_own_account(world: World) -> None:
    world.change_books(CUSTOMER, "1001", DEBT_ACCOUNT="1510")
    ledger = world.company(read_only=True).administration.posting_accounts()
    assert [(chart.start.year, "3041" in chart.accounts, chart.inactive) for chart in ledger.charts] == [
        (2025, True, frozenset({"3001"})),
        (2026, True, frozenset({"3001"})),
    ]
    assert (ledger.claims, ledger.vat, ledger.rounding) == ("1510", ("2611", "2621", "2631", ""), "3740")
    assert (ledger.codes["TJ25"].sales, ledger.codes["TJ25"].buildservice) == ("3041", "3231")
    assert ledger.claims_of == {"1001": "1510"}


@pytest.mark.parametrize(
    ("account", "row", "warning", "number"),
    [
        ("3050", {}, "FAK-360", "465"),
        ("3060", {}, "FAK-361", "466"),
        ("3070", {"project": "project-1042"}, "FAK-362", "192"),
        ("3070", {"more": {"costCenter": {"number": "STHLM"}}}, "FAK-363", "22"),
    ],
)
def test_an_account_that_forbids_or_demands_a_dimension_is_told_before_and_by_number_and_sends_nothing(
    world: World, account: str, row: dict[str, Any], warning: str, number: str
) -> None:
    """§4.4: what the letters of the chart mean is known from one client only (adk.md §2.4), so the preview warns and
    the library decides: it refuses the whole invoice with the very number, and the message says which it is."""
    world.settings["invoices.account_from_severa"] = True
    world.project(1042)
    more = {"salesAccount": {"number": account, "name": account}} | row.get("more", {})
    own: dict[str, Any] = {"projects": [{"guid": "project-1042"}]} if "project" in row else {}
    world.invoice(10234, Row(more=more, project=row.get("project", "")), **own)
    world.invoice(10235)
    world.settings["invoices.forbidding_letters"] = ("S",)
    plan = world.preview(Transfer.INVOICES)["invoice-10234"]
    [told] = [why for why in plan.reasons if why.code.startswith("FAK-36")]
    assert (told.code, told.level, told.param("account")) == (warning, Level.WARNING, account)
    assert plan.action is Action.CREATE
    results = {result.plan.source_number: result for result in world.run(Transfer.INVOICES).results}
    refused = results["10234"]
    assert (refused.state, [why.param("code") for why in refused.reasons if why.level is Level.STOP]) == (
        RowState.FAILED,
        [number],
    )
    assert (results["10235"].state, world.numbers()) == (RowState.TRANSFERRED, [10235])
