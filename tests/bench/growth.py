"""How time grows with the number of invoices, pacing off, and how much memory 100 000 mirrored records take.

A preview reads everything from cold; the run after it reads through the mirror, plans again and carries out.
"""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.store.mirror import Mirror
from brygga.store.states import RowState
from tests.bench.figures import Figure, at_most, shown
from tests.bench.load_world import COMPANY, LoadWorld, load_world

TITLE = "Growth"
MIRRORED = 100_000
MEGABYTES = 300
RATIO = 2.3
PREVIEWS = 3
"""The best of so many: a preview takes seconds, in which a machine that does something else makes its own ratio."""


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """Doubling a month; and a preview with a full mirror, in a process of its own."""
    sizes = (250, 500, 1000) if short else (1000, 2000, 4000, 8000, 16000)
    taken = {size: _preview_and_run(folder / f"of-{size}", size) for size in sizes}
    figures = []
    for place, what in enumerate(("preview", "run")):
        for size in sizes:
            seconds = taken[size][place]
            figures.append(shown(f"{what} of {size} invoices", seconds, "s"))
            if size // 2 in taken:
                ratio = seconds / taken[size // 2][place]
                figures.append(at_most(f"{what}: time({size}) ÷ time({size // 2})", ratio, RATIO))
    return [*figures, _memory(folder, 20_000 if short else MIRRORED)]


def _preview_and_run(folder: Path, size: int) -> tuple[float, float]:
    """Seconds of both for a month of so many invoices."""
    with load_world(folder, load_set(size, 5)) as world:
        previews = [_cold_preview(world, size) for _ in range(PREVIEWS)]
        begun = time.perf_counter()
        assert world.run().count(RowState.TRANSFERRED) == size
        return min(previews), time.perf_counter() - begun


def _cold_preview(world: LoadWorld, size: int) -> float:
    Mirror(world.store, COMPANY, "load").forget()
    gc.collect()
    begun = time.perf_counter()
    assert len(world.preview()) == size
    return time.perf_counter() - begun


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
