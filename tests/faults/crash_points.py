"""Every moment at which a program can die, as what it leaves behind on the disk.

A program that is killed leaves its files as they are at that moment, and nothing else. So one run of a scenario is
enough: before and after every input and output (commit, HTTP call, library call) the files of the store and of both
practice systems are compared byte by byte with those of the moments before, and a new state is kept as an image.
Starting the program on every image is then starting it after a crash at every point.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.faults.mortality import Mortality

R = TypeVar("R")
SHARED_MEMORY = "-shm"
"""SQLite's index of a write-ahead log lives in memory: it does not outlive the last process that had the file open."""


@dataclass(frozen=True)
class Image:
    """What lay on the disk at one or more crash points: the first of them, and how many writes were done by then."""

    folder: Path
    state: bytes
    point: str
    writes_done: int


class Photographer(Mortality):
    """A program that never dies, whose files in ``world`` are looked at before and after all it does."""

    def __init__(self, world: Path, images: Path) -> None:
        super().__init__()
        self._world, self._folder = world, images
        self._kept: dict[bytes, Image] = {}
        self._one_at_a_time = threading.Lock()
        """On a slow computer the thread that keeps the writer's row alive commits in between."""
        self.points: list[bytes] = []
        """The state of the files at each crash point, in order."""

    @property
    def images(self) -> tuple[Image, ...]:
        """The distinct states, in the order they came."""
        return tuple(self._kept.values())

    def write(self, name: str, effect: Callable[[], R]) -> R:
        """Look, have the effect, look again."""
        self._look(f"before {name}")
        result = super().write(name, effect)
        self._look(f"after {name}")
        return result

    def read(self, name: str, effect: Callable[[], R]) -> R:
        """As ``write``: that it only reads is not taken for granted."""
        self._look(f"before {name}")
        result = super().read(name, effect)
        self._look(f"after {name}")
        return result

    def _look(self, point: str) -> None:
        with self._one_at_a_time:
            self._keep(point)

    def _keep(self, point: str) -> None:
        files = sorted(path for path in self._world.rglob("*") if _outlives(path))
        digest = hashlib.blake2b(digest_size=16)
        for path in files:
            digest.update(str(path).encode() + b"\0" + path.read_bytes())
        state = digest.digest()
        self.points.append(state)
        if state not in self._kept:
            folder = self._folder / f"{len(self._kept):03}"
            shutil.copytree(self._world, folder, ignore=shutil.ignore_patterns(f"*{SHARED_MEMORY}"))
            self._kept[state] = Image(folder, state, f"{len(self.points)}, {point}", len(self.writes))


def _outlives(path: Path) -> bool:
    return path.is_file() and not path.name.endswith(SHARED_MEMORY)
