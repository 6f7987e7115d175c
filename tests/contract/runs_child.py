"""A worker process of the contract suite of the durable engine: DBOS's state is global, so each lives in a process.

    python -m tests.contract.runs_child STORE TARGET work VERSION PROTOCOL
    python -m tests.contract.runs_child STORE TARGET here COMPANY STEPS [STANDS_AT]

A run here makes STEPS documents in TARGET, each 20 ms of work, found before it is created, as the transfers do. Its
first attempt may be told to stand still before one of them: until it is let go, cancelled, or dies.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

from brygga.runs.carrying import Doer, selection_of
from brygga.runs.dbos_engine import DbosEngine
from brygga.runs.port import Carried, Workplace
from brygga.runs.previews import Previews
from brygga.runs.runs import Runs
from brygga.store.database import open_store, utcnow
from brygga.store.run_requests import RunRequest, RunRequests
from brygga.store.settings.values import Settings
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

STEP_SECONDS = 0.02
SHOWN: dict[str, Any] = {
    "company": "alfa", "transfer": Transfer.INVOICES, "settings": "settings", "version": "1",
}  # fmt: skip
"""What every preview here is of."""


def target(path: str) -> sqlite3.Connection:
    """Where the documents go: key, process, and when it was begun and done."""
    there = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    there.execute("PRAGMA journal_mode=WAL")
    there.execute("PRAGMA synchronous=OFF")
    there.execute("CREATE TABLE IF NOT EXISTS doc(company, key, process, begun, done)")
    there.execute("CREATE TABLE IF NOT EXISTS stands(request)")
    there.execute("CREATE TABLE IF NOT EXISTS let_go(request)")
    return there


def selection(steps: int, stands_at: int | None = None) -> Selection:
    """A run of this many documents; ``stands_at``: before which of them its first attempt stands still."""
    return Selection(texts=(str(steps),) if stands_at is None else (str(steps), str(stands_at)))


def carry(workplace: Workplace, ticket: str, doer: Doer, **_: Any) -> Carried | None:
    """Claim, make the documents, end; stop before the next one when asked to."""
    requests = RunRequests(workplace.engine)
    request = requests.claim(ticket, worker=doer.worker, slot=doer.slot)
    if request is None:
        return None
    documents = target(os.environ["TARGET"])
    steps, stands_at = _steps(workplace, request)
    number = 0
    while number < steps:
        now = requests.holds(ticket)
        if now is None or doer.stopping.is_set() or not doer.may_go_on():
            return None
        if now.cancel_asked is not None:
            ended = requests.end(ticket, "cancelled")
            return None if ended is None else Carried(ended)
        if number == stands_at and request.attempts == 1 and _stands_still(documents, request.id):
            continue
        key, begun = f"{request.id}/{number}", time.monotonic()
        if documents.execute("SELECT 1 FROM doc WHERE key=?", (key,)).fetchone() is None:
            time.sleep(STEP_SECONDS)
            row = (request.company, key, os.getpid(), begun, time.monotonic())
            documents.execute("INSERT INTO doc VALUES(?,?,?,?,?)", row)
        number += 1
    ended = requests.end(ticket, "completed")
    return None if ended is None else Carried(ended)


def _steps(workplace: Workplace, request: RunRequest) -> tuple[int, int | None]:
    if not request.preview:
        steps, *stands_at = map(int, selection_of(request).texts)
        return steps, stands_at[0] if stands_at else None
    kept = workplace.previews.load(request.preview, now=utcnow(), **SHOWN)
    return len(kept.hashes), None


def _stands_still(documents: sqlite3.Connection, request_id: int) -> bool:
    """Whether it is not let go yet; the first time it is noted that it stands there."""
    if documents.execute("SELECT 1 FROM let_go WHERE request=?", (request_id,)).fetchone() is not None:
        return False
    if documents.execute("SELECT 1 FROM stands WHERE request=?", (request_id,)).fetchone() is None:
        documents.execute("INSERT INTO stands VALUES(?)", (request_id,))
    time.sleep(STEP_SECONDS)
    return True


def runs_on(store: str, version: str = "1", protocol: str = "runs-1") -> Runs:
    """The queue of a store."""
    engine = open_store(store)
    workplace = Workplace(
        engine=engine,
        open_company=_no_company,
        settings=lambda company: Settings(engine, company),
        previews=Previews(engine),
        lock_folder=Path(os.environ.get("COMPUTER", Path(os.environ["TARGET"]).parent)),
        version=version,
    )
    return Runs(workplace, lambda: DbosEngine(engine, protocol), carry=carry)


def _no_company(name: str, *, read_only: bool) -> Any:
    raise AssertionError(f"{name} is not opened here")


def main(store: str, documents: str, mode: str, *rest: str) -> None:
    """Work until killed, or carry one run out."""
    os.environ["TARGET"] = documents
    if mode == "here":
        company, *steps = rest
        runs = runs_on(store)
        runs.resume_here(company)
        runs.run_here(company, Transfer.INVOICES, selection(*map(int, steps)))
        runs.close()
        return
    version, protocol = rest
    runs = runs_on(store, version, protocol)
    runs.work()
    print("up", flush=True)
    sys.stdin.read()  # until the parent closes it or is gone
    runs.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
