"""Koppla: a register compared on the page, and what is ticked linked once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.records.target import Kind
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, pages_on


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def test_what_is_ticked_is_linked_once_and_neither_system_is_written_to(pages: Pages) -> None:
    key = pages.world.customer(1001, "Åkeriet", vatNumber="SE556900456601")
    pages.world.customer(3002, "Bygg A B")
    assert "Choose a register" in pages.get("/alfa/koppla")
    text = pages.get("/alfa/koppla?slag=customer")
    assert "the same on both sides" in text
    assert "only in Severa" in text
    pair = f"customer:{key}|1001"
    for _time in range(2):
        told = pages.followed("/alfa/koppla/koppla", pair=pair)
        assert "coupled" in told
    links = pages.app.journal(COMPANY).links(Kind.CUSTOMER)
    assert {source: link.target_key for source, link in links.items()} == {key: "1001"}
    assert pages.world.severa_writes == []


def test_a_form_without_a_pair_or_with_a_broken_one_is_refused(pages: Pages) -> None:
    assert "WEB-965" in pages.post("/alfa/koppla/koppla", 409).text
    for pair in ("article", "nothing:a|b", "article:|b", "article:a"):
        assert "KOP-809" in pages.post("/alfa/koppla/koppla", 409, pair=pair).text


def test_the_go_live_date_is_kept_and_a_wrong_one_refused(pages: Pages) -> None:
    pages.post("/alfa/koppla/borja", dag="2026-01-01")
    assert str(pages.app.settings(COMPANY).get("invoices.from_date")) == "2026-01-01"
    assert "INS-805" in pages.post("/alfa/koppla/borja", 409, dag="i morgon").text
