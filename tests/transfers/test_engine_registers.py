"""Cards, their needs and parts, and changes of what exists: as the engine carries them out (semantics §4.7, §4.12)."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from brygga.records.reasons import Level, reason
from brygga.records.target import ArticleCard, CustomerCard, Kind
from brygga.store.journal.journal import OperationState, Snapshot
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Change, Plan, Transfer
from tests.transfers.engine_world import (
    BUSY,
    DEAD,
    NO,
    World,
    contact_plan,
    customer_plan,
    invoice_plan,
    severa_invoice,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_needs_come_first_and_their_notes_stand_with_the_invoice(world: World) -> None:
    need = customer_plan(automatic=True, reasons=(reason("KND-110", Level.NOTE, nr="1042"),))
    result = world.engine.carry_out(invoice_plan(needs=(need,)))
    assert [why.code for why in result.reasons] == ["KND-110"]
    assert (Kind.CUSTOMER, "1042") in world.administration.cards


def test_at_62_two_invoices_that_need_one_customer_create_it_once(world: World) -> None:
    need = customer_plan(automatic=True)
    world.severa.kept["i2"] = severa_invoice("i2", 10235)
    for plan in (invoice_plan(needs=(need,)), invoice_plan("i2", 10235, needs=(need,))):
        assert world.engine.carry_out(plan).state is RowState.TRANSFERRED
    assert world.administration.faults.calls["create"] == 3


def test_a_need_that_fails_fails_the_invoice_and_nothing_is_sent(world: World) -> None:
    world.administration.faults.at("create", NO)
    result = world.engine.carry_out(invoice_plan(needs=(customer_plan(automatic=True),)))
    assert result.state is RowState.FAILED
    assert not world.administration.posted


def test_a_need_taken_by_another_record_meanwhile_is_refused(world: World) -> None:
    world.administration.cards[(Kind.CUSTOMER, "1042")] = CustomerCard(number="1042", name="Annan AB")
    result = world.engine.carry_out(customer_plan())
    assert (result.state, result.reasons[0].code) == (RowState.FAILED, "REG-861")


def test_a_customer_added_before_a_crash_is_found_and_linked(world: World) -> None:
    world.administration.cards[(Kind.CUSTOMER, "1042")] = CustomerCard(number="1042", name="Bygg AB", city="Umeå")
    assert world.engine.carry_out(customer_plan()).state is RowState.TRANSFERRED
    assert "create" not in world.administration.faults.calls


def test_a_customer_that_is_linked_already_is_not_created(world: World) -> None:
    world.engine.carry_out(customer_plan())
    assert world.engine.carry_out(customer_plan()).reasons[0].code == "FAK-309"
    assert world.administration.faults.calls["create"] == 1


def test_an_operation_done_without_its_link_is_still_not_repeated(world: World) -> None:
    world.journal.couple(Kind.INVOICE, "i1", "10234", Snapshot(number="10234", name="Bygg AB"))
    assert world.engine.carry_out(invoice_plan()).reasons[0].code == "FAK-309"


def test_parts_follow_their_record_and_a_failing_one_is_a_remark(world: World) -> None:
    world.administration.faults.at("create", NO, call=2)
    result = world.engine.carry_out(customer_plan(parts=(contact_plan(),)))
    assert (result.state, result.target_key) == (RowState.TRANSFERRED_WITH_REMARK, "1042")
    again = customer_plan(action=Action.NOTHING, target_key="1042", parts=(contact_plan(),))
    assert world.engine.carry_out(again).state is RowState.TRANSFERRED
    assert len(world.administration.contacts()) == 1


def test_a_contact_added_before_a_crash_is_found_by_customer_and_name(world: World) -> None:
    world.engine.carry_out(contact_plan())
    world.journal.uncouple(Kind.CONTACT, "p1")
    world.engine.carry_out(contact_plan())
    assert len(world.administration.contacts()) == 1


def test_parts_do_not_follow_a_record_that_failed(world: World) -> None:
    world.administration.faults.at("create", NO)
    assert world.engine.carry_out(customer_plan(parts=(contact_plan(),))).state is RowState.FAILED
    assert world.administration.faults.calls["create"] == 1


def update_plan() -> Plan:
    card = CustomerCard(number="1042", name="Bygg & Plåt AB")
    change = Change(field="name", before="Bygg AB", after="Bygg & Plåt AB")
    return customer_plan(action=Action.UPDATE, target_key="1042", payload=card, changes=(change,))


def there(world: World) -> CustomerCard:
    card = world.administration.cards[(Kind.CUSTOMER, "1042")]
    assert isinstance(card, CustomerCard)
    return card


def test_an_update_sets_the_changed_fields_only_and_may_happen_again(world: World) -> None:
    world.administration.cards[(Kind.CUSTOMER, "1042")] = CustomerCard(number="1042", name="Bygg AB", city="Umeå")
    for _ in range(2):
        assert world.engine.carry_out(update_plan()).state is RowState.TRANSFERRED
    assert (there(world).name, there(world).city) == ("Bygg & Plåt AB", "Umeå")
    assert world.journal.link_of(Kind.CUSTOMER, "c1") is not None


@pytest.mark.parametrize(
    ("fault", "row", "state"),
    [
        (NO, RowState.FAILED, OperationState.REFUSED),
        (BUSY, RowState.FAILED, OperationState.RELEASED),
        (DEAD, RowState.IN_DOUBT, OperationState.INTENDED),
    ],
)
def test_a_failed_update_fails_the_row_and_is_planned_again(
    world: World, fault: Exception, row: RowState, state: OperationState
) -> None:
    world.administration.cards[(Kind.CUSTOMER, "1042")] = CustomerCard(number="1042", name="Bygg AB")
    world.administration.faults.at("update", fault)
    assert world.engine.carry_out(update_plan()).state is row
    assert world.state("update", "c1", "customers") is state
    assert world.engine.settle_all() == ()
    assert world.engine.carry_out(update_plan()).state is RowState.TRANSFERRED


def test_linking_writes_to_neither_system(world: World) -> None:
    result = world.engine.carry_out(customer_plan(action=Action.LINK, target_key="1042"))
    assert result.state is RowState.TRANSFERRED
    assert world.administration.faults.calls == {}


def test_an_article_shared_by_two_severa_items_is_found_by_its_number(world: World) -> None:
    card = ArticleCard(number="100", name="Konsulttid")
    plan = customer_plan("w1", "100", transfer=Transfer.ARTICLES, kind=Kind.ARTICLE, payload=card)
    other = msgspec.structs.replace(plan, source_key="w2")
    for each in (plan, other):
        assert world.engine.carry_out(each).state is RowState.TRANSFERRED
    assert world.administration.faults.calls["create"] == 1


def test_an_update_whose_outcome_is_in_doubt_is_not_repeated(world: World) -> None:
    world.administration.cards[(Kind.CUSTOMER, "1042")] = CustomerCard(number="1042", name="Bygg AB")
    world.administration.faults.at("update", DEAD)
    assert world.engine.carry_out(update_plan()).state is RowState.IN_DOUBT
    operation = world.journal.operation("customers", "c1", "update")
    assert operation is not None
    world.journal.doubt(operation, (reason("FAK-310"),))
    assert world.engine.carry_out(update_plan()).state is RowState.IN_DOUBT


def test_a_need_that_was_chosen_itself_is_met_each_time(world: World) -> None:
    need = customer_plan()
    first = world.engine.carry_out(invoice_plan("i1", 10234, needs=(need,)))
    assert first.state is RowState.TRANSFERRED
    world.severa.kept["i2"] = severa_invoice("i2", 10235)
    assert world.engine.carry_out(invoice_plan("i2", 10235, needs=(need,))).state is RowState.TRANSFERRED
