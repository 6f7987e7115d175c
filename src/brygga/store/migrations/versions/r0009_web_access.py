"""Who may use the pages from another computer, and which scripts may use the JSON API."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_KEY = sa.String(255)


def upgrade() -> None:
    """Create the tables of users and tokens."""
    op.create_table(
        "web_user",
        sa.Column("name", _KEY, nullable=False),
        sa.Column("salt", _KEY, nullable=False),
        sa.Column("digest", _KEY, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_web_user"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", _KEY, nullable=False),
        sa.Column("digest", _KEY, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("companies", sa.Text, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("ends", sa.String(32), nullable=False),
        sa.Column("revoked", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
