"""Both sides of a record, field by field, read just now; what differs is marked (issue 6: the record page)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from brygga.i18n import N_
from brygga.records.base import Record
from brygga.records.ledger import SupplierInvoice, SupplierInvoiceRow
from brygga.records.reasons import Fault, Reason
from brygga.records.severa_cards import InvoicePayment, ProjectFee
from brygga.records.target import Kind, System
from brygga.rules.payments import CREDIT_NOTE, Standing, remaining, standing
from brygga.rules.supplier_costs import content_hash, cost_of, project_of
from brygga.store.journal.journal import Link
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan
from brygga.web.pages.doubt import FIELDS
from brygga.web.site import Site
from brygga.web.texts import Words

STANDING_WORDS = {
    Standing.PAID: N_("paid"),
    Standing.OVERPAID: N_("overpaid"),
    Standing.PART_PAID: N_("part-paid"),
    Standing.UNPAID: N_("not paid"),
    Standing.NOT_COUNTED: N_("cancelled or not done"),
}

Line = tuple[str, str, str, bool]
"""A field: label, Severa's side, Administration's side, and whether they differ."""


class Sides(Record, frozen=True):
    """Both sides of a record: what each column is, and the fields."""

    severa: str
    lines: tuple[Line, ...]
    fault: Reason | None = None
    administration: str = "Administration"


def sides_of(site: Site, words: Words, company: str, plan: Plan, link: Link | None) -> Sides | None:
    """Both sides as they are now; of a card, what the target has and what it would become. None when there is nothing
    to compare; ``fault`` when a system does not answer."""
    try:
        with site.app.company(company, read_only=True, mirrored=False) as opened:
            match plan.kind:
                case Kind.INVOICE:
                    return Sides("Severa", _invoice(words, opened, plan, link))
                case Kind.PAYMENT:
                    return Sides("Severa", tuple(_payment(words, opened, plan)))
                case Kind.PROJECT_FEE:
                    return Sides("Severa", tuple(_cost(words, opened, plan)))
                case _:
                    return _card(words, opened, plan, link)
    except Fault as fault:
        return Sides("", (), fault.reason)


def _invoice(words: Words, opened: Company, plan: Plan, link: Link | None) -> tuple[Line, ...]:
    key = link.target_key if link is not None else plan.target_key
    there = opened.administration.find(Kind.INVOICE, key) if key else None
    ours = opened.severa.invoice(plan.source_key)
    return tuple(_compared(words, words.t(label), ours, severa, there, posted) for label, severa, _, posted in FIELDS)


def _card(words: Words, opened: Company, plan: Plan, link: Link | None) -> Sides | None:
    """What the target has of a card, beside what is written there."""
    card: Any = plan.payload
    there: Any = None
    if card is None:
        return None
    plain = [name for name in card.__struct_fields__ if not isinstance(getattr(card, name), tuple | Record)]
    if plan.transfer.target is System.SEVERA:
        key = link.source_key if link is not None else plan.target_key
        there = opened.severa.find(plan.kind, key) if key else None
        lines = [_compared(words, words.field(name), there, name, card, name) for name in plain]
        named = ("Severa", words.t("Administration, as it is written"))
    else:
        key = link.target_key if link is not None else plan.target_key
        there = opened.administration.find(plan.kind, key) if key else None
        lines = [_compared(words, words.field(name), card, name, there, name) for name in plain]
        named = (words.t("Severa, as it is written"), "Administration")
    shown = tuple(line for line in lines if line[1] != "–" or line[2] != "–")
    return Sides(named[0], shown, administration=named[1])


def _payment(words: Words, opened: Company, plan: Plan) -> Iterator[Line]:
    """The invoice in the ledger beside the status and the payment date that Severa has."""
    t, balances = words.t, opened.preferences.payments_balances
    posted = opened.administration.ledger_invoice(int(plan.source_key))
    ours = opened.severa.invoice(plan.target_key)
    state = opened.severa.find(Kind.PAYMENT, plan.target_key)
    statuses = {status.key: status for status in opened.severa.invoice_statuses()}
    status = statuses.get(state.status_key) if isinstance(state, InvoicePayment) else None
    yield _line(words, t("Number"), ours.number if ours else None, posted.number if posted else None)
    total = None if posted is None else -posted.total if posted.type == CREDIT_NOTE else posted.total
    yield _line(words, t("To pay"), ours.gross if ours else None, total)
    stands, rest = None, None
    if posted is not None:
        try:
            stands, rest = standing(posted, balances), remaining(posted, balances)
        except ValueError:
            pass  # without a rate nothing is known of a foreign balance: the row itself says so (BET-510)
    paid = stands is not None and stands.is_paid
    differs = stands is not None and (status is not None and status.is_paid) != paid
    yield _line(
        words, t("Status"), status.name if status else None, t(STANDING_WORDS[stands]) if stands else None, differs
    )
    day = state.payment_date if isinstance(state, InvoicePayment) else None
    there = posted.last_payment if posted is not None else None
    yield _line(words, words.field("payment_date"), day, there, day != (there if paid else None))
    yield _line(words, t("Remains, in SEK"), None, rest, False)


def _cost(words: Words, opened: Company, plan: Plan) -> Iterator[Line]:
    """The row of the supplier invoice beside its fee, or its fees where it was corrected."""
    t = words.t
    serial, _, place = plan.source_key.partition(":")
    first = f"{serial}:{place.partition('+')[0]}"
    invoice = opened.administration.supplier_invoice(int(serial))
    links = [link for link in opened.journal.links(Kind.PROJECT_FEE).values() if _belongs(link.target_key, first)]
    row = _row(opened, invoice, links, int(first.partition(":")[2])) if invoice is not None else None
    found = [opened.severa.find(Kind.PROJECT_FEE, link.source_key) for link in links]
    fees = [fee for fee in found if isinstance(fee, ProjectFee)]
    costs: dict[str, Decimal] = {}
    for fee in fees:
        code = _code(opened, fee.project_key)
        costs[code] = costs.get(code, Decimal(0)) + fee.unit_cost
    charged = {number: cost for number, cost in costs.items() if cost}
    there = Decimal(0) if invoice is None or row is None or invoice.cancelled else _counted(opened, invoice, row)
    project = project_of(invoice, row) if invoice is not None and row is not None else ""
    text = row.text.strip() if row is not None else ""
    yield _line(words, words.field("description"), "; ".join(fee.description for fee in fees), text, False)
    yield _line(words, words.field("project"), ", ".join(charged), project, bool(fees) and set(charged) != {project})
    yield _line(words, t("Excl. VAT"), sum(costs.values(), Decimal(0)) if fees else None, there)
    dates = sorted({fee.event_date for fee in fees})
    yield _line(words, t("Date"), ", ".join(map(str, dates)), invoice.date if invoice else None)
    yield _line(words, t("Account"), None, row.account if row else None, False)
    yield _line(words, t("cancelled"), None, invoice.cancelled if invoice else None, False)
    yield _line(words, t("Number of costs in Severa"), len(fees), len(links), len(fees) != len(links))


def _row(opened: Company, invoice: SupplierInvoice, links: list[Link], number: int) -> SupplierInvoiceRow | None:
    """The row as it was sent, wherever it stands now; of one that was changed or never sent, the one in its place."""
    rows = [row for row in invoice.rows if not row.generated]
    sent = {link.snapshot.payload_hash for link in links}
    same = (row for row in rows if content_hash(invoice, row, _counted(opened, invoice, row)) in sent)
    return next(same, None) or next((row for row in rows if row.ordinal == number), None)


def _counted(opened: Company, invoice: SupplierInvoice, row: SupplierInvoiceRow) -> Decimal:
    return cost_of(invoice, row, opened.preferences.supplier_invoices_credit_rows)


def _code(opened: Company, project_key: str) -> str:
    """What Administration calls the project that a cost is on, or Severa where the two are not linked."""
    link = opened.journal.link_of(Kind.PROJECT, project_key)
    if link is not None:
        return link.target_key
    return next((project.number for project in opened.severa.projects((project_key,))), "")


def _belongs(key: str, first: str) -> bool:
    return key == first or key.startswith(f"{first}+")


def _compared(words: Words, label: str, ours: Any, name: str, there: Any, its: str) -> Line:
    """A field of two records; nothing differs from a record that is not there yet."""
    here, yonder = (words.value(getattr(each, field, None)) for each, field in ((ours, name), (there, its)))
    return label, here, yonder, ours is not None and there is not None and here != yonder


def _line(words: Words, label: str, ours: object, there: object, differs: bool | None = None) -> Line:
    here, yonder = words.value(ours), words.value(there)
    return label, here, yonder, (here != yonder and "–" not in (here, yonder)) if differs is None else differs
