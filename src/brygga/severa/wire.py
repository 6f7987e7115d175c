"""Severa's models as documented (contracts/severa_models.json): only the fields we use, under Severa's own names.

Unknown fields and unknown enum values are let through (a value stays text); a field that the contract promises and that
is missing is an error (SEV-707), never a default: an invoice without ``isCreditNote`` must not become a debit invoice.
Numbers are decoded from their JSON text to ``Decimal``, without a float between.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec


class Model(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A JSON object of Severa, camelCase on the wire."""


class Money(Model, frozen=True):
    """MoneyOutputModel."""

    amount: Decimal | None = None
    currency_code: str | None = None


class Coded(Model, frozen=True):
    """A reference to a language or a currency, of which only the code is used."""

    code: str | None = None


class PriceListReference(Model, frozen=True):
    """The price list of a customer (ModelWithName)."""

    name: str | None = None
    guid: str | None = None


class Country(Model, frozen=True):
    """CountryModel; ``code2`` is ISO 3166 alpha-2, ``code3`` alpha-3."""

    guid: str
    name: str | None = None
    english_name: str | None = None
    code2: str | None = None
    code3: str | None = None


class OrganizationCountry(Model, frozen=True):
    """OrganizationDetailsCountrySubModel."""

    guid: str | None = None
    name: str | None = None
    code: str | None = None


class OrganizationDetails(Model, frozen=True):
    """OrganizationDetailsOutputModel; the guid tells environments apart."""

    guid: str
    name: str | None = None
    vat_number: str | None = None
    country: OrganizationCountry | None = None
    currency: Coded | None = None


class OrganizationSettings(Model, frozen=True):
    """OrganizationSettingsModel: the number that Severa gives the next invoice."""

    next_invoice_number: int


class Currency(Model, frozen=True):
    """CurrencyOutputModel."""

    is_organization_currency: bool
    is_active: bool
    guid: str | None = None
    code: str | None = None
    name: str | None = None


class BusinessUnitCostCentre(Model, frozen=True):
    """BusinessUnitCostCenterModel; ``identifier`` is the code of the profit centre (resultatenhet)."""

    guid: str
    identifier: str | None = None


class BusinessUnit(Model, frozen=True):
    """BusinessUnitModel."""

    guid: str
    name: str
    parent_guid: str | None = None
    cost_center: BusinessUnitCostCentre | None = None


class CostCentre(Model, frozen=True):
    """CostCenterModel."""

    name: str
    identifier: str
    guid: str | None = None


class VatRate(Model, frozen=True):
    """VatRateOutputModel; percent."""

    percentage: Decimal
    is_active: bool


class SalesStatusType(Model, frozen=True):
    """SalesStatusTypeOutputModel."""

    guid: str
    sales_state: str


class InvoiceStatus(Model, frozen=True):
    """InvoiceStatusModel."""

    guid: str
    name: str
    is_active: bool
    is_default: bool
    is_read_only: bool
    has_invoice_number: bool
    is_sent: bool
    is_waiting_payment: bool
    is_paid: bool


class Reference(Model, frozen=True):
    """A reference whose guid the contract lets be empty."""

    guid: str | None = None


class Link(Model, frozen=True):
    """A reference whose guid the contract promises."""

    guid: str


class AddressCountry(Model, frozen=True):
    """AddressCountry."""

    guid: str | None = None
    name: str | None = None
    english_name: str | None = None


class Address(Model, frozen=True):
    """AddressModel; ``addressline`` holds all street lines with line breaks."""

    guid: str
    addressline: str | None = None
    postal_code: str | None = None
    city: str | None = None
    phone: str | None = None
    fax: str | None = None
    country: AddressCountry | None = None
    customer: Reference | None = None


class HeadquarterAddress(Model, frozen=True):
    """CustomerHeadquarterAddress; ``country`` is a name."""

    guid: str | None = None
    addressline: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None


class Customer(Model, frozen=True):
    """CustomerModel."""

    guid: str
    name: str
    is_active: bool
    number: int | None = None
    vat_number: str | None = None
    language: Coded | None = None
    currency: Coded | None = None
    payment_term: int | None = None
    email: str | None = None
    notes: str | None = None
    headquarter_address: HeadquarterAddress | None = None
    pricelist: PriceListReference | None = None


class CountrySettings(Model, frozen=True):
    """CustomerCountrySettingsOutputModel."""

    is_tax_free: bool
    guid: str | None = None
    country: AddressCountry | None = None


