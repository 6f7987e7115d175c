"""The answer to a write-back is lost on the line: found out by looking, never repeated before the settling time."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.severa_server.faults import FaultKind
from brygga.rules.numbering import ocr
from brygga.store.journal.journal import OperationState
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.faults.conftest import MakeWorld
from tests.faults.fault_scenario import INVOICES, MASTERS, NEXT_NUMBER, NUMBERS
from tests.faults.fault_world import INVOICES_ONLY, SETTLED_LATER, World
from tests.faults.figures import Figures
from tests.faults.mortality import Mortality

DONE: dict[str, tuple[FaultKind, dict[str, Any]]] = {
    "done then closed": (FaultKind.DO_THEN_CLOSE, {}),
    "done then 500": (FaultKind.DO_THEN_ANSWER, {"status": 500}),
    "done then 503": (FaultKind.DO_THEN_ANSWER, {"status": 503}),
    "done then nothing until the time-out": (FaultKind.DO_THEN_WAIT, {"seconds": None}),
    "done then half an answer": (FaultKind.TRUNCATED_JSON, {}),
}
NOT_DONE: dict[str, tuple[FaultKind, dict[str, Any]]] = {
    "closed before it was done": (FaultKind.CLOSE_BEFORE, {}),
    "500 and not done": (FaultKind.ANSWER_INSTEAD, {"status": 500}),
    "nothing until the time-out, and not done": (FaultKind.WAIT_BEFORE, {"seconds": None}),
}
EACH_INVOICE = pytest.mark.parametrize("at", range(1, len(INVOICES) + 1))
EACH_MASTER = pytest.mark.parametrize("master", MASTERS)


def patches(there: World) -> int:
    """How many PATCHes Severa was sent so far."""
    return sum(asked.method == "PATCH" for asked in there.state.requests)


def states(there: World) -> list[RowState]:
    """How the invoices ended in one run."""
    (report,) = there.run(INVOICES_ONLY)
    return [result.state for result in report.results]


def spoiled(there: World, at: int, fault: tuple[FaultKind, dict[str, Any]]) -> None:
    """Order the fault for the ``at``-th PATCH."""
    kind, details = fault
    there.state.faults.order(kind, "PATCH", "/v1/invoices/*", first=at, **details)


@EACH_MASTER
@EACH_INVOICE
@pytest.mark.parametrize("fault", DONE)
def test_a_change_that_took_is_seen_and_not_repeated(
    world: MakeWorld, fault: str, at: int, master: str, figures: Figures
) -> None:
    since = time.monotonic()
    there = world(master)
    spoiled(there, at, DONE[fault])
    assert states(there) == [RowState.TRANSFERRED] * len(INVOICES)
    assert patches(there) == len(INVOICES)
    there.assert_done(INVOICES_ONLY)
    there.assert_nothing_left_to_write(INVOICES_ONLY)
    figures.note("lost answers", "write-back of an invoice", answers=1, seconds=time.monotonic() - since)


@EACH_MASTER
@EACH_INVOICE
@pytest.mark.parametrize("fault", NOT_DONE)
def test_a_change_that_did_not_take_waits_for_the_settling_time(
    world: MakeWorld, fault: str, at: int, master: str, figures: Figures
) -> None:
    since = time.monotonic()
    there = world(master)
    spoiled(there, at, NOT_DONE[fault])
    ended = [RowState.TRANSFERRED] * len(INVOICES)
    ended[at - 1] = RowState.TRANSFERRED_WITH_REMARK
    assert states(there) == ended
    for _ in range(2):
        there.clock += SETTLED_LATER / 3
        states(there)
        assert patches(there) == len(INVOICES), "repeated before the settling time had passed"
        assert OperationState.LINKED in there.operation_states()
    there.clock += SETTLED_LATER / 3
    states(there)
    assert patches(there) == len(INVOICES) + 1
    there.assert_done(INVOICES_ONLY)
    there.assert_nothing_left_to_write(INVOICES_ONLY)
    figures.note("lost answers", "write-back of an invoice", answers=1, seconds=time.monotonic() - since)


@EACH_MASTER
def test_a_change_that_takes_after_the_client_gave_up(world: MakeWorld, master: str) -> None:
    """It was still on its way when it was looked for: within the settling time it arrives and is seen."""
    there = world(master)
    spoiled(there, 1, (FaultKind.WAIT_BEFORE, {"seconds": None}))
    states(there)
    late: dict[str, Any] = {"status": {"guid": there.template.transferred_status}}
    if master == "administration":
        late |= {"number": NEXT_NUMBER, "referenceNumber": ocr(NEXT_NUMBER)}
    there.state.edit("invoices", INVOICES[0], late)
    there.clock += SETTLED_LATER / 2
    states(there)
    assert patches(there) == len(INVOICES)
    there.assert_done(INVOICES_ONLY)
    there.assert_nothing_left_to_write(INVOICES_ONLY)


@EACH_MASTER
@pytest.mark.parametrize("fault", [*DONE, *NOT_DONE])
def test_a_look_up_that_fails_is_not_a_change_that_failed(world: MakeWorld, fault: str, master: str) -> None:
    """Neither the change's answer nor the invoice can be read: nothing is concluded, nothing is sent again."""
    there = world(master)
    spoiled(there, 1, (DONE | NOT_DONE)[fault])
    # The invoices are planned from the list; only the look-up asks one by itself. More often than a read is repeated.
    there.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/invoices/invoice-1", times=100, status=503)
    assert states(there)[0] is RowState.TRANSFERRED_WITH_REMARK
    there.clock += SETTLED_LATER
    states(there)
    assert patches(there) == len(INVOICES), "repeated although it is not known whether it took"
    there.state.faults.clear()
    states(there)
    assert patches(there) == len(INVOICES) + (fault in NOT_DONE)
    there.assert_done(INVOICES_ONLY)
    there.assert_nothing_left_to_write(INVOICES_ONLY)


