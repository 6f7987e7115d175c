"""The pace of requests on one credential: below Severa's limit, shared by every worker, paused for all by a 429.

Severa refuses more than 10 requests in one second (contracts/severa.md §2 "Rate limit"). A sliding window admits no
more than the chosen number in a little over a second; in a SQLite file the window is shared by processes, else it is in
memory.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pyrate_limiter import AbstractBucket, InMemoryBucket, Rate, RateItem, SQLiteBucket

from brygga.records.reasons import Stopped, Unavailable
from brygga.severa.connection import SeveraConnection
from brygga.severa.errors import quota_reason

WINDOW_MS = 1080
"""Severa's second as we count it. Requests do not all travel equally long: those of one second here arrive within less
than a second there, and at exactly ten a second some were refused (measured at 50 ms, ``dev.py bench floor``)."""

LONGEST_BACKOFF_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 60.0
"""A pause longer than this is told to the caller instead of waited for."""


STOP_SECONDS = 0.5
"""How often somebody who waits looks whether he is to stop."""


@dataclass(frozen=True)
class Clock:
    """The clocks and the sleep that pacing uses: seconds since the epoch (shared by processes) and seconds running."""

    wall: Callable[[], float] = time.time
    running: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Pacing:
    """Admits requests one by one; thread-safe. ``name`` tells the credentials in one file apart."""

    def __init__(
        self, requests_per_second: int, path: Path | None = None, name: str = "", *, clock: Clock | None = None
    ) -> None:
        self.clock = clock or Clock()
        self._lock = threading.Lock()
        self._bucket = _bucket(requests_per_second, path, name)
        self._resume_at = 0.0
        self._refusals = 0

    def admit(self, stop: Callable[[], bool] | None = None) -> None:
        """Wait until a request may be sent; ``Unavailable`` (SYS-905) when the pause asked for is too long to wait, and
        ``Stopped`` when ``stop``, which is asked before and while it waits, says so."""
        while True:
            if stop is not None and stop():
                raise Stopped
            pause = self._resume_at - self.clock.running()
            if pause > LONGEST_WAIT_SECONDS:
                raise Unavailable(quota_reason(self.resume_time()))
            wait = pause if pause > 0 else self._take()
            if wait <= 0:
                return
            self.clock.sleep(wait if stop is None else min(wait, STOP_SECONDS))

    def refused(self, retry_after: float | None) -> None:
        """Severa answered 429: pause everybody for ``retry_after`` seconds, else for a doubling time up to 30 s."""
        with self._lock:
            now = self.clock.running()
            if now >= self._resume_at:
                # Requests that were under way together are refused together: that is one refusal, not several.
                self._refusals += 1
            doubled = min(LONGEST_BACKOFF_SECONDS, 2.0 ** (self._refusals - 1))
            pause = doubled if retry_after is None else retry_after
            self._resume_at = max(self._resume_at, now + pause)

    def answered(self) -> None:
        """Severa took a request: the next refusal starts a new back-off."""
        with self._lock:
            if self.clock.running() >= self._resume_at:
                self._refusals = 0

    def resume_time(self) -> float:
        """When the pause ends, in seconds since the epoch; now when there is none."""
        return self.clock.wall() + max(0.0, self._resume_at - self.clock.running())

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._bucket.close()

    def _take(self) -> float:
        """Take a place in the window, or say in how many seconds to try again."""
        with self._lock:
            now = int(self.clock.wall() * 1000)
            newest = self._bucket.peek(0)
            if isinstance(newest, RateItem) and newest.timestamp > now + WINDOW_MS:
                # The clock was set back: what lies in the future would block the window until it comes.
                self._bucket.flush()
            self._bucket.leak(now)
            item = RateItem("request", now)
            if self._bucket.put(item):
                return 0.0
            waiting = self._bucket.waiting(item)
            return max(1, waiting if isinstance(waiting, int) else WINDOW_MS) / 1000


def _bucket(requests_per_second: int, path: Path | None, name: str) -> AbstractBucket:
    rates = [Rate(requests_per_second, WINDOW_MS)]
    if path is None:
        return InMemoryBucket(rates)
    path.parent.mkdir(parents=True, exist_ok=True)
    table = "pace_" + hashlib.sha256(name.encode()).hexdigest()[:16]
    return SQLiteBucket.init_from_file(rates, table=table, db_path=str(path), use_file_lock=True)


_shared: dict[tuple[object, ...], tuple[Pacing, int]] = {}
_shared_lock = threading.Lock()


def _key(connection: SeveraConnection) -> tuple[object, ...]:
    return connection.base_url, connection.client_id, connection.requests_per_second, connection.pacing_path


def shared_pacing(connection: SeveraConnection) -> Pacing:
    """The process's one pacing of this credential: clients made for preview and for writing pause together."""
    with _shared_lock:
        pacing, users = _shared.get(_key(connection), (None, 0))
        if pacing is None:
            name = f"{connection.base_url} {connection.client_id}"
            pacing = Pacing(connection.requests_per_second, connection.pacing_path, name)
        _shared[_key(connection)] = (pacing, users + 1)
        return pacing


def release_pacing(connection: SeveraConnection) -> None:
    """One client of the credential is closed; with the last one the file is let go."""
    with _shared_lock:
        pacing, users = _shared[_key(connection)]
        if users > 1:
            _shared[_key(connection)] = (pacing, users - 1)
        else:
            del _shared[_key(connection)]
            pacing.close()
