"""What each web user may do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; who could log in could do everything, and still can."""
    everything = '["admin","read","settings","transfer"]'
    op.add_column("web_user", sa.Column("scopes", sa.Text, nullable=False, server_default=everything))
