"""Nummerserier: who gives the numbers, whether two series meet, and what stands in each gap (semantics §3.1, §4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from brygga.records.base import Record
from brygga.records.reasons import Reason, reason
from brygga.records.source import Invoice
from brygga.records.target import PostedInvoice
from brygga.rules.numbering import Gaps, gaps, master_switch_reasons, series_overlap
from brygga.severa.gateway import InvoiceQuery
from brygga.store.history import Outcome
from brygga.store.states import RowState
from brygga.transfers.company import AdministrationPort, Company, SeveraPort
from brygga.transfers.lookup import REMARK_PREFIX
from brygga.transfers.plan import Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.selection import in_order


class Why(StrEnum):
    """Why a number of a series is not an ordinary document of Administration."""

    MISSING = "missing"
    """Nothing explains it: a gap in the legal series."""
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    """A temporary number of Severa's that Administration's number took the place of; no gap (§3.1)."""
    REPLACED_SENT = "replaced_sent"
    """The same, but the invoice was sent first: the customer holds a number that exists nowhere (FAK-327)."""
    DOUBLED = "doubled"
    FAILED = "failed"
    WAITING = "waiting"
    IN_DOUBT = "in_doubt"
    SKIPPED = "skipped"
    NOT_SENT = "not_sent"
    """In Severa, and no run has met it yet."""


EXPLAINED = frozenset({Why.CANCELLED, Why.REPLACED})
"""What leaves nothing to do."""

WHY_OF_STATE = {
    RowState.FAILED: Why.FAILED,
    RowState.WAITING: Why.WAITING,
    RowState.IN_DOUBT: Why.IN_DOUBT,
    RowState.SKIPPED: Why.SKIPPED,
}


class Entry(Record, frozen=True):
    """Numbers from ``first`` to ``last`` of a series, and why they are not ordinary documents."""

    first: int
    last: int
    why: Why
    became: str = ""
    """The number in Administration that replaced it."""
    reasons: tuple[Reason, ...] = ()


class Series(Record, frozen=True):
    """One number series of the period. ``legal``: the customers' invoices carry its numbers."""

    owner: str
    legal: bool
    first: int | None
    last: int | None
    count: int
    entries: tuple[Entry, ...] = ()


