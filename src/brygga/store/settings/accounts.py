"""What the letters on the ledger accounts mean for project and profit centre."""

from __future__ import annotations

from brygga.i18n import N_
from brygga.store.settings.types import Section, Setting, SettingType


def _are_letters(value: tuple[str, ...]) -> bool:
    return all(len(letter) == 1 and letter.isalpha() for letter in value)


_LETTERS = N_("Give single letters with commas between them.")

ACCOUNTS = (
    Setting(
        "invoices.demanding_letters",
        N_("Letters of accounts that demand"),
        SettingType.LIST,
        ("E",),
        Section.INVOICES,
        N_(
            "The letters that mark a ledger account in Administration as demanding a project or a profit centre. The "
            "preview warns of a row that lacks it. Empty the field if it warns where Administration takes the row."
        ),
        holds=_are_letters,
        accepts=_LETTERS,
    ),
    Setting(
        "invoices.forbidding_letters",
        N_("Letters of accounts that forbid"),
        SettingType.LIST,
        (),
        Section.INVOICES,
        N_(
            "The letters that mark a ledger account in Administration as taking no project or no profit centre. The "
            "preview warns of a row that has one."
        ),
        holds=_are_letters,
        accepts=_LETTERS,
    ),
)
