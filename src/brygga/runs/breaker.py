"""The circuit breaker's eyes: what a run is about to do, seen from its plans, both registers and the history."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from brygga.records.reasons import Reason
from brygga.records.target import InvoiceDocument, Kind
from brygga.rules.circuit_breaker import Sight, unusual
from brygga.rules.currency import in_base_currency
from brygga.runs.carrying import Judge
from brygga.store.run_requests import RunRequest
from brygga.store.settings.values import Settings
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.readings import Readings

REGISTERS = frozenset({Transfer.CUSTOMERS, Transfer.PROJECTS, Transfer.ARTICLES, Transfer.CUSTOMERS_TO_SEVERA})
"""What lists the whole register every time. A list of documents may well be empty: all are transferred."""


def breaker(settings: Callable[[str], Settings]) -> Judge:
    """The judge of scheduled runs, with each company's own limits."""

    def judge(request: RunRequest, plans: tuple[Plan, ...], readings: Readings) -> tuple[Reason, ...]:
        limits = settings(request.company)
        return unusual(
            sight(Transfer(request.transfer), plans, readings),
            max_records=limits.get("schedule.max_records"),
            max_amount=limits.get("schedule.max_amount"),
        )

    return judge


def sight(transfer: Transfer, plans: tuple[Plan, ...], readings: Readings) -> Sight:
    """What this run would do, beside what the last one found."""
    journal = readings.company.journal
    last = journal.last_completed(transfer.value) if transfer in REGISTERS else None
    writing = [plan for plan in plans if plan.writes]
    return Sight(
        writes=len(writing),
        amount=sum((_amount(plan) for plan in writing), Decimal(0)),
        listed=len(plans),
        before=sum(journal.counts(last.id).values()) if last is not None else 0,
        cards=len(readings.customer_cards),
        links=len(readings.links(Kind.CUSTOMER)),
    )


def _amount(plan: Plan) -> Decimal:
    gross, card = abs(plan.gross or Decimal(0)), plan.payload
    if isinstance(card, InvoiceDocument) and card.rate and card.unit:
        return in_base_currency(gross, card.rate, card.unit)
    return gross
