"""The table of who writes to which company (architecture, state machine 7)."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import KEY, UtcTime, metadata

writer = sa.Table(
    "writer",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("token", KEY, nullable=False),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("heartbeat", UtcTime, nullable=False),
)
"""At most one row for each company. ``token`` tells one holder from the next, ``place`` is the computer and the folder
of its lock file."""
