"""Rules of adding and changing customer invoices and credit invoices (contracts/adk.md §2.4, §3, §4)."""

from __future__ import annotations

from decimal import Decimal

from brygga.practice.adk_engine.booking_years import open_booking_year
from brygga.practice.adk_engine.codes import Rc
from brygga.practice.adk_engine.fields import Value
from brygga.practice.adk_engine.invoice_totals import apply_totals, decimal, in_domestic_currency
from brygga.practice.adk_engine.records import Record
from brygga.practice.adk_engine.rules_registers import check_currency_active, check_references
from brygga.practice.adk_engine.rules_rows import (
    DocumentScope,
    RowDraft,
    check_account,
    check_profit_centre,
    check_project,
    complete_row,
)
from brygga.practice.adk_engine.storage import Stored
from brygga.practice.adk_engine.tables_codes import CODE_OF_CURRENCY, PRM2
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD, INVOICE_ROW, NROWS_FIELD, ROWS_FIELD
from brygga.practice.adk_engine.tables_registers import CUSTOMER
from brygga.practice.adk_engine.values import luhn_digit
from brygga.practice.adk_engine.work import Work, refuse

Values = dict[int, Value]

NUMBER, NOT_DONE, PRINTED, CANCELLED = 0, 5, 6, 7
DATE, TYPE, CUSTOMER_NUMBER, CURRENCY, RATE, UNIT = 8, 13, 14, 33, 35, 36
EXPORT, BUILDSERVICE, EU_TRADE, ORIGINAL, OCR = 40, 119, 89, 80, 112
TOTAL, BALANCE, BALANCE_SEK = 61, 62, 78

ROUNDED_CURRENCY = "SEK"

COPIED_FROM_CUSTOMER: dict[int, int] = {
    15: 1,
    16: 3,
    17: 4,
    18: 6,
    19: 7,
    20: 8,
    21: 12,
    22: 13,
    23: 14,
    24: 16,
    25: 17,
    26: 18,
    27: 22,
    33: 37,
    34: 38,
    40: 41,
    44: 44,
    46: 30,
    63: 96,
    64: 95,
    75: 136,
    87: 59,
    89: 61,
    113: 70,
    114: 71,
    119: 78,
}
"""Head field ← customer field, copied when CUSTOMER_NUMBER is set (contracts/adk.md, INVOICE_HEAD 14)."""

COPIED_FROM_COMPANY: dict[int, int] = {
    52: 0,
    53: 1,
    54: 2,
    55: 3,
    30: 29,
    75: 42,
    81: 45,
    82: 46,
    83: 47,
    84: 48,
    85: 51,
    57: 5,
    59: 6,
}
"""Head field ← PRM2 field, filled at add where the client and the customer gave nothing."""


FEES: dict[int, tuple[int, int]] = {56: (36, 31), 58: (35, 30)}
"""Head fee ← whether the customer pays it (customer field), and the company's usual amount (PRM2 field)."""


def customer_defaults(work: Work, head: Record) -> None:
    """Copy the customer's defaults to the fields that the client has not set. An unknown customer copies nothing
    (49 comes at add)."""
    found = work.by_key(CUSTOMER, head.values[CUSTOMER_NUMBER])
    if found is None:
        return
    for target, source in COPIED_FROM_CUSTOMER.items():
        if target not in head.changed:
            head.values[target] = found.values[source]
    for target, (pays, usual) in FEES.items():
        if target not in head.changed and found.values[pays]:
            head.values[target] = work.storage.single(PRM2)[usual]
    currency_defaults(work, head)


def currency_defaults(work: Work, head: Record) -> None:
    """Rate and unit of the head's currency from the register, where the client has not set them."""
    rate, unit = register_rate(work, str(head.values.get(CURRENCY, "")))
    for target, value in ((RATE, rate), (UNIT, unit)):
        if target not in head.changed:
            head.values[target] = value


def register_rate(work: Work, currency: str) -> tuple[Decimal, Decimal]:
    """Selling rate and unit of a currency; 1 and 1 for the company's own and for an unknown one."""
    found = None
    if currency not in ("", work.domestic_currency()):
        found = work.by_key(CODE_OF_CURRENCY, currency)
    if found is None:
        return Decimal(1), Decimal(1)
    return decimal(found.values, 4), decimal(found.values, 2)


# -- adding ----------------------------------------------------------------------------------------------------


