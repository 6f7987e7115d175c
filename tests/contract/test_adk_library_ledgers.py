"""Contract suite over the port: supplier invoices with rows, payments and what they do to a balance, change times."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from tests.contract.adk_company import CUSTOMER, INVOICE_HEAD, Clerk, field_id, hours, refused, seed
from tests.contract.conftest import OpenCompany

SUPPLIER, SUPPLIER_HEAD, SUPPLIER_ROW, PAYMENT = 12, 8, 9, 62
BY_CHANGE = 220
D = Decimal
SUPPLIERS = {
    SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"}, {"NUMBER": "502", "NAME": "Bau GmbH"})
}


@pytest.fixture
def clerk(open_company: OpenCompany) -> Clerk:
    return open_company({"tables": SUPPLIERS})


def enter(clerk: Clerk, *rows: CostRow, **more: Any) -> int:
    """A supplier invoice of 2026-01-15 for 8 000 on project 1042, unless it says more."""
    costs = rows or (CostRow("4600", D(8000), "Underkonsult januari", project="1042"),)
    given = {"vat": D(2000), "dated": date(2026, 1, 15), **more}
    return user_ledgers.add_supplier_invoice(clerk.place.company, "501", "F-77", rows=costs, **given)


def rows(clerk: Clerk, data: int, *names: str) -> list[list[Any]]:
    """Fields of every row of a supplier invoice that was read with its rows."""
    count = int(clerk.value(data, SUPPLIER_HEAD, "NROWS"))
    handles = [clerk.library.get_data(data, field_id(SUPPLIER_HEAD, "ROWS"), place) for place in range(count)]
    return [clerk.values(row, SUPPLIER_ROW, *names) for row in handles]


def test_at_89_a_supplier_invoice_has_the_programs_rows_first(clerk: Clerk) -> None:
    serial = enter(
        clerk, CostRow("4600", D(8000), "Underkonsult", project="1042"), CostRow("4010", D(1500), "Skruv"), vat=D(2375)
    )
    data = clerk.found(SUPPLIER_HEAD, rows=True, GIVEN_NUMBER=serial)
    names = ("SUPPLIER_NAME", "INVOICE_NUMBER", "INVOICE_DATE", "TYPE_OF_INVOICE", "TOTAL", "VAT_AMOUNT", "CERTIFIED")
    head = clerk.values(data, SUPPLIER_HEAD, *names)
    assert head == ["Underkonsult AB", "F-77", "2026-01-15", "F", D("11875.0"), D("2375.0"), False]
    assert rows(clerk, data, "TEXT", "ACCOUNT_NUMBER", "AMOUNT_DOMESTIC_CURRENCY", "PROJECT") == [
        ["Total", "2440", D("-11875.0"), ""],
        ["Moms", "2641", D("2375.0"), ""],
        ["Underkonsult", "4600", D("8000.0"), "1042"],
        ["Skruv", "4010", D("1500.0"), ""],
    ]


def test_at_72_and_73_rows_are_in_sek_by_the_invoices_own_rate(clerk: Clerk) -> None:
    eur = {10: "EUR", 11: D("11.2345")}
    first = enter(clerk, CostRow("4600", D("2499.99")), vat=D(0), head=eur)
    second = enter(clerk, CostRow("4600", D(150000)), vat=D(0), head={10: "JPY", 11: D("6.97"), 27: 100})
    amounts = ("AMOUNT_CURRENT_CURRENCY", "AMOUNT_DOMESTIC_CURRENCY")
    for serial, expected in ((first, [D("2499.99"), D("28086.14")]), (second, [D("150000.0"), D("10455.0")])):
        data = clerk.found(SUPPLIER_HEAD, rows=True, GIVEN_NUMBER=serial)
        debt, cost = rows(clerk, data, *amounts)
        assert cost == expected
        assert debt == [-expected[0], -expected[1]]


@pytest.mark.parametrize(("sign", "factor"), [("positive", 1), ("negative", -1)])
def test_switch_sign_of_a_suppliers_credit(open_company: OpenCompany, sign: str, factor: int) -> None:
    clerk = open_company({"tables": SUPPLIERS}, supplier_credit_sign=sign)
    serial = enter(clerk, head={12: "K"})
    ordinary = enter(clerk)
    data = clerk.found(SUPPLIER_HEAD, rows=True, GIVEN_NUMBER=serial)
    assert clerk.values(data, SUPPLIER_HEAD, "TOTAL", "VAT_AMOUNT") == [factor * D("10000.0"), factor * D("2000.0")]
    assert [row[0] for row in rows(clerk, data, "AMOUNT_DOMESTIC_CURRENCY")] == [
        factor * each for each in (D("-10000.0"), D("2000.0"), D("8000.0"))
    ]
    data = clerk.found(SUPPLIER_HEAD, rows=True, GIVEN_NUMBER=ordinary)
    assert rows(clerk, data, "AMOUNT_DOMESTIC_CURRENCY")[-1] == [D("8000.0")]


def test_attest_cancel_and_correct(clerk: Clerk) -> None:
    serial = enter(clerk)
    user_ledgers.attest(clerk.place.company, serial, "Eva Ek")
    user_ledgers.change_cost_rows(clerk.place.company, serial, [CostRow("4600", D(8400), "Rättad")], vat=D(2100))
    data = clerk.found(SUPPLIER_HEAD, rows=True, GIVEN_NUMBER=serial)
    assert clerk.values(data, SUPPLIER_HEAD, "CERTIFIED", "NAME_OF_CERTIFIER", "TOTAL") == [
        True,
        "Eva Ek",
        D("10500.0"),
    ]
    assert rows(clerk, data, "TEXT", "AMOUNT_DOMESTIC_CURRENCY") == [
        ["Total", D("-10500.0")],
        ["Moms", D("2100.0")],
        ["Rättad", D("8400.0")],
    ]
    user_ledgers.cancel_supplier_invoice(clerk.place.company, serial)
    data = clerk.found(SUPPLIER_HEAD, GIVEN_NUMBER=serial)
    assert clerk.values(data, SUPPLIER_HEAD, "CANCELLED", "BALANCE_CURRENT_CURRENCY") == [True, D("0.0")]


def test_serials_follow_each_other_and_are_walked_in_order(clerk: Clerk) -> None:
    serials = [enter(clerk) for _ in range(3)]
    data = clerk.library.create_data(SUPPLIER_HEAD)
    assert clerk.walk(data, SUPPLIER_HEAD, "GIVEN_NUMBER") == [D(f"{serial}.0") for serial in serials] == [1, 2, 3]
    assert clerk.value(clerk.found(SUPPLIER, NUMBER="502"), SUPPLIER, "NAME") == "Bau GmbH"
    with pytest.raises(KeyError):
        user_ledgers.add_supplier_invoice(clerk.place.company, "999", "F", date(2026, 1, 1), [])


@pytest.mark.parametrize("table", [SUPPLIER, SUPPLIER_HEAD, PAYMENT])
def test_a_client_does_not_write_the_ledgers(clerk: Clerk, table: int) -> None:
    enter(clerk)
    data = clerk.library.create_data(table)
    with refused(109):
        clerk.library.add(data)


# Payments


def paid(clerk: Clerk, number: int) -> list[Any]:
    """Both balances and the day of the last payment."""
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=number)
    return clerk.values(data, INVOICE_HEAD, "BALANCE", "BALANCE2", "LAST_PAYMENT")


def test_at_70_two_payments_make_one_paid_invoice(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(10, 1250)))
    assert paid(clerk, number) == [D("15625.0"), D("15625.0"), ""]
    user_ledgers.register_payment(clerk.place.company, number, D(10000), date(2026, 2, 20))
    assert paid(clerk, number) == [D("5625.0"), D("5625.0"), "2026-02-20"]
    user_ledgers.register_payment(clerk.place.company, number, D(5625), date(2026, 3, 1))
    assert paid(clerk, number) == [D("0.0"), D("0.0"), "2026-03-01"]
    data = clerk.found(PAYMENT, INVOICE_NUMBER=number)
    assert clerk.values(data, PAYMENT, "NR", "DATE", "AMOUNT_KR", "CANCELLED") == [
        D("1.0"),
        "2026-02-20",
        D("10000.0"),
        False,
    ]
    clerk.library.next(data, False)
    assert clerk.value(data, PAYMENT, "AMOUNT_CURRENCY") == D("5625.0")


def test_a_reversed_payment_leaves_the_days_of_the_others(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(10, 1250)))
    company = clerk.place.company
    first = user_ledgers.register_payment(company, number, D(10000), date(2026, 2, 20))
    second = user_ledgers.register_payment(company, number, D(5625), date(2026, 3, 1))
    user_ledgers.reverse_payment(company, second)
    assert paid(clerk, number) == [D("5625.0"), D("5625.0"), "2026-02-20"]
    user_ledgers.reverse_payment(company, first)
    assert paid(clerk, number) == [D("15625.0"), D("15625.0"), ""]


def test_a_payment_dated_back_is_not_the_last_one(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(10, 1250)))
    for amount, day in ((D(10000), date(2026, 3, 1)), (D(5000), date(2026, 2, 20))):
        user_ledgers.register_payment(clerk.place.company, number, amount, day)
    assert paid(clerk, number) == [D("625.0"), D("625.0"), "2026-03-01"]


def test_overpaid_and_foreign_balances(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(1, 1000)))
    user_ledgers.register_payment(clerk.place.company, number, D(1500), date(2026, 3, 1))
    assert paid(clerk, number)[0] == D("-250.0")
    foreign = clerk.number(
        clerk.add_invoice(
            hours(1, 100, VAT_CODE="0"), CUSTOMER_NUMBER="2001", CURRENCY_CODE="EUR", CURRENCY_RATE=D("11.173184")
        )
    )
    user_ledgers.register_payment(clerk.place.company, foreign, D("99.92"), date(2026, 3, 1))
    assert paid(clerk, foreign)[:2] == [D("0.08"), D("0.89")]


@pytest.mark.parametrize(("balance_in", "shown"), [("document", ["0.09", "1.01"]), ("sek", ["1.01", "0.09"])])
def test_switch_which_balance_is_in_sek(
    open_company: OpenCompany, balance_in: Literal["document", "sek"], shown: list[str]
) -> None:
    clerk = open_company(balance_in=balance_in)
    foreign = clerk.number(
        clerk.add_invoice(
            hours(1, 100, VAT_CODE="0"), CUSTOMER_NUMBER="2001", CURRENCY_CODE="EUR", CURRENCY_RATE=D("11.173184")
        )
    )
    user_ledgers.register_payment(clerk.place.company, foreign, D("99.91"), date(2026, 3, 1))
    assert paid(clerk, foreign)[:2] == [D(each) for each in shown]


@pytest.mark.parametrize(("sign", "factor"), [("positive", 1), ("negative", -1)])
def test_at_71_a_credit_settled_against_its_invoice(open_company: OpenCompany, sign: str, factor: int) -> None:
    clerk = open_company(credit_balance_sign=sign)
    number = clerk.number(clerk.add_invoice(hours(10, 1250)))
    credit = clerk.number(clerk.add_invoice(hours(10, 1250), TYPE_OF_INVOICE="K", NUMBER_OF_ORIGINAL_INVOICE=number))
    assert paid(clerk, credit)[0] == factor * D("15625.0")
    user_ledgers.settle(clerk.place.company, credit, number, D(15625), date(2026, 2, 28))
    assert [paid(clerk, each) for each in (number, credit)] == [[D(0), D(0), "2026-02-28"]] * 2
    data = clerk.found(PAYMENT, INVOICE_NUMBER=credit)
    assert clerk.values(data, PAYMENT, "SETTLED", "SETTLED_INVOICE_NR") == [True, D(f"{number}.0")]


# Change times


@pytest.mark.c_interface
@pytest.mark.parametrize(("form", "shown"), [("seconds", "2026-02-03 08:10:30"), ("minutes", "2026-02-03 08:10")])
def test_switch_how_a_change_time_reads(tmp_path: Path, open_company: OpenCompany, form: str, shown: str) -> None:
    clerk = open_company({"entered": datetime(2026, 1, 1, 8)}, timestamp_text=form)
    entered = datetime(2026, 2, 3, 8, 10, 30)
    user.change(clerk.place.company, CUSTOMER, "1002", {7: "Lund"}, entered=entered)
    data = clerk.found(CUSTOMER, NUMBER="1002")
    assert clerk.library.long_to_date_time(clerk.library.get_date(data, 94)) == shown
    other = clerk.found(CUSTOMER, NUMBER="1001")
    assert clerk.library.long_to_date_time(clerk.library.get_date(other, 94)).startswith("2026-01-01 08:00")


def test_a_clock_set_back_does_not_make_a_change_older(open_company: OpenCompany) -> None:
    clerk = open_company({"entered": datetime(2026, 1, 1, 8)})
    for number, moment in (("1001", datetime(2026, 2, 3, 8)), ("1002", datetime(2026, 2, 2, 8))):
        user.change(clerk.place.company, CUSTOMER, number, {7: "Lund"}, entered=moment)
    times = {}
    for number in ("1001", "1002"):
        data = clerk.found(CUSTOMER, NUMBER=number)
        times[number] = clerk.library.long_to_date_time(clerk.library.get_date(data, 94))
    assert times["1002"] >= times["1001"] == "2026-02-03 08:00:00"


def test_no_change_and_no_such_change(clerk: Clerk) -> None:
    assert clerk.library.long_to_date_time(0) == ""
    for value in (-1, 10**9):
        with refused(672):
            clerk.library.long_to_date_time(value)


def test_payments_and_supplier_invoices_are_changes(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(1, 1000)))
    clerk.add_invoice(hours(1, 1000))
    user_ledgers.register_payment(clerk.place.company, number, D(10), date(2026, 1, 31))
    data = clerk.library.create_data(INVOICE_HEAD)
    clerk.library.set_sort_order(data, BY_CHANGE)
    clerk.library.last(data, False)
    assert clerk.number(data) == number
    first, _ = enter(clerk), enter(clerk)
    user_ledgers.attest(clerk.place.company, first, "Eva")
    data = clerk.library.create_data(SUPPLIER_HEAD)
    clerk.library.set_sort_order(data, BY_CHANGE)
    clerk.library.last(data, False)
    assert clerk.value(data, SUPPLIER_HEAD, "GIVEN_NUMBER") == first
