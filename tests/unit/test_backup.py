"""Backup and restore: whole, checked, without secrets, and a restored store says that it is one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.store.audit.chain import events, verify
from brygga.store.backup import back_up, checked
from brygga.store.database import open_store, writing
from brygga.store.identity import identity_in
from brygga.store.journal.journal import Journal, Snapshot
from brygga.store.mirror import Kept, Mirror, Reading
from brygga.store.previews import KeptPreviews
from brygga.store.restore import restore
from brygga.store.run_requests import RunRequests, Worker
from brygga.store.schema.base import CACHE, metadata
from brygga.store.schema.writer import writer
from brygga.store.worker_slots import free_slot

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies beside a PostgreSQL database on this computer."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def journal(engine: Engine, company: str = "A") -> Journal:
    return Journal(engine, "environment", company, lambda: NOW)


def couple(engine: Engine, key: str) -> None:
    journal(engine).couple(Kind.CUSTOMER, key, f"number {key}", Snapshot(key, "Åkes Åkeri AB"))


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.reason.code


def test_a_backup_made_while_another_writes_is_restored_as_it_was(
    engine: Engine, store: Path | str, tmp_path: Path
) -> None:
    operation = journal(engine).intend(transfer="invoices", source_key="guid", write="create", payload={})
    couple(engine, "c1")
    with engine.connect() as reader:
        reader.execute(sa.text("SELECT 1"))
        made = back_up(engine, tmp_path / "backups" / "one.sqlite")
    assert made.last_events == {"A": 2}
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["one.sqlite"]
    with engine.connect() as connection:
        before = identity_in(connection)
    couple(engine, "c2")
    with pytest.raises(Refused) as refused:
        restore(tmp_path / "backups" / "one.sqlite", store, now=NOW)
    assert (code_of(refused), refused.value.reason.param("n")) == ("LAG-014", "1")
    engine.dispose()
    done = restore(tmp_path / "backups" / "one.sqlite", store, now=NOW, even_newer=True)
    assert (done.store.id, done.store.generation, done.store.restored) == (before.id, before.generation + 1, NOW)
    again = open_store(store)
    assert [found.source_key for found in journal(again).links(Kind.CUSTOMER).values()] == ["c1"]
    assert [found.id for found in journal(again).unsettled()] == [operation.id]
    assert (verify(again, "A").fault, events(again, "A")[-1].kind) == (None, "restore")
    other = journal(again).intend(transfer="invoices", source_key="guid-2", write="create", payload={})
    assert other.id > operation.id
    with again.connect() as connection:
        assert identity_in(connection) == done.store
    again.dispose()
    aside = open_store(done.set_aside)
    assert set(journal(aside).links(Kind.CUSTOMER)) == {"c1", "c2"}
    assert (verify(aside, "A").fault, verify(aside, "A").events) == (None, 3)
    aside.dispose()


def test_what_only_saves_reading_again_is_in_no_backup_and_is_not_restored(
    engine: Engine, store: Path | str, tmp_path: Path
) -> None:
    couple(engine, "c1")
    caches = [table for table in metadata.sorted_tables if table.info == CACHE]
    assert {"preview", "listing", "listing_row", "mirror_record", "mirror_reading"} == {each.name for each in caches}
    KeptPreviews(engine).keep("A", NOW, b"{}", expired=NOW)
    Mirror(engine, "A", "connection").replace("customers", [Kept("c1", "Åkeri", NOW)], Reading(NOW, NOW))
    back_up(engine, tmp_path / "one.sqlite")
    with closing(sqlite3.connect(tmp_path / "one.sqlite")) as copy:
        assert {copy.execute(f"SELECT count(*) FROM {each.name}").fetchone()[0] for each in caches} == {0}
        # A backup of an earlier version has them: they stay behind all the same.
        copy.execute("INSERT INTO preview VALUES ('old', 'A', '2026-01-31T08:00:00.000000+00:00', x'00')")
        copy.commit()
    engine.dispose()
    restore(tmp_path / "one.sqlite", store, now=NOW, even_newer=True)
    again = open_store(store)
    assert KeptPreviews(again).find("old") is None
    assert set(journal(again).links(Kind.CUSTOMER)) == {"c1"}
    again.dispose()


def test_one_kind_of_store_moves_into_the_other(postgresql: str, tmp_path: Path) -> None:
    first = open_store(postgresql)
    couple(first, "c1")
    back_up(first, tmp_path / "one.sqlite")
    first.dispose()
    restore(tmp_path / "one.sqlite", tmp_path / "new" / "store.sqlite", now=NOW)
    second = open_store(tmp_path / "new" / "store.sqlite")
    couple(second, "c2")
    back_up(second, tmp_path / "two.sqlite")
    second.dispose()
    restore(tmp_path / "two.sqlite", postgresql, now=NOW)
    third = open_store(postgresql)
    assert set(journal(third).links(Kind.CUSTOMER)) == {"c1", "c2"}
    assert verify(third, "A").fault is None
    third.dispose()


def test_a_backup_that_is_there_or_is_none_is_refused(engine: Engine, store: Path | str, tmp_path: Path) -> None:
    couple(engine, "c1")
    target = tmp_path / "one.sqlite"
    back_up(engine, target)
    with pytest.raises(Refused) as refused:
        back_up(engine, target)
    assert code_of(refused) == "LAG-001"
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused) as refused:
        back_up(engine, tmp_path / "file" / "one.sqlite")
    assert code_of(refused) == "LAG-002"
    text, other, torn = tmp_path / "text", tmp_path / "other.sqlite", tmp_path / "torn.sqlite"
    text.write_text("a letter " * 500)
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    torn.write_bytes(target.read_bytes()[:-8192])
    for path, code in ((text, "LAG-012"), (other, "LAG-012"), (torn, "LAG-012"), (tmp_path / "none", "LAG-013")):
        with pytest.raises(Refused) as refused:
            restore(path, store, now=NOW)
        assert code_of(refused) == code, path
    assert set(journal(engine).links(Kind.CUSTOMER)) == {"c1"}


def test_a_backup_that_was_tampered_with_is_refused(engine: Engine, store: Path | str, tmp_path: Path) -> None:
    couple(engine, "c1")
    target = tmp_path / "one.sqlite"
    back_up(engine, target)
    with sqlite3.connect(target) as connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET actor = 'x'")
    connection.close()
    with pytest.raises(Refused) as refused:
        checked(target)
    assert code_of(refused) == "GRA-001"


def test_nothing_is_restored_under_a_program_that_would_go_on_writing(
    engine: Engine, store: Path | str, tmp_path: Path
) -> None:
    couple(engine, "c1")
    back_up(engine, tmp_path / "one.sqlite")
    slot = free_slot(engine)
    assert slot is not None
    RunRequests(engine).introduce(Worker(slot.number, "w", "eva:1", "1", NOW))
    with pytest.raises(Refused) as refused:
        restore(tmp_path / "one.sqlite", store, now=NOW, even_newer=True)
    assert (code_of(refused), refused.value.reason.param("holder")) == ("LAG-015", "eva:1")
    slot.release()
    restore(tmp_path / "one.sqlite", store, now=NOW, even_newer=True)


def test_nothing_is_restored_over_a_store_at_work(engine: Engine, store: Path | str, tmp_path: Path) -> None:
    couple(engine, "c1")
    back_up(engine, tmp_path / "one.sqlite")
    with writing(engine) as connection:
        at_work = {"token": "t", "holder": "anna", "place": "p", "since": NOW, "heartbeat": NOW}
        connection.execute(sa.insert(writer).values(company="A", **at_work))
    with pytest.raises(Refused) as refused:
        restore(tmp_path / "one.sqlite", store, now=NOW, even_newer=True)
    assert (code_of(refused), refused.value.reason.param("holder")) == ("LAG-015", "A: anna")


def test_a_damaged_store_is_replaced_only_when_asked_and_is_kept(tmp_path: Path) -> None:
    engine = open_store(tmp_path / "store.sqlite")
    couple(engine, "c1")
    back_up(engine, tmp_path / "one.sqlite")
    engine.dispose()
    damaged = tmp_path / "damaged" / "store.sqlite"
    damaged.parent.mkdir()
    damaged.write_text("no database at all " * 100)
    with pytest.raises(Refused) as refused:
        restore(tmp_path / "one.sqlite", damaged, now=NOW)
    assert code_of(refused) == "LAG-016"
    done = restore(tmp_path / "one.sqlite", damaged, now=NOW, even_newer=True)
    assert Path(done.set_aside).read_text().startswith("no database")
    again = open_store(damaged)
    assert set(journal(again).links(Kind.CUSTOMER)) == {"c1"}
    again.dispose()
