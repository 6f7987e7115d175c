"""Administration as the transfers see it: whole cards and documents of one company (semantics §4.0).

Every method raises ``Refused``, ``Unavailable`` or ``Uncertain`` with a reason. Reads are complete; a register is read
whole, because Administration is local. Through a host that may only read every write raises ``WriteBlocked``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from brygga.administration.adk.errors import Code
from brygga.administration.adk.records import AdkRecord, FieldTraits, Scan, Value
from brygga.administration.adk.tables import HeadField, SortOrder, Table
from brygga.administration.capabilities import capabilities_from, fields_to_ask
from brygga.administration.failures import Situation, understood
from brygga.administration.gateway_accounts import read_posting_accounts
from brygga.administration.gateway_calls import CompanyPlace, HostCalls
from brygga.administration.gateway_company import last_invoice_number, read_code_registers, read_company
from brygga.administration.host_process import HostProcess
from brygga.administration.ledgers import Ledgers
from brygga.administration.mapping import (
    ARTICLE,
    CARDS,
    CONTACT,
    CUSTOMER,
    INVOICE,
    POSTED,
    PROJECT,
    ROW_FIELDS,
    As,
    CardTable,
    card_values,
    changes_to_write,
    document_of,
    document_rows,
    values_to_create,
    zeros,
)
from brygga.administration.owner_file import OWNER_NAME
from brygga.records.base import Record
from brygga.records.ledger import LedgerInvoice, SupplierInvoice
from brygga.records.ownership import Owner
from brygga.records.posting_accounts import PostingAccounts
from brygga.records.reasons import Reason, Refused, Uncertain, reason
from brygga.records.registers import CodeRegisters
from brygga.records.target import (
    KIND_OF,
    ArticleCard,
    Capabilities,
    Card,
    CompanyInfo,
    ContactCard,
    CustomerCard,
    InvoiceDocument,
    Kind,
    PostedInvoice,
    ProjectCard,
    card_key,
)


class Created(Record, frozen=True):
    """A record that was created: its key in Administration, the invoice as posted, and the library's warnings."""

    key: str
    posted: PostedInvoice | None
    warnings: tuple[Reason, ...] = ()
    complete: bool = True
    """A record of Administration is made whole or not at all."""


