"""Libraries that misbehave in ways a real one can: made in the host process by their factories (module:function).

Each wraps another ``AdkLibrary`` and passes everything on; ``os._exit`` ends the process as a crash in native code
does, with no chance to tidy up.
"""

from __future__ import annotations

import importlib
import os
import time
from pathlib import Path
from typing import Any

CRASH_CODE = 70


class Delegating:
    """Passes every call on to ``inner``."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class CrashingLibrary(Delegating):
    """Ends the process at the ``at``-th call of ``function``: ``before`` the inner library is called, or ``after``.

    ``once_file``: the crash happens only while this file does not exist, and makes it, so that a restarted process
    lives; empty: every process crashes.
    """

    def __init__(self, inner: Any, function: str, at: int, when: str, once_file: str) -> None:
        super().__init__(inner)
        self._function, self._at, self._when, self._once = function, at, when, Path(once_file or os.devnull)
        self._calls = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.inner, name)
        if name != self._function:
            return method

        def call(*arguments: Any) -> Any:
            self._calls += 1
            due = self._calls == self._at and (self._once == Path(os.devnull) or not self._once.exists())
            if due and self._when == "before":
                self._crash()
            result = method(*arguments)
            if due:
                self._crash()
            return result

        return call

    def _crash(self) -> None:
        self._once.write_text("crashed\n", encoding="utf-8")
        os._exit(CRASH_CODE)


class SlowLibrary(Delegating):
    """Takes its time before each add, having said in ``began`` that it is there: a write under way in an orphan."""

    def __init__(self, inner: Any, began: str, seconds: float) -> None:
        super().__init__(inner)
        self._began, self._seconds = Path(began), seconds

    def add(self, data: int) -> None:
        self._began.write_text("adding\n", encoding="utf-8")
        time.sleep(self._seconds)
        self.inner.add(data)


class PrintingLibrary(Delegating):
    """Prints to the standard output at every opening, by Python and below it, and reads from the standard input."""

    def open(self, *arguments: str) -> None:
        print("hello from the library")
        os.write(1, b"hello from native code\n")
        assert os.read(0, 1) == b"", "the protocol's input must be out of reach"
        self.inner.open(*arguments)


class UnreadableLibrary(Delegating):
    """Writes records, but cannot read a number back once something was written."""

    written = False

    def add(self, data: int) -> None:
        self.inner.add(data)
        self.written = True

    def get_double(self, data: int, field: int) -> float:
        if self.written:
            raise ConnectionError("the file server is gone")
        value: float = self.inner.get_double(data, field)
        return value


def _made(factory: str, options: dict[str, Any]) -> Any:
    module, _, name = factory.partition(":")
    return getattr(importlib.import_module(module), name)(**options)


def crashing(
    factory: str, function: str, when: str, once_file: str, at: int = 1, options: dict[str, Any] | None = None
) -> CrashingLibrary:
    """The library of ``factory``, which ends the process at the ``at``-th call of ``function``."""
    return CrashingLibrary(_made(factory, options or {}), function, at, when, once_file)


def printing(factory: str) -> PrintingLibrary:
    """The library of ``factory``, which prints."""
    return PrintingLibrary(_made(factory, {}))


def unreadable(factory: str) -> UnreadableLibrary:
    """The library of ``factory``, which fails after a write."""
    return UnreadableLibrary(_made(factory, {}))


def crashing_at_load() -> None:
    """A library whose loading alone ends the process."""
    os._exit(CRASH_CODE)


def slow(factory: str, began: str, seconds: float) -> SlowLibrary:
    """A library whose adds take ``seconds``."""
    return SlowLibrary(_made(factory, {}), began, seconds)


class StrangeChangeTimes(Delegating):
    """Tells change times in words that no program reads."""

    def long_to_date_time(self, value: int) -> str:
        return "den 3 februari kl 8" if value else ""


def strange_change_times(factory: str) -> StrangeChangeTimes:
    """The library of ``factory``, whose change times are not understood."""
    return StrangeChangeTimes(_made(factory, {}))
