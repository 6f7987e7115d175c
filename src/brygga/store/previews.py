"""Previews that were shown, kept until they expire: whichever program of the store carries one out finds it."""

from __future__ import annotations

import secrets
import zlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.database import write
from brygga.store.schema.previews import preview as rows


class KeptPreview(Record, frozen=True):
    """What was kept: of which company, when (UTC), and the preview as JSON."""

    id: str
    company: str
    created: datetime
    content: bytes


class KeptPreviews:
    """The previews of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, company: str, created: datetime, content: bytes, *, expired: datetime) -> KeptPreview:
        """Keep a preview under an id of its own; all from before ``expired`` go. Committed when it returns."""
        packed = zlib.compress(content)

        def work(connection: Connection) -> KeptPreview:
            connection.execute(sa.delete(rows).where(rows.c.created < expired))
            kept = KeptPreview(secrets.token_hex(4), company, created, content)
            values = {"id": kept.id, "company": company, "created": created, "content": packed}
            connection.execute(sa.insert(rows).values(values))
            return kept

        return write(self._engine, work)

    def change(self, preview_id: str, content: bytes) -> None:
        """Keep other content under the id, where it still is."""
        its = sa.update(rows).where(rows.c.id == preview_id).values(content=zlib.compress(content))
        write(self._engine, lambda connection: connection.execute(its))

    def find(self, preview_id: str) -> KeptPreview | None:
        """The preview with this id, whichever company's it is."""
        query = sa.select(rows.c.id, rows.c.company, rows.c.created, rows.c.content).where(rows.c.id == preview_id)
        with self._engine.connect() as connection:
            found = connection.execute(query).first()
        return None if found is None else KeptPreview(found.id, found.company, found.created, _unpacked(found.content))


def _unpacked(content: bytes) -> bytes:
    """The JSON; empty when it is damaged."""
    try:
        return zlib.decompress(content)
    except zlib.error:
        return b""
