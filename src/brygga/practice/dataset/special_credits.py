"""Credit notes: of what, in which order, and those that must wait or be refused (semantics §3.2, §4.5).

Quantities on the rows of a credit note are negative in Severa, so its totals are too. A credit note points at what it
credits (``reimburseInvoice``) and the original points back (``creditNoteInvoice``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from brygga.practice.administration_accounts import Purpose
from brygga.practice.administration_base import AdministrationBase, Record, Value, record, table_named
from brygga.practice.administration_tables import PRICE_LIST_CODES
from brygga.practice.arithmetic import half_up, ocr_number
from brygga.practice.dataset.common import (
    Document,
    audit,
    is_working_day,
    month_before,
    month_days,
    new_guid,
    working_days_from,
)
from brygga.practice.dataset.customers import organisation_number
from brygga.practice.dataset.invoices import charge_reversely, invoice_settings, totals_of
from brygga.practice.dataset.maker import Maker, seed_record
from brygga.practice.dataset.registers import PAID, TO_TRANSFER, copy
from brygga.practice.dataset.special_currency import RATES, at_least_one, bill_in, settings_of
from brygga.practice.dataset.special_shapes import invoice_at, rounding_invoice
from brygga.practice.dataset.texts import free_text

FEWEST = 4
"""Credit notes of ordinary invoices: so that one in four can be a partial one."""

FIRST_EARLIER_NUMBER = 9_501
"""Administration's numbers of invoices from before the practice month; below its next number."""

Line = tuple[Document, Decimal]
"""A row of the original and the quantity that the credit note has of it."""


@dataclass(frozen=True)
class _Earlier:
    """Where and as what an invoice of an earlier month lies in Administration."""

    customer_number: str
    cancelled: bool = False


def add_credits(
    make: Maker, tables: dict[int, list[Record]], base: AdministrationBase, ordinary: Sequence[Document]
) -> None:
    """Add credit notes of ordinary invoices, of every special kind, and those that cannot be transferred."""
    _ordinary(make, ordinary)
    _of_special_invoices(make)
    _chains(make)
    _without_original(make)
    _of_earlier_months(make, tables, base)


def credit(make: Maker, original: Document, lines: Iterable[Line], *, day: date | None = None) -> Document:
    """Write a credit note of the original; without ``day`` it is dated the month's last working day."""
    number, make.book.next_number = make.book.next_number, make.book.next_number + 1
    when = day or [each for each in month_days(make.month) if is_working_day(each)][-1]
    made = audit(when, make.chance)
    state = make.sources.registers.statuses[TO_TRANSFER]
    document: Document = {
        **original,
        "guid": new_guid(make.chance),
        "number": number,
        "referenceNumber": ocr_number(number),
        "status": copy(state, "name", "isSent", "isWaitingPayment", "isPaid"),
        "date": when.isoformat(),
        "dueDate": (when + timedelta(days=original["paymentTerm"])).isoformat(),
        "entryDate": when.isoformat(),
        "paymentDate": None,
        "isCreditNote": True,
        "reimburseInvoice": copy(original, "number"),
        "creditNoteInvoice": None,
        "notes": None,
        "freeText1": free_text(f"Krediterar faktura {original['number']}"),
        "freeText2": None,
        **made,
    }
    rows = [
        {**row, "guid": new_guid(make.chance), "invoiceGuid": document["guid"], "quantity": quantity,
         "sortOrder": place, **made}
        for place, (row, quantity) in enumerate(lines)
    ]  # fmt: skip
    document |= totals_of(rows)
    make.book.invoices.append(document)
    make.book.rows += rows
    settings = invoice_settings(document, made)
    if settings_of(make, original)["isReverseCharged"]:
        charge_reversely(settings)
    make.book.settings.append(settings)
    original["creditNoteInvoice"] = copy(document, "number")
    return document


def whole(make: Maker, original: Document) -> list[Line]:
    """Everything on the original, taken back."""
    return [(row, -row["quantity"]) for row in make.book.rows_of(original)]


