"""What is offered and never silent: a person accepts it on the pages or over the API, and is shown what it does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.store.listings import Filter, Listings
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import seed
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, listed, pages_on

SUPPLIER, SUPPLIER_ROWS = 12, Transfer.SUPPLIER_INVOICES
PLACES = {"tables": {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, places=PLACES) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.project(1042)
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def corrected(world: World) -> None:
    """Two costs that were sent, and changed in Administration afterwards."""
    company = world.place.company
    costs = (CostRow("4600", D(8000), "Konsult", project="1042"), CostRow("4010", D(1500), "Material", project="1042"))
    serial = user_ledgers.add_supplier_invoice(company, "501", "F-77", date(2026, 1, 15), costs)
    assert world.run(SUPPLIER_ROWS).written == 2
    dearer = (CostRow("4600", D(8200), "Konsult", project="1042"), CostRow("4010", D(1400), "Material", project="1042"))
    user_ledgers.change_cost_rows(company, serial, dearer)


def ticks(pages: Pages, address: str) -> dict[str, bool]:
    """The offers of a preview and whether they are accepted."""
    found = re.findall(r'name="godta" value="([^"]+)"( checked)?', pages.client.get(address).text)
    return {key: bool(checked) for key, checked in found}


def carried_out(pages: Pages, started: str, transfer: Transfer) -> dict[str, str]:
    """Do what the run was started for: the state of each row by its key."""
    request = pages.app.runs.get(int(started.rsplit("/", 1)[1]))
    approved = pages.app.previews.find(request.preview, company=COMPANY)
    chosen = approved.selection
    report = pages.world.run(transfer, expected=approved.hashes, keys=chosen.keys, accepted=chosen.accepted)
    return {row.plan.source_key: row.state.value for row in report.results}


def test_a_reversal_is_accepted_on_the_pages(pages: Pages) -> None:
    world = pages.world
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    payment = user_ledgers.register_payment(world.place.company, 10234, D(15625), date(2026, 2, 10))
    world.run(Transfer.PAYMENTS)
    user_ledgers.reverse_payment(world.place.company, payment)
    listing = listed(pages, Transfer.PAYMENTS)
    assert "1 row is offered to you" in pages.get("/alfa/betalningar")
    address = pages.post("/alfa/betalningar/erbjudna", listing=listing.id).headers["location"]
    shown = pages.get(address)
    assert "Offered to you (1)" in shown
    assert "Nothing to transfer" in shown
    path = address.split("?")[0]
    assert "WEB-974" in pages.post(f"{path}/godta", 409, lista=listing.id).text
    accepted = pages.post(f"{path}/godta", lista=listing.id, alla="ja").headers["location"]
    shown = pages.get(accepted)
    assert "1 offer is accepted" in shown
    assert "Will be transferred (1)" in shown
    assert "Betald → Överförd" in shown
    assert ticks(pages, accepted) == {"10234": True}
    writes = world.severa_writes
    started = pages.post(f"{accepted.split('?')[0]}/overfor", lista=listing.id, godta="10234").headers["location"]
    assert world.severa_writes == writes
    assert carried_out(pages, started, Transfer.PAYMENTS) == {"10234": "transferred"}


def test_an_offer_that_is_ticked_at_the_last_moment_is_planned_and_shown_before_it_is_carried_out(pages: Pages) -> None:
    corrected(pages.world)
    listing = listed(pages, SUPPLIER_ROWS)
    address = pages.post("/alfa/leverantorsfakturor/erbjudna", listing=listing.id).headers["location"]
    first, second = ticks(pages, address)
    transfer = f"{address.split('?')[0]}/overfor"
    shown = pages.post(transfer, lista=listing.id, godta=first).headers["location"]
    assert "/forhandsgranskning/" in shown
    assert ticks(pages, shown) == {first: True, second: False}
    text = pages.get(shown)
    assert "Will be transferred (1)" in text
    assert "Offered to you (1)" in text
    # Taking the tick away again is shown too.
    back = pages.post(f"{shown.split('?')[0]}/overfor", lista=listing.id).headers["location"]
    assert ticks(pages, back) == {first: False, second: False}
    started = pages.post(f"{shown.split('?')[0]}/overfor", lista=listing.id, godta=first).headers["location"]
    assert carried_out(pages, started, SUPPLIER_ROWS) == {first: "transferred", second: "waiting"}


def test_the_page_of_the_record_accepts_its_own_offer(pages: Pages) -> None:
    corrected(pages.world)
    listing = listed(pages, SUPPLIER_ROWS)
    key = next(row.source_key for row in Listings(pages.app.engine).rows(listing, Filter()) if "+" in row.source_key)
    record = f"/alfa/leverantorsfakturor/post/{key}"
    assert "Accept, and show what is done" in pages.get(record)
    shown = pages.followed(f"{record}/godta", lista=listing.id)
    assert "Will be transferred (1)" in shown
    assert "WEB-967" in pages.post(f"{record}/godta", 409, lista="gone").text


def test_an_accepted_offer_that_changed_since_is_not_sent(pages: Pages) -> None:
    corrected(pages.world)
    listing = listed(pages, SUPPLIER_ROWS)
    address = pages.post("/alfa/leverantorsfakturor/erbjudna", listing=listing.id).headers["location"]
    accepted = pages.post(f"{address.split('?')[0]}/godta", lista=listing.id, alla="ja").headers["location"]
    rows = (CostRow("4600", D(9000), "Konsult", project="1042"), CostRow("4010", D(1400), "Material", project="1042"))
    user_ledgers.change_cost_rows(pages.world.place.company, 1, rows)
    keys = [*ticks(pages, accepted)]
    started = pages.post(f"{accepted.split('?')[0]}/overfor", lista=listing.id, godta=keys).headers["location"]
    assert sorted(carried_out(pages, started, SUPPLIER_ROWS).values()) == ["failed", "transferred"]
