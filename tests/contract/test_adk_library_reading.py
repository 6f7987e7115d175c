"""Contract suite over the port: finding, stepping, sort orders and filters."""

from __future__ import annotations

import pytest

from brygga.practice.adk_engine import user
from tests.contract.adk_company import (
    ACCOUNT,
    CONTACT,
    CURRENCY,
    CUSTOMER,
    INVOICE_HEAD,
    INVOICE_ROW,
    LANGUAGE,
    PRM,
    PRM2,
    PROFIT_CENTRE,
    PROJECT,
    UNIT,
    Clerk,
    hours,
    refused,
    seed,
)
from tests.contract.conftest import OpenCompany


def test_find_by_the_default_key(clerk: Clerk) -> None:
    assert clerk.value(clerk.found(PROJECT, CODE_OF_PROJECT="1043"), PROJECT, "NAME") == "Drift"


@pytest.mark.parametrize("code", ["10", "104", "10420", "1042 ", "01042"])
def test_find_is_exact(clerk: Clerk, code: str) -> None:
    with refused(115 if len(code) <= 6 else 180):
        clerk.found(PROJECT, CODE_OF_PROJECT=code)


def test_find_without_a_search_value_is_177(clerk: Clerk) -> None:
    for table in (CUSTOMER, INVOICE_HEAD, CONTACT, PRM):
        with refused(177):
            clerk.library.find(clerk.library.create_data(table), False)


