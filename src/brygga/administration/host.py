"""The host process: opens one company and does what its parent asks, on one thread. Standard library only.

Run by a Python of the library's bitness, as a file: ``python -I host.py <folder of the package brygga>``. It speaks
length-prefixed JSON (four bytes, big-endian, then UTF-8) over the standard input and output it was started with; the
first message it gets is ``load``. It ends when its input closes. Requests are ``{"operation", "arguments"}``, answers
``{"result", "warnings"}`` or ``{"error", "warnings"}``.

Only the main thread touches the library (architecture, "Administration: the ADK boundary"); a second thread does
nothing but read requests, because a pipe cannot be waited for with a time limit on Windows.
"""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import struct
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from brygga.administration.adk.calllog import CallLog
    from brygga.administration.adk.library import AdkLibrary
    from brygga.administration.adk.session import AdkSession
    from brygga.administration.run_file import RunFile

LENGTH = struct.Struct(">I")
WRITES = frozenset({"add", "update"})
"""The operations that change the company; ``host_process`` uses the same set."""
OWNS = "own"
"""Writes the owner file; it may be repeated, unlike the others."""
OPERATIONS = WRITES | {
    OWNS,
    "owner",
    "load",
    "open",
    "close",
    "status",
    "describe",
    "find",
    "find_many",
    "scan",
    "probe",
}


# -- messages ------------------------------------------------------------------------------------------------
def write_message(stream: BinaryIO, message: Any) -> None:
    """Send one message."""
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def read_message(stream: BinaryIO, longest: int | None = None) -> Any:
    """The next message; raises EOFError when the stream ended (also in the middle of one).

    ``longest`` (bytes) is a bound on what is believed of a partner that has not yet shown what it is: ValueError.
    """
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if longest is not None and length > longest:
        raise ValueError(f"a message of {length} bytes")
    return json.loads(_exactly(stream, length).decode("utf-8", "surrogatepass"))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    parts: list[bytes] = []
    while count:
        part = stream.read(count)
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _protected_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent, moved out of the reach of everything else in the process.

    A library that prints (native code too) then writes to the error output, and one that reads finds nothing.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return os.fdopen(incoming, "rb"), os.fdopen(outgoing, "wb")


# -- the work ------------------------------------------------------------------------------------------------
class ReadOnly(Exception):
    """A write was asked of a host that may only read."""


