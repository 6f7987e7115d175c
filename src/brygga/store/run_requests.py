"""The queue of runs as people see it: what was asked for, by whom it is carried out, how far it is, how it ended."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.store.database import utcnow, write
from brygga.store.history import new_id
from brygga.store.schema.base import LARGEST_ID
from brygga.store.schema.base import outcome as outcomes
from brygga.store.schema.runs import Origin, RequestKind, RequestState
from brygga.store.schema.runs import run_request as requests
from brygga.store.schema.runs import run_worker as workers

__all__ = [
    "ENDED",
    "EndState",
    "Origin",
    "Progress",
    "RequestKind",
    "RequestState",
    "RunRequest",
    "RunRequests",
    "Worker",
]

_S = RequestState

ENDED = frozenset({_S.COMPLETED, _S.CANCELLED, _S.FAILED})
"""Nothing happens any more."""

WAITING = frozenset({_S.QUEUED, _S.HELD})
"""No worker has it: it can be cancelled at once."""

EndState = Literal["completed", "cancelled", "failed"]


class NewRun(Record, frozen=True):
    """What is asked for. ``selection`` is JSON of the transfers' ``Selection``, ``version`` the program's."""

    company: str
    transfer: str
    selection: str
    version: str
    kind: RequestKind = RequestKind.TRANSFER
    preview: str = ""
    origin: Origin = Origin.PERSON


class RunRequest(Record, frozen=True):
    """A run that somebody asked for; times in UTC. ``selection`` is JSON of the transfers' ``Selection``."""

    id: int
    company: str
    transfer: str
    kind: RequestKind
    origin: Origin
    selection: str
    preview: str
    state: RequestState
    reasons: tuple[Reason, ...]
    ticket: str
    version: str
    worker: str
    slot: int | None
    attempts: int
    run_id: int | None
    total: int | None
    current: str
    requested: datetime
    started: datetime | None
    planned: datetime | None
    beat: datetime | None
    finished: datetime | None
    cancel_asked: datetime | None
    approved: datetime | None

    @property
    def ended(self) -> bool:
        """Whether nothing will happen any more."""
        return self.state in ENDED


class Progress(Record, frozen=True):
    """How far a run is: rows done of all, the row last ended, and about how many seconds are left (None: not known)."""

    request: RunRequest
    done: int
    total: int | None
    current: str
    remaining_seconds: int | None


class Worker(Record, frozen=True):
    """Who held a slot last: ``worker`` is its name for the engine, ``place`` the computer and process."""

    slot: int
    worker: str
    place: str
    version: str
    started: datetime


_REQUEST = [requests.c[name] for name in RunRequest.__struct_fields__]
_WORKER = [workers.c[name] for name in Worker.__struct_fields__]


