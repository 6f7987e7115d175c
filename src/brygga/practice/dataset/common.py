"""What all parts of the generator share: seeded streams of chance, wire values, working days."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import exp, log
from typing import Any
from uuid import UUID

Document = dict[str, Any]
"""A wire document of Severa (camelCase, contracts/severa_models.json); amounts are Decimal, dates ISO text."""

_P95 = 1.6449
"""Standard deviations from the median to the 95th percentile of a normal distribution."""


def stream(seed: int, name: str) -> random.Random:
    """Chance of its own for each part, so that one part's change leaves the others as they were."""
    return random.Random(f"{seed}:{name}")


def new_guid(chance: random.Random) -> str:
    """A guid from the stream."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def money(amount: Decimal, currency: str = "SEK") -> Document:
    """A MoneyOutputModel."""
    return {"amount": amount, "currencyCode": currency}


def moment(day: date, chance: random.Random) -> str:
    """A time of that day in UTC, in office hours: the day is the same in Sweden."""
    at = datetime.combine(day, time(7 + chance.randrange(8), chance.randrange(60), chance.randrange(60)))
    return f"{at.isoformat()}Z"


def audit(created: date, chance: random.Random, changed: date | None = None) -> Document:
    """The audit fields of a document made on ``created`` and last changed on ``changed``, never before."""
    made = moment(created, chance)
    later = moment(changed, chance) if changed is not None and changed > created else made
    return {"createdDateTime": made, "lastUpdatedDateTime": later}


def lognormal(chance: random.Random, median: float, p95: float) -> float:
    """A positive figure with the given median and 95th percentile."""
    return exp(chance.gauss(log(median), log(p95 / median) / _P95))


def is_working_day(day: date) -> bool:
    """Monday to Friday; public holidays are not known here."""
    return day.weekday() < 5


def month_days(month: date) -> Iterator[date]:
    """The days of the month."""
    day = month.replace(day=1)
    while day.month == month.month:
        yield day
        day += timedelta(days=1)


def working_days_from(day: date, count: int) -> list[date]:
    """The first ``count`` working days on or after the day."""
    found: list[date] = []
    while len(found) < count:
        if is_working_day(day):
            found.append(day)
        day += timedelta(days=1)
    return found


def month_before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
