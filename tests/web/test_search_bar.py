"""The search bar: filled in with what was used last, statuses, only what is won; and what a run from a list leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.runs.carrying import selection_of
from brygga.store.run_requests import RequestKind, RunRequest
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import Row, World, practice_world
from tests.web.page_world import COMPANY, OWN, Pages, pages_on

WAIT_SECONDS = 200


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        opened.app.runs.work()
        yield opened


def ran(pages: Pages, transfer: Transfer = Transfer.INVOICES, **choice: Any) -> None:
    """A run as a schedule or the command line starts it."""
    asked = pages.app.runs.start(COMPANY, transfer, Selection(**choice))
    assert pages.app.runs.wait(asked.id, WAIT_SECONDS).ended


def fields(page: str) -> dict[str, Any]:
    """What the search button of a list sends."""
    form = page[page.index('/sok">') :].split("</form>")[0]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def searched(pages: Pages, tab: str, **form: Any) -> tuple[str, RunRequest]:
    """Press the search button, with these fields: the address of the list, and the search that was made."""
    address = pages.client.post(f"/alfa/{tab}/sok", data=form, headers={"Origin": OWN}).headers["location"]
    search = next(one for one in pages.app.runs.latest(COMPANY, 5) if one.kind is RequestKind.SEARCH)
    return address, pages.app.runs.wait(search.id, WAIT_SECONDS)


def transferred(pages: Pages, tab: str, address: str, *rows: str) -> RunRequest:
    """Tick these rows of the list and carry them out, by hand."""
    page = pages.client.get(address).text
    found = re.search(r'name="listing" value="(\w+)"', page)
    assert found is not None
    keys = re.findall(r'name="row" value="([^"]+)"', page)
    row = [key for key in keys if key in rows]
    preview = pages.post(f"/alfa/{tab}/forhandsgranska", listing=found[1], shown=keys, row=row).headers["location"]
    started = pages.post(f"{preview.split('?')[0]}/overfor", lista=found[1]).headers["location"]
    return pages.app.runs.wait(int(started.rsplit("/", 1)[1]), WAIT_SECONDS)


def test_rel_1_6_0_17_a_list_opens_with_the_latest_date_and_statuses_filled_in(pages: Pages) -> None:
    pages.world.invoice(10234)
    pages.world.invoice(10235, Row(rate="19"))
    assert 'name="andrad" value=""' in pages.client.get("/alfa/fakturor").text
    ran(pages, statuses=("Att överföra",))
    used = pages.app.last_used(COMPANY, Transfer.INVOICES)
    assert used is not None
    assert used.changed_since is not None
    day = used.changed_since.astimezone().date().isoformat()
    page = pages.client.get("/alfa/fakturor").text
    assert f'name="andrad" value="{day}"' in page
    assert re.search(r'name="status" value="Att överföra" checked', page)
    assert "Filled in from the latest complete run" in page
    address, search = searched(pages, "fakturor", **fields(page))
    # What was left then comes along (AT-92): the moment is the run's own, not midnight.
    assert selection_of(search) == used
    assert used.also == {"invoice-10235"}
    assert "10235" in pages.get(address)
    assert "10235" in pages.get("/alfa/fakturor")
    cleared = pages.client.get("/alfa/fakturor?allt=1").text
    assert 'name="andrad" value=""' in cleared
    assert "checked" not in cleared
    assert "Since the latest run" in cleared
    assert selection_of(searched(pages, "fakturor", **fields(cleared))[1]) == Selection()


def test_a_day_that_a_person_typed_is_that_day(pages: Pages) -> None:
    ran(pages)
    address, search = searched(
        pages, "fakturor", andrad="2026-01-15", senast="2026-01-16", status=["Skickad", "Godkänd"]
    )
    wanted = selection_of(search)
    assert wanted.changed_since is not None
    assert (wanted.changed_since.astimezone().isoformat()[:16], wanted.continues) == ("2026-01-15T00:00", False)
    assert wanted.statuses == ("Skickad", "Godkänd")
    page = pages.client.get(address).text
    assert len(re.findall(r'name="status" value="(?:Skickad|Godkänd)" checked', page)) == 2
    assert "Ask Severa for all its statuses" in page
    assert 'value="Delbetald"' in pages.client.get(f"{address}&statusar=alla").text


def test_the_statuses_of_the_search_hold_when_its_rows_are_carried_out(pages: Pages) -> None:
    pages.world.invoice(10234, status={"guid": "status-sent"})
    address, _ = searched(pages, "fakturor", status="Skickad")
    run = transferred(pages, "fakturor", address, "invoice-10234")
    assert run.run_id is not None
    assert [each.state.value for each in pages.app.journal(COMPANY).outcomes(run.run_id)] == ["transferred"]


@pytest.mark.parametrize(("won", "ready"), [("", False), ("ja", False), ("nej", True)])
def test_only_what_is_won_is_a_choice_of_the_search(pages: Pages, won: str, ready: bool) -> None:
    pages.world.run(Transfer.CUSTOMERS)
    pages.world.project(1042, salesStatus={"salesStatusTypeGuid": "sales-open"})
    address, _ = searched(pages, "projekt", vunna=won)
    page = pages.client.get(address).text
    assert ('name="row" value="project-1042"' in page) == ready
    assert f'value="{won}" selected' in page
    assert 'name="vunna"' not in pages.client.get("/alfa/fakturor").text
    if ready:
        run = transferred(pages, "projekt", address, "project-1042")
        assert run.run_id is not None
        assert [each.state.value for each in pages.app.journal(COMPANY).outcomes(run.run_id)] == ["transferred"]


def test_a_run_of_all_that_a_list_holds_is_where_the_next_search_begins(pages: Pages) -> None:
    for number in (10234, 10236):
        pages.world.invoice(number)
    pages.world.invoice(10235, Row(rate="19"))
    address, search = searched(pages, "fakturor")
    transferred(pages, "fakturor", address, "invoice-10234")
    assert pages.app.last_used(COMPANY, Transfer.INVOICES) is None
    address, search = searched(pages, "fakturor")
    transferred(pages, "fakturor", address, "invoice-10236")
    used = pages.app.last_used(COMPANY, Transfer.INVOICES)
    assert used is not None
    assert used.changed_since is not None
    assert search.started is not None
    assert used.changed_since < search.started
    assert used.also == {"invoice-10235"}
