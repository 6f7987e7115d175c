"""In-memory doubles of both systems at the level of the ports, with faults placed by hand: for the engine's own tests.

The acceptance examples do not run on these but on the simulators, through the real gateways.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from brygga.records.ledger import LedgerInvoice, SupplierInvoice
from brygga.records.ownership import Owner
from brygga.records.posting_accounts import PostingAccounts
from brygga.records.reasons import Reason, Refused, reason
from brygga.records.registers import BusinessUnit, CodeRegisters, SeveraRegisters
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraCard, SeveraContact, SeveraCustomer
from brygga.records.source import Article, Contact, Customer, Invoice, InvoiceStatus, Organization, Project
from brygga.records.target import (
    KIND_OF,
    ArticleCard,
    Capabilities,
    Card,
    CompanyInfo,
    ContactCard,
    CustomerCard,
    InvoiceDocument,
    Kind,
    PostedInvoice,
    ProjectCard,
)
from brygga.severa.errors import NOT_FOUND
from brygga.severa.gateway import InvoiceQuery
from brygga.store.settings.registry import SETTINGS
from brygga.transfers.preferences import Preferences, preferences

T = TypeVar("T")


@dataclass
class Faults:
    """Exceptions to raise at the n-th call of a method, before or after it has had its effect."""

    planned: dict[tuple[str, int], tuple[bool, BaseException]] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    def at(self, method: str, error: BaseException, *, call: int = 1, after: bool = False) -> None:
        """Plan a fault."""
        self.planned[(method, call)] = (after, error)

    def run(self, method: str, effect: Callable[[], T]) -> T:
        """Count the call, have the effect, and raise where planned."""
        self.calls[method] = number = self.calls.get(method, 0) + 1
        after, error = self.planned.get((method, number), (False, None))
        if error is not None and not after:
            raise error
        result = effect()
        if error is not None:
            raise error
        return result


@dataclass
class Created:
    """What a create answers."""

    key: str
    posted: PostedInvoice | None = None
    warnings: tuple[Reason, ...] = ()
    complete: bool = True


class MemoryAdministration:
    """Administration in memory."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.cards: dict[tuple[Kind, str], Card] = {}
        self.posted: dict[int, PostedInvoice] = {}
        self.next_number = 501
        self.total_deviates = Decimal(0)
        self.keep_number = True
        self.warnings: tuple[Reason, ...] = ()

    def company(self) -> CompanyInfo:
        raise AssertionError("the engine does not ask this")

    def code_registers(self) -> CodeRegisters:
        raise AssertionError("the engine does not ask this")

    def posting_accounts(self) -> PostingAccounts:
        raise AssertionError("the engine does not ask this")

    def capabilities(self) -> Capabilities:
        raise AssertionError("the engine does not ask this")

    def customers(self) -> dict[str, CustomerCard]:
        raise AssertionError("the engine does not ask this")

    def projects(self) -> dict[str, ProjectCard]:
        raise AssertionError("the engine does not ask this")

    def articles(self) -> dict[str, ArticleCard]:
        raise AssertionError("the engine does not ask this")

    def invoices(self, start: date, end: date) -> tuple[PostedInvoice, ...]:
        raise AssertionError("the engine does not ask this")

    def changed_customers(self, since: datetime) -> frozenset[str]:
        raise AssertionError("the engine does not ask this")

    def ledger_invoices(
        self, *, paid_from: date | None = None, changed_since: datetime | None = None
    ) -> tuple[LedgerInvoice, ...]:
        raise AssertionError("the engine does not ask this")

    def ledger_invoice(self, number: int) -> LedgerInvoice | None:
        raise AssertionError("the engine does not ask this")

    def supplier_invoices(
        self, *, start: date | None = None, end: date | None = None, changed_since: datetime | None = None
    ) -> tuple[SupplierInvoice, ...]:
        raise AssertionError("the engine does not ask this")

    def supplier_invoice(self, serial: int) -> SupplierInvoice | None:
        raise AssertionError("the engine does not ask this")

    def contacts(self) -> tuple[ContactCard, ...]:
        return tuple(card for card in self.cards.values() if isinstance(card, ContactCard))

    def invoice(self, number: int) -> PostedInvoice | None:
        return self.faults.run("invoice", lambda: self.posted.get(number))

    def last_invoice_number(self) -> int:
        return self.faults.run("last_invoice_number", lambda: max(self.posted, default=0))

    def invoices_after(self, number: int) -> tuple[PostedInvoice, ...]:
        return self.faults.run("invoices_after", lambda: tuple(p for n, p in sorted(self.posted.items()) if n > number))

    def create(self, card: Card) -> Created:
        return self.faults.run("create", lambda: self._create(card))

    def _create(self, card: Card) -> Created:
        if isinstance(card, InvoiceDocument):
            posted = self.post(card)
            return Created(str(posted.number), posted, self.warnings)
        if isinstance(card, ContactCard):
            card = msgspec.structs.replace(card, number=len(self.cards) + 1)
            key = str(card.number)
        else:
            key = card.code if isinstance(card, ProjectCard) else str(card.number)
        kind = {CustomerCard: Kind.CUSTOMER, ProjectCard: Kind.PROJECT, ArticleCard: Kind.ARTICLE}
        self.cards[(kind.get(type(card), Kind.CONTACT), key)] = card
        return Created(key, None, self.warnings)

    def post(self, document: InvoiceDocument) -> PostedInvoice:
        """Add the document as Administration would."""
        number = document.number if document.number is not None and self.keep_number else self.next_number
        self.next_number = max(self.next_number, number) + 1
        posted = PostedInvoice(
            number=number,
            type=document.type,
            customer_number=document.customer_number,
            date=document.date,
            net=document.net,
            vat=document.vat,
            round_off=document.round_off,
            total=document.total + self.total_deviates,
            remark=document.remark,
        )
        self.posted[number] = posted
        return posted

    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        def effect() -> tuple[Reason, ...]:
            self.cards[(kind, key)] = msgspec.structs.replace(self.cards[(kind, key)], **changes)
            return self.warnings

        return self.faults.run("update", effect)

    def owner(self) -> Owner | None:
        raise AssertionError("the engine does not ask this")

    def own(self, owner: Owner) -> None:
        raise AssertionError("the engine does not ask this")

    def find(self, kind: Kind, key: str) -> Card | PostedInvoice | None:
        return self.faults.run("find", lambda: self.cards.get((kind, key)))

    def mark_printed(self, number: int) -> None:
        def effect() -> None:
            self.posted[number] = msgspec.structs.replace(self.posted[number], printed=True)

        self.faults.run("mark_printed", effect)


