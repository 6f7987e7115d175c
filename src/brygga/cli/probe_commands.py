"""``brygga probe``: asks the installation what public facts leave open, and writes a report that can be sent."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Annotated, Any

import typer

from brygga import __version__
from brygga.app import App, way_to_administration
from brygga.cli.exits import console, sentences
from brygga.cli.files import written
from brygga.cli.language import _
from brygga.cli.output import print_json
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.insight.probing import Finding, probe_company

PROBE_HELP = _("Ask Administration what only this installation knows, by reading only, and keep the answers.")

ReportOption = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help=_("Also write a report to send, without names and amounts.")),
]


def probe_command(company: CompanyOption = "", report: ReportOption = None, as_json: JsonOption = False) -> None:
    """Through a host that may only read."""
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        settings = app.known(name)
        with app.gateways(name, read_only=True) as gateways, console.status(_("Reading …")):
            version = gateways.administration.capabilities().api_version
            findings = probe_company(gateways.administration, settings)
        document = _report(findings, way_to_administration(settings).name, version)
        if report is not None:
            with written(report):
                report.write_text(json.dumps(document, indent=2), encoding="utf-8")
        if as_json:
            print_json(document)
            return
        for finding in findings:
            console.print(_line(finding), highlight=False, markup=False)
        if report is not None:
            console.print(_("Report: {path}").format(path=report), highlight=False, markup=False, soft_wrap=True)


def _report(findings: tuple[Finding, ...], way: str, version: tuple[int, int]) -> dict[str, Any]:
    """Nothing of the company is in it: words of this program, versions and numbers of the interface."""
    return {
        "brygga": __version__,
        "system": platform.system(),
        "python": platform.python_version(),
        "way": way,
        "api_version": ".".join(map(str, version)),
        "answers": {finding.question: finding.answer or None for finding in findings},
        "not_by_reading": [finding.question for finding in findings if not finding.by_reading],
    }


def _line(finding: Finding) -> str:
    if not finding.by_reading:
        return f"–  {finding.question}: {_('reading cannot settle it')}"
    if not finding.answer:
        return f"?  {finding.question}: {_('not settled: the company has no record that shows it')}"
    followed = f" → {finding.setting}" if finding.setting else ""
    return f"✓  {finding.question}: {finding.answer}{followed}"
