"""One owner of a company folder, and travel in time: a lost, copied or restored store, a restored Administration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from brygga.administration.owner_file import OWNER_NAME
from brygga.practice.adk_engine import user_ledgers
from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.runs.doubt import Decision, decide, doubts, evidence
from brygga.runs.takeover import TAKEOVER, prospect
from brygga.store.database import open_store, writing
from brygga.store.journal.journal import OperationState
from brygga.store.schema.audit import store_identity
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import READY, SETTINGS_HASH, VERSION, World, codes, practice_world


@pytest.fixture(params=["severa", "administration"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, numbering__master=request.param) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made
        made.store.dispose()


def number_in(world: World, key: str) -> str:
    document = world.severa.document("invoices", key)
    assert document is not None
    return str(document["number"])


def refusal(world: World) -> str:
    """The code that a run is refused with, which must not have written anything."""
    before = world.writes
    with pytest.raises(Refused) as caught:
        world.run(Transfer.INVOICES)
    assert world.writes == before
    return caught.value.reason.code


def set_back(world: World, key: str = "invoice-10234") -> None:
    """A person sets the status of a transferred invoice back by hand."""
    world.severa.edit("invoices", key, {"status": {"guid": READY}})


def with_another_store(world: World) -> None:
    world.store.dispose()
    world.store = open_store(world.folder / "another.sqlite")


def documents(world: World) -> dict[str, int]:
    """How many documents in Administration carry each key."""
    found: dict[str, int] = {}
    for number in world.numbers():
        key = str(world.head(number)["LOCAL_REMARK"]).split(" ", 1)[0]
        found[key] = found.get(key, 0) + 1
    return found


def test_a_second_store_is_refused_until_a_person_takes_the_company_over(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with_another_store(world)
    assert refusal(world) == "SYS-921"
    run, found = world.take_over()
    assert [why.code for why in found.signs] == ["SYS-921"]
    assert (run.transfer, run.state) == (TAKEOVER, "completed")
    assert world.run(Transfer.INVOICES).written == 0


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


def test_what_a_lost_store_sent_is_for_a_person_when_administration_loses_it(world: World) -> None:
    """What was sent is not known to this store: it is sent as it would be planned now, and not at all when Severa does
    not have it any more."""
    world.host.close()
    kept = world.folder / "company-backup"
    shutil.copytree(world.place.company, kept)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    number = number_in(world, "invoice-10234")
    with_another_store(world)
    world.take_over()
    world.host.close()
    shutil.rmtree(world.place.company)
    shutil.copytree(kept, world.place.company)
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


def lost_in_administration(world: World) -> str:
    """Invoice 10234 was transferred and Administration came back from a backup without it: the number that it had."""
    world.host.close()
    kept = world.folder / "company-backup"
    shutil.copytree(world.place.company, kept)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    world.host.close()
    shutil.rmtree(world.place.company)
    shutil.copytree(kept, world.place.company)
    world.take_over()
    return number_in(world, "invoice-10234")


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


def decided(world: World, text: str) -> Result:
    locks = world.folder / "locks"
    return decide(world.company(), text, Decision.SEND, lock_folder=locks, version=VERSION, settings=SETTINGS_HASH)


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


def test_an_owner_file_that_cannot_be_read_stops_the_run_with_a_reason(world: World) -> None:
    world.invoice(10234)
    for said in ("{", "[]", '{"store": 1}'):
        (Path(world.place.company) / OWNER_NAME).write_text(said, encoding="utf-8")
        assert refusal(world) == "SYS-916"


class Backup:
    """The store as it was, by its file, and the way back."""

    def __init__(self, world: World) -> None:
        self.path = world.folder / "backup.sqlite"
        world.store.dispose()
        shutil.copy(world.folder / "store.sqlite", self.path)

    def restore(self, world: World) -> None:
        world.store.dispose()
        store = world.folder / "store.sqlite"
        for path in world.folder.glob("store.sqlite*"):
            path.unlink()
        shutil.copy(self.path, store)
        world.store = open_store(store)


def test_an_older_store_is_noticed_and_sends_nothing_again_after_the_take_over(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup = Backup(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    set_back(world, "invoice-10235")
    backup.restore(world)
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
    backup = Backup(world)
    payment = user_ledgers.register_payment(world.place.company, int(number), Decimal(15625), date(2026, 2, 10))
    world.run(Transfer.PAYMENTS)
    user_ledgers.reverse_payment(world.place.company, payment)
    backup.restore(world)
    _, found = world.take_over()
    assert [(one.kind, one.number, one.reason.code) for one in found.affected] == [(Kind.PAYMENT, number, "SYS-951")]
    assert codes(world.result(Transfer.PAYMENTS, number)) == ["BET-503"]
    assert world.take_over()[1].affected == ()


def test_a_copy_of_the_store_that_worked_elsewhere_is_noticed(world: World) -> None:
    """Two copies have one identity: the run in the folder tells them apart, also when both have its number."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    copy = Backup(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    copy.restore(world)
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


def test_an_administration_from_a_backup_is_noticed_and_each_lost_document_is_for_a_person(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    world.host.close()
    kept = world.folder / "company-backup"
    shutil.copytree(world.place.company, kept)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    world.host.close()
    number = number_in(world, "invoice-10235")
    shutil.rmtree(world.place.company)
    shutil.copytree(kept, world.place.company)
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
    world.host.close()
    kept = world.folder / "company-backup"
    shutil.copytree(world.place.company, kept)
    world.customer(3001, "Ny Kund AB")
    world.invoice(10234, customer={"guid": "customer-3001"})
    world.run(Transfer.INVOICES)
    world.host.close()
    shutil.rmtree(world.place.company)
    shutil.copytree(kept, world.place.company)
    _, found = world.take_over()
    assert {one.kind for one in found.affected} >= {Kind.INVOICE, Kind.CUSTOMER}
    world.invoice(10235, customer={"guid": "customer-3001"})
    assert world.result(Transfer.INVOICES, "invoice-10235").state is RowState.TRANSFERRED


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


def test_a_folder_from_a_backup_that_lost_only_cards_is_noticed(world: World) -> None:
    world.invoice(10233)
    world.run(Transfer.INVOICES)
    world.host.close()
    kept = world.folder / "company-backup"
    shutil.copytree(world.place.company, kept)
    world.customer(3001, "Ny Kund AB")
    world.settings["customers.won_only"] = False
    world.run(Transfer.CUSTOMERS)
    world.host.close()
    shutil.rmtree(world.place.company)
    shutil.copytree(kept, world.place.company)
    assert refusal(world) == "SYS-929"
    world.take_over()
    assert world.run(Transfer.CUSTOMERS).written == 1


def test_an_owner_file_removed_by_hand_is_made_again_where_nothing_is_lost(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    (Path(world.place.company) / OWNER_NAME).unlink()
    assert world.run(Transfer.INVOICES).written == 0
    assert (Path(world.place.company) / OWNER_NAME).is_file()
