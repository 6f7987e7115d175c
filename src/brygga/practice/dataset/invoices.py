"""Customer invoices of a month with their rows, settings and the entries behind the rows."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from brygga.practice.arithmetic import half_up, invoice_totals, ocr_number, row_total
from brygga.practice.dataset.articles import ArticleBook
from brygga.practice.dataset.common import (
    Document,
    audit,
    is_working_day,
    money,
    month_days,
    new_guid,
    next_month,
    stream,
    working_days_from,
)
from brygga.practice.dataset.entries import EntryBook, add_entries
from brygga.practice.dataset.parameters import Figures, PracticeParameters
from brygga.practice.dataset.projects import ProjectBook
from brygga.practice.dataset.registers import Registers, copy, person
from brygga.practice.dataset.rows import ROW_KINDS, RowPlan, plan_rows, with_every_shape
from brygga.practice.dataset.texts import free_text, long_notes, text_of_length
from brygga.practice.dataset.words import FREE_TEXTS, NOTES

FIRST_NUMBER = {"severa": 10_001, "administration": 9_000_001}
"""Severa's first invoice number; under Administration master Severa's series is a temporary one (semantics §4.3)."""

LONG_ORDER_NUMBER = "PO-2026-000123/AVROP-7"
LONG_REFERENCE = "Ann-Charlotte Wennerström-Lindqvist"
REMARK_LENGTH = 255
"""Administration's room for the unprinted remark in the practice company (adk_engine field lengths)."""


@dataclass
class InvoiceBook:
    """Invoices as wire documents with what belongs to them."""

    invoices: list[Document] = field(default_factory=list)
    rows: list[Document] = field(default_factory=list)
    settings: list[Document] = field(default_factory=list)
    entries: EntryBook = field(default_factory=EntryBook)
    next_number: int = 0

    def rows_of(self, invoice: Document) -> list[Document]:
        """The rows of an invoice."""
        return [row for row in self.rows if row["invoiceGuid"] == invoice["guid"]]

    def collections(self) -> dict[str, list[Document]]:
        """The collections of the environment that belong to invoices."""
        return {
            "invoices": self.invoices,
            "invoicerows": self.rows,
            "invoicesettings": self.settings,
            "workhours": self.entries.work_hours,
            "projectfees": self.entries.fees,
            "projecttravelexpenses": self.entries.travel_expenses,
            "flatrates": [],
        }


@dataclass(frozen=True)
class Sources:
    """What invoices are made of."""

    parameters: PracticeParameters
    registers: Registers
    customers: list[Document]
    contacts: list[Document]
    projects: ProjectBook
    articles: ArticleBook


@dataclass(frozen=True)
class _Draft:
    day: date
    customer: Document
    projects: list[Document]
    rows: list[RowPlan]
    reverse_charged: bool


def build_month(book: InvoiceBook, sources: Sources, month: date, status: str) -> list[Document]:
    """The invoices of one month, numbered in the order of their dates, all in the given status."""
    chance = stream(sources.parameters.seed, f"invoices:{month:%Y-%m}")
    drafts = _drafts(chance, sources, month)
    domestic = [draft for draft in drafts if not draft.reverse_charged]
    shaped = iter(with_every_shape(chance, [draft.rows for draft in domestic]))
    made: list[Document] = []
    for draft in drafts:
        rows = draft.rows if draft.reverse_charged else next(shaped)
        made.append(add_invoice(book, sources, chance, draft.day, draft.customer, draft.projects, rows, status))
        if draft.reverse_charged:
            charge_reversely(book.settings[-1])
    _dress(chance, made)
    return made


def _drafts(chance: random.Random, sources: Sources, month: date) -> list[_Draft]:
    figure, won_of = sources.parameters.figure, sources.projects.won_of
    count = _invoice_count(figure, month)
    days = sorted(_invoice_day(chance, figure, month) for _ in range(count))
    several = chance.sample(range(count), min(count, max(2, round(count * figure.several_projects_share))))
    alone = [place for place in range(count) if place not in several]
    reverse_charged = chance.sample(alone, min(len(alone), _reverse_charged_count(figure)))
    billed = [each for each in sources.customers[: figure.active_customers] if is_billed_in_sek(each)]
    busy = [each for each in billed if len(won_of[each["guid"]]) > 1] or billed
    drafts: list[_Draft] = []
    for place, day in enumerate(days):
        customer = chance.choice(busy if place in several else billed)
        if place in reverse_charged:
            customer = sources.customers[figure.active_customers - 1]
        own = won_of[customer["guid"]]
        projects = own[: chance.choice((2, 3))] if place in several else [_open_first(chance, own)]
        rows = plan_rows(chance, figure, sources.articles, projects, day, reverse_charged=place in reverse_charged,
                         mixed=place == several[0])  # fmt: skip
        drafts.append(_Draft(day, customer, projects, rows, place in reverse_charged))
    return drafts


