"""Scheduled runs as a person meets them: set, run, held by the circuit breaker, approved (issue 4)."""

from __future__ import annotations

from datetime import UTC, datetime
from http.server import ThreadingHTTPServer

import pytest

from tests.end_to_end.support import World, assert_one_sentence, brygga
from tests.unit.test_digest import _Hook, serving


def test_a_schedule_is_set_listed_paused_resumed_and_removed(world: World) -> None:
    before = datetime.now(UTC)
    made = brygga("schedule", "set", "invoices", "vardagar 07:30", "--json").json
    assert datetime.fromisoformat(made["due"]) > before
    assert "vardagar 07:30 (Europe/Stockholm)" in brygga("schedule", "list").out
    assert brygga("schedule", "pause", "invoices", "--json").json["paused"] is True
    assert "pausat" in brygga("schedule", "list").out
    assert brygga("schedule", "resume", "invoices", "--json").json["due"] is not None
    assert brygga("schedule", "remove", "invoices").code == 0
    assert brygga("schedule", "list", "--json").json == []
    assert_one_sentence(brygga("schedule", "set", "invoices", "ibland"), "SCH-101", 3)
    assert_one_sentence(brygga("schedule", "set", "invoices", "hourly", "--zone", "Mars/Base"), "SCH-102", 3)
    assert_one_sentence(brygga("schedule", "run-now", "invoices"), "KOR-879", 3)


def test_a_run_that_would_write_too_much_waits_until_it_is_approved_and_is_told_both_times(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    monkeypatch.setenv("BRYGGA_DIGEST_WEBHOOK", f"http://127.0.0.1:{hook.server_address[1]}/token")
    _Hook.kept.clear()
    with serving(hook):
        _held_and_approved(world)
    assert [told["state"] for told in _Hook.kept] == ["held", "completed"]
    assert (_Hook.kept[0]["rows"], "transferred" in _Hook.kept[1]["rows"]) == ({}, True)


def _run_now() -> str:
    """Queue a scheduled run of the customers; its number. The schedule is paused, for every worker lets those fire
    whose time has come: at a full hour there would be a second run."""
    brygga("schedule", "set", "customers", "hourly")
    brygga("schedule", "pause", "customers")
    return str(brygga("schedule", "run-now", "customers", "--json").json["id"])


def _held_and_approved(world: World) -> None:
    brygga("settings", "set", "schedule.max_records", "2")
    asked = _run_now()
    assert brygga("worker", "--once").code == 0
    assert world.writes() == []
    held = brygga("runs", "watch", asked, "--json")
    assert (held.code, held.json["state"]) == (1, "held")
    assert [why["code"] for why in held.json["reasons"]] == ["KOR-880"]
    assert "väntar på godkännande" in brygga("runs", "list").out
    assert brygga("history", "--json").json[0]["state"] == "aborted"  # moves no date (AT-93)

    assert brygga("runs", "approve", asked, "--json").json["state"] == "queued"
    assert brygga("worker", "--once").code == 0
    done = brygga("runs", "watch", asked, "--json")
    assert (done.code, done.json["state"], done.json["attempts"]) == (0, "completed", 2)
    assert brygga("transfer", "customers", "--json").json["written"] == 0  # all of them are there


def test_what_changed_since_the_hold_is_not_let_through_by_the_approval(world: World) -> None:
    brygga("settings", "set", "schedule.max_records", "1")
    asked = _run_now()
    brygga("worker", "--once")
    brygga("settings", "set", "customers.update_empty", "ja")
    brygga("runs", "approve", asked)
    brygga("worker", "--once")
    done = brygga("runs", "watch", asked, "--json")
    assert (done.code, done.json["state"]) == (1, "failed")
    assert [why["code"] for why in done.json["reasons"]] == ["KOR-873"]
    assert world.writes() == []


def test_a_held_run_can_be_cancelled(world: World) -> None:
    brygga("settings", "set", "schedule.max_records", "1")
    asked = _run_now()
    brygga("worker", "--once")
    assert brygga("runs", "cancel", asked, "--json").json["state"] == "cancelled"
    assert world.writes() == []
