"""Credit notes on the simulators: their type, signs, originals and order (semantics §3.2, §4.5, AT-36…41)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user
from brygga.records.target import Kind
from brygga.store.database import open_store
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import Row, World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def credit(world: World, number: int, original: str | None, *rows: Row, **more: Any) -> str:
    """A credit note of the original; Severa's rows carry negative quantities."""
    reference = {"guid": original} if original is not None else None
    return world.invoice(number, *(rows or (Row("-1"),)), isCreditNote=True, reimburseInvoice=reference, **more)


def results(world: World) -> dict[str, Result]:
    return {result.plan.source_key: result for result in world.run(Transfer.INVOICES).results}


def states(world: World) -> dict[str, tuple[RowState, list[str]]]:
    return {key: (result.state, codes(result)) for key, result in results(world).items()}


def test_at_36_at_38_what_is_credited_is_positive_and_a_charge_inside_it_negative(world: World) -> None:
    original = world.invoice(10234, Row("10", "1250"))
    credit(world, 10235, original, Row("-10", "1250"), Row("2", "500"))
    assert {state for state, _ in states(world).values()} == {RowState.TRANSFERRED}
    head = world.head(10235)
    assert (head["TYPE_OF_INVOICE"], head["NUMBER_OF_ORIGINAL_INVOICE"]) == ("K", 10234)
    assert [row["QUANTITY1"] for row in head["ROWS"]] == [10, -2]
    assert (head["EXCLUDING_OF_VAT"], head["VAT_AMOUNT"]) == (11500, 2875)


def test_rel_1_6_2_03_a_credit_note_dated_before_its_original_still_goes_after_it(world: World) -> None:
    original = world.invoice(10235, date="2026-01-31")
    credit(world, 10234, original, date="2026-01-30")
    assert list(results(world)) == ["invoice-10235", "invoice-10234"]
    assert world.head(10234)["NUMBER_OF_ORIGINAL_INVOICE"] == 10235


def test_at_39_under_administration_master_the_credit_note_refers_to_the_new_number(world: World) -> None:
    user.set_next_invoice_number(world.place.company, 10460)
    world.settings["numbering.master"] = "administration"
    # The credit note is listed before its original: an earlier day.
    original = world.invoice(9000010, date="2026-01-31")
    credit(world, 9000011, original, date="2026-01-30")
    ended = results(world)
    assert {key: result.target_key for key, result in ended.items()} == {
        "invoice-9000010": "10460",
        "invoice-9000011": "10461",
    }
    assert (world.head(10461)["TYPE_OF_INVOICE"], world.head(10461)["NUMBER_OF_ORIGINAL_INVOICE"]) == ("K", 10460)


def test_at_40_rel_1_6_3_01_a_failing_credit_note_touches_no_other_row(world: World) -> None:
    world.invoice(10234)
    credit(world, 10235, None)
    world.invoice(10236)
    assert states(world) == {
        "invoice-10234": (RowState.TRANSFERRED, []),
        "invoice-10235": (RowState.FAILED, ["FAK-304"]),
        "invoice-10236": (RowState.TRANSFERRED, []),
    }
    there = {number: world.severa.document("invoices", f"invoice-{number}") for number in (10234, 10235, 10236)}
    assert {number: document and document["status"]["name"] for number, document in there.items()} == {
        10234: "Överförd",
        10235: "Att överföra",
        10236: "Överförd",
    }


def test_a_credit_note_waits_while_its_original_is_refused(world: World) -> None:
    original = world.invoice(10234, Row(rate="19"))
    credit(world, 10235, original)
    assert states(world)["invoice-10235"] == (RowState.WAITING, ["FAK-303"])


def test_a_credit_note_waits_when_its_original_failed_in_the_same_run(world: World) -> None:
    """It was planned behind its original; the original's customer was blocked meanwhile, so it waits, not fails."""
    original = world.invoice(10234)
    credit(world, 10235, original)
    # The year is locked by a user after the plans were made: Administration refuses the original at the add.
    company = world.company()
    plans = PLANNERS[Transfer.INVOICES](Readings(company), Selection())
    user.lock_month(world.place.company, "25", 1)
    engine = Engine(company)
    ended = [engine.carry_out(plan) for plan in plans]
    assert [(result.state, codes(result)) for result in ended] == [
        (RowState.FAILED, ["FAK-305"]),
        (RowState.WAITING, ["FAK-303"]),
    ]


def test_a_credit_note_waits_for_an_original_that_was_not_chosen(world: World) -> None:
    original = world.invoice(10234)
    key = credit(world, 10235, original)
    ended = world.run(Transfer.INVOICES, keys=frozenset({key})).results
    assert [(result.state, codes(result)) for result in ended] == [(RowState.WAITING, ["FAK-303"])]
    assert {state for state, _ in states(world).values()} == {RowState.TRANSFERRED}


def test_at_41_an_original_from_before_the_cut_over_is_accepted_by_its_number(world: World, tmp_path: Path) -> None:
    original = world.invoice(10234)
    world.run(Transfer.INVOICES)
    # Another store: it knows nothing of the original, which Administration has for the same customer.
    world.store = open_store(tmp_path / "another.sqlite")
    world.take_over()
    world.severa.edit("invoices", original, {"status": {"guid": "status-sent"}})
    credit(world, 10235, original)
    assert states(world)["invoice-10235"] == (RowState.TRANSFERRED, [])
    assert world.head(10235)["NUMBER_OF_ORIGINAL_INVOICE"] == 10234


