"""The program's own ids against the contract."""

from __future__ import annotations

from enum import IntEnum

import pytest

from brygga.administration.adk.tables import FIELDS, ROWS_OF, SortOrder, Table
from brygga.administration.capabilities import LENGTHS
from tests.shared import contract


def field_facts(table: Table) -> dict[int, tuple[str, int | None]]:
    """Name without prefix and length hint, by id."""
    facts = contract("adk_fields.json")[table.name]
    assert facts["db_id"] == table
    return {each["id"]: (each["name"].removeprefix(facts["field_prefix"]), each["length"]) for each in facts["fields"]}


def test_every_table_has_its_fields() -> None:
    assert FIELDS.keys() == set(Table)


@pytest.mark.parametrize(("table", "fields"), FIELDS.items(), ids=lambda each: getattr(each, "name", ""))
def test_field_ids(table: Table, fields: type[IntEnum]) -> None:
    facts = field_facts(table)
    assert {field.name: field.value for field in fields} == {facts[field.value][0]: field.value for field in fields}


def test_sort_orders() -> None:
    known = contract("adk_api.json")["enums"]["ADK_SORT_ORDER"]
    assert {order.name: known[order.name] for order in SortOrder} == {order.name: order.value for order in SortOrder}


def test_rows_lie_in_data_fields() -> None:
    for head, place in ROWS_OF.items():
        facts = {each["id"]: each["type"] for each in contract("adk_fields.json")[Table(head).name]["fields"]}
        assert (facts[place.rows_field], facts[place.count_field]) == ("eData", "eDouble")


@pytest.mark.parametrize("name", LENGTHS)
def test_fallback_lengths_are_the_hints_where_there_are_any(name: str) -> None:
    table, field, fallback = LENGTHS[name]
    hint = field_facts(table)[field][1]
    assert fallback == (fallback if hint is None else hint)
