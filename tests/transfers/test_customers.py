"""Customers with contacts, Severa → Administration, on the simulators (semantics §4.1, REL-1.5.0-02, -03, …)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from brygga.administration.gateway import AdministrationGateway
from brygga.records.reasons import Level
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Change, Transfer
from tests.contract.adk_company import CONTACT, CUSTOMER
from tests.transfers.practice_world import World, codes, practice_world

STOCKHOLM = {
    "addressline": "Storgatan 1",
    "postalCode": "111 22",
    "city": "Stockholm",
    "phone": "08-123 45",
    "fax": "08-123 46",
    "country": {"guid": "country-se"},
}
BERLIN = {"addressline": "Unter den Linden 1", "city": "Berlin", "country": {"guid": "country-de"}}
MADE_UP, OTHER = "556900-4566", "556016-0680"
"""Two organisation numbers whose check digits are right; the first is customer 1001's in Administration."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, customers__won_only=False) as world:
        yield world


def card(world: World, number: str) -> dict[str, Any]:
    return world.books(CUSTOMER, "NUMBER")[number]


def without_identity(world: World) -> None:
    """Customer 1001 of Administration has no organisation number, so that another customer may have it."""
    world.change_books(CUSTOMER, "1001", ORGANISATION_NUMBER="")


def test_rel_1_5_0_01_a_new_customer_arrives_with_address_phone_language_and_terms(world: World) -> None:
    address = STOCKHOLM | {"addressline": "Box 12\nc/o Nord\nPlan 3"}
    more = {"language": {"guid": "language-en"}, "paymentTerm": 30, "email": "a@exempel.se"}
    world.customer(3001, "Ny Kund AB", address, vatNumber=OTHER, currency={"guid": "currency-eur"}, **more)
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert (result.state, result.target_key, result.reasons) == (RowState.TRANSFERRED, "3001", ())
    expected = {
        "NAME": "Ny Kund AB",
        "MAILING_ADDRESS": "Box 12",
        "MAILING_ADDRESS2": "c/o Nord, Plan 3",
        "ZIPCODE": "111 22",
        "CITY": "Stockholm",
        "COUNTRY": "Sverige",
        "CODE_OF_COUNTRY": "SE",
        "TELEPHONE": "08-123 45",
        "FAX": "08-123 46",
        "EMAIL": "a@exempel.se",
        "ORGANISATION_NUMBER": OTHER,
        "VAT_NUMBER": "",
        "CODE_OF_CURRENCY": "EUR",
        "CODE_OF_LANGUAGE": "EN",
        "CODE_OF_TERMS_OF_PAYMENT": "30",
        "EXPORT": False,
    }
    there = card(world, "3001")
    assert {name: there[name] for name in expected} == expected


@pytest.mark.parametrize("written", ["SE556900456601", "5569004566", "556900-4566"])
def test_at_05_at_06_a_swedish_identity_is_written_as_an_organisation_number(world: World, written: str) -> None:
    without_identity(world)
    world.customer(3001, "Ny Kund AB", STOCKHOLM, vatNumber=written)
    world.run(Transfer.CUSTOMERS)
    assert card(world, "3001")["ORGANISATION_NUMBER"] == "556900-4566"
    assert card(world, "3001")["VAT_NUMBER"] == ""


def test_at_07_a_wrong_check_digit_refuses_that_customer_only(world: World) -> None:
    world.customer(3001, "Fel AB", STOCKHOLM, vatNumber="556900-4567")
    world.customer(3002, "Rätt AB", STOCKHOLM, vatNumber=OTHER)
    wrong, right = world.run(Transfer.CUSTOMERS).results
    assert (wrong.state, codes(wrong)) == (RowState.FAILED, ["KND-101"])
    assert wrong.reasons[0].param("nr") == "556900-4567"
    assert right.state is RowState.TRANSFERRED
    assert "3001" not in world.books(CUSTOMER, "NUMBER")
    assert "3002" in world.books(CUSTOMER, "NUMBER")


