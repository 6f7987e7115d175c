"""Invoices through the gateway against the practice Severa server: every field, the rows' projects, counted calls."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import FaultKind, ServerConfig, SeveraSeed
from brygga.records.reasons import Unavailable
from brygga.records.source import Invoice, InvoiceRow
from brygga.severa.gateway import InvoiceQuery
from brygga.severa.invoices import worth_paging
from brygga.severa.registers import FEW
from tests.contract.severa_connected import connected
from tests.contract.severa_seed import BEGINNING, customer, row, seed
from tests.contract.severa_seed import invoice as seed_invoice

AUDIT = {"createdDateTime": BEGINNING}
EVERY = InvoiceQuery()
BEGUN = datetime(2026, 1, 1, 8, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 12, tzinfo=UTC)


def money(amount: float, currency: str = "SEK") -> dict[str, Any]:
    return {"amount": amount, "currencyCode": currency}


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    """An invoice of one project whose two rows (10 × 1 250) make its total."""
    totals = {"totalExcludingTax": money(25000), "totalTax": money(6250), "totalIncludingTax": money(31250)}
    return seed_invoice(number, **({"isCreditNote": False} | totals | fields))


def project(number: int) -> dict[str, Any]:
    return {"guid": f"project-{number}", "name": f"Projekt {number}", "number": number} | AUDIT


def environment(
    invoices: list[dict[str, Any]], rows: list[dict[str, Any]], settings: dict[int, bool] | None = None, **more: Any
) -> SeveraSeed:
    """The small environment with these invoices; ``settings`` says which are reverse-charged, by number."""
    documents = [
        {"guid": f"settings-{number}", "isReverseCharged": flag} | AUDIT for number, flag in (settings or {}).items()
    ]
    entries: dict[str, Any] = {"workhours": [], "flatrates": [], "projects": [project(42), project(43)]}
    given = seed(invoices=invoices, invoicerows=rows, invoicesettings=[], **(entries | more))
    collections = {**given.collections, "invoicesettings": documents}
    owners = {f"invoice-{number}": f"settings-{number}" for number in settings or {}}
    return SeveraSeed(given.client_id, given.client_secret, given.scopes, collections, owners)


def two_rows(number: int, **fields: Any) -> list[dict[str, Any]]:
    return [row(number, 1, **fields), row(number, 2, **fields)]


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


def many(count: int, rows_each: int = 5, made: str = BEGINNING) -> SeveraSeed:
    """``count`` invoices of ``rows_each`` rows, 10 × 1 250 each."""
    fields = {"totalExcludingTax": money(12500 * rows_each), "createdDateTime": made}
    numbers = range(1, count + 1)
    rows = [row(n, place, createdDateTime=made) for n in numbers for place in range(1, rows_each + 1)]
    return environment([invoice(n, **fields) for n in numbers], rows)


@pytest.mark.parametrize(("count", "most"), [(300, 19), (1000, 61)])
def test_many_invoices_take_few_calls(tmp_path: Path, count: int, most: int) -> None:
    """A page for each 100 invoices and each 100 rows, and the last page of invoices once more: no call per invoice."""
    with connected(tmp_path, many(count)) as severa:
        read = severa.gateway.invoices(EVERY)
        assert len(read) == count
        assert all([one.key for one in each.rows] == [f"row-{each.number}-{p}" for p in range(1, 6)] for each in read)
        assert len(severa.calls()) <= most
        assert severa.calls(path="/v1/invoices/") == []


def test_rows_of_older_invoices_are_not_read(tmp_path: Path) -> None:
    """Twenty new invoices among old ones: only the row pages since the oldest of the twenty."""
    with connected(tmp_path, many(200)) as severa:
        for number in range(1001, 1021):
            severa.state.add("invoices", invoice(number, date="2026-06-30", createdDateTime="2026-06-30T10:00:00Z"))
            for one in two_rows(number, createdDateTime="2026-06-30T10:00:00Z"):
                severa.state.add("invoicerows", one)
        read = severa.gateway.invoices(InvoiceQuery(start=date(2026, 6, 1)))
        assert len(read) == 20
        assert all(len(one.rows) == 2 for one in read)
        assert severa.calls() == ["/v1/invoices", "/v1/invoices", "/v1/invoicerows"]


def test_when_the_row_pages_are_too_many_each_invoice_is_asked(tmp_path: Path) -> None:
    """Twelve invoices whose rows lie among 1 300 others: twelve calls for their own rows are cheaper than fourteen."""
    with connected(tmp_path, many(260)) as severa:
        for number in range(1, 13):
            severa.state.edit("invoices", f"invoice-{number}", {"status": {"guid": "status-transferred"}})
        read = severa.gateway.invoices(InvoiceQuery(status_keys=("status-transferred",)))
        assert len(read) == 12
        assert all(len(one.rows) == 5 for one in read)
        assert len(severa.calls(path="/v1/invoicerows")) == 12
        assert len(severa.calls(path="/v1/invoices/")) == 12


@pytest.mark.parametrize("keep", [0, 42])
def test_rows_missing_from_a_cut_page_are_asked_for(tmp_path: Path, keep: int) -> None:
    with connected(tmp_path, many(30)) as severa:
        severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/invoicerows", first=2, rows=keep)
        read = severa.gateway.invoices(EVERY)
        assert len(read) == 30
        assert all(len(one.rows) == 5 for one in read)
        assert severa.calls(path="/v1/invoices/")


def test_rows_missing_from_an_invoices_own_page_are_asked_for_again(tmp_path: Path) -> None:
    with connected(tmp_path, many(1)) as severa:
        severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/invoices/*/invoicerows", rows=2)
        [read] = severa.gateway.invoices(EVERY)
        assert len(read.rows) == 5


def test_rows_that_do_not_make_the_total_are_read_to_a_confirmed_end(tmp_path: Path) -> None:
    """Whether the amounts are right is not for the reader to say (§4.4 "Total check")."""
    with connected(tmp_path, environment([invoice(1, totalExcludingTax=money(1))], two_rows(1))) as severa:
        [read] = severa.gateway.invoices(EVERY)
        assert len(read.rows) == 2
        assert read.net == Decimal(1)
        assert len(severa.calls(path="/v1/invoices/invoice-1/invoicerows")) == 3


def test_a_list_of_invoices_that_stays_broken_is_no_short_list(tmp_path: Path) -> None:
    with connected(tmp_path, many(250, 1)) as severa:
        for first, rows in ((2, 10), (5, 20)):
            severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/invoices", first=first, rows=rows)
        with pytest.raises(Unavailable) as caught:
            severa.gateway.invoices(EVERY)
        assert caught.value.reason.code == "SEV-706"


def test_a_token_that_dies_while_rows_are_read_is_renewed(tmp_path: Path) -> None:
    with connected(tmp_path, many(60)) as severa:
        severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/invoicerows", first=2, status=401)
        assert sum(len(one.rows) for one in severa.gateway.invoices(EVERY)) == 300


def test_rows_of_an_old_draft_are_asked_for_singly(tmp_path: Path) -> None:
    """Issue 3, Calls: one draft of five years ago does not drag the row pages of five years along."""
    old = "2021-03-01T09:00:00Z"
    with connected(tmp_path, many(60, made="2026-06-30T09:00:00Z")) as severa:
        severa.state.add("invoices", invoice(7, guid="invoice-old", createdDateTime=old))
        for one in two_rows(7, createdDateTime=old):
            severa.state.add("invoicerows", one | {"guid": f"old-{one['guid']}", "invoiceGuid": "invoice-old"})
        read = {one.key: len(one.rows) for one in severa.gateway.invoices(EVERY)}
        assert (len(read), read["invoice-old"], read["invoice-7"]) == (61, 2, 5)
        assert severa.calls() == [
            *["/v1/invoices"] * 2,
            *["/v1/invoicerows"] * 3,
            "/v1/invoices/invoice-old/invoicerows",
        ]


def test_nothing_more_is_asked_about_settled_invoices(tmp_path: Path) -> None:
    with connected(tmp_path, many(30)) as severa:
        settled = frozenset(f"invoice-{n}" for n in range(1, 31))
        assert [one.rows for one in severa.gateway.invoices(InvoiceQuery(settled=settled))] == [()] * 30
        assert severa.calls() == ["/v1/invoices"] * 2


def test_many_invoices_by_key_among_very_many_others_are_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is tried, but for no more pages than there are invoices: twelve, where all of them would be thirteen."""
    monkeypatch.setattr("brygga.severa.invoices._MOST_SINGLY", FEW)
    keys = frozenset(f"invoice-{n}" for n in range(1, 13))
    with connected(tmp_path, many(1300, 1)) as severa:
        assert {one.key for one in severa.gateway.invoices(InvoiceQuery(keys=keys, settled=keys))} == keys
        assert severa.calls() == ["/v1/invoices"] * 12 + [f"/v1/invoices/{key}" for key in sorted(keys)]


