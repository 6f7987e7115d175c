"""The program is killed at every single write, just before and just after it: nothing is doubled, nothing is lost.

A write is a commit of the store, an add or update of the library, or a PATCH to Severa. The program dies there, is
started again on the same store and systems until nothing is open, and then once more.
"""

from __future__ import annotations

import random

import pytest

from brygga.transfers.plan import Transfer
from tests.faults.conftest import MakeWorld
from tests.faults.fault_scenario import MASTERS
from tests.faults.fault_world import INVOICES_ONLY, MONTH, REGISTERS, SETTLED_LATER, World
from tests.faults.mortality import COMMIT, PATCH, Killed, Mortality, When

DEATHS = 12
Transfers = tuple[Transfer, ...]
CASES = [
    pytest.param(REGISTERS, "severa", id="registers"),
    pytest.param(INVOICES_ONLY, "severa", id="invoices-severa"),
    pytest.param(INVOICES_ONLY, "administration", id="invoices-administration"),
]
"""What the program transfers when it dies, and the numbering master (which the registers do not know)."""


def finish(there: World, transfers: Transfers) -> bool:
    """Start again until nothing is open; whether the settling time of a lost answer had to pass first."""
    there.run(transfers)
    with there.program() as company:
        open_write_backs = company.journal.unfinished_write_backs()
    if not open_write_backs:
        return False
    there.clock += SETTLED_LATER
    there.run(transfers)
    return True


def killed(there: World, transfers: Transfers, mortality: Mortality) -> None:
    with pytest.raises(Killed):
        there.run(transfers, mortality)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("transfers", "master"), CASES)
def test_killed_at_every_write(world: MakeWorld, transfers: Transfers, master: str, when: When) -> None:
    undisturbed = Mortality()
    there = world(master)
    there.run(transfers, undisturbed)
    assert {COMMIT, "add"} <= set(undisturbed.writes)
    failures = []
    for at, name in enumerate(undisturbed.writes, start=1):
        there = world(master)
        mortality = Mortality(at, when)
        killed(there, transfers, mortality)
        try:
            assert mortality.writes == undisturbed.writes[:at]
            waited = finish(there, transfers)
            # Only a PATCH that may be on its way needs the settling time; what took or was never meant is seen at once.
            undone = undisturbed.writes[at - 1 :] if when == "before" else undisturbed.writes[at:]
            assert waited == (undone[:1] == [PATCH])
            there.assert_done(transfers)
            there.assert_nothing_left_to_write(transfers)
        except Exception as error:
            failures.append(f"{when} write {at} ({name}): {type(error).__name__}: {error}")
    assert failures == []


@pytest.mark.parametrize("master", MASTERS)
@pytest.mark.parametrize("seed", range(2))
def test_killed_again_and_again(world: MakeWorld, master: str, seed: int) -> None:
    """Settling is itself interrupted: the program is killed at a chosen write of each start until it gets through."""
    chance = random.Random(f"{master} {seed}")
    there = world(master)
    for _ in range(DEATHS):
        # What a run writes at least, done or not: one that dies later has got through.
        mortality = Mortality(chance.randint(1, 14), chance.choice(("before", "after")))
        killed(there, MONTH, mortality)
        assert max(there.invoice_keys().values(), default=0) <= 1
        there.clock += chance.choice((SETTLED_LATER, SETTLED_LATER / 10))
    finish(there, MONTH)
    there.assert_done(MONTH)
    there.assert_nothing_left_to_write(MONTH)