def test_rel_1_5_0_02_rel_1_5_0_03_reverse_charge_makes_an_export_customer_with_a_vat_number(world: World) -> None:
    """The way to Administration of AT-04."""
    world.customer(3001, "Haus GmbH", BERLIN, vatNumber="DE111111125")
    world.reverse_charge("customer-3001")
    assert world.result(Transfer.CUSTOMERS, "customer-3001").reasons == ()
    there = card(world, "3001")
    assert (there["EXPORT"], there["VAT_NUMBER"], there["ORGANISATION_NUMBER"]) == (True, "DE111111125", "")
    assert there["EU_CUSTOMER"] is False


def test_a_foreign_customer_without_reverse_charge_keeps_its_number_with_a_warning(world: World) -> None:
    world.customer(3001, "Haus GmbH", BERLIN, vatNumber="DE111111125")
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert codes(result) == ["KND-109"]
    assert (card(world, "3001")["EXPORT"], card(world, "3001")["VAT_NUMBER"]) == (False, "DE111111125")


def test_at_09_reverse_charge_without_a_number_transfers_the_customer_with_a_warning(world: World) -> None:
    world.customer(3001, "Haus GmbH", BERLIN)
    world.reverse_charge("customer-3001")
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert result.state is RowState.TRANSFERRED
    assert [(why.code, why.level) for why in result.reasons] == [("KND-108", Level.WARNING)]


def test_at_10_reverse_charge_on_a_swedish_number_is_export_with_a_warning_or_building_service(world: World) -> None:
    for number, identity in ((3001, MADE_UP), (3002, OTHER)):
        world.customer(number, f"Bygg {number}", STOCKHOLM, vatNumber=identity)
        world.reverse_charge(f"customer-{number}")
    without_identity(world)
    simple = world.result(Transfer.CUSTOMERS, "customer-3001", keys=frozenset({"customer-3001"}))
    assert codes(simple) == ["KND-105"]
    assert (card(world, "3001")["EXPORT"], card(world, "3001")["VAT_NUMBER"]) == (True, MADE_UP)
    world.settings["customers.reverse_charge_rule"] = "by_country"
    world.result(Transfer.CUSTOMERS, "customer-3002", keys=frozenset({"customer-3002"}))
    there = card(world, "3002")
    assert (there["EXPORT"], there["BUILDSERVICE"], there["ORGANISATION_NUMBER"]) == (False, True, OTHER)


def test_at_11_rel_1_6_0_01_only_customers_with_a_won_project_also_a_closed_one(world: World) -> None:
    world.settings["customers.won_only"] = True
    for number in (3001, 3002):
        world.customer(number, f"Kund {number}", STOCKHOLM)
    world.project(11, customer="customer-3001", salesStatus={"salesStatusTypeGuid": "sales-lost"})
    world.project(12, customer="customer-3001", isClosed=True, closedDate="2025-12-31")
    world.project(13, customer="customer-3002", salesStatus={"salesStatusTypeGuid": "sales-open"})
    won, open_only = world.run(Transfer.CUSTOMERS).results
    assert (won.state, won.target_key) == (RowState.TRANSFERRED, "3001")
    assert (open_only.state, codes(open_only)) == (RowState.SKIPPED, ["KND-113"])
    assert "3002" not in world.books(CUSTOMER, "NUMBER")


def test_at_12_rel_1_6_0_04_a_contact_without_phone_and_mail_is_transferred(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM)
    world.contact("customer-3001", "Åsa", "Öberg")
    world.contact(
        "customer-3001",
        "Per",
        "Ek",
        {"Phone": "08-1", "MobilePhone": "070-1", "EmailAddress": "p@ek.se"},
        jobTitle="VD",
    )
    assert world.result(Transfer.CUSTOMERS, "customer-3001").state is RowState.TRANSFERRED
    contacts = world.books(CONTACT, "NAME")
    assert contacts["Åsa Öberg"]["CUSTOMER_NUMBER"] == "3001"
    assert (contacts["Åsa Öberg"]["TELEPHONE"], contacts["Åsa Öberg"]["EMAIL"]) == ("", "")
    per = contacts["Per Ek"]
    assert (per["TELEPHONE"], per["MOBILEPHONE"], per["EMAIL"], per["TITLE"]) == ("08-1", "070-1", "p@ek.se", "VD")


