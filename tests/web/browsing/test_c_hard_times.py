"""Ten thousand rows, the keyboard alone, and a run that goes on while nobody looks or the network is away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from brygga.runs.listing import parameters_of
from brygga.store.listings import Found, ListedRow, Listings
from brygga.store.run_requests import RequestKind
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from brygga.transfers.selection import Selection
from brygga.web.addresses import PAGE_ROWS
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing.walking import BASE, WAIT_MS, Walk

MANY = 10_000


@pytest.fixture(scope="package")
def many(used: World) -> World:
    """A list of ten thousand articles that could be created, as a search leaves it."""

    def row(number: int) -> Found:
        listed = ListedRow(
            position=number,
            source_key=f"many-{number}",
            number=str(number),
            name=f"Artikel {number}",
            day="",
            detail="",
            gross_minor=None,
            currency="",
            action=Action.CREATE.value,
            state=RowState.READY,
            target_key="",
            reasons=(),
        )
        return Found(listed, "{}")

    Listings(used.app.engine).save(
        COMPANY,
        Transfer.ARTICLES.value,
        parameters_of(Selection()),
        (row(number) for number in range(1, MANY + 1)),
        settings_hash=used.app.settings(COMPANY).fingerprint(),
        seconds=1,
    )
    return used


def test_ten_thousand_rows(walk: Walk, many: World) -> None:
    walk.to("/artiklar")
    rows = walk.page.locator("tbody input[name=row]")
    expect(rows).to_have_count(PAGE_ROWS)
    walk.press("Markera alla")
    expect(walk.page.locator("#ticked")).to_contain_text(re.compile(r"10\s?000"))
    walk.follow("Nästa")
    expect(rows.first).to_be_checked()
    rows.first.uncheck()
    expect(walk.page.locator("#ticked")).to_contain_text(re.compile(r"9\s?999"))
    walk.follow("Föregående")
    expect(walk.page.locator("#ticked")).to_contain_text(re.compile(r"9\s?999"))
    walk.page.get_by_role("searchbox", name=re.compile("^Nummer, namn")).fill("Artikel 777")
    expect(rows).to_have_count(11)
    expect(walk.page).to_have_url(re.compile("text=Artikel"))


def test_the_keyboard_alone(walk: Walk, page: Page, many: World) -> None:
    walk.to("/artiklar")
    walk.press("Avmarkera alla")
    expect(page.locator("tbody input[name=row]:checked")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("tbody tr[tabindex]").nth(1).locator("input")).to_be_checked()
    expect(page.locator("#ticked")).to_contain_text("1 ")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/artiklar/post/"))


def test_a_run_goes_on_without_the_page(walk: Walk, page: Page, used: World) -> None:
    """The network is away, and the page is closed: coming back shows the result."""
    asked = used.app.runs.start(COMPANY, Transfer.CUSTOMERS, Selection(), kind=RequestKind.TRANSFER)
    address = f"{walk.address}{BASE}/korning/{asked.id}"
    page.goto(address)
    page.context.set_offline(True)
    assert used.app.runs.wait(asked.id, timeout_seconds=400).ended
    page.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_role("status").first).to_contain_text("Klart", timeout=WAIT_MS)
    page.goto("about:blank")
    page.go_back()
    expect(page.get_by_role("status").first).to_contain_text("Klart", timeout=WAIT_MS)


def test_without_scripts_the_list_is_read_ticked_and_previewed(walk: Walk, used: World) -> None:
    context = walk.page.context
    browser = context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False, locale="sv-SE", storage_state=context.storage_state())
    plain.set_default_timeout(WAIT_MS)
    page = plain.new_page()
    page.goto(f"{walk.address}{BASE}/kunder")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kunder")
    expect(page.locator("tbody td.number").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Sök")).click()
    expect(page).to_have_url(re.compile("/kunder$"))
    # Whoever searches while this search is under way gets its list, of what there was before.
    assert used.app.runs.wait(used.app.runs.latest(COMPANY, 1)[0].id, timeout_seconds=400).ended
    plain.close()
