"""Contract suite over the port: customers, contacts, projects and articles."""

from __future__ import annotations

from typing import Any

import pytest

from brygga.practice.adk_engine import user
from tests.contract.adk_company import ARTICLE, CONTACT, CUSTOMER, PRM, PROJECT, UNIT, Clerk, hours, refused
from tests.contract.conftest import OpenCompany

# -- keys ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [CUSTOMER, PROJECT])
def test_no_key_is_112(clerk: Clerk, table: int) -> None:
    with refused(112):
        clerk.add(table, NAME="Utan nummer")


def test_article_without_number_is_112(clerk: Clerk) -> None:
    with refused(112):
        clerk.add(ARTICLE, GROUP="KONS", ACCOUNTING_CODE="TJ25")


@pytest.mark.parametrize(("switch", "code"), [("refused", 112), ("assigned", 0)])
def test_switch_customer_number_empty(open_company: OpenCompany, switch: str, code: int) -> None:
    clerk = open_company(customer_number_empty=switch)
    if code:
        with refused(code):
            clerk.add(CUSTOMER, NAME="Ny AB")
        return
    numbers = [clerk.value(clerk.add(CUSTOMER, NAME=name), CUSTOMER, "NUMBER") for name in ("Ny AB", "Nyare AB")]
    assert numbers == ["0050", "0051"]


@pytest.mark.parametrize(
    ("table", "key"),
    [(CUSTOMER, {"NUMBER": "1001"}), (PROJECT, {"CODE_OF_PROJECT": "1042"})],
)
def test_an_existing_key_is_214_and_changes_nothing(clerk: Clerk, table: int, key: dict[str, str]) -> None:
    before = user.read(clerk.place.company, table)
    with refused(214):
        clerk.add(table, **key, NAME="Annan")
    assert user.read(clerk.place.company, table) == before


def test_an_existing_article_is_214(clerk: Clerk) -> None:
    with refused(214):
        clerk.add(ARTICLE, NUMBER="100", GROUP="KONS", ACCOUNTING_CODE="TJ25")


def test_numbers_are_texts_not_amounts(clerk: Clerk) -> None:
    for number in ("0010", "10", "K100"):
        clerk.add(CUSTOMER, NUMBER=number, NAME=number)
    assert clerk.value(clerk.found(CUSTOMER, NUMBER="10"), CUSTOMER, "NAME") == "10"


