"""The company's SQLite file: one SQL table per ADK table, a typed column per field, one transaction per write.

Numbers are stored as integers scaled by the field's decimals, dates as yyyymmdd, so that every sort order is an index
and a step to the next record is one index look-up. Nothing is cached: another process may change the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from brygga.administration.adk.library import FieldType
from brygga.practice.adk_engine.fields import Field, SortOrder, Table, Value
from brygga.practice.adk_engine.tables import IS_ROWS, ROW_TABLES, TABLES
from brygga.practice.adk_engine.tables_documents import INVOICE_HEAD

BUSY_MILLISECONDS = 10_000
"""How long a writer waits for another writer before code 134."""

Cell = str | int


@dataclass(frozen=True)
class Stored:
    """A record as it was read: its row in the SQL table and its values by field id."""

    rowid: int
    values: dict[int, Value]


def _cell(field: Field, value: Value) -> Cell:
    if field.type is FieldType.DOUBLE:
        return int(Decimal(value).scaleb(field.decimals))
    return value if isinstance(value, str) else int(value)


def _reader(field: Field) -> Callable[[Cell], Value]:
    """What makes the field's value of its cell."""
    if field.type is FieldType.CHAR:
        return str
    if field.type is FieldType.DOUBLE:
        return lambda cell: Decimal(cell).scaleb(-field.decimals)
    return bool if field.type is FieldType.BOOL else int


def _glob(expression: str) -> str:
    """A filter expression as an SQL GLOB pattern: only ``*`` is a wildcard (contracts/adk.md, AdkSetFilter)."""
    return expression.replace("[", "[[]").replace("?", "[?]")


