"""Coupling before the first transfer: both registers side by side, what is the same on both sides and what is not.

Nothing is written here; ``runs.coupling`` links what a person confirms. The cascade of semantics §4.0 decides what is
the same, names alone never do; historic invoices are the same by number, total and customer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Invoice, Project
from brygga.records.target import Kind, PostedInvoice
from brygga.rules.coupling import invoice_differences
from brygga.rules.likeness import Lookalikes
from brygga.rules.matching import Match, match_code, match_customer
from brygga.rules.projects import project_code
from brygga.severa.gateway import InvoiceQuery
from brygga.store.journal.journal import Link
from brygga.transfers.company import Company
from brygga.transfers.lookup import REMARK_PREFIX, carries, remark_key
from brygga.transfers.readings import Readings, ordered_articles
from brygga.transfers.selection import in_order

KINDS = (Kind.CUSTOMER, Kind.PROJECT, Kind.ARTICLE, Kind.INVOICE)
"""What can be coupled, in the order in which it is: an invoice is the same only when its customer is."""


class Standing(StrEnum):
    """How a record stands between the two systems."""

    LINKED = "linked"
    MATCH = "match"
    """The same on both sides for certain: will be linked when it is confirmed, alone or with all the others."""
    PROPOSAL = "proposal"
    """Probably the same: linked only when a person confirms this very pair."""
    CONFLICT = "conflict"
    SEVERA = "severa"
    """Only in Severa."""
    ADMINISTRATION = "administration"
    """Only in Administration."""


class Pair(Record, frozen=True):
    """One record and its counterpart; the fields of a side that has none are empty.

    ``how`` says what makes them the same: ``link``, ``number``, ``identity``, ``name``, or ``person``. ``alike`` and
    ``percent`` show the most similar free record of the other side, which is nothing more than a hint. ``date`` and
    ``total`` (with VAT, in ``currency``) are those of an invoice.
    """

    kind: Kind
    standing: Standing
    source_key: str = ""
    number: str = ""
    name: str = ""
    target_key: str = ""
    target_name: str = ""
    how: str = ""
    reasons: tuple[Reason, ...] = ()
    alike: str = ""
    percent: int = 0
    date: date | None = None
    total: Decimal | None = None
    currency: str = ""


class Comparison(Record, frozen=True):
    """Both sides of a company, record by record; ``go_live`` is the day before which no document is transferred."""

    pairs: tuple[Pair, ...]
    go_live: date | None

    def count(self, kind: Kind, standing: Standing) -> int:
        """How many records of the kind stand so."""
        return sum((pair.kind, pair.standing) == (kind, standing) for pair in self.pairs)


def compare(
    company: Company, kinds: Collection[Kind] = KINDS, start: date | None = None, end: date | None = None
) -> Comparison:
    """Compare the registers, and the invoices dated from ``start`` to ``end`` (both included; None: all there are)."""
    in_order(start, end)
    sides = _Sides(company)
    customers = sides.customers() if {Kind.CUSTOMER, Kind.INVOICE} & set(kinds) else []
    found: list[Pair] = []
    for kind in (kind for kind in KINDS if kind in kinds):
        match kind:
            case Kind.CUSTOMER:
                found += customers
            case Kind.PROJECT:
                found += sides.projects()
            case Kind.ARTICLE:
                found += sides.articles()
            case _:
                found += sides.invoices(customers, start, end)
    return Comparison(tuple(found), company.preferences.invoices_from_date)


@dataclass(frozen=True)
class _Source:
    """A record of Severa: ``kept`` when it is shown although nothing is like it in Administration."""

    key: str
    number: str
    name: str
    kept: bool = True


class _Sides:
    """Both sides of one company, each register read once."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._readings = Readings(company)

    def customers(self) -> list[Pair]:
        """Customers by link, number, identity or, as a proposal, by name."""
        cards = self._readings.customer_cards
        links = self._readings.links(Kind.CUSTOMER)
        customers = {customer.key: customer for customer in self._company.severa.customers()}
        taken = {link.target_key: key for key, link in links.items()}

        def match(source: _Source) -> Match:
            customer, link = customers[source.key], links.get(source.key)
            linked = link.target_key if link else None
            others = [number for number, key in taken.items() if key != source.key]
            return match_customer(customer, self._readings.card_index.of(customer, linked), linked=linked, taken=others)

        sources = [_Source(one.key, one.number, one.name, one.is_active) for one in customers.values()]
        return _paired(Kind.CUSTOMER, sources, {number: card.name for number, card in cards.items()}, links, match)

    def projects(self) -> list[Pair]:
        """Projects by link or exact code; with other customers on the two sides it is a proposal only (AT-01)."""
        cards, links = self._readings.project_cards, self._readings.links(Kind.PROJECT)
        here = self._readings.belonging.projects(self._company.severa.projects())
        projects = {project.key: project for project in here}
        longest, code_map = (
            self._readings.capabilities.lengths.project_code,
            self._company.preferences.projects_code_map,
        )

        def match(source: _Source) -> Match:
            code, reasons = project_code(source.number, longest, code_map)
            link = links.get(source.key)
            if link is None and reasons:
                return Match("none")
            found = match_code(code, cards.keys(), linked=link.target_key if link else None)
            if found.kind != "number":
                return found
            return self._same_customer(projects[source.key], cards[found.key].customer_number, found)

        sources = [_Source(one.key, one.number, one.name, not one.is_closed) for one in projects.values()]
        return _paired(Kind.PROJECT, sources, {code: card.name for code, card in cards.items()}, links, match)

    def _same_customer(self, project: Project, there: str, found: Match) -> Match:
        link = self._readings.links(Kind.CUSTOMER).get(project.customer_key)
        here = link.target_key if link is not None else project.customer_number
        if not here or not there or here == there:
            return found
        why = reason("KOP-802", Level.WAIT, nr=project.number, severa=here, administration=there)
        return Match("name_proposal", found.key, (why,))

    def articles(self) -> list[Pair]:
        """Articles by link or exact number; several of Severa may be one in Administration (semantics §4.8)."""
        cards, links = self._readings.article_cards, self._readings.links(Kind.ARTICLE)

        def match(source: _Source) -> Match:
            link = links.get(source.key)
            return match_code(source.number, cards.keys(), linked=link.target_key if link else None)

        articles = ordered_articles(self._company.severa.articles())
        sources = [_Source(one.key, one.code, one.name, one.is_active) for one in articles if one.code]
        names = {number: card.name for number, card in cards.items()}
        return _paired(Kind.ARTICLE, sources, names, links, match, shared=True)

    def invoices(self, customers: Iterable[Pair], start: date | None, end: date | None) -> list[Pair]:
        """Invoices with a number on both sides; the same when total, currency, type and customer are the same too."""
        links = self._readings.links(Kind.INVOICE)
        posted = self._posted(start, end)
        query = InvoiceQuery(start=start, end=end, row_projects=False, heads_only=True)
        listed = self._readings.belonging.ours(self._company.severa.invoices(query))
        invoices = {one.key: one for one in listed if one.number is not None}
        same = (Standing.LINKED, Standing.MATCH)
        numbers = {pair.source_key: pair.target_key for pair in customers if pair.standing in same}
        base, currencies = self._readings.info.currency, self._readings.preferences.mappings_currencies
        linked = {link.target_key for link in links.values()}

        def match(source: _Source) -> Match:
            link, invoice = links.get(source.key), invoices[source.key]
            if link is not None:
                return Match("link", link.target_key)
            there = posted.get(source.number)
            if there is None or source.number in linked:
                return Match("none")
            if carries(there, remark_key(source.key)):
                return Match("number", source.number)
            if there.remark.startswith(REMARK_PREFIX):
                return Match("conflict", source.number, (reason("KOP-806", nr=there.number),))
            customer = numbers.get(invoice.customer_key, "")
            differing = invoice_differences(invoice, there, customer, base, currencies)
            return Match("conflict", source.number, differing) if differing else Match("number", source.number)

        sources = [_Source(one.key, str(one.number), one.customer_name) for one in invoices.values()]
        names = {number: self._customer_name(there) for number, there in posted.items()}
        pairs = _paired(Kind.INVOICE, sources, names, links, match, hints=False)
        return [_with_amounts(pair, invoices.get(pair.source_key), posted.get(pair.target_key), base) for pair in pairs]

    def _posted(self, start: date | None, end: date | None) -> dict[str, PostedInvoice]:
        found = self._company.administration.invoices(start or date.min, end or date.max)
        return {str(each.number): each for each in found}

    def _customer_name(self, there: PostedInvoice) -> str:
        card = self._readings.customer_cards.get(there.customer_number)
        return card.name if card is not None else there.customer_number


