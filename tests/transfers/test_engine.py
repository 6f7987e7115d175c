"""The state machine of one document: every branch of it, with faults placed by hand (architecture, semantics §4.12)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.records.reasons import Level, Refused, Unavailable, Uncertain, reason
from brygga.records.source import Invoice
from brygga.records.target import ArticleCard, ContactCard, CustomerCard, DocumentRow, InvoiceDocument, Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal, OperationState, Snapshot
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Action, Change, Plan, SeveraChange, Transfer
from tests.transfers.doubles import MemoryAdministration, MemorySevera, chosen

DEAD = Uncertain(reason("ADK-506", operation="add"))
LOST = Uncertain(reason("SEV-708", operation="PATCH"))
BUSY = Unavailable(reason("SYS-904", time="08:00"))
NO = Refused(reason("FAK-305", period="2026-10"))


class World:
    """One company on doubles and a real journal; ``restart`` is what a new process would see."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder / "store.sqlite")
        self.severa, self.administration = MemorySevera(), MemoryAdministration()
        self.clock = datetime(2026, 11, 2, 8, tzinfo=UTC)
        self.preferences = chosen()
        self.severa.kept["i1"] = severa_invoice("i1", 10234)

    def company(self, name: str = "alfa") -> Company:
        journal = Journal(self.store, "env", name, clock=lambda: self.clock)
        return Company(name, self.severa, self.administration, journal, self.preferences)

    @property
    def engine(self) -> Engine:
        return Engine(self.company(), now=lambda: self.clock)

    @property
    def journal(self) -> Journal:
        return self.company().journal

    def state(self, write: str = "create", key: str = "i1", transfer: str = "invoices") -> OperationState | None:
        operation = self.journal.operation(transfer, key, write)
        return operation.state if operation is not None else None


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def severa_invoice(key: str, number: int | None) -> Invoice:
    return Invoice(
        key=key,
        number=number,
        status_key="ready",
        customer_key="c1",
        customer_name="Bygg AB",
        customer_number="1042",
        date=date(2026, 10, 30),
        due_date=date(2026, 11, 29),
        currency="SEK",
        currency_rate=Decimal(1),
        net=Decimal("1000.00"),
        vat=Decimal("250.00"),
        gross=Decimal("1250.00"),
    )


def invoice_plan(key: str = "i1", number: int | None = 10234, **changes: Any) -> Plan:
    document = InvoiceDocument(
        number=number,
        type="F",
        customer_number="1042",
        date=date(2026, 10, 30),
        due_date=date(2026, 11, 29),
        remark=f"SEVERA:{key} notis",
        net=Decimal("1000.00"),
        vat=Decimal("250.00"),
        round_off=Decimal(0),
        total=Decimal("1250.00"),
        rows=(DocumentRow(quantity=Decimal(1), price=Decimal(1000), vat_code="1"),),
    )
    plan = Plan(
        company="alfa",
        transfer=Transfer.INVOICES,
        kind=Kind.INVOICE,
        source_key=key,
        source_number=str(number or ""),
        source_name="Bygg AB",
        action=Action.CREATE,
        payload=document,
        natural_key=f"SEVERA:{key}",
        write_back=SeveraChange(invoice_key=key, status_key="sent"),
    )
    return msgspec.structs.replace(plan, **changes)


def customer_plan(key: str = "c1", number: str = "1042", **changes: Any) -> Plan:
    plan = Plan(
        company="alfa",
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CUSTOMER,
        source_key=key,
        source_number=number,
        source_name="Bygg AB",
        action=Action.CREATE,
        payload=CustomerCard(number=number, name="Bygg AB"),
        natural_key=number,
    )
    return msgspec.structs.replace(plan, **changes)


def contact_plan() -> Plan:
    return Plan(
        company="alfa",
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CONTACT,
        source_key="p1",
        source_number="1042",
        source_name="Åsa Öberg",
        action=Action.CREATE,
        payload=ContactCard(customer_number="1042", name="Åsa Öberg"),
        natural_key="1042 Åsa Öberg",
    )


def master_plan() -> Plan:
    """Under Administration master: no number given, number and reference written back, then marked as printed."""
    change = SeveraChange(invoice_key="i1", status_key="sent", number_and_reference=True, mark_printed=True)
    return invoice_plan(number=None, write_back=change)


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


def test_a_write_back_of_an_invoice_that_is_gone_stays_a_remark(world: World) -> None:
    world.severa.faults.at("change_invoice", LOST)
    del world.severa.kept["i1"]
    assert world.engine.carry_out(invoice_plan()).state is RowState.TRANSFERRED_WITH_REMARK


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


def test_an_article_shared_by_two_severa_items_is_found_by_its_number(world: World) -> None:
    card = ArticleCard(number="100", name="Konsulttid")
    plan = customer_plan("w1", "100", transfer=Transfer.ARTICLES, kind=Kind.ARTICLE, payload=card)
    other = msgspec.structs.replace(plan, source_key="w2")
    for each in (plan, other):
        assert world.engine.carry_out(each).state is RowState.TRANSFERRED
    assert world.administration.faults.calls["create"] == 1


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
