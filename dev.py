"""The project's own commands, for a machine that has Python 3.11 or newer and nothing else.

    python3 dev.py demo    environment, install, practice company, its month, and the pages in the browser
    python3 dev.py reliability, soak    what the fault tests measured; the same for hours
    python3 dev.py test    the whole test run: lint, types, import contracts, tests, coverage
    python3 dev.py bench   calls and times against bounds; kept in docs/benchmarks.md

Standard library only: this file runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
RUNTIME_LOCK = ROOT / "requirements.txt"
DEVELOPMENT_LOCK = ROOT / "requirements-dev.txt"
PROJECT_FILE = ROOT / "pyproject.toml"
TWO_AT_ONCE = ("-n", "2", "--dist", "worksteal")
"""How pytest uses two cores: who is through takes over half of what the other has left, wherever the dear tests lie."""


def environment_python() -> Path:
    """The interpreter of the project's own environment."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return ENVIRONMENT / folder / name


def run(*command: str | Path) -> int:
    """Run a command in the project folder and answer its exit code."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode


def must(*command: str | Path) -> None:
    """Run a command; end this program with a sentence when it fails."""
    code = run(*command)
    if code != 0:
        sys.exit(f"dev.py: this step failed with exit code {code}: {' '.join(str(part) for part in command)}")


def ensure_environment(lock: Path) -> Path:
    """Create the environment and install the hashed lock and the project, unless that is done already."""
    python = environment_python()
    wanted = hashlib.sha256(lock.read_bytes() + PROJECT_FILE.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / f".installed-{lock.stem}"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if not python.exists():
        print("Creating the environment in .venv ...", flush=True)
        if run(sys.executable, "-m", "venv", ENVIRONMENT) != 0:
            sys.exit(
                "dev.py: this Python cannot create an environment. "
                "On Debian and Ubuntu, install the package python3-venv, then run the same command again."
            )
    print(f"Installing what {lock.name} pins, checked by hash ...", flush=True)
    must(python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", lock)
    must(python, "-m", "pip", "install", "-qq", "--no-deps", "--no-build-isolation", "-e", ROOT)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def demo(arguments: argparse.Namespace) -> int:
    """Build the practice company and do its month."""
    python = ensure_environment(RUNTIME_LOCK)
    options: list[str] = []
    if arguments.once:
        options.append("--once")
    if arguments.fresh:
        options.append("--fresh")
    if arguments.from_sie is not None:
        options += ["--from-sie", str(Path(arguments.from_sie).resolve())]
    if arguments.size is not None:
        options += ["--size", arguments.size]
    if arguments.lang is not None:
        options += ["--lang", arguments.lang]
    if arguments.no_browser:
        options.append("--no-browser")
    folder = Path(arguments.folder).resolve() if arguments.folder else ROOT / ".practice"
    # Ctrl+C reaches the program too, which ends in order; waiting for it is all that is left to do here.
    signal.signal(signal.SIGINT, lambda *_: None)
    return run(python, "-m", "brygga.cli", "practice", "run", "--folder", folder, *options)


def test(arguments: argparse.Namespace) -> int:
    """Every check; all are run, and the first that failed decides the exit code."""
    python = ensure_environment(DEVELOPMENT_LOCK)
    pytest = ["-m", "coverage", "run", "-m", "pytest", *arguments.rest]
    if not arguments.rest:
        pytest += TWO_AT_ONCE
    steps: list[tuple[str, list[str | Path]]] = [
        ("lint", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("imports", [python, "-c", "from importlinter.cli import lint_imports_command as c; c()"]),
        ("tests", [python, *pytest]),
    ]
    if not arguments.rest:
        steps += [
            ("coverage data", [python, "-m", "coverage", "combine", "--quiet"]),
            ("coverage", [python, "-m", "coverage", "report"]),
            ("coverage of the core", [python, ROOT / "tests" / "coverage_of_the_core.py"]),
        ]
        for old in ROOT.glob(".coverage*"):
            old.unlink()
    failed: list[str] = []
    for name, command in steps:
        begun = time.monotonic()
        print(f"\n== {name}", flush=True)
        code = run(*command)
        print(f"== {name}: {'ok' if code == 0 else f'FAILED ({code})'}, {time.monotonic() - begun:.0f} s", flush=True)
        if code != 0:
            failed.append(name)
    if failed:
        print(f"\ndev.py test: failed: {', '.join(failed)}")
        return 1
    print("\ndev.py test: all checks passed")
    return 0


def bench(arguments: argparse.Namespace) -> int:
    """The benchmarks, all or the sections named."""
    python = ensure_environment(DEVELOPMENT_LOCK)
    short = ["--short"] if arguments.short else []
    return run(python, "-m", "tests.bench", *short, *arguments.sections)


SOAKED = {"BRYGGA_KILLS": "1000", "BRYGGA_MACHINE_EXAMPLES": "20000"}
"""What ``soak`` does of what the test run does thirty and sixty times."""
SHORT = {"BRYGGA_KILLS": "6", "BRYGGA_MACHINE_EXAMPLES": "4"}
"""What ``reliability --short`` does."""
ROUND = {"BRYGGA_KILLS": "50", "BRYGGA_MACHINE_EXAMPLES": "1000"}
"""What one round of ``soak --minutes`` does: a twentieth."""
LEFT_TO_CHANCE = ("program_killed", "host_killed", "database_killed", "state_machine")
"""The fault tests that go another way every time; a second round of the others would find what the first one found."""


def fault_tests(figures: Path, names: Sequence[str] = (), **sizes: str) -> int:
    """The fault tests, all or those of these ``names``, whose figures are added to a file; ``sizes`` are environment
    variables that the tests read."""
    python = ensure_environment(DEVELOPMENT_LOCK)
    os.environ.update({"BRYGGA_FIGURES": str(figures), **sizes})
    tests = ROOT / "tests" / "faults"
    which = [tests / f"test_{name}.py" for name in names] or [tests]
    # Where TMPDIR names a folder in memory a fifth of the time is saved: that of removing small companies from a disk.
    with tempfile.TemporaryDirectory(prefix="brygga-faults-", ignore_cleanup_errors=True) as folder:
        where = f"--basetemp={Path(folder) / 'tests'}"
        return run(python, "-m", "pytest", *which, *TWO_AT_ONCE, "-p", "no:cacheprovider", where)


def write_figures(figures: Path) -> int:
    """Write the document of what was measured."""
    python = ensure_environment(DEVELOPMENT_LOCK)
    return run(python, ROOT / "tests" / "faults" / "reliability.py", figures, ROOT / "docs" / "reliability.md")


def reliability(arguments: argparse.Namespace) -> int:
    """The fault tests as the test run has them, with their figures in docs/reliability.md."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        return fault_tests(figures, **(SHORT if arguments.short else {})) or write_figures(figures)


