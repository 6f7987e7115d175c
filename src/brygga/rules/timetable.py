"""When a schedule is due: a pattern in local time, daylight saving, quiet hours and jitter (issue 4, Schedules).

A pattern is five cron fields, or words: "weekdays 07:30", "daily 07:30 12:00", "hourly", "every 15 minutes", also in
Swedish. Local times that a clock change skips are due when it has ended; those that come twice are due once, the first
time, except where every hour is meant.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_EVERY_HOUR = frozenset(range(24))
_HORIZON_DAYS = 366 * 5
"""29 February comes within this."""

_DAYS = {
    "daily": "*",
    "dagligen": "*",
    "weekdays": "1-5",
    "vardagar": "1-5",
    "mondays": "1",
    "måndagar": "1",
    "tuesdays": "2",
    "tisdagar": "2",
    "wednesdays": "3",
    "onsdagar": "3",
    "thursdays": "4",
    "torsdagar": "4",
    "fridays": "5",
    "fredagar": "5",
    "saturdays": "6",
    "lördagar": "6",
    "sundays": "0",
    "söndagar": "0",
}
_HOURLY = ("hourly", "varje timme")
_EVERY_MINUTES = re.compile(r"(?:every (\d{1,2}) minutes|var (\d{1,2}):e minut)")
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


@dataclass(frozen=True)
class Pattern:
    """The local minutes at which something is due. ``times`` are those of a day; weekdays count from Monday as 0."""

    times: tuple[time, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """Whether a day of the month *or* a weekday is enough: so cron reads a line that names both."""
    every_hour: bool

    def on(self, day: date) -> bool:
        """Whether the pattern has this day."""
        in_month, in_week = day.day in self.days, day.weekday() in self.weekdays
        return day.month in self.months and (in_month or in_week if self.either_day else in_month and in_week)


@dataclass(frozen=True)
class Quiet:
    """Local hours in which nothing begins; over midnight when the end is before the start."""

    start: time
    end: time

    def holds(self, moment: time) -> bool:
        """Whether the time of day lies inside."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def parse_pattern(text: str) -> Pattern:
    """The pattern that a person wrote; ``ValueError`` when it is none or never due."""
    words = " ".join(text.casefold().split())
    every = _EVERY_MINUTES.fullmatch(words)
    if every:
        step = int(every[1] or every[2])
        if not 1 <= step <= 59:
            raise ValueError(text)
        return _cron(f"*/{step} * * * *")
    if words in _HOURLY:
        return _cron("0 * * * *")
    day, _, rest = words.partition(" ")
    if day in _DAYS:
        times = [_TIME.fullmatch(each) for each in rest.replace(",", " ").split()]
        if not times or not all(times):
            raise ValueError(text)
        at = tuple(sorted({time(int(each[1]), int(each[2])) for each in times if each}))
        return Pattern(at, _all(2), _all(3), _weekdays(_DAYS[day]), either_day=False, every_hour=False)
    return _cron(words)


def parse_quiet(text: str) -> Quiet | None:
    """Quiet hours such as "22:00-06:00"; None when there are none; ``ValueError`` when it is not that."""
    if not text.strip():
        return None
    start, end = (_TIME.fullmatch(each.strip()) for each in text.replace("–", "-").split("-"))
    if not start or not end:
        raise ValueError(text)
    quiet = Quiet(time(int(start[1]), int(start[2])), time(int(end[1]), int(end[2])))
    if quiet.start == quiet.end:
        raise ValueError(text)
    return quiet


def next_due(
    pattern: Pattern, zone: ZoneInfo, after: datetime, *, quiet: Quiet | None = None, jitter: timedelta = timedelta(0)
) -> datetime:
    """The first moment (UTC) after ``after`` at which the pattern, late by its jitter, is due outside quiet hours."""
    # Strictly after, also when a jitter that is longer than the pattern's steps has passed over several of them.
    moment = next(_moments(pattern, zone, after - jitter), None)
    if moment is None:
        raise ValueError("never due")
    return out_of_quiet(moment + jitter, zone, quiet)


def out_of_quiet(moment: datetime, zone: ZoneInfo, quiet: Quiet | None) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into."""
    local = moment.astimezone(zone)
    if quiet is None or not quiet.holds(local.time().replace(tzinfo=None)):
        return moment
    day = local.date() if local.time() < quiet.end else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.end, zone).astimezone(UTC)


def jitter_of(name: str, at_most: timedelta) -> timedelta:
    """How late this one is, always the same for the same name, so that not all companies ask at the same second."""
    span = int(at_most.total_seconds()) + 1
    return timedelta(seconds=int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % span)


def _moments(pattern: Pattern, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    first = after.astimezone(zone).date()
    for days in range(_HORIZON_DAYS):
        day = first + timedelta(days=days)
        if not pattern.on(day):
            continue
        found = {moment for at in pattern.times for moment in _instants(pattern, zone, day, at)}
        yield from sorted(moment for moment in found if moment > after)


def _instants(pattern: Pattern, zone: ZoneInfo, day: date, at: time) -> Iterator[datetime]:
    local = datetime.combine(day, at, zone)
    first = local.astimezone(UTC)
    yield first
    second = local.replace(fold=1).astimezone(UTC)
    if pattern.every_hour and second > first:
        yield second


def _cron(text: str) -> Pattern:
    fields = text.split()
    if len(fields) != len(_RANGES):
        raise ValueError(text)
    minutes, hours, days, months = (_numbers(field, *_RANGES[n]) for n, field in enumerate(fields[:4]))
    return Pattern(
        times=tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
        days=days,
        months=months,
        weekdays=_weekdays(fields[4]),
        either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
        every_hour=hours == _EVERY_HOUR,
    )


def _weekdays(field: str) -> frozenset[int]:
    """Cron counts from Sunday, and knows it as 0 and as 7."""
    return frozenset((number - 1) % 7 for number in _numbers(field, *_RANGES[4]))


def _all(position: int) -> frozenset[int]:
    return _numbers("*", *_RANGES[position])


def _numbers(field: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        match = re.fullmatch(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?", part)
        if not match:
            raise ValueError(field)
        start = low if match[1] is None else int(match[1])
        end = high if match[1] is None else int(match[2] or (high if match[3] else start))
        step = int(match[3] or 1)
        if not low <= start <= end <= high or step < 1:
            raise ValueError(field)
        found.update(range(start, end + 1, step))
    return frozenset(found)
