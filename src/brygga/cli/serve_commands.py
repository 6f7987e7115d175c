"""brygga serve, and brygga without a command: the pages, on loopback, with the browser opened on them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _
from brygga.web.bind import Bind

PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help=_("Port to listen on; 0 takes a free one."))]
BrowserOption = Annotated[
    bool, typer.Option("--browser/--no-browser", help=_("Open the browser, or only show a link that lets it in once."))
]
HostOption = Annotated[
    str, typer.Option("--host", metavar="ADDRESS", help=_("Address to listen on; another than loopback needs TLS."))
]
NameOption = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="NAME", help=_("Host name that people use for this server; repeat for several.")),
]
CertificateOption = Annotated[
    Path | None, typer.Option("--certificate", metavar="FILE", help=_("The certificate, as PEM, for TLS."))
]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="FILE", help=_("The certificate's key, as PEM."))]


def serve(
    port: PortOption = 0,
    browser: BrowserOption = True,
    host: HostOption = "127.0.0.1",
    name: NameOption = None,
    certificate: CertificateOption = None,
    key: KeyOption = None,
) -> None:
    """Show the pages until Ctrl+C, or open the browser on the server that runs already."""
    with sentences():
        show_pages(App(), Bind(host, port, frozenset(name or ()), certificate, key), browser)


def show_pages(app: App, bind: Bind, browser: bool) -> None:
    """Serve a store's pages in the foreground."""
    from brygga.web.server import serve as serve_pages

    try:
        serve_pages(app, bind, open_browser=browser, told=_told)
    finally:
        app.close()


def _told(link: str, running: bool) -> None:
    sentence = (
        _("Brygga is open already. This link lets one browser in, for two minutes:")
        if running
        else _("Brygga is open; end it with Ctrl+C. This link lets one browser in, for two minutes:")
    )
    console.print(sentence, highlight=False)
    console.print(f"  {link}", highlight=False, markup=False, soft_wrap=True)
    if not running:
        console.print(_("Start brygga once more for another link."), highlight=False)
