"""Customers with contacts, Administration → Severa, through both simulators (semantics §4.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from brygga.records.severa_cards import SeveraCustomer
from brygga.records.target import Kind
from brygga.runs.conflicts import Conflicts
from brygga.store.journal.journal import Snapshot
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from brygga.transfers.selection import Selection
from tests.contract.adk_company import CONTACT, CUSTOMER, seed
from tests.transfers.practice_world import World, codes, practice_world

TO_SEVERA = Transfer.CUSTOMERS_TO_SEVERA
BACK = Transfer.CUSTOMERS

FULL = {
    "NUMBER": "2001",
    "NAME": "Bygg AB",
    "MAILING_ADDRESS": "Box 12",
    "MAILING_ADDRESS2": "c/o Nord",
    "ZIPCODE": "211 20",
    "CITY": "Malmö",
    "COUNTRY": "SVERIGE",
    "TELEPHONE": "040-123 45",
    "FAX": "040-123 46",
    "EMAIL": "info@bygg.example",
    "ORGANISATION_NUMBER": "556900-4566",
    "CODE_OF_TERMS_OF_PAYMENT": "30",
    "CODE_OF_LANGUAGE": "SV",
}
GERMAN = {
    "NUMBER": "2002",
    "NAME": "Köln GmbH",
    "VAT_NUMBER": "DE123456789",
    "COUNTRY": "Tyskland",
    "CODE_OF_COUNTRY": "DE",
    "EXPORT": True,
}


def places(*cards: dict[str, Any], contacts: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {"tables": {CUSTOMER: seed(CUSTOMER, *cards), CONTACT: seed(CONTACT, *contacts)}}


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    opened: list[Any] = []

    def made(*cards: dict[str, Any], contacts: tuple[dict[str, Any], ...] = (), **settings: Any) -> World:
        context = practice_world(tmp_path, places=places(*cards, contacts=contacts), **settings)
        opened.append(context)
        world: World = context.__enter__()
        return world

    yield made
    for context in opened:
        context.__exit__(None, None, None)


def severa(world: World, number: str) -> SeveraCustomer:
    key = next(k for k, link in world.company().journal.links(Kind.CUSTOMER).items() if link.target_key == number)
    found = world.company().severa.find(Kind.CUSTOMER, key)
    assert isinstance(found, SeveraCustomer)
    return found


def change(world: World, number: str, **fields: Any) -> None:
    world.change_books(CUSTOMER, number, **fields)


def test_rel_1_5_0_01_every_field_travels(make: Any) -> None:
    world = make(FULL)
    world.run(TO_SEVERA)
    assert severa(world, "2001") == SeveraCustomer(
        name="Bygg AB",
        number="2001",
        identity="556900-4566",
        language="sv-SE",
        currency="SEK",
        payment_days=30,
        email="info@bygg.example",
        street="Box 12\nc/o Nord",
        postal_code="211 20",
        city="Malmö",
        country_code="SE",
        phone="040-123 45",
        fax="040-123 46",
    )


def test_at_03_two_address_lines_make_the_round_trip(make: Any) -> None:
    world = make(FULL)
    world.run(TO_SEVERA)
    assert severa(world, "2001").street == "Box 12\nc/o Nord"
    assert world.run(BACK).written == 0
    card = world.books(CUSTOMER, "NUMBER")["2001"]
    assert (card["MAILING_ADDRESS"], card["MAILING_ADDRESS2"]) == ("Box 12", "c/o Nord")


def test_at_04_rel_1_5_0_02_rel_1_5_0_03_export_is_reverse_charge_and_back_again_unchanged(make: Any) -> None:
    world = make(GERMAN, customers__won_only=False)
    world.run(TO_SEVERA)
    card = severa(world, "2002")
    assert (card.identity, card.reverse_charge, card.country_code) == ("DE123456789", True, "DE")
    before = world.books(CUSTOMER, "NUMBER")["2002"]
    world.run(BACK)
    assert world.books(CUSTOMER, "NUMBER")["2002"] == before


def test_at_08_export_switched_off_for_a_german_customer(make: Any) -> None:
    world = make(GERMAN)
    world.run(TO_SEVERA)
    change(world, "2002", EXPORT=False)
    plan = world.preview(TO_SEVERA)["2002"]
    assert [each.field for each in plan.changes] == ["reverse_charge"]
    assert codes(plan) == ["KND-109"]
    world.run(TO_SEVERA)
    assert severa(world, "2002").reverse_charge is False


def test_at_14_a_number_that_is_not_numeric_is_refused_and_the_way_out_is_offered(make: Any) -> None:
    world = make({"NUMBER": "K100", "NAME": "Kalles"}, customers__won_only=False)
    plan = world.preview(TO_SEVERA)["K100"]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["KND-102", "KND-133"])
    accepted = frozenset({"K100"})
    assert world.run(TO_SEVERA, accepted=accepted).written == 1
    assert severa(world, "K100").number not in ("", "K100")
    # Linked once, it is the same customer both ways, and keeps its own number on either side.
    assert [plan.action for plan in world.preview(TO_SEVERA).values()] == [Action.NOTHING]
    assert world.run(BACK).written == 0


@pytest.mark.parametrize("number", ["010", "0", "1 0", "²"])
def test_a_number_that_severa_would_change_is_no_number_there(make: Any, number: str) -> None:
    world = make({"NUMBER": number, "NAME": "Nolla"})
    assert [plan.action for plan in world.preview(TO_SEVERA).values()] == [Action.REFUSE]


def test_at_15_the_second_of_one_name_is_a_conflict_with_a_suggestion(make: Any) -> None:
    world = make(FULL, {"NUMBER": "2042", "NAME": "Bygg AB"}, customers__won_only=False)
    results = {result.plan.source_key: result for result in world.run(TO_SEVERA).results}
    assert results["2001"].state is RowState.TRANSFERRED
    assert codes(results["2042"]) == ["KND-103", "KND-134"]
    assert results["2042"].reasons[1].param("name") == "Bygg AB (2042)"
    world.run(TO_SEVERA, accepted=frozenset({"2042"}))
    assert severa(world, "2042").name == "Bygg AB (2042)"
    # The name made unique does not come back as a change of name.
    assert world.run(BACK).written == 0
    assert world.books(CUSTOMER, "NUMBER")["2042"]["NAME"] == "Bygg AB"
    assert world.run(TO_SEVERA).written == 0


def test_rel_1_6_0_02_only_active_customers_are_found(make: Any) -> None:
    world = make(FULL, {"NUMBER": "2003", "NAME": "Vilande AB", "INACTIVE": True})
    assert list(world.preview(TO_SEVERA)) == ["2001"]
    assert codes(world.preview(TO_SEVERA, texts=("2003",))["2003"]) == ["KND-107"]


def test_contacts_follow_with_their_names_split(make: Any) -> None:
    contacts = (
        {"ID": 7, "CUSTOMER_NUMBER": "2001", "NAME": "Åsa Maria Öberg", "TELEPHONE": "070-1", "EMAIL": "asa@x.example"},
        {"ID": 8, "CUSTOMER_NUMBER": "2001", "NAME": "Växeln"},
    )
    world = make(FULL, contacts=contacts)
    world.run(TO_SEVERA)
    found = world.company().severa.contacts()
    assert sorted((one.first_name, one.last_name, one.phone, one.email) for one in found) == [
        ("?", "Växeln", "", ""),
        ("Åsa Maria", "Öberg", "070-1", "asa@x.example"),
    ]
    ways = world.severa.documents("contactcommunications")
    assert ways
    assert not any(way["isForbiddenToUse"] for way in ways)
    world.change_books(CONTACT, 7, TELEPHONE="070-2")
    world.run(TO_SEVERA)
    assert {one.phone for one in world.company().severa.contacts()} == {"", "070-2"}
    assert world.run(TO_SEVERA).written == 0
    assert world.run(BACK).written == 0


def test_an_empty_field_wipes_nothing_unless_the_setting_says_so(make: Any) -> None:
    world = make(FULL)
    world.run(TO_SEVERA)
    change(world, "2001", TELEPHONE="", EMAIL="")
    assert world.run(TO_SEVERA).written == 0
    world.settings["customers.update_empty"] = True
    assert {each.field for each in world.preview(TO_SEVERA)["2001"].changes} == {"phone", "email"}
    world.run(TO_SEVERA)
    assert (severa(world, "2001").phone, severa(world, "2001").email) == ("", "")


def test_the_same_number_with_another_identity_is_a_conflict(make: Any) -> None:
    world = make(FULL)
    world.customer(2001, "Annan AB", vatNumber="556036-0793")
    plan = world.preview(TO_SEVERA)["2001"]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["KND-106"])
    assert world.run(TO_SEVERA).written == 0


def test_the_same_identity_in_another_form_is_no_change(make: Any) -> None:
    world = make(FULL | {"CODE_OF_LANGUAGE": "", "CODE_OF_TERMS_OF_PAYMENT": ""})
    world.customer(2001, "Bygg AB", vatNumber="SE556900456601")
    assert "identity" not in {each.field for each in world.preview(TO_SEVERA)["2001"].changes}


def test_a_customer_whose_link_leads_nowhere_is_not_created_again(make: Any) -> None:
    world = make(FULL)
    world.run(TO_SEVERA)
    link = next(iter(world.company().journal.links(Kind.CUSTOMER)))
    world.company().journal.uncouple(Kind.CUSTOMER, link)
    world.company().journal.couple(Kind.CUSTOMER, "gone", "2001", Snapshot(number="2001", name="Bygg AB"))
    assert codes(world.preview(TO_SEVERA)["2001"]) == ["KND-139"]


def test_a_customer_that_severa_lost_is_made_anew_when_its_link_is_removed(make: Any) -> None:
    """As KND-139 says; the write is known by Administration's number, its link by Severa's key."""
    world = make(FULL)
    world.run(TO_SEVERA)
    link = next(iter(world.company().journal.links(Kind.CUSTOMER)))
    world.severa.delete("customers", link)
    assert codes(world.preview(TO_SEVERA)["2001"]) == ["KND-139"]
    world.company().journal.uncouple(Kind.CUSTOMER, link)
    assert world.run(TO_SEVERA).written == 1
    [again] = world.company().journal.links(Kind.CUSTOMER)
    assert again != link
    assert world.run(TO_SEVERA).written == 0


# -- conflicts -------------------------------------------------------------------------------------------------


def conflicting(make: Any) -> World:
    cards = [{"NUMBER": str(number), "NAME": f"Kund {number}", "CITY": "Malmö"} for number in (2001, 2002, 2003)]
    world: World = make(*cards)
    world.run(TO_SEVERA)
    for number in ("2001", "2002", "2003"):
        change(world, number, CITY="Lund")
    return world


def cities(world: World) -> list[str]:
    return [severa(world, number).city for number in ("2001", "2002", "2003")]


def test_skip_as_the_choice_of_the_run(make: Any) -> None:
    world = conflicting(make)
    assert world.run(TO_SEVERA, on_conflict="skip").written == 0
    assert cities(world) == ["Malmö"] * 3
    # The choice ended with the run.
    assert world.run(TO_SEVERA).written == 3


def test_update_although_the_setting_says_skip(make: Any) -> None:
    world = conflicting(make)
    world.settings["customers.existing"] = "skip"
    assert world.run(TO_SEVERA, on_conflict="update").written == 3


def test_one_by_one_and_the_same_for_the_rest(make: Any) -> None:
    world = conflicting(make)
    conflicts = Conflicts(world.preview(TO_SEVERA).values())
    assert conflicts.remaining == 2
    conflicts.decide(update=True)
    assert conflicts.remaining == 1
    conflicts.decide(update=False, rest=True)
    assert conflicts.current is None
    chosen = conflicts.decided(Selection())
    report = world.run(TO_SEVERA, skipped=chosen.skipped)
    assert [codes(result) for result in report.results] == [[], ["KND-140"], ["KND-140"]]
    assert cities(world) == ["Lund", "Malmö", "Malmö"]


def test_changed_since_finds_customers_and_those_of_changed_contacts(make: Any) -> None:
    world = make(FULL, {"NUMBER": "2002", "NAME": "Annan AB"})
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert list(world.preview(TO_SEVERA, changed_since=tomorrow)) == []
    assert list(world.preview(TO_SEVERA, changed_since=tomorrow, also=frozenset({"2002"}))) == ["2002"]
    change(world, "2001", CITY="Lund")
    assert "2001" in world.preview(TO_SEVERA, changed_since=datetime.now(UTC) - timedelta(days=1))


def test_every_optional_field_empty(make: Any) -> None:
    world = make({"NUMBER": "2001", "NAME": "Bygg AB"}, customers__won_only=False)
    world.run(TO_SEVERA)
    assert severa(world, "2001") == SeveraCustomer(name="Bygg AB", number="2001", currency="SEK")
    assert world.run(BACK).written == 0
    assert world.run(TO_SEVERA).written == 0


def test_two_cards_of_one_identity_are_not_one_customer(make: Any) -> None:
    world = make(FULL, FULL | {"NUMBER": "2002", "NAME": "Bygg Nord AB"})
    world.customer(900, "Bygg i Malmö", vatNumber="556900-4566")
    plans = world.preview(TO_SEVERA)
    assert {plan.action for plan in plans.values()} == {Action.CREATE}
    assert {why.params for plan in plans.values() for why in plan.reasons if why.code == "KND-150"} == {
        (("severa", "900"), ("administration", "2001, 2002"))
    }
    # Also when one is chosen alone, and for the other once that one was sent.
    world.run(TO_SEVERA, keys=frozenset({"2001"}))
    assert world.preview(TO_SEVERA, keys=frozenset({"2002"}))["2002"].action is Action.CREATE


def test_one_card_is_found_by_its_identity(make: Any) -> None:
    world = make(FULL)
    key = world.customer(900, "Bygg i Malmö", vatNumber="SE556900456601")
    assert world.preview(TO_SEVERA)["2001"].target_key == key


def flags_asked(world: World) -> int:
    asked = [one for one in world.severa.requests if one.method == "GET" and one.path.endswith("countrysettings")]
    world.severa.requests.clear()
    return len(asked)


@pytest.mark.parametrize("first", [TO_SEVERA, BACK])
def test_a_coupled_customer_in_which_nothing_differs_is_asked_once_whichever_way(make: Any, first: Transfer) -> None:
    """§4.13, Calls: what was found the same is noted, or every run would ask again of each coupled customer."""
    world = make(FULL, customers__won_only=False)
    world.run(TO_SEVERA)
    journal = world.company().journal
    key = next(iter(journal.links(Kind.CUSTOMER)))
    journal.uncouple(Kind.CUSTOMER, key)
    journal.couple(Kind.CUSTOMER, key, "2001", Snapshot(number="2001", name="Bygg AB"))
    flags_asked(world)
    world.preview(first)
    assert flags_asked(world) == 1
    found = []
    for transfer in (first, first, TO_SEVERA, BACK):
        found.append((world.run(transfer).written, flags_asked(world)))
    assert found == [(0, 1), (0, 0), (0, 0), (0, 0)]


def test_a_customer_that_came_from_severa_is_not_asked_of_on_the_way_back(make: Any) -> None:
    world = make(GERMAN, customers__won_only=False)
    world.customer(3001, "Åkeri AB", {"city": "Lund"}, paymentTerm=30, currency={"guid": "currency-sek"})
    world.run(BACK)
    assert flags_asked(world) == 1
    # The one read belongs to the German customer, whose reverse charge is switched on in Severa.
    assert (world.run(TO_SEVERA).written, flags_asked(world)) == (1, 1)
    assert [(world.run(transfer).written, flags_asked(world)) for transfer in (BACK, TO_SEVERA)] == [(0, 0), (0, 0)]


def test_what_was_left_alone_is_asked_of_again(make: Any) -> None:
    world = make(FULL, customers__existing="skip", customers__won_only=False)
    world.run(TO_SEVERA)
    change(world, "2001", CITY="Lund")
    flags_asked(world)
    assert [(world.run(TO_SEVERA).written, flags_asked(world)) for _ in range(2)] == [(0, 1), (0, 1)]
