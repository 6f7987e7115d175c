"""One attempt at a queued run: claimed once, waiting for another writer, taken over, held, stopped by a defect."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.runs.breaker import breaker, sight
from brygga.runs.carrying import Doer, carry, selection_of, selection_text
from brygga.runs.port import Carried, Workplace
from brygga.runs.previews import Previews
from brygga.runs.run import HeldBack, Quiet, Report
from brygga.runs.writer import Writer
from brygga.store.run_requests import NewRun, Origin, RequestKind, RequestState, RunRequest, RunRequests
from brygga.store.settings.values import Settings
from brygga.transfers.company import Company
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.contract.adk_company import CUSTOMER
from tests.transfers.practice_world import World, practice_world

S = RequestState


class Desk:
    """The queue of a world, and how its runs are carried out."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.requests = RunRequests(world.store)
        self.settings = Settings(world.store, "alfa")
        self.doer = Doer("0-me", 0, lambda: True, threading.Event())
        self.told: list[tuple[RequestState, Report | None, tuple[Reason, ...]]] = []
        self.workplace = Workplace(
            engine=world.store,
            open_company=self.opened,
            settings=lambda _: self.settings,
            previews=Previews(world.store),
            lock_folder=world.folder / "locks",
            version="1",
        )

    @contextmanager
    def opened(self, name: str, *, read_only: bool) -> Iterator[Company]:
        assert name == "alfa"
        yield self.world.company(read_only=read_only)

    def ask(self, *, origin: Origin = Origin.PERSON, kind: RequestKind = RequestKind.TRANSFER) -> RunRequest:
        return self.requests.ask(NewRun("alfa", "customers", "{}", "1", origin=origin, kind=kind))

    def ended(self, request: RunRequest, report: Report | None, reasons: tuple[Reason, ...]) -> None:
        self.told.append((request.state, report, reasons))

    def now(self, request: RunRequest) -> RunRequest:
        found = self.requests.get(request.id)
        assert found is not None
        return found

    def carry(self, ticket: str, *, watcher: Quiet | None = None, patient: bool = True) -> Carried | None:
        return carry(
            self.workplace, ticket, self.doer, watcher=watcher, patient=patient, ended=self.ended,
            judge=breaker(lambda _: self.settings),
        )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with practice_world(tmp_path, customers__won_only=False) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        world.customer(3001, "Ny Kund AB", vatNumber="556016-0680")
        yield Desk(world)


def test_a_ticket_is_carried_out_once(desk: Desk) -> None:
    request = desk.ask()
    carried = desk.carry(request.ticket)
    assert carried is not None
    assert carried.report is not None
    assert (carried.request.state, carried.request.run_id) == (S.COMPLETED, carried.report.run.id)
    assert desk.carry(request.ticket) is None
    progress = desk.requests.progress(request.id)
    assert progress is not None
    assert (progress.done, progress.total, progress.remaining_seconds) == (2, 2, None)
    assert [state for state, _, _ in desk.told] == [S.COMPLETED]


def test_a_queued_run_waits_for_another_writer_and_a_persons_own_is_told(desk: Desk) -> None:
    writer = Writer(desk.world.company(), desk.workplace.lock_folder)
    writer.__enter__()
    own = desk.ask()
    with pytest.raises(Refused) as refused:
        desk.carry(own.ticket, patient=False)
    assert refused.value.reason.code == "SYS-908"
    assert (desk.now(own).state, desk.now(own).reasons[0].code) == (S.FAILED, "SYS-908")
    queued = desk.ask()
    waiting = threading.Thread(target=desk.carry, args=(queued.ticket,))
    waiting.start()
    until = time.monotonic() + 30
    while desk.now(queued).state is not S.RUNNING and time.monotonic() < until:
        time.sleep(0.01)
    assert desk.world.writes == (0, 0)
    writer.__exit__(None, None, None)
    waiting.join(60)
    assert desk.now(queued).state is S.COMPLETED