def test_an_original_that_is_cancelled_or_anothers_is_refused(world: World) -> None:
    world.customer(1002, "Annan AB")
    cancelled, others = world.invoice(10234), world.invoice(10235)
    world.run(Transfer.INVOICES)
    user.cancel_invoice(world.place.company, 10234)
    credit(world, 10236, cancelled)
    credit(world, 10237, others, customer={"guid": "customer-1002"})
    ended = states(world)
    assert ended["invoice-10236"] == (RowState.FAILED, ["FAK-344"])
    assert "FAK-345" in ended["invoice-10237"][1]


def test_a_credit_of_a_credit_is_refused_in_and_outside_the_batch(world: World) -> None:
    original = world.invoice(10234)
    first = credit(world, 10235, original)
    second = credit(world, 10236, first)
    assert states(world)[second] == (RowState.FAILED, ["FAK-342"])
    assert states(world)[second] == (RowState.FAILED, ["FAK-342"])


def test_a_credit_note_with_the_other_sign_is_refused_never_guessed(world: World) -> None:
    original = world.invoice(10234)
    credit(world, 10235, original, Row("1"))
    assert "FAK-343" in states(world)["invoice-10235"][1]


def test_severa_that_stores_credited_quantities_as_positive_is_a_setting(world: World) -> None:
    world.settings["severa.credit_rows"] = "positive"
    original = world.invoice(10234)
    credit(world, 10235, original, Row("1"))
    assert {state for state, _ in states(world).values()} == {RowState.TRANSFERRED}
    assert [row["QUANTITY1"] for row in world.head(10235)["ROWS"]] == [1]


def test_a_credit_note_gets_its_own_status_when_one_is_chosen(world: World) -> None:
    world.settings["invoices.credit_status_after"] = "Krediterad"
    sent = world.severa.document("invoicestatuses", "status-sent")
    assert sent is not None
    world.severa.add("invoicestatuses", {**sent, "guid": "status-credited", "name": "Krediterad"})
    original = world.invoice(10234)
    credit(world, 10235, original)
    results(world)
    found = [world.severa.document("invoices", f"invoice-{number}") for number in (10234, 10235)]
    assert [document["status"]["name"] for document in found if document] == ["Överförd", "Krediterad"]


def test_an_original_that_severa_has_no_longer_is_refused(world: World) -> None:
    original = world.invoice(10234)
    credit(world, 10235, original)
    world.severa.delete("invoices", original)
    assert states(world)["invoice-10235"] == (RowState.FAILED, ["FAK-304"])


def test_an_original_that_is_still_a_draft_is_waited_for_but_not_one_from_before_the_cut_over(world: World) -> None:
    """§4.5: failed only when no original can come."""
    draft = world.invoice(10234, status={"guid": "status-draft"})
    old = world.invoice(10233, date="2026-01-02", status={"guid": "status-draft"})
    world.settings["invoices.from_date"] = date(2026, 1, 15)
    credit(world, 10235, draft)
    credit(world, 10236, old)
    ended = states(world)
    assert ended["invoice-10235"] == (RowState.WAITING, ["FAK-303"])
    assert ended["invoice-10236"] == (RowState.FAILED, ["FAK-304"])


def test_the_credit_of_an_original_in_ore_says_that_administration_rounds_it(world: World) -> None:
    original = world.invoice(10234, Row("1", "99.99"))
    assert states(world)[original][0] is RowState.TRANSFERRED
    world.change_books(INVOICE_HEAD, 10234, TOTAL_AMOUNT=Decimal("124.99"), ROUND_OFF=Decimal(0))
    key = credit(world, 10235, original, Row("-1", "99.99"))
    assert "FAK-355" in codes(world.preview(Transfer.INVOICES)[key])


def test_at_41_a_document_of_the_same_number_that_is_another_invoices_is_not_the_original(world: World) -> None:
    world.settings["numbering.master"] = "administration"
    first = world.invoice(9000001)
    world.run(Transfer.INVOICES)
    number = int(world.company().journal.links(Kind.INVOICE)[first].target_key)
    draft = world.invoice(number, status={"guid": "status-draft"})
    key = credit(world, 9000002, draft)
    assert codes(world.preview(Transfer.INVOICES)[key]) == ["FAK-303"]


def test_where_administration_numbers_an_original_is_found_by_number_only_before_the_cut_over(world: World) -> None:
    original = world.invoice(10234, date="2026-01-10")
    world.run(Transfer.INVOICES)
    world.change_books(INVOICE_HEAD, 10234, LOCAL_REMARK="")
    world.company().journal.uncouple(Kind.INVOICE, original)
    world.severa.edit("invoices", original, {"status": {"guid": "status-draft"}})
    world.settings["numbering.master"] = "administration"
    key = credit(world, 9000002, original)
    assert codes(world.preview(Transfer.INVOICES)[key]) == ["FAK-303"]
    world.settings["invoices.from_date"] = date(2026, 1, 15)
    assert codes(world.preview(Transfer.INVOICES)[key]) == []
