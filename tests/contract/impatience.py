"""A client that gives up: its time-out strikes where the practice Severa keeps an answer back on order, and only there.

A time-out of fractions of a second would strike any request during which a process is not scheduled for as long, and
the request on order before the server has read it. So the client waits for the server to stand still, however long
that takes, and then its own real time-out runs out on an answer that does not come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from brygga.practice.severa_server.app import contract_path
from brygga.practice.severa_server.faults import FaultPlan

PATIENCE_SECONDS = 200
AT_ONCE = 0.05
_NO_CERTIFICATES = httpx2.create_ssl_context(verify=False)
"""The practice server speaks plain HTTP, and reading certificates takes long."""


class Impatient(httpx2.HTTPTransport):
    """The network of such a client; ``faults`` are those on order when a request is sent."""

    def __init__(self, faults: Callable[[], FaultPlan]) -> None:
        super().__init__(verify=_NO_CERTIFICATES)
        self._faults = faults

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request."""
        rule = self._faults().keeping_back(request.method, contract_path(request.url.path))
        if rule is not None:
            timeout = dict(request.extensions["timeout"])

            def trace(event: str, _: dict[str, Any]) -> None:
                if event == "http11.receive_response_headers.started":
                    assert rule.stands_still.wait(PATIENCE_SECONDS), "the server was not reached"
                    timeout["read"] = AT_ONCE

            request.extensions = {**request.extensions, "timeout": timeout, "trace": trace}
        return super().handle_request(request)
