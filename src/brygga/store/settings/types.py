"""What a setting is, and how its text becomes a value: a text that can mean two things is refused, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from brygga.i18n import N_
from brygga.records.reasons import Reason, Refused, reason


class Section(StrEnum):
    """The parts of the settings page, in its order (semantics §4.11); ``interface`` is the user's own part."""

    CONNECTION = "connection"
    NUMBERING = "numbering"
    CUSTOMERS = "customers"
    PROJECTS = "projects"
    INVOICES = "invoices"
    PAYMENTS = "payments"
    SUPPLIER_INVOICES = "supplier_invoices"
    ARTICLES = "articles"
    MAPPINGS = "mappings"
    AUTOFIX = "autofix"
    SCHEDULE = "schedule"
    LOG = "log"
    INTERFACE = "interface"


class SettingType(StrEnum):
    """What kind of value a setting has."""

    TEXT = "text"
    BOOL = "bool"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    LIST = "list"
    MAPPING = "mapping"


_PYTHON: dict[SettingType, Any] = {
    SettingType.TEXT: str,
    SettingType.BOOL: bool,
    SettingType.INT: int,
    SettingType.DECIMAL: Decimal,
    SettingType.DATE: date | None,
    SettingType.CHOICE: str,
    SettingType.LIST: tuple[str, ...],
    SettingType.MAPPING: dict[str, str],
}

ACCEPTS = {
    SettingType.TEXT: N_("Give a text on one line, at most 1 000 characters."),
    SettingType.BOOL: N_("Answer yes or no."),
    SettingType.INT: N_("Give a whole number."),
    SettingType.DECIMAL: N_("Give a number without thousand separators, such as 1234,5."),
    SettingType.DATE: N_("Give a date as year-month-day, such as 2026-01-31."),
    SettingType.CHOICE: N_("Choose one of the alternatives."),
    SettingType.LIST: N_("Give the names with commas, semicolons or new lines between them."),
    SettingType.MAPPING: N_(
        "Give pairs such as h=tim with a semicolon or a new line between them, each left side once."
    ),
}
"""One sentence for each type: what is accepted."""

TRUE = frozenset({"true", "yes", "on", "1", "ja", "på", "sant"})
FALSE = frozenset({"false", "no", "off", "0", "nej", "av", "falskt"})
LONGEST_TEXT = 1000
"""Characters of a text, a name in a list, a side of a pair."""
LONGEST_SHOWN = 80
_ARROW = r"=|→|->"


@dataclass(frozen=True)
class Setting:
    """One setting: all that the program knows of it.

    ``label`` is its short name, ``help`` and ``accepts`` are English sentences for the user; all are marked for
    translation. ``environment`` is the end of
    the environment variables that hold a secret. ``holds`` tells whether a value of the right type is acceptable.
    ``reads`` knows another form of text: its value, None
    for a text in the ordinary form. What a value does is ``insight.setting_effects``.
    """

    key: str
    label: str
    type: SettingType
    default: Any
    section: Section
    help: str
    choices: tuple[str, ...] = ()
    secret: bool = False
    environment: str = ""
    holds: Callable[[Any], bool] | None = None
    accepts: str = ""
    reads: Callable[[str], Any] | None = None

    @property
    def accepted(self) -> str:
        """The sentence that says what is accepted."""
        return self.accepts or ACCEPTS[self.type]


class SettingError(Refused):
    """A setting cannot be as asked: INS-801, INS-805 (``accepts`` says what would do), INS-806 or INS-807."""

    def __init__(self, why: Reason | str, **params: object) -> None:
        super().__init__(why if isinstance(why, Reason) else reason(why, **params))

    @property
    def code(self) -> str:
        """The message code."""
        return self.reason.code

    @property
    def params(self) -> dict[str, str]:
        """The message's parameters."""
        return dict(self.reason.params)


def value_of(setting: Setting, given: object) -> Any:
    """The value that a text means, or a typed value checked; ``SettingError`` INS-805 when it will not do."""
    try:
        value = _parsed(setting, given.strip()) if isinstance(given, str) else _typed(setting, given)
    except (ValueError, msgspec.MsgspecError):
        raise _not_valid(setting, given) from None
    if setting.holds is not None and not setting.holds(value):
        raise _not_valid(setting, given)
    return value