def test_the_key_of_a_record_cannot_change(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1002")
    clerk.put(data, CUSTOMER, NUMBER="1003")
    with refused(109):
        clerk.library.update(data)


def test_a_read_record_must_be_reset_before_it_is_added(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1002")
    clerk.put(data, CUSTOMER, NUMBER="1003")
    with refused(672):
        clerk.library.add(data)
    clerk.library.reset_struct(data)
    clerk.put(data, CUSTOMER, NUMBER="1003")
    clerk.library.add(data)


def test_find_then_add_on_the_same_record(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="1003")
    with refused(115):
        clerk.library.find(data, False)
    clerk.library.add(data)
    assert clerk.value(clerk.found(CUSTOMER, NUMBER="1003"), CUSTOMER, "NUMBER") == "1003"


# -- update ----------------------------------------------------------------------------------------------------


def test_update_writes_only_what_was_set(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    user.change(clerk.place.company, CUSTOMER, "1001", {1: "Nytt namn AB"})
    clerk.put(data, CUSTOMER, CITY="Lund")
    clerk.library.update(data)
    assert clerk.values(data, CUSTOMER, "NAME", "CITY") == ["Nytt namn AB", "Lund"]


def test_update_without_a_record_is_115(clerk: Clerk) -> None:
    with refused(115):
        clerk.library.update(clerk.record(CUSTOMER, NUMBER="1001", NAME="X"))


def test_update_right_after_add(clerk: Clerk) -> None:
    data = clerk.add(CUSTOMER, NUMBER="3001", NAME="Ny AB")
    clerk.put(data, CUSTOMER, CITY="Visby")
    clerk.library.update(data)
    assert clerk.values(clerk.found(CUSTOMER, NUMBER="3001"), CUSTOMER, "NAME", "CITY") == ["Ny AB", "Visby"]


def test_a_refused_write_leaves_the_record_to_its_owner(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="3001", NAME="Ny AB", CODE_OF_LANGUAGE="XX")
    with refused(44):
        clerk.library.add(data)
    clerk.put(data, CUSTOMER, CODE_OF_LANGUAGE="EN")
    clerk.library.add(data)
    assert clerk.values(data, CUSTOMER, "NAME", "CODE_OF_LANGUAGE") == ["Ny AB", "EN"]


def test_a_text_can_be_emptied(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.put(data, CUSTOMER, CITY="", CODE_OF_TERMS_OF_PAYMENT="")
    clerk.library.update(data)
    assert clerk.values(data, CUSTOMER, "CITY", "CODE_OF_TERMS_OF_PAYMENT") == ["", ""]


# -- customers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("CODE_OF_TERMS_OF_PAYMENT", 41),
        ("CODE_OF_CURRENCY", 43),
        ("CODE_OF_LANGUAGE", 44),
        ("PRICE_LIST", 35),
        ("CODE_OF_COUNTRY", 279),
        ("DELIVERY_CODE_OF_COUNTRY", 279),
        ("PROFIT_CENTRE", 150),
        ("PROJECT", 149),
        ("DEBT_ACCOUNT", 148),
    ],
)
def test_customer_codes_must_exist(clerk: Clerk, field: str, code: int) -> None:
    with refused(code):
        clerk.add(CUSTOMER, NUMBER="3001", **{field: "ZZZ"})
    existing = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.put(existing, CUSTOMER, **{field: "ZZZ"})
    with refused(code):
        clerk.library.update(existing)


def test_customer_defaults_of_the_company(clerk: Clerk) -> None:
    data = clerk.add(CUSTOMER, NUMBER="3001")
    assert clerk.values(data, CUSTOMER, "CODE_OF_TERMS_OF_PAYMENT", "LASTCHANGE") == ["30", "2026-01-31"]
    explicit = clerk.add(CUSTOMER, NUMBER="3002", CODE_OF_TERMS_OF_PAYMENT="10")
    assert clerk.value(explicit, CUSTOMER, "CODE_OF_TERMS_OF_PAYMENT") == "10"


@pytest.mark.parametrize("number", ["556900-4566", "202100-5489", "", "800101-1231"])
def test_right_organisation_numbers(clerk: Clerk, number: str) -> None:
    data = clerk.add(CUSTOMER, NUMBER="3001", ORGANISATION_NUMBER=number)
    assert clerk.value(data, CUSTOMER, "ORGANISATION_NUMBER") == number


@pytest.mark.parametrize(
    "number", ["556900-4567", "5569004566", "SE556900456601", "556900-456", "165569004566", "DE123456789"]
)
def test_wrong_organisation_numbers_are_108(clerk: Clerk, number: str) -> None:
    with refused(108):
        clerk.record(CUSTOMER, NUMBER="3001", ORGANISATION_NUMBER=number)


def test_the_check_is_ignored_only_when_the_flag_comes_first(clerk: Clerk) -> None:
    data = clerk.record(
        CUSTOMER, NUMBER="3001", IGNORE_ORGANISATION_NUMBER_CHECK=True, ORGANISATION_NUMBER="556900-4567"
    )
    clerk.library.add(data)
    late = clerk.library.create_data(CUSTOMER)
    with refused(108):
        clerk.put(late, CUSTOMER, ORGANISATION_NUMBER="556900-4567", IGNORE_ORGANISATION_NUMBER_CHECK=True)


def test_export_and_construction_exclude_each_other(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="3001", EXPORT=True)
    with refused(377):
        clerk.put(data, CUSTOMER, BUILDSERVICE=True)
    clerk.put(data, CUSTOMER, EXPORT=False, BUILDSERVICE=True)
    with refused(378):
        clerk.put(data, CUSTOMER, EXPORT=True)


def test_construction_needs_its_module(open_company: OpenCompany) -> None:
    clerk = open_company({"construction_reverse_charge": False})
    with refused(379):
        clerk.record(CUSTOMER, NUMBER="3001", BUILDSERVICE=True)


def test_foreign_currency_needs_its_module(open_company: OpenCompany) -> None:
    clerk = open_company({"currencies_active": False})
    clerk.add(CUSTOMER, NUMBER="3001", CODE_OF_CURRENCY="")
    with refused(209):
        clerk.add(CUSTOMER, NUMBER="3002", CODE_OF_CURRENCY="EUR")


def test_export_with_eu_customer_warns(clerk: Clerk) -> None:
    clerk.add(CUSTOMER, NUMBER="3001", EXPORT=True)
    assert clerk.warnings == []
    clerk.add(CUSTOMER, NUMBER="3002", EXPORT=True, EU_CUSTOMER=True)
    assert clerk.warnings == [579]


# -- contacts ----------------------------------------------------------------------------------------------------


def test_contact_id_is_assigned(clerk: Clerk) -> None:
    data = clerk.add(CONTACT, NAME="Bo Al", CUSTOMER_NUMBER="1002")
    again = clerk.add(CONTACT, SIGN="BA")
    assert [clerk.value(each, CONTACT, "ID") for each in (data, again)] == [2, 3]
    assert clerk.value(clerk.found(CONTACT, ID=2), CONTACT, "NAME") == "Bo Al"


def test_contact_id_cannot_be_given(clerk: Clerk) -> None:
    with refused(109):
        clerk.add(CONTACT, ID=99, NAME="Bo Al")


def test_contact_needs_name_or_sign(clerk: Clerk) -> None:
    with refused(513):
        clerk.add(CONTACT, CUSTOMER_NUMBER="1002", EMAIL="bo@example.se")
    data = clerk.found(CONTACT, ID=1)
    clerk.put(data, CONTACT, NAME="")
    with refused(513):
        clerk.library.update(data)


@pytest.mark.parametrize(("field", "code"), [("CUSTOMER_NUMBER", 21), ("CODE_OF_COUNTRY", 279)])
def test_contact_codes_must_exist(clerk: Clerk, field: str, code: int) -> None:
    with refused(code):
        clerk.add(CONTACT, NAME="Bo Al", **{field: "ZZZ"})


def test_contact_without_phone_is_added(clerk: Clerk) -> None:
    """AT-12."""
    data = clerk.add(CONTACT, NAME="Åsa Öberg", CUSTOMER_NUMBER="1001", TELEPHONE="", EMAIL="")
    assert clerk.values(data, CONTACT, "NAME", "TELEPHONE") == ["Åsa Öberg", ""]


# -- projects ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-05-01", "2026-04-01", 167),
        ("", "2099-12-31", 168),
        ("2026-05-01", "2026-05-01", 0),
        ("2026-05-01", "", 0),
        ("", "", 0),
    ],
)
def test_project_dates(clerk: Clerk, start: str, end: str, code: int) -> None:
    values: dict[str, Any] = {"CODE_OF_PROJECT": "77", "DATE_OF_BEGINNING": start, "DATE_OF_END": end}
    if code:
        with refused(code):
            clerk.add(PROJECT, **values)
    else:
        data = clerk.add(PROJECT, **values)
        assert clerk.values(data, PROJECT, "DATE_OF_BEGINNING", "DATE_OF_END") == [start, end]


