"""``brygga practice``: the same program on built-in simulators of both systems, with realistic Swedish data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_reconciliation
from brygga.insight.reconciliation import reconcile_company
from brygga.practice.build import PracticeError, PracticeInstallation, build
from brygga.practice.severa_server.process import ServerProcess
from brygga.records.reasons import Reason, Refused
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.selection import Selection

COMPANY = "practice"
SECRET_VARIABLE = "BRYGGA_SEVERA_CLIENT_SECRET"

practice = typer.Typer(
    help=_("The practice company: both systems simulated, nothing real is touched."), no_args_is_help=True
)


@practice.callback()
def group() -> None:
    """Keeps ``run`` a command of its own."""


@practice.command("run", help=_("Build the practice company, transfer its latest month and reconcile."))
def run(
    folder: Annotated[Path, typer.Option("--folder", help=_("Where the practice company lies."))] = Path(".practice"),
    once: Annotated[
        bool, typer.Option("--once", help=_("End afterwards; exit code 0 only when nothing differs."))
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help=_("Start the practice company over."))] = False,
    from_sie: Annotated[
        Path | None, typer.Option("--from-sie", help=_("Build the Administration side from a SIE 4 export."))
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help=_("Language of the texts: sv or en."))] = None,
) -> None:
    with sentences():
        place = folder / (f"sie-{from_sie.stem}" if from_sie is not None else "built-in")
        try:
            installation = build(place, sie=from_sie, fresh=fresh)
        except PracticeError as fault:
            raise Refused(Reason(fault.code, tuple((k, str(v)) for k, v in fault.params.items()))) from None
        introduce(installation)
        os.environ["BRYGGA_STORE"] = str(place / "brygga.sqlite")
        os.environ[SECRET_VARIABLE] = installation.client_secret
        with ServerProcess(installation.severa_data_path) as server:
            app = App(place / "brygga.sqlite")
            couple(app, installation, server.base_url)
            agrees = do_the_month(app, installation)
            if not once:
                stay(place, installation)
        if not agrees:
            raise typer.Exit(Exit.ATTENTION)


def introduce(installation: PracticeInstallation) -> None:
    """Say what was built, and what was damaged, added or assumed on the way."""
    console.print(
        _("Practice company {name}, month {month}; both systems are simulated on this computer.").format(
            name=installation.company_name, month=f"{installation.start:%Y-%m}"
        ),
        highlight=False,
        markup=False,
    )
    for notice in installation.notices:
        console.print(f"  ! {notice}", markup=False, highlight=False)


def couple(app: App, installation: PracticeInstallation, base_url: str) -> None:
    """Write the practice company's settings: its two systems and its mappings."""
    settings = app.settings(COMPANY)
    values = {
        "severa.base_url": base_url,
        "severa.client_id": installation.client_id,
        "administration.library": "practice",
        "administration.common_path": str(installation.common_path),
        "administration.company_path": str(installation.company_path),
        **installation.settings,
    }
    for key, value in values.items():
        settings.set(key, value)


def do_the_month(app: App, installation: PracticeInstallation) -> bool:
    """The four transfers in order, then the reconciliation; True when nothing differs."""
    from brygga.cli.commands import print_report, transferred
    from brygga.cli.output import transfer_word

    month = Selection(start=installation.start, end=installation.end)
    for transfer in PLANNERS:
        chosen = month if transfer.value == "invoices" else Selection()
        report = transferred(app, COMPANY, transfer, chosen, "", quiet=False)
        console.print(f"[bold]{escape(transfer_word(transfer.value).capitalize())}[/]")
        print_report(report)
        console.print()
    with app.company(COMPANY, read_only=True) as opened:
        result = reconcile_company(opened, installation.start, installation.end)
    print_reconciliation(result)
    return result.agrees


def stay(place: Path, installation: PracticeInstallation) -> None:
    """Keep the simulated Severa running and say how to go on in another terminal, until Ctrl+C."""
    console.print()
    console.print(_("The practice Severa keeps running until Ctrl+C. In another terminal, set these and try:"))
    console.print(f"  BRYGGA_STORE={place / 'brygga.sqlite'}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"  {SECRET_VARIABLE}={installation.client_secret}", highlight=False, markup=False, soft_wrap=True)
    for command in (
        "check",
        "search invoices",
        "history",
        f"reconcile --from {installation.start} --to {installation.end}",
    ):
        console.print(f"  brygga {command}", highlight=False, markup=False)
    try:
        while True:
            console.input()
    except (KeyboardInterrupt, EOFError):
        console.print(_("Stopped."))
