"""What a store sent that was lost: it is found in both systems, linked, and never sent again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.administration.owner_file import OWNER_NAME
from brygga.practice.adk_engine import user_ledgers
from brygga.records.target import Kind
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import World, codes
from tests.transfers.travels import (
    documents,
    number_in,
    set_back,
    with_another_store,
)


@pytest.fixture
def world(each_world: World) -> World:
    return each_world


def test_a_lost_store_sends_nothing_again_even_when_a_status_was_set_back(world: World) -> None:
    """The look-up finds the document by our key wherever it is, not only above the last number."""
    world.invoice(10234)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    set_back(world)
    with_another_store(world)
    world.take_over()
    results = {one.plan.source_key: one for one in world.run(Transfer.INVOICES).results}
    assert results["invoice-10234"].state is RowState.TRANSFERRED
    assert results["invoice-10234"].target_key == number_in(world, "invoice-10234")
    assert set(documents(world).values()) == {1}
    assert len(world.numbers()) == 2


@pytest.mark.parametrize("owner_file", [True, False])
def test_what_a_lost_store_sent_is_linked_and_its_payments_go_on(world: World, owner_file: bool) -> None:
    """Severa calls it transferred, so no run would list it: a payment of it would never have reached Severa."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10234")
    with_another_store(world)
    if owner_file:
        world.take_over()
    else:
        (Path(world.place.company) / OWNER_NAME).unlink()
        world.run(Transfer.CUSTOMERS)
    link = world.company().journal.link_of(Kind.INVOICE, "invoice-10234")
    assert link is not None
    assert (link.target_key, link.snapshot.total) == (number, Decimal(15625))
    user_ledgers.register_payment(world.place.company, int(number), Decimal(15625), date(2026, 2, 10))
    assert world.result(Transfer.PAYMENTS, number).state is RowState.TRANSFERRED
    assert world.run(Transfer.PAYMENTS).written == 0


def test_a_payment_that_a_lost_store_told_and_that_is_reversed_is_offered(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = int(number_in(world, "invoice-10234"))
    payment = user_ledgers.register_payment(world.place.company, number, Decimal(15625), date(2026, 2, 10))
    world.run(Transfer.PAYMENTS)
    with_another_store(world)
    world.take_over()
    assert world.run(Transfer.PAYMENTS).results == ()
    user_ledgers.reverse_payment(world.place.company, payment)
    assert codes(world.result(Transfer.PAYMENTS, str(number))) == ["BET-503"]


def test_a_lost_store_and_a_lost_owner_file_send_nothing_again(world: World) -> None:
    world.invoice(10234)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    set_back(world)
    with_another_store(world)
    (Path(world.place.company) / OWNER_NAME).unlink()
    world.run(Transfer.INVOICES)
    assert set(documents(world).values()) == {1}
    assert len(world.numbers()) == 2


@pytest.mark.parametrize("by_hand", ["the status changed", "and the number written"])
def test_a_number_that_a_lost_store_had_not_written_yet_is_still_owed(world: World, by_hand: str) -> None:
    """People changed the status by hand, so that Severa calls the invoice transferred."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number, numbered = number_in(world, "invoice-10234"), by_hand == "and the number written"
    if not numbered:
        world.severa.edit("invoices", "invoice-10234", {"number": 10234, "referenceNumber": None})
    owed = world.settings["numbering.master"] == "administration" and not numbered
    with_another_store(world)
    _, found = world.take_over()
    assert [one.reason.code for one in found.affected] == ["SYS-953" if owed else "SYS-938"]
    assert [codes(one) for one in world.run(Transfer.INVOICES).settled] == [[]] * owed
    assert number_in(world, "invoice-10234") == number
    assert world.run(Transfer.INVOICES).settled == ()
    assert len(world.numbers()) == 1


def test_an_older_document_is_not_marked_as_printed_by_a_take_over(world: World) -> None:
    """A person may have left the mark out, and chosen another setting since."""
    world.invoice(10234)
    world.settings["invoices.mark_printed"] = False
    world.run(Transfer.INVOICES)
    number = int(number_in(world, "invoice-10234"))
    world.settings["invoices.mark_printed"] = True
    with_another_store(world)
    _, found = world.take_over()
    assert [one.reason.code for one in found.affected] == ["SYS-938"]
    assert world.run(Transfer.INVOICES).settled == ()
    assert world.head(number)["DOCUMENT_PRINTED"] is False
