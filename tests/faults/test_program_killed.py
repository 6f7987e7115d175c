"""Program and host killed for real at moments of chance while a month is transferred: nothing doubled, nothing lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from brygga.administration.run_file import HOLDER_NAME
from brygga.insight.reconciliation import reconcile_company
from brygga.practice.adk_engine import user
from brygga.practice.administration_base import field_named, last_day, table_named
from brygga.practice.build import PracticeInstallation, build
from brygga.practice.dataset import PracticeParameters
from brygga.practice.severa_server import SeveraState, running_server
from brygga.practice.severa_server.config import ServerConfig
from brygga.store.database import writing
from brygga.store.journal.journal import OperationState
from brygga.store.schema.base import operation as operations
from tests.faults import month_child
from tests.faults.figures import Figures
from tests.faults.kills import DATABASE_KILLS, KILLS, MOST_SECONDS, SEED
from tests.faults.month_child import COMPANY, READY, Unhurried

pytestmark = pytest.mark.usefixtures("unmeasured")

MASTERS = ("severa", "administration")
MOST_RUNS = 100
"""Of one month: it is done long before."""
FIGURES = {
    "customers": 12,
    "active_customers": 6,
    "contacts": 16,
    "projects": 20,
    "open_projects": 8,
    "invoices_per_year": 120,
    "several_projects_share": 0.0,
}
CHECKOUT = Path(__file__).resolve().parents[2]
SECRET_VARIABLE = "BRYGGA_SEVERA_CLIENT_SECRET"


class Month:
    """A practice company, a store coupled to it, and the program as a child process."""

    def __init__(self, folder: Path, master: str, url: str, installation: PracticeInstallation) -> None:
        self.installation = installation
        self.start, self.end = installation.month, last_day(installation.month)
        self.store = folder / "store" / "brygga.sqlite"
        self.app = Unhurried(self.store)
        values = {
            **installation.settings,
            "severa.base_url": url,
            "severa.client_id": installation.client_id,
            "administration.library": "practice",
            "administration.common_path": str(installation.common_path),
            "administration.company_path": str(installation.company_path),
            "numbering.master": master,
            "invoices.mark_printed": True,
        }
        self.app.settings(COMPANY).save(values)

    @contextmanager
    def child(self) -> Iterator[subprocess.Popen[str]]:
        """The program, started and past its imports; killed at the end if it still runs."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])}
        environment[SECRET_VARIABLE] = self.installation.client_secret
        command = [sys.executable, str(Path(month_child.__file__)), str(self.store), f"{self.start}", f"{self.end}"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as child:
            try:
                assert child.stdout is not None
                assert child.stdout.readline().strip() == READY
                yield child
            finally:
                child.kill()

    def killed_after(self, seconds: float, victim: str) -> bool:
        """Start the program and kill it, or its host, after so long; False when it was through before."""
        before = self._noted()
        with self.child() as child:
            while victim == "host" and self._noted() == before and child.poll() is None:
                time.sleep(0.01)  # on a busy computer it takes the program long to come so far
            try:
                child.wait(seconds)
            except subprocess.TimeoutExpired:
                if victim == "program":
                    return True
                killed = self._kill_host()
                # The program lives, says what it does not know, and ends; the host's death may also end its run.
                child.wait()
                return killed
            assert child.returncode == 0
            return False

    def _noted(self) -> int:
        """When a host last noted that it holds the company open, 0 for never."""
        note = self.installation.company_path / HOLDER_NAME
        return note.stat().st_mtime_ns if note.exists() else 0

    def _kill_host(self) -> bool:
        """Kill the process that holds the company open, if one does: it notes its number beside the run file."""
        try:
            note = json.loads((self.installation.company_path / HOLDER_NAME).read_text(encoding="utf-8"))
            os.kill(int(note["holder"].split()[-1]), getattr(signal, "SIGKILL", signal.SIGTERM))
        except (OSError, ValueError):
            return False
        return True

    def gets_through(self) -> None:
        """Start the program and let it end by itself."""
        with self.child() as child:
            assert child.wait() == 0

    def keys(self, table: str, *fields: str) -> Counter[tuple[str, ...]]:
        """How often each key is in an Administration table."""
        known = table_named(table)
        ids = [field_named(known, name).id for name in fields]
        records = user.read(self.installation.company_path, known.id)
        return Counter(tuple(str(record[number]).split(" ", 1)[0] for number in ids) for record in records)


@contextmanager
def a_month(folder: Path, master: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Month]:
    """A practice company and the server of its Severa."""
    parameters = PracticeParameters(seed=3, numbering_master=master).with_figures(**FIGURES)
    installation = build(folder / "practice", parameters=parameters)
    monkeypatch.setenv(SECRET_VARIABLE, installation.client_secret)
    state = SeveraState.open(installation.severa_data_path)
    with running_server(state, ServerConfig(requests_per_second=None)) as url:
        made = Month(folder, master, url, installation)
        try:
            yield made
        finally:
            made.app.engine.dispose()
    state.close()


@pytest.mark.timeout(MOST_SECONDS)
@pytest.mark.parametrize("master", MASTERS)
def test_killed_at_moments_of_chance(
    master: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figures: Figures
) -> None:
    print(f"seed {SEED}")
    chance = random.Random(f"{SEED} {master}")
    wanted = (KILLS - DATABASE_KILLS) / len(MASTERS)
    begun = time.monotonic()
    killed: Counter[str] = Counter()
    months = 0
    while killed.total() < wanted:
        months += 1
        with a_month(tmp_path / str(months), master, monkeypatch) as month:
            through = 0
            for _ in range(MOST_RUNS):
                victim = chance.choice(("program", "program", "host"))
                if month.killed_after(chance.uniform(0.05, 1.0), victim):
                    killed[victim] += 1
                else:
                    through += 1
                if through == 2 or killed.total() >= wanted:
                    break
            holds(month)
        shutil.rmtree(tmp_path / str(months))
    seconds = time.monotonic() - begun
    figures.note("real kills", master, **killed, months=months, seconds=seconds)


def holds(month: Month) -> None:
    """The promise, once the program has been let through."""
    month.gets_through()
    # What is left can only be a change in Severa whose settling time had not passed.
    let_settling_time_pass(month.app.engine)
    month.gets_through()
    expected = month.installation.company().oracle
    assert len(expected.invoices) > 5
    invoices = month.keys("INVOICE_HEAD", "LOCAL_REMARK")
    assert set(invoices.values()) == {1}
    assert len(invoices) == len(expected.invoices)
    for table, fields in {
        "CUSTOMER": ("NUMBER",),
        "PROJECT": ("CODE_OF_PROJECT",),
        "ARTICLE": ("NUMBER",),
        "CONTACT": ("CUSTOMER_NUMBER", "NAME"),
    }.items():
        doubled = {key: times for key, times in month.keys(table, *fields).items() if times > 1}
        assert doubled == {}, table
    with month.app.engine.connect() as connection:
        states = set(connection.execute(sa.select(operations.c.state)).scalars())
    assert states <= {OperationState.DONE, OperationState.RELEASED}
    with month.app.company(COMPANY, read_only=True) as company:
        result = reconcile_company(company, month.start, month.end)
    assert result.differences == ()
    assert result.agrees


def let_settling_time_pass(engine: sa.Engine) -> None:
    """Set the journal's times back by an hour instead of waiting for two minutes."""
    with writing(engine) as connection:
        for identity, updated in list(connection.execute(sa.select(operations.c.id, operations.c.updated))):
            earlier = {"updated": updated - timedelta(hours=1)}
            connection.execute(sa.update(operations).where(operations.c.id == identity).values(earlier))
