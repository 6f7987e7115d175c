"""The tables, in SQL that every dialect understands. Alembic's revisions in ``migrations`` build exactly these."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.states import OperationState, RowState

LARGEST_ID = 2**31 - 1
"""The largest number that a row can have: a larger one in an address names nothing, and the databases refuse it."""


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    ABORTED = "aborted"
    FAILED = "failed"


class UtcTime(TypeDecorator[datetime]):
    """A moment as ISO text in UTC with microseconds: the order of the texts is the order of the moments."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """The moment as text; one without a time zone is refused, because nobody could say which it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """The text as a moment in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class ExactDecimal(TypeDecorator[Decimal]):
    """Money as exact text: no database rounds it (architecture, Store)."""

    impl = sa.String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """The amount as text with all its decimals."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """The text as an amount."""
        return None if value is None else Decimal(value)


class Word(TypeDecorator[Any]):
    """A member of an enumeration of ours, stored as its value."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """The member's value; anything that is not a member is refused."""
        return self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum:
        """The member with this value."""
        return self.words(value)


class Reasons(TypeDecorator[tuple[Reason, ...]]):
    """Reasons as JSON: codes and parameters, rendered by whoever shows them."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Reason, ...] | None, dialect: Dialect) -> str:
        """The reasons as JSON, ``[]`` when there are none."""
        return msgspec.json.encode(value or ()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Reason, ...]:
        """The JSON as reasons."""
        return msgspec.json.decode(value or "[]", type=tuple[Reason, ...])


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

KEY = sa.String(255)

CACHE = {"cache": True}
"""``info`` of a table that only saves reading or searching again: backups are without its rows."""

setting = sa.Table(
    "setting",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("updated", UtcTime, nullable=False),
)

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("environment", KEY, nullable=False),
    sa.Column("company", KEY, nullable=False),
    sa.Column("transfer", KEY, nullable=False),
    sa.Column("state", Word(RunState), nullable=False),
    sa.Column("program_version", KEY, nullable=False),
    sa.Column("settings_hash", KEY, nullable=False),
    sa.Column("started", UtcTime, nullable=False),
    sa.Column("finished", UtcTime),
    sa.Index(None, "environment", "company", "transfer", "state"),
)

outcome = sa.Table(
    "outcome",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.Integer, sa.ForeignKey(run.c.id), nullable=False),
    sa.Column("environment", KEY, nullable=False),
    sa.Column("company", KEY, nullable=False),
    sa.Column("transfer", KEY, nullable=False),
    sa.Column("source_key", KEY, nullable=False),
    sa.Column("source_number", sa.Text, nullable=False),
    sa.Column("source_name", sa.Text, nullable=False),
    sa.Column("state", Word(RowState), nullable=False),
    sa.Column("action", KEY, nullable=False),
    sa.Column("target_key", sa.Text, nullable=False),
    sa.Column("reasons", Reasons, nullable=False),
    sa.Column("at", UtcTime, nullable=False),
    sa.Index(None, "run_id"),
    sa.Index(None, "environment", "company", "transfer", "source_key"),
)

operation = sa.Table(
    "operation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("environment", KEY, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("company", KEY, nullable=False),
    sa.Column("transfer", KEY, nullable=False),
    sa.Column("source_key", KEY, nullable=False),
    sa.Column("write", KEY, nullable=False),
    sa.Column("state", Word(OperationState), nullable=False),
    sa.Column("payload_hash", KEY, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("natural_key", sa.Text, nullable=False),
    sa.Column("after", sa.BigInteger),
    sa.Column("target_key", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("reasons", Reasons, nullable=False),
    sa.Column("run_id", sa.Integer, sa.ForeignKey(run.c.id)),
    sa.Column("created", UtcTime, nullable=False),
    sa.Column("updated", UtcTime, nullable=False),
    sa.UniqueConstraint("environment", "scope", "transfer", "source_key", "write"),
    sa.Index(None, "environment", "company", "state"),
)
"""``scope`` is empty for a document, whose source key is unique in the whole Severa environment, and the company for a
register card, of which each Administration company has its own (architecture, state machine 1; semantics §4.3)."""

link = sa.Table(
    "link",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("environment", KEY, nullable=False),
    sa.Column("scope", KEY, nullable=False),
    sa.Column("company", KEY, nullable=False),
    sa.Column("kind", Word(Kind), nullable=False),
    sa.Column("source_key", KEY, nullable=False),
    sa.Column("target_key", KEY, nullable=False),
    sa.Column("document_key", KEY),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("net", ExactDecimal),
    sa.Column("vat", ExactDecimal),
    sa.Column("total", ExactDecimal),
    sa.Column("payload_hash", KEY, nullable=False),
    sa.Column("operation_id", sa.Integer, sa.ForeignKey(operation.c.id)),
    sa.Column("created", UtcTime, nullable=False),
    sa.Column("updated", UtcTime, nullable=False),
    sa.UniqueConstraint("environment", "scope", "kind", "source_key"),
    sa.UniqueConstraint("environment", "company", "kind", "document_key"),
    sa.Index(None, "environment", "company", "kind", "target_key"),
)
"""``document_key`` repeats the target key for documents only: unique for them, NULL (free) for register cards, of which
several Severa records may share one."""
