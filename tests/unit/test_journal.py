"""The journal: intents, their states, links, and what is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.records.base import fingerprint
from brygga.records.reasons import Level, reason
from brygga.records.target import CustomerCard, Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import (
    AlreadyTransferred,
    IllegalTransition,
    Journal,
    NotInJournal,
    Operation,
    OperationState,
    OtherCompany,
    Snapshot,
    TargetTaken,
    Unsettled,
)
from brygga.store.states import TRANSITIONS, Change

START = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)
CARD = CustomerCard(number="1042", name="Åkes Åkeri AB")
SNAPSHOT = Snapshot("4711", "Åkes Åkeri AB", Decimal("1250.00"), Decimal("312.50"), Decimal("1562.50"), "abc")


class Clock:
    """A clock that goes one second forward each time it is read."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def journal(engine: Engine) -> Journal:
    return Journal(engine, "environment", "Exempelkonsult AB", Clock())


@pytest.fixture
def sister(engine: Engine) -> Journal:
    """Another Administration company on the same Severa environment."""
    return Journal(engine, "environment", "Systerbolaget AB", Clock())


def intend(
    journal: Journal, source_key: str = "guid-1", write: str = "create", transfer: str = "invoices"
) -> Operation:
    return journal.intend(transfer=transfer, source_key=source_key, write=write, payload=CARD)


def sent(journal: Journal, source_key: str = "guid-1", target_key: str = "4711") -> Operation:
    """An invoice that is in the target."""
    operation = intend(journal, source_key)
    journal.link(operation, Kind.INVOICE, target_key, SNAPSHOT)
    return operation


def test_an_intent_is_in_the_store_when_the_call_returns(store: Path | str) -> None:
    path = store
    run = Journal(open_store(path), "environment", "A").start_run("invoices", program_version="1", settings_hash="s")
    operation = Journal(open_store(path), "environment", "A", lambda: START).intend(
        transfer="invoices",
        source_key="guid-1",
        write="create",
        payload=CARD,
        natural_key="SEVERA:guid-1",
        after=10459,
        run_id=run.id,
    )
    assert Journal(open_store(path), "environment", "A").operation("invoices", "guid-1", "create") == operation
    assert operation == Operation(
        id=operation.id,
        company="A",
        transfer="invoices",
        source_key="guid-1",
        write="create",
        state=OperationState.INTENDED,
        payload_hash=fingerprint(CARD),
        payload=operation.payload,
        natural_key="SEVERA:guid-1",
        after=10459,
        target_key="",
        attempts=1,
        reasons=(),
        run_id=run.id,
        created=START,
        updated=START,
    )
    assert '"Åkes Åkeri AB"' in operation.payload


def test_a_link_and_its_operation_change_together(journal: Journal) -> None:
    operation = sent(journal)
    link = journal.link_of(Kind.INVOICE, "guid-1")
    assert link is not None
    assert (link.target_key, link.snapshot, link.operation_id) == ("4711", SNAPSHOT, operation.id)
    assert link.company == "Exempelkonsult AB"
    assert link.created > operation.created
    (stored,) = journal.operations("invoices", "guid-1")
    assert (stored.state, stored.target_key) == (OperationState.LINKED, "4711")
    assert journal.unfinished_write_backs() == (stored,)
    assert journal.finish(operation).state is OperationState.DONE
    assert journal.unfinished_write_backs() == ()


def test_money_keeps_its_decimals(journal: Journal) -> None:
    sent(journal)
    link = journal.link_of(Kind.INVOICE, "guid-1")
    assert link is not None
    assert str(link.snapshot.vat) == "312.50"
    assert journal.couple(Kind.CUSTOMER, "c", "1", Snapshot("1", "x")).snapshot.net is None


@pytest.mark.parametrize("settle", [Journal.release, lambda journal, operation: journal.refuse(operation, ())])
def test_what_was_not_done_may_be_intended_again(
    journal: Journal, settle: Callable[[Journal, Operation], object]
) -> None:
    settle(journal, intend(journal))
    again = journal.intend(transfer="invoices", source_key="guid-1", write="create", payload=SNAPSHOT, after=7)
    assert (again.state, again.attempts, again.after) == (OperationState.INTENDED, 2, 7)
    assert again.payload_hash == fingerprint(SNAPSHOT)
    assert again.updated > again.created


