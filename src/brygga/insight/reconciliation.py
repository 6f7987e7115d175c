"""Avstämning: Severa's invoices of a period listed afresh against Administration's read afresh (spec/product.md).

The two sides are paired by the key that each document carries in Administration, not by our own tables: a
reconciliation that only asks our own tables proves nothing. The journal only explains what is missing. Documents of
before the program carry no key: those that a person coupled are paired by that and then compared like the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from brygga.records.base import Record
from brygga.records.source import Invoice
from brygga.records.target import Kind, PostedInvoice
from brygga.rules.amounts import tolerance
from brygga.rules.mappings import mapped
from brygga.severa.gateway import InvoiceQuery
from brygga.store.history import Outcome
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.lookup import REMARK_PREFIX
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.selection import in_order


class Term(StrEnum):
    """The terms that Severa's documents divide into."""

    TRANSFERRED = "transferred"
    COUPLED = "coupled"
    """Was on both sides before the program, and a person coupled the two."""
    BEFORE_GO_LIVE = "before_go_live"
    """Dated before the go-live date and not coupled: by that rule no document of this program's."""
    NOT_CHOSEN = "new"
    SKIPPED = "skipped"
    WAITING = "waiting"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


ROUNDING = "rounding"
"""A difference that is named and explained: the total agrees, öre lie in net instead of in VAT."""


class Sum(Record, frozen=True):
    """Count and amounts (net, VAT, gross before rounding to kronor) in the document's currency."""

    count: int = 0
    net: Decimal = Decimal(0)
    vat: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)

    def plus(self, net: Decimal, vat: Decimal, gross: Decimal) -> Sum:
        """With one more document."""
        return Sum(count=self.count + 1, net=self.net + net, vat=self.vat + vat, gross=self.gross + gross)

    def with_sum(self, other: Sum, *, sign: int = 1) -> Sum:
        """With another sum, or less it."""
        return Sum(
            count=self.count + sign * other.count,
            net=self.net + sign * other.net,
            vat=self.vat + sign * other.vat,
            gross=self.gross + sign * other.gross,
        )


class Difference(Record, frozen=True):
    """One named difference: which document, in what (count, number, net, vat, gross,
    rounding, double, cancelled; of a coupled one also customer, date, gone), and both values."""

    document: str
    what: str
    severa: str
    administration: str


class Equation(Record, frozen=True):
    """Severa = the sum of its terms, and Administration beside it, in one currency: amounts in two are never added."""

    severa: Sum = Sum()
    administration: Sum = Sum()
    """Documents in Administration that carry a Severa key."""
    coupled: Sum = Sum()
    """Documents in Administration that carry none, and that a person coupled with an invoice in Severa."""
    others: Sum = Sum()
    """Documents of the period in Administration that did not come from Severa."""
    terms: dict[Term, Sum] = msgspec.field(default_factory=lambda: dict.fromkeys(Term, Sum()))

    @property
    def difference(self) -> Sum:
        """What Severa has as transferred or coupled, less what Administration has of it."""
        here, there = self.terms[Term.TRANSFERRED], self.administration
        return here.with_sum(self.terms[Term.COUPLED]).with_sum(there.with_sum(self.coupled), sign=-1)


class Reconciliation(Record, frozen=True):
    """The result for a period (inclusive days), one equation for each currency; ``base`` is the company's own."""

    start: date
    end: date
    base: str
    by_currency: dict[str, Equation]
    differences: tuple[Difference, ...]

    @property
    def own(self) -> Equation:
        """The equation in the company's own currency."""
        return self.by_currency.get(self.base, Equation())

    @property
    def differs(self) -> bool:
        """Whether a document differs, other than by a rounding row that explains it."""
        return any(difference.what != ROUNDING for difference in self.differences)

    @property
    def agrees(self) -> bool:
        """Nothing differs, nothing failed, waits or is in doubt, and nothing that should go is still to be sent."""
        open_terms = (Term.NOT_CHOSEN, Term.WAITING, Term.FAILED, Term.IN_DOUBT)
        left = any(equation.terms[term].count for equation in self.by_currency.values() for term in open_terms)
        return not left and not self.differs


class SeveraInvoices(Protocol):
    """The read of Severa that a reconciliation needs."""

    def invoices(self, query: InvoiceQuery) -> tuple[Invoice, ...]: ...


class AdministrationInvoices(Protocol):
    """The read of Administration that a reconciliation needs."""

    def invoices(self, start: date, end: date) -> tuple[PostedInvoice, ...]: ...
    def invoice(self, number: int) -> PostedInvoice | None: ...


