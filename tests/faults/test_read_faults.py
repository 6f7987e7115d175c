"""Every read that the program can make, answered with every fault: repeated where that helps, else a reason.

The reads are those of the client's own table, so that a new endpoint is covered at once.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Fault
from brygga.severa.connection import SeveraConnection
from brygga.severa.http import SeveraClient
from brygga.severa.operations import OPERATIONS, Operation
from tests.contract.severa_connected import FakeClock, unpaced
from tests.faults.conftest import MakeWorld
from tests.faults.fault_scenario import CLIENT_ID, CLIENT_SECRET
from tests.faults.fault_world import World
from tests.faults.figures import Figures

READS = tuple(operation for operation in OPERATIONS if operation.method == "GET")
EVER = 1000
"""More often than any read is repeated."""
INSTEAD = FaultKind.ANSWER_INSTEAD
PASSING: dict[str, tuple[FaultKind, dict[str, Any]]] = {
    "401 in the middle": (INSTEAD, {"status": 401}),
    "429": (INSTEAD, {"status": 429, "text": "quota"}),
    "429 with Retry-After in seconds": (INSTEAD, {"status": 429, "text": "", "headers": {"Retry-After": "2"}}),
    "429 with Retry-After as a date gone by": (
        INSTEAD,
        {"status": 429, "text": "", "headers": {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}},
    ),
    "429 with a Retry-After that is none": (INSTEAD, {"status": 429, "text": "", "headers": {"Retry-After": "soon"}}),
    "500": (INSTEAD, {"status": 500}),
    "502 in HTML": (INSTEAD, {"status": 502, "text": "<html>Bad Gateway</html>"}),
    "503": (INSTEAD, {"status": 503}),
    "504": (INSTEAD, {"status": 504}),
    "connection closed": (FaultKind.CLOSE_BEFORE, {}),
    "connection closed before the answer": (FaultKind.DO_THEN_CLOSE, {}),
}
"""Faults after which the same read, repeated, answers as if nothing had happened."""
LASTING: dict[str, tuple[FaultKind, dict[str, Any], set[str]]] = {
    "401": (INSTEAD, {"status": 401}, {"SEV-701"}),
    "403": (INSTEAD, {"status": 403}, {"SEV-702", "SEV-705"}),
    "404": (INSTEAD, {"status": 404}, {"SEV-709"}),
    "429": (INSTEAD, {"status": 429, "text": "quota"}, {"SYS-905"}),
    "500": (INSTEAD, {"status": 500}, {"SEV-710"}),
    "503": (INSTEAD, {"status": 503}, {"SEV-710"}),
    "connection closed": (FaultKind.CLOSE_BEFORE, {}, {"SEV-703"}),
}
"""Faults that do not pass, with the reason that is given; nothing is concluded from them."""
NO_CONTENT = "/heartbeat/authorized"


def path_of(operation: Operation) -> str:
    """A path of the operation, for records that are there or not."""
    known = {"guid": "invoice-1" if "/invoices" in operation.path else "customer-1"}
    return re.sub(r"{(\w+)}", lambda name: known.get(name[1], f"{name[1].removesuffix('Guid')}-1"), operation.path)


@contextmanager
def client_of(there: World, clock: FakeClock | None = None) -> Iterator[SeveraClient]:
    """A client with a token, so that what follows is the read alone."""
    connection = SeveraConnection(there.url, CLIENT_ID, CLIENT_SECRET)
    with SeveraClient(connection, read_only=True, pacing=unpaced(clock)) as client:
        client.ask(NO_CONTENT)
        yield client


def outcome(client: SeveraClient, path: str) -> Any:
    """What the read answers, or the code of the reason why it does not."""
    try:
        return client.ask(path) if path == NO_CONTENT else client.get(path, object)
    except Fault as fault:
        return fault.reason.code


def test_a_fault_that_passes_changes_nothing(world: MakeWorld, figures: Figures) -> None:
    begun = time.monotonic()
    there = world("severa")
    with client_of(there) as client:
        for path in map(path_of, READS):
            undisturbed = outcome(client, path)
            for name, (kind, details) in PASSING.items():
                there.state.faults.order(kind, "GET", path, **details)
                assert outcome(client, path) == undisturbed, f"{path}: {name}"
                assert there.state.faults.striking("GET", path) is None
                there.state.faults.clear()
    figures.note("read faults", "passing", reads=len(READS), faults=len(PASSING), seconds=time.monotonic() - begun)


def test_a_fault_that_lasts_is_a_reason(world: MakeWorld, figures: Figures) -> None:
    begun = time.monotonic()
    there = world("severa")
    with client_of(there) as client:
        for path in map(path_of, READS):
            for name, (kind, details, codes) in LASTING.items():
                there.state.faults.order(kind, "GET", path, times=EVER, **details)
                assert outcome(client, path) in codes, f"{path}: {name}"
                there.state.faults.clear()
    figures.note("read faults", "lasting", reads=len(READS), faults=len(LASTING), seconds=time.monotonic() - begun)


def test_half_an_answer_is_never_a_whole_one(world: MakeWorld) -> None:
    there = world("severa")
    answered = 0
    with client_of(there) as client:
        for path in map(path_of, READS):
            undisturbed = outcome(client, path)
            if isinstance(undisturbed, str) or undisturbed is None:
                continue
            answered += 1
            there.state.faults.order(FaultKind.TRUNCATED_JSON, "GET", path, times=EVER)
            assert outcome(client, path) in {"SEV-707", "SEV-703"}, path
            there.state.faults.clear()
    assert answered > len(READS) / 2


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_reads_the_same(world: MakeWorld, minutes: int) -> None:
    there = world("severa")
    with client_of(there) as right, client_of(there, FakeClock(time.time() + 60 * minutes)) as wrong:
        for path in map(path_of, READS):
            assert outcome(wrong, path) == outcome(right, path), path
