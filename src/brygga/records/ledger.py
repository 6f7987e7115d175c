"""Administration's ledgers as they are read: customer invoices with their balance, and supplier invoices with rows."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from brygga.records.base import Record

Day = date
"""A calendar day, under a name that a field called ``date`` does not hide."""


class LedgerInvoice(Record, frozen=True):
    """A customer invoice (type F) or credit note (type K) in the ledger.

    ``balance`` and ``balance2`` are the two balance fields as they are read: which of them is in the invoice's currency
    is not public (semantics §4.9), so ``rules.payments`` decides by the setting. ``rate`` is SEK per ``unit`` of the
    currency. ``last_payment`` is empty when nothing was paid or every payment was cancelled.
    """

    number: int
    type: str
    customer_number: str
    date: Day
    total: Decimal
    balance: Decimal
    balance2: Decimal
    last_payment: Day | None = None
    cancelled: bool = False
    not_done: bool = False
    currency: str = ""
    """ISO 4217; empty where the program keeps none for its own currency."""
    rate: Decimal = Decimal(1)
    unit: int = 1
    customer_name: str = ""
    updated: datetime | None = None


class SupplierInvoiceRow(Record, frozen=True):
    """A row of a supplier invoice. ``amount`` in SEK excluding VAT with the sign that the ledger row has.

    ``ordinal`` is the row's place, from 1. ``generated`` rows are the program's own ("Total", "Moms": supplier debt and
    VAT) and never a cost (semantics §4.10); ``named_as_generated`` rows have such a text, on whatever account.
    """

    ordinal: int
    account: str = ""
    text: str = ""
    amount: Decimal = Decimal(0)
    project_code: str = ""
    profit_centre: str = ""
    article: str = ""
    quantity: Decimal = Decimal(0)
    generated: bool = False
    named_as_generated: bool = False


class SupplierInvoice(Record, frozen=True):
    """A supplier invoice, or a supplier's credit note (``is_credit``, amounts positive), by our own ``serial``.

    ``total`` and ``vat`` in the invoice's currency; ``rate`` is SEK per ``unit`` of it.
    """

    serial: int
    supplier_number: str
    supplier_name: str
    supplier_invoice_number: str
    date: Day
    due_date: Day | None = None
    is_credit: bool = False
    cancelled: bool = False
    attested: bool = False
    currency: str = ""
    rate: Decimal = Decimal(1)
    unit: int = 1
    project_code: str = ""
    profit_centre: str = ""
    total: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    updated: datetime | None = None
    rows: tuple[SupplierInvoiceRow, ...] = ()
