"""Each company's part of the pages' addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from brygga.store.company_addresses import give_address

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the table, and give the companies that there are their addresses in order of name."""
    op.create_table(
        "company_address",
        sa.Column("company", sa.String(255), nullable=False),
        sa.Column("address", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("company", name="pk_company_address"),
        sa.UniqueConstraint("address", name="uq_company_address_address"),
    )
    connection = op.get_bind()
    companies = connection.execute(sa.text("SELECT DISTINCT company FROM setting")).scalars()
    for company in sorted(companies):
        give_address(connection, company)
