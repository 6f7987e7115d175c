"""The tables of what a search found: the list that a person looks at, filters, ticks and pages through."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import CACHE, KEY, Reasons, UtcTime, Word, metadata
from brygga.store.states import RowState

listing = sa.Table(
    "listing",
    metadata,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("company", KEY, nullable=False),
    sa.Column("transfer", KEY, nullable=False),
    sa.Column("parameters", sa.Text, nullable=False),
    sa.Column("settings_hash", KEY, nullable=False),
    sa.Column("read_at", UtcTime, nullable=False),
    sa.Column("seconds", sa.Integer, nullable=False),
    sa.Index(None, "company", "transfer", "read_at"),
    info=CACHE,
)

listing_row = sa.Table(
    "listing_row",
    metadata,
    sa.Column("listing_id", KEY, sa.ForeignKey(listing.c.id), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("company", KEY, nullable=False),
    sa.Column("source_key", KEY, nullable=False),
    sa.Column("number", KEY, nullable=False),
    sa.Column("number_order", KEY, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_order", sa.Text, nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("gross_minor", sa.BigInteger),
    sa.Column("currency", KEY, nullable=False),
    sa.Column("action", KEY, nullable=False),
    sa.Column("state", Word(RowState), nullable=False),
    sa.Column("target_key", KEY, nullable=False),
    sa.Column("reasons", Reasons, nullable=False),
    sa.Column("plan", sa.Text, nullable=False),
    sa.Column("searched", sa.Text, nullable=False),
    sa.Column("ticked", sa.Boolean, nullable=False),
    sa.Index(None, "listing_id", "state"),
    sa.Index(None, "listing_id", "name_order"),
    sa.Index(None, "listing_id", "number_order"),
    sa.Index(None, "listing_id", "day"),
    sa.Index(None, "listing_id", "gross_minor"),
    sa.Index(None, "listing_id", "source_key"),
    info=CACHE,
)
"""``number_order`` and ``name_order`` sort as a person expects (numbers by size, å ä ö last); ``gross_minor`` is the
amount in hundredths, exact, for sorting and sums; ``searched`` is what a free text search looks in."""
