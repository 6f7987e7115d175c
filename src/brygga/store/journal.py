"""The journal: what was meant to be written, and which record became which (architecture, "The state machine").

Every method is one transaction, committed when it returns: a program that dies inside leaves the journal as it was
before. Where a state is changed the store's state counts, not that of the ``Operation`` in the caller's hand.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from brygga.records.base import fingerprint
from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.database import write as written
from brygga.store.history import new_id
from brygga.store.journal_audit import ToldHistory
from brygga.store.journal_records import (
    DOCUMENTS,
    LINKED_ONCE,
    AlreadyTransferred,
    IllegalTransition,
    JournalError,
    Link,
    NotInJournal,
    Operation,
    OtherCompany,
    Snapshot,
    TargetTaken,
    Unsettled,
)
from brygga.store.schema import link as links
from brygga.store.schema import operation as operations
from brygga.store.states import CREATE, DELIVERED, SETTLED, TRANSITIONS, UNSETTLED, Change, OperationState

__all__ = [
    "DOCUMENTS",
    "AlreadyTransferred",
    "IllegalTransition",
    "Journal",
    "JournalError",
    "Link",
    "NotInJournal",
    "Operation",
    "OperationState",
    "OtherCompany",
    "Snapshot",
    "TargetTaken",
    "Unsettled",
]

_OPERATION = [operations.c[name] for name in Operation.__struct_fields__]
_SNAPSHOT = [links.c[name] for name in Snapshot.__struct_fields__]
_LINK = [links.c[name] for name in Link.__struct_fields__ if name != "snapshot"]


class Journal(ToldHistory):
    """Operations, links and runs of one company on one Severa environment."""

    # -- operations ------------------------------------------------------------------------------------------

    def intend(
        self,
        *,
        transfer: str,
        source_key: str,
        write: str,
        payload: object,
        natural_key: str = "",
        after: int | None = None,
        run_id: int | None = None,
    ) -> Operation:
        """Commit that this is about to be written. ``payload`` is what ``msgspec.json`` can write.

        Raises ``Unsettled`` when an earlier such write is not settled, ``AlreadyTransferred`` when a create was done
        (any other write may happen again) and ``OtherCompany`` when the document is another company's.
        """
        values = {
            "company": self._company,
            "payload": msgspec.json.encode(payload, order="deterministic").decode(),
            "payload_hash": fingerprint(payload),
            "natural_key": natural_key,
            "after": after,
            "run_id": run_id,
        }

        def work(connection: Connection) -> Operation:
            earlier = self._operation(connection, transfer, source_key, write)
            self._may_intend(connection, transfer, source_key, write, earlier)
            if earlier is not None:
                attempts = earlier.attempts + 1
                values["attempts"] = attempts
                return self._change(connection, earlier, Change.INTEND_AGAIN, plan=payload, reasons=(), **values)
            first = {"transfer": transfer, "source_key": source_key, "write": write, **values}
            return self._first(connection, payload, **first)

        return written(self._engine, work)

    def finish(self, operation: Operation) -> Operation:
        """Nothing is outstanding any more. A create must have been linked."""
        return self.finish_id(operation.id)

    def finish_id(self, operation_id: int) -> Operation:
        """``finish`` by the operation's id."""
        return self._move(operation_id, Change.FINISH, reasons=())

    def refuse(self, operation: Operation, reasons: Collection[Reason]) -> Operation:
        """The other system refused; nothing was done."""
        return self._move(operation.id, Change.REFUSE, reasons=tuple(reasons))

    def doubt(self, operation: Operation, reasons: Collection[Reason]) -> Operation:
        """It cannot be known whether the write happened."""
        return self._move(operation.id, Change.DOUBT, reasons=tuple(reasons))

    def release(self, operation: Operation) -> Operation:
        """It was looked for, completely, and is not there: it may be sent again."""
        return self._move(operation.id, Change.RELEASE, reasons=())

    def unsettled(self) -> tuple[Operation, ...]:
        """Intended and not known to have happened, oldest first: each must be looked up."""
        return self._operations(operations.c.state == OperationState.INTENDED)

    def in_doubt(self) -> tuple[Operation, ...]:
        """What a person has to decide, oldest first."""
        return self._operations(operations.c.state == OperationState.IN_DOUBT)

    def unfinished_write_backs(self) -> tuple[Operation, ...]:
        """The creates whose record is there while something that follows it is outstanding, oldest first."""
        return self._operations(operations.c.write == CREATE, operations.c.state == OperationState.LINKED)

    def operation(self, transfer: str, source_key: str, write: str) -> Operation | None:
        """The operation with this key; for a document also another company's."""
        with self._engine.connect() as connection:
            return self._operation(connection, transfer, source_key, write, lock=False)

    def operations(self, transfer: str, source_key: str) -> tuple[Operation, ...]:
        """Every write of this company for one source record, oldest first."""
        return self._operations(operations.c.transfer == transfer, operations.c.source_key == source_key)

    # -- links -----------------------------------------------------------------------------------------------

    def link(
        self,
        operation: Operation,
        kind: Kind,
        target_key: str,
        snapshot: Snapshot,
        *,
        pair: tuple[str, str] | None = None,
    ) -> Link:
        """The record is in the target as ``target_key``: operation and link in one transaction.

        ``pair`` is the link's Severa key and Administration key, where the operation's source is not Severa.
        Raises ``TargetTaken`` when the target document is linked to another source document.
        """

        def work(connection: Connection) -> Link:
            mine = self._own_operation(connection, operation.id)
            moved = self._change(connection, mine, Change.LINK, target_key=target_key, reasons=())
            severa_key, administration_key = pair or (moved.source_key, target_key)
            return self._put_link(connection, kind, severa_key, administration_key, snapshot, operation_id=moved.id)

        return written(self._engine, work)

    def couple(self, kind: Kind, source_key: str, target_key: str, snapshot: Snapshot) -> Link:
        """Link to a record that exists in the target, without a write. A register card may be coupled anew.

        Raises ``AlreadyTransferred`` for a document that is linked elsewhere (uncouple it first), ``OtherCompany``,
        ``TargetTaken``, and ``Unsettled`` for a document under way (link its operation instead).
        """

        def work(connection: Connection) -> Link:
            for transfer in (name for name, made in DOCUMENTS.items() if made is kind):
                earlier = self._operation(connection, transfer, source_key, CREATE)
                if earlier is not None and earlier.state in UNSETTLED:
                    raise Unsettled(earlier)
            return self._put_link(connection, kind, source_key, target_key, snapshot)

        return written(self._engine, work)

    def uncouple(self, kind: Kind, source_key: str) -> None:
        """Take the link away: the record is new again, and what was written for it may be sent again.

        Raises ``Unsettled`` while a write for the record is not settled.
        """

        def work(connection: Connection) -> None:
            found = self._own_link(connection, kind, source_key)
            connection.execute(sa.delete(links).where(self._link_key(kind, source_key)))
            self._tell_link(connection, found, None)
            if found.operation_id is None:
                return
            made = self._own_operation(connection, found.operation_id)
            for operation in self._read(connection, self._key(made.transfer, source_key)):
                if operation.state in UNSETTLED:
                    raise Unsettled(operation)
                if operation.state in DELIVERED:
                    self._change(connection, operation, Change.UNCOUPLE, target_key="")

        written(self._engine, work)

    def update_snapshot(self, kind: Kind, source_key: str, snapshot: Snapshot) -> Link:
        """Note what the target holds now; raises ``NotInJournal`` when the record is not linked."""

        def work(connection: Connection) -> Link:
            before = self._own_link(connection, kind, source_key)
            values = {**msgspec.structs.asdict(snapshot), "updated": self.now()}
            return self._changed_link(connection, before, values)

        return written(self._engine, work)

    def link_of(self, kind: Kind, source_key: str) -> Link | None:
        """The link of a Severa record in this company."""
        found = self._links(links.c.kind == kind, links.c.source_key == source_key)
        return found[0] if found else None

    def links(self, kind: Kind) -> dict[str, Link]:
        """Every link of the kind in this company, by source key."""
        return {found.source_key: found for found in self._links(links.c.kind == kind)}

    def link_to(self, kind: Kind, target_key: str) -> tuple[Link, ...]:
        """The links to an Administration record of this company, oldest first."""
        return self._links(links.c.kind == kind, links.c.target_key == target_key)

    # -- inside a transaction --------------------------------------------------------------------------------

    def _may_intend(
        self, connection: Connection, transfer: str, source_key: str, write: str, earlier: Operation | None
    ) -> None:
        if write == CREATE and transfer in DOCUMENTS:
            # A coupled document has a link and no operation: it is in the target all the same.
            coupled = self._link(connection, self._link_key(DOCUMENTS[transfer], source_key))
            if coupled is not None and (earlier is None or earlier.state in SETTLED):
                raise (AlreadyTransferred if coupled.company == self._company else OtherCompany)(coupled)
        if earlier is None or earlier.state in SETTLED:
            return
        if earlier.company != self._company:
            raise OtherCompany(earlier)
        if earlier.state in UNSETTLED:
            raise Unsettled(earlier)
        if write == CREATE:
            raise AlreadyTransferred(earlier)

    def _first(self, connection: Connection, plan: object, **values: Any) -> Operation:
        now = self.now()
        values |= {"environment": self._environment, "scope": self._scope(values["transfer"] in DOCUMENTS)}
        values |= {"state": OperationState.INTENDED, "target_key": "", "attempts": 1, "reasons": ()}
        added = connection.execute(sa.insert(operations).values(**values, created=now, updated=now))
        made = self._own_operation(connection, new_id(added))
        self._tell_operation(connection, None, made, plan)
        return made

    def _move(self, operation_id: int, change: Change, **values: Any) -> Operation:
        def work(connection: Connection) -> Operation:
            return self._change(connection, self._own_operation(connection, operation_id), change, **values)

        return written(self._engine, work)

    def _change(
        self, connection: Connection, current: Operation, change: Change, *, plan: object = None, **values: Any
    ) -> Operation:
        """The only place where a state changes; ``current`` was read in this transaction."""
        allowed, state = TRANSITIONS[change]
        unlinked = change is Change.FINISH and current.write == CREATE and current.state is not OperationState.LINKED
        if current.state not in allowed or unlinked:
            raise IllegalTransition(current, change)
        changed = {**values, "state": state, "updated": self.now()}
        connection.execute(sa.update(operations).where(operations.c.id == current.id).values(changed))
        changed_operation = self._read(connection, operations.c.id == current.id)[0]
        self._tell_operation(connection, current, changed_operation, plan)
        return changed_operation

    def _put_link(
        self,
        connection: Connection,
        kind: Kind,
        source_key: str,
        target_key: str,
        snapshot: Snapshot,
        operation_id: int | None = None,
    ) -> Link:
        document, now = kind in DOCUMENTS.values(), self.now()
        once = document or kind in LINKED_ONCE
        if once:
            taken = self._link(connection, self._own(links), links.c.kind == kind, links.c.document_key == target_key)
            if taken is not None and taken.source_key != source_key:
                raise TargetTaken(taken)
        existing = self._link(connection, self._link_key(kind, source_key))
        values = {**msgspec.structs.asdict(snapshot), "target_key": target_key, "updated": now}
        values["document_key"] = target_key if once else None
        if operation_id is not None:
            values["operation_id"] = operation_id
        if existing is None:
            key = {"environment": self._environment, "scope": self._scope(document), "company": self._company}
            connection.execute(sa.insert(links).values(**key, kind=kind, source_key=source_key, created=now, **values))
            made = self._own_link(connection, kind, source_key)
            self._tell_link(connection, None, made)
            return made
        if existing.company != self._company:
            raise OtherCompany(existing)
        if document and existing.target_key != target_key:
            raise AlreadyTransferred(existing)
        return self._changed_link(connection, existing, values)

    def _changed_link(self, connection: Connection, before: Link, values: dict[str, Any]) -> Link:
        connection.execute(sa.update(links).where(self._link_key(before.kind, before.source_key)).values(values))
        after = self._own_link(connection, before.kind, before.source_key)
        self._tell_link(connection, before, after)
        return after

    # -- reading ---------------------------------------------------------------------------------------------

    def _scope(self, document: bool) -> str:
        return "" if document else self._company

    def _key(self, transfer: str, source_key: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            operations.c.environment == self._environment,
            operations.c.scope == self._scope(transfer in DOCUMENTS),
            operations.c.transfer == transfer,
            operations.c.source_key == source_key,
        )

    def _link_key(self, kind: Kind, source_key: str) -> sa.ColumnElement[bool]:
        return sa.and_(
            links.c.environment == self._environment,
            links.c.scope == self._scope(kind in DOCUMENTS.values()),
            links.c.kind == kind,
            links.c.source_key == source_key,
        )

    def _operation(
        self, connection: Connection, transfer: str, source_key: str, write: str, *, lock: bool = True
    ) -> Operation | None:
        found = self._read(connection, self._key(transfer, source_key), operations.c.write == write, lock=lock)
        return found[0] if found else None

    def _own_operation(self, connection: Connection, operation_id: int) -> Operation:
        found = self._read(connection, self._own(operations), operations.c.id == operation_id)
        if not found:
            raise NotInJournal(f"operation {operation_id} of {self._company}")
        return found[0]

    def _operations(self, *which: sa.ColumnElement[bool]) -> tuple[Operation, ...]:
        with self._engine.connect() as connection:
            return self._read(connection, self._own(operations), *which, lock=False)

    def _read(self, connection: Connection, *which: sa.ColumnElement[bool], lock: bool = True) -> tuple[Operation, ...]:
        query = sa.select(*_OPERATION).where(*which).order_by(operations.c.id)
        return tuple(Operation(*row) for row in connection.execute(query.with_for_update() if lock else query))

    def _own_link(self, connection: Connection, kind: Kind, source_key: str) -> Link:
        found = self._link(connection, self._own(links), self._link_key(kind, source_key))
        if found is None:
            raise NotInJournal(f"{kind.value} {source_key} of {self._company}")
        return found

    def _link(self, connection: Connection, *which: sa.ColumnElement[bool]) -> Link | None:
        found = _read_links(connection, *which)
        return found[0] if found else None

    def _links(self, *which: sa.ColumnElement[bool]) -> tuple[Link, ...]:
        with self._engine.connect() as connection:
            return _read_links(connection, self._own(links), *which)


def _read_links(connection: Connection, *which: sa.ColumnElement[bool]) -> tuple[Link, ...]:
    query = sa.select(*_LINK, *_SNAPSHOT).where(*which).order_by(links.c.id)
    width = len(_LINK)
    names = [column.name for column in _LINK]
    return tuple(
        Link(**dict(zip(names, row[:width], strict=True)), snapshot=Snapshot(*row[width:]))
        for row in connection.execute(query)
    )
