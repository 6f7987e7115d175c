"""The settings of the audit trail."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType


def _is_month(value: int) -> bool:
    return 1 <= value <= 12


AUDIT = (
    Setting(
        "audit.year_end_month",
        N_("Last month of the year"),
        SettingType.INT,
        12,
        Section.LOG,
        N_("The month that the company's financial year ends with. The audit trail is kept seven years after it."),
        holds=_is_month,
        accepts=N_("Give a month from 1 to 12."),
    ),
)
