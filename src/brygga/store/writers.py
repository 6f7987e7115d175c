"""Who may write to a company: one row that its holder keeps alive (architecture, state machine 7).

The row keeps command line, server and workers of one store apart, on this computer or on several.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.database import write
from brygga.store.schema.writer import writer as rows


class Holder(Record, frozen=True):
    """Who holds a company: ``holder`` is for people; times in UTC."""

    company: str
    token: str
    holder: str
    place: str
    since: datetime
    heartbeat: datetime


# Made once: every run needs them, and making a statement costs as much as carrying it out.
_HOLDER = sa.select(*(rows.c[name] for name in Holder.__struct_fields__)).where(rows.c.company == sa.bindparam("its"))
_HOLDER_LOCKED = _HOLDER.with_for_update()
_LET_GO = sa.delete(rows).where(rows.c.company == sa.bindparam("its"))
_GIVE_BACK = _LET_GO.where(rows.c.token == sa.bindparam("whose"))
_HOLD = sa.insert(rows)


class Writers:
    """The table of holders."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def holder(self, company: str) -> Holder | None:
        """Who holds the company now, dead or alive."""
        with self._engine.connect() as connection:
            return _row(connection, company)

    def take(self, wanted: Holder, lease: timedelta, is_dead: Callable[[Holder], bool]) -> Holder:
        """Hold the company as ``wanted``; answers who holds it then: ``wanted``, or another who still lives.

        Another lives while its heartbeat is younger than ``lease``, unless ``is_dead`` knows better.
        """

        def work(connection: Connection) -> Holder:
            other = _row(connection, wanted.company, lock=True)
            if other is not None and wanted.heartbeat - other.heartbeat < lease and not is_dead(other):
                return other
            connection.execute(_LET_GO, {"its": wanted.company})
            connection.execute(_HOLD, msgspec.structs.asdict(wanted))
            return wanted

        return write(self._engine, work)

    def renew(self, company: str, token: str, now: datetime) -> bool:
        """Say that the holder lives; False when it is not the holder any more."""

        def work(connection: Connection) -> bool:
            mine = sa.and_(rows.c.company == company, rows.c.token == token)
            return connection.execute(sa.update(rows).where(mine).values(heartbeat=now)).rowcount == 1

        return write(self._engine, work)

    def release(self, company: str, token: str) -> None:
        """Give the company back; nothing happens when it is another's by now."""

        def work(connection: Connection) -> None:
            connection.execute(_GIVE_BACK, {"its": company, "whose": token})

        write(self._engine, work)


def _row(connection: Connection, company: str, *, lock: bool = False) -> Holder | None:
    found = connection.execute(_HOLDER_LOCKED if lock else _HOLDER, {"its": company}).first()
    return None if found is None else Holder(*found)
