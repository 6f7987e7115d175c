"""Each thing that ``brygga doctor`` looks at: well, and what it says when it is not."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.insight.doctor import ENOUGH_BYTES, Finding, Organ, Patient, examined
from brygga.records.reasons import Level, Refused, reason
from brygga.records.target import Kind
from brygga.store.audit import chain as audit_chain
from brygga.store.database import StoreError, open_store, writing
from brygga.store.journal.journal import Journal, Snapshot
from brygga.store.schema.writer import writer
from brygga.store.secrets import Secrets

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture
def engine(store: Path | str) -> Iterator[Engine]:
    opened = open_store(store)
    Journal(opened, "environment", "alfa", lambda: NOW).couple(Kind.CUSTOMER, "c1", "1001", Snapshot("1001", "Åkeri"))
    yield opened
    opened.dispose()


def patient(engine: Engine, folder: Path, **other: Any) -> Patient:
    whole: dict[str, Any] = {
        "folder": folder,
        "open_engine": lambda: engine,
        "companies": lambda: ("alfa",),
        "reach": lambda company: "Exempelkonsult AB",
        "secrets": Secrets(folder),
        "now": NOW,
    }
    return Patient(**(whole | other))


def found(sick: Patient, organ: Organ) -> Finding:
    return next(each for each in examined(sick) if each.organ is organ)


def codes(finding: Finding) -> list[str]:
    return [why.code for why in finding.reasons]


def test_a_healthy_store_has_nothing_to_say_and_is_not_changed(engine: Engine, tmp_path: Path) -> None:
    findings = {each.organ: each for each in examined(patient(engine, tmp_path))}
    assert set(findings) == set(Organ)
    assert [each.organ for each in findings.values() if each.reasons] == []
    assert findings[Organ.TRAIL].detail == "alfa 1"
    assert findings[Organ.ADMINISTRATION].detail == "alfa: Exempelkonsult AB"
    assert engine.dialect.name in findings[Organ.STORE].detail


def test_a_full_disk(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=ENOUGH_BYTES - 1))
    finding = found(patient(engine, tmp_path / "not made yet"), Organ.DISK)
    assert (codes(finding), finding.reasons[0].param("free")) == (["LAG-032"], "499")


def test_what_cannot_be_looked_at_hides_nothing_else(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(place: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    findings = {each.organ: each for each in examined(patient(engine, tmp_path))}
    assert codes(findings[Organ.DISK]) == ["LAG-034"]
    assert set(findings) == set(Organ)


def test_secrets_whose_key_is_lost(engine: Engine, tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={}, key_folder=tmp_path / "keys")
    assert codes(found(patient(engine, tmp_path, secrets=secrets), Organ.SECRETS)) == []
    secrets.put("alfa", "severa.client_secret", "hemligt")
    assert codes(found(patient(engine, tmp_path, secrets=secrets), Organ.SECRETS)) == []
    for key in (tmp_path / "keys").iterdir():
        key.unlink()
    finding = found(patient(engine, tmp_path, secrets=secrets), Organ.SECRETS)
    assert (codes(finding), finding.ok) == (["LAG-021"], False)


def test_a_store_that_cannot_be_opened_ends_the_examination(engine: Engine, tmp_path: Path) -> None:
    def shut() -> Engine:
        raise StoreError(reason("SYS-909", path="x", revision="9999"))

    findings = list(examined(patient(engine, tmp_path, open_engine=shut)))
    assert (findings[-1].organ, codes(findings[-1])) == (Organ.STORE, ["SYS-909"])


def test_a_damaged_page(tmp_path: Path) -> None:
    """A reference to a row that is not there, as a torn write leaves it; and pages that are no pages."""
    path = tmp_path / "store.sqlite"
    engine = open_store(path)
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA foreign_keys=OFF")
        row = "('l', 0, 'alfa', '', '', '', '', '', '', '', NULL, '', '', 'ready', '', '[]', '', '', 0)"
        raw.execute(f"INSERT INTO listing_row VALUES {row}")
        raw.commit()
    finding = found(patient(engine, tmp_path), Organ.STORE)
    assert (codes(finding), finding.ok) == (["LAG-031"], False)
    assert "listing_row" in finding.reasons[0].param("detail")
    engine.dispose()


def test_a_trail_that_was_tampered_with(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with writing(engine) as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        connection.exec_driver_sql("UPDATE audit_event SET actor = 'somebody else'")
    finding = found(patient(engine, tmp_path), Organ.TRAIL)
    assert (codes(finding), finding.ok) == (["GRA-001"], False)
    assert audit_chain.verify(engine, "alfa").fault is not None


def test_a_clock_that_was_set_back(engine: Engine, tmp_path: Path) -> None:
    early = patient(engine, tmp_path, now=NOW - timedelta(minutes=6))
    assert codes(found(early, Organ.CLOCK)) == ["LAG-033"]
    slack = patient(engine, tmp_path, now=NOW - timedelta(minutes=4))
    assert codes(found(slack, Organ.CLOCK)) == []


@pytest.mark.parametrize(("silent", "expected"), [(1, []), (3, ["LAG-035"])])
def test_a_writer_that_ended_without_a_word(engine: Engine, tmp_path: Path, silent: int, expected: list[str]) -> None:
    beat = NOW - timedelta(minutes=silent)
    values = {"company": "alfa", "token": "t", "holder": "anna@pc", "place": "p", "since": beat, "heartbeat": beat}
    with writing(engine) as connection:
        connection.execute(sa.insert(writer).values(values))
    finding = found(patient(engine, tmp_path), Organ.WRITERS)
    assert (codes(finding), finding.ok) == (expected, True)
    assert "anna@pc" in finding.detail


def test_an_administration_that_is_not_reached_is_said_for_its_company_only(engine: Engine, tmp_path: Path) -> None:
    def reach(company: str) -> str:
        if company == "beta":
            raise Refused(reason("SYS-916"))
        return "Exempelkonsult AB"

    sick = patient(engine, tmp_path, companies=lambda: ("beta", "alfa"), reach=reach)
    reached = [each for each in examined(sick) if each.organ is Organ.ADMINISTRATION]
    assert [(each.ok, codes(each)) for each in reached] == [(False, ["SYS-916"]), (True, [])]
    assert all(why.level is Level.STOP for each in reached for why in each.reasons)
