"""One writer per company folder, also across processes: the lock, the wait, and who is told to hold it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from brygga.administration.run_file import HOLDER_NAME, LOCK_NAME, RunFile, RunFileHeld, RunFileUnusable

HOLDER = """
import sys
from brygga.administration.run_file import RunFile
RunFile(sys.argv[1]).take()
print("held", flush=True)
sys.stdin.read()
"""
SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_a_second_writer_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    first, second = RunFile(str(tmp_path)), RunFile(str(tmp_path), wait_seconds=0)
    first.take()
    first.take()
    with pytest.raises(RunFileHeld) as caught:
        second.take()
    assert caught.value.holder.split()[-1].isdigit()
    assert caught.value.since.startswith("20")
    first.release()
    first.release()
    second.take()
    second.release()


@pytest.mark.parametrize("note", ["", "no json", "[]", '{"holder": "x"}'])
def test_a_holder_whose_note_cannot_be_read_is_still_a_holder(tmp_path: Path, note: str) -> None:
    first = RunFile(str(tmp_path))
    first.take()
    (tmp_path / HOLDER_NAME).write_text(note, encoding="utf-8")
    with pytest.raises(RunFileHeld) as caught:
        RunFile(str(tmp_path), wait_seconds=0).take()
    assert (caught.value.holder, caught.value.since) == ("?", "?")
    first.release()


def test_a_writer_waits_for_a_process_that_is_about_to_end_and_gets_it_however_that_ends(tmp_path: Path) -> None:
    """The host of a killed program finishes its write, then ends: the next writer must come after it (no duplicate)."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    environment = {"PYTHONPATH": str(SOURCE), "PATH": "", "SYSTEMROOT": ""}
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(RunFileHeld):
        RunFile(str(tmp_path), wait_seconds=0).take()
    holder.kill()
    waiting = RunFile(str(tmp_path), wait_seconds=200)
    waiting.take()
    waiting.release()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()


def test_a_folder_that_does_not_take_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunFileUnusable, match="unable to open"):
        RunFile(str(tmp_path / "gone")).take()
    (tmp_path / LOCK_NAME).write_bytes(b"no lock file, and of the wrong length for one" * 99)
    with pytest.raises(RunFileUnusable, match="not a database"):
        RunFile(str(tmp_path)).take()