def test_project_code_longer_than_six_is_180(clerk: Clerk) -> None:
    with refused(180):
        clerk.record(PROJECT, CODE_OF_PROJECT="1000001")


def test_project_takes_its_customers_name(clerk: Clerk) -> None:
    data = clerk.add(PROJECT, CODE_OF_PROJECT="77", CUSTOMER_NUMBER="1002")
    assert clerk.value(data, PROJECT, "CUSTOMER_NAME") == "Bygg AB"
    own = clerk.add(PROJECT, CODE_OF_PROJECT="78", CUSTOMER_NAME="Egen", CUSTOMER_NUMBER="1002")
    assert clerk.value(own, PROJECT, "CUSTOMER_NAME") == "Egen"
    clerk.put(data, PROJECT, CUSTOMER_NUMBER="1001")
    clerk.library.update(data)
    assert clerk.value(clerk.found(PROJECT, CODE_OF_PROJECT="77"), PROJECT, "CUSTOMER_NAME") == "Åkeri & Söner AB"


def test_project_of_an_unknown_customer_is_21(clerk: Clerk) -> None:
    with refused(21):
        clerk.add(PROJECT, CODE_OF_PROJECT="77", CUSTOMER_NUMBER="9999")


@pytest.mark.parametrize("changes", [{"NAME": "Nytt"}, {"CLOSED": False}])
def test_a_closed_project_cannot_be_changed(clerk: Clerk, changes: dict[str, Any]) -> None:
    data = clerk.found(PROJECT, CODE_OF_PROJECT="900")
    clerk.put(data, PROJECT, **changes)
    with refused(273):
        clerk.library.update(data)


