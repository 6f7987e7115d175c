"""The tables of the mirror, on the metadata of ``schema``."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import CACHE, KEY, UtcTime, metadata

record = sa.Table(
    "mirror_record",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("connection", KEY, primary_key=True),
    sa.Column("kind", KEY, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("status", KEY, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("whole", sa.Boolean, nullable=False),
    sa.Column("read_at", UtcTime, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Index(None, "company", "connection", "kind", "status", "day"),
    info=CACHE,
)
"""A record of Severa as it was last read. ``status`` and ``day`` (ISO) are an invoice's, empty for other kinds;
``whole`` says whether a document's rows are in the payload; ``read_at`` is a moment of Severa's clock."""

reading = sa.Table(
    "mirror_reading",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("connection", KEY, primary_key=True),
    sa.Column("kind", KEY, primary_key=True),
    sa.Column("cursor", UtcTime, nullable=False),
    sa.Column("full_at", UtcTime, nullable=False),
    sa.Column("covers", sa.Text, nullable=False),
    info=CACHE,
)
"""Up to which moment of Severa's clock its changes are in the mirror, when everything was last read (our clock), and
what "everything" was."""
