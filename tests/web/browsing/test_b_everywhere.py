"""Every page: no axe violation, nothing wider than the window, in light and dark, wide and narrow, both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from brygga.runs.listing import parameters_of
from brygga.store.listings import Filter, Listings
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.application import PAGES
from brygga.web.server import Serving
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing import states
from tests.web.browsing.walking import BASE, Walk

NO_PAGE = re.compile(r"/(excel|csv|del|fil|export)$|^/in$|^/logga-in$")
"""Addresses that answer a file, a part of a page, or the way in."""

SIZES = {"wide": (1024, 600), "narrow": (360, 740)}


def pages_of(world: World) -> list[str]:
    """An address of every page that the program has, with what the practice company has in each place."""
    app = world.app
    listing = Listings(app.engine).latest(COMPANY, "invoices", parameters_of(Selection()))
    assert listing is not None
    row = Listings(app.engine).rows(listing, Filter(), limit=1)[0]
    preview = app.previews.save(
        COMPANY, Transfer.INVOICES, (), settings=listing.settings_hash, version="", now=listing.read_at
    )
    known = {
        "preview_id": preview.id,
        "request_id": str(app.runs.latest(COMPANY, 1)[0].id),
        "run_id": str(app.journal(COMPANY).runs(1)[0].id),
        "key": row.source_key,
        "company": BASE[1:],
        "tab": "fakturor",
        "section": "invoices",
    }
    templates = {
        path for module in PAGES for each in module.ROUTES if "GET" in each.http_methods for path in each.paths
    }
    found = []
    for template in sorted(templates):
        names = re.findall(r"{(\w+):", template)
        if NO_PAGE.search(template) or not set(names) <= set(known):
            continue
        found.append(re.sub(r"{(\w+):\w+}", lambda match: known[match.group(1)], template))
    return [*found, f"{BASE}/varfor?q={row.number}", f"{BASE}/kunder", f"{BASE}/kunder-till-severa", f"{BASE}/nowhere"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_used_by_everybody(
    page: Page, walk: Walk, used: World, serving: Serving, theme: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": serving.address}])
    if size == "narrow":
        page.context.add_cookies([{"name": "brygga-sprak", "value": "en", "url": serving.address}])
    assert wrong_with(walk, pages_of(used)) == {}


def wrong_with(walk: Walk, addresses: Iterable[str]) -> dict[str, object]:
    """What axe finds on these pages, and which are wider than the window, by address."""
    wrong: dict[str, object] = {}
    for address in addresses:
        walk.page.goto(walk.address + address)
        found: list[object] = [*walk.violations()]
        if walk.overflow():
            found.append(f"{walk.overflow()} px wider than the window")
        if found:
            wrong[address] = found
    return wrong


@pytest.mark.parametrize(("theme", "size"), [("light", "narrow"), ("dark", "wide")])
def test_what_a_good_month_does_not_show_can_be_used_by_everybody(
    page: Page, walk: Walk, used: World, monkeypatch: pytest.MonkeyPatch, theme: str, size: str
) -> None:
    """Runs under way, held, stopped and waiting; conflicts; differences; the doubt desk; a log with errors in it."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": walk.address}])
    (used.app.folder / "errors.log").write_text("2026-01-31T14:07:31 SYS-999 ValueError\n", encoding="utf-8")
    addresses = [
        *states.runs(used, monkeypatch).values(),
        *states.in_doubt(used, monkeypatch, states.plans_of(used, Transfer.INVOICES)[0]).values(),
        states.conflicts(used),
        states.reconciled(used),
        states.reconciled(used, differing=True),
        f"{BASE}/logg",
    ]
    try:
        assert wrong_with(walk, addresses) == {}
    finally:
        (used.app.folder / "errors.log").unlink()


@pytest.mark.parametrize(("theme", "size"), [("light", "narrow"), ("dark", "wide")])
def test_a_take_over_shows_what_follows_before_it_asks(
    page: Page, walk: Walk, used: World, monkeypatch: pytest.MonkeyPatch, theme: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": walk.address}])
    states.other_store(used, monkeypatch, states.plans_of(used, Transfer.INVOICES)[0])
    walk.to("/overtagande")
    walk.press("Läs båda systemen och jämför")
    expect(page.get_by_text("anna@kontor-2")).to_be_visible()
    expect(page.get_by_role("button", name="Ja, ta över")).to_be_visible()
    expect(page.get_by_text("3 till av samma slag")).to_be_visible()
    assert (walk.violations(), walk.overflow()) == ([], 0)


def test_on_paper_stands_what_was_reconciled_and_nothing_to_press(page: Page, walk: Walk, used: World) -> None:
    page.goto(walk.address + states.reconciled(used, differing=True))
    folds = page.locator("main details")
    expect(folds).to_have_count(2)
    folds.first.locator("summary").click()
    expect(page.get_by_text("10071")).to_be_hidden()
    page.get_by_role("button", name="Fäll ut allt").click()
    expect(page.get_by_text("10071")).to_be_visible()
    expect(page.locator(".only-print")).to_be_hidden()
    page.emulate_media(media="print")
    told = page.locator(".only-print")
    for word in (COMPANY, "2026-01-01 – 2026-01-31", "SHA-256"):
        expect(told).to_contain_text(word)
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_help_is_a_dialog_that_everybody_can_use(page: Page, walk: Walk, serving: Serving, theme: str) -> None:
    page.context.add_cookies([{"name": "brygga-tema", "value": theme, "url": serving.address}])
    walk.to("")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert walk.violations() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_both_languages(page: Page, walk: Walk) -> None:
    walk.to("/fakturor")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fakturor")
    page.get_by_role("button", name="en", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
    assert page.url.endswith("/fakturor")
    page.get_by_role("button", name="sv", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fakturor")
