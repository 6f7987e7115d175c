"""Slots: a lock that a worker holds while it lives, so that the others see when it has died (libraries.md §1.2).

On SQLite a locked file beside the store, which the operating system frees with the process; on PostgreSQL an advisory
lock, which the server frees with the connection.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

SLOTS = 64
"""How many workers and faces can be alive on one store at once."""

_FAMILY = 0x42727967
"""The first half of the advisory locks' names: "Bryg"."""


class Slot(Protocol):
    """A held lock."""

    number: int

    def held(self) -> bool:
        """Whether it is certainly still ours."""

    def release(self) -> None:
        """Give it back."""


def take_slot(engine: Engine, number: int) -> Slot | None:
    """Take this slot, or None when somebody has it."""
    if engine.dialect.name == "sqlite":
        return _FileSlot.taken(Path(str(engine.url.database)), number)
    return _AdvisorySlot.taken(engine, number)


def free_slot(engine: Engine) -> Slot | None:
    """The lowest slot that is free, taken; None when all are in use."""
    return next((slot for number in range(SLOTS) if (slot := take_slot(engine, number)) is not None), None)


def is_held(engine: Engine, number: int) -> bool:
    """Whether somebody holds this slot now."""
    slot = take_slot(engine, number)
    if slot is None:
        return True
    slot.release()
    return False


class _FileSlot:
    def __init__(self, number: int, lock: FileLock) -> None:
        self.number = number
        self._lock = lock

    @classmethod
    def taken(cls, store: Path, number: int) -> _FileSlot | None:
        folder = store.with_name(f"{store.name}.workers")
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / f"slot-{number}.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            return None
        return cls(number, lock)

    def held(self) -> bool:
        return self._lock.is_locked

    def release(self) -> None:
        self._lock.release()


class _AdvisorySlot:
    def __init__(self, number: int, connection: Connection) -> None:
        self.number = number
        self._connection = connection

    @classmethod
    def taken(cls, engine: Engine, number: int) -> _AdvisorySlot | None:
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        query = sa.text("SELECT pg_try_advisory_lock(:family, :number)")
        if not connection.execute(query, {"family": _FAMILY, "number": number}).scalar_one():
            connection.close()
            return None
        # Not back to the pool: the lock lives and dies with this very connection.
        connection.detach()
        return cls(number, connection)

    def held(self) -> bool:
        """A lost connection is a lost lock: the server has freed it."""
        try:
            self._connection.execute(sa.text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        with suppress(SQLAlchemyError):
            self._connection.close()
