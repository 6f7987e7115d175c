"""Each company's part of the pages' addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table; the addresses are given when the pages are first opened."""
    op.create_table(
        "company_address",
        sa.Column("company", sa.String(255), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("company", name="pk_company_address"),
        sa.UniqueConstraint("address", name="uq_company_address_address"),
    )
