"""A contact's name: one field in Administration, two in Severa, which requires both (semantics §4.1f)."""

from __future__ import annotations

UNKNOWN = "?"
"""Stands for the name that Severa requires and Administration does not have."""


def full_name(first: str, last: str) -> str:
    """ "First Last"; the question mark that ``split_name`` put in place of a missing name is left out again."""
    parts = (" ".join(part.split()) for part in (first, last))
    return " ".join(part for part in parts if part and part != UNKNOWN)


def split_name(name: str) -> tuple[str, str]:
    """First and last name, split at the last space; a single word is the last name, with "?" as first name."""
    words = name.split()
    if not words:
        return UNKNOWN, UNKNOWN
    return " ".join(words[:-1]) or UNKNOWN, words[-1]
