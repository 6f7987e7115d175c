"""``CtypesLibrary``: the Administration API bound with ctypes (contracts/adk.md §1, §4, §5).

On Windows the vendor's DLL, elsewhere the compiled practice library with the same C entry points. It needs the
standard library only. The real DLL has not been seen by this binding: what the contract marks unknown is named where
it is used.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from brygga.administration.adk.answers import Answers
from brygga.administration.adk.binding import Binding, ErrorStruct, TextBuffer, WarningFunction
from brygga.administration.adk.errors import AdkStatus, Code
from brygga.administration.adk.library import ErrorPart, FieldType, Handle
from brygga.administration.adk.signatures import BY_NAME

DATE_BUFFER = 11  # "yyyy-MM-dd" and NUL: the size that clients pass (contracts/adk.md §1.1)
DATE_TIME_BUFFER = 30  # the form of the text is not public: room for any ISO date and time
ERROR_TEXT_BUFFER = 200  # the size that clients pass (contracts/adk.md §1.3, AdkGetErrorText)
TEXT_BUFFER = 200  # names of company, product and booking year: the header demands more than 50 and more than 43

_callbacks_held_by_c: list[Any] = []
"""The library keeps the pointer it was given until the process ends, so the callbacks must live as long."""


class CtypesLibrary:
    """The ``AdkLibrary`` port over the C library. All calls must come from the thread that made the object.

    ``path`` is the library file or its folder; without it the registry names the folder. ``file_name`` is looked for
    in a folder (the name of the vendor's 64-bit DLL is not public: contracts/adk.md §1.1).

    Raises AdkLoadError when made: ``not_found``, ``wrong_bitness``, ``missing_function`` (a function from before 2013
    is absent: too old a version), ``no_handshake`` (the compiled practice library without its engine). Functions of
    later versions may be absent; calling one then raises AdkLoadError ``missing_function``.
    """

    def __init__(self, path: str | Path | None = None, *, file_name: str = "Adk.dll") -> None:
        self._thread = threading.get_ident()
        self._binding = Binding(path, file_name)
        self._functions = self._binding.functions
        self._callback: Any = None
        self._answers = Answers(self.error_text)

    # -- calling ---------------------------------------------------------------------------------------------
    def _invoke(self, name: str, *arguments: Any) -> Any:
        if threading.get_ident() != self._thread:
            raise RuntimeError(f"{name} called from another thread: the API is used by one thread only")
        function = self._functions.get(name)
        if function is None:
            raise self._binding.missing(BY_NAME[name])
        return function(*arguments)

    def _plain(self, name: str, *arguments: Any) -> Any:
        """Call a function that answers no ADK_ERROR."""
        result = self._invoke(name, *arguments)
        self._answers.after_plain_call()
        return result

    def _checked(self, name: str, *arguments: Any) -> None:
        """Call a function that answers ADK_ERROR; raise AdkError unless it says OK or a warning.

        What the warning function raised is raised when the call has returned (a written record stays written).
        """
        self._answers.before_call()
        answer: ErrorStruct = self._invoke(name, *arguments)
        self._answers.judge(answer.status())

    def _on_warning(self, error: Any) -> None:
        """Called by C."""
        self._answers.warned(lambda: error.contents.status())

    def _encoded(self, text: str) -> bytes:
        return self._answers.encoded(text)

    def _number(self, name: str, *arguments: Any) -> int:
        """Call a function whose last argument is an INT*, LONG* or BOOL* that it fills."""
        value = ctypes.c_int32()
        self._checked(name, *arguments, ctypes.byref(value))
        return value.value

    # -- session ---------------------------------------------------------------------------------------------
    def open(self, common_path: str, company_path: str, user: str, password: str) -> None:
        """Open a company. A DLL from before 2017.1 knows no log-in: with an empty user AdkOpen is called there."""
        paths = (self._encoded(common_path), self._encoded(company_path))
        if not user and not password and "AdkOpen2" not in self._functions:
            self._checked("AdkOpen", *paths)
        else:
            self._checked("AdkOpen2", *paths, self._encoded(user), self._encoded(password))

    def close(self) -> None:
        """Close the company and give the licence back."""
        self._plain("AdkClose")

    def is_login_activated(self, common_path: str, company_path: str) -> bool:
        """Whether the company demands user and password."""
        return bool(self._number("AdkIsLoginActivated", self._encoded(common_path), self._encoded(company_path)))

    def company_name(self, common_path: str, company_path: str) -> str:
        """The company's name, without opening it. bStrict is passed as 0: its meaning is not public."""
        name = TextBuffer(TEXT_BUFFER)
        variant, major, minor = (ctypes.c_int32() for _ in range(3))
        company, common = self._encoded(company_path), self._encoded(common_path)
        numbers = (ctypes.byref(variant), ctypes.byref(major), ctypes.byref(minor))
        self._checked("AdkGetCompanyName", company, 0, common, name.reference(), name.length, *numbers)
        return name.text()

    def _version(self, name: str) -> tuple[int, int]:
        major, minor = ctypes.c_int32(), ctypes.c_int32()
        self._plain(name, ctypes.byref(major), ctypes.byref(minor))
        return major.value, minor.value

    def version(self) -> tuple[int, int]:
        """API version, major and minor."""
        return self._version("AdkGetVersion")

    def database_version(self) -> tuple[int, int]:
        """The database version that the program expects."""
        return self._version("AdkGetProgramDatabaseVersion")

    def variant(self, common_path: str) -> tuple[int, bool, str]:
        """Product variant (ADKI_*), whether the API is licensed, and the product's name."""
        variant, licensed, name = ctypes.c_int32(), ctypes.c_int32(), TextBuffer(TEXT_BUFFER)
        numbers = (ctypes.byref(variant), ctypes.byref(licensed))
        self._checked("AdkGetVariant", *numbers, name.reference(), name.length, self._encoded(common_path))
        return variant.value, bool(licensed.value), name.text()

    def booking_year_id(self, date: int) -> str:
        """Id of the booking year that holds the date (LONG)."""
        year = TextBuffer(TEXT_BUFFER)
        self._checked("AdkGetBookingYearId", date, year.reference(), year.length)
        return year.text()

    def set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        """Have ``function`` called with each warning, before the call that caused it returns.

        It may ask for texts but must not write. What it raises is raised by that call once the library has returned.
        """
        self._answers.warning_function = function
        if self._callback is None:
            self._callback = WarningFunction(self._on_warning)
            _callbacks_held_by_c.append(self._callback)
        self._plain("AdkSetWarningFunction", self._callback)

    def error_text(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        """The library's words for one member of an error, possibly empty."""
        members = (status.code, status.table, status.field, status.function, status.program_part)
        text = TextBuffer(ERROR_TEXT_BUFFER)
        self._invoke("AdkGetErrorText", ctypes.byref(ErrorStruct(*members)), int(part), text.reference(), text.length)
        return text.text()

    # -- records ---------------------------------------------------------------------------------------------
    def _pointer(self, name: str, code: Code, *arguments: Any) -> Handle:
        """Call a function that answers a record; null, which carries no reason, becomes ``code``."""
        handle: int | None = self._plain(name, *arguments)
        if not handle:
            raise self._answers.error(AdkStatus(code))
        return handle

    def create_data(self, table: int) -> Handle:
        """A new empty record; 107 when the library answers null."""
        return self._pointer("AdkCreateData", Code.INVALID_DB, table)

    def create_rows(self, row_table: int, count: int) -> Handle:
        """An array of ``count`` empty rows; 107 when the library answers null."""
        return self._pointer("AdkCreateDataRow", Code.INVALID_DB, row_table, count)

    def row(self, rows: Handle, index: int) -> Handle:
        """Row ``index`` (0-based) of such an array; 111 when the library answers null."""
        return self._pointer("AdkGetDataRow", Code.INVALID_INDEX, rows, index)

    def delete_struct(self, data: Handle) -> None:
        """Free a record, or an array with its rows."""
        self._checked("AdkDeleteStruct", data)

    def reset_struct(self, data: Handle) -> None:
        """Empty a record before it is used again."""
        self._checked("AdkResetStruct", data)

    # -- fields ----------------------------------------------------------------------------------------------
    def get_str(self, data: Handle, field: int, length: int) -> str:
        """Read eChar; the library is told ``length``, the memory behind it is larger."""
        text = TextBuffer(length)
        self._checked("AdkGetStr", data, field, text.reference(), text.length)
        return text.text()

    def get_bool(self, data: Handle, field: int) -> bool:
        """Read eBool."""
        return bool(self._number("AdkGetBool", data, field))

    def get_double(self, data: Handle, field: int) -> float:
        """Read eDouble."""
        value = ctypes.c_double()
        self._checked("AdkGetDouble", data, field, ctypes.byref(value))
        return value.value

    def get_date(self, data: Handle, field: int) -> int:
        """Read eDate as the library's own LONG, 0 = empty."""
        return self._number("AdkGetDate", data, field)

    def get_data(self, data: Handle, field: int, index: int) -> Handle:
        """Row ``index`` (0-based) of a head read with its rows; owned by the head."""
        row = ctypes.c_void_p()
        self._checked("AdkGetData", data, field, index, ctypes.byref(row))
        if not row.value:
            raise self._answers.error(AdkStatus(Code.INVALID_INDEX))
        return row.value

    def set_str(self, data: Handle, field: int, value: str) -> None:
        """Set eChar; 34, before the call, for text that Windows-1252 has not."""
        self._checked("AdkSetStr", data, field, self._encoded(value))

    def set_bool(self, data: Handle, field: int, value: bool) -> None:
        """Set eBool."""
        self._checked("AdkSetBool", data, field, int(value))

    def set_double(self, data: Handle, field: int, value: float) -> None:
        """Set eDouble."""
        self._checked("AdkSetDouble", data, field, value)

    def set_date(self, data: Handle, field: int, value: int) -> None:
        """Set eDate from a LONG of ``date_to_long``; 0 empties the field."""
        self._checked("AdkSetDate", data, field, value)

    def set_data(self, data: Handle, field: int, rows: Handle) -> None:
        """Attach a row array to a head's ROWS field."""
        self._checked("AdkSetData", data, field, rows)

    def long_to_date(self, value: int) -> str:
        """``yyyy-MM-dd``; the empty text for 0."""
        text = TextBuffer(DATE_BUFFER)
        self._checked("AdkLongToDate", value, text.reference(), text.length)
        return text.text()

    def long_to_date_time(self, value: int) -> str:
        """A timestamp as text; the empty text for 0."""
        text = TextBuffer(DATE_TIME_BUFFER)
        self._checked("AdkLongToDateTime", value, text.reference(), text.length)
        return text.text()

    def date_to_long(self, text: str) -> int:
        """The library's LONG of ``yyyy-MM-dd``."""
        return self._number("AdkDateToLong", self._encoded(text))

    def field_type(self, data: Handle, field: int) -> FieldType:
        """Type of a field at run time."""
        return FieldType(self._number("AdkGetType", data, field))

    def field_length(self, data: Handle, field: int) -> int:
        """Longest text of an eChar field."""
        return self._number("AdkGetLength", data, field)

    def field_decimals(self, data: Handle, field: int) -> int:
        """Decimals of an eDouble field."""
        return self._number("AdkGetDecimals", data, field)

    def is_read_write(self, data: Handle, field: int) -> bool:
        """Whether a client may set the field; no for an unknown field as well: the C function has no error."""
        return bool(self._plain("AdkIsReadWrite", data, field))

    def last_field_id(self, data: Handle) -> int:
        """Highest field id of the record's table."""
        return self._number("AdkGetLastFldId", data)

    def timestamp_field(self, data: Handle) -> int:
        """Id of the table's timestamp field."""
        return self._number("AdkGetTimestampField", data)

    # -- writing ---------------------------------------------------------------------------------------------
    def add(self, data: Handle) -> None:
        """Insert the record (and attached rows)."""
        self._checked("AdkAdd", data)

    def update(self, data: Handle) -> None:
        """Write the changed fields."""
        self._checked("AdkUpdate", data)

    def delete_row(self, data: Handle, number: int) -> None:
        """Delete row ``number`` (1-based) of a head record."""
        self._checked("AdkDeleteRow", data, number)

    def delete_record(self, data: Handle) -> None:
        """Delete the current record of a register."""
        self._checked("AdkDeleteRecord", data)

    # -- reading ---------------------------------------------------------------------------------------------
    def set_sort_order(self, data: Handle, order: int) -> None:
        """Choose the index that finding and stepping use."""
        self._checked("AdkSetSortOrder", data, order)

    def find(self, data: Handle, rows: bool) -> None:
        """Exact search on the key of the current sort order, set before."""
        self._checked("AdkFindEx", data, int(rows))

    def first(self, data: Handle, rows: bool) -> None:
        """First record in sort order and filter."""
        self._checked("AdkFirstEx", data, int(rows))

    def last(self, data: Handle, rows: bool) -> None:
        """Last record in sort order and filter."""
        self._checked("AdkLastEx", data, int(rows))

    def next(self, data: Handle, rows: bool) -> None:
        """Next record; 79 after the last."""
        self._checked("AdkNextEx", data, int(rows))

    def previous(self, data: Handle, rows: bool) -> None:
        """Previous record; 78 before the first."""
        self._checked("AdkPreviousEx", data, int(rows))

    def set_filter(self, data: Handle, field: int, expression: str) -> None:
        """Filter on one field, in syntax version 0."""
        self._checked("AdkSetFilter", data, field, self._encoded(expression), 0)

    def is_filterable(self, data: Handle, field: int) -> bool:
        """Whether the field can be filtered on."""
        return bool(self._number("AdkIsFilterable", data, field))

    def clear_filters(self, data: Handle) -> None:
        """Remove the record's filters."""
        self._checked("AdkClearFilters", data)
