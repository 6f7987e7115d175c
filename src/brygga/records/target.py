"""Records as Administration holds them: register cards and documents. Keys are its own numbers, amounts excluding VAT
unless said, in the document's currency."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from brygga.records.base import Record
from brygga.records.severa_cards import InvoicePayment, ProjectFee, SeveraContact, SeveraCustomer

Day = date
"""A calendar day, under a name that a field called ``date`` does not hide."""


class Kind(StrEnum):
    """What is written to either system; also the kind of a link. A link always pairs a Severa key (source) with an
    Administration key (target), whichever system the record was written to."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    PROJECT = "project"
    ARTICLE = "article"
    INVOICE = "invoice"
    PAYMENT = "payment"
    """An invoice's payment in Severa: its link notes what was set there last."""
    PROJECT_FEE = "project_fee"


class System(StrEnum):
    """The two systems between which records move."""

    SEVERA = "severa"
    ADMINISTRATION = "administration"


class CustomerCard(Record, frozen=True, tag_field="record", tag="customer"):
    """A customer in Administration (CUSTOMER)."""

    number: str
    name: str
    organisation_number: str = ""
    vat_number: str = ""
    export: bool = False
    eu_customer: bool = False
    buildservice: bool = False
    mailing_address: str = ""
    mailing_address2: str = ""
    zip_code: str = ""
    city: str = ""
    country: str = ""
    country_code: str = ""
    telephone: str = ""
    fax: str = ""
    email: str = ""
    currency: str = ""
    language: str = ""
    payment_terms: str = ""
    price_list: str = ""
    inactive: bool = False


class ContactCard(Record, frozen=True, tag_field="record", tag="contact"):
    """A contact in Administration (CONTACT); ``number`` is the id the program assigned, 0 before that."""

    customer_number: str
    name: str
    number: int = 0
    telephone: str = ""
    mobile: str = ""
    email: str = ""
    title: str = ""


class ProjectCard(Record, frozen=True, tag_field="record", tag="project"):
    """A project in Administration (PROJECT); dates inclusive."""

    code: str
    name: str
    start: date
    end: date
    customer_number: str = ""
    customer_name: str = ""
    closed: bool = False


class ArticleCard(Record, frozen=True, tag_field="record", tag="article"):
    """An article in Administration (ARTICLE)."""

    number: str
    name: str
    unit: str = ""
    group: str = ""
    accounting_code: str = ""
    inactive: bool = False


class RowKind(StrEnum):
    """What a document row is: priced (with or without article) or text only."""

    PRICED = "priced"
    TEXT = "text"


class DocumentRow(Record, frozen=True):
    """A row of an invoice document. ``price`` per unit; ``vat_code`` "0" none, "1".."4" the head's VAT rates."""

    kind: RowKind = RowKind.PRICED
    article: str = ""
    text: str = ""
    quantity: Decimal = Decimal(0)
    price: Decimal = Decimal(0)
    unit: str = ""
    vat_code: str = ""
    account: str = ""
    profit_centre: str = ""
    project: str = ""


class InvoiceDocument(Record, frozen=True, tag_field="record", tag="invoice"):
    """An invoice (type F) or credit note (type K, positive amounts) as it is sent (INVOICE_HEAD and rows).

    ``number`` is given only when Severa is numbering master. ``net``, ``vat``, ``round_off`` and ``total`` are what we
    computed and expect to read back: ``total`` is the amount to pay, ``round_off`` its rounding to kronor.
    ``eu_trade``: a sale to a customer in the EU, for the periodic summary (semantics §3.3).
    """

    number: int | None
    type: str
    customer_number: str
    date: Day
    due_date: Day
    remark: str
    net: Decimal
    vat: Decimal
    round_off: Decimal
    total: Decimal
    order_number: str = ""
    our_reference: str = ""
    your_reference: str = ""
    payment_terms: str = ""
    ocr: str = ""
    export: bool = False
    buildservice: bool = False
    eu_trade: bool = False
    project: str = ""
    profit_centre: str = ""
    currency: str = ""
    rate: Decimal | None = None
    unit: int | None = None
    original_number: int | None = None
    rows: tuple[DocumentRow, ...] = ()


class PostedInvoice(Record, frozen=True):
    """An invoice as Administration holds it, amounts in the document's currency, ``total`` including VAT."""

    number: int
    type: str
    customer_number: str
    date: Day
    net: Decimal
    vat: Decimal
    round_off: Decimal
    total: Decimal
    remark: str
    printed: bool = False
    cancelled: bool = False
    not_done: bool = False
    ocr: str = ""
    currency: str = ""
    """ISO 4217; empty where the program keeps none for its own currency."""


class BookingYear(Record, frozen=True):
    """A financial year; ``locked_through`` is the last locked day (inclusive), None when nothing is locked."""

    id: str
    start: date
    end: date
    locked_through: date | None = None


class Currency(Record, frozen=True):
    """A currency of Administration's register: SEK per ``unit`` of the currency."""

    code: str
    unit: int
    sell: Decimal
    buy: Decimal


class CompanyInfo(Record, frozen=True):
    """What a transfer needs to know about the Administration company."""

    name: str
    organisation_number: str
    currency: str
    country_code: str
    vat_rates: tuple[Decimal, ...]
    """Percent, of VAT codes 1 to 4."""
    booking_years: tuple[BookingYear, ...]
    units: frozenset[str]
    payment_terms: frozenset[str]
    languages: frozenset[str]
    profit_centres: frozenset[str]
    currencies: tuple[Currency, ...]
    price_decimals: int
    default_article_group: str = ""
    default_accounting_code: str = ""
    quantity_decimals: int = 2
    call_log: bool = False
    """Whether every call to Administration is being written to the log ``APIAdklogg`` (REL-1.6.1-01)."""


class Lengths(Record, frozen=True):
    """Capabilities: the longest texts the library takes, asked when the company was opened (characters)."""

    customer_number: int
    customer_name: int
    address: int
    zip_code: int
    city: int
    country: int
    telephone: int
    email: int
    organisation_number: int
    vat_number: int
    contact_name: int
    project_code: int
    project_name: int
    article_number: int
    article_name: int
    row_text: int
    unit: int
    order_number: int
    our_reference: int
    your_reference: int
    remark: int
    ocr: int
    profit_centre: int


class Capabilities(Record, frozen=True):
    """What this installation can do, asked from the library, never assumed (architecture, ADK boundary)."""

    lengths: Lengths
    invoice_number_given: bool
    """Whether the document number may be set before the add (contracts/adk.md §3)."""
    api_version: tuple[int, int]


Card = CustomerCard | ContactCard | ProjectCard | ArticleCard | InvoiceDocument
"""Everything that can be created in Administration."""

KIND_OF: dict[type[Record], Kind] = {
    CustomerCard: Kind.CUSTOMER,
    ContactCard: Kind.CONTACT,
    ProjectCard: Kind.PROJECT,
    ArticleCard: Kind.ARTICLE,
    InvoiceDocument: Kind.INVOICE,
    SeveraCustomer: Kind.CUSTOMER,
    SeveraContact: Kind.CONTACT,
    InvoicePayment: Kind.PAYMENT,
    ProjectFee: Kind.PROJECT_FEE,
}


def card_key(card: Card) -> str:
    """The card's own key in Administration: number or code as text; empty while the program has still to assign it."""
    match card:
        case CustomerCard() | ArticleCard():
            return card.number
        case ProjectCard():
            return card.code
        case ContactCard():
            return str(card.number) if card.number else ""
        case InvoiceDocument():
            return str(card.number) if card.number is not None else ""
