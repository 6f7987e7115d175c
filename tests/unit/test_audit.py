"""The audit trail: one event for each change, in its transaction, in a chain that shows every tampering (§3.9)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import Kind
from brygga.store.audit.chain import events, verify
from brygga.store.audit.trail import AuditEvent, Told, acting_as, operating_system_user, tell
from brygga.store.database import open_store, write, writing
from brygga.store.journal.journal import Journal, Operation, Snapshot
from brygga.store.schema.audit import audit_event, audit_head
from brygga.store.settings.values import Settings

NOW = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
SNAPSHOT = Snapshot("10457", "Åkes Åkeri AB", Decimal("80.00"), Decimal("20.00"), Decimal("100.00"), "abc")
AUTOMATIC = reason("KND-110", Level.NOTE, nr="1042")


class Planned(Record, frozen=True):
    """What a plan tells of itself."""

    source_number: str = "10457"
    source_name: str = "Anna Andersson"
    automatic: bool = True
    reasons: tuple[Reason, ...] = (AUTOMATIC,)
    gross: Decimal = Decimal("100.00")


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine, "environment", "A", lambda: NOW, settings_hash="settings")


def told(engine: Engine, company: str = "A") -> list[tuple[str, str, dict[str, object], dict[str, object]]]:
    return [
        (event.kind, event.subject, msgspec.json.decode(event.before), msgspec.json.decode(event.after))
        for event in events(engine, company)
    ]


def month(journal: Journal) -> Operation:
    """A run with one invoice: six events."""
    run = journal.start_run("invoices", program_version="1", settings_hash="of the run")
    made = journal.intend(
        transfer="invoices", source_key="guid-1", write="create", payload=Planned(), run_id=run.id, after=7
    )
    journal.link(made, Kind.INVOICE, "10457", SNAPSHOT)
    journal.finish(made)
    journal.finish_run(run, "completed")
    return made


def test_every_change_of_a_run_is_told_with_who_when_and_why(engine: Engine, journal: Journal) -> None:
    month(journal)
    found = events(engine, "A")
    assert [(event.sequence, event.kind, event.subject, event.number) for event in found] == [
        (1, "run", "run 1", "1"),
        (2, "operation", "guid-1", "10457"),
        (3, "operation", "guid-1", "10457"),
        (4, "link", "guid-1", "10457"),
        (5, "operation", "guid-1", "10457"),
        (6, "run", "run 1", "1"),
    ]
    assert {event.actor for event in found} == {operating_system_user()}
    assert {event.at for event in found} == {"2026-01-31T08:00:00.000000+00:00"}
    assert {event.settings_hash for event in found} == {"of the run", "settings"}
    assert [event.run_id for event in found] == [1, 1, 1, None, 1, 1]
    assert found[1].why() == (AUTOMATIC,)
    states = [(before.get("state"), after.get("state")) for _, _, before, after in told(engine)]
    assert states == [
        (None, "running"),
        (None, "intended"),
        ("intended", "linked"),
        (None, None),
        ("linked", "done"),
        ("running", "completed"),
    ]
    intent = told(engine)[1][3]
    assert (intent["automatic"], intent["gross"], intent["write"]) == (True, "100.00", "create")
    assert "Anna" not in found[1].after


def test_a_change_of_a_setting_is_told_with_both_values(engine: Engine) -> None:
    settings = Settings(engine, "A", environ={"BRYGGA_SEVERA_CLIENT_SECRET": "hemligt"})
    settings.save({"numbering.master": "severa", "invoices.statuses": "Klar, Skickad"})
    settings.set("numbering.master", "severa")
    settings.unset("numbering.master")
    settings.unset("numbering.master")
    assert told(engine) == [
        ("setting", "numbering.master", {"value": ""}, {"value": "severa"}),
        ("setting", "invoices.statuses", {"value": []}, {"value": ["Klar", "Skickad"]}),
        ("setting", "numbering.master", {"value": "severa"}, {"value": ""}),
    ]
    assert events(engine, "A")[-1].settings_hash == settings.fingerprint()
    assert not [event for event in events(engine, "A") if "hemligt" in str(event)]


def test_a_card_that_is_still_the_same_tells_nothing(engine: Engine, journal: Journal) -> None:
    journal.couple(Kind.CUSTOMER, "c", "1042", SNAPSHOT)
    journal.couple(Kind.CUSTOMER, "c", "1042", SNAPSHOT)
    assert len(events(engine, "A")) == 1
    journal.couple(Kind.CUSTOMER, "c", "1043", SNAPSHOT)
    journal.uncouple(Kind.CUSTOMER, "c")
    moves = [(before.get("target_key"), after.get("target_key")) for _, _, before, after in told(engine)]
    assert moves == [(None, "1042"), ("1042", "1043"), ("1043", None)]


def test_a_change_that_is_taken_back_leaves_no_event(engine: Engine) -> None:
    def work(connection: Connection) -> None:
        tell(connection, Told.TAKE_OVER, company="A", at=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(engine, work)
    assert events(engine, "A") == ()
    assert verify(engine, "A").fault is None


def test_who_is_logged_in_counts_before_the_computers_user(engine: Engine) -> None:
    with acting_as("anna@firman.se"), writing(engine) as connection:
        tell(connection, Told.TAKE_OVER, company="A", at=NOW)
    with writing(engine) as connection:
        tell(connection, Told.TAKE_OVER, company="A", at=NOW)
    assert [event.actor for event in events(engine, "A")] == ["anna@firman.se", operating_system_user()]


def test_many_writers_make_one_unbroken_chain(store: Path | str) -> None:
    def work(engine: Engine) -> None:
        for number in range(10):
            with writing(engine) as connection:
                for company in ("A", "B"):
                    tell(connection, Told.RUN, company=company, at=NOW, subject=str(number))

    engines = [open_store(store) for _ in range(4)]
    threads = [threading.Thread(target=work, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for company in ("A", "B"):
        verified = verify(engines[0], company)
        assert (verified.fault, verified.events, verified.last) == (None, 40, 40)
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_the_trail(engine: Engine, journal: Journal, statement: str) -> None:
    month(journal)
    before = events(engine, "A")
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.execute(sa.text(statement))
    assert events(engine, "A") == before


# -- tampering ----------------------------------------------------------------------------------------------------


@pytest.fixture
def unguarded(engine: Engine, journal: Journal) -> Engine:
    """A chain of six whose guards somebody has removed."""
    month(journal)
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("DROP TRIGGER audit_event_append_only ON audit_event"))
        else:
            connection.execute(sa.text("DROP TRIGGER audit_event_no_update"))
            connection.execute(sa.text("DROP TRIGGER audit_event_no_delete"))
    return engine


def _edit(connection: Connection) -> None:
    connection.execute(sa.update(audit_event).where(audit_event.c.sequence == 3).values(actor="x"))


def _edit_with_its_hash(connection: Connection) -> None:
    row = connection.execute(sa.select(audit_event).where(audit_event.c.sequence == 3)).mappings().one()
    forged = msgspec.structs.replace(AuditEvent(**row), actor="x")
    changed = {"actor": "x", "hash": forged.digest()}
    connection.execute(sa.update(audit_event).where(audit_event.c.sequence == 3).values(changed))


def _delete(connection: Connection) -> None:
    connection.execute(sa.delete(audit_event).where(audit_event.c.sequence == 3))


def _cut_the_tail(connection: Connection) -> None:
    connection.execute(sa.delete(audit_event).where(audit_event.c.sequence > 4))


def _cut_the_start(connection: Connection) -> None:
    connection.execute(sa.delete(audit_event).where(audit_event.c.sequence < 3))


def _cut_the_start_and_say_it_was_pruned(connection: Connection) -> None:
    found = connection.execute(sa.select(audit_event.c.hash).where(audit_event.c.sequence == 2)).scalar_one()
    _cut_the_start(connection)
    connection.execute(sa.update(audit_head).values(pruned=2, pruned_hash=found))


def _insert_last(connection: Connection) -> None:
    row = connection.execute(sa.select(audit_event).where(audit_event.c.sequence == 6)).mappings().one()
    forged = msgspec.structs.replace(AuditEvent(**row), sequence=7, previous=row["hash"])
    connection.execute(sa.insert(audit_event).values({**msgspec.structs.asdict(forged), "hash": forged.digest()}))


def _insert_between(connection: Connection) -> None:
    later = audit_event.c.sequence > 3
    for number in (6, 5, 4):
        moved = sa.update(audit_event).where(audit_event.c.sequence == number)
        connection.execute(moved.values(sequence=number + 1))
    row = connection.execute(sa.select(audit_event).where(later).limit(1)).mappings().one()
    connection.execute(sa.insert(audit_event).values({**row, "sequence": 4, "subject": "forged"}))
    connection.execute(sa.update(audit_head).values(sequence=7))


def _take_the_head_away(connection: Connection) -> None:
    connection.execute(sa.delete(audit_head))


@pytest.mark.parametrize(
    ("tamper", "code", "sequence"),
    [
        (_edit, "GRA-001", 3),
        (_edit_with_its_hash, "GRA-002", 4),
        (_delete, "GRA-003", 3),
        (_cut_the_tail, "GRA-004", 5),
        (_cut_the_start, "GRA-003", 1),
        (_cut_the_start_and_say_it_was_pruned, "GRA-005", 3),
        (_insert_last, "GRA-006", 7),
        (_insert_between, "GRA-001", 4),
        (_take_the_head_away, "GRA-006", 1),
    ],
)
def test_the_first_event_that_was_tampered_with_is_named(
    unguarded: Engine, tamper: Callable[[Connection], None], code: str, sequence: int
) -> None:
    assert verify(unguarded, "A").fault is None
    with writing(unguarded) as connection:
        tamper(connection)
    fault = verify(unguarded, "A").fault
    assert fault is not None
    assert (fault.code, fault.param("event")) == (code, str(sequence))


def test_a_chain_rewritten_from_end_to_end_is_caught_by_an_anchor_noted_elsewhere(unguarded: Engine) -> None:
    noted = verify(unguarded, "A").anchor
    assert verify(unguarded, "A", noted).fault is None
    with writing(unguarded) as connection:
        last = "0" * 64
        for row in connection.execute(sa.select(audit_event).order_by(audit_event.c.sequence)).mappings().all():
            forged = msgspec.structs.replace(AuditEvent(**row), actor="x", previous=last)
            last = forged.digest()
            which = audit_event.c.sequence == forged.sequence
            connection.execute(
                sa.update(audit_event).where(which).values(actor="x", previous=forged.previous, hash=last)
            )
        connection.execute(sa.update(audit_head).values(hash=last))
    assert verify(unguarded, "A").fault is None
    for anchor, code in ((noted, "GRA-007"), ("99:abc", "GRA-007"), ("nonsense", "GRA-008")):
        fault = verify(unguarded, "A", anchor).fault
        assert fault is not None
        assert fault.code == code
