"""What a call of the library answered: success, a warning, or an error. The same for every way to reach the library."""

from __future__ import annotations

from collections.abc import Callable

from brygga.administration.adk.errors import AdkError, AdkStatus, Code

WARNING_CODES = frozenset(
    {*range(238, 261), 289, 290, 326, 327, 328, 433, 435, 448, 479, 480, 490, 497, 509, 510, 512, 514, 525, 535, 547}
    | {552, 562, 566, 567, 579, 689}
)
"""The 48 ADKW_* codes: in lRc they mean success with a warning (contracts/adk.md §4, last point)."""


class Answers:
    """Judges the answers of one library and passes its warnings on.

    ``error_text`` gives the library's words for an error. Nothing may be raised through a callback of the library, so
    what the warning function raises is held until the call has returned.
    """

    def __init__(self, error_text: Callable[[AdkStatus], str]) -> None:
        self._error_text = error_text
        self.warning_function: Callable[[AdkStatus], None] | None = None
        self._warned: list[int] = []
        self._failures: list[BaseException] = []

    def before_call(self) -> None:
        """A call that answers ADK_ERROR begins."""
        self._warned = []

    def warned(self, status_of: Callable[[], AdkStatus]) -> None:
        """The library gives a warning during a call; never raises."""
        try:
            status = status_of()
            self._warned.append(status.code)
            if self.warning_function is not None:
                self.warning_function(status)
        except BaseException as failure:
            self._failures.append(failure)

    def judge(self, status: AdkStatus) -> None:
        """Raise AdkError unless it says OK or a warning; a warning that came in lRc only is passed on."""
        failure = self._taken_failure()
        if status.code != Code.OK and status.code not in WARNING_CODES:
            raise self.error(status) from failure
        if failure is not None:
            raise failure
        if status.code and status.code not in self._warned and self.warning_function is not None:
            self.warning_function(status)

    def after_plain_call(self) -> None:
        """A call that answers no ADK_ERROR has returned: raise what the warning function raised."""
        failure = self._taken_failure()
        if failure is not None:
            raise failure

    def error(self, status: AdkStatus) -> AdkError:
        """The error with the library's words."""
        return AdkError(status, self._error_text(status))

    def encoded(self, text: str) -> bytes:
        """Windows-1252 bytes; 34 for what the code page has not, and for NUL, which would end the text unseen."""
        try:
            raw = text.encode("cp1252")
        except UnicodeEncodeError as error:
            raise self.error(AdkStatus(Code.INVALID_STRING)) from error
        if b"\0" in raw:
            raise self.error(AdkStatus(Code.INVALID_STRING))
        return raw

    def _taken_failure(self) -> BaseException | None:
        failures, self._failures = self._failures, []
        if len(failures) > 1:
            return BaseExceptionGroup("the warning function failed", failures)
        return failures[0] if failures else None
