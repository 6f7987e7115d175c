"""How one row of a transfer ended."""

from __future__ import annotations

from collections.abc import Iterable

from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan


class Result(Record, frozen=True):
    """The outcome of one plan: the state that a person sees, the key in the target and every reason."""

    plan: Plan
    state: RowState
    target_key: str = ""
    reasons: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, plan: Plan, state: RowState, reasons: Iterable[Reason], target_key: str = "") -> Result:
        """A result; reasons are kept once each, in order."""
        return cls(plan=plan, state=state, target_key=target_key, reasons=tuple(dict.fromkeys(reasons)))

    def adding(self, reasons: Iterable[Reason]) -> Result:
        """The same, with more reasons."""
        return Result.of(self.plan, self.state, (*self.reasons, *reasons), self.target_key)

    def remarked(self, reasons: Iterable[Reason]) -> Result:
        """The same, with a remark: the record is there, something that belongs to it is not."""
        return Result.of(self.plan, RowState.TRANSFERRED_WITH_REMARK, (*self.reasons, *reasons), self.target_key)


STATE_OF_PLAN = {
    Action.CREATE: RowState.READY,
    Action.UPDATE: RowState.READY,
    Action.LINK: RowState.READY,
    Action.NOTHING: RowState.TRANSFERRED,
    Action.SKIP: RowState.SKIPPED,
    Action.WAIT: RowState.WAITING,
    Action.REFUSE: RowState.FAILED,
}
"""What the list shows for a record that is planned and not carried out."""


def result_of(plan: Plan) -> Result:
    """The result of a plan that writes nothing; a part that is refused is a remark on the record, which is there."""
    result = Result.of(plan, STATE_OF_PLAN[plan.action], plan.reasons, plan.target_key)
    refused = [why for part in plan.parts for why in part.stops]
    return result.remarked(refused) if refused and result.state is RowState.TRANSFERRED else result
