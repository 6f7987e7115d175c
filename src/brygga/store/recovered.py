"""What the journal is told after a store or Administration came back from a backup (architecture, state machine 8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.audit.trail import Told
from brygga.store.database import write as written
from brygga.store.history import Run
from brygga.store.journal.journal import Intent, Journal, JournalError, Link, Operation, Snapshot
from brygga.store.states import CREATE, DELIVERED, SETTLED, Change, OperationState


def newest_links(journal: Journal, kind: Kind, count: int) -> tuple[Link, ...]:
    """The newest links of the kind that a write made, newest first."""
    made = sorted(journal.links(kind).values(), key=lambda link: (link.updated, link.operation_id or 0), reverse=True)
    return tuple(link for link in made if link.operation_id is not None)[:count]


def sighted(journal: Journal, transfer: str, source_key: str, natural_key: str, number: int) -> Operation:
    """Note that the target has document ``number`` under our key, though this store knows of no such write.

    Whoever is about to send the record looks from that document on, finds it and links it. An operation that is not
    settled keeps its state: settling it looks by itself.
    """

    def work(connection: Connection) -> Operation:
        operation = journal._operation(connection, transfer, source_key, CREATE)
        if operation is None:
            operation = journal._first(
                connection,
                None,
                transfer=transfer,
                source_key=source_key,
                write=CREATE,
                company=journal._company,
                payload="{}",
                payload_hash="",
                natural_key=natural_key,
                after=number - 1,
                run_id=None,
            )
            return journal._change(connection, operation, Change.RELEASE)
        if operation.state in SETTLED and (operation.after is None or operation.after >= number):
            values = {"after": number - 1, "company": journal._company}
            return journal._change(connection, operation, Change.RELEASE_AGAIN, **values)
        return operation

    return written(journal.store, work)


def recognized(
    journal: Journal,
    intent: Intent,
    kind: Kind,
    target_key: str,
    snapshot: Snapshot,
    pair: tuple[str, str] | None = None,
    *,
    owing: bool = False,
) -> bool:
    """Note that the target has the record of the intent, of whose write this store knows nothing: linked, and done
    unless the write-backs of its plan are ``owing``; ``pair`` as in ``Journal.link``. False, and nothing noted, where a
    link or another write speaks against it.
    """

    def work(connection: Connection) -> None:
        earlier = journal._operation(connection, intent.transfer, intent.source_key, intent.write)
        journal._may_intend(connection, intent.transfer, intent.source_key, intent.write, earlier)
        intended = journal._intend(connection, intent, earlier)
        linked, _ = journal.linking(intended, kind, target_key, snapshot, pair)(connection)
        if not owing:
            journal._change(connection, linked, Change.FINISH)

    try:
        written(journal.store, work)
    except JournalError:
        return False
    return True


def told_of_decision(
    journal: Journal, kind: Told, run: Run, subject: str, number: str, after: Mapping[str, object], why: Reason
) -> None:
    """Tell the audit trail of a person's act that is more than the changes of state it makes."""

    def work(connection: Connection) -> None:
        journal._tell(connection, kind, subject=subject, number=number, run_id=run.id, after=after, reasons=(why,))

    written(journal.store, work)


def lost(journal: Journal, link: Link, reasons: Collection[Reason]) -> None:
    """The document or fee of the link is not in the target any more: the link goes, and a person decides what to do.

    What followed the document (write-backs) is to be done again if the document is sent again.
    """

    def work(connection: Connection) -> None:
        assert link.operation_id is not None
        create = journal._own_operation(connection, link.operation_id)
        journal._take_away(connection, link)
        for operation in journal._writes_of(connection, create.transfer, create.source_key):
            if operation.id == create.id and operation.state in DELIVERED:
                journal._change(connection, operation, Change.LOSE, reasons=tuple(reasons))
            elif operation.state in DELIVERED or operation.state is OperationState.INTENDED:
                change = Change.RELEASE if operation.state is OperationState.INTENDED else Change.UNCOUPLE
                journal._change(connection, operation, change)

    written(journal.store, work)
