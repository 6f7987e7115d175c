"""The command line: what an accountant types and what a script reads. Decides nothing, says everything."""

from __future__ import annotations

import logging
import sys


def main() -> None:
    """Entry point of ``brygga``."""
    from brygga.cli.commands import application
    from brygga.cli.exits import crashed
    from brygga.store.database import default_store, store_folder

    # Waiting and asking again is told by the program itself, not by its library's log.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    logging.getLogger("stamina").propagate = False
    # Nor does what the program notes for support belong on the screen; a worker keeps it in a file.
    logging.getLogger("brygga").addHandler(logging.NullHandler())
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may still be in another code page; names hold å ä ö and more.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        application()
    except Exception as error:
        sys.exit(crashed(error, store_folder(default_store())))
