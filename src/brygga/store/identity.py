"""Which store this is: a copy and a restored backup must be told from the store they came from (state machine 7, 8)."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.schema.audit import store_identity


class StoreIdentity(Record, frozen=True):
    """``id`` is for ever, ``generation`` counts the restorations from a backup, ``restored`` is the latest (UTC)."""

    id: str
    generation: int
    restored: datetime | None


_IDENTITY = sa.select(*(store_identity.c[name] for name in StoreIdentity.__struct_fields__))
"""Made once: every run asks for it several times, and making a statement costs as much as carrying it out."""


def identity_of(engine: Engine) -> StoreIdentity:
    """The identity that the store got when it was made."""
    with engine.connect() as connection:
        return identity_in(connection)


def identity_in(connection: Connection) -> StoreIdentity:
    """The same, seen from inside a transaction."""
    return StoreIdentity(*connection.execute(_IDENTITY).one())


def put_identity(connection: Connection, identity: StoreIdentity) -> None:
    """Make the store this one."""
    connection.execute(sa.delete(store_identity))
    connection.execute(sa.insert(store_identity).values(msgspec.structs.asdict(identity)))
