"""How Administration must hold texts that came from Severa (semantics §4.4, the mapping of the practice month)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

ROW_WIDTH = 60
"""Characters of a text row (semantics §4.0)."""

_LINE_BREAK = re.compile("\r\n|\r|\n|\N{LINE SEPARATOR}|\N{PARAGRAPH SEPARATOR}|\x85|\x0b|\x0c")


def clean(text: str) -> str:
    """Text in Windows-1252: line breaks are "\\n", a tab is a space, other control characters are gone."""
    found: list[str] = []
    for character in _LINE_BREAK.sub("\n", text).replace("\t", " "):
        if character == "\n" or unicodedata.category(character) != "Cc":
            found.append(_windows_1252(character))
    return "".join(found)


@cache
def _windows_1252(character: str) -> str:
    composed = unicodedata.normalize("NFKC", character)
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    for candidate in (character, composed, bare):
        try:
            candidate.encode("cp1252")
        except UnicodeEncodeError:
            continue
        return candidate
    return "?"


def one_line(text: str | None) -> str:
    """A name or another field of one line: line breaks are spaces, no spaces at the ends."""
    return clean(text or "").replace("\n", " ").strip()


def cut_at_word(text: str, width: int) -> str:
    """The text up to ``width`` characters, cut between words (in the middle of a word that is longer by itself)."""
    if len(text) <= width:
        return text
    head = text[: width + 1].rsplit(" ", 1)
    return (head[0] if len(head) == 2 and head[0].strip() else text[:width]).rstrip()


def wrapped(text: str | None) -> list[str]:
    """The rows of a text: at most 60 characters each, cut between words; an empty line inside is an empty row."""
    rows = [row for line in clean(text or "").split("\n") for row in _wrapped_line(line)]
    while rows and not rows[0]:
        rows.pop(0)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _wrapped_line(line: str) -> list[str]:
    rows, row = [], ""
    for word in line.split():
        if row and len(row) + 1 + len(word) > ROW_WIDTH:
            rows.append(row)
            row = ""
        row = f"{row} {word}" if row else word
        while len(row) > ROW_WIDTH:
            rows.append(row[:ROW_WIDTH])
            row = row[ROW_WIDTH:]
    return [*rows, row]
