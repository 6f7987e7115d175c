"""Tokens, scopes, headers and the quota of the practice Severa server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import ServerConfig
from tests.contract.severa_practice import Practice, error_of, practice
from tests.contract.severa_seed import CLIENT_ID, CLIENT_SECRET, SCOPES

QUOTA_TEXT = "API calls quota exceeded! maximum admitted 10 per 1s."


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Practice]:
    with practice(tmp_path) as running:
        yield running


def ask_token(severa: Practice, **body: Any) -> Any:
    return severa.http.post("/v1/token", json=body)


def test_a_token_tells_its_life_and_its_scopes(severa: Practice) -> None:
    document = severa.sign_in()
    assert document["access_token_type"] == "Bearer"
    assert document["access_token_expires_in"] == 3600
    assert document["access_token_expires_utc"] == "2026-06-01T13:00:00Z"
    assert document["refresh_token_expires_utc"] == "2026-06-02T12:00:00Z"
    assert set(document["scope"].split(",")) == set(SCOPES)
    assert severa.get("/heartbeat/authorized").status_code == 204
    assert severa.checker.violations == []


@pytest.mark.parametrize(
    "scope", ["customers:read,settings:read", "customers:read settings:read", "customers:read, settings:read"]
)
def test_scopes_are_separated_by_commas_or_spaces(severa: Practice, scope: str) -> None:
    assert severa.sign_in(scope)["scope"] == "customers:read,settings:read"


def test_token_keys_are_taken_in_any_case_and_the_grant_type_is_ignored(severa: Practice) -> None:
    response = ask_token(
        severa, client_Id=CLIENT_ID, client_Secret=CLIENT_SECRET, grant_type="client_credentials", scope=None
    )
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"client_id": CLIENT_ID, "client_secret": "wrong"}, 401, "AuthenticationRequired"),
        ({"client_id": "wrong", "client_secret": CLIENT_SECRET}, 401, "AuthenticationRequired"),
        ({"client_id": CLIENT_ID}, 400, "InvalidRequest"),
        ({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "tenant": "x"}, 400, "InvalidRequest"),
        ({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": "money:read"}, 400, "InvalidRequest"),
        ({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": "files:read"}, 403, "InsufficientApiScope"),
    ],
)
def test_tokens_that_are_refused(severa: Practice, body: dict[str, Any], status: int, kind: str) -> None:
    assert error_of(ask_token(severa, **body))[:2] == (status, kind)


def test_a_form_encoded_token_request_is_refused(severa: Practice) -> None:
    response = severa.http.post("/v1/token", data={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
    assert error_of(response)[:2] == (400, "InvalidRequest")


def test_secrets_stay_out_of_the_request_log(severa: Practice) -> None:
    severa.sign_in()
    assert [(each.path, each.body, each.status) for each in severa.state.requests] == [("/v1/token", None, 200)]


def test_calls_without_a_living_token_are_refused(severa: Practice) -> None:
    assert error_of(severa.get("/v1/customers"))[:2] == (401, "AuthenticationRequired")
    assert severa.get("/heartbeat/authorized").status_code == 401
    severa.sign_in()
    severa.clock.forward(3599)
    assert severa.get("/v1/customers").status_code == 200
    severa.clock.forward(1)
    status, kind, message = error_of(severa.get("/v1/customers"))
    assert (status, kind, message) == (401, "AuthenticationRequired", "the access token has expired")
    severa.sign_in()
    assert severa.get("/v1/customers").status_code == 200


def test_heartbeats_need_no_token(severa: Practice) -> None:
    for path in ("/heartbeat/server", "/heartbeat/database"):
        assert severa.http.get(path).status_code == 200


def test_the_client_id_header_is_required(severa: Practice) -> None:
    severa.sign_in()
    for value in (None, "another"):
        headers = severa.headers | {"Client_Id": value} if value else {"Authorization": severa.headers["Authorization"]}
        response = severa.http.get("/v1/customers", headers=headers)
        assert error_of(response)[:2] == (401, "AuthenticationRequired")
        assert response.json()["error"]["details"][0]["location"]["name"] == "Client_Id"


def test_the_client_id_header_can_be_left_unchecked(tmp_path: Path) -> None:
    with practice(tmp_path, config=ServerConfig(requests_per_second=None, require_client_id=False)) as severa:
        severa.sign_in()
        del severa.headers["Client_Id"]
        assert severa.get("/v1/customers").status_code == 200


def test_each_operation_needs_its_scope(severa: Practice) -> None:
    severa.sign_in("invoices:read")
    assert severa.get("/v1/invoices").status_code == 200
    status, kind, message = error_of(severa.get("/v1/customers"))
    assert (status, kind) == (403, "InsufficientApiScope")
    assert "customers:read" in message
    assert error_of(severa.patch("invoice-9000001", ("/number", 1)))[:2] == (403, "InsufficientApiScope")
    assert severa.state.document("invoices", "invoice-9000001")["number"] == 9000001  # type: ignore[index]


def test_a_refresh_token_gives_a_new_pair_once(severa: Practice) -> None:
    severa.sign_in("invoices:read")
    first = severa.sign_in("invoices:read")
    headers = {"Client_Id": CLIENT_ID}
    response = severa.http.post("/v1/refreshtoken", json=first["refresh_token"], headers=headers)
    assert response.status_code == 200
    assert response.json()["scope"] == "invoices:read"
    assert response.json()["access_token"] != first["access_token"]
    again = severa.http.post("/v1/refreshtoken", json=first["refresh_token"], headers=headers)
    assert error_of(again)[:2] == (401, "AuthenticationRequired")
    severa.clock.forward(86_400)
    late = severa.http.post("/v1/refreshtoken", json=response.json()["refresh_token"], headers=headers)
    assert error_of(late)[:2] == (401, "AuthenticationRequired")


def test_a_refresh_token_is_a_bare_string_and_needs_the_client_id(severa: Practice) -> None:
    token = severa.sign_in()["refresh_token"]
    wrapped = severa.http.post("/v1/refreshtoken", json={"refresh_token": token}, headers=severa.headers)
    assert error_of(wrapped)[:2] == (400, "InvalidRequest")
    assert severa.http.post("/v1/refreshtoken", json=token).status_code == 401


def test_signing_out_ends_the_refresh_token_only(severa: Practice) -> None:
    token = severa.sign_in()["refresh_token"]
    assert severa.http.post("/v1/signout", json=token).status_code == 200
    assert severa.http.post("/v1/refreshtoken", json=token, headers=severa.headers).status_code == 401
    assert severa.get("/v1/customers").status_code == 200


def test_the_quota_counts_a_sliding_second(tmp_path: Path) -> None:
    with practice(tmp_path, config=ServerConfig()) as severa:
        severa.sign_in()
        for _ in range(5):
            assert severa.get("/v1/customers").status_code == 200
        severa.clock.forward(0.75)
        assert [severa.get("/v1/customers").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
        refused = severa.get("/v1/customers")
        assert (refused.status_code, refused.text) == (429, QUOTA_TEXT)
        assert refused.headers["content-type"].startswith("text/plain")
        assert "Retry-After" not in refused.headers
        severa.clock.forward(0.25)
        assert [severa.get("/v1/customers").status_code for _ in range(7)] == [200] * 6 + [429]
        assert severa.checker.violations == []


def test_the_quota_counts_token_calls_and_may_tell_when_to_return(tmp_path: Path) -> None:
    with practice(tmp_path, config=ServerConfig(requests_per_second=2, retry_after="7")) as severa:
        severa.sign_in()
        severa.sign_in()
        refused = ask_token(severa, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "7")
        assert severa.http.get("/heartbeat/server").status_code == 200
