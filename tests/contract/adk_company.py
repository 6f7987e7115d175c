"""A small test company of the practice installation, and a clerk who works in it through the port.

Fields are named as in contracts/adk_fields.json (without the table's prefix), so that the suite knows ids and types
from the contract and not from the code it tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.library import AdkLibrary, FieldType, Handle
from brygga.practice.adk_engine.company import Installation, Switches, create_company, create_installation
from tests.shared import contract

CUSTOMER, ARTICLE, INVOICE_HEAD, INVOICE_ROW, PROJECT, ACCOUNT = 0, 1, 6, 7, 10, 11
TERMS_OF_PAYMENT, LANGUAGE, CURRENCY, ARTICLE_GROUP, ARTICLE_ACCOUNT, UNIT, PROFIT_CENTRE = 15, 16, 17, 22, 23, 24, 25
PRICE_LIST, PRM, PRM2, COUNTRY_CODE, BOOKINGYEAR, CONTACT = 26, 27, 58, 61, 67, 69

Values = Mapping[str, Any]


@cache
def _names() -> dict[int, dict[str, int]]:
    tables = {}
    for table in contract("adk_fields.json").values():
        prefix = table["field_prefix"]
        tables[table["db_id"]] = {each["name"].removeprefix(prefix): each["id"] for each in table["fields"]}
    return tables


def field_id(table: int, name: str) -> int:
    """The documented id of a field."""
    return _names()[table][name]


def seed(table: int, *records: Values) -> list[dict[int, Any]]:
    """Records for ``create_company``: field names to ids; the ROWS of a head are invoice rows."""
    return [_ids(table, record) for record in records]


def _ids(table: int, record: Values) -> dict[int, Any]:
    ids = {field_id(table, name): value for name, value in record.items()}
    if table == INVOICE_HEAD and 103 in ids:
        ids[103] = [_ids(INVOICE_ROW, row) for row in ids[103]]
    return ids


def _accounts(year: str) -> list[Values]:
    def account(number: str, **more: Any) -> Values:
        return {"SEASON_ID": year, "NUMBER": number, "TEXT": f"Konto {number}", **more}

    return [
        account("1510"),
        account("2611"),
        account("2621"),
        account("2631"),
        account("3041"),
        account("3305"),
        account("3308"),
        account("3231"),
        account("3740"),
        account("3001", NOT_ACTIVE=True),
        account("3050", PROJECT_ON_ACCOUNT="E"),
        account("3060", PROFIT_CENTRE_ON_ACCOUNT="E"),
        account("3070", PROJECT_ON_ACCOUNT="S", PROFIT_CENTRE_ON_ACCOUNT="S"),
    ]


def default_tables() -> dict[int, list[dict[int, Any]]]:
    """The registers of the test company: 2025 is booking year 24, 2026 is 25."""
    years = ("24", "25")
    return {
        BOOKINGYEAR: seed(
            BOOKINGYEAR,
            {"ID": "24", "START": date(2025, 1, 1), "END": date(2025, 12, 31)},
            {"ID": "25", "START": date(2026, 1, 1), "END": date(2026, 12, 31)},
        ),
        ACCOUNT: seed(ACCOUNT, *(each for year in years for each in _accounts(year))),
        PROFIT_CENTRE: seed(PROFIT_CENTRE, *({"YEAR_ID": year, "CODE": "STHLM", "NAME": "Sthlm"} for year in years)),
        TERMS_OF_PAYMENT: seed(TERMS_OF_PAYMENT, {"CODE": "30", "TEXT": "30 dagar"}, {"CODE": "10", "TEXT": "10 d"}),
        PRICE_LIST: seed(PRICE_LIST, {"CODE": "A", "TEXT": "Standard"}, {"CODE": "EUR", "TEXT": "Europa"}),
        LANGUAGE: seed(LANGUAGE, {"CODE": "SV", "TEXT": "Svenska"}, {"CODE": "EN", "TEXT": "Engelska"}),
        CURRENCY: seed(
            CURRENCY,
            {"CODE": "EUR", "UNIT": 1, "SELL": Decimal("11.234500"), "BUY": Decimal("11.2")},
            {"CODE": "NOK", "UNIT": 100, "SELL": Decimal("96.9"), "BUY": Decimal("96")},
        ),
        COUNTRY_CODE: seed(COUNTRY_CODE, {"CODE": "SE", "COUNTRY": "Sverige"}, {"CODE": "DE", "COUNTRY": "Tyskland"}),
        UNIT: seed(
            UNIT,
            {"CODE": "tim", "DOMESTIC": True, "TEXT": "timmar"},
            {"CODE": "tim", "LANGUAGE": "EN", "TEXT": "hours"},
            {"CODE": "st", "DOMESTIC": True, "TEXT": "styck"},
        ),
        ARTICLE_GROUP: seed(ARTICLE_GROUP, {"CODE": "KONS", "TEXT": "Konsulttid"}),
        ARTICLE_ACCOUNT: seed(
            ARTICLE_ACCOUNT,
            {
                "CODE": "TJ25",
                "SALES": "3041",
                "EXPORT_SALES": "3305",
                "SALES_EU": "3308",
                "BUILD": "3231",
                "VAT": "1",
            },
            {"CODE": "UTAN", "VAT": "1"},
        ),
        ARTICLE: seed(
            ARTICLE,
            {"NUMBER": "100", "NAME": "Konsulttid", "GROUP": "KONS", "ACCOUNTING_CODE": "TJ25", "UNIT_CODE": "tim"},
            {"NUMBER": "200", "NAME": "Utan konto", "GROUP": "KONS", "ACCOUNTING_CODE": "UTAN"},
        ),
        CUSTOMER: seed(
            CUSTOMER,
            {
                "NUMBER": "1001",
                "NAME": "Åkeri & Söner AB",
                "MAILING_ADDRESS": "Box 12",
                "CITY": "Malmö",
                "REFERENCE": "Eva Ek",
                "CODE_OF_TERMS_OF_PAYMENT": "30",
                "ORGANISATION_NUMBER": "556900-4566",
            },
            {"NUMBER": "1002", "NAME": "Bygg AB"},
            {
                "NUMBER": "2001",
                "NAME": "Bau GmbH",
                "CODE_OF_CURRENCY": "EUR",
                "EXPORT": True,
                "VAT_NUMBER": "DE123456789",
            },
        ),
        PROJECT: seed(
            PROJECT,
            {"CODE_OF_PROJECT": "1042", "NAME": "Införande", "DATE_OF_BEGINNING": date(2026, 1, 1)},
            {"CODE_OF_PROJECT": "1043", "NAME": "Drift"},
            {"CODE_OF_PROJECT": "900", "NAME": "Gammalt", "CLOSED": True, "DATE_OF_CLOSURE": date(2025, 6, 30)},
        ),
        CONTACT: seed(CONTACT, {"NAME": "Eva Ek", "CUSTOMER_NUMBER": "1001"}),
        PRM: seed(PRM, {"NAME": "Exempelkonsult AB", "CURRENCY_CODE": "SEK"}),
        PRM2: seed(
            PRM2,
            {
                "VAT1": 25,
                "VAT2": 12,
                "VAT3": 6,
                "DEFAULT_CUST_PAYMENT_TERMS": "30",
                "DEFAULT_OOI_OUR_REFERENCE_NAME": "Åsa Öberg",
                "NEXT_CUSTOMER_NO": "0050",
                "DEFAULT_ACCOUNT_CUSTOMER_CLAIM": "1510",
                "DEFAULT_ACCOUNT_VAT1": "2611",
                "DEFAULT_ACCOUNT_VAT2": "2621",
                "DEFAULT_ACCOUNT_VAT3": "2631",
                "DEFAULT_ACCOUNT_SALES": "3041",
                "DEFAULT_ACCOUNT_SALES_EXPORT": "3305",
                "DEFAULT_ACCOUNT_SALES_EU": "3308",
                "DEFAULT_ACCOUNT_ROUND": "3740",
            },
        ),
    }


@dataclass
class Place:
    """The folders of an installation and its company."""

    common: Path
    company: Path
    installation: Installation = field(default_factory=Installation)

    def reinstall(self, **changes: Any) -> None:
        """Rewrite the installation; noticed at the next open."""
        self.installation = replace(self.installation, **changes)
        create_installation(self.common, self.installation)


def build_place(
    folder: Path,
    *,
    switches: Switches | None = None,
    tables: Mapping[int, Sequence[Mapping[int, Any]]] | None = None,
    name: str = "Exempelkonsult AB",
    **options: Any,
) -> Place:
    """An installation with one company under the folder. ``tables`` replace whole registers of the default ones."""
    place = Place(folder / "Gemensamma filer", folder / "Företag" / "Övnbol")
    place.reinstall(switches=switches or Switches(), today="2026-01-31")
    options = {"next_invoice_number": 10457, **options}
    create_company(place.common, place.company, name, {**default_tables(), **(tables or {})}, **options)
    return place


@contextmanager
def refused(code: int) -> Iterator[None]:
    """The call inside must be refused with exactly this code."""
    with pytest.raises(AdkError) as caught:
        yield
    assert caught.value.code == code


class Clerk:
    """Works in an open company through the port, by field names."""

    def __init__(self, library: AdkLibrary, place: Place) -> None:
        self.library = library
        self.place = place
        self.warnings: list[int] = []
        library.set_warning_function(self._warned)

    def _warned(self, status: AdkStatus) -> None:
        self.warnings.append(status.code)

    def open(self, user: str = "", password: str = "") -> None:
        """Open the company."""
        self.library.open(str(self.place.common), str(self.place.company), user, password)

    def record(self, table: int, **values: Any) -> Handle:
        """A new record with the values set, in the order given."""
        data = self.library.create_data(table)
        self.put(data, table, **values)
        return data

    def put(self, data: Handle, table: int, **values: Any) -> None:
        """Set fields: text, bool, a number as Decimal or int, a date as ``yyyy-MM-dd``."""
        for name, value in values.items():
            number = field_id(table, name)
            kind = self.library.field_type(data, number)
            if kind is FieldType.CHAR:
                self.library.set_str(data, number, value)
            elif kind is FieldType.BOOL:
                self.library.set_bool(data, number, value)
            elif kind is FieldType.DATE:
                self.library.set_date(data, number, self.library.date_to_long(value))
            else:
                self.library.set_double(data, number, float(value))

    def value(self, data: Handle, table: int, name: str) -> Any:
        """A field's value, in the form of ``put``: numbers as Decimal, dates as text."""
        number = field_id(table, name)
        kind = self.library.field_type(data, number)
        if kind is FieldType.CHAR:
            return self.library.get_str(data, number, self.library.field_length(data, number) + 1)
        if kind is FieldType.BOOL:
            return self.library.get_bool(data, number)
        if kind is FieldType.DATE:
            return self.library.long_to_date(self.library.get_date(data, number))
        return Decimal(repr(self.library.get_double(data, number)))

    def values(self, data: Handle, table: int, *names: str) -> list[Any]:
        """Several fields."""
        return [self.value(data, table, name) for name in names]

    def add(self, table: int, **values: Any) -> Handle:
        """Add a register record."""
        data = self.record(table, **values)
        self.library.add(data)
        return data

    def found(self, table: int, *, rows: bool = False, **key: Any) -> Handle:
        """The record with the key in the table's default order."""
        data = self.record(table, **key)
        self.library.find(data, rows)
        return data

    def attach(self, head: Handle, rows: Sequence[Values]) -> Handle:
        """Make an array of the rows and put it on the head."""
        array = self.library.create_rows(INVOICE_ROW, len(rows))
        for place, values in enumerate(rows):
            self.put(self.library.row(array, place), INVOICE_ROW, **values)
        self.put(head, INVOICE_HEAD, NROWS=len(rows))
        self.library.set_data(head, field_id(INVOICE_HEAD, "ROWS"), array)
        return array

    def invoice_record(self, *rows: Values, **head: Any) -> Handle:
        """An invoice for customer 1001 of 2026-01-31, not added yet. A row is one hour unless it says more."""
        values = {"CUSTOMER_NUMBER": "1001", "DOCUMENT_DATE1": "2026-01-31", **head}
        data = self.record(INVOICE_HEAD, **values)
        if rows:
            self.attach(data, rows)
        return data

    def add_invoice(self, *rows: Values, **head: Any) -> Handle:
        """The same, added."""
        data = self.invoice_record(*rows, **head)
        self.library.add(data)
        return data

    def head(self, data: Handle, *names: str) -> list[Any]:
        """Fields of an invoice head."""
        return self.values(data, INVOICE_HEAD, *names)

    def number(self, data: Handle) -> int:
        """The document number."""
        return int(self.value(data, INVOICE_HEAD, "DOCUMENT_NUMBER"))

    def rows(self, data: Handle, *names: str) -> list[list[Any]]:
        """Fields of every row of a head that was read with its rows."""
        rows_field = field_id(INVOICE_HEAD, "ROWS")
        count = int(self.value(data, INVOICE_HEAD, "NROWS"))
        handles = [self.library.get_data(data, rows_field, place) for place in range(count)]
        return [self.values(row, INVOICE_ROW, *names) for row in handles]

    def walk(self, data: Handle, table: int, name: str, *, backwards: bool = False) -> list[Any]:
        """A field of every record from the first to the last, or the other way."""
        step = self.library.previous if backwards else self.library.next
        end = 78 if backwards else 79
        (self.library.last if backwards else self.library.first)(data, False)
        seen = [self.value(data, table, name)]
        while True:
            try:
                step(data, False)
            except AdkError as error:
                if error.code != end:
                    raise
                return seen
            seen.append(self.value(data, table, name))


def hours(quantity: Any, price: Any, **more: Any) -> Values:
    """A row of article 100 (Konsulttid, 25 % VAT, account 3041)."""
    return {"ARTICLE_NUMBER": "100", "QUANTITY1": quantity, "PRICE_EACH_CURRENT_CURRENCY": price, **more}


def free_row(quantity: Any, price: Any, **more: Any) -> Values:
    """A row without article, 25 % VAT unless it says another code."""
    values = {"TEXT": "Fritt", "VAT_CODE": "1", **more}
    return {"QUANTITY1": quantity, "PRICE_EACH_CURRENT_CURRENCY": price, **values}