def test_reasons_are_kept_and_forgotten_with_the_next_attempt(journal: Journal) -> None:
    why = (reason("FAK-302", nr=4711), reason("FAK-318", Level.WARNING, field="text"))
    refused = journal.refuse(intend(journal), why)
    assert refused.reasons == why
    assert intend(journal).reasons == ()


def test_an_unsettled_write_is_never_intended_again(journal: Journal) -> None:
    operation = intend(journal)
    with pytest.raises(Unsettled) as intended:
        intend(journal)
    assert intended.value.operation == operation
    journal.doubt(operation, (reason("FAK-310"),))
    with pytest.raises(Unsettled):
        intend(journal)


def test_a_document_is_created_once(journal: Journal) -> None:
    operation = sent(journal)
    with pytest.raises(AlreadyTransferred) as linked:
        intend(journal)
    assert linked.value.operation.target_key == "4711"
    journal.finish(operation)
    with pytest.raises(AlreadyTransferred):
        intend(journal)


@pytest.mark.parametrize("write", ["update", "severa", "printed"])
def test_any_other_write_may_happen_again(journal: Journal, write: str) -> None:
    assert journal.finish(intend(journal, write=write)).state is OperationState.DONE
    assert (intend(journal, write=write).attempts, intend(journal, "guid-2", write).attempts) == (2, 1)


def test_a_document_goes_to_one_company_only(journal: Journal, sister: Journal) -> None:
    operation = intend(journal)
    with pytest.raises(OtherCompany) as other:
        intend(sister)
    assert other.value.operation == operation
    for change in (lambda: journal.link(operation, Kind.INVOICE, "4711", SNAPSHOT), lambda: journal.finish(operation)):
        change()
        with pytest.raises(OtherCompany):
            intend(sister)


def test_a_document_that_was_refused_may_go_to_another_company(journal: Journal, sister: Journal) -> None:
    journal.refuse(intend(journal), ())
    moved = intend(sister)
    assert (moved.company, moved.attempts) == ("Systerbolaget AB", 2)
    assert journal.unsettled() == ()
    with pytest.raises(OtherCompany):
        intend(journal)


def test_each_company_has_its_own_register_cards(journal: Journal, sister: Journal) -> None:
    for each in (journal, sister):
        operation = intend(each, "customer-1", transfer="customers")
        each.link(operation, Kind.CUSTOMER, "1042", SNAPSHOT)
    assert journal.links(Kind.CUSTOMER).keys() == sister.links(Kind.CUSTOMER).keys() == {"customer-1"}


def test_environments_do_not_see_each_other(engine: Engine, journal: Journal) -> None:
    sent(journal)
    other = Journal(engine, "another environment", "Exempelkonsult AB")
    assert other.operation("invoices", "guid-1", "create") is None
    assert other.links(Kind.INVOICE) == {}
    sent(other)
    assert len(other.link_to(Kind.INVOICE, "4711")) == 1


def test_a_posted_invoice_belongs_to_one_severa_invoice(journal: Journal) -> None:
    sent(journal)
    second = intend(journal, "guid-2")
    with pytest.raises(TargetTaken) as taken:
        journal.link(second, Kind.INVOICE, "4711", SNAPSHOT)
    assert taken.value.link.source_key == "guid-1"
    assert journal.operation("invoices", "guid-2", "create") == second
    assert journal.link_of(Kind.INVOICE, "guid-2") is None


def test_companies_number_their_invoices_separately(journal: Journal, sister: Journal) -> None:
    sent(journal)
    sent(sister, "guid-2")
    assert [link.source_key for link in sister.link_to(Kind.INVOICE, "4711")] == ["guid-2"]


def test_several_severa_articles_may_be_one_article(journal: Journal) -> None:
    for source_key in ("senior", "junior"):
        journal.couple(Kind.ARTICLE, source_key, "100", SNAPSHOT)
    assert [link.source_key for link in journal.link_to(Kind.ARTICLE, "100")] == ["senior", "junior"]


def test_the_lists_are_of_this_company_and_oldest_first(journal: Journal, sister: Journal) -> None:
    for source_key in ("z", "a", "m"):
        intend(journal, source_key)
    intend(sister, "s")
    journal.doubt(journal.unsettled()[1], ())
    assert [operation.source_key for operation in journal.unsettled()] == ["z", "m"]
    assert [operation.source_key for operation in journal.in_doubt()] == ["a"]


