"""What is sent to make a record in Severa (contracts/severa.md §3), the registers it refers to, and fees as read back.

Fields that are left at their default are not sent; a field without default is always said.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from brygga.severa.wire import Link, Model, Money, Reference


class Language(Model, frozen=True):
    """LanguageModel."""

    guid: str | None = None
    code: str | None = None
    name: str | None = None


class PriceList(Model, frozen=True):
    """PriceListOutputModel, a row of the register; a custom one is made for one project."""

    name: str
    is_active: bool
    is_custom: bool
    guid: str | None = None


class CommunicationTypeRow(Model, frozen=True):
    """CommunicationTypeModel, a row of the register; ``type`` is Phone, MobilePhone, EmailAddress …"""

    type: str
    is_active: bool
    guid: str | None = None


class Body(Model, frozen=True, omit_defaults=True):
    """A JSON object on its way to Severa."""


class MoneyBody(Body, frozen=True):
    """MoneyInputModelWithNullableAmount."""

    amount: Decimal
    currency_code: str


class CustomerBody(Body, frozen=True):
    """CustomerModel, as it is made. Phone and address come after it, in an address of their own."""

    name: str
    is_active: bool
    number: int | None = None
    vat_number: str | None = None
    email: str | None = None
    payment_term: int | None = None
    language: Link | None = None
    currency: Link | None = None
    pricelist: Link | None = None


class AddressBody(Body, frozen=True):
    """AddressModel, as it is made; the customer is in the path."""

    addressline: str | None = None
    postal_code: str | None = None
    city: str | None = None
    phone: str | None = None
    fax: str | None = None
    country: Link | None = None


class CountrySettingsBody(Body, frozen=True):
    """CustomerCountrySettingsInputModel."""

    customer: Link
    country: Link
    is_tax_free: bool


class ContactBody(Body, frozen=True):
    """ContactModel, as it is made."""

    first_name: str
    last_name: str
    customer: Link
    is_active: bool
    job_title: str | None = None


class CommunicationBody(Body, frozen=True):
    """ContactCommunicationModel, as it is made. ``isForbiddenToUse`` is on unless it is said (§3.3)."""

    value: str
    contact: Link
    communication_type: Link
    is_forbidden_to_use: bool


class FeeBody(Body, frozen=True):
    """ProjectFeeInputModel: a product, or a name with its product type."""

    project: Link
    quantity: Decimal
    unit_cost: MoneyBody
    unit_price: MoneyBody
    event_date: dt.date
    is_billable: bool
    description: str | None = None
    name: str | None = None
    product: Link | None = None
    product_type: str | None = None


class Fee(Model, frozen=True):
    """ProjectFeeOutputModel."""

    guid: str
    quantity: Decimal
    created_date_time: dt.datetime
    name: str | None = None
    project: Reference | None = None
    product: Reference | None = None
    product_type: str | None = None
    description: str | None = None
    unit_cost: Money | None = None
    unit_price: Money | None = None
    event_date: dt.date | None = None
    is_billable: bool | None = None
    invoice: Reference | None = None
