"""Journal against both systems, record by record: what one has and the other has not (state machine 8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.severa_cards import InvoicePayment
from brygga.records.source import Invoice
from brygga.records.target import Kind, PostedInvoice
from brygga.severa.gateway import InvoiceQuery
from brygga.store.journal.journal import Intent, Link, Snapshot
from brygga.store.recovered import lost, recognized, sighted
from brygga.store.states import CREATE, SETTLED
from brygga.transfers.company import Company
from brygga.transfers.kept_in_severa import (
    UnknownFee,
    UnknownPayment,
    lost_fees,
    lost_payments,
    unknown_fees,
    unknown_payments,
)
from brygga.transfers.lookup import REMARK_PREFIX, carries, remark_key, snapshot_of
from brygga.transfers.plan import Action, Plan, SeveraChange, Transfer
from brygga.transfers.readings import Readings


class Unknown(Record, frozen=True):
    """A document in Administration under our key that this store does not know.

    ``told``: the invoice in Severa, where its status says that Severa knows of the document; ``owed``: what follows a
    document and is not there all the same, None when nothing is owed.
    """

    source_key: str
    posted: PostedInvoice
    told: Invoice | None = None
    owed: SeveraChange | None = None


class Survey(Record, frozen=True):
    """What the journal does not agree in with Administration, and with what was sent to Severa.

    ``unknown``: documents that only Administration has; ``missing``: links whose document is not there, or is another;
    ``cards``: links of customers, contacts, projects and articles whose card is not there; ``sent``: project fees that
    only Severa has; ``fees``: those that Severa does not have any more; ``paid``: invoices that Severa has as paid and
    of whose payment this store does not know; ``payments``: those that are not in the paid status any more.
    """

    unknown: tuple[Unknown, ...]
    missing: tuple[Link, ...]
    cards: tuple[Link, ...]
    sent: tuple[UnknownFee, ...] = ()
    fees: tuple[Link, ...] = ()
    paid: tuple[UnknownPayment, ...] = ()
    payments: tuple[Link, ...] = ()


def survey_both(company: Company) -> Survey:
    """``survey``, and what was sent to Severa compared with Severa: read whole, so for a person's act, or after a store
    that was lost."""
    found, readings = survey(company), Readings(company)
    unknown = _told(readings, found.unknown)
    told = {each.source_key: each.posted.number for each in unknown if each.told is not None}
    return msgspec.structs.replace(
        found,
        unknown=unknown,
        sent=unknown_fees(readings),
        paid=unknown_payments(readings, told),
        fees=lost_fees(readings),
        payments=lost_payments(readings),
    )


def _told(readings: Readings, unknown: tuple[Unknown, ...]) -> tuple[Unknown, ...]:
    """The documents that this store does not know, with what Severa knows of them."""
    if not unknown:
        return ()
    company = readings.company
    to_transfer = {readings.status_key(name) for name in readings.preferences.invoices_statuses}
    query = InvoiceQuery(keys=frozenset(document.source_key for document in unknown), heads_only=True)
    told = {head.key: head for head in company.severa.invoices(query) if head.status_key not in to_transfer}
    times = Counter(document.source_key for document in unknown)
    told = {key: head for key, head in told.items() if times[key] == 1}  # of several a person decides which it is
    return tuple(
        Unknown(each.source_key, each.posted, head, _owed(company, each.posted, head)) if head is not None else each
        for each in unknown
        for head in (told.get(each.source_key),)
    )


def _owed(company: Company, posted: PostedInvoice, told: Invoice) -> SeveraChange | None:
    """The number that Administration gave, where a store that was lost had not written it though the status was
    changed since, and what comes after it (semantics §4.3, §4.11).

    The mark as printed alone is not owed: of an older document a person may have left it out.
    """
    if company.preferences.numbering_master != "administration" or told.number == posted.number:
        return None
    return SeveraChange(told.key, number_and_reference=True, mark_printed=company.preferences.invoices_mark_printed)


def survey(company: Company) -> Survey:
    """Compare the whole journal with the whole of Administration; nothing is written."""
    posted = {document.number: document for document in company.administration.invoices_after(0)}
    known = company.journal.links(Kind.INVOICE)
    missing = tuple(
        link
        for link in known.values()
        if link.operation_id is not None and not is_there(posted.get(int(link.target_key)), link)
    )
    stray = {link.source_key for link in missing}
    unknown = tuple(
        Unknown(key, document)
        for document in posted.values()
        if (key := _our_key(document)) and (key not in known or key in stray) and _may_be_sent(company, key)
    )
    return Survey(unknown=unknown, missing=missing, cards=_cards(company))


def is_there(posted: PostedInvoice | None, link: Link) -> bool:
    """Whether the document of the link is in Administration and is the one that was sent."""
    return posted is not None and carries(posted, remark_key(link.source_key))


def reconcile_journal(company: Company, found: Survey) -> None:
    """Make the journal agree with the systems: each is what is true of itself.

    An unknown document is linked when Severa knows of it, and the next transfer does what is owed; else the next
    transfer of its record finds and links it, and tells Severa. A fee that only Severa has is linked. A payment
    that only Severa knows of is noted, so that a reversal of it is met. A document or a fee that is missing is in
    doubt: whether it is sent again a person decides. A card that is missing is not linked any more and made again
    when it is needed. A payment that was set back is not vouched for any more: it is listed as any that Severa
    lacks.
    """
    for link in found.missing:
        lost(company.journal, link, (missing_reason(link),))
    for link in found.fees:
        lost(company.journal, link, (fee_reason(link),))
    for link in found.payments:
        company.journal.uncouple(Kind.PAYMENT, link.source_key)
    for link in found.cards:
        company.journal.uncouple(link.kind, link.source_key)
    for fee in found.sent:
        _recognized_fee(company, fee)
    for document in found.unknown:
        key = document.source_key
        if document.told is None or not _recognized(company, document, document.told):
            sighted(company.journal, Transfer.INVOICES.value, key, remark_key(key), document.posted.number)
    for payment in found.paid:
        _paid(company, payment.state)


def _paid(company: Company, state: InvoicePayment) -> None:
    """Note what Severa says of the invoice's payment, as if this store had told it."""
    link = company.journal.link_of(Kind.INVOICE, state.invoice_key)
    if link is not None:
        paid = Snapshot(number=str(state.payment_date or ""), name=link.snapshot.name)
        company.journal.couple(Kind.PAYMENT, link.source_key, link.target_key, paid)


