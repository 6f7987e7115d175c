"""What Severa still has of what was sent to it: project fees, and the paid status of invoices.

Somebody may have deleted a fee or set a status back there, or Severa itself was restored. Severa leaves no trace of
it, so what was sent is looked for; the links tell what that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.ledger import LedgerInvoice
from brygga.records.reasons import Refused
from brygga.records.severa_cards import InvoicePayment, ProjectFee
from brygga.records.target import Kind
from brygga.rules.payments import standing
from brygga.store.journal.journal import Link
from brygga.transfers.readings import Readings
from brygga.transfers.severa_side import SeveraSide
from brygga.transfers.supplier_invoices import fees_in_doubt, key_in


def fee_costs(readings: Readings, links: Mapping[str, Link]) -> dict[str, Decimal]:
    """The cost of every fee that is there, by its Severa key: read project by project, and one that is not on the
    project that it was sent to is asked for by its key, because it may have been moved."""
    side = SeveraSide(readings)
    codes = sorted({link.snapshot.number for link in links.values()})
    side.fetch_projects(codes)
    found: dict[str, ProjectFee] = {}
    for code in codes:
        project = side.project(code)
        if project is not None:
            try:
                fees = readings.company.severa.project_fees(project.key)
            except Refused:
                continue  # the project is gone: its fees are asked for one by one
            found.update((fee.key, fee) for fee in fees)
    for key in links.keys() - found.keys():
        fee = readings.company.severa.find(Kind.PROJECT_FEE, key)
        if isinstance(fee, ProjectFee):
            found[key] = fee
    return {key: fee.unit_cost * fee.quantity for key, fee in found.items()}


def lost_fees(readings: Readings) -> tuple[Link, ...]:
    """The links of fees that were sent and that Severa does not have any more, oldest first."""
    links = {key: link for key, link in readings.links(Kind.PROJECT_FEE).items() if link.operation_id is not None}
    there = fee_costs(readings, links)
    return tuple(link for key, link in links.items() if key not in there)


class UnknownFee(Record, frozen=True):
    """A fee in Severa under our key that this store does not know: the row's key, and its project's code."""

    key: str
    fee: ProjectFee
    code: str

    @property
    def cost(self) -> Decimal:
        """What it cost, in base currency."""
        return self.fee.unit_cost * self.fee.quantity


def unknown_fees(readings: Readings) -> tuple[UnknownFee, ...]:
    """Fees that a store that was lost sent, by key; of several under one key none, as a person made some of them."""
    links = readings.links(Kind.PROJECT_FEE)
    known = {link.target_key for link in links.values()} | set(fees_in_doubt(readings))
    found: dict[str, list[ProjectFee]] = {}
    for fee in readings.company.severa.every_project_fee():
        key = key_in(readings, fee)
        if key and fee.key not in links and key not in known:
            found.setdefault(key, []).append(fee)
    single = {key: fees[0] for key, fees in found.items() if len(fees) == 1}
    readings.fetch_projects(fee.project_key for fee in single.values())
    side = SeveraSide(readings)
    projects = {key: readings.project(fee.project_key) for key, fee in single.items()}
    return tuple(
        UnknownFee(key, fee, side.code_of(project))
        for key, fee in sorted(single.items())
        if (project := projects[key]) is not None
    )


def lost_payments(readings: Readings) -> tuple[Link, ...]:
    """The links of invoices that were set as paid in Severa, that Administration still has as paid, and that are in no
    paid status in Severa any more; an invoice that Severa does not have at all is not meant."""
    links = {key: link for key, link in readings.links(Kind.PAYMENT).items() if was_set_as_paid(link)}
    if not links:
        return ()
    states = readings.company.severa.payment_states({key: int(link.target_key) for key, link in links.items()})
    paid = {key for key, status in readings.statuses.items() if status.is_paid}
    set_back = (links[key] for key, state in states.items() if state.status_key not in paid)
    ledger = readings.company.administration.ledger_invoice
    still = [link for link in set_back if is_paid(readings, ledger(int(link.target_key)))]
    return tuple(sorted(still, key=lambda link: int(link.target_key)))


class UnknownPayment(Record, frozen=True):
    """An invoice that Severa has as paid, or part-paid, though no transfer of this store set it so; ``name`` is empty
    for a document that is about to be linked."""

    number: int
    name: str
    state: InvoicePayment


def unknown_payments(readings: Readings, also: Mapping[str, int]) -> tuple[UnknownPayment, ...]:
    """What an older store, or one that was lost, may have told Severa of payments, in order of number; ``also``:
    documents that are about to be linked, by key."""
    told, links = readings.links(Kind.PAYMENT), readings.links(Kind.INVOICE)
    linked = {key: int(link.target_key) for key, link in links.items()}
    wanted = {key: number for key, number in {**linked, **also}.items() if key not in told}
    if not wanted:
        return ()
    part_paid = readings.status_key(readings.preferences.payments_status_part_paid)
    paid = {key for key, each in readings.statuses.items() if each.is_paid or key == part_paid}
    states = readings.company.severa.payment_states(wanted)
    found = (
        UnknownPayment(wanted[key], links[key].snapshot.name if key in links else "", state)
        for key, state in states.items()
        if state.status_key in paid
    )
    return tuple(sorted(found, key=lambda payment: payment.number))


def was_set_as_paid(link: Link | None) -> bool:
    """Whether a transfer set the invoice of this payment link as paid; a part payment has no day."""
    return link is not None and link.snapshot.number != ""


def is_paid(readings: Readings, invoice: LedgerInvoice | None) -> bool:
    """Whether Administration has the invoice as paid; one whose balance cannot be counted is not."""
    if invoice is None:
        return False
    try:
        return standing(invoice, readings.preferences.payments_balances).is_paid
    except ValueError:
        return False
