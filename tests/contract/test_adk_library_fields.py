"""Contract suite over the port: types, limits, texts, dates and what the library says about fields."""

from __future__ import annotations

import pytest

from brygga.administration.adk.library import FieldType
from tests.contract.adk_company import (
    ACCOUNT,
    CONTACT,
    CUSTOMER,
    INVOICE_HEAD,
    INVOICE_ROW,
    PRM,
    PROJECT,
    UNIT,
    Clerk,
    refused,
)
from tests.contract.conftest import OpenCompany


def test_a_new_record_is_empty(clerk: Clerk) -> None:
    data = clerk.library.create_data(INVOICE_HEAD)
    assert clerk.head(data, "CUSTOMER_NAME", "EXPORT", "TOTAL_AMOUNT", "DOCUMENT_DATE1") == ["", False, 0, ""]
    assert clerk.library.get_date(data, 8) == 0


def test_each_type_reads_back(clerk: Clerk) -> None:
    data = clerk.record(
        INVOICE_HEAD, CUSTOMER_NAME="Åsa – 5 €", EXPORT=True, CURRENCY_RATE="11.173184", DOCUMENT_DATE2="2026-02-28"
    )
    got = clerk.head(data, "CUSTOMER_NAME", "EXPORT", "CURRENCY_RATE", "DOCUMENT_DATE2")
    assert [str(value) for value in got] == ["Åsa – 5 €", "True", "11.173184", "2026-02-28"]


def test_types_are_those_of_the_contract(clerk: Clerk) -> None:
    data = clerk.library.create_data(INVOICE_HEAD)
    kinds = [clerk.library.field_type(data, field) for field in (0, 5, 8, 15, 103)]
    assert kinds == [FieldType.DOUBLE, FieldType.BOOL, FieldType.DATE, FieldType.CHAR, FieldType.DATA]


def test_the_wrong_type_is_103(clerk: Clerk) -> None:
    library, data = clerk.library, clerk.library.create_data(CUSTOMER)
    for call in (
        lambda: library.get_str(data, 41, 10),
        lambda: library.get_bool(data, 1),
        lambda: library.get_double(data, 1),
        lambda: library.get_date(data, 1),
        lambda: library.get_data(data, 1, 0),
        lambda: library.set_str(data, 41, "1"),
        lambda: library.set_bool(data, 1, True),
        lambda: library.set_double(data, 1, 1.0),
        lambda: library.set_date(data, 1, 0),
        lambda: library.field_length(data, 41),
        lambda: library.field_decimals(data, 1),
    ):
        with refused(103):
            call()


def test_unknown_field_is_102(clerk: Clerk) -> None:
    library = clerk.library
    data = library.create_data(CUSTOMER)
    for field in (-1, 39, 9999):
        with refused(102):
            library.set_str(data, field, "x")
        with refused(102):
            library.get_str(data, field, 10)
        with refused(102):
            library.field_type(data, field)
        assert library.is_read_write(data, field) is False


@pytest.mark.parametrize(
    ("table", "field", "length"),
    [
        (CUSTOMER, 0, 16),
        (CUSTOMER, 1, 50),
        (INVOICE_HEAD, 28, 20),
        (INVOICE_HEAD, 30, 25),
        (INVOICE_HEAD, 105, 255),
        (INVOICE_ROW, 14, 60),
        (INVOICE_ROW, 15, 4),
        (PROJECT, 0, 6),
        (PROJECT, 1, 50),
    ],
)
def test_field_lengths(clerk: Clerk, table: int, field: int, length: int) -> None:
    array = clerk.library.create_rows(table, 1) if table == INVOICE_ROW else None
    data = clerk.library.create_data(table) if array is None else clerk.library.row(array, 0)
    assert clerk.library.field_length(data, field) == length


def test_too_long_is_180_and_leaves_the_field(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NAME="kort")
    with refused(180):
        clerk.put(data, CUSTOMER, NAME="x" * 51)
    assert clerk.value(data, CUSTOMER, "NAME") == "kort"
    clerk.put(data, CUSTOMER, NAME="å" * 50)
    assert clerk.value(data, CUSTOMER, "NAME") == "å" * 50


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [("CURRENCY_RATE", 11.173184, 11.1731843), ("DOCUMENT_NUMBER", 10457, 10457.5), ("SET_OF_VAT1", 0.01, 0.001)],
)
def test_too_many_decimals_is_181(clerk: Clerk, name: str, good: float, bad: float) -> None:
    data = clerk.record(INVOICE_HEAD, **{name: good})
    with refused(181):
        clerk.put(data, INVOICE_HEAD, **{name: bad})
    assert float(clerk.value(data, INVOICE_HEAD, name)) == good


