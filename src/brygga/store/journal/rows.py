"""The journal's rows, read and changed inside a transaction that is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from brygga.records.base import fingerprint_of
from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.database import Step
from brygga.store.history import new_id
from brygga.store.journal.audit import ToldHistory
from brygga.store.journal.records import (
    DOCUMENTS,
    LINKED_ONCE,
    AlreadyTransferred,
    IllegalTransition,
    Intent,
    Link,
    NotInJournal,
    Operation,
    OtherCompany,
    Snapshot,
    TargetTaken,
    Unsettled,
)
from brygga.store.journal.statements import (
    ADD_LINK,
    ADD_OPERATION,
    LINK_BY_KEY,
    LINK_BY_KEY_OR_DOCUMENT,
    LINK_COLUMNS,
    LINK_OF,
    OPERATION_BY_ID,
    OPERATION_BY_KEY,
    OPERATION_BY_KEY_LOCKED,
    OPERATION_COLUMNS,
    OPERATIONS_OF_KEY,
    REMOVE_LINK,
    VERSION,
    change_link,
    change_operation,
)
from brygga.store.schema.base import operation as operations
from brygga.store.states import CREATE, SETTLED, TRANSITIONS, UNSETTLED, Change, OperationState

_LINK_NAMES = [column.name for column in LINK_COLUMNS]


class JournalRows(ToldHistory):
    """Operations and links as the tables hold them; ``Journal`` makes transactions of it."""

    def _may_intend(
        self, connection: Connection, transfer: str, source_key: str, write: str, earlier: Operation | None
    ) -> None:
        if write == CREATE and transfer in DOCUMENTS:
            # A coupled document has a link and no operation: it is in the target all the same.
            coupled = _one_link(connection, LINK_BY_KEY, self._link_key(DOCUMENTS[transfer], source_key))
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

    def _intend(
        self,
        connection: Connection,
        intent: Intent,
        earlier: Operation | None,
        again: Change = Change.INTEND_AGAIN,
        reasons: tuple[Reason, ...] = (),
    ) -> Operation:
        encoded = msgspec.json.encode(intent.payload, order="deterministic")
        values = {
            "company": self._company,
            "payload": encoded.decode(),
            "payload_hash": fingerprint_of(encoded),
            "natural_key": intent.natural_key,
            "after": intent.after,
            "run_id": intent.run_id,
        }
        if earlier is None:
            key = {"transfer": intent.transfer, "source_key": intent.source_key, "write": intent.write}
            return self._first(connection, intent.payload, **key, **values)
        if intent.after is not None and earlier.after is not None:
            # Look from where it was first meant to be written: what a lost store had written is above that, too.
            values["after"] = min(intent.after, earlier.after)
        values["attempts"] = earlier.attempts + 1
        return self._change(connection, earlier, again, plan=intent.payload, reasons=reasons, **values)

    def _first(self, connection: Connection, plan: object, **values: Any) -> Operation:
        now, scope = self.now(), self._scope(values["transfer"] in DOCUMENTS)
        values |= {"state": OperationState.INTENDED, "target_key": "", "attempts": 1, "reasons": ()}
        values |= {"created": now, "updated": now}
        added = connection.execute(ADD_OPERATION, {"environment": self._environment, "scope": scope, **values})
        made = Operation(id=new_id(added), **values)
        self._tell_operation(connection, None, made, plan)
        return made

    def _moving(self, held: Operation, change: Change, reasons: Collection[Reason] = ()) -> Step[Operation]:
        return lambda connection: self._move(connection, held, change, reasons=tuple(reasons))

    def _move(self, connection: Connection, held: Operation, change: Change, **values: Any) -> Operation:
        """Change what the caller holds. Where the store has another state by now that one counts, and is read."""
        moved = None
        if held.company == self._company and _may(held, change):
            moved = self._changed(connection, held, change, None, values)
        return moved or self._change(connection, self._own_operation(connection, held.id), change, **values)

    def _change(
        self, connection: Connection, current: Operation, change: Change, *, plan: object = None, **values: Any
    ) -> Operation:
        """Change the operation; ``current`` was read in this transaction."""
        if not _may(current, change):
            raise IllegalTransition(current, change)
        changed = self._changed(connection, current, change, plan, values)
        assert changed is not None
        return changed

    def _changed(
        self, connection: Connection, current: Operation, change: Change, plan: object, values: dict[str, Any]
    ) -> Operation | None:
        """The only place where a state changes: from the current one, or not at all when the store has another."""
        changed = {**values, "state": TRANSITIONS[change][1], "updated": self.now()}
        its = {f"its_{name}": getattr(current, name) for name in VERSION}
        if not connection.execute(change_operation(frozenset(changed)), {**changed, **its}).rowcount:
            return None
        after = msgspec.structs.replace(current, **changed)
        self._tell_operation(connection, current, after, plan)
        return after

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
        its = self._link_key(kind, source_key)
        if once:
            there = self._its(kind, document_key=target_key)
            found = [read_link(row) for row in connection.execute(LINK_BY_KEY_OR_DOCUMENT, {**its, **there})]
            taken = next((link for link in found if link.source_key != source_key), None)
            if taken is not None:
                raise TargetTaken(taken)
            existing = found[0] if found else None
        else:
            existing = _one_link(connection, LINK_BY_KEY, its)
        values = {**msgspec.structs.asdict(snapshot), "target_key": target_key, "updated": now}
        values["document_key"] = target_key if once else None
        if operation_id is not None:
            values["operation_id"] = operation_id
        if existing is None:
            made = Link(self._company, kind, source_key, target_key, snapshot, operation_id, now, now)
            key = {"environment": self._environment, "scope": its["its_scope"], "operation_id": operation_id}
            key |= {"company": self._company, "kind": kind, "source_key": source_key, "created": now}
            connection.execute(ADD_LINK, {**key, **values})
            self._tell_link(connection, None, made)
            return made
        if existing.company != self._company:
            raise OtherCompany(existing)
        if document and existing.target_key != target_key:
            raise AlreadyTransferred(existing)
        return self._changed_link(connection, existing, values)

    def _changed_link(self, connection: Connection, before: Link, values: dict[str, Any]) -> Link:
        its = self._link_key(before.kind, before.source_key)
        connection.execute(change_link(frozenset(values)), {**values, **its})
        after = self._own_link(connection, before.kind, before.source_key)
        self._tell_link(connection, before, after)
        return after

    def _take_away(self, connection: Connection, link: Link) -> None:
        connection.execute(REMOVE_LINK, self._link_key(link.kind, link.source_key))
        self._tell_link(connection, link, None)

    # -- reading ---------------------------------------------------------------------------------------------

    def _scope(self, document: bool) -> str:
        return "" if document else self._company

    def _key(self, transfer: str, source_key: str) -> dict[str, object]:
        scope = self._scope(transfer in DOCUMENTS)
        key = {"its_transfer": transfer, "its_source_key": source_key}
        return {"its_environment": self._environment, "its_scope": scope, **key}

    def _link_key(self, kind: Kind, source_key: str) -> dict[str, object]:
        key = {"its_scope": self._scope(kind in DOCUMENTS.values()), "its_kind": kind, "its_source_key": source_key}
        return {"its_environment": self._environment, **key}

    def _its(self, kind: Kind, **key: str) -> dict[str, object]:
        named = {f"its_{name}": value for name, value in key.items()}
        return {"its_environment": self._environment, "its_company": self._company, "its_kind": kind, **named}

    def _operation(
        self, connection: Connection, transfer: str, source_key: str, write: str, *, lock: bool = True
    ) -> Operation | None:
        query = OPERATION_BY_KEY_LOCKED if lock else OPERATION_BY_KEY
        row = connection.execute(query, {**self._key(transfer, source_key), "its_write": write}).first()
        return None if row is None else Operation(*row)

    def _writes_of(self, connection: Connection, transfer: str, source_key: str) -> tuple[Operation, ...]:
        """Every write for the record, another company's too when it is a document; oldest first."""
        rows = connection.execute(OPERATIONS_OF_KEY, self._key(transfer, source_key))
        return tuple(Operation(*row) for row in rows)

    def _own_operation(self, connection: Connection, operation_id: int) -> Operation:
        mine = {"its_environment": self._environment, "its_company": self._company, "its_id": operation_id}
        row = connection.execute(OPERATION_BY_ID, mine).first()
        if row is None:
            raise NotInJournal(f"operation {operation_id} of {self._company}")
        return Operation(*row)

    def _operations(self, *which: sa.ColumnElement[bool]) -> tuple[Operation, ...]:
        with self._engine.connect() as connection:
            query = sa.select(*OPERATION_COLUMNS).where(self._own(operations), *which).order_by(operations.c.id)
            return tuple(Operation(*row) for row in connection.execute(query))

    def _own_link(self, connection: Connection, kind: Kind, source_key: str) -> Link:
        found = _one_link(connection, LINK_OF, self._its(kind, source_key=source_key))
        if found is None:
            raise NotInJournal(f"{kind.value} {source_key} of {self._company}")
        return found

    def _linked(self, query: sa.Select[Any], kind: Kind, **key: str) -> tuple[Link, ...]:
        with self._engine.connect() as connection:
            return tuple(read_link(row) for row in connection.execute(query, self._its(kind, **key)))


def _may(operation: Operation, change: Change) -> bool:
    """Whether the operation's state allows the change."""
    unlinked = operation.write == CREATE and operation.state is not OperationState.LINKED
    return operation.state in TRANSITIONS[change][0] and not (change is Change.FINISH and unlinked)


def _one_link(connection: Connection, query: sa.Select[Any], its: Mapping[str, object]) -> Link | None:
    row = connection.execute(query, its).first()
    return None if row is None else read_link(row)


def read_link(row: sa.Row[Any]) -> Link:
    width = len(_LINK_NAMES)
    return Link(**dict(zip(_LINK_NAMES, row[:width], strict=True)), snapshot=Snapshot(*row[width:]))
