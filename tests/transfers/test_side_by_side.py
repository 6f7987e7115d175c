"""Documents side by side: what they cost in commits, and that one of them is never the others' business."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from brygga.records.reasons import Refused, reason
from brygga.records.target import Kind
from brygga.store.journal.journal import Journal, OperationState, Snapshot
from brygga.store.states import RowState
from brygga.transfers.engine import TOGETHER
from brygga.transfers.plan import Action, Plan, SeveraChange
from brygga.transfers.side_by_side import Flow, Later, side_by_side
from tests.transfers.engine_world import World, contact_plan, customer_plan, invoice_plan, severa_invoice

FIRST = 10234


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def batch(world: World, count: int = TOGETHER, *, given: bool = True, printed: bool = False) -> list[Plan]:
    """Invoices of one customer, numbered by Severa when ``given``."""
    plans = []
    for number in range(FIRST, FIRST + count):
        key = f"i{number}"
        world.severa.kept[key] = severa_invoice(key, number)
        change = SeveraChange(key, "sent", number_and_reference=not given, mark_printed=printed)
        plans.append(invoice_plan(key, number if given else None, write_back=change))
    return plans


def commits(world: World) -> list[str]:
    """What is committed from now on."""
    noted: list[str] = []
    sa.event.listen(world.store, "commit", lambda _: noted.append("commit"))
    return noted


def states(world: World, plans: list[Plan], write: str = "create") -> list[OperationState | None]:
    return [world.state(write, plan.source_key) for plan in plans]


def test_a_batch_costs_three_commits_and_one_look_whatever_its_size(world: World) -> None:
    plans, noted = batch(world), commits(world)
    results = world.engine.carry_out_all(plans)
    assert [result.state for result in results] == [RowState.TRANSFERRED] * TOGETHER
    assert [result.target_key for result in results] == [str(number) for number in range(FIRST, FIRST + TOGETHER)]
    # Every intent before any write, every link before any change of Severa, and then every end.
    assert len(noted) == 3
    calls = world.administration.faults.calls
    assert (calls["invoices_after"], calls["last_invoice_number"], calls["create"]) == (1, 1, TOGETHER)
    assert states(world, plans) == states(world, plans, "severa") == [OperationState.DONE] * TOGETHER


def test_marking_as_printed_costs_one_commit_more(world: World) -> None:
    plans, noted = batch(world, printed=True), commits(world)
    world.engine.carry_out_all(plans)
    assert len(noted) == 4
    assert states(world, plans, "printed") == [OperationState.DONE] * TOGETHER


def test_every_intent_is_committed_before_the_first_write_and_every_link_before_the_first_change(
    world: World,
) -> None:
    plans = batch(world)
    seen: list[tuple[str, list[OperationState | None]]] = []
    create, change = world.administration.create, world.severa.change_invoice

    def creating(card: Any) -> Any:
        seen.append(("create", states(world, plans)))
        return create(card)

    def changing(key: str, **what: Any) -> None:
        seen.append(("change", states(world, plans)))
        change(key, **what)

    world.administration.create = creating  # type: ignore[method-assign]
    world.severa.change_invoice = changing  # type: ignore[method-assign]
    world.engine.carry_out_all(plans)
    intended, linked = [OperationState.INTENDED] * TOGETHER, [OperationState.LINKED] * TOGETHER
    assert seen == [("create", intended)] * TOGETHER + [("change", linked)] * TOGETHER


@pytest.mark.parametrize("dies_at", range(1, TOGETHER + 1))
@pytest.mark.parametrize("method", ["create", "change_invoice"])
def test_a_run_that_is_broken_off_keeps_what_happened_and_the_next_one_finds_the_rest(
    world: World, method: str, dies_at: int
) -> None:
    plans = batch(world, given=False)
    port = world.administration if method == "create" else world.severa
    whole, calls = getattr(port, method), 0

    def dying(*arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        answer = whole(*arguments, **more)
        if calls == dies_at:
            raise KeyboardInterrupt
        return answer

    setattr(port, method, dying)
    with pytest.raises(KeyboardInterrupt):
        world.engine.carry_out_all(plans)
    setattr(port, method, whole)
    there = dies_at - 1 if method == "create" else TOGETHER
    assert states(world, plans).count(OperationState.INTENDED) == TOGETHER - there
    # A change of Severa that was meant may be on its way, so the settling time has to pass.
    world.clock += timedelta(seconds=121)
    world.engine.settle_all()
    for plan in plans:
        assert world.engine.carry_out(plan).state is RowState.TRANSFERRED
    assert len(world.administration.posted) == TOGETHER
    assert states(world, plans) == states(world, plans, "severa") == [OperationState.DONE] * TOGETHER
    assert world.severa.faults.calls["change_invoice"] == TOGETHER


def test_one_that_is_refused_and_one_whose_number_is_taken_touch_no_other(world: World) -> None:
    plans = batch(world, 4)
    taken = str(FIRST + 1)
    world.journal.couple(Kind.INVOICE, "old", taken, Snapshot(number=taken, name="Gammal kund"))
    world.administration.faults.at("create", Refused(reason("FAK-305", period="2026-10")), call=3)
    results = world.engine.carry_out_all(plans)
    assert [result.state for result in results] == [
        RowState.TRANSFERRED,
        RowState.IN_DOUBT,
        RowState.FAILED,
        RowState.TRANSFERRED,
    ]
    assert [why.code for result in results[1:3] for why in result.reasons] == ["FAK-333", "FAK-305"]
    assert states(world, plans) == [
        OperationState.DONE,
        OperationState.IN_DOUBT,
        OperationState.REFUSED,
        OperationState.DONE,
    ]


def test_what_depends_on_another_record_is_not_carried_out_beside_it(world: World) -> None:
    first, second = batch(world, 2)
    credit = msgspec.structs.replace(second, original_key=first.source_key)
    update = msgspec.structs.replace(customer_plan(), action=Action.UPDATE)
    skipped = msgspec.structs.replace(second, action=Action.SKIP)
    engine = world.engine
    assert engine.together(second, [first])
    assert engine.together(skipped, [customer_plan()])
    assert engine.together(customer_plan(), [skipped])
    assert not engine.together(credit, [first])
    assert not engine.together(first, [first])
    assert not engine.together(second, [first], most=1)
    assert not any(engine.together(each, [first]) for each in (customer_plan(), update, contact_plan()))
    assert not engine.together(first, [customer_plan()])


def _noting(journal: Journal, name: str) -> Any:
    return lambda _connection: name


def test_ends_are_noted_in_the_order_of_the_records_and_before_each_stretch_is_asked(world: World) -> None:
    journal, stretches = world.journal, []
    ended: list[str] = []

    def flow(name: str, steps: int) -> Flow[str]:
        for number in range(steps):
            yield Later(_noting(journal, "later"))
            assert (yield _noting(journal, f"{name}{number}")) == f"{name}{number}"
        return name

    flows = [flow("a", 2), flow("b", 0), flow("c", 1)]
    results = side_by_side(
        journal,
        flows,
        before=lambda: stretches.append(1),
        ending=lambda names: lambda _connection: ended.extend(names),
    )
    assert (results, ended, len(stretches)) == (["a", "b", "c"], ["a", "b", "c"], 6)
