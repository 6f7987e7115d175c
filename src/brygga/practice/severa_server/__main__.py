"""``python -m brygga.practice.severa_server``: serves a practice environment on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from brygga.practice.severa_server.config import ServerConfig
from brygga.practice.severa_server.runner import LocalServer
from brygga.practice.severa_server.state import SeveraState


def main(arguments: list[str] | None = None) -> int:
    """Serves until interrupted, or until standard input closes when asked so. Answers the exit code."""
    options = _parser().parse_args(arguments)
    try:
        state = SeveraState.open(options.data)
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 2
    config = ServerConfig(latency_ms=options.latency_ms, requests_per_second=options.requests_per_second or None)
    server = LocalServer(state, config, port=options.port)
    if options.port_file is not None:
        _write_whole(options.port_file, f"{server.port}\n")
    print(server.url, flush=True)
    if options.until_stdin_closes:
        threading.Thread(target=_stop_at_end_of_input, args=(server,), name="standard input", daemon=True).start()
    try:
        if options.until_stdin_closes:
            # Ctrl+C reaches the console's whole group: the parent decides when this server ends. Away from the main
            # thread uvicorn leaves the signals alone.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            worker = threading.Thread(target=server.run)
            worker.start()
            worker.join()
        else:
            server.run()
    finally:
        state.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m brygga.practice.severa_server", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the file of the practice environment")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--latency-ms", type=int, default=0, help="delay of every answer, in milliseconds")
    parser.add_argument("--requests-per-second", type=int, default=10, help="the quota; 0 for none")
    parser.add_argument("--port-file", type=Path, help="file to write the port to once it is taken")
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="end when standard input closes, as when the parent dies"
    )
    return parser


def _write_whole(path: Path, text: str) -> None:
    """Writes the file so that a reader sees all of it or none."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    os.replace(unfinished, path)


def _stop_at_end_of_input(server: LocalServer) -> None:
    # A pipe that closes is the one sign of a parent's death that every operating system gives.
    while sys.stdin.buffer.read(4096):
        continue
    server.stop()


if __name__ == "__main__":
    sys.exit(main())
