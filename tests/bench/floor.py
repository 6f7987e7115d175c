"""Against the API's own floor: a month at 50 ms latency and ten requests a second, with nothing refused for quota."""

from __future__ import annotations

import time
from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.store.states import RowState
from tests.bench.figures import Figure, at_most, shown
from tests.bench.load_world import load_world

TITLE = "API floor"
RATE, LATENCY_MS = 10, 50


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """The whole run, reading, planning and journal included."""
    invoices = 60 if short else 300
    load = load_set(invoices, 5, customers=10)
    with load_world(folder / "floor", load, requests_per_second=RATE, latency_ms=LATENCY_MS, quota=RATE) as world:
        begun = time.perf_counter()
        report = world.run()
        wall = time.perf_counter() - begun
        assert report.count(RowState.TRANSFERRED) == invoices
        calls, refused = world.client.pacing.requests, world.client.pacing.refusals
    return [
        shown(f"calls for {invoices} invoices with their customers and projects", calls),
        shown("time", wall, "s"),
        at_most("time ÷ (calls ÷ 10 a second)", wall / (calls / RATE), 1.15),
        at_most("answers 429", refused, 0),
    ]
