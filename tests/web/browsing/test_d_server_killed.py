"""The server killed in the middle of a run: the page says so, and goes on with the run when Brygga is started again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from brygga import __version__
from brygga.practice.build import CLIENT_SECRET
from brygga.practice.severa_server.faults import FaultKind, FaultRule
from brygga.runs.run import preview
from brygga.severa.http import SeveraClient
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.contract.severa_connected import unpaced
from tests.end_to_end.support import COMPANY, PACKAGE_FOLDER, World, practice_world
from tests.web.browsing.walking import BASE, WAIT_MS, Walk

COMMAND = [sys.executable, "-m", "brygga.cli", "serve", "--no-browser"]
LINK = re.compile(r"(http://127\.0\.0\.1:\d+)/in\?token=\S+")
WAIT_SECONDS = WAIT_MS / 1000


@pytest.fixture
def killable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A practice company with its registers transferred and its invoices waiting, for a program of its own."""
    for name in [name for name in os.environ if name.startswith("BRYGGA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BRYGGA_SEVERA_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setattr("brygga.app.SeveraClient", partial(SeveraClient, pacing=unpaced()))
    with practice_world(tmp_path, library={"severa.requests_per_second": "10"}) as made:
        for transfer in (Transfer.CUSTOMERS, Transfer.PROJECTS, Transfer.ARTICLES):
            made.transfer(transfer)
        yield made


@contextmanager
def started(world: World) -> Iterator[tuple[subprocess.Popen[str], re.Match[str]]]:
    """``brygga serve`` as a process, and the link that it shows; killed at the end."""
    around = os.environ | {"BRYGGA_STORE": str(world.app.store_path), "PYTHONPATH": str(PACKAGE_FOLDER)}
    around |= {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(COMMAND, env=around, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            told = ""
            while (link := LINK.search(told)) is None:
                line = process.stdout.readline()
                assert line, told
                told += line
            yield process, link
        finally:
            process.kill()


def asked(world: World) -> tuple[int, FaultRule]:
    """The number of a queued run of the invoices, held to a preview; the engine of the test's own process is idle. The
    run stands still at its last change, done but not answered, so that it is not through before the server is killed.
    """
    app = world.app
    with app.company(COMPANY, read_only=True) as opened:
        plans = preview(opened, Transfer.INVOICES, Selection())
    settings = app.settings(COMPANY).fingerprint()
    kept = app.previews.save(
        COMPANY, Transfer.INVOICES, plans, settings=settings, version=__version__, now=datetime.now(UTC)
    )
    last = next(plan.source_key for plan in reversed(plans) if plan.payload is not None)
    stop = world.state.faults.order(FaultKind.DO_THEN_WAIT, "PATCH", f"/v1/invoices/{last}")
    return app.runs.start(COMPANY, Transfer.INVOICES, kept.selection, preview=kept.id).id, stop


def test_the_page_and_the_run_outlive_the_server(browser: Browser, killable: World) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 600}, locale="sv-SE")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    with started(killable) as (process, link):
        address = link.group(1)
        page.goto(link.group())
        number, stop = asked(killable)
        page.goto(f"{address}{BASE}/korning/{number}")
        assert stop.stands_still.wait(WAIT_SECONDS), "the last change was not written"
        expect(page.get_by_role("status").first).to_contain_text("Pågår")
        process.kill()
    run, walk = page.url, Walk(page, address)
    away = page.get_by_role("alert").filter(visible=True)
    expect(away).to_contain_text("WEB-972")
    assert walk.violations() == []
    with started(killable) as (_, link):
        # Where it was: the page that is open finds it again. It is known again when a new link has let the browser in.
        assert link.group(1) == address
        expect(away).to_contain_text("WEB-973")
        expect(page.get_by_role("status").first).to_contain_text("Pågår")
        let_in = context.new_page()
        let_in.goto(link.group())
        let_in.close()
        sentence = walk.run_ended()
        assert page.url == run
        expect(away).to_have_count(0)
    context.close()
    assert sentence.startswith("Klart")
    assert killable.app.runs.latest(COMPANY, 1)[0].attempts == 2
    assert killable.differences() == []
