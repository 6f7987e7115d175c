"""Opening the store: SQLite in one file by default, PostgreSQL by URL. With the migrations the only place that knows a
dialect: every other module sees one writer at a time, and transactions that are all or nothing."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path, PureWindowsPath
from typing import Any, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from platformdirs import user_data_path
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

import brygga.store.schema.evidence
import brygga.store.schema.last_used
import brygga.store.schema.listing
import brygga.store.schema.mirror
import brygga.store.schema.previews
import brygga.store.schema.runs
import brygga.store.schema.web
import brygga.store.schema.writer  # noqa: F401 - their tables are part of the metadata
from brygga.records.reasons import Refused, reason
from brygga.redaction import keep_out
from brygga.store.audit.trail import chained
from brygga.store.schema.base import metadata

STORE_VARIABLE = "BRYGGA_STORE"
"""Environment variable with the path of the store's file, or the URL of its PostgreSQL database."""

BUSY_SECONDS = 30
"""How long a writer waits for another process's write before it gives up."""

SYNCHRONISED_FOLDERS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud drive", "iclouddrive")
"""How folder names begin that a cloud service keeps in step behind our back (architecture, Windows)."""

_PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_SECONDS * 1000}",
)
_WRITES = "brygga_writes"
_FOLD = "brygga_casefold"
_MIGRATIONS = Path(__file__).parent / "migrations"
_WRITERS_LOCK = 0x62727967
"""The advisory lock ("bryg") that a writer holds on PostgreSQL until it commits."""
_DRIVE_REMOTE = 4
"""Answer of GetDriveTypeW for a mapped network drive."""

_CAPITALS, _SMALL = "ÅÄÖÆØÉÈÊËÁÀÂÍÓÔÚÜÇÑ", "åäöæøéèêëáàâíóôúüçñ"
"""Letters beyond A to Z that names have here: a database whose locale is C leaves them as they are in ``lower``."""

Answer = TypeVar("Answer")
Step = Callable[[Connection], Answer]
"""Something done within a writing transaction; it may be done once more when that transaction is repeated."""


class StoreError(Refused):
    """The store cannot be used: SYS-909 newer than the program, SYS-913 cannot be opened, SYS-914 wrong place,
    INS-871 held by another program."""


def utcnow() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def default_store() -> Path | str:
    """The store that ``BRYGGA_STORE`` names, a file or a PostgreSQL URL; else a file in the user's data folder."""
    named = os.environ.get(STORE_VARIABLE, "")
    if "://" in named:
        return named
    return Path(named) if named else _user_folder() / "brygga.sqlite"


def store_folder(store: Path | str) -> Path:
    """The folder of this computer for what lies beside the store: locks, pacing, the file for support.

    A file has it beside itself; a PostgreSQL database has one of its own in the user's data folder.
    """
    if isinstance(store, Path) or "://" not in store:
        return Path(store).parent
    try:
        url = _parsed(store)
    except StoreError:
        return _user_folder()
    if url.get_backend_name() == "sqlite":
        return Path(url.database or "").parent
    place = f"{url.host}:{url.port}/{url.database}"
    return _user_folder() / f"store-{hashlib.sha256(place.encode()).hexdigest()[:12]}"


def shown_store(store: Path | str) -> str:
    """The store's place for people and logs: never with the password of its URL."""
    if isinstance(store, Path) or "://" not in store:
        return str(store)
    return _without_password(_parsed(store))


def open_store(url_or_path: str | Path) -> Engine:
    """The store, created when it is not there and brought up to this version; ``StoreError`` when it cannot be used.

    ``url_or_path`` is a file, or a URL: ``postgresql://user:password@host/database`` (or ``sqlite:///`` and a path).
    """
    if isinstance(url_or_path, str) and "://" in url_or_path:
        url = _parsed(url_or_path)
        if url.get_backend_name() != "sqlite":
            keep_out(url.password or "")
            return _opened(_postgresql_engine(url), _without_password(url), url.password or "")
        if not url.database or url.database == ":memory:":
            raise StoreError(reason("SYS-913", path=url_or_path, detail="a store is a file"))
        return _open_file(Path(url.database))
    return _open_file(Path(url_or_path))


def _user_folder() -> Path:
    return user_data_path("Brygga", appauthor=False, roaming=False)


def _parsed(text: str) -> URL:
    try:
        # What others hand out as postgres:// is the same thing.
        return make_url(text.replace("postgres://", "postgresql://", 1) if text.startswith("postgres://") else text)
    except (ArgumentError, ValueError):
        # The address itself is not shown: it may hold a password.
        raise StoreError(reason("SYS-913", path=text.partition("://")[0], detail="not an address")) from None


def _without_password(url: URL) -> str:
    """The address for people. The driver's own options are left out too: a password may be among them."""
    return url.set(query={}).render_as_string(hide_password=True)


def _postgresql_engine(url: URL) -> Engine:
    """An engine with the same behaviour as SQLite has here: one writer at a time, and a commit is on disk."""
    if url.drivername not in ("postgresql", "postgresql+psycopg"):
        raise StoreError(reason("SYS-913", path=_without_password(url), detail="only SQLite and PostgreSQL are known"))
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        # A connection that the server closed meanwhile is replaced instead of failing the first statement.
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10},
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
            cursor.execute("SET synchronous_commit = on")
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITES, False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")

    return engine


