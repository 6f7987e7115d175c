"""Administration back from a backup: what it lacks is noticed, and a person decides what is sent again."""

from __future__ import annotations

from pathlib import Path

import pytest

from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.runs.doubt import doubts, evidence
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import World, codes, practice_world
from tests.transfers.travels import (
    BackupOfAdministration,
    decided,
    documents,
    lost_in_administration,
    number_in,
    refusal,
    set_back,
    with_another_store,
)


@pytest.fixture
def world(each_world: World) -> World:
    return each_world


def test_what_a_lost_store_sent_is_for_a_person_when_administration_loses_it(world: World) -> None:
    """What was sent is not known to this store: it is sent as it would be planned now, and not at all when Severa does
    not have it any more."""
    backup = BackupOfAdministration(world)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10234")
    with_another_store(world)
    world.take_over()
    backup.restore()
    world.take_over()
    assert [why.code for doubt in doubts(world.company().journal) for why in doubt.reasons] == ["SYS-926"]
    head = world.severa.document("invoices", "invoice-10234")
    assert head is not None
    world.severa.delete("invoices", "invoice-10234")
    assert evidence(world.company(), number).candidates == ()
    with pytest.raises(Refused) as caught:
        decided(world, number)
    assert caught.value.reason.code == "SYS-939"
    assert len(doubts(world.company().journal)) == 1
    world.severa.add("invoices", head)
    assert decided(world, number).state is RowState.TRANSFERRED
    assert set(documents(world).values()) == {1}


def test_what_is_sent_again_keeps_the_number_that_the_customer_holds(world: World) -> None:
    number = lost_in_administration(world)
    before = world.severa_writes
    result = decided(world, number)
    assert result.target_key == number
    # Administration's own series goes on below it, and would refuse a document when it gets there.
    assert ("SYS-952" in codes(result)) is (world.settings["numbering.master"] == "administration")
    assert (number_in(world, "invoice-10234"), world.severa_writes) == (number, before)


def test_where_its_number_was_given_to_another_it_gets_a_new_one_and_severa_is_told(tmp_path: Path) -> None:
    with practice_world(tmp_path, numbering__master="administration") as world:
        world.customer(1001, "Åkeri & Söner AB")
        world.article("100", "Konsulttid")
        number = lost_in_administration(world)
        world.invoice(10240)
        world.run(Transfer.INVOICES)
        assert number_in(world, "invoice-10240") == number
        result = decided(world, "10234")
        assert result.target_key != number
        assert number_in(world, "invoice-10234") == result.target_key


def test_an_administration_from_a_backup_is_noticed_and_each_lost_document_is_for_a_person(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup = BackupOfAdministration(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10235")
    backup.restore()
    assert refusal(world) == "SYS-924"
    _, found = world.take_over()
    assert [(one.source_key, one.number, one.state) for one in found.affected] == [
        ("invoice-10235", number, RowState.IN_DOUBT)
    ]
    journal = world.company().journal
    assert [operation.source_key for operation in journal.in_doubt()] == ["invoice-10235"]
    assert journal.link_of(Kind.INVOICE, "invoice-10235") is None
    set_back(world, "invoice-10235")
    result = world.result(Transfer.INVOICES, "invoice-10235")
    assert result.state is RowState.IN_DOUBT, "sent again without a person's word"
    assert codes(result) == ["SYS-926"]


def test_cards_that_a_backup_lacks_are_made_again(world: World) -> None:
    backup = BackupOfAdministration(world)
    world.customer(3001, "Ny Kund AB")
    world.invoice(10234, customer={"guid": "customer-3001"})
    world.run(Transfer.INVOICES)
    backup.restore()
    _, found = world.take_over()
    assert {one.kind for one in found.affected} >= {Kind.INVOICE, Kind.CUSTOMER}
    world.invoice(10235, customer={"guid": "customer-3001"})
    assert world.result(Transfer.INVOICES, "invoice-10235").state is RowState.TRANSFERRED


def test_a_folder_from_a_backup_that_lost_only_cards_is_noticed(world: World) -> None:
    world.invoice(10233)
    world.run(Transfer.INVOICES)
    backup = BackupOfAdministration(world)
    world.customer(3001, "Ny Kund AB")
    world.settings["customers.won_only"] = False
    world.run(Transfer.CUSTOMERS)
    backup.restore()
    assert refusal(world) == "SYS-929"
    world.take_over()
    assert world.run(Transfer.CUSTOMERS).written == 1
