"""The practice company's own arithmetic: rounding, VAT, check digits (semantics §3.4, §3.5, §3.9, §4.6).

Written from the specification and used by the generator and the oracle only, so that an error of the program's rules
cannot hide behind the same error here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

ORE = Decimal("0.01")
KRONA = Decimal(1)


def half_up(value: Decimal, step: Decimal = ORE) -> Decimal:
    """Rounded to the step, halves away from zero: half-up on the absolute value (semantics §4)."""
    return value.quantize(step, rounding=ROUND_HALF_UP)


def row_total(quantity: Decimal, price: Decimal) -> Decimal:
    """A row's amount excluding VAT, in öre."""
    return half_up(quantity * price)


@dataclass(frozen=True)
class InvoiceTotals:
    """Net, VAT and gross of a document in kronor; ``to_pay`` is rounded as asked, ``round_off`` the difference."""

    net: Decimal
    vat: Decimal
    gross: Decimal
    round_off: Decimal
    to_pay: Decimal


def invoice_totals(
    rows: Iterable[tuple[Decimal, Decimal, Decimal]], *, whole_kronor: bool, vat_per_row: bool = False
) -> InvoiceTotals:
    """Totals of rows given as (quantity, price, VAT rate in percent); VAT is rounded once per rate, or per row."""
    bases: dict[Decimal, Decimal] = {}
    vat = Decimal(0)
    for quantity, price, rate in rows:
        amount = row_total(quantity, price)
        bases[rate] = bases.get(rate, Decimal(0)) + amount
        if vat_per_row:
            vat += half_up(amount * rate / 100)
    if not vat_per_row:
        vat = sum((half_up(base * rate / 100) for rate, base in bases.items()), Decimal(0))
    net = sum(bases.values(), Decimal(0))
    gross = net + vat
    to_pay = half_up(half_up(gross, KRONA) if whole_kronor else gross)
    return InvoiceTotals(half_up(net), half_up(vat), half_up(gross), half_up(to_pay - gross), to_pay)


def rounding_tolerance(rows: int) -> Decimal:
    """How far Severa's total may be from the rows' and still get a rounding row: half an öre a row (semantics §4.6)."""
    return (rows * Decimal("0.005")).quantize(ORE, rounding=ROUND_UP)


def adk_rate(severa_rate: Decimal, unit: Decimal) -> Decimal:
    """SEK per ``unit`` of a currency from foreign currency per krona: six decimals, rounded once and last (AT-44)."""
    return half_up(unit / severa_rate, Decimal("0.000001"))


def check_digit(digits: str) -> str:
    """The Luhn digit that completes ``digits``: every second digit from the right is doubled."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str((10 - total % 10) % 10)


def is_organisation_number(digits: str) -> bool:
    """Whether ten digits are a Swedish organisation number with the right check digit."""
    return len(digits) == 10 and digits.isdigit() and digits[9] == check_digit(digits[:9])


def ocr_number(invoice_number: int) -> str:
    """The payment reference: the invoice number and its check digit (10457 → 104570)."""
    return f"{invoice_number}{check_digit(str(invoice_number))}"
