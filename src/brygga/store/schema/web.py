"""The tables of who may use the pages from another computer, and which scripts may use the JSON API."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import KEY, UtcTime, metadata

web_user = sa.Table(
    "web_user",
    metadata,
    sa.Column("name", KEY, primary_key=True),
    sa.Column("salt", KEY, nullable=False),
    sa.Column("digest", KEY, nullable=False),
    sa.Column("created", UtcTime, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False, server_default='["admin","read","settings","transfer"]'),
)
"""``digest`` is the scrypt digest of the password with ``salt`` (both hex); ``scopes`` is a JSON list."""

api_token = sa.Table(
    "api_token",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", KEY, nullable=False),
    sa.Column("digest", KEY, nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("companies", sa.Text, nullable=False),
    sa.Column("created", UtcTime, nullable=False),
    sa.Column("ends", UtcTime, nullable=False),
    sa.Column("revoked", UtcTime),
)
"""``digest`` is the SHA-256 digest of the token; ``scopes`` and ``companies`` are JSON lists, no company means all."""

company_address = sa.Table(
    "company_address",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("address", KEY, nullable=False, unique=True),
)
"""``address`` is the company's part of the pages' addresses; it is given once."""
