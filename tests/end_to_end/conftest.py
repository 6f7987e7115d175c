"""What every end-to-end test stands on: no environment of the machine's own, and no waiting for Severa's quota."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
import stamina

from brygga.practice.build import CLIENT_SECRET
from brygga.practice.severa_server import SeveraState, running_server
from brygga.severa.http import ATTEMPTS, SeveraClient
from tests.contract.severa_connected import unpaced
from tests.end_to_end.support import NO_QUOTA, World, practice_world

SECRET_VARIABLE = "BRYGGA_SEVERA_CLIENT_SECRET"


@pytest.fixture(scope="session")
def compiled_library_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice engine compiled into a shared library, once per session."""
    from brygga.practice.adk_engine.native import build_library

    return build_library(tmp_path_factory.mktemp("adk"))


@pytest.fixture(autouse=True)
def _quick_and_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in [name for name in os.environ if name.startswith("BRYGGA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(SECRET_VARIABLE, CLIENT_SECRET)
    monkeypatch.setenv("BRYGGA_STORE", str(tmp_path / "own" / "brygga.sqlite"))
    monkeypatch.setattr("brygga.app.SeveraClient", partial(SeveraClient, pacing=unpaced()))
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A small practice company whose month waits, with its store as the command line's."""
    with practice_world(tmp_path) as made:
        monkeypatch.setenv("BRYGGA_STORE", str(made.app.store_path))
        yield made


class QuickServer:
    """Stands in for the practice Severa's process: the same server in a thread, without the quota."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._open = ExitStack()
        self.base_url = ""

    def __enter__(self) -> QuickServer:
        state = SeveraState.open(self._data)
        self._open.callback(state.close)
        self.base_url = self._open.enter_context(running_server(state, NO_QUOTA))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


@pytest.fixture
def quick_practice(monkeypatch: pytest.MonkeyPatch) -> None:
    """``brygga practice run`` in this process, without waiting for the quota."""
    monkeypatch.setattr("brygga.cli.practice_commands.ServerProcess", QuickServer)
