"""Serving the pages: on loopback, on a free port, with a browser opened by a one-time token."""

from __future__ import annotations

import getpass
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from brygga.app import App
from brygga.web.access import Doorkeeper, Origins
from brygga.web.application import create_application

LOOPBACK_ADDRESS = "127.0.0.1"


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


def prepare(app: App, port: int = 0) -> tuple[Serving, socket.socket]:
    """A server bound to loopback; ``port`` 0 takes a free one."""
    bound = socket.create_server((LOOPBACK_ADDRESS, port))
    number = bound.getsockname()[1]
    doorkeeper = Doorkeeper()
    application = create_application(app, doorkeeper, Origins(port=number))
    config = uvicorn.Config(application, log_level="warning", access_log=False, server_header=False)
    return Serving(f"http://{LOOPBACK_ADDRESS}:{number}", doorkeeper, uvicorn.Server(config)), bound


def serve(app: App, port: int, *, open_browser: bool, told: Callable[[str], None]) -> None:
    """Serve in the foreground and work through the queue of runs; the browser opens when the server answers.

    ``told`` is given the address, or without a browser of our own the link that lets one in.
    """
    serving, bound = prepare(app, port)
    user = getpass.getuser()
    app.runs.work()
    told(serving.link(user) if not open_browser else serving.address)
    if open_browser:
        threading.Thread(target=_open_when_up, args=(serving, user), daemon=True).start()
    serving.server.run(sockets=[bound])


def _open_when_up(serving: Serving, user: str) -> None:
    for _ in range(200):
        if serving.server.started:
            webbrowser.open(serving.link(user))
            return
        time.sleep(0.05)
