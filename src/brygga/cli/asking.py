"""A question to a person, answered with yes or no in either language."""

from __future__ import annotations

import typer

from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.store.settings.types import ACCEPTS, FALSE, TRUE, SettingType


def confirmed(question: str, *, default: bool = False) -> bool:
    """The answer; an empty one is the default, another is asked for again. Ends the command when nobody is there."""
    hint = _("[Y/n]") if default else _("[y/N]")
    while True:
        answer = str(typer.prompt(f"{question} {hint}", default="", show_default=False)).strip().casefold()
        if not answer:
            return default
        if answer in TRUE | {"y", "j"}:
            return True
        if answer in FALSE | {"n"}:
            return False
        console.print(_(ACCEPTS[SettingType.BOOL]))
