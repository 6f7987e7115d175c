"""The first-run guide, Historik, Logg and Schema, through the application."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.store.run_requests import Origin, RequestState
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import COMPANY, Pages, pages_on


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def test_a_company_is_begun_and_asked_four_things(pages: Pages) -> None:
    assert "What is the company called?" in pages.get("/borja")
    text = pages.followed("/borja", name="Nya bolaget")
    assert "Begin: Nya bolaget" in text
    for title in ("Severa's credentials", "The company in Administration", "Who gives", "From which day"):
        assert title in text
    assert "Nya bolaget" in pages.app.companies()


@pytest.mark.parametrize("name", ["", "  ", "--", "Alfa"])
def test_a_name_that_cannot_be_used_is_refused(pages: Pages, name: str) -> None:
    assert "WEB-986" in pages.post("/borja", 409, name=name).text


def test_what_is_entered_is_kept_and_tested_and_nothing_is_written(pages: Pages) -> None:
    form: dict[str, Any] = {"falt": "numbering.master", "numbering.master": "administration"}
    answer = pages.post("/alfa/borja/numbering", **form)
    assert answer.headers["location"] == "/alfa/borja?provat=ja#numbering"
    assert pages.app.settings(COMPANY).get("numbering.master") == "administration"
    text = pages.get("/alfa/borja?provat=ja")
    assert "✓ Severa: Exempelkonsult AB" in text
    assert pages.world.severa_writes == []
    wrong: dict[str, Any] = {"falt": "severa.base_url", "severa.base_url": "http://evil.example"}
    assert "INS-805" in pages.post("/alfa/borja/severa", 409, **wrong).text


def test_history_shows_every_run_and_record_with_who_before_and_after(pages: Pages) -> None:
    assert "No run yet." in pages.get("/alfa/historik")
    pages.world.invoice(10234)
    run = pages.world.run(Transfer.INVOICES).run
    assert "Invoices completed 1 transferred" in pages.get("/alfa/historik")
    text = pages.get(f"/alfa/historik/{run.id}")
    assert "10234" in text
    assert "From the audit trail" in text
    assert "State: – → intended" in text
    assert "In the other system: – → 10234" in text
    found = pages.get("/alfa/historik?q=1023")
    assert "10234" in found
    assert "No run has met nobody." in pages.get("/alfa/historik?q=nobody")
    assert "WEB-985" in pages.get("/alfa/historik/999", status=409)


def test_history_is_paged(pages: Pages) -> None:
    for number in range(10234, 10234 + 52):
        pages.world.invoice(number)
    run = pages.world.run(Transfer.INVOICES).run
    assert "10284" not in pages.get(f"/alfa/historik/{run.id}?sida=1").split("From the audit trail")[0]
    assert "10284" in pages.get(f"/alfa/historik/{run.id}?sida=2")
    assert "10285" not in pages.get("/alfa/historik?q=1028&sida=2")


def test_the_logs_say_how_they_are_switched_on_and_show_their_lines(pages: Pages, tmp_path: Path) -> None:
    settings = pages.app.settings(COMPANY)
    assert "is not set yet" in pages.get("/alfa/logg")
    settings.set("administration.common_path", str(tmp_path))
    assert "The calls are not written." in pages.get("/alfa/logg")
    line = "\t".join(["2026-01-31T12:00:00.000+00:00", "AdkAdd", "Customer(1)", "-", "#3", "-", "0", "1.5"])
    (tmp_path / "APIAdklogg").write_text(line + "\n", encoding="utf-8")
    (pages.app.folder / "errors.log").write_text("ValueError: x\n", encoding="utf-8")
    text = pages.get("/alfa/logg")
    assert "AdkAdd" in text
    assert "ValueError: x" in text


def test_a_schedule_is_set_paused_resumed_and_removed(pages: Pages) -> None:
    assert "No transfer begins by itself." in pages.get("/alfa/schema")
    text = pages.followed("/alfa/schema", transfer="invoices", pattern="weekdays 07:30", zone="Europe/Stockholm")
    assert "1 transfer begins by itself." in text
    assert "next at" in text
    assert "paused" in pages.followed("/alfa/schema/invoices/pausa")
    assert "next at" in pages.followed("/alfa/schema/invoices/fortsatt")
    assert "No transfer begins by itself." in pages.followed("/alfa/schema/invoices/ta-bort")
    assert "KOR-879" in pages.post("/alfa/schema/invoices/pausa", 409).text
    assert "SCH-101" in pages.post("/alfa/schema", 409, transfer="invoices", pattern="sometimes").text
    assert "WEB-969" in pages.post("/alfa/schema", 409, transfer="nothing", pattern="hourly").text


def test_a_held_run_leads_to_what_it_would_do(pages: Pages) -> None:
    for number in (10234, 10235):
        pages.world.invoice(number)
    pages.app.settings(COMPANY).set("schedule.max_records", 1)
    run = pages.app.runs.start(COMPANY, Transfer.INVOICES, Selection(), origin=Origin.SCHEDULE)
    pages.app.runs.work()
    held = pages.app.runs.wait(run.id, 60)
    assert held.state is RequestState.HELD
    shown = pages.client.get(f"/alfa/korning/{run.id}").text
    preview = f"/alfa/forhandsgranskning/{held.preview}"
    assert f'<a href="{preview}">See what it would do</a>' in shown
    told = pages.get(preview)
    assert "10234" in told
    assert "10235" in told
    assert pages.world.writes == (0, 0)
