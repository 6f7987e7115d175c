"""Invoices through the gateway against the practice Severa server: every field, the rows' projects, counted calls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import ServerConfig, SeveraSeed
from brygga.records.source import Invoice, InvoiceRow
from brygga.severa.gateway import InvoiceQuery
from tests.contract.severa_connected import connected
from tests.contract.severa_invoices import AUDIT, BEGUN, EVERY, LATER, environment, invoice, money, two_rows
from tests.contract.severa_seed import invoice as seed_invoice
from tests.contract.severa_seed import row


def test_an_invoice_is_read_with_every_field(tmp_path: Path) -> None:
    """§4.0: what Severa holds of an invoice and of its rows, amounts to the digit."""
    full = invoice(
        9000001,
        referenceNumber="90000014",
        orderNumber="PO-1",
        ourReference="Eva Ek",
        yourReference="Åsa Öberg",
        notes="internt",
        freeText1={"value": "<b>Före</b>", "text": "Före", "plainText": "Före\nraden"},
        freeText2={"text": "Efter"},
        currency={"guid": "currency-eur"},
        currencyRate=11.4275,
        totalExcludingTax=money(1999.985, "EUR"),
        totalTax=money(0, "EUR"),
        totalIncludingTax=money(1999.985, "EUR"),
        invoiceNumberBusinessUnitGuid="unit-1",
        paymentTerm=20,
        lastUpdatedDateTime="2026-02-01T10:00:00+01:00",
    )
    rows = [
        row(
            9000001,
            2,
            rowType="ProjectFees",
            description="Licens",
            quantity=3,
            unitPrice=money(333.33, "EUR"),
            measurementUnit="st",
            vatRate=None,
            code=[" LIC ", "", "X2"],
            costCenter={"number": "STHLM", "name": "Stockholm"},
            salesAccount={"number": "3041", "name": "Tjänster"},
        ),
        row(9000001, 1, description="Tid", quantity=0.5, unitPrice=money(1999.99, "EUR"), vatRate=0),
    ]
    with connected(tmp_path, environment([full], rows, {9000001: True})) as severa:
        read = severa.gateway.invoice("invoice-9000001")
        assert read == Invoice(
            key="invoice-9000001",
            number=9000001,
            status_key="status-ready",
            customer_key="customer-1001",
            customer_name="Kund 1001",
            customer_number="1001",
            date=date(2026, 1, 31),
            due_date=date(2026, 3, 2),
            currency="EUR",
            currency_rate=Decimal("11.4275"),
            net=Decimal("1999.985"),
            vat=Decimal(0),
            gross=Decimal("1999.985"),
            reference_number="90000014",
            order_number="PO-1",
            our_reference="Eva Ek",
            your_reference="Åsa Öberg",
            notes="internt",
            text_before="Före\nraden",
            text_after="Efter",
            payment_days=20,
            business_unit_key="unit-1",
            project_keys=("project-42",),
            reverse_charge=True,
            rows=(
                InvoiceRow(
                    key="row-9000001-1",
                    kind="Hours",
                    description="Tid",
                    quantity=Decimal("0.5"),
                    unit_price=Decimal("1999.99"),
                    vat_rate=Decimal(0),
                    project_key="project-42",
                ),
                InvoiceRow(
                    key="row-9000001-2",
                    kind="ProjectFees",
                    description="Licens",
                    quantity=Decimal(3),
                    unit_price=Decimal("333.33"),
                    unit="st",
                    vat_rate=None,
                    article_codes=("LIC", "X2"),
                    profit_centre="STHLM",
                    sales_account="3041",
                    project_key="project-42",
                ),
            ),
            created=BEGUN,
            updated=datetime(2026, 2, 1, 9, tzinfo=UTC),
        )


def test_an_invoice_with_nothing_optional_is_read(tmp_path: Path) -> None:
    """AT-32: null notes and texts."""
    bare = seed_invoice(9000001) | {
        "number": None,
        "status": None,
        "customer": None,
        "projects": None,
        "currency": None,
        "totalExcludingTax": None,
    }
    with connected(tmp_path, environment([bare], [])) as severa:
        read = severa.gateway.invoice("invoice-9000001")
        assert read is not None
        assert (read.number, read.status_key, read.customer_key, read.currency) == (None, "", "", "")
        assert (read.rows, read.project_keys, read.notes, read.text_before) == ((), (), "", "")
        assert (read.net, read.reverse_charge, read.updated) == (Decimal(0), False, BEGUN)


def test_an_invoice_that_is_not_there(tmp_path: Path) -> None:
    with connected(tmp_path, environment([], [])) as severa:
        assert severa.gateway.invoice("nowhere") is None
        assert severa.gateway.invoices(InvoiceQuery(keys=frozenset({"nowhere"}))) == ()
        assert severa.gateway.invoices(InvoiceQuery(keys=frozenset())) == ()


def test_a_credit_note_names_the_invoice_it_credits(tmp_path: Path) -> None:
    credit = invoice(9000002, isCreditNote=True, reimburseInvoice={"guid": "invoice-9000001"})
    credit["totalExcludingTax"] = money(-25000)
    original = invoice(9000001, creditNoteInvoice={"guid": "invoice-9000002"})
    rows = [*two_rows(9000001), *two_rows(9000002, quantity=-10)]
    with connected(tmp_path, environment([original, credit], rows)) as severa:
        read = {one.key: one for one in severa.gateway.invoices(EVERY)}
        assert read["invoice-9000002"].is_credit_note
        assert read["invoice-9000002"].original_key == "invoice-9000001"
        assert [one.quantity for one in read["invoice-9000002"].rows] == [Decimal(-10)] * 2
        assert not read["invoice-9000001"].is_credit_note
        assert read["invoice-9000001"].original_key == ""


def test_the_billing_customer_owes_the_invoice(tmp_path: Path) -> None:
    given = environment([invoice(9000001, billingCustomer={"guid": "customer-1002"})], two_rows(9000001))
    with connected(tmp_path, given) as severa:
        [read] = severa.gateway.invoices(EVERY)
        assert (read.customer_key, read.customer_number) == ("customer-1002", "1002")


# Which invoices


def days() -> SeveraSeed:
    dates = ["2026-01-30", "2026-01-31", "2026-02-15", "2026-02-28", "2026-03-01"]
    invoices = [invoice(n, date=day) for n, day in enumerate(dates, 1)]
    invoices[2]["status"] = {"guid": "status-transferred"}
    return environment(invoices, [one for n in range(1, 6) for one in two_rows(n)])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (EVERY, {1, 2, 3, 4, 5}),
        (InvoiceQuery(start=date(2026, 1, 31)), {2, 3, 4, 5}),
        (InvoiceQuery(end=date(2026, 2, 28)), {1, 2, 3, 4}),
        (InvoiceQuery(start=date(2026, 1, 31), end=date(2026, 2, 28)), {2, 3, 4}),
        (InvoiceQuery(start=date(2026, 2, 15), end=date(2026, 2, 15)), {3}),
        (InvoiceQuery(status_keys=("status-ready",)), {1, 2, 4, 5}),
        (InvoiceQuery(status_keys=("status-ready", "status-transferred")), {1, 2, 3, 4, 5}),
        (InvoiceQuery(keys=frozenset({"invoice-1", "invoice-3"})), {1, 3}),
        (InvoiceQuery(keys=frozenset({"invoice-1", "invoice-3"}), status_keys=("status-ready",)), {1}),
        (InvoiceQuery(keys=frozenset({"invoice-1", "invoice-3"}), start=date(2026, 2, 1)), {3}),
        (InvoiceQuery(changed_since=LATER), {4}),
        (InvoiceQuery(changed_since=LATER, keys=frozenset({"invoice-3", "invoice-4"})), {4}),
        (InvoiceQuery(changed_since=BEGUN), {1, 2, 3, 4, 5}),
    ],
)
def test_a_query_finds_what_it_means(tmp_path: Path, query: InvoiceQuery, expected: set[int]) -> None:
    """Both days included, whatever time of day Severa reads into its filter."""
    with connected(tmp_path, days(), ServerConfig(requests_per_second=None, now=lambda: LATER)) as severa:
        severa.state.edit("invoices", "invoice-4", {"notes": "ändrad"})
        read = severa.gateway.invoices(query)
        assert {one.number for one in read} == expected
        assert all(len(one.rows) == 2 for one in read)


def test_invoices_are_found_by_number(tmp_path: Path) -> None:
    with connected(tmp_path, days()) as severa:
        assert {one.key for one in severa.gateway.invoices_by_number([2, 5, 99])} == {"invoice-2", "invoice-5"}
        assert severa.gateway.invoices_by_number([]) == ()


# Reverse charge


@pytest.mark.parametrize(
    ("rates", "asked", "expected"),
    [((25, 12), False, False), ((25, 0), True, True), ((None, 25), True, True), ((0, 0), True, True)],
)
def test_the_invoices_own_reverse_charge_is_asked_only_when_it_can_be(
    tmp_path: Path, rates: tuple[int | None, int | None], asked: bool, expected: bool
) -> None:
    """§4.13 "Calls"."""
    rows = [row(9000001, place, vatRate=rate) for place, rate in enumerate(rates, 1)]
    given = environment([invoice(9000001)], rows, {9000001: True})
    with connected(tmp_path, given) as severa:
        [read] = severa.gateway.invoices(EVERY)
        assert read.reverse_charge == expected
        assert bool(severa.calls(path="/v1/invoices/invoice-9000001/invoicesettings")) == asked


# The project of a row


def hours(guid: str, place: int, project_number: int | None) -> dict[str, Any]:
    behind = {"project": {"guid": f"project-{project_number}"}} if project_number else {}
    return {
        "guid": guid,
        "eventDate": "2026-01-15",
        "invoice": {"guid": "invoice-1"},
        "invoiceRowGuid": f"row-1-{place}",
    } | (AUDIT | behind)


def mixed(projects: list[int]) -> SeveraSeed:
    """Rows of one project, of two, of an unknown one, of none, of a fee, of a flat rate and of travel."""
    rows = [row(1, place) for place in (1, 2, 3, 4)]
    rows += [
        row(1, 5, rowType="ProjectFees"),
        row(1, 6, rowType="FlatRate", flatRateGuid="flat-1"),
        row(1, 7, rowType="TravelExpenses"),
    ]
    fee = {"guid": "fee-1", "project": {"guid": "project-43"}, "invoice": {"guid": "invoice-1"}, "quantity": 1}
    travel = {"guid": "travel-1", "project": {"guid": "project-42"}, "invoice": {"guid": "invoice-1"}}
    return environment(
        [invoice(1, projects=[{"guid": f"project-{n}"} for n in projects], totalExcludingTax=money(87500))],
        rows,
        workhours=[
            hours("h1", 1, 42),
            hours("h2", 1, 42),
            hours("h3", 2, 42),
            hours("h4", 2, 43),
            hours("h5", 3, 43),
            hours("h6", 3, None),
        ],
        projectfees=[fee | {"invoiceRowGuid": "row-1-5"} | AUDIT],
        projecttravelexpenses=[travel | {"invoiceRowGuid": "row-1-7"} | AUDIT],
        flatrates=[{"guid": "flat-1", "project": {"guid": "project-43"}, "invoiceGuid": "invoice-1"}],
    )


BEHIND = ["project-42", "", "", "", "project-43", "project-43", "project-42"]


@pytest.mark.parametrize("projects", [[42, 43], []])
def test_a_rows_project_is_the_one_behind_its_entries(tmp_path: Path, projects: list[int]) -> None:
    """§4.4, AT-29: several projects or an unknown one behind a row leave it empty."""
    with connected(tmp_path, mixed(projects)) as severa:
        [read] = severa.gateway.invoices(EVERY)
        assert [one.project_key for one in read.rows] == BEHIND


def test_the_only_project_of_an_invoice_is_that_of_its_rows(tmp_path: Path) -> None:
    """AT-28: nothing is asked for it."""
    with connected(tmp_path, mixed([42])) as severa:
        [read] = severa.gateway.invoices(EVERY)
        assert {one.project_key for one in read.rows} == {"project-42"}
        assert severa.calls(path="/v1/invoices/invoice-1/") == ["/v1/invoices/invoice-1/invoicerows"]


def test_rows_without_need_of_a_project_are_not_asked_for_it(tmp_path: Path) -> None:
    with connected(tmp_path, mixed([42, 43])) as severa:
        [read] = severa.gateway.invoices(InvoiceQuery(row_projects=False))
        assert {one.project_key for one in read.rows} == {""}
        assert read.project_keys == ("project-42", "project-43")
        assert severa.calls(path="/v1/invoices/invoice-1/") == ["/v1/invoices/invoice-1/invoicerows"]


def test_only_the_kinds_of_entries_that_the_rows_have_are_asked(tmp_path: Path) -> None:
    projects = [{"guid": "project-42"}, {"guid": "project-43"}]
    with connected(tmp_path, environment([invoice(1, projects=projects)], two_rows(1))) as severa:
        severa.gateway.invoices(EVERY)
        assert set(severa.calls(path="/v1/invoices/invoice-1/")) == {
            "/v1/invoices/invoice-1/invoicerows",
            "/v1/invoices/invoice-1/workhours",
        }


# Counted calls, and rows that would be missed
