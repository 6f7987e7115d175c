"""The practice Severa as a process of its own, for the practice company; it ends when this program does."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType

START_SECONDS = 30.0


class ServerProcess:
    """Starts the server on a free port of this computer; ``base_url`` holds once entered.

    ``requests_per_second`` is Severa's quota, 0 for none.
    """

    def __init__(self, data: Path, *, latency_ms: int = 0, requests_per_second: int = 10) -> None:
        self._data = data
        self._limits = ["--latency-ms", str(latency_ms), "--requests-per-second", str(requests_per_second)]
        self._process: subprocess.Popen[bytes] | None = None
        self.base_url = ""

    def __enter__(self) -> ServerProcess:
        """Start it and wait until it has written its port."""
        with tempfile.TemporaryDirectory(prefix="brygga-severa-") as folder:
            port_file = Path(folder) / "port"
            command = [sys.executable, "-m", "brygga.practice.severa_server", "--data", str(self._data), "--port", "0"]
            command += ["--port-file", str(port_file), *self._limits, "--until-stdin-closes"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
            port = self._port(port_file)
        self.base_url = f"http://127.0.0.1:{port}/rest-api"
        return self

    def _port(self, port_file: Path) -> int:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"the practice Severa ended at its start with code {self._process.returncode}")
            text = port_file.read_text(encoding="utf-8").strip() if port_file.exists() else ""
            if text:
                return int(text)
            time.sleep(0.02)
        raise RuntimeError("the practice Severa did not start in time")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close its standard input, which ends it on every system, and wait."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
