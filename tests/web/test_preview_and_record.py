"""Förhandsgranskning with kontering and conflicts, the record page with both sides, and the figures in the tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.runs.listing import kept
from brygga.runs.run import preview
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.plan import WRITING, Transfer
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, pages_on


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, customers__won_only=False) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def previewed(pages: Pages, transfer: Transfer, tab: str) -> tuple[str, str]:
    """Search, tick everything, and open the preview: its address and its text."""
    listings = Listings(pages.app.engine)
    settings = pages.app.settings(COMPANY).fingerprint()
    with pages.app.company(COMPANY, read_only=True) as opened:
        plans = preview(opened, transfer, Selection())
    listing = kept(listings, COMPANY, transfer, Selection(), plans, settings_hash=settings, seconds=1)
    listings.tick(listing, {plan.source_key for plan in plans if plan.action in WRITING}, on=True)
    address = pages.post(f"/alfa/{tab}/forhandsgranska", listing=listing.id).headers["location"]
    return address, pages.get(address)


def test_the_kontering_of_an_invoice_is_shown_and_agrees_with_severa(pages: Pages) -> None:
    pages.world.invoice(10234)
    before = pages.world.writes
    _, text = previewed(pages, Transfer.INVOICES, "fakturor")
    assert "1 of 1 documents agree with Severa to the öre" in text
    assert "✓ agrees with Severa Posting" in text
    assert "15,625.00" in text
    assert "Severa gives the numbers" in text
    assert pages.world.writes == before


def test_a_conflict_can_be_left_alone_and_the_others_the_same_way(pages: Pages) -> None:
    pages.world.customer(1002, "Bygg & Plåt AB")
    pages.world.run(Transfer.CUSTOMERS)
    for number in (1001, 1002):
        pages.world.severa.edit("customers", f"customer-{number}", {"email": f"ny{number}@example.com"})
    address, text = previewed(pages, Transfer.CUSTOMERS, "kunder")
    assert "2 records exist with other contents." in text
    assert "ny1001@example.com" in text
    skipped = pages.client.get(f"{address}&hoppa=alla").text
    assert len(re.findall(r'value="hoppa" checked', skipped)) == 2
    everything: dict[str, Any] = {f"konflikt:customer-{number}": "hoppa" for number in (1001, 1002)}
    path, query = address.split("?")
    form: dict[str, Any] = {"lista": query.split("=")[1]}
    assert "WEB-965" in pages.post(f"{path}/overfor", 409, **form, **everything).text
    left: dict[str, Any] = {"konflikt:customer-1001": "hoppa", "konflikt:customer-1002": "uppdatera"}
    started = pages.post(f"{path}/overfor", **form, **left).headers["location"]
    request = pages.app.runs.get(int(started.rsplit("/", 1)[1]))
    assert request.preview
    assert set(pages.app.previews.find(request.preview, company=COMPANY).hashes) == {"customer-1002"}


def test_a_record_shows_both_sides_its_history_and_what_to_do_if_it_went_wrong(pages: Pages) -> None:
    pages.world.invoice(10234)
    pages.world.run(Transfer.INVOICES)
    previewed_plans(pages)
    text = pages.get("/alfa/fakturor/post/invoice-10234")
    assert "Read both sides now" in text
    assert "credit it in Severa" in text
    assert "From the audit trail" in text
    sides = pages.get("/alfa/fakturor/post/invoice-10234?las=ja")
    assert "Both sides" in sides
    assert "Number 10234 10234" in sides


def previewed_plans(pages: Pages) -> None:
    """A list of the invoices is kept, as after a search."""
    settings = pages.app.settings(COMPANY).fingerprint()
    with pages.app.company(COMPANY, read_only=True) as opened:
        plans = preview(opened, Transfer.INVOICES, Selection())
    listings = Listings(pages.app.engine)
    kept(listings, COMPANY, Transfer.INVOICES, Selection(), plans, settings_hash=settings, seconds=1)


def test_the_tabs_count_what_needs_a_person(pages: Pages) -> None:
    assert "need you:" not in pages.client.get("/alfa/historik").text
    pages.world.invoice(10234, date="2031-01-31")
    pages.world.run(Transfer.INVOICES)
    assert pages.app.journal(COMPANY).attention([RowState.FAILED]) == {"invoices": 1}
    with pages_on(pages.world) as later:
        assert re.search(r"Invoices.*need you: </span>1<", later.client.get("/alfa/historik").text)
