"""Load sets: as many invoices as asked for, all of them ordinary, the same every time."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.practice.build import PracticeBuildError, build, build_load
from brygga.practice.dataset import load_set
from brygga.practice.severa_server.models import COLLECTIONS
from brygga.practice.severa_server.state import SeveraState
from tests.shared import contract
from tests.unit.test_dataset import model_errors


@settings(deadline=None, max_examples=15)
@given(invoices=st.integers(1, 40), rows=st.integers(1, 6), customers=st.integers(1, 8), seed=st.integers(0, 5))
def test_a_load_set_has_what_was_asked_for(invoices: int, rows: int, customers: int, seed: int) -> None:
    load = load_set(invoices, rows, seed=seed, customers=customers)
    severa = load.severa()
    assert len(severa["invoices"]) == len(severa["invoicesettings"]) == invoices
    assert Counter(row["invoiceGuid"] for row in severa["invoicerows"]) == {
        each["guid"]: rows for each in severa["invoices"]
    }
    numbers = [each["number"] for each in severa["invoices"]]
    assert numbers == list(range(numbers[0], numbers[0] + invoices))
    assert severa["organizationsettings"][0]["nextInvoiceNumber"] == numbers[-1] + 1
    dates = [each["date"] for each in severa["invoices"]]
    assert dates == sorted(dates)
    assert {day[:7] for day in dates} == {f"{load.month:%Y-%m}"}
    assert len(severa["customers"]) == customers
    assert {row["vatRate"] for row in severa["invoicerows"]} == {Decimal(25)}


def test_the_invoices_come_one_at_a_time_and_are_the_same_again() -> None:
    load = load_set(1_000_000, 5)
    first = next(load.invoice_books())
    assert len(first.invoices) == 1
    assert len(first.rows) == 5
    assert next(load.invoice_books()).invoices == first.invoices


def test_invoices_that_need_more_calls() -> None:
    severa = load_set(20, 4, zero_rate=3, several_projects=2).severa()
    free = {row["invoiceGuid"] for row in severa["invoicerows"] if row["vatRate"] == 0}
    several = {each["guid"] for each in severa["invoices"] if len(each["projects"]) == 2}
    assert (len(free), len(several)) == (3, 2)
    assert {row["guid"] for row in severa["invoicerows"] if row["invoiceGuid"] in several} == {
        each["invoiceRowGuid"] for each in severa["workhours"]
    }


@pytest.mark.parametrize(
    ("invoices", "rows", "more"),
    [(0, 5, {}), (5, 0, {}), (5, 5, {"customers": 0}), (5, 5, {"zero_rate": 6}), (5, 1, {"several_projects": 1})],
)
def test_what_cannot_be_meant_is_refused(invoices: int, rows: int, more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"load set|special invoices"):
        load_set(invoices, rows, **more)  # type: ignore[arg-type]


def test_a_load_set_is_what_its_models_say_and_can_be_built(tmp_path: Path) -> None:
    load = load_set(30, 3, several_projects=2, numbering_master="administration")
    models = contract("severa_models.json")
    errors = [
        error
        for name, held in load.severa().items()
        for document in held
        for error in model_errors(COLLECTIONS[name], document, models, name)
    ]
    assert errors == []
    made = build_load(tmp_path / "last", load)
    state = SeveraState.open(made.severa_data_path)
    assert [each["number"] for each in state.documents("invoices")] == list(range(9_000_001, 9_000_031))
    state.close()
    assert made.settings["numbering.master"] == "administration"
    with pytest.raises(PracticeBuildError, match="cannot be read"):
        made.company()
    with pytest.raises(PracticeBuildError, match="another folder"):
        build_load(tmp_path / "last", load)


def test_a_practice_company_is_not_taken_for_a_load_set(tmp_path: Path) -> None:
    build(tmp_path)
    with pytest.raises(PracticeBuildError, match="in use"):
        build_load(tmp_path, load_set(1, 1))
