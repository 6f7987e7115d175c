"""The history: runs, what became of each record, and from when the next search looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.engine import Engine

from brygga.records.reasons import Level, reason
from brygga.store.history import EndState, History, Outcome, Run, RunEnded, RunState
from brygga.store.states import RowState

EIGHT = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = EIGHT

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def history(engine: Engine, clock: Clock) -> History:
    return History(engine, "environment", "A", clock)


def start(history: History, transfer: str = "invoices") -> Run:
    return history.start_run(transfer, program_version="0.1.0", settings_hash="abc")


def outcome(source_key: str, state: RowState = RowState.TRANSFERRED, number: str = "10459") -> Outcome:
    return Outcome(source_key, number, "Åkes Åkeri AB", state, "create", "4711", (reason("FAK-318", Level.WARNING),))


def test_a_run_from_start_to_end(history: History, clock: Clock) -> None:
    run = start(history)
    assert run == Run(run.id, "A", "invoices", RunState.RUNNING, "0.1.0", "abc", EIGHT)
    assert history.unfinished_runs() == (run,)
    clock.time += timedelta(minutes=20)
    ended = history.finish_run(run, "completed")
    assert (ended.state, ended.finished) == (RunState.COMPLETED, EIGHT + timedelta(minutes=20))
    assert history.runs() == (ended,)
    assert history.unfinished_runs() == ()
    assert history.now() == clock.time


def test_at_91_the_next_search_starts_where_the_completed_run_started(history: History, clock: Clock) -> None:
    run = start(history)
    clock.time += timedelta(minutes=20)
    history.finish_run(run, "completed")
    last = history.last_completed("invoices")
    assert last is not None
    assert last.started == EIGHT
    assert history.last_completed("customers") is None


def test_at_92_a_failed_row_stays_listed_though_the_date_moved(history: History, clock: Clock) -> None:
    first = start(history)
    history.record(first, outcome("good"))
    history.record(first, outcome("bad", RowState.FAILED))
    history.finish_run(first, "completed")
    clock.time += timedelta(hours=1)
    second = start(history)
    history.record(second, outcome("good", RowState.TRANSFERRED_WITH_REMARK))
    history.finish_run(second, "completed")
    latest = history.latest_outcomes("invoices")
    assert {key: found.state for key, found in latest.items()} == {
        "good": RowState.TRANSFERRED_WITH_REMARK,
        "bad": RowState.FAILED,
    }
    assert history.latest_outcomes("customers") == {}


@pytest.mark.parametrize("end", ["aborted", "failed"])
def test_at_93_a_run_that_was_cut_short_does_not_move_the_date(history: History, clock: Clock, end: EndState) -> None:
    completed = history.finish_run(start(history), "completed")
    clock.time += timedelta(hours=1)
    history.finish_run(start(history), end)
    start(history)
    assert history.last_completed("invoices") == completed


def test_outcomes_are_kept_as_they_came(history: History, clock: Clock) -> None:
    run = start(history)
    clock.time += timedelta(seconds=5)
    history.record(run, outcome("b"))
    earlier = EIGHT + timedelta(seconds=1)
    history.record(run, Outcome("a", "", "", RowState.WAITING, "wait", at=earlier))
    first, second = history.outcomes(run.id)
    assert (first.source_key, first.at, first.run_id, first.transfer) == ("b", clock.time, run.id, "invoices")
    assert first.reasons == (reason("FAK-318", Level.WARNING),)
    assert (second.source_key, second.at, second.reasons) == ("a", earlier, ())


@pytest.mark.parametrize("text", ["10459", "Åkes Åkeri AB", "4711", "guid"])
def test_a_record_is_found_by_number_name_or_key(history: History, text: str) -> None:
    for transfer in ("invoices", "customers"):
        history.record(start(history, transfer), outcome("guid"))
    assert [found.transfer for found in history.outcomes_of(text)] == ["customers", "invoices"]
    assert history.outcomes_of(text[:-1]) == ()


def test_runs_are_listed_newest_first_and_by_transfer(history: History) -> None:
    for transfer in ("invoices", "customers", "invoices"):
        start(history, transfer)
    assert [run.transfer for run in history.runs()] == ["invoices", "customers", "invoices"]
    assert [run.id for run in history.runs(2)] == [3, 2]
    assert [run.id for run in history.runs(transfer="customers")] == [2]


def test_nothing_is_added_to_a_run_that_has_ended_or_is_anothers(history: History, engine: Engine) -> None:
    run = start(history)
    other = History(engine, "environment", "B")
    with pytest.raises(RunEnded):
        other.record(run, outcome("guid"))
    assert (other.runs(), other.outcomes(run.id), other.outcomes_of("guid")) == ((), (), ())
    history.finish_run(run, "completed")
    with pytest.raises(RunEnded) as ended:
        history.record(run, outcome("guid"))
    assert ended.value.run == run
    with pytest.raises(RunEnded):
        history.finish_run(run, "failed")
    assert history.outcomes(run.id) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("åkes", True),
        ("ÅKES ÅKERI", True),
        ("åkeri ab", True),
        ("10459", True),
        ("%", False),
        ("_", False),
        ("aker", False),
    ],
)
def test_a_text_is_found_whatever_its_case_also_beyond_a_to_z(history: History, text: str, found: bool) -> None:
    run = start(history)
    history.record(run, outcome("one"))
    assert [each.source_key for each in history.find(text)] == (["one"] if found else [])
