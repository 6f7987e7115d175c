"""Carrying one queued run out: claim it, do it over the journal, note how it ended. Knows nothing of the engine."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Protocol

import msgspec
from sqlalchemy.exc import DBAPIError

from brygga.records.reasons import Fault, Reason, Refused, Stopped, Unavailable, reason
from brygga.runs.awake import awake
from brygga.runs.last_used import source_clock
from brygga.runs.listing import kept
from brygga.runs.port import Carried, Workplace
from brygga.runs.previews import Preview
from brygga.runs.run import HeldBack, Quiet, Report, Watcher, carry_out, preview
from brygga.store.history import Run, RunEnded
from brygga.store.journal.journal import Journal
from brygga.store.listings import Listings
from brygga.store.run_requests import EndState, Origin, RequestKind, RunRequest, RunRequests
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection

BUSY = frozenset({"SYS-908"})
"""Another writer has the company just now: a queued run waits for it, a person's own run is told."""

PATIENCE_SECONDS = 300.0
BUSY_PAUSE_SECONDS = 0.5
NOTE_SECONDS = 1.0
"""How often the row under way is noted for those who look on: the number of rows done is counted in the ledger."""


class TakenOver(Exception):
    """Another worker has the run now: this one stops and notes nothing more."""


@dataclass(frozen=True)
class Doer:
    """Who carries runs out: the worker's name, its slot, and whether it may go on."""

    worker: str
    slot: int | None
    may_go_on: Callable[[], bool]
    stopping: Event


Judge = Callable[[RunRequest, tuple[Plan, ...], Readings], tuple[Reason, ...]]
"""The circuit breaker: the reasons why a person must look at these plans first."""

Ended = Callable[[RunRequest, Report | None, tuple[Reason, ...]], None]
"""What is done when a run has ended or is held, such as a digest. It must not raise."""


class Carry(Protocol):
    """Carries out the run of a ticket; ``carry`` is the one there is (the contract suite of engines has its own)."""

    def __call__(
        self,
        workplace: Workplace,
        ticket: str,
        doer: Doer,
        *,
        watcher: Watcher | None = None,
        judge: Judge | None = None,
        ended: Ended | None = None,
        patient: bool = True,
    ) -> Carried | None:
        """What it has to show; None when the ticket is worth nothing."""


def carry(
    workplace: Workplace,
    ticket: str,
    doer: Doer,
    *,
    watcher: Watcher | None = None,
    judge: Judge | None = None,
    ended: Ended | None = None,
    patient: bool = True,
) -> Carried | None:
    """Carry out the run that has this ticket; None when the ticket is worth nothing (any more).

    Raises what stopped the run, after it was noted. ``patient``: wait while another writer has the company.
    """
    requests = RunRequests(workplace.engine)
    request = requests.claim(ticket, worker=doer.worker, slot=doer.slot)
    if request is None:
        return None
    attempt = _Attempt(workplace, requests, request, doer, watcher or Quiet(), judge, patient)
    report: Report | None = None
    reasons: tuple[Reason, ...] = ()
    try:
        with awake():
            carried = attempt.do()
        report = carried.report
        return carried
    except HeldBack as held:
        reasons = held.reasons
        raise
    except Fault as fault:
        reasons = (fault.reason,)
        requests.end(ticket, "failed", reasons)
        raise
    except TakenOver:
        return None
    except DBAPIError as error:
        if error.connection_invalidated:
            # The store went away under the run: nothing can be noted, and it goes on when the store is there again.
            raise Unavailable(reason("KOR-885", id=request.id)) from error
        raise
    except Exception as error:
        reasons = (reason("KOR-875", error=type(error).__name__),)
        requests.end(ticket, "failed", reasons)
        raise
    finally:
        if ended is not None and (report is not None or reasons):
            now = requests.get(request.id)
            if now is not None and now.ticket == ticket:
                ended(now, report, reasons)