class AdministrationGateway:
    """One company of Administration through one host process.

    ``user`` and ``password`` are empty where the program has no log-in. What is asked once per opening (company,
    capabilities) is kept until ``forget``.
    """

    def __init__(
        self, host: HostProcess, common_path: str, company_path: str, user: str = "", password: str = ""
    ) -> None:
        self._calls = HostCalls(host, CompanyPlace(common_path, company_path, user, password))
        self._ledgers = Ledgers(self._calls)
        self._company: CompanyInfo | None = None
        self._posting_accounts: PostingAccounts | None = None
        self._capabilities: Capabilities | None = None
        self._traits: dict[tuple[int, int], FieldTraits] | None = None

    # -- the company -----------------------------------------------------------------------------------------
    def check(self) -> CompanyInfo:
        """Open the company anew and read everything about it again."""
        self.forget()
        self.capabilities()
        return self.company()

    def forget(self) -> None:
        """Forget what was asked about the company, so that it is asked again."""
        self._company = self._posting_accounts = self._capabilities = self._traits = None

    def company(self) -> CompanyInfo:
        """Settings, booking years and code registers."""
        if self._company is None:
            traits = self._field_traits()
            with understood():
                self._company = read_company(self._calls, traits)
        return self._company

    def code_registers(self) -> CodeRegisters:
        """The code registers with their texts, read afresh."""
        with understood():
            return read_code_registers(self._calls)

    def posting_accounts(self) -> PostingAccounts:
        """The charts of accounts and what documents are posted to."""
        if self._posting_accounts is None:
            years = self.company().booking_years
            with understood():
                self._posting_accounts = read_posting_accounts(self._calls, years)
        return self._posting_accounts

    def take_notices(self) -> tuple[Reason, ...]:
        """Warnings that are about no record (LOG-952), each given once: here or with the next record written."""
        return self._calls.take_notices()

    def capabilities(self) -> Capabilities:
        """Lengths of texts, and whether a document number may be given."""
        if self._capabilities is None:
            version = self._calls.open()
            self._capabilities = capabilities_from(self._field_traits(), version)
        return self._capabilities

    def probe(self) -> dict[str, str | None]:
        """What this installation answers to what public facts leave open (contracts/adk.md §7); by reading only."""
        return self._calls.probe()

    def _field_traits(self) -> dict[tuple[int, int], FieldTraits]:
        if self._traits is None:
            self._traits = {
                (int(table), field): traits
                for table, fields in fields_to_ask().items()
                for field, traits in self._calls.describe(table, fields).items()
            }
        return self._traits

    # -- registers -------------------------------------------------------------------------------------------
    def customers(self) -> dict[str, CustomerCard]:
        """Every customer, by number."""
        cards = [CustomerCard(**values) for values in self._register(CUSTOMER)]
        return {card.number: card for card in cards}

    def contacts(self) -> tuple[ContactCard, ...]:
        """Every contact, those of suppliers too (their customer number is empty)."""
        return tuple(ContactCard(**values) for values in self._register(CONTACT))

    def projects(self) -> dict[str, ProjectCard]:
        """Every project, by code; one without dates has ``mapping.NO_START`` and ``NO_END``."""
        cards = [ProjectCard(**values) for values in self._register(PROJECT)]
        return {card.code: card for card in cards}

    def articles(self) -> dict[str, ArticleCard]:
        """Every article, by number."""
        cards = [ArticleCard(**values) for values in self._register(ARTICLE)]
        return {card.number: card for card in cards}

    def customer(self, number: str) -> CustomerCard | None:
        """The customer with this number."""
        values = self._find(CUSTOMER, number)
        return None if values is None else CustomerCard(**values)

    def contact(self, number: int) -> ContactCard | None:
        """The contact with this id."""
        values = self._find(CONTACT, str(number))
        return None if values is None else ContactCard(**values)

    def project(self, code: str) -> ProjectCard | None:
        """The project with this code."""
        values = self._find(PROJECT, code)
        return None if values is None else ProjectCard(**values)

    def article(self, number: str) -> ArticleCard | None:
        """The article with this number."""
        values = self._find(ARTICLE, number)
        return None if values is None else ArticleCard(**values)

    def _register(self, table: CardTable) -> list[dict[str, Any]]:
        records = self._calls.scan(Scan(table.table, table.fields))
        with understood():
            return [card_values(table, record) for record in records]

    # -- who writes here -------------------------------------------------------------------------------------
    def owner(self) -> Owner | None:
        """The store that writes to this company, None while none has; ``Refused`` SYS-916 when that is not readable."""
        said = self._calls.owner()
        try:
            return None if said is None else msgspec.convert(said, Owner)
        except msgspec.ValidationError as error:
            raise Refused(reason("SYS-916", path=OWNER_NAME, detail=error)) from error

    def own(self, owner: Owner) -> None:
        """Note in the company folder which store writes to it, and its newest run."""
        self._calls.own(msgspec.structs.asdict(owner))

    # -- invoices --------------------------------------------------------------------------------------------
    def invoices(self, start: date, end: date) -> tuple[PostedInvoice, ...]:
        """Every invoice dated from ``start`` to ``end``, both included, by number.

        Walks back in date order, so that only documents dated after ``start`` are read.
        """
        by_date = Scan(
            Table.INVOICE_HEAD,
            POSTED.fields,
            order=SortOrder.eInvoiceDate,
            backwards=True,
            until=(HeadField.DOCUMENT_DATE1, start.isoformat()),
        )
        posted = (_posted(record) for record in self._calls.scan(by_date))
        return tuple(sorted((p for p in posted if start <= p.date <= end), key=lambda p: p.number))

    def invoice(self, number: int) -> PostedInvoice | None:
        """The invoice with this number, without rows."""
        values = self._find(POSTED, str(number))
        return None if values is None else PostedInvoice(**values)

    def invoice_document(self, number: int) -> InvoiceDocument | None:
        """The invoice with this number and its rows, as Administration holds it."""
        key: dict[int, Value] = {INVOICE.key.field: str(number)}
        record = self._calls.find(INVOICE.table, key, INVOICE.fields, rows=ROW_FIELDS)
        with understood():
            return None if record is None else document_of(record)

    def last_invoice_number(self) -> int:
        """The highest document number among the invoices, 0 when there is none."""
        return last_invoice_number(self._calls)

    def invoices_after(self, number: int) -> tuple[PostedInvoice, ...]:
        """Every invoice numbered above ``number``, by number: complete, bounded, without a filter (state machine 6)."""
        newer = Scan(
            Table.INVOICE_HEAD,
            POSTED.fields,
            backwards=True,
            until=(HeadField.DOCUMENT_NUMBER, str(number + 1)),
        )
        return tuple(_posted(record) for record in reversed(self._calls.scan(newer)))

    # -- ledgers and changes (``AdministrationLedgers``) -------------------------------------------------------
    def changed_customers(self, since: datetime) -> frozenset[str]:
        """Numbers of the customers whose card, or one of whose contacts, was changed at or after ``since``."""
        return self._ledgers.changed_customers(since)

    def ledger_invoices(
        self, *, paid_from: date | None = None, changed_since: datetime | None = None
    ) -> tuple[LedgerInvoice, ...]:
        """Invoices with balances, by number: those with a last payment from the day on, changed since."""
        return self._ledgers.invoices(paid_from=paid_from, changed_since=changed_since)

    def ledger_invoice(self, number: int) -> LedgerInvoice | None:
        """The invoice with this number, with balances."""
        return self._ledgers.invoice(number)

    def supplier_invoices(
        self, *, start: date | None = None, end: date | None = None, changed_since: datetime | None = None
    ) -> tuple[SupplierInvoice, ...]:
        """Supplier invoices with rows, cancelled ones too, by serial: dated within, and changed since."""
        return self._ledgers.supplier_invoices(start=start, end=end, changed_since=changed_since)

    def supplier_invoice(self, serial: int) -> SupplierInvoice | None:
        """The supplier invoice with this serial, with its rows."""
        return self._ledgers.supplier_invoice(serial)

    # -- writing ---------------------------------------------------------------------------------------------
    def create(self, card: Card) -> Created:
        """Create the record, an invoice with its rows; empty fields are left to Administration's defaults."""
        table = CARDS[KIND_OF[type(card)]]
        writable = self._writable()
        values = values_to_create(table, card, {field for of, field in writable if of == table.table})
        rows: list[list[tuple[int, Value]]] = []
        if isinstance(card, InvoiceDocument):
            values += [(HeadField.INCLUDING_VAT, False), *zeros(Table.INVOICE_HEAD, writable)]
            rows = document_rows(card.rows, zeros(Table.INVOICE_ROW, writable))
        read_back = POSTED.fields if isinstance(card, InvoiceDocument) else [table.key.field]
        record, warnings = self._calls.add(_creating(card), table.table, values, rows, read_back)
        try:
            posted = _posted(record) if isinstance(card, InvoiceDocument) else None
            return Created(_key_of(table, record), posted, warnings)
        except Refused as unreadable:
            raise Uncertain(unreadable.reason) from unreadable  # it is written, whatever it looks like

    def _writable(self) -> set[tuple[int, int]]:
        """(table, field) of those that this installation lets a client set, of the fields that were asked about."""
        return {key for key, said in self._field_traits().items() if said.writable}

    def update(self, kind: Kind, key: str, changes: Mapping[str, object]) -> tuple[Reason, ...]:
        """Set the named fields of the card; an empty value empties its field. Answers the library's warnings."""
        table = CARDS[kind]
        identity = str(changes.get("organisation_number", ""))
        situation = Situation("update", writing=True, kind=kind, number=key, identity=identity)
        return self._calls.update(situation, table.table, {table.key.field: key}, changes_to_write(table, changes))

    def mark_printed(self, number: int) -> None:
        """Mark the invoice as printed; one that is printed already is left alone (semantics §4.11)."""
        posted = self.invoice(number)
        situation = Situation("update", writing=True, kind=Kind.INVOICE, number=str(number))
        if posted is None:
            raise Refused(reason("ADK-505", code=int(Code.NOT_FOUND), text=str(number)))
        if not posted.printed:
            key: dict[int, Value] = {HeadField.DOCUMENT_NUMBER: str(number)}
            self._calls.update(situation, Table.INVOICE_HEAD, key, [(HeadField.DOCUMENT_PRINTED, True)])

    def find(self, kind: Kind, key: str) -> Card | PostedInvoice | None:
        """The record of this kind with this key, None when there is none."""
        match kind:
            case Kind.CUSTOMER:
                return self.customer(key)
            case Kind.CONTACT:
                return self.contact(int(key))
            case Kind.PROJECT:
                return self.project(key)
            case Kind.ARTICLE:
                return self.article(key)
            case Kind.INVOICE:
                return self.invoice(int(key))
            case Kind.PAYMENT | Kind.PROJECT_FEE:
                return None  # these are written to Severa only

    def _find(self, table: CardTable, key: str) -> dict[str, Any] | None:
        record = self._calls.find(table.table, {table.key.field: key}, table.fields)
        with understood():
            return None if record is None else card_values(table, record)


def _posted(record: AdkRecord) -> PostedInvoice:
    with understood():
        return PostedInvoice(**card_values(POSTED, record))


def _key_of(table: CardTable, record: AdkRecord) -> str:
    field = table.key.field
    with understood():
        return str(record.whole(field)) if table.key.kind is As.WHOLE else record.text(field)


def _creating(card: Card) -> Situation:
    return Situation(
        "add",
        writing=True,
        kind=KIND_OF[type(card)],
        number=card_key(card),
        day=card.date if isinstance(card, InvoiceDocument) else None,
        identity=card.organisation_number if isinstance(card, CustomerCard) else "",
    )