def test_rel_1_6_0_03_only_active_contacts_are_transferred(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM)
    world.contact("customer-3001", "Åsa", "Öberg", isActive=False)
    world.run(Transfer.CUSTOMERS)
    assert "Åsa Öberg" not in world.books(CONTACT, "NAME")


def test_a_contact_that_is_there_is_updated_and_one_that_is_the_same_is_left_alone(world: World) -> None:
    world.customer(1001, "Åkeri & Söner AB", vatNumber=MADE_UP)
    world.contact("customer-1001", "Eva", "Ek")
    world.run(Transfer.CUSTOMERS)
    assert len(world.books(CONTACT, "ID")) == 1
    before = world.writes
    world.run(Transfer.CUSTOMERS)
    assert world.writes == before
    way = {"guid": "phone", "value": "08-99", "contact": {"guid": "contact-Eva-Ek"}}
    world.severa.add("contactcommunications", way | {"communicationType": {"guid": "way-Phone"}})
    part = world.preview(Transfer.CUSTOMERS)["customer-1001"].parts[0]
    assert (part.action, part.changes) == (Action.UPDATE, (Change(field="telephone", before="", after="08-99"),))
    world.run(Transfer.CUSTOMERS)
    assert world.books(CONTACT, "NAME")["Eva Ek"]["TELEPHONE"] == "08-99"
    world.severa.edit("contactpersons", "contact-Eva-Ek", {"lastName": "Berg"})
    world.run(Transfer.CUSTOMERS)
    assert [one["NAME"] for one in world.books(CONTACT, "ID").values()] == ["Eva Berg"]


def test_a_contact_that_does_not_fit_is_a_remark_on_its_customer(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM)
    world.contact("customer-3001", "Åsa" * 30, "Öberg")
    plan = world.preview(Transfer.CUSTOMERS)["customer-3001"]
    assert [(part.action, codes(part)) for part in plan.parts] == [(Action.REFUSE, ["KND-112"])]
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert result.state is RowState.TRANSFERRED_WITH_REMARK
    assert codes(result) == ["KND-112"]
    assert "3001" in world.books(CUSTOMER, "NUMBER")


def test_a_refused_contact_of_an_unchanged_customer_is_still_told(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM)
    world.run(Transfer.CUSTOMERS)
    world.contact("customer-3001", "Åsa" * 30, "Öberg")
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert (result.plan.action, result.state) == (Action.NOTHING, RowState.TRANSFERRED_WITH_REMARK)
    assert codes(result) == ["KND-112"]


def test_a_link_to_a_contact_that_is_gone_is_told_and_nothing_is_created(world: World) -> None:
    """§4.0: a link to a record that is gone is told, never mended by creating it once more."""
    world.customer(1001, "Åkeri & Söner AB", vatNumber=MADE_UP)
    world.contact("customer-1001", "Eva", "Ek")
    world.run(Transfer.CUSTOMERS)
    world.change_books(CONTACT, 1, CUSTOMER_NUMBER="1002")
    before = world.writes
    result = world.result(Transfer.CUSTOMERS, "customer-1001")
    assert (result.state, codes(result)) == (RowState.TRANSFERRED_WITH_REMARK, ["REG-862"])
    assert world.writes == before


def test_customers_changed_since_a_day_are_listed_with_that_day(world: World) -> None:
    """§4.1g: from and including the date."""
    world.customer(3001, "Gammal AB", STOCKHOLM, lastUpdatedDateTime="2026-01-09T23:59:59Z")
    world.customer(3002, "Ny AB", lastUpdatedDateTime="2026-01-10T00:00:00Z")
    since = datetime(2026, 1, 10, tzinfo=UTC)
    listed = world.preview(Transfer.CUSTOMERS, changed_since=since)
    assert "customer-3002" in listed


