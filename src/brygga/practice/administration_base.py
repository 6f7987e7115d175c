"""A company in Administration before anything is transferred, and how records of it are written by field name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from brygga.practice.adk_engine.fields import Field, Table
from brygga.practice.adk_engine.tables import TABLES
from brygga.practice.administration_accounts import Purpose

Value = str | bool | int | Decimal | date | Sequence[Mapping[int, Any]]
Record = dict[int, Value]

OPEN_END = date(2099, 12, 31)

NOTICE_TEXTS: Mapping[str, tuple[str, str]] = {
    "damaged": (
        "I {lines} rader i SIE-filen är tecken förlorade sedan tidigare, först rad {line}: {text}. De visas som ?.",
        "In {lines} lines of the SIE file characters were lost before, first line {line}: {text}. They are shown as ?.",
    ),
    "encoding": (
        "SIE-filen är UTF-8 fast den anger PC8 (teckentabell 437). Den lästes som UTF-8.",
        "The SIE file is UTF-8 although it says PC8 (code page 437). It was read as UTF-8.",
    ),
    "account_chosen": (
        "Konto {wanted} finns inte i kontoplanen. {number} används i stället ({name}).",
        "Account {wanted} is not in the chart of accounts. {number} is used instead ({name}).",
    ),
    "account_added": (
        "Konto {number} {name} saknas i kontoplanen och lades till.",
        "Account {number} {name} is not in the chart of accounts and was added.",
    ),
    "cut": (
        "{what} {code}: namnet är längre än {length} tecken och kortades.",
        "{what} {code}: the name is longer than {length} characters and was cut.",
    ),
    "left_out": (
        "{what} {code} lades inte upp: koden är längre än {length} tecken.",
        "{what} {code} was left out: the code is longer than {length} characters.",
    ),
    "profit_centres_added": (
        "SIE-filen har inga resultatenheter. {codes} lades till.",
        "The SIE file has no profit centres. {codes} were added.",
    ),
    "sub_dimension": (
        "Underdimension {number} {name} (under {parent}) används inte. Dess objekt: {codes}.",
        "Sub-dimension {number} {name} (under {parent}) is not used. Its objects: {codes}.",
    ),
    "month": (
        "Övningsmånaden är {month}: den sista med verifikationer i filens räkenskapsår.",
        "The practice month is {month}: the last with vouchers in the file's booking year.",
    ),
    "month_assumed": (
        "Filen har inga verifikationer. Övningsmånaden är räkenskapsårets sista, {month}.",
        "The file has no vouchers. The practice month is the last of the booking year, {month}.",
    ),
    "registers_assumed": (
        "En SIE-fil har inga kunder, artiklar, enheter eller betalningsvillkor. Övningsföretagets egna används.",
        "A SIE file has no customers, articles, units or payment terms. The practice company's own are used.",
    ),
    "year_added": (
        "Räkenskapsåret {start} till {end} lades till, så att månaden före övningsmånaden finns.",
        "Booking year {start} to {end} was added, so that the month before the practice month exists.",
    ),
}
"""Swedish and English sentence of each notice."""


@dataclass(frozen=True)
class Notice:
    """Something the practice company's owner should know about how it came to be."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    def text(self, language: str = "sv") -> str:
        """The notice as one or two sentences, in Swedish ("sv") or English ("en")."""
        return NOTICE_TEXTS[self.code][0 if language == "sv" else 1].format_map(dict(self.params))


@dataclass(frozen=True)
class BookingYear:
    """A booking year with Administration's id for it."""

    id: str
    start: date
    end: date


@dataclass(frozen=True)
class NamedCode:
    """A profit centre or a project that Administration has."""

    code: str
    name: str


@dataclass(frozen=True)
class AdministrationBase:
    """A company in Administration before the first transfer.

    ``month`` is the first day of the practice month. ``locked_through`` is the last locked day, the end of the month
    before. ``accounts`` says which account serves which purpose.
    """

    name: str
    organisation_number: str
    month: date
    years: tuple[BookingYear, ...]
    locked_through: date
    chart: Mapping[str, str]
    accounts: Mapping[Purpose, str]
    profit_centres: tuple[NamedCode, ...]
    projects: tuple[NamedCode, ...]
    article_group: str
    accounting_code: str
    notices: tuple[Notice, ...] = ()


def notice(code: str, /, **params: object) -> Notice:
    """A notice with its parameters turned into text."""
    return Notice(code, tuple((name, str(value)) for name, value in params.items()))


def table_named(name: str) -> Table:
    """An ADK table of the practice company by its name in the contract."""
    return next(table for table in TABLES.values() if table.name == name)


def field_named(table: Table, name: str) -> Field:
    """A field of the table by its name without the table's prefix."""
    return next(field for field in table.fields.values() if field.name == name)


def record(table: Table, values: Mapping[str, Value]) -> Record:
    """A record by field id, from one by field name."""
    return {field_named(table, name).id: value for name, value in values.items()}


def last_day(month: date) -> date:
    """The last day of the month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1) - timedelta(days=1)


def records(table: Table, rows: Iterable[Mapping[str, Value]]) -> list[Record]:
    """Several records by field id."""
    return [record(table, row) for row in rows]
