"""What went wrong in the host or the library → why, in the program's codes (semantics §4.12, §5.2).

One table per question: which reason a code of the Administration API is, and which codes are worth another try. A code
without an entry is ADK-505 with the library's own words; nothing is swallowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from brygga.administration.adk.binary import bits_of
from brygga.administration.adk.errors import AdkError, AdkLoadError, Code
from brygga.administration.adk.records import Warned
from brygga.administration.host_process import HostAdkError, HostDefect, HostDied, HostNotStarted
from brygga.administration.run_file import RunFileHeld, RunFileUnusable
from brygga.records.reasons import Fault, Level, Reason, Refused, Unavailable, Uncertain, reason
from brygga.records.target import Kind

TRANSIENT = frozenset(
    {
        Code.INTERNAL,
        Code.NO_DB_OPEN,
        Code.INVALID_NET_LICENCE,
        Code.CANT_OPEN_FILE,
        Code.TOO_MANY_LICENCES,
        Code.EXCLUSIVE_LOCK,
        Code.JOURNAL_IN_PROGRESS,
    }
)
"""Codes that another try may cure (semantics §4.12)."""

DOUBTFUL_ON_WRITE = frozenset({Code.INTERNAL})
"""An internal error of a write says nothing about whether it was done."""

REASONS: dict[int, str] = {
    Code.INVALID_PATH_COMMON: "SYS-901",
    Code.INVALID_PATH_COMPANY: "SYS-906",
    Code.NO_DB_OPEN: "SYS-902",
    Code.EXCLUSIVE_LOCK: "SYS-904",
    **dict.fromkeys((Code.APP_OLD, Code.APP_NEW, Code.API_APP_DIFF), "SYS-903"),
    **dict.fromkeys((75, 76, 77, 673), "SYS-903"),  # database of another program, newer, older, upgrade needed
    **dict.fromkeys((Code.LOGIN_FAILED, Code.LOGIN_DENIED), "ADK-507"),
    **dict.fromkeys((Code.LICENCE_NO_API, Code.LICENCE_NO_KEY, 581, 582, 602, 675), "ADK-508"),
    **dict.fromkeys((Code.TOO_MANY_LICENCES, Code.INVALID_NET_LICENCE), "ADK-509"),
    **dict.fromkeys((Code.MONTH_LOCKED, Code.YEAR_LOCKED), "FAK-305"),
    Code.DATE_OUTSIDE_BOOKING_YEARS: "FAK-313",
    Code.CANT_FIND_YEAR: "FAK-313",
    Code.INVALID_CONTROL_NUMBER: "KND-101",
    Code.CLOSED_PROJECT: "PRJ-204",
    553: "PRJ-204",  # ADKE_PROJECT_COMPLETED
}
"""Codes with a reason of their own; 214 depends on what was written (``_reason_code``)."""

LOAD_REASONS = {
    "not_found": ("ADK-501", "path"),
    "wrong_bitness": ("ADK-502", "path"),
    "not_a_library": ("ADK-512", "path"),
    "missing_function": ("ADK-503", "function"),
    "no_handshake": ("ADK-504", "path"),
    "no_pythonnet": ("SYS-947", "detail"),
    "no_runtime": ("SYS-948", "detail"),
    "no_api": ("SYS-949", "path"),
}


@dataclass(frozen=True)
class Situation:
    """What was being done: it fills the parameters of the reason.

    ``operation`` is the host's word for it; ``writing`` whether it changes the company. ``number`` and ``day`` are the
    record's number and date, ``identity`` its organisation number, where it has them.
    """

    operation: str
    writing: bool = False
    kind: Kind | None = None
    number: str = ""
    day: date | None = None
    identity: str = ""
    common_path: str = ""
    company_path: str = ""


def fault_of(error: Exception, situation: Situation) -> Fault:
    """The fault to raise for what host or library raised; a defect of the program outside a write is raised itself."""
    match error:
        case HostDied():
            why = reason("ADK-506", operation=error.operation, detail=error.said)
            return Uncertain(why) if error.wrote else Unavailable(why)
        case HostNotStarted():
            return Refused(reason("ADK-510", interpreter=error.interpreter, detail=error.said))
        case RunFileHeld():
            return Unavailable(reason("SYS-908", holder=error.holder, since=error.since))
        case RunFileUnusable():
            return Refused(reason("SYS-916", path=error.path, detail=error.detail))
        case AdkLoadError():
            return Refused(_reason_of_load(error))
        case AdkError():
            return _fault_of_code(error, situation)
        case HostDefect() if error.stage == "written" or (situation.writing and error.stage == "operation"):
            return Uncertain(reason("ADK-505", code="", text=str(error)))
        case _:
            raise error


def _reason_of_load(error: AdkLoadError) -> Reason:
    code, parameter = LOAD_REASONS[error.reason]
    if error.reason != "wrong_bitness":
        return reason(code, **{parameter: error.detail})
    file = error.detail.split(": ")[0]
    other = 96 - error.python_bits  # 32 and 64 are the only ones
    return reason(code, path=file, bits=bits_of(file) or other, python_bits=error.python_bits)


def _fault_of_code(error: AdkError, situation: Situation) -> Fault:
    stage = error.stage if isinstance(error, HostAdkError) else "operation"
    why = reason_of(error, situation)
    if stage == "written":
        return Uncertain(why)
    if situation.writing and stage == "operation" and error.code in DOUBTFUL_ON_WRITE:
        return Uncertain(why)
    return Unavailable(why) if error.code in TRANSIENT else Refused(why)


def reason_of(error: AdkError, situation: Situation) -> Reason:
    """The reason for a code of the library."""
    code = _reason_code(error.code, situation)
    return reason(code, **_parameters(code, error, situation))


def _reason_code(code: int, situation: Situation) -> str:
    if code == Code.KEY_TAKEN:
        return "FAK-302" if situation.kind is Kind.INVOICE else "ADK-505"
    return REASONS.get(code, "ADK-505")


def _parameters(code: str, error: AdkError, situation: Situation) -> dict[str, object]:
    match code:
        case "SYS-901":
            return {"path": situation.common_path}
        case "SYS-906":
            return {"path": situation.company_path}
        case "FAK-302" | "PRJ-204":
            return {"nr": situation.number}
        case "FAK-305":
            return {"period": format(situation.day, "%Y-%m") if situation.day else ""}
        case "FAK-313":
            return {"date": situation.day or ""}
        case "KND-101":
            return {"nr": situation.identity}
        case _:
            return {"code": error.code, "text": error.text}


@contextmanager
def understood() -> Iterator[None]:
    """What Administration holds and the program cannot read (an empty date, a broken number) is refused, with words."""
    try:
        yield
    except ValueError as error:
        raise Refused(reason("ADK-505", code="", text=str(error))) from error


def warnings_of(warned: Sequence[Warned]) -> tuple[Reason, ...]:
    """The library's warnings as reasons: shown, never swallowed (semantics §4.13)."""
    return tuple(reason("ADK-511", Level.WARNING, code=warning.code, text=warning.text) for warning in warned)
