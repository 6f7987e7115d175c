"""Swedish and English: texts from ``locale/sv.po``, and numbers, amounts and dates as semantics §5.1 wants them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import c2py
from importlib import resources
from typing import Literal, NamedTuple

from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Language = Literal["sv", "en"]
DEFAULT_LANGUAGE: Language = "sv"
LANGUAGE_VARIABLE = "BRYGGA_LANG"

_AMOUNT = re.compile(r"-?[0-9]+[.][0-9]+")
NO_BREAK_SPACE = "\u00a0"


def N_(text: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return text


class _Texts(NamedTuple):
    """The Swedish text of each English one, and of each pair of singular and plural its forms."""

    single: Mapping[str, str]
    plural: Mapping[tuple[str, str], tuple[str, ...]]
    plural_expression: str


@cache
def _swedish() -> _Texts:
    with resources.files("brygga").joinpath("locale/sv.po").open("rb") as file:
        catalogue = read_po(file, locale="sv", domain="brygga")
    single: dict[str, str] = {}
    plural: dict[tuple[str, str], tuple[str, ...]] = {}
    for message in catalogue:
        if message.fuzzy or not message.id:
            continue  # a doubtful translation, or the header
        if isinstance(message.id, str):
            single[message.id] = str(message.string)
        else:
            plural[message.id[0], message.id[1]] = tuple(message.string or ())
    return _Texts(single, plural, catalogue.plural_expr)


_plural_form = cache(c2py)
"""Which form goes with a count, from a catalogue's expression: making the function takes longer than all its calls."""


class Translator:
    """Texts, numbers, amounts and dates in one language. A text without translation stays English."""

    def __init__(self, language: Language = DEFAULT_LANGUAGE) -> None:
        if language not in ("sv", "en"):
            raise ValueError(f"the languages are sv and en, not {language!r}")
        self.language: Language = language
        self._locale = Locale(language)
        self._texts = _swedish() if language == "sv" else None

    def gettext(self, text: str) -> str:
        """The text in this language; ``text`` is the English one."""
        if self._texts is None:
            return text
        return self._texts.single.get(text) or text

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """The form of the text that goes with ``count``, in this language."""
        forms = self._texts.plural.get((singular, plural), ()) if self._texts is not None else ()
        if self._texts is None or not all(forms) or not forms:
            return singular if count == 1 else plural
        return forms[_plural_form(self._texts.plural_expression)(count)]

    def number(self, value: Decimal | int, decimals: int = 2) -> str:
        """A number for reading: ``1 234,50`` with no-break spaces in Swedish, ``1,234.50`` in English."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self._locale)

    def amount_in(self, text: str) -> str:
        """An amount that is written with a decimal point, for reading; every other text as it is."""
        return self.number(Decimal(text)) if _AMOUNT.fullmatch(text) else text

    def percent(self, value: Decimal) -> str:
        """A rate in percent: ``25 %``, ``12,5 %`` in Swedish; ``25%``, ``12.5%`` in English."""
        text = format_decimal(value, format="0.######", locale=self._locale)
        return f"{text}{NO_BREAK_SPACE}%" if self.language == "sv" else f"{text}%"

    def money(self, amount: Decimal, currency: str = "SEK") -> str:
        """An amount with its currency: ``1 234,50 kr`` or ``1 234,50 EUR`` in Swedish, ``SEK 1,234.50`` in English."""
        text = self.number(amount)
        if self.language == "en":
            return f"{currency}{NO_BREAK_SPACE}{text}"
        return f"{text}{NO_BREAK_SPACE}{'kr' if currency == 'SEK' else currency}"

    def date(self, day: date) -> str:
        """A date in both languages as ``2026-01-31``."""
        return f"{day:%Y-%m-%d}"


def language_from_environment(environment: Mapping[str, str] | None = None) -> Language:
    """BRYGGA_LANG, then the variables that gettext looks at; Swedish unless the first one set says English."""
    variables = os.environ if environment is None else environment
    for name in (LANGUAGE_VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = variables.get(name, "").strip().lower()
        if value and value not in ("c", "posix", "c.utf-8", "c.utf8"):
            return "en" if value.startswith("en") else DEFAULT_LANGUAGE
    return DEFAULT_LANGUAGE