class Before(Record, frozen=True):
    """What is known of the documents of before the program: ``coupled`` is the number in Administration by Severa key,
    ``customers`` the same of the customers, ``go_live`` the day before which no document is transferred."""

    coupled: dict[str, str] = {}
    customers: dict[str, str] = {}
    go_live: date | None = None


NOTHING_BEFORE = Before()

Ours = Callable[[tuple[Invoice, ...]], tuple[Invoice, ...]]

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
    base: str = "SEK",
    ours: Ours = tuple,
    currencies: Mapping[str, str] | None = None,
    before: Before = NOTHING_BEFORE,
) -> Reconciliation:
    """Compare the period. ``status_keys``: Severa's statuses that belong to the transfer (to send and sent).

    ``outcomes``: the latest outcome by Severa key, which only tells why a document is not there. ``ours``: leaves out
    what belongs to another company on the same Severa. ``currencies``: the mapping of Severa's codes to
    Administration's, by which the equations are named: several of Severa's may be one there.
    """
    sums = _Sums(base, currencies or {})
    by_key = _by_key(administration.invoices(start, end), before, sums)
    invoices = _listed(severa, start, end, status_keys, by_key.keys() | before.coupled.keys(), ours)
    differences: list[Difference] = []
    for invoice in invoices:
        documents = by_key.pop(invoice.key, [])
        sums.severa(invoice, _term(invoice, documents, outcomes, before))
        differences.extend(_compared(invoice, documents))
        if invoice.key in before.coupled:
            differences.extend(_coupled_differences(invoice, documents, administration, before))
    differences.extend(_without_source(by_key))
    return Reconciliation(start=start, end=end, base=base, by_currency=sums.by_currency, differences=tuple(differences))


def _by_key(posted: Iterable[PostedInvoice], before: Before, sums: _Sums) -> dict[str, list[PostedInvoice]]:
    """Administration's documents by the Severa key that they carry, or were coupled with; each is added up."""
    keys = {number: key for key, number in before.coupled.items()}
    found: dict[str, list[PostedInvoice]] = {}
    for document in posted:
        carried = severa_key(document)
        key = carried or keys.get(str(document.number), "")
        if key:
            found.setdefault(key, []).append(document)
        sums.administration(document, "administration" if carried else "coupled" if key else "others")
    return found


def _listed(
    severa: SeveraInvoices,
    start: date,
    end: date,
    status_keys: tuple[str, ...],
    known: Set[str],
    ours: Ours,
) -> list[Invoice]:
    """The period's invoices that belong to the transfer: by their status, or because they are ``known`` to be in
    Administration.

    A transferred invoice may have got another status since (sent, paid): it still counts.
    """
    listed = severa.invoices(InvoiceQuery(start=start, end=end, row_projects=False))
    mine = {invoice.key for invoice in ours(listed)}
    return [
        invoice
        for invoice in listed
        if (invoice.status_key in status_keys and invoice.key in mine) or invoice.key in known
    ]


class _Sums:
    """Adds documents up, each in its own currency."""

    def __init__(self, base: str, currencies: Mapping[str, str]) -> None:
        self._base = base
        self._currencies = currencies
        self.by_currency: dict[str, Equation] = {base: Equation()}

    def severa(self, invoice: Invoice, term: Term) -> None:
        """Severa's document, under the term that tells what became of it."""
        amounts = (invoice.net, invoice.vat, invoice.gross)
        currency = mapped(self._currencies, invoice.currency) or invoice.currency
        equation = self._of(currency)
        terms = {**equation.terms, term: equation.terms[term].plus(*amounts)}
        self._put(currency, equation, severa=equation.severa.plus(*amounts), terms=terms)

    def administration(self, document: PostedInvoice, side: str) -> None:
        """A document of Administration's, into the sum of this name: administration, coupled or others."""
        equation = self._of(document.currency)
        before: Sum = getattr(equation, side)
        self._put(document.currency, equation, **{side: before.plus(*_signed(document))})

    def _of(self, currency: str) -> Equation:
        return self.by_currency.get(currency or self._base, Equation())

    def _put(self, currency: str, equation: Equation, **changes: Any) -> None:
        self.by_currency[currency or self._base] = msgspec.structs.replace(equation, **changes)


