"""``python -m tests.bench [--short] [SECTION …]``: measure, print the table, keep it when all was measured."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tests.bench import bare_loop, calls, floor, growth, journal_share, script, web
from tests.bench.figures import Figure, table


class Section(Protocol):
    """A module of this folder."""

    TITLE: str

    def measure(self, folder: Path, *, short: bool) -> list[Figure]:
        """Measure in an empty folder."""


SECTIONS: dict[str, Section] = {
    "calls": calls,
    "floor": floor,
    "bare-loop": bare_loop,
    "script": script,
    "growth": growth,
    "journal-share": journal_share,
    "web": web,
}
"""A further section is a module of this folder and a row here."""

KEPT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Written by `python3 dev.py bench` on {day}: Python {python}, {system}{short}. Ratios compare two ways of doing the same
in one run, so that the machine counts little. Severa and Administration are the practice servers. The counted calls are
tests as well (`tests/transfers/test_call_budgets.py`).

"""


def main() -> int:
    """1 when a bound was missed."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description="Measure what the program promises of its speed.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; none means all")
    parser.add_argument("--short", action="store_true", help="smaller numbers, a minute or two")
    options = parser.parse_args()
    unknown = set(options.sections) - SECTIONS.keys()
    if unknown:
        parser.error(f"unknown section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    chosen = options.sections or list(SECTIONS)
    measured: list[tuple[str, list[Figure]]] = []
    for name in chosen:
        begun = time.perf_counter()
        print(f"{name} …", end=" ", flush=True)
        with tempfile.TemporaryDirectory(prefix="brygga-bench-", ignore_cleanup_errors=True) as folder:
            measured.append((SECTIONS[name].TITLE, SECTIONS[name].measure(Path(folder), short=options.short)))
        print(f"{time.perf_counter() - begun:.0f} s", flush=True)
    text = table(measured)
    print(f"\n{text}\n")
    if not options.sections:
        head = HEAD.format(
            day=datetime.now(UTC).date(),
            python=platform.python_version(),
            system=platform.system(),
            short=", short form" if options.short else "",
        )
        KEPT.write_text(f"{head}{text}\n{_prose()}", encoding="utf-8")
        print(f"kept in {KEPT}")
    return 0 if all(figure.ok for _, figures in measured for figure in figures) else 1


def _prose() -> str:
    """What people wrote below the table, from its first heading on: it stays."""
    before = KEPT.read_text(encoding="utf-8") if KEPT.exists() else ""
    return before[before.find("\n## ") :] if "\n## " in before else ""


if __name__ == "__main__":
    sys.exit(main())
