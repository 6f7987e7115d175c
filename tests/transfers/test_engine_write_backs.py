"""What follows a document: number, reference, status and printing, each an intent of its own (§4.3, §4.11)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from brygga.records.reasons import Refused, reason
from brygga.records.target import Kind
from brygga.store.journal.journal import OperationState
from brygga.store.states import RowState
from brygga.transfers.plan import Action, SeveraChange
from tests.transfers.engine_world import (
    BUSY,
    DEAD,
    LOST,
    World,
    customer_plan,
    invoice_plan,
    master_plan,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_at_22_number_and_reference_are_written_back_in_one_change_then_printed(world: World) -> None:
    world.administration.next_number = 10457
    assert world.engine.carry_out(master_plan()).state is RowState.TRANSFERRED
    assert (world.severa.kept["i1"].number, world.severa.kept["i1"].reference_number) == (10457, "104570")
    assert world.severa.faults.calls["change_invoice"] == 1
    assert world.administration.posted[10457].printed


def test_at_96_not_printed_while_the_number_is_not_written_back(world: World) -> None:
    world.severa.faults.at("change_invoice", Refused(reason("SEV-705")))
    result = world.engine.carry_out(master_plan())
    assert result.state is RowState.TRANSFERRED_WITH_REMARK
    assert [why.code for why in result.reasons] == ["FAK-322", "SEV-705"]
    assert not world.administration.posted[501].printed
    world.engine.settle_all()
    assert world.administration.posted[501].printed
    assert world.administration.faults.calls["create"] == 1


def test_at_95_a_failed_printed_step_is_repeated_alone(world: World) -> None:
    plan = invoice_plan(write_back=SeveraChange(invoice_key="i1", status_key="sent", mark_printed=True))
    world.administration.faults.at("mark_printed", BUSY)
    world.administration.faults.at("mark_printed", Refused(reason("ADK-505")), call=2)
    result = world.engine.carry_out(plan)
    assert [why.code for why in result.reasons] == ["FAK-311", "SYS-904"]
    assert [why.code for why in world.engine.settle_all()[0].reasons] == ["FAK-311", "ADK-505"]
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.engine.settle_all() == ()
    assert world.administration.faults.calls["create"] == 1
    assert world.severa.faults.calls["change_invoice"] == 1


def test_a_printed_document_is_not_printed_again_after_a_lost_answer(world: World) -> None:
    plan = invoice_plan(write_back=SeveraChange(invoice_key="i1", mark_printed=True))
    world.administration.faults.at("mark_printed", DEAD, after=True)
    assert world.engine.carry_out(plan).state is RowState.TRANSFERRED_WITH_REMARK
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.administration.faults.calls["mark_printed"] == 1


def test_a_document_that_was_cancelled_meanwhile_is_not_marked_as_printed(world: World) -> None:
    """Administration refuses every change of it, so the remark would come again in every run."""
    plan = invoice_plan(write_back=SeveraChange(invoice_key="i1", mark_printed=True))
    world.administration.faults.at("mark_printed", BUSY)
    number = int(world.engine.carry_out(plan).target_key)
    posted = world.administration.posted
    posted[number] = msgspec.structs.replace(posted[number], cancelled=True)
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.administration.faults.calls["mark_printed"] == 1


def test_an_invoice_without_write_back_is_done_at_once(world: World) -> None:
    assert world.engine.carry_out(invoice_plan(write_back=None)).state is RowState.TRANSFERRED
    assert world.state("severa") is None


def test_a_document_that_somebody_changed_before_its_write_back_waits_for_a_person(world: World) -> None:
    world.severa.faults.at("change_invoice", Refused(reason("SEV-705")))
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED_WITH_REMARK
    posted = world.administration.posted[10234]
    world.administration.posted[10234] = msgspec.structs.replace(posted, total=Decimal("1300.00"))
    for _ in range(2):
        assert [why.code for why in world.engine.settle_all()[0].reasons] == ["FAK-312"]
    assert [each.source_key for each in world.journal.undecided()] == ["i1"]


def test_a_link_that_is_gone_takes_note_of_nothing(world: World) -> None:
    plan = customer_plan(action=Action.NOTHING, target_key="1042", renews=True, content_hash="h")
    assert world.engine.carry_out(plan).state is RowState.TRANSFERRED
    assert world.journal.link_of(Kind.CUSTOMER, "c1") is None


def test_a_deviating_total_keeps_the_document_and_writes_nothing_back(world: World) -> None:
    world.administration.total_deviates = Decimal("0.50")
    result = world.engine.carry_out(invoice_plan())
    assert (result.state, result.reasons[0].code) == (RowState.TRANSFERRED_WITH_REMARK, "FAK-312")
    assert "change_invoice" not in world.severa.faults.calls
    assert world.engine.settle_all()[0].reasons[0].code == "FAK-312"


def test_a_write_back_whose_answer_is_lost_but_took_is_done(world: World) -> None:
    world.severa.faults.at("change_invoice", LOST, after=True)
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED
    assert world.state("severa") is OperationState.DONE


def test_a_write_back_that_did_not_take_is_repeated_only_after_the_settling_time(world: World) -> None:
    world.severa.faults.at("change_invoice", LOST)
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED_WITH_REMARK
    world.clock += timedelta(seconds=60)
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED_WITH_REMARK
    assert world.severa.faults.calls["change_invoice"] == 1
    world.clock += timedelta(seconds=61)
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.severa.faults.calls["change_invoice"] == 2


def test_a_write_back_that_arrived_later_is_found(world: World) -> None:
    world.severa.faults.at("change_invoice", LOST)
    world.engine.carry_out(invoice_plan())
    world.severa.change_invoice("i1", status_key="sent")
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED


@pytest.mark.parametrize("answer_lost", [False, True])
def test_a_write_back_of_an_invoice_that_is_gone_is_a_remark_once(world: World, answer_lost: bool) -> None:
    """Every run would be refused again, and say so."""
    if answer_lost:
        world.severa.faults.at("change_invoice", LOST)
    del world.severa.kept["i1"]
    result = world.engine.carry_out(invoice_plan())
    if answer_lost:
        assert [why.code for why in result.reasons] == ["FAK-323", "SEV-708"]
        world.clock += timedelta(seconds=121)
        result = world.engine.settle_all()[0]
    assert (result.state, [why.code for why in result.reasons]) == (RowState.TRANSFERRED_WITH_REMARK, ["FAK-334"])
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.engine.settle_all() == ()
    assert world.severa.faults.calls["change_invoice"] == 1 + answer_lost


def test_a_write_back_that_is_refused_while_severa_cannot_be_read_is_tried_again(world: World) -> None:
    world.severa.faults.at("change_invoice", Refused(reason("SEV-704")))
    world.severa.faults.at("invoice", BUSY)
    result = world.engine.carry_out(invoice_plan())
    assert [why.code for why in result.reasons] == ["FAK-323", "SEV-704"]
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED


def test_an_unavailable_write_back_is_a_remark_and_repeated(world: World) -> None:
    world.severa.faults.at("change_invoice", BUSY)
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED_WITH_REMARK
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
    assert world.administration.faults.calls["create"] == 1


def test_a_look_up_that_fails_while_resuming_leaves_the_remark(world: World) -> None:
    world.severa.faults.at("change_invoice", BUSY)
    world.engine.carry_out(invoice_plan())
    world.administration.faults.at("invoice", BUSY, call=world.administration.faults.calls["invoice"] + 1)
    assert world.engine.settle_all()[0].reasons[0].code == "SYS-904"
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED


def test_a_document_deleted_by_hand_before_resuming_still_gets_its_write_back(world: World) -> None:
    world.severa.faults.at("change_invoice", BUSY)
    world.engine.carry_out(invoice_plan())
    world.administration.posted.clear()
    assert world.engine.settle_all()[0].state is RowState.TRANSFERRED
