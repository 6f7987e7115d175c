"""Severa as the rest of the program sees it: records in and out, no wire names, no decisions about what to transfer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import msgspec

from brygga.records.reasons import Reason
from brygga.records.registers import BusinessUnit, SeveraRegisters
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraCard, SeveraContact, SeveraCustomer
from brygga.records.source import Article, Contact, Customer, Invoice, InvoiceRow, InvoiceStatus, Organization, Project
from brygga.records.target import Kind
from brygga.severa import checks, facts, wire
from brygga.severa.changes import Change, Created, carry_out
from brygga.severa.contact_writes import ContactWriter, contact_card
from brygga.severa.customer_writes import CustomerWriter, customer_card
from brygga.severa.fees import Fees
from brygga.severa.http import SeveraClient
from brygga.severa.invoices import InvoiceQuery, InvoiceReader
from brygga.severa.payments import Payments
from brygga.severa.reference import ReferenceData
from brygga.severa.registers import Registers, segment

__all__ = ["InvoiceQuery", "SeveraGateway"]


class SeveraGateway:
    """Reads Severa's registers and invoices, changes invoices, and makes and changes what Administration gives Severa.

    Methods raise ``Refused``, ``Unavailable`` or ``Uncertain`` with a reason; through a read-only client a change
    raises ``WriteBlocked``. The organisation, countries, business units and sales statuses are read once; ``forget``
    reads them anew.
    """

    def __init__(self, client: SeveraClient) -> None:
        self._client = client
        self._invoices = InvoiceReader(client)
        self._fees = Fees(client)
        self._payments = Payments(client)
        self.forget()

    def forget(self) -> None:
        """Drop what was kept of Severa's reference lists."""
        self._reference = ReferenceData(self._client)
        self._registers = Registers(self._client, self._reference)
        self._customer_writer = CustomerWriter(self._client, self._reference)
        self._contact_writer = ContactWriter(self._client, self._reference)

    def giving_up(self, asked: Callable[[], bool]) -> AbstractContextManager[None]:
        """Within, reading ends with ``Stopped`` before the next request once ``asked`` says so."""
        return self._client.giving_up(asked)

    def check(self) -> tuple[Reason, ...]:
        """What keeps this credential from working, each missing scope by itself; empty when all is well."""
        return checks.check(self._client)

    def organization(self) -> Organization:
        """The Severa organisation with its base currency and country."""
        return self._reference.organization

    def registers(self) -> SeveraRegisters:
        """The lists that settings and mappings may name, read afresh."""
        return self._reference.registers()

    def has_country(self, text: str) -> bool:
        """Whether Severa's register has the country, by its code or its name."""
        return self._reference.find_country(None, text) is not None

    def business_units(self) -> tuple[BusinessUnit, ...]:
        """The business units with their hierarchy."""
        return self._reference.business_units

    def next_invoice_number(self) -> int:
        """The number that Severa gives the next invoice."""
        return self._client.get("/v1/organizationsettings", wire.OrganizationSettings).next_invoice_number

    def invoice_statuses(self) -> tuple[InvoiceStatus, ...]:
        """All invoice statuses, active or not, in Severa's order."""
        statuses = self._client.pages_by_offset("/v1/invoicestatuses", wire.InvoiceStatus)
        return tuple(
            InvoiceStatus(
                key=status.guid,
                name=status.name,
                is_active=status.is_active,
                is_default=status.is_default,
                is_read_only=status.is_read_only,
                has_invoice_number=status.has_invoice_number,
                is_sent=status.is_sent,
                is_waiting_payment=status.is_waiting_payment,
                is_paid=status.is_paid,
            )
            for status in statuses
        )

    def customers(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Customer, ...]:
        """Customers with their headquarter address, without reverse charge (``with_reverse_charge`` asks for it)."""
        return self._registers.customers(keys, changed_since)

    def with_reverse_charge(self, customer: Customer) -> Customer:
        """The customer with its reverse charge: one call for each customer, so only for new or changed ones."""
        return msgspec.structs.replace(customer, reverse_charge=self._registers.is_tax_free(customer.key))

    def contacts(self, customer_keys: Collection[str] | None = None) -> tuple[Contact, ...]:
        """Contact persons, active and inactive, of these customers or of all."""
        return self._registers.contacts(customer_keys)

    def projects(
        self, keys: Collection[str] | None = None, changed_since: datetime | None = None
    ) -> tuple[Project, ...]:
        """Projects with their profit centre, won or not."""
        return self._registers.projects(keys, changed_since)

    def articles(self) -> tuple[Article, ...]:
        """Products, work types and travel expense types."""
        return self._registers.articles()

    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]:
        """Invoices and credit notes with their rows."""
        return self._invoices.invoices(query)

    def invoice_heads(self, query: InvoiceQuery) -> tuple[Invoice, ...]:
        """The invoices of a query without their rows."""
        return self._invoices.heads(query)

    def with_rows(
        self, heads: Sequence[Invoice], query: InvoiceQuery, known: Mapping[str, tuple[InvoiceRow, ...]]
    ) -> tuple[Invoice, ...]:
        """The heads of a query, the open ones with their rows; ``known`` are rows that need not be read again."""
        return self._invoices.completed(heads, query, known)

    def invoices_with_changed_rows(self, since: datetime, *, most_pages: int) -> frozenset[str] | None:
        """The keys of the invoices of which a row was added or changed since; None when there are more pages."""
        return self._invoices.changed_rows(since, most_pages)

    def clock(self) -> datetime:
        """Severa's own clock, never ahead of it; the time of the latest answer."""
        if self._client.server_time is None:
            self._client.ask("/heartbeat/authorized")
        return self._client.server_time or datetime.fromtimestamp(0, UTC)

    def invoices_by_number(self, numbers: Collection[int]) -> tuple[Invoice, ...]:
        """Invoices and credit notes with any of these numbers."""
        return self._invoices.by_number(numbers)

    def invoice(self, key: str) -> Invoice | None:
        """One invoice, or None when Severa has none with that key."""
        return self._invoices.invoice(key)

    def change_invoice(
        self,
        key: str,
        *,
        status_key: str | None = None,
        number: int | None = None,
        reference_number: str | None = None,
    ) -> None:
        """Change what is given, all in one call; ``Refused`` (SEV-711) when Severa answers that a field did not take.

        ``Uncertain`` (SEV-708) when the answer is lost or tells nothing about the invoice.
        """
        changes: list[Change[wire.Invoice]] = []
        if status_key is not None:
            took: Callable[[wire.Invoice], bool] = lambda after: _status_of(after) == status_key  # noqa: E731
            changes.append(Change("status", facts.INVOICE_STATUS, status_key, took))
        if number is not None:
            changes.append(Change("number", facts.INVOICE_NUMBER, number, lambda after: after.number == number))
        if reference_number is not None:
            same: Callable[[wire.Invoice], bool] = lambda after: after.reference_number == reference_number  # noqa: E731
            changes.append(Change("referenceNumber", facts.INVOICE_REFERENCE, reference_number, same))
        carry_out(self._client, f"/v1/invoices/{segment(key)}", key, changes, wire.Invoice)

    # -- what comes from Administration (``SeveraTarget``) -----------------------------------------------------
    def find_customers(self, *, number: str = "", name: str = "") -> tuple[Customer, ...]:
        """The customers with exactly this number, or with this name whatever its case; active or not."""
        return self._registers.customers_with(number, name)

    def projects_numbered(self, numbers: Collection[str]) -> tuple[Project, ...]:
        """The projects with any of these numbers; a text that is no number is left out."""
        return self._registers.projects_numbered(numbers)

    def project_fees(self, project_key: str) -> tuple[ProjectFee, ...]:
        """Every fee of the project, invoiced or not; their ``project_number`` is empty."""
        return self._fees.of_project(project_key)

    def every_project_fee(self) -> tuple[ProjectFee, ...]:
        """Every fee of every project, in pages; their ``project_number`` is empty."""
        return self._fees.every()

    def payment_states(self, invoices: Mapping[str, int]) -> dict[str, InvoicePayment]:
        """Status and payment date of the invoices (key → number), in pages."""
        return self._payments.states(invoices)

    def create(self, card: SeveraCard) -> Created:
        """Make the record; what follows it and fails is a warning of the answer. A payment is set on its invoice."""
        match card:
            case SeveraCustomer():
                return self._customer_writer.create(card)
            case SeveraContact():
                return self._contact_writer.create(card)
            case ProjectFee():
                return self._fees.create(card)
            case InvoicePayment():
                changes = {"status_key": card.status_key, "payment_date": card.payment_date}
                self._payments.update(card.invoice_key, changes)
                return Created(card.invoice_key)

    def find(self, kind: Kind, key: str) -> SeveraCard | None:
        """The record as it is now, a customer with reverse charge; None when Severa has none with that key."""
        match kind:
            case Kind.CUSTOMER:
                customers = self.customers((key,))
                return customer_card(self.with_reverse_charge(customers[0])) if customers else None
            case Kind.CONTACT:
                contact = self._registers.contact(key)
                return None if contact is None else contact_card(contact)
            case Kind.PROJECT_FEE:
                return self._fees.fee(key)
            case Kind.PAYMENT:
                return self._payments.state(key)
            case _:
                return None  # written to Administration only

    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        """Set the named fields of the card; an empty text or None empties a field. ``Refused`` (SEV-711) when Severa
        answers that one did not take. A fee is never changed: what differs is a correction of its own (§4.10)."""
        match kind:
            case Kind.CUSTOMER:
                return self._customer_writer.update(key, changes)
            case Kind.CONTACT:
                return self._contact_writer.update(key, changes)
            case Kind.PAYMENT:
                self._payments.update(key, changes)
                return ()
            case _:
                raise ValueError(f"a {kind} is not changed in Severa")


def _status_of(invoice: wire.Invoice) -> str | None:
    return invoice.status.guid if invoice.status is not None else None