class Storage:
    """An open company file. Close it when done; a killed process leaves the last committed state."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise FileNotFoundError(path)
        # The engine may be driven from a thread other than the importing one (a host's worker thread); the binding
        # above keeps all calls on one thread.
        self._sql = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # With WAL a killed process loses nothing; only a power cut could cost the practice company its last writes.
        self._sql.execute("PRAGMA synchronous = NORMAL")
        self._sql.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        self._sql.create_function("fold", 1, str.casefold, deterministic=True)
        self.entered: datetime | None = None
        """When what is written now is entered, in the computer's own time; None is the present moment."""

    @classmethod
    def create(cls, path: Path) -> Storage:
        """A new, empty company file."""
        path.touch(exist_ok=False)
        storage = cls(path)
        storage._sql.execute("PRAGMA journal_mode = WAL")
        with storage.transaction():
            storage._sql.execute("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            storage._sql.execute("CREATE TABLE used_project (code TEXT PRIMARY KEY)")
            storage._sql.execute("CREATE TABLE change_time (revision INTEGER PRIMARY KEY, entered TEXT NOT NULL)")
            for table in TABLES.values():
                storage._create_table(table)
            storage.set_setting("revision", "0")
        return storage

    def _create_table(self, table: Table) -> None:
        kinds = {FieldType.CHAR: "TEXT NOT NULL DEFAULT ''"}
        columns = [
            f"f{field.id} {kinds.get(field.type, 'INTEGER NOT NULL DEFAULT 0')}" for field in table.stored_fields()
        ]
        name = table.sql_name
        if table is INVOICE_HEAD:
            columns.append("journalised INTEGER NOT NULL DEFAULT 0")
        if table.id in IS_ROWS:
            columns.append("head INTEGER NOT NULL")
        self._sql.execute(f"CREATE TABLE {name} (record INTEGER PRIMARY KEY, {', '.join(columns)})")
        if table.key:
            self._sql.execute(f"CREATE UNIQUE INDEX {name}_key ON {name} ({_names(table.key)})")
        for order in table.orders:
            self._sql.execute(f"CREATE INDEX {name}_order_{order.number} ON {name} ({_names(order.columns)}, record)")
        if table.timestamp is not None and table.id not in IS_ROWS:
            self._sql.execute(f"CREATE INDEX {name}_stamp ON {name} (f{table.timestamp}, record)")
        if table.id in IS_ROWS:
            self._sql.execute(f"CREATE INDEX {name}_head ON {name} (head, f31)")

    def close(self) -> None:
        """Close the file; an unfinished transaction is rolled back."""
        self._sql.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed as one, or nothing of it."""
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException:
            if self._sql.in_transaction:
                self._sql.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads inside see the company at one moment: a head and its own rows."""
        self._sql.execute("BEGIN")
        try:
            yield
        finally:
            self._sql.execute("ROLLBACK")

    # -- settings of the company -------------------------------------------------------------------------------
    def setting(self, name: str) -> str:
        """A setting of the company that no ADK table holds (number series, modules); '' when never set."""
        row = self._sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return "" if row is None else str(row[0])

    def set_setting(self, name: str, value: str) -> None:
        """Store such a setting."""
        self._sql.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def _next_revision(self) -> int:
        revision = int(self.setting("revision")) + 1
        self.set_setting("revision", str(revision))
        moment = (self.entered or datetime.now()).isoformat(sep=" ", timespec="seconds")
        last = self._sql.execute("SELECT entered FROM change_time ORDER BY revision DESC LIMIT 1").fetchone()
        if last is None or moment > last[0]:
            # A clock that was set back does not make a change older than the one before it.
            self._sql.execute("INSERT INTO change_time VALUES (?, ?)", (revision, moment))
        return revision

    def change_time(self, revision: int) -> str | None:
        """When the change with this number was made (``yyyy-MM-dd HH:mm:ss``); None for a number never given."""
        if not 0 < revision <= int(self.setting("revision")):
            return None
        found = self._sql.execute(
            "SELECT entered FROM change_time WHERE revision <= ? ORDER BY revision DESC LIMIT 1", (revision,)
        ).fetchone()
        return None if found is None else str(found[0])

    # -- reading -----------------------------------------------------------------------------------------------
    def _select(self, table: Table, condition: str, arguments: Sequence[Cell]) -> Stored | None:
        row = self._sql.execute(f"{self._query(table)} {condition} LIMIT 1", arguments).fetchone()
        return None if row is None else self._stored(table, row)

    def _query(self, table: Table) -> str:
        return _queries()[table.id]

    def _stored(self, table: Table, row: Sequence[Cell]) -> Stored:
        columns = zip(_columns()[table.id], row[1:], strict=True)
        return Stored(int(row[0]), {field: read(cell) for (field, read), cell in columns})

    def get(self, table: Table, rowid: int) -> Stored | None:
        """The record at a row that was read before; None when it is gone."""
        return self._select(table, "WHERE record = ?", (rowid,))

    def match(self, table: Table, values: Mapping[int, Value]) -> Stored | None:
        """The first record whose fields equal the values."""
        condition = " AND ".join(f"f{field} = ?" for field in values)
        cells = [_cell(table.fields[field], value) for field, value in values.items()]
        return self._select(table, f"WHERE {condition}" if condition else "", cells)

    def single(self, table: Table) -> dict[int, Value]:
        """The one record of a settings table."""
        found = self._select(table, "", ())
        assert found is not None, f"{table.name} is made with the company"
        return found.values

    def every(self, table: Table) -> list[Stored]:
        """All records in the order of the key."""
        order = _names(table.key) if table.key else "record"
        return [self._stored(table, row) for row in self._sql.execute(f"{self._query(table)} ORDER BY {order}")]

    def every_of(self, table: Table, field: int, value: Value) -> list[Stored]:
        """All records with this value in the field, oldest first."""
        cell = _cell(table.fields[field], value)
        return [
            self._stored(table, row)
            for row in self._sql.execute(f"{self._query(table)} WHERE f{field} = ? ORDER BY record", (cell,))
        ]

    def search(self, table: Table, order: SortOrder, values: Mapping[int, Value]) -> Stored | None:
        """The first record, in the sort order, whose search fields equal the values."""
        condition = " AND ".join(f"f{field} = ?" for field in order.search)
        cells = [_cell(table.fields[field], values[field]) for field in order.search]
        return self._select(table, f"WHERE {condition} ORDER BY {_names(order.columns)}, record", cells)

    def step(
        self,
        table: Table,
        columns: tuple[int, ...],
        start: Stored | None,
        *,
        backwards: bool,
        filters: Mapping[int, str],
        ignore_case: bool,
    ) -> Stored | None:
        """The record after ``start`` (before it when ``backwards``) in the order of the columns; the first (last) one
        without ``start``. ``filters``: field id → expression with ``*`` as wildcard, all of them must match."""
        conditions: list[str] = []
        cells: list[Cell] = []
        names = [f"f{field}" for field in columns] + ["record"]
        if start is not None:
            marks = ", ".join("?" for _ in names)
            conditions.append(f"({', '.join(names)}) {'<' if backwards else '>'} ({marks})")
            cells += [_cell(table.fields[field], start.values[field]) for field in columns] + [start.rowid]
        for field, expression in filters.items():
            pattern = _glob(expression)
            conditions.append(f"fold(f{field}) GLOB fold(?)" if ignore_case else f"f{field} GLOB ?")
            cells.append(pattern)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        direction = " DESC" if backwards else ""
        ordering = ", ".join(name + direction for name in names)
        return self._select(table, f"{where} ORDER BY {ordering}", cells)

    def rows_of(self, table: Table, head: int) -> list[Stored]:
        """The rows, in row order, of a document whose head lies in the table."""
        of = ROW_TABLES[table.id]
        rows = self._sql.execute(f"{self._query(of)} WHERE head = ? ORDER BY f31", (head,))
        return [self._stored(of, row) for row in rows]

    def is_journalised(self, head: int) -> bool:
        """Whether a user has booked the invoice in a journal."""
        row = self._sql.execute("SELECT journalised FROM invoice_head WHERE record = ?", (head,)).fetchone()
        return row is not None and bool(row[0])

    def mark_journalised(self, head: int) -> None:
        """Book the invoice in a journal: from now on it cannot be edited."""
        self._sql.execute("UPDATE invoice_head SET journalised = 1 WHERE record = ?", (head,))

    def customer_debt(self, customer: str) -> Decimal:
        """Sum of the unpaid SEK balances of a customer's invoices, credits counted against it."""
        scale = INVOICE_HEAD.fields[78].decimals
        row = self._sql.execute(
            "SELECT COALESCE(SUM(CASE f13 WHEN 'K' THEN -f78 ELSE f78 END), 0) FROM invoice_head"
            " WHERE f14 = ? AND f7 = 0",
            (customer,),
        ).fetchone()
        return Decimal(row[0]).scaleb(-scale)

    def is_used(self, table: Table, field: int, value: str) -> bool:
        """Whether any record of the table holds the value in the field."""
        query = f"SELECT 1 FROM {table.sql_name} WHERE f{field} = ? LIMIT 1"
        return self._sql.execute(query, (value,)).fetchone() is not None

    def was_project_deleted(self, code: str) -> bool:
        """Whether a project with the code was deleted (its number must not be used again)."""
        return self._sql.execute("SELECT 1 FROM used_project WHERE code = ?", (code,)).fetchone() is not None

    # -- writing, inside a transaction ----------------------------------------------------------------------------
    def insert(self, table: Table, values: Mapping[int, Value], head: int | None = None) -> int:
        """Add a record; returns its row. ``head``: the invoice that a row belongs to."""
        cells = {f"f{key}": _cell(table.fields[key], value) for key, value in values.items()}
        if table.timestamp is not None:
            cells[f"f{table.timestamp}"] = self._next_revision()
        if head is not None:
            cells["head"] = head
        if not cells:
            return int(self._sql.execute(f"INSERT INTO {table.sql_name} DEFAULT VALUES").lastrowid or 0)
        marks = ", ".join("?" for _ in cells)
        query = f"INSERT INTO {table.sql_name} ({', '.join(cells)}) VALUES ({marks})"
        return int(self._sql.execute(query, tuple(cells.values())).lastrowid or 0)

    def insert_with_rows(self, table: Table, head: Mapping[int, Value], rows: Sequence[Mapping[int, Value]]) -> int:
        """Add a document of the table and its rows, numbered from 1; returns the head's row."""
        record = self.insert(table, head)
        for place, row in enumerate(rows, start=1):
            self.insert(ROW_TABLES[table.id], {**row, 31: Decimal(place)}, head=record)
        return record

    def update(self, table: Table, rowid: int, values: Mapping[int, Value]) -> None:
        """Write fields of a record; its timestamp moves."""
        cells = {f"f{key}": _cell(table.fields[key], value) for key, value in values.items()}
        if table.timestamp is not None:
            cells[f"f{table.timestamp}"] = self._next_revision()
        if cells:
            pairs = ", ".join(f"{name} = ?" for name in cells)
            self._sql.execute(f"UPDATE {table.sql_name} SET {pairs} WHERE record = ?", (*cells.values(), rowid))

    def delete(self, table: Table, rowid: int) -> None:
        """Remove a record."""
        self._sql.execute(f"DELETE FROM {table.sql_name} WHERE record = ?", (rowid,))

    def remember_deleted_project(self, code: str) -> None:
        """Note that a project number was used and must not come back."""
        self._sql.execute("INSERT OR IGNORE INTO used_project VALUES (?)", (code,))


@cache
def _columns() -> dict[int, list[tuple[int, Callable[[Cell], Value]]]]:
    """The fields of each table that have a column, and how each is read; computed once, since a company file is opened
    for every act."""
    return {table.id: [(field.id, _reader(field)) for field in table.stored_fields()] for table in TABLES.values()}


@cache
def _queries() -> dict[int, str]:
    return {table.id: _query_text(table) for table in TABLES.values()}


def _query_text(table: Table) -> str:
    return f"SELECT record, {_names([field.id for field in table.stored_fields()])} FROM {table.sql_name}"


def _names(fields: Sequence[int]) -> str:
    return ", ".join(f"f{field}" for field in fields)
