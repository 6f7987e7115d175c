"""Values as the API carries them: dates as LONG, numbers as double, texts in Windows-1252 (contracts/adk.md §1.1)."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from brygga.practice.adk_engine.codes import Rc, Refusal

EARLIEST = date(1900, 1, 1)
LATEST = date(2199, 12, 31)
LARGEST = Decimal(10) ** 12
"""Numbers from here on are refused: with six decimals they no longer fit a double exactly."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OPAQUE_STEP = 7
_OPAQUE_START = 3


def is_writable_text(value: str) -> bool:
    """Whether the API can carry the text: Windows-1252 without NUL."""
    try:
        return b"\0" not in value.encode("cp1252")
    except UnicodeEncodeError:
        return False


def number_of(value: float) -> Decimal:
    """The decimal number that a double stands for: the shortest that reads back as the same double."""
    if value != value or abs(value) >= LARGEST:
        raise Refusal(Rc.INVALID_PDATA)
    return Decimal(repr(float(value)))


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half-up on the absolute value (semantics §4: rounding)."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def has_decimals(value: Decimal, decimals: int) -> bool:
    """Whether the number fits in that many decimals."""
    return value == rounded(value, decimals)


def day_number(value: date) -> int:
    """A date as the plain number yyyymmdd, the form in which the practice company stores dates."""
    return value.year * 10000 + value.month * 100 + value.day


def day_of(number: int) -> date | None:
    """The date of a stored number; None for 0 (empty). ValueError when the number is no date."""
    return date(number // 10000, number // 100 % 100, number % 100) if number else None


def _known_day(number: int) -> date | None:
    try:
        found = day_of(number) if number >= 0 else None
    except ValueError:
        return None
    return found if found is not None and EARLIEST <= found <= LATEST else None


def parse_day(text: str) -> int:
    """A stored date from ``yyyy-MM-dd``; 0 for the empty text. 34 when it is no date."""
    if not text:
        return 0
    if not _ISO_DATE.fullmatch(text):
        raise Refusal(Rc.INVALID_STRING)
    number = int(text.replace("-", ""))
    if _known_day(number) is None:
        raise Refusal(Rc.INVALID_STRING)
    return number


def long_from_day(number: int, *, opaque: bool) -> int:
    """The LONG of a stored date. Opaque: a number that says nothing, so that no client computes on it
    (contracts/adk.md §5.1: the real encoding is not documented)."""
    if number == 0 or not opaque:
        return number
    found = day_of(number)
    assert found is not None
    return found.toordinal() * _OPAQUE_STEP + _OPAQUE_START


def day_from_long(value: int, *, opaque: bool) -> int:
    """The stored date of a LONG that ``long_from_day`` made. 672 for any other number."""
    if value == 0:
        return 0
    if not opaque:
        if _known_day(value) is None:
            raise Refusal(Rc.INVALID_PDATA)
        return value
    ordinal, rest = divmod(value - _OPAQUE_START, _OPAQUE_STEP)
    if rest or not EARLIEST.toordinal() <= ordinal <= LATEST.toordinal():
        raise Refusal(Rc.INVALID_PDATA)
    return day_number(date.fromordinal(ordinal))


def iso_day(number: int) -> str:
    """``yyyy-MM-dd`` of a stored date, the empty text for 0."""
    found = day_of(number)
    return "" if found is None else found.isoformat()


def luhn_digit(digits: str) -> int:
    """The check digit that completes ``digits`` (semantics §3.4, §3.9)."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        doubled = int(character) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return -total % 10
