"""The state machine where the target is Severa: the same promises over a network (architecture, state machine 6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from brygga.records.reasons import Refused, Unavailable, Uncertain, reason
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraContact, SeveraCustomer
from brygga.records.target import Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal, OperationState
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Action, Change, Plan, Transfer
from tests.transfers.doubles import MemoryAdministration, MemorySevera, chosen

LOST = Uncertain(reason("SEV-708", operation="POST"))
BUSY = Unavailable(reason("SEV-710", status=503))
NO = Refused(reason("PRJ-202"))
DAY = date(2026, 1, 31)


class World:
    """One company on doubles and a real journal; each ``engine`` is a new process."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder / "store.sqlite")
        self.severa, self.administration = MemorySevera(), MemoryAdministration()
        self.clock = datetime(2026, 11, 2, 8, tzinfo=UTC)
        self.severa.made[(Kind.PAYMENT, "invoice-1")] = InvoicePayment("invoice-1", "sent")

    @property
    def journal(self) -> Journal:
        return Journal(self.store, "env", "alfa", clock=lambda: self.clock)

    @property
    def engine(self) -> Engine:
        company = Company("alfa", self.severa, self.administration, self.journal, chosen())
        return Engine(company, now=lambda: self.clock)

    def made(self, kind: Kind) -> list[str]:
        return [key for of, key in self.severa.made if of is kind]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def fee_plan(key: str = "4711:3", cost: str = "8000") -> Plan:
    fee = ProjectFee(
        project_key="project-1042",
        project_number="1042",
        description=f"Konsult (LF {key})",
        name="Konsult",
        unit_cost=Decimal(cost),
        unit_price=Decimal(cost),
        currency="SEK",
        event_date=DAY,
        billable=True,
        product_type="Subcontracting",
    )
    return Plan(
        company="alfa",
        transfer=Transfer.SUPPLIER_INVOICES,
        kind=Kind.PROJECT_FEE,
        source_key=key,
        source_number=key,
        source_name="Nord AB – F-77",
        action=Action.CREATE,
        payload=fee,
        natural_key=f"(LF {key})",
        net=Decimal(cost),
        content_hash="content",
    )


def customer_plan(number: str = "1001") -> Plan:
    contact = Plan(
        company="alfa",
        transfer=Transfer.CUSTOMERS_TO_SEVERA,
        kind=Kind.CONTACT,
        source_key="7",
        source_number=number,
        source_name="Åsa Öberg",
        action=Action.CREATE,
        payload=SeveraContact(customer_key="", first_name="Åsa", last_name="Öberg"),
    )
    return msgspec.structs.replace(
        contact,
        kind=Kind.CUSTOMER,
        source_key=number,
        source_name="Bygg AB",
        payload=SeveraCustomer(name="Bygg AB", number=number, identity="556900-4566"),
        natural_key=number,
        parts=(contact,),
    )


def payment_plan(status: str = "paid") -> Plan:
    payment = InvoicePayment("invoice-1", status, DAY if status == "paid" else None)
    return Plan(
        company="alfa",
        transfer=Transfer.PAYMENTS,
        kind=Kind.PAYMENT,
        source_key="10457",
        source_number="10457",
        source_name="Bygg AB",
        action=Action.UPDATE,
        target_key="invoice-1",
        payload=payment,
        changes=(Change("status_key", "sent", status), Change("payment_date", "", str(DAY))),
    )


CREATES = pytest.mark.parametrize(
    ("plan", "kind", "links"),
    [
        pytest.param(fee_plan(), Kind.PROJECT_FEE, {"guid-1": "4711:3"}, id="project fee"),
        pytest.param(customer_plan(), Kind.CUSTOMER, {"guid-1": "1001"}, id="customer"),
    ],
)


def linked(world: World, kind: Kind) -> dict[str, str]:
    return {key: link.target_key for key, link in world.journal.links(kind).items()}


@CREATES
def test_a_record_is_created_once_and_linked_under_its_severa_key(
    world: World, plan: Plan, kind: Kind, links: dict[str, str]
) -> None:
    first = world.engine.carry_out(plan)
    assert (first.state, first.target_key) == (RowState.TRANSFERRED, "guid-1")
    assert linked(world, kind) == links
    again = world.engine.carry_out(plan)
    assert [why.code for why in again.reasons] == ["KND-132"]
    assert world.made(kind) == ["guid-1"]


