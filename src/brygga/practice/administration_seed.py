"""What lies in Administration before anything is transferred: built in, or from a real company's SIE file.

``administration_tables.tables_of`` makes the records of it. Nothing is invented in silence: ``notices`` tells what was
damaged, left out, added or assumed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from brygga.practice.administration_accounts import BUILT_IN_ACCOUNTS, WANTED, Purpose, choose_account
from brygga.practice.administration_base import (
    AdministrationBase,
    BookingYear,
    NamedCode,
    Notice,
    field_named,
    notice,
    table_named,
)
from brygga.practice.sie import SieFile, SieYear
from brygga.practice.sie_text import LOST

BUILT_IN_NAME = "Exempelkonsult AB"
BUILT_IN_ORGANISATION_NUMBER = "556900-4566"
BUILT_IN_MONTH = date(2026, 1, 1)
"""A fixed month: the practice company knows no clock, so that every build gives the same figures."""


PROFIT_CENTRES = (
    NamedCode("STHLM", "Stockholm"),
    NamedCode("GBG", "Göteborg"),
    NamedCode("MLM", "Malmö"),
    NamedCode("UPPS", "Uppsala"),
    NamedCode("LKPG", "Linköping"),
    NamedCode("ÖREB", "Örebro"),
    NamedCode("VÄST", "Västerås"),
    NamedCode("UMEÅ", "Umeå"),
    NamedCode("VÄXJÖ", "Växjö"),
    NamedCode("ÖSTER", "Östersund"),
    NamedCode("LUND", "Lund"),
    NamedCode("KARL", "Karlstad"),
    NamedCode("SUND", "Sundsvall"),
    NamedCode("LULEÅ", "Luleå"),
)
BUILT_IN_PROFIT_CENTRES = 2


def built_in_administration(
    month: date = BUILT_IN_MONTH, *, profit_centres: int = BUILT_IN_PROFIT_CENTRES
) -> AdministrationBase:
    """The built-in company "Exempelkonsult AB": BAS accounts of semantics §3.6, calendar years around the month.

    ``profit_centres``: how many it has, 1 to 14.
    """
    if not 1 <= profit_centres <= len(PROFIT_CENTRES):
        raise ValueError(f"the built-in company has 1 to {len(PROFIT_CENTRES)} profit centres, not {profit_centres}")
    first = month.replace(day=1)
    years = tuple(
        BookingYear(str(place), date(year, 1, 1), date(year, 12, 31))
        for place, year in enumerate(range(first.year - 1, first.year + 2), start=1)
    )
    return AdministrationBase(
        name=BUILT_IN_NAME,
        organisation_number=BUILT_IN_ORGANISATION_NUMBER,
        month=first,
        years=years,
        locked_through=first - timedelta(days=1),
        chart=BUILT_IN_ACCOUNTS,
        accounts={purpose: choose_account(purpose, BUILT_IN_ACCOUNTS).number for purpose in Purpose},
        profit_centres=PROFIT_CENTRES[:profit_centres],
        projects=(),
        article_group="TJ",
        accounting_code="TJ25",
    )


def administration_from_sie(file: SieFile) -> AdministrationBase:
    """A company made from a SIE 4 file: its name, years, chart, profit centres (dimension 1), projects (dimension 6).

    The practice month is the last month with vouchers in the file's booking year, else the year's last month. What a
    SIE file does not hold (units, payment terms, article codes …) is the practice company's own.
    """
    notices: list[Notice] = _damage(file)
    month = _practice_month(file, notices)
    years = _years(file, month, notices)
    chart = {
        number: _plain(account.name, "KONTO", number, _length("ACCOUNT", "TEXT"), notices)
        for number, account in sorted(file.accounts.items())
        if len(number) <= _length("ACCOUNT", "NUMBER")
    }
    accounts = _default_accounts(chart, notices)
    centres = _codes(file, "1", "CODE_OF_PROFIT_CENTRE", "CODE", "NAME", notices)
    projects = _codes(file, "6", "PROJECT", "CODE_OF_PROJECT", "NAME", notices)
    base = built_in_administration(month)
    if not centres:
        centres = base.profit_centres
        notices.append(notice("profit_centres_added", codes=", ".join(each.code for each in centres)))
    for dimension in file.dimensions.values():
        if dimension.parent:
            codes = ", ".join(each.code for each in file.objects_of(dimension.number)) or "–"
            notices.append(
                notice(
                    "sub_dimension",
                    number=dimension.number,
                    name=shown(dimension.name),
                    parent=dimension.parent,
                    codes=codes,
                )
            )
    notices.append(notice("registers_assumed"))
    return replace(
        base,
        name=shown(file.company) or base.name,
        organisation_number=_organisation_number(file.organisation_number),
        years=years,
        chart=chart,
        accounts=accounts,
        profit_centres=centres,
        projects=projects,
        notices=tuple(notices),
    )


def shown(text: str) -> str:
    """The text as Administration can hold it: a lost character is shown as ?, so is one outside Windows-1252."""
    return text.replace(LOST, "?").encode("cp1252", "replace").decode("cp1252").strip()


def _damage(file: SieFile) -> list[Notice]:
    found: list[Notice] = []
    if file.encoding == "utf-8":
        found.append(notice("encoding"))
    if file.damaged:
        first = file.damaged[0]
        found.append(notice("damaged", lines=len(file.damaged), line=first.line, text=shown(first.text)))
    return found


def _practice_month(file: SieFile, notices: list[Notice]) -> date:
    year = _latest_year(file)
    days = [voucher.date for voucher in file.vouchers if year.start <= voucher.date <= year.end]
    month = (max(days) if days else year.end).replace(day=1)
    notices.append(notice("month" if days else "month_assumed", month=f"{month:%Y-%m}"))
    return month


def _latest_year(file: SieFile) -> SieYear:
    return max(file.years.values(), key=lambda year: year.end)


def _years(file: SieFile, month: date, notices: list[Notice]) -> tuple[BookingYear, ...]:
    spans = sorted((year.start, year.end) for year in file.years.values())
    before = month - timedelta(days=1)
    if not any(start <= before <= end for start, end in spans):
        start, end = date(spans[0][0].year - 1, spans[0][0].month, 1), spans[0][0] - timedelta(days=1)
        spans.insert(0, (start, end))
        notices.append(notice("year_added", start=start, end=end))
    # Due dates and the write-back of a new year's first days need the year after the file's as little as a real
    # company does: it is opened when the new year begins.
    return tuple(BookingYear(str(place), start, end) for place, (start, end) in enumerate(spans, start=1))


def _default_accounts(chart: dict[str, str], notices: list[Notice]) -> dict[Purpose, str]:
    chosen: dict[Purpose, str] = {}
    for purpose in Purpose:
        choice = choose_account(purpose, chart)
        wanted = WANTED[purpose]
        if choice.how == "added":
            chart[choice.number] = wanted.name
            notices.append(notice("account_added", number=choice.number, name=wanted.name))
        elif choice.how != "first":
            told = notice("account_chosen", wanted=wanted.choices[0], number=choice.number, name=chart[choice.number])
            notices.append(told)
        chosen[purpose] = choice.number
    return chosen


def _codes(
    file: SieFile, dimension: str, table: str, code_field: str, name_field: str, notices: list[Notice]
) -> tuple[NamedCode, ...]:
    found: dict[str, NamedCode] = {}
    longest = _length(table, code_field)
    for each in file.objects_of(dimension):
        if len(each.code) > longest:
            notices.append(notice("left_out", what=table, code=each.code, length=longest))
            continue
        name = _plain(each.name, table, each.code, _length(table, name_field), notices)
        found.setdefault(shown(each.code), NamedCode(shown(each.code), name))
    return tuple(found.values())


def _plain(text: str, what: str, code: str, length: int, notices: list[Notice]) -> str:
    plain = shown(text)
    if len(plain) > length:
        notices.append(notice("cut", what=what, code=code, length=length))
    return plain[:length].rstrip()


def _length(table: str, field: str) -> int:
    return field_named(table_named(table), field).length


def _organisation_number(text: str) -> str:
    digits = "".join(character for character in text if character.isdigit())
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 10 else shown(text)
