"""The watch of a worker: whose runs it takes over, and whose it leaves alone."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest
from sqlalchemy.engine import Engine

from brygga.runs.carrying import Doer
from brygga.runs.port import Workplace
from brygga.runs.previews import Previews
from brygga.runs.watch import Watch
from brygga.store.database import utcnow
from brygga.store.run_requests import NewRun, RequestState, RunRequest, RunRequests, Worker
from brygga.store.settings.values import Settings
from brygga.store.worker_slots import Slot, free_slot


class NoQueue:
    """An engine that has nothing and remembers nothing."""

    protocol = "1"

    def attempts(self, tickets: tuple[str, ...]) -> dict[str, Any]:
        return {}

    def active(self) -> tuple[Any, ...]:
        return ()

    def enqueue(self, *_: Any) -> None:
        """It is not there a moment later."""

    def give_up(self, ticket: str) -> None:
        """It had none."""


@pytest.fixture
def watch(engine: Engine, tmp_path: Path) -> Watch:
    def no_company(*_: Any, **__: Any) -> Any:
        raise AssertionError("the watch opens no company")

    place = Workplace(
        engine, no_company, lambda name: Settings(engine, name, environ={}), Previews(engine), tmp_path, "1"
    )
    doer = Doer("watching", None, lambda: True, Event())
    return Watch(place, cast(Any, NoQueue()), doer, tick=None, lost=lambda: None)


def begun(engine: Engine, request: RunRequest) -> Slot:
    """A worker comes and begins the run; alive as long as it has its slot."""
    slot = free_slot(engine)
    assert slot is not None
    requests = RunRequests(engine)
    requests.introduce(Worker(slot.number, "new", "eva:1", "1", utcnow()))
    assert requests.claim(request.ticket, worker="new", slot=slot.number) is not None
    return slot


def test_the_run_of_a_worker_that_has_died_is_put_in_anew(engine: Engine, watch: Watch) -> None:
    request = RunRequests(engine).ask(NewRun("alfa", "invoices", "{}", "1"))
    slot = begun(engine, request)
    slot.release()
    watch.look()
    now = RunRequests(engine).get(request.id)
    assert now is not None
    assert (now.state, now.ticket != request.ticket) == (RequestState.QUEUED, True)


def test_the_run_of_a_worker_that_comes_while_the_watch_looks_is_left_alone(
    engine: Engine, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Introduced and under way between two reads of the watch: it is not to be taken for dead."""
    request = RunRequests(engine).ask(NewRun("alfa", "invoices", "{}", "1"))
    came: list[Slot] = []
    own = RunRequests.in_state

    def in_state(self: RunRequests, *states: RequestState) -> tuple[RunRequest, ...]:
        if not came:
            came.append(begun(engine, request))
        return own(self, *states)

    monkeypatch.setattr(RunRequests, "in_state", in_state)
    watch.look()
    now = RunRequests(engine).get(request.id)
    assert now is not None
    assert (now.state, now.worker, now.ticket) == (RequestState.RUNNING, "new", request.ticket)
    came[0].release()
