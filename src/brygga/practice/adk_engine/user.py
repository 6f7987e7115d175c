"""What a user does inside the program, outside the API: lock months, cancel, book journals, change records.

Payments and supplier invoices are in ``user_ledgers``. Also how a test or an oracle looks into a company without going
through the port. Every act is one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from brygga.administration.adk.library import FieldType
from brygga.practice.adk_engine.booking_years import month_text
from brygga.practice.adk_engine.company import COMPANY_FILE, LOCK_FILE, Given, stored_value
from brygga.practice.adk_engine.fields import Table, Value
from brygga.practice.adk_engine.storage import Storage, Stored
from brygga.practice.adk_engine.tables import ROW_TABLES, TABLES
from brygga.practice.adk_engine.tables_codes import CODE_OF_BOOKINGYEAR
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD
from brygga.practice.adk_engine.values import day_of


@contextmanager
def _opened(company: Path) -> Iterator[Storage]:
    storage = Storage(company / COMPANY_FILE)
    try:
        yield storage
    finally:
        storage.close()


@contextmanager
def writing(company: Path, entered: datetime | None = None) -> Iterator[Storage]:
    """One act in the company's file; ``entered``: when, in the computer's own time (None: now)."""
    with _opened(company) as storage:
        storage.entered = entered
        with storage.transaction():
            yield storage


def required(storage: Storage, table: Table, *key: Value) -> Stored:
    """The record with the key; KeyError when there is none."""
    found = storage.match(table, dict(zip(table.key, key, strict=True)))
    if found is None:
        raise KeyError(f"{table.name} has no record {key}")
    return found


def lock_month(company: Path, year_id: str, month: int) -> None:
    """Lock the booking year up to and including the calendar month (1-12)."""
    with writing(company) as storage:
        year = required(storage, CODE_OF_BOOKINGYEAR, year_id)
        storage.update(CODE_OF_BOOKINGYEAR, year.rowid, {5: month_text(int(year.values[1]), month)})


def lock_year(company: Path, year_id: str) -> None:
    """Lock a whole booking year."""
    with writing(company) as storage:
        year = required(storage, CODE_OF_BOOKINGYEAR, year_id)
        storage.update(CODE_OF_BOOKINGYEAR, year.rowid, {6: True})


def cancel_invoice(company: Path, number: int) -> None:
    """Cancel an invoice (makulera): it keeps its number and owes nothing."""
    with writing(company) as storage:
        head = required(storage, INVOICE_HEAD, Decimal(number))
        storage.update(INVOICE_HEAD, head.rowid, {7: True, 62: Decimal(0), 78: Decimal(0)})


def book_journal(company: Path) -> list[int]:
    """Book every printed, finished, not cancelled invoice that is not booked yet; returns their numbers.

    From then on an edit answers 23.
    """
    booked = []
    with writing(company) as storage:
        for head in storage.every(INVOICE_HEAD):
            ready = head.values[6] and not head.values[5] and not head.values[7]
            if ready and not storage.is_journalised(head.rowid):
                storage.mark_journalised(head.rowid)
                booked.append(int(head.values[0]))
    return booked


def set_next_invoice_number(company: Path, number: int) -> None:
    """Set the number series, as a user does in the company settings."""
    with writing(company) as storage:
        storage.set_setting("next_invoice_number", str(number))


def set_journal_in_progress(company: Path, on: bool) -> None:
    """Start or end the printing of a journal: while it runs, writing invoices answers 560."""
    with writing(company) as storage:
        storage.set_setting("journal_in_progress", str(int(on)))


def set_exclusive_lock(folder: Path, on: bool) -> None:
    """Hold a company folder (or the common folder: every company) exclusively: opening and writing answer 486."""
    lock = folder / LOCK_FILE
    if on:
        lock.write_text("", encoding="utf-8")
    else:
        lock.unlink(missing_ok=True)


def change(
    company: Path,
    table: int,
    key: Given | tuple[Given, ...],
    fields: Mapping[int, Given],
    *,
    entered: datetime | None = None,
) -> None:
    """Change fields of the record with the key, as the program can and the API perhaps cannot; the timestamp moves.

    A settings table has no key: give ``()``. KeyError when there is no such record, ValueError for a bad value.
    """
    known = TABLES[table]
    parts = key if isinstance(key, tuple) else (key,)
    with writing(company, entered) as storage:
        typed = [stored_value(known, field, part) for field, part in zip(known.key, parts, strict=True)]
        found = required(storage, known, *typed)
        storage.update(known, found.rowid, {field: stored_value(known, field, fields[field]) for field in fields})


def read(company: Path, table: int) -> list[dict[int, Any]]:
    """Every record of a table in key order, by field id: str, bool, Decimal, ``date`` or None (timestamps as int).

    A document carries its rows under its ROWS field. Balances are document currency in 62 and SEK in 78, positive on an
    unpaid credit invoice, whatever the switches show a client.
    """
    return read_together(company, table)[0]


def read_together(company: Path, *tables: int) -> list[list[dict[int, Any]]]:
    """``read`` of several tables in one look at the company."""
    with _opened(company) as storage:
        return [_every(storage, TABLES[table]) for table in tables]


def _every(storage: Storage, known: Table) -> list[dict[int, Any]]:
    records = []
    for stored in storage.every(known):
        plain = _plain(known, stored.values)
        if known.row_table is not None:
            rows_field = next(field.id for field in known.fields.values() if field.name == "ROWS")
            rows = storage.rows_of(known, stored.rowid)
            plain[rows_field] = [_plain(ROW_TABLES[known.id], row.values) for row in rows]
        records.append(plain)
    return records


def _plain(table: Table, values: Mapping[int, Value]) -> dict[int, Any]:
    return {
        key: day_of(int(value)) if table.fields[key].type is FieldType.DATE and key != table.timestamp else value
        for key, value in values.items()
    }
