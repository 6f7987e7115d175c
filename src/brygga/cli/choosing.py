"""What the words of a command choose; without any, what was used last (semantics §4.11, REL-1.6.0-17)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import msgspec

from brygga.app import App
from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.records.reasons import Refused, reason
from brygga.transfers.catalogue import TAKES, without_effect
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection, in_order, local_midnight


@dataclass(frozen=True)
class Choice:
    """The words of search, preview and transfer as they were typed."""

    which: list[str] | None
    start: datetime | None
    end: datetime | None
    since: datetime | None
    status: list[str] | None
    everything: bool
    also_since: datetime | None = None
    accepted: list[str] | None = None
    on_conflict: str = ""
    won_only: bool | None = None

    def selection(self, app: App, company: str, transfer: Transfer, *, quiet: bool) -> Selection:
        """The choice; ``Refused`` INS-813 when the first day is after the last. Says when the last used one counts."""
        in_order(self.start and self.start.date(), self.end and self.end.date())
        decisions: dict[str, Any] = {
            "accepted": frozenset(self.accepted or ()),
            # "ask" is answered before the transfer (``cli/conflicts.py``): until then every conflict is shown.
            "on_conflict": "update" if self.on_conflict == "ask" else self.on_conflict,
        }
        words = (self.which, self.start, self.end, self.since, self.status, self.everything, self.also_since)
        used = None if any(words) or self.won_only is not None else app.last_used(company, transfer)
        if used is None:
            chosen = Selection(
                texts=tuple(self.which or ()),
                start=self.start.date() if self.start else None,
                end=self.end.date() if self.end else None,
                changed_since=local_midnight(self.since.date()) if self.since else None,
                statuses=tuple(self.status or ()),
                won_only=self.won_only,
                also_changed_since=local_midnight(self.also_since.date()) if self.also_since else None,
                **decisions,
            )
            return _obeyed(transfer, chosen)
        if not quiet and used.changed_since is not None:
            since = used.changed_since.astimezone().strftime("%Y-%m-%d %H:%M")
            text = _("Changed since {since}, when the latest complete run began, and {count} from before; --all: all.")
            console.print(text.format(since=since, count=len(used.also)), highlight=False, soft_wrap=True)
            if used.statuses:
                console.print(_("Statuses: {statuses}").format(statuses=", ".join(used.statuses)), highlight=False)
        # Only what was said is refused: every transfer knows how to go on where the last run began.
        _obeyed(transfer, Selection(**decisions))
        return msgspec.structs.replace(used, **decisions)

    def refuse_beside_preview(self) -> None:
        """``Refused`` INS-829 when rows were chosen or decided beside a preview, which has its own."""
        if any(getattr(self, each.name) for each in fields(self)):
            raise Refused(reason("INS-829"))


OPTIONS = {
    "start": "--from",
    "end": "--to",
    "changed_since": "--changed-since",
    "also_changed_since": "--also-changed-since",
    "statuses": "--status",
    "won_only": "--won-only",
    "accepted": "--accept",
    "on_conflict": "--on-conflict",
}


def _obeyed(transfer: Transfer, chosen: Selection) -> Selection:
    """The selection; ``Refused`` INS-828 when a word of it would do nothing in this transfer."""
    for name in without_effect(transfer, chosen):
        takes = ", ".join(OPTIONS[each] for each in OPTIONS if each in TAKES[transfer])
        raise Refused(reason("INS-828", option=OPTIONS[name], transfer=transfer.value, takes=takes or "–"))
    return chosen
