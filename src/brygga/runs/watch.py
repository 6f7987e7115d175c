"""The watch of a worker: puts in what waits, takes over from the dead, frees what they block, lets schedules fire.

The queue in the store and the engine's own are two; a program may die between the two commits. So nothing depends on
the moment: the watch compares them every second and mends what differs, with public calls of the engine only.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy.engine import Engine

from brygga.runs.carrying import Doer
from brygga.runs.port import Attempt, DurableEngine, Workplace
from brygga.store.run_requests import RequestState, RunRequest, RunRequests, Worker
from brygga.store.worker_slots import is_held

LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


class Watch:
    """A thread that looks at both queues until ``end``."""

    def __init__(
        self,
        workplace: Workplace,
        engine: DurableEngine,
        doer: Doer,
        *,
        tick: Callable[[], None] | None,
        lost: Callable[[], None],
    ) -> None:
        self._lost = lost
        self._workplace = workplace
        self._engine = engine
        self._doer = doer
        self._tick = tick
        self._requests = RunRequests(workplace.engine)
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._looking, name="brygga-watch", daemon=True)

    def begin(self) -> None:
        """Look now, and then every second."""
        self._thread.start()

    def look_now(self) -> None:
        """Something was put in the store's queue."""
        self._wake.set()

    def end(self) -> None:
        """Look no more."""
        self._wake.set()
        self._thread.join()

    def _looking(self) -> None:
        while not self._doer.stopping.is_set():
            if not self._doer.may_go_on():
                # The lock of our slot is lost: others take our runs over, so we begin nothing more.
                self._doer.stopping.set()
                self._lost()
                return
            for step in (self._tick, self.look):
                try:
                    if step is not None:
                        step()
                except Exception:
                    # A store or an engine that cannot be asked just now is asked again; a worker must not die of it.
                    log.warning("the watch could not look", exc_info=True)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def look(self) -> None:
        """Compare both queues once."""
        open_requests = self._requests.in_state(RequestState.QUEUED, RequestState.RUNNING)
        attempts = self._engine.attempts(tuple(request.ticket for request in open_requests))
        # Last: who has one of these was introduced before it took it. One that came since would be taken for dead.
        known = self._requests.workers()
        for request in open_requests:
            attempt = attempts.get(request.ticket)
            if self._is_lost(request, attempt, known):
                self._put_in_anew(request)
            elif request.state is RequestState.QUEUED and not request.worker and attempt is None:
                self._put_in(request)
        self._free_what_the_dead_block()

    def _is_lost(self, request: RunRequest, attempt: Attempt | None, known: tuple[Worker, ...]) -> bool:
        """Whether nobody alive will carry the ticket out."""
        if request.worker:
            return not self._alive(request.worker, known)
        if attempt is None:
            return False
        if attempt.state == "active":
            return not self._alive(attempt.worker, known)
        return attempt.state == "ended" or attempt.protocol != self._engine.protocol

    def _alive(self, worker: str, known: tuple[Worker, ...]) -> bool:
        return worker == self._doer.worker or alive(self._workplace.engine, known, worker)

    def _put_in(self, request: RunRequest) -> None:
        group = self._workplace.settings(request.company).get("schedule.worker_group")
        self._engine.enqueue(request.ticket, request.company, group, request.id)

    def _put_in_anew(self, request: RunRequest) -> None:
        taken = self._requests.take_over(request, self._workplace.version)
        if taken is not None:
            self._engine.give_up(request.ticket)
            self._put_in(taken)

    def _free_what_the_dead_block(self) -> None:
        """A ticket that a dead worker has and that is worth nothing any more still blocks its company."""
        active = self._engine.active()
        known = self._requests.workers()
        dead = [each.ticket for each in active if not self._alive(each.worker, known)]
        current = {each.ticket for each in self._requests.in_state(RequestState.QUEUED, RequestState.RUNNING)}
        for ticket in frozenset(dead) - current:
            self._engine.give_up(ticket)


def alive(engine: Engine, known: tuple[Worker, ...], worker: str) -> bool:
    """Whether the worker of this name still holds its slot: its row is there and its lock is taken."""
    here = next((each for each in known if each.worker == worker), None)
    return here is not None and is_held(engine, here.slot)
