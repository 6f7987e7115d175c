"""How many calls to Severa a month costs (issue 3, Calls): counts, not times.

From cold: 10 pages of 100 invoices and the last of them once more, 50 pages of 100 rows, and the reference lists and
registers once. One call more for each customer that is new in Administration, as §4.13 of the semantics decides.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from unittest import mock

import pytest

from brygga.practice.dataset import load_set
from brygga.records.target import InvoiceDocument, Kind
from brygga.runs.run import preview
from brygga.store.journal.journal import Journal, Link
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from brygga.transfers.selection import Selection
from tests.bench.load_world import load_world, reads_and_writes

COLD = 85
WARM = 8


def test_a_thousand_invoices_from_cold_take_few_reads(tmp_path: Path) -> None:
    with load_world(tmp_path / "load", load_set(1000, 5)) as world:
        world.run(Transfer.CUSTOMERS)
        world.client.take()
        plans = world.preview()
        assert [plan.action for plan in plans] == [Action.CREATE] * 1000
        documents = [plan.payload for plan in plans if isinstance(plan.payload, InvoiceDocument)]
        assert sum(len(document.rows) for document in documents) >= 5000
        reads, writes = reads_and_writes(world.client.take())
        assert writes == 0
        assert reads <= COLD


@pytest.mark.parametrize(("zero_rate", "several"), [(20, 0), (0, 20), (10, 10)])
def test_only_invoices_that_may_be_special_cost_a_read_of_their_own(
    tmp_path: Path, zero_rate: int, several: int
) -> None:
    """One for each with a 0 % row; for each of several projects its hours, whose last page is read twice."""
    load = load_set(200, 5, zero_rate=zero_rate, several_projects=several)
    with load_world(tmp_path / "load", load) as world:
        world.run(Transfer.CUSTOMERS)
        world.client.take()
        assert len(world.preview()) == 200
        asked = world.client.take()
        own = sum(count for (_, path), count in asked.items() if path.startswith("/v1/invoices/"))
        assert own == zero_rate + 2 * several
        assert asked.total() - own <= COLD - 8 - 40


def test_new_customers_cost_one_read_each_and_a_transferred_invoice_one_change(tmp_path: Path) -> None:
    with load_world(tmp_path / "load", load_set(40, 5, customers=6)) as world:
        report = world.run()
        assert report.count(RowState.TRANSFERRED) == 40
        asked = world.client.take()
        settings = [path for _, path in asked if path.endswith("/customercountrysettings")]
        assert len(settings) == 6
        patched = {path: count for (method, path), count in asked.items() if method == "PATCH"}
        assert len(patched) == 40
        assert set(patched.values()) == {1}


def test_a_warm_run_with_nothing_to_do_takes_few_reads_and_no_write(tmp_path: Path) -> None:
    """The very next run, though Severa marks all 200 invoices as changed: by us."""
    with load_world(tmp_path / "load", load_set(200, 2, customers=5)) as world:
        assert world.run().count(RowState.TRANSFERRED) == 200
        world.client.take()
        report = world.run()
        reads, writes = reads_and_writes(world.client.take())
        assert (len(report.results), report.written, writes) == (200, 0, 0)
        assert reads <= WARM


def test_a_run_after_its_preview_does_not_read_the_rows_again(tmp_path: Path) -> None:
    with load_world(tmp_path / "load", load_set(300, 5)) as world:
        plans = world.preview()
        world.client.take()
        with world.company() as company:
            again = preview(company, Transfer.INVOICES, Selection())
        asked = world.client.take()
        assert [plan.hash for plan in again] == [plan.hash for plan in plans]
        assert asked["GET", "/v1/invoicerows"] == 2


def test_a_need_of_many_rows_is_looked_up_once_in_a_run(tmp_path: Path) -> None:
    """Twelve invoices of one customer, each of which names the new customer among its needs."""
    asked: Counter[tuple[Kind, str]] = Counter()
    link_of = Journal.link_of

    def counting(journal: Journal, kind: Kind, source_key: str) -> Link | None:
        asked[kind, source_key] += 1
        return link_of(journal, kind, source_key)

    with load_world(tmp_path / "load", load_set(12, 2, customers=1)) as world:
        [customer] = {plan.needs[0].source_key for plan in world.preview()}
        with mock.patch.object(Journal, "link_of", counting):
            assert world.run().count(RowState.TRANSFERRED) == 12
        assert 0 < asked[Kind.CUSTOMER, customer] <= 3
