"""Against a bare loop: the very ADK calls and changes of our run once more, without plan, journal and host process."""

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


class RecordingHost(HostProcess):
    """The host process; notes what it is asked for."""

    def __init__(self) -> None:
        super().__init__(PRACTICE_LIBRARY)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def call(self, operation: str, **arguments: Any) -> Answer:
        """Note and do."""
        self.asked.append((operation, arguments))
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
def _changes(client: CountedClient) -> Iterator[list[tuple[str, list[wire.PatchOperation]]]]:
    """The changes that the client sends meanwhile."""
    sent: list[tuple[str, list[wire.PatchOperation]]] = []
    patch = client.patch

    def noting(path: str, operations: Any, model: Any) -> Any:
        sent.append((path, list(operations)))
        return patch(path, operations, model)

    client.patch = noting  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        client.patch = patch  # type: ignore[method-assign]


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """Documents a second of both, in one run."""
    invoices = 100 if short else 500
    load = load_set(invoices, 5, customers=10)
    with load_world(folder / "ours", load) as world:
        host = RecordingHost()
        world.host.close()
        world.host = host
        watch = Stopwatch()
        with _changes(world.client) as sent:
            begun, before = time.perf_counter(), time.process_time() + _ended_children()
            report = world.run(watcher=watch)
            ended = time.perf_counter()
        assert report.count(RowState.TRANSFERRED) == invoices
        host.close()
        processor = time.process_time() + _ended_children() - before
        asked = host.asked
    with load_world(folder / "bare", load) as world:
        before = time.process_time()
        bare = _replayed(world, asked, sent)
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


def _replayed(
    world: LoadWorld, asked: list[tuple[str, dict[str, Any]]], sent: list[tuple[str, list[wire.PatchOperation]]]
) -> float:
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
    requests = [{"operation": operation, "arguments": json.loads(json.dumps(given))} for operation, given in asked]
    for request in requests:
        if request["operation"] == "open":
            request["arguments"] |= {"common": str(place.common_path), "company": str(place.company_path)}
    world.client.ask("/heartbeat/authorized")
    changes = iter(sent)
    begun = time.perf_counter()
    for request in requests:
        answer = host.answer(request)
        assert "error" not in answer, answer
    for path, operations in changes:
        world.client.patch(path, operations, list[wire.Invoice])
    seconds = time.perf_counter() - begun
    host.close()
    assert any(request["operation"] in WRITES for request in requests)
    return seconds
