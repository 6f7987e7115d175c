"""The price list of a customer, both ways, and how its mapping stands (issue 5, "Settings and mappings")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from brygga.insight.mappings import Health, MappingRow, mapping_rows
from brygga.insight.setting_checks import setting_findings
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import CUSTOMER, PRM2, default_tables, seed
from tests.transfers.practice_world import World, codes, practice_world

BACK = Transfer.CUSTOMERS
TO_SEVERA = Transfer.CUSTOMERS_TO_SEVERA
MAPPED = {"mappings__price_lists": {"Standard": "A", "Europa": "EUR"}}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    with ExitStack() as stack:

        def made(*cards: dict[str, Any], default: str = "", **settings: Any) -> World:
            company = default_tables()[PRM2][0] | seed(PRM2, {"DEFAULT_PRICELIST": default})[0]
            places = {"tables": {CUSTOMER: seed(CUSTOMER, *cards), PRM2: [company]}}
            more = {"customers__won_only": False} | settings
            return stack.enter_context(practice_world(tmp_path, places=places, **more))

        yield made


def price_list(world: World, number: str) -> str:
    return str(world.books(CUSTOMER, "NUMBER")[number]["PRICE_LIST"])


def in_severa(world: World, number: int) -> str:
    found = next(each for each in world.severa.documents("customers") if each["number"] == number)
    return str((found.get("pricelist") or {}).get("name") or "")


def rows(world: World) -> dict[str, MappingRow]:
    every = mapping_rows(world.company(read_only=True))
    return {each.source: each for each in every if each.setting == "mappings.price_lists"}


def test_a_mapped_price_list_is_on_the_card_in_administration(make: Any) -> None:
    world = make(**MAPPED)
    world.customer(3001, pricelist={"guid": "prices-europe"})
    world.customer(3002, pricelist={"guid": "prices-old"})
    world.run(BACK)
    assert (price_list(world, "3001"), price_list(world, "3002")) == ("EUR", "")
    assert "MAP-860" in codes(world.preview(BACK)["customer-3002"])
    world.severa.edit("customers", "customer-3001", {"pricelist": {"guid": "prices-standard"}})
    assert [each.field for each in world.preview(BACK)["customer-3001"].changes] == ["price_list"]
    world.run(BACK)
    assert price_list(world, "3001") == "A"


def test_a_customer_without_a_price_list_gets_the_companys_own(make: Any) -> None:
    world = make(default="A", **MAPPED)
    world.customer(3001)
    world.run(BACK)
    assert price_list(world, "3001") == "A"
    assert world.preview(BACK)["customer-3001"].action is Action.NOTHING


def test_as_long_as_no_price_list_is_mapped_none_is_touched(make: Any) -> None:
    world = make({"NUMBER": "3001", "NAME": "Kund 3001", "PRICE_LIST": "A"}, customers__update_empty=True)
    world.customer(3001, pricelist={"guid": "prices-europe"}, currency={"guid": "currency-sek"})
    for transfer in (BACK, TO_SEVERA):
        plans = world.preview(transfer)
        assert not {change.field for plan in plans.values() for change in plan.changes}
        assert not {code for plan in plans.values() for code in codes(plan)} & {"MAP-860", "KND-161"}
    found = rows(world)["Europa"]
    assert (found.health, found.suggestion, found.percent) == (Health.OPTIONAL, "EUR", 100)


def test_a_price_list_of_administration_is_set_in_severa(make: Any) -> None:
    world = make({"NUMBER": "2001", "NAME": "Bygg AB", "PRICE_LIST": "EUR"}, **MAPPED)
    world.run(TO_SEVERA)
    assert in_severa(world, 2001) == "Europa"
    assert (world.run(BACK).written, world.run(TO_SEVERA).written) == (0, 0)
    world.change_books(CUSTOMER, "2001", PRICE_LIST="A")
    world.run(TO_SEVERA)
    assert in_severa(world, 2001) == "Standard"


def test_a_price_list_without_a_mapping_back_is_told_and_the_customer_goes(make: Any) -> None:
    world = make({"NUMBER": "2001", "NAME": "Bygg AB", "PRICE_LIST": "EUR"}, mappings__price_lists={"Standard": "A"})
    assert codes(world.preview(TO_SEVERA)["2001"]) == ["KND-161"]
    assert world.run(TO_SEVERA).written == 1
    assert in_severa(world, 2001) == ""


def test_a_price_list_that_severa_lacks_is_refused_before_the_customer_is_made(make: Any) -> None:
    world = make({"NUMBER": "2001", "NAME": "Bygg AB", "PRICE_LIST": "A"}, mappings__price_lists={"Gammal": "A"})
    [result] = world.run(TO_SEVERA).results
    assert codes(result) == ["MAP-861"]
    assert not world.severa.documents("customers")


def test_what_is_in_use_is_counted_and_a_code_that_is_not_there_is_told(make: Any) -> None:
    world = make(mappings__price_lists={"standard": "A", "Gammal": "ZZ"})
    for number in (3001, 3002):
        world.customer(number, pricelist={"guid": "prices-standard"})
    world.customer(3003, pricelist={"guid": "prices-europe"})
    found = rows(world)
    assert (found["standard"].health, found["standard"].count, found["standard"].target_name) == (
        Health.USED,
        2,
        "Standard",
    )
    assert found["Gammal"].health is Health.NOWHERE
    assert (found["Europa"].health, found["Europa"].suggestion) == (Health.MISSING, "EUR")
    told = [each.reason.code for each in setting_findings(world.company()) if each.key == "mappings.price_lists"]
    assert told == ["MAP-854"]
