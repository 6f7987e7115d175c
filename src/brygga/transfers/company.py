"""What a transfer is given: the two systems as ports, the journal and the company's preferences.

The ports are satisfied by ``severa.gateway`` and ``administration.gateway``; a preview gets read-only ones, through
which a write raises ``WriteBlocked``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from brygga.records.ledger import LedgerInvoice, SupplierInvoice
from brygga.records.ownership import Owner
from brygga.records.posting_accounts import PostingAccounts
from brygga.records.reasons import Reason
from brygga.records.registers import BusinessUnit, CodeRegisters, SeveraRegisters
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraCard
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
    System,
)
from brygga.severa.gateway import InvoiceQuery
from brygga.store.journal.journal import Journal
from brygga.transfers.preferences import Preferences


class CreatedRecord(Protocol):
    """What a create answers: the key the program gave, the invoice as posted, warnings, whether nothing is missing."""

    @property
    def key(self) -> str: ...
    @property
    def posted(self) -> PostedInvoice | None: ...
    @property
    def warnings(self) -> tuple[Reason, ...]: ...
    @property
    def complete(self) -> bool: ...


class TargetPort(Protocol):
    """What either system offers to the engine: create a card, find it, change it."""

    def create(self, card: Any) -> CreatedRecord: ...
    def find(self, kind: Kind, key: str) -> Any: ...
    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]: ...


class SeveraTarget(Protocol):
    """Severa as a system that is written to; faults as in ``SeveraPort``."""

    def find_customers(self, *, number: str = "", name: str = "") -> tuple[Customer, ...]:
        """The customers with exactly this number, or with this name; a complete search, active or not."""
        ...

    def projects_numbered(self, numbers: Collection[str]) -> tuple[Project, ...]:
        """The projects with any of these numbers, in as few calls as possible; what is no number is left out."""
        ...

    def project_fees(self, project_key: str) -> tuple[ProjectFee, ...]:
        """Every fee of the project, complete, invoiced or not."""
        ...

    def every_project_fee(self) -> tuple[ProjectFee, ...]:
        """Every fee of every project."""
        ...

    def payment_states(self, invoices: Mapping[str, int]) -> dict[str, InvoicePayment]:
        """Status and payment date of the invoices (key → the number it should have in Severa), in pages.

        An invoice that is not found by its number is asked by its key; one that Severa has no more is left out.
        """
        ...

    def create(self, card: SeveraCard) -> CreatedRecord:
        """Create the record, empty fields left out; what follows the record itself (a customer's address, country
        setting; a contact's communications) and fails is a warning of the answer, never a fault: the record is there.

        A fee onto a closed project is ``Refused`` with PRJ-202.
        """
        ...

    def find(self, kind: Kind, key: str) -> SeveraCard | None:
        """The record as it is now, with reverse charge; None when Severa has none with that key."""
        ...

    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        """Set the named fields of the card; empty text or None empties a field. ``Refused`` when one did not take."""
        ...


class SeveraPort(SeveraTarget, Protocol):
    """Severa, as the transfers see it. Methods raise ``Refused``, ``Unavailable`` or ``Uncertain``."""

    def giving_up(self, asked: Callable[[], bool]) -> AbstractContextManager[None]:
        """Within, reading ends with ``Stopped`` before the next request once ``asked`` says so."""
        ...

    def clock(self) -> datetime:
        """Severa's own clock, never ahead of it."""
        ...

    def organization(self) -> Organization: ...
    def registers(self) -> SeveraRegisters: ...
    def has_country(self, text: str) -> bool: ...
    def business_units(self) -> tuple[BusinessUnit, ...]: ...
    def next_invoice_number(self) -> int: ...
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


class AdministrationLedgers(Protocol):
    """Administration's ledgers and changes, read only; faults as in ``AdministrationPort``."""

    def changed_customers(self, since: datetime) -> frozenset[str]:
        """Numbers of the customers whose card, or one of whose contacts, was changed at or after ``since``."""
        ...

    def ledger_invoices(
        self, *, paid_from: date | None = None, changed_since: datetime | None = None
    ) -> tuple[LedgerInvoice, ...]:
        """Invoices by number that fulfil every condition given: last payment on or after the day; changed since."""
        ...

    def ledger_invoice(self, number: int) -> LedgerInvoice | None:
        """The invoice with this number."""
        ...

    def supplier_invoices(
        self, *, start: date | None = None, end: date | None = None, changed_since: datetime | None = None
    ) -> tuple[SupplierInvoice, ...]:
        """Supplier invoices with their rows, cancelled ones too, by serial: dated within, and changed since."""
        ...

    def supplier_invoice(self, serial: int) -> SupplierInvoice | None:
        """The supplier invoice with this serial, with its rows."""
        ...


class AdministrationPort(AdministrationLedgers, Protocol):
    """Administration, as the transfers see it. Methods raise ``Refused``, ``Unavailable`` or ``Uncertain``."""

    def company(self) -> CompanyInfo: ...
    def posting_accounts(self) -> PostingAccounts: ...
    def code_registers(self) -> CodeRegisters: ...
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
    def owner(self) -> Owner | None: ...
    def own(self, owner: Owner) -> None: ...


@dataclass(frozen=True)
class Neighbour:
    """Another company of this store on the same Severa, with the business units that its settings name."""

    name: str
    business_units: tuple[str, ...]


@dataclass(frozen=True)
class Company:
    """One Administration company coupled to one Severa environment."""

    name: str
    severa: SeveraPort
    administration: AdministrationPort
    journal: Journal
    preferences: Preferences
    neighbours: tuple[Neighbour, ...] = ()
    """The other companies on the same Severa."""

    def target(self, system: System) -> TargetPort:
        """The port of the system that a transfer writes to."""
        return self.severa if system is System.SEVERA else self.administration
