"""Administration's ledgers and what was changed in it: read only (contracts/adk.md §2.4, semantics §4.9, §4.10).

The invoice ledgers have no sort order by payment or invoice date, so what is asked by such a day is a walk through the
heads alone; what changed is a walk back in the order of the change times, which ends where they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from brygga.administration.adk.records import AdkRecord, Scan, Value
from brygga.administration.adk.session import moment_of
from brygga.administration.adk.tables import (
    ContactField,
    CustomerField,
    HeadField,
    RowField,
    SortOrder,
    SupplierHeadField,
    Table,
)
from brygga.administration.failures import understood
from brygga.administration.gateway_calls import HostCalls
from brygga.records.ledger import LedgerInvoice, SupplierInvoice, SupplierInvoiceRow
from brygga.records.reasons import Refused, reason

GENERATED_TEXTS = frozenset({"total", "moms"})
"""Texts, in small letters, of the rows for debt and VAT that the program makes itself (contracts/adk.md §2.4)."""

COST_CLASSES = ("3", "4", "5", "6", "7", "8")
"""First figures of the accounts that are no balance accounts in the BAS plan: debt and VAT are on none of them."""

CREDIT = "K"

NO_RATE = Decimal(1)
"""The rate of a document that the program keeps none for: one in its own currency."""

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""Nothing in Administration is older; the computer's own time is not told for days that are much earlier."""

CLOCK_MARGIN = timedelta(hours=2)
"""How much further back than asked the walk goes: in autumn the computer's clock tells the same hour twice."""

INVOICE_FIELDS = (
    HeadField.DOCUMENT_NUMBER,
    HeadField.TYPE_OF_INVOICE,
    HeadField.CUSTOMER_NUMBER,
    HeadField.CUSTOMER_NAME,
    HeadField.DOCUMENT_DATE1,
    HeadField.TOTAL_AMOUNT,
    HeadField.BALANCE,
    HeadField.BALANCE2,
    HeadField.LAST_PAYMENT,
    HeadField.DOCUMENT_CANCELLED,
    HeadField.DOCUMENT_NOT_DONE,
    HeadField.CURRENCY_CODE,
    HeadField.CURRENCY_RATE,
    HeadField.CURRENCY_UNIT,
    HeadField.TIMESTAMP,
)

SUPPLIER_FIELDS = tuple(
    field for field in SupplierHeadField if field not in (SupplierHeadField.ROWS, SupplierHeadField.NROWS)
)

SUPPLIER_ROW_FIELDS = (
    RowField.ACCOUNT_NUMBER,
    RowField.TEXT,
    RowField.AMOUNT_DOMESTIC_CURRENCY,
    RowField.PROJECT,
    RowField.PROFIT_CENTRE,
    RowField.ARTICLE_NUMBER,
    RowField.QUANTITY1,
)


