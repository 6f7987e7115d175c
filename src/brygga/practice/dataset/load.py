"""Sets for load tests and benchmarks: many ordinary invoices over few customers and projects, made one at a time."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from brygga.practice.administration_base import Record
from brygga.practice.administration_seed import BUILT_IN_NAME, built_in_administration
from brygga.practice.administration_tables import tables_of
from brygga.practice.dataset.articles import build_articles
from brygga.practice.dataset.common import Document, is_working_day, month_days, stream
from brygga.practice.dataset.company import NEXT_NUMBER, Setting, number_series, settings_of_company, wire_collections
from brygga.practice.dataset.customers import build_customers
from brygga.practice.dataset.invoices import FIRST_NUMBER, InvoiceBook, Sources, add_invoice
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.projects import build_projects
from brygga.practice.dataset.registers import TO_TRANSFER, build_registers
from brygga.practice.dataset.rows import RowPlan

PROJECTS_PER_CUSTOMER = 3
TEXT = "Konsultarvode enligt avtal"


@dataclass(frozen=True)
class LoadSet:
    """A company whose month holds a given number of invoices. Nothing of it is in Administration but the codes.

    ``invoices`` have ``rows`` rows each; the first ``zero_rate`` of them have a row without VAT, the next
    ``several_projects`` rows of two projects. ``registers`` are the collections without the invoices' own.
    """

    invoices: int
    rows: int
    zero_rate: int
    several_projects: int
    month: date
    settings: Mapping[str, Setting]
    registers: Mapping[str, list[Document]]
    administration_tables: Mapping[int, list[Record]]
    sources: Sources = field(repr=False)
    name: str = BUILT_IN_NAME
    next_invoice_number: int = NEXT_NUMBER

    def invoice_books(self) -> Iterator[InvoiceBook]:
        """One book for each invoice, with its rows, settings and entries; the same ones every time."""
        parameters = self.sources.parameters
        chance = stream(parameters.seed, "load")
        days = [day for day in month_days(self.month) if is_working_day(day)]
        won_of = self.sources.projects.won_of
        customers = [each for each in self.sources.customers if each["guid"] in won_of]
        busy = [each for each in customers if len(won_of[each["guid"]]) > 1]
        number = FIRST_NUMBER[parameters.numbering_master]
        for place in range(self.invoices):
            mixed = self.zero_rate <= place < self.zero_rate + self.several_projects
            among = busy if mixed else customers
            customer = among[place % len(among)]
            projects = won_of[customer["guid"]][: 2 if mixed else 1]
            plans = [self._row(chance, place, row, projects) for row in range(self.rows)]
            book = InvoiceBook(next_number=number + place)
            day = days[place * len(days) // self.invoices]
            add_invoice(book, self.sources, chance, day, customer, projects, plans, TO_TRANSFER)
            yield book

    def _row(self, chance: random.Random, place: int, row: int, projects: list[Document]) -> RowPlan:
        work_types = self.sources.articles.active("work_types")
        source, project = work_types[(place + row) % len(work_types)], projects[row % len(projects)]
        rate = Decimal(0 if place < self.zero_rate and row == 0 else 25)
        quantity = Decimal(chance.randrange(1, 160)) / 4
        return RowPlan("hours", source, (source["code"],), TEXT, quantity, Decimal(1150), "h", rate, project)

    def severa(self) -> dict[str, list[Document]]:
        """Every collection of the environment, all invoices in memory."""
        whole = InvoiceBook()
        for book in self.invoice_books():
            whole.invoices += book.invoices
            whole.rows += book.rows
            whole.settings += book.settings
            whole.entries.work_hours += book.entries.work_hours
        return dict(self.registers) | whole.collections()


def load_set(
    invoices: int,
    rows: int,
    *,
    seed: int = 1,
    customers: int = 20,
    zero_rate: int = 0,
    several_projects: int = 0,
    numbering_master: str = "severa",
) -> LoadSet:
    """``invoices`` ordinary invoices of ``rows`` rows each in the built-in company's month, over ``customers``
    customers. Raises ValueError when the numbers cannot be meant."""
    if min(invoices, rows, customers) < 1:
        raise ValueError("a load set has at least one invoice, one row and one customer")
    if zero_rate + several_projects > invoices or (several_projects and rows < 2):
        raise ValueError("more special invoices than invoices, or several projects on invoices of one row")
    parameters = PracticeParameters(seed=seed, numbering_master=numbering_master).with_figures(
        customers=customers,
        active_customers=customers,
        contacts=customers,
        projects=customers * PROJECTS_PER_CUSTOMER,
        open_projects=customers * PROJECTS_PER_CUSTOMER,
        won_share=1,
        reverse_charge_customers=0,
        reverse_charge_invoices=0,
    )
    base = built_in_administration()
    registers = build_registers(parameters, base, base.month)
    book = build_customers(parameters, registers, base.month)
    projects = build_projects(parameters, registers, book.customers, base, base.month)
    articles = build_articles(parameters, registers, base.month)
    sources = Sources(parameters, registers, book.customers, book.contacts, projects, articles)
    collections = wire_collections(registers, book, projects, articles)
    number_series(collections, FIRST_NUMBER[numbering_master] + invoices)
    return LoadSet(
        invoices=invoices,
        rows=rows,
        zero_rate=zero_rate,
        several_projects=several_projects,
        month=base.month,
        settings=settings_of_company(parameters, base, projects.code_map, base.month),
        registers=collections,
        administration_tables=tables_of(base),
        sources=sources,
    )