def test_find_again_reads_what_changed_meanwhile(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1002")
    user.change(clerk.place.company, CUSTOMER, "1002", {1: "Bygg & Co AB"})
    assert clerk.value(data, CUSTOMER, "NAME") == "Bygg AB"
    clerk.library.find(data, False)
    assert clerk.value(data, CUSTOMER, "NAME") == "Bygg & Co AB"


def test_find_in_another_sort_order(clerk: Clerk) -> None:
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.set_sort_order(data, 1)
    clerk.put(data, CUSTOMER, NAME="Bygg AB")
    clerk.library.find(data, False)
    assert clerk.value(data, CUSTOMER, "NUMBER") == "1002"


def test_accounts_and_profit_centres_need_the_booking_year(clerk: Clerk) -> None:
    with refused(177):
        clerk.found(ACCOUNT, NUMBER="3041")
    with refused(177):
        clerk.found(PROFIT_CENTRE, CODE="STHLM")
    assert clerk.value(clerk.found(ACCOUNT, SEASON_ID="25", NUMBER="3041"), ACCOUNT, "TEXT") == "Konto 3041"
    with refused(115):
        clerk.found(PROFIT_CENTRE, YEAR_ID="23", CODE="STHLM")


def test_unit_is_found_by_its_code_in_the_domestic_language(clerk: Clerk) -> None:
    data = clerk.found(UNIT, CODE="tim")
    assert clerk.values(data, UNIT, "DOMESTIC", "TEXT") == [True, "timmar"]


def test_currency_register(clerk: Clerk) -> None:
    data = clerk.found(CURRENCY, CODE="NOK")
    assert [float(value) for value in clerk.values(data, CURRENCY, "UNIT", "SELL")] == [100, 96.9]


def test_languages_by_text(clerk: Clerk) -> None:
    data = clerk.library.create_data(LANGUAGE)
    clerk.library.set_sort_order(data, 32)
    assert clerk.walk(data, LANGUAGE, "TEXT") == ["Engelska", "Svenska"]


def test_settings_are_the_only_record(clerk: Clerk) -> None:
    data = clerk.library.create_data(PRM2)
    clerk.library.first(data, False)
    assert [float(value) for value in clerk.values(data, PRM2, "VAT1", "VAT2", "VAT3", "VAT4")] == [25, 12, 6, 0]
    with refused(79):
        clerk.library.next(data, False)
    with refused(104):
        clerk.library.set_sort_order(data, 0)


def test_walk_forwards_and_backwards(clerk: Clerk) -> None:
    data = clerk.library.create_data(CUSTOMER)
    assert clerk.walk(data, CUSTOMER, "NUMBER") == ["1001", "1002", "2001"]
    assert clerk.walk(data, CUSTOMER, "NUMBER", backwards=True) == ["2001", "1002", "1001"]


def test_both_ends_hold(clerk: Clerk) -> None:
    library, data = clerk.library, clerk.library.create_data(CUSTOMER)
    library.last(data, False)
    for _ in range(2):
        with refused(79):
            library.next(data, False)
    library.previous(data, False)
    assert clerk.value(data, CUSTOMER, "NUMBER") == "2001"
    library.first(data, False)
    for _ in range(2):
        with refused(78):
            library.previous(data, False)
    library.next(data, False)
    assert clerk.value(data, CUSTOMER, "NUMBER") == "1001"


def test_past_the_end_nothing_can_be_updated(clerk: Clerk) -> None:
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.last(data, False)
    with refused(79):
        clerk.library.next(data, False)
    clerk.put(data, CUSTOMER, CITY="Lund")
    with refused(115):
        clerk.library.update(data)


def test_stepping_without_a_position_is_115(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="1002")
    for step in (clerk.library.next, clerk.library.previous):
        with refused(115):
            step(data, False)


def test_stepping_goes_on_from_a_found_record_in_the_order_chosen(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.library.set_sort_order(data, 1)
    clerk.library.previous(data, False)
    assert clerk.value(data, CUSTOMER, "NAME") == "Bygg AB"


def test_stepping_sees_a_record_added_meanwhile(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.add(CUSTOMER, NUMBER="1001B", NAME="Ny")
    clerk.library.next(data, False)
    assert clerk.value(data, CUSTOMER, "NUMBER") == "1001B"


def test_stepping_goes_on_after_a_record_deleted_meanwhile(clerk: Clerk) -> None:
    clerk.add(CUSTOMER, NUMBER="1001B")
    data = clerk.found(CUSTOMER, NUMBER="1001B")
    clerk.library.delete_record(clerk.found(CUSTOMER, NUMBER="1001B"))
    clerk.library.next(data, False)
    assert clerk.value(data, CUSTOMER, "NUMBER") == "1002"


@pytest.mark.parametrize("empty_code", [79, 115])
def test_switch_first_on_empty(open_company: OpenCompany, empty_code: int) -> None:
    clerk = open_company(first_on_empty=empty_code)
    data = clerk.library.create_data(INVOICE_HEAD)
    for end in (clerk.library.first, clerk.library.last):
        with refused(empty_code):
            end(data, False)
    customers = clerk.library.create_data(CUSTOMER)
    clerk.library.set_filter(customers, 1, "Finns inte*")
    with refused(empty_code):
        clerk.library.first(customers, False)


@pytest.mark.parametrize(("table", "order"), [(CUSTOMER, 12), (INVOICE_HEAD, 23), (INVOICE_HEAD, 66), (UNIT, 999)])
def test_sort_order_of_another_table_is_104(clerk: Clerk, table: int, order: int) -> None:
    with refused(104):
        clerk.library.set_sort_order(clerk.library.create_data(table), order)


def test_invoices_in_their_sort_orders(clerk: Clerk) -> None:
    for day, customer in (("2026-03-01", "1001"), ("2026-01-15", "2001"), ("2026-02-01", "1002")):
        clerk.add_invoice(DOCUMENT_DATE1=day, CUSTOMER_NUMBER=customer)
    walked = {}
    for order in (12, 13, 0, 1):
        data = clerk.library.create_data(INVOICE_HEAD)
        clerk.library.set_sort_order(data, order)
        walked[order] = [int(number) for number in clerk.walk(data, INVOICE_HEAD, "DOCUMENT_NUMBER")]
    assert walked == {
        12: [10457, 10458, 10459],
        13: [10458, 10459, 10457],
        0: [10457, 10459, 10458],
        1: [10458, 10459, 10457],
    }


def test_first_invoice_of_a_date(clerk: Clerk) -> None:
    for day in ("2026-01-15", "2026-02-01", "2026-02-01"):
        clerk.add_invoice(DOCUMENT_DATE1=day)
    data = clerk.library.create_data(INVOICE_HEAD)
    clerk.library.set_sort_order(data, 13)
    clerk.put(data, INVOICE_HEAD, DOCUMENT_DATE1="2026-02-01")
    clerk.library.find(data, False)
    assert clerk.number(data) == 10458


def test_timestamp_order_lists_the_latest_change_last(clerk: Clerk) -> None:
    user.change(clerk.place.company, CUSTOMER, "1001", {7: "Ystad"})
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.set_sort_order(data, 220)
    assert clerk.walk(data, CUSTOMER, "NUMBER")[-1] == "1001"
    with refused(177):
        clerk.library.find(data, False)


def test_contacts_of_a_customer(clerk: Clerk) -> None:
    for name in ("Bo Al", "Åsa Öberg"):
        clerk.add(CONTACT, NAME=name, CUSTOMER_NUMBER="1002")
    data = clerk.library.create_data(CONTACT)
    clerk.library.set_sort_order(data, 191)
    clerk.put(data, CONTACT, CUSTOMER_NUMBER="1002")
    clerk.library.find(data, False)
    names = [clerk.value(data, CONTACT, "NAME")]
    clerk.library.next(data, False)
    assert [*names, clerk.value(data, CONTACT, "NAME")] == ["Bo Al", "Åsa Öberg"]


def test_rows_only_when_asked_for(clerk: Clerk) -> None:
    number = clerk.number(clerk.add_invoice(hours(1, 1000), {"TEXT": "Tack"}))
    without = clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=number)
    assert clerk.head(without, "NROWS") == [2]
    with refused(111):
        clerk.library.get_data(without, 103, 0)
    data = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=number)
    assert clerk.rows(data, "TEXT") == [["Konsulttid"], ["Tack"]]
    with refused(111):
        clerk.library.get_data(data, 103, 2)
    clerk.library.last(data, True)
    assert clerk.rows(data, "ROWNUMBER") == [[1], [2]]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("*AB", ["1001", "1002"]),
        ("B*", ["1002", "2001"]),
        ("*a*", ["2001"]),
        ("*", ["1001", "1002", "2001"]),
        ("Bygg AB", ["1002"]),
        ("B?gg AB", []),
        ("[B]*", []),
        ("%AB", []),
    ],
)
def test_filter_knows_only_the_star(open_company: OpenCompany, expression: str, expected: list[str]) -> None:
    clerk = open_company(filter_ignores_case=False)
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.set_filter(data, 1, expression)
    if expected:
        assert clerk.walk(data, CUSTOMER, "NUMBER") == expected
    else:
        with refused(79):
            clerk.library.first(data, False)


