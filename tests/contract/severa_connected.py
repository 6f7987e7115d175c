"""A client and a gateway connected over HTTP to the practice Severa server, every exchange held to the contract."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stamina

from brygga.practice.severa_server import SeveraSeed, SeveraState, running_server
from brygga.practice.severa_server.config import ServerConfig
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import ATTEMPTS, SeveraClient
from brygga.severa.pacing import Clock, Pacing
from tests.contract.impatience import Impatient
from tests.contract.severa_contract import CheckedApp, checked
from tests.contract.severa_seed import CLIENT_ID, CLIENT_SECRET

NO_QUOTA = ServerConfig(requests_per_second=None)


@dataclass
class FakeClock:
    """Time that passes only by sleeping; ``slept`` are the sleeps in seconds."""

    now: float = 1_700_000_000.0
    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        """Seconds since the epoch."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds

    @property
    def clock(self) -> Clock:
        """This time as the pacing's clock."""
        return Clock(wall=self.time, running=self.time, sleep=self.sleep)


def unpaced(clock: FakeClock | None = None) -> Pacing:
    """A pacing that holds nothing back but a pause, whose time is a fake one."""
    return Pacing(100_000, clock=(clock or FakeClock()).clock)


@dataclass
class Connected:
    """What a test of the client works with."""

    state: SeveraState
    url: str
    client: SeveraClient
    clock: FakeClock

    @property
    def gateway(self) -> SeveraGateway:
        """A gateway over the client, with nothing kept yet."""
        return SeveraGateway(self.client)

    def another(self, **options: Any) -> SeveraClient:
        """A second client on the same server and credential; to be closed by the test."""
        return SeveraClient(connection(self.url), **({"pacing": unpaced()} | options))

    def calls(self, method: str = "GET", path: str = "/v1/") -> list[str]:
        """The paths asked so far whose beginning is ``path``, without those for tokens."""
        return [
            asked.path
            for asked in self.state.requests
            if asked.method == method and asked.path.startswith(path) and asked.path != "/v1/token"
        ]


def connection(url: str, **options: Any) -> SeveraConnection:
    """The credential of the practice environment."""
    return SeveraConnection(url, CLIENT_ID, options.pop("client_secret", CLIENT_SECRET), **options)


@contextmanager
def connected(
    folder: Path, seed: SeveraSeed, config: ServerConfig = NO_QUOTA, *, read_only: bool = False, **options: Any
) -> Iterator[Connected]:
    """A running server with a client; repeats without back-off time. Fails when an exchange broke the contract.

    The client gives up where an answer is kept back on order.
    """
    wrapped: list[CheckedApp] = []

    def wrap(app: Any) -> CheckedApp:
        wrapped.append(checked(app))
        return wrapped[0]

    state = SeveraState.create(folder / "severa.sqlite", seed)
    clock = FakeClock()
    try:
        with (
            stamina.set_testing(True, attempts=ATTEMPTS),
            running_server(state, config, wrap=wrap) as url,
            SeveraClient(
                connection(url, **options),
                read_only=read_only,
                pacing=unpaced(clock),
                transport=Impatient(lambda: state.faults),
            ) as client,
        ):
            yield Connected(state, url, client, clock)
        assert wrapped[0].violations == []
    finally:
        state.close()
