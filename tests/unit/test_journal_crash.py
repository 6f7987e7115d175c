"""A program that dies between two statements leaves the journal as it was before the call: nothing half."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.records.target import Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal, Operation, OperationState, Snapshot
from brygga.store.schema.base import metadata

SNAPSHOT = Snapshot("4711", "Åkes Åkeri AB")


class Killed(BaseException):
    """Stands for the end of the process."""


@contextmanager
def killed_after(engine: Engine, statements: int) -> Iterator[list[str]]:
    """The process ends right after this many statements that write; answers those that were carried out."""
    done: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            done.append(statement)
            if len(done) == statements:
                raise Killed

    sa.event.listen(engine, "after_cursor_execute", count)
    try:
        yield done
    finally:
        sa.event.remove(engine, "after_cursor_execute", count)


def contents(engine: Engine) -> dict[str, list[Any]]:
    """Everything in the store."""
    with engine.connect() as connection:
        return {table.name: list(connection.execute(sa.select(table))) for table in metadata.sorted_tables}


def intend(journal: Journal, write: str = "create") -> Operation:
    return journal.intend(transfer="invoices", source_key="guid-1", write=write, payload=SNAPSHOT)


def _intended(journal: Journal) -> Operation:
    return intend(journal)


def _delivered(journal: Journal) -> Operation:
    operation = intend(journal)
    journal.link(operation, Kind.INVOICE, "4711", SNAPSHOT)
    journal.finish(operation)
    journal.finish(intend(journal, "severa"))
    return operation


Step = Callable[[Journal, Operation], object]
CASES: dict[str, tuple[Callable[[Journal], Operation], Step, int]] = {
    "link": (_intended, lambda journal, operation: journal.link(operation, Kind.INVOICE, "4711", SNAPSHOT), 4),
    "release": (_intended, lambda journal, operation: journal.release(operation), 3),
    "uncouple": (_delivered, lambda journal, _: journal.uncouple(Kind.INVOICE, "guid-1"), 5),
    "intend again": (_delivered, lambda journal, _: intend(journal, "severa"), 3),
    "intend": (_delivered, lambda journal, _: intend(journal, "printed"), 3),
    "couple": (_delivered, lambda journal, _: journal.couple(Kind.CUSTOMER, "c", "1042", SNAPSHOT), 3),
}


@pytest.mark.parametrize(
    ("case", "statement"), [(case, number + 1) for case, (_, _, writes) in CASES.items() for number in range(writes)]
)
def test_a_death_after_any_statement_leaves_nothing_half(tmp_path: Path, case: str, statement: int) -> None:
    engine = open_store(tmp_path / "store.sqlite")
    journal = Journal(engine, "environment", "A")
    prepare, step, writes = CASES[case]
    operation = prepare(journal)
    before = contents(engine)
    with killed_after(engine, statement) as done, pytest.raises(Killed):
        step(journal, operation)
    assert len(done) == statement
    assert contents(engine) == before
    with killed_after(engine, 99) as done:
        step(journal, operation)
    assert len(done) == writes
    assert contents(engine) != before


CHILD = """
import os, sys
import sqlalchemy as sa
from brygga.records.target import Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal, Snapshot

engine = open_store(sys.argv[1])
journal = Journal(engine, "environment", "A")
operation = journal.intend(transfer="invoices", source_key="guid-1", write="create", payload={})

@sa.event.listens_for(engine, "after_cursor_execute")
def die(connection, cursor, statement, *rest):
    if statement.startswith(sys.argv[2]):
        os._exit(7)

journal.link(operation, Kind.INVOICE, "4711", Snapshot("4711", "x"))
"""


@pytest.mark.parametrize("statement", ["UPDATE operation", "INSERT INTO link", "INSERT INTO audit_event"])
def test_a_process_that_ends_inside_a_link_leaves_the_intent(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "store.sqlite"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.run([sys.executable, "-c", CHILD, str(path), statement], env=environment, check=False)
    assert child.returncode == 7
    journal = Journal(open_store(path), "environment", "A")
    (operation,) = journal.unsettled()
    assert (operation.state, operation.target_key) == (OperationState.INTENDED, "")
    assert journal.links(Kind.INVOICE) == {}
    journal.link(operation, Kind.INVOICE, "4711", SNAPSHOT)
