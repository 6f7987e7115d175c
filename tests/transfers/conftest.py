"""What the tests of several transfers begin with; each has its own ``world``."""

from __future__ import annotations

import pytest

from tests.transfers.practice_world import World


@pytest.fixture
def adm_world(world: World) -> World:
    """Administration is numbering master; its next number is 10457."""
    world.settings["numbering.master"] = "administration"
    return world
