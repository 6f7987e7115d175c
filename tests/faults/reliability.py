"""``docs/reliability.md`` from the figures that the fault tests noted; run by ``dev.py reliability`` and ``soak``.

``python reliability.py FIGURES DOCUMENT``
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

PROOFS = {
    "crash points": "A crash before and after every commit, HTTP call and library call. One run of each scenario is "
    "looked at at every point; the program is started anew on every state that its files were in.",
    "crash points on PostgreSQL": "The same on PostgreSQL, where the program dies at every write.",
    "real kills": "The program, or the process that holds Administration open, killed at moments of chance; the "
    "database server killed at writes of chance.",
    "state machine": "Random steps, fifty to an example: invoices, payments, suppliers' costs, cards, settings and the "
    "numbering master changed by people on either side; every transfer, cancelled, crashed, two at once, answers lost; "
    "backups brought back. Every invariant is checked after each step.",
    "lost answers": "Every write performed and its answer lost, on every way an answer can be lost.",
    "read faults": "Every read of every transfer answered with every fault.",
}
COUNTED = {"real kills": ("program", "host", "database"), "state machine": ("examples",)}
"""What is counted by the second, where it is not the first count."""
HEAD = """# Reliability

*Written by `python3 dev.py reliability` (or `dev.py soak`) from what the run measured; do not edit by hand. A run that
finds a document doubled, lost, or not explained by the journal fails, and writes nothing here.*

The promise: for each source record at most one record in the target, ever; what is shown as transferred is there; what
cannot be known is said to be in doubt, and never sent again by itself.
"""


def added_up(lines: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    """The figures of each proof and case, those of its parts added up."""
    found: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for line in lines:
        noted = json.loads(line)
        proof, case = noted.pop("proof"), noted.pop("case")
        for name, count in noted.items():
            found[proof][case][name] += count
    return found


def document(lines: Sequence[str], now: datetime) -> str:
    """The whole document."""
    where = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"
    parts = [HEAD, f"Measured {now:%Y-%m-%d} with {where}{_load()}.\n"]
    for proof, cases in sorted(added_up(lines).items()):
        names = sorted({name for counts in cases.values() for name in counts} - {"seconds"})
        parts.append(f"## {proof.capitalize()}\n\n{PROOFS[proof]}\n")
        counted = COUNTED.get(proof, names[:1])
        rows = [["case", *names, "seconds", f"{' + '.join(counted)} a second"], ["---"] * (len(names) + 3)]
        for case, counts in sorted(cases.items()):
            rate = sum(counts[name] for name in counted) / counts["seconds"] if counts["seconds"] else 0
            cells = [f"{counts[name]:.0f}" for name in names]
            rows.append([case, *cells, f"{counts['seconds']:.0f}", f"{rate:.1f}"])
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n")
    return "\n".join(parts)


def _load() -> str:
    """How busy the machine was; the seconds are those of the clock on the wall."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"; on average {os.getloadavg()[2]:.0f} processes wanted to run in the last quarter of an hour"


def main(arguments: Sequence[str]) -> None:
    """Run as a script."""
    figures, target = (Path(argument) for argument in arguments)
    lines = figures.read_text(encoding="utf-8").splitlines()
    target.write_text(document(lines, datetime.now(UTC)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