class ContactPerson(Model, frozen=True):
    """ContactModel."""

    guid: str
    first_name: str
    last_name: str
    is_active: bool
    is_deleted: bool
    customer: Link
    job_title: str | None = None


class CommunicationType(Model, frozen=True):
    """CommunicationTypeSubModel; ``type`` is Phone, MobilePhone, EmailAddress …"""

    guid: str
    type: str


class Communication(Model, frozen=True):
    """ContactCommunicationModel."""

    value: str
    is_forbidden_to_use: bool
    contact: Link
    communication_type: CommunicationType
    guid: str | None = None


class ProjectCustomer(Model, frozen=True):
    """ProjectCustomerSubModel."""

    guid: str
    number: int | None = None


class ProjectSalesStatus(Model, frozen=True):
    """SalesStatusSubModel."""

    sales_status_type_guid: str | None = None


class ProjectCostCentre(Model, frozen=True):
    """ProjectCostCenterSubModel."""

    identifier: str | None = None


class Project(Model, frozen=True):
    """ProjectOutputModel."""

    guid: str
    name: str
    is_closed: bool
    created_date_time: dt.datetime
    number: int | None = None
    customer: ProjectCustomer | None = None
    business_unit: Link | None = None
    sales_status: ProjectSalesStatus | None = None
    cost_center: ProjectCostCentre | None = None
    start_date: dt.date | None = None
    deadline: dt.date | None = None


class Product(Model, frozen=True):
    """ProductOutputModel."""

    guid: str
    name: str
    code: str | None = None
    measurement_unit: str | None = None
    is_active: bool | None = None


class WorkType(Model, frozen=True):
    """WorkTypeOutputModel; a work type has no unit of its own."""

    guid: str
    name: str
    is_active: bool
    code: str | None = None


class TravelExpenseType(Model, frozen=True):
    """TravelExpenseTypeOutputModel."""

    guid: str
    name: str
    code: str | None = None
    measurement_unit: str | None = None
    is_active: bool | None = None


class InvoiceParty(Model, frozen=True):
    """InvoiceCustomerSubModel."""

    guid: str | None = None
    name: str | None = None
    number: int | None = None


class FreeText(Model, frozen=True):
    """FreeTextModel2."""

    value: str | None = None
    text: str | None = None
    plain_text: str | None = None


class Invoice(Model, frozen=True):
    """InvoiceOutputModel."""

    guid: str
    date: dt.date
    due_date: dt.date
    payment_term: int
    currency_rate: Decimal
    is_credit_note: bool
    created_date_time: dt.datetime
    last_updated_date_time: dt.datetime | None = None
    number: int | None = None
    reference_number: str | None = None
    payment_date: dt.date | None = None
    status: Link | None = None
    customer: InvoiceParty | None = None
    billing_customer: InvoiceParty | None = None
    projects: list[Reference] | None = None
    currency: Coded | None = None
    total_excluding_tax: Money | None = None
    total_tax: Money | None = None
    total_including_tax: Money | None = None
    our_reference: str | None = None
    your_reference: str | None = None
    order_number: str | None = None
    notes: str | None = None
    free_text1: FreeText | None = None
    free_text2: FreeText | None = None
    reimburse_invoice: Reference | None = None
    invoice_number_business_unit_guid: str | None = None


class RowAccounting(Model, frozen=True):
    """InvoiceRowAccountingSubModel."""

    number: str | None = None


class InvoiceRow(Model, frozen=True):
    """InvoiceRowOutputModel."""

    guid: str
    invoice_guid: str
    row_type: str
    quantity: Decimal
    sort_order: int
    description: str | None = None
    unit_price: Money | None = None
    measurement_unit: str | None = None
    vat_rate: Decimal | None = None
    sales_account: RowAccounting | None = None
    cost_center: RowAccounting | None = None
    flat_rate_guid: str | None = None
    code: list[str] | None = None


class InvoiceSettings(Model, frozen=True):
    """InvoiceSettingsOutputModel."""

    is_reverse_charged: bool


class Entry(Model, frozen=True):
    """A work hour, project fee or travel expense behind an invoice row (its model's project and ``invoiceRowGuid``)."""

    guid: str | None = None
    project: Reference | None = None
    invoice_row_guid: str | None = None


class FlatRate(Model, frozen=True):
    """FlatRateOutputModel."""

    guid: str | None = None
    project: Reference | None = None


class PatchOperation(Model, frozen=True):
    """PatchOperation of a JSON Patch; ``value`` carries the field's own JSON type, None empties the field."""

    op: str
    path: str
    value: str | int | bool | None
