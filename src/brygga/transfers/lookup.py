"""Find before create: what in Administration could be the record that a plan is about to create."""

from __future__ import annotations

from collections.abc import Callable

from brygga.records.base import Record, fingerprint
from brygga.records.severa_cards import InvoicePayment, ProjectFee
from brygga.records.target import (
    ArticleCard,
    Card,
    ContactCard,
    CustomerCard,
    InvoiceDocument,
    Kind,
    PostedInvoice,
    ProjectCard,
)
from brygga.store.journal.journal import Snapshot
from brygga.transfers.company import AdministrationPort, Company
from brygga.transfers.plan import Plan

REMARK_PREFIX = "SEVERA:"
"""Our key at the head of the invoice's unprinted remark (architecture, state machine 3)."""


class Sighting(Record, frozen=True):
    """A record of the target under the natural key; ``ours`` when it is what the plan would have created, ``complete``
    when it is known to have all that the plan sends: of a record that was found that is not known."""

    key: str
    posted: PostedInvoice | None
    ours: bool
    complete: bool = False


def remark_key(invoice_key: str) -> str:
    """The key that the invoice's unprinted remark starts with."""
    return REMARK_PREFIX + invoice_key


def carries(posted: PostedInvoice, natural_key: str) -> bool:
    """Whether the posted invoice carries our key as the first word of its remark."""
    return posted.remark.split(" ", 1)[0] == natural_key


PostedAfter = Callable[[int], tuple[PostedInvoice, ...]]
"""Every invoice of Administration numbered above the number given."""


class KnownContacts:
    """Administration's contacts, which have no key to be asked for: read once in a run, before the first of them is
    created, and afresh whenever a write's answer was lost. What this run creates is linked, and so nobody else's."""

    def __init__(self, administration: AdministrationPort) -> None:
        self._administration = administration
        self._by_name: dict[tuple[str, str], list[ContactCard]] | None = None

    def named(self, customer_number: str, name: str, *, afresh: bool) -> tuple[ContactCard, ...]:
        """The customer's contacts of this name."""
        if afresh or self._by_name is None:
            self._by_name = {}
            for there in self._administration.contacts():
                self._by_name.setdefault((there.customer_number, there.name), []).append(there)
        return tuple(self._by_name.get((customer_number, name), ()))


def sightings(
    company: Company, plan: Plan, posted_after: PostedAfter, after: int, contacts: KnownContacts, *, afresh: bool
) -> tuple[Sighting, ...]:
    """Look the plan's record up in Administration by its natural key.

    For an invoice the look-up is complete and bounded: every document numbered above ``after``, the highest number
    when the intent was committed; where Severa is numbering master also the document of that very number. Any fault
    of the look-up is raised: it never counts as "not found".
    """
    card, administration = plan.payload, company.administration
    match card:
        case InvoiceDocument():
            above = posted_after(after)
            return _invoice_sightings(administration, card, plan.natural_key, above)
        case ContactCard():
            return tuple(
                Sighting(key=str(there.number), posted=None, ours=True)
                for there in contacts.named(card.customer_number, card.name, afresh=afresh)
                # Two contacts of one name are two people: one that is linked to another is not this one.
                if not company.journal.link_to(Kind.CONTACT, str(there.number))
            )
        case CustomerCard() | ArticleCard() | ProjectCard():
            there_card = administration.find(plan.kind, plan.natural_key)
            if there_card is None:
                return ()
            return (Sighting(key=plan.natural_key, posted=None, ours=_same_record(card, there_card)),)
        case _:
            return ()


def _invoice_sightings(
    administration: AdministrationPort, document: InvoiceDocument, natural_key: str, above: tuple[PostedInvoice, ...]
) -> tuple[Sighting, ...]:
    found = {posted.number: posted for posted in above if carries(posted, natural_key)}
    if document.number is not None and document.number not in found:
        there = administration.invoice(document.number)
        if there is not None:
            found[there.number] = there
    return tuple(
        Sighting(key=str(number), posted=posted, ours=carries(posted, natural_key))
        for number, posted in sorted(found.items())
    )


def _same_record(card: Card, there: Card | PostedInvoice) -> bool:
    """Whether every field that the plan sends has the planned value; empty fields are not sent (create)."""
    return all(
        getattr(there, name, None) == value
        for name in card.__struct_fields__
        if (value := getattr(card, name)) not in ("", None, 0)
    )


def snapshot_of(plan: Plan, key: str, posted: PostedInvoice | None = None, *, complete: bool = False) -> Snapshot:
    """What the link remembers of the record sent: number, name, amounts, and the hash of what was sent.

    The number of a fee is its project's code, that of a payment its day: what the next comparison asks for. A customer
    is several resources in Severa, and what its hash vouches for is not asked again (§4.13, Calls): it has none while
    it is not known to be ``complete``.
    """
    sent = "" if plan.kind is Kind.CUSTOMER and not complete else plan.content_hash or fingerprint(plan.payload)
    match plan.payload:
        case ProjectFee() as fee:
            number = fee.project_number
        case InvoicePayment() as payment:
            number = str(payment.payment_date or "")
        case _:
            number = key
    return Snapshot(
        number=number,
        name=plan.source_name,
        net=posted.net if posted else plan.net,
        vat=posted.vat if posted else None,
        total=posted.total if posted else None,
        payload_hash=sent,
    )