def test_a_sum_of_doubles_has_too_many_decimals(clerk: Clerk) -> None:
    row = clerk.library.row(clerk.library.create_rows(INVOICE_ROW, 1), 0)
    with refused(181):
        clerk.library.set_double(row, 5, 0.1 + 0.2)
    clerk.library.set_double(row, 5, round(0.1 + 0.2, 2))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), 1e15])
def test_what_is_no_amount_is_672(clerk: Clerk, value: float) -> None:
    row = clerk.library.row(clerk.library.create_rows(INVOICE_ROW, 1), 0)
    with refused(672):
        clerk.library.set_double(row, 5, value)


def test_decimals_of_prices_follow_the_company(open_company: OpenCompany) -> None:
    clerk = open_company({"tables": {PRM: [{0: "Fyra decimaler AB", 51: "SEK", 72: True}]}})
    row = clerk.library.row(clerk.library.create_rows(INVOICE_ROW, 1), 0)
    assert clerk.library.field_decimals(row, 5) == 4
    clerk.library.set_double(row, 5, 12.3456)
    with refused(181):
        clerk.library.set_double(row, 5, 12.34567)


def test_decimals_that_the_library_tells(clerk: Clerk) -> None:
    row = clerk.library.row(clerk.library.create_rows(INVOICE_ROW, 1), 0)
    head = clerk.library.create_data(INVOICE_HEAD)
    assert [clerk.library.field_decimals(row, field) for field in (2, 5, 9)] == [2, 2, 2]
    assert [clerk.library.field_decimals(head, field) for field in (0, 35, 61)] == [0, 6, 2]


@pytest.mark.parametrize("value", ["漢字", "→", "Łódź", "\x81"])
def test_characters_outside_windows_1252_are_34(clerk: Clerk, value: str) -> None:
    data = clerk.record(CUSTOMER, NAME="förut")
    with refused(34):
        clerk.put(data, CUSTOMER, NAME=value)
    assert clerk.value(data, CUSTOMER, "NAME") == "förut"


def test_windows_1252_characters_survive_a_write(clerk: Clerk) -> None:
    name = "ÅÄÖ åäö é ü – € „” ™"
    clerk.add(CUSTOMER, NUMBER="3001", NAME=name)
    assert clerk.value(clerk.found(CUSTOMER, NUMBER="3001"), CUSTOMER, "NAME") == name


@pytest.mark.c_interface
@pytest.mark.parametrize(("counts_nul", "needed"), [(True, 5), (False, 4)])
def test_switch_buffer_counts_nul(open_company: OpenCompany, counts_nul: bool, needed: int) -> None:
    clerk = open_company(buffer_counts_nul=counts_nul)
    data = clerk.record(CUSTOMER, NUMBER="1234")
    assert clerk.library.get_str(data, 0, needed) == "1234"
    with refused(114):
        clerk.library.get_str(data, 0, needed - 1)


@pytest.mark.parametrize(
    ("table", "field"),
    [(INVOICE_HEAD, 61), (INVOICE_HEAD, 62), (INVOICE_HEAD, 120), (INVOICE_HEAD, 137), (CUSTOMER, 66)],
)
def test_read_only_fields_are_109(clerk: Clerk, table: int, field: int) -> None:
    data = clerk.library.create_data(table)
    assert clerk.library.is_read_write(data, field) is False
    setter = clerk.library.set_double if table == INVOICE_HEAD and field < 100 else clerk.library.set_date
    with refused(109):
        setter(data, field, 0)


def test_writable_fields_say_so(clerk: Clerk) -> None:
    data = clerk.library.create_data(INVOICE_HEAD)
    assert all(clerk.library.is_read_write(data, field) for field in (0, 5, 6, 14, 35, 105, 112))
    contact = clerk.library.create_data(CONTACT)
    assert clerk.library.is_read_write(contact, 0) is False
    assert clerk.library.is_read_write(contact, 2) is True


def test_registers_kept_in_the_program_are_read_only(clerk: Clerk) -> None:
    unit = clerk.found(UNIT, CODE="st")
    assert clerk.library.is_read_write(unit, 3) is False
    with refused(109):
        clerk.put(unit, UNIT, TEXT="stycken")
    with refused(109):
        clerk.library.update(unit)
    with refused(109):
        clerk.library.add(clerk.record(UNIT, CODE="km"))


def test_last_field_and_timestamp_field(clerk: Clerk) -> None:
    library = clerk.library
    known = {table: library.create_data(table) for table in (CUSTOMER, INVOICE_HEAD, PROJECT, ACCOUNT, PRM)}
    assert [library.last_field_id(data) for data in known.values()] == [136, 151, 22, 24, 81]
    assert [library.timestamp_field(known[table]) for table in (CUSTOMER, INVOICE_HEAD, PROJECT)] == [94, 137, 21]
    with refused(607):
        library.timestamp_field(known[PRM])


