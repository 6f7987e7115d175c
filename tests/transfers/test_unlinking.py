"""Taking a link away: an act with a reason that never leads to a document that is there twice (anchors §2.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from brygga.practice.adk_engine import user
from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.runs.unlinking import UNLINK, Unlinked, unlink
from brygga.store.audit.chain import events
from brygga.store.audit.trail import Told
from brygga.store.journal.journal import Snapshot
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from tests.contract.adk_company import INVOICE_HEAD, field_id
from tests.transfers.practice_world import SETTINGS_HASH, VERSION, World, codes, practice_world
from tests.transfers.travels import BackupOfAdministration, decided, set_back


@pytest.fixture(params=["severa", "administration"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, numbering__master=request.param, customers__won_only=False) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made
        made.store.dispose()


def without_the_second(world: World) -> BackupOfAdministration:
    """A second invoice was transferred that Administration, from a backup, does not have any more; answers a backup of
    it with both."""
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup = BackupOfAdministration(world)
    world.invoice(10235)
    world.run(Transfer.INVOICES)
    with_both = BackupOfAdministration(world, "company-with-both")
    backup.restore()
    set_back(world, "invoice-10235")
    return with_both


@pytest.fixture
def lost(world: World) -> World:
    without_the_second(world)
    return world


def taken(world: World, text: str, transfer: Transfer = Transfer.INVOICES, why: str = "kom bort") -> Unlinked:
    places = world.folder / "locks"
    return unlink(world.company(), transfer, text, why, lock_folder=places, version=VERSION, settings=SETTINGS_HASH)


def send(world: World) -> Result:
    """A person's decision that the second invoice is sent."""
    return decided(world, "invoice-10235")


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.reason.code


def documents(world: World) -> list[str]:
    """The key that each document of Administration carries."""
    return sorted(str(world.head(number)["LOCAL_REMARK"]).split(" ", 1)[0] for number in world.numbers())


def test_a_document_that_is_there_keeps_its_link(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    link = world.company().journal.link_of(Kind.INVOICE, "invoice-10234")
    assert link is not None
    assert refused(lambda: taken(world, link.target_key)) == "WEB-989"
    # Also when a person has changed the remark that holds our key.
    user.change(
        world.place.company, INVOICE_HEAD, int(link.target_key), {field_id(INVOICE_HEAD, "LOCAL_REMARK"): "annat"}
    )
    assert refused(lambda: taken(world, "invoice-10234")) == "WEB-989"
    assert world.company().journal.link_of(Kind.INVOICE, "invoice-10234") == link


def test_a_cancelled_document_stands_for_its_invoice(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    link = world.company().journal.link_of(Kind.INVOICE, "invoice-10234")
    assert link is not None
    user.cancel_invoice(world.place.company, int(link.target_key))
    assert refused(lambda: taken(world, link.target_key)) == "WEB-975"


def test_a_document_that_is_gone_is_for_a_person_and_then_sent_once(lost: World) -> None:
    before = lost.writes
    done = taken(lost, "invoice-10235", why="  försvann vid återläsningen ")
    assert lost.writes == before
    assert (done.state, done.why.code) == (RowState.IN_DOUBT, "WEB-987")
    assert done.why.param("why") == "försvann vid återläsningen"
    # Nobody has decided yet: no run sends it.
    result = lost.result(Transfer.INVOICES, "invoice-10235")
    assert (result.state, codes(result)) == (RowState.IN_DOUBT, ["WEB-987"])
    sent = send(lost)
    assert sent.state is RowState.TRANSFERRED
    assert documents(lost) == ["SEVERA:invoice-10234", "SEVERA:invoice-10235"]
    acts = [event for event in events(lost.store, lost.company().name) if event.kind == Told.DOUBT]
    told = [event for event in acts if UNLINK in event.after]
    assert [event.subject for event in told] == ["invoice-10235"]
    assert "försvann" in told[0].reasons


def test_a_document_that_comes_back_before_it_is_sent_is_found_and_not_sent(world: World) -> None:
    """The look-up before the write is what counts, not the moment of unlinking."""
    with_both = without_the_second(world)
    taken(world, "invoice-10235")
    with_both.restore()
    assert send(world).state is RowState.TRANSFERRED
    assert documents(world) == ["SEVERA:invoice-10234", "SEVERA:invoice-10235"]
    assert refused(lambda: taken(world, "invoice-10235")) == "WEB-989"


def test_a_cards_link_goes_at_once_and_is_found_again(world: World) -> None:
    world.run(Transfer.CUSTOMERS)
    cards = world.company().administration.customers()
    done = taken(world, "Åkeri & Söner AB", Transfer.CUSTOMERS, "fel kund")
    assert (done.state, done.why.code, done.source_key) == (RowState.READY, "WEB-979", "customer-1001")
    assert world.company().journal.link_of(Kind.CUSTOMER, "customer-1001") is None
    world.run(Transfer.CUSTOMERS)
    assert world.company().journal.link_of(Kind.CUSTOMER, "customer-1001") is not None
    assert world.company().administration.customers() == cards


def test_what_cannot_be_unlinked_is_said(world: World) -> None:
    assert refused(lambda: taken(world, "10234")) == "WEB-976"
    assert refused(lambda: taken(world, "10234", why=" ")) == "WEB-978"
    assert refused(lambda: taken(world, "10234", Transfer.PAYMENTS)) == "API-916"
    for number in (1002, 1003):
        world.customer(number, f"Kund {number}")
    world.run(Transfer.CUSTOMERS)
    journal = world.company().journal
    for number in (1002, 1003):
        journal.update_snapshot(Kind.CUSTOMER, f"customer-{number}", Snapshot(str(number), "Samma Namn AB"))
    assert refused(lambda: taken(world, "samma namn ab", Transfer.CUSTOMERS)) == "WEB-977"
