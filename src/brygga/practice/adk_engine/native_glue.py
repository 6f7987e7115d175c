"""The Python side of the compiled practice library: C arguments to the engine, the engine's answers to C.

Runs inside the process that loaded the library (``native`` writes the C side and says how a call goes). An AdkError of
the engine becomes the five numbers of ADK_ERROR; any other exception leaves the refusal that C prepared, and cffi
prints it on standard error.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from brygga.administration.adk.errors import AdkError, AdkStatus, Code
from brygga.administration.adk.library import AdkLibrary, ErrorPart

NULL_POINTER = 671  # ADKE_NULLPOINTER (contracts/adk.md §4.1)
FILTER_SYNTAX = 0  # the only syntax version whose meaning is public (contracts/adk.md §1.3, AdkSetFilter)

_Function = Callable[..., None]


def install(ffi: Any, lib: Any, engine_name: str) -> None:
    """Make the engine named ``module:function`` and put it behind the entry points of ``lib``."""
    module, _, function = engine_name.partition(":")
    engine: AdkLibrary = getattr(importlib.import_module(module), function)()
    memory = _Memory(ffi)

    def deliver(warning: AdkStatus) -> None:
        lib.practice_deliver_warning(memory.error(warning))

    engine.set_warning_function(deliver)
    groups = (_SessionCalls, _RecordCalls, _FieldCalls, _ReadingAndWritingCalls)
    for group in groups:
        calls = group(engine, memory)
        for name in _public_names(group):
            ffi.def_extern(name=f"practice_{name}")(_answering_error(engine, getattr(calls, name)))
    plain = _PlainCalls(engine, memory)
    for name in _public_names(_PlainCalls):
        ffi.def_extern(name=f"practice_{name}")(getattr(plain, name))
    ffi.def_extern(name="BryggaPracticeHandshake")(lambda: 1)


def _public_names(group: type) -> list[str]:
    return [name for name in vars(group) if name.startswith("Adk")]


def _answering_error(engine: AdkLibrary, call: _Function) -> _Function:
    """Wrap a call whose C function returns ADK_ERROR: fill the answer with OK, with the error, or with the warning.

    ``last_warning`` is the practice engine's attribute for installations that carry warnings in lRc.
    """

    def answering(answer: Any, *arguments: Any) -> None:
        try:
            call(*arguments)
            status = getattr(engine, "last_warning", None) or AdkStatus(Code.OK)
        except AdkError as error:
            status = error.status
        _fill(answer, status)

    return answering


def _fill(answer: Any, status: AdkStatus) -> None:
    answer.lRc, answer.lDbTable, answer.lField = status.code, status.table, status.field
    answer.lFunction, answer.lProgramPart = status.function, status.program_part


class _Memory:
    """Reading and writing what C pointers point at."""

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def error(self, status: AdkStatus) -> Any:
        """A new ADK_ERROR holding ``status``."""
        error = self._ffi.new("ADK_ERROR *")
        _fill(error, status)
        return error

    def number(self, pointer: Any) -> int:
        """The engine's handle in an opaque ADK_DATA pointer."""
        return int(self._ffi.cast("intptr_t", pointer))

    def pointer(self, handle: int) -> Any:
        """The opaque ADK_DATA pointer for the engine's handle."""
        return self._ffi.cast("ADK_DATA *", handle)

    def text(self, pointer: Any) -> str:
        """A Windows-1252 text ended by NUL; 671 for null, 34 for bytes that the code page leaves unassigned."""
        self.demand(pointer)
        raw: bytes = self._ffi.string(pointer)
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError as error:
            raise AdkError(AdkStatus(Code.INVALID_STRING)) from error

    def demand(self, *pointers: Any) -> None:
        """671 when one of the pointers is null."""
        if any(pointer == self._ffi.NULL for pointer in pointers):
            raise AdkError(AdkStatus(NULL_POINTER))

    def demand_buffer(self, pointer_to_buffer: Any) -> None:
        """671 unless there is a pointer to a buffer."""
        self.demand(pointer_to_buffer)
        self.demand(pointer_to_buffer[0])

    def put_text(self, pointer_to_buffer: Any, room: int, text: str) -> None:
        """Write ``text`` and NUL into the caller's buffer; 114 when its characters and the NUL exceed ``room``."""
        raw = text.encode("cp1252") + b"\0"
        if len(raw) > room:
            raise AdkError(AdkStatus(Code.TOO_SHORT_STRING))
        self._ffi.memmove(pointer_to_buffer[0], raw, len(raw))


class _Calls:
    """A group of entry points; each method has the C function's name and takes its arguments."""

    def __init__(self, engine: AdkLibrary, memory: _Memory) -> None:
        self._engine = engine
        self._memory = memory


