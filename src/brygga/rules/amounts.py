"""Rounding, VAT and the total of a document (semantics §3.5, §4.6, §4.13). Amounts in the document's currency."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal
from typing import Literal

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason

VatRounding = Literal["document", "row"]

EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Enough digits that only the rounding asked for ever rounds."""


class VatBase(Record, frozen=True):
    """What is taxed at one rate, and its VAT."""

    base: Decimal
    vat: Decimal


class Totals(Record, frozen=True):
    """A document's totals: ``gross`` is net and VAT, ``to_pay`` is gross and ``round_off``; ``by_rate`` is keyed by
    percent, highest first."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    round_off: Decimal
    to_pay: Decimal
    by_rate: dict[Decimal, VatBase]


class PriceFit(Record, frozen=True):
    """The price as the price field takes it; None when no such price gives the same row total."""

    price: Decimal | None


def half_up(value: Decimal, places: int = 2) -> Decimal:
    """Rounded half up on the absolute value, so that a credit mirrors its invoice (§3.5); never a negative zero."""
    return EXACT.add(value.quantize(Decimal(1).scaleb(-places), context=EXACT), Decimal(0))


def row_total(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity times price, rounded to öre."""
    return half_up(EXACT.multiply(quantity, price))


def vat_of(net: Decimal, rate: Decimal) -> Decimal:
    """VAT on an amount at ``rate`` percent, rounded to öre."""
    return half_up(EXACT.divide(EXACT.multiply(net, rate), Decimal(100)))


def vat_by_rate(rows: Iterable[tuple[Decimal, Decimal]], *, per: VatRounding = "document") -> dict[Decimal, VatBase]:
    """Base and VAT of each rate, highest rate first, from rows of (net, rate in percent).

    ``document`` rounds the VAT of a rate once, ``row`` rounds it on each row: both are lawful in Sweden (§3.5, AT-53).
    """
    nets: dict[Decimal, list[Decimal]] = {}
    for net, rate in rows:
        nets.setdefault(rate, []).append(net)
    result = {}
    for rate in sorted(nets, reverse=True):
        base = sum(nets[rate], Decimal(0))
        vat = vat_of(base, rate) if per == "document" else sum((vat_of(net, rate) for net in nets[rate]), Decimal(0))
        result[rate] = VatBase(base, vat)
    return result


def totals(rows: Iterable[tuple[Decimal, Decimal]], *, rounding: VatRounding = "document", to_kronor: bool) -> Totals:
    """The totals of rows of (net, rate in percent). ``to_kronor`` rounds the amount to pay to whole kronor, which only
    documents in SEK have (§3.5, AT-54…57)."""
    by_rate = vat_by_rate(rows, per=rounding)
    net = half_up(sum((part.base for part in by_rate.values()), Decimal(0)))
    vat = half_up(sum((part.vat for part in by_rate.values()), Decimal(0)))
    gross = net + vat
    to_pay = half_up(half_up(gross, 0)) if to_kronor else gross
    return Totals(net=net, vat=vat, gross=gross, round_off=to_pay - gross, to_pay=to_pay, by_rate=by_rate)


def tolerance(row_count: int) -> Decimal:
    """How far the source's total may differ and still be mended by a rounding row: half an öre a row.

    Rounded up to whole öre (§4.6).
    """
    return (row_count * Decimal("0.005")).quantize(Decimal("0.01"), rounding=ROUND_CEILING)


def rounding_row(computed: Decimal, source: Decimal, row_count: int) -> tuple[Decimal, tuple[Reason, ...]]:
    """The amount of the rounding row (VAT code 0) that makes our total before öre rounding equal the source's (§4.6).

    Zero without reasons when they are equal; within the tolerance the difference with a note (FAK-326); beyond it zero
    and a stop (FAK-307): nothing is sent.
    """
    difference = half_up(source - computed)
    if not difference:
        return Decimal(0), ()
    if abs(difference) <= tolerance(row_count):
        return difference, (reason("FAK-326", Level.NOTE, amount=difference),)
    return Decimal(0), (reason("FAK-307", a=source, b=computed),)


def price_for_field(quantity: Decimal, price: Decimal, decimals: int) -> PriceFit:
    """The price with as many decimals as the field takes, if the row total stays the same to the öre (§4.13)."""
    rounded = half_up(price, decimals)
    return PriceFit(rounded if row_total(quantity, rounded) == row_total(quantity, price) else None)
