"""One thread for everything that touches the .NET runtime: calls are serialised by construction.

Two threads inside the runtime deadlocked in a trial (architecture, "Administration: the ADK boundary"). So the runtime
is started on this thread, and every other thread hands its call over and waits. Standard library only.
"""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from brygga.administration.adk.errors import AdkError, AdkLoadError

T = TypeVar("T")


class _Call:
    """A call that was handed over, and what came of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.result: Any = None
        self.failure: BaseException | None = None
        self.done = threading.Lock()
        self.done.acquire()

    def carry_out(self) -> None:
        try:
            self.result = self.work()
        except BaseException as failure:
            self.failure = _without_frames(failure)
        self.done.release()


def _without_frames(failure: BaseException) -> BaseException:
    """The exception without its tracebacks: their frames hold objects of the runtime, which must die on this thread.

    Where it came from is kept as a note, unless it is an answer of the library.
    """
    if not isinstance(failure, AdkError | AdkLoadError):
        failure.add_note("".join(traceback.format_tb(failure.__traceback__)))
    seen: list[BaseException] = [failure]
    while seen:
        each = seen.pop()
        each.__traceback__ = None
        seen += [linked for linked in (each.__cause__, each.__context__) if linked is not None]
    return failure


class ClrThread:
    """Carries out calls one after another on a thread of its own, which lasts as long as the process."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[_Call] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="clr", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[], T]) -> T:
        """What ``work`` gives or raises. A call from the thread itself (a warning asks for its text) is made here."""
        if threading.current_thread() is self._thread:
            return work()
        call = _Call(work)
        self._calls.put(call)
        call.done.acquire()
        if call.failure is not None:
            raise call.failure
        result: T = call.result
        return result

    def _serve(self) -> None:
        while True:
            self._calls.get().carry_out()