class Host:
    """Answers requests by means of one library and one session; opens the company when a call first needs it."""

    def __init__(self) -> None:
        self._library: AdkLibrary | None = None
        self._log: CallLog | None = None
        self._session: AdkSession | None = None
        self._company: tuple[str, str, str, str] | None = None
        self._read_only = True
        self._run_file: RunFile | None = None
        self._run_file_wait: float | None = None
        self.idle_close: float | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do one request; what goes wrong becomes data, so that the host lives on."""
        stage = "open"
        try:
            operation, arguments = request["operation"], request["arguments"]
            if operation not in OPERATIONS:
                raise ValueError(f"unknown operation {operation!r}")
            if self._read_only and operation in WRITES | {OWNS}:
                raise ReadOnly(operation)
            if operation not in ("load", "status", "close"):
                self._ensure_open(operation, arguments)
            stage = "open" if operation in ("load", "open") else "operation"
            outcome: dict[str, Any] = {"result": self._do(operation, arguments)}
        except Exception as error:
            outcome = {"error": self._error_to_wire(error, stage)}
        outcome["warnings"] = [vars(warned) for warned in self._session.take_warnings()] if self._session else []
        if self._log is not None:
            self._log.rest()
            if "result" in outcome and operation not in ("load", "open", "status", "close"):
                outcome["warnings"] += self._failure_of_the_log(self._log)
        return outcome

    def close(self) -> None:
        """Give the licence back; the next call opens the company again."""
        if self._session is not None:
            self._session.close()
        if self._run_file is not None:
            self._run_file.release()
        if self._log is not None:
            self._log.rest()

    def _do(self, operation: str, arguments: dict[str, Any]) -> Any:
        match operation:
            case "load":
                return self._load(**arguments)
            case "open":
                return self._loaded().version()
            case "close":
                return self.close()
            case "status":
                logging = self._log is not None and self._log.active
                return {"open": self._session is not None and self._session.is_open, "call_log": logging}
            case "owner" | "own":
                return self._owner(operation, arguments)
            case _:
                return getattr(Operations(self._loaded()), operation)(**arguments)

    def _owner(self, operation: str, arguments: dict[str, Any]) -> Any:
        """Read or write the owner file of the company that is open, whose run file this process holds."""
        from brygga.administration.owner_file import read_owner, write_owner

        assert self._company is not None
        folder = self._company[1]
        return read_owner(folder) if operation == "owner" else write_owner(folder, **arguments)

    def _load(
        self,
        factory: str,
        options: dict[str, Any],
        search_path: list[str],
        read_only: bool,
        idle_close: float | None,
        run_file_wait: float | None = None,
    ) -> None:
        from brygga.administration.adk.session import AdkSession

        sys.path.extend(search_path)
        module, _, name = factory.partition(":")
        self._library = getattr(importlib.import_module(module), name)(**options)
        self._session = AdkSession(self._library)
        self._read_only, self.idle_close, self._run_file_wait = read_only, idle_close, run_file_wait

    def _loaded(self) -> AdkSession:
        if self._session is None:
            raise RuntimeError("the first message must be load")
        return self._session

    def _ensure_open(self, operation: str, arguments: dict[str, Any]) -> None:
        from brygga.administration.adk.errors import AdkError, AdkStatus, Code

        session = self._loaded()
        if operation == "open":
            self._company = (arguments["common"], arguments["company"], arguments["user"], arguments["password"])
            self.close()
        if not session.is_open:
            if self._company is None:
                raise AdkError(AdkStatus(Code.NO_DB_OPEN))
            session = self._logged_or_not(session, self._company[0])
            session.open(*self._company)
            if not self._read_only and self._run_file_wait is not None:
                self._take_run_file(self._company[1], self._run_file_wait)

    def _logged_or_not(self, session: AdkSession, common: str) -> AdkSession:
        """The session to open the company with: over a library that logs where the installation asks for it."""
        from brygga.administration.adk.calllog import CallLog, logged
        from brygga.administration.adk.session import AdkSession

        before, self._log = self._log, CallLog.switched_on_in(common)
        if self._library is None or (before is None and self._log is None):
            return session
        self._session = AdkSession(self._library if self._log is None else logged(self._library, self._log))
        return self._session

    def _failure_of_the_log(self, log: CallLog) -> list[dict[str, Any]]:
        """The warning that the call log was switched off; an answer that is read carries it, once."""
        from brygga.administration.adk.calllog import LOG_FAILED
        from brygga.administration.adk.records import Warned

        failure = log.take_failure()
        return [vars(Warned(LOG_FAILED, 0, 0, failure))] if failure else []

    def _take_run_file(self, company: str, wait: float) -> None:
        from brygga.administration.run_file import RunFile

        self._run_file = RunFile(company, wait)
        try:
            self._run_file.take()
        except BaseException:
            self.close()
            raise

    def _error_to_wire(self, error: Exception, stage: str) -> dict[str, Any]:
        from brygga.administration.adk.errors import AdkError, AdkLoadError, Code
        from brygga.administration.adk.session import WrittenNotRead
        from brygga.administration.run_file import RunFileHeld, RunFileUnusable

        if isinstance(error, RunFileHeld):
            return {"kind": "held", "holder": error.holder, "since": error.since}
        if isinstance(error, RunFileUnusable):
            return {"kind": "unusable", "path": error.path, "detail": error.detail}
        if isinstance(error, WrittenNotRead):
            error, stage = error.cause, "written"
        if isinstance(error, AdkError):
            if error.code == Code.NO_DB_OPEN:
                self.close()  # so that the next call opens the company again
            return {"kind": "adk", "stage": stage, "status": vars(error.status), "text": error.text}
        if isinstance(error, AdkLoadError):
            return {"kind": "load", "reason": error.reason, "detail": error.detail, "bits": error.python_bits}
        if isinstance(error, ReadOnly):
            return {"kind": "read_only"}
        traceback.print_exception(error)
        return {"kind": "defect", "stage": stage, "text": f"{type(error).__name__}: {error}"}


class Operations:
    """The operations by name, with their arguments and results as JSON has them."""

    def __init__(self, session: AdkSession) -> None:
        self._session = session

    def describe(self, table: int, fields: list[int]) -> Any:
        """What the library says of fields."""
        return {field: vars(traits) for field, traits in self._session.describe(table, fields).items()}

    def probe(self) -> Any:
        """The answers to what public facts leave open."""
        from brygga.administration.adk.probe import Probe

        return Probe(self._session.library).answers()

    def find(
        self, table: int, key: dict[str, Any], fields: list[int], rows: list[int] | None, order: int | None
    ) -> Any:
        """One record or null."""
        from brygga.administration.adk.records import record_to_wire

        record = self._session.find(table, _by_id(key), fields, rows=rows, order=order)
        return None if record is None else record_to_wire(record)

    def find_many(
        self, table: int, key_field: int, keys: list[Any], fields: list[int], rows: list[int] | None = None
    ) -> Any:
        """One record or null per key."""
        from brygga.administration.adk.records import record_to_wire

        found = self._session.find_many(table, key_field, keys, fields, rows)
        return [None if record is None else record_to_wire(record) for record in found]

    def scan(self, **walk: Any) -> Any:
        """All records of a walk."""
        from brygga.administration.adk.records import Scan, record_to_wire

        walk["filters"] = _by_id(walk["filters"])
        return [record_to_wire(record) for record in self._session.scan(Scan(**walk))]

    def add(self, table: int, values: list[Any], rows: list[list[Any]], read_back: list[int]) -> Any:
        """Insert a record."""
        from brygga.administration.adk.records import record_to_wire

        return record_to_wire(self._session.add(table, values, rows=rows, read_back=read_back))

    def update(self, table: int, key: dict[str, Any], changes: list[Any], read_back: list[int]) -> Any:
        """Change a record."""
        from brygga.administration.adk.records import record_to_wire

        return record_to_wire(self._session.update(table, _by_id(key), changes, read_back=read_back))


def _by_id(values: dict[str, Any]) -> dict[int, Any]:
    return {int(field): value for field, value in values.items()}


# -- the process ---------------------------------------------------------------------------------------------
def _read_requests(stream: BinaryIO, requests: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            requests.put(read_message(stream))
    except (EOFError, OSError, ValueError):
        requests.put(None)  # the parent is gone, or no longer makes sense: end


class IdleClock:
    """When the company is to be closed: so many seconds after the last call, once; None = never."""

    def __init__(self) -> None:
        self._due: float | None = None

    def called(self, idle_close: float | None) -> None:
        """A call has been answered: count from now."""
        self._due = None if idle_close is None else time.monotonic() + idle_close

    def closed(self) -> None:
        """The company is closed: nothing is due."""
        self._due = None

    def remaining(self) -> float | None:
        """Seconds left, None when nothing is due."""
        return None if self._due is None else max(0.0, self._due - time.monotonic())


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the input ends; the company is closed meanwhile when nothing is asked for a while."""
    write_message(outgoing, {"hello": list(sys.version_info[:3]), "bits": 8 * struct.calcsize("P")})
    requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_read_requests, args=(incoming, requests), daemon=True).start()
    host, clock = Host(), IdleClock()
    try:
        while True:
            try:
                request = requests.get(timeout=clock.remaining())
            except queue.Empty:
                host.close()
                clock.closed()
                continue
            if request is None:
                return
            answer = host.answer(request)
            if request["operation"] != "status":
                clock.called(host.idle_close)
            write_message(outgoing, answer)
    finally:
        host.close()


def main(package_folder: str) -> None:
    """Run as the host process; ``package_folder`` is the folder that holds the package ``brygga``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the console's whole group: the parent decides
    incoming, outgoing = _protected_streams()
    own_folder = Path(__file__).resolve().parent
    # As a script this file's own folder is searched first: its modules would hide others of the same name.
    sys.path[:] = [package_folder, *(entry for entry in sys.path if Path(entry or ".").resolve() != own_folder)]
    try:
        serve(incoming, outgoing)
    except BrokenPipeError:
        pass  # the parent died while it was being answered: there is nobody left to tell


if __name__ == "__main__":
    main(sys.argv[1])
