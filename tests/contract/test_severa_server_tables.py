"""The practice server's own tables against the contract's, field by field and parameter by parameter."""

from __future__ import annotations

from typing import Any

import pytest

from brygga.practice.severa_server import models
from brygga.practice.severa_server.access import SCOPES
from brygga.practice.severa_server.errors import TYPE_OF_STATUS
from brygga.practice.severa_server.model_table import ENUMS
from brygga.practice.severa_server.operation import Operation
from brygga.practice.severa_server.operations import OPERATIONS
from brygga.practice.severa_server.query import Paging
from brygga.practice.severa_server.references import REFERENCES
from brygga.practice.severa_server.router import Router
from tests.shared import contract

PAGING_PARAMETERS = {
    Paging.TOKEN: {"pageToken", "rowCount"},
    Paging.OFFSET: {"firstRow", "rowCount"},
    Paging.NONE: set(),
}


@pytest.fixture(scope="module")
def documented() -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["method"], each["path"]): each for each in contract("severa_endpoints.json")["endpoints"]}


@pytest.mark.parametrize("model", models.models())
def test_every_field_of_a_model_is_as_documented(model: str) -> None:
    assert models.fields(model) == contract("severa_models.json")[model]


@pytest.mark.parametrize("enum", ENUMS)
def test_every_value_of_an_enum_is_as_documented(enum: str) -> None:
    assert list(models.enum_values(enum)) == contract("severa_models.json")["_enums"][enum]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method} {each.path}")
def test_every_operation_is_as_documented(
    operation: Operation, documented: dict[tuple[str, str], dict[str, Any]]
) -> None:
    facts = documented[operation.method, operation.path]
    names = {each["name"]: each["type"] for each in facts["params"] if each["in"] == "query"}
    modelled = set(operation.filters) | PAGING_PARAMETERS[operation.paging]
    assert modelled | operation.not_modelled == set(names)
    assert not modelled & operation.not_modelled
    assert operation.scopes == tuple(facts["scope"])
    assert operation.paging.value == (facts["paging"] or "not paged")
    assert operation.secured == facts["auth"]
    assert operation.takes_body == (facts["request_model"] is not None)
    for name, each in operation.filters.items():
        assert each.many == names[name].rstrip("?").endswith("[]"), name


def test_an_operation_is_found_by_its_own_path() -> None:
    router = Router()
    for operation in OPERATIONS:
        found = router.find(operation.method, operation.path.replace("{", "").replace("}", ""))
        assert found is not None
        assert found[0] is operation


def test_every_collection_is_answered_by_a_documented_model() -> None:
    answered = {
        each["response_model"].removesuffix("[]")
        for each in contract("severa_endpoints.json")["endpoints"]
        if each["method"] == "GET" and each["response_model"]
    }
    assert set(models.COLLECTIONS.values()) <= answered


def test_references_lead_from_existing_fields_to_existing_fields() -> None:
    for collection, references in REFERENCES.items():
        for reference in references:
            kind = models.fields(models.COLLECTIONS[collection])[reference.field]
            nested = kind.split(" ")[0].strip("?[]")
            if not reference.guid:
                assert nested == "string"
                continue
            assert {reference.guid, *reference.copies} <= set(models.fields(nested)), (collection, reference.field)
            target = models.fields(models.COLLECTIONS[reference.target])
            for source in " ".join(reference.copies.values()).split():
                assert source.split(".")[0] in target, (collection, reference.field, source)


def test_scopes_cover_the_whole_contract() -> None:
    used = {scope for each in contract("severa_endpoints.json")["endpoints"] for scope in each["scope"]}
    assert used <= SCOPES


def test_error_types_are_documented() -> None:
    assert set(TYPE_OF_STATUS.values()) <= set(contract("severa_models.json")["_enums"]["ExceptionTypeEnum"])
