"""The doubt desk: the evidence of both systems, and a person's decision, which is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from brygga.administration.host_process import Answer
from brygga.records.reasons import Fault, Refused, Unavailable, reason
from brygga.records.target import Kind
from brygga.runs.doubt import DOUBT, Decision, doubts, evidence
from brygga.store.database import open_store
from brygga.store.schema.audit import audit_event
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import World, codes, practice_world
from tests.transfers.travels import decided, lost_in_administration


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


def doubled(world: World) -> None:
    """Two documents carry the key of invoice 10234, as only a person can make it."""
    for number in (10234, 10235):
        world.invoice(number)
    world.run(Transfer.INVOICES)
    world.change_books(INVOICE_HEAD, 10235, LOCAL_REMARK="SEVERA:invoice-10234")
    world.store.dispose()
    for path in world.folder.glob("store.sqlite*"):
        path.unlink()
    world.store = open_store(world.folder / "store.sqlite")
    world.take_over()
    for number in (10234, 10235):
        world.severa.edit("invoices", f"invoice-{number}", {"status": {"guid": "status-ready"}})
    world.run(Transfer.INVOICES, keys=frozenset({"invoice-10234"}))


@contextmanager
def failing(world: World, fault: BaseException, *, written: bool = False) -> Iterator[None]:
    """Administration fails when the next record is added, or just after it was ``written``."""
    call = world.host.call

    def failing_call(operation: str, **arguments: Any) -> Answer:
        if operation != "add":
            return call(operation, **arguments)
        if written:
            call(operation, **arguments)
        raise fault

    world.host.call = failing_call  # type: ignore[method-assign]
    yield
    world.host.call = call  # type: ignore[method-assign]


def test_what_is_in_doubt_is_listed_with_its_reason(world: World) -> None:
    assert doubts(world.company().journal) == ()
    lost_in_administration(world)
    (doubt,) = doubts(world.company().journal)
    assert (doubt.number, doubt.kind, doubt.target_key) == ("10234", Kind.INVOICE, "10234")
    assert [why.code for why in doubt.reasons] == ["SYS-926"]


def test_the_evidence_shows_both_systems_and_writes_nothing(world: World) -> None:
    doubled(world)
    before = world.writes
    for text in ("10234", " INVOICE-10234 "):
        found = evidence(world.company(read_only=True), text)
        assert found.severa is not None
        assert found.severa.number == 10234
        assert [(each.posted.number, each.key, each.number) for each in found.candidates] == [
            (10234, True, True),
            (10235, True, False),
        ]
    assert world.writes == before


def test_a_linked_document_is_not_sent_and_gets_its_write_backs(world: World) -> None:
    doubled(world)
    result = decided(world, "10234", Decision.LINK, "10234")
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "10234")
    document = world.severa.document("invoices", "invoice-10234")
    assert document is not None
    assert document["status"]["guid"] == "status-transferred"
    assert doubts(world.company().journal) == ()
    before = world.writes
    assert world.run(Transfer.INVOICES, keys=frozenset({"invoice-10234"})).written == 0
    assert world.writes == before


@pytest.mark.parametrize(("target", "code"), [("999", "SYS-932"), ("", "SYS-932"), ("x", "SYS-932")])
def test_a_document_that_is_not_there_cannot_be_linked(world: World, target: str, code: str) -> None:
    lost_in_administration(world)
    with pytest.raises(Refused) as caught:
        decided(world, "10234", Decision.LINK, target)
    assert caught.value.reason.code == code
    assert len(doubts(world.company().journal)) == 1


def test_a_document_of_another_record_cannot_be_linked(world: World) -> None:
    lost_in_administration(world)
    world.invoice(10240)
    world.run(Transfer.INVOICES)
    with pytest.raises(Refused) as caught:
        decided(world, "10234", Decision.LINK, "10240")
    assert caught.value.reason.code == "SYS-933"
    assert len(doubts(world.company().journal)) == 1


def test_sent_by_a_persons_word_it_is_there_once(world: World) -> None:
    """Its status in Severa says that it was transferred, which keeps it from the list, not from the desk."""
    lost_in_administration(world)
    result = decided(world, "10234", Decision.SEND)
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "10234")
    assert world.numbers() == [10234]
    assert doubts(world.company().journal) == ()
    assert world.run(Transfer.INVOICES).written == 0


def test_sent_by_a_persons_word_it_has_all_that_it_needs_now(world: World) -> None:
    """The backup lacks the cards too, which were there when the invoice was first sent."""
    lost_in_administration(world, 10233)
    result = decided(world, "10234", Decision.SEND)
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "10234")
    assert world.numbers() == [10234]


@pytest.mark.parametrize("fault", [Refused(reason("ADK-505", code=50, text="nej")), Unavailable(reason("ADK-503"))])
def test_what_cannot_be_written_by_a_persons_word_stays_in_doubt(world: World, fault: Fault) -> None:
    """Severa calls it transferred, so no run would list it again: it may not leave the desk before it is there."""
    world.invoice(10233)
    world.run(Transfer.INVOICES)
    lost_in_administration(world)
    with failing(world, fault):
        result = decided(world, "10234", Decision.SEND)
    assert (result.state, codes(result)) == (RowState.FAILED, [fault.reason.code])
    (doubt,) = doubts(world.company().journal)
    assert [why.code for why in doubt.reasons] == ["SYS-926", fault.reason.code]
    assert decided(world, "10234", Decision.SEND).state is RowState.TRANSFERRED
    assert (world.numbers(), doubts(world.company().journal)) == ([10233, 10234], ())


@pytest.mark.parametrize("written", [False, True])
def test_a_program_that_dies_while_it_sends_leaves_it_in_doubt(world: World, written: bool) -> None:
    world.invoice(10233)
    world.run(Transfer.INVOICES)
    lost_in_administration(world)
    with failing(world, KeyboardInterrupt(), written=written), pytest.raises(KeyboardInterrupt):
        decided(world, "10234", Decision.SEND)
    assert len(doubts(world.company().journal)) == 1
    assert world.run(Transfer.INVOICES).written == 0
    assert len(doubts(world.company().journal)) == 1
    assert decided(world, "10234", Decision.SEND).state is RowState.TRANSFERRED
    assert world.numbers() == [10233, 10234]


def test_sending_looks_first_so_a_document_that_is_there_is_linked(world: World) -> None:
    lost_in_administration(world)
    world.invoice(10240)
    world.run(Transfer.INVOICES)
    world.change_books(INVOICE_HEAD, 10240, LOCAL_REMARK="SEVERA:invoice-10234")
    with pytest.raises(Refused):  # the newest link is not what it was: the company stops first
        decided(world, "10234", Decision.SEND)
    assert world.numbers() == [10240]


def test_what_cannot_be_sent_now_stays_in_doubt_with_the_reason(world: World) -> None:
    lost_in_administration(world)
    world.severa.edit("invoices", "invoice-10234", {"status": {"guid": "status-ready"}})
    world.settings["mappings.vat"] = {"0": "0"}
    with pytest.raises(Refused) as caught:
        decided(world, "10234", Decision.SEND)
    assert caught.value.reason.code == "FAK-306"
    assert len(doubts(world.company().journal)) == 1
    assert world.numbers() == []


def test_waiting_changes_nothing_and_is_recorded(world: World) -> None:
    lost_in_administration(world)
    result = decided(world, "10234", Decision.WAIT)
    assert result.state is RowState.IN_DOUBT
    assert len(doubts(world.company().journal)) == 1
    run = world.company().journal.runs(1)[0]
    assert (run.transfer, run.state) == (DOUBT, "completed")
    (outcome,) = world.company().journal.outcomes(run.id)
    assert (outcome.action, outcome.reasons[-1].param("decision")) == ("wait", "wait")


def test_every_decision_is_in_the_audit_trail_with_who_decided(world: World) -> None:
    lost_in_administration(world)
    decided(world, "10234", Decision.SEND)
    with world.store.connect() as connection:
        told = list(connection.execute(sa.select(audit_event).where(audit_event.c.kind == "doubt")))
    assert [(event.number, "@" in event.actor) for event in told] == [("10234", True)]


@pytest.mark.parametrize("text", ["99", "", " "])
def test_a_name_that_nothing_in_doubt_has_is_refused(world: World, text: str) -> None:
    lost_in_administration(world)
    with pytest.raises(Refused) as caught:
        evidence(world.company(), text)
    assert caught.value.reason.code == "SYS-930"


def test_a_row_in_doubt_is_never_sent_by_a_run(world: World) -> None:
    doubled(world)
    before = world.writes
    (result,) = world.run(Transfer.INVOICES, keys=frozenset({"invoice-10234"})).results
    assert (result.state, codes(result)) == (RowState.IN_DOUBT, ["FAK-310"])
    assert world.writes == before
