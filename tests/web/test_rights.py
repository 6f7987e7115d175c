"""People who log in may do what their scopes say; who was let in by a launch token started the program itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from brygga.app import App
from brygga.store.api_tokens import Scope
from brygga.store.web_users import WebUsers
from brygga.web.access import SAFE_METHODS, Doorkeeper, Origins
from brygga.web.application import PAGES, create_application
from brygga.web.gate import COOKIE
from brygga.web.rights import NEEDED, OPEN, needed_for
from tests.web.page_world import OWN, PORT

ROUTES = sorted(
    (method, path)
    for module in PAGES
    for each in module.ROUTES
    for path in each.paths
    for method in ("GET" if "GET" in each.http_methods else "POST",)
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient[Litestar], App, Doorkeeper]]:
    app, keeper = App(tmp_path_factory.mktemp("rights") / "brygga.sqlite"), Doorkeeper()
    app.settings("alfa").set("severa.client_id", "id")
    with TestClient(
        create_application(app, keeper, Origins(port=PORT), log_in=True), base_url=OWN, raise_server_exceptions=False
    ) as client:
        client.follow_redirects = False
        yield client, app, keeper
    app.close()


def test_every_act_of_the_pages_is_in_the_table() -> None:
    acts = {path for method, path in ROUTES if method not in SAFE_METHODS}
    assert acts == set(NEEDED) | OPEN


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if route[1] not in OPEN])
def test_a_route_is_refused_to_whom_has_every_other_right(
    site: tuple[TestClient[Litestar], App, Doorkeeper], method: str, path: str
) -> None:
    client, app, keeper = site
    needed = needed_for(method, path)
    users = WebUsers(app.engine)
    if "anna" not in users.names():
        users.put("anna", "fyra ord på rad")
        users.put("bertil", "fem andra ord på rad")
    users.allow("anna", [scope for scope in Scope if scope is not needed])
    address = re.sub(r"\{\w+:str\}", "x", path.replace("{company:str}", "alfa").replace("{tab:str}", "fakturor"))
    address = re.sub(r"\{\w+:int\}", "1", address)
    headers = {"Origin": OWN, "Accept-Language": "en", "Cookie": f"{COOKIE}={keeper.begin('anna', logged_in=True)}"}
    refused = client.request(method, address, headers=headers)
    assert refused.status_code == 403
    assert "API-917" in refused.text
    assert "bertil" in refused.text, "the page says who can"
    if method in SAFE_METHODS:
        # A right that is given holds at once, in the session that there is.
        users.allow("anna", [needed])
        assert client.request(method, address, headers=headers).status_code != 403


def test_a_user_who_was_removed_may_do_nothing_more(site: tuple[TestClient[Litestar], App, Doorkeeper]) -> None:
    client, app, keeper = site
    WebUsers(app.engine).put("cecilia", "sex ord till på rad")
    headers = {"Cookie": f"{COOKIE}={keeper.begin('cecilia', logged_in=True)}"}
    assert client.get("/alfa", headers=headers).status_code == 200
    WebUsers(app.engine).remove("cecilia")
    assert client.get("/alfa", headers=headers).status_code == 403


def test_who_started_the_program_may_do_everything(site: tuple[TestClient[Litestar], App, Doorkeeper]) -> None:
    client, _, keeper = site
    entered = client.get("/in", params={"token": keeper.launch("anna")})
    cookie = entered.headers["set-cookie"].split(";")[0]
    answer = client.post("/borja", data={"name": "Nytt bolag"}, headers={"Origin": OWN, "Cookie": cookie})
    assert answer.status_code == 303


def test_a_new_password_leaves_the_rights_as_they_are(tmp_path: Path) -> None:
    users = WebUsers(App(tmp_path / "brygga.sqlite").engine)
    users.put("anna", "fyra ord på rad", [Scope.READ])
    users.put("anna", "fyra andra ord på rad")
    assert users.scopes() == {"anna": (Scope.READ,)}
