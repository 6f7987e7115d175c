"""A practice month for the whole program: App, host process and HTTP, every exchange held to the contract."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp
from typer.testing import CliRunner

from brygga import __version__
from brygga.app import App
from brygga.cli.commands import application
from brygga.practice.adk_engine.user import read
from brygga.practice.build import PracticeInstallation, build
from brygga.practice.dataset import PracticeParameters
from brygga.practice.oracle import Difference, compare
from brygga.practice.severa_server import SeveraState, running_server
from brygga.practice.severa_server.config import ServerConfig
from brygga.records.target import System
from brygga.runs.run import Report, carry_out
from brygga.store.settings.values import Settings
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.contract.severa_contract import CheckedApp, checked

COMPANY = "exempel"
PACKAGE_FOLDER = Path(__file__).resolve().parents[2] / "src"
NO_QUOTA = ServerConfig(requests_per_second=None)
"""Ten requests a second would make the tests wait, and the pacing has tests of its own."""

SMALL = PracticeParameters().with_figures(
    customers=12, active_customers=5, contacts=12, projects=14, open_projects=6, invoices_per_year=72
)
"""A company that is quick to build and to transfer, with every kind of record."""


@dataclass
class World:
    """Both systems of a practice company, and the program on a store of its own."""

    folder: Path
    installation: PracticeInstallation
    state: SeveraState
    url: str
    app: App
    checker: CheckedApp = field(repr=False)

    @property
    def settings(self) -> Settings:
        """The company's settings."""
        return self.app.settings(COMPANY)

    def writes(self) -> list[str]:
        """What the program has changed in Severa so far: method and path."""
        return [f"{asked.method} {asked.path}" for asked in self.state.requests if asked.method not in ("GET", "POST")]

    def administration(self, table: int) -> list[dict[Any, Any]]:
        """What the company's file holds of a table, read past the program."""
        return [dict(record) for record in read(self.installation.company_path, table)]

    def transfer(self, transfer: Transfer, selection: Selection | None = None) -> Report:
        """One transfer, as the command line carries it out."""
        with self.app.company(COMPANY, read_only=False) as opened:
            return carry_out(
                opened,
                transfer,
                selection or Selection(),
                lock_folder=self.app.folder / "locks",
                version=__version__,
                settings=self.settings.fingerprint(),
            )

    def transfer_everything(self) -> dict[Transfer, Report]:
        """The four transfers to Administration in the order of a month."""
        return {each: self.transfer(each) for each in PLANNERS if each.target is System.ADMINISTRATION}

    def differences(self) -> list[Difference | str]:
        """Everything that is not as the oracle says, on either side."""
        oracle = self.installation.company().oracle
        found: list[Difference | str] = list(compare(oracle, self.administration))
        for guid, fields in oracle.severa_after.items():
            invoice = self.state.document("invoices", guid) or {}
            held = {**invoice, "status": invoice.get("status", {}).get("guid")}
            found += [
                Difference(f"Severa {guid}", name, value, held.get(name))
                for name, value in fields.items()
                if held.get(name) != value
            ]
        before = {each["guid"]: each for each in self.installation.company().severa["invoices"]}
        found += [
            f"Severa {guid} was changed: {name}"
            for guid in oracle.untouched
            for name in ("number", "referenceNumber")
            if (self.state.document("invoices", guid) or {}).get(name) != before[guid].get(name)
        ]
        found += [
            f"Severa {guid} has another status"
            for guid in oracle.untouched
            if (self.state.document("invoices", guid) or {})["status"]["guid"] != before[guid]["status"]["guid"]
        ]
        return found


@contextmanager
def practice_world(
    folder: Path,
    *,
    parameters: PracticeParameters | None = None,
    library: Mapping[str, str] | None = None,
    config: ServerConfig = NO_QUOTA,
    sie: Path | None = None,
) -> Iterator[World]:
    """Build a practice company and run its Severa. ``library``: further settings, such as those of the compiled one;
    ``sie``: the SIE file that Administration is built from.

    At the end every exchange must have kept to the contract.
    """
    installation = build(folder / "practice", sie=sie, parameters=parameters or SMALL)
    apps: list[CheckedApp] = []

    def wrap(app: ASGIApp) -> ASGIApp:
        apps.append(checked(app))
        return apps[0]

    state = SeveraState.open(installation.severa_data_path)
    try:
        with running_server(state, config, wrap=wrap) as url:
            app = App(folder / "store" / "brygga.sqlite")
            (folder / "store").mkdir()
            app.settings(COMPANY).save(coupled(installation, url) | dict(library or {}))
            yield World(folder, installation, state, url, app, apps[0])
        assert apps[0].violations == []
    finally:
        state.close()


def coupled(installation: PracticeInstallation, url: str) -> dict[str, object]:
    """The settings that couple the program to both systems of the practice company."""
    return {
        "severa.base_url": url,
        "severa.client_id": installation.client_id,
        "administration.library": "practice",
        "administration.common_path": str(installation.common_path),
        "administration.company_path": str(installation.company_path),
        **installation.settings,
    }


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.out)

    @property
    def everything(self) -> str:
        """Both outputs."""
        return self.out + self.err


def brygga(*words: str, given: str = "") -> Said:
    """A command in this process, on the store that BRYGGA_STORE names. What it raises is raised: no traceback hides."""
    result = CliRunner().invoke(application, list(words), input=given or None, catch_exceptions=False)
    return Said(result.exit_code, result.stdout, result.stderr)


def a_process(*words: str, **environment: str) -> Said:
    """The command as a process of its own, in a language of its own."""
    around = {name: value for name, value in os.environ.items() if name not in ("LANGUAGE", "LC_ALL", "LANG")}
    around |= {"PYTHONPATH": str(PACKAGE_FOLDER), "COLUMNS": "100", **environment}
    command = [sys.executable, "-m", "brygga.cli", *words]
    done = subprocess.run(command, capture_output=True, env=around, check=False, timeout=400, stdin=subprocess.DEVNULL)
    return Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def assert_one_sentence(said: Said, code: str, exit_code: int) -> None:
    """The command refused with one sentence that names its code, on standard error, without a traceback."""
    assert said.code == exit_code, said.everything
    assert f"({code})" in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert "Traceback" not in said.everything
