"""``CtypesLibrary`` by itself: its tables against the contract, loading, and odd answers of the library below."""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk import binding
from brygga.administration.adk.answers import WARNING_CODES
from brygga.administration.adk.binding import dll_folder_from_registry, library_file, load_failure_reason
from brygga.administration.adk.ctypes_library import CtypesLibrary
from brygga.administration.adk.errors import AdkError, AdkLoadError, AdkStatus
from brygga.administration.adk.library import ErrorPart
from brygga.administration.adk.signatures import BY_NAME, SIGNATURES, Signature, export_name
from tests.contract.vendor_double import FIRST_ANSWER, build_vendor_double
from tests.shared import contract


@pytest.fixture(scope="session")
def vendor_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All functions."""
    return build_vendor_double(tmp_path_factory.mktemp("vendor"), "vendor_full")


@pytest.fixture(scope="session")
def old_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of version 5.4."""
    return build_vendor_double(tmp_path_factory.mktemp("old"), "vendor_old", lambda each: each.required)


@pytest.fixture
def vendor(vendor_file: Path) -> CtypesLibrary:
    """The library with all functions, loaded."""
    return CtypesLibrary(vendor_file)


# -- tables against the contract -------------------------------------------------------------------------------
@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda each: each.name)
def test_each_signature_is_the_documented_one(signature: Signature) -> None:
    documented = {each["name"]: each for each in contract("adk_api.json")["functions"]}[signature.name]
    assert signature.result == documented["returns"]
    assert list(signature.arguments) == [argument["ctype"] for argument in documented["args"]]
    assert signature.x86_export == documented["x86_export"]
    assert signature.since == documented["since"]


def test_no_function_is_listed_twice() -> None:
    assert len(BY_NAME) == len(SIGNATURES)


def test_warning_codes_are_the_documented_ones() -> None:
    assert {each["code"] for each in contract("adk_errors.json") if each["kind"] == "warning"} == WARNING_CODES


@pytest.mark.parametrize(
    ("bits", "windows", "expected"),
    [(32, True, "_AdkOpen2@16"), (64, True, "AdkOpen2"), (32, False, "AdkOpen2"), (64, False, "AdkOpen2")],
)
def test_only_a_32_bit_windows_library_has_decorated_names(bits: int, windows: bool, expected: str) -> None:
    assert export_name("AdkOpen2", bits, windows) == expected


def test_the_error_struct_has_the_documented_size() -> None:
    assert ctypes.sizeof(binding.ErrorStruct) == 20


# -- loading -----------------------------------------------------------------------------------------------------
def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(AdkLoadError) as caught:
        CtypesLibrary(tmp_path / "Adk.dll")
    assert caught.value.reason == "not_found"
    assert "Adk.dll" in caught.value.detail


def test_a_folder_is_searched_for_the_file_name(vendor_file: Path, tmp_path: Path) -> None:
    assert CtypesLibrary(vendor_file.parent, file_name=vendor_file.name).version() == (2023, 1)
    with pytest.raises(AdkLoadError, match="Adk64"):
        CtypesLibrary(tmp_path, file_name="Adk64.dll")


def test_a_file_that_is_no_library_is_of_the_wrong_kind(tmp_path: Path) -> None:
    file = tmp_path / "Adk.dll"
    file.write_bytes(b"not a library, whatever its name says" * 100)
    with pytest.raises(AdkLoadError) as caught:
        CtypesLibrary(file)
    assert caught.value.reason == "not_a_library"


def test_load_failures_are_told_apart(tmp_path: Path) -> None:
    windows, linux, text = (tmp_path / name for name in ("a.dll", "a.so", "a.txt"))
    windows.write_bytes(b"MZ...")
    linux.write_bytes(b"\x7fELF...")
    text.write_bytes(b"text")
    bad_format, dependency = OSError("%1 is not a valid Win32 application"), OSError("module not found")
    bad_format.winerror, dependency.winerror = 193, 126  # type: ignore[attr-defined,unused-ignore]
    assert load_failure_reason(bad_format, windows) == "wrong_bitness"
    assert load_failure_reason(bad_format, text) == "not_a_library"
    assert load_failure_reason(bad_format, tmp_path / "gone.dll") == "not_found"
    assert load_failure_reason(dependency, windows) == "not_found"
    assert load_failure_reason(OSError("x.so: wrong ELF class: ELFCLASS32"), linux) == "wrong_bitness"
    assert load_failure_reason(OSError("liba.so: cannot open shared object file"), linux) == "not_found"


