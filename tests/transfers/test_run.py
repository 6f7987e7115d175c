"""One run: settle, plan, carry out, record; one at a time, cancelled in good order (architecture, "Runs")."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user
from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Refused, Unavailable, WriteBlocked
from brygga.records.target import CustomerCard, System
from brygga.runs.run import Quiet, Report
from brygga.runs.writer import Writer, this_program
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.engine import TOGETHER
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from tests.contract.adk_company import CUSTOMER, PRM
from tests.contract.administration_practice import ENGINE
from tests.transfers.practice_world import SETTINGS_HASH, TRANSFERRED, VERSION, Row, World, codes, practice_world

OTHER = "556016-0680"
"""A valid organisation number that no customer of Administration has."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


class Onlooker(Quiet):
    """Notes what it is told, and cancels after so many rows."""

    def __init__(self, cancel_after: int | None = None) -> None:
        self.told: list[tuple[int, int, str]] = []
        self.total = -1
        self.cancel_after = cancel_after

    def planned(self, total: int) -> None:
        self.total = total

    def row(self, done: int, total: int, result: Result) -> None:
        self.told.append((done, total, result.plan.source_number))

    def cancelled(self) -> bool:
        return self.cancel_after is not None and len(self.told) >= self.cancel_after


def a_whole_month(world: World) -> None:
    """Something for every transfer."""
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.project(3042, "Nytt projekt", customer="customer-3001")
    world.contact("customer-3001", "Åsa", "Öberg")
    world.article("300", "Rådgivning")
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    world.invoice(10235, date="2026-02-01")
    world.invoice(10236, Row(rate="19"))


MONTH = tuple(transfer for transfer in PLANNERS if transfer.target is System.ADMINISTRATION)


def run_all(world: World) -> list[Report]:
    return [world.run(transfer) for transfer in MONTH]


def test_a_preview_writes_to_neither_system_nor_the_journal(world: World) -> None:
    a_whole_month(world)
    plans = [plan for transfer in PLANNERS for plan in world.preview(transfer).values()]
    # Five towards Administration, and its three customers that Severa has not.
    assert sum(plan.writes for plan in plans) == 8
    assert world.writes == (0, 0)
    journal = world.company().journal
    assert (journal.runs(), journal.unsettled()) == ((), ())


def test_what_a_preview_reads_through_refuses_to_write(world: World) -> None:
    company = world.company(read_only=True)
    with pytest.raises(WriteBlocked):
        company.administration.create(CustomerCard(number="3001", name="Ny Kund AB"))
    with pytest.raises(WriteBlocked):
        company.severa.change_invoice("invoice-10234", status_key=TRANSFERRED)
    assert world.writes == (0, 0)


def test_a_second_run_of_the_same_month_writes_nothing(world: World) -> None:
    a_whole_month(world)
    first = run_all(world)
    assert sum(report.written for report in first) == 5
    written = world.writes
    assert written == (2, 6)
    again = run_all(world)
    assert world.writes == written
    assert [report.written for report in again] == [0, 0, 0, 0]
    assert world.numbers() == [10234, 10235]


def test_a_month_over_a_real_host_process(world: World) -> None:
    a_whole_month(world)
    with HostProcess(ENGINE) as host:
        for transfer in MONTH:
            world.run(transfer, host=host)
        result = next(one for one in world.run(Transfer.INVOICES, host=host).results if one.target_key == "10234")
    assert codes(result) == ["FAK-309"]
    assert world.numbers() == [10234, 10235]
    assert world.head(10234)["CUSTOMER_NUMBER"] == "3001"


def test_every_row_is_told_and_recorded_and_the_report_counts(world: World) -> None:
    a_whole_month(world)
    onlooker = Onlooker()
    report = world.run(Transfer.INVOICES, watcher=onlooker)
    assert onlooker.total == 3
    assert onlooker.told == [(1, 3, "10234"), (2, 3, "10236"), (3, 3, "10235")]
    assert [report.count(state) for state in (RowState.TRANSFERRED, RowState.FAILED)] == [2, 1]
    assert (report.run.state, report.cancelled, report.settled) == ("completed", False, ())
    assert (report.run.program_version, report.run.settings_hash) == (VERSION, SETTINGS_HASH)
    outcomes = world.company().journal.outcomes(report.run.id)
    assert [(one.source_number, one.state, one.action, one.target_key) for one in outcomes] == [
        ("10234", RowState.TRANSFERRED, "create", "10234"),
        ("10236", RowState.FAILED, "refuse", ""),
        ("10235", RowState.TRANSFERRED, "create", "10235"),
    ]
    assert [why.code for why in outcomes[1].reasons] == ["FAK-306"]


def test_one_failing_row_leaves_the_others_alone_and_is_still_listed(world: World) -> None:
    """AT-92: a row with an error stays in the list, the run is completed."""
    world.invoice(10234)
    world.invoice(10235, Row(rate="19"))
    world.invoice(10236)
    states = [one.state for one in world.run(Transfer.INVOICES).results]
    assert states == [RowState.TRANSFERRED, RowState.FAILED, RowState.TRANSFERRED]
    assert world.company().journal.last_completed("invoices") is not None
    world.settings["mappings.vat"] = {"25": "1", "19": "2"}
    assert "invoice-10235" in world.preview(Transfer.INVOICES)


