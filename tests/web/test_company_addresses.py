"""Each company has an address of its own that stays what it was: names that are written alike, and names of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy.engine import Engine

from brygga.app import App
from brygga.store.company_addresses import LONGEST_SLUG, RESERVED, addresses
from brygga.store.settings.values import Settings, companies
from brygga.web.access import Doorkeeper, Origins
from brygga.web.application import PAGES, create_application
from brygga.web.gate import API_PREFIX, STATIC_PREFIX

OWN = "http://127.0.0.1:8123"


def begin(engine: Engine, *companies: str) -> dict[str, str]:
    """The addresses of all companies after these were given their first setting, in this order."""
    for company in companies:
        Settings(engine, company, environ={}).set("severa.client_id", "id")
    return addresses(engine)


def test_a_later_company_never_takes_an_earlier_ones_address(engine: Engine) -> None:
    assert begin(engine, "Åkeri") == {"Åkeri": "akeri"}
    # Earlier in order of name, later in time.
    assert begin(engine, "Akeri", "AKERI") == {"Åkeri": "akeri", "Akeri": "akeri-2", "AKERI": "akeri-3"}
    assert begin(engine, "Akeri-2", "Akeri")["Akeri-2"] == "akeri-2-2"


def test_a_company_that_comes_back_has_the_address_that_it_had(engine: Engine) -> None:
    begin(engine, "Åkeri", "Akeri")
    Settings(engine, "Åkeri", environ={}).unset("severa.client_id")
    assert companies(engine) == ("Akeri",)
    assert begin(engine, "AKERI", "Åkeri") == {"Åkeri": "akeri", "Akeri": "akeri-2", "AKERI": "akeri-3"}


def test_a_long_name_has_an_address_that_fits(engine: Engine) -> None:
    assert all(len(each) <= LONGEST_SLUG + 2 for each in begin(engine, "ﬃ" * 250, "ffi" * 84).values())


def test_no_company_has_an_address_of_the_program() -> None:
    paths = {path for module in PAGES for route in module.ROUTES for path in route.paths}
    first = {path.strip("/").split("/")[0] for path in {*paths, STATIC_PREFIX, API_PREFIX}}
    assert {part for part in first if part and not part.startswith("{")} == RESERVED


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    app, keeper = App(tmp_path / "brygga.sqlite"), Doorkeeper()
    with TestClient(create_application(app, keeper, Origins(port=8123)), base_url=OWN) as client:
        client.follow_redirects = False
        client.get("/in", params={"token": keeper.launch("anna")})
        yield client
    app.close()


@pytest.mark.parametrize("name", ["Api", "in", "Static", "Börja", "Launch", "språk", "Logga in", "Logga ut", "api-2"])
def test_a_company_named_like_an_address_of_ours_is_reached(client: TestClient[Litestar], name: str) -> None:
    app: App = client.app.state.site.app
    for company in (name, "Åkeri", "Akeri"):
        app.settings(company).set("severa.client_id", "id")
    parts = client.app.state.site.companies
    assert sorted(parts.values()) == sorted((name, "Åkeri", "Akeri"))
    for part, company in parts.items():
        answer = client.get(f"/{part}/historik")
        assert answer.status_code == 200
        assert f"<title>Historik – {company} – Brygga</title>" in answer.text.replace("&amp;", "&")
