"""Payments, Administration → Severa, through both simulators (semantics §4.9, AT-66…71)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user, user_ledgers
from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.store.states import RowState
from brygga.transfers.payments import given_statuses
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import Row, World, codes, day, practice_world

PAYMENTS = Transfer.PAYMENTS


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        made.project(1042)
        yield made


def transferred(world: World, *numbers: int, **more: Any) -> None:
    for number in numbers:
        world.invoice(number, **more)
    results = world.run(Transfer.INVOICES).results
    assert {result.state for result in results} == {RowState.TRANSFERRED}


def pay(world: World, number: int, amount: str, on: str, entered: datetime | None = None) -> int:
    return user_ledgers.register_payment(world.place.company, number, D(amount), day(on), entered=entered)


def there(world: World, number: int) -> tuple[str, str | None]:
    invoice = world.severa.document("invoices", f"invoice-{number}")
    assert invoice is not None
    return invoice["status"]["guid"].removeprefix("status-"), invoice.get("paymentDate")


def listed(world: World, **choice: Any) -> list[str]:
    return list(world.preview(PAYMENTS, **choice))


@pytest.mark.parametrize(
    ("rest", "listed_as", "reasons"),
    [
        ("0.99", Action.UPDATE, []),
        ("0", Action.UPDATE, []),
        ("-0.50", Action.UPDATE, []),
        ("-250", Action.UPDATE, ["BET-502"]),
        ("1.00", Action.SKIP, ["BET-513"]),
    ],
)
def test_at_66_rel_1_6_0_09_paid_below_one_krona(
    world: World, rest: str, listed_as: Action, reasons: list[str]
) -> None:
    world.settings["payments.status_part_paid"] = ""
    transferred(world, 10234)
    pay(world, 10234, str(D(15625) - D(rest)), "2026-02-10")
    plan = world.preview(PAYMENTS, texts=("10234",))["10234"]
    assert (plan.action, codes(plan)) == (listed_as, reasons)
    world.run(PAYMENTS)
    assert (there(world, 10234)[1] == "2026-02-10") == (listed_as is Action.UPDATE)


@pytest.mark.parametrize(("rest", "paid"), [("0.08", True), ("0.09", False)])
def test_at_67_a_foreign_invoice_counts_in_kronor(world: World, rest: str, paid: bool) -> None:
    foreign = {"currency": {"guid": "currency-eur"}, "currencyRate": D("0.0895")}
    transferred(world, 10234, **foreign)
    pay(world, 10234, str(D(15625) - D(rest)), "2026-02-10")
    world.run(PAYMENTS)
    assert there(world, 10234)[0].endswith("part-paid") is not paid


def test_at_68_rel_1_6_4_01_the_list_is_by_last_payment_date_literally(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "15625", "2026-03-10", entered=datetime(2026, 5, 2, 9))
    assert listed(world, start=date(2026, 5, 1)) == []
    assert listed(world, start=date(2026, 3, 10)) == ["10234"]
    assert listed(world, start=date(2026, 3, 11)) == []
    assert listed(world, start=date(2026, 3, 1), end=date(2026, 3, 9)) == []


def test_at_69_the_scheduled_search_also_finds_a_back_dated_payment(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "15625", "2026-04-28", entered=datetime(2026, 5, 5, 9))
    last_run = datetime(2026, 5, 1, tzinfo=UTC)
    assert listed(world, start=date(2026, 5, 1)) == []
    assert listed(world, start=date(2026, 5, 1), also_changed_since=last_run) == ["10234"]
    assert listed(world, changed_since=last_run, continues=True) == ["10234"]


def test_at_70_part_paid_then_paid_with_the_second_date(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "10000", "2026-02-10")
    world.run(PAYMENTS)
    assert there(world, 10234) == ("part-paid", None)
    pay(world, 10234, "5625", "2026-02-20")
    result = world.result(PAYMENTS, "10234")
    assert result.state is RowState.TRANSFERRED
    assert there(world, 10234) == ("paid", "2026-02-20")
    assert [(change.before, change.after) for change in result.plan.changes] == [
        ("Delbetald", "Betald"),
        ("", "2026-02-20"),
    ]
    written = world.writes
    assert listed(world) == []
    world.run(PAYMENTS)
    assert world.writes == written


def test_at_71_a_credit_note_settled_against_its_invoice(world: World) -> None:
    transferred(world, 10234)
    credit: dict[str, Any] = {"isCreditNote": True, "reimburseInvoice": {"guid": "invoice-10234"}}
    world.invoice(10235, Row(quantity="-10"), **credit)
    world.run(Transfer.INVOICES)
    assert listed(world) == []
    user_ledgers.settle(world.place.company, 10235, 10234, D(15625), day("2026-02-10"))
    assert listed(world) == ["10234", "10235"]
    world.run(PAYMENTS)
    assert there(world, 10235) == there(world, 10234) == ("paid", "2026-02-10")


def test_a_reversed_payment_is_offered_and_never_silent(world: World) -> None:
    transferred(world, 10234)
    payment = pay(world, 10234, "15625", "2026-02-10")
    world.run(PAYMENTS)
    user_ledgers.reverse_payment(world.place.company, payment)
    offer = world.preview(PAYMENTS)["10234"]
    assert (offer.action, codes(offer)) == (Action.WAIT, ["BET-503"])
    assert world.run(PAYMENTS).written == 0
    assert there(world, 10234) == ("paid", "2026-02-10")
    assert world.run(PAYMENTS, accepted=frozenset({"10234"})).written == 1
    assert there(world, 10234) == ("transferred", None)
    assert listed(world) == []


def test_a_payment_that_is_partly_reversed_is_offered_as_part_paid(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "10000", "2026-02-09")
    payment = pay(world, 10234, "5625", "2026-02-10")
    world.run(PAYMENTS)
    user_ledgers.reverse_payment(world.place.company, payment)
    world.run(PAYMENTS, accepted=frozenset({"10234"}))
    assert there(world, 10234) == ("part-paid", None)


def test_only_transferred_invoices_are_listed(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "15625", "2026-02-10")
    assert listed(world) == ["10234"]
    world.company().journal.uncouple(Kind.INVOICE, "invoice-10234")
    assert listed(world) == []


def test_a_cancelled_invoice_never_counts_as_paid(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "15625", "2026-02-10")
    user.cancel_invoice(world.place.company, 10234)
    assert codes(world.preview(PAYMENTS)["10234"]) == ["BET-511"]


def test_an_invoice_that_severa_lost_is_said(world: World) -> None:
    transferred(world, 10234)
    pay(world, 10234, "15625", "2026-02-10")
    world.severa.delete("invoices", "invoice-10234")
    assert codes(world.preview(PAYMENTS)["10234"]) == ["BET-509"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("payments.status_paid", "", "BET-505"),
        ("payments.status_paid", "Finns ej", "BET-506"),
        ("payments.status_paid", "Överförd", "BET-507"),
        ("payments.status_part_paid", "Betald", "BET-508"),
    ],
)
def test_statuses_that_will_not_do_are_refused_before_anything(world: World, key: str, value: str, code: str) -> None:
    world.settings[key] = value
    with pytest.raises(Refused) as refused:
        world.preview(PAYMENTS)
    assert refused.value.reason.code == code


def test_zero_invoices_are_listed_only_when_asked_for(world: World) -> None:
    transferred(world, 10234)
    world.invoice(10235, Row(price="0"))
    world.run(Transfer.INVOICES)
    assert listed(world) == []
    world.settings["payments.zero_invoices"] = True
    assert listed(world) == ["10235"]
    world.run(PAYMENTS)
    assert there(world, 10235) == ("paid", None)


def test_call_budget_payments_are_read_in_pages_and_written_once_each(world: World) -> None:
    numbers = range(10234, 10264)
    transferred(world, *numbers)
    for number in numbers:
        pay(world, number, "15625", "2026-02-10")
    before = len(world.severa.requests)
    world.run(PAYMENTS)
    asked = [(one.method, one.path.split("?")[0]) for one in world.severa.requests[before:]]
    assert sum(method == "PATCH" for method, _ in asked) == 30
    assert sum(method == "GET" for method, _ in asked) <= 8


def test_how_many_invoices_were_given_which_status_is_told(world: World) -> None:
    transferred(world, 10234, 10235)
    pay(world, 10234, "15625", "2026-02-10")
    pay(world, 10235, "10000", "2026-02-10")
    told = given_statuses(result.plan for result in world.run(PAYMENTS).results)
    assert [(why.code, why.param("n"), why.param("status")) for why in told] == [
        ("BET-501", "1", "Betald"),
        ("BET-501", "1", "Delbetald"),
    ]


def test_a_part_payment_that_is_reversed_is_offered_as_well(world: World) -> None:
    transferred(world, 10234)
    payment = pay(world, 10234, "10000", "2026-02-10")
    world.run(PAYMENTS)
    assert listed(world) == []
    user_ledgers.reverse_payment(world.place.company, payment)
    plan = world.preview(PAYMENTS)["10234"]
    assert (plan.action, codes(plan)) == (Action.WAIT, ["BET-503"])
    world.run(PAYMENTS, accepted=frozenset({"10234"}))
    assert there(world, 10234)[0] == "transferred"
    assert listed(world) == []


def test_an_invoice_of_zero_that_was_changed_has_no_last_payment_and_is_not_listed(world: World) -> None:
    transferred(world, 10234)
    world.invoice(10235, Row("1"), Row("-1"))
    world.run(Transfer.INVOICES)
    since = datetime(2020, 1, 1, tzinfo=UTC)
    assert listed(world, also_changed_since=since) == []
    assert listed(world, changed_since=since, continues=True) == []


def test_a_foreign_invoice_whose_rate_is_gone_is_refused_not_counted_as_kronor(world: World) -> None:
    transferred(world, 10234, currency={"guid": "currency-eur"}, currencyRate=D("0.0895"))
    pay(world, 10234, "15624.10", "2026-02-10")
    world.change_books(INVOICE_HEAD, 10234, CURRENCY_RATE=0.0)
    plan = world.preview(PAYMENTS)["10234"]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["BET-510"])
