"""Each company has an address of its own that stays what it was: names that are written alike, and names of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy.engine import Engine

from brygga.app import App
from brygga.store.company_addresses import company_addresses
from brygga.store.database import open_store
from brygga.web.access import Doorkeeper, Origins
from brygga.web.addresses import LONGEST_SLUG, slug
from brygga.web.application import create_application

OWN = "http://127.0.0.1:8123"


@pytest.fixture
def engine(store: Path | str) -> Iterator[Engine]:
    made = open_store(store)
    yield made
    made.dispose()


def test_a_later_company_never_takes_an_earlier_ones_address(engine: Engine) -> None:
    assert company_addresses(engine, ["Åkeri"], slug) == {"Åkeri": "akeri"}
    # Earlier in order of name, later in time.
    both = company_addresses(engine, ["Akeri", "Åkeri", "AKERI"], slug)
    assert both == {"Åkeri": "akeri", "AKERI": "akeri-2", "Akeri": "akeri-3"}
    assert company_addresses(engine, ["Akeri-2", "Akeri"], slug) == {"Akeri": "akeri-3", "Akeri-2": "akeri-2-2"}


def test_an_address_that_the_program_comes_to_need_is_given_up(engine: Engine) -> None:
    assert company_addresses(engine, ["Ny"], slug) == {"Ny": "ny"}
    assert company_addresses(engine, ["Ny"], slug, {"ny"}) == {"Ny": "ny-2"}
    assert company_addresses(engine, ["Ny"], slug, {"ny"}) == {"Ny": "ny-2"}


def test_a_long_name_has_an_address_that_fits(engine: Engine) -> None:
    names = ["ﬃ" * 250, "ffi" * 84]
    assert all(len(each) <= LONGEST_SLUG + 2 for each in company_addresses(engine, names, slug).values())


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
