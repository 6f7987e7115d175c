"""Which company a record of a shared Severa belongs to (semantics §4.3, REL-1.5.0-07).

A company's setting names its business units; a unit below one of them in Severa's hierarchy is the company's too,
unless another company names it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from brygga.records.reasons import Level, Reason, reason
from brygga.records.registers import BusinessUnit


class Belongs(StrEnum):
    """Whose a record is, seen from one company."""

    OURS = "ours"
    OTHERS = "others"
    NOBODYS = "nobodys"
    """No business unit says whose it is, or one that no company names."""
    SEVERALS = "severals"
    """Its units are of different companies, or two companies name the same unit."""


def unit_keys(names: Iterable[str], units: Iterable[BusinessUnit]) -> frozenset[str]:
    """The keys of the units with these names; a key is taken as well. Case and outer spaces do not matter."""
    wanted = {_folded(name) for name in names}
    return frozenset(unit.key for unit in units if _folded(unit.name) in wanted or _folded(unit.key) in wanted)


def unknown_units(names: Iterable[str], units: Iterable[BusinessUnit]) -> tuple[str, ...]:
    """The names that no unit of Severa has."""
    return tuple(name for name in names if not unit_keys((name,), units))


def claimed(unit: str, named: Collection[str], parents: Mapping[str, str]) -> str:
    """The unit itself or the nearest one above it that is among ``named``; empty when there is none."""
    seen: set[str] = set()
    while unit and unit not in seen:
        if unit in named:
            return unit
        seen.add(unit)
        unit = parents.get(unit, "")
    return ""


def belongs(
    deciding: Collection[str],
    ours: Collection[str],
    others: Collection[str],
    parents: Mapping[str, str],
    rest: Belongs = Belongs.NOBODYS,
) -> Belongs:
    """Whose a record is that these units decide about (an invoice's own unit, else those of its projects).

    ``ours`` and ``others`` are the keys of the units that this company and the other ones name; ``rest`` says whose
    everything is that none of them names.
    """
    found = set()
    for unit in deciding:
        by = claimed(unit, {*ours, *others}, parents)
        if by in ours and by in others:
            return Belongs.SEVERALS
        found.add(Belongs.OURS if by in ours else Belongs.OTHERS if by in others else rest)
    if not found:
        return rest
    return found.pop() if len(found) == 1 else Belongs.SEVERALS


def not_ours(whose: Belongs, units: str) -> tuple[Reason, ...]:
    """Why this company leaves a record alone: another's is skipped, nobody's and several's are an error (§4.3).

    ``units``: the names of the units that decided, empty when there are none.
    """
    match whose:
        case Belongs.OURS:
            return ()
        case Belongs.OTHERS:
            return (reason("FTG-801", Level.NOTE, units=units),)
        case Belongs.SEVERALS:
            return (reason("FTG-804", units=units),)
        case _:
            return (reason("FTG-802", units=units) if units else reason("FTG-803"),)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
