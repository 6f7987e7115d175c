"""brygga serve, and brygga without a command: the pages, on loopback, with the browser opened on them."""

from __future__ import annotations

from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help=_("Port to listen on; 0 takes a free one."))]
BrowserOption = Annotated[
    bool, typer.Option("--browser/--no-browser", help=_("Open the browser, or only show a link that lets it in once."))
]


def serve(port: PortOption = 0, browser: BrowserOption = True) -> None:
    """Show the pages until Ctrl+C."""
    from brygga.web.server import serve as serve_pages

    with sentences():
        app = App()
        try:
            serve_pages(app, port, open_browser=browser, told=_told)
        finally:
            app.close()


def _told(address: str) -> None:
    console.print(_("Brygga is open at {address}. End it with Ctrl+C.").format(address=address), soft_wrap=True)
