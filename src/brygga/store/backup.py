"""A copy of the store that is whole, made while it is in use, and checked after it was written.

A backup is always an SQLite file of this program's tables, also from PostgreSQL, so that one kind can be restored into
the other. It holds no secrets, because the store holds none, and nothing of what only saves reading again (mirror,
lists, previews): a restored store reads afresh.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.store.audit.chain import chains, verify
from brygga.store.audit.trail import all_heads
from brygga.store.database import StoreError, open_store
from brygga.store.identity import StoreIdentity, identity_in
from brygga.store.schema.base import CACHE, metadata

_BATCH = 1_000


class Backup(Record, frozen=True):
    """What a backup holds: whose store, how many rows, and the last event of each company's audit trail."""

    path: str
    store: StoreIdentity
    rows: int
    last_events: dict[str, int]


def back_up(engine: Engine, target: Path) -> Backup:
    """Write a consistent copy to ``target``, which must not exist, and check it.

    Raises ``Refused``: LAG-001 the file exists, LAG-002 it cannot be written, LAG-012 the copy did not pass the check.
    """
    target = target.expanduser().absolute()
    if target.exists():
        raise Refused(reason("LAG-001", path=target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="brygga-backup-", dir=target.parent) as folder:
            copy = Path(folder) / "copy.sqlite"
            if engine.dialect.name == "sqlite":
                _vacuum_into(engine, copy)
            else:
                copy_tables(engine, copy)
            made = checked(copy)
            copy.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise Refused(reason("LAG-002", path=target, detail=error)) from error
    return Backup(str(target), made.store, made.rows, made.last_events)


def checked(path: Path) -> Backup:
    """What the backup holds, after its pages, references and audit trails were checked; ``Refused`` LAG-012.

    The file is not touched: another copy of it is brought up to this version and looked at.
    """
    with opened_copy(path) as engine:
        for company in chains(engine):
            fault = verify(engine, company).fault
            if fault is not None:
                raise Refused(fault)
        with engine.connect() as connection:
            return Backup(str(path), identity_in(connection), _count(connection), last_events(connection))


@contextmanager
def opened_copy(path: Path) -> Iterator[Engine]:
    """A backup, opened as a store of this version in a temporary folder."""
    if not path.is_file():
        raise Refused(reason("LAG-013", path=path))
    with tempfile.TemporaryDirectory(prefix="brygga-restore-") as folder:
        copy = Path(folder) / "store.sqlite"
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as source:
                faults = [row[0] for row in source.execute("PRAGMA integrity_check") if row[0] != "ok"]
                faults += [f"{row[0]}, {row[2]}" for row in source.execute("PRAGMA foreign_key_check")]
                if not source.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
                    faults.append("alembic_version")
                if faults:
                    raise Refused(reason("LAG-012", path=path, detail="; ".join(faults[:3])))
                with closing(sqlite3.connect(copy)) as into:
                    source.backup(into)
            engine = open_store(copy)
        except sqlite3.Error as error:
            raise Refused(reason("LAG-012", path=path, detail=error)) from error
        except StoreError as refused:
            raise Refused(reason("LAG-012", path=path, detail=refused.reason.param("detail") or refused)) from refused
        try:
            yield engine
        finally:
            engine.dispose()


def copy_rows(source: Connection, target: Connection) -> None:
    """Every row of every table but the caches, tables that are referred to first; the target must be empty."""
    for table in metadata.sorted_tables:
        if table.info == CACHE:
            continue
        columns = [sa.type_coerce(column, column.type) for column in table.columns]
        names = [column.name for column in table.columns]
        read = source.execution_options(yield_per=_BATCH).execute(sa.select(*columns))
        for part in read.partitions():
            target.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in part])


def last_events(connection: Connection) -> dict[str, int]:
    """The last event of each company's audit trail: a store with a later one knows more."""
    return {head.company: head.sequence for head in all_heads(connection)}


def _vacuum_into(engine: Engine, copy: Path) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(copy),))
    finally:
        connection.close()
    with closing(sqlite3.connect(copy, isolation_level=None)) as there:
        for table in reversed(metadata.sorted_tables):
            if table.info == CACHE:
                there.execute(f'DELETE FROM "{table.name}"')
        there.execute("VACUUM")


def copy_tables(engine: Engine, copy: Path) -> None:
    """One snapshot of every table but the caches, whatever is written meanwhile, as a store in the file ``copy``."""
    target = open_store(copy)
    try:
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
            source.begin(),
            target.begin() as into,
        ):
            into.execute(sa.delete(metadata.tables["store_identity"]))
            copy_rows(source, into)
        with closing(target.raw_connection()) as connection:
            # One file, without a log of changes beside it.
            connection.cursor().execute("PRAGMA journal_mode=DELETE")
    finally:
        target.dispose()


def _count(connection: Connection) -> int:
    tables = metadata.sorted_tables
    return sum(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in tables)


def stamp(now: datetime) -> str:
    """A moment as part of a file's name."""
    return now.strftime("%Y%m%d-%H%M%S")
