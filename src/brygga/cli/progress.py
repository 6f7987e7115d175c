"""The progress bar of one transfer; Ctrl+C asks it to stop after the record under way."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.messages import key_for_people
from brygga.transfers.results import Result


class Bar:
    """A watcher of a run that draws a bar on a terminal, and nothing when ``quiet``."""

    def __init__(self, title: str, *, quiet: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<14}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("{task.fields[last]}", markup=False),
            console=console,
            disable=quiet,
        )
        self._task = self._progress.add_task(title, total=None, last=_("reading …"))
        self._stop = False
        self._previous: Any = None

    def __enter__(self) -> Bar:
        """Begin to draw, and take Ctrl+C over (SIGINT is the one signal that Windows has too)."""
        self._previous = signal.signal(signal.SIGINT, self._interrupted)
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop drawing and give Ctrl+C back."""
        self._progress.stop()
        signal.signal(signal.SIGINT, self._previous)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._stop = True
        self._progress.update(self._task, last=_("stopping after this record …"))

    def planned(self, total: int) -> None:
        """The number of rows is known."""
        self._progress.update(self._task, total=total, last="")

    def row(self, done: int, total: int, result: Result) -> None:
        """A row has ended."""
        key = key_for_people(result.target_key)
        number = f"{result.plan.source_number} → {key}" if key else result.plan.source_number
        self._progress.update(self._task, completed=done, last=number if done < total else "")

    def say(self, text: str) -> None:
        """A sentence above the bar."""
        self._progress.console.print(text, highlight=False, markup=False)

    def cancelled(self) -> bool:
        """Whether Ctrl+C was pressed."""
        return self._stop
