"""Every setting there is, section by section (architecture, Rooms): one is an entry of the module of its topic."""

from __future__ import annotations

from brygga.store.settings.accounts import ACCOUNTS
from brygga.store.settings.audit import AUDIT
from brygga.store.settings.connection import CONNECTION
from brygga.store.settings.invoices import INVOICES
from brygga.store.settings.library import LIBRARY
from brygga.store.settings.mappings import MAPPINGS
from brygga.store.settings.mirror import MIRROR
from brygga.store.settings.registers import AUTOMATIC, REGISTERS
from brygga.store.settings.schedule import SCHEDULE
from brygga.store.settings.towards_severa import TOWARDS_SEVERA
from brygga.store.settings.types import Section, Setting

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
