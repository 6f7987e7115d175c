"""The compiled practice library: its entry points against the contract, and that nothing wrong reads as success."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.administration.adk.binding import ErrorStruct
from brygga.administration.adk.ctypes_library import CtypesLibrary
from brygga.administration.adk.errors import AdkError, AdkLoadError, AdkStatus
from brygga.administration.adk.library import ErrorPart
from brygga.practice.adk_engine.native import MODELLED, REFUSED, EntryPoint, build_library, c_source
from tests.contract import native_double
from tests.contract.adk_company import CUSTOMER, Clerk, Place, build_place, free_row
from tests.shared import contract

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "src"
DOUBLE = "tests.contract.native_double"

INTERNAL, NULL_POINTER, SHORT, FILTER_SYNTAX = 1, 671, 114, 687


@pytest.fixture(scope="module")
def build_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the libraries of this module are built."""
    return tmp_path_factory.mktemp("native")


@pytest.fixture(scope="module")
def double_file(build_folder: Path) -> Path:
    """The library around the misbehaving engine."""
    return build_library(build_folder, engine=f"{DOUBLE}:library", search_path=(HERE.parents[1],))


@pytest.fixture
def double(double_file: Path) -> CtypesLibrary:
    """The misbehaving engine through the binding."""
    return CtypesLibrary(double_file)


@pytest.fixture
def raw(compiled_library_file: Path) -> Iterator[ctypes.CDLL]:
    """The practice library as a C client sees it; closed afterwards."""
    library = ctypes.CDLL(str(compiled_library_file))
    library.AdkCreateData.restype = ctypes.c_void_p
    for entry in (*MODELLED, *REFUSED):
        if entry.result == "ADK_ERROR":
            getattr(library, entry.name).restype = ErrorStruct
    yield library
    library.AdkClose()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A practice company."""
    return build_place(tmp_path)


@pytest.fixture
def record(raw: ctypes.CDLL, place: Place) -> ctypes.c_void_p:
    """A customer record of an open company, in C's hands; its name is set."""
    paths = [str(path).encode("cp1252") for path in (place.common, place.company)]
    assert raw.AdkOpen(*paths).lRc == 0
    data = ctypes.c_void_p(raw.AdkCreateData(CUSTOMER))
    assert data
    assert raw.AdkSetStr(data, 1, "Åkeri".encode("cp1252")).lRc == 0
    return data


# -- entry points against the contract ------------------------------------------------------------------------------
_C_WORDS = {
    **dict.fromkeys(
        ("INT", "LONG", "long", "BOOL", "ADK_ERROR_TEXT_TYPE", "ADK_SORT_ORDER", "ADK_SIE_TYPE"), "int32_t"
    ),
    **dict.fromkeys(("INT*", "LONG*", "BOOL*", "ADK_FIELD_TYPE*"), "int32_t *"),
    "DOUBLE": "double",
    "DOUBLE*": "double *",
    "CHAR": "char",
    "CHAR*": "char *",
    "CHAR**": "char **",
    "const char*": "const char *",
    "ADK_DATA*": "ADK_DATA *",
    "ADK_DATA**": "ADK_DATA **",
    "ADK_ERROR*": "ADK_ERROR *",
    "PADK_DATA": "ADK_DATA *",
    "ADK_ERROR": "ADK_ERROR",
    "VOID": "void",
}


@pytest.mark.parametrize("entry", [*MODELLED, *REFUSED], ids=lambda each: each.name)
def test_each_entry_point_has_the_documented_types(entry: EntryPoint) -> None:
    documented = {each["name"]: each for each in contract("adk_api.json")["functions"]}[entry.name]
    types = [re.sub(r"\w+$", "", parameter).strip() for parameter in entry.parameters]
    assert types == [_C_WORDS[argument["ctype"]] for argument in documented["args"]]
    expected = "int32_t" if documented["returns"] == "BOOL" else _C_WORDS[documented["returns"]]
    assert entry.result == expected


def test_all_documented_functions_are_exported(raw: ctypes.CDLL) -> None:
    documented = {each["name"] for each in contract("adk_api.json")["functions"]}
    assert {entry.name for entry in (*MODELLED, *REFUSED)} | {"AdkSetWarningFunction"} == documented
    assert [name for name in sorted(documented) if not hasattr(raw, name)] == []


def test_the_header_has_no_vendor_text_but_names() -> None:
    vendor_words = ("wtypes", "ADK_META", "ADK_FIELD ", "rgField", "pszSystemPath")
    assert [word for word in vendor_words if word in c_source()] == []