def _part(make: Maker, original: Document) -> list[Line]:
    """Half of the original's largest row."""
    row = max(make.book.rows_of(original), key=lambda each: each["quantity"] * each["unitPrice"]["amount"])
    return [(row, -half_up(row["quantity"] / 2))]


def _ordinary(make: Maker, ordinary: Sequence[Document]) -> None:
    figure = make.sources.parameters.special
    # A row of an invoice with several projects gets its project from entries, which a credit note has none of.
    pool = [each for each in ordinary if each["number"] is not None and len(each["projects"]) == 1]
    count = min(len(pool), max(FEWEST, round(figure.credit_share * len(ordinary))))
    partial = at_least_one(figure.partial_share, count)
    for place, original in enumerate(make.chance.sample(pool, count)):
        lines = _part(make, original) if place < partial else whole(make, original)
        make.defects.pass_with(credit(make, original, lines))


def _of_special_invoices(make: Maker) -> None:
    first_day, *_, last_day = [each for each in month_days(make.month) if is_working_day(each)]
    late = invoice_at(make, 0, [{"quantity": Decimal(10)}])
    late |= {"date": last_day.isoformat(), "dueDate": (last_day + timedelta(days=late["paymentTerm"])).isoformat()}
    make.defects.pass_with(credit(make, late, whole(make, late), day=first_day))

    recharged = invoice_at(make, 1, [{"quantity": Decimal(10)}, {"quantity": Decimal(2), "price": Decimal(500)}])
    given, taken = make.book.rows_of(recharged)
    lines = [(given, -given["quantity"]), (taken, taken["quantity"])]  # AT-38: a charge inside the credit note
    make.defects.pass_with(credit(make, recharged, lines))

    row_by_row = rounding_invoice(make, 2)
    make.defects.pass_with(row_by_row, "FAK-326")
    back = credit(make, row_by_row, whole(make, row_by_row))
    back |= totals_of(make.book.rows_of(back), vat_per_row=True)
    make.defects.pass_with(back, "FAK-326")

    euro = bill_in(make, invoice_at(make, 3, [{"price": Decimal("118.37")}]), "EUR", RATES["EUR"])
    make.defects.pass_with(euro)
    make.defects.pass_with(credit(make, euro, whole(make, euro)))

    export = next(each for each in make.book.invoices if each["currency"]["code"] == "USD"
                  and settings_of(make, each)["isReverseCharged"])  # fmt: skip
    make.defects.pass_with(credit(make, export, whole(make, export)))


def _chains(make: Maker) -> None:
    """A credit note of a credit note, a circle, and an original that does not get there."""
    invoice = invoice_at(make, 4, [{}])
    first = credit(make, invoice, whole(make, invoice))
    make.defects.pass_with(first)
    make.defects.refuse(credit(make, first, whole(make, invoice)), "FAK-342")

    ring = invoice_at(make, 5, [{}])
    one = credit(make, ring, whole(make, ring))
    other = credit(make, one, whole(make, ring))
    one["reimburseInvoice"] = copy(other, "number")
    other["creditNoteInvoice"] = copy(one, "number")
    ring["creditNoteInvoice"] = None
    make.defects.refuse(one, "FAK-341")
    make.defects.refuse(other, "FAK-341")

    stopped = invoice_at(make, 6, [{"vat_rate": Decimal(19)}])
    make.defects.refuse(stopped, "FAK-306")
    # At 25 %, so that nothing but its original stands in the credit note's way.
    row = make.book.rows_of(invoice)[0]
    make.defects.refuse(credit(make, stopped, [(row, -row["quantity"])]), "FAK-303")


def _without_original(make: Maker) -> None:
    """Credit notes whose original cannot come, and one with the sign of an invoice."""
    unlinked = invoice_at(make, 7, [{}])
    alone = credit(make, unlinked, whole(make, unlinked))
    alone["reimburseInvoice"] = unlinked["creditNoteInvoice"] = None
    make.defects.refuse(alone, "FAK-304")

    customer = make.sound[8 % len(make.sound)]
    project = make.sources.projects.won_of[customer["guid"]][0]
    long_ago = working_days_from(month_before(month_before(make.month)), 3)[-1]
    old = make.invoice_with(customer, project, [{}], day=long_ago, status=PAID)
    make.defects.refuse(credit(make, old, whole(make, old)), "FAK-304")

    wrong = invoice_at(make, 9, [{}])
    make.defects.refuse(credit(make, wrong, [(row, row["quantity"]) for row in make.book.rows_of(wrong)]), "FAK-343")


