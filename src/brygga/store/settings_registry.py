"""Every setting there is, section by section (architecture, Rooms): one is an entry of a ``settings_*`` module."""

from __future__ import annotations

from brygga.store.setting_types import Section, Setting
from brygga.store.settings_accounts import ACCOUNTS
from brygga.store.settings_audit import AUDIT
from brygga.store.settings_connection import CONNECTION
from brygga.store.settings_invoices import INVOICES
from brygga.store.settings_library import LIBRARY
from brygga.store.settings_mappings import MAPPINGS
from brygga.store.settings_mirror import MIRROR
from brygga.store.settings_registers import AUTOMATIC, REGISTERS
from brygga.store.settings_schedule import SCHEDULE
from brygga.store.settings_towards_severa import TOWARDS_SEVERA

_ORDER = list(Section)

SETTINGS: tuple[Setting, ...] = tuple(
    sorted(
        (
            *CONNECTION,
            *LIBRARY,
            *MIRROR,
            *REGISTERS,
            *INVOICES,
            *ACCOUNTS,
            *TOWARDS_SEVERA,
            *MAPPINGS,
            *AUTOMATIC,
            *SCHEDULE,
            *AUDIT,
        ),
        key=lambda setting: _ORDER.index(setting.section),
    )
)
"""Every setting, in the order of the sections; within a section in the order of its modules."""

BY_KEY = {setting.key: setting for setting in SETTINGS}