def _open_file(path: Path) -> Engine:
    path = path.expanduser().absolute()
    refuse_unsuitable_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Two processes that open a new store at the same moment: the second waits until the first has built it.
        with FileLock(f"{path}.lock", timeout=BUSY_SECONDS):
            return _opened(_sqlite_engine(path), str(path))
    except Timeout as error:
        raise StoreError(reason("INS-871", path=path)) from error
    except OSError as error:
        raise StoreError(reason("SYS-913", path=path, detail=error)) from error


def refuse_unsuitable_place(
    path: Path | PureWindowsPath,
    *,
    windows: bool = sys.platform == "win32",
    drive_type: Callable[[str], int] | None = None,
) -> None:
    """Refuse a network share (SQLite's locks do not hold there) and a synchronised folder (it copies half a store).

    A mapped network drive counts as a share; both are asked for on Windows only.
    """
    text = str(path).replace("/", "\\")
    if windows and (text.startswith("\\\\") or (drive_type or _drive_type)(path.drive) == _DRIVE_REMOTE):
        raise StoreError(reason("SYS-914", path=path))
    if any(part.casefold().startswith(SYNCHRONISED_FOLDERS) for part in path.parent.parts):
        raise StoreError(reason("SYS-914", path=path))


def _drive_type(drive: str) -> int:
    """What Windows says of a drive such as ``C:``; 0 where there are no drives. Not run on Windows yet."""
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\"))
    return 0


def _sqlite_engine(path: Path) -> Engine:
    engine = sa.create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        # The driver must not open transactions of its own: ``_begin`` says which kind is meant.
        connection.isolation_level = None
        connection.create_function(_FOLD, 1, str.casefold, deterministic=True)
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer takes the lock before it reads, so that what it read still holds when it writes.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @sa.event.listens_for(engine, "invalidate")
    def _let_go(connection: Any, _record: object, _exception: object) -> None:
        # A connection that an interrupt (Ctrl+C) breaks off is closed by SQLAlchemy. Where the driver still holds a
        # statement of several rows the file would stay locked until the traceback is gone: what notes the end waits.
        with suppress(sqlite3.Error):
            connection.rollback()

    return engine


class folded(FunctionElement[str]):
    """A text without regard to case, å ä ö too: SQLite's ``lower`` and ``LIKE`` know A to Z only."""

    name = "folded"
    type = sa.String()
    inherit_cache = True


@compiles(folded)
def _folded(element: folded, compiler: SQLCompiler, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    if compiler.dialect.name == "sqlite":
        return f"{_FOLD}({text})"
    return f"translate(lower({text}), '{_CAPITALS}', '{_SMALL}')"


def holds(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds a text, whatever the case of both."""
    pattern = "%" + text.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
    return folded(column).like(folded(sa.literal(pattern)), escape="/")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back by any exception; one at a time in the whole store.

    What is told of it (``audit.tell``) is chained before it commits.
    """
    # The option is set on the connection: an engine with options of its own would be made anew for every write.
    with engine.connect().execution_options(**{_WRITES: True}) as connection, connection.begin(), chained(connection):
        yield connection


def write(engine: Engine, work: Step[Answer]) -> Answer:
    """Do ``work`` in one writing transaction.

    Should another program insert the same key meanwhile, past the lock of ours, the unique constraint stops the second,
    whose work is then done once more and sees the first one's row.
    """
    try:
        with writing(engine) as connection:
            return work(connection)
    except IntegrityError:
        with writing(engine) as connection:
            return work(connection)


def revision_of(connection: Connection) -> str:
    """The revision that the store's tables have."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def integrity_faults(connection: Connection) -> tuple[str, ...]:
    """What the database itself finds damaged. PostgreSQL watches over its pages on its own."""
    if connection.dialect.name != "sqlite":
        return ()
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    found += [f"{row[0]} {row[1]} → {row[2]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return tuple(text for text in found if text != "ok")


def _opened(engine: Engine, shown: str, secret: str = "") -> Engine:
    try:
        with writing(engine) as connection:
            _upgrade(connection, shown)
    except StoreError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        detail = " ".join(str(error.orig).split())
        if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise StoreError(reason("INS-871", path=shown)) from error
        if secret:
            # The original is not chained on either: what the driver says of an address goes into no text of ours.
            raise StoreError(reason("SYS-913", path=shown, detail=detail.replace(secret, "***"))) from None
        raise StoreError(reason("SYS-913", path=shown, detail=detail)) from error
    return engine


def _upgrade(connection: Connection, shown: str) -> None:
    """Bring the store to the newest revision, in the caller's transaction: all of it or nothing."""
    head, known = _revisions()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None and set(sa.inspect(connection).get_table_names()) & set(metadata.tables):
        raise StoreError(reason("SYS-913", path=shown, detail="not a store of Brygga"))
    if current is not None and current not in known:
        raise StoreError(reason("SYS-909", path=shown, revision=current))
    if current != head:
        config = _migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@cache
def _revisions() -> tuple[str, frozenset[str]]:
    """The newest revision and all of them: read once, since the program's own files stay as they are while it runs."""
    revisions = ScriptDirectory.from_config(_migrations())
    return revisions.get_current_head() or "", frozenset(each.revision for each in revisions.walk_revisions())


def _migrations() -> Config:
    config = Config()
    # Config values are interpolated: a per cent sign in the installation's path must be doubled.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
