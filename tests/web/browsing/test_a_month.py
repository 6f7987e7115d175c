"""Each transfer by hand from search to result, in a real browser, in the order of the month (issue 6, Proof)."""

from __future__ import annotations

from playwright.sync_api import expect

from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.web.site import TABS
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing.walking import BASE, WAIT_MS, Walk

ORDER = ("kunder", "projekt", "artiklar", "fakturor", "leverantorsfakturor", "betalningar")


def test_every_list_is_tried() -> None:
    assert sorted(ORDER) == sorted(tab for tab, _ in TABS)


def test_a_month_by_hand(walk: Walk, world: World) -> None:
    moved = {}
    for tab in ORDER:
        transfer = Transfer(dict(TABS)[tab])
        walk.search(tab)
        ready = walk.page.locator("tbody input[name=row]").count()
        moved[tab] = ready
        if not ready:
            # Nothing is to be transferred yet: the page offers no button that would do nothing.
            expect(walk.page.get_by_role("button", name="Förhandsgranska")).to_have_count(0)
            continue
        walk.press("Markera (alla|[0-9])")
        walk.press("Förhandsgranska")
        expect(walk.page.locator("main")).to_contain_text("Förhandsgranskning", timeout=WAIT_MS)
        walk.press("Överför")
        sentence = walk.run_ended()
        states = [each.state for each in world.app.journal(COMPANY).latest_outcomes(transfer.value).values()]
        assert states.count(RowState.TRANSFERRED) > 0, sentence
        expect(walk.page.get_by_role("table", name="Resultat")).to_be_visible()
    assert all(moved[tab] for tab in ("kunder", "projekt", "fakturor")), moved


def test_the_address_is_all_that_a_view_needs(walk: Walk, used: World) -> None:
    walk.to("/kunder?visa=transferred&ordna=name")
    number = walk.page.locator("tbody td.number")
    first = number.first.inner_text()
    walk.page.reload()
    expect(number.first).to_have_text(first)
    number.first.get_by_role("link").click()
    walk.page.get_by_role("link", name="Tillbaka").first.click()
    expect(walk.page).to_have_url(f"{walk.address}{BASE}/kunder?visa=transferred&ordna=name")
