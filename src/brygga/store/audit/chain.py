"""Reading the audit trail: every event in order, search, and the proof that nothing was changed (semantics §3.9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Reason, reason
from brygga.store.audit.trail import BEGINNING, COLUMNS, AuditEvent, Head, Told, all_heads, head_of
from brygga.store.schema.audit import audit_event as rows

_BATCH = 5_000
"""How many events are held in memory at a time while the whole chain is read."""


class Verified(Record, frozen=True):
    """What was found of one company's chain; ``fault`` is None when it is whole."""

    company: str
    events: int
    first: int
    last: int
    hash: str
    fault: Reason | None

    @property
    def anchor(self) -> str:
        """What to note in another place: a chain that is rewritten as a whole no longer has this event."""
        return f"{self.last}:{self.hash}"


class Search(Record, frozen=True):
    """What to look for; everything that is given must hold. ``text`` is exactly a Severa key, number or setting."""

    text: str = ""
    run_id: int | None = None
    kind: str = ""
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 200


def chains(engine: Engine) -> tuple[str, ...]:
    """The companies that have an audit trail."""
    with engine.connect() as connection:
        return tuple(head.company for head in all_heads(connection))


def each(connection: Connection, company: str) -> Iterator[AuditEvent]:
    """Every event of the company in order; memory holds a part of them at a time."""
    query = sa.select(*COLUMNS).where(rows.c.company == company).order_by(rows.c.sequence)
    for row in connection.execution_options(yield_per=_BATCH).execute(query):
        yield AuditEvent(*row)


def events(engine: Engine, company: str) -> tuple[AuditEvent, ...]:
    """Every event of the company, in order."""
    with engine.connect() as connection:
        return tuple(each(connection, company))


def search(engine: Engine, company: str, wanted: Search) -> tuple[AuditEvent, ...]:
    """The newest events that fit, newest first; each way of asking has an index."""
    which: list[sa.ColumnElement[bool]] = [rows.c.company == company]
    if wanted.run_id is not None:
        which.append(rows.c.run_id == wanted.run_id)
    if wanted.kind:
        which.append(rows.c.kind == wanted.kind)
    if wanted.start is not None:
        which.append(rows.c.at >= _text(wanted.start))
    if wanted.end is not None:
        which.append(rows.c.at < _text(wanted.end))
    columns = [rows.c.subject, rows.c.number] if wanted.text else [None]
    found: dict[int, AuditEvent] = {}
    with engine.connect() as connection:
        # One question for each column, not one with "or": that would read the whole chain.
        for column in columns:
            own = [] if column is None else [column == wanted.text]
            query = sa.select(*COLUMNS).where(*which, *own).order_by(rows.c.sequence.desc()).limit(wanted.limit)
            found |= {event.sequence: event for event in (AuditEvent(*row) for row in connection.execute(query))}
    return tuple(found[number] for number in sorted(found, reverse=True)[: wanted.limit])


def verify(engine: Engine, company: str, anchor: str = "") -> Verified:
    """Read the whole chain and name the first event that is not as it was written: GRA-001 … GRA-008.

    ``anchor`` is ``Verified.anchor`` as it was noted earlier, in another place. A cut tail is seen by the stored head;
    who can rewrite events, hashes and head alike is caught by the anchor only.
    """
    with engine.connect() as connection:
        head = head_of(connection, company) or Head(company, 0, BEGINNING, 0, BEGINNING)
        walk = _Walk(head, _position(anchor))
        for event in each(connection, company):
            if walk.fault is None:
                walk.fault = walk.step(event)
            walk.count += 1
    fault = walk.fault or walk.ending()
    if anchor and fault is None:
        fault = walk.anchored(anchor)
    return Verified(company, walk.count, head.pruned + 1, walk.sequence, walk.hash, fault)


class _Walk:
    """Along the chain, one event after the other."""

    def __init__(self, head: Head, wanted: int) -> None:
        self.head = head
        self.count = 0
        self.sequence, self.hash = head.pruned, head.pruned_hash
        self.fault: Reason | None = None
        self._wanted = wanted
        self._anchor = head.pruned_hash if wanted == head.pruned else ""
        self._pruned = (0, BEGINNING)

    def step(self, event: AuditEvent) -> Reason | None:
        """One event further; what is wrong with it."""
        expected = self.sequence + 1
        if event.sequence > expected:
            # The beginning may be gone by a deletion that nobody was allowed to do.
            return reason("GRA-003", event=expected, last=event.sequence - 1)
        if event.sequence > self.head.sequence:
            return reason("GRA-006", event=event.sequence)
        if event.sequence < expected or event.digest() != event.hash:
            return reason("GRA-001", event=event.sequence, at=event.at)
        if event.previous != self.hash:
            return reason("GRA-002", event=event.sequence, before=event.sequence - 1)
        self.sequence, self.hash = event.sequence, event.hash
        if event.sequence == self._wanted:
            self._anchor = event.hash
        if event.kind == Told.PRUNE:
            self._pruned = pruned_by(event)
        return None

    def ending(self) -> Reason | None:
        """Whether the chain ends where the head says, and begins where a deletion was told of."""
        if self.sequence < self.head.sequence:
            return reason("GRA-004", event=self.sequence + 1, last=self.head.sequence)
        if self.hash != self.head.hash:
            return reason("GRA-001", event=self.sequence)
        if self.head.pruned and self._pruned != (self.head.pruned, self.head.pruned_hash):
            return reason("GRA-005", event=self.head.pruned + 1)
        return None

    def anchored(self, anchor: str) -> Reason | None:
        """Whether the event noted elsewhere is still the same."""
        if self._wanted < 0:
            return reason("GRA-008", anchor=anchor)
        if self._wanted < self.head.pruned:
            return None
        return None if anchor == f"{self._wanted}:{self._anchor}" else reason("GRA-007", event=self._wanted)


def pruned_by(event: AuditEvent) -> tuple[int, str]:
    """The last event that a deletion took away, and its hash, as its checkpoint tells."""
    told: dict[str, Any] = msgspec.json.decode(event.before)
    return int(told["last"]), str(told["hash"])


def _position(anchor: str) -> int:
    """The event that an anchor names; -1 when it is not an anchor."""
    number, separator, _ = anchor.partition(":")
    return int(number) if separator and number.isdecimal() else -1


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
