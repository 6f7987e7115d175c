"""The states of the journal: which there are, which change leads from which to which, and what a person sees."""

from __future__ import annotations

from enum import StrEnum

CREATE = "create"
"""The kind of write that makes a new record in the target: the one that must never happen twice."""


class OperationState(StrEnum):
    """Where a write stands (architecture, "The state machine of one document")."""

    INTENDED = "intended"
    """Committed before the write; whether the write happened is not known yet."""
    LINKED = "linked"
    """The record is in the target and linked; write-backs may be outstanding."""
    DONE = "done"
    """Nothing is outstanding."""
    REFUSED = "refused"
    """The other system refused; nothing was done."""
    IN_DOUBT = "in_doubt"
    """It cannot be known whether the write happened: a person decides."""
    RELEASED = "released"
    """Looked for and not there: may be sent again."""


class Change(StrEnum):
    """What can happen to an operation that exists."""

    INTEND_AGAIN = "intend again"
    LINK = "link"
    FINISH = "finish"
    REFUSE = "refuse"
    DOUBT = "doubt"
    RELEASE = "release"
    RELEASE_AGAIN = "release again"
    DEVIATE = "deviate"
    """It is there and differs from what was sent: what follows it waits for a person."""
    ACCEPT = "accept"
    """A person lets it stand as it is."""
    SEND = "send"
    """A person says that it is not there: it is looked for once more and sent, and is in doubt until it is there."""
    UNCOUPLE = "uncouple"
    LOSE = "lose"


_S = OperationState

SETTLED = frozenset({_S.REFUSED, _S.RELEASED})
"""Nothing of the write is in the target: it may be intended again, by any company."""

UNSETTLED = frozenset({_S.INTENDED, _S.IN_DOUBT})
"""Whether the write happened has still to be found out."""

DELIVERED = frozenset({_S.LINKED, _S.DONE})
"""The write happened."""

TRANSITIONS: dict[Change, tuple[frozenset[OperationState], OperationState]] = {
    Change.INTEND_AGAIN: (SETTLED | DELIVERED, _S.INTENDED),
    Change.LINK: (UNSETTLED, _S.LINKED),
    Change.FINISH: (UNSETTLED | {_S.LINKED}, _S.DONE),
    Change.REFUSE: (frozenset({_S.INTENDED}), _S.REFUSED),
    Change.DOUBT: (UNSETTLED, _S.IN_DOUBT),
    Change.RELEASE: (UNSETTLED, _S.RELEASED),
    Change.RELEASE_AGAIN: (SETTLED, _S.RELEASED),
    Change.DEVIATE: (frozenset({_S.LINKED}), _S.LINKED),
    Change.ACCEPT: (frozenset({_S.LINKED}), _S.LINKED),
    Change.SEND: (frozenset({_S.IN_DOUBT}), _S.IN_DOUBT),
    Change.UNCOUPLE: (DELIVERED, _S.RELEASED),
    Change.LOSE: (DELIVERED, _S.IN_DOUBT),
}
"""Every change of state that is allowed: from which states, to which. A ``create`` has two rules more, which the
journal keeps: delivered it is not intended again, and it is finished only when it is linked."""


class RowState(StrEnum):
    """What a person sees of a record: one list, used everywhere (architecture; semantics §4.12)."""

    NEW = "new"
    READY = "ready"
    IN_PROGRESS = "in_progress"
    TRANSFERRED = "transferred"
    TRANSFERRED_WITH_REMARK = "transferred_with_remark"
    SKIPPED = "skipped"
    WAITING = "waiting"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
