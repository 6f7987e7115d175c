"""Conflicts answered one by one in the browser: question and button follow, and the rest is answered at once."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from brygga.practice.adk_engine import user
from brygga.records.target import Kind
from tests.contract.adk_company import CUSTOMER, field_id
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing.walking import Walk

CITY, NUMBER = field_id(CUSTOMER, "CITY"), field_id(CUSTOMER, "NUMBER")


def test_each_is_answered_and_the_remaining_the_same_way(walk: Walk, used: World) -> None:
    linked = sorted(link.target_key for link in used.app.journal(COMPANY).links(Kind.CUSTOMER).values())[:3]
    for number in linked:
        user.change(used.installation.company_path, CUSTOMER, number, {CITY: "Annanstad"})
    page = walk.page
    walk.search("kunder")
    walk.press("Markera alla")
    walk.press("Förhandsgranska")
    asked, button = page.locator("#conflicts"), page.locator("#carry-out")
    expect(asked).to_contain_text("Gör samma för de 3 återstående")
    expect(page.get_by_text("Visa 1 skillnad").first).to_be_visible()
    expect(page.get_by_text("Annanstad →").first).to_be_visible()
    before = int(re.sub(r"\D", "", button.inner_text()))
    page.locator("fieldset.conflict").first.get_by_label("Hoppa över").check()
    expect(asked).to_contain_text("Gör samma för de 2 återstående")
    expect(button).to_contain_text(f"{before - 1} rad")
    asked.get_by_role("button", name="Uppdatera").click()
    expect(asked).to_contain_text("Alla är besvarade.")
    page.reload()
    expect(page.locator("fieldset.conflict input:checked")).to_have_count(3)
    assert walk.violations() == []
    walk.press("Överför")
    # The rows that the whole register skips are told as well; which conflict was left alone, the cards show.
    assert re.search(r"\d+ hoppad", walk.run_ended())
    cards = {card[NUMBER]: card[CITY] for card in used.administration(CUSTOMER) if card[NUMBER] in linked}
    assert list(cards.values()).count("Annanstad") == 1
