"""Runs: start, watch, cancel, carry out here, or work through the queue. What the faces and the schedules call."""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from brygga.records.reasons import Fault, Refused, reason
from brygga.runs.carrying import Carry, Doer, Ended, Judge, carry, selection_text
from brygga.runs.port import Carried, DurableEngine, Workplace
from brygga.runs.run import Watcher
from brygga.runs.watch import Watch, alive
from brygga.store.run_requests import (
    NewRun,
    Origin,
    Progress,
    RequestKind,
    RequestState,
    RunRequest,
    RunRequests,
    Worker,
    new_ticket,
)
from brygga.store.worker_slots import Slot, free_slot
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

COMPANIES_AT_ONCE = 4
"""How many companies one worker works for side by side; within a company runs follow each other."""

WAIT_SECONDS = 0.1
RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass
class _Here:
    """A run that this process carries out for a person who waits."""

    watcher: Watcher | None
    patient: bool
    done: threading.Event = field(default_factory=threading.Event)
    carried: Carried | None = None
    error: BaseException | None = None


class Runs:
    """The queue of one store, and the engine in this process once something is carried out in it.

    ``make_engine`` is called then, and not before: only asking and watching needs no engine and no import of it.
    """

    def __init__(
        self,
        workplace: Workplace,
        make_engine: Callable[[], DurableEngine],
        *,
        judge: Judge | None = None,
        ended: Ended | None = None,
        tick: Callable[[], None] | None = None,
        carry: Carry = carry,
    ) -> None:
        self._carry_out = carry
        self._workplace = workplace
        self._make_engine = make_engine
        self._judge = judge
        self._ended = ended
        self._tick = tick
        self._engine: DurableEngine | None = None
        self._slot: Slot | None = None
        self._watch: Watch | None = None
        self._doer: Doer | None = None
        self._here: dict[str, _Here] = {}
        self._under_way = 0
        self._closed = False
        self._leaving = threading.RLock()
        self._counting = threading.Lock()
        self.requests = RunRequests(workplace.engine)

    # -- for everybody ---------------------------------------------------------------------------------------

    def start(
        self,
        company: str,
        transfer: Transfer,
        selection: Selection,
        *,
        kind: RequestKind = RequestKind.TRANSFER,
        preview: str = "",
        origin: Origin = Origin.PERSON,
    ) -> RunRequest:
        """Queue a run for whichever worker is free: the queue in the store is what counts, workers look into it."""
        request = self._ask(company, transfer, selection, kind=kind, preview=preview, origin=origin)
        if self._watch is not None:
            self._watch.look_now()
        return request

    def get(self, request_id: int) -> RunRequest:
        """A run by its number; ``Refused`` KOR-874 when there is none."""
        return self._known(self.requests.get(request_id), request_id)

    def latest(self, company: str = "", limit: int = 20) -> tuple[RunRequest, ...]:
        """The latest runs, newest first; of all companies when none is named."""
        return self.requests.latest(company, limit)

    def progress(self, request_id: int) -> Progress:
        """How far a run is, counted in our own ledger; ``Refused`` KOR-874."""
        found = self.requests.progress(request_id)
        if found is None:
            raise Refused(reason("KOR-874", id=request_id))
        return found

    def cancel(self, request_id: int) -> RunRequest:
        """Acknowledged when it returns: a waiting run is cancelled, one under way ends after the record it is at."""
        self.get(request_id)
        return self._known(self.requests.ask_to_cancel(request_id), request_id)

    def approve(self, request_id: int) -> RunRequest:
        """Let a run go on that the circuit breaker holds; ``Refused`` KOR-874 or KOR-876."""
        self.get(request_id)
        approved = self.requests.approve(request_id)
        if approved is None:
            raise Refused(reason("KOR-876", id=request_id))
        if self._watch is not None:
            self._watch.look_now()
        return approved

    def wait(self, request_id: int, timeout_seconds: float | None = None) -> RunRequest:
        """The run when it has ended or is held, or as it is when the time is up."""
        until = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while True:
            request = self.get(request_id)
            if request.ended or request.state is RequestState.HELD:
                return request
            if until is not None and time.monotonic() >= until:
                return request
            time.sleep(WAIT_SECONDS)

    def workers(self) -> tuple[Worker, ...]:
        """The workers and faces that are alive now."""
        own = self._doer.worker if self._doer is not None else ""
        known = self.requests.workers()
        return tuple(each for each in known if each.worker == own or alive(self._workplace.engine, known, each.worker))

    # -- in this process -------------------------------------------------------------------------------------

    def run_here(
        self,
        company: str,
        transfer: Transfer,
        selection: Selection,
        *,
        preview: str = "",
        watcher: Watcher | None = None,
    ) -> Carried:
        """Carry a transfer out in this process and wait. Killed, it goes on in the next worker or face that starts.

        Raises what stopped the run (``Fault``), after it was noted.
        """
        self._launched()
        request = self._ask(company, transfer, selection, preview=preview, worker=self._me.worker)
        return self._now(request, _Here(watcher, patient=False))

    def resume_here(self, company: str, watcher: Watcher | None = None) -> tuple[RunRequest, ...]:
        """Carry out what died with its worker for this company, oldest first; how each ended."""
        ended = []
        for request in self.requests.in_state(RequestState.QUEUED, RequestState.RUNNING):
            begun = request.company == company and (request.attempts > 0 or request.worker != "")
            if not begun or alive(self._workplace.engine, self.requests.workers(), request.worker):
                continue
            engine = self._launched()
            taken = self.requests.take_over(request, self._workplace.version, self._me.worker)
            if taken is not None:
                engine.give_up(request.ticket)
                # What stops it is noted with it, and no reason to leave the others.
                with suppress(Fault):
                    self._now(taken, _Here(watcher, patient=True))
                ended.append(self.get(taken.id))
        return tuple(ended)

    def work(self, groups: tuple[str, ...] = ("",), companies_at_once: int = COMPANIES_AT_ONCE) -> None:
        """Become a worker: take runs from the queues of these groups until ``close``; returns at once."""
        if self._watch is None:
            engine = self._launched(groups, companies_at_once)

            def lost() -> None:
                threading.Thread(target=self._again, args=(groups, companies_at_once), daemon=True).start()

            self._watch = Watch(self._workplace, engine, self._me, tick=self._tick, lost=lost)
            self._watch.begin()

    def idle(self) -> bool:
        """Whether nothing is queued or under way, anywhere."""
        return not self.requests.in_state(RequestState.QUEUED, RequestState.RUNNING)

    def close(self) -> None:
        """Take nothing more, finish the records under way, and leave; unfinished runs go on in another worker."""
        self._closed = True
        with self._leaving:
            self._leave()

    def _again(self, groups: tuple[str, ...], companies_at_once: int) -> None:
        """The store was away and with it our slot: under a new name, what we had is put in anew, by us or another."""
        while not self._closed:
            try:
                with self._leaving:
                    self._leave()
                    if not self._closed:
                        self.work(groups, companies_at_once)
                return
            except (SQLAlchemyError, Refused):
                log.warning("the store cannot be asked", exc_info=True)
                time.sleep(RETRY_SECONDS)

    def _leave(self) -> None:
        if self._doer is None or self._engine is None or self._slot is None:
            return
        self._doer.stopping.set()
        if self._watch is not None:
            self._watch.end()
        while self._under_way:
            time.sleep(WAIT_SECONDS)
        self._engine.close()
        slot, name = self._slot, self._doer.worker
        self._engine = self._slot = self._doer = self._watch = None
        slot.release()
        with suppress(SQLAlchemyError):
            self.requests.dismiss(slot.number, name)

    # -- inside ----------------------------------------------------------------------------------------------

    def _ask(
        self,
        company: str,
        transfer: Transfer,
        selection: Selection,
        *,
        kind: RequestKind = RequestKind.TRANSFER,
        preview: str = "",
        origin: Origin = Origin.PERSON,
        worker: str = "",
    ) -> RunRequest:
        version, text = self._workplace.version, selection_text(selection)
        return self.requests.ask(
            NewRun(company, transfer.value, text, version, kind=kind, preview=preview, origin=origin), worker
        )

    def _known(self, request: RunRequest | None, request_id: int) -> RunRequest:
        if request is None:
            raise Refused(reason("KOR-874", id=request_id))
        return request

    def _launched(self, groups: tuple[str, ...] = (), companies_at_once: int = 0) -> DurableEngine:
        if self._engine is None:
            slot = free_slot(self._workplace.engine)
            if slot is None:
                raise Refused(reason("KOR-877"))
            name = f"{slot.number}-{new_ticket()}"
            self._slot = slot
            self._doer = Doer(name, slot.number, slot.held, threading.Event())
            place, version, now = f"{platform.node()}:{os.getpid()}", self._workplace.version, self.requests.now()
            self.requests.introduce(Worker(slot.number, name, place, version, now))
            self._engine = self._make_engine()
            self._engine.launch(name, self._carry, groups=groups, companies_at_once=companies_at_once)
        return self._engine

    @property
    def _me(self) -> Doer:
        assert self._doer is not None, "launched"
        return self._doer

    def _now(self, request: RunRequest, here: _Here) -> Carried:
        self._here[request.ticket] = here
        try:
            self._launched().run_now(request.ticket, here.done)
        finally:
            del self._here[request.ticket]
        if here.error is not None:
            raise here.error
        if here.carried is None:
            raise Refused(reason("KOR-878" if self._me.may_go_on() else "KOR-885", id=request.id))
        return here.carried

    def _carry(self, ticket: str) -> None:
        """What the engine calls, in a thread of its own; never raises."""
        here = self._here.get(ticket, _Here(None, patient=True))
        with self._counting:
            self._under_way += 1
        try:
            here.carried = self._carry_out(
                self._workplace,
                ticket,
                self._me,
                watcher=here.watcher,
                judge=self._judge,
                ended=self._ended,
                patient=here.patient,
            )
        except BaseException as error:
            here.error = error
            if not isinstance(error, Fault):
                log.warning("a run failed", exc_info=True)
        finally:
            with self._counting:
                self._under_way -= 1
            here.done.set()
