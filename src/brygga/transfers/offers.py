"""What is offered and never done unasked: it waits until a person accepts it (semantics §4.1, §4.9, §4.10)."""

from __future__ import annotations

from collections.abc import Iterable

from brygga.records.reasons import Level, Reason

OFFERED = frozenset({"BET-503", "LEV-609", "LEV-610", "LEV-611", "KND-102", "KND-103"})
"""The reasons that accepting takes away: a reversed payment, a correction of a cost, a customer whose number or name
Severa cannot have (AT-14, AT-15)."""


def is_offered(reasons: Iterable[Reason]) -> bool:
    """Whether nothing but a person's consent holds the record back."""
    holding = [why.code for why in reasons if why.level in (Level.STOP, Level.WAIT)]
    return bool(holding) and OFFERED.issuperset(holding)
