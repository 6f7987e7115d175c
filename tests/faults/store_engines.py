"""Engines for the stores of the fault tests, which start the program thousands of times.

A statement is compiled once for each engine, which costs a start more than all it reads. So the store files of a
process share one engine, and so does each database, whose connections are closed at the end of each program: the next
one opens its store anew.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from brygga.store import database
from brygga.store.database import open_store


class Moving:
    """An engine for one store file after the other."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine, self._path = engine, path
        sa.event.listen(engine, "do_connect", self._connecting)

    def at(self, path: Path) -> sa.Engine:
        """The engine, for the file."""
        self._path = path
        return self._engine

    def _connecting(self, _dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
        arguments[0] = str(self._path)


@cache
def _of_programs() -> list[Moving]:
    return []


@cache
def _of_database(url: str) -> sa.Engine:
    return open_store(url)


@cache
def _of_onlookers() -> Moving:
    return Moving(sa.create_engine("sqlite:///", poolclass=sa.NullPool), Path())


def started_on(store_at: Path | str) -> sa.Engine:
    """The store of a program that starts: a file, which is of this version as the template's is, or a database."""
    if isinstance(store_at, str):
        return database._opened(_of_database(store_at), "database")
    known = _of_programs()
    if not known:
        known.append(Moving(open_store(store_at), store_at))
    return known[0].at(store_at)


def onlooker(store_at: Path | str) -> sa.Engine:
    """The store of somebody who looks at it; between two looks no file is open."""
    if isinstance(store_at, Path):
        return _of_onlookers().at(store_at)
    return _database(store_at)


@cache
def _database(url: str) -> sa.Engine:
    return sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
