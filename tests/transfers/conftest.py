"""What the tests of several transfers begin with; each has its own ``world``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.transfers.practice_world import World, practice_world


@pytest.fixture
def adm_world(world: World) -> World:
    """Administration is numbering master; its next number is 10457."""
    world.settings["numbering.master"] = "administration"
    return world


@pytest.fixture(params=["severa", "administration"])
def each_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A customer and an article in Severa, once under each numbering master."""
    with practice_world(tmp_path, numbering__master=request.param) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made
        made.store.dispose()
