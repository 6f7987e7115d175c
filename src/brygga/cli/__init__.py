"""The command line: what an accountant types and what a script reads. Decides nothing, says everything."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of ``brygga``."""
    from brygga.cli.commands import application

    for stream in (sys.stdout, sys.stderr):
        # A Windows console may still be in another code page; names hold å ä ö and more.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    application()
