"""What was last read from Severa: a cache, which may be emptied at any time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_KEY = sa.String(255)
_TIME = sa.String(32)


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "mirror_record",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("connection", _KEY, nullable=False),
        sa.Column("kind", _KEY, nullable=False),
        sa.Column("key", _KEY, nullable=False),
        sa.Column("status", _KEY, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("read_at", _TIME, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("company", "connection", "kind", "key", name="pk_mirror_record"),
    )
    op.create_index(
        "ix_mirror_record_company_connection_kind_status_day",
        "mirror_record",
        ["company", "connection", "kind", "status", "day"],
    )
    op.create_table(
        "mirror_reading",
        sa.Column("company", _KEY, nullable=False),
        sa.Column("connection", _KEY, nullable=False),
        sa.Column("kind", _KEY, nullable=False),
        sa.Column("cursor", _TIME, nullable=False),
        sa.Column("full_at", _TIME, nullable=False),
        sa.Column("covers", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("company", "connection", "kind", name="pk_mirror_reading"),
    )