@pytest.mark.c_interface
def test_timestamp_moves_with_each_write(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1002")
    before = clerk.library.get_date(data, 94)
    clerk.put(data, CUSTOMER, CITY="Lund")
    clerk.library.update(data)
    assert clerk.library.get_date(data, 94) > before


@pytest.mark.c_interface
@pytest.mark.parametrize("encoding", ["yyyymmdd", "opaque"])
@pytest.mark.parametrize("text", ["2026-01-31", "2024-02-29", "2099-12-31", "1999-12-31", ""])
def test_switch_date_encoding_round_trip(open_company: OpenCompany, encoding: str, text: str) -> None:
    clerk = open_company(date_encoding=encoding)
    value = clerk.library.date_to_long(text)
    assert clerk.library.long_to_date(value) == text
    data = clerk.library.create_data(PROJECT)
    clerk.library.set_date(data, 2, value)
    assert clerk.library.get_date(data, 2) == value
    plain = int(text.replace("-", "") or "0")
    assert (value == plain) is (encoding == "yyyymmdd" or not text)


@pytest.mark.c_interface
def test_opaque_dates_refuse_a_computed_number(open_company: OpenCompany) -> None:
    clerk = open_company(date_encoding="opaque")
    data = clerk.library.create_data(PROJECT)
    with refused(672):
        clerk.library.set_date(data, 2, 20260131)
    with refused(672):
        clerk.library.long_to_date(clerk.library.date_to_long("2026-01-31") + 1)


@pytest.mark.parametrize("text", ["2026-02-29", "2026-13-01", "26-01-31", "2026-1-31", "20260131", "igår"])
def test_what_is_no_date_is_34(clerk: Clerk, text: str) -> None:
    with refused(34):
        clerk.library.date_to_long(text)


@pytest.mark.parametrize("value", [20260229, 7, -20260131])
def test_a_number_that_is_no_date_is_672(clerk: Clerk, value: int) -> None:
    with refused(672):
        clerk.library.long_to_date(value)
    with refused(672):
        clerk.library.set_date(clerk.library.create_data(PROJECT), 2, value)


def test_dates_are_stored_the_same_in_both_encodings(open_company: OpenCompany) -> None:
    clerk = open_company(date_encoding="opaque")
    clerk.add(PROJECT, CODE_OF_PROJECT="77", DATE_OF_BEGINNING="2026-05-01", DATE_OF_END="2099-12-31")
    clerk.library.close()
    clerk.place.reinstall(switches=type(clerk.place.installation.switches)())
    clerk.open()
    data = clerk.found(PROJECT, CODE_OF_PROJECT="77")
    assert clerk.values(data, PROJECT, "DATE_OF_BEGINNING", "DATE_OF_END") == ["2026-05-01", "2099-12-31"]
    assert clerk.library.get_date(data, 3) == 20991231


@pytest.mark.parametrize("checked_at", ["set", "add"])
def test_switch_limits_checked_at(open_company: OpenCompany, checked_at: str) -> None:
    clerk = open_company(limits_checked_at=checked_at)
    data = clerk.record(CUSTOMER, NUMBER="3001")
    if checked_at == "set":
        with refused(180):
            clerk.put(data, CUSTOMER, NAME="x" * 51)
        return
    clerk.put(data, CUSTOMER, NAME="x" * 51)
    with refused(180):
        clerk.library.add(data)
    invoice = clerk.invoice_record({"TEXT": "Arvode", "QUANTITY1": 1, "PRICE_EACH_CURRENT_CURRENCY": 1.005})
    with refused(181):
        clerk.library.add(invoice)
    with refused(115):
        clerk.found(CUSTOMER, NUMBER="3001")


def test_limits_checked_at_add_apply_to_updates_and_searches(open_company: OpenCompany) -> None:
    clerk = open_company(limits_checked_at="add")
    data = clerk.found(CUSTOMER, NUMBER="1002")
    clerk.put(data, CUSTOMER, NAME="x" * 51)
    with refused(180):
        clerk.library.update(data)
    with refused(181):
        clerk.found(INVOICE_HEAD, DOCUMENT_NUMBER=1.5)


@pytest.mark.parametrize("decimals", [0, 2, 4])
def test_switch_quantity_decimals(open_company: OpenCompany, decimals: int) -> None:
    clerk = open_company(quantity_decimals=decimals)
    row = clerk.library.row(clerk.library.create_rows(INVOICE_ROW, 1), 0)
    assert clerk.library.field_decimals(row, 2) == decimals
    clerk.library.set_double(row, 2, round(1 / 3, decimals))
    with refused(181):
        clerk.library.set_double(row, 2, round(1 / 3, decimals + 1))
