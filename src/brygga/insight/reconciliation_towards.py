"""Payments and supplier costs that went to Severa, both systems read afresh: every difference by its record.

Payments of a period: what Administration has as paid must be in the paid status in Severa. Supplier costs: what the
links say was sent must be there as fees, fee by fee, and sum up to the same.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from brygga.records.base import Record
from brygga.records.ledger import LedgerInvoice
from brygga.records.reasons import Reason, reason
from brygga.records.target import Kind
from brygga.rules.currency import in_base_currency
from brygga.rules.payments import remaining
from brygga.store.journal.journal import Link
from brygga.transfers.company import Company
from brygga.transfers.kept_in_severa import fee_costs, is_paid, was_set_as_paid
from brygga.transfers.readings import Readings
from brygga.transfers.severa_side import SeveraSide
from brygga.transfers.supplier_invoices import fees_in_doubt

What = Literal["not_paid_in_severa", "set_back", "paid_only_in_severa", "missing", "cost", "in_doubt"]


class TowardsDifference(Record, frozen=True):
    """One record that is not the same in both: the invoice's number or the cost's key, and what each side says."""

    record: str
    what: What
    administration: str
    severa: str


def why(found: TowardsDifference) -> Reason:
    """The difference as a reason: what to do about it."""
    sides = {"nr": found.record, "a": found.administration, "b": found.severa}
    match found.what:
        case "missing":
            return reason("KOR-891", nr=found.record, amount=found.administration)
        case "cost":
            return reason("KOR-892", **sides)
        case "in_doubt":
            return reason("KOR-896", nr=found.record, amount=found.administration)
        case "set_back":
            return reason("KOR-893", nr=found.record)
        case "not_paid_in_severa":
            return reason("KOR-894", nr=found.record)
        case "paid_only_in_severa":
            return reason("KOR-895", nr=found.record, amount=found.administration)


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
    listed = [each for each in _paid_in_period(readings, start, end) if str(each.number) in keys]
    states = readings.company.severa.payment_states({keys[str(each.number)]: each.number for each in listed})
    paid_keys = {key for key, status in readings.statuses.items() if status.is_paid}
    found = Compared()
    differences: list[TowardsDifference] = []
    for invoice in listed:
        here = is_paid(readings, invoice)
        state = states.get(keys[str(invoice.number)])
        there = state is not None and state.status_key in paid_keys
        total = _in_base(invoice, readings.info.currency)
        found = _plus(found, total if here else None, total if there else None)
        if here is not there:
            what = _what(here, readings.links(Kind.PAYMENT).get(keys[str(invoice.number)]))
            rest = str(_remaining(readings, invoice))
            shown = str(state.payment_date or "") if state is not None else ""
            differences.append(TowardsDifference(str(invoice.number), what, rest, shown))
    return found, tuple(differences)


def _paid_in_period(readings: Readings, start: date, end: date) -> list[LedgerInvoice]:
    """The invoices whose last payment lies in the period, and those that we set as paid on a day in it and whose
    payment is reversed since, so that they have none: by number."""
    administration = readings.company.administration
    ledger = administration.ledger_invoices(paid_from=start)
    found = {each.number: each for each in ledger if each.last_payment is not None and each.last_payment <= end}
    for link in readings.links(Kind.PAYMENT).values():
        if was_set_as_paid(link) and start <= date.fromisoformat(link.snapshot.number) <= end:
            number = int(link.target_key)
            if number not in found and (invoice := administration.ledger_invoice(number)) is not None:
                found[number] = invoice
    return [found[number] for number in sorted(found)]


def _what(paid_here: bool, link: Link | None) -> What:
    if not paid_here:
        return "paid_only_in_severa"
    return "set_back" if was_set_as_paid(link) else "not_paid_in_severa"


def _in_base(invoice: LedgerInvoice, base: str) -> Decimal:
    if invoice.currency in ("", base) or invoice.rate <= 0 or invoice.unit <= 0:
        return invoice.total
    return in_base_currency(invoice.total, invoice.rate, invoice.unit)


def _remaining(readings: Readings, invoice: LedgerInvoice) -> Decimal | str:
    try:
        return remaining(invoice, readings.preferences.payments_balances)
    except ValueError:
        return "?"


def _costs(readings: Readings) -> tuple[Compared, tuple[TowardsDifference, ...]]:
    links = readings.links(Kind.PROJECT_FEE)
    there = fee_costs(readings, links)
    found = Compared()
    differences: list[TowardsDifference] = []
    for key, link in links.items():
        sent, cost = link.snapshot.net, there.get(key)
        found = _plus(found, sent, cost)
        if cost is None:
            differences.append(TowardsDifference(link.target_key, "missing", str(sent), ""))
        elif cost != sent:
            differences.append(TowardsDifference(link.target_key, "cost", str(sent), str(cost)))
    for key, plan in fees_in_doubt(readings).items():
        found = _plus(found, plan.net, None)
        differences.append(TowardsDifference(key, "in_doubt", str(plan.net), ""))
    return found, tuple(differences)


def _plus(found: Compared, administration: Decimal | None, severa: Decimal | None) -> Compared:
    return Compared(
        administration=found.administration + (administration is not None),
        severa=found.severa + (severa is not None),
        administration_sum=found.administration_sum + (administration or Decimal(0)),
        severa_sum=found.severa_sum + (severa or Decimal(0)),
    )
