"""How long a search takes in a long audit trail: ``python -m tests.bench.audit_search [EVENTS]`` prints the figures.

Not part of the pass/fail run. The events are written in large batches, each chained to the one before as the program
chains them, so that the whole trail also verifies.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.store.audit.chain import Search, search, verify
from brygga.store.audit.trail import BEGINNING, AuditEvent
from brygga.store.database import open_store
from brygga.store.schema.audit import audit_event, audit_head

EVENTS = 1_500_000
BATCH = 20_000
START = datetime(2019, 1, 1, tzinfo=UTC)
AFTER = '{"state":"linked","target_key":"10457","payload_hash":"' + "a" * 64 + '","attempts":1}'


def fill(engine: Engine, count: int) -> None:
    """A chain of one company: three events for each invoice, a run for each hundred."""
    last = BEGINNING
    for begin in range(1, count + 1, BATCH):
        rows = []
        for number in range(begin, min(begin + BATCH, count + 1)):
            at = (START + timedelta(seconds=number * 140)).isoformat(timespec="microseconds")
            invoice = str(number // 3)
            told = (invoice.rjust(32, "0"), invoice, number // 300, "{}", AFTER, "[]", "1.0", "s" * 64, last)
            event = AuditEvent("A", number, "environment", at, "anna@PC1", "operation", *told)
            last = event.digest()
            rows.append({**msgspec.structs.asdict(event), "hash": last})
        with engine.begin() as connection:
            connection.execute(sa.insert(audit_event), rows)
    with engine.begin() as connection:
        head = {"company": "A", "sequence": count, "hash": last, "pruned": 0, "pruned_hash": BEGINNING}
        connection.execute(sa.insert(audit_head).values(head))


def timed(name: str, work: Callable[[], object]) -> None:
    """Print how long it took."""
    begun = time.perf_counter()
    answer = work()
    print(f"{name:<24} {time.perf_counter() - begun:8.3f} s   {answer}")


def main() -> None:
    """Fill a store and ask it in every way."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(Path(folder) / "store.sqlite")
        timed(f"{count} events written", lambda: fill(engine, count))
        middle = str(count // 6)
        asked = {
            "by number": Search(text=middle),
            "by Severa key": Search(text=middle.rjust(32, "0")),
            "by run": Search(run_id=count // 600),
            "a day": Search(start=START + timedelta(days=100), end=START + timedelta(days=101)),
            "the newest": Search(),
            "nothing there": Search(text="no such number"),
            "a kind that is rare": Search(kind="restore"),
        }
        for name, wanted in asked.items():
            timed(name, lambda wanted=wanted: f"{len(search(engine, 'A', wanted))} found")  # type: ignore[misc]
        timed("the whole chain verified", lambda: verify(engine, "A").fault or "whole")
        engine.dispose()


if __name__ == "__main__":
    main()