def reconcile_company(company: Company, start: date, end: date) -> Reconciliation:
    """The reconciliation of a company: its settings say which statuses count, its journal why documents are missing.
    ``Refused`` INS-813 for a period that ends before it begins."""
    in_order(start, end)
    readings = Readings(company)
    chosen = company.preferences
    names = (*chosen.invoices_statuses, chosen.invoices_status_after, chosen.invoices_credit_status_after)
    keys = (readings.status_key(name) for name in names if name)
    return reconcile(
        company.severa,
        company.administration,
        company.journal.latest_outcomes(Transfer.INVOICES.value),
        start=start,
        end=end,
        status_keys=tuple(key for key in keys if key is not None),
        base=readings.info.currency,
        ours=readings.belonging.ours,
        currencies=chosen.mappings_currencies,
        before=Before(
            coupled={
                key: link.target_key
                for key, link in readings.links(Kind.INVOICE).items()
                if link.operation_id is None  # what was transferred carries its key, or is missed
            },
            customers={key: link.target_key for key, link in readings.links(Kind.CUSTOMER).items()},
            go_live=chosen.invoices_from_date,
        ),
    )


def severa_key(document: PostedInvoice) -> str:
    """The Severa key that the document carries, empty when it carries none."""
    head = document.remark.split(" ", 1)[0]
    return head.removeprefix(REMARK_PREFIX) if head.startswith(REMARK_PREFIX) else ""


def _term(invoice: Invoice, documents: list[PostedInvoice], outcomes: Mapping[str, Outcome], before: Before) -> Term:
    """What became of Severa's invoice: what is in Administration counts before what the journal says of it."""
    if any(severa_key(document) for document in documents):
        return Term.TRANSFERRED
    if invoice.key in before.coupled:
        return Term.COUPLED
    if before.go_live is not None and invoice.date < before.go_live:
        return Term.BEFORE_GO_LIVE
    outcome = outcomes.get(invoice.key)
    return TERM_OF.get(outcome.state, Term.NOT_CHOSEN) if outcome is not None else Term.NOT_CHOSEN


def _signed(document: PostedInvoice) -> tuple[Decimal, Decimal, Decimal]:
    """Net, VAT and gross before rounding to kronor; a credit note is positive in Administration (contract §2.4)."""
    sign = -1 if document.type == "K" else 1
    gross = document.total - document.round_off
    return sign * document.net, sign * document.vat, sign * gross


def _compared(invoice: Invoice, documents: list[PostedInvoice]) -> list[Difference]:
    name = str(invoice.number or invoice.key)
    if len(documents) > 1:
        numbers = ", ".join(str(document.number) for document in documents)
        return [Difference(document=name, what="double", severa="1", administration=numbers)]
    return [difference for document in documents for difference in _differences(invoice, document, name)]


def _differences(invoice: Invoice, document: PostedInvoice, name: str) -> list[Difference]:
    """What differs between an invoice and the one document it became."""

    def difference(what: str, severa: object, administration: object) -> Difference:
        return Difference(document=name, what=what, severa=str(severa), administration=str(administration))

    net, vat, gross = _signed(document)
    found = []
    if invoice.number != document.number:
        found.append(difference("number", "" if invoice.number is None else invoice.number, document.number))
    rounded = invoice.gross == gross and 0 < abs(invoice.net - net) <= tolerance(len(invoice.rows))
    if rounded and invoice.net - net == vat - invoice.vat:
        # Severa rounds VAT on each row, Administration per rate: the rounding row moved it to net (§4.6, AT-53).
        found.append(difference(ROUNDING, invoice.net, net))
    else:
        pairs = (("net", invoice.net, net), ("vat", invoice.vat, vat), ("gross", invoice.gross, gross))
        found += [difference(what, ours, theirs) for what, ours, theirs in pairs if ours != theirs]
    if document.cancelled:
        found.append(difference("cancelled", "", document.number))
    return found


def _coupled_differences(
    invoice: Invoice, documents: list[PostedInvoice], administration: AdministrationInvoices, before: Before
) -> list[Difference]:
    """What else differs in a coupled document: it is gone, of another month, or another customer's."""
    name, number = str(invoice.number or invoice.key), before.coupled[invoice.key]
    if not documents:
        there = administration.invoice(int(number)) if number.isdecimal() else None
        if there is None:
            return [Difference(document=name, what="gone", severa=str(invoice.date), administration="")]
        return [Difference(document=name, what="date", severa=str(invoice.date), administration=str(there.date))]
    customer = before.customers.get(invoice.customer_key, "")
    return [
        Difference(document=name, what="customer", severa=customer, administration=document.customer_number)
        for document in documents
        if customer and document.customer_number != customer
    ]


def _without_source(by_key: dict[str, list[PostedInvoice]]) -> list[Difference]:
    return [
        Difference(document=str(document.number), what="count", severa="", administration=str(document.number))
        for documents in by_key.values()
        for document in documents
    ]
