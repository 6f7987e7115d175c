"""The program as a process of its own, to be killed: all four transfers of a practice company's month.

``python month_child.py STORE START END``; prints a line when it starts to transfer, ends with 0 when it got through.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from brygga.app import App
from brygga.records.target import System
from brygga.runs.run import carry_out
from brygga.severa.connection import SeveraConnection
from brygga.store.settings.values import Settings
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

COMPANY = "practice"
READY = "transferring"


class Unhurried(App):
    """The program without the pace of 8 requests a second, which the practice server of the test does not ask for."""

    def _connection(self, settings: Settings) -> SeveraConnection:
        return replace(super()._connection(settings), requests_per_second=1_000, pacing_path=None)


def do_the_month(store: Path, start: date, end: date) -> None:
    """Carry the four transfers out, in order."""
    app = Unhurried(store)
    print(READY, flush=True)
    with app.company(COMPANY, read_only=False) as company:
        for transfer in (each for each in PLANNERS if each.target is System.ADMINISTRATION):
            chosen = Selection(start=start, end=end) if transfer is Transfer.INVOICES else Selection()
            carry_out(company, transfer, chosen, lock_folder=store.parent / "locks", version="1", settings="s")


def main(arguments: Sequence[str]) -> None:
    """Run as a process."""
    store, start, end = arguments
    do_the_month(Path(store), date.fromisoformat(start), date.fromisoformat(end))


if __name__ == "__main__":
    main(sys.argv[1:])
