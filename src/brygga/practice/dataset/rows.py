"""What stands on the rows of an invoice, before it is written: kind, text, quantity, price, VAT rate, project."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from brygga.practice.dataset.articles import ArticleBook
from brygga.practice.dataset.common import Document, lognormal
from brygga.practice.dataset.parameters import Figures
from brygga.practice.dataset.texts import edge_texts, row_text

QUARTER = Decimal("0.25")
ODD_HOURS = (Decimal("0.1"), Decimal("0.33"), Decimal("1.1"), Decimal("2.33"), Decimal("7.67"))

ROW_KINDS: Mapping[str, tuple[str, str]] = {
    "hours": ("Hours", "Hours"),
    "product": ("ProjectFees", "ProjectFees"),
    "travel": ("TravelExpenses", "Travels"),
}
"""Kind → rowType and category of the invoice row."""


@dataclass(frozen=True)
class RowPlan:
    """A row to be: ``source`` is the work type, product or travel type; ``mixed``: entries of two projects."""

    kind: str
    source: Document
    codes: tuple[str, ...]
    text: str
    quantity: Decimal
    price: Decimal
    unit: str | None
    vat_rate: Decimal
    project: Document
    other_project: Document | None = None

    @property
    def mixed(self) -> bool:
        """Whether entries of two projects lie behind the row."""
        return self.other_project is not None


def plan_rows(
    chance: random.Random,
    figure: Figures,
    articles: ArticleBook,
    projects: list[Document],
    day: date,
    *,
    reverse_charged: bool = False,
    mixed: bool = False,
) -> list[RowPlan]:
    """The rows of an invoice: their count and sum follow the company's figures; every project has at least one.

    ``mixed`` adds a row with entries of two projects.
    """
    count = max(len(projects), min(figure.rows_max, round(lognormal(chance, figure.rows_median, figure.rows_p95))), 1)
    total = lognormal(chance, figure.invoice_median, figure.invoice_p95)
    weights = [chance.uniform(0.3, 1.7) for _ in range(count)]
    plans: list[RowPlan] = []
    for place, weight in enumerate(weights):
        amount = total * weight / sum(weights)
        project = projects[place] if place < len(projects) else chance.choice(projects)
        rate = Decimal(0) if reverse_charged else _vat_rate(chance, figure)
        plans.append(_plan(chance, figure, articles, project, day, amount, rate))
    if mixed and len(projects) > 1:
        # A row with entries of two projects: its own project stays empty (semantics §4.4).
        plans.append(replace(plans[0], project=projects[0], other_project=projects[1]))
    return plans


def _vat_rate(chance: random.Random, figure: Figures) -> Decimal:
    shares = {12: figure.vat_12_share, 6: figure.vat_6_share, 0: figure.vat_0_share}
    point = chance.random()
    for rate, share in shares.items():
        if point < share:
            return Decimal(rate)
        point -= share
    return Decimal(25)


def _plan(
    chance: random.Random,
    figure: Figures,
    articles: ArticleBook,
    project: Document,
    day: date,
    amount: float,
    rate: Decimal,
) -> RowPlan:
    kind = chance.choices(("hours", "product", "travel"), (0.8, 0.12, 0.08))[0]
    if kind == "hours":
        source = chance.choice(articles.active("work_types"))
        low, high, mode = figure.hour_price_low, figure.hour_price_high, figure.hour_price_mode
        price = Decimal(round(chance.triangular(low, high, mode) / 5) * 5)
        quantity = max(QUARTER, round(amount / float(price) * 4) * QUARTER)
        if chance.random() < figure.odd_hours_share:
            quantity = chance.choice(ODD_HOURS)
        unit: str | None = chance.choice(("h", "h", "h", " H "))
    elif kind == "product":
        source = chance.choice(articles.active("products"))
        quantity = Decimal(chance.randrange(1, 12))
        price = max(Decimal("1.00"), Decimal(round(amount / float(quantity) * 100)) / 100)
        unit = source["measurementUnit"]
    else:
        source = chance.choice(articles.active("travel_types"))
        quantity = Decimal(chance.randrange(1, 400)) if source["isMileage"] else Decimal(chance.randrange(1, 6))
        price = Decimal("25.00") if source["isMileage"] else Decimal(chance.randrange(9000, 250000)) / 100
        unit = source["measurementUnit"]
    codes = (source["code"],) * (2 if kind == "hours" and chance.random() < 0.1 else 1)
    return RowPlan(kind, source, codes, row_text(chance, day, source["name"]), quantity, price, unit, rate, project)


def with_every_shape(chance: random.Random, invoices: list[list[RowPlan]]) -> list[list[RowPlan]]:
    """The same rows, but every odd text, every VAT rate and every odd quantity occurs at least once."""
    texts, rates, hours = edge_texts(chance), [Decimal(12), Decimal(6), Decimal(0)], list(ODD_HOURS)
    shaped: list[list[RowPlan]] = []
    for plans in invoices:
        here: list[RowPlan] = []
        for plan in plans:
            if plan.kind == "hours" and hours:
                # Öre in the price as well: only then does the row total need rounding.
                plan = replace(plan, quantity=hours.pop(), price=plan.price + Decimal("0.37"))
            elif rates and len(plans) > 1 and plan.vat_rate == 25:
                plan = replace(plan, vat_rate=rates.pop())
            elif texts:
                plan = replace(plan, text=texts.pop())
            here.append(plan)
        shaped.append(here)
    return shaped
