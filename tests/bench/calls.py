"""How many calls to Severa a month costs; the same counts, of a tenth towards Severa, are tests
(``tests/transfers/test_call_budgets.py`` and ``test_call_budgets_towards.py``)."""

from __future__ import annotations

from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.transfers.plan import Transfer
from tests.bench.figures import Figure, at_most, shown
from tests.bench.load_world import load_world, reads_and_writes
from tests.bench.months_towards import LISTS, fee_reads, payment_reads, payments_month, supplier_month

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
        *_towards(folder, 10 if short else 1),
    ]


def _towards(folder: Path, part: int) -> list[Figure]:
    """A month towards Severa: all of it, or one part in so many."""
    rows, payments, projects = 1600 // part, 400 // part, 40
    costs = supplier_month(folder / "suppliers", invoices=540 // part, rows=rows, projects=projects)
    paid = payments_month(folder / "payments", payments=payments)
    missing = rows - costs.done + payments - paid.done
    return [
        at_most("month towards Severa: rows and payments not transferred", missing, 0),
        at_most(f"reads, {rows} rows of supplier invoices onto {projects} projects", costs.reads, fee_reads(projects)),
        at_most("reads of their preview", costs.preview, LISTS),
        at_most("writes of one project cost", costs.most_writes, 1),
        at_most(f"reads, {payments} payments", paid.reads, payment_reads(payments)),
        at_most("changes of one paid invoice", max(paid.writes.values()), 1),
        at_most("writes of the next runs with nothing to do", costs.writes_after + paid.writes_after, 0),
    ]
