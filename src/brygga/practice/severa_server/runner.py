"""Runs the practice server: in a background thread for tests, or in this process for ``__main__``."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from brygga.practice.severa_server.app import BASE_PATH, CLOSE_KEY, create_app
from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.state import SeveraState

HOST = "127.0.0.1"
#: How long open exchanges may take to end when the server stops, and how long a start or stop may take, in seconds.
_GRACE_SECONDS = 1
_PATIENCE_SECONDS = 200

Wrap = Callable[[ASGIApp], ASGIApp]
#: Open connections by the addresses of their two ends.
_transports: dict[tuple[Any, Any], asyncio.Transport] = {}


class _ClosableProtocol(H11Protocol):
    """HTTP/1.1 whose connections can be ended from inside an exchange: a lost answer on order."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _transports[_ends(transport)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _transports.pop(_ends(self.transport), None)
        super().connection_lost(exc)


def _ends(transport: asyncio.Transport) -> tuple[Any, Any]:
    # uvicorn puts the same two addresses into the scope; a peer that is gone already has none.
    return transport.get_extra_info("peername"), transport.get_extra_info("sockname")


class _Server(uvicorn.Server):
    """Tells when it has started."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class LocalServer:
    """A practice server on a port of this machine, bound when made and served by ``run``.

    ``url`` is the base address, to which the paths of the contract are appended: http://127.0.0.1:PORT/rest-api.
    """

    def __init__(
        self, state: SeveraState, config: ServerConfig | None = None, *, port: int = 0, wrap: Wrap | None = None
    ) -> None:
        app: ASGIApp = create_app(state, config)
        app = _closable(wrap(app) if wrap else app)
        # Named as TCP, for asyncio switches Nagle's algorithm off for no other; with it an answer may take 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind((HOST, port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}{BASE_PATH}"
        self._server = _Server(
            uvicorn.Config(
                app,
                http=_ClosableProtocol,
                lifespan="off",
                log_level="warning",
                access_log=False,
                # The application dates its answers itself, by the clock of the environment.
                date_header=False,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    def run(self) -> None:
        """Serves until ``stop``."""
        try:
            self._server.run(sockets=[self._socket])
        finally:
            self._socket.close()

    def started(self, timeout: float) -> bool:
        """Waits until the server takes calls; False when it does not within ``timeout`` seconds."""
        return self._server.up.wait(timeout)

    def stop(self) -> None:
        """Asks the server to end, from any thread."""
        self._server.should_exit = True


@contextmanager
def running_server(
    state: SeveraState, config: ServerConfig | None = None, *, port: int = 0, wrap: Wrap | None = None
) -> Iterator[str]:
    """A server in a background thread; yields its base address (``…/rest-api``), and stops it at the end.

    ``wrap`` puts something around the application, such as the contract checker of the tests.
    """
    server = LocalServer(state, config, port=port, wrap=wrap)
    thread = threading.Thread(target=server.run, name="practice Severa", daemon=True)
    thread.start()
    if not server.started(_PATIENCE_SECONDS):
        raise RuntimeError("the practice Severa server did not start")
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(_PATIENCE_SECONDS)
        if thread.is_alive():
            raise RuntimeError("the practice Severa server did not stop")


def _closable(app: ASGIApp) -> ASGIApp:
    async def with_close(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            transport = _transports.get((scope["client"], scope["server"]))
            if transport is not None:
                scope[CLOSE_KEY] = transport.abort
        await app(scope, receive, send)

    return with_close
