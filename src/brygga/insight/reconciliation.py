"""Avstämning: Severa's invoices of a period listed afresh against Administration's read afresh (spec/product.md).

The two sides are paired by the key that each document carries in Administration, not by our own tables: a
reconciliation that only asks our own tables proves nothing. The journal only explains what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from brygga.records.base import Record
from brygga.records.source import Invoice
from brygga.records.target import PostedInvoice
from brygga.severa.gateway import InvoiceQuery
from brygga.store.history import Outcome
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.lookup import REMARK_PREFIX
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings


class Term(StrEnum):
    """The terms that Severa's documents divide into."""

    TRANSFERRED = "transferred"
    NOT_CHOSEN = "new"
    SKIPPED = "skipped"
    WAITING = "waiting"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


class Sum(Record, frozen=True):
    """Count and amounts (net, VAT, gross before rounding to kronor) in the document's currency."""

    count: int = 0
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)

    def plus(self, net: Decimal, vat: Decimal, gross: Decimal) -> Sum:
        """With one more document."""
        return Sum(count=self.count + 1, net=self.net + net, vat=self.vat + vat, gross=self.gross + gross)


class Difference(Record, frozen=True):
    """One named difference: which document, in what (count, number, net, vat, gross, double), and both values."""

    document: str
    what: str
    severa: str
    administration: str


class Reconciliation(Record, frozen=True):
    """The result for a period (inclusive days)."""

    start: date
    end: date
    severa: Sum
    administration: Sum
    """Documents in Administration that carry a Severa key."""
    others: Sum
    """Documents of the period in Administration that did not come from Severa."""
    terms: dict[Term, Sum]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """Nothing differs, nothing failed, waits or is in doubt, and nothing that should go is still to be sent."""
        open_terms = (Term.NOT_CHOSEN, Term.WAITING, Term.FAILED, Term.IN_DOUBT)
        return not self.differences and all(self.terms[term].count == 0 for term in open_terms)


class SeveraInvoices(Protocol):
    """The read of Severa that a reconciliation needs."""

    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]: ...


class AdministrationInvoices(Protocol):
    """The read of Administration that a reconciliation needs."""

    def invoices(self, start: date, end: date) -> tuple[PostedInvoice, ...]: ...


TERM_OF = {
    RowState.SKIPPED: Term.SKIPPED,
    RowState.WAITING: Term.WAITING,
    RowState.FAILED: Term.FAILED,
    RowState.IN_DOUBT: Term.IN_DOUBT,
}


def reconcile(
    severa: SeveraInvoices,
    administration: AdministrationInvoices,
    outcomes: dict[str, Outcome],
    *,
    start: date,
    end: date,
    status_keys: tuple[str, ...],
) -> Reconciliation:
    """Compare the period. ``status_keys``: Severa's statuses that belong to the transfer (to send and sent).

    ``outcomes``: the latest outcome by Severa key, which only tells why a document is not there.
    """
    invoices = severa.invoices(InvoiceQuery(start=start, end=end, status_keys=status_keys))
    posted = administration.invoices(start, end)
    by_key: dict[str, list[PostedInvoice]] = {}
    others = Sum()
    for document in posted:
        key = severa_key(document)
        if key:
            by_key.setdefault(key, []).append(document)
        else:
            others = others.plus(*_signed(document))
    terms = dict.fromkeys(Term, Sum())
    differences: list[Difference] = []
    for invoice in invoices:
        documents = by_key.pop(invoice.key, [])
        term = Term.TRANSFERRED if documents else _term(outcomes.get(invoice.key))
        terms[term] = terms[term].plus(invoice.net, invoice.vat, invoice.gross)
        differences.extend(_compared(invoice, documents))
    differences.extend(_without_source(by_key))
    came = [document for document in posted if severa_key(document)]
    return Reconciliation(
        start=start,
        end=end,
        severa=_sum((invoice.net, invoice.vat, invoice.gross) for invoice in invoices),
        administration=_sum(_signed(document) for document in came),
        others=others,
        terms=terms,
        differences=tuple(differences),
    )


def reconcile_company(company: Company, start: date, end: date) -> Reconciliation:
    """The reconciliation of a company: its settings say which statuses count, its journal why documents are missing."""
    readings = Readings(company)
    names = (*company.preferences.invoices_statuses, company.preferences.invoices_status_after)
    keys = (readings.status_key(name) for name in names if name)
    return reconcile(
        company.severa,
        company.administration,
        company.journal.latest_outcomes(Transfer.INVOICES.value),
        start=start,
        end=end,
        status_keys=tuple(key for key in keys if key is not None),
    )


def severa_key(document: PostedInvoice) -> str:
    """The Severa key that the document carries, empty when it carries none."""
    head = document.remark.split(" ", 1)[0]
    return head.removeprefix(REMARK_PREFIX) if head.startswith(REMARK_PREFIX) else ""


def _term(outcome: Outcome | None) -> Term:
    return TERM_OF.get(outcome.state, Term.NOT_CHOSEN) if outcome is not None else Term.NOT_CHOSEN


def _signed(document: PostedInvoice) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT and gross before rounding to kronor; a credit note is positive in Administration (contract §2.4)."""
    sign = -1 if document.type == "K" else 1
    gross = document.total - document.round_off
    return sign * document.net, sign * document.vat, sign * gross


def _sum(amounts: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Sum:
    total = Sum()
    for net, vat, gross in amounts:
        total = total.plus(net, vat, gross)
    return total


def _compared(invoice: Invoice, documents: list[PostedInvoice]) -> list[Difference]:
    name = str(invoice.number or invoice.key)
    if len(documents) > 1:
        numbers = ", ".join(str(document.number) for document in documents)
        return [Difference(document=name, what="double", severa="1", administration=numbers)]
    found = []
    for document in documents:
        net, vat, gross = _signed(document)
        pairs = {
            "number": (str(invoice.number or ""), str(document.number)),
            "net": (str(invoice.net), str(net)),
            "vat": (str(invoice.vat), str(vat)),
            "gross": (str(invoice.gross), str(gross)),
        }
        numeric = {"net": invoice.net == net, "vat": invoice.vat == vat, "gross": invoice.gross == gross}
        for what, (ours, theirs) in pairs.items():
            if not numeric.get(what, ours == theirs):
                found.append(Difference(document=name, what=what, severa=ours, administration=theirs))
        if document.cancelled:
            found.append(Difference(document=name, what="cancelled", severa="", administration=str(document.number)))
    return found


def _without_source(by_key: dict[str, list[PostedInvoice]]) -> list[Difference]:
    return [
        Difference(document=str(document.number), what="count", severa="", administration=str(document.number))
        for documents in by_key.values()
        for document in documents
    ]
