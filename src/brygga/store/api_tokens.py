"""Tokens by which scripts use the JSON API: only their digests are kept, each with scopes, companies and an end."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.store.database import utcnow, write
from brygga.store.schema.web import api_token as rows

PREFIX = "brygga_"
"""In front of every token, so that one that was pasted somewhere is recognised."""

LONGEST_DAYS = 3650


class Scope(StrEnum):
    """What a token may do; each is given by itself."""

    READ = "read"
    TRANSFER = "transfer"
    SETTINGS = "settings"
    ADMIN = "admin"


class ApiToken(Record, frozen=True):
    """A token without its secret. No company means all of them."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    companies: tuple[str, ...]
    created: datetime
    ends: datetime
    revoked: datetime | None = None

    def may(self, scope: Scope, company: str = "") -> bool:
        """Whether it is for this, in this company (empty: what concerns no company)."""
        return scope in self.scopes and (not self.companies or company in self.companies)


class ApiTokens:
    """The tokens of one store."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime] = utcnow) -> None:
        self._engine = engine
        self._clock = clock

    def create(
        self, name: str, scopes: Collection[Scope], companies: Collection[str] = (), days: int = 365
    ) -> tuple[ApiToken, str]:
        """A new token and its secret, which is not kept; ``Refused`` API-913 without name or scopes."""
        if not 0 < len(name.strip()) <= 100 or not scopes or not 1 <= days <= LONGEST_DAYS:
            raise Refused(reason("API-913", count=LONGEST_DAYS))
        secret = PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        values = {
            "name": name.strip(),
            "digest": _digest(secret),
            "scopes": _json(sorted(scope.value for scope in scopes)),
            "companies": _json(sorted(companies)),
            "created": now,
            "ends": now + timedelta(days=days),
        }

        write(self._engine, lambda connection: connection.execute(sa.insert(rows).values(values)))
        created = self.of(secret)
        assert created is not None, "committed above"
        return created, secret

    def all(self) -> tuple[ApiToken, ...]:
        """Every token, the revoked and ended ones too, oldest first."""
        with self._engine.connect() as connection:
            return tuple(_token(row) for row in connection.execute(sa.select(rows).order_by(rows.c.id)))

    def revoke(self, token_id: int) -> ApiToken:
        """End a token now; ``Refused`` API-912 when there is none of this number."""

        def work(connection: Connection) -> None:
            its = sa.and_(rows.c.id == token_id, rows.c.revoked.is_(None))
            connection.execute(sa.update(rows).where(its).values(revoked=self._clock()))

        write(self._engine, work)
        found = next((token for token in self.all() if token.id == token_id), None)
        if found is None:
            raise Refused(reason("API-912", id=token_id))
        return found

    def of(self, secret: str) -> ApiToken | None:
        """The token of a secret, while it is neither revoked nor ended."""
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(rows).where(rows.c.digest == _digest(secret))).first()
        token = _token(row) if row is not None else None
        return token if token is not None and token.revoked is None and token.ends > self._clock() else None


def _token(row: sa.Row[tuple[object, ...]]) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        scopes=tuple(Scope(each) for each in msgspec.json.decode(row.scopes, type=tuple[str, ...])),
        companies=msgspec.json.decode(row.companies, type=tuple[str, ...]),
        created=row.created,
        ends=row.ends,
        revoked=row.revoked,
    )


def _digest(secret: str) -> str:
    # A token is 256 random bits: a plain digest cannot be guessed back, unlike that of a password.
    return hashlib.sha256(secret.encode()).hexdigest()


def _json(values: Collection[str]) -> str:
    return msgspec.json.encode(list(values)).decode()
