"""The audit trail's indexes hold the sequence too: else SQLite walks the whole chain to find the newest that fit."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the indexes anew, and one for what is rare and looked for by its kind."""
    for column in ("subject", "number", "run_id"):
        op.drop_index(f"ix_audit_event_company_{column}", "audit_event")
    for column in ("subject", "number", "run_id", "kind"):
        op.create_index(f"ix_audit_event_company_{column}_sequence", "audit_event", ["company", column, "sequence"])
