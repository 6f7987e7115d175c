"""Records ⇄ ADK fields: one table per card, in the order in which the fields are set.

The order follows contracts/adk.md §4 ("Order of sets"): what fills defaults first (the customer of a document, the
article of a row), then everything that overrides them. Conversion is exact: amounts as decimal text, dates ISO.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from brygga.administration.adk.records import AdkRecord, FieldValue, Value
from brygga.administration.adk.tables import (
    ArticleField,
    ContactField,
    CustomerField,
    HeadField,
    ProjectField,
    RowField,
    Table,
)
from brygga.records.base import Record
from brygga.records.target import (
    ArticleCard,
    Card,
    ContactCard,
    CustomerCard,
    DocumentRow,
    InvoiceDocument,
    Kind,
    PostedInvoice,
    ProjectCard,
    RowKind,
)

NO_START = date.min
"""A project that has no start date in Administration."""
NO_END = date.max
"""A project that has no end date in Administration."""


class As(Enum):
    """What a field's wire value is in a record."""

    TEXT = auto()
    FLAG = auto()
    AMOUNT = auto()
    WHOLE = auto()
    DATE = auto()


@dataclass(frozen=True)
class Column:
    """One field of a card and its ADK field.

    ``explicit`` fields are sent also when off or empty, because the program would else fill them with defaults of the
    company, the customer or the article; ``assigned`` fields are given by the program and never sent. ``empty`` stands
    for an empty date.
    """

    name: str
    field: int
    kind: As = As.TEXT
    explicit: bool = False
    assigned: bool = False
    empty: date | None = None