def test_every_write_of_a_source_record_is_listed(journal: Journal) -> None:
    sent(journal)
    intend(journal, write="severa")
    assert [operation.write for operation in journal.operations("invoices", "guid-1")] == ["create", "severa"]


def test_what_is_in_doubt_can_be_linked_released_or_finished(journal: Journal) -> None:
    for source_key in ("there", "not there"):
        journal.doubt(intend(journal, source_key), ())
    there, not_there = journal.in_doubt()
    journal.link(there, Kind.INVOICE, "4711", SNAPSHOT)
    assert journal.release(not_there).state is OperationState.RELEASED
    status = journal.doubt(intend(journal, "there", "severa"), ())
    assert journal.finish(status).state is OperationState.DONE


def test_a_create_is_finished_only_when_it_is_linked(journal: Journal) -> None:
    operation = intend(journal)
    with pytest.raises(IllegalTransition):
        journal.finish(operation)
    assert journal.unsettled() == (operation,)


REACHED: dict[OperationState, Callable[[Journal, Operation], Any]] = {
    OperationState.INTENDED: lambda journal, operation: None,
    OperationState.IN_DOUBT: lambda journal, operation: journal.doubt(operation, ()),
    OperationState.REFUSED: lambda journal, operation: journal.refuse(operation, ()),
    OperationState.RELEASED: lambda journal, operation: journal.release(operation),
    OperationState.LINKED: lambda journal, operation: journal.link(operation, Kind.INVOICE, "1", SNAPSHOT),
    OperationState.DONE: lambda journal, operation: journal.finish(operation),
}
CHANGES: dict[Change, Callable[[Journal, Operation], Any]] = {
    Change.LINK: REACHED[OperationState.LINKED],
    Change.FINISH: REACHED[OperationState.DONE],
    Change.REFUSE: REACHED[OperationState.REFUSED],
    Change.DOUBT: REACHED[OperationState.IN_DOUBT],
    Change.RELEASE: REACHED[OperationState.RELEASED],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", OperationState)
def test_only_the_changes_of_the_table_are_made(journal: Journal, state: OperationState, change: Change) -> None:
    operation = intend(journal, write="severa")
    REACHED[state](journal, operation)
    allowed, to = TRANSITIONS[change]
    if state in allowed:
        CHANGES[change](journal, operation)
    else:
        with pytest.raises(IllegalTransition) as illegal:
            CHANGES[change](journal, operation)
        assert (illegal.value.operation.state, illegal.value.change) == (state, change)
        to = state
    stored = journal.operation("invoices", "guid-1", "severa")
    assert stored is not None
    assert stored.state is to


def test_an_operation_of_another_company_is_out_of_reach(journal: Journal, sister: Journal) -> None:
    operation = intend(journal)
    for change in CHANGES.values():
        with pytest.raises(NotInJournal):
            change(sister, operation)
    assert journal.unsettled() == (operation,)


class TestCoupling:
    """A link that a person makes, without a write."""

    def test_a_coupled_document_is_not_created(self, journal: Journal, sister: Journal) -> None:
        link = journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        assert link.operation_id is None
        with pytest.raises(AlreadyTransferred) as already:
            intend(journal)
        assert already.value.operation == link
        with pytest.raises(OtherCompany) as other:
            intend(sister)
        assert other.value.operation == link

    def test_nor_when_an_earlier_attempt_was_refused(self, journal: Journal) -> None:
        journal.refuse(intend(journal), ())
        journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        with pytest.raises(AlreadyTransferred):
            intend(journal)

    def test_coupling_the_same_again_renews_the_snapshot(self, journal: Journal) -> None:
        first = journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        again = journal.couple(Kind.INVOICE, "guid-1", "4711", Snapshot("4711", "new name"))
        assert (again.snapshot.name, again.created) == ("new name", first.created)
        assert again.updated > first.updated

    def test_a_card_may_be_coupled_anew_and_a_document_not(self, journal: Journal) -> None:
        journal.couple(Kind.CUSTOMER, "c", "1042", SNAPSHOT)
        assert journal.couple(Kind.CUSTOMER, "c", "1043", SNAPSHOT).target_key == "1043"
        journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        with pytest.raises(AlreadyTransferred):
            journal.couple(Kind.INVOICE, "guid-1", "4712", SNAPSHOT)

    def test_coupling_keeps_the_operation_that_made_the_card(self, journal: Journal) -> None:
        operation = intend(journal, "c", transfer="customers")
        journal.link(operation, Kind.CUSTOMER, "1042", SNAPSHOT)
        assert journal.couple(Kind.CUSTOMER, "c", "1042", SNAPSHOT).operation_id == operation.id

    def test_a_document_under_way_is_not_coupled(self, journal: Journal) -> None:
        operation = intend(journal)
        with pytest.raises(Unsettled) as unsettled:
            journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        assert unsettled.value.operation == operation

    def test_another_companys_document_is_not_coupled(self, journal: Journal, sister: Journal) -> None:
        sent(journal)
        with pytest.raises(OtherCompany):
            sister.couple(Kind.INVOICE, "guid-1", "77", SNAPSHOT)

    def test_uncoupling_lets_everything_be_sent_again(self, journal: Journal) -> None:
        journal.finish(sent(journal))
        journal.finish(intend(journal, write="severa"))
        journal.refuse(intend(journal, write="printed"), (reason("FAK-311"),))
        journal.uncouple(Kind.INVOICE, "guid-1")
        assert journal.link_of(Kind.INVOICE, "guid-1") is None
        states = {operation.write: operation.state for operation in journal.operations("invoices", "guid-1")}
        released, refused = OperationState.RELEASED, OperationState.REFUSED
        assert states == {"create": released, "severa": released, "printed": refused}
        assert [operation.target_key for operation in journal.operations("invoices", "guid-1")] == ["", "", ""]
        assert sent(journal, target_key="4800").attempts == 2

    def test_uncoupling_waits_for_what_is_unsettled(self, journal: Journal) -> None:
        sent(journal)
        intend(journal, write="severa")
        with pytest.raises(Unsettled):
            journal.uncouple(Kind.INVOICE, "guid-1")
        assert journal.link_of(Kind.INVOICE, "guid-1") is not None

    def test_uncoupling_what_a_person_coupled(self, journal: Journal) -> None:
        journal.couple(Kind.INVOICE, "guid-1", "4711", SNAPSHOT)
        journal.uncouple(Kind.INVOICE, "guid-1")
        assert intend(journal).attempts == 1

    def test_what_is_not_linked_cannot_be_uncoupled_or_noted(self, journal: Journal, sister: Journal) -> None:
        sent(sister)
        with pytest.raises(NotInJournal):
            journal.uncouple(Kind.INVOICE, "guid-1")
        with pytest.raises(NotInJournal):
            journal.update_snapshot(Kind.INVOICE, "guid-1", SNAPSHOT)

    def test_a_new_snapshot_replaces_the_old(self, journal: Journal) -> None:
        sent(journal)
        link = journal.update_snapshot(Kind.INVOICE, "guid-1", Snapshot("4711", "x", total=Decimal("1.10")))
        assert (link.snapshot.net, link.snapshot.total) == (None, Decimal("1.10"))
        assert link == journal.link_of(Kind.INVOICE, "guid-1")


def test_of_two_writers_at_once_one_intends(store: Path | str) -> None:
    """Each thread has a store connection of its own, as two programs on one computer have."""
    together = threading.Barrier(4)
    answers: list[str] = []
    journals = [Journal(open_store(store), "environment", "A") for _ in range(4)]

    def try_to_intend(journal: Journal) -> None:
        together.wait()
        for number in range(10):
            try:
                intend(journal, f"guid-{number}")
                answers.append("intended")
            except Unsettled:
                answers.append("unsettled")

    threads = [threading.Thread(target=try_to_intend, args=(journal,)) for journal in journals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["intended"] * 10 + ["unsettled"] * 30


def test_a_row_that_another_writer_inserts_meanwhile_is_seen(
    engine: Engine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where writers are not taken one at a time the unique constraint stops the second, which then looks again."""
    rival = intend(journal)
    look = journal._operation
    answers: list[Operation | None] = [None]
    monkeypatch.setattr(journal, "_operation", lambda *key: answers.pop() if answers else look(*key))
    with pytest.raises(Unsettled) as unsettled:
        intend(journal)
    assert unsettled.value.operation == rival
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM operation")).scalar_one() == 1
