"""Contract suite over the port: opening, licences, log-in, versions, and the ends of handles."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from brygga.administration.adk.errors import AdkError, AdkStatus
from brygga.administration.adk.library import AdkLibrary, ErrorPart
from brygga.practice.adk_engine import library as practice_library
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from tests.contract.adk_company import (
    BOOKINGYEAR,
    CUSTOMER,
    INVOICE_HEAD,
    INVOICE_ROW,
    Clerk,
    build_place,
    hours,
    refused,
)
from tests.contract.conftest import OpenCompany


@pytest.fixture
def closed(library: AdkLibrary, tmp_path: Path) -> Clerk:
    return Clerk(library, build_place(tmp_path))


def test_open_and_close_in_folders_with_swedish_letters(closed: Clerk) -> None:
    closed.open()
    assert closed.value(closed.found(CUSTOMER, NUMBER="1001"), CUSTOMER, "NAME") == "Åkeri & Söner AB"
    closed.library.close()
    closed.open()


def test_wrong_common_path_is_137(closed: Clerk) -> None:
    with refused(137):
        closed.library.open(str(closed.place.company), str(closed.place.company), "", "")


def test_wrong_company_path_is_116(closed: Clerk) -> None:
    with refused(116):
        closed.library.open(str(closed.place.common), str(closed.place.common), "", "")


def test_nothing_open_is_80_after_a_failed_open(closed: Clerk) -> None:
    with pytest.raises(AdkError):
        closed.library.open("", str(closed.place.company), "", "")
    data = closed.library.create_data(CUSTOMER)
    for call in (
        lambda: closed.library.first(data, False),
        lambda: closed.library.add(data),
        lambda: closed.library.set_str(data, 0, "1"),
        lambda: closed.library.booking_year_id(20260131),
    ):
        with refused(80):
            call()
    closed.library.delete_struct(data)


@pytest.mark.c_interface
def test_dates_need_an_open_company(closed: Clerk) -> None:
    with refused(80):
        closed.library.date_to_long("2026-01-31")


def test_close_without_open_does_nothing(library: AdkLibrary) -> None:
    library.close()


def test_a_second_open_is_refused_and_leaves_the_first(clerk: Clerk) -> None:
    with refused(1):
        clerk.open()
    assert clerk.value(clerk.found(CUSTOMER, NUMBER="1002"), CUSTOMER, "NAME") == "Bygg AB"


def test_a_record_loses_its_position_when_the_company_closes(clerk: Clerk) -> None:
    data = clerk.found(CUSTOMER, NUMBER="1001")
    clerk.library.close()
    clerk.open()
    with refused(115):
        clerk.library.next(data, False)


def test_company_name_and_variant_without_opening(closed: Clerk) -> None:
    common, company = str(closed.place.common), str(closed.place.company)
    assert closed.library.company_name(common, company) == "Exempelkonsult AB"
    assert closed.library.variant(common) == (1, True, "Administration 2000")
    with refused(116):
        closed.library.company_name(common, common)
    with refused(137):
        closed.library.variant(company)


def test_versions(closed: Clerk) -> None:
    closed.place.reinstall(api_version=(2022, 2), program_version=(2022, 2))
    closed.open()
    assert closed.library.version() == (2022, 2)
    assert closed.library.database_version() == (2023, 1)


@pytest.mark.parametrize(
    ("program", "code"), [((2022, 1), 132), ((2024, 1), 133), ((2023, 2), 223)], ids=["older", "newer", "minor"]
)
def test_program_and_api_of_different_versions(closed: Clerk, program: tuple[int, int], code: int) -> None:
    closed.place.reinstall(program_version=program)
    with refused(code):
        closed.open()


@pytest.mark.parametrize(("expected", "code"), [((2022, 1), 76), ((2024, 1), 77)], ids=["newer", "older"])
def test_company_of_another_database_version(closed: Clerk, expected: tuple[int, int], code: int) -> None:
    closed.place.reinstall(program_database_version=expected)
    with refused(code):
        closed.open()


def test_licence_without_the_api_is_583(closed: Clerk) -> None:
    closed.place.reinstall(api_licensed=False)
    assert closed.library.variant(str(closed.place.common))[1] is False
    with refused(583):
        closed.open()


def test_one_licence_per_open_company(closed: Clerk) -> None:
    closed.place.reinstall(licences=1)
    other = practice_library()
    other.open(str(closed.place.common), str(closed.place.company), "", "")
    with refused(135):
        closed.open()
    other.close()
    closed.open()


def test_a_failed_open_takes_no_licence(closed: Clerk) -> None:
    closed.place.reinstall(licences=1, users={"eva": "hemligt"})
    with refused(676):
        closed.open("eva", "fel")
    closed.open("eva", "hemligt")


def test_a_killed_process_gives_its_licence_back(closed: Clerk) -> None:
    closed.place.reinstall(licences=1)
    source = Path(__file__).resolve().parents[2] / "src"
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from brygga.practice.adk_engine import library;"
        "library().open(sys.argv[2], sys.argv[3], '', ''); os._exit(7)"
    )
    paths = [str(source), str(closed.place.common), str(closed.place.company)]
    assert subprocess.run([sys.executable, "-c", script, *paths], check=False, timeout=300).returncode == 7
    closed.open()


def test_login_is_demanded_only_with_users(closed: Clerk) -> None:
    common, company = str(closed.place.common), str(closed.place.company)
    assert closed.library.is_login_activated(common, company) is False
    closed.place.reinstall(users={"eva": "hemligt"})
    assert closed.library.is_login_activated(common, company) is True
    for user_name, password in (("", ""), ("eva", ""), ("adam", "hemligt")):
        with refused(676):
            closed.open(user_name, password)
    closed.open("eva", "hemligt")


@pytest.mark.parametrize("accepted", [True, False])
def test_switch_empty_login_accepted(library: AdkLibrary, tmp_path: Path, accepted: bool) -> None:
    clerk = Clerk(library, build_place(tmp_path, switches=Switches(empty_login_accepted=accepted)))
    if accepted:
        clerk.open()
    else:
        with refused(676):
            clerk.open()
        clerk.open("vem som helst", "")


@pytest.mark.parametrize("folder", ["company", "common"])
def test_exclusive_lock_is_486_at_open_and_at_write(closed: Clerk, folder: str) -> None:
    path = getattr(closed.place, folder)
    user.set_exclusive_lock(path, True)
    with refused(486):
        closed.open()
    user.set_exclusive_lock(path, False)
    closed.open()
    data = closed.record(CUSTOMER, NUMBER="3001")
    user.set_exclusive_lock(path, True)
    with refused(486):
        closed.library.add(data)
    closed.library.first(closed.library.create_data(CUSTOMER), False)
    user.set_exclusive_lock(path, False)
    closed.library.add(data)


def test_journal_in_progress_is_560_for_invoices_only(clerk: Clerk) -> None:
    user.set_journal_in_progress(clerk.place.company, True)
    data = clerk.invoice_record(hours(1, 1000))
    with refused(560):
        clerk.library.add(data)
    clerk.add(CUSTOMER, NUMBER="3001")
    user.set_journal_in_progress(clerk.place.company, False)
    clerk.library.add(data)


def test_booking_year_of_a_date(clerk: Clerk) -> None:
    library = clerk.library
    assert library.booking_year_id(library.date_to_long("2025-12-31")) == "24"
    assert library.booking_year_id(library.date_to_long("2026-01-01")) == "25"
    with refused(462):
        library.booking_year_id(library.date_to_long("2027-01-01"))


def test_booking_years_by_start_date(clerk: Clerk) -> None:
    data = clerk.library.create_data(BOOKINGYEAR)
    clerk.library.set_sort_order(data, 182)
    assert clerk.walk(data, BOOKINGYEAR, "START") == ["2025-01-01", "2026-01-01"]


def test_unknown_table_is_107(library: AdkLibrary) -> None:
    for table in (-1, 2, 13, 64, 999):
        with refused(107):
            library.create_data(table)


@pytest.mark.parametrize(("table", "count"), [(INVOICE_HEAD, 1), (8, 1), (INVOICE_ROW, 0), (INVOICE_ROW, -1)])
def test_row_arrays_only_of_row_tables(library: AdkLibrary, table: int, count: int) -> None:
    with refused(107):
        library.create_rows(table, count)


def test_freed_handles_are_211(clerk: Clerk) -> None:
    data = clerk.record(CUSTOMER, NUMBER="1001")
    clerk.library.delete_struct(data)
    with refused(211):
        clerk.library.set_str(data, 0, "1001")
    with refused(211):
        clerk.library.delete_struct(data)


def test_rows_go_with_their_array(clerk: Clerk) -> None:
    array = clerk.library.create_rows(INVOICE_ROW, 2)
    row = clerk.library.row(array, 1)
    clerk.put(row, INVOICE_ROW, TEXT="rad")
    with refused(212):
        clerk.library.delete_struct(row)
    clerk.library.delete_struct(array)
    with refused(211):
        clerk.put(row, INVOICE_ROW, TEXT="rad")


@pytest.mark.parametrize("index", [-1, 2])
def test_row_outside_its_array_is_111(clerk: Clerk, index: int) -> None:
    array = clerk.library.create_rows(INVOICE_ROW, 2)
    with refused(111):
        clerk.library.row(array, index)


def test_row_of_something_that_is_no_array_is_111(clerk: Clerk) -> None:
    with refused(111):
        clerk.library.row(clerk.library.create_data(CUSTOMER), 0)


def test_attaching_what_is_no_row_array_is_212(clerk: Clerk) -> None:
    head = clerk.library.create_data(INVOICE_HEAD)
    with refused(212):
        clerk.library.set_data(head, 103, clerk.library.create_data(CUSTOMER))


def test_error_says_code_table_field_and_function_in_words(clerk: Clerk) -> None:
    with pytest.raises(AdkError) as caught:
        clerk.record(CUSTOMER, NAME="x" * 51)
    status = caught.value.status
    assert (status.code, status.table, status.field, status.function) == (180, 52, 1, 89)
    assert caught.value.text == "För många tecken"
    assert clerk.library.error_text(status, ErrorPart.TABLE) == "Kunder"
    assert clerk.library.error_text(status, ErrorPart.PROGRAM_PART) == ""
    assert clerk.library.error_text(AdkStatus(77777)) == ""


def test_a_licence_is_kept_per_company_not_per_record(open_company: OpenCompany) -> None:
    clerk = open_company()
    clerk.place.reinstall(licences=2)
    for _ in range(5):
        clerk.library.create_data(CUSTOMER)
    other = practice_library()
    other.open(str(clerk.place.common), str(clerk.place.company), "", "")
    third = practice_library()
    with refused(135):
        third.open(str(clerk.place.common), str(clerk.place.company), "", "")
    other.close()
