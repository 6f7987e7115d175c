"""A company's settings as one file without secrets: written, read and looked through.

``insight.setting_change`` takes it over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Reason, Refused, reason
from brygga.store.settings.registry import SETTINGS
from brygga.store.settings.types import SettingError, value_of
from brygga.store.settings.values import Settings, contradictions, setting_of

FORMAT = 1
"""The file's version; another one is refused."""

LEARNT = frozenset({"severa.environment", "administration.capabilities"})
"""What the program notes of one installation and nobody chooses: it is learnt anew elsewhere."""


class SettingsFile(Record, frozen=True):
    """What is in the file: each setting by its key, as JSON has it (amounts as text)."""

    brygga_settings: int
    company: str
    settings: dict[str, Any]


class SettingChange(Record, frozen=True):
    """A setting that an import changes: the value now and the value to come."""

    key: str
    before: Any
    after: Any


class Import(Record, frozen=True):
    """What an import would do; with ``problems`` it does nothing at all."""

    changes: tuple[SettingChange, ...]
    problems: tuple[Reason, ...]


def file_of(settings: Settings) -> SettingsFile:
    """Every setting that is neither a secret nor learnt, in the order of the settings page."""
    values = settings.as_dict(redacted=True)
    chosen = {one.key: values[one.key] for one in SETTINGS if not one.secret and one.key not in LEARNT}
    return SettingsFile(FORMAT, settings.company, msgspec.to_builtins(chosen))


def exported(settings: Settings) -> bytes:
    """The file's contents."""
    return msgspec.json.format(msgspec.json.encode(file_of(settings)), indent=2) + b"\n"


def file_from(content: bytes) -> SettingsFile:
    """The file that the contents are; ``Refused`` INS-825 when they are none."""
    try:
        return msgspec.json.decode(content, type=SettingsFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(reason("INS-825")) from None


def looked_through(settings: Settings, file: SettingsFile) -> Import:
    """What the file would change, and everything that speaks against it; ``Refused`` INS-825 for another version's."""
    if file.brygga_settings != FORMAT:
        raise Refused(reason("INS-825"))
    before = settings.as_dict(redacted=False)
    given, problems = _values(file.settings)
    changes = tuple(SettingChange(key, before[key], given[key]) for key in given if before[key] != given[key])
    after = before | given
    worse = [why for why in contradictions(after) if why not in contradictions(before)]
    return Import(changes, (*problems, *worse))


def _values(given: Mapping[str, Any]) -> tuple[dict[str, Any], list[Reason]]:
    values: dict[str, Any] = {}
    problems = []
    for key, value in given.items():
        try:
            setting = setting_of(key)
            if setting.secret:
                problems.append(reason("INS-826", key=key))
            elif key not in LEARNT:
                values[key] = value_of(setting, _as_given(value))
        except SettingError as error:
            problems.append(error.reason)
    return values, problems


def _as_given(value: Any) -> Any:
    """A list or a mapping as JSON text, so that it is read as one that was typed; no date is an empty text."""
    if value is None:
        return ""
    return msgspec.json.encode(value).decode() if isinstance(value, list | dict) else value
