"""Rounding, VAT, totals and currency rates (semantics §3.5, §4.6, §4.13)."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.records.reasons import Level
from brygga.records.target import Currency
from brygga.rules.amounts import (
    VatRounding,
    half_up,
    price_for_field,
    rounding_row,
    row_total,
    tolerance,
    totals,
    vat_by_rate,
)
from brygga.rules.currency import (
    Direction,
    adk_rate,
    in_base_currency,
    rate_reasons,
    register_rate,
    suggest_direction,
)

MONEY = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=4, allow_nan=False, allow_infinity=False)
RATES = st.sampled_from([D(25), D(12), D(6), D(0)])


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("0.055", 2, "0.06"),
        ("-0.055", 2, "-0.06"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.0549", 2, "0.05"),
        ("7", 6, "7.000000"),
    ],
)
def test_half_up_on_the_absolute_value(value: str, places: int, expected: str) -> None:
    assert str(half_up(D(value), places)) == expected


def test_there_is_no_negative_zero() -> None:
    assert str(half_up(D("-0.001"))) == "0.00"


@given(MONEY)
def test_rounding_mirrors_credits_and_is_off_by_half_at_most(value: D) -> None:
    assert half_up(-value) == -half_up(value)
    assert abs(half_up(value) - value) <= D("0.005")


def test_row_total() -> None:
    assert row_total(D("12.25"), D("1395")) == D("17088.75")
    assert row_total(D("0.33"), D("99.95")) == D("32.98")


@pytest.mark.parametrize(("per", "vat"), [("document", "74.99"), ("row", "75.00")])
def test_at_53_vat_per_rate_or_per_row(per: VatRounding, vat: str) -> None:
    rows = [(D("99.99"), D(25))] * 3
    assert vat_by_rate(rows, per=per)[D(25)].vat == D(vat)
    assert vat_by_rate(rows, per=per)[D(25)].base == D("299.97")


def test_at_53_the_difference_goes_to_the_rounding_row() -> None:
    ours = totals([(D("99.99"), D(25))] * 3, to_kronor=False).gross
    amount, reasons = rounding_row(ours, D("374.97"), 3)
    assert (ours, amount) == (D("374.96"), D("0.01"))
    assert [(why.code, why.level, why.param("amount")) for why in reasons] == [("FAK-326", Level.NOTE, "0.01")]
    mended = totals([*[(D("99.99"), D(25))] * 3, (amount, D(0))], to_kronor=True)
    assert (mended.gross, mended.to_pay, mended.round_off) == (D("374.97"), D(375), D("0.03"))


def test_equal_totals_need_no_rounding_row() -> None:
    assert rounding_row(D("374.97"), D("374.970"), 3) == (D(0), ())


def test_beyond_the_tolerance_nothing_is_sent() -> None:
    amount, reasons = rounding_row(D("375.47"), D("374.97"), 3)
    assert amount == 0
    assert [(why.code, why.level) for why in reasons] == [("FAK-307", Level.STOP)]
    assert (reasons[0].param("a"), reasons[0].param("b")) == ("374.97", "375.47")


def test_at_54_rounding_to_kronor() -> None:
    nets = [row_total(D(q), D(p)) for q, p in (("37.5", "1250"), ("12.25", "1395"), ("1", "842.37"))]
    result = totals([(net, D(25)) for net in nets], to_kronor=True)
    assert (result.net, result.vat, result.gross) == (D("64806.12"), D("16201.53"), D("81007.65"))
    assert (result.to_pay, result.round_off) == (D(81008), D("0.35"))


@pytest.mark.parametrize(
    ("gross", "to_pay", "round_off"),
    [("12345.49", "12345", "-0.49"), ("12345.50", "12346", "0.50"), ("-12345.50", "-12346", "-0.50")],
)
def test_at_55_half_a_krona(gross: str, to_pay: str, round_off: str) -> None:
    result = totals([(D(gross), D(0))], to_kronor=True)
    assert (result.to_pay, result.round_off) == (D(to_pay), D(round_off))


def test_at_56_mixed_rates() -> None:
    rows = [(D("48213.40"), D(25)), (D("1785.71"), D(12)), (D("471.70"), D(6)), (D(350), D(0))]
    result = totals(rows, to_kronor=True)
    vat = {rate: part.vat for rate, part in result.by_rate.items()}
    assert vat == {D(25): D("12053.35"), D(12): D("214.29"), D(6): D("28.30"), D(0): D(0)}
    assert list(vat) == [25, 12, 6, 0]
    assert (result.gross, result.to_pay, result.round_off) == (D("63116.75"), D(63117), D("0.25"))


def test_at_57_foreign_documents_are_not_rounded() -> None:
    result = totals([(D("4875.51"), D(0))], to_kronor=False)
    assert (result.to_pay, result.round_off) == (D("4875.51"), D(0))


@given(st.lists(st.tuples(MONEY.map(half_up), RATES), max_size=30), st.booleans())
def test_totals_add_up_and_mirror(rows: list[tuple[D, D]], to_kronor: bool) -> None:
    result = totals(rows, to_kronor=to_kronor)
    assert result.gross == result.net + result.vat == result.to_pay - result.round_off
    assert abs(result.round_off) <= D("0.50")
    assert to_kronor or result.round_off == 0
    mirrored = totals([(-net, rate) for net, rate in rows], to_kronor=to_kronor)
    assert (mirrored.vat, mirrored.to_pay) == (-result.vat, -result.to_pay)


@given(st.lists(st.tuples(MONEY.map(half_up), st.just(D(25))), min_size=1, max_size=40))
def test_the_two_ways_of_rounding_vat_stay_within_the_tolerance_and_one_rounding(rows: list[tuple[D, D]]) -> None:
    apart = totals(rows, rounding="row", to_kronor=False).vat - totals(rows, to_kronor=False).vat
    assert abs(apart) <= tolerance(len(rows) + 1)


@pytest.mark.parametrize(("rows", "expected"), [(0, "0.00"), (1, "0.01"), (2, "0.01"), (3, "0.02"), (60, "0.30")])
def test_tolerance(rows: int, expected: str) -> None:
    assert tolerance(rows) == D(expected)


def test_a_price_with_too_many_decimals_is_kept_when_the_total_is() -> None:
    assert price_for_field(D(1), D("99.994"), 2).price == D("99.99")
    assert price_for_field(D(100), D("99.994"), 2).price is None
    assert price_for_field(D(100), D("99.994"), 4).price == D("99.994")


@pytest.mark.parametrize(
    ("rate", "unit", "direction", "expected"),
    [
        ("0.0895", 1, "inverse", "11.173184"),
        ("0.0895", 100, "inverse", "1117.318436"),
        ("1.0321", 100, "inverse", "96.889836"),
        ("1891.16", 100, "inverse", "0.052878"),
        ("1891.16", 1, "inverse", "0.000529"),
        ("133.6712", 100, "inverse", "0.748104"),
        ("14.3472", 100, "inverse", "6.970001"),
        ("11.2345", 1, "direct", "11.234500"),
        ("0.0697", 100, "direct", "6.970000"),
        ("3", 1, "inverse", "0.333333"),
    ],
)
def test_at_44_to_50_rates(rate: str, unit: int, direction: Direction, expected: str) -> None:
    assert str(adk_rate(D(rate), unit, direction=direction)) == expected


@pytest.mark.parametrize(
    ("amount", "rate", "unit", "expected"),
    [
        ("1000", "96.889836", 100, "968.90"),
        ("500000000", "0.052878", 100, "264390.00"),
        ("4875.50", "11.173184", 1, "54474.86"),
        ("2499.99", "11.2345", 1, "28086.14"),
    ],
)
def test_at_46_47_51_amounts_in_sek(amount: str, rate: str, unit: int, expected: str) -> None:
    assert in_base_currency(D(amount), D(rate), unit) == D(expected)


@pytest.mark.parametrize(("rate", "unit"), [("0", 1), ("-1", 1), ("1", 0)])
def test_a_rate_or_unit_that_is_not_positive_is_refused(rate: str, unit: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        adk_rate(D(rate), unit)


def register(sell: str, buy: str = "0", unit: int = 1) -> Currency:
    return Currency(code="EUR", unit=unit, sell=D(sell), buy=D(buy))


def test_the_registers_rate() -> None:
    assert register_rate(register("11.30", "11.10")) == D("11.20")
    assert register_rate(register("0", "697", 100)) == D("6.97")
    assert register_rate(register("0")) is None
    assert register_rate(register("11.30", unit=0)) is None


def test_the_direction_is_suggested_when_one_alone_is_near() -> None:
    assert suggest_direction(D("0.0895"), register("11.20")) == "inverse"
    assert suggest_direction(D("11.2"), register("11.20")) == "direct"
    assert suggest_direction(D("5"), register("11.20")) is None
    assert suggest_direction(D("1.05"), register("1")) is None
    assert suggest_direction(D(0), register("11.20")) is None
    assert suggest_direction(D("11.2"), register("0")) is None


def reasons_for(rate: str | None, known: Currency | None, direction: Direction = "inverse") -> dict[str, Level]:
    number = None if rate is None else D(rate)
    found = rate_reasons("EUR", number, known, base="SEK", direction=direction)
    return {why.code: why.level for why in found}


def test_the_base_currency_needs_no_rate() -> None:
    assert rate_reasons("SEK", None, None, base="SEK") == ()


@pytest.mark.parametrize("rate", [None, "0", "-2"])
def test_a_missing_rate_stops(rate: str | None) -> None:
    assert reasons_for(rate, register("11.2")) == {"VAL-403": Level.STOP}


def test_a_currency_that_the_register_lacks_stops() -> None:
    assert reasons_for("0.0895", None) == {"VAL-404": Level.STOP}


def test_at_52_rate_1_for_a_foreign_currency_stops_unless_it_is_worth_that() -> None:
    assert reasons_for("1", register("11.2")) == {"VAL-401": Level.STOP}
    assert reasons_for("1", register("0")) == {"VAL-401": Level.STOP}
    assert reasons_for("1", register("1.05")) == {}


def test_a_rate_far_from_the_register_is_a_warning() -> None:
    assert reasons_for("0.0895", register("11.2")) == {}
    assert reasons_for("0.0895", register("0")) == {}
    assert reasons_for("11.2", register("11.2"), "direct") == {}
    assert reasons_for("11.2", register("11.2")) == {"VAL-405": Level.STOP}
    assert reasons_for("0.0895", register("11.2"), "direct") == {"VAL-405": Level.STOP}
    far = rate_reasons("EUR", D("0.07"), register("11.20"), base="SEK")
    assert [(why.code, why.level, why.param("exchange_rate"), why.param("percent")) for why in far] == [
        ("VAL-402", Level.WARNING, "14.285714", "28")
    ]
