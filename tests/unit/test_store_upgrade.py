"""A store of an earlier program, with work unfinished in it, is brought up to this version and keeps the work."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from brygga.records.target import Kind
from brygga.store import database
from brygga.store.audit.chain import verify
from brygga.store.company_addresses import addresses
from brygga.store.database import open_store
from brygga.store.history import RunState
from brygga.store.journal.journal import Journal, OperationState, Snapshot
from brygga.store.settings.values import Settings

AT = "2026-01-31T08:00:00.000000+00:00"

pytestmark = pytest.mark.usefixtures("built_stores")


def store_of_the_first_revision(store: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store as the first program left it when it was killed between an intent and its write."""
    upgrade = command.upgrade
    monkeypatch.setattr(command, "upgrade", lambda config, _revision: upgrade(config, "0001"))
    engine = open_store(store)
    monkeypatch.undo()
    with engine.begin() as connection:
        assert "audit_event" not in sa.inspect(connection).get_table_names()
        common = "'environment', 'A', 'invoices'"
        connection.exec_driver_sql(
            "INSERT INTO run (id, environment, company, transfer, state, program_version, settings_hash, started)"
            f" VALUES (1, {common}, 'running', '0.1.0', 's', '{AT}')"
        )
        connection.exec_driver_sql(
            "INSERT INTO operation (id, environment, scope, company, transfer, source_key, write, state, payload_hash,"
            ' payload, natural_key, "after", target_key, attempts, reasons, run_id, created, updated)'
            " VALUES (1, 'environment', '', 'A', 'invoices', 'guid', 'create', 'intended', 'h',"
            f" '{{}}', 'SEVERA:guid', 10456, '', 1, '[]', 1, '{AT}', '{AT}')"
        )
        connection.exec_driver_sql(
            f"INSERT INTO setting (company, key, value, updated) VALUES ('A', 'numbering.master', '\"severa\"', '{AT}')"
        )
    engine.dispose()


def test_unfinished_work_survives_the_upgrade_and_is_finished(
    store: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_of_the_first_revision(store, monkeypatch)
    engine = open_store(store)
    journal = Journal(engine, "environment", "A")
    (operation,) = journal.unsettled()
    assert (operation.state, operation.after, operation.natural_key) == (OperationState.INTENDED, 10456, "SEVERA:guid")
    (run,) = journal.unfinished_runs()
    assert (run.state, run.program_version) == (RunState.RUNNING, "0.1.0")
    assert Settings(engine, "A", environ={}).get("numbering.master") == "severa"
    assert addresses(engine) == {"A": "a"}
    journal.link(operation, Kind.INVOICE, "10457", Snapshot("10457", "Åkes Åkeri AB"))
    journal.finish(operation)
    journal.finish_run(run, "aborted")
    verified = verify(engine, "A")
    assert (verified.fault, verified.events) == (None, 4)
    with engine.connect() as connection:
        revision = database.revision_of(connection)
    assert revision > "0001"
    engine.dispose()


def test_an_upgrade_that_fails_leaves_the_earlier_store_as_it_was(
    store: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_of_the_first_revision(store, monkeypatch)
    upgrade = command.upgrade

    def fail_at_the_end(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise sa.exc.OperationalError("CREATE TABLE", {}, Exception("disk full"))

    monkeypatch.setattr(command, "upgrade", fail_at_the_end)
    with pytest.raises(database.StoreError):
        open_store(store)
    monkeypatch.undo()
    engine = open_store(store)
    assert len(Journal(engine, "environment", "A").unsettled()) == 1
    engine.dispose()
