"""Lists that searches found, for the pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEY = sa.String(255)


def upgrade() -> None:
    """Create the tables of lists."""
    op.create_table(
        "listing",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("transfer", _KEY, nullable=False),
        sa.Column("parameters", sa.Text, nullable=False),
        sa.Column("settings_hash", _KEY, nullable=False),
        sa.Column("read_at", sa.String(32), nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
    )
    op.create_index("ix_listing_company_transfer_read_at", "listing", ["company", "transfer", "read_at"])
    _rows()


def _rows() -> None:
    op.create_table(
        "listing_row",
        sa.Column("listing_id", _KEY, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("company", _KEY, nullable=False),
        sa.Column("source_key", _KEY, nullable=False),
        sa.Column("number", _KEY, nullable=False),
        sa.Column("number_order", _KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_order", sa.Text, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("gross_minor", sa.BigInteger),
        sa.Column("currency", _KEY, nullable=False),
        sa.Column("action", _KEY, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("target_key", _KEY, nullable=False),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("searched", sa.Text, nullable=False),
        sa.Column("ticked", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("listing_id", "position", name="pk_listing_row"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_listing_row_listing_id_listing"),
    )
    for column in ("state", "name_order", "number_order", "day", "gross_minor", "source_key"):
        op.create_index(f"ix_listing_row_listing_id_{column}", "listing_row", ["listing_id", column])
