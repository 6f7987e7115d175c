"""The parent's side of the host process: starts it, asks it, says truthfully what is known when it dies."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from brygga.administration.adk.errors import AdkError, AdkLoadError, AdkStatus
from brygga.administration.adk.records import Warned
from brygga.administration.host import OWNS, WRITES, read_message, write_message
from brygga.administration.run_file import WAIT_SECONDS, RunFileHeld, RunFileUnusable
from brygga.administration.windows_job import end_with_this_program
from brygga.records.reasons import WriteBlocked

HOST_FILE = Path(__file__).with_name("host.py")
PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
END_SECONDS = 10.0
"""How long a host may take to close its company before it is ended."""
HELLO_LONGEST = 1000
"""Bytes: what a host says first is short, so that another program's output is not taken for it."""
SAID_LINES = 20
"""How many of the host's last lines on its error output are kept."""


@dataclass(frozen=True)
class LibrarySpec:
    """Which implementation of the port the host loads.

    ``factory`` is ``module:function``, called in the host with ``options`` (what JSON can hold); ``search_path`` are
    further folders that the host may import from.
    """

    factory: str
    options: Mapping[str, Any] = field(default_factory=dict)
    search_path: tuple[str, ...] = ()


class HostDied(Exception):
    """The host process ended during ``operation``.

    ``wrote`` tells whether a write had been handed to it, which it may or may not have done.
    """

    def __init__(self, operation: str, wrote: bool, said: str = "") -> None:
        super().__init__(f"the host process ended during {operation}" + (f": {said}" if said else ""))
        self.operation = operation
        self.wrote = wrote
        self.said = said


class HostNotStarted(Exception):
    """The interpreter does not start, or what starts is no host; ``said`` are its last words."""

    def __init__(self, interpreter: str, said: str) -> None:
        super().__init__(f"{interpreter}: {said}")
        self.interpreter = interpreter
        self.said = said


class HostDefect(Exception):
    """The host failed in a way that is a defect of the program; ``stage`` as in ``HostAdkError``."""

    def __init__(self, stage: str, text: str) -> None:
        super().__init__(text)
        self.stage = stage


class HostAdkError(AdkError):
    """An error of the library, come from the host.

    ``stage``: ``open`` (the company was being opened), ``operation`` (the asked operation failed) or ``written`` (the
    record was written, but not read back).
    """

    def __init__(self, status: AdkStatus, text: str, stage: str) -> None:
        super().__init__(status, text)
        self.stage = stage


@dataclass(frozen=True)
class Answer:
    """What an operation gave, with the warnings of the library during it."""

    result: Any
    warnings: tuple[Warned, ...] = ()