def test_at_13_rel_1_6_2_01_a_customer_without_country_transfers_with_the_country_left_empty(world: World) -> None:
    world.customer(3001, "Ny Kund AB", {"addressline": "Storgatan 1", "city": "Stockholm"}, vatNumber=OTHER)
    world.customer(3002, "Utan Allt AB")
    first, second = world.run(Transfer.CUSTOMERS).results
    assert (first.state, codes(first)) == (RowState.TRANSFERRED, [])
    assert (second.state, codes(second)) == (RowState.TRANSFERRED, ["KND-119"])
    for number in ("3001", "3002"):
        assert (card(world, number)["COUNTRY"], card(world, number)["CODE_OF_COUNTRY"]) == ("", "")


@pytest.mark.parametrize("name", ["Sverige", "SE", "Sweden", "SWE"])
def test_at_13_any_spelling_of_sweden_is_code_se(world: World, name: str) -> None:
    world.severa.edit("countries", "country-us", {"name": name, "englishName": None, "code2": None, "code3": None})
    world.customer(3001, "Ny Kund AB", {"city": "Stockholm", "country": {"guid": "country-us"}})
    world.run(Transfer.CUSTOMERS)
    assert card(world, "3001")["CODE_OF_COUNTRY"] == "SE"


def test_at_02_the_same_number_with_another_organisation_number_is_a_conflict(world: World) -> None:
    world.customer(1001, "Någon Annan AB", STOCKHOLM, vatNumber=OTHER)
    before = card(world, "1001")
    result = world.result(Transfer.CUSTOMERS, "customer-1001")
    assert (result.state, codes(result)) == (RowState.FAILED, ["KND-106"])
    assert (card(world, "1001"), world.writes) == (before, (0, 0))


def test_an_unique_identity_finds_a_customer_with_another_number(world: World) -> None:
    world.customer(3001, "Åkeri & Söner AB", vatNumber="SE556900456601")
    plan = world.preview(Transfer.CUSTOMERS)["customer-3001"]
    assert (plan.action, plan.target_key) == (Action.LINK, "1001")
    world.run(Transfer.CUSTOMERS)
    assert "3001" not in world.books(CUSTOMER, "NUMBER")
    assert world.preview(Transfer.CUSTOMERS)["customer-3001"].action is Action.NOTHING


@pytest.mark.parametrize("chosen", [None, frozenset({"customer-3001"})])
def test_two_customers_of_one_identity_are_not_one_card(world: World, chosen: frozenset[str] | None) -> None:
    world.customer(3001, "Åkeri & Söner AB", vatNumber="SE556900456601")
    world.customer(3002, "Åkeri & Söner Nord AB", vatNumber=MADE_UP)
    plan = world.preview(Transfer.CUSTOMERS, keys=chosen)["customer-3001"]
    assert (plan.action, plan.target_key, "KND-150" in codes(plan)) == (Action.CREATE, "", True)


def test_a_double_that_is_out_of_use_claims_no_card(world: World) -> None:
    world.customer(3001, "Åkeri & Söner AB", vatNumber="SE556900456601")
    world.customer(3002, "Åkeri & Söner AB (gammal)", vatNumber=MADE_UP, isActive=False)
    assert world.preview(Transfer.CUSTOMERS)["customer-3001"].target_key == "1001"


def test_the_fields_that_differ_are_shown_and_written_and_nothing_else(world: World) -> None:
    world.customer(1001, "Åkeri & Söner i Malmö AB", {"addressline": "Box 13", "city": "Malmö"}, vatNumber=MADE_UP)
    plan = world.preview(Transfer.CUSTOMERS)["customer-1001"]
    assert plan.action is Action.UPDATE
    assert plan.changes == (
        Change(field="name", before="Åkeri & Söner AB", after="Åkeri & Söner i Malmö AB"),
        Change(field="mailing_address", before="Box 12", after="Box 13"),
    )
    before = card(world, "1001")
    assert world.result(Transfer.CUSTOMERS, "customer-1001").state is RowState.TRANSFERRED
    after = card(world, "1001")
    changed = {name for name in after if after[name] != before[name]}
    assert changed - {"TIMESTAMP", "LASTCHANGE"} == {"NAME", "MAILING_ADDRESS"}
    assert world.writes == (0, 1)
    world.run(Transfer.CUSTOMERS)
    assert world.writes == (0, 1)


