"""VAT codes of Administration from rates in percent (semantics §4.4). Rates are data, never constants (§3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from brygga.records.reasons import Reason, reason

NO_VAT = "0"


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
