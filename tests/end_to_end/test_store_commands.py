"""The commands that look after the store: audit trail, secrets."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.support import World, assert_one_sentence, brygga

SECRET = "planted-secret-4711"


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A store with one company and two settings."""
    folder = tmp_path / "data"
    monkeypatch.setenv("BRYGGA_STORE", str(folder / "brygga.sqlite"))
    monkeypatch.setenv("BRYGGA_SECRET_KEY", "B" * 43 + "=")
    assert brygga("settings", "set", "severa.client_id", "id", "--company", "A").code == 0
    assert brygga("settings", "set", "administration.user", "811218-9876").code == 0
    return folder


def test_the_audit_trail_is_verified_searched_and_exported(company: Path) -> None:
    verified = json.loads(brygga("audit", "verify", "--json").out)
    assert [(each["company"], each["events"], each["reasons"]) for each in verified] == [("A", 2, [])]
    anchor = verified[0]["anchor"]
    assert brygga("audit", "verify", "--anchor", anchor).code == 0
    refused = brygga("audit", "verify", "--anchor", "2:abc")
    assert (refused.code, "GRA-007" in refused.everything) == (1, True)
    found = json.loads(brygga("audit", "search", "administration.user", "--json").out)
    assert [event["after"] for event in found] == ['{"value":"811218-XXXX"}']
    assert "811218-9876" in brygga("audit", "search", "administration.user", "--personal").out
    target = company / "trail.csv"
    assert brygga("audit", "export", str(target), "--format", "csv").code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbfcompany;sequence;")
    again = brygga("audit", "export", str(target))
    assert (again.code, "LAG-001" in again.everything) == (3, True)
    assert len(brygga("audit", "export", "-").out.splitlines()) == 2
    early = brygga("audit", "prune", "--before", "2026-01-01")
    assert (early.code, "GRA-011" in early.everything) == (3, True)
    assert json.loads(brygga("audit", "prune", "--before", "2010-01-01", "--json").out) == {"events": 0, "last": 0}


def test_a_secret_is_read_from_standard_input_and_shown_nowhere(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [brygga("settings", "set", "severa.client_secret", given=f"{SECRET}\n")]
    assert said[0].code == 0
    assert brygga("settings", "get", "severa.client_secret").out.strip() == "***"
    empty = brygga("settings", "set", "severa.client_secret")
    assert (empty.code, "LAG-024" in empty.everything) == (3, True)
    monkeypatch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", "other")
    said.append(brygga("settings", "set", "severa.client_secret", given=f"{SECRET}\n"))
    assert "BRYGGA_SEVERA_CLIENT_SECRET" in said[-1].everything
    said += [brygga("settings", "list"), brygga("audit", "export", "-"), brygga("audit", "verify")]
    assert not [each for each in said if SECRET in each.everything]
    written = [path for path in company.rglob("*") if path.is_file()]
    assert "secrets.enc" in {path.name for path in written}
    assert not [path for path in written if SECRET.encode() in path.read_bytes()]


def test_a_backup_is_restored_and_the_doctor_finds_the_store_well(company: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "one.sqlite"
    made = json.loads(brygga("backup", str(target), "--json").out)
    assert (made["path"], made["last_events"]) == (str(target), {"A": 2})
    assert brygga("settings", "set", "administration.user", "anna").code == 0
    refused = brygga("restore", str(target))
    assert (refused.code, "LAG-014" in refused.everything) == (3, True)
    done = json.loads(brygga("restore", str(target), "--yes", "--json").out)
    assert (done["store"]["generation"], Path(done["set_aside"]).exists()) == (2, True)
    assert brygga("settings", "get", "administration.user").out.strip() == "811218-9876"
    assert brygga("backup").code == 0
    assert len(list((company / "backups").iterdir())) == 1
    found = {each["check"]: each for each in json.loads(brygga("doctor", "--json").out)}
    assert {name for name, each in found.items() if not each["ok"]} == {"administration"}
    assert found["audit_trail"]["detail"] == "A 3"
    assert found["secrets"]["detail"] == "file"


def test_the_doctor_reaches_administration(world: World) -> None:
    said = brygga("doctor", "--json")
    (reached,) = [each for each in json.loads(said.out) if each["check"] == "administration"]
    assert (said.code, reached["ok"], reached["reasons"]) == (0, True, [])
    assert brygga("doctor").code == 0


def test_a_store_that_goes_away_is_one_sentence(company: Path) -> None:
    with sqlite3.connect(company / "brygga.sqlite") as connection:
        connection.execute("ALTER TABLE setting RENAME TO gone")
    connection.close()
    assert_one_sentence(brygga("settings", "list", "--company", "A"), "LAG-041", 4)
