"""Contract suite over the port: amounts, VAT, rounding and currency; figures by hand from semantics §4.5 and §4.6."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brygga.practice.adk_engine import user_ledgers
from tests.contract.adk_company import INVOICE_HEAD, Clerk, free_row, hours
from tests.contract.conftest import OpenCompany

SUMS = ("EXCLUDING_OF_VAT", "VAT_AMOUNT", "ROUND_OFF", "TOTAL_AMOUNT")
D = Decimal


def sums(*amounts: str) -> list[Decimal]:
    return [D(amount) for amount in amounts]


def test_at_36_credit_of_ten_hours(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(10, 1250), TYPE_OF_INVOICE="K")
    assert clerk.head(data, *SUMS) == sums("12500", "3125", "0", "15625")


def test_at_37_ordinary_invoice_with_a_deduction(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(160, 1250), free_row(-1, 50000))
    assert clerk.head(data, *SUMS) == sums("150000", "37500", "0", "187500")


def test_at_38_credit_with_a_recharge(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(10, 1250), hours(-2, 500), TYPE_OF_INVOICE="K")
    assert clerk.head(data, "EXCLUDING_OF_VAT") == [D("11500")]


@pytest.mark.parametrize(("rounding", "vat"), [("document", "74.99"), ("row", "75.00")])
def test_at_53_vat_per_rate_or_per_row(open_company: OpenCompany, rounding: str, vat: str) -> None:
    clerk = open_company({"round_to_kronor": False}, vat_rounding=rounding)
    data = clerk.add_invoice(*[free_row(1, "99.99")] * 3)
    assert clerk.head(data, *SUMS) == [D("299.97"), D(vat), D(0), D("299.97") + D(vat)]


def test_at_53_with_rounding_row_and_whole_kronor(clerk: Clerk) -> None:
    data = clerk.add_invoice(*[free_row(1, "99.99")] * 3, free_row(1, "0.01", VAT_CODE="0", ACCOUNT_NUMBER="3740"))
    assert clerk.head(data, *SUMS) == sums("299.98", "74.99", "0.03", "375")


def test_at_54_whole_kronor(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours("37.5", 1250), hours("12.25", 1395), hours(1, "842.37"))
    assert clerk.head(data, *SUMS) == sums("64806.12", "16201.53", "0.35", "81008")


@pytest.mark.parametrize(
    ("amount", "to_pay", "off"),
    [("12345.49", "12345", "-0.49"), ("12345.50", "12346", "0.50"), ("0.49", "0", "-0.49"), ("-0.50", "-1", "-0.50")],
)
@pytest.mark.parametrize("kind", ["F", "K"])
def test_at_55_half_a_krona_is_rounded_up(clerk: Clerk, kind: str, amount: str, to_pay: str, off: str) -> None:
    data = clerk.add_invoice(free_row(1, amount, VAT_CODE="0"), TYPE_OF_INVOICE=kind)
    assert clerk.head(data, "TOTAL_AMOUNT", "ROUND_OFF") == sums(to_pay, off)


def test_at_56_mixed_rates(clerk: Clerk) -> None:
    rows = [("48213.40", "1"), ("1785.71", "2"), ("471.70", "3"), ("350", "0")]
    data = clerk.add_invoice(*[free_row(1, price, VAT_CODE=code) for price, code in rows])
    vat = ("AMOUNT_OF_VAT1", "AMOUNT_OF_VAT2", "AMOUNT_OF_VAT3", "AMOUNT_OF_VAT4")
    basis = ("BASIS_OF_VAT0", "BASIS_OF_VAT1", "BASIS_OF_VAT2", "BASIS_OF_VAT3", "BASIS_OF_VAT4")
    assert clerk.head(data, *vat) == sums("12053.35", "214.29", "28.30", "0")
    assert clerk.head(data, *basis) == sums("350", "48213.40", "1785.71", "471.70", "0")
    assert clerk.head(data, "TOTAL_AMOUNT", "ROUND_OFF") == sums("63117", "0.25")


def test_at_57_foreign_invoices_keep_cents(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, "975.10"), CUSTOMER_NUMBER="2001")
    assert clerk.head(data, *SUMS) == sums("975.10", "0", "0", "975.10")


def test_a_company_that_does_not_round(open_company: OpenCompany) -> None:
    clerk = open_company({"round_to_kronor": False})
    data = clerk.add_invoice(hours(1, "842.37"))
    assert clerk.head(data, *SUMS) == sums("842.37", "210.59", "0", "1052.96")


def test_at_51_balance_in_sek(clerk: Clerk) -> None:
    data = clerk.add_invoice(free_row(1, "4875.50", VAT_CODE="0"), CUSTOMER_NUMBER="2001", CURRENCY_RATE="11.173184")
    assert clerk.head(data, "BALANCE", "BALANCE2") == sums("4875.50", "54474.86")


def test_at_46_rate_per_hundred(clerk: Clerk) -> None:
    data = clerk.add_invoice(
        free_row(1, 1000, VAT_CODE="0"), CUSTOMER_NUMBER="1002", CURRENCY_CODE="NOK", CURRENCY_RATE="96.889836"
    )
    assert clerk.head(data, "CURRENCY_UNIT", "TOTAL_AMOUNT", "BALANCE2") == [100, 1000, D("968.90")]
    assert clerk.rows(data, "AMOUNT_CURRENT_CURRENCY", "AMOUNT_DOMESTIC_CURRENCY") == [[1000, D("968.90")]]
    assert clerk.warnings == [328]


@pytest.mark.parametrize(("balance_in", "expected"), [("document", ("100", "1123.45")), ("sek", ("1123.45", "100"))])
def test_switch_balance_in(open_company: OpenCompany, balance_in: str, expected: tuple[str, str]) -> None:
    clerk = open_company(balance_in=balance_in)
    data = clerk.add_invoice(free_row(1, 100, VAT_CODE="0"), CUSTOMER_NUMBER="2001")
    assert clerk.head(data, "BALANCE", "BALANCE2") == sums(*expected)


@pytest.mark.parametrize(("sign", "balance"), [("positive", "15625"), ("negative", "-15625")])
def test_switch_credit_balance_sign(open_company: OpenCompany, sign: str, balance: str) -> None:
    clerk = open_company(credit_balance_sign=sign)
    data = clerk.add_invoice(hours(10, 1250), TYPE_OF_INVOICE="K")
    assert clerk.head(data, "BALANCE", "BALANCE2", "TOTAL_AMOUNT") == sums(balance, balance, "15625")
    ordinary = clerk.add_invoice(hours(10, 1250))
    assert clerk.head(ordinary, "BALANCE") == [D("15625")]


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "amount"),
    [("3", "33.33", 0, "99.99"), ("0.5", "0.01", 0, "0.01"), ("-0.5", "0.01", 0, "-0.01"), ("2", "100", "12.5", "175")],
)
def test_row_amounts(clerk: Clerk, quantity: str, price: str, discount: Any, amount: str) -> None:
    data = clerk.add_invoice(free_row(quantity, price, DISCOUNT=discount))
    assert clerk.rows(data, "AMOUNT_CURRENT_CURRENCY") == [[D(amount)]]


def test_rates_of_the_document_override_the_companys(clerk: Clerk) -> None:
    data = clerk.add_invoice(free_row(1, 100), SET_OF_VAT1=20)
    assert clerk.head(data, "SET_OF_VAT1", "SET_OF_VAT2", "VAT_AMOUNT") == [20, 12, 20]


def test_an_invoice_without_rows_is_zero(clerk: Clerk) -> None:
    data = clerk.add_invoice()
    assert clerk.head(data, "NROWS", *SUMS) == [0, 0, 0, 0, 0]


def test_totals_are_stored_not_only_shown(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours("37.5", 1250)))
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=number)
    assert clerk.head(data, "EXCLUDING_OF_VAT", "TOTAL_AMOUNT") == sums("46875", "58594")


def test_at_70_two_payments(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(10, 1250)))
    user_ledgers.register_payment(clerk.place.company, number, D(10000), date(2026, 2, 20))
    data = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=number)
    assert clerk.head(data, "BALANCE", "LAST_PAYMENT") == [D("5625"), "2026-02-20"]
    user_ledgers.register_payment(clerk.place.company, number, D(5625), date(2026, 3, 1))
    clerk.library.find(data, False)
    assert clerk.head(data, "BALANCE", "BALANCE2", "LAST_PAYMENT") == [0, 0, "2026-03-01"]
