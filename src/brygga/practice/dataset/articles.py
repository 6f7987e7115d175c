"""Products, work types and travel expense types: what stands behind invoice rows and becomes articles."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from brygga.practice.dataset.common import Document, audit, money, new_guid, stream
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.registers import Registers, copy
from brygga.practice.dataset.words import PRODUCTS, TRAVEL_TYPES, WORK_TYPES


@dataclass
class ArticleBook:
    """The three registers as wire documents; the last product and work type are inactive."""

    products: list[Document] = field(default_factory=list)
    work_types: list[Document] = field(default_factory=list)
    travel_types: list[Document] = field(default_factory=list)

    def active(self, kind: str) -> list[Document]:
        """The active documents of "products", "work_types" or "travel_types" that have a code."""
        found: list[Document] = getattr(self, kind)
        return [each for each in found if each["isActive"] and each["code"]]


def build_articles(parameters: PracticeParameters, registers: Registers, month: date) -> ArticleBook:
    """All articles. Three work types share the code 100 (AT-63); one name is longer than Administration's (AT-64)."""
    figure = parameters.figure
    chance = stream(parameters.seed, "articles")
    account = next(iter(registers.sales_accounts.values()))
    made = date(month.year - 2, 2, 3)
    book = ArticleBook()
    for place in range(figure.work_types):
        work_type = _work_type(chance, account, place)
        work_type["isActive"] = place < figure.work_types - 1 or figure.work_types == 1
        book.work_types.append(work_type | audit(made, chance))
    for place in range(figure.products):
        product = _product(chance, account, place)
        product["isActive"] = place < figure.products - 1 or figure.products == 1
        book.products.append(product | audit(made, chance))
    for place in range(figure.travel_types):
        book.travel_types.append(_travel_type(chance, account, place) | audit(made, chance))
    return book


def _work_type(chance: random.Random, account: Document, place: int) -> Document:
    turn, kind = divmod(place, len(WORK_TYPES))
    name, code = WORK_TYPES[kind]
    return {
        "guid": new_guid(chance),
        "name": _counted(name, turn),
        "code": f"{code}{turn}" if turn else code,
        "isProductive": True,
        "isDefault": place == 0,
        "salesAccount": copy(account, "name"),
        "hourCost": money(Decimal(chance.randrange(400, 700))),
    }


def _product(chance: random.Random, account: Document, place: int) -> Document:
    turn, kind = divmod(place, len(PRODUCTS))
    name, unit = PRODUCTS[kind]
    return {
        "guid": new_guid(chance),
        "name": _counted(name, turn),
        "code": f"P-{1001 + place}",
        "unitPrice": money(Decimal(chance.randrange(100, 9000))),
        "vatRate": Decimal(25),
        "measurementUnit": unit,
        "type": chance.choice(("FixedFees", "Materials")),
        "salesAccount": copy(account, "name", "number"),
    }


def _travel_type(chance: random.Random, account: Document, place: int) -> Document:
    turn, kind = divmod(place, len(TRAVEL_TYPES))
    name, unit, expense = TRAVEL_TYPES[kind]
    return {
        "guid": new_guid(chance),
        "name": _counted(name, turn),
        "code": f"R{10 + place}",
        "isMileage": expense == "Mileage",
        "isDailyAllowance": expense == "DailyAllowance",
        "expenseClass": expense,
        "includeTime": False,
        "vatRate": Decimal(25),
        "measurementUnit": unit,
        "isActive": True,
        "salesAccount": copy(account, "name", "number"),
    }


def _counted(name: str, turn: int) -> str:
    return f"{name} {turn + 1}" if turn else name
