"""Reading SIE 4 files: what another accounting program exported, as plain records (semantics §3.8).

Own reader, so that the practice company can be built from a real company's books. It reads type 4 (4E): who made the
file, booking years, chart of accounts, dimensions with their objects, and vouchers. Posts that nobody needs here are
counted in ``ignored``, not lost in silence. A file that is damaged raises ``SieError`` with everything that was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from brygga.practice.sie_text import DamagedText, Post, PostFault, SieError, SieFault, SieProblem, decode, split_line

__all__ = ["DamagedText", "SieError", "SieFault", "SieFile", "SieProblem", "parse_sie", "read_sie"]

MANDATORY = ("#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#FNAMN", "#RAR")
"""Posts that a type 4 export must hold (semantics §3.8)."""

MOST_PROBLEMS = 50
"""A file that is wrong throughout is not listed line by line."""

_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")
_DAY = re.compile(r"[0-9]{8}")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


@dataclass(frozen=True)
class SieYear:
    """A booking year: ``index`` 0 is the file's own year, -1 the one before."""

    index: int
    start: date
    end: date


@dataclass
class SieAccount:
    """A ledger account (konto); ``kind`` is T, S, I, K (asset, debt, income, cost) or empty."""

    number: str
    name: str
    kind: str = ""


@dataclass(frozen=True)
class SieDimension:
    """A dimension (1 = profit centre, 6 = project …); ``parent`` is set on a sub-dimension."""

    number: str
    name: str
    parent: str = ""


@dataclass(frozen=True)
class SieObject:
    """An object of a dimension: a profit centre, a project, an employee."""

    dimension: str
    code: str
    name: str


@dataclass(frozen=True)
class SieRow:
    """A voucher row. ``change`` is "" for a row in force, "added" (#RTRANS) or "removed" (#BTRANS) for the history."""

    account: str
    objects: tuple[tuple[str, str], ...]
    amount: Decimal
    date: date | None = None
    text: str = ""
    change: str = ""


@dataclass
class SieVoucher:
    """A voucher with its rows; its rows in force sum to zero."""

    series: str
    number: str
    date: date
    text: str
    line: int
    rows: list[SieRow] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Series and number, as a person says them."""
        return f"{self.series} {self.number}".strip() or "(no number)"


@dataclass
class SieFile:
    """A SIE 4 file. Texts are as the file has them; ``damaged`` names the lines in which characters were lost."""

    encoding: str = ""
    damaged: tuple[DamagedText, ...] = ()
    program: str = ""
    program_version: str = ""
    generated: date | None = None
    company: str = ""
    organisation_number: str = ""
    currency: str = "SEK"
    chart: str = ""
    years: dict[int, SieYear] = field(default_factory=dict)
    accounts: dict[str, SieAccount] = field(default_factory=dict)
    dimensions: dict[str, SieDimension] = field(default_factory=dict)
    objects: list[SieObject] = field(default_factory=list)
    vouchers: list[SieVoucher] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)

    def objects_of(self, dimension: str) -> list[SieObject]:
        """The objects of one dimension, in the order of the file."""
        return [each for each in self.objects if each.dimension == dimension]


def read_sie(path: Path) -> SieFile:
    """Read a SIE 4 file. Raises ``SieError``, and nothing else, when there is no file or it cannot be used."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SieError((SieProblem(SieFault.MISSING_FILE, 0, {"file": path.name}),)) from error
    except OSError as error:
        params = {"file": path.name, "detail": error.strerror or type(error).__name__}
        raise SieError((SieProblem(SieFault.UNREADABLE, 0, params),)) from error
    return parse_sie(data, path.name)


def parse_sie(data: bytes, name: str = "") -> SieFile:
    """A SIE 4 file from its bytes; ``name`` is only used in errors. Raises ``SieError``."""
    if not data.strip():
        raise SieError((SieProblem(SieFault.EMPTY, 0, {"file": name}),))
    decoded = decode(data)
    file = SieFile(encoding=decoded.encoding, damaged=decoded.damaged)
    reader = _Reader(file)
    reader.read(decoded.text)
    if reader.problems:
        raise SieError(tuple(reader.problems[:MOST_PROBLEMS]))
    return file


