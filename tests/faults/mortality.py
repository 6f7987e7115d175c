"""A program that dies at a chosen write: the store's commits, the library's add and update, the PATCH to Severa.

The writes are numbered in the order they happen. From its death on the program does nothing more: whatever it tries in
its last handlers fails as well, as nothing runs in a process that was killed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import httpx2
from sqlalchemy.engine import Engine
from sqlalchemy.pool import PoolProxiedConnection

from brygga.administration.adk.library import Handle
from brygga.administration.adk.records import Warned
from brygga.administration.host import Host
from brygga.administration.host_process import Answer, HostProcess, LibrarySpec, _error_from_wire
from brygga.practice.adk_engine import library as practice_library
from brygga.practice.severa_server.faults import FaultPlan
from tests.contract.impatience import Impatient
from tests.faults.crashing_library import Delegating

R = TypeVar("R")
When = Literal["before", "after"]


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Mortality:
    """Dies at the ``at``-th write, ``when`` it is about to be done or just done; never when ``at`` is None."""

    at: int | None = None
    when: When = "before"
    dead: bool = False
    writes: list[str] = field(default_factory=list)

    def write(self, name: str, effect: Callable[[], R]) -> R:
        """Number a write and have its effect, unless death comes first."""
        self.breathe()
        self.writes.append(name)
        due = len(self.writes) == self.at
        if due and self.when == "before":
            self._die()
        result = effect()
        if due:
            self._die()
        return result

    def read(self, name: str, effect: Callable[[], R]) -> R:
        """Anything else that goes out of the program and comes back."""
        self.breathe()
        return effect()

    def breathe(self) -> None:
        """Nothing is done by the dead."""
        if self.dead:
            raise Killed

    def _die(self) -> None:
        self.dead = True
        raise Killed(f"{self.when} write {self.at}: {self.writes[-1]}")

    @property
    def outside(self) -> list[str]:
        """The writes that reached one of the two systems."""
        return [name for name in self.writes if name != COMMIT]


COMMIT = "commit"
PATCH = "PATCH"
POST = "POST"


@contextmanager
def mortal_store(engine: Engine, mortality: Mortality) -> Iterator[Engine]:
    """The store, whose commits are writes; closed at the end."""
    commit = engine.dialect.do_commit

    def do_commit(dbapi_connection: PoolProxiedConnection) -> None:
        mortality.write(COMMIT, lambda: commit(dbapi_connection))

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign]
    try:
        yield engine
    finally:
        engine.dialect.do_commit = commit  # type: ignore[method-assign]
        engine.dispose()


class MortalTransport(Impatient):
    """The network, over which every change of Severa is a write."""

    def __init__(self, mortality: Mortality, faults: Callable[[], FaultPlan]) -> None:
        super().__init__(faults)
        self._mortality = mortality

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        if request.method != "GET" and not request.url.path.endswith("/token"):
            return self._mortality.write(request.method, lambda: self._whole(request))
        return self._mortality.read(f"{request.method} {request.url.path}", lambda: self._whole(request))

    def _whole(self, request: httpx2.Request) -> httpx2.Response:
        response = super().handle_request(request)
        response.read()
        return response


class MortalLibrary(Delegating):
    """The practice engine, whose add and update are writes and whose other calls are reads."""

    def __init__(self, mortality: Mortality) -> None:
        super().__init__(practice_library())
        self._mortality = mortality

    def __getattr__(self, name: str) -> Any:
        call = super().__getattr__(name)

        def reading(*arguments: Any) -> Any:
            return self._mortality.read(name, lambda: call(*arguments))

        setattr(self, name, reading)  # found at once the next time: a field of a record is a call
        return reading

    def close(self) -> None:
        """Close the company, which the system does for the dead."""
        if self._mortality.dead:
            self.inner.close()
        else:
            self._mortality.read("close", self.inner.close)

    def add(self, data: Handle) -> None:
        """Insert a record."""
        self._mortality.write("add", lambda: self.inner.add(data))

    def update(self, data: Handle) -> None:
        """Change a record."""
        self._mortality.write("update", lambda: self.inner.update(data))


class HostInside(HostProcess):
    """The host's own code in this process: the death of the program is then the death of the host."""

    def __init__(self, mortality: Mortality) -> None:
        super().__init__(LibrarySpec("tests.faults.mortality:MortalLibrary", {"mortality": mortality}))
        self._inside: Host | None = None

    def _start(self) -> bool:
        if self._inside is not None:
            return False
        self._inside = Host()
        load = {"search_path": [], "read_only": False, "idle_close": None}
        load |= {"factory": self._library.factory, "options": self._library.options}
        assert "error" not in self._inside.answer({"operation": "load", "arguments": load})
        return True

    def _ask(self, operation: str, arguments: Any, during: str) -> Answer:
        assert self._inside is not None
        asked = json.loads(json.dumps({"operation": operation, "arguments": arguments}))
        answer = json.loads(json.dumps(self._inside.answer(asked)))
        if "error" in answer:
            raise _error_from_wire(answer["error"], operation)
        return Answer(answer["result"], tuple(Warned(**warned) for warned in answer["warnings"]))

    def close(self) -> None:
        """What the operating system does for a dead process: files and locks are let go."""
        if self._inside is not None:
            self._inside.close()
            self._inside = None
