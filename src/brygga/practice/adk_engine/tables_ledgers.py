"""The ledgers of the practice company: suppliers, their invoices, incoming payments (contracts/adk.md §2.2).

A client reads them; they are written in the program (``user_ledgers``), so ``editable`` is off.
"""

from __future__ import annotations

from brygga.administration.adk.library import FieldType
from brygga.practice.adk_engine.fields import (
    RATE_DECIMALS,
    Field,
    Table,
    by_id,
    day,
    flag,
    number,
    order,
    price,
    quantity,
    text,
)

SUPPLIER_ROWS, SUPPLIER_NROWS = 36, 37

SUPPLIER = Table(
    id=12,
    name="SUPPLIER",
    prefix="ADK_SUPPLIER_",
    code=67,
    key=(0,),
    orders=(order(2, 0), order(3, 1)),
    last_field=65,
    timestamp=54,
    fields=by_id(
        [
            text(0, "NUMBER", 16),
            text(1, "NAME", 50),
            text(3, "MAILING_ADDRESS", "address"),
            text(6, "ZIPCODE", "zip"),
            text(7, "CITY", 24),
            text(8, "COUNTRY", 24),
            text(14, "ORGANISATION_NUMBER", "organisation number"),
            text(15, "CODE_OF_CURRENCY", "currency"),
            text(17, "BGIRO", 13),
            text(32, "CODE_OF_COUNTRY", "country code"),
            text(43, "EMAIL", "e-mail"),
            day(54, "TIMESTAMP"),
            flag(57, "INACTIVE"),
        ]
    ),
)

SUPPLIER_INVOICE_ROW = Table(
    id=9,
    name="SUPPLIER_INVOICE_ROW",
    prefix="ADK_OOI_ROW_",
    code=55,
    key=(),
    orders=(),
    last_field=52,
    timestamp=49,
    fields=by_id(
        [
            text(0, "ARTICLE_NUMBER", 16),
            text(1, "SUPPLIER_ARTICLE_NUMBER", 16),
            quantity(2, "QUANTITY1"),
            price(5, "PRICE_EACH_CURRENT_CURRENCY"),
            number(9, "AMOUNT_CURRENT_CURRENCY"),
            number(10, "AMOUNT_DOMESTIC_CURRENCY"),
            text(11, "ACCOUNT_NUMBER", 6),
            text(12, "PROFIT_CENTRE", 6),
            text(13, "PROJECT", 10),
            text(14, "TEXT", 60),
            text(15, "UNIT", 4),
            number(31, "ROWNUMBER", 0),
            day(49, "TIMESTAMP"),
        ]
    ),
)

SUPPLIER_INVOICE_HEAD = Table(
    id=8,
    name="SUPPLIER_INVOICE_HEAD",
    prefix="ADK_SUP_INV_HEAD_",
    code=69,
    key=(0,),
    orders=(order(14, 0), order(15, 9), order(2, 1), order(3, 2)),
    last_field=47,
    timestamp=43,
    row_table=9,
    fields=by_id(
        [
            number(0, "GIVEN_NUMBER", 0),
            text(1, "SUPPLIER_NUMBER", 16),
            text(2, "SUPPLIER_NAME", 50),
            text(4, "ORGANISATION_NUMBER", "organisation number"),
            text(5, "BGIRO", 13),
            text(6, "INVOICE_NUMBER", 16),
            day(8, "INVOICE_DATE"),
            day(9, "DUE_DATE"),
            text(10, "CURRENCY_CODE", 4),
            number(11, "CURRENCY_RATE", RATE_DECIMALS),
            text(12, "TYPE_OF_INVOICE", "document type"),
            number(13, "TOTAL"),
            number(14, "BALANCE_CURRENT_CURRENCY"),
            number(16, "VAT_AMOUNT"),
            text(18, "NAME_OF_CERTIFIER", "name"),
            flag(19, "CERTIFIED"),
            flag(20, "CANCELLED"),
            text(21, "PROJECT", 10),
            text(22, "PROFIT_CENTRE", 6),
            number(23, "JOURNAL_NUMBER", 0),
            text(24, "NOTE1", "remark"),
            number(27, "CURRENCY_UNIT", 0),
            text(28, "SUPPLIER_DEBT_ACCOUNT", "account"),
            Field(SUPPLIER_ROWS, "ROWS", FieldType.DATA),
            number(SUPPLIER_NROWS, "NROWS", 0),
            text(40, "CREDIT_NUMBER", "number"),
            day(43, "TIMESTAMP"),
            text(46, "LOCAL_REMARK", "local remark"),
        ]
    ),
)

CUSTOMERPAYMENT = Table(
    id=62,
    name="CUSTOMERPAYMENT",
    prefix="ADK_CUSTOMERPAYMENT_",
    code=401,
    key=(0,),
    orders=(order(161, 1), order(164, 1, 2, search=(1,)), order(233, 2)),
    last_field=38,
    timestamp=38,
    fields=by_id(
        [
            number(0, "NR", 0),
            number(1, "INVOICE_NUMBER", 0),
            day(2, "DATE"),
            number(6, "CURRENCY_RATE", RATE_DECIMALS),
            number(7, "AMOUNT_CURRENCY"),
            number(8, "AMOUNT_KR"),
            text(9, "PAYTEXT", "text"),
            text(10, "CURRENCY_CODE", "currency"),
            flag(24, "CANCELLED"),
            flag(28, "NOT_DONE"),
            flag(31, "SETTLED"),
            number(32, "SETTLED_INVOICE_NR", 0),
            day(38, "TIMESTAMP"),
        ]
    ),
)
