"""Which test proves which row of the original's release notes and which acceptance example (issue 5).

Hooks of pytest, loaded by ``conftest.py``; under xdist the controller sees every worker's reports. A whole run of the
suite writes ``docs/coverage-of-the-original.md``, and fails when a row or an example has no passing test. A test names
what it proves: ``test_rel_1_6_0_09_…``, ``test_at_66_…``, several of them one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.shared import shared_file

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "coverage-of-the-original.md"
EXAMPLES = tuple(f"AT-{number:02d}" for number in range(1, 98))
REL = re.compile(r"rel_(\d)_(\d)_(\d)_(\d\d)(?!\d)", re.IGNORECASE)
AT = re.compile(r"(?<![a-z])at_((?:\d\d_)*\d\d)(?=_|$|\[|\.)", re.IGNORECASE)
ROW = re.compile(r"^\| (REL-[0-9.]+-[0-9]{2}) \| ([^|]+) \| ([^|]+) \|$", re.M)

ON_PAGES_ONLY: Mapping[str, str] = {
    "REL-1.6.0-18": "the tabs of every page, in working order",
    "REL-1.6.2-09": "every page, down to 1024×600 and 360 px",
}
"""Rows that only a page can prove: they are held by the tests of the pages where those name them."""

_AREAS: Mapping[str, str] = {
    "customers": "`brygga transfer customers`, `brygga transfer customers-to-severa`; tabs Kunder",
    "projects": "`brygga transfer projects`; tab Projekt",
    "invoices": "`brygga transfer invoices`; tab Fakturor",
    "companies": "`brygga companies`, setting `severa.business_units`; Inställningar – Anslutning",
    "supplier invoices": "`brygga transfer supplier-invoices`; tab Leverantörsfakturor",
    "units": "`brygga mappings`, setting `mappings.units`; Inställningar – Mappningar",
    "texts": "`brygga --lang sv|en`; every page",
    "payments": "`brygga transfer payments`; tab Betalningar",
    "articles": "`brygga transfer articles`; tab Artiklar",
    "auto-fix": "settings `autofix.*`, `brygga preview`; Förhandsgranskning",
    "start": "`brygga search`, `brygga check`; the lists when they open",
    "UI": "`brygga serve`",
    "logging": "file `APIAdklogg`, `brygga check`; Logg",
    "settings": "`brygga settings list`; Inställningar",
}
"""Where a person meets what the row is about, by the row's area."""

_outcomes: dict[str, dict[str, bool]] = {}
"""Row or example → the tests that name it → whether they passed in every phase."""


def named(test: str) -> set[str]:
    """The rows and examples that a test's name says it proves."""
    names = test.split("::", 1)[-1].split("[", 1)[0]
    rows = {f"REL-{'.'.join(found[:3])}-{found[3]}" for found in REL.findall(names)}
    return rows | {f"AT-{number}" for found in AT.findall(names) for number in found.split("_")}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how a test went; a skipped one proves nothing."""
    for key in named(report.nodeid):
        tests = _outcomes.setdefault(key, {})
        test = report.nodeid.split("[", 1)[0]
        if report.when == "call" or not report.passed:
            tests[test] = tests.get(test, True) and report.passed


def unproved(outcomes: Mapping[str, Mapping[str, bool]], wanted: Iterable[str]) -> list[str]:
    """What no test proves, or a failing one only."""
    return [key for key in wanted if not any(outcomes.get(key, {}).values())]


def rows_of_the_original() -> list[tuple[str, str, str]]:
    """Every row of the release notes: id, area, what."""
    text = shared_file("spec", "product.md").read_text(encoding="utf-8")
    return [(row, area.strip(), what.strip()) for row, area, what in ROW.findall(text)]


def document(outcomes: Mapping[str, Mapping[str, bool]]) -> str:
    """The table of rows, tests and places, and that of the acceptance examples."""
    lines = [
        "# Coverage of the original",
        "",
        "Written by a whole run of the tests (`tests/coverage_of_the_original.py`); do not edit. Each row of the",
        "original's release notes and each acceptance example with the tests that prove it. A run fails when one has",
        "none.",
        "",
        "| row | what | where a person meets it | tests |",
        "|---|---|---|---|",
    ]
    for row, area, what in rows_of_the_original():
        lines.append(f"| {row} | {what} | {ON_PAGES_ONLY.get(row, _AREAS[area])} | {_tests(outcomes, row)} |")
    lines += ["", "## Acceptance examples", "", "| example | tests |", "|---|---|"]
    lines += [f"| {example} | {_tests(outcomes, example)} |" for example in EXAMPLES]
    return "\n".join(lines) + "\n"


def _tests(outcomes: Mapping[str, Mapping[str, bool]], key: str) -> str:
    tests = sorted(outcomes.get(key, {}).items())
    shown = [f"`{test.rpartition('::')[2]}`{'' if passed else ' (fails)'}" for test, passed in tests]
    if not shown and key in ON_PAGES_ONLY:
        return "only a page can prove it"
    return "<br>".join(shown) or "**none**"


def _is_whole(config: pytest.Config) -> bool:
    """Whether the whole suite was asked for, and this process sees all of it."""
    everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    return everything and not chosen and not hasattr(config, "workerinput")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the document of a whole run; a row without a passing test fails the run."""
    if not _is_whole(session.config) or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return
    DOCUMENT.write_text(document(_outcomes), encoding="utf-8", newline="\n")
    if missing():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def missing() -> list[str]:
    """The rows and examples that this run has not proved, those aside that only a page can prove."""
    rows = [row for row, _, _ in rows_of_the_original() if row not in ON_PAGES_ONLY]
    return unproved(_outcomes, (*rows, *EXAMPLES))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what is not proved."""
    if _is_whole(config) and (left := missing()):
        terminalreporter.write_line(f"no passing test proves: {', '.join(left)}", red=True)
