"""The mappings on the way to Severa: country, language, currency and payment terms (semantics §4.1f).

A code that several of Severa's values are mapped to is told and never guessed; what Severa has already stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import COUNTRY_CODE, CUSTOMER, seed
from tests.transfers.practice_world import World, codes, practice_world

BACK = Transfer.CUSTOMERS
TO_SEVERA = Transfer.CUSTOMERS_TO_SEVERA
CARD = {"NUMBER": "2001", "NAME": "Bygg AB"}
DUTCH = CARD | {"COUNTRY": "Nederländerna", "CODE_OF_COUNTRY": "NL", "CITY": "Utrecht"}


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    with ExitStack() as stack:

        def made(card: dict[str, Any], *countries: str, **settings: Any) -> World:
            """Severa also has these countries, without a code."""
            known = seed(COUNTRY_CODE, *({"CODE": code} for code in ("SE", "DE", "NL")))
            places = {"tables": {CUSTOMER: seed(CUSTOMER, card), COUNTRY_CODE: known}}
            more = {"customers__won_only": False} | settings
            world = stack.enter_context(practice_world(tmp_path, places=places, **more))
            for name in countries:
                world.severa.add("countries", {"guid": f"country-{name}", "name": name})
            return world

        yield made


def country(world: World) -> str:
    [address] = world.severa.documents("addresses")
    return str((address.get("country") or {}).get("name") or "")


def customer(world: World) -> dict[str, Any]:
    [found] = world.severa.documents("customers")
    return dict(found)


# -- countries ---------------------------------------------------------------------------------------------------


def test_a_country_that_severa_has_only_by_name_is_found_by_its_mapping(make: Any) -> None:
    world = make(DUTCH, "Holland", mappings__countries={"holland": "NL"})
    assert world.run(TO_SEVERA).written == 1
    assert country(world) == "Holland"
    assert [world.run(TO_SEVERA).written, world.run(BACK).written] == [0, 0]
    assert world.books(CUSTOMER, "NUMBER")["2001"]["CODE_OF_COUNTRY"] == "NL"


def test_the_text_of_a_card_without_a_code_is_mapped_too(make: Any) -> None:
    world = make(CARD | {"COUNTRY": "Förbundsrepubliken"}, mappings__countries={"förbundsrepubliken": "DE"})
    world.run(TO_SEVERA)
    assert country(world) == "Tyskland"
    assert codes(world.preview(BACK)[customer(world)["guid"]]) == ["KND-109"]


def test_a_country_that_several_names_stand_for_is_not_guessed(make: Any) -> None:
    names = {"Holland": "NL", "Låglandet": "NL"}
    world = make(DUTCH, *names, mappings__countries=names)
    plan = world.preview(TO_SEVERA)["2001"]
    assert codes(plan) == ["KND-109", "KND-160"]
    assert plan.reasons[1].param("names") == "Holland, Låglandet"
    world.run(TO_SEVERA)
    assert country(world) == ""
    # Chosen in Severa by hand, it stays.
    [address] = world.severa.documents("addresses")
    world.severa.edit("addresses", address["guid"], {"country": {"guid": "country-Låglandet"}})
    assert codes(world.preview(TO_SEVERA)["2001"]) == []
    assert world.run(TO_SEVERA).written == 0


def test_a_country_that_severa_lacks_is_told_before_anything_is_sent(make: Any) -> None:
    world = make(DUTCH)
    plan = world.preview(TO_SEVERA)["2001"]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["KND-109", "SEV-724"])


def test_a_code_of_severas_own_goes_before_a_name(make: Any) -> None:
    world = make(
        DUTCH | {"CODE_OF_COUNTRY": "DE"}, "Förbundsrepubliken", mappings__countries={"Förbundsrepubliken": "DE"}
    )
    world.run(TO_SEVERA)
    assert country(world) == "Tyskland"


# -- language, payment terms, currency ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "card", "mapping", "chosen"),
    [
        (
            "language",
            {"CODE_OF_LANGUAGE": "SV"},
            {"mappings__languages": {"sv-SE": "SV", "fi-FI": "SV"}},
            {"language": {"guid": "language-fi"}},
        ),
        (
            "payment_terms",
            {"CODE_OF_TERMS_OF_PAYMENT": "30"},
            {"mappings__payment_terms": {"30": "30", "31": "30"}},
            {"paymentTerm": 31},
        ),
        (
            "currency",
            {"CODE_OF_CURRENCY": "EUR"},
            {"mappings__currencies": {"EUX": "EUR", "EUY": "EUR"}},
            {"currency": {"guid": "currency-eur"}},
        ),
    ],
)
def test_what_several_values_stand_for_is_not_guessed(
    make: Any, field: str, card: dict[str, Any], mapping: dict[str, Any], chosen: dict[str, Any]
) -> None:
    world = make(CARD | card, **mapping)
    world.severa.edit("currencies", "currency-eur", {"code": "EUX"})
    plan = world.preview(TO_SEVERA)["2001"]
    [told] = [why for why in plan.reasons if why.code == "KND-160"]
    assert told.param("field") == field
    world.run(TO_SEVERA)
    made = customer(world)
    wire = {"payment_terms": "paymentTerm"}.get(field, field)
    assert made.get(wire) is None
    world.severa.edit("customers", made["guid"], chosen)
    assert codes(world.preview(TO_SEVERA)["2001"]) == []
    assert [world.run(TO_SEVERA).written, world.run(BACK).written] == [0, 0]


def test_a_currency_called_otherwise_in_severa_goes_by_its_mapping(make: Any) -> None:
    world = make(CARD | {"CODE_OF_CURRENCY": "EUR"}, mappings__currencies={"EUX": "EUR"})
    world.severa.edit("currencies", "currency-eur", {"code": "EUX"})
    world.run(TO_SEVERA)
    assert customer(world)["currency"]["code"] == "EUX"
    assert [world.run(TO_SEVERA).written, world.run(BACK).written] == [0, 0]


@pytest.mark.parametrize("terms", ["10", "30"])
def test_what_cannot_be_said_is_not_an_empty_field(make: Any, terms: str) -> None:
    """Also where empty fields are to be emptied: 10 has no mapping, 30 has two (§4.1a)."""
    more = {"mappings__payment_terms": {"31": "30", "32": "30"}, "customers__update_empty": True}
    world = make(CARD | {"CODE_OF_TERMS_OF_PAYMENT": terms}, **more)
    world.customer(2001, "Bygg AB", paymentTerm=20, currency={"guid": "currency-sek"})
    assert "payment_days" not in {change.field for change in world.preview(TO_SEVERA)["2001"].changes}
    [back] = world.preview(BACK).values()
    assert codes(back).count("BTV-853") == 1
    assert "payment_terms" not in {change.field for change in back.changes}
