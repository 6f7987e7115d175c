"""Calling the vendor's .NET wrapper: every call on the process's one thread inside the runtime, every answer judged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from brygga.administration.adk.answers import Answers
from brygga.administration.adk.clr_thread import ClrThread
from brygga.administration.adk.dotnet_methods import Argument, Length, Methods, Out
from brygga.administration.adk.dotnet_runtime import load_api, runtime_name, wrapper_file
from brygga.administration.adk.errors import AdkStatus
from brygga.administration.adk.library import ErrorPart

TEXT_BUFFER = 200  # for a wrapper that asks for a length: what clients pass (contracts/adk.md §1.3)
OUT = Out.VALUE

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_thread: list[ClrThread] = []


class ClrFailure(Exception):
    """The wrapper threw a .NET exception: nothing is known of what the call did. The text is the exception's."""


def clr_thread() -> ClrThread:
    """The process's one thread inside the runtime."""
    if not _thread:
        _thread.append(ClrThread())
    return _thread[0]


def on_clr_thread(
    method: Callable[Concatenate[S, P], T],
) -> Callable[Concatenate[S, P], T]:
    def handed_over(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return clr_thread().run(lambda: method(self, *args, **kwargs))

    handed_over.__name__, handed_over.__doc__ = method.__name__, method.__doc__
    return handed_over


class Calls:
    """The methods of one wrapper assembly, called by name and judged by their ADKERROR."""

    def __init__(self, path: str | Path | None = None, *, runtime: str = "") -> None:
        self._answers = Answers(self._text_of)
        self._methods: Methods = clr_thread().run(
            lambda: Methods(load_api(wrapper_file(path), runtime or runtime_name()))
        )

    def _invoke(self, name: str, *arguments: Argument) -> tuple[Any, list[Any]]:
        try:
            return self._methods.call(name, *arguments)
        except Exception as error:
            raise _in_words(error, name) from None

    def _plain(self, name: str, *arguments: Argument) -> tuple[Any, list[Any]]:
        """Call a method that answers no ADKERROR."""
        outcome = self._invoke(name, *arguments)
        self._answers.after_plain_call()
        return outcome

    def _checked(self, name: str, *arguments: Argument) -> list[Any]:
        """Call a method that answers ADKERROR; what it filled in. AdkError unless it says OK or a warning."""
        self._answers.before_call()
        status, filled = self._invoke(name, *arguments)
        if not isinstance(status, AdkStatus):
            raise ClrFailure(f"{name} answered {status!r} instead of an ADKERROR")
        self._answers.judge(status)
        return filled

    def _either(self, *names: str) -> str:
        """The first of the names that this version of the wrapper has."""
        return next((name for name in names if self._methods.has(name)), names[0])

    def _text(self, text: str) -> str:
        """The text itself; 34 when Windows-1252 has it not: .NET would put another character in its place, unseen."""
        self._answers.encoded(text)
        return text

    def _text_of(self, status: AdkStatus, part: ErrorPart = ErrorPart.RESULT) -> str:
        name = "AdkGetErrorText"
        if self._methods.fits(name, status, int(part)):
            text, _ = self._invoke(name, status, int(part))
        else:
            _, (text,) = self._invoke(name, status, int(part), OUT, Length(TEXT_BUFFER))
        return (text or "").rstrip()


def trimmed(text: str | None) -> str:
    """The text up to a NUL: a wrapper that fills the text it was given may leave the rest as it was."""
    return (text or "").split("\0")[0]


def _in_words(error: Exception, name: str) -> Exception:
    """The exception without anything of the runtime in it, which only the CLR thread may touch."""
    if type(error).__module__.split(".")[0] in ("builtins", "brygga"):
        return error
    return ClrFailure(f"{name}: {type(error).__name__}: {error}")
