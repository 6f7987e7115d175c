"""One owner of a company folder, and travel in time: a lost, copied or restored store, a restored Administration."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from brygga.administration.owner_file import OWNER_NAME
from brygga.practice.adk_engine import user_ledgers
from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.runs.takeover import TAKEOVER, prospect
from brygga.store.database import writing
from brygga.store.journal.journal import OperationState
from brygga.store.schema.audit import store_identity
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import World, codes
from tests.transfers.travels import (
    BackupOfTheStore,
    documents,
    number_in,
    refusal,
    set_back,
    with_another_store,
)


@pytest.fixture
def world(each_world: World) -> World:
    return each_world


def test_a_second_store_is_refused_until_a_person_takes_the_company_over(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with_another_store(world)
    assert refusal(world) == "SYS-921"
    run, found = world.take_over()
    assert [why.code for why in found.signs] == ["SYS-921"]
    assert (run.transfer, run.state) == (TAKEOVER, "completed")
    assert world.run(Transfer.INVOICES).written == 0


def test_an_owner_file_that_cannot_be_read_stops_the_run_with_a_reason(world: World) -> None:
    world.invoice(10234)
    for said in ("{", "[]", '{"store": 1}'):
        (Path(world.place.company) / OWNER_NAME).write_text(said, encoding="utf-8")
        assert refusal(world) == "SYS-916"


def test_an_older_store_is_noticed_and_sends_nothing_again_after_the_take_over(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup = BackupOfTheStore(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    set_back(world, "invoice-10235")
    backup.restore()
    # Again and again: the numbers of the refused runs must not make the store look newer.
    assert [refusal(world) for _ in range(4)] == ["SYS-923"] * 4
    _, found = world.take_over()
    assert [(one.source_key, one.reason.code) for one in found.affected] == [("invoice-10235", "SYS-925")]
    results = {one.plan.source_key: one for one in world.run(Transfer.INVOICES).results}
    assert results["invoice-10235"].state is RowState.TRANSFERRED
    assert set(documents(world).values()) == {1}
    assert len(world.numbers()) == 2
    assert world.run(Transfer.INVOICES).written == 0


def test_a_payment_that_an_older_store_does_not_know_of_and_that_is_reversed_is_offered(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10234")
    backup = BackupOfTheStore(world)
    payment = user_ledgers.register_payment(world.place.company, int(number), Decimal(15625), date(2026, 2, 10))
    world.run(Transfer.PAYMENTS)
    user_ledgers.reverse_payment(world.place.company, payment)
    backup.restore()
    _, found = world.take_over()
    assert [(one.kind, one.number, one.reason.code) for one in found.affected] == [(Kind.PAYMENT, number, "SYS-951")]
    assert codes(world.result(Transfer.PAYMENTS, number)) == ["BET-503"]
    assert world.take_over()[1].affected == ()


def test_a_copy_of_the_store_that_worked_elsewhere_is_noticed(world: World) -> None:
    """Two copies have one identity: the run in the folder tells them apart, also when both have its number."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    copy = BackupOfTheStore(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    copy.restore()
    assert refusal(world) == "SYS-923"
    assert refusal(world) == "SYS-923"


def test_a_store_that_says_it_was_restored_stops_until_taken_over(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with writing(world.store) as connection:
        connection.execute(sa.update(store_identity).values(generation=store_identity.c.generation + 1))
    assert refusal(world) == "SYS-922"
    world.take_over()
    assert world.run(Transfer.INVOICES).written == 0


def test_a_document_that_is_another_by_now_stops_the_company_and_names_the_document(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10234")
    world.change_books(INVOICE_HEAD, int(number), LOCAL_REMARK="by hand")
    with pytest.raises(Refused) as caught:
        world.run(Transfer.INVOICES)
    assert (caught.value.reason.code, caught.value.reason.param("numbers")) == ("SYS-924", number)


def test_a_take_over_shows_and_writes_nothing_before_it_is_done(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with_another_store(world)
    found = prospect(world.company(read_only=True))
    assert [(one.reason.code, one.state) for one in found.affected] == [("SYS-938", RowState.TRANSFERRED)]
    assert refusal(world) == "SYS-921"


def test_a_take_over_is_recorded_with_who_and_with_each_record(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with_another_store(world)
    run, _ = world.take_over()
    outcomes = world.company().journal.outcomes(run.id)
    assert [why.code for one in outcomes for why in one.reasons] == ["SYS-938", "SYS-928"]
    assert "@" in outcomes[-1].reasons[0].param("who")


def test_operations_that_are_not_settled_keep_their_state(world: World) -> None:
    """What is under way settles itself by looking, with or without a take-over."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    world.take_over()
    journal = world.company().journal
    operation = journal.operation("invoices", "invoice-10234", "create")
    assert operation is not None
    assert operation.state is OperationState.DONE
    assert journal.link_of(Kind.INVOICE, "invoice-10234") is not None


def test_an_owner_file_removed_by_hand_is_made_again_where_nothing_is_lost(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    (Path(world.place.company) / OWNER_NAME).unlink()
    assert world.run(Transfer.INVOICES).written == 0
    assert (Path(world.place.company) / OWNER_NAME).is_file()
