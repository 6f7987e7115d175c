"""Where the pages are served: loopback by default, another address only with TLS and log-in (issue 6, Security)."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import Engine

from brygga.records.reasons import Refused, reason
from brygga.store.web_users import WebUsers
from brygga.web.access import LOOPBACK

LOOPBACK_ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Bind:
    """Where to listen: ``port`` 0 takes a free one; ``names`` are the host names that people use for the server."""

    host: str = LOOPBACK_ADDRESS
    port: int = 0
    names: frozenset[str] = frozenset()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def tls(self) -> bool:
        """Whether the pages are served encrypted."""
        return self.certificate is not None

    @property
    def remote(self) -> bool:
        """Whether other computers can reach the address."""
        return self.host not in LOOPBACK | {"::1"}

    def listen(self, preferred: int = 0) -> socket.socket:
        """The bound socket, where any port will do on the ``preferred`` one if that is free; ``Refused`` API-902 when
        the address cannot be had."""
        if self.port == 0 and preferred:
            with suppress(OSError):
                return self._listening(preferred)
        try:
            return self._listening(self.port)
        except OSError as error:
            raise Refused(reason("API-902", address=f"{self.host}:{self.port}", detail=error.strerror)) from None

    def _listening(self, port: int) -> socket.socket:
        listener = socket.create_server(
            (self.host, port), family=socket.AF_INET6 if ":" in self.host else socket.AF_INET
        )
        # Accepted sockets inherit it. Without it the last part of a compressed page waits 40 ms for the other side's
        # delayed acknowledgement: asyncio switches it on only for sockets that name their protocol.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener

    def check(self, engine: Engine) -> None:
        """Another address than loopback needs TLS and somebody who can log in; ``Refused`` API-901 or API-903."""
        for path in (self.certificate, self.key):
            if path is not None and not path.is_file():
                raise Refused(reason("API-903", path=path))
        if self.remote and not (self.tls and WebUsers(engine).names()):
            raise Refused(reason("API-901", address=self.host))

    def address(self, port: int) -> str:
        """How a browser on this computer reaches the server that listens on ``port``."""
        name = min(self.names, default=self.host if self.remote else LOOPBACK_ADDRESS)
        return f"{'https' if self.tls else 'http'}://{name}:{port}"
