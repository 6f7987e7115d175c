"""The text layer of a SIE file: its bytes made into lines, its lines into fields (semantics §3.8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

LOST = "\N{REPLACEMENT CHARACTER}"
"""What stands where a character was lost before the file was published."""

_LOST_BYTES = LOST.encode("utf-8")
_ALLOWED_CONTROLS = frozenset(b"\t\n\r\x1a")
"""Tab, LF, CR, and the end-of-file mark that DOS programs left."""


class SieFault(StrEnum):
    """What is wrong with a SIE file."""

    MISSING_FILE = "missing_file"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    BINARY = "binary"
    NOT_SIE = "not_sie"
    WRONG_TYPE = "wrong_type"
    WRONG_FORMAT = "wrong_format"
    MISSING_POST = "missing_post"
    BROKEN_QUOTE = "broken_quote"
    BROKEN_OBJECTS = "broken_objects"
    CUT_POST = "cut_post"
    BAD_VALUE = "bad_value"
    STRAY_LINE = "stray_line"
    OPEN_VOUCHER = "open_voucher"
    UNBALANCED = "unbalanced"


SENTENCES: Mapping[SieFault, str] = {
    SieFault.MISSING_FILE: "there is no file {file}",
    SieFault.UNREADABLE: "the file {file} cannot be read: {detail}",
    SieFault.EMPTY: "the file {file} is empty",
    SieFault.BINARY: "the file is not text: it holds the control character {character}",
    SieFault.NOT_SIE: "the file is not SIE: no line begins with #FLAGGA",
    SieFault.WRONG_TYPE: "the file is SIE type {type}, type 4 is needed",
    SieFault.WRONG_FORMAT: "the file says #FORMAT {format}, PC8 is needed",
    SieFault.MISSING_POST: "the mandatory post {post} is missing",
    SieFault.BROKEN_QUOTE: "a quotation mark is never closed",
    SieFault.BROKEN_OBJECTS: "the object list is not pairs of dimension and object inside braces",
    SieFault.CUT_POST: "{post} has {found} of {needed} fields",
    SieFault.BAD_VALUE: "{post} has {value!r}, which is no {kind}",
    SieFault.STRAY_LINE: "{text!r} does not belong here",
    SieFault.OPEN_VOUCHER: "voucher {voucher} has no closing brace",
    SieFault.UNBALANCED: "voucher {voucher} does not balance: its rows sum to {sum}",
}


@dataclass(frozen=True)
class SieProblem:
    """One thing that is wrong: what, on which line (from 1; 0 = the file as a whole), and its facts as text."""

    code: SieFault
    line: int = 0
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        sentence = SENTENCES[self.code].format_map(self.params)
        return f"line {self.line}: {sentence}" if self.line else sentence


class SieError(Exception):
    """The file cannot be used; ``problems`` lists everything found, ``code``, ``line`` and ``params`` are the first."""

    def __init__(self, problems: tuple[SieProblem, ...]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems
        self.code = problems[0].code
        self.line = problems[0].line
        self.params = problems[0].params


class PostFault(Exception):
    """A single line cannot be understood; the reader adds the line number and goes on."""

    def __init__(self, code: SieFault, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class DamagedText:
    """A line in which characters were lost before we got the file; ``text`` is the line as it stands."""

    line: int
    text: str


class Decoded(NamedTuple):
    """The file as text, the encoding that was used, and where characters had been lost."""

    text: str
    encoding: str
    damaged: tuple[DamagedText, ...]


def decode(data: bytes) -> Decoded:
    """The file's text: code page 437, as ``#FORMAT PC8`` says (semantics §3.8).

    A file that is sound UTF-8 beyond ASCII is not code page 437, whatever it declares: single CP437 letters are never
    valid UTF-8. Such a file is read as UTF-8; characters that were lost before (U+FFFD) are kept as they are and
    reported, because what stood there cannot be known.
    """
    for byte in data:
        if (byte < 32 and byte not in _ALLOWED_CONTROLS) or byte == 127:
            raise SieError((SieProblem(SieFault.BINARY, data[: data.index(byte)].count(b"\n") + 1, _named(byte)),))
    text, encoding = _text_of(data)
    lines = text.split("\n") if _LOST_BYTES in data and encoding == "utf-8" else []
    damaged = tuple(DamagedText(n, line.strip()) for n, line in enumerate(lines, start=1) if LOST in line)
    return Decoded(text, encoding, damaged)


def _named(byte: int) -> dict[str, str]:
    return {"character": str(byte)}


def _text_of(data: bytes) -> tuple[str, str]:
    if not data.isascii():
        try:
            return data.decode("utf-8-sig"), "utf-8"
        except UnicodeDecodeError:
            pass
    return data.decode("cp437"), "cp437"


@dataclass(frozen=True)
class Post:
    """One line of the file: its label and its fields; an object list is one field, a tuple of its own fields."""

    line: int
    label: str
    fields: tuple[str | tuple[str, ...], ...]

    def text(self, index: int) -> str:
        """Field ``index`` as text, empty when the line ends before it."""
        value = self.fields[index] if index < len(self.fields) else ""
        if not isinstance(value, str):
            raise PostFault(SieFault.BAD_VALUE, post=self.label, value="{…}", kind="text")
        return value

    def objects(self, index: int) -> tuple[tuple[str, str], ...]:
        """Field ``index`` as pairs of dimension and object."""
        value = self.fields[index] if index < len(self.fields) else ()
        if isinstance(value, str) or len(value) % 2:
            raise PostFault(SieFault.BROKEN_OBJECTS)
        return tuple(zip(value[::2], value[1::2], strict=True))

    def need(self, count: int) -> None:
        """Refuse a line with fewer than ``count`` fields: it was cut."""
        if len(self.fields) < count:
            raise PostFault(SieFault.CUT_POST, post=self.label, found=str(len(self.fields)), needed=str(count))


def split_line(text: str) -> tuple[str | tuple[str, ...], ...]:
    """The fields of a line: separated by spaces or tabs, quoted where they hold any, ``{…}`` is an object list.

    A backslash stands before a quotation mark that belongs to the text; elsewhere it is itself (Windows paths occur).
    """
    fields: list[str | tuple[str, ...]] = []
    inside: list[str] | None = None
    for token, quoted in _tokens(text):
        if not quoted and token == "{":
            if inside is not None:
                raise PostFault(SieFault.BROKEN_OBJECTS)
            inside = []
        elif not quoted and token == "}":
            if inside is None:
                raise PostFault(SieFault.BROKEN_OBJECTS)
            fields.append(tuple(inside))
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            fields.append(token)
    if inside is not None:
        raise PostFault(SieFault.BROKEN_OBJECTS)
    return tuple(fields)


def _tokens(text: str) -> Iterator[tuple[str, bool]]:
    place = 0
    while place < len(text):
        character = text[place]
        if character in " \t":
            place += 1
        elif character == '"':
            token, place = _quoted(text, place + 1)
            yield token, True
        elif character in "{}":
            yield character, False
            place += 1
        else:
            end = place
            while end < len(text) and text[end] not in ' \t"{}':
                end += 1
            yield text[place:end], False
            place = end


def _quoted(text: str, place: int) -> tuple[str, int]:
    found: list[str] = []
    while place < len(text):
        if text[place] == '"':
            return "".join(found), place + 1
        if text.startswith('\\"', place):
            place += 1
        found.append(text[place])
        place += 1
    raise PostFault(SieFault.BROKEN_QUOTE)
