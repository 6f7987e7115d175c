"""``PracticeEngine``: the practice implementation of the Administration API's port.

It keeps its state in the company's SQLite file, one transaction per write, and refuses whatever it does not model:
another table is 107, another field 102, another sort order 104, another filter 685/686.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from brygga.administration.adk.library import FieldType, Handle
from brygga.practice.adk_engine.codes import Fn, Rc, Refusal
from brygga.practice.adk_engine.company import Switches
from brygga.practice.adk_engine.engine_core import adk_call
from brygga.practice.adk_engine.engine_fields import FieldCalls
from brygga.practice.adk_engine.fields import SortOrder, Table, Value
from brygga.practice.adk_engine.invoice_totals import decimal
from brygga.practice.adk_engine.records import Record
from brygga.practice.adk_engine.rules_invoices import add_invoice, delete_invoice_row, update_invoice
from brygga.practice.adk_engine.rules_registers import USES, add_to_register, delete_from_register, update_register
from brygga.practice.adk_engine.set_rules import check_limits
from brygga.practice.adk_engine.storage import Stored
from brygga.practice.adk_engine.tables import IS_ROWS, ROW_TABLES
from brygga.practice.adk_engine.tables_codes import CODE_OF_BOOKINGYEAR
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD
from brygga.practice.adk_engine.tables_ledgers import SUPPLIER_INVOICE_HEAD
from brygga.practice.adk_engine.values import is_writable_text
from brygga.practice.adk_engine.work import Work

TIMESTAMP_ORDER = 220
"""eTimeStamp: the generic sort order of every table that has a timestamp (contracts/adk.md §2.4)."""


@dataclass(frozen=True)
class Reading:
    """A record as it was read, and its rows when they were asked for."""

    stored: Stored
    rows: list[Stored] | None


class PracticeEngine(FieldCalls):
    """The port ``AdkLibrary``, played by the practice company."""

    # -- writing -----------------------------------------------------------------------------------------------
    @adk_call(Fn.ADD)
    def add(self, data: Handle) -> None:
        """[AdkAdd] See the port."""
        session = self._write_session()
        record = self._handles.record(data)
        table = record.table
        _require_editable(table)
        if record.stored is not None:
            # A record that was read must be reset before it can be a new one: what the library would do with its
            # number and rows is not documented.
            raise Refusal(Rc.INVALID_PDATA, table.code)
        work = self._work()
        self._check_before_write(work, record)
        with session.storage.transaction():
            _refuse_during_journal(work, table)
            rowid = add_invoice(work, record) if table is INVOICE_HEAD else add_to_register(work, record)
            written = self._read(table, session.storage.get(table, rowid), rows=True)
        self._load(record, written)
        self._report(work.warnings, Fn.ADD)

    @adk_call(Fn.UPDATE)
    def update(self, data: Handle) -> None:
        """[AdkUpdate] See the port. 115 when the record has no position or is gone."""
        session = self._write_session()
        record = self._handles.record(data)
        _require_editable(record.table)
        work = self._work()
        self._check_before_write(work, record)
        with session.storage.transaction():
            _refuse_during_journal(work, record.table)
            current = self._current(record)
            if record.table is INVOICE_HEAD:
                update_invoice(work, record, current)
            else:
                new = update_register(work, record, current.values)
                session.storage.update(record.table, current.rowid, new)
            with_rows = record.rows is not None or record.attached is not None
            written = self._read(record.table, session.storage.get(record.table, current.rowid), rows=with_rows)
        self._load(record, written)
        self._report(work.warnings, Fn.UPDATE)

    @adk_call(Fn.DELETE_ROW)
    def delete_row(self, data: Handle, number: int) -> None:
        """[AdkDeleteRow] See the port. The record is read again with its rows; unwritten changes are lost."""
        session = self._write_session()
        record = self._handles.record(data)
        if record.table is not INVOICE_HEAD:
            raise Refusal(Rc.DELETE_DENIED, record.table.code)
        work = self._work()
        with session.storage.transaction():
            _refuse_during_journal(work, record.table)
            current = self._current(record)
            delete_invoice_row(work, record, current, number)
            written = self._read(record.table, session.storage.get(record.table, current.rowid), rows=True)
        self._load(record, written)
        self._report(work.warnings, Fn.DELETE_ROW)

    @adk_call(Fn.DELETE)
    def delete_record(self, data: Handle) -> None:
        """[AdkDeleteRecord] See the port. Afterwards the record has no position."""
        session = self._write_session()
        record = self._handles.record(data)
        if record.table.id not in USES:
            raise Refusal(Rc.DELETE_DENIED, record.table.code)
        work = self._work()
        with session.storage.transaction():
            delete_from_register(work, record, self._current(record).values)
        record.clear()

    def _check_before_write(self, work: Work, record: Record) -> None:
        """Lengths and decimals of all that was set, where the installation checks them at the write only."""
        given = record.attached.rows if record.attached is not None else record.rows or []
        for each in [record, *given]:
            for field_id in each.changed & set(each.values):
                check_limits(work, each, each.field(field_id), each.values[field_id])

    def _current(self, record: Record) -> Stored:
        found = None
        if record.stored is not None and not record.edge:
            found = self._require_session().storage.get(record.table, record.stored.rowid)
        if found is None:
            raise Refusal(Rc.NOT_FOUND, record.table.code)
        return found

    def _read(self, table: Table, stored: Stored | None, *, rows: bool) -> Reading | None:
        """The record with its rows when it has some and they are wanted; to be called in one transaction or snapshot
        with the reading of the record itself."""
        if stored is None:
            return None
        wanted = rows and table.row_table is not None
        return Reading(stored, self._require_session().storage.rows_of(table, stored.rowid) if wanted else None)

    def _load(self, record: Record, reading: Reading | None) -> None:
        """Make the record show what was read."""
        assert reading is not None, "the record was found or written in this call"
        self._handles.free_rows(record.rows or [])
        record.stored, record.edge = reading.stored, ""
        record.values = presented(record.table, reading.stored.values, self._switches)
        record.changed = set()
        record.attached = None
        record.rows = None
        if reading.rows is not None:
            record.rows = [
                Record(
                    ROW_TABLES[record.table.id],
                    parent=record,
                    values=presented_row(record.table, reading.stored.values, row.values, self._switches),
                    stored=row,
                )
                for row in reading.rows
            ]

    # -- reading -----------------------------------------------------------------------------------------------
    @adk_call(Fn.SET_SORT_ORDER)
    def set_sort_order(self, data: Handle, order: int) -> None:
        """[AdkSetSortOrder] See the port. A position is kept: the next step goes on from it in the new order."""
        self._require_session()
        record = self._handles.record(data)
        table = record.table
        known = {each.number: each for each in table.orders}
        if table.timestamp is not None and table.orders:
            known[TIMESTAMP_ORDER] = SortOrder(TIMESTAMP_ORDER, (table.timestamp,), ())
        if order not in known:
            raise Refusal(Rc.NOT_VALID_SORTORDER, table.code)
        record.order = known[order]

    @adk_call(Fn.FINDEX)
    def find(self, data: Handle, rows: bool) -> None:
        """[AdkFindEx] See the port. 177 also in an order that has no key (settings, timestamp); 686 with a filter set:
        what the library does then is not documented."""
        storage = self._require_session().storage
        record = self._handles.record(data)
        if record.filters:
            raise Refusal(Rc.INVALID_FILTER_EXPRESSION, record.table.code)
        wanted = record.order.search
        if not wanted or not all(record.values.get(field) for field in wanted):
            raise Refusal(Rc.NO_SEARCH_VALUE, record.table.code)
        for field in wanted:
            check_limits(self._work(), record, record.field(field), record.values[field])
        with storage.snapshot():
            found = self._read(record.table, storage.search(record.table, record.order, record.values), rows=rows)
        if found is None:
            record.lose_position()
            raise Refusal(Rc.NOT_FOUND, record.table.code)
        self._load(record, found)

    @adk_call(Fn.FIRSTEX)
    def first(self, data: Handle, rows: bool) -> None:
        """[AdkFirstEx] See the port."""
        self._go_to_end(data, rows, backwards=False)

    @adk_call(Fn.LASTEX)
    def last(self, data: Handle, rows: bool) -> None:
        """[AdkLastEx] See the port."""
        self._go_to_end(data, rows, backwards=True)

    @adk_call(Fn.NEXTEX)
    def next(self, data: Handle, rows: bool) -> None:
        """[AdkNextEx] See the port. 115 on a record without a position."""
        self._go_on(data, rows, backwards=False, from_edge="before", to_edge="after", at_end=Rc.EOF)

    @adk_call(Fn.PREVIOUSEX)
    def previous(self, data: Handle, rows: bool) -> None:
        """[AdkPreviousEx] See the port. 115 on a record without a position."""
        self._go_on(data, rows, backwards=True, from_edge="after", to_edge="before", at_end=Rc.BOF)

    def _step(self, record: Record, start: Stored | None, *, backwards: bool, rows: bool) -> Reading | None:
        session = self._require_session()
        with session.storage.snapshot():
            found = session.storage.step(
                record.table,
                record.order.columns,
                start,
                backwards=backwards,
                filters=record.filters,
                ignore_case=session.installation.switches.filter_ignores_case,
            )
            return self._read(record.table, found, rows=rows)

    def _go_to_end(self, data: Handle, rows: bool, *, backwards: bool) -> None:
        self._require_session()
        record = self._handles.record(data)
        found = self._step(record, None, backwards=backwards, rows=rows)
        if found is None:
            record.lose_position()
            raise Refusal(Rc(self._switches.first_on_empty), record.table.code)
        self._load(record, found)

    def _go_on(
        self,
        data: Handle,
        rows: bool,
        *,
        backwards: bool,
        from_edge: str,
        to_edge: Literal["before", "after"],
        at_end: Rc,
    ) -> None:
        self._require_session()
        record = self._handles.record(data)
        if record.stored is None:
            raise Refusal(Rc.NOT_FOUND, record.table.code)
        if record.edge == to_edge:
            raise Refusal(at_end, record.table.code)
        start = None if record.edge == from_edge else record.stored
        found = self._step(record, start, backwards=backwards, rows=rows)
        if found is None:
            record.edge = to_edge
            raise Refusal(at_end, record.table.code)
        self._load(record, found)

    @adk_call(Fn.SETFILTER)
    def set_filter(self, data: Handle, field: int, expression: str) -> None:
        """[AdkSetFilter, syntax version 0] See the port. Only text fields take a filter (685 for the others), with
        ``*`` as the only sign that means something; an empty expression is 686."""
        self._require_session()
        record = self._handles.record(data)
        known = record.field(field)
        if known.type is not FieldType.CHAR or not record.table.orders:
            raise Refusal(Rc.INVALID_FILTER_FIELD, record.table.code, field)
        if not expression or not is_writable_text(expression):
            raise Refusal(Rc.INVALID_FILTER_EXPRESSION, record.table.code, field)
        record.filters[field] = expression

    @adk_call(Fn.ISFILTERABLE)
    def is_filterable(self, data: Handle, field: int) -> bool:
        """[AdkIsFilterable] See the port: the text fields of a register."""
        self._require_session()
        record = self._handles.record(data)
        return record.field(field).type is FieldType.CHAR and bool(record.table.orders)

    @adk_call(Fn.CLEARFILTERS)
    def clear_filters(self, data: Handle) -> None:
        """[AdkClearFilters] See the port."""
        self._require_session()
        self._handles.record(data).filters.clear()


def _require_editable(table: Table) -> None:
    """107 for a row (it is written with its head), 109 for a register that is kept in the program."""
    if table.id in IS_ROWS:
        raise Refusal(Rc.INVALID_DB, table.code)
    if not table.editable:
        raise Refusal(Rc.EDIT_DENIED_FIELD, table.code)


def _refuse_during_journal(work: Work, table: Table) -> None:
    if table is INVOICE_HEAD and work.storage.setting("journal_in_progress") == "1":
        raise Refusal(Rc.JOURNAL_IN_PROGRESS, table.code)


def presented(table: Table, values: dict[int, Value], switches: Switches) -> dict[int, Value]:
    """Stored values as this installation shows them, where the contract leaves the form open: which balance is in SEK,
    the signs of credit documents, and how a locked month reads."""
    shown = dict(values)
    if table is INVOICE_HEAD:
        if switches.balance_in == "sek":
            shown[62], shown[78] = shown[78], shown[62]
        if switches.credit_balance_sign == "negative" and shown[13] == "K":
            shown[62], shown[78] = -decimal(shown, 62), -decimal(shown, 78)
    elif table is SUPPLIER_INVOICE_HEAD and _is_shown_negative(values, switches):
        for field_id in (13, 14, 16):
            shown[field_id] = -decimal(shown, field_id)
    elif table is CODE_OF_BOOKINGYEAR and switches.locked_month_format == "MM":
        shown[5] = str(shown[5])[-2:]
    return shown


def presented_row(
    table: Table, head: dict[int, Value], values: dict[int, Value], switches: Switches
) -> dict[int, Value]:
    """The same for a row of a document of the table."""
    shown = dict(values)
    if table is SUPPLIER_INVOICE_HEAD and _is_shown_negative(head, switches):
        for field_id in (9, 10):
            shown[field_id] = -decimal(shown, field_id)
    return shown


def _is_shown_negative(head: dict[int, Value], switches: Switches) -> bool:
    return switches.supplier_credit_sign == "negative" and head[12] == "K"