@pytest.mark.parametrize(("ignores", "expected"), [(True, ["1001"]), (False, [])])
def test_switch_filter_ignores_case(open_company: OpenCompany, ignores: bool, expected: list[str]) -> None:
    clerk = open_company(filter_ignores_case=ignores)
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.set_filter(data, 1, "åkeri & SÖNER*")
    if expected:
        assert clerk.walk(data, CUSTOMER, "NUMBER") == expected
    else:
        with refused(79):
            clerk.library.first(data, False)


def test_filters_of_several_fields_must_all_match(clerk: Clerk) -> None:
    data = clerk.library.create_data(CUSTOMER)
    clerk.library.set_filter(data, 1, "*AB")
    clerk.library.set_filter(data, 7, "Malmö")
    assert clerk.walk(data, CUSTOMER, "NUMBER") == ["1001"]
    clerk.library.clear_filters(data)
    assert len(clerk.walk(data, CUSTOMER, "NUMBER")) == 3


def test_filter_on_what_is_no_text_is_685(clerk: Clerk) -> None:
    data = clerk.library.create_data(INVOICE_HEAD)
    assert [clerk.library.is_filterable(data, field) for field in (14, 105, 0, 8, 5)] == [True, True] + [False] * 3
    for field in (0, 8, 5, 103):
        with refused(685):
            clerk.library.set_filter(data, field, "1")
    with refused(102):
        clerk.library.set_filter(data, 9999, "1")
    with refused(102):
        clerk.library.is_filterable(data, 9999)


def test_empty_filter_is_686(clerk: Clerk) -> None:
    with refused(686):
        clerk.library.set_filter(clerk.library.create_data(CUSTOMER), 1, "")


def test_find_with_a_filter_is_refused(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="1001")
    clerk.library.set_filter(data, 1, "*")
    with refused(686):
        clerk.library.find(data, False)


def test_reset_empties_fields_position_filter_and_order(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.library.set_sort_order(data, 1)
    clerk.library.set_filter(data, 1, "Bau*")
    clerk.library.reset_struct(data)
    assert clerk.value(data, CUSTOMER, "NAME") == ""
    with refused(115):
        clerk.library.next(data, False)
    assert clerk.walk(data, CUSTOMER, "NUMBER") == ["1001", "1002", "2001"]


def test_seeded_rows_are_read_like_added_ones(open_company: OpenCompany) -> None:
    posted = seed(
        INVOICE_HEAD,
        {
            "DOCUMENT_NUMBER": 9001,
            "CUSTOMER_NUMBER": "1001",
            "DOCUMENT_PRINTED": True,
            "ROWS": [
                {"TEXT": "Arvode", "QUANTITY1": 2, "PRICE_EACH_CURRENT_CURRENCY": 500, "VAT_CODE": "1"},
                {"TEXT": "Tack"},
            ],
        },
    )
    clerk = open_company({"tables": {INVOICE_HEAD: posted}})
    data = clerk.found(INVOICE_HEAD, rows=True, DOCUMENT_NUMBER=9001)
    assert clerk.rows(data, "TEXT", "AMOUNT_CURRENT_CURRENCY") == [["Arvode", 1000], ["Tack", 0]]
    assert clerk.head(data, "TOTAL_AMOUNT", "BALANCE", "TYPE_OF_INVOICE") == [1250, 1250, "F"]
    row = clerk.library.get_data(data, 103, 0)
    assert clerk.library.field_type(row, 14) == 2
    assert clerk.value(row, INVOICE_ROW, "VAT_CODE") == "1"
