"""Texts as Administration takes them: rows of at most 60 characters, one-line fields, Windows-1252 (semantics §4.4)."""

from __future__ import annotations

import re
import unicodedata

ENCODING = "cp1252"
"""Administration's texts are Windows-1252; ``€ – “ ”`` are in it, ``≥`` and emoji are not."""

_LINE_BREAK = re.compile("\r\n|\r|\u2028|\u2029")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""Unicode's category Cc but for the newline; which characters it has never changes."""
_AROUND_BREAKS = re.compile(r"[ \u00a0]*\n[ \u00a0\n]*")
_WORD = re.compile(r"( *)([^ ]+)")


def without_controls(text: str) -> str:
    """Every line break is one newline, a tab is one space, and other control characters are gone."""
    text = _LINE_BREAK.sub("\n", text).replace("\t", " ")
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """The text on one line: line breaks, with the spaces around them, become one space; nothing at the ends."""
    return _AROUND_BREAKS.sub(" ", without_controls(text)).strip()


def wrap(text: str, width: int = 60) -> tuple[str, ...]:
    """The text as rows of at most ``width`` characters, broken at spaces; a longer word is split (§4.4).

    Line breaks stay: an empty line inside is an empty row, but there is none at the beginning or the end.
    """
    rows: list[str] = []
    for line in without_controls(text).strip().split("\n"):
        rows.extend(_wrapped(line.strip(), width))
    return tuple(rows) if any(rows) else ()


def _wrapped(line: str, width: int) -> list[str]:
    rows: list[str] = []
    row = ""
    for space, word in _WORD.findall(line):
        if row and len(row) + len(space) + len(word) <= width:
            row += space + word
            continue
        if row:
            rows.append(row)
        while len(word) > width:
            rows.append(word[:width])
            word = word[width:]
        row = word
    return [*rows, row]


def cut_at_word(text: str, width: int) -> str:
    """The text's first ``width`` characters at most, without half a word unless its first word is longer (§4.8)."""
    if len(text) <= width:
        return text
    cut = text[:width]
    if text[width] != " " and " " in cut.strip():
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip()


def to_windows_1252(text: str) -> tuple[str, tuple[str, ...]]:
    """The text in characters that Windows-1252 has, and the characters that had to be replaced, each once.

    A replacement is the character's compatible form (``ﬁ`` → ``fi``), else its letter without marks (``ł`` has none,
    ``ő`` → ``o``), else ``?``. Letters written as letter and mark are first put together, which replaces nothing.
    """
    text = without_controls(text)
    if _encodable(text):
        return text, ()
    text = unicodedata.normalize("NFC", text)
    replaced = dict.fromkeys(character for character in text if not _encodable(character))
    return "".join(_replacement(c) if c in replaced else c for c in text), tuple(replaced)


def _replacement(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    if _encodable(compatible):
        return compatible
    if unicodedata.category(character).startswith("M"):
        return ""
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(part for part in decomposed if not unicodedata.category(part).startswith("M"))
    return bare if _encodable(bare) else "?"


def _encodable(text: str) -> bool:
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True
