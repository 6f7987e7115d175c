"""The audit trail: append-only, one hash chain for each company (semantics §3.9).

Whoever changes something tells of it inside the transaction that changes it; what was told is chained as the last thing
before that transaction commits, so that no change is there without its event, and no event without its change.
"""

from __future__ import annotations

import getpass
import hashlib
import platform
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from brygga import __version__
from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.store.schema.audit import audit_event as events
from brygga.store.schema.audit import audit_head as heads

BEGINNING = "0" * 64
"""The hash before the first event of a chain."""

_PENDING = "brygga_audit"
_ACTOR: ContextVar[str] = ContextVar("actor", default="")


class Told(StrEnum):
    """What an event tells of."""

    OPERATION = "operation"
    LINK = "link"
    SETTING = "setting"
    SECRET = "secret"
    RUN = "run"
    TAKE_OVER = "take_over"
    DOUBT = "doubt"
    RESTORE = "restore"
    PRUNE = "prune"


class AuditEvent(Record, frozen=True):
    """One link of a company's chain, exactly as it is stored.

    ``at`` is UTC in ISO 8601, ``before`` and ``after`` are JSON objects, ``reasons`` is a JSON list of reasons,
    ``subject`` the Severa key, setting or run, ``number`` what a person calls it.
    """

    company: str
    sequence: int
    environment: str
    at: str
    actor: str
    kind: str
    subject: str
    number: str
    run_id: int | None
    before: str
    after: str
    reasons: str
    program_version: str
    settings_hash: str
    previous: str
    hash: str = ""

    def digest(self) -> str:
        """SHA-256 (hex) over every field but ``hash``, the hash of the event before among them."""
        fields = msgspec.structs.astuple(self)[:-1]
        return hashlib.sha256(msgspec.json.encode(fields)).hexdigest()

    def why(self) -> tuple[Reason, ...]:
        """The reasons, for reading."""
        return msgspec.json.decode(self.reasons, type=tuple[Reason, ...])


COLUMNS = [events.c[name] for name in AuditEvent.__struct_fields__]


class Head(Record, frozen=True):
    """The end of a chain, and the last event that was lawfully deleted (0 and ``BEGINNING`` when none was)."""

    company: str
    sequence: int
    hash: str
    pruned: int
    pruned_hash: str


# Made once: every change of the journal needs them, and making a statement costs as much as carrying it out.
_HEAD = sa.select(*(heads.c[name] for name in Head.__struct_fields__))
_ITS_HEAD = _HEAD.where(heads.c.company == sa.bindparam("its"))
_ITS_HEAD_LOCKED = _ITS_HEAD.with_for_update()
_ADD_EVENT = sa.insert(events)
_MOVE_HEAD = (
    sa.update(heads)
    .where(heads.c.company == sa.bindparam("its"))
    .values(sequence=sa.bindparam("to_sequence"), hash=sa.bindparam("to_hash"))
)


@cache
def operating_system_user() -> str:
    """Who runs the program: ``user@computer``."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A service or container may run under a number that has no name.
        user = "?"
    return f"{user}@{platform.node()}"


def acting_person() -> str:
    """Whose doing it is: somebody logged in or a token, else the operating system's user."""
    return _ACTOR.get() or operating_system_user()


@contextmanager
def acting_as(person: str) -> Iterator[None]:
    """What is changed within is this person's doing (somebody logged in), not the operating system's user's."""
    token = _ACTOR.set(person)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def tell(
    connection: Connection,
    kind: Told,
    *,
    company: str,
    at: datetime,
    environment: str = "",
    subject: str = "",
    number: str = "",
    run_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reasons: Collection[Reason] = (),
    settings_hash: str = "",
) -> None:
    """Tell of a change that this transaction makes; ``connection`` must come from ``database.writing`` or ``write``.

    ``before`` and ``after`` hold what changed, with secrets already masked; ``at`` is the moment of the change.
    """
    event = AuditEvent(
        company=company,
        sequence=0,
        environment=environment,
        at=at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor=acting_person(),
        kind=kind.value,
        subject=subject,
        number=number,
        run_id=run_id,
        before=_json(before or {}),
        after=_json(after or {}),
        reasons=_json(tuple(reasons)),
        program_version=__version__,
        settings_hash=settings_hash,
        previous="",
    )
    connection.info[_PENDING].append(event)


@contextmanager
def chained(connection: Connection) -> Iterator[None]:
    """Around a transaction's work: what was told within is chained at its end, in that transaction."""
    told: list[AuditEvent] = []
    info = connection.info  # asked for once: a connection that breaks meanwhile has none to give
    info[_PENDING] = told
    try:
        yield
        for company in sorted({event.company for event in told}):
            _append(connection, company, [event for event in told if event.company == company])
    finally:
        del info[_PENDING]


def _append(connection: Connection, company: str, told: list[AuditEvent]) -> None:
    """The events behind the chain's head, whose row is locked: another writer waits and sees the new head."""
    head = head_of(connection, company, lock=True)
    sequence, last = (head.sequence, head.hash) if head else (0, BEGINNING)
    rows = []
    for event in told:
        sequence += 1
        event = msgspec.structs.replace(event, sequence=sequence, previous=last)
        last = event.digest()
        rows.append({**msgspec.structs.asdict(event), "hash": last})
    connection.execute(_ADD_EVENT, rows)
    if head is None:
        values = {"company": company, "pruned": 0, "pruned_hash": BEGINNING}
        connection.execute(sa.insert(heads).values(**values, sequence=sequence, hash=last))
    else:
        connection.execute(_MOVE_HEAD, {"its": company, "to_sequence": sequence, "to_hash": last})


def head_of(connection: Connection, company: str, *, lock: bool = False) -> Head | None:
    """The head of a company's chain; None before its first event."""
    row = connection.execute(_ITS_HEAD_LOCKED if lock else _ITS_HEAD, {"its": company}).one_or_none()
    return None if row is None else Head(*row)


def all_heads(connection: Connection) -> tuple[Head, ...]:
    """The head of every chain, by company."""
    found = (Head(*row) for row in connection.execute(_HEAD))
    return tuple(sorted(found, key=lambda head: head.company))


def _json(value: object) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()