class Numbering(Record, frozen=True):
    """The numbering of a company in a period (inclusive days); the next numbers are those of this moment."""

    master: str
    number_given: bool
    """Whether Administration takes a given document number: a capability (§4.3)."""
    start: date
    end: date
    severa_next: int
    administration_next: int
    """The highest number used and one: Administration's own series cannot be read (AT-25)."""
    series: tuple[Series, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def sound(self) -> bool:
        """No warning, and every number explained."""
        return not self.reasons and all(entry.why in EXPLAINED for series in self.series for entry in series.entries)


def numbering(company: Company, start: date | None = None, end: date | None = None) -> Numbering:
    """The series of a period, the whole financial year of the latest document unless the days are given."""
    in_order(start, end)
    start, end = _period(company, start, end)
    posted = company.administration.invoices(start, end)
    listed = company.severa.invoices(InvoiceQuery(start=start, end=end, row_projects=False))
    invoices = Readings(company).belonging.ours(listed)
    earliest = company.preferences.invoices_from_date
    invoices = tuple(each for each in invoices if earliest is None or each.date >= earliest)
    outcomes = company.journal.latest_outcomes(Transfer.INVOICES.value)
    master = company.preferences.numbering_master
    severa_next = company.severa.next_invoice_number()
    administration_next = company.administration.last_invoice_number() + 1
    series = [_administration_series(posted, invoices if master == "severa" else (), outcomes)]
    if master == "administration":
        series.append(_temporary_series(company.journal.first_delivered(Transfer.INVOICES.value), posted))
    return Numbering(
        master=master,
        number_given=company.administration.capabilities().invoice_number_given,
        start=start,
        end=end,
        severa_next=severa_next,
        administration_next=administration_next,
        series=tuple(series),
        reasons=setup_reasons(company.severa, company.administration, master),
    )


def setup_reasons(severa: SeveraPort, administration: AdministrationPort, master: str) -> tuple[Reason, ...]:
    """What is wrong with the numbering as it is set up: no given number (INS-803), series that will meet (INS-811)."""
    if master == "severa" and not administration.capabilities().invoice_number_given:
        return (reason("INS-803"),)
    if master == "administration":
        own = administration.last_invoice_number() + 1
        return series_overlap(severa.next_invoice_number(), own, master="administration")
    return ()


def switch_reasons(company: Company, master: str) -> tuple[Reason, ...]:
    """Why another numbering master cannot take over now: its next number must lie above every number used (INS-812)."""
    if master != "severa":
        return ()  # Administration's next number cannot be read; one that it has used it refuses itself (214)
    if not company.administration.capabilities().invoice_number_given:
        return (reason("INS-803"),)
    highest = company.administration.last_invoice_number()
    return master_switch_reasons(company.severa.next_invoice_number(), highest)


def _period(company: Company, start: date | None, end: date | None) -> tuple[date, date]:
    years = company.administration.company().booking_years
    last = company.administration.last_invoice_number()
    latest = company.administration.invoice(last) if last else None
    if latest is None:
        # Nothing yet: the first year in which something can still be booked.
        year = next(
            (each for each in years if each.locked_through is None or each.locked_through < each.end), years[-1]
        )
    else:
        year = next((each for each in years if each.start <= latest.date <= each.end), years[-1])
    return start or year.start, end or year.end


def _administration_series(
    posted: Iterable[PostedInvoice], invoices: Iterable[Invoice], outcomes: Mapping[str, Outcome]
) -> Series:
    """Administration's documents; where Severa gives the numbers, a missing one may be an invoice still there."""
    documents = list(posted)
    carried = {document.remark.split(" ", 1)[0].removeprefix(REMARK_PREFIX) for document in documents}
    held_back = {each.number: each for each in invoices if each.number is not None and each.key not in carried}
    numbers = [document.number for document in documents]
    found = gaps([*numbers, *(number for number in held_back if number not in numbers)], cancelled=_struck(documents))
    entries = [*_entries(found)]
    for number, invoice in held_back.items():
        if number not in numbers:
            outcome = outcomes.get(invoice.key)
            why = Why.NOT_SENT if outcome is None else WHY_OF_STATE.get(outcome.state, Why.NOT_SENT)
            entries.append(Entry(number, number, why, reasons=outcome.reasons if outcome is not None else ()))
    ordered = tuple(sorted(entries, key=lambda entry: entry.first))
    return Series("administration", True, found.first, found.last, len(documents), ordered)


def _struck(documents: Iterable[PostedInvoice]) -> list[int]:
    return [document.number for document in documents if document.cancelled]


def _entries(found: Gaps) -> list[Entry]:
    return [
        *(Entry(first, last, Why.MISSING) for first, last in found.missing),
        *(Entry(number, number, Why.CANCELLED) for number in found.cancelled),
        *(Entry(number, number, Why.DOUBLED) for number in found.doubled),
    ]


def _temporary_series(delivered: Mapping[str, Outcome], posted: Iterable[PostedInvoice]) -> Series:
    """Severa's numbers that Administration's replaced, for the documents of the period."""
    in_period = {str(document.number) for document in posted}
    replaced = [
        outcome
        for outcome in delivered.values()
        if outcome.target_key in in_period
        and outcome.source_number.isdecimal()
        and outcome.source_number != outcome.target_key
    ]
    entries = [
        Entry(
            first=int(outcome.source_number),
            last=int(outcome.source_number),
            why=Why.REPLACED_SENT if any(why.code == "FAK-327" for why in outcome.reasons) else Why.REPLACED,
            became=outcome.target_key,
        )
        for outcome in replaced
    ]
    ordered = tuple(sorted(entries, key=lambda entry: entry.first))
    first = ordered[0].first if ordered else None
    last = ordered[-1].last if ordered else None
    return Series("severa", False, first, last, len(ordered), ordered)
