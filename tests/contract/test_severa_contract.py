"""The checker itself: it must say no where the contract says no."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.contract.severa_contract import SeveraContract, checked

AUDIT = {"createdDateTime": "2026-01-01T08:00:00Z"}
STATUS = {"guid": "s", "name": "klar", "isActive": True} | AUDIT


@pytest.fixture(scope="module")
def severa() -> SeveraContract:
    return SeveraContract()


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", "/v1/customers", [("rowCount", "100"), ("changedSince", "2026-01-01T00:00:00+02:00")], None),
        ("GET", "/v1/customers", [("numbers", "1"), ("numbers", "2")], None),
        ("GET", "/v1/invoices/guid/projectfees", [("productType", "Materials")], None),
        ("GET", "/v1/costcenters", [("sortings[0].key", "Name"), ("sortings[0].value", "Desc")], None),
        ("GET", "/v1/localization/countries/SE", [], None),
        ("PATCH", "/v1/invoices/guid", [], [{"op": "Replace", "path": "/number", "value": 10457}]),
        ("PATCH", "/v1/invoices/guid", [], [{"op": "replace", "path": "/status/guid", "value": "s"}]),
        ("POST", "/v1/token", [], {"client_Id": "a", "client_Secret": "b", "grant_type": "client_credentials"}),
        ("POST", "/v1/refreshtoken", [], "the-refresh-token"),
        ("POST", "/v1/projectfees", [], {"project": {"guid": "p"}, "quantity": 1, "unitCost": None}),
    ],
)
def test_documented_requests_pass(
    severa: SeveraContract, method: str, path: str, query: list[tuple[str, str]], body: Any
) -> None:
    severa.check_request(method, path, query, body)


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "sentence"),
    [
        ("GET", "/v1/clients", [], None, "not an operation"),
        ("PUT", "/v1/customers/g", [], None, "not an operation"),
        ("GET", "/v1/customers", [("number", "1")], None, "no query parameter number"),
        ("GET", "/v1/customers", [("numbers", "ett")], None, "is not a number"),
        ("GET", "/v1/customers", [("isActive", "True")], None, "is not a boolean"),
        ("GET", "/v1/customers", [("vatNumber", "a"), ("vatNumber", "b")], None, "given 2 times"),
        ("GET", "/v1/customers", [("changedSince", "2026-01-01T00:00:00 02:00")], None, "is not a datetime"),
        ("GET", "/v1/invoices/g/invoicerows", [("rowType", "Rows")], None, "is not a InvoiceRowType"),
        ("GET", "/v1/customers", [], {}, "takes no body"),
        ("PATCH", "/v1/invoices/g", [], {"number": 1}, "must be PatchOperation"),
        ("PATCH", "/v1/invoices/g", [], [], "empty array"),
        ("PATCH", "/v1/invoices/g", [], [{"op": "Remove", "path": "/number"}], "only Replace"),
        ("PATCH", "/v1/invoices/g", [], [{"path": "/number", "value": 1}], "lacks the field op"),
        ("PATCH", "/v1/invoices/g", [], [{"op": "Replace", "path": "number", "value": 1}], "not a JSON pointer"),
        ("PATCH", "/v1/invoices/g", [], [{"op": "Replace", "path": "/number", "to": 1}], "has the field to"),
        ("POST", "/v1/token", [], {"client_id": "a"}, "lacks the field client_secret"),
        ("POST", "/v1/customers", [], {"name": "A", "businessId": "5569"}, "has the field businessId"),
        ("POST", "/v1/customers", [], {"name": None}, "is null"),
        ("POST", "/v1/customers", [], {"name": "A", "number": "12"}, "not a int64"),
        ("POST", "/v1/projectfees", [], {"quantity": 1}, "lacks the field project"),
    ],
)
def test_other_requests_are_refused(
    severa: SeveraContract, method: str, path: str, query: list[tuple[str, str]], body: Any, sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        severa.check_request(method, path, query, body)


@pytest.mark.parametrize(
    ("method", "path", "status", "headers", "body"),
    [
        ("GET", "/v1/invoicestatuses", 200, {}, [STATUS]),
        ("GET", "/v1/customers", 200, {"NextPageToken": "x"}, []),
        ("GET", "/v1/localization/countries/SE", 200, {}, [{"code2": "SE"}]),
        ("GET", "/v1/localization/countries/guid", 200, {}, {"code2": "SE"}),
        ("GET", "/heartbeat/authorized", 204, {}, None),
        ("GET", "/v1/customers/g", 404, {}, None),
        ("GET", "/v1/customers", 429, {}, "API calls quota exceeded! maximum admitted 10 per 1s."),
        ("GET", "/v1/customers", 401, {}, {"error": {"httpStatusCode": 401, "type": "AuthenticationRequired"}}),
    ],
)
def test_documented_answers_pass(
    severa: SeveraContract, method: str, path: str, status: int, headers: dict[str, str], body: Any
) -> None:
    severa.check_response(method, path, status, headers, body)


@pytest.mark.parametrize(
    ("path", "status", "headers", "body", "sentence"),
    [
        ("/v1/invoicestatuses", 201, {}, [], "status 201"),
        ("/v1/invoicestatuses", 200, {}, {"items": []}, "not an array"),
        ("/v1/invoicestatuses", 200, {}, [STATUS | {"colour": "red"}], "has the field colour"),
        ("/v1/invoicestatuses", 200, {}, [{"isActive": True}], "lacks the field name"),
        ("/v1/invoicestatuses", 200, {}, [STATUS | {"isActive": None}], "is null"),
        ("/v1/invoicestatuses", 200, {}, [STATUS | {"sortOrder": 1.5}], "not a int32"),
        ("/v1/invoicestatuses", 200, {}, [STATUS | {"createdDateTime": "2026-01-01"}], "not a datetime"),
        ("/v1/invoicestatuses", 200, {"NextPageToken": "x"}, [], "not paged by token"),
        ("/v1/salesstatustypes", 200, {}, [STATUS | {"salesState": "Open"}], "not one of SalesStatusType"),
        ("/v1/customers/g", 404, {}, {"error": None}, "404 has no body"),
        ("/v1/customers", 400, {}, None, "is null"),
        ("/v1/customers", 400, {}, {"error": None}, "has no error"),
        ("/v1/customers", 400, {}, {"error": {"httpStatusCode": 500, "type": "InvalidRequest"}}, "says httpStatusCode"),
        ("/v1/customers", 400, {}, {"error": {"httpStatusCode": 400, "type": "Wrong"}}, "not one of"),
        ("/v1/customers", 429, {}, {"error": None}, "answered with a text"),
    ],
)
def test_other_answers_are_refused(
    severa: SeveraContract, path: str, status: int, headers: dict[str, str], body: Any, sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        severa.check_response("GET", path, status, headers, body)


def test_both_directions_are_checked_around_an_application(severa: SeveraContract) -> None:
    async def customers(request: Request) -> Response:
        return JSONResponse([{"name": "A", "orgNumber": "556900"}])

    wrapped = checked(Starlette(routes=[Route("/rest-api/v1.0/customers", customers)]), severa)
    asyncio.run(_get(wrapped, "/rest-api/v1.0/customers", b"page=2"))
    asyncio.run(_get(wrapped, "/rest-api/v1.0/customers", b""))
    assert [sentence.split(":")[0] for sentence in wrapped.violations] == [
        "GET /v1/customers has no query parameter page",
        "GET /v1/customers",
    ]
    assert "has the field orgNumber" in wrapped.violations[1]


async def _get(app: Any, path: str, query: bytes) -> None:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": [], "root_path": ""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message["type"].startswith("http.response.")

    await app(scope, receive, send)
