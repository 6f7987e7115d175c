"""Whether a date can still be booked on (semantics §4.4, closed period)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from brygga.records.reasons import Reason, reason
from brygga.records.target import BookingYear


def period_reasons(day: date, booking_years: Iterable[BookingYear]) -> tuple[Reason, ...]:
    """A stop when the day is in no financial year (FAK-313) or in a locked part of one (FAK-305), else nothing."""
    years = [year for year in booking_years if year.start <= day <= year.end]
    if not years:
        return (reason("FAK-313", date=day),)
    if any(year.locked_through is not None and day <= year.locked_through for year in years):
        return (reason("FAK-305", period=f"{day:%Y-%m}"),)
    return ()
