"""Schedules in the store: one run however often it was missed, by one worker, after the quiet hours (issue 4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from brygga.records.reasons import Refused
from brygga.runs.scheduler import Scheduler
from brygga.store.database import open_store
from brygga.store.run_requests import Origin, RequestState, RunRequests
from brygga.store.schedules import Schedules
from brygga.store.settings.values import Settings
from brygga.transfers.plan import Transfer

FRIDAY = datetime(2026, 11, 27, 6, 0, tzinfo=UTC)  # 07:00 in Stockholm


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = FRIDAY

    def __call__(self) -> datetime:
        return self.now


class Desk:
    """A scheduler, its store and its clock."""

    def __init__(self, engine: Engine) -> None:
        self.clock = Clock()
        self.engine = engine
        self.requests = RunRequests(engine, self.clock)
        self.scheduler = self.another()
        Settings(engine, "alfa").set("schedule.jitter_seconds", 0)

    def another(self) -> Scheduler:
        return Scheduler(self.engine, lambda company: Settings(self.engine, company), "1.0", self.clock)

    def at(self, moment: datetime) -> int:
        """Tick at this moment; how many runs were queued so far."""
        self.clock.now = moment
        self.scheduler.tick()
        return len(self.requests.latest())


@pytest.fixture
def desk(store: Path | str) -> Iterator[Desk]:
    engine = open_store(store)
    yield Desk(engine)
    engine.dispose()


def local(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment:%m-%d %H:%M}"


def test_a_schedule_fires_at_its_time_and_once(desk: Desk) -> None:
    made = desk.scheduler.set("alfa", Transfer.INVOICES, "weekdays  07:30")
    assert (local(made.due), made.pattern, made.zone) == ("11-27 06:30", "weekdays 07:30", "Europe/Stockholm")
    assert desk.at(FRIDAY + timedelta(minutes=29)) == 0
    assert desk.at(FRIDAY + timedelta(minutes=30)) == 1
    assert desk.at(FRIDAY + timedelta(minutes=31)) == 1
    known = desk.scheduler.known("alfa", Transfer.INVOICES)
    request = desk.requests.latest()[0]
    assert (local(known.due), known.request_id) == ("11-30 06:30", request.id)
    assert (request.company, request.transfer, request.origin) == ("alfa", "invoices", Origin.SCHEDULE)


def test_after_a_long_sleep_one_run_catches_up(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "every 15 minutes")
    assert desk.at(FRIDAY + timedelta(days=3, minutes=7)) == 1
    assert local(desk.scheduler.known("alfa", Transfer.INVOICES).due) == "11-30 06:15"


def test_of_two_workers_one_fires(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "hourly")
    desk.clock.now = FRIDAY + timedelta(hours=2)
    seen = Schedules(desk.engine, desk.clock).due()
    desk.another().tick()
    for schedule in seen:  # the other one saw it as due before the first fired
        desk.scheduler._fire(schedule)
    assert len(desk.requests.latest()) == 1


def test_while_its_run_is_not_ended_no_other_is_queued(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "hourly")
    assert desk.at(FRIDAY + timedelta(hours=1)) == 1
    assert desk.at(FRIDAY + timedelta(hours=2)) == 1
    claimed = desk.requests.claim(desk.requests.latest()[0].ticket, worker="w", slot=None)
    assert claimed is not None
    assert desk.at(FRIDAY + timedelta(hours=3)) == 1
    desk.requests.end(claimed.ticket, "completed")
    assert desk.at(FRIDAY + timedelta(hours=4)) == 2


def test_quiet_hours_that_were_set_later_hold_too(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "weekdays 07:30")
    Settings(desk.engine, "alfa").set("schedule.quiet_hours", "07:00-09:00")
    assert desk.at(FRIDAY + timedelta(minutes=30)) == 0
    assert desk.at(FRIDAY + timedelta(hours=2)) == 1


def test_paused_it_waits_and_resumed_it_goes_on_from_now(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "hourly")
    assert desk.scheduler.pause("alfa", Transfer.INVOICES).due is None
    assert desk.at(FRIDAY + timedelta(days=1, minutes=1)) == 0
    assert local(desk.scheduler.resume("alfa", Transfer.INVOICES).due) == "11-28 07:00"
    assert desk.at(FRIDAY + timedelta(days=1, hours=1)) == 1
    desk.scheduler.remove("alfa", Transfer.INVOICES)
    assert desk.scheduler.of() == ()


@pytest.mark.parametrize(
    ("pattern", "zone", "code"),
    [
        ("sometimes", "Europe/Stockholm", "SCH-101"),
        ("0 0 30 2 *", "Europe/Stockholm", "SCH-101"),
        ("hourly", "Europe/Atlantis", "SCH-102"),
        ("hourly", "../etc", "SCH-102"),
        ("hourly", "", "SCH-102"),
    ],
)
def test_what_cannot_be_due_is_refused(desk: Desk, pattern: str, zone: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.scheduler.set("alfa", Transfer.INVOICES, pattern, zone)
    assert refused.value.reason.code == code
    for act in (desk.scheduler.pause, desk.scheduler.resume, desk.scheduler.remove):
        with pytest.raises(Refused) as refused:
            act("alfa", Transfer.INVOICES)
        assert refused.value.reason.code == "KOR-879"


def test_a_schedule_set_anew_keeps_what_it_last_did(desk: Desk) -> None:
    desk.scheduler.set("alfa", Transfer.INVOICES, "hourly")
    desk.at(FRIDAY + timedelta(hours=1))
    again = desk.scheduler.set("alfa", Transfer.INVOICES, "daily 12:00")
    assert again.request_id == desk.requests.latest()[0].id
    assert desk.requests.latest()[0].state is RequestState.QUEUED
