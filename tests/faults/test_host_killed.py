"""The host process is killed before or after every add and every update: the program says so, goes on, and one
document is there (architecture, "Administration: the ADK boundary")."""

from __future__ import annotations

from pathlib import Path

import pytest

from brygga.administration.host_process import HostProcess
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.administration_practice import misbehaving
from tests.faults.conftest import MakeWorld
from tests.faults.fault_world import INVOICES_ONLY, MONTH

ADDS = 7
"""In the month: a customer, its two contacts, a project, an article and two invoices."""
UPDATES = 3
"""In the month: the customer that has moved, and two invoices marked as printed."""
CASES = [(MONTH, "administration", "add", at) for at in range(1, ADDS + 1)]
CASES += [(MONTH, "administration", "update", at) for at in range(1, UPDATES + 1)]
CASES += [(INVOICES_ONLY, "severa", "add", at) for at in (4, 5)]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("transfers", "master", "function", "at"), CASES)
def test_a_killed_host(
    world: MakeWorld, tmp_path: Path, transfers: tuple[Transfer, ...], master: str, function: str, at: int, when: str
) -> None:
    there = world(master)
    once = tmp_path / "crashed"
    host = HostProcess(misbehaving("crashing", function=function, when=when, at=at, once_file=str(once)))
    reports = there.run(transfers, host=host)
    assert once.exists(), "the host did not die: the test proves nothing"
    states = [result.state for report in reports for result in report.results]
    if function == "add":
        # A complete look-up after the death tells whether it was added, so the very same run gets through.
        assert set(states) <= {RowState.TRANSFERRED}
    else:
        # An update is not repeated blindly within the run: it is reported, and made good by the next one.
        assert set(states) & {RowState.IN_DOUBT, RowState.TRANSFERRED_WITH_REMARK}
        reasons = {why.code for report in reports for result in report.results for why in result.reasons}
        assert "ADK-506" in reasons
        there.run(transfers)
    there.assert_done(transfers)
    there.assert_nothing_left_to_write(transfers)


@pytest.mark.parametrize("function", ["add", "update"])
def test_a_host_that_dies_at_every_write(world: MakeWorld, tmp_path: Path, function: str) -> None:
    """Every start dies at its first write, before it: each row is reported, and nothing is taken for done."""
    there = world("administration")
    reports = there.run(
        MONTH, host=HostProcess(misbehaving("crashing", function=function, when="before", once_file=""))
    )
    states = [result.state for report in reports for result in report.results]
    assert set(states) & {RowState.IN_DOUBT, RowState.TRANSFERRED_WITH_REMARK}
    if function == "add":
        assert there.invoice_keys() == {}
    there.run(MONTH)
    there.assert_done(MONTH)
    there.assert_nothing_left_to_write(MONTH)
