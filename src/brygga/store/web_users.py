"""People who log in to the pages from another computer: names, and scrypt digests of their passwords."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection
from datetime import datetime

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.reasons import Refused, reason
from brygga.store.api_tokens import Scope
from brygga.store.database import utcnow, write
from brygga.store.schema.web import web_user as rows

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024

_COST, _BLOCKS, _LANES = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
"""About 32 MiB and a tenth of a second for each guess."""


class WebUsers:
    """The users of one store."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utcnow) -> None:
        self._engine = engine
        self._clock = clock

    def names(self) -> tuple[str, ...]:
        """Who may log in, by name."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(sa.select(rows.c.name).order_by(rows.c.name)).scalars())

    def scopes(self) -> dict[str, tuple[Scope, ...]]:
        """What each user may do, in the words of the API's tokens, by name."""
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(rows.c.name, rows.c.scopes).order_by(rows.c.name)).all()
        return {row.name: tuple(map(Scope, msgspec.json.decode(row.scopes, type=tuple[str, ...]))) for row in found}

    def allow(self, name: str, scopes: Collection[Scope]) -> None:
        """Set what a user may do, from the next request on; ``Refused`` API-915 when there is none of the name."""
        text = _scopes_text(scopes)

        def work(connection: Connection) -> int:
            return connection.execute(sa.update(rows).where(rows.c.name == name).values(scopes=text)).rowcount

        if not write(self._engine, work):
            raise Refused(reason("API-915", name=name))

    def put(self, name: str, password: str, scopes: Collection[Scope] = ()) -> None:
        """Add a user who may do everything unless ``scopes`` says what, or give one a new password and leave the rest
        as it is; ``Refused`` API-911 when name or password will not do."""
        if not 0 < len(name.strip()) <= 100 or not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise Refused(reason("API-911", count=SHORTEST_PASSWORD))
        salt = secrets.token_bytes(16)
        values = {"salt": salt.hex(), "digest": _digest(password, salt), "created": self._clock()}

        def work(connection: Connection) -> None:
            its = rows.c.name == name.strip()
            earlier = connection.execute(sa.select(rows.c.scopes).where(its)).scalar_one_or_none()
            text = _scopes_text(scopes) if scopes or earlier is None else earlier
            connection.execute(sa.delete(rows).where(its))
            connection.execute(sa.insert(rows).values(name=name.strip(), scopes=text, **values))

        write(self._engine, work)

    def remove(self, name: str) -> None:
        """Let a user in no more; ``Refused`` API-915 when there is none of the name."""

        def work(connection: Connection) -> int:
            return connection.execute(sa.delete(rows).where(rows.c.name == name)).rowcount

        if not write(self._engine, work):
            raise Refused(reason("API-915", name=name))

    def knows(self, name: str, password: str) -> bool:
        """Whether the password is the user's; takes as long for a name that does not exist."""
        if len(password) > LONGEST_PASSWORD:
            return False
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(rows.c.salt, rows.c.digest).where(rows.c.name == name)).first()
        salt, expected = (bytes.fromhex(found.salt), str(found.digest)) if found else (b"\0" * 16, "")
        return hmac.compare_digest(_digest(password, salt), expected) and found is not None


def _scopes_text(scopes: Collection[Scope]) -> str:
    return msgspec.json.encode(sorted(scope.value for scope in scopes or Scope)).decode()


def _digest(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCKS, p=_LANES, maxmem=_MEMORY).hex()
