"""Durable runs as a person meets them: queued, watched, cancelled, killed and gone on with (issue 4)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from brygga.app import App
from brygga.cli.progress import Bar
from brygga.practice.severa_server import FaultKind
from brygga.store.run_requests import RequestState
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.end_to_end.support import COMPANY, PACKAGE_FOLDER, World, assert_one_sentence, brygga, coupled

PATIENCE = 200


def test_a_queued_transfer_is_carried_out_by_a_worker(world: World) -> None:
    asked = brygga("transfer", "customers", "--no-wait", "--json")
    assert (asked.code, asked.json["state"]) == (0, "queued")
    assert world.writes() == []
    later = brygga("transfer", "projects", "--no-wait", "--json").json
    assert brygga("worker", "--once").code == 0
    listed = brygga("runs", "list", "--json").json
    assert [(run["transfer"], run["state"], run["attempts"]) for run in listed] == [
        ("projects", "completed", 1),
        ("customers", "completed", 1),
    ]
    watched = brygga("runs", "watch", str(later["id"]), "--json")
    assert (watched.code, watched.json["done"]) == (0, watched.json["total"])
    assert watched.json["run"] == brygga("history", "--json").json[0]["run"]
    assert "slutförd" in brygga("runs", "watch", str(later["id"])).out
    assert brygga("runs", "workers", "--json").json == []


def test_a_waiting_run_is_cancelled_at_once_and_unknown_ones_are_said(world: World) -> None:
    asked = brygga("transfer", "customers", "--no-wait", "--json").json
    assert brygga("runs", "cancel", str(asked["id"]), "--json").json["state"] == "cancelled"
    assert brygga("worker", "--once").code == 0
    assert world.writes() == []
    assert "avbruten" in brygga("runs", "list").out
    assert_one_sentence(brygga("runs", "cancel", "99"), "KOR-874", 3)
    assert_one_sentence(brygga("runs", "watch", "99"), "KOR-874", 3)
    assert_one_sentence(brygga("runs", "approve", str(asked["id"])), "KOR-876", 3)


def test_a_killed_transfer_goes_on_at_the_next_start_and_nothing_is_there_twice(world: World) -> None:
    for transfer in ("customers", "projects", "articles"):
        assert brygga("transfer", transfer, "--json").code == 0
    shown = brygga("preview", "invoices", "--json").json
    # It is killed while it waits for the answer to its last change, so that it is not through before.
    last = f"/v1/invoices/{shown['rows'][-1]['key']}"
    world.state.faults.order(FaultKind.DO_THEN_WAIT, "PATCH", last)
    killed = _killed_at(world, last, "transfer", "invoices", "--preview", shown["preview"], "--json")
    request = App(world.app.store_path).runs.latest()[0]
    assert (request.state, request.id) == (RequestState.RUNNING, killed)
    again = brygga("transfer", "invoices", "--json")
    assert again.code == 0
    states = {run["id"]: run["state"] for run in brygga("runs", "list", "--json").json}
    assert states[killed] == "completed"
    assert App(world.app.store_path).runs.get(killed).attempts == 2
    assert world.differences() == []
    # The attempt that was killed says so in the history, and no row of the preview is called changed or gone.
    journal = world.app.journal(COMPANY)
    assert [run.state.value for run in journal.runs(3)] == ["completed", "completed", "aborted"]
    assert {o.state.value for o in journal.outcomes(journal.runs(3)[1].id)} == {"transferred"}


def test_a_run_in_this_process_can_be_cancelled_by_another(world: World) -> None:
    class Canceller:
        """Cancels from beside after the first row."""

        def planned(self, total: int) -> None:
            self.total = total

        def row(self, done: int, total: int, result: object) -> None:
            App(world.app.store_path).runs.cancel(1)

        def cancelled(self) -> bool:
            return False

    app = App(world.app.store_path)
    try:
        carried = app.runs.run_here(COMPANY, Transfer.CUSTOMERS, Selection(), watcher=Canceller())
    finally:
        app.close()
    assert carried.report is not None
    assert (carried.report.cancelled, len(carried.report.results)) == (True, 1)
    assert carried.request.state is RequestState.CANCELLED


def test_a_run_that_is_cancelled_before_it_begins_is_one_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bar, "cancelled", lambda self: True)  # Ctrl+C while an earlier run was finished
    assert_one_sentence(brygga("transfer", "customers"), "KOR-897", 3)
    assert brygga("runs", "list", "--json").json[0]["state"] == "cancelled"
    assert world.writes() == []


def test_help_and_asking_do_not_load_the_engine(world: World) -> None:
    code = "import sys, brygga.cli.commands, brygga.app as a; a.App().runs.latest(); sys.exit('dbos' in sys.modules)"
    around = os.environ | {"PYTHONPATH": str(PACKAGE_FOLDER)}
    assert subprocess.run([sys.executable, "-c", code], env=around, check=False).returncode == 0


def _killed_at(world: World, path: str, *words: str) -> int:
    """Start a command and kill it when it has asked Severa for this change; answers the run's number."""
    around = os.environ | {"PYTHONPATH": str(PACKAGE_FOLDER)}
    child = subprocess.Popen(
        [sys.executable, "-m", "brygga.cli", *words], env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + PATIENCE
    while ("PATCH", path) not in [(asked.method, asked.path) for asked in list(world.state.requests)]:
        assert time.monotonic() < until
        assert child.poll() is None
        time.sleep(0.005)
    child.kill()
    child.wait()
    return App(world.app.store_path).runs.latest()[0].id


def test_a_month_and_a_schedule_from_three_computers_on_one_postgresql(
    world: World, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRYGGA_STORE", postgresql)

    def at(computer: str) -> None:
        """Sit down at a computer; what the one before had in its data folder cannot be reached from it."""
        shutil.rmtree(world.folder / "computers", ignore_errors=True)
        monkeypatch.setenv("XDG_DATA_HOME", str(world.folder / "computers" / computer))

    at("first")
    App(postgresql).settings(COMPANY).save(coupled(world.installation, world.url))
    for transfer in ("customers", "projects", "articles"):
        assert brygga("transfer", transfer, "--json").code == 0
    shown = brygga("preview", "invoices", "--json").json["preview"]
    at("second")
    assert brygga("transfer", "invoices", "--preview", shown, "--json").code == 0
    assert world.differences() == []
    assert brygga("schedule", "set", "customers", "hourly").code == 0
    assert brygga("schedule", "pause", "customers").code == 0  # at a full hour the worker would let it fire by itself
    asked = brygga("schedule", "run-now", "customers", "--json").json["id"]
    at("third")
    assert brygga("worker", "--once").code == 0
    assert brygga("runs", "watch", str(asked), "--json").json["state"] == "completed"


def test_the_systems_tables_lie_beside_the_store(world: World) -> None:
    assert brygga("transfer", "customers", "--json").code == 0
    store = Path(world.app.store_path)
    assert (store.parent / f"{store.stem}-runs.sqlite").exists()
