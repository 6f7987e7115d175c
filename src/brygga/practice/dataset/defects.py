"""Records that must each fail, or be transferred with a warning, alone: what real registers hold besides good data."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from brygga.practice.administration_accounts import Purpose
from brygga.practice.administration_base import OPEN_END, AdministrationBase, Record, Value, record, table_named
from brygga.practice.arithmetic import half_up, row_total
from brygga.practice.dataset.common import Document, audit, money, month_before, new_guid, working_days_from
from brygga.practice.dataset.customers import CustomerBook, add_contact, forget_country, organisation_number
from brygga.practice.dataset.invoices import InvoiceBook, Sources
from brygga.practice.dataset.maker import Defects, Maker, seed_record
from brygga.practice.dataset.texts import text_of_length

FIRST_NUMBER = 8001
"""Of the customers and of the projects."""

SEVEN_DIGITS = 1_000_001
WRONG_CHECK_DIGIT = "556900-4567"
FOREIGN_IDENTITY = "DE123456789"
STRANGER = "9901"
"""A customer that only Administration has."""
ODD_NAME = "Kafé “Åsa & Öst” – €uro 🙂 AB"
ODD_PROJECT_NAME = "Lansering 🚀 – “Café”, fas 2"
LONG_CODE = "ABC-12345678901234"
LONG_TEXT = 10_000


def add_defects(
    chance: random.Random,
    sources: Sources,
    book: InvoiceBook,
    customers: CustomerBook,
    tables: dict[int, list[Record]],
    base: AdministrationBase,
    month: date,
) -> Defects:
    """Add every defect to both sides; each of them stands on documents of its own or on sound ones."""
    make = Maker(chance, sources, book, customers, month, FIRST_NUMBER)
    _customer_defects(make)
    _project_defects(make)
    _article_defects(make)
    _invoice_defects(make)
    _inactive_customer(make, tables)
    if sources.parameters.numbering_master == "severa":
        # Under Administration master it gives the numbers itself: none can be taken.
        _taken_number(make, tables, base)
    return make.defects


def _customer_defects(make: Maker) -> None:
    nowhere = make.customer("Landlösa Konsult AB", FOREIGN_IDENTITY)
    forget_country(make.customers, nowhere)
    make.project(nowhere, "Utan land")
    make.defects.pass_with(nowhere, "KND-104")

    wrong = make.customer("Felsiffrans Åkeri AB", WRONG_CHECK_DIGIT)
    make.defects.refuse(wrong, "KND-101")
    # Its project cannot be transferred either: the customer it needs cannot be created.
    make.defects.refuse(make.project(wrong, "Hos kund med fel kontrollsiffra"), "KND-101")

    odd = make.customer(ODD_NAME, organisation_number(make.chance))
    make.project(odd, "Drift")
    make.defects.pass_with(odd, "FAK-319")

    silent = add_contact(
        make.customers, make.sources.registers, make.chance, make.sound[0], "Åsa", "Tystberg", active=True,
        phone=False, month=make.month,
    )  # fmt: skip
    make.defects.pass_with(silent)


def _project_defects(make: Maker) -> None:
    make.defects.refuse(make.project(make.sound[0], "Sju siffror", SEVEN_DIGITS), "PRJ-201")
    make.defects.pass_with(make.project(make.sound[1 % len(make.sound)], ODD_PROJECT_NAME), "FAK-319")


def _article_defects(make: Maker) -> None:
    product: Document = {
        "guid": new_guid(make.chance),
        "name": "Artikel med lång kod",
        "code": LONG_CODE,
        "measurementUnit": "st",
        "isActive": True,
        "type": "Materials",
        **audit(month_before(make.month), make.chance),
    }
    make.sources.articles.products.append(product)
    make.defects.refuse(product, "ART-701")


def _invoice_defects(make: Maker) -> None:
    locked = working_days_from(month_before(make.month), 12)[-1]
    make.defects.refuse(make.invoice(0, day=locked), "FAK-305")
    make.defects.refuse(make.invoice(1, vat_rate=Decimal(19)), "FAK-306")
    make.defects.pass_with(make.invoice(2, text=text_of_length(make.chance, LONG_TEXT)))

    codeless: Document = {
        "guid": new_guid(make.chance),
        "name": "Konsulttid utan kod",
        "code": None,
        "isActive": True,
        "isProductive": True,
        "isDefault": False,
        **audit(month_before(make.month), make.chance),
    }
    make.sources.articles.work_types.append(codeless)
    make.defects.refuse(make.invoice(3, source=codeless, codes=(), text=codeless["name"]), "FAK-308")

    wrong_sum = make.invoice(4)
    for name in ("totalExcludingTax", "totalIncludingTax"):
        wrong_sum[name] = money(wrong_sum[name]["amount"] + Decimal("0.50"))
    make.defects.refuse(wrong_sum, "FAK-307")


def _inactive_customer(make: Maker, tables: dict[int, list[Record]]) -> None:
    add_inactive_customer(make, tables, "Vilande Fastigheter AB")


def add_inactive_customer(make: Maker, tables: dict[int, list[Record]], name: str) -> None:
    """A customer that Administration has as inactive, with a project and an invoice that is refused for it."""
    customer = make.customer(name, organisation_number(make.chance))
    project = make.project(customer, "Förvaltning")
    number = str(customer["number"])
    seed_record(tables, "CUSTOMER", {
        "NUMBER": number,
        "NAME": customer["name"],
        "ORGANISATION_NUMBER": customer["vatNumber"],
        "INACTIVE": True,
    })  # fmt: skip
    seed_record(tables, "PROJECT", {
        "CODE_OF_PROJECT": str(project["number"]),
        "NAME": project["name"],
        "DATE_OF_BEGINNING": date.fromisoformat(project["startDate"] or project["createdDateTime"][:10]),
        "DATE_OF_END": date.fromisoformat(project["deadline"]) if project["deadline"] else OPEN_END,
        "CUSTOMER_NUMBER": number,
        "CUSTOMER_NAME": customer["name"],
    })  # fmt: skip
    # Whether the card itself is updated is not decided by the specification: only the invoice is (semantics §4.1d).
    make.defects.refused.add(customer["guid"])
    make.defects.refuse(make.invoice_to(customer, project), "KND-107")


def _taken_number(make: Maker, tables: dict[int, list[Record]], base: AdministrationBase) -> None:
    taken = make.invoice(5)
    make.defects.refuse(taken, "FAK-302")
    quantity, price = Decimal(3), Decimal("1100.00")
    amount = row_total(quantity, price)
    seed_record(tables, "CUSTOMER", {
        "NUMBER": STRANGER,
        "NAME": "Direktkund i Administration AB",
        "ORGANISATION_NUMBER": organisation_number(make.chance),
        "CODE_OF_TERMS_OF_PAYMENT": "30",
    })  # fmt: skip
    row: dict[str, Value] = {
        "TEXT": "Direktfakturerat arbete",
        "QUANTITY1": quantity,
        "QUANTITY2": quantity,
        "PRICE_EACH_CURRENT_CURRENCY": price,
        "VAT_CODE": "1",
        "ACCOUNT_NUMBER": base.accounts[Purpose.SALES_25],
    }
    vat = half_up(amount * Decimal("0.25"))
    day = working_days_from(make.month, 1)[0]
    seed_record(tables, "INVOICE_HEAD", {
        "DOCUMENT_NUMBER": Decimal(taken["number"]),
        "TYPE_OF_INVOICE": "F",
        "DOCUMENT_DATE1": day,
        "DOCUMENT_DATE2": date.fromisoformat(taken["dueDate"]),
        "CUSTOMER_NUMBER": STRANGER,
        "CUSTOMER_NAME": "Direktkund i Administration AB",
        "EXCLUDING_OF_VAT": amount,
        "VAT_AMOUNT": vat,
        "ROWS": [record(table_named("INVOICE_ROW"), row)],
    })  # fmt: skip
