"""The settings that say how the library of Administration is reached."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType

LIBRARY: tuple[Setting, ...] = (
    Setting(
        "administration.library",
        N_("Way to Administration"),
        SettingType.CHOICE,
        "auto",
        Section.CONNECTION,
        N_(
            "How Administration is reached: auto chooses, ctypes is its C library, dotnet its .NET wrapper (64-bit "
            "installations), practice the built-in practice company."
        ),
        choices=("auto", "ctypes", "dotnet", "practice"),
    ),
    Setting(
        "administration.dotnet_folder",
        N_("Folder of the .NET wrapper"),
        SettingType.TEXT,
        "",
        Section.CONNECTION,
        N_("The folder of Administration's .NET wrapper. Leave empty to use the one that is installed."),
    ),
    Setting(
        "administration.capabilities",
        N_("Answers of the installation"),
        SettingType.MAPPING,
        {},
        Section.CONNECTION,
        N_("What this installation of Administration answered to brygga probe. The program notes it; leave it."),
    ),
)
