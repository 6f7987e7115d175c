"""Records as Severa holds them. Keys are Severa guids; amounts are in the document's currency, VAT rates in percent."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from brygga.records.base import Record

Day = date
"""A calendar day, under a name that a field called ``date`` does not hide."""


class Address(Record, frozen=True):
    """A postal address; ``lines`` are the street lines in order, ``country_code`` is ISO 3166 alpha-2 or empty."""

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = ""
    country_code: str = ""


class Customer(Record, frozen=True):
    """A customer (kund). ``identity`` is Severa's one identity field (organisation or VAT number)."""

    key: str
    number: str
    name: str
    is_active: bool = True
    identity: str = ""
    language: str = ""
    currency: str = ""
    payment_days: int | None = None
    email: str = ""
    notes: str = ""
    address: Address = Address()
    phone: str = ""
    fax: str = ""
    price_list: str = ""
    """By name; empty where the customer has none of its own."""
    reverse_charge: bool = False
    """``isTaxFree`` of the country settings row of the selling company's country (semantics §4.1b)."""


class Contact(Record, frozen=True):
    """A contact person of a customer."""

    key: str
    customer_key: str
    first_name: str
    last_name: str
    is_active: bool = True
    phone: str = ""
    mobile: str = ""
    email: str = ""
    title: str = ""


class Project(Record, frozen=True):
    """A project. ``is_won``: its sales status is of a type whose state is Won; dates are inclusive."""

    key: str
    number: str
    name: str
    customer_key: str
    customer_number: str
    created: date
    start: date | None = None
    deadline: date | None = None
    is_closed: bool = False
    is_won: bool = False
    profit_centre: str = ""
    business_unit_key: str = ""


class ArticleKind(StrEnum):
    """Which Severa register an article comes from."""

    PRODUCT = "product"
    WORK_TYPE = "work_type"
    TRAVEL_EXPENSE = "travel_expense"


class Article(Record, frozen=True):
    """A product, work type or travel expense type; ``code`` is the article number, possibly empty."""

    key: str
    kind: ArticleKind
    code: str
    name: str
    unit: str = ""
    is_active: bool = True


class InvoiceStatus(Record, frozen=True):
    """A user-defined invoice status and what it means (contracts/severa.md §3.5)."""

    key: str
    name: str
    is_active: bool = True
    is_default: bool = False
    is_read_only: bool = False
    has_invoice_number: bool = False
    is_sent: bool = False
    is_waiting_payment: bool = False
    is_paid: bool = False


class InvoiceRow(Record, frozen=True):
    """An invoice row. ``unit_price`` in the invoice's currency, excluding VAT; ``vat_rate`` percent or unknown."""

    key: str
    kind: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = ""
    vat_rate: Decimal | None = None
    article_codes: tuple[str, ...] = ()
    profit_centre: str = ""
    sales_account: str = ""
    project_key: str = ""
    """The one project behind the row's entries, empty when unknown or several (semantics §4.4)."""
    flat_rate_key: str = ""
    """The fixed price that the row bills, where it bills one."""


class Invoice(Record, frozen=True):
    """An invoice or credit note with its rows, totals as Severa shows them (net, VAT, gross)."""

    key: str
    number: int | None
    status_key: str
    customer_key: str
    customer_name: str
    customer_number: str
    date: Day
    due_date: Day
    currency: str
    currency_rate: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    is_credit_note: bool = False
    original_key: str = ""
    reference_number: str = ""
    order_number: str = ""
    our_reference: str = ""
    your_reference: str = ""
    notes: str = ""
    text_before: str = ""
    text_after: str = ""
    payment_days: int | None = None
    business_unit_key: str = ""
    project_keys: tuple[str, ...] = ()
    reverse_charge: bool = False
    rows: tuple[InvoiceRow, ...] = ()
    created: datetime | None = None
    updated: datetime | None = None
    payment_date: Day | None = None


class Organization(Record, frozen=True):
    """The Severa organisation: ``currency`` is its base currency (ISO 4217)."""

    name: str
    vat_number: str
    currency: str
    key: str = ""
