"""A practice Severa server for a test, spoken to over HTTP, every exchange checked against the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from starlette.types import ASGIApp

from brygga.practice.severa_server import ServerConfig, SeveraSeed, SeveraState, running_server
from tests.contract.impatience import Impatient
from tests.contract.severa_contract import CheckedApp, checked
from tests.contract.severa_seed import CLIENT_ID, CLIENT_SECRET, seed


@dataclass
class Clock:
    """A clock that moves only when told."""

    moment: datetime = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Practice:
    """The server's state and clock, and a client with a token. Paths are the contract's, from ``/v1``."""

    state: SeveraState
    clock: Clock
    checker: CheckedApp
    http: httpx2.Client
    headers: dict[str, str] = field(default_factory=dict)

    def sign_in(self, scope: str | None = None) -> dict[str, Any]:
        """Fetches a token and uses it from now on; answers the token document."""
        body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scope": scope}
        response = self.http.post("/v1/token", json=body)
        assert response.status_code == 200, response.text
        document: dict[str, Any] = response.json()
        self.headers = {"Authorization": f"Bearer {document['access_token']}", "Client_Id": CLIENT_ID}
        return document

    def get(self, path: str, query: Any = None, **headers: str) -> httpx2.Response:
        return self.http.get(path, params=query, headers=self.headers | headers)

    def rows(self, path: str, query: Any = None) -> list[dict[str, Any]]:
        """The documents of one page."""
        response = self.get(path, query)
        assert response.status_code == 200, response.text
        rows: list[dict[str, Any]] = response.json()
        return rows

    def guids(self, path: str, query: Any = None) -> list[str]:
        return [row["guid"] for row in self.rows(path, query)]

    def patch(self, guid: str, *changes: tuple[str, Any], op: str = "Replace") -> httpx2.Response:
        """PATCH of an invoice."""
        return self.patch_at(f"/v1/invoices/{guid}", *changes, op=op)

    def patch_at(self, path: str, *changes: tuple[str, Any], op: str = "Replace") -> httpx2.Response:
        """PATCH of any document."""
        body = [{"op": op, "path": pointer, "value": value} for pointer, value in changes]
        return self.http.patch(path, json=body, headers=self.headers)

    def post(self, path: str, body: Any) -> httpx2.Response:
        """POST of a new document."""
        return self.http.post(path, json=body, headers=self.headers)


@contextmanager
def practice(folder: Path, given: SeveraSeed | None = None, config: ServerConfig | None = None) -> Iterator[Practice]:
    """A server over a new environment in ``folder``; no quota without ``config``, and a clock that stands still."""
    clock = Clock()
    settings = config or ServerConfig(requests_per_second=None)
    settings = replace(settings, now=clock.now, monotonic=clock.monotonic)
    state = SeveraState.create(folder / "severa.sqlite", given or seed(), now=clock.now)
    apps: list[CheckedApp] = []

    def wrap(app: ASGIApp) -> ASGIApp:
        apps.append(checked(app))
        return apps[0]

    try:
        network = Impatient(lambda: state.faults)
        with (
            running_server(state, settings, wrap=wrap) as url,
            httpx2.Client(base_url=url, timeout=60, transport=network) as http,
        ):
            yield Practice(state, clock, apps[0], http)
    finally:
        state.close()


def error_of(response: httpx2.Response) -> tuple[int, str, str]:
    """Status, type and message of an error answer."""
    error = response.json()["error"]
    return response.status_code, error["type"], error["details"][0]["message"]