def missing_reason(link: Link) -> Reason:
    """Why a document is in doubt that was there before."""
    return reason("SYS-926", nr=link.target_key, name=link.snapshot.name, total=link.snapshot.total)


def unknown_reason(document: Unknown) -> Reason:
    """What is said of a document that this store did not know."""
    told = "SYS-938" if document.owed is None else "SYS-953"
    code = "SYS-925" if document.told is None else told
    return reason(code, Level.NOTE, nr=document.posted.number, date=document.posted.date)


def card_reason(link: Link) -> Reason:
    """What is said of a card that is not there any more."""
    return reason("SYS-927", Level.NOTE, kind=link.kind.value, nr=link.target_key, name=link.snapshot.name)


def fee_reason(link: Link) -> Reason:
    """Why a project fee is in doubt that was there before."""
    return reason("KOR-890", nr=link.target_key, name=link.snapshot.name, amount=link.snapshot.net)


def payment_reason(link: Link) -> Reason:
    """What is said of an invoice that is not paid in Severa any more."""
    return reason("KOR-893", Level.NOTE, nr=link.target_key)


def paid_reason(payment: UnknownPayment) -> Reason:
    """What is said of a payment that this store did not know of."""
    return reason("SYS-951", Level.NOTE, nr=payment.number)


def fee_sent_reason(sent: UnknownFee) -> Reason:
    """What is said of a fee that this store did not know."""
    return reason("SYS-950", Level.NOTE, nr=sent.key, amount=sent.cost, currency=sent.fee.currency)


def _recognized(company: Company, document: Unknown, told: Invoice) -> bool:
    """Link the document; whether it could be linked."""
    number = str(document.posted.number)
    plan = Plan(
        company=company.name,
        transfer=Transfer.INVOICES,
        kind=Kind.INVOICE,
        source_key=told.key,
        source_number=str(told.number or ""),
        source_name=told.customer_name,
        action=Action.LINK,
        target_key=number,
        natural_key=remark_key(told.key),
        net=told.net,
        vat=told.vat,
        gross=told.gross,
        day=told.date,
        currency=told.currency,
        write_back=document.owed,
    )
    intent = Intent(plan.transfer.value, plan.source_key, CREATE, plan, plan.natural_key)
    snapshot = snapshot_of(plan, number, document.posted)
    return recognized(company.journal, intent, plan.kind, number, snapshot, owing=document.owed is not None)


def _recognized_fee(company: Company, sent: UnknownFee) -> None:
    """Link the fee; which row it was is told by its place, as the content that was sent is not known."""
    plan = Plan(
        company=company.name,
        transfer=Transfer.SUPPLIER_INVOICES,
        kind=Kind.PROJECT_FEE,
        source_key=sent.key,
        source_number=sent.key,
        source_name=sent.fee.name or sent.fee.description,
        action=Action.LINK,
        target_key=sent.fee.key,
        payload=msgspec.structs.replace(sent.fee, project_number=sent.code),
        natural_key=sent.fee.description[sent.fee.description.rindex("(") :],
        net=sent.cost,
        currency=sent.fee.currency,
        day=sent.fee.event_date,
    )
    snapshot = Snapshot(number=sent.code, name=plan.source_name, net=sent.cost)
    intent = Intent(plan.transfer.value, plan.source_key, CREATE, plan, plan.natural_key)
    recognized(company.journal, intent, plan.kind, sent.fee.key, snapshot, plan.pair(sent.fee.key))


def _our_key(document: PostedInvoice) -> str:
    head = document.remark.split(" ", 1)[0]
    return head.removeprefix(REMARK_PREFIX) if head.startswith(REMARK_PREFIX) else ""


def _may_be_sent(company: Company, key: str) -> bool:
    """Whether the journal alone would let the record be sent: what is under way settles itself by looking."""
    operation = company.journal.operation(Transfer.INVOICES.value, key, CREATE)
    return operation is None or operation.state in SETTLED


def _cards(company: Company) -> tuple[Link, ...]:
    administration = company.administration
    there: dict[Kind, Callable[[], Collection[str]]] = {
        Kind.CUSTOMER: administration.customers,
        Kind.CONTACT: lambda: {str(card.number) for card in administration.contacts()},
        Kind.PROJECT: administration.projects,
        Kind.ARTICLE: administration.articles,
    }
    missing: list[Link] = []
    for kind, read in there.items():
        links = company.journal.links(kind)
        keys = read() if links else ()
        missing.extend(link for link in links.values() if link.target_key not in keys)
    return tuple(missing)
