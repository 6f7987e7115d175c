"""Hours, fees, travel expenses behind invoice rows: the only way from row to project (contracts/severa.md §3.5)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal

from brygga.practice.dataset.common import Document, money, new_guid
from brygga.practice.dataset.registers import Registers, copy, person
from brygga.practice.dataset.rows import RowPlan


@dataclass
class EntryBook:
    """The entries as wire documents."""

    work_hours: list[Document] = field(default_factory=list)
    fees: list[Document] = field(default_factory=list)
    travel_expenses: list[Document] = field(default_factory=list)

    def renumber(self, invoice: Document) -> None:
        """Give the invoice's number to the entries behind it, which repeat it."""
        for entry in (*self.work_hours, *self.fees, *self.travel_expenses):
            if entry["invoice"]["guid"] == invoice["guid"]:
                entry["invoice"]["number"] = invoice["number"]


def add_entries(
    book: EntryBook,
    registers: Registers,
    chance: random.Random,
    invoice: Document,
    rows: list[tuple[Document, RowPlan]],
    made: Document,
) -> None:
    """Write the entries behind the rows of an invoice; a mixed row gets one of each project."""
    for row, plan in rows:
        shares = [(plan.project, row["quantity"])]
        if plan.other_project is not None:
            half = (row["quantity"] / 2).quantize(Decimal("0.01"))
            shares = [(plan.project, half), (plan.other_project, row["quantity"] - half)]
        for project, quantity in shares:
            user = chance.choice(registers.users)
            common: Document = {
                "guid": new_guid(chance),
                "description": row["description"],
                "unitPrice": row["unitPrice"],
                "eventDate": invoice["date"],
                "quantity": quantity,
                "invoiceQuantity": quantity,
                "isBillable": True,
                "invoice": copy(invoice, "date", "number"),
                "invoiceRowGuid": row["guid"],
                **made,
            }
            _add(book, common, plan, project, user)


def _add(book: EntryBook, common: Document, plan: RowPlan, project: Document, user: Document) -> None:
    customer = project["customer"]
    if plan.kind == "hours":
        entry = {
            **common,
            "customer": dict(customer),
            "workType": copy(plan.source, "name", "code"),
            "billableStatus": "Billable",
            "isModifiable": False,
            "user": copy(user, "code", "firstName", "lastName") | {"name": person(user)},
            "project": copy(project, "name", "number", "isClosed"),
        }
        book.work_hours.append(entry)
    elif plan.kind == "product":
        entry = {
            **common,
            "name": plan.source["name"],
            "project": copy(project, "name"),
            "customer": dict(customer),
            "product": copy(plan.source, "name", "code"),
            "productType": plan.source["type"],
            "measurementUnit": plan.unit,
            "hasVolumePricing": False,
            "vatRate": plan.vat_rate,
            "isRecurrenceRule": False,
            "user": copy(user, "code") | {"name": person(user)},
        }
        book.fees.append(entry)
    else:
        entry = {
            **common,
            "project": copy(project, "name", "number", "isInternal"),
            "customer": {"guid": customer["guid"], "name": customer["name"]},
            "travelExpense": copy(plan.source, "name", "code", "expenseClass", "includeTime"),
            "unitCost": money(plan.price),
            "measurementUnit": plan.unit,
            "vatRate": plan.vat_rate,
            "travelReimbursementRequired": False,
            "attachmentCount": 0,
            "user": copy(user, "code") | {"name": person(user)},
        }
        book.travel_expenses.append(entry)
