"""The gate: host names, launch tokens, same-origin writes and the headers of every answer (anchors §6)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from brygga.app import App
from brygga.web.access import LAUNCH_SECONDS, SESSION_SECONDS, Doorkeeper, Origins
from brygga.web.application import create_application
from brygga.web.gate import COOKIE

PORT = 8123
OWN = f"http://127.0.0.1:{PORT}"


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keeper(clock: Clock) -> Doorkeeper:
    return Doorkeeper(now=clock)


@pytest.fixture
def client(tmp_path: Path, keeper: Doorkeeper) -> Iterator[TestClient[Litestar]]:
    app = App(tmp_path / "brygga.sqlite")
    with TestClient(create_application(app, keeper, Origins(port=PORT)), base_url=OWN) as client:
        client.follow_redirects = False
        yield client
    app.close()


def enter(client: TestClient[Litestar], keeper: Doorkeeper) -> Any:
    return client.get("/in", params={"token": keeper.launch("anna")})


def test_nobody_is_let_in_without_a_launch_token(client: TestClient[Litestar]) -> None:
    answer = client.get("/")
    assert answer.status_code == 401
    assert "WEB-963" in answer.text
    assert client.get("/in", params={"token": "guess"}).status_code == 409


def test_a_launch_token_lets_one_browser_in_once(client: TestClient[Litestar], keeper: Doorkeeper) -> None:
    token = keeper.launch("anna")
    answer = client.get("/in", params={"token": token})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").status_code == 303
    client.cookies.clear()
    assert client.get("/in", params={"token": token}).status_code == 409


def test_tokens_and_sessions_end(client: TestClient[Litestar], keeper: Doorkeeper, clock: Clock) -> None:
    token = keeper.launch("anna")
    clock.seconds = LAUNCH_SECONDS + 1
    assert client.get("/in", params={"token": token}).status_code == 409
    enter(client, keeper)
    assert client.get("/").status_code == 303
    clock.seconds += SESSION_SECONDS + 1
    assert client.get("/").status_code == 401


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:80", "localhost", "", "[::1]:x"])
def test_a_foreign_host_is_refused_before_anything_else(
    client: TestClient[Litestar], keeper: Doorkeeper, host: str
) -> None:
    enter(client, keeper)
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "WEB-961" in answer.text


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
def test_loopback_is_known_by_all_its_names(client: TestClient[Litestar], host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": OWN}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": f"https://127.0.0.1:{PORT}"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_pages_may_write(
    client: TestClient[Litestar], keeper: Doorkeeper, headers: dict[str, str], status: int
) -> None:
    enter(client, keeper)
    assert client.post("/sprak", data={"language": "en", "back": "/"}, headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/brygga.css"])
def test_every_answer_carries_the_security_headers(client: TestClient[Litestar], path: str) -> None:
    headers = client.get(path).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == ("no-store" if path != "/static/brygga.css" else headers["cache-control"])


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_form_cannot_send_a_person_elsewhere(client: TestClient[Litestar], keeper: Doorkeeper, back: str) -> None:
    enter(client, keeper)
    answer = client.post("/sprak", data={"language": "en", "back": back}, headers={"Origin": OWN})
    assert answer.status_code == 409
    assert "location" not in answer.headers


def test_only_digests_of_tokens_are_kept(keeper: Doorkeeper) -> None:
    token = keeper.launch("anna")
    cookie = keeper.enter(token)
    assert cookie is not None
    assert token not in repr(keeper)
    assert cookie not in repr(keeper)
    assert COOKIE
    keeper.leave(cookie)
    assert keeper.session(cookie) is None


@pytest.mark.parametrize(
    "path", ["/industri-ab", "/in-och-ut/fakturor", "/inx", "/launch/x", "/logga-in-ab", "/staticx"]
)
def test_only_the_ways_in_are_open_and_nothing_that_begins_alike(client: TestClient[Litestar], path: str) -> None:
    assert client.get(path).status_code == 401


def test_a_body_that_is_too_large_is_refused(client: TestClient[Litestar], keeper: Doorkeeper) -> None:
    enter(client, keeper)
    answer = client.post("/sprak", data={"back": "x" * 5_000_000}, headers={"Origin": OWN})
    assert answer.status_code == 413


def test_a_number_larger_than_any_row_has_names_nothing(client: TestClient[Litestar], keeper: Doorkeeper) -> None:
    app = client.app.state.site.app
    app.settings("alfa").set("severa.client_id", "id")
    enter(client, keeper)
    assert client.get(f"/alfa/korning/{10**30}").status_code == 409
    assert client.post(f"/alfa/korning/{10**30}/avbryt", headers={"Origin": OWN}).status_code == 409
