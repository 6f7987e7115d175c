"""What being durable costs: journal, audit trail, queue and engine, as a part of a run at 50 ms latency (issue 4)."""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FunctionType
from typing import Any

from brygga.practice.dataset import load_set
from brygga.runs.carrying import carry
from brygga.runs.dbos_engine import DbosEngine
from brygga.runs.port import Carried, Workplace
from brygga.runs.previews import Previews
from brygga.runs.runs import Runs
from brygga.store.history import History
from brygga.store.journal.journal import Journal
from brygga.store.run_requests import RunRequests
from brygga.store.settings.values import Settings
from brygga.store.states import RowState
from brygga.store.writers import Writers
from brygga.transfers.company import Company
from brygga.transfers.mirrored import Freshness
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.bench.figures import Figure, at_most, shown
from tests.bench.floor import LATENCY_MS, RATE
from tests.bench.load_world import COMPANY, LoadWorld, load_world

TITLE = "Journal and engine"
LEDGERS = (Journal, History, RunRequests, Writers)
"""Everything that is written down so that a run can be gone on with, the audit trail included."""


class Spent:
    """Seconds inside something, the outermost call of each thread."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._inside = threading.local()

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted."""

        @functools.wraps(function)
        def call(*arguments: Any, **more: Any) -> Any:
            if getattr(self._inside, "yes", False):
                return function(*arguments, **more)
            self._inside.yes, begun = True, time.perf_counter()
            try:
                return function(*arguments, **more)
            finally:
                self.seconds += time.perf_counter() - begun
                self._inside.yes = False

        return call


@contextmanager
def counted(spent: Spent) -> Iterator[None]:
    """Count the time in every public method of the ledgers."""
    before = [(kind, name, each) for kind in LEDGERS for name, each in vars(kind).items() if name[0] != "_"]
    methods = [(kind, name, each) for kind, name, each in before if isinstance(each, FunctionType)]
    for kind, name, each in methods:
        setattr(kind, name, spent.timed(each))
    try:
        yield
    finally:
        for kind, name, each in methods:
            setattr(kind, name, each)


def sync_ms(folder: Path, times: int = 50) -> float:
    """What the disk asks for making a small write durable, in milliseconds."""
    with (folder / "sync").open("wb") as file:
        begun = time.perf_counter()
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        return 1000 * (time.perf_counter() - begun) / times


def workplace(world: LoadWorld) -> Workplace:
    """Where the runs of the load set's company are carried out."""

    @contextmanager
    def opened(name: str, *, read_only: bool) -> Iterator[Company]:
        assert (name, read_only) == (COMPANY, False)
        with world.company(Freshness(listed=timedelta(minutes=15))) as company:
            yield company

    folder = world.installation.folder
    settings = Settings(world.store, COMPANY)
    return Workplace(world.store, opened, lambda _: settings, Previews(world.store), folder / "locks", "1")


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """One month through the queue and the engine, in this process."""
    invoices = 60 if short else 300
    inside, ledgers = Spent(), Spent()

    def timed_carry(*arguments: Any, **more: Any) -> Carried | None:
        found: Carried | None = inside.timed(carry)(*arguments, **more)
        return found

    load, limits = load_set(invoices, 5, customers=10), {"requests_per_second": RATE, "latency_ms": LATENCY_MS}
    with load_world(folder / "journal", load, quota=RATE, **limits) as world:
        runs = Runs(workplace(world), lambda: DbosEngine(world.store), carry=timed_carry)
        try:
            begun = time.perf_counter()
            runs.run_here(COMPANY, Transfer.ARTICLES, Selection())
            launch = time.perf_counter() - begun - inside.seconds
            inside.seconds = 0.0
            with counted(ledgers):
                begun = time.perf_counter()
                report = runs.run_here(COMPANY, Transfer.INVOICES, Selection()).report
                wall = time.perf_counter() - begun
        finally:
            runs.close()
    assert report is not None
    assert report.count(RowState.TRANSFERRED) == invoices
    engine, part = wall - inside.seconds, "journal, audit trail, queue and engine ÷ whole run, per cent"
    return [
        shown(f"time for {invoices} invoices at {LATENCY_MS} ms", wall, "s"),
        shown("the engine's launch, once per program", launch, "s"),
        shown("in the ledgers for each invoice", 1000 * ledgers.seconds / invoices, "ms"),
        shown("one fsync on this disk: each commit waits for at least one", sync_ms(folder), "ms"),
        at_most(part, 100 * (ledgers.seconds + engine) / wall, 5),
    ]
