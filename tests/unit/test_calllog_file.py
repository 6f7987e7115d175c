"""The file of the call log: it switches the log on, is appended to, moves aside when it is full, and may fail."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from brygga.administration.adk import calllog
from brygga.administration.adk.calllog import (
    KEPT,
    LOG_FAILED,
    TRIES,
    CallLog,
)
from tests.shared import contract
from tests.unit.calllogs import a_logged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "APIAdklogg"
    made.touch()
    return made


def test_only_an_existing_file_switches_the_log_on(tmp_path: Path) -> None:
    assert CallLog.switched_on_in(str(tmp_path)) is None
    assert CallLog.switched_on_in(str(tmp_path / "nowhere")) is None
    (tmp_path / "APIAdklogg").mkdir()
    assert CallLog.switched_on_in(str(tmp_path)) is None
    assert [each.name for each in tmp_path.iterdir()] == ["APIAdklogg"]
    (tmp_path / "APIAdklogg").rmdir()
    (tmp_path / "APIAdklogg").touch()
    log = CallLog.switched_on_in(str(tmp_path))
    assert log is not None
    assert log.active


def test_without_a_folder_the_current_one_is_not_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    assert CallLog.switched_on_in("") is None


def test_lines_are_appended_to_what_is_there_and_are_there_at_once(path: Path) -> None:
    path.write_text("mine\n", encoding="utf-8")
    log = CallLog(path)
    log.write("åäö \ud800")
    assert path.read_bytes() == b"mine\n" + "åäö \\ud800\n".encode()
    log.rest()
    log.write("more")
    log.rest()
    assert path.read_bytes().endswith(b"\nmore\n")


def test_removing_the_file_switches_off_without_complaint_and_nothing_is_made(path: Path) -> None:
    log = CallLog(path, pause=lambda seconds: None)
    log.write("one")
    log.rest()
    path.unlink()
    log.write("two")
    assert not log.active
    assert log.take_failure() == ""
    assert list(path.parent.iterdir()) == []


def test_a_full_file_moves_aside_and_an_empty_one_stays(path: Path) -> None:
    log = CallLog(path, limit=20)
    for number in range(2 * KEPT + 4):
        log.write(f"line {number:04}")  # 10 bytes each: two fill a file
    log.rest()
    assert [each.name for each in sorted(path.parent.iterdir())] == ["APIAdklogg"] + [
        f"APIAdklogg.{number}" for number in range(1, KEPT + 1)
    ]
    assert path.read_text("utf-8") == "line 0012\nline 0013\n"
    assert (path.parent / "APIAdklogg.1").read_text("utf-8") == "line 0010\nline 0011\n"
    assert (path.parent / f"APIAdklogg.{KEPT}").read_text("utf-8") == "line 0002\nline 0003\n"


def test_the_limit_is_ten_megabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 * 1024 * 1024 - 5)
    log = CallLog(path)
    log.write("1234")
    assert path.stat().st_size == 10 * 1024 * 1024
    log.write("5")
    log.rest()
    assert path.read_bytes() == b"5\n"
    assert (path.parent / "APIAdklogg.1").stat().st_size == 10 * 1024 * 1024


def test_the_empty_file_is_there_right_after_the_move(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = CallLog(path, limit=10)
    log.write("first one")

    def full(descriptor: int, data: bytes) -> None:
        assert path.read_bytes() == b""
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(calllog, "_write_all", full)
    log.write("second one")
    assert path.read_bytes() == b""
    assert (path.parent / "APIAdklogg.1").read_bytes() == b"first one\n"
    assert not log.active


class Held:
    """``os.replace`` while another program holds the file for the first ``refusals`` tries."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.tries = 0

    def __call__(self, source: str, target: str) -> None:
        self.tries += 1
        if self.tries <= self.refusals:
            raise PermissionError(errno.EACCES, "held")
        os.replace(source, target)


def test_a_file_that_is_held_for_a_moment_is_tried_again(path: Path) -> None:
    held, pauses = Held(TRIES - 1), list[float]()
    log = CallLog(path, limit=20, replace=held, pause=pauses.append)
    for number in range(3):
        log.write(f"line {number:04}")
    assert (held.tries, len(pauses)) == (TRIES, TRIES - 1)
    assert path.read_text("utf-8") == "line 0002\n"
    assert log.active


def test_a_file_that_stays_held_is_written_on_and_moved_later(path: Path) -> None:
    held = Held(TRIES)
    log = CallLog(path, limit=100, replace=held, pause=lambda seconds: None)
    for number in range(12):
        log.write(f"line {number:04}")
    log.rest()
    assert log.active
    assert path.read_text("utf-8") == "line 0011\n"
    assert (path.parent / "APIAdklogg.1").stat().st_size == 110


def test_a_file_that_is_never_let_go_does_not_grow_without_end(path: Path) -> None:
    log = CallLog(path, limit=100, replace=Held(10**6), pause=lambda seconds: None)
    for number in range(100):
        log.write(f"line {number:04}")
    assert not log.active
    assert 100 < path.stat().st_size <= 210
    assert "held" in log.take_failure()


def test_a_file_that_another_host_moved_meanwhile_is_left_to_it(path: Path) -> None:
    first, second = (CallLog(path, limit=40) for _ in range(2))
    for _ in range(3):
        first.write("first one")
        second.write("other one")
    first.rest()
    second.rest()
    everything = path.read_text("utf-8") + (path.parent / "APIAdklogg.1").read_text("utf-8")
    assert sorted(everything.split()) == sorted(["first", "one", "other", "one"] * 3)
    assert not (path.parent / "APIAdklogg.2").exists()


def test_a_log_that_cannot_be_written_is_switched_off_and_says_so_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    library, inner = a_logged(path, version=(2026, 1))
    log = CallLog(path)
    monkeypatch.setattr(calllog, "_write_all", full)
    assert library.version() == (2026, 1)
    assert library.version() == (2026, 1)
    assert len(inner.given) == 2
    log.write("one")
    log.write("two")
    assert not log.active
    assert log.take_failure() == f"{path}: No space left on device"
    assert log.take_failure() == ""


def test_a_file_that_may_not_be_written_is_a_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    log = CallLog(path, pause=lambda seconds: None)
    log.write("one")
    assert not log.active
    assert log.take_failure() == f"{path}: Permission denied"


def test_the_code_of_the_logs_own_warning_is_none_of_the_api() -> None:
    assert LOG_FAILED not in {entry["code"] for entry in contract("adk_errors.json")}
