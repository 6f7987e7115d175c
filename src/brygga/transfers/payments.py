"""Payments, Administration → Severa: a paid invoice gets its status and payment date (semantics §4.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from brygga.records.ledger import LedgerInvoice
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.severa_cards import InvoicePayment
from brygga.records.source import InvoiceStatus
from brygga.records.target import Kind
from brygga.rules.payments import CREDIT_NOTE, Standing, remaining, standing
from brygga.store.journal.journal import Link
from brygga.transfers.plan import Action, Change, Plan, Transfer, action_for
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection
from brygga.transfers.severa_side import SeveraSide
from brygga.transfers.write_backs import owed_to_severa

NOT_PAID = "BET-513"


def plan_payments(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """A plan for each transferred invoice whose payment Severa does not know as Administration does, by number.

    Listed by last payment date, literally (REL-1.6.4-01); ``also_changed_since``, and a search that continues where the
    latest run began, add what was entered or reversed late. An invoice
    that Severa has in the paid status already is left out, unless it was named. ``Refused`` when the settings name no
    status that will do.
    """
    planner = _Planner(readings, selection.accepted)
    keys = SeveraSide(readings).keys(Kind.INVOICE)
    listed = {invoice.number: invoice for invoice in _listed(readings, selection) if str(invoice.number) in keys}
    wanted = {keys[str(number)]: _number_in_severa(readings, keys[str(number)]) for number in listed}
    states = readings.company.severa.payment_states(wanted)
    named = selection.keys is not None or bool(selection.texts)
    plans = []
    for number in sorted(listed):
        key = keys[str(number)]
        plan = planner.plan(listed[number], readings.links(Kind.INVOICE)[key], states.get(key))
        if selection.takes(plan.source_number, plan.source_name) and (named or _says_something(plan)):
            plans.append(plan)
    return tuple(plans)


def given_statuses(plans: Iterable[Plan]) -> tuple[Reason, ...]:
    """How many invoices of these carried-out plans were given which status, in order of the statuses' names."""
    counts = Counter(change.after for plan in plans for change in plan.changes if change.field == "status_key")
    return tuple(
        reason("BET-501", Level.NOTE, n=n, status=name)
        for name, n in sorted((str(name), n) for name, n in counts.items())
    )


def _says_something(plan: Plan) -> bool:
    """Whether the list shows the row: not what is as it should be, and not what is simply not paid yet."""
    return plan.action is not Action.NOTHING and all(why.code != NOT_PAID for why in plan.reasons)


def _number_in_severa(readings: Readings, key: str) -> int:
    return int(readings.links(Kind.INVOICE)[key].target_key)


def _listed(readings: Readings, selection: Selection) -> tuple[LedgerInvoice, ...]:
    ledgers = readings.company.administration
    if selection.keys is not None:
        numbers = sorted(int(key) for key in selection.keys if key.isdecimal())
        return tuple(invoice for number in numbers if (invoice := ledgers.ledger_invoice(number)) is not None)
    since = selection.also_changed_since or (selection.changed_since if selection.continues else None)
    start = selection.start or (since.date() if since is not None and selection.continues else date.min)
    found = {
        invoice.number: invoice
        for invoice in ledgers.ledger_invoices(paid_from=start)
        if selection.end is None or (invoice.last_payment is not None and invoice.last_payment <= selection.end)
    }
    if since is not None:
        changed = ledgers.ledger_invoices(changed_since=since)
        # Only those that have a last payment (§4.9): an invoice of zero is paid without one.
        found.update((invoice.number, invoice) for invoice in changed if invoice.last_payment is not None)
    left = (int(key) for key in selection.also if key.isdecimal())
    for number in (*left, *_perhaps_changed(readings, selection, start)):
        if number not in found and (invoice := ledgers.ledger_invoice(number)) is not None:
            found[number] = invoice
    for number in _part_paid(readings):
        # Which day its payment had is not known here: only that it has none any more is a change of what was listed.
        if number not in found and (invoice := ledgers.ledger_invoice(number)) is not None and not invoice.last_payment:
            found[number] = invoice
    return tuple(found.values())


def _part_paid(readings: Readings) -> Iterable[int]:
    """Invoices that were given a status without payment date: part-paid ones, whose payment may have been reversed."""
    return (int(link.target_key) for link in readings.links(Kind.PAYMENT).values() if not link.snapshot.number)


def _perhaps_changed(readings: Readings, selection: Selection, start: date) -> Iterable[int]:
    """What the list by last payment cannot show: invoices that we set as paid on a day within it and whose payment may
    have been reversed since, and those whose total is zero, when they are asked for."""
    for link in readings.links(Kind.PAYMENT).values():
        paid = date.fromisoformat(link.snapshot.number) if link.snapshot.number else None
        if paid is not None and start <= paid and (selection.end is None or paid <= selection.end):
            yield int(link.target_key)
    if readings.preferences.payments_zero_invoices:
        yield from (int(link.target_key) for link in readings.links(Kind.INVOICE).values() if link.snapshot.total == 0)


