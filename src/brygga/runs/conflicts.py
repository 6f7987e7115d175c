"""Records that exist on the other side with other contents: update or skip, one by one or the rest at once (§4.1f)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from brygga.transfers.plan import Action, Plan
from brygga.transfers.selection import Selection


class Conflicts:
    """The conflicts of a preview, decided in order. What is not decided is updated; the choice ends with the run."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._open = [plan for plan in plans if plan.action is Action.UPDATE]
        self._skipped: set[str] = set()

    @property
    def current(self) -> Plan | None:
        """The conflict to decide now, None when every one is decided."""
        return self._open[0] if self._open else None

    @property
    def remaining(self) -> int:
        """How many conflicts are left behind the current one."""
        return max(0, len(self._open) - 1)

    def decide(self, *, update: bool, rest: bool = False) -> None:
        """Decide the current conflict, and with ``rest`` the remaining ones the same way."""
        decided = self._open if rest else self._open[:1]
        if not update:
            self._skipped.update(plan.source_key for plan in decided)
        self._open = self._open[len(decided) :]

    def decided(self, selection: Selection) -> Selection:
        """The selection with what was decided."""
        return msgspec.structs.replace(selection, on_conflict="update", skipped=frozenset(self._skipped))
