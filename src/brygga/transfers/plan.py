"""What a plan is: frozen data that the preview shows and that is later carried out, stored and hashed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from brygga.records.base import Record, fingerprint
from brygga.records.reasons import Level, Reason
from brygga.records.severa_cards import SeveraCard, SeveraContact
from brygga.records.target import Card, InvoiceDocument, Kind, System


class Transfer(StrEnum):
    """The transfers of this program (spec/product.md); the value is the name in the command line."""

    CUSTOMERS = "customers"
    PROJECTS = "projects"
    ARTICLES = "articles"
    INVOICES = "invoices"
    CUSTOMERS_TO_SEVERA = "customers-to-severa"
    PAYMENTS = "payments"
    SUPPLIER_INVOICES = "supplier-invoices"

    @property
    def target(self) -> System:
        """The system that the transfer writes to."""
        return System.SEVERA if self in _TO_SEVERA else System.ADMINISTRATION


_TO_SEVERA = frozenset({Transfer.CUSTOMERS_TO_SEVERA, Transfer.PAYMENTS, Transfer.SUPPLIER_INVOICES})


class Action(StrEnum):
    """What carrying out a plan does to the target."""

    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    NOTHING = "nothing"
    SKIP = "skip"
    WAIT = "wait"
    REFUSE = "refuse"


WRITING = frozenset({Action.CREATE, Action.UPDATE, Action.LINK})
"""Actions that leave something behind, in the target or in the journal."""


class Change(Record, frozen=True):
    """One field of a record that exists: its name on the card, the value now and the value to come."""

    field: str
    before: str | bool
    after: str | bool


class SeveraChange(Record, frozen=True):
    """A write-back to the Severa invoice; what is None is left alone."""

    invoice_key: str
    status_key: str | None = None
    number_and_reference: bool = False
    """Whether the number that Administration gave, and its OCR, are written back (semantics §4.3)."""
    mark_printed: bool = False
    """Whether the document is marked as printed afterwards, as a step of its own (§4.11)."""


class Plan(Record, frozen=True):
    """What will be done with one source record, and why.

    ``needs`` are plans of missing records that come first (auto-fix, §4.7); ``parts`` belong to the record and come
    after it (a customer's contacts). ``natural_key`` is what the document is found by in the target. ``source_key`` is
    the record's key in the system it comes from: a Severa guid, or a key of Administration's in the transfers towards
    Severa; ``target_key`` is its key in the other one.
    """

    company: str
    transfer: Transfer
    kind: Kind
    source_key: str
    source_number: str
    source_name: str
    action: Action
    target_key: str = ""
    payload: Card | SeveraCard | None = None
    changes: tuple[Change, ...] = ()
    natural_key: str = ""
    reasons: tuple[Reason, ...] = ()
    needs: tuple[Plan, ...] = ()
    parts: tuple[Plan, ...] = ()
    write_back: SeveraChange | None = None
    original_key: str = ""
    """Severa key of the invoice that a credit note credits, while its number in Administration is not known yet."""
    original_number: str = ""
    """What that invoice is called in Severa, for people."""
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    currency: str = ""
    day: date | None = None
    """The document's day as a person knows it: invoice date, or the last payment's."""
    content_hash: str = ""
    """What tells later that the source changed, where the payload's hash does not (§4.10, Duplicates)."""
    renews: bool = False
    """Nothing differs, and the link does not vouch for that yet: it will, so that the next run need not ask (§4.13)."""
    automatic: bool = False
    """Created because another record needs it, not because it was chosen (§4.7)."""

    @property
    def hash(self) -> str:
        """What a preview's plan and the plan carried out must agree in."""
        return fingerprint(self)

    def pair(self, target_key: str) -> tuple[str, str]:
        """The Severa key and the Administration key that are linked when the record is ``target_key`` in the target."""
        if self.transfer.target is System.SEVERA:
            return target_key, self.source_key
        return self.source_key, target_key

    @property
    def stops(self) -> tuple[Reason, ...]:
        """The reasons that refuse or hold the record."""
        return tuple(r for r in self.reasons if r.level in (Level.STOP, Level.WAIT))

    @property
    def writes(self) -> bool:
        """Whether carrying the plan out writes anything anywhere."""
        if self.action in (Action.SKIP, Action.WAIT, Action.REFUSE):
            return False
        return self.action in WRITING or any(part.writes for part in self.parts)


def needed_first(plans: Iterable[Plan]) -> tuple[Plan, ...]:
    """The distinct records that these plans create first: two invoices that need one customer need it once."""
    seen: dict[tuple[Kind, str], Plan] = {}
    for plan in plans:
        for need in plan.needs:
            for inner in (*need.needs, need):
                seen.setdefault((inner.kind, inner.source_key), inner)
    return tuple(seen.values())


def action_for(reasons: Iterable[Reason], otherwise: Action) -> Action:
    """``refuse`` when a reason stops, else ``wait`` when one holds, else the action given."""
    levels = {reason.level for reason in reasons}
    if Level.STOP in levels:
        return Action.REFUSE
    return Action.WAIT if Level.WAIT in levels else otherwise


def crediting(plan: Plan, original_number: int) -> Plan:
    """The credit note's plan with the original's number in Administration, which the original's transfer gave."""
    assert isinstance(plan.payload, InvoiceDocument)
    document = msgspec.structs.replace(plan.payload, original_number=original_number)
    return msgspec.structs.replace(plan, payload=document, original_key="")


def belonging_to(part: Plan, key: str) -> Plan:
    """The part with the key that its record has in Severa, which the record's creation gave."""
    if not isinstance(part.payload, SeveraContact) or part.payload.customer_key:
        return part
    return msgspec.structs.replace(part, payload=msgspec.structs.replace(part.payload, customer_key=key))
