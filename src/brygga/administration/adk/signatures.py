"""The C functions of the Administration API that this program calls (contracts/adk.md §1.3).

The program's own table: argument types in the words of the C interface, the name that a 32-bit DLL exports
(``__stdcall`` with its leading underscore and the number of argument bytes, §1.1) and the version that brought the
function.
``ctypes_library`` turns the words into ctypes; a contract test holds every row against ``adk_api.json``.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_YEAR_VERSION = 2013
"""From 2013 on versions are named by year (2013.0); before that they ran from 4 to 5.4."""

WARNING_CALLBACK = "void (__stdcall*)(ADK_ERROR*)"


@dataclass(frozen=True)
class Signature:
    """One function: its name, the C type of its result, those of its arguments in order, its x86 name, its version.

    ``since`` is the API version that introduced it, or ``base`` for those that were there from the beginning.
    """

    name: str
    result: str
    arguments: tuple[str, ...]
    x86_export: str
    since: str = "base"

    @property
    def required(self) -> bool:
        """Whether a library without this function is refused when it is loaded.

        Functions of the year versions may be absent (an installation older than that): they are missed when called.
        """
        return self.since == "base" or int(self.since.split(".")[0]) < FIRST_YEAR_VERSION


def _row(x86_export: str, *arguments: str, result: str = "ADK_ERROR", since: str = "base") -> Signature:
    name = x86_export.removeprefix("_").split("@")[0]
    return Signature(name, result, arguments, x86_export, since)


_DATA = "ADK_DATA*"

SIGNATURES: tuple[Signature, ...] = (
    # session
    _row("_AdkOpen@8", "CHAR*", "CHAR*"),
    _row("_AdkOpen2@16", "CHAR*", "CHAR*", "CHAR*", "CHAR*", since="2017.1"),
    _row("_AdkClose@0", result="VOID"),
    _row("_AdkIsLoginActivated@12", "CHAR*", "CHAR*", "INT*", since="2017.1"),
    _row("_AdkGetCompanyName@32", "CHAR*", "BOOL", "CHAR*", "CHAR**", "INT", "INT*", "LONG*", "LONG*", since="5.3"),
    _row("_AdkGetVersion@8", "LONG*", "LONG*", result="VOID", since="5.1"),
    _row("_AdkGetProgramDatabaseVersion@8", "LONG*", "LONG*", result="VOID", since="2013.0"),
    _row("_AdkGetVariant@20", "INT*", "BOOL*", "CHAR**", "INT", "CHAR*", since="5.0"),
    _row("_AdkGetBookingYearId@12", "LONG", "CHAR**", "INT", since="5.1"),
    _row("_AdkSetWarningFunction@4", WARNING_CALLBACK, result="VOID"),
    _row("_AdkGetErrorText@16", "ADK_ERROR*", "ADK_ERROR_TEXT_TYPE", "CHAR**", "INT", result="VOID"),
    # records
    _row("_AdkCreateData@4", "INT", result="PADK_DATA"),
    _row("_AdkCreateDataRow@8", "INT", "INT", result="PADK_DATA"),
    _row("_AdkGetDataRow@8", _DATA, "INT", result="PADK_DATA"),
    _row("_AdkDeleteStruct@4", _DATA),
    _row("_AdkResetStruct@4", _DATA),
    # fields
    _row("_AdkGetStr@16", _DATA, "INT", "CHAR**", "INT"),
    _row("_AdkGetBool@12", _DATA, "INT", "INT*"),
    _row("_AdkGetDouble@12", _DATA, "INT", "DOUBLE*"),
    _row("_AdkGetDate@12", _DATA, "INT", "LONG*"),
    _row("_AdkGetData@16", _DATA, "INT", "INT", "ADK_DATA**"),
    _row("_AdkSetStr@12", _DATA, "INT", "CHAR*"),
    _row("_AdkSetBool@12", _DATA, "INT", "INT"),
    _row("_AdkSetDouble@16", _DATA, "INT", "DOUBLE"),
    _row("_AdkSetDate@12", _DATA, "INT", "LONG"),
    _row("_AdkSetData@12", _DATA, "INT", _DATA),
    _row("_AdkLongToDate@12", "LONG", "CHAR**", "INT"),
    _row("_AdkLongToDateTime@12", "LONG", "CHAR**", "INT", since="5.1"),
    _row("_AdkDateToLong@8", "CHAR*", "LONG*"),
    _row("_AdkGetType@12", _DATA, "INT", "ADK_FIELD_TYPE*"),
    _row("_AdkGetLength@12", _DATA, "INT", "INT*"),
    _row("_AdkGetDecimals@12", _DATA, "INT", "INT*"),
    _row("_AdkIsReadWrite@8", _DATA, "INT", result="BOOL"),
    _row("_AdkGetLastFldId@8", _DATA, "INT*", since="2017.1"),
    _row("_AdkGetTimestampField@8", _DATA, "INT*", since="5.1"),
    # writing
    _row("_AdkAdd@4", _DATA),
    _row("_AdkUpdate@4", _DATA),
    _row("_AdkDeleteRow@8", _DATA, "INT"),
    _row("_AdkDeleteRecord@4", _DATA, since="2019.2"),
    # reading
    _row("_AdkSetSortOrder@8", _DATA, "ADK_SORT_ORDER"),
    _row("_AdkFindEx@8", _DATA, "BOOL", since="4.4"),
    _row("_AdkFirstEx@8", _DATA, "BOOL", since="4.4"),
    _row("_AdkLastEx@8", _DATA, "BOOL", since="4.4"),
    _row("_AdkNextEx@8", _DATA, "BOOL", since="4.4"),
    _row("_AdkPreviousEx@8", _DATA, "BOOL", since="4.4"),
    _row("_AdkSetFilter@16", _DATA, "INT", "const char*", "INT", since="2018.6"),
    _row("_AdkIsFilterable@12", _DATA, "INT", "BOOL*", since="2018.6"),
    _row("_AdkClearFilters@4", _DATA, since="2018.6"),
)
"""Every function that ``CtypesLibrary`` calls."""

BY_NAME: dict[str, Signature] = {signature.name: signature for signature in SIGNATURES}


def export_name(name: str, bits: int, windows: bool) -> str:
    """The symbol to look up for function ``name`` in a library of ``bits`` (32 or 64) bits.

    A 32-bit Windows DLL exports the decorated name only (contracts/adk.md §1.1); elsewhere the plain name is expected.
    """
    return BY_NAME[name].x86_export if windows and bits == 32 else name