def add_invoice(work: Work, head: Record) -> int:
    """Insert the invoice with its rows; returns its row. Nothing is written when any rule refuses."""
    values = {key: value for key, value in head.values.items() if key != ROWS_FIELD}
    for field_id in (PRINTED, CANCELLED):
        if values.get(field_id):
            # Set by update only: contracts/adk.md, INVOICE_HEAD 6 and 7.
            raise refuse(Rc.EDIT_DENIED_FIELD, INVOICE_HEAD, field_id)
    if NUMBER in head.changed and not work.switches.document_number_writable:
        raise refuse(Rc.EDIT_DENIED_FIELD, INVOICE_HEAD, NUMBER)
    customer = _complete_head(work, values, head.changed)
    year = _check_head(work, values, set(values))
    _check_original(work, values)
    rows = _given_rows(head, [])
    _complete_rows(work, year, values, rows)
    _total(work, values, rows)
    values |= {BALANCE: values[TOTAL], BALANCE_SEK: in_domestic_currency(decimal(values, TOTAL), values)}
    _give_number(work, values)
    _warn_about_head(work, values, customer)
    return work.storage.insert_with_rows(INVOICE_HEAD, values, [row.values for row in rows])


def _complete_head(work: Work, values: Values, explicit: set[int]) -> Values:
    if not values.get(TYPE):
        values[TYPE] = "F"
    number = values.get(CUSTOMER_NUMBER)
    customer = work.by_key(CUSTOMER, number) if number else None
    if customer is None:
        raise refuse(Rc.OOF_INVALID_CUSTOMER, INVOICE_HEAD, CUSTOMER_NUMBER)
    settings = work.storage.single(PRM2)
    for target, source in COPIED_FROM_COMPANY.items():
        if target not in explicit and not values.get(target):
            values[target] = settings[source]
    if not values.get(CURRENCY):
        values[CURRENCY] = work.domestic_currency()
    rate, unit = register_rate(work, str(values[CURRENCY]))
    values.setdefault(RATE, rate)
    values.setdefault(UNIT, unit)
    return customer.values


def _check_head(work: Work, values: Values, fields: set[int]) -> str:
    """Check the head's own fields; returns the id of the booking year of its date."""
    if values[TYPE] not in ("F", "K"):
        raise refuse(Rc.INVALID_INVOICE_TYPE, INVOICE_HEAD, TYPE)
    if not values.get(DATE):
        raise refuse(Rc.WRONG_INVOICE_DATE, INVOICE_HEAD, DATE)
    year = open_booking_year(work, int(values[DATE]), INVOICE_HEAD, DATE)
    domestic = values[CURRENCY] == work.domestic_currency()
    if not domestic:
        check_references(work, INVOICE_HEAD, values, fields & {CURRENCY})
    check_currency_active(work, str(values[CURRENCY]), INVOICE_HEAD, CURRENCY)
    rate, unit = decimal(values, RATE), decimal(values, UNIT)
    if rate <= 0 or unit <= 0 or (domestic and not rate == unit == 1):
        raise refuse(Rc.INVALID_CURRENCY_CODE, INVOICE_HEAD, RATE)
    if values.get(EXPORT) and values.get(BUILDSERVICE):
        raise refuse(Rc.BUILDING_SERVICE_EXP, INVOICE_HEAD, BUILDSERVICE)
    check_references(work, INVOICE_HEAD, values, fields - {CURRENCY})
    if 63 in fields:
        check_project(work, INVOICE_HEAD, 63, str(values.get(63, "")))
    check_profit_centre(work, INVOICE_HEAD, 64, year, str(values.get(64, "")))
    for account_field in fields & {75, 81, 82, 83, 84, 85}:
        check_account(work, INVOICE_HEAD, account_field, year, str(values[account_field]))
    return year


def _check_original(work: Work, values: Values) -> None:
    number = values.get(ORIGINAL)
    if not number:
        return
    if values[TYPE] != "K":
        raise refuse(Rc.CAN_NOT_CONNECT_CREDIT, INVOICE_HEAD, ORIGINAL)
    original = work.by_key(INVOICE_HEAD, number)
    if original is None:
        raise refuse(Rc.INVALID_INVOICE, INVOICE_HEAD, ORIGINAL)
    if original.values[TYPE] == "K":
        raise refuse(Rc.DENIED_CREDIT_CREDIT_INVOICE, INVOICE_HEAD, ORIGINAL)
    if original.values[CANCELLED]:
        raise refuse(Rc.DENIED_CREDIT_OBLITERATED_INVOICE, INVOICE_HEAD, ORIGINAL)
    if original.values[CUSTOMER_NUMBER] != values[CUSTOMER_NUMBER]:
        raise refuse(Rc.CAN_NOT_CONNECT_CREDIT, INVOICE_HEAD, ORIGINAL)


