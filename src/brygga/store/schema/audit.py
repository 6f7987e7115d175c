"""The tables of the audit trail and of the store's own identity (semantics §3.9; architecture, Store)."""

from __future__ import annotations

import sqlalchemy as sa

from brygga.store.schema.base import KEY, UtcTime, metadata

audit_event = sa.Table(
    "audit_event",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("environment", KEY, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("actor", KEY, nullable=False),
    sa.Column("kind", KEY, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("run_id", sa.Integer),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("program_version", KEY, nullable=False),
    sa.Column("settings_hash", KEY, nullable=False),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index(None, "company", "subject", "sequence"),
    sa.Index(None, "company", "number", "sequence"),
    sa.Index(None, "company", "run_id", "sequence"),
    sa.Index(None, "company", "kind", "sequence"),
    sa.Index(None, "company", "at"),
)
"""One chain for each company. Plain texts, also the moment and the reasons: the hash is taken over exactly what is
stored. Triggers (revision 0003) refuse changes, and refuse deletion above ``audit_head.pruned``."""

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("company", KEY, primary_key=True),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("pruned", sa.BigInteger, nullable=False),
    sa.Column("pruned_hash", sa.String(64), nullable=False),
)
"""The end of each chain, and where it begins after lawful deletion: without it a cut tail could not be seen."""

store_identity = sa.Table(
    "store_identity",
    metadata,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("restored", UtcTime),
)
"""One row: which store this is, how many times it was restored from a backup, and when it last was."""
