"""The sums of an invoice: row amounts, VAT per rate, rounding to whole kronor (semantics §4.6, AT-44 to AT-57)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from brygga.practice.adk_engine.fields import AMOUNT_DECIMALS, Value
from brygga.practice.adk_engine.values import rounded

ROW_TYPE_ARTICLE = "A"
ROW_TYPE_TEXT = "T"
"""The practice company's own letters: the real ones are not public (contracts/adk.md, INVOICE_ROW 19)."""


def decimal(values: dict[int, Value], field: int) -> Decimal:
    """The number in a field; 0 when it was never set."""
    return Decimal(values.get(field, 0))


def in_domestic_currency(amount: Decimal, head: dict[int, Value]) -> Decimal:
    """SEK = amount × rate / unit, rounded last (semantics §4.6)."""
    return rounded(amount * decimal(head, 35) / decimal(head, 36), AMOUNT_DECIMALS)


def _row_amount(row: dict[int, Value]) -> Decimal:
    full = decimal(row, 2) * decimal(row, 5)
    return rounded(full * (100 - decimal(row, 7)) / 100, AMOUNT_DECIMALS)


def apply_totals(
    head: dict[int, Value], rows: Sequence[dict[int, Value]], *, whole_kronor: bool, per_row: bool
) -> None:
    """Compute the amounts of the rows (9, 10) and of the head (60, 61, 65-73, 98, 99) in place.

    ``whole_kronor``: round the amount to pay to whole kronor. ``per_row``: VAT is rounded on each row, else once per
    rate on the document.
    """
    basis = [Decimal(0)] * 5
    vat = [Decimal(0)] * 5
    for row in rows:
        amount = _row_amount(row) if row.get(19) != ROW_TYPE_TEXT else Decimal(0)
        row[9] = amount
        row[10] = in_domestic_currency(amount, head)
        code = int(str(row.get(16) or "0"))
        _count(head, basis, vat, code, amount, per_row=per_row)
    _discount_and_fees(head, basis, vat, per_row=per_row)
    for code in range(5):
        head[65 + code] = basis[code]
        if code:
            if not per_row:
                vat[code] = rounded(basis[code] * decimal(head, 51 + code) / 100, AMOUNT_DECIMALS)
            head[69 + code] = vat[code]
    net, tax = sum(basis, Decimal(0)), sum(vat, Decimal(0))
    to_pay = rounded(net + tax, 0) if whole_kronor else net + tax
    head[98], head[99] = net, tax
    head[60], head[61] = to_pay - net - tax, to_pay


def _count(
    head: dict[int, Value], basis: list[Decimal], vat: list[Decimal], code: int, amount: Decimal, *, per_row: bool
) -> None:
    basis[code] += amount
    if per_row and code:
        vat[code] += rounded(amount * decimal(head, 51 + code) / 100, AMOUNT_DECIMALS)


def _discount_and_fees(head: dict[int, Value], basis: list[Decimal], vat: list[Decimal], *, per_row: bool) -> None:
    """The discount on the whole invoice (44, per cent), then freight (56, 57) and dispatch fee (58, 59)."""
    discount = decimal(head, 44)
    if discount:
        for code, amount in enumerate(list(basis)):
            _count(head, basis, vat, code, -rounded(amount * discount / 100, AMOUNT_DECIMALS), per_row=per_row)
    for fee, vat_code in ((56, 57), (58, 59)):
        if decimal(head, fee):
            code = 0 if head.get(40) or head.get(119) else int(str(head.get(vat_code) or "0"))
            _count(head, basis, vat, code, decimal(head, fee), per_row=per_row)
