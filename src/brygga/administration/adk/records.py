"""Whole ADK records as they cross the process border: field id → value, amounts as decimal text, never as floats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = str | bool
"""Text, flag, number as decimal text (``"1234.50"``), date as ``yyyy-MM-dd`` or the empty text."""

FieldValue = tuple[int, Value]
"""A field to set and its value; the order of a sequence of them is the order in which they are set."""


@dataclass(frozen=True)
class AdkRecord:
    """One record: the fields that were asked for, and its rows where they were asked for."""

    fields: dict[int, Value]
    rows: tuple[dict[int, Value], ...] = ()

    def text(self, field_id: int) -> str:
        """The value of a text or date field."""
        value = self.fields[field_id]
        if not isinstance(value, str):
            raise TypeError(f"field {field_id} holds a flag, not a text")
        return value

    def flag(self, field_id: int) -> bool:
        """The value of a flag."""
        value = self.fields[field_id]
        if not isinstance(value, bool):
            raise TypeError(f"field {field_id} holds a text, not a flag")
        return value

    def number(self, field_id: int) -> Decimal:
        """The value of a number."""
        return Decimal(self.text(field_id))

    def whole(self, field_id: int) -> int:
        """The value of a number that counts or identifies (document numbers are doubles in the API)."""
        number = self.number(field_id)
        whole = int(number)
        if whole != number:
            raise ValueError(f"field {field_id} should be a whole number and is {number}")
        return whole


@dataclass(frozen=True)
class FieldTraits:
    """What the library says of a field: ``type`` is ADK_FIELD_TYPE; length of texts, decimals of numbers, else 0."""

    type: int
    length: int
    decimals: int
    writable: bool


@dataclass(frozen=True)
class Warned:
    """A warning (ADKW_*) given during a call, with the library's words for it."""

    code: int
    table: int
    field: int
    text: str


@dataclass(frozen=True)
class Scan:
    """A walk through a table.

    ``fields`` are read of each record, ``rows`` are the row fields wanted with them (None: heads only). ``order`` is an
    ADK_SORT_ORDER, None the primary key. ``backwards`` walks from the last record. ``limit`` ends after so many;
    ``until`` (field, value) ends before the first record beyond the value: below it when walking backwards, above it
    when walking forwards. ``filters`` are ADK filter expressions by field.
    """

    table: int
    fields: Sequence[int]
    rows: Sequence[int] | None = None
    order: int | None = None
    backwards: bool = False
    limit: int | None = None
    until: tuple[int, str] | None = None
    filters: Mapping[int, str] = field(default_factory=dict)


def record_to_wire(record: AdkRecord) -> dict[str, Any]:
    """The record as JSON takes it (object keys are texts there)."""
    return {"fields": record.fields, "rows": list(record.rows)}


def record_from_wire(data: Mapping[str, Any]) -> AdkRecord:
    """The record of ``record_to_wire`` after a journey through JSON."""
    return AdkRecord(_by_id(data["fields"]), tuple(_by_id(row) for row in data["rows"]))


def _by_id(values: Mapping[str, Value]) -> dict[int, Value]:
    return {int(field_id): value for field_id, value in values.items()}
