"""What is written to Severa: cards as flat fields, so that each can be compared and changed by its name.

Keys are Severa guids. Empty texts are not sent when a record is created; ``records.target`` joins these cards with
Administration's.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from brygga.records.base import Record

SUBCONTRACTING = "Subcontracting"
"""The product type of a project fee that has no product behind it (semantics §4.10, REL-1.6.2-05)."""


class SeveraCustomer(Record, frozen=True, tag_field="record", tag="severa_customer"):
    """A customer in Severa with its headquarter address, which holds phone and fax (contracts/severa.md §3.1, §3.2).

    ``number`` is empty when Severa is to give one. ``street`` holds the address lines joined by newlines.
    ``country_code`` is alpha-2, or the name of a country that Severa keeps without a code; ``language`` and
    ``currency`` are Severa's codes, ``identity`` is the one identity field.
    """

    name: str
    number: str = ""
    identity: str = ""
    language: str = ""
    currency: str = ""
    payment_days: int | None = None
    email: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country_code: str = ""
    phone: str = ""
    fax: str = ""
    price_list: str = ""
    """By name: Severa's price lists have no code."""
    reverse_charge: bool = False
    """``isTaxFree`` of the country settings row of the selling company's country (semantics §4.1b)."""
    is_active: bool = True


class SeveraContact(Record, frozen=True, tag_field="record", tag="severa_contact"):
    """A contact person in Severa; phone, mobile and e-mail are contact communications (contracts/severa.md §3.3).

    ``customer_key`` is empty in a plan whose customer is created first.
    """

    customer_key: str
    first_name: str
    last_name: str
    title: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""


class ProjectFee(Record, frozen=True, tag_field="record", tag="project_fee"):
    """A project fee in Severa: a row of a supplier invoice, or a correction of one (semantics §4.10).

    Amounts in ``currency``, the base currency, excluding VAT; ``unit_cost`` has the sign of the cost. ``description``
    ends with our key in parentheses, ``(LF 4711:3)``. Without a product ``name`` says what it is and ``product_type``
    is Subcontracting. ``project_number`` is the project's code in Administration. ``key`` and ``invoiced`` (it is on a
    Severa invoice, so locked) are only read.
    """

    project_key: str
    project_number: str
    description: str
    name: str
    unit_cost: Decimal
    unit_price: Decimal
    currency: str
    event_date: date
    billable: bool
    product_key: str = ""
    product_type: str = ""
    quantity: Decimal = Decimal(1)
    key: str = ""
    invoiced: bool = False


class InvoicePayment(Record, frozen=True, tag_field="record", tag="invoice_payment"):
    """What Severa knows of an invoice's payment: its status and the payment date, None while it is not paid."""

    invoice_key: str
    status_key: str
    payment_date: date | None = None


SeveraCard = SeveraCustomer | SeveraContact | ProjectFee | InvoicePayment
"""Everything that can be created or changed in Severa."""