def test_empty_fields_wipe_nothing_unless_the_setting_says_so(world: World) -> None:
    world.customer(1001, "Åkeri & Söner AB", vatNumber=MADE_UP)
    assert world.preview(Transfer.CUSTOMERS)["customer-1001"].action is Action.LINK
    world.settings["customers.update_empty"] = True
    changes = world.preview(Transfer.CUSTOMERS)["customer-1001"].changes
    assert {change.field for change in changes} == {"mailing_address", "city", "payment_terms"}
    world.run(Transfer.CUSTOMERS)
    assert (card(world, "1001")["MAILING_ADDRESS"], card(world, "1001")["CITY"]) == ("", "")


def test_existing_customers_are_skipped_when_the_setting_says_so(world: World) -> None:
    world.settings["customers.existing"] = "skip"
    world.customer(1001, "Annat Namn AB", vatNumber=MADE_UP)
    assert world.preview(Transfer.CUSTOMERS)["customer-1001"].action is Action.LINK
    world.run(Transfer.CUSTOMERS)
    assert card(world, "1001")["NAME"] == "Åkeri & Söner AB"
    assert world.writes == (0, 0)


def test_the_identity_moves_to_its_field_and_leaves_the_other(world: World) -> None:
    """Decided in §4.1b: the other field is cleared only when it held the same identity."""
    world.customer(1001, "Åkeri & Söner AB", STOCKHOLM, vatNumber="SE556900456601")
    world.reverse_charge("customer-1001")
    world.run(Transfer.CUSTOMERS)
    there = card(world, "1001")
    assert (there["EXPORT"], there["VAT_NUMBER"], there["ORGANISATION_NUMBER"]) == (True, "SE556900456601", "")
    world.severa.edit("customercountrysettings", "tax-customer-1001", {"isTaxFree": False})
    world.severa.edit("customers", "customer-1001", {"email": "ny@exempel.se"})
    world.run(Transfer.CUSTOMERS)
    there = card(world, "1001")
    assert (there["EXPORT"], there["VAT_NUMBER"], there["ORGANISATION_NUMBER"]) == (False, "", MADE_UP)


def test_another_identity_in_the_other_field_stays(world: World) -> None:
    world.change_books(CUSTOMER, "1001", VAT_NUMBER="DE111111125")
    world.customer(1001, "Åkeri & Söner AB", STOCKHOLM, vatNumber=MADE_UP)
    world.run(Transfer.CUSTOMERS)
    assert card(world, "1001")["VAT_NUMBER"] == "DE111111125"


def test_the_flag_is_asked_of_new_and_changed_customers_only(world: World) -> None:
    """§4.13, Calls: the country settings cost one call for each customer."""
    for number in (3001, 3002):
        world.customer(number, f"Kund {number}", STOCKHOLM)
    world.run(Transfer.CUSTOMERS)
    world.severa.edit("customers", "customer-3002", {"name": "Kund 3002 AB"})
    asked = len(world.severa.requests)
    world.run(Transfer.CUSTOMERS)
    paths = [one.path for one in world.severa.requests[asked:] if one.path.endswith("customercountrysettings")]
    assert paths == ["/v1/customers/customer-3002/customercountrysettings"]
    assert card(world, "3002")["NAME"] == "Kund 3002 AB"


def test_a_name_longer_than_the_field_and_an_address_that_does_not_fit_refuse_the_customer(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM | {"addressline": "Rad 1\n" + "Lång rad två " * 10})
    world.customer(3002, "N" * 51, STOCKHOLM)
    address, name = world.run(Transfer.CUSTOMERS).results
    assert (address.state, codes(address)) == (RowState.FAILED, ["KND-112"])
    assert address.reasons[0].param("field") == "mailing_address2"
    assert (name.state, name.reasons[0].param("field"), name.reasons[0].param("max")) == (RowState.FAILED, "name", "50")
    assert world.writes == (0, 0)


