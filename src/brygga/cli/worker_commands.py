"""``brygga worker``: a program that carries queued and scheduled runs out until it is ended."""

from __future__ import annotations

import logging
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _
from brygga.redaction import SecretlessFormatter

LOOK_SECONDS = 0.3
LOG_BYTES = 1_000_000


def _noted_in(path: Path) -> None:
    """What goes wrong while nobody looks is noted for support, beside the store."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8", delay=True)
    handler.setFormatter(SecretlessFormatter("%(asctime)s %(name)s %(message)s"))
    logging.getLogger("brygga").addHandler(handler)


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
        _noted_in(app.folder / "errors.log")
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
