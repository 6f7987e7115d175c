"""The database server is killed (all its processes, at once) at writes of chance in a run of the invoices and started
again, and the run finished: nothing doubled, nothing lost, nothing that was committed forgotten."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import psutil  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa

from brygga.records.reasons import Fault
from tests.faults.conftest import MakeWorld
from tests.faults.fault_world import INVOICES_ONLY, SETTLED_LATER, emptied
from tests.faults.figures import Figures
from tests.faults.kills import DATABASE_KILLS, MOST_SECONDS, SEED
from tests.faults.mortality import COMMIT, Mortality, When
from tests.postgresql_server import started_in

R = TypeVar("R")
MASTER = "administration"
"""The invoices then have the most that depends on the journal: number, reference and status are written back."""


class Server:
    """A PostgreSQL of this test's own, with its data synchronised to the disk as a real one has it."""

    def __init__(self, folder: Path) -> None:
        self._server = started_in(folder)

    @property
    def url(self) -> str:
        """Where it listens now."""
        return str(self._server.get_uri())

    def kill(self) -> None:
        """Every process of it, without a chance to tidy up."""
        process: Any = self._server.get_postmaster_info().process
        processes = (process, *process.children(recursive=True))
        for each in processes:
            with suppress(psutil.NoSuchProcess):  # they end by themselves when they see that the first one is gone
                each.kill()
        # All of them: a new server does not start while one of the old has the shared memory.
        _, left = psutil.wait_procs(processes, timeout=100)
        assert left == []

    def start(self) -> None:
        """Start again on what lies on the disk."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it and delete its data."""
        self._server.cleanup()


@pytest.fixture
def server(testrun_uid: str) -> Iterator[Server]:
    folder = Path(tempfile.gettempdir()) / f"brygga-postgresql-killed-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    made = Server(folder)
    yield made
    made.close()


class Struck(Mortality):
    """A program that lives, whose database server is killed at its ``at``-th write."""

    def __init__(self, at: int, when: When, kill: Callable[[], None]) -> None:
        super().__init__(at, when)
        self._kill = kill

    def write(self, name: str, effect: Callable[[], R]) -> R:
        """Number a write and have its effect; the server dies before or after it."""
        self.writes.append(name)
        due = len(self.writes) == self.at
        if due and self.when == "before":
            self._kill()
        result = effect()
        if due and self.when == "after":
            self._kill()
        return result


@pytest.mark.timeout(MOST_SECONDS)
def test_the_database_server_is_killed_in_the_middle_of_a_run(
    world: MakeWorld, server: Server, figures: Figures
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(f"{SEED} database")
    since = time.monotonic()
    undisturbed = Mortality()
    there = world(MASTER)
    there.store_at = emptied(server.url)
    there.run(INVOICES_ONLY, undisturbed)
    assert undisturbed.writes.count(COMMIT) > len(undisturbed.outside) > 0
    for _ in range(DATABASE_KILLS):
        # Not the last one, after which nobody would notice.
        at = chance.randint(1, len(undisturbed.writes) - 1)
        struck = Struck(at, chance.choice(("before", "after")), server.kill)
        there = world(MASTER)
        there.store_at = emptied(server.url)
        with pytest.raises((sa.exc.DBAPIError, Fault)):
            there.run(INVOICES_ONLY, struck)
        server.start()
        there.store_at = server.url
        there.run(INVOICES_ONLY)
        if there.unfinished():
            there.clock += SETTLED_LATER
            there.run(INVOICES_ONLY)
        there.assert_done(INVOICES_ONLY)
        there.assert_nothing_left_to_write(INVOICES_ONLY)
    figures.note("real kills", "database", database=DATABASE_KILLS, seconds=time.monotonic() - since)
