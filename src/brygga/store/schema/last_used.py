"""The table of what each transfer of a company was last searched with (semantics §4.11, AT-91…93)."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import KEY, UtcTime, metadata

last_used = sa.Table(
    "last_used",
    metadata,
    sa.Column("environment", KEY, primary_key=True),
    sa.Column("company", KEY, primary_key=True),
    sa.Column("transfer", KEY, primary_key=True),
    sa.Column("since", UtcTime, nullable=False),
    sa.Column("statuses", sa.Text, nullable=False),
    sa.Column("settings_hash", KEY, nullable=False),
)