class HostProcess:
    """One host process, started when first needed and again after it died; calls are one at a time, from any thread.

    ``interpreter`` is the Python that runs it (None: this one); a 32-bit library needs a 32-bit one. ``idle_close`` is
    after how many seconds without calls the company is closed, giving its licence back (None: never). With
    ``read_only`` every write raises WriteBlocked, here and again in the host. ``run_file_wait``: seconds to wait for
    another writer of the company to end.
    """

    def __init__(
        self,
        library: LibrarySpec,
        *,
        interpreter: str | None = None,
        idle_close: float | None = 60.0,
        read_only: bool = False,
        run_file_wait: float = WAIT_SECONDS,
    ) -> None:
        self._run_file_wait = run_file_wait
        self._library = library
        self._interpreter = interpreter or sys.executable
        self._idle_close = idle_close
        self.read_only = read_only
        self._process: subprocess.Popen[bytes] | None = None
        self._job: object | None = None
        self._said: deque[str] = deque(maxlen=SAID_LINES)
        self._listener: threading.Thread | None = None
        self._company: dict[str, Any] | None = None
        self._lock = threading.RLock()

    @property
    def interpreter(self) -> str:
        """The Python that runs the host."""
        return self._interpreter

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        """The running host process, None when it is not running."""
        return self._process if self._process is not None and self._process.poll() is None else None

    def call(self, operation: str, **arguments: Any) -> Answer:
        """Have the host do ``operation`` (those of ``host.OPERATIONS``).

        ``open`` is remembered: a host that is started again opens the same company. Raises HostAdkError, AdkLoadError,
        HostDied, HostNotStarted, HostDefect and WriteBlocked.
        """
        if self.read_only and operation in WRITES | {OWNS}:
            raise WriteBlocked(operation)
        with self._lock:
            if operation == "open":
                self._company = arguments
            started = self._start()
            if started and self._company is not None and operation not in ("open", "status", "close"):
                self._ask("open", self._company, "open")
            return self._ask(operation, arguments, operation)

    def close(self) -> None:
        """End the host: it closes the company first. It is started again by the next call."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            self._end(process)

    def __enter__(self) -> HostProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the process -----------------------------------------------------------------------------------------
    def _start(self) -> bool:
        """Start the host unless it runs; whether it was started. A company is not yet open in it."""
        if self.process is not None:
            return False
        if self._process is not None:
            self._end(self._process)
        self._said.clear()
        self._process = self._spawned()
        try:
            self._job = end_with_this_program(self._process)
            self._greet()
            library = self._library
            arguments = {
                "factory": library.factory,
                "options": dict(library.options),
                "search_path": list(library.search_path),
                "read_only": self.read_only,
                "idle_close": self._idle_close,
                "run_file_wait": self._run_file_wait,
            }
            self._ask("load", arguments, "load")
        except BaseException:
            self.close()
            raise
        return True

    def _spawned(self) -> subprocess.Popen[bytes]:
        # -I: neither the environment nor the current folder decides what the host imports.
        command = [self._interpreter, "-I", str(HOST_FILE), str(PACKAGE_FOLDER)]
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise HostNotStarted(self._interpreter, str(error)) from error
        self._listener = threading.Thread(target=self._listen, args=(_pipe(process.stderr),), daemon=True)
        self._listener.start()
        return process

    def _greet(self) -> None:
        assert self._process is not None
        try:
            hello = read_message(_pipe(self._process.stdout), HELLO_LONGEST)
            if not isinstance(hello, dict) or "hello" not in hello:
                raise ValueError("no greeting")
        except (EOFError, OSError, ValueError) as error:
            process, self._process = self._process, None
            self._end(process)
            raise HostNotStarted(self._interpreter, self._last_words() or str(error)) from error

    def _listen(self, stream: BinaryIO) -> None:
        """Keep the host's last words, and keep its error output from filling up, which would stop it."""
        for line in stream:
            self._said.append(line.decode("utf-8", "replace").rstrip())

    def _last_words(self) -> str:
        if self._listener is not None:
            self._listener.join(END_SECONDS)
        return "\n".join(self._said)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        try:
            _pipe(process.stdin).close()
        except OSError:
            pass  # it is gone already
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()
        if self._listener is not None:
            self._listener.join(END_SECONDS)
        _pipe(process.stderr).close()
        self._job = None

    # -- the conversation ------------------------------------------------------------------------------------
    def _ask(self, operation: str, arguments: Mapping[str, Any], during: str) -> Answer:
        process = self._process
        assert process is not None
        handed_over = False
        try:
            write_message(_pipe(process.stdin), {"operation": operation, "arguments": arguments})
            handed_over = True
            answer = read_message(_pipe(process.stdout))
        except (EOFError, OSError, ValueError) as error:
            self._process = None
            self._end(process)
            raise HostDied(during, handed_over and operation in WRITES, self._last_words()) from error
        warnings = tuple(Warned(**warned) for warned in answer["warnings"])
        if "error" in answer:
            raise _error_from_wire(answer["error"], operation)
        return Answer(answer["result"], warnings)


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    """One of the three pipes of a host process, which has them all."""
    return cast(BinaryIO, stream)


def _error_from_wire(error: Mapping[str, Any], operation: str) -> Exception:
    match error["kind"]:
        case "adk":
            return HostAdkError(AdkStatus(**error["status"]), error["text"], error["stage"])
        case "load":
            return AdkLoadError(error["reason"], error["detail"], error["bits"])
        case "held":
            return RunFileHeld(error["holder"], error["since"])
        case "unusable":
            return RunFileUnusable(error["path"], error["detail"])
        case "read_only":
            return WriteBlocked(operation)
        case _:
            return HostDefect(error["stage"], error["text"])
