"""Supplier invoices → project fees, through both simulators (semantics §4.10, AT-72…90)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.records.severa_cards import ProjectFee
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import seed
from tests.transfers.practice_world import World, codes, practice_world

SUPPLIER = 12
PLACES = {"tables": {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}
DAY = date(2026, 1, 15)
ROWS = Transfer.SUPPLIER_INVOICES
COSTS = (CostRow("4600", D(8000), "Konsult", project="1042"), CostRow("4010", D(1500), "Material"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, places=PLACES) as made:
        made.customer(1001)
        made.project(1042)
        made.project(1043)
        yield made


def enter(world: World, *rows: CostRow, vat: D = D(0), **head: Any) -> int:
    numbers = {"TYPE": 12, "CURRENCY": 10, "RATE": 11, "UNIT": 27, "PROJECT": 21, "ATTESTED": 19}
    fields = {numbers[name]: value for name, value in head.items()}
    costs = rows or COSTS
    return user_ledgers.add_supplier_invoice(world.place.company, "501", "F-77", DAY, costs, vat=vat, head=fields)


def fees(world: World, project: int = 1042) -> dict[str, ProjectFee]:
    """The fees of a project by the key at the end of their description."""
    found = world.company().severa.project_fees(f"project-{project}")
    return {fee.description.rpartition("(LF ")[2].rstrip(")"): fee for fee in found}


def costs(world: World, project: int = 1042) -> dict[str, D]:
    return {key: fee.unit_cost for key, fee in fees(world, project).items()}


def test_at_89_rel_1_5_0_13_a_row_with_a_project_becomes_one_fee_and_a_row_without_is_skipped(world: World) -> None:
    enter(world, vat=D(2375))
    plans = world.preview(ROWS)
    # The program's own rows for debt and VAT come first and are no rows of the list.
    assert {key: plan.action for key, plan in plans.items()} == {"1:3": Action.CREATE, "1:4": Action.SKIP}
    assert codes(plans["1:4"]) == ["LEV-601"]
    world.run(ROWS)
    assert costs(world) == {"1:3": D(8000)}


def test_at_90_rel_1_6_0_12_the_head_s_project_and_the_block_list(world: World) -> None:
    world.settings["supplier_invoices.blocked_accounts"] = ("2440", "2641")
    rows = (*COSTS, CostRow("2641", D(2375), "Moms i efterhand"), CostRow("2440", D(-11875), "Skuld"))
    enter(world, *rows, PROJECT="1043")
    plans = world.preview(ROWS)
    assert [codes(plan) for plan in plans.values()] == [[], [], ["LEV-602"], ["LEV-602"]]
    world.run(ROWS)
    assert costs(world, 1042) == {"1:2": D(8000)}
    assert costs(world, 1043) == {"1:3": D(1500)}


def test_generated_rows_are_never_costs_even_with_a_project_on_the_head(world: World) -> None:
    world.settings["supplier_invoices.blocked_accounts"] = ()
    enter(world, vat=D(2375), PROJECT="1043")
    world.run(ROWS)
    assert {**costs(world, 1042), **costs(world, 1043)} == {"1:3": D(8000), "1:4": D(1500)}


@pytest.mark.parametrize(
    ("amount", "head", "expected"),
    [
        ("2499.99", {"CURRENCY": "EUR", "RATE": D("11.2345"), "UNIT": 1}, "28086.14"),
        ("150000", {"CURRENCY": "JPY", "RATE": D("6.97"), "UNIT": 100}, "10455.00"),
    ],
    ids=["at_72", "at_73"],
)
def test_at_72_at_73_rel_1_6_0_10_the_cost_is_in_base_currency(
    world: World, amount: str, head: dict[str, Any], expected: str
) -> None:
    enter(world, CostRow("4600", D(amount), "Konsult", project="1042"), **head)
    world.run(ROWS)
    [fee] = fees(world).values()
    assert (fee.unit_cost, fee.currency, fee.quantity) == (D(expected), "SEK", D(1))


def test_at_74_at_75_at_76_rel_1_6_0_11_signs(world: World) -> None:
    both = (CostRow("4600", D(10000), "A", project="1042"), CostRow("4600", D(-2000), "B", project="1042"))
    enter(world, *both)
    enter(world, CostRow("4600", D(8000), "C", project="1042"), both[1], TYPE="K")
    world.run(ROWS)
    assert costs(world) == {"1:2": D(10000), "1:3": D(-2000), "2:2": D(-8000), "2:3": D(2000)}


@pytest.mark.parametrize(
    ("mode", "percent", "price", "billable"),
    [("cost", "100", "8000", True), ("cost_only", "100", "0", False), ("percent", "115", "9200", True)],
)
def test_at_77_rel_1_5_0_12_rel_1_6_2_07_price_modes(
    world: World, mode: str, percent: str, price: str, billable: bool
) -> None:
    world.settings |= {"supplier_invoices.price_mode": mode, "supplier_invoices.price_percent": D(percent)}
    enter(world)
    world.run(ROWS)
    [fee] = fees(world).values()
    assert (fee.unit_cost, fee.unit_price, fee.billable) == (D(8000), D(price), billable)


def test_at_81_a_percentage_below_100_is_warned_about(world: World) -> None:
    world.settings |= {"supplier_invoices.price_mode": "percent", "supplier_invoices.price_percent": D(15)}
    enter(world)
    assert codes(world.preview(ROWS)["1:2"]) == ["LEV-612"]
    world.run(ROWS)
    assert fees(world)["1:2"].unit_price == D(1200)


def test_at_83_rel_1_6_2_06_the_product_of_the_setting(world: World) -> None:
    product = world.article("UK", "Underkonsult", register="products", type="Subcontracting")
    world.settings["supplier_invoices.product_code"] = "UK"
    enter(world)
    world.run(ROWS)
    assert fees(world)["1:2"].product_key == product


def test_at_84_rel_1_6_2_05_without_a_product_the_type_is_subcontracting(world: World) -> None:
    enter(world)
    world.run(ROWS)
    fee = fees(world)["1:2"]
    assert (fee.product_key, fee.product_type, fee.name) == ("", "Subcontracting", "Konsult")
    assert (fee.description, fee.event_date) == ("Konsult (LF 1:2)", DAY)


def test_a_product_code_that_severa_lacks_is_said(world: World) -> None:
    world.settings["supplier_invoices.product_code"] = "XX"
    enter(world)
    assert codes(world.preview(ROWS)["1:2"]) == ["LEV-605"]


def test_at_85_rel_1_6_2_04_a_closed_project_refuses_its_row_only(world: World) -> None:
    world.severa.edit("projects", "project-1043", {"isClosed": True})
    enter(world, COSTS[0], CostRow("4600", D(500), "Mer", project="1043"), CostRow("4600", D(7), "X", project="9999"))
    results = {result.plan.source_key: result for result in world.run(ROWS).results}
    assert [(key, result.state, codes(result)) for key, result in results.items()] == [
        ("1:2", RowState.TRANSFERRED, []),
        ("1:3", RowState.FAILED, ["PRJ-202"]),
        ("1:4", RowState.FAILED, ["PRJ-205"]),
    ]


def test_at_85_a_project_closed_between_listing_and_transfer(world: World) -> None:
    enter(world)

    def close(operation: str) -> None:
        world.severa.edit("projects", "project-1042", {"isClosed": True})

    expected = {key: plan.hash for key, plan in world.preview(ROWS).items()}
    close("now")
    result = world.run(ROWS, expected=expected).results[0]
    assert (result.state, codes(result)) == (RowState.FAILED, ["SYS-910"])
    assert codes(world.preview(ROWS)["1:2"]) == ["PRJ-202"]


def test_at_86_a_second_run_sends_nothing(world: World) -> None:
    enter(world)
    world.run(ROWS)
    written = world.writes
    assert {plan.action for plan in world.preview(ROWS).values()} == {Action.NOTHING, Action.SKIP}
    assert world.run(ROWS).written == 0
    assert world.writes == written


def changed(world: World, serial: int, *rows: CostRow) -> None:
    user_ledgers.change_cost_rows(world.place.company, serial, rows)


def test_at_87_a_changed_row_is_offered_as_a_correction_and_never_sent_by_itself(world: World) -> None:
    enter(world, COSTS[0])
    world.run(ROWS)
    changed(world, 1, CostRow("4600", D(8400), "Konsult", project="1042"))
    offer = world.preview(ROWS)["1:2+1"]
    assert (offer.action, codes(offer), offer.net) == (Action.WAIT, ["LEV-609"], D(400))
    assert world.run(ROWS).written == 0
    assert world.run(ROWS, accepted=frozenset({"1:2+1"})).written == 1
    assert costs(world) == {"1:2": D(8000), "1:2+1": D(400)}
    assert [plan.action for plan in world.preview(ROWS).values()] == [Action.NOTHING]


def test_at_88_a_cancelled_invoice_is_offered_back(world: World) -> None:
    enter(world, COSTS[0])
    world.run(ROWS)
    user_ledgers.cancel_supplier_invoice(world.place.company, 1)
    offer = world.preview(ROWS)["1:2+1"]
    assert (offer.action, codes(offer), offer.net) == (Action.WAIT, ["LEV-610"], D(-8000))
    world.run(ROWS, accepted=frozenset({"1:2+1"}))
    assert sum(costs(world).values()) == 0
    assert [plan.action for plan in world.preview(ROWS).values()] == [Action.NOTHING]


def test_a_cancelled_invoice_that_was_never_sent_is_skipped(world: World) -> None:
    enter(world, COSTS[0])
    user_ledgers.cancel_supplier_invoice(world.place.company, 1)
    assert codes(world.preview(ROWS)["1:2"]) == ["LEV-607"]


def test_an_inserted_row_shifts_nobody(world: World) -> None:
    enter(world, COSTS[0])
    world.run(ROWS)
    changed(world, 1, CostRow("4600", D(300), "Ny", project="1042"), COSTS[0])
    world.run(ROWS)
    assert costs(world) == {"1:2": D(8000), "1:3": D(300)}


def test_a_row_moved_to_another_project_leaves_the_first(world: World) -> None:
    enter(world, COSTS[0])
    world.run(ROWS)
    changed(world, 1, CostRow("4600", D(8000), "Konsult", project="1043"))
    world.run(ROWS, accepted=frozenset({"1:2+1"}))
    assert sum(costs(world, 1042).values()) == 0
    assert costs(world, 1043) == {"1:2+2": D(8000)}
    assert [plan.action for plan in world.preview(ROWS).values()] == [Action.NOTHING]


def test_unattested_invoices_wait_only_when_the_setting_says_so(world: World) -> None:
    enter(world, COSTS[0])
    enter(world, COSTS[0], ATTESTED=True)
    assert [plan.action for plan in world.preview(ROWS).values()] == [Action.CREATE, Action.CREATE]
    world.settings["supplier_invoices.require_attest"] = True
    assert [codes(plan) for plan in world.preview(ROWS).values()] == [["LEV-608"], []]


def test_every_optional_field_empty(world: World) -> None:
    enter(world, CostRow("", D(100)), PROJECT="1042")
    world.run(ROWS)
    [fee] = fees(world).values()
    assert fee.description == "Underkonsult AB – F-77 (LF 1:2)"


def test_a_mapped_project_code_is_found_by_its_severa_number(world: World) -> None:
    world.project(1000001)
    world.settings["projects.code_map"] = {"1000001": "P1"}
    enter(world, CostRow("4600", D(100), "X", project="P1"))
    world.run(ROWS)
    assert costs(world, 1000001) == {"1:2": D(100)}


def test_the_lists_and_the_choice(world: World) -> None:
    for _ in range(3):
        enter(world, COSTS[0])
    assert list(world.preview(ROWS, texts=("2",))) == ["2:2"]
    assert list(world.preview(ROWS, keys=frozenset({"3:2"}))) == ["3:2"]
    assert list(world.preview(ROWS, start=date(2026, 1, 16))) == []


def test_call_budget_rows_of_one_project_cost_one_list_and_one_write_each(world: World) -> None:
    rows = [CostRow("4600", D(100 + number), f"Rad {number}", project="1042") for number in range(30)]
    enter(world, *rows)
    world.run(ROWS)
    asked = [(one.method, one.path) for one in world.severa.requests]
    assert asked.count(("POST", "/v1/projectfees")) == 30
    assert asked.count(("GET", "/v1/projects/project-1042/projectfees")) <= 2


def test_an_invoice_dated_before_the_go_live_date_is_never_a_cost(world: World) -> None:
    enter(world)
    world.settings["invoices.from_date"] = date(2026, 1, 16)
    assert {codes(plan)[0] for plan in world.preview(ROWS).values()} == {"KOP-813", "LEV-601"}
    world.settings["invoices.from_date"] = DAY
    assert Action.CREATE in {plan.action for plan in world.preview(ROWS).values()}


@pytest.mark.parametrize("text", ["Total", " moms "])
def test_a_row_on_a_cost_account_named_as_the_programs_own_is_shown_and_never_a_cost(world: World, text: str) -> None:
    enter(world, CostRow("4600", D(8000), text, project="1042"), vat=D(2000))
    plans = world.preview(ROWS)
    assert {key: (plan.action, codes(plan)) for key, plan in plans.items()} == {"1:3": (Action.SKIP, ["LEV-613"])}


def test_a_row_that_was_moved_and_renamed_is_not_sent_a_second_time(world: World) -> None:
    trip = CostRow("4600", D(100), "Resa", project="1042")
    enter(world, CostRow("4600", D(8000), "Konsult", project="1042"), trip)
    world.run(ROWS)
    changed(world, 1, trip, CostRow("4600", D(8000), "Konsulttid januari", project="1042"))
    assert world.run(ROWS).written == 0
    assert {plan.action for plan in world.preview(ROWS).values()} == {Action.NOTHING}
    changed(world, 1, trip, CostRow("4600", D(9000), "Konsulttid februari", project="1042"))
    assert [codes(plan) for plan in world.preview(ROWS).values() if plan.action is Action.WAIT] == [["LEV-609"]]
    assert world.run(ROWS).written == 0
