"""Faults on order of the practice Severa server: each kind, what the client meets and what was done."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from brygga.practice.severa_server import FaultKind
from tests.contract.severa_practice import Practice, error_of, practice
from tests.contract.severa_seed import customer, nothing, seed

INVOICE = "invoice-9000001"
PATH = f"/v1/invoices/{INVOICE}"


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Practice]:
    with practice(tmp_path) as running:
        running.sign_in()
        yield running
        assert running.checker.violations == []


def number(severa: Practice) -> object:
    document = severa.state.document("invoices", INVOICE)
    assert document is not None
    return document["number"]


def last(severa: Practice) -> tuple[str, str, int | None, FaultKind | None]:
    logged = severa.state.requests[-1]
    return logged.method, logged.path, logged.status, logged.fault


def test_an_answer_instead_leaves_the_work_undone(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "PATCH", "/v1/invoices/*", status=503)
    assert error_of(severa.patch(INVOICE, ("/number", 5)))[0] == 503
    assert number(severa) == 9000001
    assert last(severa) == ("PATCH", PATH, 503, FaultKind.ANSWER_INSTEAD)
    assert severa.patch(INVOICE, ("/number", 5)).status_code == 200


def test_an_answer_instead_can_be_a_429_with_a_time_to_return(severa: Practice) -> None:
    severa.state.faults.order(
        FaultKind.ANSWER_INSTEAD, "GET", "*", status=429, text="slow down", headers={"Retry-After": "3"}
    )
    response = severa.get("/v1/customers")
    assert (response.status_code, response.text, response.headers["Retry-After"]) == (429, "slow down", "3")


def test_a_fault_strikes_the_calls_it_was_ordered_for(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "/v1/customers", first=2, times=2, status=500)
    statuses = [severa.get(path).status_code for path in ("/v1/customers", "/v1/invoices", *["/v1/customers"] * 3)]
    assert statuses == [200, 200, 500, 500, 200]
    severa.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", "*", status=500)
    severa.state.faults.clear()
    assert severa.get("/v1/customers").status_code == 200


def test_work_done_can_be_answered_with_an_error(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.DO_THEN_ANSWER, "PATCH", "*", status=500)
    assert error_of(severa.patch(INVOICE, ("/number", 5)))[:2] == (500, "InternalSystemError")
    assert number(severa) == 5


def test_a_connection_closed_before_leaves_the_work_undone(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.CLOSE_BEFORE, "PATCH", "*")
    with pytest.raises(httpx2.TransportError):
        severa.patch(INVOICE, ("/number", 5))
    assert number(severa) == 9000001
    assert last(severa) == ("PATCH", PATH, None, FaultKind.CLOSE_BEFORE)


def test_a_client_that_dies_within_its_request_has_asked_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with practice(tmp_path) as severa:
        severa.sign_in()
        at = severa.http.base_url
        assert at.port is not None
        head = f"PATCH {at.path}{PATH} HTTP/1.1\r\nHost: {at.host}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((at.host, at.port)) as dying:
            dying.sendall(f'{head}Content-Length: 900\r\n\r\n[{{"op": "replace", '.encode("ascii"))
        assert severa.get("/v1/customers").status_code == 200
    # The server has ended, so that whatever the dead client left has come to its end too.
    assert [logged.method for logged in severa.state.requests] == ["POST", "GET"]
    assert number(severa) == 9000001
    assert severa.checker.violations == []
    assert caplog.messages == []


def test_a_lost_answer_leaves_the_work_done(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.DO_THEN_CLOSE, "PATCH", "*")
    with pytest.raises(httpx2.TransportError):
        severa.patch(INVOICE, ("/number", 5))
    assert number(severa) == 5
    assert last(severa) == ("PATCH", PATH, None, FaultKind.DO_THEN_CLOSE)
    assert severa.get(PATH).json()["number"] == 5


@pytest.mark.parametrize(("kind", "kept"), [(FaultKind.WAIT_BEFORE, 9000001), (FaultKind.DO_THEN_WAIT, 5)])
def test_an_answer_that_does_not_come_before_the_client_gives_up(severa: Practice, kind: FaultKind, kept: int) -> None:
    severa.state.faults.order(kind, "PATCH", "*")
    with pytest.raises(httpx2.ReadTimeout):
        severa.patch(INVOICE, ("/number", 5))
    assert severa.get("/v1/customers").status_code == 200
    assert number(severa) == kept


def test_a_wait_with_an_end_is_followed_by_the_answer(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.WAIT_BEFORE, "PATCH", "*", seconds=0.01)
    assert severa.patch(INVOICE, ("/number", 5)).status_code == 200
    assert number(severa) == 5


def test_truncated_json_is_not_json(severa: Practice) -> None:
    severa.state.faults.order(FaultKind.TRUNCATED_JSON, "GET", "/v1/customers")
    response = severa.get("/v1/customers")
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()


def test_a_truncated_page_claims_to_be_the_last(tmp_path: Path) -> None:
    with practice(tmp_path, seed(**nothing() | {"customers": [customer(each) for each in range(1, 31)]})) as severa:
        severa.sign_in()
        severa.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/customers", rows=7)
        response = severa.get("/v1/customers", {"rowCount": 20})
        assert len(response.json()) == 7
        assert "NextPageToken" not in response.headers
        assert len(severa.rows("/v1/customers", {"rowCount": 20})) == 20


def test_a_repeated_page_comes_again_with_its_token(tmp_path: Path) -> None:
    with practice(tmp_path, seed(**nothing() | {"customers": [customer(each) for each in range(1, 31)]})) as severa:
        severa.sign_in()
        severa.state.faults.order(FaultKind.REPEATED_PAGE, "GET", "/v1/customers", first=2)
        first = severa.get("/v1/customers")
        query = {"pageToken": first.headers["NextPageToken"]}
        repeated = severa.get("/v1/customers", query)
        assert repeated.json() == first.json()
        assert repeated.headers["NextPageToken"] == first.headers["NextPageToken"]
        assert [row["number"] for row in severa.rows("/v1/customers", query)] == list(range(21, 31))


def test_a_repeated_page_of_an_offset_list(tmp_path: Path) -> None:
    types = [{"guid": f"work-{each}", "name": f"Arbete {each}"} for each in range(30)]
    with practice(tmp_path, seed(**nothing() | {"worktypes": types})) as severa:
        severa.sign_in()
        severa.state.faults.order(FaultKind.REPEATED_PAGE, "GET", "/v1/worktypes", first=2)
        first = severa.rows("/v1/worktypes", {"firstRow": 0, "rowCount": 10})
        assert severa.rows("/v1/worktypes", {"firstRow": 10, "rowCount": 10}) == first
        assert severa.rows("/v1/worktypes", {"firstRow": 10, "rowCount": 10}) != first


def test_requests_are_logged_as_they_came(severa: Practice) -> None:
    severa.state.requests.clear()
    severa.get("/v1.0/customers", {"numbers": [1, 2]})
    severa.patch("none", ("/number", 5))
    [listed, patched] = severa.state.requests
    assert (listed.method, listed.path, listed.status) == ("GET", "/v1/customers", 200)
    assert listed.query == (("numbers", "1"), ("numbers", "2"))
    assert listed.body is None
    assert (patched.path, patched.status) == ("/v1/invoices/none", 404)
    assert patched.body == [{"op": "Replace", "path": "/number", "value": 5}]
