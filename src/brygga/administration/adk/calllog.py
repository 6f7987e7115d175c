"""The log of every call of the Administration API (REL-1.6.1-01, semantics §3.9 and §4.11). Standard library only.

A file named ``APIAdklogg`` in the common-files folder when a company is opened switches it on; without the file nothing
is written and no file is made. One line of UTF-8 per call, its parts separated by tabs: time (UTC), function, table,
field, record handle, arguments and result, result code (with the warnings of the call), milliseconds. What says
something of a person is masked (``masking.py``): the fields known to hold it, every text of a field that this program
does not know, addresses of e-mail and long numbers anywhere else, the user, and the password even to its length.
"""

from __future__ import annotations

import functools
import inspect
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, cast

from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.library import AdkLibrary, Handle
from brygga.administration.adk.masking import masked, masked_field, masked_patterns
from brygga.administration.adk.tables import (
    FIELDS,
    ROWS_OF,
    Table,
)

FILE_NAME = "APIAdklogg"
LIMIT = 10 * 1024 * 1024
"""Bytes at which the file is moved aside."""
KEPT = 5
"""How many full files are kept: ``APIAdklogg.1``, the newest, to ``APIAdklogg.5``."""
TRIES, PAUSE_SECONDS = 5, 0.05
"""How often, and how long apart, a file that another program holds is tried (Windows refuses while it is open)."""

LOG_FAILED = -1
"""Stands for the call log where the codes of warnings are carried; the API has no negative code (adk_errors.json)."""

T = TypeVar("T")