class Ledgers:
    """Reads the ledgers of the company that ``calls`` has open."""

    def __init__(self, calls: HostCalls) -> None:
        self._calls = calls

    # -- changes ---------------------------------------------------------------------------------------------
    def changed_customers(self, since: datetime) -> frozenset[str]:
        """Numbers of the customers whose card, or one of whose contacts, was changed at or after ``since``."""
        cards = self._changed(Table.CUSTOMER, [CustomerField.NUMBER], CustomerField.TIMESTAMP, since)
        people = self._changed(Table.CONTACT, [ContactField.CUSTOMER_NUMBER], ContactField.TIMESTAMP, since)
        numbers = {card.text(CustomerField.NUMBER) for card in cards}
        return frozenset(numbers | {person.text(ContactField.CUSTOMER_NUMBER) for person in people} - {""})

    def _changed(
        self, table: Table, fields: Sequence[int], stamp: int, since: datetime, rows: Sequence[int] | None = None
    ) -> list[AdkRecord]:
        """The records of the table that were changed at or after ``since``, latest first."""
        since = max(since, EARLIEST)
        first = since.astimezone().replace(tzinfo=None, microsecond=0)
        bound = (first - CLOCK_MARGIN).isoformat(sep=" ", timespec="seconds")
        walk = Scan(
            table,
            [*dict.fromkeys([*(int(field) for field in fields), int(stamp)])],
            rows=None if rows is None else [int(field) for field in rows],
            order=SortOrder.eTimeStamp,
            backwards=True,
            until=(stamp, bound),
        )
        # Some installations may tell minutes only: a change in the minute of ``since`` counts.
        minute = since.replace(second=0, microsecond=0)
        return [record for record in self._calls.scan(walk) if _latest(record.text(stamp), table) >= minute]

    # -- customer invoices -----------------------------------------------------------------------------------
    def invoices(
        self, *, paid_from: date | None = None, changed_since: datetime | None = None
    ) -> tuple[LedgerInvoice, ...]:
        """Invoices by number that fulfil every condition given: last payment on or after the day; changed since."""
        if changed_since is not None:
            records = self._changed(Table.INVOICE_HEAD, INVOICE_FIELDS, HeadField.TIMESTAMP, changed_since)
        else:
            records = self._calls.scan(Scan(Table.INVOICE_HEAD, [int(field) for field in INVOICE_FIELDS]))
        with understood():
            found = [_invoice(record) for record in records]
        wanted = [
            each
            for each in found
            if paid_from is None or (each.last_payment is not None and each.last_payment >= paid_from)
        ]
        return tuple(sorted(wanted, key=lambda each: each.number))

    def invoice(self, number: int) -> LedgerInvoice | None:
        """The invoice with this number."""
        key: dict[int, Value] = {HeadField.DOCUMENT_NUMBER: str(number)}
        record = self._calls.find(Table.INVOICE_HEAD, key, [int(field) for field in INVOICE_FIELDS])
        with understood():
            return None if record is None else _invoice(record)

    # -- supplier invoices -----------------------------------------------------------------------------------
    def supplier_invoices(
        self, *, start: date | None = None, end: date | None = None, changed_since: datetime | None = None
    ) -> tuple[SupplierInvoice, ...]:
        """Supplier invoices with their rows, cancelled ones too, by serial: dated within, and changed since.

        By day the heads are walked without rows, and the rows of those meant are read in one call.
        """
        head, day = Table.SUPPLIER_INVOICE_HEAD, SupplierHeadField.INVOICE_DATE
        if changed_since is not None:
            stamp = SupplierHeadField.TIMESTAMP
            records = self._changed(head, SUPPLIER_FIELDS, stamp, changed_since, SUPPLIER_ROW_FIELDS)
        elif start is None and end is None:
            records = self._calls.scan(Scan(head, [*SUPPLIER_FIELDS], rows=[*SUPPLIER_ROW_FIELDS]))
        else:
            number = SupplierHeadField.GIVEN_NUMBER
            heads = self._calls.scan(Scan(head, [number, day]))
            keys = [each.text(number) for each in heads if _is_within(each.text(day), start, end)]
            records = self._calls.find_many(head, number, keys, SUPPLIER_FIELDS, SUPPLIER_ROW_FIELDS) if keys else []
        with understood():
            found = [_supplier_invoice(record) for record in records if _is_within(record.text(day), start, end)]
        return tuple(sorted(found, key=lambda each: each.serial))

    def supplier_invoice(self, serial: int) -> SupplierInvoice | None:
        """The supplier invoice with this serial, with its rows."""
        key: dict[int, Value] = {SupplierHeadField.GIVEN_NUMBER: str(serial)}
        record = self._calls.find(Table.SUPPLIER_INVOICE_HEAD, key, SUPPLIER_FIELDS, rows=SUPPLIER_ROW_FIELDS)
        with understood():
            return None if record is None else _supplier_invoice(record)


def _is_within(text: str, start: date | None, end: date | None) -> bool:
    """Whether a day (ISO) lies within; one that is empty lies in no interval."""
    if start is None and end is None:
        return True
    return bool(text) and (start is None or text >= start.isoformat()) and (end is None or text <= end.isoformat())


