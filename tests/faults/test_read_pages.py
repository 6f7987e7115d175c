"""Every list that the program can read, with pages that are cut, repeated, or shift while they are read: the whole list
or a reason, never a short list and never a row twice. The lists are those of the client's own table."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import SeveraSeed, SeveraState
from brygga.practice.severa_server.app import create_app
from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Unavailable
from brygga.severa import http, wire
from brygga.severa.connection import SeveraConnection
from brygga.severa.http import SeveraClient
from brygga.severa.operations import NEEDED_SCOPES, OPERATIONS, Operation
from brygga.severa.pacing import Pacing
from tests.contract.severa_connected import FakeClock, unpaced
from tests.faults.fault_scenario import CLIENT_ID, CLIENT_SECRET, _generated
from tests.faults.fault_world import Switchboard
from tests.faults.figures import Figures

LISTS = tuple(operation for operation in OPERATIONS if "rowCount" in operation.query)
EACH_LIST = pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.path)
MORE = 4
"""Rows that are added to each list; nothing refers to them."""
FIRST_PAGE = 2
"""The number of its request: the first is the one for the token."""

CUT, REPEATED = FaultKind.TRUNCATED_PAGE, FaultKind.REPEATED_PAGE
SPOILT = {
    # A cut page says that it is the last, so a token list asks it once more before the second reading begins.
    "token": ((CUT, 0, 1, 3), (CUT, 0, 2, 5), (REPEATED, 0, 2, 4)),
    # Cut to the row that the page before ended with, it looks like the end: what comes after it tells.
    "offset": ((CUT, 0, 1, 3), (CUT, 0, 2, 4), (CUT, 1, 2, 5), (REPEATED, 0, 2, 4)),
}
"""What is spoilt: how many rows a cut page keeps, which call to the list, and which one of the second reading."""


@pytest.fixture(scope="module")
def severa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeveraState]:
    """A practice company whole."""
    path: Path = tmp_path_factory.mktemp("pages") / "severa.sqlite"
    state = SeveraState.create(path, SeveraSeed(CLIENT_ID, CLIENT_SECRET, NEEDED_SCOPES, _generated("severa").severa))
    yield state
    state.close()


class Listed:
    """One list of several pages, and the rows that are in it."""

    def __init__(self, state: SeveraState, switchboard: Switchboard, operation: Operation) -> None:
        self.state, self.is_token = state, "pageToken" in operation.query
        switchboard.app = create_app(state, ServerConfig(requests_per_second=None))
        self._url = switchboard.url
        self._collection = operation.path.rsplit("/", 1)[1]
        documents = state.documents(self._collection) or [_flat_rate(state)]
        owner = re.search(r"{(\w+)}", operation.path)
        of = Counter(_owner(each, owner[1]) for each in documents).most_common(1)[0][0] if owner else ""
        self.path = re.sub(r"{\w+}", of, operation.path)
        pattern = next(each for each in documents if not owner or _owner(each, owner[1]) == of)
        self.added = [f"more-{time.monotonic_ns()}-{turn}" for turn in range(MORE)]
        for guid in self.added:
            state.add(self._collection, pattern | {"guid": guid})
        self._page_size = 100
        self.rows = self.read()
        assert set(self.added) <= set(self.rows)
        self._page_size = max(2, len(self.rows) // 3)

    def read(self, pacing: Pacing | None = None) -> list[str]:
        """The guids that one reading of the list gives."""
        connection = SeveraConnection(self._url, CLIENT_ID, CLIENT_SECRET)
        with (
            SeveraClient(connection, read_only=True, pacing=pacing or unpaced()) as client,
            pytest.MonkeyPatch.context() as patch,
        ):
            patch.setattr(http, "PAGE_SIZE", self._page_size)
            pages = client.pages_by_token if self.is_token else client.pages_by_offset
            return [str(row.guid) for row in pages(self.path, wire.Reference)]

    def spoil(self, kind: FaultKind, *calls: int, rows: int = 0) -> None:
        """Order the fault for these calls to the list."""
        for call in calls:
            self.state.faults.order(kind, "GET", self.path, first=call, rows=rows)

    def remove(self, guid: str) -> None:
        """Somebody deletes a row."""
        self.state.delete(self._collection, guid)

    def clear(self) -> None:
        """Leave the company to the next list."""
        self.state.faults.clear()
        for guid in self.added:
            if self.state.document(self._collection, guid) is not None:
                self.remove(guid)


def _owner(document: dict[str, Any], name: str) -> str:
    """The guid of what the document belongs to, by the name that the path has for it."""
    inner = document.get(name.removesuffix("Guid")) or {}
    return str(document.get(name) or inner.get("guid") or "")


def _flat_rate(state: SeveraState) -> dict[str, Any]:
    """The practice company has no flat rate."""
    project, invoice = state.documents("projects")[0], state.documents("invoices")[0]
    return {"guid": "", "invoiceGuid": invoice["guid"], "project": {"guid": project["guid"]}}


class Meddling(Pacing):
    """Lets something happen just before the ``before``-th request."""

    def __init__(self, meddle: Callable[[], None], before: int) -> None:
        super().__init__(100_000, clock=FakeClock().clock)
        self._meddle, self._left = meddle, before

    def admit(self, stop: Callable[[], bool] | None = None) -> None:
        """Count."""
        self._left -= 1
        if self._left == 0:
            self._meddle()
        super().admit(stop)


@pytest.fixture
def listed(severa: SeveraState, switchboard: Switchboard) -> Iterator[Callable[[Operation], Listed]]:
    made: list[Listed] = []

    def make(operation: Operation) -> Listed:
        made.append(Listed(severa, switchboard, operation))
        return made[-1]

    yield make
    for each in made:
        each.clear()


@EACH_LIST
def test_a_page_that_is_cut_or_repeated(
    listed: Callable[[Operation], Listed], operation: Operation, figures: Figures
) -> None:
    """Once: the list is read again, whole. In the second reading too: a reason."""
    since, faults = time.monotonic(), 0
    there = listed(operation)
    for kind, rows, call, again in SPOILT["token" if there.is_token else "offset"]:
        there.spoil(kind, call, rows=rows)
        assert there.read() == there.rows, (kind, rows, call)
        there.state.faults.clear()
        there.spoil(kind, call, again, rows=rows)
        with pytest.raises(Unavailable) as caught:
            there.read()
        assert caught.value.reason.code == "SEV-706"
        there.state.faults.clear()
        faults += 2
    figures.note("read faults", "pages", reads=1, faults=faults, seconds=time.monotonic() - since)


@EACH_LIST
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_list_that_shifts_while_it_is_read(
    listed: Callable[[Operation], Listed], operation: Operation, place: str
) -> None:
    """Somebody deletes a row between two pages: every other row is read, and none twice."""
    there = listed(operation)
    goes = there.added[0] if place == "first" else there.added[-1]
    read = there.read(Meddling(lambda: there.remove(goes), FIRST_PAGE + 1))
    assert len(set(read)) == len(read)
    assert set(there.rows) - {goes} <= set(read)
