"""What the gateway tells of the company: settings, years, registers, capabilities."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.records import FieldTraits
from brygga.administration.adk.tables import HeadField, RowField, Table
from brygga.administration.capabilities import (
    LENGTHS,
    capabilities_from,
    fields_to_ask,
    price_decimals,
    quantity_decimals,
)
from brygga.administration.gateway_calls import HostCalls
from brygga.administration.gateway_company import locked_through
from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.records.reasons import Refused
from brygga.records.target import CompanyInfo, Currency
from tests.contract.adk_company import BOOKINGYEAR, PRM, UNIT, Place, build_place, seed
from tests.contract.administration_practice import ENGINE, gateway_to

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
BROKEN = (date(2025, 7, 1), date(2026, 6, 30))
LONG = (date(2025, 7, 1), date(2026, 12, 31))


def company_of(place: Place) -> CompanyInfo:
    with HostProcess(ENGINE, read_only=True) as host:
        return gateway_to(place, host).check()


def test_the_company_is_read_whole(tmp_path: Path) -> None:
    settings = {
        "NAME": "Ö AB",
        "ORGANISATION_NUMBER": "556900-4566",
        "CODE_OF_CURRENCY": "SEK",
        "CODE_OF_COUNTRY": "SE",
        "DEFAULT_ARTICLE_GROUP": "KONS",
        "DEFAULT_ARTICLE_ACCOUNTING_CODE": "TJ25",
        "PRICE_4_DECIMALS_ACTIVATED": True,
    }
    company = company_of(build_place(tmp_path, tables={PRM: seed(PRM, settings)}))
    assert (company.name, company.organisation_number) == ("Ö AB", "556900-4566")
    assert (company.currency, company.country_code) == ("SEK", "SE")
    assert company.vat_rates == (Decimal(25), Decimal(12), Decimal(6), Decimal(0))
    assert [(year.id, year.start, year.end) for year in company.booking_years] == [
        ("24", date(2025, 1, 1), date(2025, 12, 31)),
        ("25", date(2026, 1, 1), date(2026, 12, 31)),
    ]
    assert sorted(company.units) == ["st", "tim"]
    assert sorted(company.payment_terms) == ["10", "30"]
    assert sorted(company.languages) == ["EN", "SV"]
    assert sorted(company.profit_centres) == ["STHLM"]
    assert Currency("NOK", 100, Decimal("96.9"), Decimal(96)) in company.currencies
    assert (company.price_decimals, company.quantity_decimals) == (4, 2)
    assert (company.default_article_group, company.default_accounting_code) == ("KONS", "TJ25")


def test_the_domestic_currency_may_stand_in_the_second_field(tmp_path: Path) -> None:
    assert company_of(build_place(tmp_path, tables={PRM: seed(PRM, {"CURRENCY_CODE": "SEK"})})).currency == "SEK"


@pytest.mark.parametrize("form", ["yyyy-MM", "MM"])
def test_locked_months_and_years(tmp_path: Path, form: Any) -> None:
    place = build_place(tmp_path, switches=replace(Switches(), locked_month_format=form))
    assert [year.locked_through for year in company_of(place).booking_years] == [None, None]
    user.lock_month(place.company, "25", 2)
    user.lock_year(place.company, "24")
    years = company_of(place).booking_years
    assert [year.locked_through for year in years] == [date(2025, 12, 31), date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("text", "year", "day"),
    [
        ("", YEAR, None),
        ("  ", YEAR, None),
        ("2026-02", YEAR, date(2026, 2, 28)),
        ("202602", YEAR, date(2026, 2, 28)),
        ("2026-02-01", YEAR, date(2026, 2, 28)),
        ("2026-12", YEAR, date(2026, 12, 31)),
        ("2", YEAR, date(2026, 2, 28)),
        ("02", YEAR, date(2026, 2, 28)),
        ("08", BROKEN, date(2025, 8, 31)),
        ("3", BROKEN, date(2026, 3, 31)),
        ("3", LONG, date(2026, 3, 31)),
        ("6", (date(2025, 12, 15), date(2026, 6, 15)), date(2026, 6, 15)),
    ],
)
def test_locked_month_is_understood(text: str, year: tuple[date, date], day: date | None) -> None:
    assert locked_through(text, *year) == day


@pytest.mark.parametrize(
    ("text", "year"),
    [("0", YEAR), ("13", YEAR), ("2026-13", YEAR), ("2025-12", YEAR), ("feb", YEAR), ("8", LONG), ("1/2", YEAR)],
)
def test_a_lock_that_is_not_understood_is_never_no_lock(text: str, year: tuple[date, date]) -> None:
    with pytest.raises(Refused) as caught:
        locked_through(text, *year)
    assert (caught.value.reason.code, caught.value.reason.param("text")) == ("ADK-505", text)


def test_a_company_with_an_unreadable_lock_is_refused(tmp_path: Path) -> None:
    year = {"ID": "25", "START": date(2026, 1, 1), "END": date(2026, 12, 31), "LOCKED_MONTH": "Q1"}
    place = build_place(tmp_path, tables={BOOKINGYEAR: seed(BOOKINGYEAR, year)})
    with pytest.raises(Refused) as caught:
        company_of(place)
    assert caught.value.reason.param("text") == "Q1"


def test_a_missing_settings_record_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = build_place(tmp_path)
    monkeypatch.setattr(HostCalls, "scan", lambda calls, scan: [])
    with pytest.raises(Refused) as caught:
        company_of(place)
    assert caught.value.reason.param("text") == "PRM"


def test_the_company_is_asked_once_until_forgotten(tmp_path: Path) -> None:
    place = build_place(tmp_path)
    with HostProcess(ENGINE) as host:
        gateway = gateway_to(place, host)
        assert gateway.company() is gateway.company()
        user.change(place.company, UNIT, ("st", ""), {0: "pkt"})
        assert "st" in gateway.company().units
        gateway.forget()
        assert "pkt" in gateway.company().units


# -- capabilities --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("writable", [True, False])
def test_capabilities_come_from_the_library(tmp_path: Path, writable: bool) -> None:
    place = build_place(tmp_path, switches=replace(Switches(), document_number_writable=writable))
    place.reinstall(api_version=(2024, 2), program_version=(2024, 2))
    with HostProcess(ENGINE) as host:
        capabilities = gateway_to(place, host).capabilities()
    assert (capabilities.invoice_number_given, capabilities.api_version) == (writable, (2024, 2))
    lengths = capabilities.lengths
    assert (lengths.project_code, lengths.row_text, lengths.remark, lengths.email) == (6, 60, 255, 100)


def test_the_fallback_counts_where_the_library_does_not_say() -> None:
    silent = {(int(Table.INVOICE_ROW), int(RowField.UNIT)): FieldTraits(2, 0, 0, True)}
    capabilities = capabilities_from(silent, (5, 1))
    assert capabilities.lengths.unit == 4
    assert capabilities.lengths.customer_name == 50
    assert not capabilities.invoice_number_given
    assert {(table, field) for table, field, _ in LENGTHS.values()} <= {
        (table, field) for table, fields in fields_to_ask().items() for field in fields
    }
    assert HeadField.DOCUMENT_NUMBER in fields_to_ask()[Table.INVOICE_HEAD]


@pytest.mark.parametrize(("four", "said", "decimals"), [(True, 4, 4), (True, 2, 2), (False, 4, 2), (True, None, 4)])
def test_price_decimals_are_what_company_and_field_agree_on(four: bool, said: int | None, decimals: int) -> None:
    key = (int(Table.INVOICE_ROW), int(RowField.PRICE_EACH_CURRENT_CURRENCY))
    traits = {} if said is None else {key: FieldTraits(4, 0, said, True)}
    assert price_decimals(traits, four) == decimals


def test_quantity_decimals(tmp_path: Path) -> None:
    place = build_place(tmp_path, switches=replace(Switches(), quantity_decimals=3))
    assert company_of(place).quantity_decimals == 3
    assert quantity_decimals({}) == 2