def test_a_library_without_a_needed_function_is_refused(tmp_path: Path) -> None:
    file = build_vendor_double(tmp_path, "vendor_ancient", lambda each: each.since == "base")
    with pytest.raises(AdkLoadError) as caught:
        CtypesLibrary(file)
    assert caught.value.reason == "missing_function"
    assert caught.value.detail in BY_NAME


def test_an_old_library_opens_without_log_in_and_misses_the_rest_when_called(old_file: Path) -> None:
    library = CtypesLibrary(old_file)
    with pytest.raises(AdkError) as opened:
        library.open("c", "f", "", "")
    assert opened.value.code == _answer_of("AdkOpen")
    newer: list[Callable[[], None]] = [
        lambda: library.open("c", "f", "eva", "x"),
        lambda: library.set_filter(1, 1, "a*"),
    ]
    for call in newer:
        with pytest.raises(AdkLoadError) as caught:
            call()
        assert caught.value.reason == "missing_function"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a registry")
def test_elsewhere_than_on_windows_no_folder_is_registered() -> None:
    assert dll_folder_from_registry() is None
    with pytest.raises(AdkLoadError) as caught:
        library_file(None, "Adk.dll")
    assert caught.value.reason == "not_found"


class _Registry:
    """A stand-in for ``winreg`` whose entry is seen in one view only."""

    KEY_WOW64_32KEY, KEY_WOW64_64KEY, KEY_READ, HKEY_LOCAL_MACHINE = 0x200, 0x100, 0x20019, 2

    def __init__(self, view: int | None, folder: str) -> None:
        self._view, self._folder = view, folder

    def OpenKey(self, root: int, key: str, reserved: int, access: int) -> _Registry:
        assert (root, key) == (2, r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\SpcsAdm.Exe")
        if self._view is None or access != self.KEY_READ | self._view:
            raise FileNotFoundError(key)
        return self

    def QueryValueEx(self, key: Any, name: str) -> tuple[str, int]:
        assert name == "AdkDll"
        return self._folder, 1

    def __enter__(self) -> _Registry:
        return self

    def __exit__(self, *details: object) -> None:
        return None


@pytest.mark.parametrize(
    ("view", "folder", "expected"),
    [(0, "adk", Path("adk")), (0x200, "adk", Path("adk")), (None, "adk", None), (0, "", None)],
)
def test_the_registry_names_the_folder(
    monkeypatch: pytest.MonkeyPatch, view: int | None, folder: str, expected: Path | None
) -> None:
    monkeypatch.setattr(binding, "WINDOWS", True)
    monkeypatch.setitem(sys.modules, "winreg", _Registry(view, folder))
    assert dll_folder_from_registry() == expected


# -- each method calls its function -----------------------------------------------------------------------------
def _answer_of(name: str) -> int:
    return FIRST_ANSWER + [each.name for each in SIGNATURES].index(name)


CALLS: dict[str, Callable[[CtypesLibrary], object]] = {
    "AdkOpen2": lambda library: library.open("c", "f", "", ""),
    "AdkIsLoginActivated": lambda library: library.is_login_activated("c", "f"),
    "AdkGetCompanyName": lambda library: library.company_name("c", "f"),
    "AdkGetVariant": lambda library: library.variant("c"),
    "AdkGetBookingYearId": lambda library: library.booking_year_id(1),
    "AdkDeleteStruct": lambda library: library.delete_struct(16),
    "AdkGetBool": lambda library: library.get_bool(16, 1),
    "AdkGetDouble": lambda library: library.get_double(16, 1),
    "AdkGetDate": lambda library: library.get_date(16, 1),
    "AdkSetStr": lambda library: library.set_str(16, 1, "x"),
    "AdkSetBool": lambda library: library.set_bool(16, 1, True),
    "AdkSetDouble": lambda library: library.set_double(16, 1, 1.5),
    "AdkSetDate": lambda library: library.set_date(16, 1, 20260131),
    "AdkSetData": lambda library: library.set_data(16, 103, 32),
    "AdkLongToDate": lambda library: library.long_to_date(1),
    "AdkLongToDateTime": lambda library: library.long_to_date_time(1),
    "AdkDateToLong": lambda library: library.date_to_long("2026-01-31"),
    "AdkGetType": lambda library: library.field_type(16, 1),
    "AdkGetLength": lambda library: library.field_length(16, 1),
    "AdkGetDecimals": lambda library: library.field_decimals(16, 1),
    "AdkGetLastFldId": lambda library: library.last_field_id(16),
    "AdkGetTimestampField": lambda library: library.timestamp_field(16),
    "AdkSetSortOrder": lambda library: library.set_sort_order(16, 3),
    "AdkFindEx": lambda library: library.find(16, True),
    "AdkFirstEx": lambda library: library.first(16, True),
    "AdkLastEx": lambda library: library.last(16, True),
    "AdkNextEx": lambda library: library.next(16, False),
    "AdkPreviousEx": lambda library: library.previous(16, False),
    "AdkSetFilter": lambda library: library.set_filter(16, 1, "a*"),
    "AdkIsFilterable": lambda library: library.is_filterable(16, 1),
    "AdkClearFilters": lambda library: library.clear_filters(16),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_error_answer_is_raised_with_its_numbers_and_text(vendor: CtypesLibrary, name: str) -> None:
    with pytest.raises(AdkError) as caught:
        CALLS[name](vendor)
    assert caught.value.status == AdkStatus(_answer_of(name), 10, 20, 30, 40)
    assert caught.value.text == f"text {_answer_of(name)} del 0"


def test_versions_and_texts_come_from_their_functions(vendor: CtypesLibrary) -> None:
    assert vendor.version() == (2023, 1)
    assert vendor.database_version() == (2024, 2)
    assert vendor.error_text(AdkStatus(12), ErrorPart.FUNCTION) == "text 12 del 3"
    assert vendor.is_read_write(16, 5)
    assert not vendor.is_read_write(16, 6)
    vendor.close()


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda library: library.create_data(99), 107),
        (lambda library: library.create_rows(7, 2), 107),
        (lambda library: library.row(16, 9), 111),
        (lambda library: library.get_data(16, 103, 9), 111),
    ],
    ids=["record", "rows", "row of an array", "row of a head"],
)
def test_a_null_record_is_an_error(vendor: CtypesLibrary, call: Callable[[CtypesLibrary], object], code: int) -> None:
    with pytest.raises(AdkError) as caught:
        call(vendor)
    assert caught.value.code == code


