"""The JSON API keeps to its own description, over the practice company (schemathesis, bounded)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from brygga.store.api_tokens import ApiTokens, Scope
from tests.transfers.practice_world import practice_world
from tests.web.page_world import COMPANY, WorldApp
from tests.web.serving import started
from tests.web.test_api import routes

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""The refusal of who may not call is proved route by route in ``test_api``."""

EXAMPLES = 8
"""Of each operation: the run is bounded, and what it found once is a test of its own."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The application on the practice company, with a token for everything."""
    with practice_world(tmp_path_factory.mktemp("api")) as world:
        world.customer(1001, "Åkeri & Söner AB")
        world.article("100", "Konsulttid")
        world.invoice(10234)
        app = WorldApp(world)
        _, token = ApiTokens(app.engine).create("schemathesis", list(Scope))
        with started(app) as address:
            yield address, token
        app.close()


@pytest.fixture(scope="module")
def api_schema(served: tuple[str, str]) -> Any:
    """The description as it is served."""
    address, _ = served
    return schemathesis.openapi.from_url(f"{address}/api/openapi.json")


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("method", "path", "scope"), routes(), ids=lambda each: str(each))
def test_the_api_keeps_to_its_description(
    method: str, path: str, scope: Scope, mode: GenerationMode, api_schema: Any, served: tuple[str, str]
) -> None:
    address, token = served
    operation = api_schema[re.sub(r":\w+}", "}", path)][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    def calls(case: Any) -> None:
        if "company" in case.path_parameters:
            case.path_parameters["company"] = COMPANY
        # A call whose token is taken away by a call before it would prove nothing more.
        if "token_id" in case.path_parameters:
            case.path_parameters["token_id"] = 2
        answer = case.call(base_url=address, headers={"Authorization": f"Bearer {token}"})
        case.validate_response(answer, checks=CHECKS)

    try:
        calls()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing that is right can be made for the operation"
