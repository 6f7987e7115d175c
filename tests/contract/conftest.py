"""The library under test: the practice engine itself, and the same engine behind the C entry points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.library import AdkLibrary
from brygga.practice.adk_engine import library as practice_library
from brygga.practice.adk_engine.company import Switches
from tests.contract.adk_company import Clerk, build_place
from tests.contract.dotnet_double import NEEDS_MONO, build_wrapper, mono_is_there

OpenCompany = Callable[..., Clerk]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The .NET wrappers have neither buffers nor LONG dates: what the suite says of those is about the C interface."""
    without = [item for item in items if item.get_closest_marker("c_interface") and "dotnet" in item.name]
    if without:
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


@pytest.fixture(scope="session")
def compiled_library_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice engine compiled into a shared library, once per session."""
    from brygga.practice.adk_engine.native import build_library

    return build_library(tmp_path_factory.mktemp("adk"))


@pytest.fixture(scope="session")
def wrapper_file(tmp_path_factory: pytest.TempPathFactory, compiled_library_file: Path) -> Path:
    """The .NET assembly over the compiled practice library, once per session."""
    if not mono_is_there():
        pytest.skip(NEEDS_MONO)
    return build_wrapper(tmp_path_factory.mktemp("dotnet"), compiled_library_file)


@pytest.fixture(params=["engine", "compiled", "dotnet"])
def library(request: pytest.FixtureRequest) -> Iterator[AdkLibrary]:
    """A closed library; whatever a test leaves open is closed."""
    made: AdkLibrary
    if request.param == "engine":
        made = practice_library()
    elif request.param == "dotnet":
        from brygga.administration.adk.dotnet_library import DotNetLibrary

        made = DotNetLibrary(request.getfixturevalue("wrapper_file"))
    else:
        from brygga.administration.adk.ctypes_library import CtypesLibrary

        made = CtypesLibrary(request.getfixturevalue("compiled_library_file"))
    yield made
    made.close()


@pytest.fixture
def open_company(library: AdkLibrary, tmp_path: Path) -> OpenCompany:
    """Build and open the test company: ``open_company(**switches)``, with ``options`` for ``build_place``."""

    def opened(options: dict[str, Any] | None = None, **switches: Any) -> Clerk:
        place = build_place(tmp_path, switches=replace(Switches(), **switches), **(options or {}))
        clerk = Clerk(library, place)
        clerk.open()
        return clerk

    return opened


@pytest.fixture
def clerk(open_company: OpenCompany) -> Clerk:
    """The test company with default switches, open."""
    return open_company()
