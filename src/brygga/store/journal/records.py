"""What the journal holds, and how it refuses."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.records.target import Kind
from brygga.store.states import Change, OperationState

DOCUMENTS = {"invoices": Kind.INVOICE}
"""The transfers that send documents, with the kind they make. A Severa document is sent to one company only and an
Administration document belongs to one Severa document only; a register card has neither limit: each company has its own
customers, and several Severa articles may be one article there (semantics §4.3, §4.8)."""

LINKED_ONCE = frozenset({Kind.PROJECT_FEE})
"""Kinds whose Administration record is linked to one Severa record only, although each company has its own: a row of a
supplier invoice is never two project fees (semantics §4.10)."""


class Intent(Record, frozen=True):
    """What is about to be written; the fields are those of ``Operation``, ``payload`` is what JSON can hold."""

    transfer: str
    source_key: str
    write: str
    payload: object
    natural_key: str = ""
    after: int | None = None
    run_id: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the operation is found by: transfer, source key, kind of write."""
        return self.transfer, self.source_key, self.write


class Operation(Record, frozen=True):
    """One write: what was to be written, and where it stands. Times in UTC.

    ``write`` is the kind of write ("create", "update", "severa", "printed", …), ``payload`` what is sent as JSON,
    ``natural_key`` what it is found by in the target, ``after`` the highest document number that the target had when
    the intent was committed, ``attempts`` how many times it was intended.
    """

    id: int
    company: str
    transfer: str
    source_key: str
    write: str
    state: OperationState
    payload_hash: str
    payload: str
    natural_key: str
    after: int | None
    target_key: str
    attempts: int
    reasons: tuple[Reason, ...]
    run_id: int | None
    created: datetime
    updated: datetime


class Snapshot(Record, frozen=True):
    """What was sent, as the target holds it: amounts in the document's currency, None for a register card."""

    number: str
    name: str
    net: Decimal | None = None
    vat: Decimal | None = None
    total: Decimal | None = None
    payload_hash: str = ""


ACCEPTED = "SYS-935"
"""The reason that a record which differs from what was sent has once a person let it stand."""


def accepted(operation: Operation) -> bool:
    """Whether a person let the record stand although it differs from what was sent."""
    return any(why.code == ACCEPTED for why in operation.reasons)


class Link(Record, frozen=True):
    """A Severa record (source) and the Administration record it is (target), whichever of the two came first.

    ``operation_id`` is None when a person coupled them.
    """

    company: str
    kind: Kind
    source_key: str
    target_key: str
    snapshot: Snapshot
    operation_id: int | None
    created: datetime
    updated: datetime


class JournalError(Exception):
    """The journal refuses; it is as it was before the call."""


class IllegalTransition(JournalError):
    """The operation's state, as the store has it now, does not allow the change."""

    def __init__(self, operation: Operation, change: Change) -> None:
        super().__init__(f"operation {operation.id} is {operation.state.value}: cannot {change.value}")
        self.operation = operation
        self.change = change


class Unsettled(JournalError):
    """It is not known whether an earlier write happened: look it up first, never send again."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(f"operation {operation.id} is {operation.state.value}")
        self.operation = operation


class AlreadyTransferred(JournalError):
    """The record is in the target; ``operation`` is the write, or the link of a document that was coupled."""

    def __init__(self, operation: Operation | Link) -> None:
        super().__init__(f"{operation.source_key} is {operation.target_key} in {operation.company}")
        self.operation = operation


class OtherCompany(JournalError):
    """The document is another company's: ``operation`` is its write there, or its link when it was coupled."""

    def __init__(self, operation: Operation | Link) -> None:
        super().__init__(f"{operation.source_key} belongs to {operation.company}")
        self.operation = operation


class TargetTaken(JournalError):
    """The document in Administration is linked to another Severa document already."""

    def __init__(self, link: Link) -> None:
        super().__init__(f"{link.kind.value} {link.target_key} is linked to {link.source_key}")
        self.link = link


class NotInJournal(JournalError, LookupError):
    """The journal of this company has no such operation or link."""
