"""The practice engine alone: atomic writes, handles, speed of steps, seeding, and its tables against the contract."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.errors import Code
from brygga.administration.adk.library import AdkLibrary
from brygga.practice.adk_engine import library as practice_library
from brygga.practice.adk_engine import texts, user
from brygga.practice.adk_engine.codes import NO_FIELD, NO_TABLE, WARNINGS, Fn, Rc
from brygga.practice.adk_engine.company import COMPANY_FILE, Switches, create_company
from brygga.practice.adk_engine.engine import TIMESTAMP_ORDER, PracticeEngine
from brygga.practice.adk_engine.fields import Table
from brygga.practice.adk_engine.storage import Storage
from brygga.practice.adk_engine.tables import TABLES
from brygga.practice.adk_engine.tables_documents import INVOICE_ROW as ROW_TABLE
from tests.contract.adk_company import (
    BOOKINGYEAR,
    CONTACT,
    CUSTOMER,
    INVOICE_HEAD,
    PROJECT,
    Clerk,
    build_place,
    hours,
    refused,
    seed,
)
from tests.shared import contract


@pytest.fixture
def engine() -> Any:
    made = practice_library()
    yield made
    made.close()


@pytest.fixture
def clerk(engine: PracticeEngine, tmp_path: Path) -> Clerk:
    clerk = Clerk(engine, build_place(tmp_path))
    clerk.open()
    return clerk


def test_the_engine_is_the_port() -> None:
    port: AdkLibrary = practice_library()
    assert isinstance(port, PracticeEngine)


# -- against the contract ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_fields_are_those_of_the_contract(table: Table) -> None:
    documented = contract("adk_fields.json")[table.name]
    assert (documented["db_id"], documented["field_prefix"]) == (table.id, table.prefix)
    known = {each["id"]: each for each in documented["fields"]}
    kinds = {"eBool": 1, "eChar": 2, "eDouble": 4, "eDate": 5, "eData": 6}
    for field in table.fields.values():
        there = known[field.id]
        assert there["name"] == table.prefix + field.name
        assert kinds[there["type"]] == field.type
        if there["length"] is not None:
            assert there["length"] == field.length
    assert table.last_field == max(known)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_sort_orders_are_those_of_the_contract(table: Table) -> None:
    api = contract("adk_api.json")
    names = {number: name for name, number in api["enums"]["ADK_SORT_ORDER"].items()}
    for order in table.orders:
        search = {table.prefix + table.fields[field].name for field in order.search}
        assert search & set(api["sort_order_key_fields"][names[order.number]])
    assert names[TIMESTAMP_ORDER] == "eTimeStamp"


def test_codes_are_those_of_the_contract() -> None:
    names = {each["code"]: each["name"] for each in contract("adk_errors.json") if each["kind"] != "sentinel"}
    kinds = {each["code"]: each["kind"] for each in contract("adk_errors.json") if each["kind"] != "sentinel"}
    for code in Rc:
        assert names[code].removeprefix("ADKE_").removeprefix("ADKW_") == code.name
        assert (kinds[code] == "warning") == (code in WARNINGS)
    for function in set(Fn) - {Fn.NONE}:
        assert names[function] == f"ADKE_{function.name}"
        assert kinds[function] == "function-name"
    for table in TABLES.values():
        assert kinds[table.code] == "table-name"
    assert (kinds[NO_TABLE], kinds[NO_FIELD]) == ("marker", "marker")


def test_every_code_of_the_port_is_in_the_contract() -> None:
    numbers = {each["code"] for each in contract("adk_errors.json")}
    assert {int(code) for code in Code} <= numbers


def test_the_ports_locks_are_named_as_in_the_contract() -> None:
    """Year and month are easily swapped: the contract has 457 ..._YEAR_LOCKED and 461 ..._MONTH_LOCKED."""
    assert int(Code.YEAR_LOCKED) == int(Rc.VERIFICATION_YEAR_LOCKED)
    assert int(Code.MONTH_LOCKED) == int(Rc.VERIFICATION_MONTH_LOCKED)


def test_every_code_has_words_of_our_own() -> None:
    assert set(texts.RESULT_TEXTS) == set(Rc)
    assert all(texts.RESULT_TEXTS.values())
    assert {table.code for table in TABLES.values()} <= set(texts.TABLE_TEXTS)


# -- atomic writes -----------------------------------------------------------------------------------------------


def test_a_write_that_fails_half_way_leaves_nothing(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = user.read(clerk.place.company, INVOICE_HEAD)
    plain_insert = Storage.insert

    def failing(self: Storage, table: Table, values: Any, head: int | None = None) -> int:
        if table is ROW_TABLE and values[31] == 2:
            raise sqlite3.OperationalError("disk I/O error")
        return plain_insert(self, table, values, head)

    data = clerk.invoice_record(hours(1, 100), hours(1, 200), hours(1, 300))
    with monkeypatch.context() as patched:
        patched.setattr(Storage, "insert", failing)
        with refused(1):
            clerk.library.add(data)
    assert user.read(clerk.place.company, INVOICE_HEAD) == before
    clerk.library.add(data)
    assert clerk.number(data) == 10457
    assert len(clerk.rows(data, "TEXT")) == 3


def test_a_process_killed_in_a_write_leaves_nothing(clerk: Clerk) -> None:
    clerk.library.close()
    script = """