@pytest.mark.parametrize(
    ("ages", "start"), [([], None), ([3], 3), ([2000, 9, 8, 7, 6, 5, 4, 3], 9), ([30, 20, 10, 5, 4, 3, 2, 1], 10)]
)
def test_from_where_on_paging_rows_pays(ages: list[int], start: int | None) -> None:
    """Invoices made so many days ago; the answer is one of them."""
    created = [LATER - timedelta(days=age) for age in ages]
    assert worth_paging(created) == (None if start is None else LATER - timedelta(days=start))


def test_many_invoices_by_key_alone_are_read_one_by_one_up_to_a_hundred(tmp_path: Path) -> None:
    with connected(tmp_path, many(220, 1)) as severa:
        some = frozenset(f"invoice-{n}" for n in range(1, 21))
        assert {one.key for one in severa.gateway.invoices(InvoiceQuery(keys=some))} == some
        assert "/v1/invoices" not in severa.calls()
        severa.state.requests.clear()
        half = frozenset(f"invoice-{n}" for n in range(1, 111))
        assert {one.key for one in severa.gateway.invoices(InvoiceQuery(keys=half))} == half
        assert len(severa.calls()) == 4 + 3


def test_customers_of_the_environment_are_left_alone(tmp_path: Path) -> None:
    """Reading invoices asks no register: what they repeat of the customer is enough."""
    given = environment([invoice(1)], two_rows(1), customers=[customer(1001), customer(1002)])
    with connected(tmp_path, given) as severa:
        severa.gateway.invoices(EVERY)
        assert {path.split("/")[2] for path in severa.calls()} == {"invoices"}
