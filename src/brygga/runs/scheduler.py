"""Schedules: set, pause, and let those fire whose time has come (issue 4). Every worker ticks; one of them fires."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy.engine import Engine

from brygga.records.reasons import Refused, reason
from brygga.rules.timetable import jitter_of, next_due, out_of_quiet, parse_pattern, parse_quiet
from brygga.runs.carrying import selection_text
from brygga.store.database import utcnow
from brygga.store.run_requests import NewRun, Origin
from brygga.store.schedules import Schedule, Schedules
from brygga.store.settings.values import Settings
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

ZONE = "Europe/Stockholm"

log = logging.getLogger(__name__)


class Scheduler:
    """The schedules of one store."""

    def __init__(
        self,
        engine: Engine,
        settings: Callable[[str], Settings],
        version: str,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self._settings = settings
        self._version = version
        self._schedules = Schedules(engine, clock)

    def of(self, company: str = "") -> tuple[Schedule, ...]:
        """The schedules of a company, or of all."""
        return self._schedules.of(company)

    def set(self, company: str, transfer: Transfer, pattern: str, zone: str = ZONE) -> Schedule:
        """Begin a transfer by itself; ``Refused`` SCH-101 (pattern) or SCH-102 (zone)."""
        planned = Schedule(company, transfer.value, " ".join(pattern.split()), zone, paused=False, due=None)
        return self._put(msgspec.structs.replace(planned, due=self._due(planned)))

    def pause(self, company: str, transfer: Transfer) -> Schedule:
        """Let it not fire until it is resumed; ``Refused`` KOR-879 when there is none."""
        return self._put(msgspec.structs.replace(self.known(company, transfer), paused=True, due=None))

    def resume(self, company: str, transfer: Transfer) -> Schedule:
        """Let it fire again, from now on; ``Refused`` KOR-879."""
        known = self.known(company, transfer)
        return self._put(msgspec.structs.replace(known, paused=False, due=self._due(known)))

    def remove(self, company: str, transfer: Transfer) -> None:
        """Take it away; ``Refused`` KOR-879."""
        if not self._schedules.remove(company, transfer.value):
            raise Refused(reason("KOR-879", transfer=transfer.value, company=company))

    def known(self, company: str, transfer: Transfer) -> Schedule:
        """The schedule of a transfer; ``Refused`` KOR-879."""
        found = self._schedules.get(company, transfer.value)
        if found is None:
            raise Refused(reason("KOR-879", transfer=transfer.value, company=company))
        return found

    def tick(self) -> None:
        """Fire what is due: once, however often it was missed while no worker ran."""
        for schedule in self._schedules.due():
            try:
                self._fire(schedule)
            except Refused:
                # One that a later version wrote must not keep the others from firing.
                log.warning("the schedule %s of %s cannot be read", schedule.transfer, schedule.company, exc_info=True)

    def _fire(self, schedule: Schedule) -> None:
        now = self._schedules.now()
        quiet = parse_quiet(self._settings(schedule.company).get("schedule.quiet_hours"))
        allowed = out_of_quiet(now, ZoneInfo(schedule.zone), quiet)
        if allowed > now:
            self._schedules.move(schedule, allowed)
            return
        # Everything that the transfer lists: what a missed run or a failed row left behind is in it (semantics §4.9).
        text = selection_text(Selection())
        run = NewRun(schedule.company, schedule.transfer, text, self._version, origin=Origin.SCHEDULE)
        self._schedules.fire(schedule, self._due(schedule), run)

    def _due(self, schedule: Schedule) -> datetime:
        settings = self._settings(schedule.company)
        try:
            zone = ZoneInfo(schedule.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refused(reason("SCH-102", zone=schedule.zone)) from None
        try:
            return next_due(
                parse_pattern(schedule.pattern),
                zone,
                self._schedules.now(),
                quiet=parse_quiet(settings.get("schedule.quiet_hours")),
                jitter=jitter_of(schedule.company, timedelta(seconds=settings.get("schedule.jitter_seconds"))),
            )
        except ValueError:
            raise Refused(reason("SCH-101", pattern=schedule.pattern)) from None

    def _put(self, schedule: Schedule) -> Schedule:
        self._schedules.put(schedule)
        return self.known(schedule.company, Transfer(schedule.transfer))
