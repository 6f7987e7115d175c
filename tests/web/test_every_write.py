"""Every state-changing route, from the router itself, refuses foreign names, other pages, no session, others' ids.

A route that is added tomorrow is in the table without knowing it (issue 6, Security; anchors §6).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from brygga.app import App
from brygga.store.schema.base import metadata
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.access import SAFE_METHODS, Doorkeeper, Origins
from brygga.web.application import PAGES, create_application
from brygga.web.gate import API_PREFIX, COOKIE, LOG_IN_PATH
from brygga.web.running import LAUNCH_PATH
from tests.web.page_world import OWN, PORT

WAYS_IN = frozenset({LAUNCH_PATH, LOG_IN_PATH})
"""Answer without a session, by a secret of their own: a start secret, name and password."""

FOREIGN: dict[str, tuple[dict[str, str], int]] = {
    "another host": ({"Host": "evil.example", "Origin": OWN}, 421),
    "another port": ({"Host": "127.0.0.1:1", "Origin": OWN}, 421),
    "another origin": ({"Origin": "http://evil.example"}, 403),
    "no origin": ({}, 403),
    "null origin": ({"Origin": "null"}, 403),
    "cross-site": ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
    "same site, another port": ({"Sec-Fetch-Site": "same-site"}, 403),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient[Litestar], App, str]]:
    """Two companies without systems, and a session: what must be refused is refused before any is asked."""
    app, keeper = App(tmp_path_factory.mktemp("writes") / "brygga.sqlite"), Doorkeeper()
    for company in ("alfa", "beta"):
        app.settings(company).set("severa.client_id", "id")
    with TestClient(create_application(app, keeper, Origins(port=PORT)), base_url=OWN) as client:
        client.follow_redirects = False
        yield client, app, keeper.begin("anna")
    app.close()


def routes() -> list[tuple[str, str]]:
    """Method and path of every page route that is not a look; from the application, so that a new one is there too."""
    application = create_application(App(), Doorkeeper(), Origins(port=PORT))
    return sorted(
        (str(method), route.path)
        for route in application.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(API_PREFIX)
        for method in route.methods
        if method not in SAFE_METHODS
    )


ROUTES = routes()


def filled(path: str, company: str, run: int = 1) -> str:
    """The path with something in each place."""
    path = path.replace("{company:str}", company).replace("{tab:str}", "fakturor")
    path = re.sub(r"\{\w+:int\}", str(run), path)
    return re.sub(r"\{\w+:(str|path)\}", "x", path)


def everything(app: App) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """The whole store."""
    with app.engine.connect() as connection:
        return {name: list(connection.execute(sa.select(table))) for name, table in metadata.tables.items()}


def test_the_table_holds_every_page_that_writes() -> None:
    posts = {path for module in PAGES for each in module.ROUTES if "POST" in each.http_methods for path in each.paths}
    assert posts == {path for _, path in ROUTES}
    assert len(posts) >= 10
    assert {method for method, _ in ROUTES} == {"POST"}


@pytest.mark.parametrize("foreign", FOREIGN)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_foreign_request_is_refused(
    site: tuple[TestClient[Litestar], App, str], method: str, path: str, foreign: str
) -> None:
    client, app, cookie = site
    headers, status = FOREIGN[foreign]
    before = everything(app)
    answer = client.request(method, filled(path, "alfa"), headers=headers | {"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers
    assert everything(app) == before


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_session_nothing_is_done(site: tuple[TestClient[Litestar], App, str], method: str, path: str) -> None:
    client, app, _ = site
    before = everything(app)
    for cookie in ("", f"{COOKIE}=guess", f"{COOKIE}="):
        answer = client.request(method, filled(path, "alfa"), headers={"Origin": OWN, "Cookie": cookie})
        assert answer.status_code == (409 if path in WAYS_IN else 401)
        assert "set-cookie" not in answer.headers
    assert everything(app) == before


@pytest.mark.parametrize(("method", "path"), [each for each in ROUTES if "{company:str}" in each[1]])
def test_what_belongs_to_another_company_is_not_there(
    site: tuple[TestClient[Litestar], App, str], method: str, path: str
) -> None:
    client, app, cookie = site
    headers = {"Origin": OWN, "Cookie": f"{COOKIE}={cookie}"}
    assert client.request(method, filled(path, "nobody"), headers=headers).status_code == 404
    if "{" not in path.replace("{company:str}", "").replace("{tab:str}", ""):
        return
    run = app.runs.start("alfa", Transfer.INVOICES, Selection())
    before = everything(app)
    answer = client.request(method, filled(path, "beta", run.id), headers=headers)
    assert answer.status_code in (404, 409), answer.text
    assert everything(app) == before


def test_no_look_changes_anything(site: tuple[TestClient[Litestar], App, str]) -> None:
    """Nothing that writes is a GET: every page is opened, and the store is as it was."""
    client, app, cookie = site
    paths = sorted(
        {path for module in PAGES for each in module.ROUTES if "GET" in each.http_methods for path in each.paths}
    )
    before = everything(app)
    for path in paths:
        client.get(filled(path, "alfa"), headers={"Cookie": f"{COOKIE}={cookie}"})
    assert everything(app) == before
