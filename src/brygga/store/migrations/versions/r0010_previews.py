"""Previews that were shown lie in the store, so that any computer that works on it can carry one out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_KEY = sa.String(255)


def upgrade() -> None:
    """Create the table of previews."""
    op.create_table(
        "preview",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_preview"),
    )
    op.create_index("ix_preview_created", "preview", ["created"])
