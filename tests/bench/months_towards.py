"""A month towards Severa at any size, and what it asks of Severa's server: the tests' tenth and the benchmark's whole.

Counts at the server, in this process and without latency; times are no matter here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user import writing
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import seed
from tests.transfers.practice_world import World, practice_world

SUPPLIER = 12
DAY = date(2026, 1, 15)

INVOICES_IN_A_QUERY = 50
"""So many invoices are asked for in one query of payment states."""
LISTS = 7
"""Reads of a run of supplier invoices whatever its size: the organisation once; currencies, sales statuses and projects
to their confirmed end."""
PAYMENT_LISTS = 5
"""The same of payments: the organisation; currencies and invoice statuses to their confirmed end."""


@dataclass(frozen=True)
class Costs:
    """What a month asked: reads of its preview, then reads and writes of its run and of the run after."""

    planned: int
    done: int
    preview: int
    reads: int
    writes: Counter[str]
    reads_after: int
    writes_after: int

    @property
    def most_writes(self) -> int:
        """Writes of one effect, rounded up; one is right."""
        return -(-self.writes.total() // max(1, self.done))


def fee_reads(projects: int) -> int:
    """Reads of a month of supplier invoices: each project's fees once, the end confirmed, and the lists."""
    return 2 * projects + LISTS


def payment_reads(payments: int) -> int:
    """Reads of a month of payments."""
    return -(-payments // INVOICES_IN_A_QUERY) + PAYMENT_LISTS


def take(world: World) -> tuple[int, Counter[str]]:
    """Reads and writes that the server has met since the last time; whatever asked for a token aside."""
    asked = [one for one in world.severa.requests if one.path != "/v1/token"]
    world.severa.requests.clear()
    writes = Counter(f"{one.method} {one.path}" for one in asked if one.method != "GET")
    return len(asked) - writes.total(), writes


def supplier_month(folder: Path, *, invoices: int, rows: int, projects: int) -> Costs:
    """The rows, spread over the supplier invoices and the projects, become project costs."""
    folder.mkdir()
    places = {"tables": {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}
    with practice_world(folder, places=places) as world:
        world.customer(1001)
        for place in range(projects):
            world.project(2000 + place)
        costs = [CostRow("4600", Decimal(100 + n), f"Rad {n}", project=str(2000 + n % projects)) for n in range(rows)]
        with writing(world.place.company) as storage:
            for place in range(invoices):
                user_ledgers.insert_supplier_invoice(storage, "501", f"F-{place}", DAY, costs[place::invoices])
        return _costs(world, Transfer.SUPPLIER_INVOICES, Action.CREATE)


def payments_month(folder: Path, *, payments: int) -> Costs:
    """So many transferred invoices are paid."""
    folder.mkdir()
    with practice_world(folder) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        numbers = range(10001, 10001 + payments)
        for number in numbers:
            world.invoice(number)
        assert world.run(Transfer.INVOICES).count(RowState.TRANSFERRED) == payments
        for number in numbers:
            user_ledgers.register_payment(world.place.company, number, Decimal(15625), date(2026, 2, 10))
        return _costs(world, Transfer.PAYMENTS, Action.UPDATE)


def _costs(world: World, transfer: Transfer, action: Action) -> Costs:
    take(world)
    plans = world.preview(transfer)
    previewed, none = take(world)
    assert not none, "a preview writes nothing"
    done = world.run(transfer).count(RowState.TRANSFERRED)
    reads, writes = take(world)
    assert world.run(transfer).written == 0
    reads_after, writes_after = take(world)
    return Costs(
        planned=sum(plan.action is action for plan in plans.values()),
        done=done,
        preview=previewed,
        reads=reads,
        writes=writes,
        reads_after=reads_after,
        writes_after=writes_after.total(),
    )
