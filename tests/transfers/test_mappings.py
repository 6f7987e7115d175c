"""Mappings: what is used, missing or points nowhere, suggestions, and what the transfers make of them (issue 5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.insight.mappings import Health, MappingRow, mapping_rows
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import CUSTOMER
from tests.transfers.practice_world import Row, World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        yield world


def row(world: World, setting: str, source: str) -> MappingRow:
    rows = mapping_rows(world.company(read_only=True))
    return next(each for each in rows if (each.setting, each.source) == (setting, source))


def test_what_is_in_use_is_counted_and_what_is_not_is_told(world: World) -> None:
    world.customer(1001, language={"guid": "language-sv"})
    world.invoice(10234, Row(unit="h"), Row(unit=" H "), paymentTerm=30)
    used = row(world, "mappings.units", "h")
    assert (used.health, used.target, used.target_name, used.count) == (Health.USED, "tim", "hours", 2)
    assert row(world, "mappings.units", "st").health is Health.UNUSED
    assert row(world, "mappings.languages", "sv-SE").count == 1
    assert row(world, "mappings.payment_terms", "30").count == 1
    assert row(world, "mappings.vat", "25").health is Health.USED


def test_what_has_no_mapping_gets_a_suggestion_with_its_likeness(world: World) -> None:
    world.settings |= {"mappings.units": {}, "mappings.payment_terms": {}, "mappings.languages": {}}
    world.settings["mappings.vat"] = {"0": "0"}
    world.customer(1001, language={"guid": "language-sv"})
    world.invoice(10234, Row(unit="hours"), paymentTerm=30)
    found = {
        each.setting: (each.suggestion, each.percent)
        for each in mapping_rows(world.company(read_only=True))
        if each.health is Health.MISSING
    }
    assert found == {
        "mappings.units": ("tim", 100),
        "mappings.vat": ("1", 100),
        "mappings.payment_terms": ("30", 100),
        "mappings.languages": ("SV", 100),
    }


def test_a_vat_rate_for_a_time_is_used_by_the_invoices_of_its_days(world: World) -> None:
    world.settings["mappings.vat"] = {"25@..2026-01-31": "1", "25@2026-02-01..2026-02-28": "1"}
    world.customer(1001)
    for number, day in ((10234, "2026-01-31"), (10235, "2026-01-30"), (10236, "2026-03-01")):
        world.invoice(number, date=day)
    found = [row for row in mapping_rows(world.company(read_only=True)) if row.setting == "mappings.vat"]
    assert [(row.source, row.health, row.count, row.suggestion) for row in found] == [
        ("25@..2026-01-31", Health.USED, 2, ""),
        ("25@2026-02-01..2026-02-28", Health.UNUSED, 0, ""),
        ("25", Health.MISSING, 1, "1"),
    ]


def test_at_34_a_unit_that_is_like_nothing_gets_no_suggestion(world: World) -> None:
    world.customer(1001)
    world.invoice(10234, Row(unit="paket"))
    assert row(world, "mappings.units", "paket").suggestion == ""


def test_at_35_a_mapping_that_points_nowhere_says_so(world: World) -> None:
    world.settings["mappings.units"] = {"h": "hh"}
    assert row(world, "mappings.units", "h").health is Health.NOWHERE


def test_a_profit_centre_of_the_same_code_needs_no_mapping(world: World) -> None:
    world.customer(1001)
    world.project(1042, costCenter={"guid": "cost-sthlm"})
    world.project(1043, costCenter={"guid": "cost-gbg"})
    assert row(world, "mappings.profit_centres", "STHLM").health is Health.USED
    assert row(world, "mappings.profit_centres", "GBG").health is Health.MISSING


def test_the_statuses_are_mappings_too(world: World) -> None:
    world.settings |= {"payments.status_paid": "", "invoices.status_after": "Borta"}
    rows = {each.setting: each for each in mapping_rows(world.company(read_only=True)) if not each.source}
    assert (rows["payments.status_paid"].health, rows["payments.status_paid"].suggestion) == (Health.MISSING, "Betald")
    assert rows["invoices.status_after"].health is Health.NOWHERE
    assert rows["invoices.statuses"].health is Health.USED


def test_looking_writes_nothing(world: World) -> None:
    world.customer(1001)
    world.invoice(10234)
    before = world.writes
    mapping_rows(world.company(read_only=True))
    assert world.writes == before


class TestInTheTransfers:
    """The mappings that are the transfers' own."""

    def test_a_cost_centre_is_the_profit_centre_it_is_mapped_to(self, world: World) -> None:
        world.settings["mappings.profit_centres"] = {"GBG": "STHLM"}
        world.customer(1001)
        project = world.project(1042, costCenter={"guid": "cost-gbg"})
        world.invoice(10234, projects=[{"guid": project}])
        world.run(Transfer.INVOICES)
        assert [each["PROFIT_CENTRE"] for each in world.head(10234)["ROWS"]] == ["STHLM"]

    def test_a_country_text_gets_the_code_it_is_mapped_to(self, world: World) -> None:
        world.settings["customers.won_only"] = False
        world.settings["mappings.countries"] = {"förbundsrepubliken": "DE"}
        key = world.customer(3001, "Bau", address={"country": {"name": "Förbundsrepubliken"}, "city": "Berlin"})
        world.run(Transfer.CUSTOMERS, keys=frozenset({key}))
        assert world.books(CUSTOMER, "NUMBER")["3001"]["CODE_OF_COUNTRY"] == "DE"

    def test_a_currency_has_the_code_it_is_mapped_to_on_card_and_document(self, world: World) -> None:
        world.severa.edit("currencies", "currency-eur", {"code": "EUX"})
        world.settings["mappings.currencies"] = {"EUX": "EUR"}
        world.customer(3001, "Bau", currency={"guid": "currency-eur"})
        more: dict[str, Any] = {
            "customer": {"guid": "customer-3001"},
            "currency": {"guid": "currency-eur"},
            "currencyRate": 0.0895,
        }
        world.invoice(10234, **more)
        world.run(Transfer.INVOICES)
        assert world.books(CUSTOMER, "NUMBER")["3001"]["CODE_OF_CURRENCY"] == "EUR"
        assert world.head(10234)["CURRENCY_CODE"] == "EUR"

    def test_a_vat_rate_has_the_code_of_its_invoices_day(self, world: World) -> None:
        world.settings["mappings.vat"] = {"25@..2026-01-31": "1", "25@2026-02-01..": "4"}
        world.customer(1001)
        for number, day in ((10234, "2026-01-31"), (10235, "2026-02-01")):
            world.invoice(number, date=day)
        plans = world.preview(Transfer.INVOICES)
        found = {key: [each.vat_code for each in plan.payload.rows] for key, plan in plans.items() if plan.payload}  # type: ignore[union-attr]
        assert found == {"invoice-10234": ["1"], "invoice-10235": ["4"]}

    def test_a_rate_outside_its_days_has_no_code(self, world: World) -> None:
        world.settings["mappings.vat"] = {"25@2026-02-01..": "1"}
        world.customer(1001)
        key = world.invoice(10234)
        assert "FAK-306" in codes(world.preview(Transfer.INVOICES)[key])
