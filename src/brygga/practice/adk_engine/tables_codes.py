"""The code registers and settings of the practice company (contracts/adk.md §2.2, §2.3).

They are kept in the program, so a client reads them only (``editable`` is off); the accountant's side is user.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from brygga.practice.adk_engine.fields import (
    PRICE_DECIMALS_WIDE,
    RATE_DECIMALS,
    Field,
    SortOrder,
    Table,
    by_id,
    day,
    flag,
    number,
    order,
    text,
)


def _code_table(
    identity: tuple[int, str, int],
    key: tuple[int, ...],
    orders: tuple[SortOrder, ...],
    fields: Sequence[Field],
    last_field: int | None = None,
) -> Table:
    """A register kept in the program; ``identity`` is table id, name and ADKE_DBTABLE_* code."""
    table, name, code = identity
    known = by_id(fields)
    stamp = next((field.id for field in fields if field.name == "TIMESTAMP"), None)
    last = max(known) if last_field is None else last_field
    return Table(table, name, f"ADK_{name}_", code, known, key, orders, last, timestamp=stamp)


def _stamp(field: int) -> Field:
    return day(field, "TIMESTAMP")


ACCOUNT = _code_table(
    (11, "ACCOUNT", 70),
    (0, 1),
    (order(21, 0, 1), order(22, 0, 2)),
    [
        text(0, "SEASON_ID", "year"),
        text(1, "NUMBER", "account"),
        text(2, "TEXT", "text"),
        text(3, "VAT_CODE", "code"),
        text(8, "PROFIT_CENTRE_ON_ACCOUNT", "letter"),
        text(9, "PROFIT_CENTRE", "code"),
        text(10, "PROJECT_ON_ACCOUNT", "letter"),
        text(11, "PROJECT", "project"),
        text(19, "TYPE_OF_ACCOUNT", "letter"),
        flag(20, "NOT_ACTIVE"),
        _stamp(22),
    ],
    last_field=24,
)

CODE_OF_TERMS_OF_PAYMENT = _code_table(
    (15, "CODE_OF_TERMS_OF_PAYMENT", 60),
    (0,),
    (order(30, 0),),
    [text(0, "CODE", 8), text(1, "TEXT", 30), text(2, "PAYMENT_CODE", "code"), _stamp(3)],
)

CODE_OF_LANGUAGE = _code_table(
    (16, "CODE_OF_LANGUAGE", 62),
    (0,),
    (order(31, 0), order(32, 1)),
    [text(0, "CODE", "language"), text(1, "TEXT", "text"), flag(2, "ISO"), _stamp(3)],
)

CODE_OF_CURRENCY = _code_table(
    (17, "CODE_OF_CURRENCY", 61),
    (0,),
    (order(33, 0),),
    [
        text(0, "CODE", "currency"),
        text(1, "COUNTRY", "text"),
        number(2, "UNIT", 0),
        day(3, "DATE_OF_REGISTRATION"),
        number(4, "SELL", RATE_DECIMALS),
        number(5, "BUY", RATE_DECIMALS),
        _stamp(6),
    ],
)

CODE_OF_ARTICLE_GROUP = _code_table(
    (22, "CODE_OF_ARTICLE_GROUP", 64),
    (0,),
    (order(39, 0),),
    [text(0, "CODE", 6), text(1, "TEXT", 25), _stamp(2)],
)

CODE_OF_ARTICLE_ACCOUNT = _code_table(
    (23, "CODE_OF_ARTICLE_ACCOUNT", 65),
    (0,),
    (order(40, 0),),
    [
        text(0, "CODE", "code"),
        text(1, "TEXT", "text"),
        text(2, "SALES", "account"),
        text(3, "EXPORT_SALES", "account"),
        text(4, "SALES_EU", "account"),
        text(8, "PROFIT_CENTRE", "code"),
        text(9, "VAT", "vat code"),
        flag(11, "SERVICE"),
        text(12, "BUILD", "account"),
        text(15, "PROJECT", "project"),
        _stamp(16),
    ],
)

CODE_OF_UNIT = _code_table(
    (24, "CODE_OF_UNIT", 66),
    (0, 2),
    (order(41, 0, 2, search=(0,)),),
    [
        text(0, "CODE", "unit"),
        flag(1, "DOMESTIC"),
        text(2, "LANGUAGE", "language"),
        text(3, "TEXT", "text"),
        number(4, "DECIMALS", 0),
        text(5, "ISO", "code"),
        _stamp(6),
    ],
)

CODE_OF_PROFIT_CENTRE = _code_table(
    (25, "CODE_OF_PROFIT_CENTRE", 74),
    (0, 1),
    (order(42, 0, 1),),
    [text(0, "YEAR_ID", "year"), text(1, "CODE", 6), text(2, "NAME", 20), _stamp(3)],
)

CODE_OF_PRICE_LIST = _code_table(
    (26, "CODE_OF_PRICE_LIST", 63),
    (0,),
    (order(43, 0),),
    [
        text(0, "CODE", "code"),
        text(1, "TEXT", "text"),
        text(2, "CURRENCY_CODE", "currency"),
        text(3, "LANGUAGE_CODE", "language"),
        flag(4, "INCLUDING_VAT"),
        text(5, "NOTE", "text"),
        _stamp(15),
    ],
)

CODE_OF_COUNTRY_CODE = _code_table(
    (61, "CODE_OF_COUNTRY_CODE", 398),
    (0,),
    (order(160, 0),),
    [text(0, "CODE", "country code"), text(1, "COUNTRY", "text"), flag(2, "ISO"), _stamp(3)],
)

CODE_OF_BOOKINGYEAR = _code_table(
    (67, "CODE_OF_BOOKINGYEAR", 475),
    (0,),
    (order(181, 0), order(182, 1)),
    [
        text(0, "ID", "year"),
        day(1, "START"),
        day(2, "END"),
        _stamp(3),
        text(4, "APTYPE", "letter"),
        text(5, "LOCKED_MONTH", "month"),
        flag(6, "YEAR_LOCKED"),
    ],
)

PRM = _code_table(
    (27, "PRM", 489),
    (),
    (),
    [
        text(0, "NAME", "name"),
        text(1, "MAILING_ADDRESS", "address"),
        text(2, "VISITING_ADDRESS", "address"),
        text(3, "ZIPCODE", "zip"),
        text(4, "CITY", "city"),
        text(5, "COUNTRY", "city"),
        text(11, "ORGANISATION_NUMBER", "organisation number"),
        text(13, "VAT_NUMBER", "vat number"),
        text(14, "CODE_OF_LANGUAGE", "language"),
        text(15, "CODE_OF_CURRENCY", "currency"),
        text(38, "CODE_OF_COUNTRY", "country code"),
        text(45, "PROGRAM", "text"),
        number(46, "DATABASE_VERSION", PRICE_DECIMALS_WIDE),
        text(50, "LANGUAGE_CODE", "language"),
        text(51, "CURRENCY_CODE", "currency"),
        text(66, "DEFAULT_ARTICLE_GROUP", 6),
        text(67, "DEFAULT_ARTICLE_ACCOUNTING_CODE", "code"),
        text(68, "DEFAULT_ARTICLE_UNIT_CODE", "unit"),
        flag(69, "DEFAULT_ARTICLE_STOCK_GOODS"),
        flag(71, "VER_SERIES_ACTIVATED"),
        flag(72, "PRICE_4_DECIMALS_ACTIVATED"),
    ],
    last_field=81,
)

PRM2 = _code_table(
    (58, "PRM2", 590),
    (),
    (),
    [
        number(0, "VAT1"),
        number(1, "VAT2"),
        number(2, "VAT3"),
        number(3, "VAT4"),
        text(5, "DEFAULT_VATCODE_CARGO_FEE", "vat code"),
        text(6, "DEFAULT_VATCODE_DISPATCH_FEE", "vat code"),
        text(10, "DEFAULT_PRICELIST", "code"),
        flag(11, "DEFAULT_CUST_EXPORT"),
        flag(12, "DEFAULT_CUST_EU_CUSTOMER"),
        text(13, "DEFAULT_CUST_PAYMENT_TERMS", 8),
        flag(24, "DEFAULT_CUST_DISPATCH_FEE"),
        flag(26, "DEFAULT_CUST_CARGO_FEE"),
        text(29, "DEFAULT_OOI_OUR_REFERENCE_NAME", 25),
        number(30, "DEFAULT_OOI_DISPATCH_FEE"),
        number(31, "DEFAULT_OOI_CARGO_FEE"),
        text(36, "NEXT_CUSTOMER_NO", "number"),
        text(38, "NEXT_ARTICLE_NO", "number"),
        text(42, "DEFAULT_ACCOUNT_CUSTOMER_CLAIM", "account"),
        text(45, "DEFAULT_ACCOUNT_VAT1", "account"),
        text(46, "DEFAULT_ACCOUNT_VAT2", "account"),
        text(47, "DEFAULT_ACCOUNT_VAT3", "account"),
        text(48, "DEFAULT_ACCOUNT_VAT4", "account"),
        text(49, "DEFAULT_ACCOUNT_SALES", "account"),
        text(50, "DEFAULT_ACCOUNT_SALES_EXPORT", "account"),
        text(51, "DEFAULT_ACCOUNT_ROUND", "account"),
        text(63, "DEFAULT_ACCOUNT_SALES_EU", "account"),
    ],
    last_field=91,
)