# -- the file ------------------------------------------------------------------------------------------------
class CallLog:
    """The file, appended to as long as it is there; writing never raises.

    Removing the file switches the log off. When it cannot be written the log switches itself off and ``take_failure``
    says why, once. Between ``rest`` and the next line the file is not held, so that Windows lets it be removed.
    """

    def __init__(
        self,
        path: Path,
        *,
        limit: int = LIMIT,
        replace: Callable[[str, str], None] = os.replace,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = str(path)
        self._limit = self._move_at = limit
        self._replace, self._pause = replace, pause
        self._descriptor: int | None = None
        self._failure = ""
        self._active = True

    @classmethod
    def switched_on_in(cls, common_path: str) -> CallLog | None:
        """The log of an installation, None when its common-files folder holds no file of that name."""
        path = Path(common_path) / FILE_NAME
        return cls(path) if common_path and os.path.isfile(path) else None

    @property
    def active(self) -> bool:
        """Whether calls are being written."""
        return self._active

    def write(self, line: str) -> None:
        """Append a line."""
        if not self._active:
            return
        data = (line + "\n").encode("utf-8", "backslashreplace")
        try:
            descriptor = self._opened()
            size = os.fstat(descriptor).st_size
            if size and size + len(data) > self._move_at:
                self._move_aside()
                descriptor = self._opened()
            _write_all(descriptor, data)
        except FileNotFoundError:
            self._switch_off("")  # somebody removed it, which is how the log is switched off
        except OSError as error:
            self._switch_off(f"{self._path}: {error.strerror or error}")

    def rest(self) -> None:
        """Let go of the file until the next line."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def take_failure(self) -> str:
        """Why the log had to be switched off; empty when it was not, or when this has been asked before."""
        failure, self._failure = self._failure, ""
        return failure

    def give_up(self, why: str) -> None:
        """Switch the log off because of something else than its file; ``why`` holds nothing of a person."""
        if self._active:
            self._switch_off(f"{self._path}: {why}")

    def _switch_off(self, failure: str) -> None:
        self._active, self._failure = False, failure
        try:
            self.rest()
        except OSError as error:  # a file server may tell only now that it is full; off it is either way
            self._failure = self._failure or f"{self._path}: {error.strerror or error}"

    def _opened(self) -> int:
        if self._descriptor is None:
            # Never O_CREAT: a file that was removed stays removed. Missing for a moment: another host moves it aside.
            self._descriptor = self._patiently(lambda: _opened_to_append(self._path, create=False))
        return self._descriptor

    def _move_aside(self) -> None:
        """Move the full file to ``.1`` and leave an empty one (or the log would be off).

        Other hosts write to the same file: one that is moved by them meanwhile is left to them. A file that stays held
        is written on and tried again later; at twice its size the log gives up, so that it does not grow without end.
        """
        self.rest()
        try:
            if os.path.getsize(self._path) < self._limit // 2:
                return  # another host has moved it
            for number in range(KEPT - 1, 0, -1):
                if os.path.exists(f"{self._path}.{number}"):
                    self._move(f"{self._path}.{number}", f"{self._path}.{number + 1}")
            self._move(self._path, f"{self._path}.1")
        except FileNotFoundError:
            return
        except PermissionError:
            if self._move_at >= 2 * self._limit:
                raise
            self._move_at += max(1, self._limit // 10)
            return
        self._move_at = self._limit
        os.close(_opened_to_append(self._path, create=True))

    def _move(self, source: str, target: str) -> None:
        self._patiently(lambda: self._replace(source, target))

    def _patiently(self, action: Callable[[], T]) -> T:
        for _ in range(TRIES - 1):
            try:
                return action()
            except (PermissionError, FileNotFoundError):
                self._pause(PAUSE_SECONDS)
        return action()


def _opened_to_append(path: str, *, create: bool) -> int:
    flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | (os.O_CREAT if create else 0), 0o666)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


# -- the calls -----------------------------------------------------------------------------------------------
MEMBERS: tuple[str, ...] = tuple(
    name for name, member in vars(AdkLibrary).items() if inspect.isfunction(member) and not name.startswith("_")
)
"""Every method of the port."""

C_NAMES = {
    "open": "AdkOpen2",
    "company_name": "AdkGetCompanyName",
    "version": "AdkGetVersion",
    "database_version": "AdkGetProgramDatabaseVersion",
    "variant": "AdkGetVariant",
    "booking_year_id": "AdkGetBookingYearId",
    "error_text": "AdkGetErrorText",
    "create_rows": "AdkCreateDataRow",
    "row": "AdkGetDataRow",
    "field_type": "AdkGetType",
    "field_length": "AdkGetLength",
    "field_decimals": "AdkGetDecimals",
    "last_field_id": "AdkGetLastFldId",
    "timestamp_field": "AdkGetTimestampField",
    **{name: f"Adk{name.capitalize()}Ex" for name in ("find", "first", "last", "next", "previous")},
}
"""The C functions whose names are not made of the method's words (contracts/adk.md §1.3)."""

DATE_FUNCTIONS = frozenset({"long_to_date", "long_to_date_time", "date_to_long"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?")
"""A date has eight digits, which anywhere else would be taken for a long number."""


def function_name(member: str) -> str:
    """The C function behind a method of the port."""
    return C_NAMES.get(member) or "Adk" + "".join(word.capitalize() for word in member.split("_"))


class LoggedLibrary:
    """Passes every call of the port on to ``library`` and writes it to the log; made with ``logged``.

    It has the members of ``AdkLibrary`` because it takes them from there: a method that is added to the port is logged.
    """

    def __init__(self, library: AdkLibrary, log: CallLog) -> None:
        self._library = library
        self._log = log
        self._tables = _TablesOfHandles()
        self._warned: list[int] = []
        for member in MEMBERS:
            setattr(self, member, self._logged(member))

    def _logged(self, member: str) -> Callable[..., Any]:
        shape = inspect.signature(getattr(AdkLibrary, member))
        # Annotations are texts there; a call's first handle is the record that it is about.
        handles = [name for name, parameter in shape.parameters.items() if parameter.annotation == "Handle"]

        @functools.wraps(getattr(AdkLibrary, member))
        def call(*positional: Any, **named: Any) -> Any:
            given = dict(shape.bind(self, *positional, **named).arguments)
            del given["self"]
            inner = functools.partial(self._inner(member), *positional, **named)
            return self._call(inner, member, given, handles[0] if handles else "")

        return call

    def _call(self, inner: Callable[[], Any], member: str, given: dict[str, Any], record: str) -> Any:
        # A warning function may itself call the library (its text is asked for), so a call can lie inside a call.
        outer, self._warned = self._warned, []
        moment, begun = datetime.now(UTC).isoformat(timespec="milliseconds"), time.perf_counter()
        outcome, result = "", None
        try:
            result = inner()
            outcome = "0"
            return result
        except BaseException as error:
            outcome = str(error.code) if isinstance(error, AdkError) else type(error).__name__
            raise
        finally:
            milliseconds = f"{1000 * (time.perf_counter() - begun):.3f}"
            codes = " ".join([outcome, *(f"warning {code}" for code in self._warned)])
            self._warned = outer
            try:
                parts = _Parts(member, given, record, self._tables.of(given.get(record, 0)), result).texts()
                self._log.write("\t".join([moment, function_name(member), *parts, codes, milliseconds]))
                if outcome == "0":
                    self._tables.note(member, given, result)
            except Exception as error:  # the call is done: a defect in telling of it must not become one of the call
                self._log.give_up(f"{function_name(member)}: {type(error).__name__}")

    def _inner(self, member: str) -> Callable[..., Any]:
        if member == "set_warning_function":
            return self._set_warning_function
        return cast("Callable[..., Any]", getattr(self._library, member))

    def _set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        def noted(status: AdkStatus) -> None:
            self._warned.append(status.code)
            function(status)

        self._library.set_warning_function(noted)


def logged(library: AdkLibrary, log: CallLog) -> AdkLibrary:
    """The library, with every call of it written to the log."""
    return cast(AdkLibrary, LoggedLibrary(library, log))


class _TablesOfHandles:
    """Which table each living handle is of; those that belong to another one (rows) are forgotten with it."""

    def __init__(self) -> None:
        self._tables: dict[Handle, int] = {}
        self._owned: dict[Handle, set[Handle]] = {}

    def of(self, handle: Handle) -> int | None:
        return self._tables.get(handle)

    def note(self, member: str, given: Mapping[str, Any], result: Any) -> None:
        match member:
            case "create_data":
                self._made(result, given["table"])
            case "create_rows":
                self._made(result, given["row_table"])
            case "row":
                self._belongs(result, given["rows"], self.of(given["rows"]))
            case "get_data":
                rows = ROWS_OF.get(cast(int, self.of(given["data"])))
                self._belongs(result, given["data"], rows.table if rows else None)
            case "set_data":
                self._belongs(given["rows"], given["data"], self.of(given["rows"]))
            case "delete_struct":
                self._forget(given["data"])

    def _made(self, handle: Handle, table: int) -> None:
        self._forget(handle)  # the library may use an address again
        self._tables[handle] = table

    def _belongs(self, handle: Handle, owner: Handle, table: int | None) -> None:
        self._tables.pop(handle, None)
        if table is not None:
            self._tables[handle] = table
        self._owned.setdefault(owner, set()).add(handle)

    def _forget(self, handle: Handle) -> None:
        self._tables.pop(handle, None)
        for owned in self._owned.pop(handle, ()):
            self._forget(owned)


RESULT = ""
"""The name under which an answer is shown: no argument has it."""


class _Parts:
    """What a line says of one call: table, field, record, and arguments with the result, masked."""

    def __init__(self, member: str, given: Mapping[str, Any], record: str, table: int | None, result: Any) -> None:
        self._member, self._given, self._record, self._result = member, given, record, result
        self._table: int | None = given.get("table", given.get("row_table", table))

    def texts(self) -> list[str]:
        field = self._given.get("field")
        known: Any = FIELDS.get(cast(Table, self._table), ())
        record = f"#{self._given[self._record]}" if self._record else "-"
        return [
            "-" if self._table is None else _named(self._table, Table),
            "-" if field is None else _named(field, known),
            record,
            " ".join(self._values()) or "-",
        ]

    def _values(self) -> Iterator[str]:
        for name, value in self._given.items():
            if name not in (self._record, "table", "row_table", "field"):
                yield f"{name}={self._shown(name, value)}"
        if self._result is not None:
            yield f"→ {self._shown(RESULT, self._result)}"

    def _shown(self, name: str, value: Any) -> str:
        if name in ("password", "user"):
            return "***" if value else '""'
        if isinstance(value, str):
            is_the_companys = name == RESULT and self._member == "company_name"
            return masked(value) if is_the_companys else self._shown_text(value)
        if isinstance(value, Enum):
            return value.name
        if isinstance(value, (bool, int, float)):
            return repr(value)
        if isinstance(value, AdkStatus):
            return "/".join(str(member) for member in vars(value).values())
        if isinstance(value, tuple):
            return ",".join(self._shown(RESULT, each) for each in value)
        return f"({type(value).__name__})"

    def _shown_text(self, value: str) -> str:
        if self._record:
            return masked_field(self._table, self._given["field"], value)
        if self._member in DATE_FUNCTIONS and _DATE.fullmatch(value):
            return f'"{value}"'
        return masked_patterns(value)


def _named(number: int, names: Any) -> str:
    return next((f"{member.name}({number})" for member in names if member == number), str(number))