def soak(arguments: argparse.Namespace) -> int:
    """The fault tests for hours: a thousand kills and 20 000 examples, or rounds of less until the minutes are over."""
    end = time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.jsonl"
        names: Sequence[str] = ()
        while True:
            seed = str(random.randrange(10**8))
            print(f"dev.py soak: seed {seed}", flush=True)
            code = fault_tests(figures, names, BRYGGA_KILL_SEED=seed, **(ROUND if arguments.minutes else SOAKED))
            names = LEFT_TO_CHANCE
            if code != 0:
                return code
            if time.monotonic() >= end:
                return write_figures(figures)


def screens(_: argparse.Namespace) -> int:
    """Pictures of every page into docs/screens, in three sizes, light and dark."""
    python = ensure_environment(DEVELOPMENT_LOCK)
    return run(python, "-m", "pytest", ROOT / "tests" / "web" / "browsing" / "pictures.py", "-p", "no:cacheprovider")


def main() -> int:
    """Read the command line."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words before a newer syntax would fail
        sys.exit("dev.py: Python 3.11 or newer is needed; this is " + sys.version.split()[0])
    # Everything here starts programs, the tests hundreds of them: without the files each compiles all its modules anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parser = argparse.ArgumentParser(description="Brygga's own commands.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo_parser = commands.add_parser("demo", help="build the practice company and transfer its latest month")
    demo_parser.add_argument(
        "--once", action="store_true", help="end after the reconciliation; 0 only when nothing differs"
    )
    demo_parser.add_argument("--no-browser", action="store_true", help="only show a link, open no browser")
    demo_parser.add_argument("--from-sie", metavar="FILE", help="build the Administration side from a SIE 4 export")
    demo_parser.add_argument("--size", choices=("small", "medium"), help="how large the practice company is")
    demo_parser.add_argument("--folder", help="where the practice company lies (default: .practice)")
    demo_parser.add_argument("--fresh", action="store_true", help="start the practice company over")
    demo_parser.add_argument("--lang", choices=("sv", "en"), help="language of the texts")
    demo_parser.set_defaults(function=demo)
    screens_parser = commands.add_parser("screens", help="pictures of every page into docs/screens; needs Chromium")
    screens_parser.set_defaults(function=screens)
    test_parser = commands.add_parser("test", help="the whole test run; further words go to pytest and run only that")
    test_parser.add_argument("rest", nargs="*")
    test_parser.set_defaults(function=test)
    reliability_parser = commands.add_parser(
        "reliability", help="the fault tests, and what they measured in docs/reliability.md"
    )
    reliability_parser.add_argument("--short", action="store_true", help="fewer kills and examples")
    reliability_parser.set_defaults(function=reliability)
    soak_parser = commands.add_parser("soak", help="the fault tests for hours: 1 000 kills, 20 000 examples")
    soak_parser.add_argument("--minutes", type=float, default=0, metavar="N", help="rounds until N minutes are over")
    soak_parser.set_defaults(function=soak)
    bench_parser = commands.add_parser(
        "bench", help="measure calls and times, and keep the table in docs/benchmarks.md"
    )
    bench_parser.add_argument("sections", nargs="*", metavar="SECTION", help="only these, and keep nothing")
    bench_parser.add_argument("--short", action="store_true", help="smaller numbers, a minute or two")
    bench_parser.set_defaults(function=bench)
    arguments, unknown = parser.parse_known_args()
    if unknown:
        if arguments.command != "test":
            parser.error(f"unknown: {' '.join(unknown)}")
        arguments.rest = [*arguments.rest, *unknown]
    code: int = arguments.function(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
