"""A run is cancelled while it reads, searches, pauses or waits: it reads no further, writes nothing, and says so.

What happens while records are carried out stands in ``test_run.py`` and in the contract of the runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brygga.records.reasons import Stopped
from brygga.runs.writer import Writer
from brygga.severa.gateway import SeveraGateway
from brygga.severa.pacing import STOP_SECONDS, Pacing
from brygga.store.listings import Listings
from brygga.store.run_requests import RequestKind, RequestState, RunRequest
from tests.contract.severa_connected import FakeClock
from tests.transfers.test_carrying import Desk, desk

__all__ = ["desk"]

S = RequestState


def while_customers_are_read(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Something happens just before the customers are asked for."""
    read = SeveraGateway.customers

    def meddled(self: SeveraGateway, *given: Any, **named: Any) -> Any:
        act()
        return read(self, *given, **named)

    monkeypatch.setattr(SeveraGateway, "customers", meddled)


def reads(desk: Desk) -> int:
    return len(desk.world.severa.requests)


class Cancelled:
    """Cancels a run, and notes how much was read until then."""

    def __init__(self, desk: Desk, request: RunRequest) -> None:
        self.desk, self.request, self.read = desk, request, 0

    def __call__(self) -> None:
        acknowledged = self.desk.requests.ask_to_cancel(self.request.id)
        assert acknowledged is not None
        assert (acknowledged.state, acknowledged.cancel_asked is not None) == (S.RUNNING, True)
        self.read = reads(self.desk)


@pytest.mark.parametrize("kind", list(RequestKind))
def test_a_run_that_reads_stops_before_its_next_request(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: RequestKind
) -> None:
    request = desk.ask(kind=kind)
    cancel = Cancelled(desk, request)
    while_customers_are_read(monkeypatch, cancel)
    carried = desk.carry(request.ticket)
    assert carried is not None
    assert carried.plans == ()
    assert desk.now(request).state is S.CANCELLED
    assert reads(desk) == cancel.read > 0
    assert desk.world.writes == (0, 0)
    assert desk.now(request).preview == ""
    assert Listings(desk.world.store).latest("alfa", "customers") is None
    if kind is RequestKind.TRANSFER:
        assert carried.report is not None
        assert (carried.report.cancelled, carried.report.results) == (True, ())
        assert [run.state for run in desk.world.company().journal.runs(5)] == ["aborted"]
    monkeypatch.undo()
    again = desk.ask()
    assert desk.carry(again.ticket) is not None
    assert desk.now(again).state is S.COMPLETED


@pytest.mark.parametrize("kind", list(RequestKind))
def test_a_worker_that_ends_while_it_reads_leaves_the_run_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: RequestKind
) -> None:
    request = desk.ask(kind=kind)
    while_customers_are_read(monkeypatch, desk.doer.stopping.set)
    assert desk.carry(request.ticket) is None
    assert desk.now(request).state is S.RUNNING
    assert desk.told == []


@pytest.mark.parametrize("asked", [True, False], ids=["by a person", "the worker ends"])
def test_a_run_that_waits_for_another_writer_can_be_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: bool
) -> None:
    request = desk.ask()
    with Writer(desk.world.company(), desk.workplace.lock_folder):
        wait = desk.doer.stopping.wait

        def waited(seconds: float) -> bool:
            if asked:
                assert desk.requests.ask_to_cancel(request.id) is not None
            else:
                desk.doer.stopping.set()
            return wait(0)

        monkeypatch.setattr(desk.doer.stopping, "wait", waited)
        carried = desk.carry(request.ticket)
    assert (carried is not None) is asked
    assert desk.now(request).state is (S.CANCELLED if asked else S.RUNNING)
    assert desk.world.writes == (0, 0)


def test_a_pause_after_429_is_given_up_within_a_second(tmp_path: Path) -> None:
    clock = FakeClock()
    pacing = Pacing(8, clock=clock.clock)
    pacing.refused(50.0)
    begun = clock.now
    answers = iter((False, False, True))
    with pytest.raises(Stopped):
        pacing.admit(lambda: next(answers))
    assert clock.now - begun == 2 * STOP_SECONDS <= 1


def test_a_pause_that_nobody_gives_up_is_waited_for_whole() -> None:
    clock = FakeClock()
    pacing = Pacing(8, clock=clock.clock)
    pacing.refused(5.0)
    begun = clock.now
    pacing.admit(lambda: False)
    assert clock.now - begun == 5.0