@dataclass(frozen=True)
class CardTable:
    """How one kind of card lies in Administration: its table, key and columns."""

    kind: Kind
    table: Table
    card: type[Record]
    key: Column
    columns: tuple[Column, ...]

    @property
    def fields(self) -> list[int]:
        """The ADK fields of all columns."""
        return [column.field for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of a card's field. KeyError for a field that the card has not."""
        return {column.name: column for column in self.columns}[name]


def _table(kind: Kind, table: Table, card: type[Record], columns: Sequence[Column], key: str) -> CardTable:
    return CardTable(kind, table, card, next(column for column in columns if column.name == key), tuple(columns))


CUSTOMER = _table(
    Kind.CUSTOMER,
    Table.CUSTOMER,
    CustomerCard,
    [
        Column("number", CustomerField.NUMBER),
        Column("name", CustomerField.NAME),
        Column("mailing_address", CustomerField.MAILING_ADDRESS),
        Column("mailing_address2", CustomerField.MAILING_ADDRESS2),
        Column("zip_code", CustomerField.ZIPCODE),
        Column("city", CustomerField.CITY),
        Column("country", CustomerField.COUNTRY),
        Column("country_code", CustomerField.CODE_OF_COUNTRY),
        Column("telephone", CustomerField.TELEPHONE),
        Column("fax", CustomerField.FAX),
        Column("email", CustomerField.EMAIL),
        Column("export", CustomerField.EXPORT, As.FLAG, explicit=True),
        Column("eu_customer", CustomerField.EU_CUSTOMER, As.FLAG, explicit=True),
        Column("buildservice", CustomerField.BUILDSERVICE, As.FLAG),
        Column("organisation_number", CustomerField.ORGANISATION_NUMBER),
        Column("vat_number", CustomerField.VAT_NUMBER),
        Column("currency", CustomerField.CODE_OF_CURRENCY),
        Column("language", CustomerField.CODE_OF_LANGUAGE),
        Column("payment_terms", CustomerField.CODE_OF_TERMS_OF_PAYMENT, explicit=True),
        # Not explicit: a new customer without one has the company's own default price list.
        Column("price_list", CustomerField.PRICE_LIST),
        Column("inactive", CustomerField.INACTIVE, As.FLAG),
    ],
    "number",
)
CONTACT = _table(
    Kind.CONTACT,
    Table.CONTACT,
    ContactCard,
    [
        Column("number", ContactField.ID, As.WHOLE, assigned=True),
        Column("customer_number", ContactField.CUSTOMER_NUMBER),
        Column("name", ContactField.NAME),
        Column("telephone", ContactField.TELEPHONE),
        Column("mobile", ContactField.MOBILEPHONE),
        Column("email", ContactField.EMAIL),
        Column("title", ContactField.TITLE),
    ],
    "number",
)
PROJECT = _table(
    Kind.PROJECT,
    Table.PROJECT,
    ProjectCard,
    [
        Column("code", ProjectField.CODE_OF_PROJECT),
        Column("name", ProjectField.NAME),
        Column("start", ProjectField.DATE_OF_BEGINNING, As.DATE, empty=NO_START),
        Column("end", ProjectField.DATE_OF_END, As.DATE, empty=NO_END),
        Column("customer_number", ProjectField.CUSTOMER_NUMBER),
        Column("customer_name", ProjectField.CUSTOMER_NAME),
        Column("closed", ProjectField.CLOSED, As.FLAG),
    ],
    "code",
)
ARTICLE = _table(
    Kind.ARTICLE,
    Table.ARTICLE,
    ArticleCard,
    [
        Column("number", ArticleField.NUMBER),
        Column("name", ArticleField.NAME),
        Column("group", ArticleField.GROUP),
        Column("accounting_code", ArticleField.ACCOUNTING_CODE),
        Column("unit", ArticleField.UNIT_CODE),
        Column("inactive", ArticleField.INACTIVE, As.FLAG),
    ],
    "number",
)
INVOICE = _table(
    Kind.INVOICE,
    Table.INVOICE_HEAD,
    InvoiceDocument,
    [
        Column("customer_number", HeadField.CUSTOMER_NUMBER),
        Column("number", HeadField.DOCUMENT_NUMBER, As.WHOLE),
        Column("type", HeadField.TYPE_OF_INVOICE),
        Column("date", HeadField.DOCUMENT_DATE1, As.DATE),
        Column("due_date", HeadField.DOCUMENT_DATE2, As.DATE),
        Column("export", HeadField.EXPORT, As.FLAG, explicit=True),
        Column("buildservice", HeadField.BUILDSERVICE, As.FLAG, explicit=True),
        Column("eu_trade", HeadField.EU_ACCOUNT_FOR_QUARTERLY, As.FLAG),
        # Explicit: an invoice in the company's own currency never takes over the customer's foreign one (§4.6).
        Column("currency", HeadField.CURRENCY_CODE, explicit=True),
        Column("rate", HeadField.CURRENCY_RATE, As.AMOUNT),
        Column("unit", HeadField.CURRENCY_UNIT, As.WHOLE),
        Column("payment_terms", HeadField.CODE_OF_TERMS_OF_PAYMENT, explicit=True),
        Column("your_reference", HeadField.CUSTOMER_REFERENCE_NAME),
        Column("our_reference", HeadField.OUR_REFERENCE_NAME),
        Column("order_number", HeadField.CUSTOMER_ORDER_NUMBER),
        Column("project", HeadField.PROJECT_CODE, explicit=True),
        Column("profit_centre", HeadField.PROFIT_CENTRE),
        Column("original_number", HeadField.NUMBER_OF_ORIGINAL_INVOICE, As.WHOLE),
        Column("ocr", HeadField.OCR_NUMBER),
        Column("remark", HeadField.LOCAL_REMARK),
        Column("net", HeadField.EXCLUDING_OF_VAT, As.AMOUNT, assigned=True),
        Column("vat", HeadField.VAT_AMOUNT, As.AMOUNT, assigned=True),
        Column("round_off", HeadField.ROUND_OFF, As.AMOUNT, assigned=True),
        Column("total", HeadField.TOTAL_AMOUNT, As.AMOUNT, assigned=True),
    ],
    "number",
)
POSTED = _table(
    Kind.INVOICE,
    Table.INVOICE_HEAD,
    PostedInvoice,
    [
        Column("number", HeadField.DOCUMENT_NUMBER, As.WHOLE),
        Column("type", HeadField.TYPE_OF_INVOICE),
        Column("customer_number", HeadField.CUSTOMER_NUMBER),
        Column("date", HeadField.DOCUMENT_DATE1, As.DATE),
        Column("net", HeadField.EXCLUDING_OF_VAT, As.AMOUNT),
        Column("vat", HeadField.VAT_AMOUNT, As.AMOUNT),
        Column("round_off", HeadField.ROUND_OFF, As.AMOUNT),
        Column("total", HeadField.TOTAL_AMOUNT, As.AMOUNT),
        Column("remark", HeadField.LOCAL_REMARK),
        Column("printed", HeadField.DOCUMENT_PRINTED, As.FLAG),
        Column("cancelled", HeadField.DOCUMENT_CANCELLED, As.FLAG),
        Column("not_done", HeadField.DOCUMENT_NOT_DONE, As.FLAG),
        Column("ocr", HeadField.OCR_NUMBER),
        Column("currency", HeadField.CURRENCY_CODE),
    ],
    "number",
)
"""An invoice as read back: head only."""

CARDS: dict[Kind, CardTable] = {table.kind: table for table in (CUSTOMER, CONTACT, PROJECT, ARTICLE, INVOICE)}
"""What is created and updated, by kind."""

ROW_COLUMNS = (
    Column("article", RowField.ARTICLE_NUMBER),
    Column("text", RowField.TEXT),
    Column("quantity", RowField.QUANTITY1, As.AMOUNT),
    Column("price", RowField.PRICE_EACH_CURRENT_CURRENCY, As.AMOUNT),
    # Explicit: a unit without mapping stays empty (semantics §4.4, AT-34) and is not the article's.
    Column("unit", RowField.UNIT, explicit=True),
    Column("vat_code", RowField.VAT_CODE),
    Column("account", RowField.ACCOUNT_NUMBER),
    Column("profit_centre", RowField.PROFIT_CENTRE),
    Column("project", RowField.PROJECT),
)
"""A priced row. QUANTITY2 (ordered) gets the same quantity: clients set both (contracts/adk.md §2.2)."""
ROW_FIELDS = [column.field for column in ROW_COLUMNS]

NOT_THE_CUSTOMERS: tuple[tuple[Table, int], ...] = (
    (Table.INVOICE_HEAD, HeadField.INVOICE_DISCOUNT),
    (Table.INVOICE_HEAD, HeadField.CARGO_AMOUNT),
    (Table.INVOICE_HEAD, HeadField.DISPATCH_FEE),
    (Table.INVOICE_ROW, RowField.DISCOUNT),
)
"""Discounts and fees that setting CUSTOMER_NUMBER copies from the customer (contracts/adk.md, INVOICE_HEAD 14): zero on
every document, because its amounts are Severa's. Sent only where the installation lets a client set them."""


# -- to Administration ---------------------------------------------------------------------------------------
def wire_value(column: Column, value: Any) -> Value:
    """A card's value as the host takes it. TypeError when it is not of the column's kind."""
    match column.kind, value:
        case As.FLAG, bool():
            return value
        case As.TEXT, str():
            return value
        case As.AMOUNT, Decimal():
            return format(value, "f")
        case As.WHOLE, int() if not isinstance(value, bool):
            return str(value)
        case As.DATE, date():
            return "" if value == column.empty else value.isoformat()
        case ((As.AMOUNT | As.WHOLE), None):
            return "0"
        case As.DATE, None:
            return ""
    raise TypeError(f"{column.name} cannot be {value!r}")


def values_to_create(table: CardTable, card: Card, writable: Iterable[int]) -> list[FieldValue]:
    """The fields to set on a new record, in order: what the card has, and the explicit flags.

    ``writable`` are the fields that this installation lets a client set: an explicit flag that is off is left out where
    it has no such field.
    """
    allowed = frozenset(writable)
    values: list[FieldValue] = []
    for column in table.columns:
        value = getattr(card, column.name)
        if column.assigned:
            continue
        if value not in ("", None, False) or (column.explicit and column.field in allowed):
            values.append((column.field, wire_value(column, value)))
    return _defaults_first(table, values)


def _defaults_first(table: CardTable, values: list[FieldValue]) -> list[FieldValue]:
    """First what fills defaults, then flags that are off: export and building service exclude each other (377, 378),
    also while one of them is still a copied default."""
    first = table.columns[0].field
    return sorted(values, key=lambda pair: 0 if pair[0] == first else 1 if pair[1] is False else 2)


def changes_to_write(table: CardTable, changes: Mapping[str, object]) -> list[FieldValue]:
    """The fields to change, in the table's order; an empty value empties its field.

    ValueError for the record's key and for fields that the program itself assigns.
    """
    unknown = changes.keys() - {column.name for column in table.columns}
    fixed = {column.name for column in table.columns if column.assigned or column is table.key} & changes.keys()
    if unknown or fixed:
        raise ValueError(f"fields of {table.kind} that cannot be changed: {sorted(unknown | fixed)}")
    wanted = [
        (column.field, wire_value(column, changes[column.name])) for column in table.columns if column.name in changes
    ]
    return _defaults_first(table, wanted)


def zeros(table: Table, writable: Container[tuple[int, int]]) -> list[FieldValue]:
    """The fields of ``NOT_THE_CUSTOMERS`` in a table, as nothing; ``writable`` as (table, field)."""
    return [(field, "0") for of, field in NOT_THE_CUSTOMERS if of is table and (int(of), int(field)) in writable]


def document_rows(rows: Iterable[DocumentRow], priced: Sequence[FieldValue] = ()) -> list[list[FieldValue]]:
    """The rows of a document as fields, ``priced`` added to each that has a price. A text row is one that has a text
    only (the type letters are not public)."""
    return [_text_row(row) if row.kind is RowKind.TEXT else [*_priced_row(row), *priced] for row in rows]


def _text_row(row: DocumentRow) -> list[FieldValue]:
    return [(RowField.TEXT, row.text)]


def _priced_row(row: DocumentRow) -> list[FieldValue]:
    values: list[FieldValue] = []
    for column in ROW_COLUMNS:
        value = getattr(row, column.name)
        if value == "" and not column.explicit:
            continue
        values.append((column.field, wire_value(column, value)))
        if column.name == "quantity":
            values.append((RowField.QUANTITY2, wire_value(column, value)))
    return values


# -- from Administration -------------------------------------------------------------------------------------
def record_value(column: Column, record: AdkRecord) -> Any:
    """A field's value in the record's terms. ValueError for an empty date where the record must have one."""
    match column.kind:
        case As.FLAG:
            return record.flag(column.field)
        case As.TEXT:
            return record.text(column.field)
        case As.AMOUNT:
            return record.number(column.field)
        case As.WHOLE:
            return record.whole(column.field)
        case As.DATE:
            text = record.text(column.field)
            if text:
                return date.fromisoformat(text)
            if column.empty is None:
                raise ValueError(f"{column.name} is empty")
            return column.empty


def card_values(table: CardTable, record: AdkRecord) -> dict[str, Any]:
    """Every field of the card, by name."""
    return {column.name: record_value(column, record) for column in table.columns}


def document_of(record: AdkRecord) -> InvoiceDocument:
    """An invoice with its rows, as Administration holds it; numbers that are not set (0) are None."""
    values = card_values(INVOICE, record)
    for name in ("rate", "unit", "original_number"):
        values[name] = values[name] or None
    return InvoiceDocument(**values, rows=tuple(_row_of(row) for row in record.rows))


def _row_of(fields: dict[int, Value]) -> DocumentRow:
    record = AdkRecord(fields)
    values = {column.name: record_value(column, record) for column in ROW_COLUMNS}
    priced = bool(values["article"]) or values["quantity"] != 0 or values["price"] != 0
    return DocumentRow(kind=RowKind.PRICED if priced else RowKind.TEXT, **values)