class _SessionCalls(_Calls):
    def AdkOpen(self, common: Any, company: Any) -> None:
        self._engine.open(self._memory.text(common), self._memory.text(company), "", "")

    def AdkOpen2(self, common: Any, company: Any, user: Any, password: Any) -> None:
        text = self._memory.text
        self._engine.open(text(common), text(company), text(user), text(password))

    def AdkIsLoginActivated(self, common: Any, company: Any, activated: Any) -> None:
        self._memory.demand(activated)
        text = self._memory.text
        activated[0] = int(self._engine.is_login_activated(text(common), text(company)))

    def AdkGetCompanyName(
        self, company: Any, strict: int, common: Any, text: Any, size: int, variant: Any, major: Any, minor: Any
    ) -> None:
        """The meaning of ``strict`` is not public (contracts/adk.md §1.3): only 0 is answered."""
        self._memory.demand_buffer(text)
        self._memory.demand(variant, major, minor)
        if strict != 0:
            raise AdkError(AdkStatus(Code.INTERNAL))
        common_path = self._memory.text(common)
        name = self._engine.company_name(common_path, self._memory.text(company))
        self._memory.put_text(text, size, name)
        variant[0] = self._engine.variant(common_path)[0]
        major[0], minor[0] = self._engine.database_version()

    def AdkGetVariant(self, variant: Any, licensed: Any, text: Any, size: int, common: Any) -> None:
        self._memory.demand_buffer(text)
        self._memory.demand(variant, licensed)
        number, has_api, name = self._engine.variant(self._memory.text(common))
        self._memory.put_text(text, size, name)
        variant[0], licensed[0] = number, int(has_api)

    def AdkGetBookingYearId(self, date: int, text: Any, size: int) -> None:
        self._memory.demand_buffer(text)
        self._memory.put_text(text, size, self._engine.booking_year_id(date))

    def AdkLongToDate(self, value: int, text: Any, size: int) -> None:
        self._memory.demand_buffer(text)
        self._memory.put_text(text, size, self._engine.long_to_date(value))

    def AdkLongToDateTime(self, value: int, text: Any, size: int) -> None:
        self._memory.demand_buffer(text)
        self._memory.put_text(text, size, self._engine.long_to_date_time(value))

    def AdkDateToLong(self, text: Any, value: Any) -> None:
        self._memory.demand(value)
        value[0] = self._engine.date_to_long(self._memory.text(text))


class _RecordCalls(_Calls):
    def AdkDeleteStruct(self, data: Any) -> None:
        self._engine.delete_struct(self._memory.number(data))

    def AdkResetStruct(self, data: Any) -> None:
        self._engine.reset_struct(self._memory.number(data))

    def AdkGetType(self, data: Any, field: int, kind: Any) -> None:
        self._memory.demand(kind)
        kind[0] = int(self._engine.field_type(self._memory.number(data), field))

    def AdkGetLength(self, data: Any, field: int, length: Any) -> None:
        self._memory.demand(length)
        length[0] = self._engine.field_length(self._memory.number(data), field)

    def AdkGetDecimals(self, data: Any, field: int, decimals: Any) -> None:
        self._memory.demand(decimals)
        decimals[0] = self._engine.field_decimals(self._memory.number(data), field)

    def AdkGetLastFldId(self, data: Any, field: Any) -> None:
        self._memory.demand(field)
        field[0] = self._engine.last_field_id(self._memory.number(data))

    def AdkGetTimestampField(self, data: Any, field: Any) -> None:
        self._memory.demand(field)
        field[0] = self._engine.timestamp_field(self._memory.number(data))


class _FieldCalls(_Calls):
    def AdkGetStr(self, data: Any, field: int, text: Any, size: int) -> None:
        """The engine decides whether ``size`` counts the NUL, so here a text of ``size`` characters is written too."""
        self._memory.demand_buffer(text)
        value = self._engine.get_str(self._memory.number(data), field, size)
        self._memory.put_text(text, size + 1, value)

    def AdkGetBool(self, data: Any, field: int, value: Any) -> None:
        self._memory.demand(value)
        value[0] = int(self._engine.get_bool(self._memory.number(data), field))

    def AdkGetDouble(self, data: Any, field: int, value: Any) -> None:
        self._memory.demand(value)
        value[0] = self._engine.get_double(self._memory.number(data), field)

    def AdkGetDate(self, data: Any, field: int, value: Any) -> None:
        self._memory.demand(value)
        value[0] = self._engine.get_date(self._memory.number(data), field)

    def AdkGetData(self, data: Any, field: int, index: int, row: Any) -> None:
        self._memory.demand(row)
        row[0] = self._memory.pointer(self._engine.get_data(self._memory.number(data), field, index))

    def AdkSetStr(self, data: Any, field: int, value: Any) -> None:
        self._engine.set_str(self._memory.number(data), field, self._memory.text(value))

    def AdkSetBool(self, data: Any, field: int, value: int) -> None:
        self._engine.set_bool(self._memory.number(data), field, bool(value))

    def AdkSetDouble(self, data: Any, field: int, value: float) -> None:
        self._engine.set_double(self._memory.number(data), field, value)

    def AdkSetDate(self, data: Any, field: int, value: int) -> None:
        self._engine.set_date(self._memory.number(data), field, value)

    def AdkSetData(self, data: Any, field: int, rows: Any) -> None:
        self._engine.set_data(self._memory.number(data), field, self._memory.number(rows))


