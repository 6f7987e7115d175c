"""Settings held against the live registers of both systems (issue 5, "Settings and mappings")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.insight.setting_checks import setting_findings
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.records.reasons import Level
from brygga.transfers.company import Neighbour
from tests.transfers.practice_world import World, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        yield world


def findings(world: World) -> list[tuple[str, str]]:
    return [(each.key, each.reason.code) for each in setting_findings(world.company(read_only=True))]


def test_settings_that_point_to_what_is_there_find_nothing_and_write_nothing(world: World) -> None:
    before = world.writes
    assert findings(world) == []
    assert world.writes == before


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("severa.business_units", ("Sverige", "Norge"), "INS-822"),
        ("projects.code_map", {"1000001": "P100001"}, "INS-823"),
        ("invoices.statuses", ("Att överföra", "Klar"), "INS-804"),
        ("invoices.statuses", ("Godkänd",), "INS-816"),
        ("invoices.status_after", "Att överföra", "INS-817"),
        ("invoices.credit_status_after", "Krediterad", "INS-804"),
        ("invoices.rounding_account", "3741", "INS-819"),
        ("invoices.rounding_account", "3001", "INS-819"),
        ("payments.status_paid", "Skickad", "BET-507"),
        ("payments.status_part_paid", "Betald", "BET-508"),
        ("payments.status_reversed", "Backad", "INS-804"),
        ("supplier_invoices.product_code", "UE", "LEV-605"),
        ("articles.group", "VAROR", "INS-818"),
        ("articles.accounting_code", "XX25", "INS-818"),
        ("articles.default_article", "999", "INS-818"),
        ("mappings.units", {"h": "timme"}, "MAP-854"),
        ("mappings.payment_terms", {"30": "30N"}, "MAP-854"),
        ("mappings.languages", {"sv-SE": "SVE"}, "MAP-854"),
        ("mappings.vat", {"25": "2"}, "MAP-855"),
    ],
)
def test_a_setting_that_points_nowhere_is_named_with_its_reason(world: World, key: str, value: Any, code: str) -> None:
    world.settings[key] = value
    assert (key, code) in findings(world)


def test_at_35_a_unit_mapped_to_a_code_that_is_not_there_stops(world: World) -> None:
    world.settings["mappings.units"] = {"h": "hh"}
    (found,) = setting_findings(world.company(read_only=True))
    assert (found.key, found.reason.code, found.reason.param("code")) == ("mappings.units", "MAP-854", "hh")
    assert found.reason.level is Level.STOP


def test_at_25_and_the_numbering_master_are_findings_of_their_setting(tmp_path: Path) -> None:
    with practice_world(tmp_path, numbering__master="administration") as world:
        user.set_next_invoice_number(world.place.company, 10249)
        world.severa.edit("organizationsettings", "organizationsettings", {"nextInvoiceNumber": 5})
        assert ("numbering.master", "INS-811") in findings(world)


def test_a_library_that_takes_no_number_cannot_have_severa_as_master(tmp_path: Path) -> None:
    with practice_world(tmp_path, places={"switches": Switches(document_number_writable=False)}) as world:
        assert findings(world) == [("numbering.master", "INS-803")]


def test_a_status_out_of_use_is_a_warning(world: World) -> None:
    world.severa.edit("invoicestatuses", "status-transferred", {"isActive": False})
    (found,) = setting_findings(world.company(read_only=True))
    assert (found.key, found.reason.code, found.reason.level) == ("invoices.status_after", "INS-815", Level.WARNING)


def test_a_price_below_the_cost_is_a_warning(world: World) -> None:
    world.settings |= {"supplier_invoices.price_mode": "percent", "supplier_invoices.price_percent": Decimal(15)}
    assert findings(world) == [("supplier_invoices.price_percent", "LEV-612")]


def test_companies_on_one_severa_must_name_their_business_units(world: World) -> None:
    company = replace(world.company(read_only=True), neighbours=(Neighbour("beta", ("Öst",)),))
    assert [(each.key, each.reason.code) for each in setting_findings(company)] == [
        ("severa.business_units", "INS-824")
    ]
