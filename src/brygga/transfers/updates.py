"""Changing a record that exists: setting a field to a value may be repeated, so reading it tells whether it took."""

from __future__ import annotations

from brygga.records.reasons import Reason, Refused, Unavailable, Uncertain
from brygga.records.target import System
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan


class Updates:
    """Writes the differing fields of one company's records, in the system that each plan goes to."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def change(self, plan: Plan) -> tuple[Reason, ...]:
        """Write the plan's changes; what it warned of. ``Uncertain``: it cannot be known whether it took."""
        changes = {change.field: getattr(plan.payload, change.field) for change in plan.changes}
        try:
            return self._company.target(plan.transfer.target).update(plan.kind, plan.target_key, changes)
        except Uncertain:
            # The answer is lost: reading the record back tells whether the change took. If it did not it may still be
            # on its way, so it is repeated only after the settling time (state machine 6).
            if plan.transfer.target is System.ADMINISTRATION:
                raise
            try:
                took = self.took(plan)
            except (Refused, Unavailable) as fault:
                raise Uncertain(fault.reason) from fault
            if not took:
                raise
            return ()

    def took(self, plan: Plan) -> bool:
        """Whether the record holds what the plan's changes set."""
        there = self._company.target(plan.transfer.target).find(plan.kind, plan.target_key)
        return there is not None and all(
            getattr(there, change.field) == getattr(plan.payload, change.field) for change in plan.changes
        )
