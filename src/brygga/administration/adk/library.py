"""The port to the Administration API, at the level of its C functions (contracts/adk.md §1.3).

Two implementations stand behind it here: ``CtypesLibrary`` (the C library) and the practice engine. A record is an
opaque handle that its creator frees with ``delete_struct``. Every method that the API lets answer an ADK_ERROR raises
``AdkError`` with the same codes instead; warnings (ADKW_*) never raise, they go to the warning function.

Doubles cross this port as ``float`` because the API has nothing else: this is the one place where amounts are floats.
Dates cross as the API's own opaque LONG (0 = empty) and are made and read only with ``date_to_long``/``long_to_date``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Protocol

from brygga.administration.adk.errors import AdkStatus

Handle = int
"""An opaque record, row array or row; 0 is never a valid handle."""


class FieldType(IntEnum):
    """ADK_FIELD_TYPE."""

    UNUSED = 0
    BOOL = 1
    CHAR = 2
    DOUBLE = 4
    DATE = 5
    DATA = 6


class ErrorPart(IntEnum):
    """ADK_ERROR_TEXT_TYPE: which of the five members of an error to put into words."""

    RESULT = 0
    TABLE = 1
    FIELD = 2
    FUNCTION = 3
    PROGRAM_PART = 4


class AdkLibrary(Protocol):
    """The calls of the API that this program uses; names follow the C functions (in brackets)."""

    # -- session ---------------------------------------------------------------------------------------------
    def open(self, common_path: str, company_path: str, user: str, password: str) -> None:
        """[AdkOpen2] Open a company; takes one licence. 137, 116, 676, 135, 583, 132/133, 486."""

    def close(self) -> None:
        """[AdkClose] Close the company and give the licence back. Never fails."""

    def is_login_activated(self, common_path: str, company_path: str) -> bool:
        """[AdkIsLoginActivated] Whether the company demands user and password."""

    def company_name(self, common_path: str, company_path: str) -> str:
        """[AdkGetCompanyName] The company's name, without opening it."""

    def version(self) -> tuple[int, int]:
        """[AdkGetVersion] API version, major and minor."""

    def database_version(self) -> tuple[int, int]:
        """[AdkGetProgramDatabaseVersion] The database version that the program expects."""

    def variant(self, common_path: str) -> tuple[int, bool, str]:
        """[AdkGetVariant] Product variant (ADKI_*), whether the API is licensed, and its name."""

    def booking_year_id(self, date: int) -> str:
        """[AdkGetBookingYearId] Id of the booking year that holds the date (LONG). 462, 80."""

    def set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        """[AdkSetWarningFunction] Called with each warning, before the call that caused it returns."""

    def error_text(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        """[AdkGetErrorText] The library's words for one member of an error."""

    # -- records ---------------------------------------------------------------------------------------------
    def create_data(self, table: int) -> Handle:
        """[AdkCreateData] A new empty record. 107 when the table is unknown (the C function answers null)."""

    def create_rows(self, row_table: int, count: int) -> Handle:
        """[AdkCreateDataRow] An array of ``count`` empty rows."""

    def row(self, rows: Handle, index: int) -> Handle:
        """[AdkGetDataRow] Row ``index`` (0-based) of such an array. 111 (null in C)."""

    def delete_struct(self, data: Handle) -> None:
        """[AdkDeleteStruct] Free a record, or an array with its rows. 211 when it is not one."""

    def reset_struct(self, data: Handle) -> None:
        """[AdkResetStruct] Empty a record (fields, position, filters stay cleared) before it is used again."""

    # -- fields ----------------------------------------------------------------------------------------------
    def get_str(self, data: Handle, field: int, length: int) -> str:
        """[AdkGetStr] Read eChar into a buffer of ``length`` characters. 114 when it is too short, 102, 103."""

    def get_bool(self, data: Handle, field: int) -> bool:
        """[AdkGetBool]"""

    def get_double(self, data: Handle, field: int) -> float:
        """[AdkGetDouble]"""

    def get_date(self, data: Handle, field: int) -> int:
        """[AdkGetDate] The date as an opaque LONG, 0 = empty."""

    def get_data(self, data: Handle, field: int, index: int) -> Handle:
        """[AdkGetData] Row ``index`` (0-based) of a head read with its rows; owned by the head. 111."""

    def set_str(self, data: Handle, field: int, value: str) -> None:
        """[AdkSetStr] Windows-1252. 180 too long, 34 not in the code page, 103, 109."""

    def set_bool(self, data: Handle, field: int, value: bool) -> None:
        """[AdkSetBool]"""

    def set_double(self, data: Handle, field: int, value: float) -> None:
        """[AdkSetDouble] 181 too many decimals."""

    def set_date(self, data: Handle, field: int, value: int) -> None:
        """[AdkSetDate] A LONG from ``date_to_long``; 0 empties the field."""

    def set_data(self, data: Handle, field: int, rows: Handle) -> None:
        """[AdkSetData] Attach a row array to a head's ROWS field (NROWS is set beside it)."""

    def long_to_date(self, value: int) -> str:
        """[AdkLongToDate] ``yyyy-MM-dd``; the empty text for 0."""

    def long_to_date_time(self, value: int) -> str:
        """[AdkLongToDateTime] Of a timestamp field: when the record was changed, in the computer's own time; the empty
        text for 0. The form of the text is not public (contracts/adk.md §1.3); ``session`` reads the ISO forms."""

    def date_to_long(self, text: str) -> int:
        """[AdkDateToLong] From ``yyyy-MM-dd``. 34 when it is no date."""

    def field_type(self, data: Handle, field: int) -> FieldType:
        """[AdkGetType] 102 when the table has no such field."""

    def field_length(self, data: Handle, field: int) -> int:
        """[AdkGetLength] Longest text of an eChar field. 103 for other types."""

    def field_decimals(self, data: Handle, field: int) -> int:
        """[AdkGetDecimals] Decimals of an eDouble field. 103 for other types."""

    def is_read_write(self, data: Handle, field: int) -> bool:
        """[AdkIsReadWrite] Whether a client may set the field."""

    def last_field_id(self, data: Handle) -> int:
        """[AdkGetLastFldId] Highest field id of the record's table."""

    def timestamp_field(self, data: Handle) -> int:
        """[AdkGetTimestampField] 607 when the table has none."""

    # -- writing ---------------------------------------------------------------------------------------------
    def add(self, data: Handle) -> None:
        """[AdkAdd] Insert the record (and attached rows); afterwards it carries number and totals."""

    def update(self, data: Handle) -> None:
        """[AdkUpdate] Write the changed fields of the record that was found, positioned or added."""

    def delete_row(self, data: Handle, number: int) -> None:
        """[AdkDeleteRow] Delete row ``number`` (1-based) of a head record."""

    def delete_record(self, data: Handle) -> None:
        """[AdkDeleteRecord] Delete the current record of a register; document heads are refused (164)."""

    # -- reading ---------------------------------------------------------------------------------------------
    def set_sort_order(self, data: Handle, order: int) -> None:
        """[AdkSetSortOrder] 104 when the order is not one of the table's."""

    def find(self, data: Handle, rows: bool) -> None:
        """[AdkFindEx] Exact search on the key of the current sort order, set before. 115, 177."""

    def first(self, data: Handle, rows: bool) -> None:
        """[AdkFirstEx] First record in sort order and filter; 79 or 115 when there is none."""

    def last(self, data: Handle, rows: bool) -> None:
        """[AdkLastEx]"""

    def next(self, data: Handle, rows: bool) -> None:
        """[AdkNextEx] 79 after the last."""

    def previous(self, data: Handle, rows: bool) -> None:
        """[AdkPreviousEx] 78 before the first."""

    def set_filter(self, data: Handle, field: int, expression: str) -> None:
        """[AdkSetFilter, syntax version 0] ``*`` is a wildcard; several fields are AND. 685, 686."""

    def is_filterable(self, data: Handle, field: int) -> bool:
        """[AdkIsFilterable]"""

    def clear_filters(self, data: Handle) -> None:
        """[AdkClearFilters]"""
