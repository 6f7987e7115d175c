"""When a schedule is due (issue 4): patterns, daylight saving in Stockholm, quiet hours, jitter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.rules.timetable import jitter_of, next_due, out_of_quiet, parse_pattern, parse_quiet

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PATTERNS = (
    "weekdays 07:30",
    "dagligen 06:00, 18:15",
    "fredagar 16.00",
    "hourly",
    "var 15:e minut",
    "30 7 * * 1-5",
    "*/20 8-17 * * 1-5",
    "0 6 1 * *",
    "0 0 29 2 *",
    "15 2 * * *",
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


def due(pattern: str, after: str, **more: str) -> str:
    quiet = parse_quiet(more.get("quiet", ""))
    found = next_due(parse_pattern(pattern), STOCKHOLM, local(after), quiet=quiet)
    return found.astimezone(STOCKHOLM).isoformat(sep=" ", timespec="minutes")


@pytest.mark.parametrize(
    ("pattern", "after", "expected"),
    [
        ("weekdays 07:30", "2026-11-27 07:29", "2026-11-27 07:30+01:00"),
        ("weekdays 07:30", "2026-11-27 07:30", "2026-11-30 07:30+01:00"),  # Friday to Monday
        ("vardagar 07:30", "2026-11-28 12:00", "2026-11-30 07:30+01:00"),
        ("daily 18:15 06:00", "2026-11-27 07:00", "2026-11-27 18:15+01:00"),
        ("söndagar 10:00", "2026-11-27 07:00", "2026-11-29 10:00+01:00"),
        ("hourly", "2026-11-27 07:00", "2026-11-27 08:00+01:00"),
        ("every 15 minutes", "2026-11-27 07:46", "2026-11-27 08:00+01:00"),
        ("30 7 * * 1-5", "2026-11-27 07:30", "2026-11-30 07:30+01:00"),
        ("0 12 * * 7", "2026-11-27 07:30", "2026-11-29 12:00+01:00"),
        ("0 12 13 * 5", "2026-11-27 12:00", "2026-12-04 12:00+01:00"),  # cron: the 13th, and every Friday
        ("0 0 29 2 *", "2026-11-27 00:00", "2028-02-29 00:00+01:00"),
    ],
)
def test_the_next_time(pattern: str, after: str, expected: str) -> None:
    assert due(pattern, after) == expected


def test_summer_time_begins_and_ends_without_a_run_lost_or_doubled() -> None:
    # 02:30 is skipped on 29 March 2026 and comes twice on 25 October.
    assert due("daily 02:30", "2026-03-28 12:00") == "2026-03-29 03:30+02:00"
    assert due("daily 02:30", "2026-03-29 04:00") == "2026-03-30 02:30+02:00"
    assert due("daily 02:30", "2026-10-24 12:00") == "2026-10-25 02:30+02:00"
    first = next_due(parse_pattern("daily 02:30"), STOCKHOLM, local("2026-10-24 12:00"))
    again = next_due(parse_pattern("daily 02:30"), STOCKHOLM, first)
    assert again.astimezone(STOCKHOLM).date().isoformat() == "2026-10-26"
    # A clock time keeps its place on the wall through the change.
    assert due("weekdays 07:30", "2026-10-23 12:00") == "2026-10-26 07:30+01:00"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-10-24"])
def test_what_is_hourly_is_so_through_a_clock_change(day: str) -> None:
    moment, steps = local(f"{day} 20:00"), set()
    for _ in range(12):
        following = next_due(parse_pattern("hourly"), STOCKHOLM, moment)
        steps.add(following - moment)
        moment = following
    assert steps == {timedelta(hours=1)}


@pytest.mark.parametrize(
    "text",
    [
        *("", "weekdays", "weekdays 24:00", "weekdays 7", "sometimes 07:30", "every 0 minutes", "every 60 minutes"),
        *("* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *"),
    ],
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_pattern(text)


def test_a_day_that_never_comes_is_said() -> None:
    with pytest.raises(ValueError, match="never due"):
        next_due(parse_pattern("0 0 30 2 *"), STOCKHOLM, local("2026-01-01 00:00"))


def test_quiet_hours_move_a_run_to_their_end() -> None:
    assert due("daily 23:00", "2026-11-27 12:00", quiet="22:00-06:00") == "2026-11-28 06:00+01:00"
    assert due("daily 05:59", "2026-11-27 12:00", quiet="22:00–06:00") == "2026-11-28 06:00+01:00"
    assert due("daily 06:00", "2026-11-27 12:00", quiet="22:00-06:00") == "2026-11-28 06:00+01:00"
    assert due("daily 12:30", "2026-11-27 12:00", quiet="12:00-13:00") == "2026-11-27 13:00+01:00"
    assert due("daily 14:00", "2026-11-27 12:00", quiet="") == "2026-11-27 14:00+01:00"
    for wrong in ("22:00", "22:00-22:00", "25:00-06:00", "a-b", "1-2-3"):
        with pytest.raises(ValueError, match=r".*"):
            parse_quiet(wrong)


def test_jitter_is_the_same_for_a_company_and_differs_between_companies() -> None:
    most = timedelta(seconds=300)
    assert jitter_of("alfa", most) == jitter_of("alfa", most)
    found = {jitter_of(f"company-{number}", most) for number in range(200)}
    assert len(found) > 100
    assert all(timedelta(0) <= each <= most for each in found)
    assert jitter_of("alfa", timedelta(0)) == timedelta(0)


@given(
    pattern=st.sampled_from(PATTERNS),
    after=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
    seconds=st.integers(0, 3600),
    quiet=st.sampled_from(["", "22:00-06:00", "00:30-03:30", "12:00-13:00"]),
)
def test_the_next_time_is_later_and_outside_quiet_hours(
    pattern: str, after: datetime, seconds: int, quiet: str
) -> None:
    hours, jitter = parse_quiet(quiet), timedelta(seconds=seconds)
    found = next_due(parse_pattern(pattern), STOCKHOLM, after, quiet=hours, jitter=jitter)
    assert found > after
    assert out_of_quiet(found, STOCKHOLM, hours) == found
