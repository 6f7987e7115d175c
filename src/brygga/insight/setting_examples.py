"""What a setting does to real amounts: "8 000 kr → 9 200 kr", computed by the rules that the transfers obey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from brygga.records.base import Record
from brygga.rules.amounts import half_up, vat_by_rate
from brygga.rules.currency import adk_rate, in_base_currency
from brygga.rules.supplier_costs import price_of


class Example(Record, frozen=True):
    """An example: a text of the catalogue with amounts to fill in (``{before}``, ``{after}``), in kronor."""

    text: str
    before: Decimal
    after: Decimal


def N_(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


COST = Decimal(8000)


def _price(values: Mapping[str, Any]) -> Example:
    text = N_("A cost of {before} gets the price {after}.")
    after = price_of(COST, values["supplier_invoices.price_mode"], values["supplier_invoices.price_percent"])
    return Example(text, COST, after)


def _kronor(values: Mapping[str, Any]) -> Example:
    total = Decimal("1234.50")
    after = half_up(total, 0) if values["invoices.round_to_kronor"] else total
    return Example(N_("An invoice of {before} is to be paid with {after}."), total, after)


def _vat_rounding(values: Mapping[str, Any]) -> Example:
    rows = [(Decimal("33.33"), Decimal(25))] * 3
    parts = vat_by_rate(rows, per=values["invoices.vat_rounding"])
    vat = sum((part.vat for part in parts.values()), Decimal(0))
    return Example(N_("Three rows of 33.33, together {before}, get the VAT {after}."), Decimal("99.99"), vat)


def _rate(values: Mapping[str, Any]) -> Example:
    rate = Decimal("0.0895") if values["invoices.rate_direction"] == "inverse" else Decimal("11.1732")
    in_kronor = in_base_currency(Decimal(1000), adk_rate(rate, 1, direction=values["invoices.rate_direction"]), 1)
    text = (
        N_("With the rate 0.0895 an invoice of EUR {before} is SEK {after}.")
        if values["invoices.rate_direction"] == "inverse"
        else N_("With the rate 11.1732 an invoice of EUR {before} is SEK {after}.")
    )
    return Example(text, Decimal(1000), in_kronor)


EXAMPLES: dict[str, Callable[[Mapping[str, Any]], Example]] = {
    "supplier_invoices.price_mode": _price,
    "supplier_invoices.price_percent": _price,
    "invoices.round_to_kronor": _kronor,
    "invoices.vat_rounding": _vat_rounding,
    "invoices.rate_direction": _rate,
}
"""The settings that an example says more about than a sentence."""


def example(key: str, values: Mapping[str, Any]) -> Example | None:
    """The example of a setting under these values (by key, those of the whole registry)."""
    return EXAMPLES[key](values) if key in EXAMPLES else None
