"""A preview, and a run with nothing to do, write nothing: counted at Severa's server, at the host and at the library.

The preview gets gateways that could write, so that it is the planning that is held, not the lock that stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from brygga.administration.host import WRITES
from brygga.administration.host_process import Answer
from brygga.runs.run import preview
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.company import Company
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.faults.conftest import MakeWorld
from tests.faults.fault_scenario import END, START
from tests.faults.fault_world import World
from tests.faults.mortality import HostInside, Mortality
from tests.faults.scenarios import new_card, nothing, paid_invoices, supplier_invoice

R = TypeVar("R")
NOTHING: Callable[[World], None] = nothing
PREPARED = dict.fromkeys(PLANNERS, NOTHING) | {
    Transfer.CUSTOMERS_TO_SEVERA: new_card,
    Transfer.SUPPLIER_INVOICES: supplier_invoice,
    Transfer.PAYMENTS: paid_invoices,
}
"""What people did, so that each transfer has something to write."""
CHANGING = {"add", "update", "delete_record", "delete_row"}
"""The calls of the library that change the company."""
EACH_TRANSFER = pytest.mark.parametrize("transfer", PLANNERS, ids=lambda transfer: transfer.value)


class Noted(Mortality):
    """Notes every call to the library and every request, those that only read too."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def read(self, name: str, effect: Callable[[], R]) -> R:
        self.asked.append(name)
        return super().read(name, effect)


class NotedHost(HostInside):
    """Notes what the host is asked for."""

    def __init__(self, noted: Noted) -> None:
        super().__init__(noted)
        self.operations: list[str] = []

    def _ask(self, operation: str, arguments: Any, during: str) -> Answer:
        self.operations.append(operation)
        return super()._ask(operation, arguments, during)


@contextmanager
def writing_nothing(there: World, *, commits: bool) -> Iterator[Company]:
    """The program, held to write nothing; ``commits``: it may note in its own store that it ran."""
    before = there.kept()
    there.state.requests.clear()
    noted = Noted()
    host = NotedHost(noted)
    with there.program(noted, host) as company:
        yield company
    assert "GET" in {asked.method for asked in there.state.requests}
    changes = [asked.path for asked in there.state.requests if asked.method != "GET"]
    assert set(changes) <= {"/v1/token"}, "Severa was asked to change something"
    assert host.operations, "the host was not used: the count proves nothing"
    assert not WRITES & set(host.operations), "the host was asked to change something"
    assert noted.asked, "the library was not used: the count proves nothing"
    assert not CHANGING & {*noted.asked, *noted.writes}, "the library was asked to change something"
    assert commits or noted.writes == []
    assert there.kept() == before


@EACH_TRANSFER
def test_a_preview_makes_no_write(world: MakeWorld, transfer: Transfer) -> None:
    there = world("severa")
    PREPARED[transfer](there)
    selection = Selection(start=START, end=END) if transfer is Transfer.INVOICES else Selection()
    with writing_nothing(there, commits=False) as company:
        plans = preview(company, transfer, selection)
    assert any(plan.writes for plan in plans), "there was nothing to write: the preview proves nothing"


@EACH_TRANSFER
def test_a_run_with_nothing_to_do_makes_no_write(world: MakeWorld, transfer: Transfer) -> None:
    there = world("severa")
    PREPARED[transfer](there)
    (first,) = there.run((transfer,))
    assert first.written > 0, "nothing was transferred: the second run proves nothing"
    with writing_nothing(there, commits=True) as company:
        report = there.transfer(company, transfer)
    assert report.written == 0
