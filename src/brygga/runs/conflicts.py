"""Records that exist with other contents: update or skip, one by one or the rest at once (§4.1f)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from brygga.records.reasons import Level, reason
from brygga.transfers.plan import Action, Plan
from brygga.transfers.selection import Selection


class Conflicts:
    """The conflicts of a preview and what was answered to each (whether it is updated).

    What is not answered is updated; the choice ends with the run.
    """

    def __init__(self, plans: Iterable[Plan], answers: Mapping[str, bool] | None = None) -> None:
        self._all = [plan for plan in plans if plan.action is Action.UPDATE]
        keys = {plan.source_key for plan in self._all}
        self.answers = {key: update for key, update in (answers or {}).items() if key in keys}
        """By source key; answers to what is no conflict (any more) are left out."""

    def __len__(self) -> int:
        return len(self._all)

    @property
    def open(self) -> tuple[Plan, ...]:
        """The conflicts without an answer, in the order of the preview."""
        return tuple(plan for plan in self._all if plan.source_key not in self.answers)

    @property
    def current(self) -> Plan | None:
        """The conflict to decide now, None when every one is decided."""
        return next(iter(self.open), None)

    @property
    def remaining(self) -> int:
        """How many conflicts are left behind the current one."""
        return max(0, len(self.open) - 1)

    def decide(self, *, update: bool, rest: bool = False) -> None:
        """Decide the current conflict, and with ``rest`` the remaining ones the same way."""
        for plan in self.open if rest else self.open[:1]:
            self.answers[plan.source_key] = update

    def decided(self, selection: Selection) -> Selection:
        """The selection with what was decided."""
        skipped = {key for key, update in self.answers.items() if not update}
        return msgspec.structs.replace(selection, skipped=selection.skipped | skipped)


def left_alone(plan: Plan, selection: Selection) -> Plan:
    """The plan, or that the record is skipped because a person chose so in the conflict."""
    if plan.action is not Action.UPDATE or plan.source_key not in selection.skipped:
        return plan
    why = reason("KND-140", Level.NOTE, nr=plan.source_number)
    return msgspec.structs.replace(plan, action=Action.SKIP, changes=(), parts=(), reasons=(why,))
