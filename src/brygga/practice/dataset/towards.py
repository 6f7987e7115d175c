"""What the practice company holds for the transfers from Administration to Severa."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from brygga.practice.administration_base import AdministrationBase, Record
from brygga.practice.dataset.common import Document, audit, new_guid, stream
from brygga.practice.dataset.customers import CustomerBook
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.projects import ProjectBook
from brygga.practice.dataset.registers import PAID, TO_TRANSFER
from brygga.practice.dataset.towards_customers import CustomerChange, customer_changes, customer_tables
from brygga.practice.dataset.towards_payments import PaymentPlan, payment_plans
from brygga.practice.dataset.towards_suppliers import Codes, supplier_tables

PART_PAID = "Delbetald"
PRICE_PERCENT = "115"
BLOCKED_ACCOUNTS = ("1000-1999", "2440", "2614-2615", "2640-2649", "3740")
"""Assets, supplier debt, VAT and rounding (semantics §3.6, §4.10)."""
MOST_PROJECTS = 40


@dataclass(frozen=True)
class TowardsSevera:
    """What lies or happens in Administration for Severa to get.

    ``payments`` and ``customer_changes`` are entered when the month's records are in Administration
    (``practice.payments_of_month``). ``closing_project`` is the guid of the Severa project that somebody closes between
    the listing and the transfer of supplier invoices.
    """

    payments: tuple[PaymentPlan, ...]
    customer_changes: tuple[CustomerChange, ...]
    closing_project: str
    settings: Mapping[str, Any]


def add_towards(
    parameters: PracticeParameters,
    projects: ProjectBook,
    customers: CustomerBook,
    refused: Collection[str],
    severa: dict[str, list[Document]],
    tables: dict[int, list[Record]],
    base: AdministrationBase,
    month: date,
) -> TowardsSevera:
    """Add suppliers, their invoices and customers to Administration, and a status for part-paid invoices to Severa.

    ``refused``: guids of invoices that are not transferred, so that nobody pays them in Administration.
    """
    chance = stream(parameters.seed, "towards")
    waiting = [
        each for each in severa["invoices"] if each["status"]["name"] == TO_TRANSFER and each["guid"] not in refused
    ]
    closing, codes = _projects(projects)
    active = customers.customers[: parameters.figure.active_customers]
    reverse_charged = {row["customer"]["guid"] for row in customers.country_settings if row["isTaxFree"]}
    centres = [centre.code for centre in base.profit_centres]
    for held in (customer_tables(month), supplier_tables(chance, parameters.size, codes, centres, month)):
        for table, records in held.items():
            tables.setdefault(table, []).extend(records)
    _add_status(severa, chance, month)
    return TowardsSevera(
        payments=payment_plans(chance, waiting),
        customer_changes=customer_changes(active, reverse_charged, month),
        closing_project=closing["guid"],
        settings={
            "payments.status_paid": PAID,
            "payments.status_part_paid": PART_PAID,
            "supplier_invoices.price_mode": "percent",
            "supplier_invoices.price_percent": PRICE_PERCENT,
            "supplier_invoices.blocked_accounts": list(BLOCKED_ACCOUNTS),
        },
    )


def _projects(book: ProjectBook) -> tuple[Document, Codes]:
    """The project that will be closed, and the codes of the supplier invoices; AT-01's near numbers among them."""
    won = {each["guid"] for some in book.won_of.values() for each in some}
    usable = [each for each in book.projects if each["guid"] in won and not each["isClosed"]]
    closed = next(each for each in book.projects if each["guid"] in won and each["isClosed"])
    closing, others = usable[-1], usable[:-1][:MOST_PROJECTS]

    def code(project: Document) -> str:
        return book.code_map.get(str(project["number"])) or str(project["number"])

    return closing, Codes([code(each) for each in others], code(closed), code(closing))


def _add_status(severa: dict[str, list[Document]], chance: random.Random, month: date) -> None:
    flags = ("hasInvoiceNumber", "isReadOnly", "isSent", "isWaitingPayment")
    other = ("isDefault", "isPaid", "isDefaultForCreditNote")
    severa["invoicestatuses"].append(
        {
            "guid": new_guid(chance),
            "name": PART_PAID,
            "isActive": True,
            "sortOrder": len(severa["invoicestatuses"]),
            **dict.fromkeys(flags, True),
            **dict.fromkeys(other, False),
            **audit(month, chance),
        }
    )
