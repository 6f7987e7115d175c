"""Contract suite over the port: numbers, heads and rows of new customer invoices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from brygga.practice.adk_engine import user
from tests.contract.adk_company import (
    CUSTOMER,
    INVOICE_HEAD,
    INVOICE_ROW,
    Clerk,
    hours,
    refused,
)
from tests.contract.conftest import OpenCompany

# -- numbers -----------------------------------------------------------------------------------------------------


def test_number_comes_from_the_series(clerk: Clerk) -> None:
    assert [clerk.number(clerk.add_invoice()) for _ in range(3)] == [10457, 10458, 10459]


def test_a_refused_invoice_takes_no_number(clerk: Clerk) -> None:
    with refused(50):
        clerk.add_invoice(hours(1, 1), {"ARTICLE_NUMBER": "finns ej", "QUANTITY1": 1})
    assert clerk.number(clerk.add_invoice()) == 10457
    assert len(user.read(clerk.place.company, INVOICE_HEAD)) == 1


def test_a_given_number_is_kept_and_leaves_the_series(clerk: Clerk) -> None:
    assert clerk.number(clerk.add_invoice(DOCUMENT_NUMBER=10234)) == 10234
    assert clerk.number(clerk.add_invoice()) == 10457


def test_a_used_number_is_214(clerk: Clerk) -> None:
    clerk.add_invoice(DOCUMENT_NUMBER=10234)
    with refused(214):
        clerk.add_invoice(DOCUMENT_NUMBER=10234, CUSTOMER_NUMBER="1002")
    assert len(user.read(clerk.place.company, INVOICE_HEAD)) == 1


def test_a_series_that_runs_into_a_used_number_is_214(clerk: Clerk) -> None:
    clerk.add_invoice(DOCUMENT_NUMBER=10457)
    with refused(214):
        clerk.add_invoice()
    user.set_next_invoice_number(clerk.place.company, 10458)
    assert clerk.number(clerk.add_invoice()) == 10458


@pytest.mark.parametrize("writable", [True, False])
def test_switch_document_number_writable(open_company: OpenCompany, writable: bool) -> None:
    clerk = open_company(document_number_writable=writable)
    data = clerk.invoice_record(DOCUMENT_NUMBER=10234)
    assert clerk.library.is_read_write(data, 0) is writable
    if writable:
        clerk.library.add(data)
    else:
        with refused(109):
            clerk.library.add(data)
        number = clerk.number(clerk.add_invoice())
        assert clerk.number(clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=number)) == 10457


def test_the_number_of_an_invoice_cannot_change(clerk: Clerk) -> None:
    data = clerk.add_invoice()
    clerk.put(data, INVOICE_HEAD, DOCUMENT_NUMBER=999)
    with refused(109):
        clerk.library.update(data)


@pytest.mark.parametrize(("number", "ocr"), [(9000012, "90000126"), (10457, "104570"), (10234, "102343")])
def test_ocr_is_the_number_with_a_check_digit(clerk: Clerk, number: int, ocr: str) -> None:
    assert clerk.head(clerk.add_invoice(DOCUMENT_NUMBER=number), "OCR_NUMBER") == [ocr]
    own = clerk.add_invoice(DOCUMENT_NUMBER=number + 1, OCR_NUMBER="4711")
    assert clerk.head(own, "OCR_NUMBER") == ["4711"]


# -- head --------------------------------------------------------------------------------------------------------


def test_the_customer_fills_the_head(clerk: Clerk) -> None:
    data = clerk.invoice_record()
    names = ("CUSTOMER_NAME", "MAILING_ADDRESS1", "CITY", "CUSTOMER_REFERENCE_NAME", "CODE_OF_TERMS_OF_PAYMENT")
    assert clerk.head(data, *names) == ["Åkeri & Söner AB", "Box 12", "Malmö", "Eva Ek", "30"]
    clerk.library.add(data)
    filled = (
        "CURRENCY_CODE",
        "CURRENCY_RATE",
        "CURRENCY_UNIT",
        "OUR_REFERENCE_NAME",
        "VAT1_ACCOUNT",
        "TYPE_OF_INVOICE",
    )
    assert clerk.head(data, *filled) == ["SEK", 1, 1, "Åsa Öberg", "2611", "F"]


def test_what_is_set_stays_whatever_the_order(clerk: Clerk) -> None:
    data = clerk.record(INVOICE_HEAD, CUSTOMER_NAME="Före", CUSTOMER_NUMBER="1001", CITY="Efter")
    assert clerk.head(data, "CUSTOMER_NAME", "CITY", "MAILING_ADDRESS1") == ["Före", "Efter", "Box 12"]


def test_an_export_customers_currency_and_flag(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100), CUSTOMER_NUMBER="2001")
    names = ("CURRENCY_CODE", "CURRENCY_RATE", "EXPORT", "CUSTOMER_INVOICE_VAT_NUMBER", "VAT_AMOUNT")
    assert clerk.head(data, *names) == ["EUR", Decimal("11.2345"), True, "DE123456789", 0]
    assert clerk.rows(data, "VAT_CODE", "ACCOUNT_NUMBER") == [["0", "3305"]]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"CUSTOMER_NUMBER": "9999"}, 49),
        ({"CUSTOMER_NUMBER": ""}, 49),
        ({"TYPE_OF_INVOICE": "R"}, 110),
        ({"TYPE_OF_INVOICE": "f"}, 110),
        ({"DOCUMENT_DATE1": ""}, 591),
        ({"DOCUMENT_DATE1": "2024-12-31"}, 601),
        ({"CODE_OF_TERMS_OF_PAYMENT": "99"}, 41),
        ({"CURRENCY_CODE": "XYZ"}, 43),
        ({"CURRENCY_CODE": "EUR", "CURRENCY_RATE": 0}, 43),
        ({"CURRENCY_CODE": "SEK", "CURRENCY_RATE": 2}, 43),
        ({"LANGUAGE_CODE": "XX"}, 44),
        ({"CODE_OF_COUNTRY": "ZZ"}, 279),
        ({"PROJECT_CODE": "9999"}, 149),
        ({"PROJECT_CODE": "900"}, 553),
        ({"PROFIT_CENTRE": "GBG"}, 150),
        ({"ROUND_OFF_ACCOUNT": "9999"}, 148),
        ({"DOCUMENT_PRINTED": True}, 109),
        ({"DOCUMENT_CANCELLED": True}, 109),
    ],
)
def test_head_is_refused(clerk: Clerk, values: dict[str, Any], code: int) -> None:
    with refused(code):
        clerk.add_invoice(hours(1, 100), **values)
    assert user.read(clerk.place.company, INVOICE_HEAD) == []


def test_prices_with_vat_are_refused(clerk: Clerk) -> None:
    with refused(109):
        clerk.record(INVOICE_HEAD, INCLUDING_VAT=True)
    clerk.record(INVOICE_HEAD, INCLUDING_VAT=False)


def test_foreign_currency_needs_its_module(open_company: OpenCompany) -> None:
    clerk = open_company({"currencies_active": False})
    with refused(209):
        clerk.add_invoice(CUSTOMER_NUMBER="2001")


def test_export_and_construction_exclude_each_other(clerk: Clerk) -> None:
    data = clerk.invoice_record(CUSTOMER_NUMBER="2001")
    with refused(377):
        clerk.put(data, INVOICE_HEAD, BUILDSERVICE=True)
    domestic = clerk.invoice_record(BUILDSERVICE=True)
    with refused(378):
        clerk.put(domestic, INVOICE_HEAD, EXPORT=True)


def test_construction_has_no_vat_and_its_own_account(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 1000), BUILDSERVICE=True)
    assert clerk.head(data, "TOTAL_AMOUNT", "VAT_AMOUNT") == [1000, 0]
    assert clerk.rows(data, "ACCOUNT_NUMBER", "VAT_CODE") == [["3231", "0"]]
    with refused(373):
        clerk.add_invoice(hours(1, 1000, VAT_CODE="1"), BUILDSERVICE=True)


def test_eu_trade_has_its_account_and_a_warning(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 100), CUSTOMER_NUMBER="2001", EU_ACCOUNT_FOR_QUARTERLY=True)
    assert clerk.rows(data, "ACCOUNT_NUMBER") == [["3308"]]
    assert clerk.warnings == [579]


def test_credit_limit_warns_and_writes(clerk: Clerk) -> None:
    user.change(clerk.place.company, CUSTOMER, "1001", {48: 2000})
    clerk.add_invoice(hours(1, 1000))
    assert clerk.warnings == []
    clerk.add_invoice(hours(1, 1000))
    assert clerk.warnings == [238]
    assert len(user.read(clerk.place.company, INVOICE_HEAD)) == 2


# -- rows --------------------------------------------------------------------------------------------------------


def test_an_article_fills_its_row(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(2, 1250))
    names = ("TEXT", "UNIT", "VAT_CODE", "ACCOUNT_NUMBER", "AMOUNT_CURRENT_CURRENCY", "ROWNUMBER")
    assert clerk.rows(data, *names) == [["Konsulttid", "tim", "1", "3041", 2500, 1]]


def test_what_the_row_says_itself_stays(clerk: Clerk) -> None:
    data = clerk.add_invoice(
        hours(1, 100, TEXT="Egen text", UNIT="", VAT_CODE="2", ACCOUNT_NUMBER="3050", PROJECT="1042")
    )
    assert clerk.rows(data, "TEXT", "UNIT", "VAT_CODE", "ACCOUNT_NUMBER") == [["Egen text", "", "2", "3050"]]


def test_account_without_one_on_the_accounting_code_is_the_companys(clerk: Clerk) -> None:
    data = clerk.add_invoice({"ARTICLE_NUMBER": "200", "QUANTITY1": 1, "PRICE_EACH_CURRENT_CURRENCY": 10})
    assert clerk.rows(data, "ACCOUNT_NUMBER") == [["3041"]]


def test_text_rows_carry_no_amount(clerk: Clerk) -> None:
    data = clerk.add_invoice({"TEXT": "Enligt avtal"}, hours(1, 100), {"TEXT": ""})
    assert clerk.rows(data, "TEXT", "VAT_CODE", "AMOUNT_CURRENT_CURRENCY") == [
        ["Enligt avtal", "", 0],
        ["Konsulttid", "1", 100],
        ["", "", 0],
    ]
    kinds = [row[0] for row in clerk.rows(data, "TYPE_OF_ROW")]
    assert kinds[0] == kinds[2] != kinds[1]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"TYPE_OF_ROW": "T", "ARTICLE_NUMBER": "100"}, 7),
        ({"TYPE_OF_ROW": "T", "QUANTITY1": 1}, 182),
        ({"TYPE_OF_ROW": "T", "PRICE_EACH_CURRENT_CURRENCY": 1}, 182),
        ({"TYPE_OF_ROW": "T", "ACCOUNT_NUMBER": "3041"}, 182),
        ({"TYPE_OF_ROW": "X"}, 197),
        (hours(1, 100, ARTICLE_NUMBER="999"), 50),
        (hours(1, 100, UNIT="mil"), 47),
        (hours(1, 100, VAT_CODE="5"), 373),
        (hours(1, 100, VAT_CODE="4"), 373),
        (hours(1, 100, VAT_CODE=""), 373),
        ({"TEXT": "Fritt", "QUANTITY1": 1, "PRICE_EACH_CURRENT_CURRENCY": 1}, 373),
        (hours(1, 100, ACCOUNT_NUMBER="9999"), 148),
        (hours(1, 100, PROJECT="9999"), 149),
        (hours(1, 100, PROJECT="900"), 553),
        (hours(1, 100, PROFIT_CENTRE="GBG"), 150),
        (hours(1, 100, ACCOUNT_NUMBER="3050"), 465),
        (hours(1, 100, ACCOUNT_NUMBER="3060"), 466),
        (hours(1, 100, ACCOUNT_NUMBER="3070", PROJECT="1042"), 192),
        (hours(1, 100, ACCOUNT_NUMBER="3070", PROFIT_CENTRE="STHLM"), 22),
    ],
)
def test_row_is_refused(clerk: Clerk, row: dict[str, Any], code: int) -> None:
    with refused(code):
        clerk.add_invoice(row)
    assert user.read(clerk.place.company, INVOICE_HEAD) == []


def test_vat_on_an_export_row_is_3(clerk: Clerk) -> None:
    with refused(3):
        clerk.add_invoice(hours(1, 100, VAT_CODE="1"), CUSTOMER_NUMBER="2001")
    clerk.add_invoice(hours(1, 100, VAT_CODE="0"), CUSTOMER_NUMBER="2001")


def test_project_and_profit_centre_of_the_head_go_to_the_rows(clerk: Clerk) -> None:
    rows = [hours(1, 1), hours(1, 1, PROJECT="1043"), hours(1, 1, PROJECT=""), hours(1, 1, ACCOUNT_NUMBER="3070")]
    data = clerk.add_invoice(*rows, {"TEXT": "text"}, PROJECT_CODE="1042", PROFIT_CENTRE="STHLM")
    assert clerk.rows(data, "PROJECT", "PROFIT_CENTRE") == [
        ["1042", "STHLM"],
        ["1043", "STHLM"],
        ["", "STHLM"],
        ["", ""],
        ["", ""],
    ]


def test_an_account_that_demands_takes_the_heads(clerk: Clerk) -> None:
    data = clerk.add_invoice(hours(1, 1, ACCOUNT_NUMBER="3050"), PROJECT_CODE="1042")
    assert clerk.rows(data, "PROJECT") == [["1042"]]


def test_an_inactive_account_warns(clerk: Clerk) -> None:
    clerk.add_invoice(hours(1, 100, ACCOUNT_NUMBER="3001"))
    assert clerk.warnings == [256]


def test_accounts_are_those_of_the_invoices_year(clerk: Clerk) -> None:
    user.change(clerk.place.company, 11, ("24", "3041"), {20: True})
    clerk.add_invoice(hours(1, 100))
    assert clerk.warnings == []
    clerk.add_invoice(hours(1, 100), DOCUMENT_DATE1="2025-12-31")
    assert clerk.warnings == [256]


def test_nrows_and_rows_must_agree(clerk: Clerk) -> None:
    for stated in (1, 3):
        data = clerk.invoice_record(hours(1, 1), hours(1, 2))
        clerk.put(data, INVOICE_HEAD, NROWS=stated)
        with refused(111):
            clerk.library.add(data)
    without = clerk.invoice_record(NROWS=2)
    with refused(111):
        clerk.library.add(without)


def test_rows_filled_after_attaching_count(clerk: Clerk) -> None:
    data = clerk.invoice_record()
    array = clerk.library.create_rows(INVOICE_ROW, 1)
    clerk.library.set_data(data, 103, array)
    clerk.put(data, INVOICE_HEAD, NROWS=1)
    clerk.put(clerk.library.row(array, 0), INVOICE_ROW, **hours(1, 1000))
    clerk.library.add(data)
    assert clerk.head(data, "EXCLUDING_OF_VAT") == [1000]


def test_four_hundred_rows(clerk: Clerk) -> None:
    data = clerk.add_invoice(*[hours(1, price) for price in range(1, 401)])
    assert clerk.head(data, "NROWS", "EXCLUDING_OF_VAT") == [400, 80200]
