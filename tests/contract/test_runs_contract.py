"""The contract of a durable engine behind ``runs/port.py`` (issue 4), on DBOS over SQLite and over PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from brygga.records.target import Kind
from brygga.runs.previews import Previews
from brygga.runs.runs import COMPANIES_AT_ONCE, Runs
from brygga.store.database import open_store, utcnow
from brygga.store.run_requests import RequestState, RunRequest
from brygga.transfers.plan import Action, Plan, Transfer
from tests.contract.runs_child import SHOWN, runs_on, selection, target

S = RequestState
PATIENCE = 200


class Bench:
    """A store, a target, and the processes that work on them."""

    def __init__(self, store: str, folder: Path) -> None:
        self.store = store
        self.target = str(folder / "target.sqlite")
        os.environ["TARGET"] = self.target
        self.documents = target(self.target)
        self.runs: Runs = runs_on(store)
        self.children: list[subprocess.Popen[str]] = []

    def _child(self, *words: str, computer: Path | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.contract.runs_child", self.store, self.target, *words]
        around = os.environ | ({} if computer is None else {"COMPUTER": str(computer), "XDG_DATA_HOME": str(computer)})
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around)
        self.children.append(child)
        return child

    def worker(
        self, version: str = "1", protocol: str = "runs-1", computer: Path | None = None
    ) -> subprocess.Popen[str]:
        """A worker, up and running; ``computer``: the folder of another computer."""
        child = self._child("work", version, protocol, computer=computer)
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        return child

    def here(self, company: str, *steps: int) -> subprocess.Popen[str]:
        """A face that carries a run out itself; ``steps``: how many documents, and where its first attempt stands."""
        return self._child("here", company, *map(str, steps))

    def ask(self, company: str, steps: int, stands_at: int | None = None) -> RunRequest:
        return self.runs.start(company, Transfer.INVOICES, selection(steps, stands_at))

    def made(self, request: RunRequest) -> list[tuple[str, int]]:
        rows = self.documents.execute("SELECT key, process FROM doc WHERE key LIKE ?", (f"{request.id}/%",))
        return [(str(key), int(process)) for key, process in rows]

    def until_made(self, request_id: int, count: int) -> None:
        self._until(count, "SELECT count(*) FROM doc WHERE key LIKE ?", f"{request_id}/%")

    def until_it_stands(self, *requests: int) -> None:
        """Until each of these runs stands still where it was told to: it will not be through before it is let go."""
        for request_id in requests:
            self._until(1, "SELECT count(*) FROM stands WHERE request=?", request_id)

    def let_go(self, *requests: int) -> None:
        for request_id in requests:
            self.documents.execute("INSERT INTO let_go VALUES(?)", (request_id,))

    def _until(self, count: int, query: str, about: object) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.documents.execute(query, (about,)).fetchone()[0] >= count:
                return
            time.sleep(0.02)
        raise AssertionError(f"{query} ({about}) did not get to {count}")

    def ended(self, request: RunRequest) -> RunRequest:
        found = self.runs.wait(request.id, PATIENCE)
        assert found.ended, found
        return found

    def all_once(self, request: RunRequest, steps: int) -> None:
        """Every document there, none twice."""
        assert sorted(key for key, _ in self.made(request)) == sorted(f"{request.id}/{n}" for n in range(steps))

    def end(self) -> None:
        for child in self.children:
            child.kill()
            child.communicate()
        self.documents.close()


@contextmanager
def bench_on(store: str, folder: Path) -> Iterator[Bench]:
    bench = Bench(store, folder)
    try:
        yield bench
    finally:
        bench.end()


@pytest.fixture
def bench(store: Path | str, tmp_path: Path) -> Iterator[Bench]:
    with bench_on(str(store), tmp_path) as found:
        yield found


def test_a_queued_run_is_carried_out_by_a_worker_that_comes_later(bench: Bench) -> None:
    request = bench.ask("alfa", 3)
    assert bench.runs.get(request.id).state is S.QUEUED
    bench.worker()
    assert bench.ended(request).state is S.COMPLETED
    bench.all_once(request, 3)


def test_a_dead_workers_run_goes_on_in_another_within_seconds(bench: Bench) -> None:
    workers = {child.pid: child for child in (bench.worker(), bench.worker())}
    request = bench.ask("alfa", 40, stands_at=10)
    bench.until_it_stands(request.id)
    first = workers.pop(bench.made(request)[0][1])
    first.kill()
    first.wait()
    made, before = len(bench.made(request)), time.monotonic()
    bench.until_made(request.id, made + 1)
    print(f"the run went on {time.monotonic() - before:.2f} s after the kill")
    ended = bench.ended(request)
    assert (ended.state, ended.attempts) == (S.COMPLETED, 2)
    bench.all_once(request, 40)
    assert {process for _, process in bench.made(request)} == {first.pid, *workers}
    after = bench.ask("alfa", 2)  # what the dead one had blocks its company no longer
    assert bench.ended(after).state is S.COMPLETED


def test_what_dies_with_the_only_process_goes_on_when_one_starts(bench: Bench) -> None:
    face = bench.here("alfa", 40, 10)
    bench.until_it_stands(1)
    face.kill()
    face.wait()
    assert bench.runs.get(1).state is S.RUNNING
    again = bench.here("alfa", 2)
    assert again.wait(PATIENCE) == 0
    assert bench.runs.get(1).state is S.COMPLETED
    bench.all_once(bench.runs.get(1), 40)
    bench.all_once(bench.runs.get(2), 2)


def test_a_face_carries_its_own_run_out_beside_a_worker(bench: Bench) -> None:
    bench.worker()
    face = bench.here("alfa", 40, 1)
    bench.until_it_stands(1)
    other = bench.ask("beta", 2)
    assert bench.ended(other).state is S.COMPLETED
    bench.let_go(1)
    assert face.wait(PATIENCE) == 0
    bench.all_once(bench.runs.get(1), 40)
    assert {process for _, process in bench.made(bench.runs.get(1))} == {face.pid}


def test_a_worker_finishes_what_a_dead_face_began(bench: Bench) -> None:
    face = bench.here("alfa", 40, 10)
    bench.until_it_stands(1)
    bench.worker()
    face.kill()
    face.wait()
    assert bench.ended(bench.runs.get(1)).state is S.COMPLETED
    bench.all_once(bench.runs.get(1), 40)


def test_cancel_is_acknowledged_and_ends_after_the_document_under_way(bench: Bench) -> None:
    bench.worker()
    running, waiting = bench.ask("alfa", 500, stands_at=5), bench.ask("alfa", 5)
    bench.until_it_stands(running.id)
    assert bench.runs.cancel(waiting.id).state is S.CANCELLED
    assert bench.runs.cancel(running.id).cancel_asked is not None
    assert bench.ended(running).state is S.CANCELLED
    made = len(bench.made(running))
    assert made == 5
    after = bench.ask("alfa", 2)
    assert bench.ended(after).state is S.COMPLETED
    assert len(bench.made(running)) == made
    assert bench.made(waiting) == []
    assert bench.runs.cancel(running.id).state is S.CANCELLED  # again, and nothing changes


def test_a_small_company_is_not_kept_waiting_by_a_large_one(bench: Bench) -> None:
    bench.worker()
    large, second = bench.ask("large", 80, stands_at=1), bench.ask("large", 3)
    bench.until_it_stands(large.id)
    small = bench.ask("small", 3)
    assert bench.ended(small).state is S.COMPLETED
    assert bench.runs.get(large.id).state is S.RUNNING
    bench.let_go(large.id)
    assert bench.ended(second).state is S.COMPLETED
    bench.all_once(large, 80)
    spans = bench.documents.execute("SELECT begun, done FROM doc WHERE company='large' ORDER BY begun").fetchall()
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))  # one at a time


@pytest.mark.parametrize("protocol", ["runs-1", "runs-2"])
def test_an_upgrade_finds_the_work_that_is_pending(bench: Bench, protocol: str) -> None:
    old = bench.worker("1", "runs-1")
    running, queued = bench.ask("alfa", 40, stands_at=10), bench.ask("alfa", 3)
    bench.until_it_stands(running.id)
    old.kill()
    old.wait()
    bench.worker("2", protocol)
    assert bench.ended(running).state is S.COMPLETED
    assert bench.ended(queued).state is S.COMPLETED
    bench.all_once(running, 40)
    bench.all_once(queued, 3)


def test_two_processes_on_one_store_share_the_companies(bench: Bench) -> None:
    workers = {bench.worker().pid, bench.worker().pid}
    # Both have as many companies under way as one takes before the first is through: so neither does all of it.
    requests = [bench.ask(f"company-{number}", 20, stands_at=1) for number in range(2 * COMPANIES_AT_ONCE)]
    bench.until_it_stands(*(request.id for request in requests))
    bench.let_go(*(request.id for request in requests))
    requests += [bench.ask(f"company-{number}", 20) for number in range(2)]
    for request in requests:
        assert bench.ended(request).state is S.COMPLETED
        bench.all_once(request, 20)
        assert len({process for _, process in bench.made(request)}) == 1
    assert {process for request in requests for _, process in bench.made(request)} == workers
    assert len(bench.runs.workers()) == 2


def test_a_worker_whose_connections_are_cut_comes_back_and_nothing_is_there_twice(
    postgresql: str, tmp_path: Path
) -> None:
    with bench_on(postgresql, tmp_path) as bench:
        worker = bench.worker()
        request = bench.ask("alfa", 60, stands_at=5)
        bench.until_it_stands(request.id)
        engine = open_store(postgresql)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        with engine.connect() as connection:
            connection.exec_driver_sql(others + "pg_backend_pid()")
        engine.dispose()
        made, before = len(bench.made(request)), time.monotonic()
        bench.until_made(request.id, made + 3)
        print(f"the worker went on {time.monotonic() - before:.2f} s after its connections were cut")
        ended = bench.ended(request)
        assert (ended.state, ended.attempts >= 2) == (S.COMPLETED, True)
        bench.all_once(request, 60)
        assert {process for _, process in bench.made(request)} == {worker.pid}
        assert bench.ended(bench.ask("alfa", 2)).state is S.COMPLETED


def test_a_worker_that_is_asked_to_end_leaves_its_run_to_the_next(bench: Bench) -> None:
    first = bench.worker()
    request = bench.ask("alfa", 40, stands_at=5)
    bench.until_it_stands(request.id)
    first.communicate("")  # it ends when its input does
    assert first.returncode == 0
    assert bench.runs.workers() == ()
    bench.worker()
    assert bench.ended(request).state is S.COMPLETED
    bench.all_once(request, 40)


def test_a_preview_of_one_computer_is_carried_out_by_a_worker_of_another(postgresql: str, tmp_path: Path) -> None:
    plans = [Plan("alfa", Transfer.INVOICES, Kind.INVOICE, key, key, "", Action.CREATE) for key in ("a", "b", "c")]
    with bench_on(postgresql, tmp_path) as bench:
        engine = open_store(postgresql)
        settings, version = SHOWN["settings"], SHOWN["version"]
        kept = Previews(engine).save("alfa", Transfer.INVOICES, plans, settings=settings, version=version, now=utcnow())
        engine.dispose()
        bench.worker(computer=tmp_path / "another computer")
        request = bench.runs.start("alfa", Transfer.INVOICES, kept.selection, preview=kept.id)
        assert bench.ended(request).state is S.COMPLETED
        bench.all_once(request, 3)
