"""The next search begins where the last one ended, and with what it left (semantics §4.11, REL-1.6.0-17)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from brygga.records.target import System
from brygga.severa import facts
from brygga.store.history import Run
from brygga.store.journal.journal import Journal
from brygga.store.last_used import LastUsed
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

UNFINISHED = frozenset({RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.SKIPPED})
"""Such a row is met again whatever its date: a setting, the other system or another record may be what mends it."""


def used_last(journal: Journal, transfer: Transfer, settings_hash: str) -> LastUsed | None:
    """Where the next search begins, and with which statuses: at the start of the last complete run.

    It reaches back as far as the mirror's does, because a change may become visible later than its own time. None when
    no run was complete yet, or when the settings are others now: then everything is searched.
    """
    used = journal.last_used.get(transfer.value)
    if used is None or used.settings_hash != settings_hash:
        return None
    return msgspec.structs.replace(used, since=used.since - facts.CHANGE_MARGIN)


def last_used_selection(journal: Journal, transfer: Transfer, settings_hash: str) -> Selection | None:
    """What to search without being told: changed since the start of the last complete run, and what was left then.

    None when everything is searched.
    """
    used = used_last(journal, transfer, settings_hash)
    if used is None:
        return None
    outcomes = journal.latest_outcomes(transfer.value)
    left = frozenset(key for key, outcome in outcomes.items() if outcome.state in UNFINISHED)
    return Selection(changed_since=used.since, also=left, statuses=used.statuses, continues=True)


def source_clock(company: Company, transfer: Transfer, ours: datetime) -> datetime:
    """What time it is where the transfer's records are changed; ask before they are read.

    Severa tells its own clock, as the mirror uses it. Administration has none but that of the computers it runs on.
    """
    return company.severa.clock() if transfer.target is System.ADMINISTRATION else ours


def covered(selection: Selection, started: datetime) -> datetime | None:
    """Up to which moment a search of this choice has met everything there is; None when it left something out."""
    if selection.covers is not None:
        return selection.covers
    narrowed = selection.keys is not None or selection.texts or selection.start or selection.end
    if narrowed or selection.won_only or (selection.changed_since is not None and not selection.continues):
        return None
    return started


def remember(journal: Journal, run: Run, selection: Selection, transfer: Transfer, began: datetime) -> None:
    """After a completed run that began to read at ``began``, by the source's clock: the start of what it covered is
    where the next search begins (AT-91, AT-92)."""
    since = covered(selection, began)
    if since is not None:
        journal.last_used.remember(LastUsed(transfer.value, since, selection.statuses, run.settings_hash))
