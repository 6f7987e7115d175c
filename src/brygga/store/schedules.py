"""The schedules: which transfer of which company is due when. Firing one and queueing its run are one commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.database import utcnow, write
from brygga.store.run_requests import ENDED, NewRun, RunRequests
from brygga.store.schema.runs import run_request as requests
from brygga.store.schema.runs import schedule as schedules


class Schedule(Record, frozen=True):
    """A transfer of a company that begins by itself; times in UTC. ``due`` is None while it is paused."""

    company: str
    transfer: str
    pattern: str
    zone: str
    paused: bool
    due: datetime | None
    fired: datetime | None = None
    request_id: int | None = None


_SCHEDULE = [schedules.c[name] for name in Schedule.__struct_fields__]


class Schedules:
    """The schedules of all companies of a store."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utcnow) -> None:
        self._engine = engine
        self._clock = clock

    def now(self) -> datetime:
        """The moment, by the store's clock."""
        return self._clock()

    def put(self, schedule: Schedule) -> None:
        """Set the schedule of a transfer, in place of the one it had; what it last did is kept."""

        def work(connection: Connection) -> None:
            earlier = self._read(connection, _key(schedule.company, schedule.transfer))
            values = {name: getattr(schedule, name) for name in Schedule.__struct_fields__}
            if earlier:
                values |= {"fired": earlier[0].fired, "request_id": earlier[0].request_id}
                connection.execute(sa.delete(schedules).where(_key(schedule.company, schedule.transfer)))
            connection.execute(sa.insert(schedules).values(values))

        write(self._engine, work)

    def get(self, company: str, transfer: str) -> Schedule | None:
        """The schedule of a transfer."""
        found = self._all(_key(company, transfer))
        return found[0] if found else None

    def of(self, company: str = "") -> tuple[Schedule, ...]:
        """The schedules of a company, or of all."""
        return self._all(schedules.c.company == company if company else sa.true())

    def due(self) -> tuple[Schedule, ...]:
        """Those whose time has come, however long ago: the computer may have slept."""
        return self._all(schedules.c.due <= self.now())

    def remove(self, company: str, transfer: str) -> bool:
        """Take a schedule away; False when there is none."""
        which = sa.delete(schedules).where(_key(company, transfer))
        return write(self._engine, lambda connection: connection.execute(which).rowcount == 1)

    def move(self, schedule: Schedule, due: datetime) -> bool:
        """Set when it is due next, unless another worker was faster."""
        return write(self._engine, lambda connection: self._moved(connection, schedule, {"due": due}))

    def fire(self, schedule: Schedule, due: datetime, run: NewRun) -> bool:
        """Queue its run and set when it is due next: one run however often it was missed, by one worker only.

        While its last run is not ended no new one is queued: what that one leaves, the next finds.
        """

        def work(connection: Connection) -> bool:
            if not self._moved(connection, schedule, {"due": due, "fired": self.now()}):
                return False
            busy = sa.and_(requests.c.id == schedule.request_id, requests.c.state.not_in(ENDED))
            if connection.execute(sa.select(requests.c.id).where(busy)).first() is not None:
                return False
            request_id = RunRequests.insert(connection, run, self.now())
            key = _key(schedule.company, schedule.transfer)
            connection.execute(sa.update(schedules).where(key).values(request_id=request_id))
            return True

        return write(self._engine, work)

    def _moved(self, connection: Connection, schedule: Schedule, values: dict[str, datetime]) -> bool:
        unmoved = sa.and_(_key(schedule.company, schedule.transfer), schedules.c.due == schedule.due)
        return connection.execute(sa.update(schedules).where(unmoved).values(values)).rowcount == 1

    def _all(self, which: sa.ColumnElement[bool]) -> tuple[Schedule, ...]:
        with self._engine.connect() as connection:
            return self._read(connection, which)

    def _read(self, connection: Connection, which: sa.ColumnElement[bool]) -> tuple[Schedule, ...]:
        query = sa.select(*_SCHEDULE).where(which).order_by(schedules.c.company, schedules.c.transfer)
        return tuple(Schedule(*row) for row in connection.execute(query))


def _key(company: str, transfer: str) -> sa.ColumnElement[bool]:
    return sa.and_(schedules.c.company == company, schedules.c.transfer == transfer)
