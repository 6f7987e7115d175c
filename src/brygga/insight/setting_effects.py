"""What a setting does: an example with real amounts ("8 000 kr → 9 200 kr"), computed by the rules that the transfers
obey, and what it warns of. Command line, pages and API show what ``effect`` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from brygga.i18n import N_, Translator
from brygga.messages import render
from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.rules.amounts import half_up, vat_by_rate
from brygga.rules.credit import credit_quantity
from brygga.rules.currency import adk_rate, in_base_currency
from brygga.rules.supplier_costs import below_cost, price_of, signed_cost


class Example(Record, frozen=True):
    """An example: a text of the catalogue with amounts to fill in (``{before}``, ``{after}``), in kronor."""

    text: str
    before: Decimal
    after: Decimal

    def said(self, translator: Translator) -> str:
        """The sentence in the translator's language."""
        number = translator.number
        return translator.gettext(self.text).format(before=number(self.before), after=number(self.after))


class Effect(Record, frozen=True):
    """What a setting does under its value: an example where one says more than a sentence, and warnings."""

    example: Example | None = None
    warnings: tuple[Reason, ...] = ()

    def sentences(self, translator: Translator) -> tuple[str, ...]:
        """The example, then the warnings, in the translator's language."""
        example = (self.example.said(translator),) if self.example is not None else ()
        return (*example, *(render(why, translator) for why in self.warnings))


COST = Decimal(8000)


def _price(values: Mapping[str, Any]) -> Effect:
    mode, percent = values["supplier_invoices.price_mode"], values["supplier_invoices.price_percent"]
    text = N_("A cost of {before} gets the price {after}.")
    return Effect(Example(text, COST, price_of(COST, mode, percent)), below_cost(mode, percent))


def _percentage(values: Mapping[str, Any]) -> Effect:
    """The percentage is told for what it would do, also while another way to a price is chosen."""
    if values["supplier_invoices.price_mode"] == "percent":
        return _price(values)
    percent = values["supplier_invoices.price_percent"]
    text = N_("If the price is a percentage of the cost, a cost of {before} gets the price {after}.")
    return Effect(Example(text, COST, price_of(COST, "percent", percent)), below_cost("percent", percent))


def _supplier_credit(values: Mapping[str, Any]) -> Effect:
    stored = COST if values["supplier_invoices.credit_rows"] == "positive" else -COST
    after = signed_cost(stored, is_credit=True, credit_sign=values["supplier_invoices.credit_rows"])
    return Effect(Example(N_("The row {before} of a supplier's credit note becomes the cost {after}."), stored, after))


def _credit(values: Mapping[str, Any]) -> Effect:
    negative = values["severa.credit_rows"] == "negative"
    stored = Decimal(-2) if negative else Decimal(2)
    text = N_("The quantity {before} on a row of a credit note in Severa credits {after}.")
    return Effect(Example(text, stored, credit_quantity(stored, stored_negative=negative)))


def _kronor(values: Mapping[str, Any]) -> Effect:
    total = Decimal("1234.50")
    after = half_up(total, 0) if values["invoices.round_to_kronor"] else total
    return Effect(Example(N_("An invoice of {before} is to be paid with {after}."), total, after))


def _vat_rounding(values: Mapping[str, Any]) -> Effect:
    rows = [(Decimal("33.33"), Decimal(25))] * 3
    parts = vat_by_rate(rows, per=values["invoices.vat_rounding"])
    vat = sum((part.vat for part in parts.values()), Decimal(0))
    text = N_("Three rows of 33.33, together {before}, get the VAT {after}.")
    return Effect(Example(text, Decimal("99.99"), vat))


def _rate(values: Mapping[str, Any]) -> Effect:
    rate = Decimal("0.0895") if values["invoices.rate_direction"] == "inverse" else Decimal("11.1732")
    in_kronor = in_base_currency(Decimal(1000), adk_rate(rate, 1, direction=values["invoices.rate_direction"]), 1)
    text = (
        N_("With the rate 0.0895 an invoice of EUR {before} is SEK {after}.")
        if values["invoices.rate_direction"] == "inverse"
        else N_("With the rate 11.1732 an invoice of EUR {before} is SEK {after}.")
    )
    return Effect(Example(text, Decimal(1000), in_kronor))


EFFECTS: dict[str, Callable[[Mapping[str, Any]], Effect]] = {
    "severa.credit_rows": _credit,
    "supplier_invoices.price_mode": _price,
    "supplier_invoices.price_percent": _percentage,
    "supplier_invoices.credit_rows": _supplier_credit,
    "invoices.round_to_kronor": _kronor,
    "invoices.vat_rounding": _vat_rounding,
    "invoices.rate_direction": _rate,
}
"""The settings of which an example says more than a sentence."""


def effect(key: str, values: Mapping[str, Any]) -> Effect:
    """What the setting does under these values (by key, those of the whole registry)."""
    return EFFECTS[key](values) if key in EFFECTS else Effect()
