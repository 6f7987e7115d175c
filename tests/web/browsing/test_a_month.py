"""Each transfer by hand from search to result, in a real browser, in the order of the month (issue 6, Proof)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from brygga.practice.adk_engine import user, user_ledgers
from brygga.records.target import Kind
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.site import LISTS
from tests.contract.adk_company import CUSTOMER, field_id
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing.walking import BASE, WAIT_MS, Walk

ORDER = ("kunder", "projekt", "artiklar", "fakturor", "leverantorsfakturor", "betalningar", "kunder-till-severa")


def test_every_list_is_tried() -> None:
    assert sorted(ORDER) == sorted(tab for tab, _ in LISTS)


# A company of its own, whose month waits: a worker that takes over tests may have done the others' before.
@pytest.mark.parametrize("world", ["of its own"], indirect=True)
def test_a_month_by_hand(walk: Walk, world: World) -> None:
    moved = {}
    for tab in ORDER:
        transfer = Transfer(dict(LISTS)[tab])
        walk.search(tab)
        ready = walk.page.locator("tbody input[name=row]").count()
        moved[tab] = ready
        if not ready:
            # Nothing is to be transferred yet: the page offers no button that would do nothing.
            expect(walk.page.locator("#go button:enabled")).to_have_count(0)
            continue
        walk.press("Markera (alla|[0-9])")
        walk.page.locator("#go button").click()
        expect(walk.page.locator("main")).to_contain_text("Förhandsgranskning", timeout=WAIT_MS)
        walk.press("Överför")
        sentence = walk.run_ended()
        states = [each.state for each in world.app.journal(COMPANY).latest_outcomes(transfer.value).values()]
        assert states.count(RowState.TRANSFERRED) > 0, sentence
        expect(walk.page.get_by_role("table", name="Resultat")).to_be_visible()
    assert all(moved[tab] for tab in ("kunder", "projekt", "fakturor")), moved


def test_what_administration_changed_goes_to_severa_by_the_other_direction(walk: Walk, used: World) -> None:
    outcomes = used.app.journal(COMPANY).latest_outcomes(Transfer.CUSTOMERS.value).values()
    number = next(each.target_key for each in outcomes if each.state is RowState.TRANSFERRED)
    company = used.installation.company_path
    user.change(company, CUSTOMER, number, {field_id(CUSTOMER, "EMAIL"): "ny@kund.example"})
    walk.to("/kunder")
    walk.follow("Till Severa")
    walk.press("Sök igen")
    walk.searched()
    row = walk.page.get_by_role("row").filter(has=walk.page.get_by_role("link", name=number, exact=True))
    row.get_by_role("checkbox").check(timeout=WAIT_MS)
    walk.page.locator("#go button:enabled").click()
    expect(walk.page.locator("main")).to_contain_text("ny@kund.example", timeout=WAIT_MS)
    walk.press("Överför")
    assert "1 överförd" in walk.run_ended()


def test_a_reversal_is_offered_accepted_and_shown_before_it_is_carried_out(walk: Walk, used: World) -> None:
    company, runs = used.installation.company_path, used.app.runs
    with used.app.company(COMPANY, read_only=True) as opened:
        links = opened.journal.links(Kind.INVOICE).values()
        ledger = (opened.administration.ledger_invoice(int(link.target_key)) for link in links)
        invoice = next(
            one for one in ledger if one and one.type == "F" and one.balance > 0 and one.currency in ("", "SEK")
        )
    payment = user_ledgers.register_payment(company, invoice.number, invoice.balance, invoice.date)
    paid = runs.start(COMPANY, Transfer.PAYMENTS, Selection())
    assert runs.wait(paid.id, timeout_seconds=WAIT_MS // 1000).ended
    user_ledgers.reverse_payment(company, payment)
    walk.search("betalningar")
    walk.page.get_by_role("button", name=re.compile("^Förhandsgranska 1 erbjud")).click(timeout=WAIT_MS)
    walk.page.get_by_role("checkbox", name="Godta").check()
    assert walk.violations() == []
    walk.press("Godta det ikryssade")
    expect(walk.page.locator("main")).to_contain_text("1 erbjudande är godtaget", timeout=WAIT_MS)
    walk.press("Överför 1")
    assert "1 överförd" in walk.run_ended()


def test_the_address_is_all_that_a_view_needs(walk: Walk, used: World) -> None:
    walk.to("/kunder?visa=transferred&ordna=name")
    number = walk.page.locator("tbody td.number")
    first = number.first.inner_text()
    walk.page.reload()
    expect(number.first).to_have_text(first)
    number.first.get_by_role("link").click()
    walk.page.get_by_role("link", name="Tillbaka").first.click()
    expect(walk.page).to_have_url(f"{walk.address}{BASE}/kunder?visa=transferred&ordna=name")
