"""Which store writes to a company of Administration."""

from __future__ import annotations

from brygga.records.base import Record


class Owner(Record, frozen=True):
    """What the company folder says of its owner (architecture, state machine 7 and 8).

    ``store`` and ``generation`` are those of the store's identity; ``run`` is the newest run that may have written (0:
    none) and ``at`` the moment it started, in UTC as ISO 8601; ``holder`` is for people.
    """

    store: str
    generation: int
    run: int
    at: str
    holder: str
