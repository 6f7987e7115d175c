"""The heart of the practice engine: the open company, errors and warnings, and the session calls."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.library import ErrorPart
from brygga.practice.adk_engine import texts
from brygga.practice.adk_engine.booking_years import find_booking_year
from brygga.practice.adk_engine.codes import Fn, Rc, Refusal
from brygga.practice.adk_engine.company import (
    COMPANY_FILE,
    INSTALLATION_FILE,
    LOCK_FILE,
    Installation,
    Switches,
    read_installation,
)
from brygga.practice.adk_engine.records import Handles
from brygga.practice.adk_engine.seats import Seat
from brygga.practice.adk_engine.storage import Storage
from brygga.practice.adk_engine.values import day_from_long, iso_day, long_from_day, parse_day
from brygga.practice.adk_engine.work import Work

VARIANT_NAMES = {1: "Administration 2000", 2: "Administration 1000", 3: "Administration 500", 5: "Administration 200"}

P = ParamSpec("P")
R = TypeVar("R")
Engine = TypeVar("Engine", bound="EngineCore")


@dataclass
class Session:
    """An open company with its licence."""

    common: Path
    company: Path
    installation: Installation
    storage: Storage
    seat: Seat

    def is_locked(self) -> bool:
        """Whether another user holds the company or the common files exclusively."""
        return (self.company / LOCK_FILE).exists() or (self.common / LOCK_FILE).exists()


def adk_call(
    function: Fn,
) -> Callable[[Callable[Concatenate[Engine, P], R]], Callable[Concatenate[Engine, P], R]]:
    """Turn refusals within a call into ``AdkError`` with the code of the function.

    A file that stays locked is 134, any other failure of the store is 1 (internal), as the API would answer.
    """

    def wrap(method: Callable[Concatenate[Engine, P], R]) -> Callable[Concatenate[Engine, P], R]:
        @functools.wraps(method)
        def call(self: Engine, /, *args: P.args, **kwargs: P.kwargs) -> R:
            self.last_warning = None
            try:
                return method(self, *args, **kwargs)
            except Refusal as refusal:
                raise self.error_of(refusal, function) from refusal
            except sqlite3.Error as failure:
                busy = getattr(failure, "sqlite_errorcode", 0) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
                code = Rc.CANT_OPEN_FILE if busy else Rc.INTERNAL
                raise self.error_of(Refusal(code), function) from failure

        return call

    return wrap


class EngineCore:
    """State and session calls; the record calls are added by the classes built on it."""

    def __init__(self) -> None:
        self._handles = Handles()
        self._session: Session | None = None
        self._installation = Installation()
        self._warning_function: Callable[[AdkStatus], None] | None = None
        self.last_warning: AdkStatus | None = None
        """The last warning of the latest call when the switch ``warnings_in_result`` is on: the C side answers it in
        lRc. The port never raises a warning."""

    @property
    def open_handles(self) -> int:
        """How many records, row arrays and rows have not been freed."""
        return len(self._handles)

    # -- help for the calls ------------------------------------------------------------------------------------
    def error_of(self, refusal: Refusal, function: Fn) -> AdkError:
        """The refusal as the port raises it."""
        status = AdkStatus(int(refusal.code), refusal.table, refusal.field, int(function))
        return AdkError(status, texts.result_text(status.code))

    def _require_session(self) -> Session:
        if self._session is None:
            raise Refusal(Rc.NO_DB_OPEN)
        return self._session

    @property
    def _switches(self) -> Switches:
        return self._require_session().installation.switches

    @property
    def _opaque_dates(self) -> bool:
        return self._switches.date_encoding == "opaque"

    def _work(self) -> Work:
        session = self._require_session()
        return Work(session.storage, session.installation)

    def _write_session(self) -> Session:
        """The session of a write: 80 without one, 486 while another user holds the company, 560 during a journal."""
        session = self._require_session()
        if session.is_locked():
            raise Refusal(Rc.EXCLUSIVE_LOCK)
        return session

    def _report(self, warnings: list[Refusal], function: Fn) -> None:
        """Hand out the warnings of a write that was committed, before the call returns."""
        for warning in warnings:
            status = self.error_of(warning, function).status
            if self._switches.warnings_in_result:
                self.last_warning = status
            if self._warning_function is not None:
                self._warning_function(status)

    # -- session ---------------------------------------------------------------------------------------------------
    @adk_call(Fn.OPEN2)
    def open(self, common_path: str, company_path: str, user: str, password: str) -> None:
        """[AdkOpen2] See the port. Opening while a company is open is refused (1): the contract knows one company at
        a time per process, and not whether the library replaces it."""
        if self._session is not None:
            raise Refusal(Rc.INTERNAL)
        common, company = self._installation_folder(common_path), Path(company_path)
        _require_company(company)
        installation = self._installation
        _check_versions(installation)
        if not installation.api_licensed:
            raise Refusal(Rc.LICENS_NO_API)
        _check_login(installation, user, password)
        if (company / LOCK_FILE).exists() or (common / LOCK_FILE).exists():
            raise Refusal(Rc.EXCLUSIVE_LOCK)
        storage = Storage(company / COMPANY_FILE)
        try:
            _check_database_version(installation, storage)
            seat = Seat(common, installation.licences)
        except BaseException:
            storage.close()
            raise
        self._session = Session(common, company, installation, storage, seat)

    def close(self) -> None:
        """[AdkClose] See the port. Records stay allocated, without a position."""
        self.last_warning = None
        if self._session is None:
            return
        for record in self._handles.records():
            self._handles.free_rows(record.rows or [])
            record.lose_position()
        session, self._session = self._session, None
        session.storage.close()
        session.seat.release()

    @adk_call(Fn.ISLOGINACTIVATED)
    def is_login_activated(self, common_path: str, company_path: str) -> bool:
        """[AdkIsLoginActivated] See the port."""
        self._installation_folder(common_path)
        _require_company(Path(company_path))
        return bool(self._installation.users)

    @adk_call(Fn.GETCOMPANYNAME)
    def company_name(self, common_path: str, company_path: str) -> str:
        """[AdkGetCompanyName] See the port."""
        self._installation_folder(common_path)
        company = Path(company_path)
        _require_company(company)
        storage = Storage(company / COMPANY_FILE)
        try:
            return storage.setting("name")
        finally:
            storage.close()

    def version(self) -> tuple[int, int]:
        """[AdkGetVersion] Of the installation whose common folder was given last; a default before that."""
        self.last_warning = None
        return self._installation.api_version

    def database_version(self) -> tuple[int, int]:
        """[AdkGetProgramDatabaseVersion] As ``version``."""
        self.last_warning = None
        return self._installation.program_database_version

    @adk_call(Fn.GETVARIANT)
    def variant(self, common_path: str) -> tuple[int, bool, str]:
        """[AdkGetVariant] See the port."""
        self._installation_folder(common_path)
        known = self._installation
        return known.variant, known.api_licensed, VARIANT_NAMES.get(known.variant, "")

    @adk_call(Fn.GET_BOOKINGYEAR_ID)
    def booking_year_id(self, date: int) -> str:
        """[AdkGetBookingYearId] See the port."""
        storage = self._require_session().storage
        year = find_booking_year(storage, day_from_long(date, opaque=self._opaque_dates))
        if year is None:
            raise Refusal(Rc.CANT_FIND_YEAR_ID)
        return str(year[0])

    def set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        """[AdkSetWarningFunction] See the port."""
        self.last_warning = None
        self._warning_function = function

    def error_text(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        """[AdkGetErrorText] Words of our own; empty where a member says nothing."""
        self.last_warning = None
        if part is ErrorPart.RESULT:
            return texts.result_text(status.code)
        if part is ErrorPart.TABLE:
            return texts.table_text(status.table)
        if part is ErrorPart.FIELD:
            return texts.field_text(status.field)
        return texts.function_text(status.function) if part is ErrorPart.FUNCTION else ""

    # -- dates -----------------------------------------------------------------------------------------------------
    @adk_call(Fn.LONG_TO_DATE)
    def long_to_date(self, value: int) -> str:
        """[AdkLongToDate] See the port. 672 for a number that ``date_to_long`` never gives (a timestamp, too)."""
        return iso_day(day_from_long(value, opaque=self._opaque_dates))

    @adk_call(Fn.NONE)
    def long_to_date_time(self, value: int) -> str:
        """[AdkLongToDateTime] See the port. 672 for a number that is no change of this company."""
        if value == 0:
            return ""
        moment = self._require_session().storage.change_time(value)
        if moment is None:
            raise Refusal(Rc.INVALID_PDATA)
        return moment if self._switches.timestamp_text == "seconds" else moment[:16]

    @adk_call(Fn.DATE_TO_LONG)
    def date_to_long(self, text: str) -> int:
        """[AdkDateToLong] See the port."""
        return long_from_day(parse_day(text), opaque=self._opaque_dates)

    def _installation_folder(self, common_path: str) -> Path:
        common = Path(common_path)
        if not common_path or not (common / INSTALLATION_FILE).is_file():
            raise Refusal(Rc.INVALID_ADM_PATH)
        self._installation = read_installation(common)
        return common


def _require_company(company: Path) -> None:
    if not (company / COMPANY_FILE).is_file():
        raise Refusal(Rc.INVALID_PATH_COMPANY)


def _check_versions(installation: Installation) -> None:
    """132/133 when the program's main version is older/newer than the API's, 223 when only the minor differs."""
    api, program = installation.api_version, installation.program_version
    if program[0] != api[0]:
        raise Refusal(Rc.APP_OLD if program[0] < api[0] else Rc.APP_NEW)
    if program[1] != api[1]:
        raise Refusal(Rc.API_APP_DIFF)


def _check_login(installation: Installation, user: str, password: str) -> None:
    if installation.users:
        if installation.users.get(user) != password:
            raise Refusal(Rc.LOGIN_FAIL)
    elif not user and not password and not installation.switches.empty_login_accepted:
        raise Refusal(Rc.LOGIN_FAIL)


def _check_database_version(installation: Installation, storage: Storage) -> None:
    major, minor = (int(part) for part in storage.setting("database_version").split("."))
    if (major, minor) > installation.program_database_version:
        raise Refusal(Rc.INVALID_DB_NEWER)
    if (major, minor) < installation.program_database_version:
        raise Refusal(Rc.INVALID_DB_OLDER)