def _invoice_count(figure: Figures, month: date) -> int:
    normal = figure.invoices_per_year / (11 + figure.july_share)
    return max(1, round(normal * (figure.july_share if month.month == 7 else 1)))


def _reverse_charged_count(figure: Figures) -> int:
    return figure.reverse_charge_invoices if figure.reverse_charge_customers else 0


def is_billed_in_sek(customer: Document) -> bool:
    """Whether ordinary invoices in kronor go to the customer: a domestic one."""
    country = customer["headquarterAddress"]["country"]
    return bool(customer["currency"]["code"] == "SEK" and country in ("Sverige", None))


def _open_first(chance: random.Random, projects: list[Document]) -> Document:
    still_open = [each for each in projects if not each["isClosed"]]
    return chance.choice(still_open or projects)


def _invoice_day(chance: random.Random, figure: Figures, month: date) -> date:
    days = [day for day in month_days(month) if is_working_day(day)]
    return chance.choice(days[-3:]) if chance.random() < figure.last_days_share else chance.choice(days[:-3])


def _made_on(chance: random.Random, day: date) -> date:
    """Invoices dated at the end of a month are made in the first five working days of the next."""
    last_days = [each for each in month_days(day) if is_working_day(each)][-3:]
    return chance.choice(working_days_from(next_month(day), 5)) if day in last_days else day


def add_invoice(
    book: InvoiceBook,
    sources: Sources,
    chance: random.Random,
    day: date,
    customer: Document,
    projects: list[Document],
    plans: list[RowPlan],
    status: str,
) -> Document:
    """Write an invoice with its rows, settings and, when it has several projects, the entries behind the rows."""
    registers = sources.registers
    number, book.next_number = book.next_number, book.next_number + 1
    made = audit(_made_on(chance, day), chance)
    state, krona = registers.statuses[status], registers.currencies["SEK"]
    contacts = [each for each in sources.contacts if each["customer"]["guid"] == customer["guid"] and each["isActive"]]
    contact = chance.choice(contacts) if contacts and chance.random() < 0.8 else None
    days = customer["paymentTerm"] + (5 if chance.random() < 0.05 else 0)
    invoice: Document = {
        "guid": new_guid(chance),
        "number": number,
        "referenceNumber": None if chance.random() < 0.1 else ocr_number(number),
        "status": copy(state, "name", "isSent", "isWaitingPayment", "isPaid"),
        "customer": copy(customer, "name", "number"),
        "billingCustomer": copy(customer, "name", "number"),
        "projects": [copy(project, "name", "number") for project in projects],
        "date": day.isoformat(),
        "dueDate": (day + timedelta(days=days)).isoformat(),
        "paymentDate": (day + timedelta(days=days + 2)).isoformat() if state["isPaid"] else None,
        "entryDate": day.isoformat(),
        "paymentTerm": customer["paymentTerm"],
        "overdueInterest": 8,
        "ourReference": person(chance.choice(registers.users)),
        "yourReference": contact["name"] if contact else None,
        "currency": copy(krona, "name", "code", "symbol"),
        "currencyRate": Decimal(1),
        "receiverCustomerName": customer["name"],
        "receiverVatNumber": customer["vatNumber"],
        "isCreditNote": False,
        "invoiceNumberBusinessUnitGuid": registers.business_units[0]["guid"],
        "orderNumber": f"PO-{chance.randrange(1000, 99999)}" if chance.random() < 0.3 else None,
        "notes": None,
        "freeText1": None,
        "freeText2": None,
        "canBeDeleted": False,
        **made,
    }
    rows = [_row(sources, chance, invoice, plan, place, made) for place, plan in enumerate(plans)]
    invoice |= totals_of(rows)
    book.invoices.append(invoice)
    book.rows += rows
    book.settings.append(invoice_settings(invoice, made))
    if len(projects) > 1:
        add_entries(book.entries, sources.registers, chance, invoice, list(zip(rows, plans, strict=True)), made)
    return invoice


