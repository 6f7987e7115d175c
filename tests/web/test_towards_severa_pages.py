"""What goes to Severa on the pages: customers have a list of their own, and every record shows both its sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.transfers.plan import Transfer
from brygga.web.site import LISTS
from tests.contract.adk_company import CUSTOMER, seed
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, listed, pages_on

TO_SEVERA, SUPPLIER = Transfer.CUSTOMERS_TO_SEVERA, 12
CARD = {"NUMBER": "2001", "NAME": "Bygg AB", "CITY": "Malmö", "EMAIL": "info@bygg.example"}
LETTERED = {"NUMBER": "K100", "NAME": "Åkeri AB"}
PLACES = {
    "tables": {
        CUSTOMER: seed(CUSTOMER, CARD, LETTERED),
        SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"}),
    }
}
LIST = "/alfa/kunder-till-severa"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path, places=PLACES, customers__won_only=False) as made:
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def sides(pages: Pages, record: str) -> dict[str, tuple[str, str, bool]]:
    """Both sides of a record by the field's label, and whether they are marked as differing."""
    page = pages.client.get(f"{record}?las=ja").text
    table = page[page.index('id="sidor"') :].split("</table>")[0]
    cells = r'<th scope="row"[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td class="(\w*)"[^>]*>(.*?)</td>'
    return {
        label: (ours, re.sub(r"<span.*</span>", "", there), bool(differs))
        for label, ours, differs, there in re.findall(cells, table, re.S)
    }


def test_every_transfer_has_its_list() -> None:
    assert {transfer for _, transfer in LISTS} == set(Transfer)


def test_customers_have_a_list_for_each_direction(pages: Pages) -> None:
    listed(pages, TO_SEVERA)
    towards = pages.client.get(LIST).text
    assert re.search(r'href="/alfa/kunder" aria-current="page">Customers', towards)
    assert re.search(r'href="/alfa/kunder-till-severa" aria-current="page">To Severa', towards)
    assert re.search(r'href="/alfa/kunder-till-severa">To Severa', pages.client.get("/alfa/kunder").text)
    assert "Bygg AB" in towards
    assert "To Severa" not in pages.client.get("/alfa/projekt").text


def test_a_customer_goes_to_severa_from_search_to_result(pages: Pages) -> None:
    listing = listed(pages, TO_SEVERA)
    preview = pages.post(f"{LIST}/forhandsgranska", listing=listing.id, shown="2001", row="2001")
    address = preview.headers["location"]
    shown = pages.get(address)
    assert "Customers to Severa" in shown
    assert "Will be transferred (1)" in shown
    started = pages.post(f"{address.split('?')[0]}/overfor", lista=listing.id).headers["location"]
    run = pages.app.runs.get(int(started.rsplit("/", 1)[1]))
    approved = pages.app.previews.find(run.preview, company=COMPANY)
    report = pages.world.run(TO_SEVERA, expected=approved.hashes, keys=approved.selection.keys)
    assert [(row.plan.source_key, row.state.value) for row in report.results] == [("2001", "transferred")]
    assert "Transfer customers to Severa" in pages.get(started)
    assert f'href="{LIST}/post/2001' in pages.client.get(f"/alfa/historik/{report.run.id}").text
    assert "Bygg AB" in pages.client.get(f"{LIST}/csv").text
    assert pages.client.get(f"{LIST}/excel").status_code == 200


def test_the_way_out_of_a_number_that_severa_cannot_have_is_accepted(pages: Pages) -> None:
    listing = listed(pages, TO_SEVERA)
    assert "1 row is offered to you" in pages.get(LIST)
    shown = pages.followed(f"{LIST}/post/K100/godta", lista=listing.id)
    assert "Will be transferred (1)" in shown
    assert "KND-133" in shown


def test_a_customer_shows_its_card_beside_severas(pages: Pages) -> None:
    pages.world.run(TO_SEVERA)
    listed(pages, TO_SEVERA)
    found = sides(pages, f"{LIST}/post/2001")
    assert found["The city"] == ("Malmö", "Malmö", False)
    customer = next(iter(pages.world.company().severa.find_customers(number="2001")))
    pages.world.severa.edit("customers", customer.key, {"email": "annan@bygg.example"})
    found = sides(pages, f"{LIST}/post/2001")
    assert found["The e-mail address"] == ("annan@bygg.example", "info@bygg.example", True)


def test_a_payment_shows_the_ledger_beside_severas_status(pages: Pages) -> None:
    world = pages.world
    world.customer(1001, "Åkeri & Söner AB")
    world.project(1042)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    user_ledgers.register_payment(world.place.company, 10234, D(15625), date(2026, 2, 10))
    listed(pages, Transfer.PAYMENTS)
    record = "/alfa/betalningar/post/10234"
    found = sides(pages, record)
    assert found["Number"] == ("10234", "10234", False)
    assert found["To pay"] == ("15,625.00", "15,625.00", False)
    assert found["Status"] == ("Överförd", "paid", True)
    assert found["The payment date"] == ("–", "2026-02-10", True)
    world.run(Transfer.PAYMENTS)
    found = sides(pages, record)
    assert found["Status"] == ("Betald", "paid", False)
    assert found["The payment date"] == ("2026-02-10", "2026-02-10", False)


def test_a_supplier_invoice_shows_its_row_beside_the_cost(pages: Pages) -> None:
    world = pages.world
    world.customer(1001)
    world.project(1042)
    row = CostRow("4600", D(8000), "Konsult", project="1042")
    serial = user_ledgers.add_supplier_invoice(world.place.company, "501", "F-77", date(2026, 1, 15), (row,))
    world.run(Transfer.SUPPLIER_INVOICES)
    listed(pages, Transfer.SUPPLIER_INVOICES)
    record = f"/alfa/leverantorsfakturor/post/{serial}:2"
    found = sides(pages, record)
    assert found["Excl. VAT"] == ("8,000.00", "8,000.00", False)
    assert found["The project"] == ("1042", "1042", False)
    assert found["Account"] == ("–", "4600", False)
    changed: Any = (CostRow("4600", D(300), "Ny", project="1042"), row)
    user_ledgers.change_cost_rows(world.place.company, serial, changed)
    assert sides(pages, record)["Excl. VAT"] == ("8,000.00", "8,000.00", False)
    user_ledgers.change_cost_rows(world.place.company, serial, (CostRow("4600", D(8400), "Konsult", project="1042"),))
    assert sides(pages, record)["Excl. VAT"] == ("8,000.00", "8,400.00", True)
