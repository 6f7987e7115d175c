"""Reconciliations that were made lie in the store: every computer on it shows them, and backups have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_KEY = sa.String(255)


def upgrade() -> None:
    """Create the table of evidence."""
    op.create_table(
        "evidence",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_company_made", "evidence", ["company", "made"])
