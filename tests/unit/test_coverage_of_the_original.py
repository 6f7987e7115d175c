"""The table of what proves what: read from the names of the tests, filled by the run (issue 5)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.coverage_of_the_original import EXAMPLES, ON_PAGES_ONLY, document, named, rows_of_the_original, unproved

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("test", "keys"),
    [
        ("tests/a.py::test_at_66_paid", {"AT-66"}),
        ("tests/a.py::test_at_36_38_credits[at_99]", {"AT-36", "AT-38"}),
        ("tests/a.py::TestX::test_at_89_rel_1_5_0_13_a_row", {"AT-89", "REL-1.5.0-13"}),
        ("tests/a.py::test_rel_1_6_0_04_rel_1_6_0_05_x", {"REL-1.6.0-04", "REL-1.6.0-05"}),
        ("tests/test_at_once.py::test_that_123_at_4_is_nothing", set()),
    ],
)
def test_a_name_says_what_it_proves(test: str, keys: set[str]) -> None:
    assert named(test) == keys


def test_a_failing_test_and_none_prove_nothing() -> None:
    outcomes = {"AT-01": {"a": True, "b": False}, "AT-02": {"a": False}}
    assert unproved(outcomes, ("AT-01", "AT-02", "AT-03")) == ["AT-02", "AT-03"]


def test_the_document_names_each_row_its_tests_and_where_a_person_meets_it() -> None:
    made = document({"REL-1.6.0-09": {"tests/a.py::test_paid": True}, "AT-66": {"tests/a.py::test_paid": False}})
    (line,) = [line for line in made.splitlines() if line.startswith("| REL-1.6.0-09 ")]
    assert "`brygga transfer payments`" in line
    assert line.endswith("| `test_paid` |")
    assert "| AT-66 | `test_paid` (fails) |" in made
    assert "| AT-67 | **none** |" in made
    assert sum(line.startswith("| REL-") for line in made.splitlines()) == len(rows_of_the_original()) == 47


def test_every_row_and_every_example_is_named_by_a_test() -> None:
    """What a whole run fails for, seen before one: only rows of the pages may be missing here."""
    found: set[str] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= named(f"{path.name}::{node.name}")
    rows = {row for row, _, _ in rows_of_the_original()} - ON_PAGES_ONLY.keys()
    assert {*rows, *EXAMPLES} - found == set()
