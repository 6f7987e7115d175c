"""Reasons as sentences: what happened and why, what to do, and the code for support (semantics §5.2)."""

from __future__ import annotations

import pkgutil
import re
import string
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from importlib import import_module

import brygga.message_texts
from brygga.i18n import Translator
from brygga.message_texts.adk_words import ADK_WORDS
from brygga.message_texts.base import Message
from brygga.message_texts.words import COUNTED_WORDS, FIELD_WORDS, KIND_WORDS, STATE_WORDS, TERM_WORDS, TRANSFER_WORDS
from brygga.records.reasons import Reason

__all__ = [
    "ADK_WORDS",
    "COUNTED_WORDS",
    "FIELD_WORDS",
    "KIND_WORDS",
    "MESSAGES",
    "STATE_WORDS",
    "TERM_WORDS",
    "TRANSFER_WORDS",
    "Message",
    "key_for_people",
    "parameters_of",
    "render",
    "told",
]


def _every_message() -> dict[str, Message]:
    """The messages of every module in ``message_texts``: a new topic is a new module there, and nothing here."""
    found: dict[str, Message] = {}
    for module in pkgutil.iter_modules(brygga.message_texts.__path__):
        texts: dict[str, Message] = getattr(
            import_module(f"{brygga.message_texts.__name__}.{module.name}"), "MESSAGES", {}
        )
        twice = found.keys() & texts.keys()
        if twice:
            raise ValueError(f"message codes used twice: {sorted(twice)}")
        found |= texts
    return found


MESSAGES: dict[str, Message] = _every_message()
"""Every message by its code."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def key_for_people(key: str) -> str:
    """A record's key in the other system as people know it: a number, or nothing where it is one of Severa's guids."""
    return "" if _GUID.fullmatch(key) else key


ADK_REFUSED = "ADK-505"
ADK_WARNED = "ADK-511"

SAME_PARAMETER = {"number": "nr", "namn": "name", "datum": "date"}
"""Parameters that go by another name in some reasons."""

UNKNOWN = "(unknown)"
"""Stands for a parameter that a reason lacks: a message never fails for want of one."""


def render(reason: Reason, translator: Translator) -> str:
    """The reason in the translator's language, with remedy and code: "… Lösning: … (KND-101)".

    Never fails: an unknown code and missing or surplus parameters are shown for what they are.
    """
    what, remedy, code = told(reason, translator)
    parts = [what, translator.gettext("What to do: {remedy}").format(remedy=remedy) if remedy else "", f"({code})"]
    return " ".join(part for part in parts if part)


def told(reason: Reason, translator: Translator) -> tuple[str, str, str]:
    """The reason's parts: what happened as a sentence, what to do (empty when nothing is known), and the code."""
    parameters = {SAME_PARAMETER.get(name, name): value for name, value in reason.params}
    message, code = _message(reason.code, parameters)
    if message is None:
        listed = ", ".join(f"{name}: {value}" for name, value in reason.params)
        what = translator.gettext("Something happened that this version has no words for.")
        return (f"{what} {listed}" if listed else what), "", code
    remedy = _filled(translator.gettext(message.remedy), parameters, translator)
    if remedy == translator.gettext(UNKNOWN):
        remedy = ""
    return _sentence(_filled(_what(message, parameters, translator), parameters, translator)), remedy, code


def parameters_of(template: str) -> frozenset[str]:
    """The names in braces of a template."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


def _message(code: str, parameters: Mapping[str, str]) -> tuple[Message | None, str]:
    """The message and the code shown with it; our own words for a code of Administration that has them (§4.0)."""
    number = parameters.get("code", "")
    if code in (ADK_REFUSED, ADK_WARNED) and number:
        own = ADK_WORDS.get(int(number)) if number.isdecimal() else None
        return own or MESSAGES[code], f"{code}, {number}"
    return MESSAGES.get(code), code


def _what(message: Message, parameters: Mapping[str, str], translator: Translator) -> str:
    if message.plural:
        count = parameters.get("n", "")
        return translator.ngettext(message.what, message.plural, int(count) if count.isdecimal() else 0)
    known = all(parameters.get(name) for name in parameters_of(message.what))
    return translator.gettext(message.what if known or not message.short else message.short)


def _filled(template: str, parameters: Mapping[str, str], translator: Translator) -> str:
    values = {name: _shown(name, parameters, translator) for name in parameters_of(template)}
    if "field" in values and not template.startswith("{field}"):
        values["field"] = _inside_a_sentence(values["field"])
    return template.format(**values)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", ":", "…")) else f"{text}."


def _inside_a_sentence(word: str) -> str:
    """Small first letter, but not in an abbreviation such as VAT."""
    return word[0].lower() + word[1:] if word[1:2].islower() else word


def _shown(name: str, parameters: Mapping[str, str], translator: Translator) -> str:
    value = parameters.get(name, "")
    if not value:
        return translator.gettext(UNKNOWN)
    show = _SHOWN.get(name)
    return value if show is None else show(value, parameters, translator)


_Show = Callable[[str, Mapping[str, str], Translator], str]


def _number(value: str, _: Mapping[str, str], translator: Translator) -> str:
    amount = _decimal(value)
    return value if amount is None else translator.number(amount)


def _money(value: str, parameters: Mapping[str, str], translator: Translator) -> str:
    amount = _decimal(value)
    return value if amount is None else translator.money(amount, parameters.get("currency") or "SEK")


def _percent(value: str, _: Mapping[str, str], translator: Translator) -> str:
    rate = _decimal(value)
    return value if rate is None else translator.percent(rate)


def _exchange_rate(value: str, _: Mapping[str, str], translator: Translator) -> str:
    rate = _decimal(value)
    return value if rate is None else translator.number(rate, 6)


def _field(value: str, _: Mapping[str, str], translator: Translator) -> str:
    """A field of a card, or a JSON pointer into a Severa record (its first part)."""
    name = value.strip("/").split("/")[0]
    return translator.gettext(FIELD_WORDS[name]) if name in FIELD_WORDS else value


def _kind(value: str, _: Mapping[str, str], translator: Translator) -> str:
    return translator.gettext(KIND_WORDS.get(value, value))


def _text(value: str, parameters: Mapping[str, str], translator: Translator) -> str:
    """A sentence that is itself in the catalogue, with the choices that there are."""
    sentence, choices = translator.gettext(value), parameters.get("choices", "")
    return f"{sentence.rstrip('.')}: {choices}." if choices else sentence


def _time(value: str, _: Mapping[str, str], __: Translator) -> str:
    """A moment (ISO 8601 with offset) as the time of day where the person is."""
    try:
        return f"{datetime.fromisoformat(value).astimezone():%H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return value


def _moment(value: str, _: Mapping[str, str], __: Translator) -> str:
    """A moment (ISO 8601 with offset) as day and time where the person is."""
    try:
        return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return value


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_SHOWN: dict[str, _Show] = {
    "a": _number,
    "b": _number,
    "amount": _money,
    "most": _money,
    "rate": _percent,
    "there": _percent,
    "percent": _percent,
    "exchange_rate": _exchange_rate,
    "field": _field,
    "kind": _kind,
    "accepts": _text,
    "time": _time,
    "since": _moment,
    "total": _number,
}
"""How a parameter of a certain name is shown; others are shown as they are."""
