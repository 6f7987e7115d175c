"""Pictures of the pages in three sizes, light and dark, for ``docs/screens``: ``python3 dev.py screens`` runs this.

Not part of the test run (its name does not begin with ``test_``): it proves nothing, it shows.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.browsing.walking import BASE, WAIT_MS, Walk

SCREENS = Path(__file__).resolve().parents[3] / "docs" / "screens"
SIZES = {"large": (1280, 800), "small": (1024, 600), "phone": (360, 740)}
QUALITY = 40
"""Of JPEG: text is readable, and all pictures together weigh about as much as one photograph."""


def _pages(walk: Walk, number: str) -> dict[str, str]:
    """Addresses by the name of the picture; those that come out of an action are walked to first."""
    page = walk.page
    walk.search("fakturor")
    page.locator("#rows a[data-open]").first.click()
    record = page.url
    walk.to("/avstamning")
    page.locator("input[name=month]").fill("2026-01")
    page.locator("main form button").first.click()
    page.wait_for_url("**/avstamning/*", timeout=WAIT_MS)
    reconciled = page.url
    walk.to("/historik")
    page.locator("main a[href*='/historik/']").first.click()
    run = page.url
    own = f"{walk.address}{BASE}"
    return {
        "oversikt": own,
        "fakturor": f"{own}/fakturor",
        "kunder": f"{own}/kunder",
        "post": record,
        "avstamning": reconciled,
        "historik": f"{own}/historik",
        "korning": run,
        "osaker": f"{own}/osaker",
        "varfor": f"{own}/varfor?q={number}",
        "koppla": f"{own}/koppla?slag=article",
        "installningar": f"{own}/installningar/supplier_invoices",
        "mappningar": f"{own}/installningar/mappings",
        "schema": f"{own}/schema",
        "borja": f"{walk.address}/borja",
    }


@pytest.fixture
def month(page: Page, walk: Walk) -> str:
    """The preview of the waiting month, photographed before it is transferred; the number of one invoice."""
    walk.search("fakturor")
    page.locator("button[name=all][value=on]").click()
    page.locator("#go button").click()
    page.wait_for_url("**/forhandsgranskning/*", timeout=WAIT_MS)
    _photograph(page, walk, {"forhandsgranskning": page.url})
    return page.locator("td.number").first.inner_text()


def test_pictures(page: Page, walk: Walk, month: str, request: pytest.FixtureRequest) -> None:
    """Every page in every size and theme, after the month was transferred; not the log, which names folders."""
    request.getfixturevalue("used")
    page.set_viewport_size({"width": 1024, "height": 600})
    _photograph(page, walk, _pages(walk, month))


def _photograph(page: Page, walk: Walk, pages: dict[str, str]) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": walk.address}])
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for name, address in pages.items():
                page.goto(address)
                path = SCREENS / f"{name}-{size}-{theme}.jpg"
                page.screenshot(path=path, type="jpeg", quality=QUALITY)
