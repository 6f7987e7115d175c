"""The table of reconciliations that were made, on the metadata of ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import KEY, UtcTime, metadata

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("company", KEY, nullable=False),
    sa.Column("made", UtcTime, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index(None, "company", "made"),
)
"""What both systems said at a moment: the compressed JSON of it, with its hash inside."""
