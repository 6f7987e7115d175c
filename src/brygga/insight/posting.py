"""Kontering of planned invoices: what each is posted to, and whether its total is Severa's (design/interface.md)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.target import ArticleCard, CustomerCard, InvoiceDocument
from brygga.rules.posting import PostingLine, posting, summed
from brygga.transfers.company import Company
from brygga.transfers.plan import Action, Plan, needed_first
from brygga.transfers.readings import Readings


class Kontering(Record, frozen=True):
    """The posting of one invoice in the company's own currency, one line for each account, profit centre and project.

    ``agrees``: the document's total before rounding to kronor is Severa's total, in the document's currency.
    """

    lines: tuple[PostingLine, ...]
    agrees: bool

    @property
    def balance(self) -> Decimal:
        """Debit less credit: always zero."""
        return sum((line.amount for line in self.lines), Decimal(0))


def postings(company: Company, plans: Iterable[Plan]) -> dict[str, Kontering]:
    """The kontering of every invoice among the plans that would be created, by Severa key.

    Articles and customers that the plans create first count as if they were there.
    """
    chosen = [plan for plan in plans if plan.action is Action.CREATE and isinstance(plan.payload, InvoiceDocument)]
    if not chosen:
        return {}
    readings = Readings(company)
    codes = {number: card.accounting_code for number, card in readings.article_cards.items()}
    eu_customers = {number for number, card in readings.customer_cards.items() if card.eu_customer}
    for need in needed_first(chosen):
        if isinstance(need.payload, ArticleCard):
            codes[need.payload.number] = need.payload.accounting_code
        elif isinstance(need.payload, CustomerCard) and need.payload.eu_customer:
            eu_customers.add(need.payload.number)
    found = {}
    for plan in chosen:
        document = plan.payload
        assert isinstance(document, InvoiceDocument)
        lines = posting(
            document,
            readings.posting_accounts,
            codes,
            vat_rates=readings.info.vat_rates,
            vat_rounding=readings.preferences.invoices_vat_rounding,
            eu_trade=document.customer_number in eu_customers,
        )
        agrees = plan.gross is not None and abs(document.net + document.vat) == abs(plan.gross)
        found[plan.source_key] = Kontering(lines=summed(lines), agrees=agrees)
    return found