def stored_text(value: object) -> str:
    """The value as it is stored: JSON, decimals as exact text."""
    return msgspec.json.encode(value, order="deterministic").decode()


def stored_value(setting: Setting, text: str) -> Any:
    """The value of a stored text; one that another version wrote and that no longer will do is refused."""
    try:
        return value_of(setting, msgspec.json.decode(text, type=_PYTHON[setting.type]))
    except msgspec.DecodeError:
        raise _not_valid(setting, text) from None


def _not_valid(setting: Setting, given: object) -> SettingError:
    choices = {"choices": ", ".join(setting.choices)} if setting.choices else {}
    return SettingError("INS-805", key=setting.key, value=_in_a_sentence(given), accepts=setting.accepted, **choices)


def _in_a_sentence(given: object) -> str:
    """What was given, on one line and no longer than a sentence bears."""
    text = "".join(each if each.isprintable() else " " for each in str(given)).strip()
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _typed(setting: Setting, given: object) -> Any:
    value = msgspec.convert(given, _PYTHON[setting.type])
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError
    if any(len(text) > LONGEST_TEXT or not text.isprintable() for text in _texts(value)):
        raise ValueError
    if setting.choices and value not in _allowed(setting):
        raise ValueError
    return value


def _texts(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case tuple():
            return list(value)
        case dict():
            return [*value, *value.values()]
        case _:
            return []


def _parsed(setting: Setting, text: str) -> Any:
    if setting.reads is not None and (value := setting.reads(text)) is not None:
        return _typed(setting, value)
    match setting.type:
        case SettingType.TEXT:
            return _typed(setting, text)
        case SettingType.BOOL:
            return _bool(text)
        case SettingType.INT:
            return _whole(text)
        case SettingType.DECIMAL:
            return decimal_of(text)
        case SettingType.DATE:
            return _date(text)
        case SettingType.CHOICE:
            return _choice(setting, text)
        case SettingType.LIST:
            return _list(text)
        case SettingType.MAPPING:
            return _mapping(text)


def _bool(text: str) -> bool:
    word = text.casefold()
    if word not in TRUE | FALSE:
        raise ValueError
    return word in TRUE


def _whole(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError
    return int(text)


def decimal_of(text: str) -> Decimal:
    """A number with decimal comma or point. Thousand separators are never guessed: "1.234" can be 1234 (§5.1)."""
    if not re.fullmatch(r"-?[0-9]{1,18}([.,][0-9]{1,12})?", text) or re.fullmatch(
        r"-?[1-9][0-9]{0,2}[.,][0-9]{3}", text
    ):
        raise ValueError
    return Decimal(text.replace(",", "."))


def _date(text: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text)


def _allowed(setting: Setting) -> tuple[str, ...]:
    """The choices; no choice at all is allowed where the setting starts without one."""
    return ("", *setting.choices) if setting.default == "" else setting.choices


def _choice(setting: Setting, text: str) -> str:
    found = {choice.casefold(): choice for choice in _allowed(setting)}
    if text.casefold() not in found:
        raise ValueError
    return found[text.casefold()]


def _parts(text: str, *, comma: bool) -> list[str]:
    """The text cut at semicolons and new lines, else at commas where they can be meant as separators."""
    parts = re.split(r"[;\n]", text)
    if len(parts) == 1 and comma:
        parts = text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _list(text: str) -> tuple[str, ...]:
    if text.startswith("["):
        parts = [part.strip() for part in msgspec.json.decode(text, type=list[str])]
    else:
        parts = _parts(text, comma=True)
    return tuple(dict.fromkeys(part for part in parts if part))


def _mapping(text: str) -> dict[str, str]:
    if text.startswith("{"):
        pairs = list(msgspec.json.decode(text, type=dict[str, str]).items())
    else:
        # One pair may hold a decimal comma ("12,5=2"); among several, a part without "=" is refused, not guessed.
        pairs = [_pair(part) for part in _parts(text, comma=len(re.findall(_ARROW, text)) > 1)]
    found = {left.strip(): right.strip() for left, right in pairs}
    if len(found) != len(pairs) or "" in found:
        raise ValueError
    return found


def _pair(text: str) -> tuple[str, str]:
    match re.split(_ARROW, text):
        case [left, right]:
            return left, right
        case _:
            raise ValueError
