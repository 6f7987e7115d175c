"""Mappings read both ways: what is called one thing in Severa and another in Administration (issue 5; semantics §4.1f).

A mapping is Severa's value → Administration's code. Spaces around Severa's value and its case do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from brygga.records.base import Record
from brygga.rules.countries import country_code


class Back(Record, frozen=True):
    """What Severa calls a code of Administration: one ``value``, or ``several`` of which none may be guessed; both are
    empty when there is no mapping."""

    value: str = ""
    several: tuple[str, ...] = ()


def mapped(mapping: Mapping[str, str], value: str) -> str:
    """Administration's code for Severa's value, empty when there is no mapping."""
    if value in mapping:
        return mapping[value].strip()
    wanted = folded(value)
    return next((code.strip() for source, code in mapping.items() if folded(source) == wanted), "")


def mapped_back(mapping: Mapping[str, str], code: str, present: str = "") -> Back:
    """Severa's value for Administration's code: what Severa has already (``present``) when that is mapped to it."""
    if present and mapped(mapping, present) == code:
        return Back(present)
    sources = tuple(source for source, there in mapping.items() if there.strip() == code)
    return Back(sources[0]) if len(sources) == 1 else Back(several=sources)


def mapped_country(mapping: Mapping[str, str], text: str) -> str:
    """Alpha-2 of the country a text names: as the mapping says, else as the text itself does, else empty."""
    return mapped(mapping, text) or country_code(text)


def folded(text: str) -> str:
    """The text without outer spaces and case: how a value is told from another in a mapping."""
    return text.strip().casefold()
