"""Texts of a given shape: exact lengths around the row length, long ones, line breaks, quotes and currency signs."""

from __future__ import annotations

import random
from datetime import date

from brygga.practice.dataset.common import Document
from brygga.practice.dataset.words import HOUR_TEXTS, MONTHS, TEXT_WORDS

EDGE_LENGTHS = (59, 60, 61, 121)
"""Around one and two full text rows of 60 characters (semantics §4.4)."""

LONG_WORD = "https://www.exempelkonsult.example/rapporter/2026/bilaga-med-mycket-långt-namn.pdf"
"""Longer than a text row: it is split at 60."""


def text_of_length(chance: random.Random, length: int) -> str:
    """Words of exactly ``length`` characters in all, single spaces between them and none at the ends."""
    words: list[str] = []
    size = -1
    while size < length:
        words.append(chance.choice(TEXT_WORDS))
        size += len(words[-1]) + 1
    text = " ".join(words)[:length]
    return text[:-1] + "a" if text.endswith(" ") else text


def row_text(chance: random.Random, day: date, name: str) -> str:
    """An ordinary row text: what was done, sometimes with a second line."""
    kind = chance.random()
    if kind < 0.55:
        text = chance.choice(HOUR_TEXTS).format(month=MONTHS[day.month - 1])
    elif kind < 0.75:
        text = name
    else:
        text = text_of_length(chance, chance.randrange(20, 200))
    if chance.random() < 0.10:
        text += chance.choice(("\n", "\r\n")) + text_of_length(chance, chance.randrange(20, 90))
    return text


def edge_texts(chance: random.Random) -> list[str]:
    """One text of every shape that has been a problem somewhere."""
    exact = [text_of_length(chance, length) for length in EDGE_LENGTHS]
    return [
        *exact,
        text_of_length(chance, 600),
        f"Utskrift av rapport:\n{LONG_WORD}\nskickad per e-post",
        'Kabel 19" – “svart”, pris i € enligt offert',
        "Första raden\r\n\r\nTredje raden efter en tom",
    ]


def free_text(plain: str | None) -> Document | None:
    """A FreeTextModel2: the tagged, the rendered and the plain text."""
    if plain is None:
        return None
    tagged = "".join(f"<p>{line}</p>" for line in plain.splitlines())
    return {"value": tagged, "text": plain, "plainText": plain, "allowTags": True}


def long_notes(chance: random.Random, room: int) -> str:
    """Notes longer than ``room`` characters; a cut at ``room`` falls inside a word, so that all ways to cut agree."""
    while True:
        text = text_of_length(chance, room + 80)
        if " " not in text[room - 2 : room + 2]:
            return text
