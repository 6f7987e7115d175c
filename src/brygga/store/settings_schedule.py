"""The settings of scheduled runs: workers, quiet hours, circuit breaker, digest."""

from __future__ import annotations

import re

from brygga.store.setting_types import N_, Section, Setting, SettingType

_T = SettingType


def _is_group(value: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{0,40}", value) is not None


SCHEDULE = (
    Setting(
        "schedule.worker_group",
        _T.TEXT,
        "",
        Section.SCHEDULE,
        N_("The group of workers that reach this company, when not all of them do. Leave empty when they all do."),
        holds=_is_group,
        accepts=N_("Give small letters a to z, digits and hyphens."),
    ),
)
