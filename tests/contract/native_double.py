"""An engine that misbehaves on request, for the compiled library: what a good engine never does must be survived."""

from __future__ import annotations

from collections.abc import Callable

from brygga.administration.adk.errors import AdkError, AdkStatus, Code
from brygga.administration.adk.library import ErrorPart

RECORD = 7
WARNING = AdkStatus(238, 95, 12, 81, 3)
ERROR = AdkStatus(12, 95, 13, 82, 4)


class MisbehavingEngine:
    """Only what the tests call; everything else is an AttributeError, which the library must refuse with 1."""

    def __init__(self) -> None:
        self.last_warning: AdkStatus | None = None
        self.closed = False
        self._warn: Callable[[AdkStatus], None] = lambda status: None

    def set_warning_function(self, function: Callable[[AdkStatus], None]) -> None:
        self._warn = function

    def create_data(self, table: int) -> int:
        self.last_warning = None
        if table != 0:
            raise AdkError(AdkStatus(Code.INVALID_DB))
        return RECORD

    def create_rows(self, table: int, count: int) -> int:
        raise ValueError("an engine that breaks where the answer is a pointer")

    def is_read_write(self, data: int, field: int) -> bool:
        raise ValueError("an engine that breaks where the answer is a yes or no")

    def add(self, data: int) -> None:
        raise ValueError("an engine that breaks")

    def update(self, data: int) -> None:
        """Succeeds with a warning, in lRc and to the warning function."""
        self._warn(WARNING)
        self.last_warning = WARNING

    def delete_record(self, data: int) -> None:
        """Succeeds with a warning in lRc only."""
        self.last_warning = WARNING

    def delete_row(self, data: int, number: int) -> None:
        raise AdkError(ERROR)

    def get_str(self, data: int, field: int, length: int) -> str:
        """Ignores ``length``, so that the library itself must guard the caller's buffer."""
        return "Ååkeri"

    def error_text(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        return f"text {status.code} {int(part)} " + "x" * 300

    def close(self) -> None:
        self.closed = True


def library() -> MisbehavingEngine:
    """The engine, as ``build_library`` wants it."""
    return MisbehavingEngine()


def broken_library() -> MisbehavingEngine:
    """An engine that does not start."""
    raise ValueError("the engine does not start")
