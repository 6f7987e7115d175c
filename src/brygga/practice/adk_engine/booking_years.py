"""Booking years: which one holds a date, and whether its month is locked (contracts/adk.md, CODE_OF_BOOKINGYEAR)."""

from __future__ import annotations

from brygga.practice.adk_engine.codes import Rc
from brygga.practice.adk_engine.fields import Table, Value
from brygga.practice.adk_engine.storage import Storage
from brygga.practice.adk_engine.tables_codes import CODE_OF_BOOKINGYEAR
from brygga.practice.adk_engine.work import Work, refuse


def find_booking_year(storage: Storage, day: int) -> dict[int, Value] | None:
    """The booking year that holds the stored date, None when no year does."""
    for year in storage.every(CODE_OF_BOOKINGYEAR):
        if int(year.values[1]) <= day <= int(year.values[2]):
            return year.values
    return None


def open_booking_year(work: Work, day: int, table: Table, field_id: int) -> str:
    """The id of the booking year that a document of that day is booked in. 601, 457 (year) or 461 (month locked)."""
    year = find_booking_year(work.storage, day)
    if year is None:
        raise refuse(Rc.DATE_NOT_WITHIN_ANY_BOOKING_YEAR, table, field_id)
    if year[6]:
        raise refuse(Rc.VERIFICATION_YEAR_LOCKED, table, field_id)
    month = f"{day // 10000:04d}-{day // 100 % 100:02d}"
    if year[5] and month <= str(year[5]):
        raise refuse(Rc.VERIFICATION_MONTH_LOCKED, table, field_id)
    return str(year[0])


def month_text(year_start: int, month: int) -> str:
    """``yyyy-MM`` of a calendar month within the booking year that starts on the stored date.

    A broken year (May to April) spans two calendar years, so the month alone does not tell which.
    """
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is no month")
    start_year, start_month = year_start // 10000, year_start // 100 % 100
    return f"{start_year if month >= start_month else start_year + 1:04d}-{month:02d}"
