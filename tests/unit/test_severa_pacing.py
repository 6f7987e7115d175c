"""The pace: never more than the chosen number in a second, shared over a file, and paused for all by a 429."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from brygga.records.reasons import Unavailable
from brygga.severa.connection import SeveraConnection
from brygga.severa.pacing import Pacing, release_pacing, shared_pacing
from tests.contract.severa_connected import FakeClock


def _most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for other in moments if one <= other < one + 1) for one in moments)


def _admitted(clock: FakeClock, *pacings: Pacing, times: int) -> list[float]:
    moments = []
    for turn in range(times):
        pacings[turn % len(pacings)].admit()
        moments.append(clock.now)
    return moments


@pytest.mark.parametrize("in_a_file", [False, True])
def test_no_second_has_more_requests_than_chosen(in_a_file: bool, tmp_path: Path) -> None:
    clock = FakeClock()
    pacing = Pacing(8, tmp_path / "pace.sqlite" if in_a_file else None, "a", clock=clock.clock)
    moments = _admitted(clock, pacing, times=40)
    pacing.close()
    assert _most_in_a_second(moments) == 8
    assert moments[-1] - moments[0] < 5


def test_two_pacings_share_a_file(tmp_path: Path) -> None:
    clock = FakeClock()
    one = Pacing(8, tmp_path / "pace.sqlite", "credential", clock=clock.clock)
    other = Pacing(8, tmp_path / "pace.sqlite", "credential", clock=clock.clock)
    assert _most_in_a_second(_admitted(clock, one, other, times=32)) == 8
    one.close()
    other.close()


def test_credentials_in_one_file_do_not_hold_each_other_back(tmp_path: Path) -> None:
    clock = FakeClock()
    one = Pacing(8, tmp_path / "pace.sqlite", "one", clock=clock.clock)
    other = Pacing(8, tmp_path / "pace.sqlite", "other", clock=clock.clock)
    assert _most_in_a_second(_admitted(clock, one, other, times=16)) == 16
    assert clock.slept == []
    one.close()
    other.close()


def test_threads_share_a_file(tmp_path: Path) -> None:
    pacing = Pacing(50, tmp_path / "pace.sqlite", "a")
    admitted: list[int] = []

    def work() -> None:
        for _ in range(10):
            pacing.admit()
            admitted.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pacing.close()
    assert len(admitted) == 40


@pytest.mark.parametrize("in_a_file", [False, True])
def test_a_clock_that_is_set_back_does_not_stop_the_program(in_a_file: bool, tmp_path: Path) -> None:
    clock = FakeClock()
    pacing = Pacing(2, tmp_path / "pace.sqlite" if in_a_file else None, "a", clock=clock.clock)
    _admitted(clock, pacing, times=2)
    clock.now -= 3600
    pacing.admit()
    pacing.close()
    assert sum(clock.slept) < 5


def test_a_refusal_pauses_for_the_time_that_severa_names() -> None:
    clock = FakeClock()
    pacing = Pacing(1000, clock=clock.clock)
    pacing.refused(7.0)
    pacing.admit()
    assert clock.slept == [7.0]


def test_refusals_without_a_time_back_off_doubling_up_to_thirty_seconds() -> None:
    clock = FakeClock()
    pacing = Pacing(1000, clock=clock.clock)
    for _ in range(8):
        pacing.refused(None)
        pacing.admit()
    assert clock.slept == [1, 2, 4, 8, 16, 30, 30, 30]


def test_requests_refused_together_count_once() -> None:
    clock = FakeClock()
    pacing = Pacing(1000, clock=clock.clock)
    for _ in range(5):
        pacing.refused(None)
    pacing.admit()
    assert clock.slept == [1]


def test_an_answer_ends_the_back_off() -> None:
    clock = FakeClock()
    pacing = Pacing(1000, clock=clock.clock)
    pacing.refused(None)
    pacing.admit()
    pacing.answered()
    pacing.refused(None)
    pacing.admit()
    assert clock.slept == [1, 1]


def test_a_long_pause_is_told_instead_of_waited_for() -> None:
    clock = FakeClock(now=1_700_000_000.0)
    pacing = Pacing(1000, clock=clock.clock)
    pacing.refused(3600.0)
    with pytest.raises(Unavailable) as caught:
        pacing.admit()
    assert caught.value.reason.code == "SYS-905"
    assert caught.value.reason.param("time") == "2023-11-14T23:13:20+00:00"
    assert clock.slept == []


def test_clients_of_one_credential_share_the_pacing_until_the_last_is_closed() -> None:
    first = SeveraConnection("https://severa.example/rest-api", "shared-one", "secret")
    second = SeveraConnection("https://severa.example/rest-api", "shared-two", "secret")
    pacing = shared_pacing(first)
    assert shared_pacing(first) is pacing
    assert shared_pacing(second) is not pacing
    release_pacing(second)
    release_pacing(first)
    assert shared_pacing(first) is pacing
    release_pacing(first)
    release_pacing(first)
    anew = shared_pacing(first)
    assert anew is not pacing
    release_pacing(first)
