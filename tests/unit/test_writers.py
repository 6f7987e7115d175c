"""One writer per company and store: taken, kept alive, lost, and freed by a holder that died."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from sqlalchemy import Engine

from brygga.records.reasons import Refused
from brygga.runs.writer import BEAT, LEASE, Writer, this_program
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal
from brygga.store.writers import Holder, Writers
from brygga.transfers.company import Company

EIGHT = datetime(2026, 11, 2, 8, tzinfo=UTC)


class Clock:
    """The time, moved by hand."""

    def __init__(self) -> None:
        self.now = EIGHT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = open_store(tmp_path / "store.sqlite")
    yield engine
    engine.dispose()


def company(store: Engine, clock: Clock) -> Company:
    nothing = cast(Any, None)
    return Company("alfa", nothing, nothing, Journal(store, "env", "alfa", clock=clock), nothing)


def elsewhere(now: datetime, token: str = "other") -> Holder:
    """A holder on another computer."""
    return Holder("alfa", token, "eva@other, 1", "other:/data", now, now)


def test_it_is_given_back_at_the_end_also_after_a_fault(store: Engine, clock: Clock, tmp_path: Path) -> None:
    def interrupted() -> None:
        with Writer(company(store, clock), tmp_path):
            holder = Writers(store).holder("alfa")
            assert holder is not None
            assert (holder.holder, holder.since) == (this_program(), EIGHT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert Writers(store).holder("alfa") is None


def test_the_second_one_is_told_who_holds_it_and_since_when(store: Engine, clock: Clock, tmp_path: Path) -> None:
    other = elsewhere(EIGHT)
    assert Writers(store).take(other, LEASE, lambda _: False) == other
    clock.now += LEASE - timedelta(seconds=1)
    with pytest.raises(Refused) as caught, Writer(company(store, clock), tmp_path):
        pass
    assert (caught.value.reason.code, caught.value.reason.param("holder")) == ("SYS-908", "eva@other, 1")
    assert caught.value.reason.param("since")
    assert Writers(store).holder("alfa") == other


def test_one_that_is_silent_for_the_lease_frees_the_company(store: Engine, clock: Clock, tmp_path: Path) -> None:
    Writers(store).take(elsewhere(EIGHT), LEASE, lambda _: False)
    clock.now += LEASE
    with Writer(company(store, clock), tmp_path):
        holder = Writers(store).holder("alfa")
    assert holder is not None
    assert holder.holder == this_program()


def test_one_that_died_on_this_computer_frees_it_at_once(store: Engine, clock: Clock, tmp_path: Path) -> None:
    dead = Writer(company(store, clock), tmp_path)
    dead.__enter__()
    dead._ended.set()
    dead._file.release()  # what the system does for a process that ended
    with Writer(company(store, clock), tmp_path):
        pass
    assert Writers(store).holder("alfa") is None


def test_a_writer_that_slept_while_another_took_over_begins_nothing_more(
    store: Engine, clock: Clock, tmp_path: Path
) -> None:
    with Writer(company(store, clock), tmp_path) as writer:
        writer.hold()
        clock.now += LEASE
        other = elsewhere(clock.now)
        assert Writers(store).take(other, LEASE, lambda _: False) == other
        with pytest.raises(Refused) as caught:
            writer.hold()
    assert (caught.value.reason.code, caught.value.reason.param("holder")) == ("SYS-920", "eva@other, 1")
    assert Writers(store).holder("alfa") == other, "it gave back what was another's"


def test_a_writer_that_works_long_stays_the_writer(store: Engine, clock: Clock, tmp_path: Path) -> None:
    with Writer(company(store, clock), tmp_path) as writer:
        for _ in range(10):
            clock.now += 2 * BEAT
            writer.hold()
            refused = Writers(store).take(elsewhere(clock.now), LEASE, lambda _: False)
            assert refused.holder == this_program()


def test_a_clock_that_was_set_back_does_not_keep_a_lost_company(store: Engine, clock: Clock, tmp_path: Path) -> None:
    with Writer(company(store, clock), tmp_path) as writer:
        Writers(store).take(msgspec.structs.replace(elsewhere(EIGHT + LEASE)), LEASE, lambda _: False)
        clock.now -= timedelta(hours=1)
        with pytest.raises(Refused):
            writer.hold()


def test_of_many_that_want_it_at_once_exactly_one_gets_it(store: Engine, clock: Clock, tmp_path: Path) -> None:
    got: list[str] = []

    def want(token: str) -> None:
        wanted = elsewhere(EIGHT, token)
        if Writers(store).take(wanted, LEASE, lambda _: False).token == token:
            got.append(token)

    for round_ in range(25):
        got.clear()
        threads = [threading.Thread(target=want, args=(f"{round_}-{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        Writers(store).release("alfa", got[0])


HOLDING = """
import sys
from pathlib import Path
from brygga.runs.writer import Writer
from brygga.store.database import open_store
from tests.unit.test_writers import Clock, company
with Writer(company(open_store(Path(sys.argv[1])), Clock()), Path(sys.argv[2])):
    print("holding", flush=True)
    sys.stdin.read()
"""


def test_a_program_that_is_killed_frees_the_company_at_once(store: Engine, clock: Clock, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "store.sqlite"), str(tmp_path / "locks")]
    checkout = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=checkout, text=True, encoding="utf-8"
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "holding"
        with pytest.raises(Refused) as caught, Writer(company(store, clock), tmp_path / "locks"):
            pass
        assert caught.value.reason.param("holder").endswith(f", {child.pid}")
        child.kill()
    with Writer(company(store, clock), tmp_path / "locks"):
        pass
