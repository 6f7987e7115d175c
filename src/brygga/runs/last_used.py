"""The next search begins where the last one ended, and with what it left (semantics §4.11, REL-1.6.0-17)."""

from __future__ import annotations

from datetime import datetime

from brygga.store.history import Run
from brygga.store.journal import Journal
from brygga.store.last_used import LastUsed
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

UNFINISHED = frozenset({RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.SKIPPED})
"""Such a row is met again whatever its date: a setting, the other system or another record may be what mends it."""


def last_used_selection(journal: Journal, transfer: Transfer, settings_hash: str) -> Selection | None:
    """What to search without being told: changed since the start of the last complete run, and what was left then.

    None when no run was complete yet, or when the settings are others now: then everything is searched.
    """
    used = journal.last_used.get(transfer.value)
    if used is None or used.settings_hash != settings_hash:
        return None
    outcomes = journal.latest_outcomes(transfer.value)
    left = frozenset(key for key, outcome in outcomes.items() if outcome.state in UNFINISHED)
    return Selection(changed_since=used.since, also=left, statuses=used.statuses, continues=True)


def covered(selection: Selection, started: datetime) -> datetime | None:
    """Up to which moment a search of this choice has met everything there is; None when it left something out."""
    if selection.covers is not None:
        return selection.covers
    narrowed = selection.keys is not None or selection.texts or selection.start or selection.end
    if narrowed or (selection.changed_since is not None and not selection.continues):
        return None
    return started


def remember(journal: Journal, run: Run, selection: Selection, transfer: Transfer) -> None:
    """After a completed run: the start of what it covered is where the next search begins (AT-91, AT-92)."""
    since = covered(selection, run.started)
    if since is not None:
        journal.last_used.remember(LastUsed(transfer.value, since, selection.statuses, run.settings_hash))