class _Attempt:
    """One attempt at one run: watcher and overseer of ``carry_out``."""

    def __init__(
        self,
        workplace: Workplace,
        requests: RunRequests,
        request: RunRequest,
        doer: Doer,
        watcher: Watcher,
        judge: Judge | None,
        patient: bool,
    ) -> None:
        self._workplace = workplace
        self._requests = requests
        self._request = request
        self._ticket = request.ticket
        self._doer = doer
        self._watcher = watcher
        self._judge = judge if request.approved is None else None
        self._patient = patient
        self._noted = 0.0

    def do(self) -> Carried:
        """Carry the run out and note how it ended."""
        if self._asked_to_stop():
            return self._end("cancelled")
        if self._request.kind is RequestKind.SEARCH:
            return self._search()
        try:
            report = self._transfer()
        except HeldBack as held:
            self._requests.hold(self._ticket, held.reasons, self._kept(held.plans, planned=held.plans))
            raise
        if report is not None and not report.cancelled:
            return self._end("completed", report=report)
        return self._stopped(report)

    def _stopped(self, report: Report | None = None) -> Carried:
        """End as cancelled, if a person asked for it; else this program is ending and another one goes on."""
        if not self._asked_to_stop():
            raise TakenOver
        return self._end("cancelled", report=report)

    def _transfer(self) -> Report | None:
        """The run's report; None when it was given up while another writer had the company."""
        name, transfer = self._request.company, Transfer(self._request.transfer)
        settings = self._workplace.settings(name).fingerprint()
        shown = self._shown(settings)
        expected = shown.hashes if shown is not None else None
        chosen = shown.selection if shown is not None else selection_of(self._request)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with self._workplace.open_company(name, read_only=False) as company:
                    self._close_earlier_attempt(company.journal)
                    return carry_out(
                        company,
                        transfer,
                        chosen,
                        lock_folder=self._workplace.lock_folder,
                        version=self._workplace.version,
                        settings=settings,
                        expected=expected,
                        watcher=self,
                        overseer=self,
                    )
            except Refused as busy:
                patient = self._patient or self._request.attempts > 1
                if busy.reason.code not in BUSY or not patient or time.monotonic() > until:
                    raise
                if self.cancelled():
                    return None
                self._doer.stopping.wait(BUSY_PAUSE_SECONDS)

    def _close_earlier_attempt(self, journal: Journal) -> None:
        """The attempt that died with its worker cannot note its own end in the history."""
        for run in journal.unfinished_runs():
            if run.id == self._request.run_id:
                with suppress(RunEnded):
                    journal.finish_run(run, "aborted")

    def _search(self) -> Carried:
        name, transfer = self._request.company, Transfer(self._request.transfer)
        selection, begun = selection_of(self._request), time.monotonic()
        settings = self._workplace.settings(name).fingerprint()
        try:
            with self._workplace.open_company(name, read_only=True) as company:
                began = source_clock(company, transfer, self._requests.now())
                plans = preview(company, transfer, selection, stop=self.cancelled)
        except Stopped:
            return self._stopped()
        self._note(total=len(plans), planned=self._requests.now())
        self._note(preview=self._kept(plans, began))
        seconds = round(time.monotonic() - begun)
        listings = Listings(self._workplace.engine)
        kept(listings, name, transfer, selection, plans, settings_hash=settings, seconds=seconds)
        return self._end("completed", plans=plans)

    def _shown(self, settings: str) -> Preview | None:
        """The preview that is to be carried out, None when the run is not bound to one."""
        if not self._request.preview:
            return None
        return self._workplace.previews.load(
            self._request.preview,
            company=self._request.company,
            transfer=Transfer(self._request.transfer),
            settings=settings,
            version=self._workplace.version,
            now=self._requests.now(),
        )

    def _kept(self, plans: tuple[Plan, ...], began: datetime | None = None, planned: tuple[Plan, ...] = ()) -> str:
        """Keep a preview of the plans; ``planned`` are those that no list has."""
        name = self._request.company
        settings = self._workplace.settings(name).fingerprint()
        version, now = self._workplace.version, self._requests.now()
        transfer = Transfer(self._request.transfer)
        kept = self._workplace.previews.save(
            name,
            transfer,
            plans,
            settings=settings,
            version=version,
            now=now,
            chosen=selection_of(self._request),
            began=began,
            planned=planned,
        )
        return kept.id

    # -- overseer --------------------------------------------------------------------------------------------

    def started(self, run: Run) -> None:
        """Note which run of the history it is."""
        self._note(run_id=run.id, total=None, planned=None, current="")

    def check(self, plans: tuple[Plan, ...], readings: Readings) -> None:
        """A scheduled run that would do something unusual waits for a person."""
        found = self._judge(self._request, plans, readings) if self._judge is not None else ()
        if found and self._request.origin is Origin.SCHEDULE:
            raise HeldBack(found, plans)

    # -- watcher ---------------------------------------------------------------------------------------------

    def planned(self, total: int) -> None:
        """Note how many rows there are."""
        self._note(total=total, planned=self._requests.now())
        self._watcher.planned(total)

    def row(self, done: int, total: int, result: Result) -> None:
        """Note the row now and then; the ledger of outcomes has every one."""
        if time.monotonic() - self._noted >= NOTE_SECONDS:
            self._noted = time.monotonic()
            self._note(current=result.plan.source_number or result.plan.source_name)
        self._watcher.row(done, total, result)

    def cancelled(self) -> bool:
        """Whether no further record may be begun: asked for by a person, or not ours to go on with."""
        return self._asked_to_stop() or self._doer.stopping.is_set() or not self._doer.may_go_on()

    def _asked_to_stop(self) -> bool:
        now = self._requests.holds(self._ticket)
        if now is None:
            raise TakenOver
        return now.cancel_asked is not None or self._watcher.cancelled()

    # -- noting ----------------------------------------------------------------------------------------------

    def _note(self, **values: object) -> None:
        if self._requests.note(self._ticket, **values) is None:
            raise TakenOver

    def _end(self, state: EndState, *, report: Report | None = None, plans: tuple[Plan, ...] = ()) -> Carried:
        ended = self._requests.end(self._ticket, state)
        if ended is None:
            raise TakenOver
        return Carried(ended, report, plans)


def selection_of(request: RunRequest) -> Selection:
    """What the run is to take."""
    return msgspec.json.decode(request.selection, type=Selection)


def selection_text(selection: Selection) -> str:
    """The selection as it is kept with the run."""
    return msgspec.json.encode(selection, order="deterministic").decode()
