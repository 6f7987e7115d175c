"""The records that a client holds by handle, and the rules of reading and setting their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from brygga.practice.adk_engine.codes import Rc, Refusal
from brygga.practice.adk_engine.fields import Field, SortOrder, Table, Value
from brygga.practice.adk_engine.storage import Stored

NO_ORDER = SortOrder(-1, (), ())
"""The order of a table that has no sort order: its one record."""


@dataclass(eq=False)
class Record:
    """A record of a table as the client sees it (ADK_DATA).

    ``changed``: fields set since it was read. ``stored``: what it was read from; None before. ``edge``: where the last
    step fell off (before the first, after the last record). ``rows``: an invoice's rows, None when read without them.
    ``attached``: the row array that AdkSetData put on it, until the next write takes it. ``owned``: every array that
    was ever attached, freed with the head.
    """

    table: Table
    handle: int = 0
    parent: Record | RowArray | None = None
    values: dict[int, Value] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    order: SortOrder = NO_ORDER
    filters: dict[int, str] = field(default_factory=dict)
    stored: Stored | None = None
    edge: Literal["", "before", "after"] = ""
    rows: list[Record] | None = None
    attached: RowArray | None = None
    owned: list[RowArray] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.table.orders:
            self.order = self.table.orders[0]

    def clear(self) -> None:
        """Empty it: fields, position, filters and sort order."""
        self.values = {}
        self.changed = set()
        self.filters = {}
        self.order = self.table.orders[0] if self.table.orders else NO_ORDER
        self.lose_position()

    def lose_position(self) -> None:
        """Forget which stored record it is."""
        self.stored = None
        self.edge = ""
        self.rows = None

    def field(self, field_id: int) -> Field:
        """The field's description; 102 when the table has no such field."""
        known = self.table.fields.get(field_id)
        if known is None:
            raise Refusal(Rc.UNKNON_DB_FIELD, self.table.code)
        return known

    def value(self, known: Field) -> Value:
        """The field's value, empty when never set."""
        return self.values.get(known.id, known.empty)


@dataclass(eq=False)
class RowArray:
    """An array of rows (AdkCreateDataRow)."""

    table: Table
    rows: list[Record]
    handle: int = 0


class Handles:
    """The live handles of one engine. A freed handle is never given out again."""

    def __init__(self) -> None:
        self._live: dict[int, Record | RowArray] = {}
        self._numbers = count(1001)

    def __len__(self) -> int:
        return len(self._live)

    def register(self, item: Record | RowArray) -> int:
        """Give the item a handle, once."""
        if not item.handle:
            item.handle = next(self._numbers)
            self._live[item.handle] = item
        return item.handle

    def record(self, handle: int) -> Record:
        """A record or row; 211 when the handle is neither."""
        found = self._live.get(handle)
        if not isinstance(found, Record):
            raise Refusal(Rc.INVALID_STRUCT_POINTER)
        return found

    def array(self, handle: int) -> RowArray:
        """A row array; 212 when the handle is none."""
        found = self._live.get(handle)
        if not isinstance(found, RowArray):
            raise Refusal(Rc.INVALID_STRUCT_POINTER_TO_ROW)
        return found

    def item(self, handle: int) -> Record | RowArray:
        """Whatever the handle is; 211 when it is nothing."""
        found = self._live.get(handle)
        if found is None:
            raise Refusal(Rc.INVALID_STRUCT_POINTER)
        return found

    def free(self, item: Record | RowArray) -> None:
        """Free a record with its rows and arrays, or an array with its rows."""
        self._live.pop(item.handle, None)
        if isinstance(item, RowArray):
            self.free_rows(item.rows)
            return
        self.free_rows(item.rows or [])
        for array in item.owned:
            self.free(array)

    def free_rows(self, rows: list[Record]) -> None:
        """Free the handles of rows that go away with their owner."""
        for row in rows:
            self._live.pop(row.handle, None)

    def records(self) -> list[Record]:
        """All live records."""
        return [item for item in self._live.values() if isinstance(item, Record)]
