"""Asking what becomes of records that exist on the other side with other contents (``--on-conflict ask``)."""

from __future__ import annotations

from brygga.app import App
from brygga.cli.asking import confirmed
from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.messages import FIELD_WORDS
from brygga.runs.conflicts import Conflicts
from brygga.runs.run import preview
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection


def asked(app: App, name: str, transfer: Transfer, chosen: Selection) -> Selection:
    """The selection with a person's answer to each conflict; what differs is shown first."""
    with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
        conflicts = Conflicts(preview(opened, transfer, chosen))
    while (plan := conflicts.current) is not None:
        _show(plan)
        update = confirmed(_("Update this record? No leaves it as it is."), default=True)
        rest = False
        if conflicts.remaining:
            question = _("Do the same for the remaining {count}?").format(count=conflicts.remaining)
            rest = confirmed(question, default=False)
        conflicts.decide(update=update, rest=rest)
    return conflicts.decided(chosen)


def _show(plan: Plan) -> None:
    console.print(f"{plan.source_number} {plan.source_name}", markup=False, highlight=False)
    for change in plan.changes:
        name = _(FIELD_WORDS.get(change.field, change.field))
        console.print(f"     {name}: {change.before or '–'} → {change.after or '–'}", markup=False, highlight=False)
