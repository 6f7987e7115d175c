"""The running server of a store: a second start finds the first, and asks it to let one more browser in.

A lock beside the store tells whether a server lives; a file that only this user may read holds its address and the
secret by which a new start proves that it is the same user's. On a terminal server others reach the same port, but not
the file.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import msgspec
from filelock import FileLock, Timeout

from brygga.records.base import Record
from brygga.store.secrets import write_private

FILE, LOCK = "pages.json", "pages.lock"
LAUNCH_PATH = "/launch"
SECRET_HEADER = "x-brygga-start"
ASKING_SECONDS = 10.0


class Announcement(Record, frozen=True):
    """Where a running server answers, and the secret that asks it for a launch token."""

    address: str
    secret: str


@contextmanager
def announced(folder: Path, address: str) -> Iterator[Announcement | None]:
    """Be the store's running server while inside; None when another one is that already.

    Its address is kept after it, so that the next one can have it again (``last_port``).
    A second server on the same store is allowed (another port, another purpose); it is only not the one that is found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield None
        return
    told = Announcement(address, secrets.token_urlsafe(32))
    try:
        write_private(folder / FILE, msgspec.json.encode(told).decode())
        yield told
    finally:
        write_private(folder / FILE, msgspec.json.encode(Announcement(address, "")).decode())
        lock.release()


def last_port(folder: Path) -> int:
    """The port of the store's latest server, however it ended; 0 when there was none.

    The next one listens there again if it can: open pages and bookmarks go on where they were.
    """
    try:
        told = msgspec.json.decode((folder / FILE).read_bytes(), type=Announcement)
        return urlsplit(told.address).port or 0
    except (OSError, ValueError):
        return 0


def link_from_running(folder: Path) -> str | None:
    """A link that lets one browser in to the store's running server, or None when none runs (or does not answer)."""
    if not _lives(folder):
        return None
    try:
        told = msgspec.json.decode((folder / FILE).read_bytes(), type=Announcement)
        with httpx2.Client(trust_env=False, verify=False, timeout=ASKING_SECONDS) as client:
            headers = {"origin": told.address, SECRET_HEADER: told.secret}
            answer = client.post(f"{told.address}{LAUNCH_PATH}", headers=headers)
    except (OSError, msgspec.MsgspecError, httpx2.HTTPError):
        return None
    return answer.text if answer.status_code == 200 else None


def _lives(folder: Path) -> bool:
    """Whether a server holds the lock; what a killed one left behind is no sign of life."""
    if not (folder / FILE).exists():
        return False
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
