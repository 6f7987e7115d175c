"""Severa's one rate as Administration's rate and unit, on the practice engine (semantics §4.6, AT-44…51)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.store.audit.chain import events
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import CURRENCY, INVOICE_ROW, field_id, seed
from tests.transfers.practice_places import AUDIT
from tests.transfers.practice_world import Row, World, codes, practice_world

UNITS = {"EUR": 1, "EUH": 100, "NOK": 100, "IDR": 100, "IDE": 1, "KRW": 100, "JPY": 100, "USD": 1}
"""Currencies of the register; EUH and IDE are EUR and IDR kept in another unit."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    register = [{"CODE": code, "UNIT": unit, "SELL": Decimal(0), "BUY": Decimal(0)} for code, unit in UNITS.items()]
    with practice_world(tmp_path, places={"tables": {CURRENCY: seed(CURRENCY, *register)}}) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        for code in UNITS:
            if code != "EUR":
                world.severa.add("currencies", {"guid": f"currency-{code.lower()}", "code": code, "rate": 1} | AUDIT)
        yield world


def head_of(world: World, code: str, rate: str, amount: str = "1000", **settings: Any) -> dict[str, Any]:
    """Transfer an invoice of one row in the currency and answer it as the books have it."""
    world.settings |= settings
    currency = {"guid": f"currency-{code.lower()}"}
    world.invoice(10234, Row("1", amount, rate="0"), currency=currency, currencyRate=Decimal(rate))
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert result.state is RowState.TRANSFERRED, codes(result)
    return world.head(10234)


def rate_of(head: dict[str, Any]) -> tuple[str, int]:
    return str(head["CURRENCY_RATE"]), int(head["CURRENCY_UNIT"])


def in_sek(head: dict[str, Any]) -> Decimal:
    """The row's amount in kronor, as Administration worked it out."""
    assert field_id(INVOICE_ROW, "AMOUNT_DOMESTIC_CURRENCY")
    return Decimal(head["ROWS"][0]["AMOUNT_DOMESTIC_CURRENCY"])


def test_at_44_rel_1_5_0_10_rel_1_5_1_01_the_inverse_rounded_once_to_six_decimals(world: World) -> None:
    assert rate_of(head_of(world, "EUR", "0.0895")) == ("11.173184", 1)


def test_at_45_the_same_per_hundred(world: World) -> None:
    assert rate_of(head_of(world, "EUH", "0.0895")) == ("1117.318436", 100)


def test_at_46_a_thousand_norwegian_kroner(world: World) -> None:
    head = head_of(world, "NOK", "1.0321")
    assert (rate_of(head), in_sek(head)) == (("96.889836", 100), Decimal("968.90"))


def test_at_47_rounding_late_keeps_the_amount_of_a_weak_currency(world: World) -> None:
    head = head_of(world, "IDR", "1891.16", "500000000")
    assert (rate_of(head), in_sek(head)) == (("0.052878", 100), Decimal("264390.00"))


def test_at_47_the_same_per_one_would_lose_more(world: World) -> None:
    head = head_of(world, "IDE", "1891.16", "500000000")
    assert (rate_of(head), in_sek(head)) == (("0.000529", 1), Decimal("264500.00"))


def test_at_47_won(world: World) -> None:
    assert rate_of(head_of(world, "KRW", "133.6712")) == ("0.748104", 100)


def test_at_48_yen_shows_that_rounding_comes_last(world: World) -> None:
    assert rate_of(head_of(world, "JPY", "14.3472")) == ("6.970001", 100)


def test_at_49_the_direct_direction(world: World) -> None:
    direct = {"invoices.rate_direction": "direct"}
    assert rate_of(head_of(world, "EUR", "11.2345", **direct)) == ("11.234500", 1)


def test_at_49_the_direct_direction_per_hundred(world: World) -> None:
    direct = {"invoices.rate_direction": "direct"}
    assert rate_of(head_of(world, "JPY", "0.0697", **direct)) == ("6.970000", 100)


def test_at_50_a_rate_of_three(world: World) -> None:
    assert rate_of(head_of(world, "USD", "3")) == ("0.333333", 1)


def test_at_51_an_amount_in_kronor(world: World) -> None:
    assert in_sek(head_of(world, "EUR", "0.0895", "4875.50")) == Decimal("54474.86")


def test_at_52_rate_one_for_a_foreign_currency_is_refused(world: World) -> None:
    world.invoice(10234, Row("1", "100", rate="0"), currency={"guid": "currency-eur"}, currencyRate=1)
    result = world.result(Transfer.INVOICES, "invoice-10234")
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["VAL-401"], (0, 0))


def test_the_audit_trail_has_the_amounts_in_both_currencies(world: World) -> None:
    head_of(world, "EUR", "0.0895")
    told = [event for event in events(world.store, world.company().name) if event.subject == "invoice-10234"]
    after = json.loads(told[0].after)
    assert (after["currency"], after["net"], after["net_in_base"], after["rate"]) == (
        "EUR",
        "1000.00",
        "11173.18",
        "11.173184",
    )