class RunRequests:
    """The queue of all companies of a store."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utcnow) -> None:
        self._engine = engine
        self._clock = clock

    def now(self) -> datetime:
        """The moment, by the store's clock."""
        return self._clock()

    def ask(self, run: NewRun, worker: str = "") -> RunRequest:
        """Put a run in the queue, for this worker if one is named; committed when it returns.

        A preview is carried out once, however many windows ask for it: who asks again gets the run that there is,
        unless that one failed or was cancelled.
        """

        def work(connection: Connection) -> RunRequest:
            if run.preview:
                same = (requests.c.company == run.company, requests.c.preview == run.preview)
                useless = requests.c.state.in_((_S.FAILED, _S.CANCELLED))
                query = sa.select(*_REQUEST).where(*same, requests.c.selection == run.selection, ~useless)
                there = connection.execute(query.order_by(requests.c.id)).first()
                if there is not None:
                    return RunRequest(*there)
            return self._one(connection, requests.c.id == self.insert(connection, run, self.now(), worker))

        return write(self._engine, work)

    @staticmethod
    def insert(connection: Connection, run: NewRun, now: datetime, worker: str = "") -> int:
        """Put a run in the queue in the caller's transaction; its number."""
        values = {name: getattr(run, name) for name in NewRun.__struct_fields__}
        values |= {"state": _S.QUEUED, "reasons": (), "ticket": new_ticket(), "worker": worker, "attempts": 0}
        values |= {"current": "", "requested": now}
        return new_id(connection.execute(sa.insert(requests).values(values)))

    def get(self, request_id: int) -> RunRequest | None:
        """The run with this number."""
        found = self._many(requests.c.id == request_id) if 0 < request_id <= LARGEST_ID else ()
        return found[0] if found else None

    def latest(self, company: str = "", limit: int = 20) -> tuple[RunRequest, ...]:
        """The latest runs, newest first; of all companies when none is named."""
        which = requests.c.company == company if company else sa.true()
        return self._many(which, limit=limit)

    def in_state(self, *states: RequestState) -> tuple[RunRequest, ...]:
        """The runs in one of these states, oldest first."""
        return tuple(reversed(self._many(requests.c.state.in_(states))))

    # -- by the worker that holds the ticket -----------------------------------------------------------------

    def claim(self, ticket: str, *, worker: str, slot: int | None) -> RunRequest | None:
        """Begin to carry it out; None when the ticket is not the run's any more or the run is not waiting for it."""
        values: dict[str, Any] = {"state": _S.RUNNING, "worker": worker, "slot": slot, "beat": self.now()}
        values |= {"attempts": requests.c.attempts + 1}
        values |= {"started": sa.func.coalesce(requests.c.started, self._text(self.now()))}
        return self._changed(sa.and_(requests.c.ticket == ticket, requests.c.state == _S.QUEUED), values)

    def note(self, ticket: str, **values: Any) -> RunRequest | None:
        """Note ``run_id``, ``total``, ``planned`` or ``current``; None when another has taken the run over."""
        return self._changed(self._mine(ticket), {**values, "beat": self.now()})

    def holds(self, ticket: str) -> RunRequest | None:
        """The run as it is now, None when another has taken it over: one read, before each record."""
        found = self._many(self._mine(ticket))
        return found[0] if found else None

    def remark(self, request_id: int, why: Reason) -> None:
        """Add a reason to a run that has ended or is held: something about it that did not go well."""

        def work(connection: Connection) -> None:
            found = self._read(connection, requests.c.id == request_id, lock=True)
            for request in found:
                values = {"reasons": (*request.reasons, why)}
                connection.execute(sa.update(requests).where(requests.c.id == request.id).values(values))

        write(self._engine, work)

    def end(self, ticket: str, state: EndState, reasons: tuple[Reason, ...] = ()) -> RunRequest | None:
        """Note how it ended; None when another has taken it over."""
        values = {"state": RequestState(state), "reasons": reasons, "finished": self.now(), "current": ""}
        return self._changed(self._mine(ticket), values)

    def hold(self, ticket: str, reasons: tuple[Reason, ...], preview: str) -> RunRequest | None:
        """Put it before a person; ``preview`` is what an approval lets through."""
        return self._changed(self._mine(ticket), {"state": _S.HELD, "reasons": reasons, "preview": preview})

    # -- by a person -----------------------------------------------------------------------------------------

    def ask_to_cancel(self, request_id: int) -> RunRequest | None:
        """Cancel at once what nobody carries out; ask a worker to stop. None when there is no such run."""

        def work(connection: Connection) -> RunRequest | None:
            found = self._read(connection, requests.c.id == request_id, lock=True)
            if not found or found[0].ended:
                return found[0] if found else None
            values: dict[str, Any] = {"cancel_asked": found[0].cancel_asked or self.now()}
            if found[0].state in WAITING:
                values |= {"state": _S.CANCELLED, "finished": self.now(), "ticket": new_ticket()}
            connection.execute(sa.update(requests).where(requests.c.id == request_id).values(values))
            return self._one(connection, requests.c.id == request_id)

        return write(self._engine, work)

    def approve(self, request_id: int) -> RunRequest | None:
        """Let a held run go on, with a new ticket; None when it is not held."""
        values = {"state": _S.QUEUED, "reasons": (), "approved": self.now(), "ticket": new_ticket()}
        values |= {"worker": "", "slot": None}
        return self._changed(sa.and_(requests.c.id == request_id, requests.c.state == _S.HELD), values)

    # -- when a worker has died, or the program is another ------------------------------------------------------

    def take_over(self, request: RunRequest, version: str, worker: str = "") -> RunRequest | None:
        """Put it back in the queue with a new ticket, for this worker if one is named, unless somebody was faster.

        The old ticket is worth nothing from then on.
        """
        which = sa.and_(requests.c.id == request.id, requests.c.ticket == request.ticket)
        waiting = requests.c.state.in_((_S.QUEUED, _S.RUNNING))
        values = {"state": _S.QUEUED, "ticket": new_ticket(), "version": version, "worker": worker, "slot": None}
        return self._changed(sa.and_(which, waiting), values)

    # -- workers ---------------------------------------------------------------------------------------------

    def introduce(self, worker: Worker) -> None:
        """Note who holds a slot now."""

        def work(connection: Connection) -> None:
            connection.execute(sa.delete(workers).where(workers.c.slot == worker.slot))
            values = {name: getattr(worker, name) for name in Worker.__struct_fields__}
            connection.execute(sa.insert(workers).values(values))

        write(self._engine, work)

    def dismiss(self, slot: int, worker: str) -> None:
        """The worker has ended in good order."""
        which = sa.and_(workers.c.slot == slot, workers.c.worker == worker)
        write(self._engine, lambda connection: connection.execute(sa.delete(workers).where(which)))

    def workers(self) -> tuple[Worker, ...]:
        """Who noted a slot as its own, and has not ended in good order."""
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(*_WORKER).order_by(workers.c.slot))
            return tuple(Worker(*row) for row in found)

    # -- progress --------------------------------------------------------------------------------------------

    def progress(self, request_id: int) -> Progress | None:
        """How far a run is, counted in the ledger of outcomes."""
        request = self.get(request_id)
        if request is None:
            return None
        done = 0
        if request.run_id is not None:
            query = sa.select(sa.func.count(sa.distinct(outcomes.c.source_key)))
            with self._engine.connect() as connection:
                done = connection.execute(query.where(outcomes.c.run_id == request.run_id)).scalar_one()
        return Progress(request, done, request.total, request.current, _remaining(request, done, self.now()))

    # -- inside ----------------------------------------------------------------------------------------------

    def _mine(self, ticket: str) -> sa.ColumnElement[bool]:
        return sa.and_(requests.c.ticket == ticket, requests.c.state == _S.RUNNING)

    def _text(self, moment: datetime) -> sa.ColumnElement[Any]:
        return sa.literal(moment, requests.c.started.type)

    def _changed(self, which: sa.ColumnElement[bool], values: dict[str, Any]) -> RunRequest | None:
        def work(connection: Connection) -> RunRequest | None:
            found = self._read(connection, which, lock=True)
            if not found:
                return None
            connection.execute(sa.update(requests).where(requests.c.id == found[0].id).values(values))
            return self._one(connection, requests.c.id == found[0].id)

        return write(self._engine, work)

    def _one(self, connection: Connection, which: sa.ColumnElement[bool]) -> RunRequest:
        return self._read(connection, which)[0]

    def _many(self, which: sa.ColumnElement[bool], limit: int | None = None) -> tuple[RunRequest, ...]:
        with self._engine.connect() as connection:
            return self._read(connection, which, limit=limit)

    def _read(
        self, connection: Connection, which: sa.ColumnElement[bool], *, lock: bool = False, limit: int | None = None
    ) -> tuple[RunRequest, ...]:
        query = sa.select(*_REQUEST).where(which).order_by(requests.c.id.desc()).limit(limit)
        return tuple(RunRequest(*row) for row in connection.execute(query.with_for_update() if lock else query))


def new_ticket() -> str:
    """A name that no attempt ever had: a restored store must not meet an attempt that the engine remembers."""
    return secrets.token_hex(12)


def _remaining(request: RunRequest, done: int, now: datetime) -> int | None:
    """By the pace so far; not known before the first row, and of no interest afterwards."""
    if request.ended or request.planned is None or not request.total or not done:
        return None
    spent = (now - request.planned).total_seconds()
    return max(0, round(spent / done * (request.total - done)))
