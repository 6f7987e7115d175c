"""Many invoices and their rows from Severa: few calls, nothing missing from a page that was cut."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.practice.severa_server import FaultKind, SeveraSeed
from brygga.records.reasons import Unavailable
from brygga.severa.gateway import InvoiceQuery
from brygga.severa.invoices import worth_paging
from brygga.severa.registers import FEW
from tests.contract.severa_connected import connected
from tests.contract.severa_invoices import EVERY, LATER, environment, invoice, money, two_rows
from tests.contract.severa_seed import BEGINNING, customer, row


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
