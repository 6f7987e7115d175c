"""A load set with both systems, the real host process and the real client: what counted calls and benchmarks run on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess, LibrarySpec
from brygga.practice.build import PracticeInstallation, build_load
from brygga.practice.dataset import LoadSet
from brygga.practice.severa_server.process import ServerProcess
from brygga.runs.run import Report, Watcher, carry_out, preview
from brygga.severa.connection import SeveraConnection
from brygga.severa.http import SeveraClient
from brygga.severa.pacing import Pacing
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal
from brygga.store.mirror import Mirror
from brygga.store.settings.values import Settings
from brygga.transfers.company import Company
from brygga.transfers.mirrored import Freshness, MirroredSevera
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.preferences import preferences
from brygga.transfers.selection import Selection

COMPANY = "alfa"
PRACTICE_LIBRARY = LibrarySpec("brygga.practice.adk_engine:library", {})
UNPACED = 1_000_000
"""Requests a second that no machine reaches: pacing off."""


class CountedPacing(Pacing):
    """The client's pacing, which sees every request that leaves and every refusal for quota."""

    def __init__(self, requests_per_second: int = UNPACED) -> None:
        super().__init__(requests_per_second)
        self.requests = 0
        self.refusals = 0

    def admit(self, stop: Callable[[], bool] | None = None) -> None:
        """Count, and wait as ever."""
        super().admit(stop)
        self.requests += 1

    def refused(self, retry_after: float | None) -> None:
        """Count, and pause as ever."""
        self.refusals += 1
        super().refused(retry_after)


class CountedClient(SeveraClient):
    """The client, which notes method and path of everything it is asked for."""

    def __init__(self, connection: SeveraConnection, pacing: CountedPacing) -> None:
        super().__init__(connection, pacing=pacing)
        self.pacing = pacing
        self.asked: Counter[tuple[str, str]] = Counter()

    def _send(self, method: str, path: str, *arguments: Any, **more: Any) -> Any:
        self.asked[method, path] += 1
        return super()._send(method, path, *arguments, **more)

    def take(self) -> Counter[tuple[str, str]]:
        """What was asked since the last time this was called."""
        taken, self.asked = self.asked, Counter()
        return taken


def reads_and_writes(asked: Counter[tuple[str, str]]) -> tuple[int, int]:
    """How many reads and how many changes."""
    reads = sum(count for (method, _), count in asked.items() if method == "GET")
    return reads, asked.total() - reads


@dataclass
class LoadWorld:
    """A company whose month holds the load set."""

    installation: PracticeInstallation
    client: CountedClient
    host: HostProcess
    store: Engine
    settings: dict[str, Any] = field(repr=False)

    @contextmanager
    def company(self, freshness: Freshness | None = None) -> Iterator[Company]:
        """The company with nothing kept in memory of what was read before, only in the mirror."""
        place = self.installation
        severa = MirroredSevera(self.client, Mirror(self.store, COMPANY, "load"), freshness)
        yield Company(
            name=COMPANY,
            severa=severa,
            administration=AdministrationGateway(self.host, str(place.common_path), str(place.company_path)),
            journal=Journal(self.store, "organization", COMPANY),
            preferences=preferences(self.settings.__getitem__),
        )
        severa.flush()

    def preview(self, transfer: Transfer = Transfer.INVOICES, **choice: Any) -> tuple[Plan, ...]:
        """Read and plan."""
        with self.company(Freshness()) as company:
            return preview(company, transfer, Selection(**choice))

    def run(self, transfer: Transfer = Transfer.INVOICES, watcher: Watcher | None = None, **choice: Any) -> Report:
        """Carry the transfer out."""
        locks = self.installation.folder / "locks"
        with self.company(Freshness(listed=timedelta(minutes=15))) as company:
            return carry_out(
                company, transfer, Selection(**choice), lock_folder=locks, version="1", settings="s", watcher=watcher
            )


@contextmanager
def load_world(
    folder: Path, load: LoadSet, *, requests_per_second: int = UNPACED, latency_ms: int = 0, quota: int = 0
) -> Iterator[LoadWorld]:
    """Build the load set in a new folder and connect to it.

    ``quota``: requests a second above which the practice Severa answers 429, 0 for none.
    """
    installation = build_load(folder, load)
    with (
        ServerProcess(installation.severa_data_path, latency_ms=latency_ms, requests_per_second=quota) as server,
        connected_world(installation, server.base_url, requests_per_second) as world,
    ):
        yield world


@contextmanager
def connected_world(
    installation: PracticeInstallation, url: str, requests_per_second: int = UNPACED
) -> Iterator[LoadWorld]:
    """Connect to a load set that was built and whose practice Severa runs."""
    with ExitStack() as stack:
        connection = SeveraConnection(url, installation.client_id, installation.client_secret)
        client = stack.enter_context(CountedClient(connection, CountedPacing(requests_per_second)))
        host = HostProcess(PRACTICE_LIBRARY)
        stack.callback(host.close)
        store = open_store(installation.folder / "store.sqlite")
        stack.callback(store.dispose)
        settings = Settings(store, COMPANY)
        settings.save(installation.settings)
        yield LoadWorld(installation, client, host, store, settings.as_dict())