def test_signs_of_windows_1252_stay_and_others_are_replaced_with_a_warning(world: World) -> None:
    world.customer(3001, "Café – “Öl” € 😀 AB", STOCKHOLM)
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert card(world, "3001")["NAME"] == "Café – “Öl” € ? AB"
    assert [(why.code, why.param("characters")) for why in result.reasons] == [("FAK-319", "😀")]


def test_language_and_terms_without_mapping_are_left_empty_with_a_warning(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM, language={"guid": "language-fi"}, paymentTerm=45)
    result = world.result(Transfer.CUSTOMERS, "customer-3001")
    assert [(why.code, *why.params) for why in result.reasons] == [
        ("SPR-852", ("language", "fi-FI")),
        ("BTV-853", ("days", "45")),
    ]
    assert card(world, "3001")["CODE_OF_LANGUAGE"] == ""


def test_a_customer_that_is_inactive_in_administration_is_updated_with_a_warning(world: World) -> None:
    world.change_books(CUSTOMER, "1001", INACTIVE=True)
    world.customer(1001, "Åkeri AB", vatNumber=MADE_UP)
    result = world.result(Transfer.CUSTOMERS, "customer-1001")
    assert (result.state, codes(result)) == (RowState.TRANSFERRED, ["KND-107"])
    assert card(world, "1001")["NAME"] == "Åkeri AB"


def test_an_inactive_severa_customer_is_listed_only_when_it_is_chosen(world: World) -> None:
    world.customer(3001, "Vilande AB", STOCKHOLM, isActive=False)
    assert world.preview(Transfer.CUSTOMERS) == {}
    assert world.preview(Transfer.CUSTOMERS, keys=frozenset({"customer-3001"}))["customer-3001"].writes


def test_a_customer_without_number_is_refused_and_one_with_a_known_name_waits_for_a_person(world: World) -> None:
    world.customer(None, "Helt Ny AB", STOCKHOLM, guid="new")
    world.customer(None, "bygg  ab", STOCKHOLM, guid="named")
    plans = world.preview(Transfer.CUSTOMERS)
    assert (plans["new"].action, codes(plans["new"])) == (Action.REFUSE, ["KND-114"])
    assert "KND-111" in codes(plans["named"])
    assert not plans["named"].writes


def test_customers_are_chosen_by_exact_number_or_name_and_listed_in_order_of_number(world: World) -> None:
    for number in (10, 9, 100):
        world.customer(number, f"Kund {number}", STOCKHOLM)
    assert list(world.preview(Transfer.CUSTOMERS)) == ["customer-9", "customer-10", "customer-100"]
    assert list(world.preview(Transfer.CUSTOMERS, texts=(" 10 ", "KUND 9"))) == ["customer-9", "customer-10"]


def test_a_link_to_a_customer_that_is_gone_is_told_and_nothing_is_created(world: World) -> None:
    world.customer(3001, "Ny Kund AB", STOCKHOLM)
    world.run(Transfer.CUSTOMERS)
    world.change_books(CUSTOMER, "3001", NUMBER="9999")
    plan = world.preview(Transfer.CUSTOMERS)["customer-3001"]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["REG-862"])


def test_administrations_contacts_are_read_once_for_all_that_are_created(world: World) -> None:
    """They have no key to be asked for: looking through all of them before each is made grows with the square."""
    world.customer(3001, "Åkeri & Söner AB")
    names = [("Åsa", "Öberg"), ("Per", "Ek"), ("Eva", "Lind"), ("Bo", "Ask")]
    for first, last in names:
        world.contact("customer-3001", first, last)
    with mock.patch.object(
        AdministrationGateway, "contacts", autospec=True, side_effect=AdministrationGateway.contacts
    ) as read:
        world.run(Transfer.CUSTOMERS)
    assert {f"{first} {last}" for first, last in names} <= world.books(CONTACT, "NAME").keys()
    assert read.call_count <= 2, "once to plan, once before the first of them is created"
    assert world.run(Transfer.CUSTOMERS).written == 0
