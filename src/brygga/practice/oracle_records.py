"""What the oracle knows and how it is compared with what was read from Administration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from brygga.practice.administration_base import table_named


@dataclass(frozen=True)
class Mentions:
    """A text whose wording the specification does not decide, only what it must mention."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.parts)


Expected = str | bool | Decimal | date | Mentions
Fields = Mapping[str, Expected]
"""Field name without its table's prefix (contracts/adk.md §2) → value."""

ROWS = "ROWS"


@dataclass(frozen=True)
class ExpectedRecord:
    """A record that must be in Administration. ``source``: the guid of the Severa document it comes from.

    ``key`` names the fields it is found by. Only the fields given are compared.
    """

    table: str
    source: str
    key: tuple[str, ...]
    fields: Fields
    rows: tuple[Fields, ...] = ()

    @property
    def name(self) -> str:
        """The record as a person would point at it."""
        return f"{self.table} {' / '.join(str(self.fields[each]) for each in self.key)}"


@dataclass(frozen=True)
class NeededRecords:
    """Register records that the invoices of the month need and that are not in Administration from the start."""

    customers: tuple[ExpectedRecord, ...] = ()
    projects: tuple[ExpectedRecord, ...] = ()
    articles: tuple[ExpectedRecord, ...] = ()


@dataclass(frozen=True)
class Oracle:
    """What must be true after customers, projects, articles and invoices were transferred, in this order.

    ``needed_for_month`` is what the invoice transfer alone must have created (semantics §4.7). ``severa_after``:
    invoice guid → the fields Severa must then have (status guid, number, referenceNumber). ``untouched``: invoices
    that must stay as they were.
    """

    customers: tuple[ExpectedRecord, ...]
    contacts: tuple[ExpectedRecord, ...]
    projects: tuple[ExpectedRecord, ...]
    articles: tuple[ExpectedRecord, ...]
    invoices: tuple[ExpectedRecord, ...]
    needed_for_month: NeededRecords
    severa_after: Mapping[str, Mapping[str, object]]
    untouched: tuple[str, ...] = ()
    before: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)
    """Keys that Administration had before the transfers, by table: records that are not expected but no surprise."""

    def all_records(self) -> tuple[ExpectedRecord, ...]:
        """Every record expected after the four transfers."""
        return self.customers + self.contacts + self.projects + self.articles + self.invoices

    def month_records(self) -> tuple[ExpectedRecord, ...]:
        """Every record expected when only the invoice transfer ran."""
        needed = self.needed_for_month
        return needed.customers + needed.projects + needed.articles + self.invoices


@dataclass(frozen=True)
class Difference:
    """Something that is not as it must be; ``found`` is None when the record or the field is not there."""

    record: str
    field: str
    expected: object
    found: object

    def __str__(self) -> str:
        return f"{self.record} {self.field}: expected {self.expected!r}, found {self.found!r}"


Read = Callable[[int], Sequence[Mapping[Any, Any]]]
"""Reads all records of a table by its id: field id (or name) → value; an invoice head holds its rows in ROWS."""


def compare(
    oracle: Oracle, read: Read, *, records: Iterable[ExpectedRecord] | None = None, surplus: bool = True
) -> list[Difference]:
    """Every difference between what is expected and what Administration has.

    ``records`` limits the comparison (``oracle.month_records()``; default all). With ``surplus`` a record that is
    neither expected nor was there before is a difference too, in the tables that are compared.
    """
    wanted = list(oracle.all_records() if records is None else records)
    found: list[Difference] = []
    for table in dict.fromkeys(record.table for record in wanted):
        here = [record for record in wanted if record.table == table]
        held = [_by_name(table, each) for each in read(table_named(table).id)]
        found += _compare_table(here, held, oracle.before.get(table, frozenset()), surplus=surplus)
    return found


def _compare_table(
    wanted: list[ExpectedRecord], held: list[dict[str, Any]], before: frozenset[tuple[str, ...]], *, surplus: bool
) -> list[Difference]:
    key = wanted[0].key
    by_key: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for each in held:
        by_key.setdefault(_key(each, key), []).append(each)
    found: list[Difference] = []
    for record in wanted:
        candidates = by_key.pop(_key(record.fields, key), [])
        if len(candidates) != 1:
            found.append(Difference(record.name, "(record)", 1, len(candidates)))
            continue
        found += _compare_record(record, candidates[0])
    if surplus:
        extra = [each for each in by_key if each not in before]
        found += [
            Difference(f"{wanted[0].table} {' / '.join(each)}", "(record)", 0, len(by_key[each])) for each in extra
        ]
    return found


def _compare_record(record: ExpectedRecord, held: Mapping[str, Any]) -> list[Difference]:
    found = _compare_fields(record.name, record.fields, held)
    if record.table != "INVOICE_HEAD":
        return found
    rows = [_by_name("INVOICE_ROW", row) for row in held.get(ROWS) or ()]
    if len(rows) != len(record.rows):
        return [*found, Difference(record.name, "(rows)", len(record.rows), len(rows))]
    for place, (expected, row) in enumerate(zip(record.rows, rows, strict=True), start=1):
        found += _compare_fields(f"{record.name} row {place}", expected, row)
    return found


def _compare_fields(name: str, expected: Fields, held: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(name, field_name, value, held.get(field_name))
        for field_name, value in expected.items()
        if not same(value, held.get(field_name))
    ]


def same(expected: Expected, found: object) -> bool:
    """Whether a value read is the expected one: an absent value is the empty one, numbers are compared as numbers."""
    if isinstance(expected, Mentions):
        return all(part in str(found or "") for part in expected.parts)
    if found is None:
        return expected in ("", False, Decimal(0)) and not isinstance(expected, date)
    if isinstance(expected, bool):
        return isinstance(found, (bool, int)) and bool(found) is expected
    if isinstance(expected, Decimal):
        try:
            return not isinstance(found, bool) and Decimal(str(found)) == expected
        except InvalidOperation:
            return False
    if isinstance(expected, date):
        return _day(found) == expected
    return isinstance(found, str) and found == expected


def _day(found: object) -> date | None:
    if isinstance(found, datetime):
        return found.date()
    if isinstance(found, date):
        return found
    digits = str(found).replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _key(record: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_key_text(record.get(name)) for name in names)


def _key_text(value: object) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value or "")


def _by_name(table: str, record: Mapping[Any, Any]) -> dict[str, Any]:
    fields = table_named(table).fields
    return {fields[key].name if isinstance(key, int) else str(key): value for key, value in record.items()}
