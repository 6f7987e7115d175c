"""How long accounting information is kept: seven years after the calendar year in which the financial year ended
(Bookkeeping Act 7:2, semantics §3.9)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

YEARS = 7


def financial_year_end(day: date, month: int) -> date:
    """The last day of the financial year that ``day`` lies in, when financial years end with ``month`` (1–12)."""
    year = day.year if day.month <= month else day.year + 1
    return date(year, month, monthrange(year, month)[1])


def may_be_deleted_from(day: date, month: int) -> date:
    """The first day on which what was written on ``day`` may be deleted."""
    return date(financial_year_end(day, month).year + YEARS + 1, 1, 1)


def latest_cut(today: date, month: int) -> date:
    """What lies before this day may be deleted today: the first day of the oldest financial year still to be kept."""
    year = today.year - YEARS - 1
    return date(year + month // 12, month % 12 + 1, 1)
