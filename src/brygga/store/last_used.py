"""What each transfer of a company was last searched with: everything up to ``since`` has been met (semantics §4.11)."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.database import write
from brygga.store.schema.last_used import last_used as rows


class LastUsed(Record, frozen=True):
    """``since``: the start (UTC) of the last completed run that covered everything in ``statuses`` (empty: those of the
    settings), under the settings of that moment."""

    transfer: str
    since: datetime
    statuses: tuple[str, ...] = ()
    settings_hash: str = ""


class LastUsedStore:
    """The last used search of each transfer of one company on one Severa environment."""

    def __init__(self, engine: Engine, environment: str, company: str) -> None:
        self._engine = engine
        self._place = sa.and_(rows.c.environment == environment, rows.c.company == company)
        self._own = {"environment": environment, "company": company}

    def get(self, transfer: str) -> LastUsed | None:
        """What the transfer was last searched with, None before its first completed run."""
        query = sa.select(rows.c.since, rows.c.statuses, rows.c.settings_hash)
        with self._engine.connect() as connection:
            found = connection.execute(query.where(self._place, rows.c.transfer == transfer)).first()
        if found is None:
            return None
        statuses = msgspec.json.decode(found.statuses, type=tuple[str, ...])
        return LastUsed(transfer, found.since, statuses, found.settings_hash)

    def remember(self, used: LastUsed) -> None:
        """Note it; committed when it returns."""
        values = {
            "transfer": used.transfer,
            "since": used.since,
            "statuses": msgspec.json.encode(used.statuses).decode(),
            "settings_hash": used.settings_hash,
        }

        def work(connection: Connection) -> None:
            connection.execute(sa.delete(rows).where(self._place, rows.c.transfer == used.transfer))
            connection.execute(sa.insert(rows).values(self._own | values))

        write(self._engine, work)
