"""What was changed in the settings, as a page tells it: label, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from brygga.app import App
from brygga.store.audit.chain import Search, search
from brygga.store.audit.trail import AuditEvent, Told
from brygga.store.settings.registry import BY_KEY
from brygga.web.setting_words import choice_word
from brygga.web.texts import Words


def last_event(app: App, company: str) -> int:
    """The number of the newest event of the company's audit trail."""
    events = search(app.engine, company, Search(limit=1))
    return events[0].sequence if events else 0


def told_since(app: App, words: Words, company: str, event: str) -> list[tuple[str, str, str]]:
    """What was changed after this event, which the address names; nothing when it names none."""
    if not event.isdecimal():
        return []
    events = search(app.engine, company, Search(limit=100))
    changed = [e for e in events if e.sequence > int(event) and e.kind in (Told.SETTING, Told.SECRET)]
    return [_change(each, words) for each in reversed(changed)]


def _change(event: AuditEvent, words: Words) -> tuple[str, str, str]:
    before, after = (msgspec.json.decode(each).get("value") for each in (event.before, event.after))
    return change_of(event.subject, before, after, words)


def change_of(key: str, before: Any, after: Any, words: Words) -> tuple[str, str, str]:
    """A setting's label with its value before and after."""
    label = words.t(BY_KEY[key].label) if key in BY_KEY else key
    return label, _word(key, before, words), _word(key, after, words)


def _word(key: str, value: Any, words: Words) -> str:
    setting = BY_KEY.get(key)
    if setting is not None and setting.choices:
        return words.t(choice_word(key, str(value)))
    return words.value(value) if isinstance(value, bool) else as_text(value).replace("\n", ", ") or "–"


def as_text(value: Any) -> str:
    """A value as it is typed: lists and mappings one on a line."""
    if isinstance(value, Mapping):
        return "\n".join(f"{left}={right}" for left, right in value.items())
    if isinstance(value, tuple | list):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)
