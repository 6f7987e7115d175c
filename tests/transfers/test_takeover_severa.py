"""What was sent to Severa and is not there any more: named, never sent again by itself, offered to a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from brygga.insight.reconciliation_towards import TowardsDifference, reconcile_towards, why
from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.practice.severa_server.faults import FaultKind, FaultRule
from brygga.records.reasons import Refused
from brygga.records.severa_cards import ProjectFee
from brygga.records.target import Kind
from brygga.runs.doubt import Decision, decide, doubts, evidence
from brygga.runs.takeover import Affected, prospect
from brygga.store.database import open_store
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import seed
from tests.transfers.practice_world import SETTINGS_HASH, VERSION, World, codes, day, practice_world

SUPPLIER = 12
PLACES = {"tables": {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}
ROWS, PAYMENTS = Transfer.SUPPLIER_INVOICES, Transfer.PAYMENTS
ROW = CostRow("4600", D(8000), "Konsult", project="1042")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, places=PLACES) as made:
        made.customer(1001)
        made.project(1042)
        made.project(1043)
        yield made


def enter(world: World, *rows: CostRow) -> int:
    return user_ledgers.add_supplier_invoice(world.place.company, "501", "F-77", date(2026, 1, 15), rows or (ROW,))


def changed(world: World, amount: int) -> None:
    row = CostRow("4600", D(amount), "Konsult", project="1042")
    user_ledgers.change_cost_rows(world.place.company, 1, (row,))


def fees(world: World, project: int = 1042) -> dict[str, ProjectFee]:
    found = world.company().severa.project_fees(f"project-{project}")
    return {fee.description.rpartition("(LF ")[2].rstrip(")"): fee for fee in found}


def costs(world: World) -> dict[str, D]:
    return {key: fee.unit_cost for key, fee in fees(world).items()}


def deleted(world: World, key: str) -> None:
    """Somebody in Severa deletes the fee."""
    world.severa.delete("projectfees", fees(world)[key].key)


def affected(world: World) -> list[Affected]:
    return list(prospect(world.company(read_only=True)).affected)


def decided(world: World, text: str, decision: Decision) -> RowState:
    company, locks = world.company(), world.folder / "locks"
    return decide(company, text, decision, lock_folder=locks, version=VERSION, settings=SETTINGS_HASH).state


def test_a_deleted_fee_is_never_sent_again_by_itself(world: World) -> None:
    enter(world)
    world.run(ROWS)
    deleted(world, "1:2")
    assert world.run(ROWS).written == 0
    [lost] = affected(world)
    assert (lost.kind, lost.source_key, lost.state, lost.reason.code) == (
        Kind.PROJECT_FEE,
        "1:2",
        RowState.IN_DOUBT,
        "KOR-890",
    )
    assert costs(world) == {}


def test_a_deleted_fee_is_offered_after_the_take_over_and_sent_when_a_person_says_so(world: World) -> None:
    enter(world)
    world.run(ROWS)
    deleted(world, "1:2")
    world.take_over()
    assert [each.source_key for each in doubts(world.company().journal)] == ["1:2"]
    result = world.result(ROWS, "1:2")
    assert (result.state, codes(result)) == (RowState.IN_DOUBT, ["KOR-890"])
    assert costs(world) == {}
    assert [(each.what, why(each).code) for each in differences(world)] == [("in_doubt", "KOR-896")]
    assert decided(world, "1:2", Decision.SEND) is RowState.TRANSFERRED
    assert costs(world) == {"1:2": D(8000)}
    assert affected(world) == []
    assert differences(world) == []
    assert [plan.action for plan in world.preview(ROWS).values()] == [Action.NOTHING]


def test_a_fee_that_somebody_made_again_by_hand_is_linked_and_not_doubled(world: World) -> None:
    enter(world)
    world.run(ROWS)
    fee = fees(world)["1:2"]
    document = world.severa.document("projectfees", fee.key)
    assert document is not None
    deleted(world, "1:2")
    world.take_over()
    assert evidence(world.company(read_only=True), "1:2").fees == ()
    world.severa.add("projectfees", dict(document) | {"guid": "fee-by-hand"})
    assert [each.key for each in evidence(world.company(read_only=True), "1:2").fees] == ["fee-by-hand"]
    assert decided(world, "1:2", Decision.SEND) is RowState.TRANSFERRED
    assert [fee.key for fee in fees(world).values()] == ["fee-by-hand"]


@pytest.mark.parametrize("lost", ["1:2", "1:2+1"])
def test_a_row_whose_fee_or_correction_is_lost_is_mended_before_it_is_corrected(world: World, lost: str) -> None:
    """Otherwise a correction would count with what is not there, or take the name of one that was sent."""
    enter(world)
    world.run(ROWS)
    changed(world, 8400)
    world.run(ROWS, accepted=frozenset({"1:2+1"}))
    sent = costs(world)
    assert sent == {"1:2": D(8000), "1:2+1": D(400)}
    deleted(world, lost)
    world.take_over()
    changed(world, 9000)
    everything = frozenset({"1:2", "1:2+1", "1:2+2"})
    results = {each.plan.source_key: each.state for each in world.run(ROWS, accepted=everything).results}
    assert results == {lost: RowState.IN_DOUBT}
    assert decided(world, lost, Decision.SEND) is RowState.TRANSFERRED
    assert costs(world) == sent
    offer = world.preview(ROWS)["1:2+2"]
    assert (offer.action, codes(offer), offer.net) == (Action.WAIT, ["LEV-609"], D(600))
    world.run(ROWS, accepted=everything)
    assert sum(costs(world).values()) == D(9000)
    assert affected(world) == []


def test_a_deleted_project_loses_its_fees_one_by_one_and_a_moved_fee_is_not_lost(world: World) -> None:
    enter(world, ROW, CostRow("4600", D(100), "Mer", project="1043"), CostRow("4600", D(7), "Flyttad", project="1043"))
    world.run(ROWS)
    world.severa.edit("projectfees", fees(world, 1043)["1:4"].key, {"project": {"guid": "project-1042"}})
    world.severa.delete("projectfees", fees(world, 1043)["1:3"].key)
    world.severa.delete("projects", "project-1043")
    assert [each.source_key for each in affected(world)] == ["1:3"]


def test_what_cannot_be_read_is_not_taken_for_lost(world: World) -> None:
    enter(world)
    world.run(ROWS)
    world.severa.faults.add(FaultRule(FaultKind.ANSWER_INSTEAD, "GET", "*/projectfees*", times=99, status=403))
    with pytest.raises(Refused):
        world.take_over()
    assert doubts(world.company().journal) == ()


def paid(world: World, *numbers: int) -> dict[int, int]:
    """Invoices transferred, paid in Administration, and set as paid in Severa: the payments by invoice."""
    for number in numbers:
        world.invoice(number)
    world.run(Transfer.INVOICES)
    company = world.place.company
    made = {each: user_ledgers.register_payment(company, each, D(15625), day("2026-02-10")) for each in numbers}
    world.run(PAYMENTS)
    assert {status(world, number) for number in numbers} == {"paid"}
    return made


def status(world: World, number: int) -> str:
    invoice = world.severa.document("invoices", f"invoice-{number}")
    assert invoice is not None
    return str(invoice["status"]["guid"]).removeprefix("status-")


def set_back(world: World, number: int) -> None:
    world.severa.edit("invoices", f"invoice-{number}", {"status": {"guid": "status-sent"}, "paymentDate": None})


def test_a_status_that_was_set_back_is_named_and_listed_again(world: World) -> None:
    payments = paid(world, 10234, 10235, 10236)
    set_back(world, 10234)
    set_back(world, 10235)
    user_ledgers.reverse_payment(world.place.company, payments[10235])  # so Severa is right
    [lost] = affected(world)
    assert (lost.kind, lost.number, lost.state, lost.reason.code) == (
        Kind.PAYMENT,
        "10234",
        RowState.READY,
        "KOR-893",
    )
    world.take_over()
    assert affected(world) == []
    assert status(world, 10234) == "sent"
    assert [result.plan.source_key for result in world.run(PAYMENTS, texts=("10234",)).results] == ["10234"]
    assert status(world, 10234) == "paid"


def test_nothing_that_severa_lost_stops_the_company(world: World) -> None:
    """A person may delete a fee or set a status back on purpose: that is no sign of travel in time."""
    paid(world, 10234)
    enter(world)
    world.run(ROWS)
    deleted(world, "1:2")
    set_back(world, 10234)
    assert prospect(world.company(read_only=True)).signs == ()
    world.invoice(10240)
    assert world.result(Transfer.INVOICES, "invoice-10240").state is RowState.TRANSFERRED


def differences(world: World) -> list[TowardsDifference]:
    return list(reconcile_towards(world.company(read_only=True), date(2026, 2, 1), date(2026, 2, 28)).differences)


def test_the_reconciliation_names_each_with_a_reason_and_a_remedy(world: World) -> None:
    payments = paid(world, 10234, 10235)
    world.invoice(10236)
    world.run(Transfer.INVOICES)
    user_ledgers.register_payment(world.place.company, 10236, D(15625), day("2026-02-11"))
    enter(world, ROW, CostRow("4600", D(100), "Mer", project="1042"))
    world.run(ROWS)
    set_back(world, 10234)
    user_ledgers.reverse_payment(world.place.company, payments[10235])
    deleted(world, "1:2")
    money = {"amount": D(90), "currencyCode": "SEK"}
    world.severa.edit("projectfees", fees(world)["1:3"].key, {"unitCost": money})
    found = differences(world)
    assert [(each.record, each.what, why(each).code) for each in found] == [
        ("10234", "set_back", "KOR-893"),
        ("10235", "paid_only_in_severa", "KOR-895"),
        ("10236", "not_paid_in_severa", "KOR-894"),
        ("1:2", "missing", "KOR-891"),
        ("1:3", "cost", "KOR-892"),
    ]
    assert (why(found[4]).param("a"), why(found[4]).param("b")) == ("100.00", "90")


def test_what_a_lost_store_sent_is_linked_and_corrected_as_ever(world: World) -> None:
    """A supplier invoice that was changed or cancelled since would have left its old cost in Severa without a word."""
    enter(world)
    enter(world, ROW, CostRow("4600", D(100), "Mer", project="1042"))
    world.run(ROWS)
    changed(world, 8400)
    world.run(ROWS, accepted=frozenset({"1:2+1"}))
    sent = costs(world)
    assert sent == {"1:2": D(8000), "1:2+1": D(400), "2:2": D(8000), "2:3": D(100)}
    world.store.dispose()
    world.store = open_store(world.folder / "another.sqlite")
    changed(world, 9000)
    user_ledgers.cancel_supplier_invoice(world.place.company, 2)
    assert [(each.source_key, each.state, each.reason.code) for each in affected(world)] == [
        (key, RowState.TRANSFERRED, "SYS-950") for key in sorted(sent)
    ]
    world.take_over()
    assert affected(world) == []
    assert {key: plan.net for key, plan in world.preview(ROWS).items()} == {
        "1:2+2": D(600),
        "2:2+1": D(-8000),
        "2:3+1": D(-100),
    }
    world.run(ROWS, accepted=frozenset({"1:2+2", "2:2+1", "2:3+1"}))
    assert sum(costs(world).values()) == D(9000)


def test_fees_that_are_not_ours_or_not_one_are_left_to_people(world: World) -> None:
    enter(world)
    world.run(ROWS)
    fee = world.severa.document("projectfees", fees(world)["1:2"].key)
    assert fee is not None
    world.severa.add("projectfees", fee | {"guid": "again"})
    for name in ("Resa", "Resa (LF alfa 1:7)", "(LF 1:8) resa"):
        world.severa.add("projectfees", fee | {"guid": name, "description": name})
    world.store.dispose()
    world.store = open_store(world.folder / "another.sqlite")
    assert affected(world) == []
