"""One practice company, one server and one headless Chromium for all browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from brygga.practice.build import CLIENT_SECRET
from brygga.severa.http import SeveraClient
from brygga.store.run_requests import RequestKind
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.selection import Selection
from brygga.web.server import Serving
from tests.contract.severa_connected import unpaced
from tests.end_to_end.support import COMPANY, World, practice_world
from tests.web.browsing.walking import WAIT_MS, Walk
from tests.web.serving import serving_pages

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, headless."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this computer: install it, on Debian with: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A small practice company whose month waits; where a test asks for another one, this one ends before it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BRYGGA_")]:
            patch.delenv(name)
        patch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", CLIENT_SECRET)
        patch.setattr("brygga.app.SeveraClient", partial(SeveraClient, pacing=unpaced()))
        # The engine in a thread of its own: the browser's driver keeps an event loop running in this one.
        with practice_world(tmp_path_factory.mktemp("pages")) as made, ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(made.app.runs.work).result()
            yield made
            elsewhere.submit(made.app.close).result()


@pytest.fixture(scope="package")
def used(world: World) -> World:
    """The company after its month: every list was searched, and what could be transferred was."""
    runs = world.app.runs
    for transfer in PLANNERS:
        for kind in (RequestKind.TRANSFER, RequestKind.SEARCH):
            asked = runs.start(COMPANY, transfer, Selection(), kind=kind)
            assert runs.wait(asked.id, timeout_seconds=400).ended
    return world


@pytest.fixture(scope="package")
def serving(world: World) -> Iterator[Serving]:
    """The pages, served as ``brygga`` serves them."""
    with serving_pages(world.app) as running:
        yield running


@pytest.fixture
def page(browser: Browser, serving: Serving) -> Iterator[Page]:
    """A browser of its own that was let in, at the smallest screen that is promised."""
    context = browser.new_context(viewport={"width": 1024, "height": 600}, locale="sv-SE")
    context.set_default_timeout(WAIT_MS)
    opened = context.new_page()
    opened.goto(serving.link("anna"))
    yield opened
    context.close()


@pytest.fixture
def walk(page: Page, serving: Serving) -> Walk:
    """The page with the words of a person who uses it."""
    return Walk(page, serving.address)