def test_closing_a_project(clerk: Clerk) -> None:
    data = clerk.found(PROJECT, CODE_OF_PROJECT="1043")
    clerk.put(data, PROJECT, CLOSED=True, DATE_OF_CLOSURE="2026-01-31")
    clerk.library.update(data)
    clerk.put(data, PROJECT, NAME="Efteråt")
    with refused(273):
        clerk.library.update(data)


def test_update_touches_only_the_project_of_that_code(clerk: Clerk) -> None:
    """AT-01."""
    for code, name in (("10", "Drift"), ("100", "Drift"), ("1001", "Drift 2")):
        clerk.add(PROJECT, CODE_OF_PROJECT=code, NAME=name)
    data = clerk.found(PROJECT, CODE_OF_PROJECT="10")
    clerk.put(data, PROJECT, NAME="Förvaltning")
    clerk.library.update(data)
    names = [clerk.value(clerk.found(PROJECT, CODE_OF_PROJECT=code), PROJECT, "NAME") for code in ("10", "100", "1001")]
    assert names == ["Förvaltning", "Drift", "Drift 2"]


def test_a_deleted_project_number_is_184(clerk: Clerk) -> None:
    clerk.library.delete_record(clerk.found(PROJECT, CODE_OF_PROJECT="1043"))
    with refused(115):
        clerk.found(PROJECT, CODE_OF_PROJECT="1043")
    with refused(184):
        clerk.add(PROJECT, CODE_OF_PROJECT="1043", NAME="Igen")


# -- articles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("field", "code"), [("GROUP", 45), ("ACCOUNTING_CODE", 46), ("UNIT_CODE", 47)])
def test_article_codes_must_exist(clerk: Clerk, field: str, code: int) -> None:
    values = {"NUMBER": "300", "GROUP": "KONS", "ACCOUNTING_CODE": "TJ25", field: "ZZZ"}
    with refused(code):
        clerk.add(ARTICLE, **values)


def test_article_needs_group_and_accounting_code(clerk: Clerk) -> None:
    with refused(45):
        clerk.add(ARTICLE, NUMBER="300")
    with refused(46):
        clerk.add(ARTICLE, NUMBER="300", GROUP="KONS")


def test_article_defaults_of_the_company(open_company: OpenCompany) -> None:
    clerk = open_company({"tables": {PRM: [{0: "X AB", 51: "SEK", 66: "KONS", 67: "TJ25", 68: "tim"}]}})
    data = clerk.add(ARTICLE, NUMBER="300", NAME="Resetid")
    assert clerk.values(data, ARTICLE, "GROUP", "ACCOUNTING_CODE", "UNIT_CODE") == ["KONS", "TJ25", "tim"]


# -- deleting ----------------------------------------------------------------------------------------------------


def test_records_in_use_cannot_be_deleted(clerk: Clerk) -> None:
    clerk.add_invoice(hours(1, 1000, PROJECT="1043"), CUSTOMER_NUMBER="1002")
    used: list[tuple[int, dict[str, Any]]] = [
        (CUSTOMER, {"NUMBER": "1002"}),
        (PROJECT, {"CODE_OF_PROJECT": "1043"}),
        (ARTICLE, {"NUMBER": "100"}),
    ]
    for table, key in used:
        with refused(155):
            clerk.library.delete_record(clerk.found(table, **key))


def test_unused_records_can_be_deleted(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1002")
    clerk.library.delete_record(data)
    with refused(115):
        clerk.library.update(data)
    clerk.library.delete_record(clerk.found(CONTACT, ID=1))
    assert [row[0] for row in user.read(clerk.place.company, CUSTOMER)] == ["1001", "2001"]


def test_code_registers_cannot_be_deleted_from(clerk: Clerk) -> None:
    with refused(164):
        clerk.library.delete_record(clerk.found(UNIT, CODE="st"))
