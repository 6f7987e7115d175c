"""The state machine of one document: every branch of it, with faults placed by hand (architecture, semantics §4.12)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from brygga.records.target import Kind
from brygga.store.journal.journal import OperationState, Snapshot
from brygga.store.states import RowState
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Action
from tests.transfers.engine_world import (
    BUSY,
    DEAD,
    NO,
    World,
    invoice_plan,
    master_plan,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_invoice_is_added_linked_and_its_status_written_back(world: World) -> None:
    result = world.engine.carry_out(invoice_plan())
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "10234")
    assert world.state() is OperationState.DONE
    assert world.severa.kept["i1"].status_key == "sent"
    link = world.journal.link_of(Kind.INVOICE, "i1")
    assert link is not None
    assert (link.target_key, link.snapshot.total) == ("10234", Decimal("1250.00"))


def test_a_second_time_nothing_is_written(world: World) -> None:
    world.engine.carry_out(invoice_plan())
    result = world.engine.carry_out(invoice_plan())
    assert [why.code for why in result.reasons] == ["FAK-309"]
    assert world.administration.faults.calls["create"] == 1
    assert world.severa.faults.calls["change_invoice"] == 1


def test_a_host_killed_after_the_add_leaves_one_document(world: World) -> None:
    world.administration.faults.at("create", DEAD, after=True)
    result = world.engine.carry_out(master_plan())
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "501")
    assert len(world.administration.posted) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_a_document_numbered_below_others_is_found(world: World, keeps: bool) -> None:
    """A gap was filled, or Administration did not keep the number it was given (contracts/adk.md §3)."""
    world.administration.post(invoice_plan("other", number=20000).payload)  # type: ignore[arg-type]
    world.administration.keep_number = keeps
    world.administration.next_number = 501
    world.administration.faults.at("create", DEAD, after=True)
    world.engine.carry_out(invoice_plan() if not keeps else master_plan())
    assert sorted(world.administration.posted) == [501, 20000]


def test_a_host_killed_before_the_add_is_asked_again_once(world: World) -> None:
    world.administration.faults.at("create", DEAD)
    assert world.engine.carry_out(master_plan()).state is RowState.TRANSFERRED
    assert len(world.administration.posted) == 1


def test_a_host_that_dies_twice_leaves_the_intent_for_the_next_run(world: World) -> None:
    world.administration.faults.at("create", DEAD)
    world.administration.faults.at("create", DEAD, call=2, after=True)
    assert world.engine.carry_out(master_plan()).state is RowState.IN_DOUBT
    assert world.state() is OperationState.INTENDED
    settled = world.engine.settle_all()
    assert [(r.state, r.target_key) for r in settled] == [(RowState.TRANSFERRED, "501")]
    assert len(world.administration.posted) == 1


def test_a_failed_look_up_is_never_not_found(world: World) -> None:
    world.administration.faults.at("create", DEAD, after=True)
    world.administration.faults.at("invoices_after", BUSY, call=2)
    world.administration.faults.at("invoices_after", BUSY, call=3)
    assert world.engine.carry_out(invoice_plan()).state is RowState.IN_DOUBT
    # The look-up after the lost answer could not be made: whether the document is there is open.
    assert world.state() is OperationState.INTENDED
    assert [why.code for why in world.engine.settle_all()[0].reasons] == ["FAK-310", "SYS-904"]
    assert world.state() is OperationState.INTENDED
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED
    assert len(world.administration.posted) == 1


def test_an_unfinished_intent_that_never_arrived_is_released_and_sent(world: World) -> None:
    world.journal.intend(transfer="invoices", source_key="i1", write="create", payload=invoice_plan(), after=0)
    assert world.engine.settle_all() == ()
    assert world.state() is OperationState.RELEASED
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED


def test_an_unfinished_intent_met_while_carrying_out_is_settled_first(world: World) -> None:
    world.journal.intend(transfer="invoices", source_key="i1", write="create", payload=invoice_plan(), after=0)
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED
    assert len(world.administration.posted) == 1


def test_our_own_document_from_a_lost_store_is_linked_not_sent(world: World) -> None:
    world.administration.post(invoice_plan().payload)  # type: ignore[arg-type]
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED
    assert "create" not in world.administration.faults.calls


def test_at_24_a_number_that_another_document_took_is_refused(world: World) -> None:
    other = msgspec.structs.replace(invoice_plan().payload, remark="")  # type: ignore[type-var]
    world.administration.post(other)  # type: ignore[arg-type]
    result = world.engine.carry_out(invoice_plan())
    assert (result.state, [why.code for why in result.reasons]) == (RowState.FAILED, ["FAK-302"])
    assert world.state() is OperationState.REFUSED


def test_two_documents_with_our_key_are_in_doubt_and_stay_so(world: World) -> None:
    world.journal.intend(transfer="invoices", source_key="i1", write="create", payload=master_plan(), after=0)
    for _ in range(2):
        world.administration.post(master_plan().payload)  # type: ignore[arg-type]
    assert world.engine.settle_all()[0].state is RowState.IN_DOUBT
    assert world.engine.carry_out(master_plan()).state is RowState.IN_DOUBT
    assert len(world.administration.posted) == 2


def test_a_number_that_the_journal_knows_as_anothers_is_in_doubt(world: World) -> None:
    world.journal.couple(Kind.INVOICE, "old", "501", Snapshot(number="501", name="Gammal kund"))
    result = world.engine.carry_out(master_plan())
    assert (result.state, result.reasons[0].code) == (RowState.IN_DOUBT, "FAK-333")


def test_a_document_of_another_company_is_refused(world: World) -> None:
    Engine(world.company("beta")).carry_out(invoice_plan())
    result = world.engine.carry_out(invoice_plan())
    assert (result.state, result.reasons[0].code) == (RowState.FAILED, "SYS-912")


@pytest.mark.parametrize(("fault", "state"), [(NO, OperationState.REFUSED), (BUSY, OperationState.RELEASED)])
def test_a_refused_or_unavailable_add_fails_the_row_and_may_be_tried_again(
    world: World, fault: Exception, state: OperationState
) -> None:
    world.administration.faults.at("create", fault)
    assert world.engine.carry_out(invoice_plan()).state is RowState.FAILED
    assert world.state() is state
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED


def test_a_number_that_differs_from_the_one_given_is_told(world: World) -> None:
    world.administration.keep_number = False
    result = world.engine.carry_out(invoice_plan())
    assert [why.code for why in result.reasons] == ["FAK-328"]
    assert result.target_key == "501"


def test_a_net_that_differs_is_told_with_both_values(world: World) -> None:
    plan = invoice_plan()
    world.engine.carry_out(plan)
    posted = world.administration.posted[10234]
    from brygga.transfers.deviations import document_deviations

    found = document_deviations(plan, msgspec.structs.replace(posted, net=Decimal(999)))
    assert (found[0].param("a"), found[0].param("b")) == ("1000.00", "999")


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (Action.SKIP, RowState.SKIPPED),
        (Action.WAIT, RowState.WAITING),
        (Action.REFUSE, RowState.FAILED),
        (Action.NOTHING, RowState.TRANSFERRED),
    ],
)
def test_plans_that_write_nothing_end_as_planned(world: World, action: Action, state: RowState) -> None:
    result = world.engine.carry_out(invoice_plan(action=action))
    assert result.state is state
    assert world.administration.faults.calls == {}


def test_a_last_number_that_cannot_be_read_fails_the_row_before_anything_is_intended(world: World) -> None:
    world.administration.faults.at("last_invoice_number", BUSY)
    result = world.engine.carry_out(invoice_plan())
    assert (result.state, result.reasons[0].code) == (RowState.FAILED, "SYS-904")
    assert world.state() is None
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED


def test_a_document_of_another_company_is_not_sent_again(world: World) -> None:
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED
    elsewhere = Engine(world.company("beta"), now=lambda: world.clock)
    result = elsewhere.carry_out(invoice_plan())
    assert (result.state, result.reasons[0].code) == (RowState.FAILED, "SYS-912")
