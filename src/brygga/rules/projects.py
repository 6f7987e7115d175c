"""A project's code and dates in Administration (semantics §4.2, AT-16…18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from brygga.records.reasons import Level, Reason, reason

NO_END = date(2099, 12, 31)
"""The end of a project that has none in Severa (REL-1.6.0-06); never written back."""


def project_dates(start: date | None, deadline: date | None, created: date) -> tuple[date, date, tuple[Reason, ...]]:
    """First and last day: without a start the day the project was created, without a deadline 2099-12-31 (PRJ-203).

    A deadline before the start is refused (PRJ-206), never swapped.
    """
    first = start or created
    if deadline is None:
        return first, NO_END, (reason("PRJ-203", Level.NOTE),)
    if deadline < first:
        return first, deadline, (reason("PRJ-206", deadline=deadline, start=first),)
    return first, deadline, ()


def project_code(number: str, max_length: int, code_map: Mapping[str, str]) -> tuple[str, tuple[Reason, ...]]:
    """The code of the project with this number: the mapped one or the number itself, never cut (§4.2).

    Longer than ``max_length`` characters is refused (PRJ-201), and so is no number at all (PRJ-212).
    """
    written = number.strip()
    code = code_map.get(written, "").strip() or written
    if not code:
        return "", (reason("PRJ-212"),)
    if len(code) > max_length:
        return code, (reason("PRJ-201", nr=code, max=max_length),)
    return code, ()
