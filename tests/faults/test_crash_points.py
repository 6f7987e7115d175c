"""The program is killed before and after every commit, HTTP call and library call: nothing is doubled, nothing is lost.

It is started on what each crash point leaves on the disk until nothing is open, and then once more.
"""

from __future__ import annotations

import random
import time
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.transfers.plan import Transfer
from tests.faults.conftest import MakeWorld
from tests.faults.crash_points import Image, Photographer
from tests.faults.fault_scenario import INVOICES, MASTERS, NEXT_NUMBER
from tests.faults.fault_world import BEGINNING, INVOICES_ONLY, MONTH, SETTLED_LATER, World, emptied
from tests.faults.figures import Figures
from tests.faults.mortality import COMMIT, PATCH, POST, Killed, Mortality
from tests.faults.scenarios import SCENARIOS, Scenario, added

DEATHS = 12


def finish(there: World, scenario: Scenario) -> bool:
    """Start again until nothing is open; whether the settling time of a lost answer had to pass first."""
    there.run(scenario.transfers)
    if not there.unfinished():
        return False
    there.clock += SETTLED_LATER
    there.run(scenario.transfers)
    return True


def restarted(there: World, scenario: Scenario, image: Image, writes: list[str]) -> None:
    """Start on what the crash left, and hold the end to the promise."""
    there.clock = BEGINNING
    waited = finish(there, scenario)
    # Only a change of Severa that may be on its way needs the settling time; what took, or was never meant, is seen.
    following = writes[image.writes_done : image.writes_done + 1]
    assert not waited or following in ([PATCH], [POST])
    # What follows a customer in the same creation (its address) needs no waiting: the customer is seen.
    assert waited or following != [PATCH] or Transfer.CUSTOMERS_TO_SEVERA in scenario.transfers
    scenario.check(there)
    there.assert_nothing_left_to_write(scenario.transfers)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_killed_before_and_after_every_io(
    world: MakeWorld, scenario: Scenario, tmp_path: Path, figures: Figures
) -> None:
    begun = time.monotonic()
    there = world(scenario.master)
    scenario.prepare(there)
    photographer = Photographer(there.folder, tmp_path / "images")
    there.run(scenario.transfers, photographer)
    assert COMMIT in photographer.writes
    assert photographer.outside, "nothing was transferred: the scenario proves nothing"
    assert len(photographer.images) > len(photographer.writes), "a write left no trace: the images prove nothing"
    failures = []
    for image in photographer.images:
        try:
            there.become(image.folder)
            restarted(there, scenario, image, photographer.writes)
        except Exception as error:
            failures.append(f"point {image.point}: {type(error).__name__}: {error}")
    assert failures == []
    points, restarts = len(photographer.points), len(photographer.images)
    figures.note("crash points", scenario.name, points=points, restarts=restarts, seconds=time.monotonic() - begun)


@pytest.mark.timeout(3600)
def test_killed_at_every_write_on_postgresql(world: MakeWorld, postgresql_database: str, figures: Figures) -> None:
    """The invoices on the other kind of store; between two writes nothing changes, so a death before each is enough."""
    begun = time.monotonic()
    scenario = Scenario("invoices-administration", INVOICES_ONLY, "administration")
    undisturbed = Mortality()
    there = world(scenario.master)
    there.store_at = emptied(postgresql_database)
    there.run(scenario.transfers, undisturbed)
    failures = []
    for at, name in enumerate(undisturbed.writes, start=1):
        there = world(scenario.master)
        there.store_at = emptied(postgresql_database)
        with pytest.raises(Killed):
            there.run(scenario.transfers, Mortality(at, "before"))
        try:
            finish(there, scenario)
            there.assert_done(scenario.transfers)
            there.assert_nothing_left_to_write(scenario.transfers)
        except Exception as error:
            failures.append(f"before write {at} ({name}): {type(error).__name__}: {error}")
    assert failures == []
    seconds = time.monotonic() - begun
    figures.note("crash points on PostgreSQL", scenario.name, points=len(undisturbed.writes), seconds=seconds)


@pytest.mark.parametrize("at", range(1, len(INVOICES) + 1))
def test_killed_at_the_add_of_a_number_below_others(world: MakeWorld, at: int) -> None:
    """Whoever fills a gap sets the next number below those in use (contracts/adk.md §3): what a killed program added
    there is found all the same, though its intent noted a higher number as the last one."""
    scenario = Scenario("invoices-administration", INVOICES_ONLY, "administration")
    undisturbed = Mortality()
    world(scenario.master).run(INVOICES_ONLY, undisturbed)
    adds = [place for place, name in enumerate(undisturbed.writes, start=1) if name == "add"]
    there = world(scenario.master)
    number = Decimal(NEXT_NUMBER + 100)
    added(there, "INVOICE_HEAD", DOCUMENT_NUMBER=number, DOCUMENT_DATE1=20260115, TYPE_OF_INVOICE="F")
    with pytest.raises(Killed):
        there.run(INVOICES_ONLY, Mortality(adds[-at], "after"))
    finish(there, scenario)
    assert [there.invoice_keys()[f"SEVERA:{key}"] for key in INVOICES] == [1] * len(INVOICES)
    there.assert_nothing_left_to_write(INVOICES_ONLY)


@pytest.mark.parametrize("master", MASTERS)
@pytest.mark.parametrize("seed", range(2))
def test_killed_again_and_again(world: MakeWorld, master: str, seed: int) -> None:
    """Settling is itself interrupted: the program is killed at a chosen write of each start until it gets through."""
    chance = random.Random(f"{master} {seed}")
    there = world(master)
    for _ in range(DEATHS):
        # What a run writes at least, done or not: one that dies later has got through.
        mortality = Mortality(chance.randint(1, 14), chance.choice(("before", "after")))
        with pytest.raises(Killed):
            there.run(MONTH, mortality)
        assert max(there.invoice_keys().values(), default=0) <= 1
        there.clock += chance.choice((SETTLED_LATER, SETTLED_LATER / 10))
    finish(there, Scenario("month", MONTH, master))
    there.assert_done(MONTH)
    there.assert_nothing_left_to_write(MONTH)
