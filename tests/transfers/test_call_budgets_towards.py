"""How many calls to Severa a month towards Severa costs (issue 5): counts at the HTTP server, not times.

Reads come in pages, and each effect is one write: a project cost one POST, a payment one PATCH.
"""

from __future__ import annotations

from collections import Counter
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
SUPPLIER_INVOICES, ROWS, PROJECTS = 540, 1600, 40
PAYMENTS = 60
DAY = date(2026, 1, 15)


def take(world: World) -> tuple[Counter[str], Counter[str]]:
    """Reads and writes that the server has met since the last time, by path; whatever asked for a token aside."""
    asked = [one for one in world.severa.requests if one.path != "/v1/token"]
    world.severa.requests.clear()
    reads = Counter(one.path for one in asked if one.method == "GET")
    return reads, Counter(f"{one.method} {one.path}" for one in asked if one.method != "GET")


def test_a_month_of_supplier_invoices_reads_in_pages_and_writes_each_cost_once(tmp_path: Path) -> None:
    """540 invoices with 1 600 rows onto 40 projects: the fees of each project are read once, not for each row."""
    places = {"tables": {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}
    with practice_world(tmp_path, places=places) as world:
        world.customer(1001)
        for place in range(PROJECTS):
            world.project(2000 + place)
        rows = [CostRow("4600", Decimal(100 + n), f"Rad {n}", project=str(2000 + n % PROJECTS)) for n in range(ROWS)]
        with writing(world.place.company) as storage:
            for place in range(SUPPLIER_INVOICES):
                own = rows[place::SUPPLIER_INVOICES]
                user_ledgers.insert_supplier_invoice(storage, "501", f"F-{place}", DAY, own)
        take(world)
        plans = world.preview(Transfer.SUPPLIER_INVOICES)
        assert [plan.action for plan in plans.values()] == [Action.CREATE] * ROWS
        reads, writes = take(world)
        assert (writes.total(), reads.total() <= 10) == (0, True)
        # Two costs onto each project: what is looked up before the first serves the second, and every later one.
        chosen = frozenset(f"{place + 1}:2" for place in range(2 * PROJECTS))
        report = world.run(Transfer.SUPPLIER_INVOICES, keys=chosen)
        assert report.count(RowState.TRANSFERRED) == 2 * PROJECTS
        reads, writes = take(world)
        assert writes == {"POST /v1/projectfees": 2 * PROJECTS}
        # The last page of each project's list is asked a second time, to be sure of its end.
        assert sum(count for path, count in reads.items() if path.endswith("/projectfees")) <= 2 * PROJECTS
        assert reads.total() <= 2 * PROJECTS + 10


def test_payments_read_in_pages_and_change_each_invoice_once(tmp_path: Path) -> None:
    """Sixty payments, fifty of them in a query; status and payment date in one change."""
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        numbers = range(10001, 10001 + PAYMENTS)
        for number in numbers:
            world.invoice(number)
        assert world.run(Transfer.INVOICES).count(RowState.TRANSFERRED) == PAYMENTS
        for number in numbers:
            user_ledgers.register_payment(world.place.company, number, Decimal(15625), date(2026, 2, 10))
        take(world)
        report = world.run(Transfer.PAYMENTS)
        assert report.count(RowState.TRANSFERRED) == PAYMENTS
        reads, writes = take(world)
        assert writes == {f"PATCH /v1/invoices/invoice-{number}": 1 for number in numbers}
        assert reads.total() <= PAYMENTS // 50 + 10
        assert world.run(Transfer.PAYMENTS).written == 0
        reads, writes = take(world)
        assert (writes.total(), reads.total() <= PAYMENTS // 50 + 10) == (0, True)