@pytest.mark.parametrize("entry", REFUSED, ids=lambda each: each.name)
def test_what_is_not_modelled_is_refused(raw: ctypes.CDLL, entry: EntryPoint) -> None:
    arguments = [
        ctypes.c_double(0)
        if parameter.startswith("double ") and "*" not in parameter
        else None
        if "*" in parameter
        else 0
        for parameter in entry.parameters
    ]
    assert getattr(raw, entry.name)(*arguments).status() == AdkStatus(INTERNAL)


# -- nothing wrong reads as success -----------------------------------------------------------------------------------
def test_the_handshake_answers_one(raw: ctypes.CDLL) -> None:
    assert raw.BryggaPracticeHandshake() == 1


def test_an_engine_that_does_not_start_is_refused_at_load(
    build_folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = build_library(build_folder, engine=f"{DOUBLE}:broken_library", search_path=(HERE.parents[1],))
    with pytest.raises(AdkLoadError) as caught:
        CtypesLibrary(file)
    assert caught.value.reason == "no_handshake"
    library = ctypes.CDLL(str(file))
    library.AdkAdd.restype = ErrorStruct
    library.AdkCreateData.restype = ctypes.c_void_p
    assert library.AdkAdd(None).status() == AdkStatus(INTERNAL)
    assert library.AdkCreateData(0) is None
    assert "the engine does not start" in capfd.readouterr().err


def test_an_unexpected_exception_is_an_internal_error(double: CtypesLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda event: reported.append(type(event.exc_value).__name__))
    with pytest.raises(AdkError) as caught:
        double.add(native_double.RECORD)
    assert caught.value.status == AdkStatus(INTERNAL)
    with pytest.raises(AdkError) as caught:
        double.create_rows(7, 1)
    assert caught.value.code == 107
    assert not double.is_read_write(native_double.RECORD, 1)
    with pytest.raises(AdkError) as caught:
        double.first(native_double.RECORD, rows=False)
    assert caught.value.code == INTERNAL
    assert reported == ["ValueError", "ValueError", "ValueError", "AttributeError"], "and Python is told of each"


def test_the_five_numbers_of_an_error_cross(double: CtypesLibrary) -> None:
    with pytest.raises(AdkError) as caught:
        double.delete_row(native_double.RECORD, 1)
    assert caught.value.status == native_double.ERROR


def test_an_error_text_is_cut_to_the_buffer(double: CtypesLibrary) -> None:
    text = double.error_text(native_double.ERROR, ErrorPart.FUNCTION)
    assert text.startswith("text 12 3 xxx")
    assert len(text) == 199


def test_the_callers_buffer_is_never_overrun(double_file: Path) -> None:
    library = ctypes.CDLL(str(double_file))
    library.AdkGetStr.restype = ErrorStruct
    memory = ctypes.create_string_buffer(b"#" * 20, 20)
    pointer = ctypes.c_char_p(ctypes.addressof(memory))
    assert library.AdkGetStr(native_double.RECORD, 1, ctypes.byref(pointer), 5).lRc == SHORT
    assert memory.raw == b"#" * 20
    assert library.AdkGetStr(native_double.RECORD, 1, ctypes.byref(pointer), 6).lRc == 0
    assert memory.raw == "Ååkeri".encode("cp1252") + b"\0" + b"#" * 13


# -- warnings -----------------------------------------------------------------------------------------------------
def test_a_warning_in_the_result_arrives_once(double: CtypesLibrary) -> None:
    seen: list[AdkStatus] = []
    double.set_warning_function(seen.append)
    double.update(native_double.RECORD)
    assert seen == [native_double.WARNING]
    double.delete_record(native_double.RECORD)
    assert seen == [native_double.WARNING] * 2


def test_a_warning_in_the_result_carries_its_code_in_c(double_file: Path) -> None:
    library = ctypes.CDLL(str(double_file))
    library.AdkDeleteRecord.restype = ErrorStruct
    assert library.AdkDeleteRecord(native_double.RECORD).status() == native_double.WARNING


# -- pointers and arguments of a C client ---------------------------------------------------------------------------
def test_null_pointers_are_refused(raw: ctypes.CDLL, record: ctypes.c_void_p) -> None:
    no_buffer = ctypes.byref(ctypes.c_char_p(None))
    answers = [
        raw.AdkSetStr(record, 1, None),
        raw.AdkGetStr(record, 1, None, 10),
        raw.AdkGetStr(record, 1, no_buffer, 10),
        raw.AdkGetType(record, 1, None),
        raw.AdkDateToLong(None, None),
        raw.AdkLongToDate(0, no_buffer, 11),
        raw.AdkOpen2(None, None, None, None),
        raw.AdkIsFilterable(record, 1, None),
    ]
    assert [answer.lRc for answer in answers] == [NULL_POINTER] * len(answers)


def test_a_text_with_an_unassigned_byte_is_refused(raw: ctypes.CDLL, record: ctypes.c_void_p) -> None:
    assert raw.AdkSetStr(record, 1, b"a\x81").lRc == 34


def test_another_filter_syntax_is_refused(raw: ctypes.CDLL, record: ctypes.c_void_p) -> None:
    assert raw.AdkSetFilter(record, 1, b"a*", 1).lRc == FILTER_SYNTAX
    assert raw.AdkSetFilter(record, 1, b"a*", 0).lRc == 0


def test_a_date_needs_room_for_its_end(raw: ctypes.CDLL, record: ctypes.c_void_p) -> None:
    day, memory = ctypes.c_int32(), ctypes.create_string_buffer(b"#" * 12, 12)
    pointer = ctypes.c_char_p(ctypes.addressof(memory))
    assert raw.AdkDateToLong(b"2026-01-31", ctypes.byref(day)).lRc == 0
    assert raw.AdkLongToDate(day, ctypes.byref(pointer), 10).lRc == SHORT
    assert memory.raw == b"#" * 12
    assert raw.AdkLongToDate(day, ctypes.byref(pointer), 11).lRc == 0
    assert memory.raw == b"2026-01-31\0#"


@pytest.mark.parametrize(("strict", "code"), [(0, 0), (1, INTERNAL)])
def test_only_the_known_way_of_asking_for_a_name_is_answered(
    raw: ctypes.CDLL, place: Place, strict: int, code: int
) -> None:
    memory = ctypes.create_string_buffer(60)
    pointer = ctypes.c_char_p(ctypes.addressof(memory))
    numbers = [ctypes.c_int32() for _ in range(3)]
    company, common = (str(path).encode("cp1252") for path in (place.company, place.common))
    references = [ctypes.byref(number) for number in numbers]
    answer = raw.AdkGetCompanyName(company, strict, common, ctypes.byref(pointer), 60, *references)
    assert answer.lRc == code
    assert memory.value == (b"" if code else b"Exempelkonsult AB")
    assert [number.value for number in numbers] == ([0, 0, 0] if code else [1, 2023, 1])


def test_a_record_is_opaque_and_a_foreign_pointer_refused(raw: ctypes.CDLL, record: ctypes.c_void_p) -> None:
    assert raw.AdkDeleteStruct(ctypes.c_void_p(0x7FFF_FFFF_0000)).lRc == 211
    assert raw.AdkDeleteStruct(None).lRc == 211
    assert raw.AdkDeleteStruct(record).lRc == 0
    assert raw.AdkDeleteStruct(record).lRc == 211


# -- building and hosting ---------------------------------------------------------------------------------------------
def test_an_equal_library_is_built_once(double_file: Path, build_folder: Path) -> None:
    written = double_file.stat().st_mtime_ns
    assert build_library(build_folder, engine=f"{DOUBLE}:library", search_path=(HERE.parents[1],)) == double_file
    assert double_file.stat().st_mtime_ns == written
    assert [path.name for path in build_folder.iterdir() if path.is_dir()] == []


def test_another_engine_is_another_library(double_file: Path, compiled_library_file: Path) -> None:
    assert double_file.name != compiled_library_file.name


def test_two_libraries_live_in_one_process(double: CtypesLibrary, compiled_library_file: Path, place: Place) -> None:
    practice = CtypesLibrary(compiled_library_file)
    practice.open(str(place.common), str(place.company), "", "")
    with pytest.raises(AdkError) as caught:
        double.delete_row(native_double.RECORD, 1)
    assert caught.value.status == native_double.ERROR
    assert practice.company_name(str(place.common), str(place.company)) == "Exempelkonsult AB"
    practice.close()


_HOST = """
import sys
from brygga.administration.adk.ctypes_library import CtypesLibrary
library = CtypesLibrary(sys.argv[1])
library.open(sys.argv[2], sys.argv[3], "", "")
data = library.create_data(0)
library.set_str(data, 0, "1001")
library.find(data, False)
sys.stdout.buffer.write(library.get_str(data, 1, 61).encode("utf-8"))
library.delete_struct(data)
library.close()
"""


def test_another_process_hosts_the_library(compiled_library_file: Path, place: Place) -> None:
    arguments = [str(compiled_library_file), str(place.common), str(place.company)]
    done = subprocess.run(
        [sys.executable, "-c", _HOST, *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode("utf-8") == "Åkeri & Söner AB"


def test_the_callback_comes_before_the_call_returns(compiled_library_file: Path, place: Place) -> None:
    clerk = Clerk(CtypesLibrary(compiled_library_file), place)
    clerk.open()
    order: list[str] = []
    clerk.library.set_warning_function(lambda status: order.append(f"warning {status.code}"))
    try:
        clerk.add_invoice(free_row(1, 1, ACCOUNT_NUMBER="3001"))
        order.append("returned")
    finally:
        clerk.library.close()
    assert order == ["warning 256", "returned"]
