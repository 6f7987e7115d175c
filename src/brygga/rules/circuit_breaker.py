"""When a scheduled run is so unusual that a person looks first (issue 4; after vdirsyncer's "storage is empty")."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from brygga.records.reasons import Level, Reason, reason

MANY = 10
"""From how many records on an empty register is a sign of a fault and not of a small company."""


@dataclass(frozen=True)
class Sight:
    """What a run is about to do. ``amount`` in base currency, absolute values added; ``before``: rows last time."""

    writes: int
    amount: Decimal
    listed: int
    before: int
    cards: int
    links: int


def unusual(sight: Sight, *, max_records: int, max_amount: Decimal) -> tuple[Reason, ...]:
    """Why a person must look; a limit of 0 is none."""
    found = []
    if sight.listed == 0 and sight.before >= MANY:
        found.append(reason("KOR-882", Level.WAIT, count=sight.before))
    if sight.cards == 0 and sight.links >= MANY:
        found.append(reason("KOR-883", Level.WAIT, count=sight.links))
    if max_records and sight.writes > max_records:
        found.append(reason("KOR-880", Level.WAIT, count=sight.writes, limit=max_records))
    if max_amount and sight.amount > max_amount:
        found.append(reason("KOR-881", Level.WAIT, amount=sight.amount, most=max_amount))
    return tuple(found)
