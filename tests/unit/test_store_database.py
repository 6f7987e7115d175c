"""Opening the store: where it lies, how it is set up, what is refused, and how it grows with the program."""

from __future__ import annotations

import sqlite3
import threading
import traceback
from datetime import datetime
from decimal import Decimal
from pathlib import Path, PureWindowsPath

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from filelock import FileLock
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from brygga.store import database
from brygga.store.database import (
    StoreError,
    default_store,
    open_store,
    refuse_unsuitable_place,
    store_folder,
    write,
    writing,
)
from brygga.store.schema.audit import store_identity
from brygga.store.schema.base import ExactDecimal, metadata, setting
from brygga.store.schema.web import api_token, web_user
from tests.conftest import PRAGMAS

pytestmark = pytest.mark.usefixtures("built_stores")


def add(connection: sa.Connection, key: str) -> None:
    values = {"company": "A", "key": key, "value": "1", "updated": database.utcnow()}
    connection.execute(sa.insert(setting).values(values))


def keys(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(setting.c.key).order_by(setting.c.key)).scalars())


def test_sqlite_loses_nothing_in_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", PRAGMAS)
    engine = open_store(tmp_path / "store.sqlite")
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
        asked |= {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}


def test_the_revisions_build_exactly_the_tables_of_the_schema(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        built = {
            (table, tuple(constraint["column_names"]))
            for table in metadata.tables
            for constraint in sa.inspect(connection).get_unique_constraints(table)
        }
    declared = {
        (table.name, tuple(column.name for column in constraint.columns))
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, sa.UniqueConstraint)
    }
    assert built == declared


def test_every_row_carries_its_company() -> None:
    of_the_store = {"run_worker", store_identity.name, web_user.name, api_token.name}
    assert all("company" in table.c for table in metadata.sorted_tables if table.name not in of_the_store)


def test_a_store_that_exists_is_opened_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "100 % åäö" / "store.sqlite"
    with writing(open_store(path)) as connection:
        add(connection, "kept")
    assert keys(open_store(str(path))) == ["kept"]
    assert keys(open_store(f"sqlite:///{path.as_posix()}")) == ["kept"]


def test_many_may_open_a_new_store_at_the_same_moment(store: Path | str) -> None:
    faults: list[BaseException] = []
    together = threading.Barrier(4)

    def open_it() -> None:
        together.wait()
        try:
            open_store(store).dispose()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_store_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with writing(open_store(path)) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError) as refused:
        open_store(path)
    assert refused.value.reason.code == "SYS-909"
    assert dict(refused.value.reason.params) == {"path": str(path), "revision": "9999"}
    with sqlite3.connect(path) as connection_:
        assert connection_.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_what_is_not_a_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("This is a letter, not a database. " * 50, encoding="utf-8")
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE run (kilometres INTEGER)")
    connection.close()
    for path in (text, other, tmp_path):
        with pytest.raises(StoreError) as refused:
            open_store(path)
        assert refused.value.reason.code == "SYS-913"
        assert refused.value.reason.param("path") == str(path)
    assert text.read_text(encoding="utf-8").startswith("This is a letter")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path / "file" / "store.sqlite")
    assert refused.value.reason.code == "SYS-913"


def test_a_store_that_another_holds_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0)
    path = tmp_path / "store.sqlite"
    with FileLock(f"{path}.lock"), pytest.raises(StoreError) as refused:
        open_store(path)
    assert refused.value.reason.code == "INS-871"


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "nonsense://host/db", "postgresql+asyncpg://me:hemligt@host/db", "://"],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(address)
    assert refused.value.reason.code == "SYS-913"
    assert "hemligt" not in str(refused.value)


@pytest.mark.parametrize(
    "address", ["postgresql://me:hemligt@127.0.0.1:1/db", "postgresql+psycopg://me@127.0.0.1:1/db?password=hemligt"]
)
def test_a_database_that_does_not_answer_is_named_without_its_password(address: str) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(address)
    assert refused.value.reason.code == "SYS-913"
    assert "127.0.0.1" in refused.value.reason.param("path")
    assert "hemligt" not in "".join(traceback.format_exception(refused.value))
    assert "hemligt" not in database.shown_store(address)