class _Planner:
    """Plans the payments of one batch; raises ``Refused`` when a status of the settings will not do."""

    def __init__(self, readings: Readings, accepted: frozenset[str]) -> None:
        self._readings = readings
        self._accepted = accepted
        self._owed = owed_to_severa(readings.company.journal)
        chosen = readings.preferences
        self._balances = chosen.payments_balances
        if not chosen.payments_status_paid:
            raise Refused(reason("BET-505"))
        paid = self._status(chosen.payments_status_paid)
        if not paid.is_paid:
            raise Refused(reason("BET-507", status=paid.name))
        self._paid = paid
        self._part_paid = self._status(chosen.payments_status_part_paid) if chosen.payments_status_part_paid else None
        if self._part_paid is not None and self._part_paid.is_paid:
            raise Refused(reason("BET-508", status=self._part_paid.name))

    def _status(self, name: str) -> InvoiceStatus:
        key = self._readings.status_key(name)
        if key is None:
            raise Refused(reason("BET-506", status=name))
        return self._readings.statuses[key]

    def plan(self, invoice: LedgerInvoice, link: Link, there: InvoicePayment | None) -> Plan:
        """What to do with one invoice's payment."""
        if there is None:
            return self._refused(invoice, link, reason("BET-509", nr=invoice.number))
        try:
            stands = standing(invoice, self._balances)
            rest = remaining(invoice, self._balances)
        except ValueError:
            return self._refused(invoice, link, reason("BET-510", nr=invoice.number, currency=invoice.currency))
        if stands is Standing.NOT_COUNTED:
            return self._plan(invoice, link, there, Action.SKIP, (reason("BET-511", Level.NOTE, nr=invoice.number),))
        if stands.is_paid:
            return self._paid_plan(invoice, link, there, rest, overpaid=stands is Standing.OVERPAID)
        status = self._readings.statuses.get(there.status_key)
        if (status is not None and status.is_paid) or self._was_part_paid(there, stands):
            return self._reversal(invoice, link, there, stands)
        if stands is Standing.PART_PAID and self._part_paid is not None:
            return self._change(invoice, link, there, self._part_paid, None, ())
        return self._plan(invoice, link, there, Action.SKIP, (reason(NOT_PAID, Level.NOTE, amount=rest),))

    def _was_part_paid(self, there: InvoicePayment, stands: Standing) -> bool:
        """Whether Severa says part-paid of an invoice on which nothing is paid any more."""
        return stands is Standing.UNPAID and self._part_paid is not None and there.status_key == self._part_paid.key

    def _paid_plan(
        self, invoice: LedgerInvoice, link: Link, there: InvoicePayment, rest: Decimal, *, overpaid: bool
    ) -> Plan:
        reasons = (reason("BET-502", Level.WARNING, amount=-rest),) if overpaid else ()
        if there.status_key == self._paid.key:
            return self._plan(invoice, link, there, Action.NOTHING, reasons)
        return self._change(invoice, link, there, self._paid, invoice.last_payment, reasons)

    def _reversal(self, invoice: LedgerInvoice, link: Link, there: InvoicePayment, stands: Standing) -> Plan:
        """Offered, never silent: a person accepts that the invoice is unpaid again."""
        chosen = self._readings.preferences
        credit = chosen.invoices_credit_status_after if invoice.type == CREDIT_NOTE else ""
        name = chosen.payments_status_reversed or credit or chosen.invoices_status_after
        back = self._part_paid if stands is Standing.PART_PAID and self._part_paid is not None else None
        if back is None and (not name or self._status(name).is_paid):
            return self._refused(invoice, link, reason("BET-512", nr=invoice.number))
        back = back or self._status(name)
        level = Level.NOTE if str(invoice.number) in self._accepted else Level.WAIT
        return self._change(invoice, link, there, back, None, (reason("BET-503", level, status=back.name),))

    def _change(
        self,
        invoice: LedgerInvoice,
        link: Link,
        there: InvoicePayment,
        status: InvoiceStatus,
        paid: date | None,
        reasons: tuple[Reason, ...],
    ) -> Plan:
        wanted = InvoicePayment(link.source_key, status.key, paid)
        changes = []
        if wanted.status_key != there.status_key:
            before = self._readings.statuses.get(there.status_key)
            changes.append(Change("status_key", before.name if before is not None else there.status_key, status.name))
        if wanted.payment_date != there.payment_date:
            changes.append(Change("payment_date", str(there.payment_date or ""), str(paid or "")))
        if changes and link.source_key in self._owed:
            # What is still to be told of the document comes first: afterwards it would take the payment's status away,
            # and a paid invoice may not take its number any more.
            code = "FAK-322" if self._readings.preferences.numbering_master == "administration" else "FAK-323"
            reasons = (*reasons, reason(code, Level.WAIT, nr=invoice.number))
        action = action_for(reasons, Action.UPDATE if changes else Action.NOTHING)
        return self._plan(invoice, link, wanted, action, reasons, tuple(changes))

    def _refused(self, invoice: LedgerInvoice, link: Link, why: Reason) -> Plan:
        return self._plan(invoice, link, None, Action.REFUSE, (why,))

    def _plan(
        self,
        invoice: LedgerInvoice,
        link: Link,
        payment: InvoicePayment | None,
        action: Action,
        reasons: tuple[Reason, ...],
        changes: tuple[Change, ...] = (),
    ) -> Plan:
        return Plan(
            company=self._readings.company.name,
            transfer=Transfer.PAYMENTS,
            kind=Kind.PAYMENT,
            source_key=str(invoice.number),
            source_number=str(invoice.number),
            source_name=link.snapshot.name,
            action=action,
            target_key=link.source_key,
            payload=payment,
            changes=changes,
            natural_key=str(invoice.number),
            reasons=reasons,
            gross=-invoice.total if invoice.type == CREDIT_NOTE else invoice.total,
            currency=invoice.currency or self._readings.info.currency,
            day=invoice.last_payment,
        )
