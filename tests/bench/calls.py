"""How many calls to Severa a month costs; the same counts are tests (``tests/transfers/test_call_budgets.py``)."""

from __future__ import annotations

from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.transfers.plan import Transfer
from tests.bench.figures import Figure, at_most, shown
from tests.bench.load_world import load_world, reads_and_writes

TITLE = "Calls"
COLD, WARM = 85, 8


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """From cold, one change per invoice, and the run after."""
    invoices = 200 if short else 1000
    with load_world(folder / "calls", load_set(1000, 5)) as world:
        world.run(Transfer.CUSTOMERS)
        world.client.take()
        world.preview()
        cold, _ = reads_and_writes(world.client.take())
    with load_world(folder / "warm", load_set(invoices, 5)) as world:
        world.run()
        asked = world.client.take()
        changes = max(count for (method, _), count in asked.items() if method == "PATCH")
        new = sum(count for (_, path), count in asked.items() if path.endswith("/customercountrysettings"))
        world.run()
        reads, writes = reads_and_writes(world.client.take())
    return [
        at_most("reads, 1 000 invoices with 5 000 rows from cold", cold, COLD),
        shown("reads more for each customer that is new in Administration", new / 20),
        at_most("changes of one invoice", changes, 1),
        at_most(f"reads of the next run with nothing to do ({invoices} transferred)", reads, WARM),
        at_most("writes of that run", writes, 0),
    ]
