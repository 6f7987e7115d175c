"""Units of measurement: Severa's free text to Administration's code (semantics §4.4, AT-34, AT-35)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from brygga.records.reasons import Level, Reason, reason
from brygga.rules.mappings import mapped

_SPELLINGS = (
    frozenset({"h", "hr", "hrs", "hour", "hours", "tim", "timme", "timmar"}),
    frozenset({"st", "styck", "stycken", "pc", "pcs", "piece", "pieces", "ea"}),
    frozenset({"d", "day", "days", "dag", "dagar", "dgr"}),
    frozenset({"mån", "månad", "månader", "month", "months", "mon"}),
    frozenset({"v", "vecka", "veckor", "week", "weeks"}),
    frozenset({"km", "kilometer", "kilometers"}),
    frozenset({"min", "minut", "minuter", "minute", "minutes"}),
)
"""Usual words for one unit, Swedish and English: for suggestions to a person, never for a transfer."""


def same_unit(one: str, other: str) -> bool:
    """Whether two texts are usual words for the same unit."""
    a, b = (text.strip().casefold().rstrip(".") for text in (one, other))
    return any(a in spellings and b in spellings for spellings in _SPELLINGS)


def unit_code(
    text: str, mapping: Mapping[str, str], known: Collection[str], length: int
) -> tuple[str, tuple[Reason, ...]]:
    """The mapped code; spaces around the text and its case do not matter (REL-1.5.0-14).

    No text: no code. No mapping: no code, with a warning (ENH-851). A mapping to a code that is not in Administration's
    register ``known``, or longer than the field's ``length``, is refused (MAP-854).
    """
    if not text.strip():
        return "", ()
    code = mapped(mapping, text)
    if not code:
        return "", (reason("ENH-851", Level.WARNING, unit=text.strip()),)
    if code not in known or len(code) > length:
        return "", (reason("MAP-854", code=code),)
    return code, ()
