"""Why something was not done, or was done with a remark: codes and parameters, never prose (the faces render them)."""

from __future__ import annotations

from enum import StrEnum

from brygga.records.base import Record


class Level(StrEnum):
    """How much a reason weighs: ``stop`` refuses the row, ``wait`` holds it, ``warning`` and ``note`` go with it."""

    STOP = "stop"
    WAIT = "wait"
    WARNING = "warning"
    NOTE = "note"


class Reason(Record, frozen=True):
    """A message code (semantics §5.2) with its parameters as text, rendered by ``brygga.messages``."""

    code: str
    params: tuple[tuple[str, str], ...] = ()
    level: Level = Level.STOP

    def param(self, name: str) -> str:
        """The parameter's value, empty when it is not there."""
        return dict(self.params).get(name, "")


def reason(code: str, level: Level = Level.STOP, /, **params: object) -> Reason:
    """A reason with its parameters turned into text."""
    return Reason(code, tuple((name, str(value)) for name, value in params.items()), level)


class Fault(Exception):
    """Something outside the program did not do what was asked; ``reason`` says what and holds the remedy's code."""

    def __init__(self, why: Reason) -> None:
        super().__init__(f"{why.code} {dict(why.params)}")
        self.reason = why


class Refused(Fault):
    """The other system refused for a reason that repeating does not cure; nothing was done."""


class Unavailable(Fault):
    """The other system could not be asked just now; nothing was done and asking again later is safe."""


class Uncertain(Fault):
    """A write was sent and its answer is lost: it may or may not have been done (never to be repeated blindly)."""


class Stopped(Exception):
    """Somebody asked to stop while something was read: no more is read, and nothing was written."""


class WriteBlocked(Exception):
    """A write was attempted through a read-only gateway: a defect of the program, shown by the tests."""
