"""The journal's statements, each made once: making a statement costs more than carrying it out.

The conditions are parameters; their names begin with ``its_``, so that they are not taken for the columns to be set.
"""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from brygga.store.journal.records import Link, Operation, Snapshot
from brygga.store.schema.base import link as links
from brygga.store.schema.base import operation as operations

OPERATION_COLUMNS = [operations.c[name] for name in Operation.__struct_fields__]
LINK_COLUMNS = [links.c[name] for name in Link.__struct_fields__ if name != "snapshot"]
SNAPSHOT_COLUMNS = [links.c[name] for name in Snapshot.__struct_fields__]


def _same(table: sa.Table, *names: str) -> sa.ColumnElement[bool]:
    return sa.and_(*(table.c[name] == sa.bindparam(f"its_{name}") for name in names))


_ALL_OPERATIONS = sa.select(*OPERATION_COLUMNS).order_by(operations.c.id)
OPERATIONS_OF_KEY = _ALL_OPERATIONS.where(
    _same(operations, "environment", "scope", "transfer", "source_key")
).with_for_update()
OPERATION_BY_KEY = _ALL_OPERATIONS.where(_same(operations, "environment", "scope", "transfer", "source_key", "write"))
OPERATION_BY_KEY_LOCKED = OPERATION_BY_KEY.with_for_update()
OPERATION_BY_ID = _ALL_OPERATIONS.where(_same(operations, "environment", "company", "id")).with_for_update()
ADD_OPERATION = sa.insert(operations)

_ALL_LINKS = sa.select(*LINK_COLUMNS, *SNAPSHOT_COLUMNS).order_by(links.c.id)
LINK_BY_KEY = _ALL_LINKS.where(_same(links, "environment", "scope", "kind", "source_key"))
LINK_BY_KEY_OR_DOCUMENT = _ALL_LINKS.where(
    sa.or_(
        _same(links, "environment", "scope", "kind", "source_key"),
        _same(links, "environment", "company", "kind", "document_key"),
    )
)
"""The link that the record has and the one that the document has: one row when they are the same, or there is one."""
LINK_OF = _ALL_LINKS.where(_same(links, "environment", "company", "kind", "source_key"))
LINK_TO = _ALL_LINKS.where(_same(links, "environment", "company", "kind", "target_key"))
ADD_LINK = sa.insert(links)
REMOVE_LINK = sa.delete(links).where(_same(links, "environment", "scope", "kind", "source_key"))


VERSION = ("id", "state", "attempts", "updated")
"""What tells whether an operation is still as it was read."""


@cache
def change_operation(names: frozenset[str]) -> sa.Update:
    """The change of these columns of one operation, when it is still as it was read."""
    return sa.update(operations).where(_same(operations, *VERSION)).values({name: sa.bindparam(name) for name in names})


@cache
def change_link(names: frozenset[str]) -> sa.Update:
    """The change of these columns of one link."""
    which = _same(links, "environment", "scope", "kind", "source_key")
    return sa.update(links).where(which).values({name: sa.bindparam(name) for name in names})
