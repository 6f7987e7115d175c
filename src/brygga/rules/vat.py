"""VAT codes of Administration from rates in percent (semantics §4.4). Rates are data, never constants (§3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.reasons import Reason, reason

NO_VAT = "0"

_RATE = re.compile(
    r"(?P<rate>[0-9]{1,3}(?:[.,][0-9]{1,4})?)"
    r"(?:\s*@\s*(?P<first>[0-9]{4}-[0-9]{2}-[0-9]{2})?\.\.(?P<last>[0-9]{4}-[0-9]{2}-[0-9]{2})?)?"
)
"""A rate as the mapping has it: ``25``, ``12,5``, or for a time ``6@2026-04-01..2027-12-31``, either day left out."""


class VatCode(Record, frozen=True):
    """A rate in percent and its code, for invoices dated from ``first`` to ``last`` (both included; None: no end)."""

    rate: Decimal
    code: str
    first: date | None = None
    last: date | None = None

    @property
    def said(self) -> str:
        """The rate with its days, as the mapping has it."""
        if self.first is None and self.last is None:
            return plain(self.rate)
        return f"{plain(self.rate)}@{self.first or ''}..{self.last or ''}"

    def holds(self, day: date) -> bool:
        """Whether an invoice of the day is within."""
        return (self.first or date.min) <= day <= (self.last or date.max)


def vat_codes(mapping: Mapping[str, str]) -> tuple[VatCode, ...]:
    """The mapping's entries; ``ValueError`` when one cannot be read, or a rate has two codes on one day."""
    codes = [_vat_code(text, code) for text, code in mapping.items()]
    for place, one in enumerate(codes):
        for other in codes[:place]:
            starts, ends = max(_start(one), _start(other)), min(_end(one), _end(other))
            if one.rate == other.rate and starts <= ends:
                raise ValueError(f"{one.rate} twice")
    return tuple(codes)


def codes_on(codes: Iterable[VatCode], day: date) -> dict[Decimal, str]:
    """Percent → code on a day."""
    return {each.rate: each.code for each in codes if each.holds(day)}


def _vat_code(text: str, code: str) -> VatCode:
    found = _RATE.fullmatch(text.strip())
    if found is None or code not in ("0", "1", "2", "3", "4"):
        raise ValueError(text)
    rate = Decimal(found["rate"].replace(",", "."))
    first, last = (date.fromisoformat(day) if day else None for day in (found["first"], found["last"]))
    if rate > 100 or (first or date.min) > (last or date.max):
        raise ValueError(text)
    return VatCode(rate, code, first, last)


def _start(code: VatCode) -> date:
    return code.first or date.min


def _end(code: VatCode) -> date:
    return code.last or date.max


def vat_code(
    rate: Decimal | None, mapping: Mapping[Decimal, str], *, reverse_charged: bool
) -> tuple[str, tuple[Reason, ...]]:
    """The VAT code of a row. ``mapping`` is percent → code.

    A row of a reverse-charged invoice without VAT has code 0; otherwise a row without a rate, or with one that has no
    mapping, is refused (FAK-306).
    """
    if reverse_charged and not rate:
        return NO_VAT, ()
    code = mapping.get(rate, "") if rate is not None else ""
    if code:
        return code, ()
    return "", (reason("FAK-306", rate="" if rate is None else plain(rate)),)


def suggest_mapping(rates: Sequence[Decimal]) -> dict[Decimal, str]:
    """Percent → code from the company's own rates of VAT codes 1, 2, 3…; the first code of a rate wins, 0 % is "0"."""
    suggestion = {Decimal(0): NO_VAT}
    for code, rate in enumerate(rates, start=1):
        suggestion.setdefault(rate, str(code))
    return suggestion


def mapping_reasons(mapping: Mapping[Decimal, str], rates: Sequence[Decimal]) -> tuple[Reason, ...]:
    """What is wrong with a VAT mapping, given the company's rates of codes 1, 2, 3… (mapping health check).

    A code that the company does not have is MAP-854; one whose rate is another is MAP-855.
    """
    held = {NO_VAT: Decimal(0), **{str(code): rate for code, rate in enumerate(rates, start=1)}}
    reasons = []
    for rate, code in mapping.items():
        if code not in held:
            reasons.append(reason("MAP-854", code=code))
        elif held[code] != rate:
            reasons.append(reason("MAP-855", rate=plain(rate), code=code, there=plain(held[code])))
    return tuple(reasons)


def plain(rate: Decimal) -> str:
    """The rate without superfluous zeros: ``25``, ``12.5``."""
    return f"{rate.normalize():f}"
