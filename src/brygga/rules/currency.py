"""Severa's one rate number to Administration's pair of rate and unit (semantics §3.7, §4.6, AT-44…52)."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import Currency
from brygga.rules.amounts import EXACT, half_up

Direction = Literal["inverse", "direct"]
"""``inverse``: Severa holds foreign per base. ``direct``: base per foreign. Which one is not documented (§4.6)."""

DECIMALS = 6
NEAR = Decimal("0.10")
"""A larger deviation from the register's rate is a warning."""
ALIKE = Decimal("0.20")
"""Within this of the register's rate, a direction is the likely one."""


def adk_rate(rate: Decimal, unit: int, *, direction: Direction = "inverse") -> Decimal:
    """SEK per ``unit`` of the currency, six decimals, rounded once and last (§4.6, REL-1.5.1-01).

    Raises ``ValueError`` when the rate or the unit is not positive; ``rate_reasons`` says so to a person.
    """
    if rate <= 0 or unit <= 0:
        raise ValueError(f"rate {rate} and unit {unit} must be positive")
    return half_up(
        EXACT.divide(Decimal(unit), rate) if direction == "inverse" else EXACT.multiply(rate, Decimal(unit)), DECIMALS
    )


def in_base_currency(amount: Decimal, rate: Decimal, unit: int) -> Decimal:
    """The amount in base currency at Administration's rate and unit, rounded to öre (§4.6, AT-46, AT-47, AT-51)."""
    return half_up(EXACT.divide(EXACT.multiply(amount, rate), Decimal(unit)))


def register_rate(register: Currency) -> Decimal | None:
    """The register's rate per one unit: the middle of buy and sell, or the one that is kept; None when neither is."""
    kept = [rate for rate in (register.buy, register.sell) if rate > 0]
    if not kept or register.unit <= 0:
        return None
    return sum(kept, Decimal(0)) / len(kept) / register.unit


def suggest_direction(rate: Decimal, register: Currency) -> Direction | None:
    """The direction in which Severa's rate is within 20 % of the register's, None when neither or both are (§4.6)."""
    known = register_rate(register)
    if known is None or rate <= 0:
        return None
    inverse, direct = (_deviation(candidate, known) <= ALIKE for candidate in (1 / rate, rate))
    if inverse == direct:
        return None
    return "inverse" if inverse else "direct"


def rate_reasons(
    currency: str, rate: Decimal | None, register: Currency | None, *, base: str, direction: Direction = "inverse"
) -> tuple[Reason, ...]:
    """What is wrong with the rate of a document in ``currency`` (ISO 4217), against Administration's register (§4.6).

    Base currency: nothing, no rate is sent. Stops: no positive rate (VAL-403), currency not in the register (VAL-404),
    rate 1 for a currency that is not worth about that (VAL-401), a rate that is near the register's only the other
    way round (VAL-405). Warning: more than 10 % from the register (VAL-402).
    """
    if currency == base:
        return ()
    if rate is None or rate <= 0:
        return (reason("VAL-403", currency=currency),)
    if register is None:
        return (reason("VAL-404", currency=currency),)
    known = register_rate(register)
    if rate == 1:
        near = known is not None and _deviation(Decimal(1), known) <= NEAR
        return () if near else (reason("VAL-401", currency=currency),)
    if known is None:
        return ()
    ours = 1 / rate if direction == "inverse" else rate
    deviation = _deviation(ours, known)
    if deviation <= NEAR:
        return ()
    likely = suggest_direction(rate, register)
    if likely is not None and likely != direction:
        # Not a rate that deviates but the wrong way round: the document would be worth a multiple of itself (§4.6).
        return (reason("VAL-405", currency=currency, exchange_rate=rate),)
    rounded = adk_rate(rate, register.unit, direction=direction)
    return (
        reason("VAL-402", Level.WARNING, exchange_rate=rounded, percent=half_up(deviation * 100, 0), currency=currency),
    )


def _deviation(value: Decimal, known: Decimal) -> Decimal:
    return abs(value - known) / known
