"""The table of previews that were shown, on the metadata of ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import CACHE, KEY, UtcTime, metadata

preview = sa.Table(
    "preview",
    metadata,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("company", KEY, nullable=False),
    sa.Column("created", UtcTime, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "created"),
    info=CACHE,
)
"""``content``: compressed JSON of the keys and hashes of its plans, what was decided about them, and the plans that
no list has; no secrets."""
