"""Holds the coverage that the project promises: rules, engine and journal whole, every other room at least 90 %.

Run by ``dev.py test`` after the tests; reads the combined coverage data of that run.
"""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coverage import Coverage

WHOLE = ("brygga/rules/", "brygga/transfers/engine.py", "brygga/store/journal")
"""Line and branch coverage of 100 %: what the promise rests on."""

LEAST = 90.0
"""Per cent of lines and branches, for each room of the house."""


def measured() -> dict[str, Any]:
    """The report of every file, by its path from ``brygga`` on."""
    coverage = Coverage()
    coverage.load()
    with TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        report = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return {"brygga/" + Path(name).as_posix().partition("/brygga/")[2]: data for name, data in files.items()}


def faults(files: dict[str, Any]) -> list[str]:
    """What falls short, in words."""
    found = []
    rooms: dict[str, list[int]] = {}
    for name, data in sorted(files.items()):
        summary = data["summary"]
        missing = summary["missing_lines"] + summary["missing_branches"]
        if missing and name.startswith(WHOLE):
            lines, branches = data["missing_lines"], data["missing_branches"]
            found.append(f"{name} must be covered whole; missing lines {lines}, branches {branches}")
        room = rooms.setdefault("/".join(name.split("/")[:2]), [0, 0])
        room[0] += summary["covered_lines"] + summary["covered_branches"]
        room[1] += summary["num_statements"] + summary["num_branches"]
    for room_name, (covered, total) in sorted(rooms.items()):
        share = 100.0 * covered / total if total else 100.0
        if share < LEAST:
            found.append(f"{room_name} is covered to {share:.1f} %, at least {LEAST:.0f} % is promised")
    return found


def main() -> int:
    """Print what falls short."""
    files = measured()
    if not any(name.startswith(WHOLE) for name in files):
        print("no coverage data of the core was found")
        return 1
    found = faults(files)
    for line in found:
        print(line)
    if not found:
        print("rules, engine and journal: 100 % of lines and branches; every room at least 90 %")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
