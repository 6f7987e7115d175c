"""Dates of .NET as this binding's LONG: yyyymmdd, with a time of day yyyymmddHHMMSS, 0 for none.

The wrappers give ``DateTime`` where the C functions give a LONG (contracts/adk.md §1.4), also, we assume, for a change
time. To everybody else the LONG is as opaque as the library's own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

OLDEST_YEAR = 1900
"""A .NET date cannot be empty. Which one stands for empty is not public; nothing in a ledger is older than this."""
_WITH_TIME = 10**9
"""A LONG above it has a time of day."""


def long_of_text(text: str) -> int | None:
    """The LONG of ``yyyy-MM-dd``, 0 of the empty text, None when it is no date."""
    if not text:
        return 0
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day.year * 10000 + day.month * 100 + day.day if text == day.isoformat() else None


def long_of_clr(value: Any) -> int:
    """The LONG of a ``System.DateTime``."""
    if value.Year < OLDEST_YEAR:
        return 0
    day: int = value.Year * 10000 + value.Month * 100 + value.Day
    clock: int = value.Hour * 10000 + value.Minute * 100 + value.Second
    return day * 10**6 + clock if clock else day


def moment_of_long(long: int) -> datetime | None:
    """The moment of a LONG, None when it stands for none; the time of day is 00:00 without one."""
    day, clock = divmod(long, 10**6) if long > _WITH_TIME else (long, 0)
    try:
        return datetime(day // 10000, day // 100 % 100, day % 100, clock // 10000, clock // 100 % 100, clock % 100)
    except (ValueError, OverflowError):
        return None
