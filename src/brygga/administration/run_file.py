"""The run file: one writer per company folder (architecture, state machine 7). Standard library only.

It lies in the Administration company folder, so that it also keeps two stores and two computers apart. The host process
holds it, not its parent: a program that is killed leaves a host that may still finish the write it was given, and the
next writer must not look before that. The lock is SQLite's own, which every system gives back when the process ends,
however it ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

LOCK_NAME = "brygga-run.lock"
HOLDER_NAME = "brygga-run.json"
WAIT_SECONDS = 10.0
"""How long to wait for another writer: longer than a host needs to end after its program was killed."""


class RunFileHeld(Exception):
    """Another process writes to this company; ``holder`` and ``since`` tell who, as far as it said."""

    def __init__(self, holder: str, since: str) -> None:
        super().__init__(f"{holder} since {since}")
        self.holder = holder
        self.since = since


class RunFileUnusable(Exception):
    """The company folder does not take the run file: it is not there, or cannot be written to."""

    def __init__(self, path: str, detail: str) -> None:
        super().__init__(f"{path}: {detail}")
        self.path = path
        self.detail = detail


class RunFile:
    """The exclusive lock of a company folder, held from ``take`` to ``release`` or the end of the process."""

    def __init__(self, company: str, wait_seconds: float = WAIT_SECONDS) -> None:
        self._folder = Path(company)
        self._wait = wait_seconds
        self._connection: sqlite3.Connection | None = None

    def take(self) -> None:
        """Lock it, waiting a while for another holder; RunFileHeld when that one does not end, RunFileUnusable when
        the folder does not take the file."""
        if self._connection is not None:
            return
        path = self._folder / LOCK_NAME
        try:
            connection = sqlite3.connect(path, timeout=self._wait, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise RunFileUnusable(str(path), str(error)) from error
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            connection.close()
            if "locked" not in str(error):
                raise RunFileUnusable(str(path), str(error)) from error
            raise RunFileHeld(*self._holder()) from error
        self._connection = connection
        self._tell()

    def release(self) -> None:
        """Give it back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _tell(self) -> None:
        """Write who holds it; only for people, so a folder that does not take the note is no hindrance."""
        computer = os.environ.get("COMPUTERNAME") or os.environ.get("HOSTNAME") or ""
        note = {"holder": f"{computer} {os.getpid()}".strip(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        with contextlib.suppress(OSError):
            (self._folder / HOLDER_NAME).write_text(json.dumps(note), encoding="utf-8")

    def _holder(self) -> tuple[str, str]:
        try:
            note = json.loads((self._folder / HOLDER_NAME).read_text(encoding="utf-8"))
            return str(note["holder"]), str(note["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return "?", "?"
