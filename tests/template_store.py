"""New store files of the tests are copies of one that the program has built: a test run makes more than a thousand.

``copies()`` changes how the program in this process makes a store file that is not there yet, and nothing else: an
earlier one is upgraded, a damaged one refused, PostgreSQL built as ever. Tests of the building itself switch it off.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from brygga.store import database

BUILT = database._opened
"""How the program opens a store, building it where it is new."""


@cache
def _template() -> Path:
    """The store that the program built, once for each process."""
    folder = Path(tempfile.mkdtemp(prefix="brygga-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "store.sqlite"
    BUILT(database._sqlite_engine(path), str(path)).dispose()  # the last to close it writes its log into the file
    assert [each.name for each in folder.iterdir()] == [path.name]
    return path


def _opened(engine: Engine, shown: str, secret: str = "") -> Engine:
    path = engine.url.database
    if engine.dialect.name != "sqlite" or path is None or Path(path).exists():
        return BUILT(engine, shown, secret)
    shutil.copyfile(_template(), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE store_identity SET id = ?", (uuid4().hex,))
    return BUILT(engine, shown, secret)


def copies() -> None:
    """From now on new store files are copies."""
    database._opened = _opened


@pytest.fixture
def built_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    """New store files are built by the program, as for its users."""
    monkeypatch.setattr(database, "_opened", BUILT)
