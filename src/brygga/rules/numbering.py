"""Invoice numbers: who gives them, the payment reference, overlapping series and gaps (semantics §3.1, §3.9, §4.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

from stdnum import luhn

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason

Master = Literal["severa", "administration"]

ROOM = 100_000
"""Two series that start closer than this will meet in the life of a company (data.md: 4 800 invoices a year)."""


class Gaps(Record, frozen=True):
    """What a number series holds: ``missing`` are ranges (first, last) inside it that nothing explains."""

    first: int | None
    last: int | None
    missing: tuple[tuple[int, int], ...] = ()
    cancelled: tuple[int, ...] = ()
    replaced: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()


def ocr(number: int) -> str:
    """The payment reference: the invoice number and its Luhn check digit (§3.9, AT-21, AT-22)."""
    if number <= 0:
        raise ValueError(f"an invoice number is positive, not {number}")
    return f"{number}{luhn.calc_check_digit(str(number))}"


def number_reasons(
    number: int | None,
    *,
    status_has_number: bool,
    status_is_sent: bool,
    master: Master,
    override_reason: str = "",
) -> tuple[Reason, ...]:
    """Why the numbering master keeps an invoice from being transferred (§4.3, §3.1).

    Severa master: it must have a number, in a status with one (FAK-301, AT-20). Administration master: every invoice,
    but not one that the customer already has under its temporary number (FAK-327), unless a person gave a reason.
    """
    if master == "severa":
        return () if number is not None and status_has_number else (reason("FAK-301"),)
    if number is None or not status_is_sent:
        return ()
    if override_reason.strip():
        return (reason("FAK-327", Level.WARNING, nr=number, override=override_reason.strip()),)
    return (reason("FAK-327", nr=number),)


def series_overlap(
    severa_next: int, administration_next: int, *, master: Master, room: int = ROOM
) -> tuple[Reason, ...]:
    """Under Administration master Severa's series is temporary and must lie apart; a set-up warning if not (AT-25)."""
    if master == "severa" or abs(severa_next - administration_next) >= room:
        return ()
    return (reason("INS-811", Level.WARNING, severa=severa_next, administration=administration_next),)


def master_switch_reasons(next_number: int, highest_used: int) -> tuple[Reason, ...]:
    """Another master may take over only above every number used so far (§4.3)."""
    if next_number > highest_used:
        return ()
    return (reason("INS-812", next=next_number, highest=highest_used),)


def gaps(numbers: Iterable[int], cancelled: Iterable[int] = (), replaced: Iterable[int] = ()) -> Gaps:
    """The gap report of one series (§3.1, AT-27). ``numbers`` are those found; ``cancelled`` ones exist and count;
    ``replaced`` are temporary numbers that no customer has seen, which leave no gap."""
    counted = Counter(numbers)
    struck, gone = set(cancelled), set(replaced)
    known = sorted({*counted, *struck, *gone})
    if not known:
        return Gaps(first=None, last=None)
    missing = tuple((before + 1, after - 1) for before, after in pairwise(known) if after - before > 1)
    return Gaps(
        first=known[0],
        last=known[-1],
        missing=missing,
        cancelled=tuple(sorted(struck)),
        replaced=tuple(sorted(gone - counted.keys())),
        doubled=tuple(sorted(number for number, times in counted.items() if times > 1)),
    )
