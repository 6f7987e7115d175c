"""What a transfer needs to know about the company: settings, booking years and the code registers."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from brygga.administration.adk.records import AdkRecord, Scan
from brygga.administration.adk.tables import (
    AccountingCodeField,
    ArticleGroupField,
    BookingYearField,
    CompanyField,
    CompanyVatField,
    CountryField,
    CurrencyField,
    HeadField,
    LanguageField,
    PaymentTermsField,
    PriceListField,
    ProfitCentreField,
    Table,
    UnitField,
)
from brygga.administration.capabilities import Traits, price_decimals, quantity_decimals
from brygga.administration.gateway_calls import HostCalls
from brygga.records.reasons import Refused, reason
from brygga.records.registers import CodeRegisters
from brygga.records.target import BookingYear, CompanyInfo, Currency

VAT_FIELDS = tuple(CompanyVatField)
_YEAR_AND_MONTH = re.compile(r"(?P<year>\d{4})-?(?P<month>\d{2})(?:-\d{2})?")
_MONTH = re.compile(r"(?P<month>\d{1,2})")


def read_company(calls: HostCalls, traits: Traits) -> CompanyInfo:
    """The company as its registers and settings have it now."""
    settings = _single(calls, Table.PRM, CompanyField)
    rates = _single(calls, Table.PRM2, CompanyVatField)
    return CompanyInfo(
        name=settings.text(CompanyField.NAME),
        organisation_number=settings.text(CompanyField.ORGANISATION_NUMBER),
        # Two fields name the domestic currency (contracts/adk.md §2.3: "see also 51").
        currency=settings.text(CompanyField.CODE_OF_CURRENCY) or settings.text(CompanyField.CURRENCY_CODE),
        country_code=settings.text(CompanyField.CODE_OF_COUNTRY),
        vat_rates=tuple(rates.number(field) for field in VAT_FIELDS),
        booking_years=_booking_years(calls),
        units=_codes(calls, Table.CODE_OF_UNIT, UnitField.CODE),
        payment_terms=_codes(calls, Table.CODE_OF_TERMS_OF_PAYMENT, PaymentTermsField.CODE),
        languages=_codes(calls, Table.CODE_OF_LANGUAGE, LanguageField.CODE),
        profit_centres=_codes(calls, Table.CODE_OF_PROFIT_CENTRE, ProfitCentreField.CODE),
        currencies=_currencies(calls),
        price_decimals=price_decimals(traits, settings.flag(CompanyField.PRICE_4_DECIMALS_ACTIVATED)),
        quantity_decimals=quantity_decimals(traits),
        call_log=calls.call_log(),
        default_article_group=settings.text(CompanyField.DEFAULT_ARTICLE_GROUP),
        default_accounting_code=settings.text(CompanyField.DEFAULT_ARTICLE_ACCOUNTING_CODE),
    )


def read_code_registers(calls: HostCalls) -> CodeRegisters:
    """The code registers with their texts, read in full."""
    return CodeRegisters(
        units=_texts(calls, Table.CODE_OF_UNIT, UnitField.CODE, UnitField.TEXT),
        payment_terms=_texts(calls, Table.CODE_OF_TERMS_OF_PAYMENT, PaymentTermsField.CODE, PaymentTermsField.TEXT),
        languages=_texts(calls, Table.CODE_OF_LANGUAGE, LanguageField.CODE, LanguageField.TEXT),
        currencies=_texts(calls, Table.CODE_OF_CURRENCY, CurrencyField.CODE, CurrencyField.COUNTRY),
        profit_centres=_texts(calls, Table.CODE_OF_PROFIT_CENTRE, ProfitCentreField.CODE, ProfitCentreField.NAME),
        countries=_texts(calls, Table.CODE_OF_COUNTRY_CODE, CountryField.CODE, CountryField.COUNTRY),
        price_lists=_texts(calls, Table.CODE_OF_PRICE_LIST, PriceListField.CODE, PriceListField.TEXT),
        article_groups=_texts(calls, Table.CODE_OF_ARTICLE_GROUP, ArticleGroupField.CODE, ArticleGroupField.TEXT),
        accounting_codes=_texts(
            calls, Table.CODE_OF_ARTICLE_ACCOUNT, AccountingCodeField.CODE, AccountingCodeField.TEXT
        ),
    )


def last_invoice_number(calls: HostCalls) -> int:
    """The highest document number among the invoices, 0 when there is none."""
    number = HeadField.DOCUMENT_NUMBER
    found = calls.scan(Scan(Table.INVOICE_HEAD, [number], backwards=True, limit=1))
    return found[0].whole(number) if found else 0


def locked_through(text: str, year_start: date, year_end: date) -> date | None:
    """The last locked day (inclusive) that LOCKED_MONTH means in the booking year, None when nothing is locked.

    The field's format is not public (contracts/adk.md §2.2, CODE_OF_BOOKINGYEAR 5: text). Understood: empty, year and
    month with or without a hyphen or a day, and a month number alone, which is that month of the booking year. Anything
    else, and a month outside the year or twice in it, is refused: an unread lock is never "not locked".
    """
    text = text.strip()
    if not text:
        return None
    if match := _YEAR_AND_MONTH.fullmatch(text):
        months = [(int(match["year"]), int(match["month"]))]
    elif match := _MONTH.fullmatch(text):
        months = [(year, int(match["month"])) for year in range(year_start.year, year_end.year + 1)]
    else:
        months = []
    days = [_last_day(year, month) for year, month in months if 1 <= month <= 12]
    inside = [day for day in days if year_start <= day and day.replace(day=1) <= year_end]
    if len(inside) != 1:
        raise Refused(reason("ADK-505", code="LOCKED_MONTH", text=text))
    return min(inside[0], year_end)


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _single(calls: HostCalls, table: Table, fields: Iterable[int]) -> AdkRecord:
    """The one record of a settings table."""
    found = calls.scan(Scan(table, [int(field) for field in fields], limit=1))
    if not found:
        raise Refused(reason("ADK-505", code="115", text=table.name))
    return found[0]


def _codes(calls: HostCalls, table: Table, field: int) -> frozenset[str]:
    return frozenset(record.text(field) for record in calls.scan(Scan(table, [field])))


def _texts(calls: HostCalls, table: Table, code: int, text: int) -> dict[str, str]:
    """Code → text; of several records with one code (a profit centre has one for each year) the last counts."""
    found = {record.text(code): record.text(text) for record in calls.scan(Scan(table, [int(code), int(text)]))}
    return dict(sorted(found.items()))


def _booking_years(calls: HostCalls) -> tuple[BookingYear, ...]:
    records = calls.scan(Scan(Table.CODE_OF_BOOKINGYEAR, [int(field) for field in BookingYearField]))
    return tuple(sorted((_booking_year(record) for record in records), key=lambda year: year.start))


def _booking_year(record: AdkRecord) -> BookingYear:
    start = date.fromisoformat(record.text(BookingYearField.START))
    end = date.fromisoformat(record.text(BookingYearField.END))
    locked = locked_through(record.text(BookingYearField.LOCKED_MONTH), start, end)
    if record.flag(BookingYearField.YEAR_LOCKED):
        locked = end
    return BookingYear(id=record.text(BookingYearField.ID), start=start, end=end, locked_through=locked)


def _currencies(calls: HostCalls) -> tuple[Currency, ...]:
    records = calls.scan(Scan(Table.CODE_OF_CURRENCY, [int(field) for field in CurrencyField]))
    return tuple(
        Currency(
            code=record.text(CurrencyField.CODE),
            unit=record.whole(CurrencyField.UNIT),
            sell=Decimal(record.text(CurrencyField.SELL)),
            buy=Decimal(record.text(CurrencyField.BUY)),
        )
        for record in records
    )
