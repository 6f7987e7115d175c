"""One writer per company and store: a row that is kept alive while the run works (architecture, state machine 7).

A holder that died frees the company: on this computer at once, because the system lets go of the lock file of a process
that ended, however it ended; on another one when it was not heard of for the lease.
"""

from __future__ import annotations

import os
import platform
import secrets
import threading
from datetime import timedelta
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

from brygga.records.reasons import Refused, reason
from brygga.store.audit.trail import operating_system_user
from brygga.store.writers import Holder, Writers
from brygga.transfers.company import Company

LEASE = timedelta(seconds=60)
"""How long a holder on another computer may be silent before it counts as dead."""
BEAT = timedelta(seconds=15)
"""How often a holder says that it lives: often enough to miss two beats."""


def this_program() -> str:
    """Who works here, for people: user, computer and process."""
    return f"{operating_system_user()}, {os.getpid()}"


class Writer:
    """The right to write to one company, from ``with`` to its end; ``Refused`` SYS-908 when another has it.

    ``folder`` holds the lock files of this computer's programs.
    """

    def __init__(self, company: Company, folder: Path) -> None:
        self._company = company.name
        self._now = company.journal.now
        self._writers = Writers(company.journal.store)
        self._folder = folder
        self._place = f"{platform.node()}:{folder.absolute()}"
        self._token = secrets.token_hex(16)
        self._renewed = self._now()
        self._ended = threading.Event()
        self._heart = threading.Thread(target=self._beat, name=f"writer of {self._company}", daemon=True)

    def __enter__(self) -> Writer:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file = FileLock(self._folder / f"{self._company}.lock", timeout=0)
        try:
            self._file.acquire()
        except Timeout:
            raise _refused("SYS-908", self._writers.holder(self._company)) from None
        try:
            self._take()
        except BaseException:
            self._file.release()
            raise
        self._heart.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._heart.join()
        try:
            self._writers.release(self._company, self._token)
        finally:
            self._file.release()

    def hold(self) -> None:
        """Make sure, before a record is begun, that the company is still this writer's; ``Refused`` SYS-920.

        It is not when the computer slept for longer than the lease and another has taken it meanwhile.
        """
        if not timedelta(0) <= self._now() - self._renewed < 2 * BEAT:
            self._renew()

    def _take(self) -> None:
        now = self._now()
        wanted = Holder(self._company, self._token, this_program(), self._place, now, now)
        # Whoever holds the row from this place is dead: its lock file was free.
        holder = self._writers.take(wanted, LEASE, lambda other: other.place == self._place)
        if holder.token != self._token:
            raise _refused("SYS-908", holder)
        self._renewed = now

    def _renew(self) -> None:
        now = self._now()
        if not self._writers.renew(self._company, self._token, now):
            other = self._writers.holder(self._company)
            raise _refused("SYS-920", other)
        self._renewed = now

    def _beat(self) -> None:
        while not self._ended.wait(BEAT.total_seconds()):
            try:
                self._renew()
            except (Refused, SQLAlchemyError):
                # ``hold`` asks again, in the thread that can stop the run.
                continue


def _refused(code: str, holder: Holder | None) -> Refused:
    return Refused(reason(code, holder=holder.holder if holder else "?", since=holder.since if holder else "?"))
