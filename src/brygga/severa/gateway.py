"""Severa as the rest of the program sees it: records in and out, no wire names, no decisions about what to transfer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from brygga.records.reasons import Reason, Refused, Uncertain, reason
from brygga.records.source import Article, Contact, Customer, Invoice, InvoiceStatus, Organization, Project
from brygga.severa import checks, errors, facts, wire
from brygga.severa.http import SeveraClient
from brygga.severa.invoices import InvoiceQuery, InvoiceReader
from brygga.severa.reference import ReferenceData
from brygga.severa.registers import Registers, segment

__all__ = ["InvoiceQuery", "SeveraGateway"]


class SeveraGateway:
    """Reads Severa's registers and invoices, and changes an invoice's status, number and reference.

    Methods raise ``Refused``, ``Unavailable`` or ``Uncertain`` with a reason; through a read-only client a change
    raises ``WriteBlocked``. The organisation, countries, business units and sales statuses are read once; ``forget``
    reads them anew.
    """

    def __init__(self, client: SeveraClient) -> None:
        self._client = client
        self._invoices = InvoiceReader(client)
        self.forget()

    def forget(self) -> None:
        """Drop what was kept of Severa's reference lists."""
        self._reference = ReferenceData(self._client)
        self._registers = Registers(self._client, self._reference)

    def check(self) -> tuple[Reason, ...]:
        """What keeps this credential from working, each missing scope by itself; empty when all is well."""
        return checks.check(self._client)

    def organization(self) -> Organization:
        """The Severa organisation with its base currency and country."""
        return self._reference.organization

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
        wanted: dict[str, str | int | None] = {
            facts.INVOICE_STATUS: status_key,
            facts.INVOICE_NUMBER: number,
            facts.INVOICE_REFERENCE: reference_number,
        }
        operations = [facts.replace(pointer, value) for pointer, value in wanted.items() if value is not None]
        if not operations:
            return
        path = f"/v1/invoices/{segment(key)}"
        answered = {one.guid: one for one in self._client.patch(path, operations, list[wire.Invoice])}
        if key not in answered:
            raise Uncertain(reason(errors.ANSWER_LOST, operation=f"PATCH {path}"))
        after = answered[key]
        now: dict[str, str | int | None] = {
            facts.INVOICE_STATUS: after.status.guid if after.status else None,
            facts.INVOICE_NUMBER: after.number,
            facts.INVOICE_REFERENCE: after.reference_number,
        }
        for operation in operations:
            if now[operation.path] != operation.value:
                raise Refused(reason(errors.NOT_TAKEN, field=operation.path, key=key))
