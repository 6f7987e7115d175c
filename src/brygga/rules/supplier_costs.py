"""What a row of a supplier invoice costs a project, and what changed since it was sent (semantics §4.10, AT-72…90).

Amounts in base currency, excluding VAT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from brygga.records.base import Record, fingerprint
from brygga.records.ledger import SupplierInvoice, SupplierInvoiceRow
from brygga.records.reasons import Level, Reason, reason
from brygga.rules.amounts import EXACT, half_up

PriceMode = Literal["cost", "cost_only", "percent"]
"""``cost``: the price is the cost. ``cost_only``: price 0, not billable. ``percent``: the price is a percentage of the
cost, so 115 adds 15 percent."""

CreditSign = Literal["positive", "negative"]
"""How Administration stores a supplier's credit note; positive by what is public (contracts/adk.md §2.4)."""

_RANGE = re.compile(r"([0-9]{1,6})(?:\s*[-–]\s*([0-9]{1,6}))?")


class BlockList:
    """Ledger accounts that never become project costs: numbers and ranges, both ends included."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Raises ``ValueError`` for an entry that is neither a number nor an ascending range of equal lengths."""
        self._ranges: list[tuple[str, str]] = []
        for entry in entries:
            found = _RANGE.fullmatch(entry.strip())
            first, last = (found[1], found[2] or found[1]) if found else ("", "")
            if not first or len(first) != len(last) or last < first:
                raise ValueError(f"no account and no range: {entry}")
            self._ranges.append((first, last))

    def __contains__(self, account: str) -> bool:
        number = account.strip()
        return any(len(number) == len(first) and first <= number <= last for first, last in self._ranges)


def cost_of(invoice: SupplierInvoice, row: SupplierInvoiceRow, credit_sign: CreditSign = "positive") -> Decimal:
    """The row's cost: its SEK amount as the ledger has it, negated once in a credit note (AT-72…76)."""
    return signed_cost(row.amount, is_credit=invoice.is_credit, credit_sign=credit_sign)


def signed_cost(amount: Decimal, *, is_credit: bool, credit_sign: CreditSign = "positive") -> Decimal:
    """The cost of an amount as the ledger has it, rounded to öre."""
    return half_up(-amount if is_credit and credit_sign == "positive" else amount)


def price_of(cost: Decimal, mode: PriceMode, percent: Decimal) -> Decimal:
    """The sales price of a cost, rounded once to öre, half up on the absolute value (AT-77…82)."""
    if mode == "cost":
        return cost
    if mode == "cost_only":
        return Decimal(0)
    return half_up(EXACT.divide(EXACT.multiply(cost, percent), Decimal(100)))


def below_cost(mode: PriceMode, percent: Decimal) -> tuple[Reason, ...]:
    """A warning when the price is less than the cost: a mark-up was perhaps meant (semantics §4.10, AT-81)."""
    return (reason("LEV-612", Level.WARNING, rate=percent),) if mode == "percent" and percent < 100 else ()


def project_of(invoice: SupplierInvoice, row: SupplierInvoiceRow) -> str:
    """The row's project, else the head's, else empty (REL-1.5.0-13)."""
    return row.project_code.strip() or invoice.project_code.strip()


def row_text(invoice: SupplierInvoice, row: SupplierInvoiceRow) -> str:
    """What the fee says: the row's text, or "supplier – invoice number"; the serial where both are empty."""
    if row.text.strip():
        return row.text.strip()
    parts = (invoice.supplier_name.strip(), invoice.supplier_invoice_number.strip())
    return " – ".join(part for part in parts if part) or str(invoice.serial)


class Sent(Record, frozen=True):
    """What was sent for one row before: the fee and its corrections, in the order in which they were sent.

    ``row`` is the row's number in the key. ``content`` is the hash of the row as it was last sent, ``costs`` what its
    fees sum up to by project code, ``parts`` how many fees there are.
    """

    row: int
    content: str
    costs: dict[str, Decimal]
    parts: int


class Cost(Record, frozen=True):
    """What a row costs now: ``project`` and ``amount`` are empty and zero for a row that is no cost."""

    ordinal: int
    content: str
    project: str
    amount: Decimal


class Pairing(Record, frozen=True):
    """A row as it is now and what was sent for it; one of the two may be missing."""

    now: Cost | None
    sent: Sent | None


class Correction(Record, frozen=True):
    """A fee that mends what was sent: so much more, or less, on this project."""

    project: str
    amount: Decimal


def content_hash(invoice: SupplierInvoice, row: SupplierInvoiceRow, cost: Decimal) -> str:
    """What tells that a row changed: account, text, cost and project, whatever its place and our settings."""
    return fingerprint((row.account.strip(), row.text.strip(), cost, project_of(invoice, row)))


def paired(rows: Sequence[Cost], sent: Sequence[Sent]) -> tuple[Pairing, ...]:
    """Which row is which: by content first, then by place, so that an inserted row shifts nobody (§4.10, Duplicates),
    then what is left in order.

    Rows come in their order, each once; what was sent and has no row any more comes last, without a row.
    """
    open_sent = {one.row: one for one in sent}
    found: dict[int, Sent] = {}
    for same_place in (True, False):
        for row in rows:
            if row.ordinal in found:
                continue
            match = next(
                (
                    one
                    for one in open_sent.values()
                    if one.content == row.content and (one.row == row.ordinal or not same_place)
                ),
                None,
            )
            if match is not None:
                found[row.ordinal] = open_sent.pop(match.row)
    for row in rows:
        if row.ordinal not in found and row.ordinal in open_sent:
            found[row.ordinal] = open_sent.pop(row.ordinal)
    for row in rows:
        # One that is gone beside one that is new may be a row that was moved and changed: counted as new, its cost
        # would be sent at once while taking back the old one waits for a person.
        if row.ordinal not in found and open_sent:
            found[row.ordinal] = open_sent.pop(min(open_sent))
    now = tuple(Pairing(row, found.get(row.ordinal)) for row in rows)
    return (*now, *(Pairing(None, one) for one in open_sent.values()))


def corrections(now: Cost | None, sent: Sent) -> tuple[Correction, ...]:
    """What must be added so that the fees sum up to what the row costs now, project by project (AT-87, AT-88).

    Nothing when the content is the same: a changed setting changes nothing that was sent.
    """
    if now is not None and now.content == sent.content:
        return ()
    wanted: Mapping[str, Decimal] = {now.project: now.amount} if now is not None and now.amount else {}
    projects = sorted({*sent.costs, *wanted})
    differences = ((name, wanted.get(name, Decimal(0)) - sent.costs.get(name, Decimal(0))) for name in projects)
    return tuple(Correction(project, amount) for project, amount in differences if amount)


def free_row_number(ordinal: int, taken: Iterable[int]) -> int:
    """The number of a new row in its key: its place, or when that is another row's, the next above every number."""
    used = set(taken)
    return ordinal if ordinal not in used else max(used) + 1
