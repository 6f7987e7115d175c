"""What a transfer is given: the two systems as ports, the journal and the company's preferences.

The ports are satisfied by ``severa.gateway`` and ``administration.gateway``; a preview gets read-only ones, through
which a write raises ``WriteBlocked``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from brygga.records.reasons import Reason
from brygga.records.source import Article, Contact, Customer, Invoice, InvoiceStatus, Organization, Project
from brygga.records.target import (
    ArticleCard,
    Capabilities,
    Card,
    CompanyInfo,
    ContactCard,
    CustomerCard,
    Kind,
    PostedInvoice,
    ProjectCard,
)
from brygga.severa.gateway import InvoiceQuery
from brygga.store.journal import Journal
from brygga.transfers.preferences import Preferences


class SeveraPort(Protocol):
    """Severa, as the transfers see it. Methods raise ``Refused``, ``Unavailable`` or ``Uncertain``."""

    def organization(self) -> Organization: ...
    def invoice_statuses(self) -> tuple[InvoiceStatus, ...]: ...
    def customers(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Customer, ...]: ...
    def with_reverse_charge(self, customer: Customer) -> Customer: ...
    def contacts(self, customer_keys: Collection[str] | None = None) -> tuple[Contact, ...]: ...
    def projects(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Project, ...]: ...
    def articles(self) -> tuple[Article, ...]: ...
    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]: ...
    def invoice(self, key: str) -> Invoice | None: ...
    def change_invoice(
        self,
        key: str,
        *,
        status_key: str | None = None,
        number: int | None = None,
        reference_number: str | None = None,
    ) -> None: ...


class CreatedRecord(Protocol):
    """What a create answers: the key the program gave, the invoice as posted, and warnings."""

    @property
    def key(self) -> str: ...
    @property
    def posted(self) -> PostedInvoice | None: ...
    @property
    def warnings(self) -> tuple[Reason, ...]: ...


class AdministrationPort(Protocol):
    """Administration, as the transfers see it. Methods raise ``Refused``, ``Unavailable`` or ``Uncertain``."""

    def company(self) -> CompanyInfo: ...
    def capabilities(self) -> Capabilities: ...
    def customers(self) -> dict[str, CustomerCard]: ...
    def contacts(self) -> tuple[ContactCard, ...]: ...
    def projects(self) -> dict[str, ProjectCard]: ...
    def articles(self) -> dict[str, ArticleCard]: ...
    def invoice(self, number: int) -> PostedInvoice | None: ...
    def invoices(self, start: date, end: date) -> tuple[PostedInvoice, ...]: ...
    def last_invoice_number(self) -> int: ...
    def invoices_after(self, number: int) -> tuple[PostedInvoice, ...]: ...
    def create(self, card: Card) -> CreatedRecord: ...
    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]: ...
    def find(self, kind: Kind, key: str) -> Card | PostedInvoice | None: ...
    def mark_printed(self, number: int) -> None: ...


@dataclass(frozen=True)
class Company:
    """One Administration company coupled to one Severa environment."""

    name: str
    severa: SeveraPort
    administration: AdministrationPort
    journal: Journal
    preferences: Preferences
