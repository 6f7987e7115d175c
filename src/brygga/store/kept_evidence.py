"""Reconciliations that were made, as evidence: nothing is ever removed, and backups have them."""

from __future__ import annotations

import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.store.database import write
from brygga.store.schema.evidence import evidence as rows


class KeptEvidence:
    """The evidence of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, evidence_id: str, company: str, made: datetime, content: bytes) -> None:
        """Keep it; committed when it returns."""
        values = {"id": evidence_id, "company": company, "made": made, "content": zlib.compress(content)}

        def work(connection: Connection) -> None:
            connection.execute(sa.insert(rows).values(values))

        write(self._engine, work)

    def latest(self, company: str) -> str:
        """The id of the company's latest; empty when it has none."""
        query = sa.select(rows.c.id).where(rows.c.company == company).order_by(rows.c.made.desc()).limit(1)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar() or ""

    def get(self, evidence_id: str, company: str) -> bytes:
        """What was kept; empty when the company has none with this id, or it is damaged."""
        which = sa.and_(rows.c.id == evidence_id, rows.c.company == company)
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(rows.c.content).where(which)).scalar()
        try:
            return b"" if found is None else zlib.decompress(found)
        except zlib.error:
            return b""
