"""Journal against both systems, record by record: what one has and the other has not (state machine 8)."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import Kind, PostedInvoice
from brygga.store.journal.journal import Link
from brygga.store.recovered import lost, sighted
from brygga.store.states import CREATE, SETTLED
from brygga.transfers.company import Company
from brygga.transfers.kept_in_severa import lost_fees, lost_payments
from brygga.transfers.lookup import REMARK_PREFIX, carries, remark_key
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings


class Unknown(Record, frozen=True):
    """A document in Administration under our key that this store does not know."""

    source_key: str
    posted: PostedInvoice


class Survey(Record, frozen=True):
    """What the journal does not agree in with Administration, and with what was sent to Severa.

    ``unknown``: documents that only Administration has; ``missing``: links whose document is not there, or is another;
    ``cards``: links of customers, contacts, projects and articles whose card is not there; ``fees``: project fees that
    Severa does not have any more; ``payments``: invoices that are not in the paid status there any more.
    """

    unknown: tuple[Unknown, ...]
    missing: tuple[Link, ...]
    cards: tuple[Link, ...]
    fees: tuple[Link, ...] = ()
    payments: tuple[Link, ...] = ()


def survey_both(company: Company) -> Survey:
    """``survey``, and what was sent to Severa compared with Severa: read whole, so for a person's act only."""
    readings = Readings(company)
    return msgspec.structs.replace(survey(company), fees=lost_fees(readings), payments=lost_payments(readings))


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

    An unknown document will be found and linked by the next transfer of its record. A document or a fee that is missing
    is in doubt: whether it is sent again a person decides. A card that is missing is not linked any more, and made
    again when it is needed. A payment that was set back is not vouched for any more: it is listed as any that Severa
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
    for document in found.unknown:
        key = document.source_key
        sighted(company.journal, Transfer.INVOICES.value, key, remark_key(key), document.posted.number)


def missing_reason(link: Link) -> Reason:
    """Why a document is in doubt that was there before."""
    return reason("SYS-926", nr=link.target_key, name=link.snapshot.name, total=link.snapshot.total)


def unknown_reason(document: Unknown) -> Reason:
    """What is said of a document that this store did not know."""
    return reason("SYS-925", Level.NOTE, nr=document.posted.number, date=document.posted.date)


def card_reason(link: Link) -> Reason:
    """What is said of a card that is not there any more."""
    return reason("SYS-927", Level.NOTE, kind=link.kind.value, nr=link.target_key, name=link.snapshot.name)


def fee_reason(link: Link) -> Reason:
    """Why a project fee is in doubt that was there before."""
    return reason("KOR-890", nr=link.target_key, name=link.snapshot.name, amount=link.snapshot.net)


def payment_reason(link: Link) -> Reason:
    """What is said of an invoice that is not paid in Severa any more."""
    return reason("KOR-893", Level.NOTE, nr=link.target_key)


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
