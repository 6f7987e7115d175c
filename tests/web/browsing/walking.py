"""What a person does on the pages, in the words of the pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from brygga.store.company_addresses import slug
from tests.end_to_end.support import COMPANY

WAIT_MS = 60_000
"""The machine may be busy with everything else; nothing waits a fixed time."""
expect.set_options(timeout=WAIT_MS)

BASE = f"/{slug(COMPANY)}"


@dataclass
class Walk:
    """A browser that was let in."""

    page: Page
    address: str

    def to(self, path: str) -> None:
        """Go to an address of the company."""
        self.page.goto(f"{self.address}{BASE}{path}")

    def search(self, tab: str) -> None:
        """Search a list and wait for its rows."""
        self.to(f"/{tab}")
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=re.compile("^(Sök|Sök igen|Search|Search again)$")).click()
        self.searched()

    def searched(self) -> None:
        """Wait for the rows of the search that is under way."""
        # An older list stands below the search that is under way: its rows are not those that are waited for.
        expect(self.page.locator("main [data-hx-get*='/korning/']")).to_have_count(0)
        expect(self.page.locator("#rows")).to_be_visible()
        self.page.wait_for_load_state()  # before it, rows are missing, and a tick is a tick that nobody hears of

    def press(self, name: str) -> None:
        """Press the button that begins so, and wait for the page that it leads to, scripts and all."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=re.compile(f"^{name}")).click()

    def follow(self, name: str) -> None:
        """Follow the link of this name, and wait for its page, scripts and all."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name).first.click()

    def run_ended(self) -> str:
        """Wait until the run of the open page has ended; its sentence."""
        done = self.page.get_by_role("status").filter(has_text=re.compile("^(Klart|Klar|Done|Avbrut|Cancel|Stopp)"))
        expect(done.first).to_be_visible(timeout=WAIT_MS)
        return done.first.inner_text()

    def violations(self) -> list[str]:
        """What axe finds wrong with the open page: rule and the first element of each."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]} ({len(each['nodes'])})" for each in found]

    def overflow(self) -> int:
        """By how many pixels the open page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(0, width)
