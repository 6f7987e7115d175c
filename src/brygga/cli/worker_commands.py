"""``brygga worker``: a program that carries queued and scheduled runs out until it is ended."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _

LOOK_SECONDS = 0.3


def worker(
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME", help=_("Only companies of this group of workers."))
    ] = None,
    companies: Annotated[
        int, typer.Option("--companies", min=1, max=64, metavar="N", help=_("How many companies at once."))
    ] = 4,
    once: Annotated[bool, typer.Option("--once", help=_("End when nothing is queued any more."))] = False,
) -> None:
    """Carry runs out until Ctrl+C; the records under way are finished first."""
    app = App()
    with sentences():
        app.runs.work(tuple(group or ("",)), companies)
        if not once:
            console.print(_("Waiting for runs. End with Ctrl+C: records under way are finished first."))
        try:
            while not (once and app.runs.idle()):
                time.sleep(LOOK_SECONDS)
        except KeyboardInterrupt:
            console.print(_("Ending after the records under way …"))
        finally:
            app.close()