def _give_number(work: Work, values: Values) -> None:
    """The client's number, else the next of the series, which is taken. A given number leaves the series alone."""
    if not values.get(NUMBER):
        upcoming = int(work.storage.setting("next_invoice_number"))
        values[NUMBER] = Decimal(upcoming)
        work.storage.set_setting("next_invoice_number", str(upcoming + 1))
    if decimal(values, NUMBER) < 0 or work.by_key(INVOICE_HEAD, values[NUMBER]) is not None:
        raise refuse(Rc.KEY_TAKEN_IN_NUMBERSERIES, INVOICE_HEAD, NUMBER)
    if not values.get(OCR):
        digits = str(int(decimal(values, NUMBER)))
        values[OCR] = f"{digits}{luhn_digit(digits)}"


def _warn_about_head(work: Work, values: Values, customer: Values) -> None:
    domestic = work.domestic_currency()
    if (customer[37] or domestic) != values[CURRENCY]:
        work.warn(Rc.CHANGE_OF_CUSTOMER_OTHER_CURRENCY, INVOICE_HEAD, CURRENCY)
    if values.get(EXPORT) and values.get(EU_TRADE):
        work.warn(Rc.OOF_EXP_EU, INVOICE_HEAD, EU_TRADE)
    limit = decimal(customer, 48)
    if limit and values[TYPE] == "F":
        debt = work.storage.customer_debt(str(values[CUSTOMER_NUMBER]))
        if debt + decimal(values, BALANCE_SEK) > limit:
            work.warn(Rc.CREDIT_LIMIT, INVOICE_HEAD, CUSTOMER_NUMBER)


# -- rows --------------------------------------------------------------------------------------------------------


def _given_rows(head: Record, stored: list[Stored]) -> list[RowDraft]:
    """The rows of the invoice after the write: those stored, changed by the client's, and its new ones.

    An attached array holds old and new rows together, only the changed ones filled (contracts/adk.md §2.4).
    """
    drafts = [RowDraft.of_stored(row) for row in stored]
    if head.attached is None:
        if NROWS_FIELD in head.changed and decimal(head.values, NROWS_FIELD) != len(drafts):
            raise refuse(Rc.INVALID_INDEX, INVOICE_HEAD, NROWS_FIELD)
        given = head.rows or []
    else:
        given = head.attached.rows
        if decimal(head.values, NROWS_FIELD) != len(given) or len(given) < len(drafts):
            raise refuse(Rc.INVALID_INDEX, INVOICE_HEAD, NROWS_FIELD)
    for place, record in enumerate(given):
        changes = {field_id: record.values[field_id] for field_id in record.changed}
        if place < len(drafts):
            drafts[place].values |= changes
            drafts[place].explicit |= record.changed
        else:
            drafts.append(RowDraft(changes, set(record.changed)))
    return drafts


def _complete_rows(work: Work, year: str, values: Values, rows: list[RowDraft]) -> None:
    customer = work.by_key(CUSTOMER, values[CUSTOMER_NUMBER])
    scope = DocumentScope.of(year, values, row_discount=decimal(customer.values, 45) if customer else Decimal(0))
    for row in rows:
        complete_row(work, scope, row)
    values[NROWS_FIELD] = Decimal(len(rows))


def _total(work: Work, values: Values, rows: list[RowDraft]) -> None:
    """Totals by the company's rounding: only documents in SEK are rounded to whole kronor (semantics §3.5)."""
    whole = work.module_active("round_to_kronor") and values[CURRENCY] == ROUNDED_CURRENCY
    per_row = work.switches.vat_rounding == "row"
    apply_totals(values, [row.values for row in rows], whole_kronor=whole, per_row=per_row)


# -- changing ------------------------------------------------------------------------------------------------------


def update_invoice(work: Work, head: Record, current: Stored) -> None:
    """Write the changed fields and rows of an invoice."""
    fields = head.changed - {ROWS_FIELD}
    row_changes = head.attached is not None or any(row.changed for row in head.rows or [])
    _check_may_edit(work, head, current, row_changes)
    if NUMBER in fields and head.values[NUMBER] != current.values[NUMBER]:
        raise refuse(Rc.EDIT_DENIED_FIELD, INVOICE_HEAD, NUMBER)
    new = {field_id: head.values[field_id] for field_id in fields if field_id != NROWS_FIELD}
    values = {**current.values, **new}
    if row_changes or NROWS_FIELD in fields or fields - {PRINTED, CANCELLED}:
        _rewrite(work, head, current, values, fields)
    _check_printing(work, values)
    if values[CANCELLED]:
        values |= {BALANCE: Decimal(0), BALANCE_SEK: Decimal(0)}
    work.storage.update(INVOICE_HEAD, current.rowid, values)


