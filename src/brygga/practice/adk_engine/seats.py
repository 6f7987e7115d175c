"""Licence seats: one file per licence in the common folder, exclusively locked by SQLite while it is taken.

The operating system drops the lock when the process dies, on Windows too, so a killed program gives its seat back.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from brygga.practice.adk_engine.codes import Rc, Refusal

SEATS_FOLDER = "practice-seats"


class Seat:
    """One user licence, taken at construction. 135 when all are taken."""

    def __init__(self, common: Path, licences: int) -> None:
        folder = common / SEATS_FOLDER
        folder.mkdir(exist_ok=True)
        for place in range(1, licences + 1):
            taken = _take(folder / f"seat-{place}.sqlite")
            if taken is not None:
                self._lock = taken
                return
        raise Refusal(Rc.TOO_MANY_LICENCE)

    def release(self) -> None:
        """Give the licence back."""
        self._lock.close()


def _take(path: Path) -> sqlite3.Connection | None:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return None
        raise
    return connection