class _Reader:
    """Reads line by line; problems are collected so that a person sees all of them at once."""

    def __init__(self, file: SieFile) -> None:
        self.file = file
        self.problems: list[SieProblem] = []
        self.seen: set[str] = set()
        self.voucher: SieVoucher | None = None
        self.opened = False

    def problem(self, code: SieFault, line: int, **params: str) -> None:
        self.problems.append(SieProblem(code, line, params))

    def read(self, text: str) -> None:
        for line, content in _lines(text):
            try:
                self._line(line, content)
            except PostFault as fault:
                self.problem(fault.code, line, **fault.params)
        if "#FLAGGA" not in self.seen:
            # Whatever else was found follows from this: it is another kind of file.
            self.problems = [SieProblem(SieFault.NOT_SIE)]
            return
        if self.voucher is not None:
            self.problem(SieFault.OPEN_VOUCHER, self.voucher.line, voucher=self.voucher.name)
        for post in MANDATORY:
            if post not in self.seen:
                self.problem(SieFault.MISSING_POST, 0, post=post)

    def _line(self, line: int, content: str) -> None:
        if content in ("{", "}"):
            self._brace(line, content)
            return
        if not content.startswith("#"):
            raise PostFault(SieFault.STRAY_LINE, text=content[:60])
        written = re.split("[ \t]", content, maxsplit=1)[0]
        label = written.upper()
        self.seen.add(label)
        post = Post(line, label, split_line(content[len(written) :]))
        if self.voucher is not None:
            self._inside_voucher(post)
        elif label in _POSTS:
            _POSTS[label](self.file, post)
        elif label == "#VER":
            self._voucher(post)
        elif label in _CHANGES:
            raise PostFault(SieFault.STRAY_LINE, text=content[:60])
        else:
            self.file.ignored[label] += 1

    def _brace(self, line: int, content: str) -> None:
        voucher = self.voucher
        if voucher is None or (content == "{") == self.opened:
            raise PostFault(SieFault.STRAY_LINE, text=content)
        if content == "{":
            self.opened = True
            return
        self.voucher, self.opened = None, False
        total = sum((row.amount for row in voucher.rows if not row.change), Decimal(0))
        if total:
            self.problem(SieFault.UNBALANCED, voucher.line, voucher=voucher.name, sum=str(total))

    def _voucher(self, post: Post) -> None:
        post.need(3)
        self.voucher = SieVoucher(post.text(0), post.text(1), _day(post, 2), post.text(3), post.line)
        self.file.vouchers.append(self.voucher)

    def _inside_voucher(self, post: Post) -> None:
        voucher = self.voucher
        assert voucher is not None
        if not self.opened or post.label not in _CHANGES:
            self.voucher, self.opened = None, False
            raise PostFault(SieFault.OPEN_VOUCHER, voucher=voucher.name)
        post.need(3)
        when = _day(post, 3) if post.text(3) else None
        row = SieRow(post.text(0), post.objects(1), _amount(post, 2), when, post.text(4), _CHANGES[post.label])
        voucher.rows.append(row)


_CHANGES = {"#TRANS": "", "#RTRANS": "added", "#BTRANS": "removed"}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        content = line.strip(" \t\r\x1a")
        if content:
            yield number, content


def _day(post: Post, index: int) -> date:
    value = post.text(index)
    if _DAY.fullmatch(value):
        try:
            return date(int(value[:4]), int(value[4:6]), int(value[6:]))
        except ValueError:
            pass
    raise PostFault(SieFault.BAD_VALUE, post=post.label, value=value[:40], kind="date (YYYYMMDD)")


def _amount(post: Post, index: int) -> Decimal:
    value = post.text(index)
    if not _AMOUNT.fullmatch(value):
        raise PostFault(SieFault.BAD_VALUE, post=post.label, value=value[:40], kind="amount")
    return Decimal(value)


def _integer(post: Post, index: int) -> int:
    value = post.text(index)
    if not _NUMBER.fullmatch(value):
        raise PostFault(SieFault.BAD_VALUE, post=post.label, value=value[:40], kind="number")
    return int(value)


def _flag(file: SieFile, post: Post) -> None:
    post.need(1)


def _format(file: SieFile, post: Post) -> None:
    post.need(1)
    if post.text(0).upper() != "PC8":
        raise PostFault(SieFault.WRONG_FORMAT, format=post.text(0)[:40])


def _type(file: SieFile, post: Post) -> None:
    post.need(1)
    if post.text(0) != "4":
        raise PostFault(SieFault.WRONG_TYPE, type=post.text(0)[:40])


def _program(file: SieFile, post: Post) -> None:
    post.need(1)
    file.program, file.program_version = post.text(0), post.text(1)


def _generated(file: SieFile, post: Post) -> None:
    post.need(1)
    file.generated = _day(post, 0)


def _company(file: SieFile, post: Post) -> None:
    post.need(1)
    file.company = post.text(0)


def _organisation_number(file: SieFile, post: Post) -> None:
    post.need(1)
    file.organisation_number = post.text(0)


def _currency(file: SieFile, post: Post) -> None:
    post.need(1)
    file.currency = post.text(0)


def _chart(file: SieFile, post: Post) -> None:
    post.need(1)
    file.chart = post.text(0)


def _year(file: SieFile, post: Post) -> None:
    post.need(3)
    year = SieYear(_integer(post, 0), _day(post, 1), _day(post, 2))
    if year.end < year.start:
        raise PostFault(SieFault.BAD_VALUE, post=post.label, value=post.text(2), kind="end after the start")
    file.years[year.index] = year


def _account(file: SieFile, post: Post) -> None:
    post.need(2)
    file.accounts[post.text(0)] = SieAccount(post.text(0), post.text(1))


def _account_kind(file: SieFile, post: Post) -> None:
    post.need(2)
    if post.text(0) not in file.accounts:
        raise PostFault(SieFault.BAD_VALUE, post=post.label, value=post.text(0)[:40], kind="account of the chart")
    file.accounts[post.text(0)].kind = post.text(1)


def _dimension(file: SieFile, post: Post) -> None:
    post.need(2)
    file.dimensions[post.text(0)] = SieDimension(post.text(0), post.text(1))


def _sub_dimension(file: SieFile, post: Post) -> None:
    post.need(3)
    file.dimensions[post.text(0)] = SieDimension(post.text(0), post.text(1), post.text(2))


def _object(file: SieFile, post: Post) -> None:
    post.need(3)
    file.objects.append(SieObject(post.text(0), post.text(1), post.text(2)))


_POSTS: Mapping[str, Callable[[SieFile, Post], None]] = {
    "#FLAGGA": _flag,
    "#FORMAT": _format,
    "#SIETYP": _type,
    "#PROGRAM": _program,
    "#GEN": _generated,
    "#FNAMN": _company,
    "#ORGNR": _organisation_number,
    "#VALUTA": _currency,
    "#KPTYP": _chart,
    "#RAR": _year,
    "#KONTO": _account,
    "#KTYP": _account_kind,
    "#DIM": _dimension,
    "#UNDERDIM": _sub_dimension,
    "#OBJEKT": _object,
}