def _check_may_edit(work: Work, head: Record, current: Stored, row_changes: bool) -> None:
    if current.values[CANCELLED]:
        raise refuse(Rc.EDIT_DENIED_OBLITERATED, INVOICE_HEAD)
    if work.storage.is_journalised(current.rowid):
        raise refuse(Rc.INVOICE_EDIT_DENIED_JOURNAL, INVOICE_HEAD)
    only_cancelling = head.changed == {CANCELLED} and bool(head.values[CANCELLED]) and not row_changes
    if current.values[PRINTED] and not only_cancelling:
        raise refuse(Rc.EDIT_DENIED_PRINTED, INVOICE_HEAD)


def _rewrite(work: Work, head: Record, current: Stored, values: Values, fields: set[int]) -> None:
    """A change of more than the flags: the document is checked and totalled again, its rows are written."""
    open_booking_year(work, int(current.values[DATE]), INVOICE_HEAD, DATE)
    _check_fixed_fields(current.values, values)
    year = _check_head(work, values, fields)
    if {TYPE, ORIGINAL} & fields:
        _check_original(work, values)
    stored_rows = work.storage.rows_of(INVOICE_HEAD, current.rowid)
    rows = _given_rows(head, stored_rows)
    _complete_rows(work, year, values, rows)
    _total(work, values, rows)
    _move_balance(current.values, values)
    if values[CURRENCY] != current.values[CURRENCY]:
        work.warn(Rc.CHANGE_OF_CURRENCY_CODE, INVOICE_HEAD, CURRENCY)
    elif values[RATE] != current.values[RATE]:
        work.warn(Rc.CHANGE_OF_CURRENCY_RATE, INVOICE_HEAD, RATE)
    for place, row in enumerate(rows, start=1):
        _write_row(work, current.rowid, place, row)


def _check_fixed_fields(old: Values, new: Values) -> None:
    if new[CUSTOMER_NUMBER] != old[CUSTOMER_NUMBER]:
        raise refuse(Rc.INVOICE_EDIT_DENIED_CUSTOMER_NR, INVOICE_HEAD, CUSTOMER_NUMBER)
    if new[EXPORT] != old[EXPORT]:
        raise refuse(Rc.NO_CHANGE_ON_EXPORT, INVOICE_HEAD, EXPORT)


def _move_balance(old: Values, new: Values) -> None:
    """What was paid stays paid: the balance moves by as much as the total."""
    paid = decimal(old, TOTAL) - decimal(old, BALANCE)
    paid_sek = in_domestic_currency(decimal(old, TOTAL), old) - decimal(old, BALANCE_SEK)
    new[BALANCE] = decimal(new, TOTAL) - paid
    new[BALANCE_SEK] = in_domestic_currency(decimal(new, TOTAL), new) - paid_sek


def _write_row(work: Work, head: int, place: int, row: RowDraft) -> None:
    values = {**row.values, 31: Decimal(place)}
    if row.stored is None:
        work.storage.insert(INVOICE_ROW, values, head=head)
    elif values != row.stored.values:
        work.storage.update(INVOICE_ROW, row.stored.rowid, values)


def _check_printing(work: Work, values: Values) -> None:
    if not values[PRINTED]:
        return
    if values[NOT_DONE]:
        raise refuse(Rc.NOT_PRINTED_IF_NOT_READY, INVOICE_HEAD, PRINTED)
    negative = values[TYPE] == "F" and decimal(values, TOTAL) < 0
    if negative and not work.switches.negative_total_printable:
        raise refuse(Rc.OOF_EDIT_DENIED, INVOICE_HEAD, PRINTED)


def delete_invoice_row(work: Work, head: Record, current: Stored, number: int) -> None:
    """Delete row ``number`` (1-based); the rows after it move up and the totals are computed again."""
    _check_may_edit(work, head, current, row_changes=True)
    year = open_booking_year(work, int(current.values[DATE]), INVOICE_HEAD, DATE)
    stored = work.storage.rows_of(INVOICE_HEAD, current.rowid)
    if not 1 <= number <= len(stored):
        raise refuse(Rc.INVALID_INDEX, INVOICE_HEAD, ROWS_FIELD)
    work.storage.delete(INVOICE_ROW, stored.pop(number - 1).rowid)
    values = dict(current.values)
    rows = [RowDraft.of_stored(row) for row in stored]
    _complete_rows(work, year, values, rows)
    _total(work, values, rows)
    _move_balance(current.values, values)
    for place, row in enumerate(rows, start=1):
        _write_row(work, current.rowid, place, row)
    work.storage.update(INVOICE_HEAD, current.rowid, values)
