"""What each transfer was last searched with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "last_used",
        sa.Column("environment", sa.String(255), nullable=False),
        sa.Column("company", sa.String(255), nullable=False),
        sa.Column("transfer", sa.String(255), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("statuses", sa.Text, nullable=False),
        sa.Column("settings_hash", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("environment", "company", "transfer", name="pk_last_used"),
    )
