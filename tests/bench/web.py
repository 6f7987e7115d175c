"""The pages on 10 000 invoices: server time, first paint, preview of a thousand, weight and memory."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import httpx2
import msgspec

from brygga.app import App
from brygga.runs.listing import kept
from brygga.store.listings import Listing, Listings
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection
from tests.bench.figures import Figure, at_most
from tests.transfers.practice_world import practice_world

TITLE = "Pages"
COMPANY = "alfa"
ROWS = 10_000
TICKED = 1000
ASKED = 40
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]

VIEWS = {
    "list": "",
    "list, page 50": "sida=50",
    "filtered by text": "text=Kund+77",
    "filtered by state": "visa=ready",
    "sorted by name": "ordna=name",
    "sorted by amount": "ordna=gross&fallande=1",
}


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """A server of its own process, asked as a browser asks it."""
    store = folder / "brygga.sqlite"
    listing = _listed(folder, store, 1000 if short else ROWS)
    with _server(store) as (link, process):
        address = link.split("/in?")[0]
        with httpx2.Client(trust_env=False, timeout=60) as browser:
            browser.get(link)
            figures = _answers(browser, address)
            figures.append(_preview(browser, address, listing))
            figures.append(_weight(browser, address))
        figures += _first_paint(address, browser.cookies.get("brygga-session") or "")
        figures += _memory(process)
    return figures


def _listed(folder: Path, store: Path, rows: int) -> Listing:
    """A list of so many invoices, as a search leaves it: a plan of the practice company, many times over."""
    (folder / "world").mkdir()
    with practice_world(folder / "world") as world:
        world.customer(1001, "Åkeri & Söner AB")
        world.article("100", "Konsulttid")
        world.invoice(10234)
        plan = next(iter(world.preview(Transfer.INVOICES).values()))

    def copy(number: int) -> Plan:
        return msgspec.structs.replace(
            plan,
            company=COMPANY,
            source_key=f"invoice-{number}",
            source_number=str(10_000 + number),
            source_name=f"Kund {number % 1000} i Göteborg AB",
            gross=Decimal(1000 + number),
        )

    app = App(store)
    app.settings(COMPANY).set("severa.client_id", "id")
    plans = (copy(number) for number in range(rows))
    settings = app.settings(COMPANY).fingerprint()
    listings = Listings(app.engine)
    made = kept(listings, COMPANY, Transfer.INVOICES, Selection(), plans, settings_hash=settings, seconds=1)
    listings.tick(made, [f"invoice-{number}" for number in range(min(TICKED, rows))], on=True)
    return made


@contextmanager
def _server(store: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environment = os.environ | {"BRYGGA_STORE": str(store), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-u", "-m", "brygga.cli", "serve", "--no-browser"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        link = next(found.group() for line in process.stdout if (found := re.search(r"http://\S+token=\S+", line)))
        yield link, process
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()


def _answers(browser: httpx2.Client, address: str) -> list[Figure]:
    figures = []
    for name, query in VIEWS.items():
        times = []
        for _ in range(ASKED):
            begun = time.perf_counter()
            browser.get(f"{address}/{COMPANY}/fakturor?{query}").raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
        figures.append(at_most(f"{name}, 95th percentile", statistics.quantiles(times, n=20)[-1], 100, "ms"))
    return figures


def _preview(browser: httpx2.Client, address: str, listing: Listing) -> Figure:
    begun = time.perf_counter()
    form = {"listing": listing.id}
    answer = browser.post(f"{address}/{COMPANY}/fakturor/forhandsgranska", data=form, headers={"Origin": address})
    shown = browser.get(f"{address}{answer.headers['location']}").raise_for_status().text
    assert re.search(rf"{TICKED // 1000}\D?000 rad", shown), "the preview is of the ticked rows"
    return at_most(f"preview of {TICKED} ticked invoices", time.perf_counter() - begun, 2, "s")


def _weight(browser: httpx2.Client, address: str) -> Figure:
    """The list and all that it brings with it, as many bytes as cross the wire."""
    page = f"{address}/{COMPANY}/fakturor"
    total = 0
    for path in (
        page,
        *(f"{address}{each}" for each in re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.get(page).text)),
    ):
        with browser.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
            total += sum(len(part) for part in answer.iter_raw())
    return at_most("weight of the list as transferred", total / 1000, 150, "kB")


def _first_paint(address: str, session: str) -> list[Figure]:
    """The median of ten loads in fresh browsers; nothing where there is no Chromium."""
    path = next((found for name in CHROMIUM if (found := shutil.which(name))), None)
    if path is None:
        return []
    from playwright.sync_api import sync_playwright

    paints = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        for _ in range(10):
            context = chromium.new_context(viewport={"width": 1024, "height": 600})
            context.add_cookies([{"name": "brygga-session", "value": session, "url": address}])
            page = context.new_page()
            page.goto(f"{address}/{COMPANY}/fakturor")
            paints.append(
                page.evaluate("performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0] || 0")
            )
            context.close()
        chromium.close()
    return [at_most("first contentful paint, median", statistics.median(paints), 300, "ms")]


def _memory(process: subprocess.Popen[str]) -> list[Figure]:
    """What the server holds at its most (Linux tells)."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return []
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found is not None
    return [at_most("memory of the server at its most", int(found.group(1)) / 1024, 250, "MB")]