import os, sys
sys.path.insert(0, sys.argv[1])
from brygga.practice.adk_engine import library
from brygga.practice.adk_engine.storage import Storage
engine = library()
engine.open(sys.argv[2], sys.argv[3], "", "")
head = engine.create_data(6)
engine.set_str(head, 14, "1001")
engine.set_date(head, 8, engine.date_to_long("2026-01-31"))
plain = Storage.insert_with_rows
def dying(self, *values):
    plain(self, *values)
    os._exit(7)
Storage.insert_with_rows = dying
engine.add(head)
"""
    source = Path(__file__).resolve().parents[2] / "src"
    paths = [str(source), str(clerk.place.common), str(clerk.place.company)]
    assert subprocess.run([sys.executable, "-c", script, *paths], check=False, timeout=300).returncode == 7
    assert user.read(clerk.place.company, INVOICE_HEAD) == []
    clerk.open()
    assert clerk.number(clerk.add_invoice()) == 10457


def test_two_programs_share_one_number_series(clerk: Clerk, tmp_path: Path) -> None:
    other = Clerk(practice_library(), clerk.place)
    other.open()
    numbers = [each.number(each.add_invoice()) for each in (clerk, other, clerk, other)]
    other.library.close()
    assert numbers == [10457, 10458, 10459, 10460]


def test_a_company_locked_by_another_writer_is_134(clerk: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brygga.practice.adk_engine.storage.BUSY_MILLISECONDS", 0)
    clerk.library.close()
    clerk.open()
    writer = sqlite3.connect(clerk.place.company / COMPANY_FILE, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with refused(134):
        clerk.add_invoice()
    writer.execute("ROLLBACK")
    writer.close()
    clerk.add_invoice()


# -- handles -----------------------------------------------------------------------------------------------------


def test_freeing_a_head_frees_all_that_hangs_on_it(clerk: Clerk, engine: PracticeEngine) -> None:
    before = engine.open_handles
    data = clerk.add_invoice(hours(1, 100), hours(1, 200))
    clerk.rows(data, "TEXT")
    assert engine.open_handles > before
    engine.delete_struct(data)
    assert engine.open_handles == before


def test_freeing_array_and_head_one_by_one(clerk: Clerk, engine: PracticeEngine) -> None:
    before = engine.open_handles
    data = clerk.invoice_record()
    array = clerk.attach(data, [hours(1, 100)])
    clerk.library.add(data)
    engine.delete_struct(array)
    engine.delete_struct(data)
    assert engine.open_handles == before


def test_reading_on_does_not_pile_up_rows(clerk: Clerk, engine: PracticeEngine) -> None:
    for _ in range(3):
        clerk.add_invoice(hours(1, 100))
    data = engine.create_data(INVOICE_HEAD)
    engine.first(data, True)
    clerk.rows(data, "TEXT")
    before = engine.open_handles
    for _ in range(2):
        engine.next(data, True)
        clerk.rows(data, "TEXT")
    assert engine.open_handles == before


def test_last_warning_follows_the_switch(tmp_path: Path) -> None:
    for in_result in (True, False):
        engine = practice_library()
        place = build_place(tmp_path / str(in_result), switches=Switches(warnings_in_result=in_result))
        clerk = Clerk(engine, place)
        clerk.open()
        data = clerk.invoice_record(hours(1, 100, ACCOUNT_NUMBER="3001"))
        engine.add(data)
        warning = engine.last_warning
        assert (None if warning is None else warning.code) == (256 if in_result else None)
        engine.get_double(data, 0)
        assert engine.last_warning is None
        engine.close()


# -- speed: steps are index look-ups -----------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_every_step_uses_an_index(clerk: Clerk, table: Table) -> None:
    orders = [each.columns for each in table.orders]
    if table.timestamp is not None and table.orders:
        orders.append((table.timestamp,))
    file = sqlite3.connect(clerk.place.company / COMPANY_FILE)
    for columns in orders:
        names = ", ".join([*(f"f{field}" for field in columns), "record"])
        marks = ", ".join("?" for _ in range(len(columns) + 1))
        for sign, direction in ((">", ""), ("<", " DESC")):
            ordering = ", ".join(f"{name}{direction}" for name in names.split(", "))
            query = f"SELECT * FROM {table.sql_name} WHERE ({names}) {sign} ({marks}) ORDER BY {ordering} LIMIT 1"
            plan = " ".join(row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {query}", ("",) * (len(columns) + 1)))
            assert "SEARCH" in plan
            assert "TEMP B-TREE" not in plan
    file.close()


# -- seeding and the user's side ---------------------------------------------------------------------------------


def test_read_shows_what_was_seeded(tmp_path: Path) -> None:
    heads = seed(
        INVOICE_HEAD,
        {
            "CUSTOMER_NUMBER": "1001",
            "DOCUMENT_DATE1": date(2025, 12, 31),
            "BALANCE": 0,
            "LAST_PAYMENT": date(2026, 1, 20),
            "ROWS": [{"TEXT": "Arvode", "QUANTITY1": 1, "PRICE_EACH_CURRENT_CURRENCY": 100.5, "VAT_CODE": "1"}],
        },
    )
    place = build_place(tmp_path, tables={INVOICE_HEAD: heads}, next_invoice_number=500)
    (head,) = user.read(place.company, INVOICE_HEAD)
    assert (head[0], head[8], head[61], head[62], head[78]) == (500, date(2025, 12, 31), 126, 0, 0)
    assert head[120] == date(2026, 1, 20)
    assert [row[9] for row in head[103]] == [Decimal("100.5")]


def test_seeded_contacts_move_the_series(tmp_path: Path, engine: PracticeEngine) -> None:
    place = build_place(tmp_path, tables={CONTACT: seed(CONTACT, {"ID": 41, "NAME": "A"}, {"NAME": "B"})})
    clerk = Clerk(engine, place)
    clerk.open()
    assert clerk.value(clerk.add(CONTACT, NAME="C"), CONTACT, "ID") == 43


@pytest.mark.parametrize(
    ("table", "record"),
    [
        (CUSTOMER, {39: "x"}),
        (CUSTOMER, {1: "x" * 51}),
        (CUSTOMER, {1: 5}),
        (CUSTOMER, {41: "ja"}),
        (CUSTOMER, {48: Decimal("1.001")}),
        (CUSTOMER, {48: "1"}),
        (PROJECT, {2: "2026-01-01"}),
        (7, {14: "rad"}),
        (64, {0: "1"}),
        (9, {14: "rad"}),
        (8, {36: "rad"}),
    ],
)
def test_seeds_that_the_company_cannot_hold(tmp_path: Path, table: int, record: dict[int, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        build_place(tmp_path, tables={table: [record]})


def test_a_company_is_not_made_twice(tmp_path: Path) -> None:
    place = build_place(tmp_path)
    with pytest.raises(ValueError, match="already"):
        create_company(place.common, place.company, "Igen", {})


def test_an_unknown_switch_is_refused(tmp_path: Path) -> None:
    place = build_place(tmp_path)
    file = place.common / "practice.json"
    file.write_text(file.read_text(encoding="utf-8").replace("vat_rounding", "vat_runding"), encoding="utf-8")
    with pytest.raises(ValueError, match="vat_runding"):
        practice_library().open(str(place.common), str(place.company), "", "")


def test_a_broken_year_locks_the_right_month(tmp_path: Path, engine: PracticeEngine) -> None:
    years = seed(BOOKINGYEAR, {"ID": "25", "START": date(2025, 5, 1), "END": date(2026, 4, 30)})
    clerk = Clerk(engine, build_place(tmp_path, tables={BOOKINGYEAR: years}))
    clerk.open()
    user.lock_month(clerk.place.company, "25", 1)
    with refused(461):
        clerk.add_invoice(DOCUMENT_DATE1="2025-12-31")
    with refused(461):
        clerk.add_invoice(DOCUMENT_DATE1="2026-01-31")
    clerk.add_invoice(DOCUMENT_DATE1="2026-02-01")


def test_changing_what_is_not_there(tmp_path: Path) -> None:
    place = build_place(tmp_path)
    with pytest.raises(KeyError):
        user.change(place.company, CUSTOMER, "9999", {1: "X"})
    with pytest.raises(KeyError):
        user.cancel_invoice(place.company, 1)
    with pytest.raises(ValueError, match="13"):
        user.lock_month(place.company, "25", 13)
