"""The pages over the practice world: the real application, both simulators behind it, and a browser that was let in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient

from brygga.app import App, Gateways
from brygga.runs.listing import kept
from brygga.runs.run import preview
from brygga.store.listings import Listing, Listings
from brygga.transfers.company import Company
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.access import Doorkeeper, Origins
from brygga.web.application import create_application
from tests.transfers.practice_places import InProcessHost
from tests.transfers.practice_world import World

PORT = 8123
OWN = f"http://127.0.0.1:{PORT}"
COMPANY = "alfa"


class WorldApp(App):
    """The program on the world's store, with the world's gateways in place of connections of its own."""

    def __init__(self, world: World) -> None:
        super().__init__(world.folder / "store.sqlite")
        self._world = world
        settings = self.settings(COMPANY)
        known = {
            key: value for key, value in world.settings.items() if not key.startswith(("severa.", "administration."))
        }
        settings.save(
            {key: value for key, value in known.items() if value not in ("", None)} | {"severa.client_id": "id"}
        )
        settings.set("severa.environment", "organization")

    @contextmanager
    def company(self, name: str, *, read_only: bool, mirrored: bool = True) -> Iterator[Company]:
        """The world's company."""
        self.known(name)
        # A host of its own for each opening, as the program has: a request is answered by any thread.
        host = InProcessHost(read_only=read_only)
        try:
            yield self._world.company(read_only=read_only, host=host)
        finally:
            host.close()

    @contextmanager
    def gateways(self, company: str, *, read_only: bool) -> Iterator[Gateways]:
        """The world's two systems."""
        with self.company(company, read_only=read_only) as opened:
            systems: Any = opened
            yield Gateways(severa=systems.severa, administration=systems.administration)


@dataclass
class Pages:
    """A browser on the pages."""

    world: World
    app: WorldApp
    client: TestClient[Litestar]

    def get(self, path: str, status: int = 200) -> str:
        """The page's text as a person reads it, without markup."""
        answer = self.client.get(path)
        assert answer.status_code == status, text_of(answer.text)
        return text_of(answer.text)

    def post(self, path: str, status: int = 303, **form: Any) -> Any:
        """Send a form from our own page."""
        answer = self.client.post(path, data=form, headers={"Origin": OWN})
        assert answer.status_code == status, text_of(answer.text)
        return answer

    def told(self, path: str, **form: Any) -> str:
        """Send a form that is answered with a page, and read it."""
        return text_of(self.post(path, 200, **form).text)

    def followed(self, path: str, **form: Any) -> str:
        """Send a form and read the page that it leads to."""
        return self.get(self.post(path, **form).headers["location"])


def text_of(page: str) -> str:
    """The words of the page's content."""
    found = re.search(r"<main.*?</main>", page, re.S)
    words = re.sub(r"<[^>]+>", " ", found.group(0) if found else page)
    return " ".join(html.unescape(words).replace("\u00a0", " ").split())


def listed(pages: Pages, transfer: Transfer) -> Listing:
    """The list as a search of everything leaves it."""
    with pages.app.company(COMPANY, read_only=True) as opened:
        plans = preview(opened, transfer, Selection())
    settings = pages.app.settings(COMPANY).fingerprint()
    return kept(Listings(pages.app.engine), COMPANY, transfer, Selection(), plans, settings_hash=settings, seconds=1)


@contextmanager
def pages_on(world: World, language: str = "en") -> Iterator[Pages]:
    """The application on a world, in English unless asked otherwise."""
    keeper = Doorkeeper()
    app = WorldApp(world)
    with TestClient(create_application(app, keeper, Origins(port=PORT)), base_url=OWN) as client:
        client.follow_redirects = False
        client.get("/in", params={"token": keeper.launch("anna")})
        client.cookies.set("brygga-sprak", language)
        yield Pages(world, app, client)
    app.close()
