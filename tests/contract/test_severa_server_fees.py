"""Project fees in the practice Severa server: added, changed, found by project and by change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.severa_practice import Practice, error_of, practice

FEE = {
    "project": {"guid": "project-42"},
    "name": "Underkonsult januari",
    "description": "LF 4711:3",
    "quantity": 1,
    "unitCost": {"amount": 8000.1, "currencyCode": "SEK"},
    "unitPrice": {"amount": 9200, "currencyCode": "SEK"},
    "isBillable": True,
    "eventDate": "2026-01-15",
    "productType": "Subcontracting",
}


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Practice]:
    with practice(tmp_path) as running:
        running.sign_in()
        yield running
        assert running.checker.violations == []


def added(severa: Practice, **changes: Any) -> dict[str, Any]:
    """The fee that a POST made: answered as an array of one."""
    response = severa.post("/v1/projectfees", FEE | changes)
    assert response.status_code == 201, response.text
    [document] = response.json()
    return dict(document)


def test_a_fee_is_added_as_it_was_given(severa: Practice) -> None:
    document = added(severa)
    assert document["unitCost"] == {"amount": 8000.1, "currencyCode": "SEK", "multiCurrencyInfo": None}
    assert document["project"]["name"] == "Drift"
    assert document["customer"]["number"] == 1001
    assert (document["invoice"], document["product"]) == (None, None)
    assert severa.get(f"/v1/projectfees/{document['guid']}").json() == document


def test_a_product_gives_what_the_body_leaves_out(severa: Practice) -> None:
    body = {name: value for name, value in FEE.items() if name not in ("name", "productType")}
    document = severa.post("/v1/projectfees", body | {"product": {"guid": "product-ue"}}).json()[0]
    assert document["product"]["code"] == "UE"
    assert (document["name"], document["productType"]) == ("Underkonsult", "Subcontracting")
    assert (document["vatRate"], document["measurementUnit"]) == (25, "st")


def test_a_closed_project_takes_no_fees(severa: Practice) -> None:
    severa.state.edit("projects", "project-42", {"isClosed": True})
    status, kind, message = error_of(severa.post("/v1/projectfees", FEE))
    assert (status, kind) == (400, "InvalidOperation")
    assert "closed project" in message
    assert severa.rows("/v1/projectfees") == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"project": {"guid": "nowhere"}}, "no project"),
        ({"product": {"guid": "nowhere"}}, "no product"),
        ({"name": ""}, "needs a name"),
        ({"unitCost": None, "unitPrice": None}, "needs a cost or a price"),
        ({"unitCost": {"amount": 1, "currencyCode": "XXX"}}, "no currency XXX"),
        ({"unitCost": {"amount": 1}}, "currencyCode"),
        ({"productType": "Frukt"}, "productType"),
        ({"eventDate": "15/1"}, "eventDate"),
        ({"number": 1}, "no field number"),
        ({"invoice": {"guid": "invoice-9000001"}}, "does not model invoice"),
    ],
)
def test_a_fee_that_cannot_be_is_refused(severa: Practice, changes: dict[str, Any], sentence: str) -> None:
    status, _, message = error_of(severa.post("/v1/projectfees", FEE | changes))
    assert status == 400
    assert sentence in message
    assert severa.state.documents("projectfees") == []
    severa.checker.violations.clear()  # such bodies break the contract on purpose


def test_fees_are_found_by_project_and_by_change(severa: Practice) -> None:
    first = added(severa)
    severa.clock.forward(60)
    second = added(severa, project={"guid": "project-43"}, isBillable=False)
    assert severa.guids("/v1/projects/project-42/projectfees") == [first["guid"]]
    assert severa.guids("/v1/projects/project-43/projectfees", {"isBillable": "true"}) == []
    assert severa.guids("/v1/projectfees", {"changedSince": "2026-06-01T12:01:00Z"}) == [second["guid"]]
    assert severa.guids("/v1/projectfees") == [first["guid"], second["guid"]]


def test_an_open_fee_is_changed_and_an_invoiced_one_is_locked(severa: Practice) -> None:
    fee = added(severa)["guid"]
    cost = {"amount": 8400, "currencyCode": "SEK"}
    [after] = severa.patch_at(f"/v1/projectfees/{fee}", ("/unitCost", cost), ("/description", "LF 4711:3 r1")).json()
    assert (after["unitCost"]["amount"], after["description"]) == (8400, "LF 4711:3 r1")
    severa.state.edit("projectfees", fee, {"invoice": {"guid": "invoice-9000001"}})
    assert "invoiced" in error_of(severa.patch_at(f"/v1/projectfees/{fee}", ("/unitCost", cost)))[2]
