"""What a table, a field and a sort order of the practice company are (contracts/adk.md §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from brygga.administration.adk.library import FieldType

Value = str | bool | Decimal | int
"""A stored value: text, flag, number, or a date as the plain number yyyymmdd (0 = empty)."""

TEXT_LENGTHS: dict[str, int] = {
    "account": 6,
    "address": 50,
    "city": 24,
    "code": 6,
    "country code": 3,
    "currency": 3,
    "document type": 1,
    "e-mail": 100,
    "language": 3,
    "local remark": 255,
    "name": 50,
    "notes": 1000,
    "number": 16,
    "ocr": 25,
    "organisation number": 20,
    "path": 255,
    "phone": 20,
    "project": 6,
    "remark": 60,
    "short name": 20,
    "sign": 10,
    "sort order": 20,
    "text": 50,
    "unit": 4,
    "vat code": 1,
    "vat number": 20,
    "year": 3,
    "letter": 1,
    "month": 7,
    "zip": 16,
}
"""Length of a text field that has no hint in contracts/adk_fields.json, by kind of text: the practice company's own
choice (the truth is AdkGetLength on a real installation). Project code 6 and name 50 are from semantics §4.0."""

AMOUNT_DECIMALS = 2
RATE_DECIMALS = 6
PRICE_DECIMALS = 2
PRICE_DECIMALS_WIDE = 4
"""Unit prices when PRM field 72 is on (contracts/adk.md §2.3)."""
STORED_DECIMALS_WIDE = 4
"""Prices and quantities are stored with four decimals whatever the company shows."""


@dataclass(frozen=True)
class Field:
    """One field. ``decimals`` is how a number is stored; ``measure`` says whose setting limits what a client may give:
    ``fixed`` (= decimals), ``price`` (PRM 72) or ``quantity`` (a switch of the installation)."""

    id: int
    name: str
    type: FieldType
    length: int = 0
    decimals: int = 0
    writable: bool = True
    measure: str = "fixed"

    @property
    def empty(self) -> Value:
        """The value of the field before anything is set."""
        if self.type is FieldType.CHAR:
            return ""
        if self.type is FieldType.BOOL:
            return False
        return 0 if self.type is FieldType.DATE else Decimal(0)


@dataclass(frozen=True)
class SortOrder:
    """A sort order (ADK_SORT_ORDER number): ``columns`` sort, ``search`` must have a value before a find."""

    number: int
    columns: tuple[int, ...]
    search: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A register or document table. ``code`` is its ADKE_DBTABLE_* number, ``key`` its unique fields.

    ``orders[0]`` is the default order. ``last_field`` is the highest field id of the contract, also when the engine
    leaves that field out. ``editable`` tables take add/update/delete from a client; the others are kept in the program.
    """

    id: int
    name: str
    prefix: str
    code: int
    fields: Mapping[int, Field]
    key: tuple[int, ...]
    orders: tuple[SortOrder, ...]
    last_field: int
    timestamp: int | None = None
    row_table: int | None = None
    editable: bool = False

    @property
    def sql_name(self) -> str:
        """Name of the SQL table that holds it."""
        return self.name.lower()

    @property
    def search_fields(self) -> frozenset[int]:
        """Fields that may carry a search value even when a client may not change them."""
        return frozenset(field for order in self.orders for field in order.search)

    def stored_fields(self) -> list[Field]:
        """The fields that have a column: all but the row array."""
        return [field for field in self.fields.values() if field.type is not FieldType.DATA]


def text(field: int, name: str, length: int | str, *, writable: bool = True) -> Field:
    """An eChar field; ``length`` is a hint of the contract or a kind from TEXT_LENGTHS."""
    characters = length if isinstance(length, int) else TEXT_LENGTHS[length]
    return Field(field, name, FieldType.CHAR, length=characters, writable=writable)


def flag(field: int, name: str, *, writable: bool = True) -> Field:
    """An eBool field."""
    return Field(field, name, FieldType.BOOL, writable=writable)


def day(field: int, name: str, *, writable: bool = True) -> Field:
    """An eDate field."""
    return Field(field, name, FieldType.DATE, writable=writable)


def number(field: int, name: str, decimals: int = AMOUNT_DECIMALS, *, writable: bool = True) -> Field:
    """An eDouble field with a fixed number of decimals."""
    return Field(field, name, FieldType.DOUBLE, decimals=decimals, writable=writable)


def price(field: int, name: str, *, writable: bool = True) -> Field:
    """An eDouble field that holds a unit price."""
    return Field(field, name, FieldType.DOUBLE, decimals=STORED_DECIMALS_WIDE, writable=writable, measure="price")


def quantity(field: int, name: str) -> Field:
    """An eDouble field that holds a quantity."""
    return Field(field, name, FieldType.DOUBLE, decimals=STORED_DECIMALS_WIDE, measure="quantity")


def order(number: int, *columns: int, search: tuple[int, ...] | None = None) -> SortOrder:
    """A sort order; without ``search`` every sorting column must be given before a find."""
    return SortOrder(number, columns, columns if search is None else search)


def by_id(fields: Sequence[Field]) -> dict[int, Field]:
    """The fields by id, in id order."""
    return {field.id: field for field in sorted(fields, key=lambda each: each.id)}