def test_the_contacts_of_a_new_customer_belong_to_it(world: World) -> None:
    world.engine.carry_out(customer_plan())
    assert world.severa.made[(Kind.CONTACT, "guid-2")] == SeveraContact("guid-1", "Åsa", "Öberg")
    assert linked(world, Kind.CONTACT) == {"guid-2": "7"}


@CREATES
def test_a_create_that_happened_although_its_answer_was_lost_is_linked(
    world: World, plan: Plan, kind: Kind, links: dict[str, str]
) -> None:
    world.severa.faults.at("create", LOST, after=True)
    assert world.engine.carry_out(plan).state is RowState.TRANSFERRED
    assert world.made(kind) == ["guid-1"]
    assert linked(world, kind) == links


@CREATES
def test_a_lost_create_is_repeated_only_after_the_settling_time(
    world: World, plan: Plan, kind: Kind, links: dict[str, str]
) -> None:
    world.severa.faults.at("create", LOST)
    assert world.engine.carry_out(plan).state is RowState.IN_DOUBT
    world.clock += timedelta(seconds=119)
    assert [result.state for result in world.engine.settle_all()] == [RowState.IN_DOUBT]
    assert world.engine.carry_out(plan).state is RowState.IN_DOUBT
    assert world.made(kind) == []
    world.clock += timedelta(seconds=1)
    assert world.engine.settle_all() == ()
    assert world.engine.carry_out(plan).state is RowState.TRANSFERRED
    assert world.made(kind) == ["guid-1"]


@CREATES
def test_a_lost_create_that_comes_late_is_found_before_anything_is_repeated(
    world: World, plan: Plan, kind: Kind, links: dict[str, str]
) -> None:
    world.severa.faults.at("create", LOST)
    world.engine.carry_out(plan)
    world.severa.create(plan.payload)  # type: ignore[arg-type]
    assert [result.state for result in world.engine.settle_all()] == [RowState.TRANSFERRED]
    assert linked(world, kind) == links
    world.engine.carry_out(plan)
    assert world.made(kind) == ["guid-1"]


@CREATES
def test_a_failed_look_up_is_never_not_found(world: World, plan: Plan, kind: Kind, links: dict[str, str]) -> None:
    world.severa.faults.at("create", LOST, after=True)
    world.severa.faults.at("find_customers" if kind is Kind.CUSTOMER else "project_fees", BUSY, call=2)
    assert world.engine.carry_out(plan).state is RowState.IN_DOUBT
    world.clock += timedelta(hours=1)
    assert [result.state for result in world.engine.settle_all()] == [RowState.TRANSFERRED]
    assert linked(world, kind) == links


@CREATES
def test_a_refused_and_an_unavailable_create_may_be_sent_again_at_once(
    world: World, plan: Plan, kind: Kind, links: dict[str, str]
) -> None:
    world.severa.faults.at("create", NO)
    world.severa.faults.at("create", BUSY, call=2)
    assert [world.engine.carry_out(plan).state for _ in range(3)] == [
        RowState.FAILED,
        RowState.FAILED,
        RowState.TRANSFERRED,
    ]
    assert linked(world, kind) == links


def test_a_fee_with_our_key_and_other_contents_is_not_doubled(world: World) -> None:
    world.severa.create(fee_plan(cost="7000").payload)  # type: ignore[arg-type]
    result = world.engine.carry_out(fee_plan())
    assert (result.state, [why.code for why in result.reasons]) == (RowState.FAILED, ["LEV-604"])
    assert world.made(Kind.PROJECT_FEE) == ["guid-1"]


def test_two_fees_with_our_key_and_contents_are_in_doubt(world: World) -> None:
    for _ in range(2):
        world.severa.create(fee_plan().payload)  # type: ignore[arg-type]
    assert world.engine.carry_out(fee_plan()).state is RowState.IN_DOUBT
    assert [operation.state for operation in world.journal.in_doubt()] == [OperationState.IN_DOUBT]
    assert world.engine.carry_out(fee_plan()).state is RowState.IN_DOUBT


