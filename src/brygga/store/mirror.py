"""What was last read from Severa (design/architecture.md, Rooms): a cache of one company on one connection.

Emptying it only makes the next reading slower: it holds nothing that Severa does not hold. A document's rows are
replaced as a whole. What the records mean and when one may be used is for the reader to say (``transfers.mirrored``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.store.database import utcnow, write
from brygga.store.schema.mirror import reading as readings
from brygga.store.schema.mirror import record as records

T = TypeVar("T")

_CHUNK = 500
"""Keys in one statement: SQLite takes 32 766 parameters, older ones 999."""


class Reading(Record, frozen=True):
    """How a kind was read.

    ``cursor``: up to which moment of Severa's clock its changes are here; ``full_at``: when everything was read (our
    clock); ``covers``: what "everything" was, in the reader's words.
    """

    cursor: datetime
    full_at: datetime
    covers: str = ""


class Kept(msgspec.Struct, Generic[T], frozen=True):
    """A record as it was read at ``read_at`` (Severa's clock); ``whole`` when a document's rows are with it."""

    key: str
    value: T
    read_at: datetime
    status: str = ""
    day: str = ""
    whole: bool = True


class Mirror:
    """The mirror of one company and connection. ``connection`` names where and with which credential was read."""

    def __init__(
        self, engine: Engine, company: str, connection: str, *, clock: Callable[[], datetime] = utcnow
    ) -> None:
        self.now = clock
        self._engine = engine
        self._own = {"company": company, "connection": connection}

    def reading(self, kind: str) -> Reading | None:
        """How the kind was last read, None when it was not."""
        query = sa.select(readings.c.cursor, readings.c.full_at, readings.c.covers).where(self._which(readings, kind))
        with self._engine.connect() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else Reading(*found)

    def count(self, kind: str) -> int:
        """How many records of the kind there are."""
        query = sa.select(sa.func.count()).select_from(records).where(self._which(records, kind))
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def by_key(self, kind: str, value: type[T], keys: Iterable[str]) -> list[Kept[T]]:
        """Those of the keys that are there."""
        with self._engine.connect() as connection:
            return [
                kept
                for some in _chunks(sorted(set(keys)))
                for kept in self._read(connection, kind, value, records.c.key.in_(some))
            ]

    def listed(
        self, kind: str, value: type[T], statuses: Collection[str], first: str = "", last: str = ""
    ) -> list[Kept[T]]:
        """Those in one of the statuses (empty = any) on the days from ``first`` to ``last`` (ISO, empty = open)."""
        which: list[sa.ColumnElement[bool]] = []
        if statuses:
            which.append(records.c.status.in_(sorted(statuses)))
        if first:
            which.append(records.c.day >= first)
        if last:
            which.append(records.c.day <= last)
        with self._engine.connect() as connection:
            return list(self._read(connection, kind, value, *which))

    def _read(
        self, connection: Connection, kind: str, value: type[T], *which: sa.ColumnElement[bool]
    ) -> Iterator[Kept[T]]:
        columns = records.c
        query = sa.select(
            columns.key, columns.payload, columns.read_at, columns.status, columns.day, columns.whole
        ).where(self._which(records, kind), *which)
        decoder = msgspec.json.Decoder(value)
        for key, payload, read_at, status, day, whole in connection.execute(query):
            yield Kept(key, decoder.decode(payload), read_at, status, day, whole)

    def replace(self, kind: str, kept: Iterable[Kept[Any]], how: Reading) -> None:
        """Everything was read: these are the records of the kind, and there are no others."""

        def work(connection: Connection) -> None:
            connection.execute(sa.delete(records).where(self._which(records, kind)))
            self._insert(connection, kind, kept)
            self._note(connection, kind, how)

        write(self._engine, work)

    def update(
        self, kind: str, kept: Sequence[Kept[Any]] = (), how: Reading | None = None, gone: Collection[str] = ()
    ) -> None:
        """Some were read anew and some are gone. A record that another process read later stays as it is."""

        def work(connection: Connection) -> None:
            newer: set[str] = set()
            for some in _chunks([one.key for one in kept]):
                there = sa.select(records.c.key, records.c.read_at).where(
                    self._which(records, kind), records.c.key.in_(some)
                )
                known: dict[str, datetime] = {row.key: row.read_at for row in connection.execute(there)}
                newer.update(one.key for one in kept if one.key in known and known[one.key] > one.read_at)
            fresh = [one for one in kept if one.key not in newer]
            for some in _chunks([*gone, *(one.key for one in fresh)]):
                connection.execute(sa.delete(records).where(self._which(records, kind), records.c.key.in_(some)))
            self._insert(connection, kind, fresh)
            if how is not None:
                self._note(connection, kind, how)

        write(self._engine, work)

    def forget(self) -> None:
        """Empty it: the next reading reads everything."""

        def work(connection: Connection) -> None:
            for table in (records, readings):
                own = (table.c[name] == value for name, value in self._own.items())
                connection.execute(sa.delete(table).where(*own))

        write(self._engine, work)

    def _insert(self, connection: Connection, kind: str, kept: Iterable[Kept[Any]]) -> None:
        encoder = msgspec.json.Encoder()
        rows = [
            {
                **self._own,
                "kind": kind,
                "key": one.key,
                "status": one.status,
                "day": one.day,
                "whole": one.whole,
                "read_at": one.read_at,
                "payload": encoder.encode(one.value).decode(),
            }
            for one in kept
        ]
        if rows:
            connection.execute(sa.insert(records), rows)

    def _note(self, connection: Connection, kind: str, how: Reading) -> None:
        connection.execute(sa.delete(readings).where(self._which(readings, kind)))
        connection.execute(sa.insert(readings).values(**self._own, kind=kind, **msgspec.structs.asdict(how)))

    def _which(self, table: sa.Table, kind: str) -> sa.ColumnElement[bool]:
        return sa.and_(*(table.c[name] == value for name, value in self._own.items()), table.c.kind == kind)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), _CHUNK):
        yield keys[start : start + _CHUNK]