def test_each_database_has_a_folder_of_its_own_on_this_computer() -> None:
    first = store_folder("postgresql://me:hemligt@server/db")
    assert first == store_folder("postgresql://other:annat@server/db")
    assert first != store_folder("postgresql://me:hemligt@server/other")
    assert store_folder("sqlite:///folder/store.sqlite") == store_folder(Path("folder") / "store.sqlite")
    assert "hemligt" not in str(store_folder("nonsense://me:hemligt@server/db"))


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.sqlite"
    upgrade = command.upgrade

    def fail_at_the_end(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise sa.exc.OperationalError("CREATE TABLE", {}, Exception("disk full"))

    monkeypatch.setattr(command, "upgrade", fail_at_the_end)
    with pytest.raises(StoreError):
        open_store(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    monkeypatch.undo()
    assert keys(open_store(path)) == []


def test_the_path_of_the_store_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BRYGGA_STORE", str(tmp_path / "mine.sqlite"))
    assert default_store() == tmp_path / "mine.sqlite"
    monkeypatch.delenv("BRYGGA_STORE")
    default = default_store()
    assert isinstance(default, Path)
    assert default.name == "brygga.sqlite"
    assert default.is_absolute()


@pytest.mark.parametrize(
    "path",
    [
        r"\\server\share\brygga.sqlite",
        "//server/share/brygga.sqlite",
        r"Z:\brygga.sqlite",
        r"C:\Users\anna\OneDrive - Firman AB\brygga.sqlite",
        r"C:\Users\anna\Dropbox\Brygga\brygga.sqlite",
    ],
)
def test_a_place_where_a_store_would_be_damaged_is_refused(path: str) -> None:
    with pytest.raises(StoreError) as refused:
        refuse_unsuitable_place(PureWindowsPath(path), windows=True, drive_type=lambda drive: 4 if drive == "Z:" else 3)
    assert refused.value.reason.code == "SYS-914"


def test_an_ordinary_place_will_do(tmp_path: Path) -> None:
    path = PureWindowsPath(r"C:\Users\anna\AppData\Local\Brygga\onedrive.sqlite")
    refuse_unsuitable_place(path, windows=True, drive_type=lambda drive: 3)
    refuse_unsuitable_place(tmp_path / "brygga.sqlite")
    with pytest.raises(StoreError):
        open_store(tmp_path / "OneDrive" / "brygga.sqlite")
    assert not (tmp_path / "OneDrive").exists()


def test_a_writer_holds_the_lock_from_its_first_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", ("busy_timeout=1",))
    first, second = open_store(tmp_path / "store.sqlite"), open_store(tmp_path / "store.sqlite")
    with writing(first) as connection:
        connection.execute(sa.select(setting)).all()
        assert keys(second) == [], "a reader is not kept waiting"
        with pytest.raises(sa.exc.OperationalError, match="locked"), writing(second):
            pytest.fail("a second writer came in")


def test_work_that_meets_a_rivals_row_is_done_once_more(engine: Engine) -> None:
    tries: list[list[str]] = []

    def work(connection: sa.Connection) -> str:
        seen = list(connection.execute(sa.select(setting.c.key)).scalars())
        tries.append(seen)
        if len(tries) == 1:
            raise IntegrityError("INSERT", {}, Exception("UNIQUE"))
        add(connection, "mine")
        return "done"

    assert write(engine, work) == "done"
    assert (tries, keys(engine)) == ([[], []], ["mine"])

    def never(connection: sa.Connection) -> None:
        add(connection, "mine")

    with pytest.raises(IntegrityError):
        write(engine, never)


def test_times_without_a_zone_are_refused_and_amounts_are_exact(engine: Engine) -> None:
    moment = sa.insert(setting).values(company="A", key="k", value="1", updated=datetime(2026, 1, 31))
    with writing(engine) as connection, pytest.raises(sa.exc.StatementError, match="no time zone"):
        connection.execute(moment)
    exact = ExactDecimal()
    for amount in (Decimal("0.10"), Decimal("-12345678901234567890.123456"), Decimal("1E+3")):
        text = exact.process_bind_param(amount, engine.dialect)
        assert str(exact.process_result_value(text, engine.dialect)) == str(amount)
