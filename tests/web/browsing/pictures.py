"""Pictures of the pages in three sizes, light and dark, for ``docs/screens``: ``python3 dev.py screens`` runs this.

Not part of the test run (its name does not begin with ``test_``): it proves nothing, it shows.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from brygga.store.settings.registry import BY_KEY
from brygga.transfers.plan import Plan, Transfer
from tests.end_to_end.support import World
from tests.web.browsing import states
from tests.web.browsing.walking import BASE, Walk

SCREENS = Path(os.environ.get("BRYGGA_SCREENS") or Path(__file__).resolve().parents[3] / "docs" / "screens")
SIZES = {"large": (1440, 900), "small": (1024, 600), "phone": (360, 740)}
QUALITY = 20
"""Of JPEG: text is readable, and all pictures together weigh about as much as one photograph."""
THEMES = ("light", "dark")
ONCE = frozenset({("large", "light"), ("phone", "dark")})
"""How a state is shown that is one of several of its page."""


@pytest.fixture
def month(page: Page, walk: Walk, world: World) -> Plan:
    """The list and the preview of the waiting month, photographed before it is transferred; the plan of one invoice."""
    walk.search("fakturor")
    page.locator("button[name=all][value=on]").click()
    expect(page.locator("#go button")).to_be_enabled()
    photograph(page, walk, {"fakturor": page.url})
    page.locator("#go button").click()
    page.wait_for_url("**/forhandsgranskning/*")
    photograph(page, walk, {"forhandsgranskning": page.url})
    return next(plan for plan in states.plans_of(world, Transfer.INVOICES) if plan.payload is not None)


def test_pictures(
    page: Page, walk: Walk, month: Plan, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page in every size and theme, after the month was transferred, and the states that it did not show."""
    used: World = request.getfixturevalue("used")
    page.set_viewport_size({"width": 1024, "height": 600})
    walk.search("fakturor")
    record = page.locator("#rows a[data-open]").first.get_attribute("href")
    walk.to("")
    expect(page.locator("#connections .chain")).to_be_visible()
    walk.to("/historik")
    run = page.locator("main a[href*='/historik/']").first.get_attribute("href")
    (used.app.folder / "errors.log").write_text(
        "2026-01-31T14:07:31 SYS-999 ValueError: a record without a number\n", encoding="utf-8"
    )
    made = states.runs(used, monkeypatch)
    photograph(
        page,
        walk,
        {
            "oversikt": BASE,
            "kunder": f"{BASE}/kunder",
            "leverantorsfakturor-lista": f"{BASE}/leverantorsfakturor",
            "lista-tom": f"{BASE}/fakturor?fran=2031-01-01",
            "post": f"{record}",
            "forhandsgranskning-konflikter": states.conflicts(used),
            **{f"korning-{state}": made[state] for state in ("running", "held", "failed")},
            **states.in_doubt(used, monkeypatch, month),
            "avstamning": states.reconciled(used),
            "avstamning-skillnad": states.reconciled(used, differing=True),
            "historik": f"{BASE}/historik",
            "historik-korning": f"{run}",
            "varfor": f"{BASE}/varfor?q={month.source_number}",
            "koppla": f"{BASE}/koppla?slag=article",
            "installningar": f"{BASE}/installningar/supplier_invoices",
            "mappningar": f"{BASE}/installningar/mappings",
            "schema": f"{BASE}/schema",
            "logg": f"{BASE}/logg",
            "borja": "/borja",
            "fel": f"{BASE}/finns-inte",
        },
    )

    states.other_store(used, monkeypatch, month)
    for theme in THEMES:
        page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": walk.address}])
        walk.to("/overtagande")
        walk.press("Läs båda systemen och jämför")
        expect(page.get_by_role("button", name="Ja, ta över")).to_be_visible()
        in_each_size(page, "overtagande-jamfort", theme)

    # Last, because from then on there are two companies to choose between: one that nothing is known of yet.
    used.app.settings("Nytt AB").set("severa.base_url", BY_KEY["severa.base_url"].default)
    photograph(page, walk, {"guiden": "/nytt-ab/borja"})


def photograph(page: Page, walk: Walk, pages: dict[str, str]) -> None:
    """Each address in each size and theme, under the name of its picture."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": walk.address}])
        for name, address in pages.items():
            page.goto(address if "://" in address else walk.address + address)
            in_each_size(page, name, theme)


def in_each_size(page: Page, name: str, theme: str) -> None:
    """The open page in each size; a state, which has a hyphen, in one size of each theme."""
    for size, (width, height) in SIZES.items():
        if "-" in name and (size, theme) not in ONCE:
            continue
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=SCREENS / f"{name}-{size}-{theme}.jpg", type="jpeg", quality=QUALITY)
