"""Contract suite over the port: changing, printing, cancelling, locking and crediting invoices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brygga.practice.adk_engine import user, user_ledgers
from tests.contract.adk_company import (
    BOOKINGYEAR,
    INVOICE_HEAD,
    INVOICE_ROW,
    PROJECT,
    Clerk,
    hours,
    refused,
)
from tests.contract.conftest import OpenCompany


def printed(clerk: Clerk, data: int) -> int:
    clerk.put(data, INVOICE_HEAD, DOCUMENT_PRINTED=True)
    clerk.library.update(data)
    return data


# -- changing ----------------------------------------------------------------------------------------------------


def test_changing_a_head_keeps_rows_and_totals(clerk: Clerk) -> None:
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=clerk.number(clerk.add_invoice(hours(1, 1000))))
    clerk.put(data, INVOICE_HEAD, CUSTOMER_ORDER_NUMBER="PO-1")
    clerk.library.update(data)
    again = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=10457)
    assert clerk.head(again, "CUSTOMER_ORDER_NUMBER", "TOTAL_AMOUNT") == ["PO-1", 1250]
    assert clerk.rows(again, "AMOUNT_CURRENT_CURRENCY") == [[1000]]


def test_appending_rows(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 1000))
    clerk.attach(data, [{}, {"TEXT": "Rad 2"}, hours(1, 500)])
    clerk.library.update(data)
    assert clerk.rows(data, "TEXT", "AMOUNT_CURRENT_CURRENCY") == [
        ["Konsulttid", 1000],
        ["Rad 2", 0],
        ["Konsulttid", 500],
    ]
    assert clerk.head(data, "NROWS", "EXCLUDING_OF_VAT", "BALANCE") == [3, 1500, 1875]


def test_changing_a_row_that_was_read(clerk: Clerk) -> None:
    clerk.add_invoice(hours(1, 1000), hours(1, 10))
    data = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=10457)
    clerk.put(clerk.library.get_data(data, 103, 1), INVOICE_ROW, PRICE_EACH_CURRENT_CURRENCY=20)
    clerk.library.update(data)
    assert clerk.head(data, "EXCLUDING_OF_VAT") == [1020]


def test_an_array_shorter_than_the_invoice_is_111(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 1), hours(1, 2))
    clerk.attach(data, [hours(1, 3)])
    with refused(111):
        clerk.library.update(data)


def test_row_kinds_cannot_change(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 1), {"TEXT": "text"})
    for place, letter, code in ((0, "T", 195), (1, "A", 196)):
        again = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=clerk.number(data))
        clerk.put(clerk.library.get_data(again, 103, place), INVOICE_ROW, TYPE_OF_ROW=letter)
        with refused(code):
            clerk.library.update(again)
    again = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=clerk.number(data))
    clerk.put(clerk.library.get_data(again, 103, 1), INVOICE_ROW, PRICE_EACH_CURRENT_CURRENCY=5)
    with refused(182):
        clerk.library.update(again)


def test_deleting_a_row(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100), hours(1, 200), hours(1, 400))
    for number in (0, 4):
        with refused(111):
            clerk.library.delete_row(data, number)
    clerk.library.delete_row(data, 2)
    assert clerk.rows(data, "ROWNUMBER", "AMOUNT_CURRENT_CURRENCY") == [[1, 100], [2, 400]]
    assert clerk.head(data, "NROWS", "EXCLUDING_OF_VAT", "BALANCE") == [2, 500, 625]
    assert clerk.rows(clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=10457), "ROWNUMBER") == [[1], [2]]


def test_the_balance_keeps_what_was_paid(clerk: Clerk) -> None:
    clerk.add_invoice(hours(1, 1000))
    user_ledgers.register_payment(clerk.place.company, 10457, Decimal(250), date(2026, 2, 1))
    data = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=10457)
    clerk.put(clerk.library.get_data(data, 103, 0), INVOICE_ROW, PRICE_EACH_CURRENT_CURRENCY=2000)
    clerk.library.update(data)
    assert clerk.head(data, "TOTAL_AMOUNT", "BALANCE", "LAST_PAYMENT") == [2500, 2250, "2026-02-01"]


@pytest.mark.parametrize(
    ("customer", "changes", "code"),
    [
        ("1001", {"CUSTOMER_NUMBER": "1002"}, 28),
        ("1001", {"EXPORT": True}, 6),
        ("2001", {"EXPORT": False}, 6),
        ("1001", {"DOCUMENT_DATE1": "2024-01-01"}, 601),
        ("1001", {"CODE_OF_TERMS_OF_PAYMENT": "99"}, 41),
        ("1001", {"TYPE_OF_INVOICE": "X"}, 110),
    ],
)
def test_a_change_is_refused(clerk: Clerk, customer: str, changes: dict[str, Any], code: int) -> None:
    data = clerk.add_invoice(hours(1, 100), CUSTOMER_NUMBER=customer)
    clerk.put(data, INVOICE_HEAD, **changes)
    with refused(code):
        clerk.library.update(data)


def test_changing_currency_and_rate_warns(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100), CUSTOMER_NUMBER="2001")
    clerk.put(data, INVOICE_HEAD, CURRENCY_RATE="11.5")
    clerk.library.update(data)
    assert clerk.head(data, "BALANCE2") == [1150]
    clerk.put(data, INVOICE_HEAD, CURRENCY_CODE="NOK", CURRENCY_UNIT=100, CURRENCY_RATE=96)
    clerk.library.update(data)
    assert clerk.warnings == [327, 326]


def test_an_invoice_cannot_be_deleted(clerk: Clerk) -> None:
    with refused(164):
        clerk.library.delete_record(clerk.add_invoice())


# -- printed, cancelled, booked, locked ----------------------------------------------------------------------------


def test_at_94_printing_is_a_second_step_and_locks(clerk: Clerk) -> None:
    data = printed(clerk, clerk.add_invoice(hours(1, 100)))
    assert clerk.head(data, "DOCUMENT_PRINTED") == [True]
    for changes in ({"TEXT1": "Efteråt"}, {"DOCUMENT_PRINTED": False}, {"DOCUMENT_PRINTED": True}):
        again = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457)
        clerk.put(again, INVOICE_HEAD, **changes)
        with refused(12):
            clerk.library.update(again)
    with refused(12):
        clerk.library.delete_row(clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457), 1)


def test_an_unfinished_invoice_cannot_be_printed(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100), DOCUMENT_NOT_DONE=True)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_PRINTED=True)
    with refused(5):
        clerk.library.update(data)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_NOT_DONE=False)
    clerk.library.update(data)
    assert clerk.head(data, "DOCUMENT_PRINTED", "DOCUMENT_NOT_DONE") == [True, False]


@pytest.mark.parametrize("printable", [True, False])
def test_switch_negative_total_printable(open_company: OpenCompany, printable: bool) -> None:
    clerk = open_company(negative_total_printable=printable)
    data = clerk.add_invoice(hours(-1, 100))
    clerk.put(data, INVOICE_HEAD, DOCUMENT_PRINTED=True)
    if printable:
        clerk.library.update(data)
    else:
        with refused(4):
            clerk.library.update(data)
    credit = clerk.add_invoice(hours(-1, 100), TYPE_OF_INVOICE="K")
    printed(clerk, credit)


def test_a_printed_invoice_can_be_cancelled_once(clerk: Clerk) -> None:
    printed(clerk, clerk.add_invoice(hours(1, 100)))
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_CANCELLED=True)
    clerk.library.update(data)
    assert clerk.head(data, "DOCUMENT_CANCELLED", "BALANCE", "TOTAL_AMOUNT") == [True, 0, 125]
    clerk.put(data, INVOICE_HEAD, DOCUMENT_CANCELLED=False)
    with refused(9):
        clerk.library.update(data)


def test_cancelled_by_a_user(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100))
    user.cancel_invoice(clerk.place.company, 10457)
    clerk.put(data, INVOICE_HEAD, TEXT1="Efteråt")
    with refused(9):
        clerk.library.update(data)


def test_a_booked_invoice_is_23(clerk: Clerk) -> None:
    printed(clerk, clerk.add_invoice(hours(1, 100)))
    clerk.add_invoice(hours(1, 100))
    assert user.book_journal(clerk.place.company) == [10457]
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_CANCELLED=True)
    with refused(23):
        clerk.library.update(data)


def test_a_locked_month_is_461(clerk: Clerk) -> None:
    early = clerk.add_invoice(hours(1, 100), DOCUMENT_DATE1="2026-02-28")
    user.lock_month(clerk.place.company, "25", 2)
    for day in ("2026-01-01", "2026-02-28"):
        with refused(461):
            clerk.add_invoice(DOCUMENT_DATE1=day)
    clerk.add_invoice(DOCUMENT_DATE1="2026-03-01")
    clerk.put(early, INVOICE_HEAD, TEXT1="Ändrad")
    with refused(461):
        clerk.library.update(early)
    again = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457)
    printed(clerk, again)


def test_an_invoice_cannot_move_into_a_locked_month(clerk: Clerk) -> None:
    data = clerk.add_invoice(DOCUMENT_DATE1="2026-03-01")
    user.lock_month(clerk.place.company, "25", 2)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_DATE1="2026-02-28")
    with refused(461):
        clerk.library.update(data)


def test_a_locked_year_is_457(clerk: Clerk) -> None:
    user.lock_year(clerk.place.company, "24")
    with refused(457):
        clerk.add_invoice(DOCUMENT_DATE1="2025-12-31")
    clerk.add_invoice()


@pytest.mark.parametrize(("form", "shown"), [("yyyy-MM", "2026-02"), ("MM", "02")])
def test_switch_locked_month_format(open_company: OpenCompany, form: str, shown: str) -> None:
    clerk = open_company(locked_month_format=form)
    assert clerk.value(clerk.found(BOOKINGYEAR, ID="25"), BOOKINGYEAR, "LOCKED_MONTH") == ""
    user.lock_month(clerk.place.company, "25", 2)
    assert clerk.value(clerk.found(BOOKINGYEAR, ID="25"), BOOKINGYEAR, "LOCKED_MONTH") == shown
    with refused(461):
        clerk.add_invoice()


# -- credits -----------------------------------------------------------------------------------------------------


def test_at_39_a_credit_of_an_invoice(clerk: Clerk) -> None:
    clerk.add_invoice(hours(1, 100))
    credit = clerk.add_invoice(hours(1, 100), TYPE_OF_INVOICE="K", NUMBER_OF_ORIGINAL_INVOICE=10457)
    assert clerk.head(credit, "DOCUMENT_NUMBER", "NUMBER_OF_ORIGINAL_INVOICE", "TYPE_OF_INVOICE") == [10458, 10457, "K"]


@pytest.mark.parametrize(
    ("kind", "original", "customer", "code"),
    [
        ("K", 77, "1001", 173),
        ("K", 2, "1001", 233),
        ("K", 3, "1001", 234),
        ("K", 1, "1002", 261),
        ("F", 1, "1001", 261),
    ],
)
def test_a_credit_that_cannot_be_connected(clerk: Clerk, kind: str, original: int, customer: str, code: int) -> None:
    clerk.add_invoice(hours(1, 100), DOCUMENT_NUMBER=1)
    clerk.add_invoice(hours(1, 100), DOCUMENT_NUMBER=2, TYPE_OF_INVOICE="K")
    clerk.add_invoice(hours(1, 100), DOCUMENT_NUMBER=3)
    user.cancel_invoice(clerk.place.company, 3)
    with refused(code):
        clerk.add_invoice(
            hours(1, 100), TYPE_OF_INVOICE=kind, NUMBER_OF_ORIGINAL_INVOICE=original, CUSTOMER_NUMBER=customer
        )


def test_a_credit_leaves_the_originals_balance(clerk: Clerk) -> None:
    clerk.add_invoice(hours(10, 1250))
    clerk.add_invoice(hours(1, 3200), TYPE_OF_INVOICE="K", NUMBER_OF_ORIGINAL_INVOICE=10457)
    assert clerk.head(clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=10457), "BALANCE") == [15625]


def test_warnings_reach_the_function_before_the_call_returns(clerk: Clerk) -> None:
    order: list[str] = []
    clerk.library.set_warning_function(lambda status: order.append(f"warning {status.code}"))
    data = clerk.invoice_record(hours(1, 100, ACCOUNT_NUMBER="3001"))
    clerk.library.add(data)
    order.append("returned")
    assert order == ["warning 256", "returned"]


@pytest.mark.parametrize("in_result", [True, False])
def test_switch_warnings_in_result_is_no_error(open_company: OpenCompany, in_result: bool) -> None:
    clerk = open_company(warnings_in_result=in_result)
    data = clerk.add_invoice(hours(1, 100, ACCOUNT_NUMBER="3001"))
    assert clerk.number(data) == 10457
    assert clerk.warnings == [256]


def test_a_refused_write_warns_about_nothing(clerk: Clerk) -> None:
    with refused(149):
        clerk.add_invoice(hours(1, 100, ACCOUNT_NUMBER="3001"), hours(1, 100, PROJECT="9999"))
    assert clerk.warnings == []


def test_project_of_a_seeded_closed_project_stays_readable(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100, PROJECT="1043"))
    user.change(clerk.place.company, PROJECT, "1043", {20: True})
    clerk.put(data, INVOICE_HEAD, TEXT1="Ändrad")
    clerk.library.update(data)
    assert clerk.rows(data, "PROJECT") == [["1043"]]
