"""The tables of the run queue, its workers and the schedules: what people see of the durable engine.

The engine behind ``runs/`` keeps tables of its own beside these; nothing here knows them.
"""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from brygga.store.schema.base import KEY, Reasons, UtcTime, Word, metadata
from brygga.store.schema.base import run as runs


class RequestState(StrEnum):
    """Where a run that was asked for stands."""

    QUEUED = "queued"
    RUNNING = "running"
    HELD = "held"
    """The circuit breaker stopped it before its first record: a person decides."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RequestKind(StrEnum):
    """What a run does."""

    SEARCH = "search"
    TRANSFER = "transfer"


class Origin(StrEnum):
    """Who asked for a run."""

    PERSON = "person"
    SCHEDULE = "schedule"


run_request = sa.Table(
    "run_request",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("company", KEY, nullable=False),
    sa.Column("transfer", KEY, nullable=False),
    sa.Column("kind", Word(RequestKind), nullable=False),
    sa.Column("origin", Word(Origin), nullable=False),
    sa.Column("selection", sa.Text, nullable=False),
    sa.Column("preview", KEY, nullable=False),
    sa.Column("state", Word(RequestState), nullable=False),
    sa.Column("reasons", Reasons, nullable=False),
    sa.Column("ticket", KEY, nullable=False),
    sa.Column("version", KEY, nullable=False),
    sa.Column("worker", KEY, nullable=False),
    sa.Column("slot", sa.Integer),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("run_id", sa.Integer, sa.ForeignKey(runs.c.id)),
    sa.Column("total", sa.Integer),
    sa.Column("current", sa.Text, nullable=False),
    sa.Column("requested", UtcTime, nullable=False),
    sa.Column("started", UtcTime),
    sa.Column("planned", UtcTime),
    sa.Column("beat", UtcTime),
    sa.Column("finished", UtcTime),
    sa.Column("cancel_asked", UtcTime),
    sa.Column("approved", UtcTime),
    sa.Index(None, "company", "state"),
    sa.Index(None, "state"),
)
"""``ticket`` names the attempt that may carry the run out: whoever holds an older ticket has been taken over from, and
changes nothing any more. ``slot`` is the lock that its worker holds while it lives. A queued run with a worker is for
that one: a face that carries it out itself."""

run_worker = sa.Table(
    "run_worker",
    metadata,
    sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("worker", KEY, nullable=False),
    sa.Column("place", KEY, nullable=False),
    sa.Column("version", KEY, nullable=False),
    sa.Column("started", UtcTime, nullable=False),
)
"""Who holds which slot: for people. Whether it lives, its lock says."""

schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("transfer", KEY, primary_key=True),
    sa.Column("pattern", KEY, nullable=False),
    sa.Column("zone", KEY, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False),
    sa.Column("due", UtcTime),
    sa.Column("fired", UtcTime),
    sa.Column("request_id", sa.Integer, sa.ForeignKey(run_request.c.id)),
)
