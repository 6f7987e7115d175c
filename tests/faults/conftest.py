"""The small companies of the fault tests, built once, and the server that serves their practice Severa."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator

import pytest
import stamina
from coverage import Coverage

from brygga.practice.severa_server import SeveraState, running_server
from brygga.severa.http import ATTEMPTS
from tests.faults.fault_scenario import MASTERS, Template, build_template
from tests.faults.fault_world import Switchboard, World
from tests.faults.figures import Figures

MakeWorld = Callable[..., World]


@pytest.fixture(scope="module")
def unmeasured() -> Iterator[None]:
    """No coverage is measured: what is done thousands of times would be a third dearer, and others cover the lines."""
    measuring = Coverage.current()
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("COVERAGE_PROCESS_CONFIG", raising=False)  # by it coverage measures in child processes
        if measuring is not None:
            measuring.stop()
        yield
        if measuring is not None:
            measuring.start()


@pytest.fixture
def seldom_collected() -> Iterator[None]:
    """Garbage is looked for seldom, and not among what is there already: a test of hours makes little of it."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture(scope="session")
def figures() -> Figures:
    """Where the tests note what they measured, for ``docs/reliability.md``."""
    return Figures.asked_for()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """The small company under either numbering master."""
    folder = tmp_path_factory.mktemp("templates")
    return {master: build_template(folder / master, master) for master in MASTERS}


@pytest.fixture(scope="session")
def switchboard(templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Switchboard]:
    """The server, started once."""
    made = Switchboard()
    first = SeveraState.open(templates[MASTERS[0]].folder / "severa.sqlite")
    with running_server(first, wrap=lambda _: made) as made.url:
        yield made
    first.close()


@pytest.fixture
def world(
    templates: dict[str, Template], switchboard: Switchboard, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MakeWorld]:
    """Makes worlds: ``world(master)``. Requests are repeated without back-off time."""
    made: list[World] = []

    def make(master: str) -> World:
        made.append(World(tmp_path_factory.mktemp("world"), templates[master], master, switchboard))
        return made[-1]

    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield make
    for each in made:
        each.close()
