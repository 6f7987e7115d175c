"""The journal: what was meant to be written, and which record became which (architecture, "The state machine").

Every method is one transaction, committed when it returns: a program that dies inside leaves the journal as it was
before. What a document needs is there as a step too (``intending``, ``linking``, …), which ``together`` takes with
others in one transaction. Where a state is changed the store's state counts, not that of the ``Operation`` in the
caller's hand.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.database import Answer, Step
from brygga.store.database import write as written
from brygga.store.journal.records import (
    DOCUMENTS,
    AlreadyTransferred,
    IllegalTransition,
    Intent,
    JournalError,
    Link,
    NotInJournal,
    Operation,
    OtherCompany,
    Snapshot,
    TargetTaken,
    Unsettled,
    accepted,
)
from brygga.store.journal.rows import JournalRows, read_link
from brygga.store.journal.statements import LINK_COLUMNS, LINK_OF, LINK_TO, SNAPSHOT_COLUMNS
from brygga.store.schema.base import link as links
from brygga.store.schema.base import operation as operations
from brygga.store.states import CREATE, DELIVERED, SETTLED, UNSETTLED, Change, OperationState

__all__ = [
    "DOCUMENTS",
    "AlreadyTransferred",
    "IllegalTransition",
    "Intent",
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


class Journal(JournalRows):
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
        """Commit that this is about to be written; ``intending`` says what is refused."""
        return self.take(self.intending(Intent(transfer, source_key, write, payload, natural_key, after, run_id)))

    def intending(self, intent: Intent) -> Step[Operation]:
        """The step that notes the intent. It raises ``Unsettled`` when an earlier such write is not settled,
        ``AlreadyTransferred`` when a create was done (any other write may happen again) and ``OtherCompany`` when the
        document is another company's.
        """

        def step(connection: Connection) -> Operation:
            earlier = self._operation(connection, intent.transfer, intent.source_key, intent.write)
            self._may_intend(connection, intent.transfer, intent.source_key, intent.write, earlier)
            return self._intend(connection, intent, earlier)

        return step

    def intending_once(self, intent: Intent) -> Step[tuple[Operation, bool]]:
        """As ``intending``, for what is not repeated of itself: an earlier write that was done, or is not settled, is
        answered as it is. The second part of the answer says whether the write is meant to happen now."""

        def step(connection: Connection) -> tuple[Operation, bool]:
            earlier = self._operation(connection, intent.transfer, intent.source_key, intent.write)
            if earlier is not None and earlier.state not in SETTLED:
                return earlier, False
            return self._intend(connection, intent, earlier), True

        return step

    def sending(self, operation: Operation, intent: Intent) -> Step[Operation]:
        """The step that notes that what is in doubt is about to be sent by a person's word. It stays in doubt: what
        comes of it is linked, or is for a person still, also when the program dies meanwhile."""

        def step(connection: Connection) -> Operation:
            current = self._own_operation(connection, operation.id)
            return self._intend(connection, intent, current, Change.SEND, reasons=current.reasons)

        return step

    def finish(self, operation: Operation) -> Operation:
        """Nothing is outstanding any more. A create must have been linked."""
        return self.take(self.finishing(operation))

    def finishing(self, operation: Operation) -> Step[Operation]:
        """The step of ``finish``."""
        return self._moving(operation, Change.FINISH)

    def refuse(self, operation: Operation, reasons: Collection[Reason]) -> Operation:
        """The other system refused; nothing was done."""
        return self.take(self.refusing(operation, reasons))

    def refusing(self, operation: Operation, reasons: Collection[Reason]) -> Step[Operation]:
        """The step of ``refuse``."""
        return self._moving(operation, Change.REFUSE, reasons)

    def doubt(self, operation: Operation, reasons: Collection[Reason]) -> Operation:
        """It cannot be known whether the write happened."""
        return self.take(self.doubting(operation, reasons))

    def doubting(self, operation: Operation, reasons: Collection[Reason]) -> Step[Operation]:
        """The step of ``doubt``."""
        return self._moving(operation, Change.DOUBT, reasons)

    def release(self, operation: Operation) -> Operation:
        """It was looked for, completely, and is not there: it may be sent again."""
        return self.take(self.releasing(operation))

    def releasing(self, operation: Operation) -> Step[Operation]:
        """The step of ``release``."""
        return self._moving(operation, Change.RELEASE)

    def unsettled(self) -> tuple[Operation, ...]:
        """Intended and not known to have happened, oldest first: each must be looked up."""
        return self._operations(operations.c.state == OperationState.INTENDED)

    def in_doubt(self) -> tuple[Operation, ...]:
        """What a person has to decide, oldest first."""
        return self._operations(operations.c.state == OperationState.IN_DOUBT)

    def deviating(self, operation: Operation, reasons: Collection[Reason]) -> Step[Operation]:
        """The step that notes that the record is there and differs: what follows it waits for a person."""
        return self._moving(operation, Change.DEVIATE, reasons)

    def accept(self, operation: Operation, why: Reason) -> Operation:
        """A person lets the record stand as it is; ``why`` says who."""
        return self.take(self._moving(operation, Change.ACCEPT, (why,)))

    def undecided(self) -> tuple[Operation, ...]:
        """What waits for a person: what is in doubt, and what is there but differs; oldest first."""
        waiting = (each for each in self.unfinished_write_backs() if each.reasons and not accepted(each))
        return tuple(sorted((*self.in_doubt(), *waiting), key=lambda operation: operation.id))

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
        return self.take(self.linking(operation, kind, target_key, snapshot, pair))[1]

    def linking(
        self,
        operation: Operation,
        kind: Kind,
        target_key: str,
        snapshot: Snapshot,
        pair: tuple[str, str] | None = None,
        deviations: tuple[Reason, ...] = (),
    ) -> Step[tuple[Operation, Link]]:
        """The step of ``link``; ``deviations``: how what is there differs from what was sent. It answers the operation
        as it is then, and the link."""

        def step(connection: Connection) -> tuple[Operation, Link]:
            moved = self._move(connection, operation, Change.LINK, target_key=target_key, reasons=deviations)
            severa, administration = pair or (moved.source_key, target_key)
            return moved, self._put_link(connection, kind, severa, administration, snapshot, operation_id=moved.id)

        return step

    def couple(self, kind: Kind, source_key: str, target_key: str, snapshot: Snapshot) -> Link:
        """Link to a record that exists in the target, without a write. A register card may be coupled anew.

        Raises ``AlreadyTransferred`` for a document that is linked elsewhere (uncouple it first), ``OtherCompany``,
        ``TargetTaken``, and ``Unsettled`` for a document under way (link its operation instead).
        """
        return self.take(self.coupling(kind, source_key, target_key, snapshot))

    def coupling(self, kind: Kind, source_key: str, target_key: str, snapshot: Snapshot) -> Step[Link]:
        """The step of ``couple``."""

        def step(connection: Connection) -> Link:
            for transfer in (name for name, made in DOCUMENTS.items() if made is kind):
                earlier = self._operation(connection, transfer, source_key, CREATE)
                if earlier is not None and earlier.state in UNSETTLED:
                    raise Unsettled(earlier)
            return self._put_link(connection, kind, source_key, target_key, snapshot)

        return step

    def uncouple(self, kind: Kind, source_key: str) -> None:
        """Take the link away: the record is new again, and what was written for it may be sent again.

        Raises ``Unsettled`` while a write for the record is not settled.
        """

        def work(connection: Connection) -> None:
            found = self._own_link(connection, kind, source_key)
            self._take_away(connection, found)
            if found.operation_id is None:
                return
            made = self._own_operation(connection, found.operation_id)
            for operation in self._writes_of(connection, made.transfer, made.source_key):
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
        found = self._linked(LINK_OF, kind, source_key=source_key)
        return found[0] if found else None

    def links(self, kind: Kind) -> dict[str, Link]:
        """Every link of the kind in this company, by source key."""
        query = sa.select(*LINK_COLUMNS, *SNAPSHOT_COLUMNS).where(self._own(links), links.c.kind == kind)
        with self._engine.connect() as connection:
            found = (read_link(row) for row in connection.execute(query.order_by(links.c.id)))
            return {link.source_key: link for link in found}

    def link_to(self, kind: Kind, target_key: str) -> tuple[Link, ...]:
        """The links to an Administration record of this company, oldest first."""
        return self._linked(LINK_TO, kind, target_key=target_key)

    # -- transactions ----------------------------------------------------------------------------------------

    def take(self, step: Step[Answer]) -> Answer:
        """Take one step, in a transaction of its own."""
        return written(self._engine, step)

    def together(self, steps: Collection[Step[Any]]) -> list[Any]:
        """Take the steps in order in one transaction: all of them, or none when one raises."""
        return written(self._engine, lambda connection: [step(connection) for step in steps]) if steps else []
