"""Serving the pages: on loopback and a free port, or on another address with TLS and log-in."""

from __future__ import annotations

import getpass
import os
import socket
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from brygga.app import App
from brygga.web.access import Doorkeeper, Origins
from brygga.web.application import create_application
from brygga.web.bind import Bind
from brygga.web.running import announced, last_port, link_from_running

GRACE_SECONDS = 3


@dataclass
class Serving:
    """A server under way: its address, and the way in for one browser."""

    address: str
    doorkeeper: Doorkeeper
    server: uvicorn.Server

    def link(self, user: str) -> str:
        """An address that lets one browser in, once."""
        return f"{self.address}/in?token={self.doorkeeper.launch(user)}"

    def stop(self) -> None:
        """Ask the server to end."""
        self.server.should_exit = True


def prepare(app: App, bind: Bind, bound: socket.socket, start_secret: str = "") -> Serving:
    """A server on a bound socket."""
    number = bound.getsockname()[1]
    doorkeeper = Doorkeeper()
    names = bind.names | ({bind.host} if bind.remote else frozenset())
    origins = Origins(port=number, hosts=frozenset(name.lower() for name in names), tls=bind.tls)
    application = create_application(app, doorkeeper, origins, start_secret=start_secret, log_in=bind.remote)
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=bind.certificate,
        ssl_keyfile=bind.key,
    )
    return Serving(bind.address(number), doorkeeper, uvicorn.Server(config))


def serve(app: App, bind: Bind, *, open_browser: bool, told: Callable[[str, bool], None]) -> None:
    """Serve in the foreground until Ctrl+C and work through the queue of runs; or find the server that runs already.

    ``told`` is given a link that lets one browser in once, and whether a running server was found.
    """
    found = link_from_running(app.folder)
    if found is not None:
        told(found, True)
        _opened(found, open_browser)
        return
    bind.check(app.engine)
    with (
        bind.listen(last_port(app.folder)) as bound,
        announced(app.folder, bind.address(bound.getsockname()[1])) as told_to,
    ):
        serving = prepare(app, bind, bound, told_to.secret if told_to else "")
        app.runs.work()
        # Two links: each lets one browser in, ours and one that a person opens from what was printed.
        told(serving.link(getpass.getuser()), False)
        threading.Thread(target=_open_when_up, args=(serving, open_browser), daemon=True).start()
        try:
            serving.server.run(sockets=[bound])
        except KeyboardInterrupt:
            # uvicorn ends in order at Ctrl+C and then passes it on.
            return


def _open_when_up(serving: Serving, open_browser: bool) -> None:
    deadline = time.monotonic() + 60
    while open_browser and time.monotonic() < deadline:
        if serving.server.started:
            _opened(serving.link(getpass.getuser()), open_browser)
            return
        time.sleep(0.05)


def _opened(link: str, open_browser: bool) -> None:
    """Open the browser, where there is a screen: elsewhere a browser in text would take the terminal over."""
    screen = (
        os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if open_browser and screen:
        webbrowser.open(link)
