"""Makes customers, projects and invoices that are wanted for themselves, and keeps what each of them must give."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from brygga.practice.administration_base import Record, Value, record, table_named
from brygga.practice.dataset.common import Document, working_days_from
from brygga.practice.dataset.customers import CustomerBook, Identity, add_customer
from brygga.practice.dataset.invoices import InvoiceBook, Sources, add_invoice, is_billed_in_sek
from brygga.practice.dataset.projects import add_project, new_project
from brygga.practice.dataset.registers import TO_TRANSFER
from brygga.practice.dataset.rows import RowPlan


@dataclass
class Defects:
    """``expected_reasons``: guid → message codes that must be among those the row gives (semantics §5.2).

    ``refused``: guids that must not be transferred.
    """

    expected_reasons: dict[str, frozenset[str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def refuse(self, document: Document, code: str) -> None:
        """The document must not be transferred, for this reason."""
        self.refused.add(document["guid"])
        self.expected_reasons[document["guid"]] = frozenset({code})

    def pass_with(self, document: Document, *codes: str) -> None:
        """The document must be transferred, with these warnings."""
        self.expected_reasons[document["guid"]] = frozenset(codes)


class Maker:
    """Adds customers, projects and invoices one at a time; each with a number of its own."""

    def __init__(
        self,
        chance: random.Random,
        sources: Sources,
        book: InvoiceBook,
        customers: CustomerBook,
        month: date,
        first_number: int,
    ) -> None:
        self.chance, self.sources, self.book, self.customers, self.month = chance, sources, book, customers, month
        self.defects = Defects()
        billed = [each for each in sources.customers if is_billed_in_sek(each) and each["vatNumber"]]
        self.sound = [each for each in billed if each["guid"] in sources.projects.won_of]
        self.next_customer = self.next_project = first_number

    def customer(self, name: str, identity: str | None, **changes: object) -> Document:
        """A Swedish customer billed in kronor; ``changes`` are changes to its identity."""
        number, self.next_customer = self.next_customer, self.next_customer + 1
        what = Identity(name, number, "SE", identity, ("Provvägen 1",), "111 20", "Stockholm", "sv-SE", "SEK", None)
        what = replace(what, **changes)  # type: ignore[arg-type]
        return add_customer(
            self.customers, what, self.sources.registers, self.sources.parameters, self.chance, self.month
        )

    def project(self, customer: Document, name: str, number: int | None = None) -> Document:
        """A won and open project of the customer."""
        if number is None:
            number, self.next_project = self.next_project, self.next_project + 1
        project = new_project(
            self.sources.registers, self.chance, customer, number, name, state="Won", closed=False, month=self.month
        )
        add_project(self.sources.projects, project, won=True)
        return project

    def row(self, project: Document) -> RowPlan:
        """Eight hours at 1 250 with 25 % VAT."""
        work_type = self.sources.articles.active("work_types")[0]
        codes, text = (work_type["code"],), "Konsultarvode enligt avtal"
        return RowPlan("hours", work_type, codes, text, Decimal(8), Decimal(1250), "h", Decimal(25), project)

    def invoice(self, place: int, *, day: date | None = None, **changes: object) -> Document:
        """An invoice of one row to a sound customer; ``changes`` are changes to the row."""
        customer = self.sound[place % len(self.sound)]
        project = self.sources.projects.won_of[customer["guid"]][0]
        return self.invoice_to(customer, project, day=day, **changes)

    def invoice_to(
        self, customer: Document, project: Document, *, day: date | None = None, **changes: object
    ) -> Document:
        """An invoice of one row to this customer; ``changes`` are changes to the row."""
        return self.invoice_with(customer, project, [changes], day=day)

    def invoice_with(
        self,
        customer: Document,
        project: Document,
        rows: Sequence[Mapping[str, object]],
        *,
        day: date | None = None,
        status: str = TO_TRANSFER,
    ) -> Document:
        """An invoice with a row for each of ``rows``, which are changes to the ordinary row; all for one project."""
        plans = [replace(self.row(project), **changes) for changes in rows]  # type: ignore[arg-type]
        when = day or working_days_from(self.month, 5)[-1]
        return add_invoice(self.book, self.sources, self.chance, when, customer, [project], plans, status)


def seed_record(tables: dict[int, list[Record]], name: str, values: Mapping[str, Value]) -> None:
    """Put a record, by field name, in Administration before the transfers."""
    table = table_named(name)
    tables.setdefault(table.id, []).append(record(table, values))
