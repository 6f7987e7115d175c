"""The next search begins where the last complete run began, with what it left (semantics §4.11, REL-1.6.0-17)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Unavailable
from brygga.runs.last_used import covered, last_used_selection
from brygga.runs.run import Quiet, Report
from brygga.severa import facts
from brygga.severa.gateway import SeveraGateway
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import SETTINGS_HASH, Row, World, day, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def used(world: World, transfer: Transfer = Transfer.INVOICES, settings: str = SETTINGS_HASH) -> Selection | None:
    return last_used_selection(world.company(read_only=True).journal, transfer, settings)


def continued(world: World) -> list[Result]:
    """The next run without a choice of its own."""
    chosen = used(world)
    assert chosen is not None
    return list(
        world.run(Transfer.INVOICES, **{name: getattr(chosen, name) for name in chosen.__struct_fields__}).results
    )


def begins_no_later_than(chosen: Selection, report: Report) -> bool:
    """The next search begins before the records of the run were read."""
    return chosen.changed_since is not None and chosen.changed_since < report.run.started


class ChangesWhileRunning(Quiet):
    """Somebody makes an invoice in Severa while the run works."""

    def __init__(self, world: World) -> None:
        self.world = world

    def row(self, done: int, total: int, result: Result) -> None:
        self.world.invoice(10300, lastUpdatedDateTime=datetime.now(UTC).isoformat())


def test_at_91_rel_1_6_0_17_what_changed_during_the_run_is_found_by_the_next(world: World) -> None:
    world.invoice(10234, lastUpdatedDateTime="2026-01-10T00:00:00Z")
    report = world.run(Transfer.INVOICES, watcher=ChangesWhileRunning(world))
    chosen = used(world)
    assert chosen is not None
    assert (chosen.also, chosen.continues) == (frozenset(), True)
    assert begins_no_later_than(chosen, report)
    numbers = {result.plan.source_number: result.state for result in continued(world)}
    assert numbers["10300"] is RowState.TRANSFERRED
    assert world.numbers() == [10234, 10300]


def test_at_92_a_row_that_failed_stays_in_the_queue_whatever_its_date(world: World) -> None:
    world.invoice(10234, Row(codes=()), lastUpdatedDateTime="2026-01-10T00:00:00Z")
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    again = world.run(Transfer.INVOICES)
    chosen = used(world)
    assert chosen is not None
    assert chosen.also == frozenset({"invoice-10234"})
    assert begins_no_later_than(chosen, again)
    assert "10234" in {result.plan.source_number for result in continued(world)}
    world.settings["articles.default_article"] = "100"
    # The setting changed and the old invoice did not: only the queue knows of it.
    results = {result.plan.source_number: result.state for result in continued(world)}
    assert results["10234"] is RowState.TRANSFERRED


@pytest.mark.parametrize("choice", [{"start": day("2026-01-01")}, {"texts": ("10234",)}, {"keys": frozenset({"x"})}])
def test_at_93_a_run_of_some_records_only_does_not_move_the_date(world: World, choice: dict[str, Any]) -> None:
    """Else what it did not look at would never be listed again."""
    world.invoice(10234)
    world.run(Transfer.INVOICES, **choice)
    assert used(world) is None


def test_at_93_an_aborted_run_does_not_move_the_date(world: World) -> None:
    class Cancelled(Quiet):
        def cancelled(self) -> bool:
            return True

    world.invoice(10234)
    first = world.run(Transfer.INVOICES)
    assert first.count(RowState.TRANSFERRED) == 1
    before = used(world)
    world.run(Transfer.INVOICES, watcher=Cancelled())
    assert used(world) == before


def test_at_93_a_run_that_a_fault_stopped_does_not_move_the_date(world: World) -> None:
    world.invoice(10234)
    first = world.run(Transfer.INVOICES)
    world.severa.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/invoicestatuses", status=503, times=100)
    before = used(world)
    with pytest.raises(Unavailable):
        world.run(Transfer.INVOICES)
    assert first.count(RowState.TRANSFERRED) == 1
    assert before is not None
    assert used(world) == before


def test_each_transfer_has_its_own_and_other_settings_begin_anew(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    assert used(world, Transfer.CUSTOMERS) is None
    assert used(world, settings="other settings") is None
    world.run(Transfer.CUSTOMERS)
    assert used(world, Transfer.CUSTOMERS) is not None


def test_the_statuses_chosen_for_a_run_count_instead_of_the_settings_and_are_kept(world: World) -> None:
    world.invoice(10234)
    world.invoice(10235, status={"guid": "status-sent"})
    world.run(Transfer.INVOICES, statuses=("Skickad",))
    assert world.numbers() == [10235]
    chosen = used(world)
    assert chosen is not None
    assert chosen.statuses == ("Skickad",)


def test_a_skipped_customer_is_met_again_when_its_project_is_won(world: World) -> None:
    """§4.1c: the customer itself does not change then."""
    old: dict[str, Any] = {"createdDateTime": "2026-01-01T00:00:00Z", "lastUpdatedDateTime": "2026-01-01T00:00:00Z"}
    world.customer(3001, "Ny Kund AB", vatNumber="556016-0680", **old)
    world.project(77, customer="customer-3001", salesStatus={"salesStatusTypeGuid": "sales-open"})
    world.run(Transfer.CUSTOMERS)
    world.severa.edit("projects", "project-77", {"salesStatus": {"salesStatusTypeGuid": "sales-won"}})
    chosen = used(world, Transfer.CUSTOMERS)
    assert chosen is not None
    assert "customer-3001" in chosen.also
    report = world.run(Transfer.CUSTOMERS, changed_since=chosen.changed_since, also=chosen.also, continues=True)
    assert [r.state for r in report.results if r.plan.source_number == "3001"] == [RowState.TRANSFERRED]


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(minutes=-30)])
def test_at_91_the_date_is_by_the_clock_of_the_system_that_is_searched(
    world: World, monkeypatch: pytest.MonkeyPatch, ahead: timedelta
) -> None:
    """Our computer's clock may be wrong: then what was changed during the run would lie before the next search."""
    severas = datetime.now(UTC) - ahead
    monkeypatch.setattr(SeveraGateway, "clock", lambda gateway: severas)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    chosen = used(world)
    assert chosen is not None
    assert chosen.changed_since == severas - facts.CHANGE_MARGIN
    report = world.run(Transfer.SUPPLIER_INVOICES)
    chosen = used(world, Transfer.SUPPLIER_INVOICES)
    assert chosen is not None
    assert chosen.changed_since == report.run.started - facts.CHANGE_MARGIN


def test_what_a_choice_covers() -> None:
    now = datetime(2026, 1, 31, 8, tzinfo=UTC)
    earlier = now - timedelta(days=1)
    assert covered(Selection(), now) == now
    assert covered(Selection(statuses=("Skickad",)), now) == now
    assert covered(Selection(changed_since=earlier), now) is None
    assert covered(Selection(changed_since=earlier, continues=True), now) == now
    assert covered(Selection(keys=frozenset(), covers=earlier), now) == earlier
    assert covered(Selection(end=day("2026-01-31")), now) is None