class MemorySevera:
    """Severa in memory: only what the engine touches."""

    def __init__(self) -> None:
        self.faults = Faults()
        self.kept: dict[str, Invoice] = {}
        self.made: dict[tuple[Kind, str], SeveraCard] = {}
        self.next_key = 1

    def giving_up(self, asked: Callable[[], bool]) -> AbstractContextManager[None]:
        return nullcontext()

    def clock(self) -> datetime:
        raise AssertionError("the engine does not ask this")

    def organization(self) -> Organization:
        raise AssertionError("the engine does not ask this")

    def registers(self) -> SeveraRegisters:
        raise AssertionError("the engine does not ask this")

    def has_country(self, text: str) -> bool:
        raise AssertionError("the engine does not ask this")

    def business_units(self) -> tuple[BusinessUnit, ...]:
        raise AssertionError("the engine does not ask this")

    def next_invoice_number(self) -> int:
        raise AssertionError("the engine does not ask this")

    def invoice_statuses(self) -> tuple[InvoiceStatus, ...]:
        return ()

    def customers(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Customer, ...]:
        raise AssertionError("the engine does not ask this")

    def with_reverse_charge(self, customer: Customer) -> Customer:
        raise AssertionError("the engine does not ask this")

    def contacts(self, customer_keys: Collection[str] | None = None) -> tuple[Contact, ...]:
        found = (
            Contact(key=key, customer_key=card.customer_key, first_name=card.first_name, last_name=card.last_name)
            for (_, key), card in self.made.items()
            if isinstance(card, SeveraContact) and card.customer_key in (customer_keys or ())
        )
        return self.faults.run("contacts", lambda: tuple(found))

    def projects_numbered(self, numbers: Collection[str]) -> tuple[Project, ...]:
        raise AssertionError("the engine does not ask this")

    def payment_states(self, invoices: Mapping[str, int]) -> dict[str, InvoicePayment]:
        raise AssertionError("the engine does not ask this")

    def find_customers(self, *, number: str = "", name: str = "") -> tuple[Customer, ...]:
        found = (
            Customer(key=key, number=card.number, name=card.name, identity=card.identity)
            for (_, key), card in self.made.items()
            if isinstance(card, SeveraCustomer) and (card.number == number if number else card.name == name)
        )
        return self.faults.run("find_customers", lambda: tuple(found))

    def project_fees(self, project_key: str) -> tuple[ProjectFee, ...]:
        found = (fee for fee in self.every_project_fee() if fee.project_key == project_key)
        return self.faults.run("project_fees", lambda: tuple(found))

    def every_project_fee(self) -> tuple[ProjectFee, ...]:
        return tuple(
            msgspec.structs.replace(card, key=key)
            for (_, key), card in self.made.items()
            if isinstance(card, ProjectFee)
        )

    def create(self, card: SeveraCard) -> Created:
        def effect() -> Created:
            key = f"guid-{self.next_key}"
            self.next_key += 1
            self.made[(KIND_OF[type(card)], key)] = card
            return Created(key)

        return self.faults.run("create", effect)

    def find(self, kind: Kind, key: str) -> SeveraCard | None:
        return self.faults.run("find", lambda: self.made.get((kind, key)))

    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        def effect() -> tuple[Reason, ...]:
            self.made[(kind, key)] = msgspec.structs.replace(self.made[(kind, key)], **changes)
            return ()

        return self.faults.run("update", effect)

    def projects(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Project, ...]:
        raise AssertionError("the engine does not ask this")

    def articles(self) -> tuple[Article, ...]:
        raise AssertionError("the engine does not ask this")

    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]:
        raise AssertionError("the engine does not ask this")

    def invoice(self, key: str) -> Invoice | None:
        return self.faults.run("invoice", lambda: self.kept.get(key))

    def change_invoice(
        self,
        key: str,
        *,
        status_key: str | None = None,
        number: int | None = None,
        reference_number: str | None = None,
    ) -> None:
        def effect() -> None:
            if key not in self.kept:
                raise Refused(reason(NOT_FOUND))
            changes = {"status_key": status_key, "number": number, "reference_number": reference_number}
            given = {name: value for name, value in changes.items() if value is not None}
            self.kept[key] = msgspec.structs.replace(self.kept[key], **given)

        self.faults.run("change_invoice", effect)


DEFAULTS: dict[str, Any] = {setting.key: setting.default for setting in SETTINGS} | {
    "numbering.master": "severa",
    "invoices.statuses": ["Att överföra"],
    "invoices.status_after": "Överförd",
    "articles.group": "TJ",
    "articles.accounting_code": "TJ25",
    "mappings.units": {"h": "tim"},
    "mappings.vat": {"25": "1", "12": "2", "6": "3", "0": "0"},
    "mappings.payment_terms": {"30": "30"},
    "mappings.languages": {"sv-SE": "SV"},
}


def chosen(**changes: Any) -> Preferences:
    """Preferences with ``section__name=value`` changed."""
    values = {**DEFAULTS, **{name.replace("__", "."): value for name, value in changes.items()}}
    return preferences(values.__getitem__)
