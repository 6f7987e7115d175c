"""Against a bare loop: the very ADK calls and changes of our run once more, without plan, journal and host process.

They are made in the order in which the run made them. All calls first and all changes then would be faster, because
neither has to wait for the other's memory, and it is not what a loop over documents can do.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from brygga.administration.host import WRITES, Host
from brygga.administration.host_process import Answer, HostProcess
from brygga.practice.dataset import load_set
from brygga.runs.run import Quiet
from brygga.severa import wire
from brygga.store.states import RowState
from tests.bench.figures import Figure, at_least, shown
from tests.bench.load_world import PRACTICE_LIBRARY, CountedClient, LoadWorld, load_world

TITLE = "Bare loop"


@dataclass(frozen=True)
class Request:
    """What the host was asked for."""

    operation: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A PATCH of an invoice."""

    path: str
    operations: list[wire.PatchOperation]


Made = list[Request | Change]


class RecordingHost(HostProcess):
    """The host process; notes what it is asked for."""

    def __init__(self, made: Made) -> None:
        super().__init__(PRACTICE_LIBRARY)
        self._made = made

    def call(self, operation: str, **arguments: Any) -> Answer:
        """Note and do."""
        self._made.append(Request(operation, arguments))
        return super().call(operation, **arguments)


@dataclass
class Stopwatch(Quiet):
    """When the first record began, which is when everything was read and planned."""

    begun: float = 0.0
    planned_at: float = field(default=0.0)

    def planned(self, total: int) -> None:
        """Note the moment."""
        self.planned_at = time.perf_counter()


@contextmanager
def _noting_changes(client: CountedClient, made: Made) -> Iterator[None]:
    """The changes that the client sends meanwhile are noted."""
    patch = client.patch

    def noting(path: str, operations: Any, model: Any) -> Any:
        made.append(Change(path, list(operations)))
        return patch(path, operations, model)

    client.patch = noting  # type: ignore[method-assign]
    try:
        yield
    finally:
        client.patch = patch  # type: ignore[method-assign]


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """Documents a second of both, in one run."""
    invoices = 200 if short else 1000
    load = load_set(invoices, 5, customers=10)
    with load_world(folder / "ours", load) as world:
        made: Made = []
        host = RecordingHost(made)
        world.host.close()
        world.host = host
        watch = Stopwatch()
        with _noting_changes(world.client, made):
            begun, before = time.perf_counter(), time.process_time() + _ended_children()
            report = world.run(watcher=watch)
            ended = time.perf_counter()
        assert report.count(RowState.TRANSFERRED) == invoices
        host.close()
        processor = time.process_time() + _ended_children() - before
    with load_world(folder / "bare", load) as world:
        before = time.process_time()
        bare = _replayed(world, made)
        bare_processor = time.process_time() - before
    whole, carrying = invoices / (ended - begun), invoices / (ended - watch.planned_at)
    return [
        shown("bare loop, documents a second", invoices / bare),
        shown("Brygga, documents a second, reading and planning included", whole),
        shown("Brygga, documents a second, carrying out alone", carrying),
        shown(
            "processor time of a document, program and host, reading and planning included",
            1000 * processor / invoices,
            "ms",
        ),
        shown("processor time of a document in the bare loop", 1000 * bare_processor / invoices, "ms"),
        at_least("Brygga ÷ bare loop, whole run", whole / (invoices / bare), 0.5),
        at_least("Brygga ÷ bare loop, carrying out alone", carrying / (invoices / bare), 0.5),
    ]


def _ended_children() -> float:
    """Processor seconds of the processes that were started here and have ended, the host among them."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _replayed(world: LoadWorld, made: Made) -> float:
    """Seconds for the same calls on a fresh company, in this process and straight to the library."""
    place, host = world.installation, Host()
    host.answer(
        {
            "operation": "load",
            "arguments": {
                "factory": PRACTICE_LIBRARY.factory,
                "options": {},
                "search_path": [],
                "read_only": False,
                "idle_close": None,
            },
        }
    )
    here = {"common": str(place.common_path), "company": str(place.company_path)}
    steps: list[dict[str, Any] | Change] = []
    for each in made:
        if isinstance(each, Change):
            steps.append(each)
            continue
        arguments = json.loads(json.dumps(each.arguments))
        steps.append({"operation": each.operation, "arguments": arguments | (here if each.operation == "open" else {})})
    world.client.ask("/heartbeat/authorized")
    begun = time.perf_counter()
    for step in steps:
        if isinstance(step, Change):
            world.client.patch(step.path, step.operations, list[wire.Invoice])
        else:
            answer = host.answer(step)
            assert "error" not in answer, answer
    seconds = time.perf_counter() - begun
    host.close()
    assert any(isinstance(each, Request) and each.operation in WRITES for each in made)
    assert any(isinstance(each, Change) for each in made)
    return seconds
