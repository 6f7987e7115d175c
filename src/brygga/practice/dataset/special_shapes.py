"""The edge pack of spec/data.md: invoices, customers and projects of every shape that has been a problem somewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from brygga.practice.administration_base import OPEN_END, Record
from brygga.practice.dataset.common import Document, month_before
from brygga.practice.dataset.customers import organisation_number
from brygga.practice.dataset.defects import add_inactive_customer
from brygga.practice.dataset.invoices import totals_of
from brygga.practice.dataset.maker import Maker, seed_record
from brygga.practice.dataset.projects import NEAR_NUMBERS
from brygga.practice.dataset.texts import EDGE_LENGTHS, text_of_length

SEVEN_DIGITS = 1_000_010
LEADING_ZEROS, WITHOUT_ZEROS = "0042", 42
"""A customer number of Administration and the Severa number that a sloppy comparison takes for the same."""
PADDED_PROJECT = "010"
"""A project of Administration that is not Severa's project 10 (semantics §4.0)."""
UNKNOWN_TERMS = 37
"""Days of payment that the settings map to nothing."""
UNKNOWN_UNIT = "paket"
CONSTRUCTION_NAMES = ("Byggmästarna i Ådalen AB", "Takläggarna i Ö-vik AB", "Grund & Betong i Åhus AB")


def add_shapes(make: Maker, tables: dict[int, list[Record]]) -> None:
    """Add the edge pack."""
    _amounts(make)
    _rounding(make)
    _texts_units_and_terms(make)
    _near_projects(make, tables)
    _near_customers(make, tables)
    _seven_digits(make)
    add_inactive_customer(make, tables, "Slumrande Handels AB")


def invoice_at(make: Maker, place: int, rows: Sequence[Mapping[str, object]]) -> Document:
    """An invoice with these rows to a sound customer and its first project."""
    customer = make.sound[place % len(make.sound)]
    return make.invoice_with(customer, make.sources.projects.won_of[customer["guid"]][0], rows)


def _amounts(make: Maker) -> None:
    """Totals that are reduced by a deduction, negative, or nothing (semantics §4.5, AT-37, AT-43)."""
    hours, back = {"quantity": Decimal(8)}, {"quantity": Decimal(-8)}
    deduction = {"quantity": Decimal(-1), "price": Decimal(50_000), "text": "Avgår à conto"}
    make.defects.pass_with(invoice_at(make, 0, [{"quantity": Decimal(160)}, deduction]))
    make.defects.pass_with(invoice_at(make, 1, [hours, deduction]), "FAK-329")
    make.defects.pass_with(invoice_at(make, 2, [back]), "FAK-329")
    make.defects.pass_with(invoice_at(make, 3, [hours, back]))


def rounding_invoice(make: Maker, place: int) -> Document:
    """Three rows of 99.99 whose VAT Severa has rounded row by row: 75.00 instead of 74.99 (AT-53)."""
    invoice = invoice_at(make, place, [{"quantity": Decimal(1), "price": Decimal("99.99")}] * 3)
    return _again(invoice, totals_of(make.book.rows_of(invoice), vat_per_row=True))


def _again(invoice: Document, changes: Document) -> Document:
    invoice |= changes
    return invoice


def _rounding(make: Maker) -> None:
    make.defects.pass_with(rounding_invoice(make, 4), "FAK-326")
    # The first row's total is lost with a price of two decimals, the second one's is not (semantics §4.13).
    lost = {"quantity": Decimal(3), "price": Decimal("99.995"), "text": "Konsultarvode, rabatterat pris"}
    kept = {"quantity": Decimal("0.5"), "price": Decimal("1000.002")}
    make.defects.pass_with(invoice_at(make, 5, [lost, kept]), "FAK-330")
    without_rate = invoice_at(make, 6, [{}])
    for row in make.book.rows_of(without_rate):
        row["vatRate"] = None
    without_rate |= totals_of(make.book.rows_of(without_rate))
    make.defects.refuse(without_rate, "FAK-306")


def _texts_units_and_terms(make: Maker) -> None:
    texts = [{"text": text_of_length(make.chance, length)} for length in EDGE_LENGTHS]
    make.defects.pass_with(invoice_at(make, 7, texts))
    make.defects.pass_with(invoice_at(make, 8, [{"unit": UNKNOWN_UNIT}]), "ENH-851")
    patient = make.customer("Tålmodiga Gruppen AB", organisation_number(make.chance))
    patient["paymentTerm"] = UNKNOWN_TERMS
    make.defects.pass_with(patient, "BTV-853")
    make.defects.pass_with(make.invoice_to(patient, make.project(patient, "Löpande råd")), "BTV-853")


def _near_projects(make: Maker, tables: dict[int, list[Record]]) -> None:
    by_number = {each["number"]: each for each in make.sources.projects.projects}
    customers = {each["guid"]: each for each in make.sources.customers}
    for number, _ in NEAR_NUMBERS:
        project = by_number[number]
        make.defects.pass_with(make.invoice_to(customers[project["customer"]["guid"]], project))
    seed_record(tables, "PROJECT", {
        "CODE_OF_PROJECT": PADDED_PROJECT,
        "NAME": dict(NEAR_NUMBERS)[int(PADDED_PROJECT)],
        "DATE_OF_BEGINNING": month_before(make.month),
        "DATE_OF_END": OPEN_END,
    })  # fmt: skip


def _near_customers(make: Maker, tables: dict[int, list[Record]]) -> None:
    seed_record(tables, "CUSTOMER", {
        "NUMBER": LEADING_ZEROS,
        "NAME": "Inledande Nollor AB",
        "ORGANISATION_NUMBER": organisation_number(make.chance),
    })  # fmt: skip
    near = make.customer("Fyrtiotvåans Handels AB", organisation_number(make.chance), number=WITHOUT_ZEROS)
    make.defects.pass_with(make.invoice_to(near, make.project(near, "Drift")))


def _seven_digits(make: Maker) -> None:
    customer = make.sound[9 % len(make.sound)]
    project = make.project(customer, "Ett nummer för långt", SEVEN_DIGITS)
    make.defects.refuse(project, "PRJ-201")
    make.defects.refuse(make.invoice_to(customer, project), "PRJ-201")
