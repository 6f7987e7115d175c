"""A worker process of the contract suite of the durable engine: DBOS's state is global, so each lives in a process.

    python -m tests.contract.runs_child STORE TARGET work VERSION PROTOCOL
    python -m tests.contract.runs_child STORE TARGET here COMPANY STEPS

A run here makes STEPS documents in TARGET, each 20 ms of work, found before it is created, as the transfers do.
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
    return there


def selection(steps: int) -> Selection:
    """A run of this many documents."""
    return Selection(texts=(str(steps),))


def carry(workplace: Workplace, ticket: str, doer: Doer, **_: Any) -> Carried | None:
    """Claim, make the documents, end; stop before the next one when asked to."""
    requests = RunRequests(workplace.engine)
    request = requests.claim(ticket, worker=doer.worker, slot=doer.slot)
    if request is None:
        return None
    documents = target(os.environ["TARGET"])
    for number in range(_steps(workplace, request)):
        now = requests.holds(ticket)
        if now is None or doer.stopping.is_set() or not doer.may_go_on():
            return None
        if now.cancel_asked is not None:
            ended = requests.end(ticket, "cancelled")
            return None if ended is None else Carried(ended)
        key, begun = f"{request.id}/{number}", time.time()
        if documents.execute("SELECT 1 FROM doc WHERE key=?", (key,)).fetchone() is None:
            time.sleep(STEP_SECONDS)
            row = (request.company, key, os.getpid(), begun, time.time())
            documents.execute("INSERT INTO doc VALUES(?,?,?,?,?)", row)
    ended = requests.end(ticket, "completed")
    return None if ended is None else Carried(ended)


def _steps(workplace: Workplace, request: RunRequest) -> int:
    if not request.preview:
        return int(selection_of(request).texts[0])
    kept = workplace.previews.load(request.preview, now=utcnow(), **SHOWN)
    return len(kept.hashes)


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
        company, steps = rest
        runs = runs_on(store)
        runs.resume_here(company)
        runs.run_here(company, Transfer.INVOICES, selection(int(steps)))
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
