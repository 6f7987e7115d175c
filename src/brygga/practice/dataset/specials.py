"""What a month holds besides ordinary invoices in kronor: the edge pack, foreign currency and credit notes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from brygga.practice.administration_base import AdministrationBase, Record
from brygga.practice.dataset.common import Document
from brygga.practice.dataset.customers import CustomerBook
from brygga.practice.dataset.invoices import InvoiceBook, Sources
from brygga.practice.dataset.maker import Defects, Maker
from brygga.practice.dataset.special_credits import add_credits
from brygga.practice.dataset.special_currency import add_currencies
from brygga.practice.dataset.special_shapes import add_shapes

FIRST_NUMBER = 7001
"""Of the customers and of the projects; beyond the ordinary ones of every size."""


def add_specials(
    chance: random.Random,
    sources: Sources,
    book: InvoiceBook,
    customers: CustomerBook,
    tables: dict[int, list[Record]],
    base: AdministrationBase,
    month: date,
    ordinary: Sequence[Document],
) -> Defects:
    """Add everything to both sides. ``ordinary``: the month's invoices so far, some of which are credited."""
    make = Maker(chance, sources, book, customers, month, FIRST_NUMBER)
    active = {each["guid"] for each in sources.customers[: sources.parameters.figure.active_customers]}
    make.sound = [each for each in make.sound if each["guid"] in active]
    add_shapes(make, tables)
    add_currencies(make, tables, len(ordinary))
    add_credits(make, tables, base, ordinary)
    return make.defects
