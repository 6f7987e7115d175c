"""Every write of the transfers to Severa is performed and its answer lost, or lost on its way: whatever the write, the
runs end where they would have ended undisturbed, with nothing twice and nothing missing.

The writes are those of an undisturbed run, so that a write that is added to a transfer is covered at once.
"""

from __future__ import annotations

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user
from brygga.practice.administration_base import field_named, table_named
from brygga.practice.severa_server.faults import FaultKind
from brygga.severa.operations import operation_of
from brygga.store.journal.journal import OperationState
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.faults.conftest import MakeWorld
from tests.faults.fault_world import BEGINNING, SETTLED_LATER, World
from tests.faults.figures import Figures
from tests.faults.scenarios import added, paid_invoices, supplier_invoice

DONE: dict[str, tuple[FaultKind, dict[str, Any]]] = {
    "done then closed": (FaultKind.DO_THEN_CLOSE, {}),
    "done then 500": (FaultKind.DO_THEN_ANSWER, {"status": 500}),
    "done then nothing until the time-out": (FaultKind.DO_THEN_WAIT, {"seconds": None}),
}
NOT_DONE: dict[str, tuple[FaultKind, dict[str, Any]]] = {
    "closed before it was done": (FaultKind.CLOSE_BEFORE, {}),
}
WRITTEN = (
    "customers",
    "addresses",
    "customercountrysettings",
    "contactpersons",
    "contactcommunications",
    "projectfees",
    "invoices",
)
"""The collections of Severa that the transfers write to."""
CHANGING = {"guid", "createdDateTime", "lastUpdatedDateTime", "createdBy", "lastUpdatedBy"}


def new_export_customer(there: World) -> None:
    """A customer abroad with a contact, of which every resource in Severa has something to keep."""
    added(
        there,
        "CUSTOMER",
        NUMBER="3001",
        NAME="Köln GmbH",
        MAILING_ADDRESS="Ring 3",
        CITY="Köln",
        VAT_NUMBER="DE123456789",
        CODE_OF_COUNTRY="DE",
        COUNTRY="Tyskland",
        EXPORT=True,
    )
    ways = {"TELEPHONE": "0221-1", "EMAIL": "asa@koln.example"}
    added(there, "CONTACT", CUSTOMER_NUMBER="3001", NAME="Åsa Öberg", **ways)


def changed_export_customer(there: World) -> None:
    """That customer is in Severa already, and since then everything on both cards was changed."""
    new_export_customer(there)
    there.run((Transfer.CUSTOMERS_TO_SEVERA,))
    changed(there, "CUSTOMER", "3001", NAME="Köln AG", MAILING_ADDRESS="Ring 4", EXPORT=False)
    ((contact,),) = there.records("CONTACT", "ID")
    ways = {"TELEPHONE": "0221-2", "MOBILEPHONE": "0170-1", "EMAIL": "asa@ag.example"}
    changed(there, "CONTACT", contact, NAME="Åsa Ek", **ways)


def changed(there: World, table: str, key: str, **values: Any) -> None:
    """A person changes a card in Administration."""
    known = table_named(table)
    fields = {field_named(known, name).id: value for name, value in values.items()}
    user.change(there.folder / "company", known.id, key, fields)


@dataclass(frozen=True)
class Situation:
    """A transfer to Severa with something to write."""

    name: str
    transfer: Transfer
    prepare: Callable[[World], None]


SITUATIONS = (
    Situation("a new customer", Transfer.CUSTOMERS_TO_SEVERA, new_export_customer),
    Situation("a changed customer", Transfer.CUSTOMERS_TO_SEVERA, changed_export_customer),
    Situation("a supplier invoice", Transfer.SUPPLIER_INVOICES, supplier_invoice),
    Situation("payments", Transfer.PAYMENTS, paid_invoices),
)
EACH_SITUATION = pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
REMARK = RowState.TRANSFERRED_WITH_REMARK
Write = tuple[str, str, int]
"""Method and path pattern of a write, and which of its kind it is in the run."""


def pattern(method: str, path: str) -> str:
    """The path with a star for each guid."""
    return re.sub(r"{\w+}", "*", operation_of(method, path).path)


def writes(there: World) -> list[Write]:
    """The writes that Severa was asked for since the log was emptied."""
    kinds: Counter[tuple[str, str]] = Counter()
    found = []
    for asked in there.state.requests:
        if asked.method != "GET" and asked.path != "/v1/token":
            kind = (asked.method, pattern(asked.method, asked.path))
            kinds[kind] += 1
            found.append((*kind, kinds[kind]))
    return found


def contents(there: World) -> dict[str, list[str]]:
    """All that the transfers write to in Severa, without what the server chooses itself."""
    return {name: sorted(str(_said(each)) for each in there.state.documents(name)) for name in WRITTEN}


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _said(inner) for name, inner in sorted(value.items()) if name not in CHANGING}
    return [_said(inner) for inner in value] if isinstance(value, list) else value