class TakesOver(Quiet):
    """Another worker takes the run over after its first row."""

    def __init__(self, desk: Desk, request: RunRequest) -> None:
        self.desk, self.request = desk, request

    def row(self, done: int, total: int, result: Result) -> None:
        if done == 1:
            assert self.desk.requests.take_over(self.desk.now(self.request), "1") is not None


def test_who_was_taken_over_from_begins_no_further_record_and_notes_nothing(desk: Desk) -> None:
    request = desk.ask()
    assert desk.carry(request.ticket, watcher=TakesOver(desk, request)) is None
    left = desk.now(request)
    assert (left.state, left.worker, left.ticket == request.ticket) == (S.QUEUED, "", False)
    assert desk.told == []
    carried = desk.carry(left.ticket)
    assert carried is not None
    assert carried.report is not None
    assert [result.state.value for result in carried.report.results] == ["transferred", "transferred"]
    runs = desk.world.company().journal.runs()
    assert [run.state.value for run in runs] == ["completed", "aborted"]
    names = [card["NAME"] for card in desk.world.books(CUSTOMER, "NUMBER").values()]
    assert names.count("Ny Kund AB") == 1


def test_a_worker_that_ends_leaves_the_run_as_it_is(desk: Desk) -> None:
    request = desk.ask()
    desk.doer.stopping.set()
    assert desk.carry(request.ticket) is None
    assert desk.now(request).state is S.RUNNING
    assert desk.world.writes == (0, 0)


def test_a_search_keeps_what_it_found_and_writes_nothing(desk: Desk) -> None:
    request = desk.ask(kind=RequestKind.SEARCH)
    carried = desk.carry(request.ticket)
    assert carried is not None
    assert len(carried.plans) == 2
    assert (carried.request.state, carried.request.total) == (S.COMPLETED, 2)
    assert carried.request.preview != ""
    assert desk.world.writes == (0, 0)


def test_only_a_scheduled_run_is_held(desk: Desk) -> None:
    desk.settings.set("schedule.max_records", 1)
    held = desk.ask(origin=Origin.SCHEDULE)
    with pytest.raises(HeldBack):
        desk.carry(held.ticket)
    assert desk.world.writes == (0, 0)
    found = desk.now(held)
    assert (found.state, [why.code for why in found.reasons]) == (S.HELD, ["KOR-880"])
    assert [state for state, _, _ in desk.told] == [S.HELD]
    person = desk.ask()
    assert desk.carry(person.ticket) is not None


def test_a_defect_is_noted_and_raised(desk: Desk) -> None:
    request = desk.ask()

    class Broken(Quiet):
        def row(self, done: int, total: int, result: Result) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        desk.carry(request.ticket, watcher=Broken())
    found = desk.now(request)
    assert (found.state, found.reasons) == (S.FAILED, (reason("KOR-875", error="ZeroDivisionError"),))
    assert found.reasons[0].level is Level.STOP


def test_the_breaker_sees_amounts_and_both_registers(desk: Desk) -> None:
    world = desk.world
    world.invoice(10234)
    company = world.company(read_only=True)
    plans = tuple(world.preview(Transfer.INVOICES).values())
    seen = sight(Transfer.INVOICES, plans, Readings(company))
    assert (seen.writes, seen.listed, seen.before) == (1, 1, 0)
    assert seen.amount == plans[0].gross
    assert seen.cards > 0
    world.run(Transfer.CUSTOMERS)
    again = sight(Transfer.CUSTOMERS, (), Readings(world.company(read_only=True)))
    assert (again.listed, again.before, again.links) == (0, 2, 2)


def test_a_selection_comes_back_as_it_was_asked_for(desk: Desk) -> None:
    wanted = Selection(keys=frozenset({"a", "b"}), texts=("Åkeri",))
    request = desk.requests.ask(NewRun("alfa", "customers", selection_text(wanted), "1"))
    assert selection_of(request) == wanted