def test_a_customer_of_another_name_under_the_number_is_not_taken_over(world: World) -> None:
    world.severa.create(SeveraCustomer(name="Annan AB", number="1001"))
    result = world.engine.carry_out(customer_plan())
    assert [why.code for why in result.reasons] == ["KND-131"]
    assert linked(world, Kind.CUSTOMER) == {}


def test_the_fees_of_a_project_are_read_once_for_all_its_rows(world: World) -> None:
    engine = world.engine
    for row in range(20):
        assert engine.carry_out(fee_plan(f"4711:{row}")).state is RowState.TRANSFERRED
    assert world.severa.faults.calls == {"project_fees": 1, "create": 20}


# -- payments --------------------------------------------------------------------------------------------------


def test_a_payment_is_one_change_and_is_noted_when_it_took(world: World) -> None:
    assert world.engine.carry_out(payment_plan()).state is RowState.TRANSFERRED
    assert world.severa.made[(Kind.PAYMENT, "invoice-1")] == InvoicePayment("invoice-1", "paid", DAY)
    assert world.severa.faults.calls == {"update": 1}
    link = world.journal.link_of(Kind.PAYMENT, "invoice-1")
    assert link is not None
    assert (link.target_key, link.snapshot.number) == ("10457", "2026-01-31")


def test_a_refused_payment_is_not_noted(world: World) -> None:
    world.severa.faults.at("update", Refused(reason("SEV-711", field="/paymentDate")))
    assert world.engine.carry_out(payment_plan()).state is RowState.FAILED
    assert linked(world, Kind.PAYMENT) == {}


def test_a_lost_change_that_took_is_done(world: World) -> None:
    world.severa.faults.at("update", LOST, after=True)
    assert world.engine.carry_out(payment_plan()).state is RowState.TRANSFERRED
    assert linked(world, Kind.PAYMENT) == {"invoice-1": "10457"}


def test_a_lost_change_that_did_not_take_is_repeated_only_after_the_settling_time(world: World) -> None:
    world.severa.faults.at("update", LOST)
    result = world.engine.carry_out(payment_plan())
    assert (result.state, [why.code for why in result.reasons]) == (RowState.IN_DOUBT, ["SEV-708"])
    assert [why.code for why in world.engine.carry_out(payment_plan()).reasons] == ["BET-504"]
    assert world.severa.faults.calls["update"] == 1
    world.clock += timedelta(seconds=120)
    assert world.engine.settle_all() == ()
    assert world.engine.carry_out(payment_plan()).state is RowState.TRANSFERRED


def test_a_lost_change_that_cannot_be_read_back_stays_open_and_is_settled_by_looking(world: World) -> None:
    world.severa.faults.at("update", LOST, after=True)
    world.severa.faults.at("find", BUSY)
    assert world.engine.carry_out(payment_plan()).state is RowState.IN_DOUBT
    assert [result.state for result in world.engine.settle_all()] == [RowState.TRANSFERRED]
    assert linked(world, Kind.PAYMENT) == {"invoice-1": "10457"}
    assert world.engine.settle_all() == ()


# -- crashes ---------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The program dies here."""


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("plan", "kind", "method"),
    [
        pytest.param(plan, kind, method, id=f"{kind.value}-{method}")
        for plan, kind, methods in (
            (fee_plan(), Kind.PROJECT_FEE, ("project_fees", "create")),
            (customer_plan(), Kind.CUSTOMER, ("find_customers", "create", "contacts")),
            (payment_plan(), Kind.PAYMENT, ("update",)),
        )
        for method in methods
    ],
)
def test_killed_at_any_call_the_next_runs_end_with_exactly_one(
    world: World, plan: Plan, kind: Kind, method: str, *, after: bool
) -> None:
    world.severa.faults.at(method, Killed(), after=after)
    with pytest.raises(Killed):
        world.engine.carry_out(plan)
    for _ in range(3):
        world.clock += timedelta(seconds=121)
        world.engine.settle_all()
        world.engine.carry_out(plan)
    assert len(world.made(kind)) == 1
    assert len(linked(world, kind)) == 1
    assert world.journal.unsettled() == ()
    if kind is Kind.PAYMENT:
        assert world.severa.made[(kind, "invoice-1")] == InvoicePayment("invoice-1", "paid", DAY)
