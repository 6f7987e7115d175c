"""Records, rows and fields: the calls that touch only what the client holds."""

from __future__ import annotations

from brygga.administration.adk.library import FieldType, Handle
from brygga.practice.adk_engine.codes import Fn, Rc, Refusal
from brygga.practice.adk_engine.engine_core import EngineCore, adk_call
from brygga.practice.adk_engine.fields import Field, Table, Value
from brygga.practice.adk_engine.records import Record, RowArray
from brygga.practice.adk_engine.set_rules import after_set, check_limits, check_set, decimals_of
from brygga.practice.adk_engine.tables import TABLES
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD
from brygga.practice.adk_engine.values import day_from_long, is_writable_text, long_from_day, number_of

LARGEST_ROW_COUNT = 10_000


class FieldCalls(EngineCore):
    """Creating and freeing records, reading and setting their fields, and what the library says about fields."""

    # -- records -----------------------------------------------------------------------------------------------
    @adk_call(Fn.NONE)
    def create_data(self, table: int) -> Handle:
        """[AdkCreateData] See the port. Works without an open company: it only makes memory."""
        return self._handles.register(Record(_modelled(table)))

    @adk_call(Fn.NONE)
    def create_rows(self, row_table: int, count: int) -> Handle:
        """[AdkCreateDataRow] See the port. 107 also when the table has no rows or the count is not positive."""
        table = _modelled(row_table)
        if not any(head.row_table == table.id for head in TABLES.values()) or not 0 < count <= LARGEST_ROW_COUNT:
            raise Refusal(Rc.INVALID_DB)
        array = RowArray(table, [])
        array.rows = [Record(table, parent=array) for _ in range(count)]
        return self._handles.register(array)

    @adk_call(Fn.GET_DATA_ROW)
    def row(self, rows: Handle, index: int) -> Handle:
        """[AdkGetDataRow] See the port. 111 for a handle that is no array too: the C function answers null for both."""
        try:
            array = self._handles.array(rows)
        except Refusal as refusal:
            raise Refusal(Rc.INVALID_INDEX) from refusal
        return self._row_handle(array.rows, index)

    def _row_handle(self, rows: list[Record], index: int) -> Handle:
        if not 0 <= index < len(rows):
            raise Refusal(Rc.INVALID_INDEX)
        return self._handles.register(rows[index])

    @adk_call(Fn.DELETE_STRUCT)
    def delete_struct(self, data: Handle) -> None:
        """[AdkDeleteStruct] See the port. A head takes its rows and attached arrays along; a single row is refused
        (212), it goes with its owner."""
        item = self._handles.item(data)
        if isinstance(item, Record) and item.parent is not None:
            raise Refusal(Rc.INVALID_STRUCT_POINTER_TO_ROW)
        self._handles.free(item)

    @adk_call(Fn.RESET_STRUCT)
    def reset_struct(self, data: Handle) -> None:
        """[AdkResetStruct] See the port. The sort order becomes the default again, too."""
        item = self._handles.item(data)
        for record in item.rows if isinstance(item, RowArray) else [item]:
            self._handles.free_rows(record.rows or [])
            record.attached = None
            record.clear()

    # -- reading fields --------------------------------------------------------------------------------------------
    def _typed_field(self, data: Handle, field: int, kind: FieldType) -> tuple[Record, Field]:
        self._require_session()
        record = self._handles.record(data)
        known = record.field(field)
        if known.type is not kind:
            raise Refusal(Rc.INVALID_DATA_TYPE, record.table.code, field)
        return record, known

    @adk_call(Fn.GET_STRING)
    def get_str(self, data: Handle, field: int, length: int) -> str:
        """[AdkGetStr] See the port. Whether ``length`` counts the terminating NUL is a switch."""
        record, known = self._typed_field(data, field, FieldType.CHAR)
        value = str(record.value(known))
        if len(value) + (1 if self._switches.buffer_counts_nul else 0) > length:
            raise Refusal(Rc.TO_SHORT_STRING, record.table.code, field)
        return value

    @adk_call(Fn.GET_BOOL)
    def get_bool(self, data: Handle, field: int) -> bool:
        """[AdkGetBool] See the port."""
        record, known = self._typed_field(data, field, FieldType.BOOL)
        return bool(record.value(known))

    @adk_call(Fn.GET_DOUBLE)
    def get_double(self, data: Handle, field: int) -> float:
        """[AdkGetDouble] See the port."""
        record, known = self._typed_field(data, field, FieldType.DOUBLE)
        return float(record.value(known))

    @adk_call(Fn.GET_DATE)
    def get_date(self, data: Handle, field: int) -> int:
        """[AdkGetDate] See the port. A timestamp is no date but the number of the change: only its order counts."""
        record, known = self._typed_field(data, field, FieldType.DATE)
        stored = int(record.value(known))
        if known.id == record.table.timestamp:
            return stored
        return long_from_day(stored, opaque=self._opaque_dates)

    @adk_call(Fn.GET_DATA)
    def get_data(self, data: Handle, field: int, index: int) -> Handle:
        """[AdkGetData] See the port. 111 also when the head was read without its rows."""
        record, _ = self._typed_field(data, field, FieldType.DATA)
        return self._row_handle(record.rows or [], index)

    # -- setting fields --------------------------------------------------------------------------------------------
    def _set(self, data: Handle, field: int, kind: FieldType, value: Value) -> None:
        record, known = self._typed_field(data, field, kind)
        if not _is_writable(record.table, known) and field not in record.table.search_fields:
            raise Refusal(Rc.EDIT_DENIED_FIELD, record.table.code, field)
        work = self._work()
        if work.switches.limits_checked_at == "set":
            check_limits(work, record, known, value)
        check_set(work, record, known, value)
        record.values[field] = value
        record.changed.add(field)
        after_set(work, record, known)

    @adk_call(Fn.SET_STRING)
    def set_str(self, data: Handle, field: int, value: str) -> None:
        """[AdkSetStr] See the port."""
        record, _ = self._typed_field(data, field, FieldType.CHAR)
        if not is_writable_text(value):
            raise Refusal(Rc.INVALID_STRING, record.table.code, field)
        self._set(data, field, FieldType.CHAR, value)

    @adk_call(Fn.SET_BOOL)
    def set_bool(self, data: Handle, field: int, value: bool) -> None:
        """[AdkSetBool] See the port."""
        self._set(data, field, FieldType.BOOL, bool(value))

    @adk_call(Fn.SET_DOUBLE)
    def set_double(self, data: Handle, field: int, value: float) -> None:
        """[AdkSetDouble] See the port."""
        self._set(data, field, FieldType.DOUBLE, number_of(value))

    @adk_call(Fn.SET_DATE)
    def set_date(self, data: Handle, field: int, value: int) -> None:
        """[AdkSetDate] See the port. 672 for a number that ``date_to_long`` never gives."""
        self._set(data, field, FieldType.DATE, day_from_long(value, opaque=self._opaque_dates))

    @adk_call(Fn.SET_DATA)
    def set_data(self, data: Handle, field: int, rows: Handle) -> None:
        """[AdkSetData] See the port. The array is taken as it is at the next write, and freed with the head."""
        record, known = self._typed_field(data, field, FieldType.DATA)
        array = self._handles.array(rows)
        if array.table.id != record.table.row_table:
            raise Refusal(Rc.INVALID_STRUCT_POINTER_TO_ROW, record.table.code, field)
        record.attached = array
        if array not in record.owned:
            record.owned.append(array)
        record.changed.add(known.id)

    # -- what the library says about fields --------------------------------------------------------------------------
    @adk_call(Fn.GET_TYPE)
    def field_type(self, data: Handle, field: int) -> FieldType:
        """[AdkGetType] See the port."""
        self._require_session()
        return self._handles.record(data).field(field).type

    @adk_call(Fn.GET_LENGTH)
    def field_length(self, data: Handle, field: int) -> int:
        """[AdkGetLength] See the port."""
        return self._typed_field(data, field, FieldType.CHAR)[1].length

    @adk_call(Fn.GET_DECIMALS)
    def field_decimals(self, data: Handle, field: int) -> int:
        """[AdkGetDecimals] See the port."""
        _, known = self._typed_field(data, field, FieldType.DOUBLE)
        return decimals_of(self._require_session().storage, self._switches.quantity_decimals, known)

    def is_read_write(self, data: Handle, field: int) -> bool:
        """[AdkIsReadWrite] See the port. False for an unknown field or record: the C function has no error."""
        self.last_warning = None
        try:
            record = self._handles.record(data)
            known = record.field(field)
            number_taken = self._switches.document_number_writable
        except Refusal:
            return False
        if record.table is INVOICE_HEAD and field == 0:
            return number_taken
        return _is_writable(record.table, known)

    @adk_call(Fn.GET_LAST_FIELD_ID)
    def last_field_id(self, data: Handle) -> int:
        """[AdkGetLastFldId] See the port: of the documented table, fields left out here included."""
        self._require_session()
        return self._handles.record(data).table.last_field

    @adk_call(Fn.GET_TIMESTAMP_FIELD)
    def timestamp_field(self, data: Handle) -> int:
        """[AdkGetTimestampField] See the port."""
        self._require_session()
        table = self._handles.record(data).table
        if table.timestamp is None:
            raise Refusal(Rc.TIMESTAMP_FIELD_NOT_FOUND, table.code)
        return table.timestamp


def _modelled(table: int) -> Table:
    known = TABLES.get(table)
    if known is None:
        raise Refusal(Rc.INVALID_DB)
    return known


def _is_writable(table: Table, known: Field) -> bool:
    return known.writable and table.editable