@EACH_MASTER
def test_every_answer_is_lost(world: MakeWorld, master: str) -> None:
    there = world(master)
    spoiled(there, 1, DONE["done then closed"])
    spoiled(there, 2, NOT_DONE["closed before it was done"])
    spoiled(there, 3, NOT_DONE["500 and not done"])
    states(there)
    mortality = Mortality()
    there.run(INVOICES_ONLY, mortality)
    assert mortality.outside == []
    for _ in range(2):
        there.clock += SETTLED_LATER
        states(there)
    assert patches(there) == len(INVOICES) + 2
    there.assert_done(INVOICES_ONLY)
    there.assert_nothing_left_to_write(INVOICES_ONLY)


@EACH_MASTER
@pytest.mark.parametrize("by_hand", [False, True])
def test_a_late_write_back_leaves_a_paid_invoice_paid(world: MakeWorld, master: str, by_hand: bool) -> None:
    """The answer to the write-back was lost and the customer pays at once: the payment waits for it, and what is
    repeated after the settling time does not set an invoice back that a person has set to paid."""
    there = world(master)
    spoiled(there, 1, NOT_DONE["closed before it was done"])
    states(there)
    statuses = {each["name"]: each["guid"] for each in there.state.documents("invoicestatuses")}
    number = min(NUMBERS["severa"]) if master == "severa" else NEXT_NUMBER
    user_ledgers.register_payment(there.folder / "company", number, Decimal(3750), date(2026, 2, 1))
    (report,) = there.run((Transfer.PAYMENTS,))
    waits = "FAK-323" if master == "severa" else "FAK-322"
    assert [(row.state, row.reasons[-1].code) for row in report.results] == [(RowState.WAITING, waits)]
    if by_hand:
        there.state.edit("invoices", INVOICES[0], {"status": {"guid": statuses["Betald"]}})
    there.clock += SETTLED_LATER
    states(there)
    there.run((Transfer.PAYMENTS,))
    invoice = there.state.document("invoices", INVOICES[0]) or {}
    assert invoice["status"]["guid"] == statuses["Betald"]
    if not by_hand:
        assert (invoice["number"], invoice["paymentDate"]) == (number, "2026-02-01")
    if master == "severa":
        assert set(there.operation_states()) == {OperationState.DONE}
