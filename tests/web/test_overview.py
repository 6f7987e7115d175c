"""Översikt: the sentence with the latest reconciliation's differences, what an update changed, and the mappings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga import __version__
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import VERSION, Row, World, practice_world
from tests.web.page_world import COMPANY, Pages, pages_on


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        made.invoice(10234, Row())
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def test_the_sentence_counts_what_was_transferred_what_differs_and_what_waits(pages: Pages) -> None:
    pages.world.run(Transfer.INVOICES)
    assert "1 transferred, nothing waits for you" in pages.get("/alfa")
    pages.followed("/alfa/avstamning/jamfor", month="2026-01")
    assert "1 transferred, 0 differences (2026-01-01 – 2026-01-31), nothing waits for you" in pages.get("/alfa")


def test_after_an_update_it_says_whether_the_settings_are_the_same(pages: Pages) -> None:
    pages.world.run(Transfer.INVOICES)
    told = f"Brygga was updated from {VERSION} to {__version__} after the latest run."
    assert f"{told} The settings have changed since then." in pages.get("/alfa")
    journal = pages.app.journal(COMPANY)
    settings = pages.app.settings(COMPANY).fingerprint()
    journal.finish_run(journal.start_run("invoices", program_version="0.0.9", settings_hash=settings), "completed")
    assert "from 0.0.9" in pages.get("/alfa")
    assert "Nothing is changed since then: the settings are the same." in pages.get("/alfa")
    journal.finish_run(journal.start_run("invoices", program_version=__version__, settings_hash=settings), "completed")
    assert "was updated" not in pages.get("/alfa")


def test_mappings_that_need_a_look_stand_with_the_connections(pages: Pages) -> None:
    pages.app.settings(COMPANY).set("mappings.vat", {"25": "2"})
    assert "The mappings need a look" in pages.get("/alfa/anslutning/del?fraga=nu")
