"""The port to the durable engine, narrow so that another engine is one module (architecture, Runs; libraries.md §1.2).

What people see is the store's queue (``store/run_requests.py``). An engine behind this port only sees to it that a
*ticket* is carried out once at a time, one per company, companies side by side, by some worker that is free. It knows
no records, no settings and no secrets: a ticket is all that it is ever given.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal, Protocol

from sqlalchemy.engine import Engine

from brygga.runs.previews import Previews
from brygga.runs.run import Report
from brygga.store.run_requests import RunRequest
from brygga.store.settings.values import Settings
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan


class OpenCompany(Protocol):
    """Opens a company's two systems, read-only or not, until the context ends."""

    def __call__(self, name: str, *, read_only: bool) -> AbstractContextManager[Company]:
        """The company as the transfers see it."""


@dataclass(frozen=True)
class Workplace:
    """All that carrying out a run needs, handed over by the composition root."""

    engine: Engine
    open_company: OpenCompany
    settings: Callable[[str], Settings]
    previews: Previews
    lock_folder: Path
    version: str


@dataclass(frozen=True)
class Carried:
    """What a run carried out in this very process has to show: a transfer's report or a search's plans."""

    request: RunRequest
    report: Report | None = None
    plans: tuple[Plan, ...] = ()


@dataclass(frozen=True)
class Attempt:
    """What the engine remembers of a ticket."""

    ticket: str
    state: Literal["queued", "active", "ended"]
    worker: str
    """Name of the worker that has or had it; empty while it is queued."""
    protocol: str
    """The engine protocol that it was put in under: work of another one is put in anew."""


class DurableEngine(Protocol):
    """One engine in one process. Its own tables lie beside the store's."""

    def launch(
        self, worker: str, carry: Callable[[str], None], *, groups: tuple[str, ...] = (), companies_at_once: int = 0
    ) -> None:
        """Begin. ``carry`` carries out a ticket and never raises. Without ``groups`` nothing is taken from queues."""

    def enqueue(self, ticket: str, company: str, group: str, order: int) -> None:
        """Put a ticket in the queue of the group, lowest ``order`` first; one that is in it is left as it is."""

    def run_now(self, ticket: str, done: Event) -> None:
        """Carry a ticket out in this process, past the queue, and wait until ``carry`` has set ``done``."""

    def attempts(self, tickets: tuple[str, ...]) -> dict[str, Attempt]:
        """What is remembered of these tickets."""

    def active(self) -> tuple[Attempt, ...]:
        """The tickets that some worker has, alive or dead."""

    def give_up(self, ticket: str) -> None:
        """Forget a ticket: it blocks its company's queue no longer."""

    @property
    def protocol(self) -> str:
        """What ``enqueue`` notes as the protocol."""

    def close(self) -> None:
        """Take nothing more; what is under way in this process is left to end by itself."""