def test_a_handle_of_full_width_survives(vendor: CtypesLibrary) -> None:
    handle = vendor.create_data(0)
    vendor.reset_struct(handle)
    with pytest.raises(AdkError) as caught:
        vendor.reset_struct(handle - 1)
    assert caught.value.code == 211


# -- texts and numbers --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "expected"),
    [(0, ""), (1, "annat minne Å"), (2, "x" * 6), (3, "a\x81å"), (4, "")],
    ids=["untouched", "the library's own memory", "no NUL within the length", "unassigned byte", "null"],
)
def test_a_text_is_read_however_the_library_gives_it(vendor: CtypesLibrary, field: int, expected: str) -> None:
    assert vendor.get_str(16, field, 6) == expected


@pytest.mark.parametrize("text", ["Ω", "a\0b", "日本"])
def test_a_text_that_cannot_cross_is_refused_before_the_call(vendor: CtypesLibrary, text: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: vendor.set_str(16, 1, text),
        lambda: vendor.set_filter(16, 1, text),
        lambda: vendor.open("c", text, "", ""),
        lambda: vendor.date_to_long(text),
    ]
    for call in calls:
        with pytest.raises(AdkError) as caught:
            call()
        assert caught.value.status == AdkStatus(34)
        assert caught.value.text == "text 34 del 0"


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1])
def test_a_number_beyond_32_bits_is_not_cut(vendor: CtypesLibrary, number: int) -> None:
    with pytest.raises(ctypes.ArgumentError, match="32-bit"):
        vendor.set_date(16, 1, number)


