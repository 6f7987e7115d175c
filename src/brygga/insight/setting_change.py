"""Changing settings: what no setting can know by itself is asked of both systems before anything is saved (§4.3).

Command line, pages and API change settings through here, one by one or as a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from brygga.insight.numbering import switch_reasons
from brygga.records.reasons import Fault, Reason, Refused
from brygga.store.settings.file import Import, SettingsFile, looked_through
from brygga.store.settings.types import value_of
from brygga.store.settings.values import Settings, setting_of
from brygga.transfers.company import Company

MASTER = "numbering.master"

Opened = Callable[[], AbstractContextManager[Company]]
"""Opens the company for reading; called only when a change needs the systems' answer."""


def change(settings: Settings, changes: Mapping[str, object], opened: Opened) -> None:
    """Save changes from texts or values, all or none; ``Refused`` says why they will not do."""
    if MASTER in changes:
        why = _unsafe_switch(settings, value_of(setting_of(MASTER), changes[MASTER]), opened)
        if why:
            raise Refused(why[0])
    settings.save(changes)


def preview(settings: Settings, file: SettingsFile, opened: Opened) -> Import:
    """What taking the file over would change, and everything that speaks against it; nothing is saved."""
    found = looked_through(settings, file)
    master = next((each.after for each in found.changes if each.key == MASTER), "")
    try:
        why = _unsafe_switch(settings, master, opened)
    except Fault as fault:
        # A system that cannot be asked has not said that the switch is safe.
        why = (fault.reason,)
    return Import(found.changes, (*found.problems, *why))


def take_over(settings: Settings, file: SettingsFile, opened: Opened) -> Import:
    """Take the file over: every setting in it, or none; ``Refused`` with the first of its problems."""
    found = preview(settings, file, opened)
    if found.problems:
        raise Refused(found.problems[0])
    settings.save({each.key: each.after for each in found.changes})
    return found


def _unsafe_switch(settings: Settings, master: Any, opened: Opened) -> tuple[Reason, ...]:
    """Why this numbering master cannot take over from the one there is; empty also when there is none yet."""
    before = settings.get(MASTER)
    if not before or not master or master == before:
        return ()
    with opened() as company:
        return switch_reasons(company, master)
