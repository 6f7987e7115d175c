"""The first schema: settings, runs and outcomes, operations and links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_KEY = sa.String(255)
_TIME = sa.String(32)
_WORD = sa.String(32)
_MONEY = sa.String(64)


def upgrade() -> None:
    """Create every table."""
    _setting()
    _run()
    _outcome()
    _operation()
    _link()


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("company", "key", name="pk_setting"),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("environment", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("program_version", _KEY, nullable=False),
        sa.Column("settings_hash", _KEY, nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.Column("finished", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    _index("run", "environment", "company", "transfer", "state")


def _outcome() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("environment", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("source_key", _KEY, nullable=False),
        sa.Column("source_number", sa.Text, nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("action", _KEY, nullable=False),
        sa.Column("target_key", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_outcome_run_id_run"),
    )
    _index("outcome", "run_id")
    _index("outcome", "environment", "company", "transfer", "source_key")


def _operation() -> None:
    key = ("environment", "scope", "transfer", "source_key", "write")
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("environment", _KEY, nullable=False),
        sa.Column("scope", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("source_key", _KEY, nullable=False),
        sa.Column("write", _KEY, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("payload_hash", _KEY, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("natural_key", sa.Text, nullable=False),
        sa.Column("after", sa.BigInteger),
        sa.Column("target_key", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("run_id", sa.Integer),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("updated", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_operation"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_operation_run_id_run"),
        sa.UniqueConstraint(*key, name="uq_operation_" + "_".join(key)),
    )
    _index("operation", "environment", "company", "state")


def _link() -> None:
    source = ("environment", "scope", "kind", "source_key")
    document = ("environment", "company", "kind", "document_key")
    op.create_table(
        "link",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("environment", _KEY, nullable=False),
        sa.Column("scope", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("source_key", _KEY, nullable=False),
        sa.Column("target_key", _KEY, nullable=False),
        sa.Column("document_key", _KEY),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("net", _MONEY),
        sa.Column("vat", _MONEY),
        sa.Column("total", _MONEY),
        sa.Column("payload_hash", _KEY, nullable=False),
        sa.Column("operation_id", sa.Integer),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("updated", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name="fk_link_operation_id_operation"),
        sa.UniqueConstraint(*source, name="uq_link_" + "_".join(source)),
        sa.UniqueConstraint(*document, name="uq_link_" + "_".join(document)),
    )
    _index("link", "environment", "company", "kind", "target_key")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_" + "_".join(columns), table, list(columns))
