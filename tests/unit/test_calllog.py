"""The call log of the Administration API: its file, its masking, and that no call of the port is left out."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.administration.adk import calllog
from brygga.administration.adk.calllog import (
    MEMBERS,
    CallLog,
    function_name,
    logged,
)
from brygga.administration.adk.ctypes_library import CtypesLibrary
from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.library import AdkLibrary, ErrorPart, FieldType
from brygga.administration.adk.masking import PERSONAL, masked_field, masked_patterns
from brygga.administration.adk.tables import FIELDS, CustomerField, HeadField, RowField, Table
from tests.shared import contract
from tests.unit.calllogs import Recording, a_logged, lines

TIME, FUNCTION, TABLE, FIELD, RECORD, VALUE, RESULT, MILLISECONDS = range(8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "APIAdklogg"
    made.touch()
    return made


# -- every call ----------------------------------------------------------------------------------------------------
VALUES: dict[str, Any] = {
    "common_path": "C:/Gemensamma",
    "company_path": "C:/Företag",
    "user": "eva.ek",
    "password": "hemligt",
    "date": 20260131,
    "function": lambda status: None,
    "status": AdkStatus(115, 0, 1),
    "part": ErrorPart.RESULT,
    "table": 0,
    "row_table": 7,
    "count": 2,
    "rows": 5,
    "index": 0,
    "data": 4,
    "field": 41,
    "length": 17,
    "value": 1,
    "text": "2026-01-31",
    "number": 1,
    "order": 12,
    "expression": "10*",
}
"""One value for each parameter of the port; a parameter that is added is a KeyError here."""


def port_members() -> list[str]:
    return sorted(name for name in dir(AdkLibrary) if not name.startswith("_"))


def test_the_members_are_those_of_the_port_and_have_names_in_the_contract() -> None:
    assert sorted(MEMBERS) == port_members()
    documented = {each["name"] for each in contract("adk_api.json")["functions"]}
    assert {function_name(name) for name in MEMBERS} - documented == set()


def test_the_names_are_those_of_the_functions_that_the_binding_calls() -> None:
    called = {name: set(getattr(CtypesLibrary, name).__code__.co_consts) for name in MEMBERS}
    wrong = {name for name, constants in called.items() if function_name(name) not in constants}
    assert wrong == set()


@pytest.mark.parametrize("member", port_members())
def test_every_method_of_the_port_is_passed_on_and_logged(member: str, path: Path) -> None:
    names = [name for name in inspect.signature(getattr(AdkLibrary, member)).parameters if name != "self"]
    library, inner = a_logged(path, **{member: 31})
    answer = getattr(library, member)(*(VALUES[name] for name in names))
    [(called, positional, named)] = inner.given
    assert called == member
    [line] = lines(path)
    assert len(line) == 8
    assert (line[FUNCTION], line[RESULT]) == (function_name(member), "0")
    assert float(line[MILLISECONDS]) >= 0
    if member == "set_warning_function":
        return
    assert answer == 31
    assert (*positional, *named.values()) == tuple(VALUES[name] for name in names)
    assert line[VALUE].endswith("→ 31")
    assert {"data": "#4", "rows": "#5"}.get(next(iter(names), ""), "-") == line[RECORD]
    assert line[FIELD] == ("41" if "field" in names else "-")


@pytest.mark.parametrize("member", port_members())
def test_an_error_is_logged_with_its_code_and_raised(member: str, path: Path) -> None:
    names = [name for name in inspect.signature(getattr(AdkLibrary, member)).parameters if name != "self"]
    error = AdkError(AdkStatus(180), "För långt")
    library, _inner = a_logged(path, **{member: error})
    with pytest.raises(AdkError) as caught:
        getattr(library, member)(*(VALUES[name] for name in names))
    assert caught.value is error
    [line] = lines(path)
    assert line[RESULT] == "180"


def test_another_exception_is_logged_by_name_and_raised(path: Path) -> None:
    library, _inner = a_logged(path, add=OverflowError("2**40"))
    with pytest.raises(OverflowError):
        library.add(4)
    assert lines(path)[0][RESULT] == "OverflowError"


def test_arguments_by_name_are_logged_like_others(path: Path) -> None:
    library, inner = a_logged(path, error_text="Finns inte")
    assert library.error_text(AdkStatus(115, 0, 1, 2, 3), part=ErrorPart.TABLE) == "Finns inte"
    assert lines(path)[0][VALUE] == 'status=115/0/1/2/3 part=TABLE → "Finns inte"'
    assert inner.given[0][0] == "error_text"


def test_warnings_are_logged_with_the_call_that_gave_them_and_passed_on(path: Path) -> None:
    seen: list[tuple[int, str]] = []
    library, inner = a_logged(path, error_text="Kreditgräns")
    library.set_warning_function(lambda status: seen.append((status.code, library.error_text(status))))
    warn = inner.given[0][1][0]

    def add(data: int) -> None:
        warn(AdkStatus(238))
        warn(AdkStatus(327))

    inner.__dict__["add"] = add
    library.add(4)
    library.update(4)
    assert seen == [(238, "Kreditgräns"), (327, "Kreditgräns")]
    assert [(line[FUNCTION], line[RESULT]) for line in lines(path)] == [
        ("AdkSetWarningFunction", "0"),
        ("AdkGetErrorText", "0"),
        ("AdkGetErrorText", "0"),
        ("AdkAdd", "0 warning 238 warning 327"),
        ("AdkUpdate", "0"),
    ]


def test_a_defect_of_the_log_is_none_of_the_call(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner, log = Recording(version=(2026, 1), add=AdkError(AdkStatus(12))), CallLog(path)
    library = logged(cast(AdkLibrary, inner), log)
    monkeypatch.setattr(calllog, "function_name", {"version": "AdkGetVersion"}.__getitem__)
    assert library.version() == (2026, 1)
    monkeypatch.setattr(calllog, "_named", None)
    monkeypatch.setattr(calllog, "function_name", str)
    library.create_data(0)
    with pytest.raises(AdkError):
        library.add(4)
    assert not log.active
    assert log.take_failure() == f"{path}: create_data: TypeError"


def test_a_line_break_in_a_value_does_not_make_a_second_line(path: Path) -> None:
    library, _inner = a_logged(path, create_data=4)
    library.set_filter(library.create_data(Table.ARTICLE), 0, "a\nb\tc\r\ud800å")
    _made, line = lines(path)
    assert line[VALUE] == 'expression="a\\nb\\tc\\r\\ud800å"'


# -- masking -------------------------------------------------------------------------------------------------------
def test_the_table_of_a_record_is_known_by_its_handle_also_for_rows(path: Path) -> None:
    library, inner = a_logged(path, create_data=4, create_rows=5, row=6, get_data=8)
    head = library.create_data(Table.INVOICE_HEAD)
    array = library.create_rows(Table.INVOICE_ROW, 1)
    row = library.row(array, 0)
    library.set_str(row, RowField.TEXT, "Möte med Eva Ek")
    library.set_str(row, RowField.ARTICLE_NUMBER, "100")
    library.set_data(head, HeadField.ROWS, array)
    library.set_str(library.get_data(head, HeadField.ROWS, 0), RowField.UNIT, "tim")
    library.delete_struct(head)
    library.set_str(row, RowField.UNIT, "tim")
    inner.answers["create_data"] = row
    library.create_data(Table.CUSTOMER)
    library.set_str(row, CustomerField.NUMBER, "1001")
    assert [(line[TABLE], line[FIELD], line[RECORD], line[VALUE]) for line in lines(path)] == [
        ("INVOICE_HEAD(6)", "-", "-", "→ 4"),
        ("INVOICE_ROW(7)", "-", "-", "count=1 → 5"),
        ("INVOICE_ROW(7)", "-", "#5", "index=0 → 6"),
        ("INVOICE_ROW(7)", "TEXT(14)", "#6", "value=*** (15 characters)"),
        ("INVOICE_ROW(7)", "ARTICLE_NUMBER(0)", "#6", 'value="100"'),
        ("INVOICE_HEAD(6)", "ROWS(103)", "#4", "rows=5"),
        ("INVOICE_HEAD(6)", "ROWS(103)", "#4", "index=0 → 8"),
        ("INVOICE_ROW(7)", "UNIT(15)", "#8", 'value="tim"'),
        ("INVOICE_HEAD(6)", "-", "#4", "-"),
        ("-", "15", "#6", "value=*** (3 characters)"),
        ("CUSTOMER(0)", "-", "-", "→ 6"),
        ("CUSTOMER(0)", "NUMBER(0)", "#6", 'value="1001"'),
    ]


def test_passwords_are_never_seen_and_users_are_masked(path: Path) -> None:
    library, _inner = a_logged(path)
    library.open("C:/Gemensamma", "C:/Företag", "eva.ek", "hemligt lösen")
    library.open("C:/Gemensamma", "C:/Företag", "", "")
    first, second = (line[VALUE] for line in lines(path))
    assert first == 'common_path="C:/Gemensamma" company_path="C:/Företag" user=*** password=***'
    assert second.endswith('user="" password=""')


def test_the_name_of_the_company_is_masked_and_other_answers_are_not(path: Path) -> None:
    library, _inner = a_logged(path, company_name="Eva Ek Konsult", variant=(2, True, "Administration 2000"))
    library.company_name("C:/G", "C:/F")
    library.variant("C:/G")
    assert lines(path)[0][VALUE] == 'common_path="C:/G" company_path="C:/F" → *** (14 characters)'
    assert lines(path)[1][VALUE] == 'common_path="C:/G" → 2,True,"Administration 2000"'


def test_dates_are_seen_and_other_texts_given_for_dates_are_not(path: Path) -> None:
    library, _inner = a_logged(path, long_to_date="2026-01-31", date_to_long=7, field_type=FieldType.CHAR)
    library.long_to_date(7)
    library.date_to_long("640823-3234")
    library.field_type(4, 1)
    assert [line[VALUE] for line in lines(path)] == ['value=7 → "2026-01-31"', 'text="***" → 7', "→ CHAR"]


@pytest.mark.parametrize(
    "text",
    [
        "eva.ek@example.se",
        "640823-3234",
        "6408233234",
        "19640823-3234",
        "SE640823323401",
        "640823+3234",
        "640823 – 3234",
        "070-123 45 67",
        "+46 (0)8 123 456 78",
        "08/12 34 56 7",
    ],
)
def test_patterns_of_personal_data_are_masked_inside_other_words(text: str) -> None:
    shown = masked_patterns(f"kund {text}, se")
    assert shown.startswith('"kund ')
    assert shown.endswith(', se"')
    assert "***" in shown
    assert not any(part in shown for part in ("eva", "example", "3234", "123", "456", "12 34"))


@pytest.mark.parametrize("text", ["10457", "TJ25", "900001", "SEK", "2026-01", "30", "Konsulttid"])
def test_codes_and_short_numbers_stay(text: str) -> None:
    assert masked_patterns(text) == f'"{text}"'


def test_a_field_that_the_program_does_not_know_is_masked() -> None:
    assert masked_field(None, 1, "Eva Ek") == "*** (6 characters)"
    assert masked_field(Table.CUSTOMER, 91, "Ring Eva") == "*** (8 characters)"
    assert masked_field(999, 0, "Eva Ek") == "*** (6 characters)"
    assert masked_field(Table.CUSTOMER, CustomerField.CODE_OF_TERMS_OF_PAYMENT, "30") == '"30"'
    assert masked_field(Table.CUSTOMER, CustomerField.NAME, "") == '""'


PERSONAL_WORDS = ("NAME", "ADDRESS", "ZIP", "CITY", "PHONE", "FAX", "EMAIL", "ORGANISATION", "VAT_NUMBER", "REMARK")


def test_every_field_that_is_personal_by_its_name_is_in_the_table() -> None:
    """Articles and profit centres are no persons; numbers and rates of a head with such words hold no person's text."""
    shown = {
        (table.name, member.name)
        for table, members in FIELDS.items()
        for member in members
        if any(word in member.name for word in PERSONAL_WORDS) and member not in PERSONAL.get(table, ())
    }
    assert shown == {("ARTICLE", "NAME"), ("CODE_OF_PROFIT_CENTRE", "NAME")}


@given(st.text(min_size=4), st.sampled_from(sorted((int(t), int(f)) for t, fields in PERSONAL.items() for f in fields)))
def test_nothing_of_a_personal_field_is_seen(text: str, where: tuple[int, int]) -> None:
    assert masked_field(*where, text) == f"*** ({len(text)} characters)"
