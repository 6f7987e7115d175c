"""How long what was read from Severa is used again (``transfers.mirrored``)."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType


def _are_hours(value: int) -> bool:
    return 0 <= value <= 168


def _are_minutes(value: int) -> bool:
    return 0 <= value <= 1440


MIRROR = (
    Setting(
        "mirror.full_read_hours",
        N_("Read everything anew"),
        SettingType.INT,
        24,
        Section.CONNECTION,
        N_("After how many hours everything is read anew from Severa; what was deleted there is noticed then."),
        holds=_are_hours,
        accepts=N_("Give a whole number of hours from 0 (every time) to 168."),
    ),
    Setting(
        "mirror.listed_minutes",
        N_("Age of what is shown"),
        SettingType.INT,
        15,
        Section.CONNECTION,
        N_("How many minutes a run may show an already transferred invoice as it was; what is sent is always read."),
        holds=_are_minutes,
        accepts=N_("Give a whole number of minutes from 0 (every time) to 1440."),
    ),
)
"""The mirror's settings."""
