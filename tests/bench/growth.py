"""How time grows with the number of invoices, pacing off, and how much memory 100 000 mirrored records take."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.store.states import RowState
from tests.bench.figures import Figure, at_most, shown
from tests.bench.load_world import load_world

TITLE = "Growth"
MIRRORED = 100_000
MEGABYTES = 300
RATIO = 2.3


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """Doubling a month: the whole run; and a preview with a full mirror, in a process of its own."""
    sizes = (250, 500, 1000) if short else (1000, 2000, 4000, 8000, 16000)
    figures, before = [], 0.0
    for size in sizes:
        with load_world(folder / f"run-{size}", load_set(size, 5)) as world:
            begun = time.perf_counter()
            report = world.run()
            seconds = time.perf_counter() - begun
            assert report.count(RowState.TRANSFERRED) == size
        figures.append(shown(f"run of {size} invoices", seconds, "s"))
        if before:
            figures.append(at_most(f"time({size}) ÷ time({size // 2})", seconds / before, RATIO))
        before = seconds
    return [*figures, _memory(folder, 20_000 if short else MIRRORED)]


def _memory(folder: Path, records: int) -> Figure:
    with load_world(folder / "memory", load_set(1000, 5)) as world:
        place = folder / "installation.pickle"
        place.write_bytes(pickle.dumps((world.installation, world.client.connection.base_url, records)))
        command = [sys.executable, "-m", "tests.bench.memory", str(place)]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=timedelta(minutes=15).total_seconds(), check=True
        )
    megabytes = float(done.stdout)
    return at_most(f"peak memory of the program, {records} mirrored records", megabytes, MEGABYTES, "MB")
