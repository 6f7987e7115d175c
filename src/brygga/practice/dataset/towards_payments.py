"""What customers pay of the month's invoices once these are in Administration: what a bookkeeper enters there."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Paying(StrEnum):
    """How an invoice is paid."""

    FULL = "full"
    TWICE = "twice"
    PART = "part"
    REVERSED = "reversed"
    BACKDATED = "backdated"
    OVERPAID = "overpaid"
    UNDER = "under"
    SETTLED = "settled"
    """A credit note settled against the invoice that it credits in full."""


@dataclass(frozen=True)
class PaymentPlan:
    """How the invoice of a Severa guid is paid: the days of its payments and when each was entered.

    Amounts follow from the invoice's total: ``practice.payments_of_month`` knows how.
    """

    guid: str
    paying: Paying
    days: tuple[date, ...]
    entered: tuple[datetime, ...]
    against: str = ""
    """Guid of the invoice that a credit note is settled against."""


#: The edge pack first (spec/data.md §6), then the shares of an ordinary month.
_PACK = (
    Paying.FULL, Paying.TWICE, Paying.PART, Paying.REVERSED, Paying.BACKDATED, Paying.OVERPAID, Paying.UNDER,
)  # fmt: skip
UNPAID_SHARE = 0.15
PART_SHARE, OVER_SHARE, UNDER_SHARE, TWICE_SHARE = 0.02, 0.003, 0.005, 0.05
OVERPAID_BY = Decimal(250)
UNDERPAID_BY = Decimal("0.50")


def payment_plans(chance: random.Random, invoices: Sequence[Mapping[str, Any]]) -> tuple[PaymentPlan, ...]:
    """A plan for each of the month's debit invoices with something to pay; some are not paid at all. A credit note of a
    whole invoice of the month is settled against it."""
    plans = _settlements(chance, invoices)
    settled = {plan.against for plan in plans}
    owed = [
        each
        for each in invoices
        if not each["isCreditNote"] and each["guid"] not in settled and each["totalIncludingTax"]["amount"] > 1000
    ]
    for place, invoice in enumerate(owed):
        paying = _PACK[place] if place < len(_PACK) else _chosen(chance)
        if paying is not None:
            plans.append(_plan(chance, invoice["guid"], paying, date.fromisoformat(invoice["dueDate"])))
    return tuple(plans)


def _settlements(chance: random.Random, invoices: Sequence[Mapping[str, Any]]) -> list[PaymentPlan]:
    whole = {each["guid"]: abs(each["totalIncludingTax"]["amount"]) for each in invoices if not each["isCreditNote"]}
    plans: dict[str, PaymentPlan] = {}
    for each in invoices:
        original = str((each.get("reimburseInvoice") or {}).get("guid") or "") if each["isCreditNote"] else ""
        if original in whole and whole[original] == abs(each["totalIncludingTax"]["amount"]):
            due = date.fromisoformat(each["dueDate"])
            plans.setdefault(original, replace(_plan(chance, each["guid"], Paying.SETTLED, due), against=original))
    return list(plans.values())


def _chosen(chance: random.Random) -> Paying | None:
    lot = chance.random()
    for share, paying in (
        (UNPAID_SHARE, None),
        (PART_SHARE, Paying.PART),
        (OVER_SHARE, Paying.OVERPAID),
        (UNDER_SHARE, Paying.UNDER),
        (TWICE_SHARE, Paying.TWICE),
    ):
        if lot < share:
            return paying
        lot -= share
    return Paying.FULL


def _plan(chance: random.Random, guid: str, paying: Paying, due: date) -> PaymentPlan:
    """Paid some days after the due date (median +2); one that is dated back is entered a week later."""
    day = due + timedelta(days=max(0, round(chance.gauss(2, 3))))
    days = (day, day + timedelta(days=9)) if paying is Paying.TWICE else (day,)
    late = 7 if paying is Paying.BACKDATED else 0
    entered = tuple(datetime.combine(each + timedelta(days=late), time(11, 0)) for each in days)
    return PaymentPlan(guid, paying, days, entered)