def _of_earlier_months(make: Maker, tables: dict[int, list[Record]], base: AdministrationBase) -> None:
    """Originals of the locked month that lie in Administration by their number (AT-41): the customer's own one, one
    that is somebody else's there, and a cancelled one."""
    customer = make.customer("Återkommande Kunden AB", organisation_number(make.chance))
    project = make.project(customer, "Förvaltning")
    stranger = "9902"
    seed_record(tables, "CUSTOMER", {"NUMBER": stranger, "NAME": "En annan kund i Administration AB"})
    _seed_card(make, tables, customer)
    kinds = (
        (_Earlier(str(customer["number"])), ""),
        (_Earlier(stranger), "FAK-345"),
        (_Earlier(str(customer["number"]), cancelled=True), "FAK-344"),
    )
    day = working_days_from(month_before(make.month), 10)[-1]
    for place, (earlier, code) in enumerate(kinds):
        original = make.invoice_with(customer, project, [{"quantity": Decimal(10)}], day=day, status=PAID)
        # Its number is Administration's in both systems, whoever gives the numbers now.
        number = FIRST_EARLIER_NUMBER + place
        original |= {"number": number, "referenceNumber": ocr_number(number)}
        _seed_invoice(tables, base, original, earlier)
        made = credit(make, original, whole(make, original))
        if code:
            make.defects.refuse(made, code)
        else:
            make.defects.pass_with(made)


def _seed_card(make: Maker, tables: dict[int, list[Record]], customer: Document) -> None:
    """The customer's card in Administration, just as Severa has the customer."""
    address = next(each for each in make.customers.addresses if each["guid"] == customer["headquarterAddress"]["guid"])
    seed_record(tables, "CUSTOMER", {
        "NUMBER": str(customer["number"]),
        "NAME": customer["name"],
        "MAILING_ADDRESS": address["addressline"],
        "ZIPCODE": address["postalCode"],
        "CITY": address["city"],
        "COUNTRY": "Sverige",
        "CODE_OF_COUNTRY": "SE",
        "TELEPHONE": address["phone"] or "",
        "FAX": address["fax"] or "",
        "EMAIL": customer["email"] or "",
        "CODE_OF_LANGUAGE": "SV",
        "CODE_OF_TERMS_OF_PAYMENT": str(customer["paymentTerm"]),
        "PRICE_LIST": PRICE_LIST_CODES.get((customer.get("pricelist") or {}).get("name", ""), ""),
        "ORGANISATION_NUMBER": customer["vatNumber"],
    })  # fmt: skip


def _seed_invoice(
    tables: dict[int, list[Record]], base: AdministrationBase, original: Document, earlier: _Earlier
) -> None:
    row: dict[str, Value] = {
        "TEXT": "Konsultarvode enligt avtal",
        "QUANTITY1": Decimal(10),
        "QUANTITY2": Decimal(10),
        "PRICE_EACH_CURRENT_CURRENCY": Decimal(1250),
        "VAT_CODE": "1",
        "ACCOUNT_NUMBER": base.accounts[Purpose.SALES_25],
    }
    seed_record(tables, "INVOICE_HEAD", {
        "DOCUMENT_NUMBER": Decimal(original["number"]),
        "TYPE_OF_INVOICE": "F",
        "DOCUMENT_PRINTED": True,
        "DOCUMENT_CANCELLED": earlier.cancelled,
        "DOCUMENT_DATE1": date.fromisoformat(original["date"]),
        "DOCUMENT_DATE2": date.fromisoformat(original["dueDate"]),
        "CUSTOMER_NUMBER": earlier.customer_number,
        "ROWS": [record(table_named("INVOICE_ROW"), row)],
    })  # fmt: skip
