"""The client over a transport of the test's own: what is repeated, what is not, and what a failure becomes."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import msgspec
import pytest
import stamina

from brygga.records.reasons import Fault, Refused, Unavailable, Uncertain, WriteBlocked
from brygga.severa import facts, wire
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import ATTEMPTS, SeveraClient
from brygga.severa.pacing import Pacing
from tests.contract.severa_connected import FakeClock, unpaced

Answer = httpx2.Response | type[httpx2.TransportError]
PATH = "/v1/invoices/i1"
MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
CHANGE = [facts.replace(facts.INVOICE_STATUS, "s2")]
SECRETS = ("s3cret", "tok-", "ref-")


class Severa:
    """Answers tokens by itself and everything else from a list (the last answer for ever); keeps what was asked."""

    def __init__(self, *answers: Answer, tokens: tuple[Answer, ...] = (), expires_in: int = 3600) -> None:
        self.answers = list(answers)
        self.tokens = list(tokens)
        self.expires_in = expires_in
        self.asked: list[httpx2.Request] = []
        self.authorizations: list[str] = []
        self.token_calls: list[httpx2.Request] = []
        self.scope = "invoices:read"

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.token_calls.append(request)
            return self._given(self.tokens.pop(0), request) if self.tokens else self.token()
        self.asked.append(request)
        self.authorizations.append(request.headers["Authorization"])
        return self._given(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], request)

    def token(self) -> httpx2.Response:
        n = len(self.token_calls)
        body = {"access_token": f"tok-{n}", "access_token_expires_in": self.expires_in, "scope": self.scope}
        return httpx2.Response(200, json=body | {"refresh_token": f"ref-{n}", "refresh_token_expires_in": 86400})

    def _given(self, answer: Answer, request: httpx2.Request) -> httpx2.Response:
        if isinstance(answer, httpx2.Response):
            return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)
        raise answer("s3cret tok-1 in a library's text", request=request)


def ok(body: Any = None, **headers: str) -> httpx2.Response:
    return httpx2.Response(200, json={"guid": "i1"} if body is None else body, headers=headers)


def error(status: int, kind: str = "InvalidRequest", message: str = "nej", **headers: str) -> httpx2.Response:
    content = {"error": {"httpStatusCode": status, "type": kind, "details": [{"message": message}]}}
    return httpx2.Response(status, json=content, headers=headers)


@pytest.fixture(autouse=True)
def without_back_off() -> Iterator[None]:
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(clock: FakeClock) -> Iterator[Callable[..., SeveraClient]]:
    clients: list[SeveraClient] = []

    def make(severa: Severa, pacing: Pacing | None = None, **options: Any) -> SeveraClient:
        connection = SeveraConnection("https://severa.example/rest-api", "client-1", "s3cret")
        transport = httpx2.MockTransport(severa)
        clients.append(SeveraClient(connection, transport=transport, pacing=pacing or unpaced(clock), **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


Connect = Callable[..., SeveraClient]


def test_a_read_carries_token_and_client_id(connect: Connect) -> None:
    severa = Severa(ok())
    assert connect(severa).get(PATH, wire.Reference).guid == "i1"
    [asked] = severa.asked
    assert str(asked.url) == "https://severa.example/rest-api/v1/invoices/i1"
    assert asked.headers["Authorization"] == "Bearer tok-1"
    assert asked.headers["Client_Id"] == "client-1"
    [token] = severa.token_calls
    assert str(token.url) == "https://severa.example/rest-api/v1/token"
    sent = json.loads(token.content)
    assert (sent["client_id"], sent["client_secret"]) == ("client-1", "s3cret")
    assert "invoices:write" in sent["scope"].split(",")
    assert token.extensions["timeout"]["read"] == 60.0


@pytest.mark.parametrize(
    "failure",
    [error(500), error(503), httpx2.ConnectError, httpx2.ReadTimeout, httpx2.RemoteProtocolError, httpx2.ReadError],
)
def test_a_read_is_repeated(connect: Connect, failure: Answer) -> None:
    severa = Severa(failure, failure, ok())
    assert connect(severa).get(PATH, wire.Reference).guid == "i1"
    assert len(severa.asked) == 3


@pytest.mark.parametrize(
    ("failure", "code", "params"),
    [
        (error(502), "SEV-710", {"status": "502", "operation": f"GET {PATH}"}),
        (httpx2.ConnectTimeout, "SEV-703", {"address": "severa.example", "detail": "ConnectTimeout"}),
    ],
)
def test_a_read_that_goes_on_failing_is_given_up(
    connect: Connect, failure: Answer, code: str, params: dict[str, str]
) -> None:
    severa = Severa(failure)
    with pytest.raises(Unavailable) as caught:
        connect(severa).get(PATH, wire.Reference)
    assert (caught.value.reason.code, dict(caught.value.reason.params)) == (code, params)
    assert len(severa.asked) == ATTEMPTS


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(403, "InsufficientApiScope"), "SEV-702"),
        (error(400, "InvalidParameter"), "SEV-705"),
        (httpx2.Response(404), "SEV-709"),
        (httpx2.Response(302, headers={"Location": "/elsewhere"}), "SEV-707"),
    ],
)
def test_a_refusal_is_not_repeated(connect: Connect, answer: Answer, code: str) -> None:
    severa = Severa(answer)
    with pytest.raises(Refused) as caught:
        connect(severa).get(PATH, wire.Reference)
    assert caught.value.reason.code == code
    assert len(severa.asked) == 1


def test_broken_json_is_unavailable_and_a_missing_field_refused(connect: Connect) -> None:
    with pytest.raises(Unavailable) as broken:
        connect(Severa(httpx2.Response(200, content=b'{"guid": "i'))).get(PATH, wire.Reference)
    with pytest.raises(Refused) as missing:
        connect(Severa(ok({}))).get(PATH, wire.Link)
    assert broken.value.reason.code == missing.value.reason.code == "SEV-707"
    assert "guid" in missing.value.reason.param("detail")


@pytest.mark.parametrize(
    ("header", "paused"),
    [({"Retry-After": "7"}, 7.0), ({}, 1.0), ({"Retry-After": "soon"}, 1.0), ({"Retry-After": "date"}, 20.0)],
)
def test_a_429_pauses_and_is_repeated(
    connect: Connect, clock: FakeClock, header: dict[str, str], paused: float
) -> None:
    if header.get("Retry-After") == "date":
        header = {"Retry-After": "Tue, 14 Nov 2023 22:13:40 GMT"}
    quota = httpx2.Response(429, content=b"API calls quota exceeded! maximum admitted 10 per 1s.", headers=header)
    severa = Severa(quota, ok())
    connect(severa).get(PATH, wire.Reference)
    assert clock.slept == [paused]
    assert len(severa.asked) == 2


def test_a_429_pauses_every_client_of_the_pacing(connect: Connect, clock: FakeClock) -> None:
    pacing = unpaced(clock)
    refused, calm = Severa(httpx2.Response(429, headers={"Retry-After": "9"})), Severa(ok())
    one, other = connect(refused, pacing), connect(calm, pacing)
    with stamina.set_testing(True, attempts=1), pytest.raises(Unavailable):
        one.get(PATH, wire.Reference)
    assert clock.slept == []
    other.get(PATH, wire.Reference)
    assert clock.slept == [9.0]
    assert len(calm.asked) == 1


def test_endless_429_ends_in_unavailable_with_the_time(connect: Connect, clock: FakeClock) -> None:
    severa = Severa(httpx2.Response(429))
    with pytest.raises(Unavailable) as caught:
        connect(severa).get(PATH, wire.Reference)
    assert caught.value.reason.code == "SYS-905"
    assert caught.value.reason.param("time").endswith("+00:00")
    assert len(severa.asked) == ATTEMPTS
    assert clock.slept == [1, 2, 4, 8, 16]


# Writes


def _patched(client: SeveraClient) -> list[wire.Reference]:
    return client.patch(PATH, CHANGE, list[wire.Reference])


@pytest.mark.parametrize("failure", [httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout])
def test_a_write_that_did_not_leave_is_repeated(connect: Connect, failure: Answer) -> None:
    severa = Severa(failure, ok([{"guid": "i1"}]))
    assert [one.guid for one in _patched(connect(severa))] == ["i1"]
    assert len(severa.asked) == 2
    assert json.loads(severa.asked[1].content) == [{"op": "Replace", "path": "/status/guid", "value": "s2"}]


def test_a_write_refused_for_quota_is_repeated(connect: Connect) -> None:
    severa = Severa(httpx2.Response(429), ok([{"guid": "i1"}]))
    _patched(connect(severa))
    assert len(severa.asked) == 2


@pytest.mark.parametrize(
    "failure",
    [
        httpx2.ReadTimeout,
        httpx2.WriteTimeout,
        httpx2.ReadError,
        httpx2.RemoteProtocolError,
        error(500),
        error(503),
        httpx2.Response(302),
        httpx2.Response(200, content=b'[{"guid"'),
        ok({"not": "an array"}),
    ],
)
def test_a_write_whose_answer_is_lost_is_uncertain_and_not_repeated(connect: Connect, failure: Answer) -> None:
    severa = Severa(failure)
    with pytest.raises(Uncertain) as caught:
        _patched(connect(severa))
    assert caught.value.reason.code == "SEV-708"
    assert caught.value.reason.param("operation") == f"PATCH {PATH}"
    assert len(severa.asked) == 1


def test_a_refused_write_says_why(connect: Connect) -> None:
    with pytest.raises(Refused) as caught:
        _patched(connect(Severa(error(400, "InvalidOperation", "statusen är låst"))))
    assert caught.value.reason.code == "SEV-705"
    assert caught.value.reason.param("detail") == "statusen är låst"


def test_a_lost_token_answer_leaves_no_doubt_about_the_write(connect: Connect) -> None:
    severa = Severa(ok([{"guid": "i1"}]), tokens=(httpx2.ReadTimeout, error(500)))
    _patched(connect(severa))
    assert len(severa.asked) == 1
    assert len(severa.token_calls) == 3


def test_a_read_only_client_writes_nothing(connect: Connect) -> None:
    severa = Severa(ok())
    client = connect(severa, read_only=True)
    with pytest.raises(WriteBlocked):
        _patched(client)
    assert (severa.asked, severa.token_calls) == ([], [])
    client.get(PATH, wire.Reference)
    assert len(severa.asked) == 1


def test_a_read_only_client_stops_a_write_on_its_way_too(connect: Connect) -> None:
    severa = Severa(ok())
    client = connect(severa, read_only=True)
    with pytest.raises(WriteBlocked):
        client._send("PATCH", PATH, None, msgspec.json.encode(CHANGE))
    assert severa.asked == []


# Tokens


def test_a_token_is_renewed_before_it_expires(connect: Connect, clock: FakeClock) -> None:
    severa = Severa(ok(), expires_in=100)
    client = connect(severa)
    client.get(PATH, wire.Reference)
    clock.now += 89
    client.get(PATH, wire.Reference)
    assert len(severa.token_calls) == 1
    clock.now += 2
    client.get(PATH, wire.Reference)
    assert len(severa.token_calls) == 2
    refresh = severa.token_calls[1]
    assert refresh.url.path == "/rest-api/v1/refreshtoken"
    assert json.loads(refresh.content) == "ref-1"
    assert refresh.headers["Client_Id"] == "client-1"
    assert severa.asked[-1].headers["Authorization"] == "Bearer tok-2"


def test_a_refused_refresh_token_is_followed_by_a_new_token(connect: Connect, clock: FakeClock) -> None:
    severa = Severa(ok(), expires_in=100)
    client = connect(severa)
    client.get(PATH, wire.Reference)
    severa.tokens = [error(401, "AuthenticationRequired")]
    clock.now += 95
    client.get(PATH, wire.Reference)
    paths = [call.url.path.rsplit("/", 1)[1] for call in severa.token_calls]
    assert paths == ["token", "refreshtoken", "token"]


def test_a_refresh_token_that_has_expired_is_not_tried(connect: Connect, clock: FakeClock) -> None:
    severa = Severa(ok(), expires_in=100)
    client = connect(severa)
    client.get(PATH, wire.Reference)
    clock.now += 86401
    client.get(PATH, wire.Reference)
    assert [call.url.path.rsplit("/", 1)[1] for call in severa.token_calls] == ["token", "token"]


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_401_renews_once_and_repeats(connect: Connect, method: str) -> None:
    severa = Severa(error(401), ok([{"guid": "i1"}]))
    client = connect(severa)
    if method == "GET":
        client.get(PATH, list[wire.Reference])
    else:
        _patched(client)
    assert severa.authorizations == ["Bearer tok-1", "Bearer tok-2"]
    assert len(severa.token_calls) == 2


def test_a_second_401_is_wrong_credentials(connect: Connect) -> None:
    severa = Severa(error(401))
    with pytest.raises(Refused) as caught:
        connect(severa).get(PATH, wire.Reference)
    assert caught.value.reason.code == "SEV-701"
    assert len(severa.asked) == 2


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(401, "AuthenticationRequired"), "SEV-701"),
        (error(400, "AuthenticationRequired"), "SEV-701"),
        (error(403, "InsufficientApiScope"), "SEV-702"),
        (error(403, "TermsOfServiceNotApproved"), "SEV-705"),
        (ok({"nothing": 1}), "SEV-707"),
        (httpx2.Response(200, content=b"<html>"), "SEV-707"),
        (ok({"access_token": "tok\nX", "access_token_expires_in": 5}), "SEV-707"),
        (httpx2.Response(404), "SEV-709"),
    ],
)
def test_a_token_that_is_not_given_is_explained(connect: Connect, answer: Answer, code: str) -> None:
    severa = Severa(ok(), tokens=(answer,))
    with pytest.raises(Refused) as caught:
        connect(severa).get(PATH, wire.Reference)
    assert caught.value.reason.code == code
    assert severa.asked == []


def test_the_granted_scopes_are_known(connect: Connect) -> None:
    severa = Severa(ok())
    severa.scope = "invoices:read, customers:read settings:read"
    client = connect(severa)
    assert client.granted_scopes == frozenset()
    client.get(PATH, wire.Reference)
    assert client.granted_scopes == {"invoices:read", "customers:read", "settings:read"}


# Secrets, and what the program may ask


@pytest.mark.parametrize(
    "severa",
    [
        Severa(error(500, message="s3cret tok-1")),
        Severa(error(400, message="s3cret tok-1 ref-1")),
        Severa(httpx2.ReadTimeout),
        Severa(ok(), tokens=(error(403, message="s3cret"),)),
        Severa(ok(), tokens=(httpx2.LocalProtocolError,) * ATTEMPTS),
        Severa(ok(), tokens=(ok({"access_token": 5, "refresh_token": "ref-1"}),)),
    ],
)
def test_no_secret_is_in_an_exception_or_a_log(
    connect: Connect, severa: Severa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client = connect(severa)
    with pytest.raises(Fault) as caught:
        client.get(PATH, wire.Reference)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(client) + caplog.text
    shown += repr(client._auth) + "".join(map(repr, severa.asked + severa.token_calls))
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    for secret in SECRETS:
        assert secret not in shown


def test_an_operation_that_is_not_in_the_table_is_not_asked(connect: Connect) -> None:
    severa = Severa(ok())
    client = connect(severa)
    with pytest.raises(LookupError):
        client.get("/v1/users/u1", wire.Reference)
    with pytest.raises(LookupError):
        client.get(PATH, wire.Reference, {"fields": "all"})
    assert severa.asked == []


def test_pages_are_asked_with_the_callers_parameters(connect: Connect) -> None:
    pages = [ok([{"guid": "a"}], NextPageToken="t+/="), ok([{"guid": "b"}]), ok([{"guid": "b"}])]
    severa = Severa(*pages)
    rows = connect(severa).pages_by_token("/v1/invoices", wire.Reference, {"numbers": [1, 2], "changedSince": MOMENT})
    assert [row.guid for row in rows] == ["a", "b"]
    queries = [sorted(asked.url.params.multi_items()) for asked in severa.asked]
    common = [("changedSince", "2026-01-31T12:00:00+00:00"), ("numbers", "1"), ("numbers", "2")]
    assert queries[0] == sorted([*common, ("rowCount", "100")])
    assert queries[1] == queries[2] == sorted([*common, ("rowCount", "100"), ("pageToken", "t+/=")])
    assert b"%2B00" in severa.asked[0].url.query


def test_a_key_stays_inside_its_part_of_the_path(connect: Connect) -> None:
    severa = Severa(httpx2.Response(404))
    assert SeveraGateway(connect(severa)).invoice("../customers/c1?x=1#y") is None
    assert severa.asked[0].url.raw_path == b"/rest-api/v1/invoices/..%2Fcustomers%2Fc1%3Fx%3D1%23y"


def test_a_project_that_was_won_since_is_a_changed_project(connect: Connect) -> None:
    def project(guid: str) -> dict[str, Any]:
        return {"guid": guid, "name": guid, "isClosed": False, "createdDateTime": "2026-01-01T00:00:00Z"}

    severa = Severa(*[ok([project("a")])] * 2, *[ok([project("a"), project("b")])] * 2)
    read = SeveraGateway(connect(severa)).projects(changed_since=MOMENT)
    assert [one.key for one in read] == ["a", "b"]
    asked = [set(request.url.params) - {"rowCount"} for request in severa.asked]
    assert asked == [{"changedSince"}] * 2 + [{"salesStatusChangedSince"}] * 2