def _latest(text: str, table: Table) -> datetime:
    """The latest moment that a change time can mean: of the hour that the clock tells twice, the second one.

    ``Refused`` (ADK-520) when it was not understood: an unread change time is never "not changed".
    """
    moment = moment_of(text)
    if moment is None:
        raise Refused(reason("ADK-520", table=table.name, text=text))
    return moment.replace(fold=1).astimezone()


def _updated(text: str) -> datetime | None:
    moment = moment_of(text)
    return None if moment is None else moment.astimezone()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _required_day(text: str, field: str) -> date:
    day = _day(text)
    if day is None:
        raise ValueError(f"{field} is empty")
    return day


def _invoice(record: AdkRecord) -> LedgerInvoice:
    """A head as a record."""
    return LedgerInvoice(
        number=record.whole(HeadField.DOCUMENT_NUMBER),
        type=record.text(HeadField.TYPE_OF_INVOICE),
        customer_number=record.text(HeadField.CUSTOMER_NUMBER),
        date=_required_day(record.text(HeadField.DOCUMENT_DATE1), "DOCUMENT_DATE1"),
        total=record.number(HeadField.TOTAL_AMOUNT),
        balance=record.number(HeadField.BALANCE),
        balance2=record.number(HeadField.BALANCE2),
        last_payment=_day(record.text(HeadField.LAST_PAYMENT)),
        cancelled=record.flag(HeadField.DOCUMENT_CANCELLED),
        not_done=record.flag(HeadField.DOCUMENT_NOT_DONE),
        currency=record.text(HeadField.CURRENCY_CODE),
        # A foreign invoice without a rate must not be counted as if it were in kronor.
        rate=record.number(HeadField.CURRENCY_RATE) if record.text(HeadField.CURRENCY_CODE) else NO_RATE,
        unit=record.whole(HeadField.CURRENCY_UNIT) or 1,
        customer_name=record.text(HeadField.CUSTOMER_NAME),
        updated=_updated(record.text(HeadField.TIMESTAMP)),
    )


def _supplier_invoice(record: AdkRecord) -> SupplierInvoice:
    head = SupplierHeadField
    return SupplierInvoice(
        serial=record.whole(head.GIVEN_NUMBER),
        supplier_number=record.text(head.SUPPLIER_NUMBER),
        supplier_name=record.text(head.SUPPLIER_NAME),
        supplier_invoice_number=record.text(head.INVOICE_NUMBER),
        date=_required_day(record.text(head.INVOICE_DATE), "INVOICE_DATE"),
        due_date=_day(record.text(head.DUE_DATE)),
        is_credit=record.text(head.TYPE_OF_INVOICE) == CREDIT,
        cancelled=record.flag(head.CANCELLED),
        attested=record.flag(head.CERTIFIED),
        currency=record.text(head.CURRENCY_CODE),
        rate=record.number(head.CURRENCY_RATE) or NO_RATE,
        unit=record.whole(head.CURRENCY_UNIT) or 1,
        project_code=record.text(head.PROJECT),
        profit_centre=record.text(head.PROFIT_CENTRE),
        total=record.number(head.TOTAL),
        vat=record.number(head.VAT_AMOUNT),
        updated=_updated(record.text(head.TIMESTAMP)),
        rows=tuple(_row(place, AdkRecord(fields)) for place, fields in enumerate(record.rows, start=1)),
    )


def _row(ordinal: int, row: AdkRecord) -> SupplierInvoiceRow:
    text, account = row.text(RowField.TEXT), row.text(RowField.ACCOUNT_NUMBER)
    named = text.strip().casefold() in GENERATED_TEXTS
    return SupplierInvoiceRow(
        ordinal=ordinal,
        account=account,
        text=text,
        amount=row.number(RowField.AMOUNT_DOMESTIC_CURRENCY),
        project_code=row.text(RowField.PROJECT),
        profit_centre=row.text(RowField.PROFIT_CENTRE),
        article=row.text(RowField.ARTICLE_NUMBER),
        quantity=row.number(RowField.QUANTITY1),
        generated=named and not account.startswith(COST_CLASSES),
        named_as_generated=named,
    )
