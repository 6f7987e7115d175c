"""``AdkSession``: whole records over the field-wise port of the Administration API. Standard library only.

One session uses one library on one thread. Every handle is freed on every path; a position code (78, 79, 115) ends a
search, every other code is raised; a list is complete or an exception.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from brygga.administration.adk.errors import AdkError, AdkStatus, Code
from brygga.administration.adk.library import AdkLibrary, FieldType, Handle
from brygga.administration.adk.records import AdkRecord, FieldTraits, FieldValue, Scan, Value, Warned
from brygga.administration.adk.tables import ROW_TABLES, ROWS_OF

NOISE = Decimal("1e-4")
"""A double may differ by this part of its field's last decimal from a value of the field and still be that value."""

END_OF_TABLE = frozenset({Code.EOF, Code.BOF, Code.NOT_FOUND})
"""Which of 79 and 115 an empty table answers is not public (contracts/adk.md §1.3, AdkFirst)."""


class WrittenNotRead(Exception):
    """The record was written, but what the library made of it could not be read back; ``cause`` says why."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"written, but not read back: {cause}")
        self.cause = cause


class AdkSession:
    """Reads and writes whole records of one company through ``library``."""

    def __init__(self, library: AdkLibrary) -> None:
        self._library = library
        self._traits: dict[tuple[int, int], FieldTraits] = {}
        self._dates: dict[int, str] = {}
        self._stamps: dict[int, int | None] = {}
        self._warnings: list[Warned] = []
        self._open = False
        library.set_warning_function(self._note_warning)

    # -- session ---------------------------------------------------------------------------------------------
    @property
    def library(self) -> AdkLibrary:
        """The library, for questions that are about it and not about records."""
        return self._library

    @property
    def is_open(self) -> bool:
        """Whether a company is open (and a licence taken)."""
        return self._open

    def open(self, common_path: str, company_path: str, user: str, password: str) -> None:
        """Open a company, closing the one that was open. Both names of the log-in are empty when there is none."""
        self.close()
        self._traits.clear()
        self._dates.clear()
        self._stamps.clear()
        self._library.open(common_path, company_path, user, password)
        self._open = True

    def close(self) -> None:
        """Close the company and give the licence back; nothing happens when none is open."""
        if self._open:
            self._open = False
            self._library.close()

    def version(self) -> tuple[int, int]:
        """API version, major and minor."""
        return self._library.version()

    def take_warnings(self) -> tuple[Warned, ...]:
        """The warnings since the last time this was asked."""
        warnings, self._warnings = tuple(self._warnings), []
        return warnings

    def _note_warning(self, status: AdkStatus) -> None:
        text = self._library.error_text(status)
        self._warnings.append(Warned(status.code, status.table, status.field, text))

    # -- what fields are -------------------------------------------------------------------------------------
    def describe(self, table: int, fields: Sequence[int]) -> dict[int, FieldTraits]:
        """What the library says of the fields; those that this installation does not have (102) are left out."""
        with self._blank(table) as data:
            described: dict[int, FieldTraits] = {}
            for field in fields:
                try:
                    described[field] = self._ask_traits(table, data, field)
                except AdkError as error:
                    if error.code != Code.UNKNOWN_FIELD:
                        raise
            return described

    def _ask_traits(self, table: int, data: Handle, field: int) -> FieldTraits:
        known = self._traits.get((table, field))
        if known is None:
            kind = self._library.field_type(data, field)
            length = self._library.field_length(data, field) if kind == FieldType.CHAR else 0
            decimals = self._library.field_decimals(data, field) if kind == FieldType.DOUBLE else 0
            known = FieldTraits(int(kind), length, decimals, self._library.is_read_write(data, field))
            self._traits[table, field] = known
        return known

    # -- reading ---------------------------------------------------------------------------------------------
    def find(
        self,
        table: int,
        key: Mapping[int, Value],
        fields: Sequence[int],
        *,
        rows: Sequence[int] | None = None,
        order: int | None = None,
    ) -> AdkRecord | None:
        """The record whose key fields have these values, None when there is none (115)."""
        with self._record(table) as data:
            if order is not None:
                self._library.set_sort_order(data, order)
            return self._read(table, data, fields, rows) if self._found(table, data, key, rows is not None) else None

    def find_many(
        self,
        table: int,
        key_field: int,
        keys: Sequence[Value],
        fields: Sequence[int],
        rows: Sequence[int] | None = None,
    ) -> list[AdkRecord | None]:
        """One record, or None, for each key, in the order of the keys; with its rows where row fields are named."""
        return [self.find(table, {key_field: key}, fields, rows=rows) for key in keys]

    def scan(self, scan: Scan) -> list[AdkRecord]:
        """Every record of the walk: complete, or an exception."""
        with self._record(scan.table) as data:
            if scan.order is not None:
                self._library.set_sort_order(data, scan.order)
            for field, expression in scan.filters.items():
                self._library.set_filter(data, field, expression)
            return list(self._walk(scan, data))

    def _walk(self, scan: Scan, data: Handle) -> Iterator[AdkRecord]:
        library, with_rows = self._library, scan.rows is not None
        step, onwards = (library.last, library.previous) if scan.backwards else (library.first, library.next)
        given = 0
        while scan.limit is None or given < scan.limit:
            try:
                step(data, with_rows)
            except AdkError as error:
                if error.code in END_OF_TABLE:
                    return
                raise
            if self._beyond(scan, data):
                return
            yield self._read(scan.table, data, scan.fields, scan.rows)
            given += 1
            step = onwards

    def _beyond(self, scan: Scan, data: Handle) -> bool:
        if scan.until is None:
            return False
        field, bound = scan.until
        value = self._get(scan.table, data, field)
        assert isinstance(value, str)
        if field == self._stamps.get(scan.table) and moment_of(value) is None:
            return False  # an unread change time never ends a walk
        if self._ask_traits(scan.table, data, field).type == FieldType.DOUBLE:
            here, there = Decimal(value), Decimal(bound)
            return here < there if scan.backwards else here > there
        return value < bound if scan.backwards else value > bound

    def _found(self, table: int, data: Handle, key: Mapping[int, Value], with_rows: bool) -> bool:
        for field, value in key.items():
            self._set(table, data, field, value)
        try:
            self._library.find(data, with_rows)
        except AdkError as error:
            if error.code == Code.NOT_FOUND:
                return False
            raise
        return True

    def _read(self, table: int, data: Handle, fields: Sequence[int], rows: Sequence[int] | None) -> AdkRecord:
        values = {field: self._get(table, data, field) for field in fields}
        if rows is None:
            return AdkRecord(values)
        place = ROWS_OF[table]
        count = round(self._library.get_double(data, place.count_field))
        found: list[dict[int, Value]] = []
        for index in range(count):
            row = self._library.get_data(data, place.rows_field, index)
            found.append({field: self._get(place.table, row, field) for field in rows})
        return AdkRecord(values, tuple(found))

    # -- writing ---------------------------------------------------------------------------------------------
    def add(
        self,
        table: int,
        values: Sequence[FieldValue],
        *,
        rows: Sequence[Sequence[FieldValue]] = (),
        read_back: Sequence[int] = (),
    ) -> AdkRecord:
        """Insert a record, its fields set in the given order, with its rows; answers the fields of ``read_back``.

        Raises AdkError when nothing was written and WrittenNotRead when the record is there but unread.
        """
        with self._record(table) as data:
            for field, value in values:
                self._set(table, data, field, value)
            if rows:
                self._attach(table, data, rows)
            self._library.add(data)
            return self._read_back(table, data, read_back)

    def update(
        self, table: int, key: Mapping[int, Value], changes: Sequence[FieldValue], *, read_back: Sequence[int] = ()
    ) -> AdkRecord:
        """Change fields of the record with this key, without touching its rows. 115 when there is none."""
        with self._record(table) as data:
            if not self._found(table, data, key, with_rows=False):
                raise self._error(Code.NOT_FOUND)
            for field, value in changes:
                self._set(table, data, field, value)
            self._library.update(data)
            return self._read_back(table, data, read_back)

    def _read_back(self, table: int, data: Handle, fields: Sequence[int]) -> AdkRecord:
        try:
            return self._read(table, data, fields, None)
        except Exception as error:
            raise WrittenNotRead(error) from error

    def _attach(self, table: int, data: Handle, rows: Sequence[Sequence[FieldValue]]) -> None:
        place = ROWS_OF[table]
        array = self._library.create_rows(place.table, len(rows))
        try:
            for index, values in enumerate(rows):
                row = self._library.row(array, index)
                for field, value in values:
                    self._set(place.table, row, field, value)
            self._library.set_double(data, place.count_field, float(len(rows)))
            self._library.set_data(data, place.rows_field, array)
        except BaseException:
            self._library.delete_struct(array)  # from set_data on the rows belong to the head and go with it
            raise

    # -- fields ----------------------------------------------------------------------------------------------
    def _get(self, table: int, data: Handle, field: int) -> Value:
        traits = self._ask_traits(table, data, field)
        match traits.type:
            case FieldType.CHAR:
                # Whether the length given counts the NUL is unknown: one more is asked for (contracts/adk.md §1.1).
                return self._library.get_str(data, field, traits.length + 1)
            case FieldType.BOOL:
                return self._library.get_bool(data, field)
            case FieldType.DOUBLE:
                number = self._library.get_double(data, field)
                if not math.isfinite(number):
                    raise self._error(Code.INVALID_DATA)
                return decimal_text(number, traits.decimals)
            case FieldType.DATE:
                long = self._library.get_date(data, field)
                return self._moment_text(long) if field == self._stamp(table, data) else self._date_text(long)
            case _:
                raise self._error(Code.INVALID_DATA_TYPE)

    def _set(self, table: int, data: Handle, field: int, value: Value) -> None:
        traits = self._ask_traits(table, data, field)
        if isinstance(value, bool) is not (traits.type == FieldType.BOOL):
            raise self._error(Code.INVALID_DATA_TYPE)
        if isinstance(value, bool):
            self._library.set_bool(data, field, value)
        elif traits.type == FieldType.CHAR:
            self._library.set_str(data, field, value)
        elif traits.type == FieldType.DOUBLE:
            self._library.set_double(data, field, self._double(value, traits.decimals))
        elif traits.type == FieldType.DATE:
            self._library.set_date(data, field, self._library.date_to_long(value) if value else 0)
        else:
            raise self._error(Code.INVALID_DATA_TYPE)

    def _double(self, text: str, decimals: int) -> float:
        """The double nearest to a decimal text; more decimals than the field has are refused here as well, so that no
        library can round an amount (181)."""
        number = Decimal(text)
        if number != round(number, decimals):
            raise self._error(Code.TOO_MANY_DECIMALS)
        return float(number)

    def _date_text(self, long: int) -> str:
        text = self._dates.get(long)
        if text is None:
            text = self._dates[long] = self._library.long_to_date(long) if long else ""
        return text

    def _stamp(self, table: int, data: Handle) -> int | None:
        """The timestamp field of the table, whose LONG is a moment and not a date; None where it has none (607)."""
        if table not in self._stamps:
            try:
                self._stamps[table] = self._library.timestamp_field(data)
            except AdkError as error:
                if error.code != Code.NO_TIMESTAMP_FIELD:
                    raise
                self._stamps[table] = None
        return self._stamps[table]

    def _moment_text(self, long: int) -> str:
        """A change time as ``yyyy-MM-dd HH:mm:ss``, the empty text for 0. A text of another form is passed on as it is:
        the form is not public (contracts/adk.md §1.3), and whoever reads it must see that it was not understood."""
        text = self._library.long_to_date_time(long) if long else ""
        moment = moment_of(text)
        return text if moment is None else moment.isoformat(sep=" ", timespec="seconds")

    def _error(self, code: Code) -> AdkError:
        status = AdkStatus(code)
        return AdkError(status, self._library.error_text(status))

    # -- handles ---------------------------------------------------------------------------------------------
    @contextmanager
    def _record(self, table: int) -> Iterator[Handle]:
        data = self._library.create_data(table)
        try:
            yield data
        finally:
            self._library.delete_struct(data)

    @contextmanager
    def _blank(self, table: int) -> Iterator[Handle]:
        """An empty record, or row, of the table: something to ask about fields."""
        if table not in ROW_TABLES:
            with self._record(table) as data:
                yield data
            return
        array = self._library.create_rows(table, 1)
        try:
            yield self._library.row(array, 0)
        finally:
            self._library.delete_struct(array)


def moment_of(text: str) -> datetime | None:
    """The moment that a change time's text tells, to the second; None when it is no ISO date and time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(microsecond=0, tzinfo=None) if len(text) > len("yyyy-MM-dd") else None


def decimal_text(value: float, decimals: int) -> str:
    """A double as decimal text: binary noise beyond the field's decimals removed, a real digit there kept."""
    number = Decimal(repr(value))
    rounded = round(number, decimals)
    is_noise = abs(number - rounded) <= NOISE.scaleb(-decimals)
    text = format(rounded if is_noise else number, "f")
    return text.removeprefix("-") if Decimal(text) == 0 else text
