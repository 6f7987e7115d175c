"""Deleting the oldest part of an audit trail, when the law allows it and so that the rest can still be verified."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.rules.retention import latest_cut, may_be_deleted_from
from brygga.store.audit.chain import verify
from brygga.store.audit.trail import Told, head_of, tell
from brygga.store.database import write
from brygga.store.schema.audit import audit_event as events
from brygga.store.schema.audit import audit_head as heads


class Pruned(Record, frozen=True):
    """How many events were deleted, up to and with which one (0 when there was none)."""

    events: int
    last: int


def prune(engine: Engine, company: str, before: date, *, year_end_month: int, now: datetime) -> Pruned:
    """Delete the events from before a day (UTC), and tell of it in an event that keeps the chain verifiable.

    Raises ``Refused``: GRA-011 while the law still wants one of them kept, and what ``verify`` finds in a chain that is
    not whole, because its evidence must not go.
    """
    if before > latest_cut(now.date(), year_end_month):
        lawful = may_be_deleted_from(date.fromordinal(before.toordinal() - 1), year_end_month)
        raise Refused(reason("GRA-011", day=before, date=lawful, latest=latest_cut(now.date(), year_end_month)))
    fault = verify(engine, company).fault
    if fault is not None:
        raise Refused(fault)
    text = datetime.combine(before, time(), UTC).isoformat(timespec="microseconds")

    def work(connection: Connection) -> Pruned:
        head = head_of(connection, company, lock=True)
        own = events.c.company == company
        # The first event to be kept decides: a clock that was set back does not tear a hole into the chain.
        kept = connection.execute(sa.select(sa.func.min(events.c.sequence)).where(own, events.c.at >= text)).scalar()
        last = (head.sequence if head else 0) if kept is None else kept - 1
        if head is None or last <= head.pruned:
            return Pruned(0, head.pruned if head else 0)
        gone = connection.execute(sa.select(events.c.hash).where(own, events.c.sequence == last)).scalar_one()
        connection.execute(sa.update(heads).where(heads.c.company == company).values(pruned=last, pruned_hash=gone))
        connection.execute(sa.delete(events).where(own, events.c.sequence <= last))
        told = {"first": head.pruned + 1, "last": last, "hash": gone, "before": before}
        tell(connection, Told.PRUNE, company=company, at=now, subject=f"1–{last}", before=told)
        return Pruned(last - head.pruned, last)

    return write(engine, work)
