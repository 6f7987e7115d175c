"""``brygga`` alone as a process: it shows a link, a second start finds it, and Ctrl+C ends it in order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

COMMAND = [sys.executable, "-m", "brygga.cli", "--lang", "en", "serve", "--no-browser"]
LINK = re.compile(r"http://127\.0\.0\.1:\d+/in\?token=\S+")


@pytest.mark.skipif(sys.platform == "win32", reason="a test cannot send Ctrl+C to one process of a Windows console")
def test_a_second_start_finds_the_first_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    environment = os.environ | {"BRYGGA_STORE": str(tmp_path / "brygga.sqlite"), "PYTHONUNBUFFERED": "1"}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    first = subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert first.stdout is not None
    try:
        told = ""
        while not LINK.search(told):
            line = first.stdout.readline()
            assert line, told
            told += line
        with httpx2.Client(trust_env=False, timeout=200) as browser:
            # The link is shown before the server answers; its socket is bound, so the request waits.
            assert browser.get(LINK.findall(told)[0]).status_code == 303
            second = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, timeout=200, check=False)
            assert second.returncode == 0, second.stderr
            assert "open already" in second.stdout
            assert browser.get(LINK.findall(second.stdout)[0]).status_code == 303
        first.send_signal(signal.SIGINT)
        rest = first.communicate(timeout=200)[0]
        assert first.returncode == 0, rest
        assert "Traceback" not in rest
    finally:
        if first.poll() is None:
            first.kill()
            first.communicate()