class _ReadingAndWritingCalls(_Calls):
    def AdkAdd(self, data: Any) -> None:
        self._engine.add(self._memory.number(data))

    def AdkUpdate(self, data: Any) -> None:
        self._engine.update(self._memory.number(data))

    def AdkDeleteRow(self, data: Any, number: int) -> None:
        self._engine.delete_row(self._memory.number(data), number)

    def AdkDeleteRecord(self, data: Any) -> None:
        self._engine.delete_record(self._memory.number(data))

    def AdkSetSortOrder(self, data: Any, order: int) -> None:
        self._engine.set_sort_order(self._memory.number(data), order)

    def AdkFindEx(self, data: Any, rows: int) -> None:
        self._engine.find(self._memory.number(data), bool(rows))

    def AdkFirstEx(self, data: Any, rows: int) -> None:
        self._engine.first(self._memory.number(data), bool(rows))

    def AdkLastEx(self, data: Any, rows: int) -> None:
        self._engine.last(self._memory.number(data), bool(rows))

    def AdkNextEx(self, data: Any, rows: int) -> None:
        self._engine.next(self._memory.number(data), bool(rows))

    def AdkPreviousEx(self, data: Any, rows: int) -> None:
        self._engine.previous(self._memory.number(data), bool(rows))

    def AdkSetFilter(self, data: Any, field: int, expression: Any, version: int) -> None:
        if version != FILTER_SYNTAX:
            raise AdkError(AdkStatus(Code.INVALID_FILTER_SYNTAX))
        self._engine.set_filter(self._memory.number(data), field, self._memory.text(expression))

    def AdkIsFilterable(self, data: Any, field: int, filterable: Any) -> None:
        self._memory.demand(filterable)
        filterable[0] = int(self._engine.is_filterable(self._memory.number(data), field))

    def AdkClearFilters(self, data: Any) -> None:
        self._engine.clear_filters(self._memory.number(data))


class _PlainCalls(_Calls):
    """Entry points that answer no ADK_ERROR. Where C answers a record or a yes, a refusal is null or 0."""

    def AdkCreateData(self, answer: Any, table: int) -> None:
        self._put_handle(answer, lambda: self._engine.create_data(table))

    def AdkCreateDataRow(self, answer: Any, table: int, count: int) -> None:
        self._put_handle(answer, lambda: self._engine.create_rows(table, count))

    def AdkGetDataRow(self, answer: Any, rows: Any, index: int) -> None:
        self._put_handle(answer, lambda: self._engine.row(self._memory.number(rows), index))

    def _put_handle(self, answer: Any, make: Callable[[], int]) -> None:
        try:
            answer[0] = self._memory.pointer(make())
        except AdkError:
            # The C function has no place for a code: null is all that it can say.
            answer[0] = self._memory.pointer(0)

    def AdkIsReadWrite(self, answer: Any, data: Any, field: int) -> None:
        try:
            answer[0] = int(self._engine.is_read_write(self._memory.number(data), field))
        except AdkError:
            # As above: an unknown record or field can only be answered with "not writable".
            answer[0] = 0

    def AdkClose(self) -> None:
        self._engine.close()

    def AdkGetVersion(self, major: Any, minor: Any) -> None:
        major[0], minor[0] = self._engine.version()

    def AdkGetProgramDatabaseVersion(self, major: Any, minor: Any) -> None:
        major[0], minor[0] = self._engine.database_version()

    def AdkGetErrorText(self, error: Any, part: int, text: Any, size: int) -> None:
        """The text is cut to the buffer: the function has no way to say that it is too short."""
        status = AdkStatus(error.lRc, error.lDbTable, error.lField, error.lFunction, error.lProgramPart)
        words = self._engine.error_text(status, ErrorPart(part))
        self._memory.put_text(text, size, words[: max(size - 1, 0)])