_STANDINGS = {
    "link": Standing.LINKED,
    "number": Standing.MATCH,
    "identity": Standing.MATCH,
    "name_proposal": Standing.PROPOSAL,
    "conflict": Standing.CONFLICT,
    "none": Standing.SEVERA,
}


def _paired(
    kind: Kind,
    sources: Iterable[_Source],
    targets: Mapping[str, str],
    links: Mapping[str, Link],
    match: Callable[[_Source], Match],
    *,
    shared: bool = False,
    hints: bool = True,
) -> list[Pair]:
    """The pairs of one kind. ``targets`` is key → name; ``shared``: several sources may be one target."""
    listed = sorted(sources, key=lambda source: (len(source.number), source.number, source.key))
    matches = {source.key: match(source) for source in listed}
    # Also counted: the target of somebody's link, so that no second record is ever linked to it.
    claims = Counter(found.key for found in matches.values() if found.key and found.kind != "conflict")
    claims.update(link.target_key for key, link in links.items() if key not in matches)
    met = {found.key for found in matches.values()} | {link.target_key for link in links.values()}
    free = {key: name for key, name in targets.items() if key not in met}
    lookalikes = Lookalikes(free if hints else {})
    pairs = []
    for source in listed:
        found = matches[source.key]
        standing, reasons = _STANDINGS[found.kind], found.reasons
        if standing in (Standing.MATCH, Standing.PROPOSAL) and claims[found.key] > 1 and not shared:
            standing, reasons = Standing.CONFLICT, (reason("KOP-801", nr=found.key, count=claims[found.key]),)
        if standing is Standing.SEVERA and not source.kept:
            continue
        how = "name" if found.kind == "name_proposal" else found.kind if found.key else ""
        alike = lookalikes.best(source.name) if standing is Standing.SEVERA and source.name else None
        pairs.append(
            Pair(
                kind=kind,
                standing=standing,
                source_key=source.key,
                number=source.number,
                name=source.name,
                target_key=found.key,
                target_name=targets.get(found.key, ""),
                how="" if standing is Standing.CONFLICT else how,
                reasons=reasons,
                alike=alike[0] if alike else "",
                percent=alike[1] if alike else 0,
            )
        )
    alone = sorted(free, key=lambda key: (len(key), key))
    pairs += [Pair(kind, Standing.ADMINISTRATION, target_key=key, target_name=free[key]) for key in alone]
    return pairs


def _with_amounts(pair: Pair, invoice: Invoice | None, there: PostedInvoice | None, base: str) -> Pair:
    if invoice is not None:
        return msgspec.structs.replace(pair, date=invoice.date, total=invoice.gross, currency=invoice.currency)
    if there is not None:
        sign = -1 if there.type == "K" else 1
        gross = sign * (there.total - there.round_off)
        return msgspec.structs.replace(pair, date=there.date, total=gross, currency=there.currency or base)
    return pair
