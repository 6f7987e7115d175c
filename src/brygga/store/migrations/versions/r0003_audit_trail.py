"""The audit trail with its triggers, and the identity of the store."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_KEY = sa.String(255)
_HASH = sa.String(64)

_SQLITE = (
    """
    CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
    """
    CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    WHEN OLD.sequence > COALESCE((SELECT pruned FROM audit_head WHERE company = OLD.company), 0)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.sequence <= COALESCE((SELECT pruned FROM audit_head WHERE company = OLD.company), 0) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_append_only()
    """,
)


def upgrade() -> None:
    """Create the tables and what guards them; give the store its name."""
    _event()
    op.create_table(
        "audit_head",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.Column("pruned", sa.BigInteger, nullable=False),
        sa.Column("pruned_hash", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("company", name="pk_audit_head"),
    )
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
    identity = op.create_table(
        "store_identity",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("restored", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_store_identity"),
    )
    op.execute(sa.insert(identity).values(id=uuid4().hex, generation=1))


def _event() -> None:
    op.create_table(
        "audit_event",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("environment", _KEY, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("actor", _KEY, nullable=False),
        sa.Column("kind", _KEY, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("run_id", sa.Integer),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("program_version", _KEY, nullable=False),
        sa.Column("settings_hash", _KEY, nullable=False),
        sa.Column("previous", _HASH, nullable=False),
        sa.Column("hash", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("company", "sequence", name="pk_audit_event"),
    )
    for column in ("subject", "number", "run_id", "at"):
        op.create_index(f"ix_audit_event_company_{column}", "audit_event", ["company", column])
