"""The language of this command: ``--lang`` before anything else, then BRYGGA_LANG, then the system's; Swedish first."""

from __future__ import annotations

import sys

from brygga.i18n import Translator, language_from_environment


def chosen_language(arguments: list[str]) -> str:
    """Help texts are made before options are parsed, so ``--lang`` is looked for in the raw arguments."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            return _known(arguments[position + 1])
        if argument.startswith("--lang="):
            return _known(argument.removeprefix("--lang="))
    return language_from_environment()


def _known(language: str) -> str:
    return language if language in ("sv", "en") else language_from_environment()


translator = Translator("en" if chosen_language(sys.argv[1:]) == "en" else "sv")
_ = translator.gettext