def _row(
    sources: Sources, chance: random.Random, invoice: Document, plan: RowPlan, place: int, made: Document
) -> Document:
    registers = sources.registers
    known = registers.sales_account_of
    account = registers.sales_accounts[known.get(plan.vat_rate, known[Decimal(25)])]
    centre = plan.project["costCenter"]
    if plan.mixed or (centre is None and chance.random() < 0.3):
        centre = copy(chance.choice(registers.cost_centres), "name", "identifier")
    row_type, category = ROW_KINDS[plan.kind]
    return {
        "guid": new_guid(chance),
        "invoiceGuid": invoice["guid"],
        "rowType": row_type,
        "category": category,
        "description": plan.text,
        "quantity": plan.quantity,
        "unitPrice": money(plan.price),
        "measurementUnit": plan.unit,
        "vatRate": plan.vat_rate,
        "sortOrder": place,
        "salesAccount": {"number": account["number"], "name": account["name"]},
        "costCenter": (
            {"number": centre["identifier"], "name": centre["name"]}
            if centre and (plan.mixed or chance.random() < 0.7)
            else None
        ),
        "hasInvoiceComment": False,
        "code": list(plan.codes),
        **made,
    }


def totals_of(rows: list[Document], *, vat_per_row: bool = False) -> Document:
    """The totals Severa shows for rows, in their currency: VAT once per rate (or per row), no rounding to kronor."""
    figures = [(row["quantity"], row["unitPrice"]["amount"], row["vatRate"] or Decimal(0)) for row in rows]
    currency = rows[0]["unitPrice"]["currencyCode"]
    totals = invoice_totals(figures, whole_kronor=False, vat_per_row=vat_per_row)
    parts: dict[str, Decimal] = {}
    hours = Decimal(0)
    for row in rows:
        amount = row_total(row["quantity"], row["unitPrice"]["amount"])
        parts[row["rowType"]] = parts.get(row["rowType"], Decimal(0)) + amount
        hours += row["quantity"] if row["rowType"] == "Hours" else 0
    return {
        "totalExcludingTax": money(totals.net, currency),
        "totalTax": money(totals.vat, currency),
        "totalIncludingTax": money(totals.gross, currency),
        "workHoursTotalExcludingTax": money(half_up(parts.get("Hours", Decimal(0))), currency),
        "projectFeesTotalExcludingTax": money(half_up(parts.get("ProjectFees", Decimal(0))), currency),
        "projectTravelExpensesTotalExcludingTax": money(half_up(parts.get("TravelExpenses", Decimal(0))), currency),
        "flatRatesTotalExcludingTax": money(half_up(parts.get("FlatRate", Decimal(0))), currency),
        "workHoursQuantity": hours,
    }


def charge_reversely(settings: Document) -> None:
    """Mark the invoice of these settings as reverse-charged, with the mention that the law wants (semantics §3.3)."""
    settings["isReverseCharged"] = True
    settings["reverseChargeDescription"] = "Omvänd betalningsskyldighet / Reverse charge"


def invoice_settings(invoice: Document, made: Document) -> Document:
    """The settings of an invoice without reverse charge.

    They carry the guid of their invoice: the wire document has no other link to it.
    """
    flags = (
        "showLogoAndTitle showFooter showQuantity showUnit showUnitPrice showValueAddedTax "
        "showPriceExcludingValueAddedTax showAttachmentQuantity showAttachmentUnit showAttachmentUnitPrice "
        "showAttachmentValueAddedTax showAttachmentPriceExcludingValueAddedTax showCategories showReferenceNumber"
    )
    return {
        "guid": invoice["guid"],
        "isReverseCharged": False,
        "workHourGrouping": "Group",
        "projectFeeGrouping": "OneByOne",
        "projectTravelExpenseGrouping": "OneByOne",
        **dict.fromkeys(flags.split(), True),
        **made,
    }


def _dress(chance: random.Random, invoices: list[Document]) -> None:
    """Texts above and below the rows, notes, order numbers: some on most invoices, every odd shape on one."""
    for invoice in invoices:
        if chance.random() < 0.3:
            invoice["freeText1"] = free_text(chance.choice(FREE_TEXTS))
        if chance.random() < 0.2:
            invoice["freeText2"] = free_text(text_of_length(chance, chance.randrange(1, 600)))
        if chance.random() < 0.3:
            invoice["notes"] = chance.choice(NOTES)
    odd: list[Document] = [
        {"orderNumber": LONG_ORDER_NUMBER},
        {"ourReference": LONG_REFERENCE},
        # "SEVERA:" + guid + a space take 44 characters of the remark.
        {"notes": long_notes(chance, REMARK_LENGTH - 44)},
        {"notes": "", "freeText1": free_text(""), "freeText2": free_text("")},
        {"notes": "   ", "freeText1": None, "freeText2": None, "orderNumber": None, "yourReference": None},
        {"freeText1": free_text("\nText efter en tom rad\n\noch före en annan\n")},
        {"referenceNumber": None},
    ]
    for changes, invoice in zip(odd, invoices, strict=False):
        invoice |= changes