class Prepared:
    """A situation arranged once, to begin from as often as there are writes to spoil."""

    def __init__(self, world: MakeWorld, situation: Situation, folder: Path) -> None:
        self.there = world("severa")
        self._transfers = (situation.transfer,)
        situation.prepare(self.there)
        self._image = folder / "prepared"
        shutil.copytree(self.there.folder, self._image)
        self.there.state.requests.clear()
        self.states()
        self.writes = writes(self.there)
        self.expected = contents(self.there)
        """Severa as the undisturbed run leaves it."""

    def states(self) -> dict[str, RowState]:
        """How the rows of one run ended."""
        (report,) = self.there.run(self._transfers)
        return {result.plan.source_key: result.state for result in report.results}

    def spoiled(self, write: Write, fault: tuple[FaultKind, dict[str, Any]]) -> dict[str, RowState]:
        """Begin again; one run in which this write meets the fault."""
        self.there.become(self._image)
        self.there.clock = BEGINNING
        order = self.there.state.faults.order(fault[0], *write[:2], first=write[2], **fault[1])
        states = self.states()
        assert order.seen >= write[2], "the write was not made: the test proves nothing"
        self.there.state.faults.clear()
        return states

    def ends_as_undisturbed(self) -> None:
        """One run after the settling time makes all good, and the next has nothing to do."""
        if self.there.unfinished() or contents(self.there) != self.expected:
            self.there.clock += SETTLED_LATER
            self.states()
        assert contents(self.there) == self.expected
        assert set(self.there.operation_states()) <= {OperationState.DONE, OperationState.RELEASED}
        self.there.assert_nothing_left_to_write(self._transfers)


REST_NOT_WRITTEN = (
    "the resources of the card that come after it were not written, so the change as a whole did not take"
)
AT_ONCE: dict[tuple[str, Write], tuple[RowState, str]] = {
    ("a new customer", ("PATCH", "/v1/customers/*", 1)): (RowState.IN_DOUBT, REST_NOT_WRITTEN),
    ("a changed customer", ("PATCH", "/v1/customers/*", 1)): (RowState.IN_DOUBT, REST_NOT_WRITTEN),
    ("a changed customer", ("PATCH", "/v1/addresses/*", 1)): (RowState.IN_DOUBT, REST_NOT_WRITTEN),
    ("a changed customer", ("PATCH", "/v1/contactpersons/*", 1)): (REMARK, REST_NOT_WRITTEN),
    ("a changed customer", ("PATCH", "/v1/contactcommunications/*", 1)): (REMARK, REST_NOT_WRITTEN),
    ("a changed customer", ("POST", "/v1/contactcommunications", 1)): (REMARK, REST_NOT_WRITTEN),
}
"""The writes that were done and are in doubt although Severa can be searched, and why; a contact's doubt is a remark on
its customer. Every other write that was done is known to be done in the same run."""


@EACH_SITUATION
@pytest.mark.parametrize("fault", DONE)
def test_a_write_that_was_done_is_found_and_never_repeated(
    world: MakeWorld, situation: Situation, fault: str, tmp_path: Path, figures: Figures
) -> None:
    since = time.monotonic()
    prepared = Prepared(world, situation, tmp_path)
    assert prepared.writes
    for write in prepared.writes:
        states = prepared.spoiled(write, DONE[fault])
        expected, why = AT_ONCE.get((situation.name, write), (RowState.TRANSFERRED, "it is found by looking"))
        worst = [state for state in states.values() if state is not RowState.TRANSFERRED]
        assert worst == ([] if expected is RowState.TRANSFERRED else [expected]), f"{write}: {why}"
        prepared.ends_as_undisturbed()
    figures.note("lost answers", situation.name, answers=len(prepared.writes), seconds=time.monotonic() - since)


@EACH_SITUATION
@pytest.mark.parametrize("fault", NOT_DONE)
def test_a_write_that_was_not_done_is_made_once(
    world: MakeWorld, situation: Situation, fault: str, tmp_path: Path, figures: Figures
) -> None:
    since = time.monotonic()
    prepared = Prepared(world, situation, tmp_path)
    for write in prepared.writes:
        prepared.spoiled(write, NOT_DONE[fault])
        assert contents(prepared.there) != prepared.expected
        prepared.ends_as_undisturbed()
    figures.note("lost answers", situation.name, answers=len(prepared.writes), seconds=time.monotonic() - since)


@pytest.mark.parametrize(
    ("situation", "write"),
    [(SITUATIONS[0], ("POST", "/v1/customers", 1)), (SITUATIONS[2], ("POST", "/v1/projectfees", 1))],
    ids=["customer", "project fee"],
)
def test_a_document_that_may_be_on_its_way_is_not_made_again_before_the_settling_time(
    world: MakeWorld, situation: Situation, write: Write, tmp_path: Path
) -> None:
    prepared = Prepared(world, situation, tmp_path)
    states = prepared.spoiled(write, NOT_DONE["closed before it was done"])
    assert RowState.IN_DOUBT in states.values()
    for _ in range(2):
        prepared.there.clock += SETTLED_LATER / 3
        prepared.there.state.requests.clear()
        prepared.states()
        assert write not in writes(prepared.there)
    prepared.ends_as_undisturbed()
