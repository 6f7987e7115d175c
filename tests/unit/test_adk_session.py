"""``AdkSession`` over the practice engine: whole records, every handle freed, lists complete or an exception."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.records import AdkRecord, FieldValue, Scan, record_from_wire, record_to_wire
from brygga.administration.adk.session import AdkSession, WrittenNotRead, decimal_text
from brygga.administration.adk.tables import (
    ArticleField,
    CustomerField,
    HeadField,
    ProjectField,
    RowField,
    SortOrder,
    Table,
)
from brygga.practice.adk_engine import PracticeEngine
from brygga.practice.adk_engine.company import Switches
from tests.contract.adk_company import INVOICE_HEAD, Place, build_place, refused, seed

NUMBER, DATE = HeadField.DOCUMENT_NUMBER, HeadField.DOCUMENT_DATE1
ROW: list[FieldValue] = [
    (RowField.ARTICLE_NUMBER, "100"),
    (RowField.QUANTITY1, "1.50"),
    (RowField.PRICE_EACH_CURRENT_CURRENCY, "66.67"),
]
HEAD: list[FieldValue] = [
    (HeadField.CUSTOMER_NUMBER, "1001"),
    (DATE, "2026-01-31"),
    (HeadField.LOCAL_REMARK, "Åäö – €"),
]
SEEDED = [(10, date(2026, 3, 1)), (11, date(2026, 1, 5)), (100, date(2026, 2, 1)), (101, date(2026, 1, 31))]


class Tried(PracticeEngine):
    """The engine, with calls replaced by a test: ``tricks`` name → function called instead."""

    def __init__(self) -> None:
        super().__init__()
        self.tricks: dict[str, Any] = {}

    def __getattribute__(self, name: str) -> Any:
        if name not in ("tricks", "__dict__"):
            trick = super().__getattribute__("__dict__").get("tricks", {}).get(name)
            if trick is not None:
                return trick
        return super().__getattribute__(name)


@pytest.fixture
def engine() -> Iterator[Tried]:
    made = Tried()
    yield made
    made.tricks.clear()
    assert made.open_handles == 0
    made.close()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    heads = [{"DOCUMENT_NUMBER": number, "CUSTOMER_NUMBER": "1001", "DOCUMENT_DATE1": day} for number, day in SEEDED]
    return build_place(tmp_path, tables={INVOICE_HEAD: seed(INVOICE_HEAD, *heads)})


@pytest.fixture
def session(engine: Tried, place: Place) -> AdkSession:
    return opened(engine, place)


def opened(engine: Tried, place: Place, **switches: Any) -> AdkSession:
    if switches:
        place.reinstall(switches=replace(Switches(), **switches))
    session = AdkSession(engine)
    session.open(str(place.common), str(place.company), "", "")
    return session


def numbers(records: list[AdkRecord]) -> list[int]:
    return [record.whole(NUMBER) for record in records]


# -- session -------------------------------------------------------------------------------------------------------
def test_opening_again_closes_first_and_closing_twice_is_harmless(engine: Tried, place: Place) -> None:
    place.reinstall(licences=1)
    session = opened(engine, place)
    session.open(str(place.common), str(place.company), "", "")
    assert session.is_open
    session.close()
    session.close()
    assert not session.is_open


def test_a_failed_open_leaves_nothing_open(engine: Tried, place: Place) -> None:
    session = opened(engine, place)
    with refused(137):
        session.open(str(place.company), str(place.company), "", "")
    assert not session.is_open


# -- reading -------------------------------------------------------------------------------------------------------
def test_find_reads_every_type(session: AdkSession) -> None:
    session.add(Table.INVOICE_HEAD, HEAD, rows=[ROW, [(RowField.TEXT, "Bara text")]])
    fields = [NUMBER, DATE, HeadField.LOCAL_REMARK, HeadField.DOCUMENT_PRINTED, HeadField.EXCLUDING_OF_VAT]
    rows = [RowField.TEXT, RowField.QUANTITY1]
    found = session.find(Table.INVOICE_HEAD, {NUMBER: "10457"}, fields, rows=rows)
    assert found is not None
    assert found.fields == dict(zip(fields, ["10457", "2026-01-31", "Åäö – €", False, "100.01"], strict=True))
    assert [row[RowField.TEXT] for row in found.rows] == ["Konsulttid", "Bara text"]
    assert found.rows[0][RowField.QUANTITY1] == "1.50"
    assert record_from_wire(record_to_wire(found)) == found


def test_find_answers_none_only_for_not_found(session: AdkSession) -> None:
    assert session.find(Table.CUSTOMER, {CustomerField.NUMBER: "no"}, [CustomerField.NAME]) is None
    with refused(177):
        session.find(Table.CUSTOMER, {CustomerField.NUMBER: ""}, [CustomerField.NAME])
    with refused(102):
        session.find(Table.CUSTOMER, {CustomerField.NUMBER: "1001"}, [999])


def test_find_in_another_order(session: AdkSession) -> None:
    fields = [CustomerField.NUMBER]
    found = session.find(Table.CUSTOMER, {CustomerField.NAME: "Bygg AB"}, fields, order=1)
    assert found is not None
    assert found.text(CustomerField.NUMBER) == "1002"
    with refused(104):
        session.find(Table.CUSTOMER, {CustomerField.NAME: "Bygg AB"}, fields, order=240)


def test_find_many_keeps_the_order_of_the_keys(session: AdkSession) -> None:
    found = session.find_many(Table.ARTICLE, ArticleField.NUMBER, ["200", "nej", "100"], [ArticleField.NAME])
    names = [None if record is None else record.text(ArticleField.NAME) for record in found]
    assert names == ["Utan konto", None, "Konsulttid"]


@pytest.mark.parametrize(
    ("walk", "expected"),
    [
        ({}, [10, 11, 100, 101]),
        ({"backwards": True}, [101, 100, 11, 10]),
        ({"backwards": True, "limit": 1}, [101]),
        ({"limit": 3}, [10, 11, 100]),
        ({"limit": 0}, []),
        ({"backwards": True, "until": (NUMBER, "11")}, [101, 100, 11]),
        ({"backwards": True, "until": (NUMBER, "12")}, [101, 100]),
        ({"until": (NUMBER, "99")}, [10, 11]),
        ({"order": SortOrder.eInvoiceDate}, [11, 101, 100, 10]),
        ({"order": SortOrder.eInvoiceDate, "backwards": True, "until": (DATE, "2026-01-31")}, [10, 100, 101]),
        ({"order": SortOrder.eInvoiceDate, "until": (DATE, "2026-02-01")}, [11, 101, 100]),
        ({"filters": {HeadField.CUSTOMER_NUMBER: "10*"}}, [10, 11, 100, 101]),
        ({"filters": {HeadField.CUSTOMER_NUMBER: "2*"}}, []),
    ],
)
def test_scan(session: AdkSession, walk: dict[str, Any], expected: list[int]) -> None:
    assert numbers(session.scan(Scan(Table.INVOICE_HEAD, [NUMBER], **walk))) == expected


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("code", [79, 115])
def test_an_empty_table_is_an_empty_list(engine: Tried, place: Place, code: int, backwards: bool) -> None:
    session = opened(engine, place, first_on_empty=code)
    empty = Scan(Table.INVOICE_HEAD, [NUMBER], filters={HeadField.CUSTOMER_NUMBER: "x"}, backwards=backwards)
    assert session.scan(empty) == []


def test_a_scan_that_fails_midway_is_an_exception_and_no_short_list(session: AdkSession, engine: Tried) -> None:
    calls = []

    def failing_next(data: int, rows: bool) -> None:
        calls.append(data)
        if len(calls) == 2:
            raise AdkError(AdkStatus(134))
        PracticeEngine.next(engine, data, rows)

    engine.tricks["next"] = failing_next
    with refused(134):
        session.scan(Scan(Table.INVOICE_HEAD, [NUMBER]))
    assert len(calls) == 2


def test_a_number_that_is_none_is_refused(session: AdkSession, engine: Tried) -> None:
    engine.tricks["get_double"] = lambda data, field: float("nan")
    with refused(672):
        session.scan(Scan(Table.INVOICE_HEAD, [NUMBER]))


def test_dates_are_opaque(engine: Tried, place: Place) -> None:
    session = opened(engine, place, date_encoding="opaque")
    by_date = Scan(Table.INVOICE_HEAD, [DATE], order=SortOrder.eInvoiceDate, backwards=True, until=(DATE, "2026-01-31"))
    assert [record.text(DATE) for record in session.scan(by_date)] == ["2026-03-01", "2026-02-01", "2026-01-31"]
    values: list[FieldValue] = [(ProjectField.CODE_OF_PROJECT, "77"), (ProjectField.NAME, "N")]
    dates: list[FieldValue] = [(ProjectField.DATE_OF_BEGINNING, "2026-02-03"), (ProjectField.DATE_OF_END, "")]
    session.add(Table.PROJECT, values + dates)
    found = session.find(Table.PROJECT, {0: "77"}, [ProjectField.DATE_OF_BEGINNING, ProjectField.DATE_OF_END])
    assert found is not None
    assert list(found.fields.values()) == ["2026-02-03", ""]


@pytest.mark.parametrize("counts", [True, False])
def test_texts_of_full_length_are_read_whole(engine: Tried, place: Place, counts: bool) -> None:
    session = opened(engine, place, buffer_counts_nul=counts)
    name = "Ö" * 50
    session.update(Table.CUSTOMER, {CustomerField.NUMBER: "1002"}, [(CustomerField.NAME, name)])
    found = session.find(Table.CUSTOMER, {CustomerField.NUMBER: "1002"}, [CustomerField.NAME])
    assert found is not None
    assert found.text(CustomerField.NAME) == name


# -- what fields are -----------------------------------------------------------------------------------------------
def test_describe_leaves_out_what_the_installation_has_not(session: AdkSession) -> None:
    described = session.describe(Table.CUSTOMER, [CustomerField.NAME, CustomerField.EXPORT, 999])
    assert described.keys() == {CustomerField.NAME, CustomerField.EXPORT}
    assert (described[CustomerField.NAME].length, described[CustomerField.NAME].writable) == (50, True)


def test_describe_rows(session: AdkSession) -> None:
    described = session.describe(Table.INVOICE_ROW, [RowField.TEXT, RowField.PRICE_EACH_CURRENT_CURRENCY])
    assert described[RowField.TEXT].length == 60
    assert described[RowField.PRICE_EACH_CURRENT_CURRENCY].decimals == 2


def test_describe_raises_other_errors(session: AdkSession) -> None:
    with refused(107):
        session.describe(999, [0])


# -- writing -------------------------------------------------------------------------------------------------------
def test_add_reads_back_from_the_same_record(session: AdkSession) -> None:
    read_back = [NUMBER, HeadField.TOTAL_AMOUNT, HeadField.ROUND_OFF]
    added = session.add(Table.INVOICE_HEAD, HEAD, rows=[ROW], read_back=read_back)
    assert list(added.fields.values()) == ["10457", "125.00", "-0.01"]


@pytest.mark.parametrize(
    ("code", "head", "rows"),
    [
        (49, [(HeadField.CUSTOMER_NUMBER, "9999"), (DATE, "2026-01-31")], [ROW]),
        (50, HEAD, [[(RowField.ARTICLE_NUMBER, "nix")]]),
        (180, HEAD, [ROW, [(RowField.TEXT, "x" * 61)]]),
        (180, [*HEAD, (HeadField.LOCAL_REMARK, "x" * 256)], [ROW]),
        (34, HEAD, [[(RowField.TEXT, "🙂")]]),
        (34, [*HEAD, (HeadField.DOCUMENT_DATE2, "2026-02-30")], []),
        (109, [*HEAD, (HeadField.TOTAL_AMOUNT, "1")], []),
        (103, [*HEAD, (HeadField.EXPORT, "1")], []),
        (103, [*HEAD, (HeadField.LOCAL_REMARK, True)], []),
        (103, [*HEAD, (HeadField.ROWS, "1")], []),
        (601, [(HeadField.CUSTOMER_NUMBER, "1001"), (DATE, "2031-01-31")], [ROW]),
    ],
)
def test_a_refused_add_writes_nothing_and_frees_all(
    session: AdkSession, code: int, head: list[FieldValue], rows: list[list[FieldValue]]
) -> None:
    with refused(code):
        session.add(Table.INVOICE_HEAD, head, rows=rows)
    assert numbers(session.scan(Scan(Table.INVOICE_HEAD, [NUMBER]))) == [10, 11, 100, 101]


@pytest.mark.parametrize("checked_at", ["set", "add"])
def test_too_many_decimals_never_reach_the_library(engine: Tried, place: Place, checked_at: str) -> None:
    session = opened(engine, place, limits_checked_at=checked_at)
    given: list[float] = []
    engine.tricks["set_double"] = lambda data, field, value: given.append(value)
    with refused(181):
        session.add(Table.INVOICE_HEAD, HEAD, rows=[[(RowField.PRICE_EACH_CURRENT_CURRENCY, "1.005")]])
    assert given == []


def test_trailing_zeros_are_no_decimals(session: AdkSession) -> None:
    row: list[FieldValue] = [*ROW[:2], (RowField.PRICE_EACH_CURRENT_CURRENCY, "100.0000"), (RowField.VAT_CODE, "1")]
    added = session.add(Table.INVOICE_HEAD, HEAD, rows=[row], read_back=[HeadField.EXCLUDING_OF_VAT])
    assert added.number(HeadField.EXCLUDING_OF_VAT) == Decimal(150)


def test_update_changes_only_what_is_given(session: AdkSession) -> None:
    fields = [CustomerField.NAME, CustomerField.CITY, CustomerField.MAILING_ADDRESS]
    changed = session.update(
        Table.CUSTOMER, {CustomerField.NUMBER: "1001"}, [(CustomerField.CITY, "")], read_back=fields
    )
    assert list(changed.fields.values()) == ["Åkeri & Söner AB", "", "Box 12"]


def test_update_of_nothing_is_115(session: AdkSession) -> None:
    with refused(115):
        session.update(Table.CUSTOMER, {CustomerField.NUMBER: "9999"}, [(CustomerField.CITY, "x")])


def test_what_cannot_be_read_back_is_known_to_be_written(session: AdkSession) -> None:
    with pytest.raises(WrittenNotRead) as caught:
        session.add(Table.INVOICE_HEAD, HEAD, rows=[ROW], read_back=[999])
    assert isinstance(caught.value.cause, AdkError)
    assert session.find(Table.INVOICE_HEAD, {NUMBER: "10457"}, [NUMBER]) is not None


def test_warnings_are_kept_until_taken(session: AdkSession) -> None:
    session.add(Table.INVOICE_HEAD, HEAD, rows=[[*ROW, (RowField.ACCOUNT_NUMBER, "3001")]])
    (warned,) = session.take_warnings()
    assert warned.code == 256
    assert warned.text
    assert session.take_warnings() == ()


# -- numbers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.1 + 0.2, 2, "0.30"),
        (1234.5, 2, "1234.50"),
        (10234.0, 0, "10234"),
        (10233.999999999998, 0, "10234"),
        (-0.0, 2, "0.00"),
        (-0.01, 2, "-0.01"),
        (66.665, 2, "66.665"),
        (1e16, 2, "10000000000000000.00"),
        (11.2345, 6, "11.234500"),
        (1e-7, 2, "0.00"),
    ],
)
def test_only_binary_noise_is_removed(value: float, decimals: int, text: str) -> None:
    assert decimal_text(value, decimals) == text


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_every_amount_survives_the_double(amount: Decimal) -> None:
    assert Decimal(decimal_text(float(amount), 2)) == amount


def test_a_record_tells_flags_from_texts_and_whole_numbers_from_others() -> None:
    record = AdkRecord({1: True, 2: "10.50", 3: "10.00"})
    assert record.whole(3) == 10
    with pytest.raises(ValueError, match="whole"):
        record.whole(2)
    with pytest.raises(TypeError):
        record.text(1)
    with pytest.raises(TypeError):
        record.flag(2)
