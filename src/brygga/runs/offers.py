"""Offers that a person accepts: their rows are planned anew, so that what is carried out is what was shown."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from brygga.runs.run import preview
from brygga.transfers.company import Company
from brygga.transfers.offers import is_offered
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection


class Offers:
    """The offers of a preview, and which of them are accepted. What is not accepted is left alone."""

    def __init__(self, plans: Iterable[Plan], accepted: frozenset[str] = frozenset()) -> None:
        rows = tuple(plans)
        self.keys = frozenset(row.source_key for row in rows if row.source_key in accepted or is_offered(row.reasons))
        """Source keys of all of them, accepted or not."""
        self.accepted = accepted & self.keys

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def open(self) -> int:
        """How many nobody has accepted."""
        return len(self.keys - self.accepted)


def planned_with(
    company: Company, transfer: Transfer, plans: Iterable[Plan], decisions: Selection, accepted: frozenset[str]
) -> tuple[tuple[Plan, ...], Selection]:
    """The plans as they are when exactly these offers are ``accepted``, and the decisions to carry them out with.

    All are planned anew together, as a run of them does it: one that is accepted may take the name that another wanted.
    A record that is listed no more keeps its plan; its run then says that it is gone. Nothing is written (give it
    read-only gateways).
    """
    shown = tuple(plans)
    keys = frozenset(plan.source_key for plan in shown)
    decided = msgspec.structs.replace(decisions, accepted=accepted & keys)
    anew = {plan.source_key: plan for plan in preview(company, transfer, decided.of_preview(keys))}
    return tuple(anew.get(plan.source_key, plan) for plan in shown), decided
