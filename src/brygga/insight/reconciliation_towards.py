"""Payments and supplier costs that went to Severa, both systems read afresh: every difference by its record.

Payments of a period: what Administration has as paid must be in the paid status in Severa. Supplier costs: what the
links say was sent must be there as fees, fee by fee, and sum up to the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from brygga.records.base import Record
from brygga.records.ledger import LedgerInvoice
from brygga.records.reasons import Refused
from brygga.records.target import Kind
from brygga.rules.currency import in_base_currency
from brygga.rules.payments import remaining, standing
from brygga.store.journal import Link
from brygga.transfers.company import Company
from brygga.transfers.readings import Readings
from brygga.transfers.severa_side import SeveraSide

What = Literal["not_paid_in_severa", "paid_only_in_severa", "missing", "cost"]


class TowardsDifference(Record, frozen=True):
    """One record that is not the same in both: the invoice's number or the cost's key, and what each side says."""

    record: str
    what: What
    administration: str
    severa: str


class Compared(Record, frozen=True):
    """How many records there are on each side, and their sum in base currency."""

    administration: int = 0
    severa: int = 0
    administration_sum: Decimal = Decimal(0)
    severa_sum: Decimal = Decimal(0)


class TowardsReconciliation(Record, frozen=True):
    """The payments and costs of a period."""

    start: date
    end: date
    payments: Compared
    costs: Compared
    differences: tuple[TowardsDifference, ...]

    @property
    def agrees(self) -> bool:
        """Whether no difference is left."""
        return not self.differences


def reconcile_towards(company: Company, start: date, end: date) -> TowardsReconciliation:
    """Compare the payments whose last day lies in the period, and every supplier cost that was sent."""
    readings = Readings(company)
    payments, unpaid = _payments(readings, start, end)
    costs, other = _costs(readings)
    return TowardsReconciliation(start, end, payments, costs, (*unpaid, *other))


def _payments(readings: Readings, start: date, end: date) -> tuple[Compared, tuple[TowardsDifference, ...]]:
    keys = SeveraSide(readings).keys(Kind.INVOICE)
    ledger = readings.company.administration.ledger_invoices(paid_from=start)
    listed = [each for each in ledger if str(each.number) in keys and each.last_payment is not None]
    listed = [each for each in listed if each.last_payment is not None and each.last_payment <= end]
    states = readings.company.severa.payment_states({keys[str(each.number)]: each.number for each in listed})
    paid_keys = {key for key, status in readings.statuses.items() if status.is_paid}
    found = Compared()
    differences: list[TowardsDifference] = []
    for invoice in listed:
        here = _is_paid(readings, invoice)
        state = states.get(keys[str(invoice.number)])
        there = state is not None and state.status_key in paid_keys
        total = _in_base(invoice, readings.info.currency)
        found = _plus(found, total if here else None, total if there else None)
        if here is not there:
            what: What = "not_paid_in_severa" if here else "paid_only_in_severa"
            rest = str(_remaining(readings, invoice))
            shown = str(state.payment_date or "") if state is not None else ""
            differences.append(TowardsDifference(str(invoice.number), what, rest, shown))
    return found, tuple(differences)


def _in_base(invoice: LedgerInvoice, base: str) -> Decimal:
    if invoice.currency in ("", base) or invoice.rate <= 0 or invoice.unit <= 0:
        return invoice.total
    return in_base_currency(invoice.total, invoice.rate, invoice.unit)


def _is_paid(readings: Readings, invoice: LedgerInvoice) -> bool:
    try:
        return standing(invoice, readings.preferences.payments_balances).is_paid
    except ValueError:
        return False


def _remaining(readings: Readings, invoice: LedgerInvoice) -> Decimal | str:
    try:
        return remaining(invoice, readings.preferences.payments_balances)
    except ValueError:
        return "?"


def _costs(readings: Readings) -> tuple[Compared, tuple[TowardsDifference, ...]]:
    links = readings.links(Kind.PROJECT_FEE)
    there = _fees(readings, links)
    found = Compared()
    differences: list[TowardsDifference] = []
    for key, link in links.items():
        sent, cost = link.snapshot.net, there.get(key)
        found = _plus(found, sent, cost)
        if cost is None:
            differences.append(TowardsDifference(link.target_key, "missing", str(sent), ""))
        elif cost != sent:
            differences.append(TowardsDifference(link.target_key, "cost", str(sent), str(cost)))
    return found, tuple(differences)


def _fees(readings: Readings, links: Mapping[str, Link]) -> dict[str, Decimal]:
    """The cost of every fee on the projects that costs were sent to, by its key."""
    side = SeveraSide(readings)
    codes = sorted({link.snapshot.number for link in links.values()})
    side.fetch_projects(codes)
    found: dict[str, Decimal] = {}
    for code in codes:
        project = side.project(code)
        if project is not None:
            try:
                fees = readings.company.severa.project_fees(project.key)
            except Refused:
                continue  # the project is gone: its fees are missing, and are named one by one
            found.update((fee.key, fee.unit_cost * fee.quantity) for fee in fees)
    return found


def _plus(found: Compared, administration: Decimal | None, severa: Decimal | None) -> Compared:
    return Compared(
        administration=found.administration + (administration is not None),
        severa=found.severa + (severa is not None),
        administration_sum=found.administration_sum + (administration or Decimal(0)),
        severa_sum=found.severa_sum + (severa or Decimal(0)),
    )
