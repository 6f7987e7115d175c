"""Övertagande on the pages: what stops the company is shown, compared, and taken over by a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.store.database import open_store
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import World, practice_world
from tests.transfers.travels import BackupOfAdministration, set_back
from tests.web.page_world import pages_on

PAGE = "/alfa/overtagande"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


def with_an_empty_store(world: World, *numbers: int) -> None:
    """The invoices were transferred, and the store was lost."""
    for number in numbers:
        world.invoice(number)
    world.run(Transfer.INVOICES)
    world.store.dispose()
    for path in world.folder.glob("store.sqlite*"):
        path.unlink()
    world.store = open_store(world.folder / "store.sqlite")


def test_what_administration_lost_is_shown_and_then_for_a_person(world: World) -> None:
    backup = BackupOfAdministration(world)
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    backup.restore()
    before = world.writes
    with pages_on(world) as pages:
        assert "Read both systems and compare" in pages.get(PAGE)
        compared = pages.told(f"{PAGE}/jamfor")
        for said in ("SYS-924", "SYS-926", "1 record is concerned", "Yes, take over"):
            assert said in compared
        assert world.writes == before
        assert "Nothing is in doubt." in pages.get("/alfa/osaker")
        taken = pages.followed(f"{PAGE}/ta-over")
        assert "SYS-926" in taken
        assert ": Take-over completed" in taken
        assert "The company was taken over by anna" in taken
        assert "SYS-926" in pages.get("/alfa/osaker")


def test_a_store_that_may_write_already_is_told_so(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    with pages_on(world) as pages:
        told = pages.told(f"{PAGE}/jamfor")
    assert "This store may write to the company already." in told
    assert "no record is concerned" in told
    assert "Yes, take over" not in told


def test_of_many_records_that_agree_a_few_are_shown_and_the_rest_is_folded(world: World) -> None:
    with_an_empty_store(world, *range(10231, 10239))
    with pages_on(world) as pages:
        told = pages.told(f"{PAGE}/jamfor")
        assert "SYS-921" in told
        assert told.count("SYS-938") == 8
        assert "3 more of this kind" in told
        assert pages.followed(f"{PAGE}/ta-over").count("SYS-938") >= 8
        assert "may write to the company already" in pages.told(f"{PAGE}/jamfor")


def test_a_refusal_leads_to_the_page(world: World) -> None:
    with_an_empty_store(world, 10234)
    with pages_on(world) as pages:
        set_back(world)
        run = pages.app.runs.start("alfa", Transfer.INVOICES, Selection())
        pages.app.runs.work()
        assert pages.app.runs.wait(run.id, 200).ended
        shown = pages.client.get(f"/alfa/korning/{run.id}").text
    assert "SYS-921" in shown
    assert f'href="{PAGE}"' in shown