# -- warnings -------------------------------------------------------------------------------------------------------
def test_warnings_of_a_call_are_delivered_in_order(vendor: CtypesLibrary) -> None:
    seen: list[AdkStatus] = []
    vendor.set_warning_function(seen.append)
    vendor.add(16)
    assert seen == [AdkStatus(238, 1, 2, 3, 4), AdkStatus(256, 1, 2, 3, 4)]


def test_a_warning_as_the_result_is_success_and_delivered_once(vendor: CtypesLibrary) -> None:
    seen: list[AdkStatus] = []
    vendor.set_warning_function(seen.append)
    vendor.update(16)
    assert seen == [AdkStatus(256, 10, 20, 30, 40)]
    vendor.delete_record(16)
    assert [status.code for status in seen] == [256, 238]


def test_a_warning_without_a_function_is_success(vendor: CtypesLibrary) -> None:
    vendor.update(16)
    assert vendor.version() == (2023, 1)


def test_the_warning_function_may_ask_for_the_text(vendor: CtypesLibrary) -> None:
    texts: list[str] = []
    vendor.set_warning_function(lambda status: texts.append(vendor.error_text(status)))
    vendor.delete_record(16)
    assert texts == ["text 238 del 0"]


def test_the_latest_warning_function_is_called(vendor: CtypesLibrary) -> None:
    first: list[AdkStatus] = []
    second: list[AdkStatus] = []
    vendor.set_warning_function(first.append)
    vendor.set_warning_function(second.append)
    vendor.add(16)
    assert (len(first), len(second)) == (0, 2)


def _failing(status: AdkStatus) -> None:
    raise LookupError(f"no words for {status.code}")


def test_what_the_warning_function_raises_appears_after_the_call(vendor: CtypesLibrary) -> None:
    vendor.set_warning_function(_failing)
    with pytest.raises(BaseExceptionGroup) as both:
        vendor.add(16)
    assert [str(each) for each in both.value.exceptions] == ["no words for 238", "no words for 256"]
    with pytest.raises(LookupError, match="238"):
        vendor.delete_record(16)
    assert vendor.version() == (2023, 1), "the failure was reported once"


def test_an_error_of_the_call_outweighs_that_of_the_warning_function(vendor: CtypesLibrary) -> None:
    vendor.set_warning_function(_failing)
    with pytest.raises(AdkError) as caught:
        vendor.delete_row(16, 1)
    assert caught.value.code == 12
    assert isinstance(caught.value.__cause__, LookupError)


# -- one thread -----------------------------------------------------------------------------------------------------
def test_another_thread_is_refused(vendor: CtypesLibrary) -> None:
    outcome: list[Exception | tuple[int, int]] = []

    def call() -> None:
        try:
            outcome.append(vendor.version())
        except RuntimeError as error:
            outcome.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert isinstance(outcome[0], RuntimeError)
    assert "thread" in str(outcome[0])


def test_every_function_in_the_table_is_called_by_a_test_above() -> None:
    called = set(CALLS) | {"AdkOpen", "AdkClose", "AdkGetVersion", "AdkGetProgramDatabaseVersion", "AdkResetStruct"}
    called |= {"AdkSetWarningFunction", "AdkGetErrorText", "AdkCreateData", "AdkCreateDataRow", "AdkGetDataRow"}
    called |= {"AdkGetStr", "AdkGetData", "AdkIsReadWrite", "AdkAdd", "AdkUpdate", "AdkDeleteRow", "AdkDeleteRecord"}
    assert called == set(BY_NAME)
