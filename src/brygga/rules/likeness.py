"""How much two names look alike: for people to judge by, never a reason to link by itself (semantics §4.0)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

LEAST = 80
"""Percent below which two names are not worth showing side by side."""

_MOST = 200
"""How many names are compared with one; more share a beginning only in registers of one customer's branches."""


def folded(text: str) -> str:
    """The text without case and without superfluous spaces."""
    return " ".join(text.split()).casefold()


def likeness(one: str, other: str) -> int:
    """Percent from 0 to 100; 100 for the same text but for case and spaces."""
    a, b = folded(one), folded(other)
    if not a or not b:
        return 0
    # The same whichever comes first: the matcher itself is not symmetric.
    first, second = sorted((a, b))
    return round(SequenceMatcher(None, first, second, autojunk=False).ratio() * 100)


class Lookalikes:
    """Finds the most similar of many names; ``names`` is key → name."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._by_beginning: dict[str, list[str]] = {}
        for key, name in names.items():
            for beginning in _beginnings(name):
                self._by_beginning.setdefault(beginning, []).append(key)

    def best(self, name: str, least: int = LEAST) -> tuple[str, int] | None:
        """Key and percent of the most similar name, the first of several; None when none is similar enough.

        Only names are compared in which a word begins as one of ``name`` does.
        """
        keys = dict.fromkeys(key for beginning in _beginnings(name) for key in self._by_beginning.get(beginning, ()))
        best: tuple[str, int] | None = None
        for key in list(keys)[:_MOST]:
            percent = likeness(name, self._names[key])
            if percent >= least and (best is None or percent > best[1]):
                best = (key, percent)
        return best


def _beginnings(name: str) -> set[str]:
    return {word[:3] for word in re.findall(r"\w+", folded(name))}
