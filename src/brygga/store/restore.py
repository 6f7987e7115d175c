"""Putting a backup in the place of the store. What was sent after the backup was made is not in it, so a restored store
says that it is one: nothing is written until both systems have been looked at (architecture, state machine 8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.store.audit.trail import Told, tell
from brygga.store.backup import checked, copy_rows, copy_tables, last_events, opened_copy, stamp
from brygga.store.database import StoreError, open_store, store_folder, writing
from brygga.store.identity import StoreIdentity, identity_in, put_identity
from brygga.store.schema.base import metadata
from brygga.store.schema.runs import run_worker
from brygga.store.schema.writer import writer
from brygga.store.worker_slots import is_held

_ALIVE = timedelta(minutes=2)
"""How young a writer's heartbeat is for it to count as at work."""


class Restored(Record, frozen=True):
    """What is the store now, and where the one before it was put (empty when there was none)."""

    store: StoreIdentity
    set_aside: str


def restore(backup: Path, store: Path | str, *, now: datetime, even_newer: bool = False) -> Restored:
    """Make the backup the store. The audit trail of every company tells of it.

    Raises ``Refused``: LAG-012 and LAG-013 the backup is no good, LAG-014 the store knows of more than the backup (or
    cannot be read) and ``even_newer`` was not asked for, LAG-015 it is in use.
    """
    checked(backup)
    with opened_copy(backup) as source:
        path = _file_of(store)
        if path is None:
            return _into_database(source, str(store), now, even_newer)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock", timeout=5):
                return _into_file(source, path, now, even_newer)
        except Timeout:
            raise Refused(reason("LAG-015", holder=path)) from None
        except OSError as error:
            raise Refused(reason("LAG-002", path=path, detail=error.strerror or error)) from error


def _file_of(store: Path | str) -> Path | None:
    if isinstance(store, str) and "://" in store:
        return None
    return Path(store).expanduser().absolute()


def _into_file(source: Engine, path: Path, now: datetime, even_newer: bool) -> Restored:
    new = path.with_name(f"{path.name}.restoring")
    _remove(new)
    there = _looked_at(source, path, now, even_newer) if path.exists() else None
    engine = open_store(new)
    try:
        with writing(engine) as connection:
            restored = _filled(connection, source, there, now)
        _one_file(engine)
    finally:
        engine.dispose()
    Path(f"{new}.lock").unlink(missing_ok=True)
    aside = ""
    if path.exists():
        aside = str(path.with_name(f"{path.stem}-before-{stamp(now)}{path.suffix}"))
        path.replace(aside)
        for end in ("-wal", "-shm"):
            if Path(f"{path}{end}").exists():
                Path(f"{path}{end}").replace(f"{aside}{end}")
    new.replace(path)
    return Restored(restored, aside)


def _looked_at(source: Engine, path: Path, now: datetime, even_newer: bool) -> StoreIdentity | None:
    """The identity of the store that is there; None when it cannot be read, which is why it is replaced."""
    try:
        engine = _opened_under_our_lock(path)
    except (StoreError, sa.exc.DatabaseError):
        if not even_newer:
            raise Refused(reason("LAG-016", path=path)) from None
        return None
    try:
        with engine.connect() as connection:
            _may_replace(engine, connection, source, now, even_newer)
            there = identity_in(connection)
        _one_file(engine)
        return there
    finally:
        engine.dispose()


def _opened_under_our_lock(path: Path) -> Engine:
    """The store as it lies there, not brought up to this version: it is only looked at and set aside."""
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    with engine.connect() as connection:
        if "store_identity" not in sa.inspect(connection).get_table_names():
            raise StoreError(reason("SYS-913", path=path, detail="store_identity"))
    return engine


def _into_database(source: Engine, url: str, now: datetime, even_newer: bool) -> Restored:
    engine = open_store(url)
    try:
        with writing(engine) as connection:
            _may_replace(engine, connection, source, now, even_newer)
            there = identity_in(connection)
            aside = _set_aside(engine, connection, url, now)
            # Row by row the trail refuses to be deleted; it is not: the backup's trail takes its place as a whole.
            names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
            connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            restored = _filled(connection, source, there, now)
            for table in metadata.sorted_tables:
                column = table.autoincrement_column
                if column is not None:
                    highest = sa.select(sa.func.max(column)).scalar_subquery()
                    sequence = sa.func.pg_get_serial_sequence(f'"{table.name}"', column.name)
                    connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 1))))
        return Restored(restored, aside)
    finally:
        engine.dispose()


def _set_aside(engine: Engine, there: Connection, url: str, now: datetime) -> str:
    """What is there, in a file: its audit trail must be kept, and it may be wanted back. Empty when nothing ever
    happened in it. Not checked: a trail that was tampered with is evidence. ``Refused`` LAG-002 when it cannot be
    written."""
    if not last_events(there):
        return ""
    aside = store_folder(url) / f"before-{stamp(now)}-{identity_in(there).generation}.sqlite"
    try:
        aside.parent.mkdir(parents=True, exist_ok=True)
        copy_tables(engine, aside)
    except (OSError, sa.exc.SQLAlchemyError) as error:
        raise Refused(reason("LAG-002", path=aside, detail=type(error).__name__)) from error
    Path(f"{aside}.lock").unlink(missing_ok=True)
    return str(aside)


def _may_replace(engine: Engine, there: Connection, source: Engine, now: datetime, even_newer: bool) -> None:
    """Refuse while somebody writes or could (a server or worker, idle too, would go on in the store that is set aside),
    and a store that knows of events which the backup does not have."""
    workers = there.execute(sa.select(run_worker.c.slot, run_worker.c.place)).all()
    alive = [worker.place for worker in workers if is_held(engine, worker.slot)]
    if alive:
        raise Refused(reason("LAG-015", holder=", ".join(alive)))
    for company, holder, heartbeat in there.execute(sa.select(writer.c.company, writer.c.holder, writer.c.heartbeat)):
        if now - heartbeat < _ALIVE:
            raise Refused(reason("LAG-015", holder=f"{company}: {holder}"))
    with source.connect() as connection:
        kept = last_events(connection)
    lost = {company: last for company, last in last_events(there).items() if last > kept.get(company, 0)}
    if lost and not even_newer:
        events = sum(last - kept.get(company, 0) for company, last in lost.items())
        raise Refused(reason("LAG-014", n=events, companies=", ".join(lost)))


def _filled(connection: Connection, source: Engine, there: StoreIdentity | None, now: datetime) -> StoreIdentity:
    """The backup's rows, a new generation, nobody at work, and an event in every company's trail."""
    with source.connect() as read:
        connection.execute(sa.delete(metadata.tables["store_identity"]))
        copy_rows(read, connection)
        known, backed_up = last_events(read), identity_in(read)
    connection.execute(sa.delete(writer))
    generation = max(backed_up.generation, there.generation if there else 0) + 1
    restored = StoreIdentity(there.id if there else backed_up.id, generation, now)
    put_identity(connection, restored)
    for company, last in known.items():
        before, after = {"last event of the backup": last}, {"store": restored.id, "generation": generation}
        tell(connection, Told.RESTORE, company=company, at=now, subject=restored.id, before=before, after=after)
    return restored


def _one_file(engine: Engine) -> None:
    """Everything in the file itself: it is about to be moved."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", ".lock"):
        Path(f"{path}{end}").unlink(missing_ok=True)
