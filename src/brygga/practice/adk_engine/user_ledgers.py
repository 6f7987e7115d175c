"""What a user does in the ledgers, outside the API: payments of customer invoices, and supplier invoices.

Every act is one transaction. ``entered`` is when it was done, in the computer's own time (None: now); the day of a
payment or an invoice is another matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from brygga.practice.adk_engine.company import Given, stored_value
from brygga.practice.adk_engine.fields import AMOUNT_DECIMALS, Value
from brygga.practice.adk_engine.invoice_totals import decimal, in_domestic_currency
from brygga.practice.adk_engine.storage import Storage, Stored
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD
from brygga.practice.adk_engine.tables_ledgers import (
    CUSTOMERPAYMENT,
    SUPPLIER,
    SUPPLIER_INVOICE_HEAD,
    SUPPLIER_INVOICE_ROW,
    SUPPLIER_NROWS,
)
from brygga.practice.adk_engine.user import required, writing
from brygga.practice.adk_engine.values import day_number, rounded

TOTAL_TEXT, VAT_TEXT = "Total", "Moms"
"""Texts of the rows that the program makes itself, from the posting template: they come first (adk.md §2.4)."""

DEBT_ACCOUNT, VAT_ACCOUNT = "2440", "2641"


# -- payments ------------------------------------------------------------------------------------------------------
def register_payment(
    company: Path, number: int, amount: Decimal, paid_on: date, *, entered: datetime | None = None
) -> int:
    """A payment of the amount in document currency (positive also of a credit invoice); answers its number.

    The balance falls and LAST_PAYMENT becomes the latest day of a payment. KeyError when there is no such invoice.
    """
    with writing(company, entered) as storage:
        return _pay(storage, required(storage, INVOICE_HEAD, Decimal(number)), amount, paid_on)


def settle(
    company: Path, credit: int, invoice: int, amount: Decimal, day: date, *, entered: datetime | None = None
) -> None:
    """Settle a credit invoice against an invoice: both balances fall by the amount, each with a payment that names the
    other document."""
    with writing(company, entered) as storage:
        heads = [required(storage, INVOICE_HEAD, Decimal(number)) for number in (credit, invoice)]
        for head, other in zip(heads, reversed(heads), strict=True):
            _pay(storage, head, amount, day, settled=decimal(other.values, 0))


def reverse_payment(company: Path, payment: int, *, entered: datetime | None = None) -> None:
    """Cancel a payment: the balance rises again, LAST_PAYMENT becomes the latest day of those left, or empty."""
    with writing(company, entered) as storage:
        found = required(storage, CUSTOMERPAYMENT, Decimal(payment))
        storage.update(CUSTOMERPAYMENT, found.rowid, {24: True})
        _balance(storage, required(storage, INVOICE_HEAD, found.values[1]))


def _pay(storage: Storage, head: Stored, amount: Decimal, day: date, settled: Decimal = Decimal(0)) -> int:
    upcoming = int(storage.setting("next_payment_number"))
    storage.set_setting("next_payment_number", str(upcoming + 1))
    storage.insert(
        CUSTOMERPAYMENT,
        {
            0: Decimal(upcoming),
            1: head.values[0],
            2: day_number(day),
            6: head.values[35],
            7: amount,
            8: in_domestic_currency(amount, head.values),
            10: head.values[33],
            31: bool(settled),
            32: settled,
        },
    )
    _balance(storage, head)
    return upcoming


def _balance(storage: Storage, head: Stored) -> None:
    """Balance and last payment of an invoice follow from its payments that are not cancelled."""
    payments = [each for each in storage.every_of(CUSTOMERPAYMENT, 1, head.values[0]) if not each.values[24]]
    balance = decimal(head.values, 61) - sum((decimal(each.values, 7) for each in payments), Decimal(0))
    last = max((int(each.values[2]) for each in payments), default=0)
    in_sek = in_domestic_currency(balance, head.values)
    storage.update(INVOICE_HEAD, head.rowid, {62: balance, 78: in_sek, 120: last})


# -- supplier invoices ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class CostRow:
    """A cost row as the user enters it: ``amount`` in document currency, excluding VAT."""

    account: str
    amount: Decimal
    text: str = ""
    project: str = ""
    profit_centre: str = ""
    article: str = ""
    quantity: Decimal = Decimal(0)


def add_supplier_invoice(
    company: Path,
    supplier: str,
    invoice_number: str,
    dated: date,
    rows: Sequence[CostRow],
    *,
    vat: Decimal = Decimal(0),
    head: Mapping[int, Given] | None = None,
    entered: datetime | None = None,
) -> int:
    """Enter a supplier invoice; answers its own serial. A credit invoice is type "K" with positive amounts.

    The program's rows for debt and VAT are made first. ``head`` sets more fields of the head. KeyError when there is no
    such supplier.
    """
    with writing(company, entered) as storage:
        return insert_supplier_invoice(storage, supplier, invoice_number, dated, rows, vat=vat, head=head)


def insert_supplier_invoice(
    storage: Storage,
    supplier: str,
    invoice_number: str,
    dated: date,
    rows: Sequence[CostRow],
    *,
    vat: Decimal = Decimal(0),
    head: Mapping[int, Given] | None = None,
) -> int:
    """The same, inside a transaction that is under way."""
    known = required(storage, SUPPLIER, supplier)
    serial = int(storage.setting("next_supplier_invoice_number"))
    storage.set_setting("next_supplier_invoice_number", str(serial + 1))
    total = sum((row.amount for row in rows), Decimal(0)) + vat
    values: dict[int, Value] = {
        0: Decimal(serial),
        1: supplier,
        2: known.values[1],
        4: known.values[14],
        6: invoice_number,
        8: day_number(dated),
        10: known.values[15] or "SEK",
        11: Decimal(1),
        12: "F",
        13: total,
        14: total,
        16: vat,
        27: Decimal(1),
        28: DEBT_ACCOUNT,
    }
    values |= {key: stored_value(SUPPLIER_INVOICE_HEAD, key, given) for key, given in (head or {}).items()}
    made = _rows(values, rows, vat)
    values[SUPPLIER_NROWS] = Decimal(len(made))
    storage.insert_with_rows(SUPPLIER_INVOICE_HEAD, values, made)
    return serial


def _rows(head: Mapping[int, Value], rows: Sequence[CostRow], vat: Decimal) -> list[dict[int, Value]]:
    costs = [_cost(head, row) for row in rows]
    vat_sek = _sek(head, vat)
    # What the parts are rounded to is what the debt is in SEK: the voucher balances.
    debt = -sum((decimal(row, 10) for row in costs), Decimal(0)) - vat_sek
    whole = sum((row.amount for row in rows), Decimal(0)) + vat
    program: list[dict[int, Value]] = [{14: TOTAL_TEXT, 11: str(head[28]), 9: -whole, 10: debt}]
    if vat:
        program.append({14: VAT_TEXT, 11: VAT_ACCOUNT, 9: vat, 10: vat_sek})
    return [*program, *costs]


def _cost(head: Mapping[int, Value], row: CostRow) -> dict[int, Value]:
    return {
        0: row.article,
        2: row.quantity,
        9: row.amount,
        10: _sek(head, row.amount),
        11: row.account,
        12: row.profit_centre,
        13: row.project,
        14: row.text,
    }


def _sek(head: Mapping[int, Value], amount: Decimal) -> Decimal:
    return rounded(amount * decimal(dict(head), 11) / decimal(dict(head), 27), AMOUNT_DECIMALS)


def attest(company: Path, serial: int, by: str, *, entered: datetime | None = None) -> None:
    """Attest a supplier invoice."""
    _change_head(company, serial, {19: True, 18: by}, entered)


def cancel_supplier_invoice(company: Path, serial: int, *, entered: datetime | None = None) -> None:
    """Cancel a supplier invoice (makulera): it keeps its serial and its rows and owes nothing."""
    _change_head(company, serial, {20: True, 14: Decimal(0)}, entered)


def _change_head(company: Path, serial: int, fields: Mapping[int, Value], entered: datetime | None) -> None:
    with writing(company, entered) as storage:
        head = required(storage, SUPPLIER_INVOICE_HEAD, Decimal(serial))
        storage.update(SUPPLIER_INVOICE_HEAD, head.rowid, fields)


def change_cost_rows(
    company: Path, serial: int, rows: Sequence[CostRow], *, vat: Decimal = Decimal(0), entered: datetime | None = None
) -> None:
    """Enter the cost rows anew, as a user does who corrects the invoice: the program's rows and the total follow."""
    with writing(company, entered) as storage:
        head = required(storage, SUPPLIER_INVOICE_HEAD, Decimal(serial))
        for old in storage.rows_of(SUPPLIER_INVOICE_HEAD, head.rowid):
            storage.delete(SUPPLIER_INVOICE_ROW, old.rowid)
        made = _rows(head.values, rows, vat)
        for place, row in enumerate(made, start=1):
            storage.insert(SUPPLIER_INVOICE_ROW, {**row, 31: Decimal(place)}, head=head.rowid)
        total = sum((row.amount for row in rows), Decimal(0)) + vat
        changed: dict[int, Value] = {13: total, 14: total, 16: vat, SUPPLIER_NROWS: Decimal(len(made))}
        storage.update(SUPPLIER_INVOICE_HEAD, head.rowid, changed)
