"""``DotNetLibrary``: the Administration API through the vendor's .NET wrapper (contracts/adk.md §1.4), by pythonnet.

The way for 64-bit installations (2023.1 and later). The vendor's wrapper has not been seen by this binding: it was
proved against an assembly of ours with the documented shapes. What the contract marks unknown is named where it is
used.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from brygga.administration.adk.clr_dates import long_of_text, moment_of_long
from brygga.administration.adk.dotnet_calls import OUT, TEXT_BUFFER, Calls, on_clr_thread, trimmed
from brygga.administration.adk.dotnet_methods import Argument, Day, Length
from brygga.administration.adk.errors import AdkStatus, Code
from brygga.administration.adk.library import ErrorPart, FieldType, Handle

_held_by_clr: list[Any] = []
"""Delegates that the library keeps until the process ends, so they must live as long."""


class DotNetLibrary(Calls):
    """The ``AdkLibrary`` port over the wrapper assembly; from any thread, one call after another on the CLR thread.

    ``path`` is the folder of the wrappers, or the assembly itself; without it the registry names the folder.
    ``runtime`` is pythonnet's word for the .NET runtime (default: that of this Python and system).

    Raises AdkLoadError when made: ``not_found``, ``no_pythonnet``, ``no_runtime``, ``wrong_bitness``,
    ``not_a_library``, ``no_api``, and ``missing_function`` (with the shape found) when a method is called that the
    wrapper has not, or has in a shape that is not understood.
    """

    def __init__(self, path: str | Path | None = None, *, runtime: str = "") -> None:
        super().__init__(path, runtime=runtime)
        self._delegate_made = False

    # -- session ---------------------------------------------------------------------------------------------
    @on_clr_thread
    def open(self, common_path: str, company_path: str, user: str, password: str) -> None:
        """Open a company. A wrapper from before 2017.1 knows no log-in: with an empty user AdkOpen is called there."""
        paths = (self._text(common_path), self._text(company_path))
        if not user and not password and not self._methods.has("AdkOpen2"):
            self._checked("AdkOpen", *paths)
        else:
            self._checked("AdkOpen2", *paths, self._text(user), self._text(password))

    @on_clr_thread
    def close(self) -> None:
        """Close the company and give the licence back."""
        self._plain("AdkClose")

    @on_clr_thread
    def is_login_activated(self, common_path: str, company_path: str) -> bool:
        """Whether the company demands user and password."""
        return bool(self._checked("AdkIsLoginActivated", self._text(common_path), self._text(company_path), OUT)[0])

    @on_clr_thread
    def company_name(self, common_path: str, company_path: str) -> str:
        """The company's name, without opening it. bStrict is passed as false: its meaning is not public."""
        company, common = self._text(company_path), self._text(common_path)
        name = self._checked("AdkGetCompanyName", company, False, common, OUT, Length(TEXT_BUFFER), OUT, OUT, OUT)[0]
        return trimmed(name)

    @on_clr_thread
    def version(self) -> tuple[int, int]:
        """API version, major and minor."""
        _, (major, minor) = self._plain("AdkGetVersion", OUT, OUT)
        return major, minor

    @on_clr_thread
    def database_version(self) -> tuple[int, int]:
        """The database version that the program expects."""
        _, (major, minor) = self._plain("AdkGetProgramDatabaseVersion", OUT, OUT)
        return major, minor

    @on_clr_thread
    def variant(self, common_path: str) -> tuple[int, bool, str]:
        """Product variant (ADKI_*), whether the API is licensed, and the product's name."""
        common = self._text(common_path)
        variant, licensed, name = self._checked("AdkGetVariant", OUT, OUT, OUT, Length(TEXT_BUFFER), common)
        return variant, bool(licensed), trimmed(name)

    @on_clr_thread
    def booking_year_id(self, date: int) -> str:
        """Id of the booking year that holds the date (LONG)."""
        return trimmed(self._checked("AdkGetBookingYearId", self._given_day(date), OUT, Length(TEXT_BUFFER))[0])

    @on_clr_thread
    def set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        """Have ``function`` called with each warning, before the call that caused it returns.

        Whether the wrapper passes callbacks on is not public: without such a method, warnings come in lRc only.
        """
        self._answers.warning_function = function
        name = "AdkSetWarningFunction"
        if self._delegate_made or not self._methods.has(name):
            return
        methods, answers = self._methods, self._answers

        def warned(error: Any) -> Any:
            answers.warned(lambda: methods.status(error))
            return error

        _held_by_clr.append(methods.delegate(name, warned))
        methods.hand_over(name, _held_by_clr[-1])
        self._delegate_made = True

    @on_clr_thread
    def error_text(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        """The library's words for one member of an error, possibly empty."""
        return self._text_of(status, part)

    # -- records ---------------------------------------------------------------------------------------------
    def _record(self, name: str, code: Code, *arguments: Argument) -> Handle:
        """Call a method that answers a record; null, which carries no reason, becomes ``code``."""
        handle, _ = self._plain(name, *arguments)
        if not handle:
            raise self._answers.error(AdkStatus(code))
        return int(handle)

    @on_clr_thread
    def create_data(self, table: int) -> Handle:
        """A new empty record; 107 when the library answers null."""
        return self._record("AdkCreateData", Code.INVALID_DB, table)

    @on_clr_thread
    def create_rows(self, row_table: int, count: int) -> Handle:
        """An array of ``count`` empty rows; 107 when the library answers null."""
        return self._record("AdkCreateDataRow", Code.INVALID_DB, row_table, count)

    @on_clr_thread
    def row(self, rows: Handle, index: int) -> Handle:
        """Row ``index`` (0-based) of such an array; 111 when the library answers null."""
        return self._record("AdkGetDataRow", Code.INVALID_INDEX, rows, index)

    @on_clr_thread
    def delete_struct(self, data: Handle) -> None:
        """Free a record, or an array with its rows. Some wrappers cannot (§1.4): then it lives as long as the host."""
        if self._methods.has("AdkDeleteStruct"):
            self._checked("AdkDeleteStruct", data)

    @on_clr_thread
    def reset_struct(self, data: Handle) -> None:
        """Empty a record before it is used again."""
        self._checked("AdkResetStruct", data)

    # -- fields ----------------------------------------------------------------------------------------------
    @on_clr_thread
    def get_str(self, data: Handle, field: int, length: int) -> str:
        """Read eChar. Without a length in the wrapper's method a longer text is refused here (114), never cut."""
        text = trimmed(self._checked("AdkGetStr", data, field, OUT, Length(length))[0])
        if len(text) > length:
            raise self._answers.error(AdkStatus(Code.TOO_SHORT_STRING))
        return text

    @on_clr_thread
    def get_bool(self, data: Handle, field: int) -> bool:
        """Read eBool."""
        return bool(self._checked("AdkGetBool", data, field, OUT)[0])

    @on_clr_thread
    def get_double(self, data: Handle, field: int) -> float:
        """Read eDouble; the method's name depends on the version (§1.4)."""
        return float(self._checked(self._either("AdkGetDouble", "AdkGetNumeric"), data, field, OUT)[0])

    @on_clr_thread
    def get_date(self, data: Handle, field: int) -> int:
        """Read eDate as a LONG of ``clr_dates``, 0 = empty."""
        return int(self._checked("AdkGetDate", data, field, OUT)[0])

    @on_clr_thread
    def get_data(self, data: Handle, field: int, index: int) -> Handle:
        """Row ``index`` (0-based) of a head read with its rows; owned by the head."""
        if self._methods.has("AdkGetRowData"):
            # This method is not told the field: that it is the rows' is asked, as the C function does.
            if self.field_type(data, field) != FieldType.DATA:
                raise self._answers.error(AdkStatus(Code.INVALID_DATA_TYPE))
            filled = self._checked("AdkGetRowData", data, index, OUT)
        else:
            filled = self._checked("AdkGetData", data, field, index, OUT)
        if not filled[0]:
            raise self._answers.error(AdkStatus(Code.INVALID_INDEX))
        return int(filled[0])

    @on_clr_thread
    def set_str(self, data: Handle, field: int, value: str) -> None:
        """Set eChar."""
        self._checked("AdkSetStr", data, field, self._text(value))

    @on_clr_thread
    def set_bool(self, data: Handle, field: int, value: bool) -> None:
        """Set eBool."""
        self._checked("AdkSetBool", data, field, value)

    @on_clr_thread
    def set_double(self, data: Handle, field: int, value: float) -> None:
        """Set eDouble."""
        self._checked(self._either("AdkSetDouble", "AdkSetNumeric"), data, field, float(value))

    @on_clr_thread
    def set_date(self, data: Handle, field: int, value: int) -> None:
        """Set eDate from a LONG of ``date_to_long``; 0 empties the field."""
        self._checked("AdkSetDate", data, field, self._given_day(value))

    @on_clr_thread
    def set_data(self, data: Handle, field: int, rows: Handle) -> None:
        """Attach a row array to a head's ROWS field."""
        self._checked("AdkSetData", data, field, rows)

    @on_clr_thread
    def long_to_date(self, value: int) -> str:
        """``yyyy-MM-dd``; the empty text for 0. 672 for a number that is no date."""
        return self._day(value).date().isoformat() if value else ""

    @on_clr_thread
    def long_to_date_time(self, value: int) -> str:
        """A change time; the empty text for 0. 672 for a number that is none."""
        return self._day(value).isoformat(" ") if value else ""

    @on_clr_thread
    def date_to_long(self, text: str) -> int:
        """From ``yyyy-MM-dd``; 34 when it is no date."""
        long = long_of_text(text)
        if long is None:
            raise self._answers.error(AdkStatus(Code.INVALID_STRING))
        return long

    def _day(self, long: int) -> datetime:
        moment = moment_of_long(long)
        if moment is None:
            raise self._answers.error(AdkStatus(Code.INVALID_DATA))
        return moment

    def _given_day(self, long: int) -> Day:
        return Day(self._day(long).date() if long else None)

    @on_clr_thread
    def field_type(self, data: Handle, field: int) -> FieldType:
        """Type of a field."""
        return FieldType(self._checked("AdkGetType", data, field, OUT)[0])

    @on_clr_thread
    def field_length(self, data: Handle, field: int) -> int:
        """Longest text of an eChar field."""
        return int(self._checked("AdkGetLength", data, field, OUT)[0])

    @on_clr_thread
    def field_decimals(self, data: Handle, field: int) -> int:
        """Decimals of an eDouble field."""
        return int(self._checked("AdkGetDecimals", data, field, OUT)[0])

    @on_clr_thread
    def is_read_write(self, data: Handle, field: int) -> bool:
        """Whether a client may set the field."""
        return bool(self._plain("AdkIsReadWrite", data, field)[0])

    @on_clr_thread
    def last_field_id(self, data: Handle) -> int:
        """Highest field id of the record's table."""
        return int(self._checked(self._either("AdkGetLastFieldId", "AdkGetLastFldId"), data, OUT)[0])

    @on_clr_thread
    def timestamp_field(self, data: Handle) -> int:
        """Field id of the table's timestamp."""
        return int(self._checked("AdkGetTimestampField", data, OUT)[0])

    # -- writing ---------------------------------------------------------------------------------------------
    @on_clr_thread
    def add(self, data: Handle) -> None:
        """Insert the record (and attached rows)."""
        self._checked("AdkAdd", data)

    @on_clr_thread
    def update(self, data: Handle) -> None:
        """Write the changed fields."""
        self._checked("AdkUpdate", data)

    @on_clr_thread
    def delete_row(self, data: Handle, number: int) -> None:
        """Delete row ``number`` (1-based) of a head record."""
        self._checked("AdkDeleteRow", data, number)

    @on_clr_thread
    def delete_record(self, data: Handle) -> None:
        """Delete the current record of a register."""
        self._checked("AdkDeleteRecord", data)

    # -- reading ---------------------------------------------------------------------------------------------
    @on_clr_thread
    def set_sort_order(self, data: Handle, order: int) -> None:
        """Choose the index that finding and stepping use."""
        self._checked("AdkSetSortOrder", data, order)

    @on_clr_thread
    def find(self, data: Handle, rows: bool) -> None:
        """Exact search on the key of the current sort order, set before."""
        self._checked("AdkFindEx", data, rows)

    @on_clr_thread
    def first(self, data: Handle, rows: bool) -> None:
        """First record in sort order and filter."""
        self._checked("AdkFirstEx", data, rows)

    @on_clr_thread
    def last(self, data: Handle, rows: bool) -> None:
        """Last record in sort order and filter."""
        self._checked("AdkLastEx", data, rows)

    @on_clr_thread
    def next(self, data: Handle, rows: bool) -> None:
        """Next record; 79 after the last."""
        self._checked("AdkNextEx", data, rows)

    @on_clr_thread
    def previous(self, data: Handle, rows: bool) -> None:
        """Previous record; 78 before the first."""
        self._checked("AdkPreviousEx", data, rows)

    @on_clr_thread
    def set_filter(self, data: Handle, field: int, expression: str) -> None:
        """Filter on one field, in syntax version 0."""
        self._checked("AdkSetFilter", data, field, self._text(expression), 0)

    @on_clr_thread
    def is_filterable(self, data: Handle, field: int) -> bool:
        """Whether the field can be filtered on."""
        return bool(self._checked("AdkIsFilterable", data, field, OUT)[0])

    @on_clr_thread
    def clear_filters(self, data: Handle) -> None:
        """Remove the record's filters."""
        self._checked("AdkClearFilters", data)
