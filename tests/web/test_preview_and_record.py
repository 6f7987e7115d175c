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
from tests.web.page_world import COMPANY, OWN, Pages, pages_on


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
    assert "Severa gives the numbers: 10234" in text
    assert pages.world.writes == before


def test_the_preview_says_which_numbers_the_documents_will_get(pages: Pages) -> None:
    pages.app.settings(COMPANY).set("numbering.master", "administration")
    pages.world.settings["numbering.master"] = "administration"
    for number in (10234, 10235):
        pages.world.invoice(number)
    with pages.app.company(COMPANY, read_only=True) as opened:
        first = opened.administration.last_invoice_number() + 1
    _, text = previewed(pages, Transfer.INVOICES, "fakturor")
    assert f"Administration, which gives the numbers, next {first}–{first + 1}" in text


@pytest.fixture
def conflicting(pages: Pages) -> tuple[str, str]:
    """The preview of three customers that exist with other contents: its address, and the list it was made from."""
    for number in (1002, 1003):
        pages.world.customer(number, f"Bygg & Plåt {number} AB")
    pages.world.run(Transfer.CUSTOMERS)
    for number in (1001, 1002, 1003):
        pages.world.severa.edit("customers", f"customer-{number}", {"email": f"ny{number}@example.com"})
    address, text = previewed(pages, Transfer.CUSTOMERS, "kunder")
    assert "3 records exist with other contents." in text
    assert "Show 1 difference" in text
    assert "ny1001@example.com" in text
    path, query = address.split("?")
    return path, query.split("=")[1]


def answers(pages: Pages, conflicting: tuple[str, str]) -> list[str]:
    """What is answered at each record, as the page shows it: the empty text where nothing is."""
    page = pages.client.get("{}?lista={}".format(*conflicting)).text
    return [
        next(iter(re.findall(r'value="(\w+)" checked', fieldset)), "")
        for fieldset in re.findall(r'<fieldset class="conflict">(.*?)</fieldset>', page, re.S)
    ]


def test_each_conflict_is_answered_and_the_remaining_ones_the_same_way(
    pages: Pages, conflicting: tuple[str, str]
) -> None:
    path, listing = conflicting
    assert answers(pages, conflicting) == ["", "", ""]
    one: dict[str, Any] = {"lista": listing, "konflikt:customer-1001": "uppdatera"}
    assert "Do the same for the 2 that remain:" in pages.followed(f"{path}/svara", **one)
    assert answers(pages, conflicting) == ["uppdatera", "", ""]
    rest = pages.followed(f"{path}/svara", lista=listing, aterstaende="hoppa")
    assert "Every one is answered." in rest
    assert "Transfer 1 row" in rest
    assert answers(pages, conflicting) == ["uppdatera", "hoppa", "hoppa"]
    # Said once, an answer can be changed; the others keep theirs.
    other: dict[str, Any] = {"lista": listing, "konflikt:customer-1003": "uppdatera"}
    assert "Transfer 2 rows" in pages.followed(f"{path}/svara", **other)


def test_with_scripts_an_answer_changes_the_question_and_the_button_alone(
    pages: Pages, conflicting: tuple[str, str]
) -> None:
    path, listing = conflicting
    form = {"lista": listing, "konflikt:customer-1002": "hoppa"}
    part = pages.client.post(f"{path}/svara", data=form, headers={"Origin": OWN, "HX-Request": "true"}).text
    assert "<html" not in part
    assert "Do the same for the 2 that remain:" in part
    assert re.search(r'id="carry-out" data-hx-swap-oob="true">Transfer 2 rows', part)


def test_the_run_is_held_to_the_answers_by_the_hashes_of_a_preview_of_its_own(
    pages: Pages, conflicting: tuple[str, str]
) -> None:
    path, listing = conflicting
    everything: dict[str, Any] = {f"konflikt:customer-{number}": "hoppa" for number in (1001, 1002, 1003)}
    assert "WEB-965" in pages.post(f"{path}/overfor", 409, lista=listing, **everything).text
    left: dict[str, Any] = {"konflikt:customer-1001": "hoppa", "konflikt:customer-1002": "uppdatera"}
    started = pages.post(f"{path}/overfor", lista=listing, **left).headers["location"]
    request = pages.app.runs.get(int(started.rsplit("/", 1)[1]))
    approved = pages.app.previews.find(request.preview, company=COMPANY)
    assert approved.id != path.rsplit("/", 1)[1]
    assert approved.selection.skipped == {"customer-1001"}
    # Its own page shows what was approved, and a run of it sends exactly that.
    shown = pages.get(f"/alfa/forhandsgranskning/{approved.id}?lista={listing}")
    assert "2 records exist with other contents." in shown
    assert "KND-140" in shown
    report = pages.world.run(
        Transfer.CUSTOMERS,
        expected=approved.hashes,
        keys=frozenset(approved.hashes),
        skipped=approved.selection.skipped,
    )
    assert sorted((row.plan.source_number, row.state.value) for row in report.results) == [
        ("1001", "skipped"),
        ("1002", "transferred"),
        ("1003", "transferred"),
    ]


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


def test_a_link_is_taken_away_with_a_reason_only_when_the_document_is_gone(pages: Pages) -> None:
    pages.world.invoice(10234)
    pages.world.run(Transfer.INVOICES)
    previewed_plans(pages)
    address = "/alfa/fakturor/post/invoice-10234"
    assert "Take the link away" in pages.get(address)
    assert "WEB-989" in pages.post(f"{address}/koppla-loss", 409, skal="fel").text
    previewed(pages, Transfer.CUSTOMERS, "kunder")
    pages.world.run(Transfer.CUSTOMERS)
    customer = "/alfa/kunder/post/customer-1001"
    assert "coupled with the wrong record" in pages.get(customer)
    assert "WEB-978" in pages.post(f"{customer}/koppla-loss", 409, skal=" ").text
    told = pages.followed(f"{customer}/koppla-loss", skal="fel kund hos oss")
    assert "fel kund hos oss" in told
    assert "Take the link away" not in told


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
