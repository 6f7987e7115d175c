"""Travel in time: a store that is lost, another or an older one, and Administration back from a backup."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from brygga.records.reasons import Refused
from brygga.runs.doubt import Decision, decide
from brygga.store.database import open_store
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from tests.transfers.practice_world import READY, SETTINGS_HASH, VERSION, World


class BackupOfAdministration:
    """Administration's folder as it was, and the way back."""

    def __init__(self, world: World, name: str = "company-backup") -> None:
        self._world = world
        self._kept = world.folder / name
        self._copied(Path(world.place.company), self._kept)

    def restore(self) -> None:
        """Administration is what it was when the backup was made."""
        shutil.rmtree(self._world.place.company)
        self._copied(self._kept, Path(self._world.place.company))

    def _copied(self, source: Path, target: Path) -> None:
        self._world.host.close()
        shutil.copytree(source, target)


class BackupOfTheStore:
    """The store as it was, by its file, and the way back."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = world.folder / "backup.sqlite"
        world.store.dispose()
        shutil.copy(world.folder / "store.sqlite", self._kept)

    def restore(self) -> None:
        """The store is what it was when the backup was made."""
        world = self._world
        world.store.dispose()
        store = world.folder / "store.sqlite"
        for path in world.folder.glob("store.sqlite*"):
            path.unlink()
        shutil.copy(self._kept, store)
        world.store = open_store(store)


def with_another_store(world: World) -> None:
    """The store is lost: an empty one takes its place."""
    world.store.dispose()
    world.store = open_store(world.folder / "another.sqlite")


def lost_in_administration(world: World, *others: int) -> str:
    """Invoice 10234 was transferred, after the others, and Administration came back from a backup without them; the
    company was taken over. Answers the number that it had."""
    backup = BackupOfAdministration(world)
    for number in (*others, 10234):
        world.invoice(number)
        world.run(Transfer.INVOICES)
    backup.restore()
    world.take_over()
    return number_in(world, "invoice-10234")


def number_in(world: World, key: str) -> str:
    """The number of an invoice in Severa."""
    document = world.severa.document("invoices", key)
    assert document is not None
    return str(document["number"])


def set_back(world: World, key: str = "invoice-10234") -> None:
    """A person sets the status of a transferred invoice back by hand."""
    world.severa.edit("invoices", key, {"status": {"guid": READY}})


def decided(world: World, text: str, decision: Decision = Decision.SEND, target: str = "") -> Result:
    """What a person decides at the doubt desk."""
    return decide(
        world.company(),
        text,
        decision,
        target_key=target,
        lock_folder=world.folder / "locks",
        version=VERSION,
        settings=SETTINGS_HASH,
    )


def refusal(world: World) -> str:
    """The code that a run is refused with, which must not have written anything."""
    before = world.writes
    with pytest.raises(Refused) as caught:
        world.run(Transfer.INVOICES)
    assert world.writes == before
    return caught.value.reason.code


def documents(world: World) -> dict[str, int]:
    """How many documents in Administration carry each key."""
    found: dict[str, int] = {}
    for number in world.numbers():
        key = str(world.head(number)["LOCAL_REMARK"]).split(" ", 1)[0]
        found[key] = found.get(key, 0) + 1
    return found
