"""The registers of the practice company in Administration as records by table and field id (contracts/adk.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from brygga.practice.administration_accounts import Purpose
from brygga.practice.administration_base import (
    OPEN_END,
    AdministrationBase,
    Record,
    Value,
    records,
    table_named,
)

UNITS = {"tim": "Timmar", "st": "Styck", "km": "Kilometer", "dag": "Dagar", "mån": "Månader"}
PAYMENT_TERMS = (10, 14, 20, 30, 45, 60)
LANGUAGES = {"SV": "Svenska", "EN": "Engelska", "DE": "Tyska", "NO": "Norska", "DA": "Danska", "FI": "Finska"}
PRICE_LISTS = {"A": ("Standardprislista", "SEK"), "EUR": ("Europa", "EUR")}
"""Text and currency."""
PRICE_LIST_CODES = {"Standard": "A", "Europa": "EUR"}
"""The same price lists as Severa names them."""
COUNTRIES = {
    "SE": "Sverige",
    "NO": "Norge",
    "DK": "Danmark",
    "FI": "Finland",
    "DE": "Tyskland",
    "NL": "Nederländerna",
    "GB": "Storbritannien",
    "US": "USA",
}
CURRENCIES = {
    "SEK": ("Sverige", 1, "1", "1"),
    "EUR": ("EMU", 1, "11.2345", "11.1320"),
    "USD": ("USA", 1, "10.4120", "10.3080"),
    "NOK": ("Norge", 100, "96.8900", "95.9200"),
    "DKK": ("Danmark", 100, "150.5900", "149.0800"),
}
"""Country, unit, sell and buy rate: SEK per unit of the currency (semantics §3.7)."""

ARTICLE_GROUPS = {"TJ": "Konsulttjänster", "RES": "Resor och utlägg", "VAROR": "Varor och licenser"}

Row = Mapping[str, Value]


def tables_of(base: AdministrationBase) -> dict[int, list[Record]]:
    """Every register of the company before the first transfer."""
    rows: dict[str, list[Row]] = {
        "CODE_OF_BOOKINGYEAR": _booking_years(base),
        "ACCOUNT": [
            {"SEASON_ID": year.id, "NUMBER": number, "TEXT": name}
            for year in base.years
            for number, name in base.chart.items()
        ],
        "CODE_OF_PROFIT_CENTRE": [
            {"YEAR_ID": year.id, "CODE": centre.code, "NAME": centre.name}
            for year in base.years
            for centre in base.profit_centres
        ],
        "PROJECT": [
            {
                "CODE_OF_PROJECT": project.code,
                "NAME": project.name,
                "DATE_OF_BEGINNING": base.years[0].start,
                "DATE_OF_END": OPEN_END,
            }
            for project in base.projects
        ],
        "CODE_OF_UNIT": [
            {"CODE": code, "DOMESTIC": True, "LANGUAGE": "SV", "TEXT": text, "DECIMALS": Decimal(2)}
            for code, text in UNITS.items()
        ],
        "CODE_OF_TERMS_OF_PAYMENT": [{"CODE": str(days), "TEXT": f"{days} dagar netto"} for days in PAYMENT_TERMS],
        "CODE_OF_LANGUAGE": [{"CODE": code, "TEXT": text} for code, text in LANGUAGES.items()],
        "CODE_OF_PRICE_LIST": [
            {"CODE": code, "TEXT": text, "CURRENCY_CODE": currency} for code, (text, currency) in PRICE_LISTS.items()
        ],
        "CODE_OF_COUNTRY_CODE": [{"CODE": code, "COUNTRY": name, "ISO": True} for code, name in COUNTRIES.items()],
        "CODE_OF_CURRENCY": [
            {"CODE": code, "COUNTRY": country, "UNIT": Decimal(unit), "SELL": Decimal(sell), "BUY": Decimal(buy)}
            for code, (country, unit, sell, buy) in CURRENCIES.items()
        ],
        "CODE_OF_ARTICLE_GROUP": [{"CODE": code, "TEXT": text} for code, text in ARTICLE_GROUPS.items()],
        "CODE_OF_ARTICLE_ACCOUNT": _accounting_codes(base),
        "PRM": [_settings(base)],
        "PRM2": [_more_settings(base)],
    }
    tables = {name: table_named(name) for name in rows}
    return {tables[name].id: records(tables[name], each) for name, each in rows.items()}


def _booking_years(base: AdministrationBase) -> list[Row]:
    found: list[Row] = []
    for year in base.years:
        row: dict[str, Value] = {"ID": year.id, "START": year.start, "END": year.end}
        locked = min(base.locked_through, year.end)
        if locked >= year.start:
            row["LOCKED_MONTH"] = f"{locked:%Y-%m}"
            row["YEAR_LOCKED"] = year.end < base.locked_through
        found.append(row)
    return found


def _accounting_codes(base: AdministrationBase) -> list[Row]:
    account = base.accounts
    codes = {
        "TJ25": ("Tjänster 25 %", Purpose.SALES_25, "1"),
        "TJ12": ("Tjänster 12 %", Purpose.SALES_12, "2"),
        "TJ6": ("Tjänster 6 %", Purpose.SALES_6, "3"),
        "TJ0": ("Tjänster momsfritt", Purpose.SALES_0, "0"),
        "UTL25": ("Fakturerade kostnader 25 %", Purpose.EXPENSES, "1"),
    }
    return [
        {
            "CODE": code,
            "TEXT": text,
            "SALES": account[purpose],
            "EXPORT_SALES": account[Purpose.SALES_EXPORT],
            "SALES_EU": account[Purpose.SALES_EU],
            "VAT": vat,
            "SERVICE": True,
        }
        for code, (text, purpose, vat) in codes.items()
    ]


def _settings(base: AdministrationBase) -> Row:
    return {
        "NAME": base.name,
        "ORGANISATION_NUMBER": base.organisation_number,
        "COUNTRY": "Sverige",
        "CODE_OF_COUNTRY": "SE",
        "CODE_OF_LANGUAGE": "SV",
        "LANGUAGE_CODE": "SV",
        "CODE_OF_CURRENCY": "SEK",
        "CURRENCY_CODE": "SEK",
        "DEFAULT_ARTICLE_GROUP": base.article_group,
        "DEFAULT_ARTICLE_ACCOUNTING_CODE": base.accounting_code,
        "DEFAULT_ARTICLE_UNIT_CODE": "st",
    }


def _more_settings(base: AdministrationBase) -> Row:
    account = base.accounts
    return {
        "VAT1": Decimal(25),
        "VAT2": Decimal(12),
        "VAT3": Decimal(6),
        "VAT4": Decimal(0),
        "DEFAULT_CUST_PAYMENT_TERMS": "30",
        "DEFAULT_ACCOUNT_CUSTOMER_CLAIM": account[Purpose.RECEIVABLES],
        "DEFAULT_ACCOUNT_VAT1": account[Purpose.VAT_25],
        "DEFAULT_ACCOUNT_VAT2": account[Purpose.VAT_12],
        "DEFAULT_ACCOUNT_VAT3": account[Purpose.VAT_6],
        "DEFAULT_ACCOUNT_SALES": account[Purpose.SALES_25],
        "DEFAULT_ACCOUNT_SALES_EXPORT": account[Purpose.SALES_EXPORT],
        "DEFAULT_ACCOUNT_SALES_EU": account[Purpose.SALES_EU],
        "DEFAULT_ACCOUNT_ROUND": account[Purpose.ROUNDING],
    }