def test_cancel_finishes_the_records_under_way_and_starts_no_other(world: World) -> None:
    """AT-93: an aborted run does not count as completed."""
    numbers = list(range(10234, 10234 + TOGETHER + 2))
    for number in numbers:
        world.invoice(number)
    report = world.run(Transfer.INVOICES, watcher=Onlooker(cancel_after=1))
    assert (report.cancelled, report.run.state, len(report.results)) == (True, "aborted", TOGETHER)
    assert world.numbers() == numbers[:TOGETHER]
    assert world.company().journal.last_completed("invoices") is None
    assert len(world.company().journal.outcomes(report.run.id)) == TOGETHER
    world.run(Transfer.INVOICES)
    assert world.numbers() == numbers


def test_only_one_run_per_company_works_at_a_time_and_the_second_is_told_who(world: World) -> None:
    world.invoice(10234)
    with Writer(world.company(), world.folder / "locks"), pytest.raises(Refused) as caught:
        world.run(Transfer.INVOICES)
    assert caught.value.reason.code == "SYS-908"
    assert caught.value.reason.param("holder") == this_program()
    assert caught.value.reason.param("since").startswith("20")
    assert (world.writes, world.company().journal.runs()) == ((0, 0), ())
    assert world.run(Transfer.INVOICES).written == 1


def test_the_lock_is_held_while_the_run_works_and_given_back_after_a_fault(world: World) -> None:
    world.invoice(10234)

    class Second(Quiet):
        def planned(self, total: int) -> None:
            with pytest.raises(Refused):
                world.run(Transfer.CUSTOMERS)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.run(Transfer.INVOICES, watcher=Second())
    assert [one.state for one in world.company().journal.runs()] == ["aborted"]
    assert world.run(Transfer.INVOICES).written == 1


def test_different_base_currencies_stop_preview_and_run(world: World) -> None:
    """§4.13: every amount would be wrong, so nothing is sent."""
    world.change_books(PRM, (), CURRENCY_CODE="EUR")
    world.invoice(10234)
    for attempt in (world.preview, world.run):
        with pytest.raises(Refused) as caught:
            attempt(Transfer.INVOICES)
        assert caught.value.reason.code == "SYS-907"
    assert world.writes == (0, 0)
    assert [one.state for one in world.company().journal.runs()] == ["failed"]


def test_a_company_that_is_held_by_another_ends_the_run_as_failed(world: World) -> None:
    world.invoice(10234)
    user.set_exclusive_lock(world.place.company, True)
    with pytest.raises(Unavailable):
        world.run(Transfer.INVOICES)
    assert [one.state for one in world.company().journal.runs()] == ["failed"]
    user.set_exclusive_lock(world.place.company, False)
    assert world.run(Transfer.INVOICES).written == 1


def test_what_changed_since_the_preview_is_not_sent(world: World) -> None:
    for number in (10234, 10235, 10236):
        world.invoice(number)
    plans = world.preview(Transfer.INVOICES)
    shown = {key: plan.hash for key, plan in plans.items() if key != "invoice-10236"}
    world.severa.edit("invoices", "invoice-10235", {"orderNumber": "PO-2"})
    results = world.run(Transfer.INVOICES, expected=shown).results
    assert [(one.plan.source_number, one.state, codes(one)) for one in results] == [
        ("10234", RowState.TRANSFERRED, []),
        ("10235", RowState.FAILED, ["SYS-910"]),
    ]
    assert world.numbers() == [10234]


def test_one_row_of_a_preview_does_not_change_the_hash_of_the_next(world: World) -> None:
    """Two invoices that need the same new customer: after the first is sent the second is still what was shown."""
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    for number in (10234, 10235):
        world.invoice(number, customer={"guid": "customer-3001"})
    shown = {key: plan.hash for key, plan in world.preview(Transfer.INVOICES).items()}
    results = world.run(Transfer.INVOICES, expected=shown).results
    assert [one.state for one in results] == [RowState.TRANSFERRED] * 2
    assert len(world.books(CUSTOMER, "NUMBER")) == 4


def test_an_outstanding_write_back_is_finished_by_the_next_run(world: World) -> None:
    """A failed write-back is a remark; the document is never sent again (§4.11)."""
    world.invoice(10234)
    world.severa.faults.order(FaultKind.ANSWER_INSTEAD, "PATCH", "/v1/invoices/*", status=400)
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert (result.state, codes(result)[0]) == (RowState.TRANSFERRED_WITH_REMARK, "FAK-323")
    world.severa.faults.clear()
    report = world.run(Transfer.INVOICES)
    assert [one.state for one in report.settled] == [RowState.TRANSFERRED]
    document = world.severa.document("invoices", "invoice-10234")
    assert document is not None
    assert document["status"]["guid"] == TRANSFERRED
    assert (world.numbers(), world.host.writes) == ([10234], 1)
