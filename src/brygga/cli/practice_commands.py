"""``brygga practice``: the same program on built-in simulators of both systems, with realistic Swedish data."""

from __future__ import annotations

import calendar
import os
import shutil
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _, translator
from brygga.cli.output import print_reconciliation
from brygga.cli.parameters import LanguageOption
from brygga.cli.practice_edges import told
from brygga.cli.reconciliation_towards import print_towards
from brygga.cli.serve_commands import BrowserOption, show_pages
from brygga.cli.transferring import print_report, transferred
from brygga.insight.reconciliation import reconcile_company
from brygga.insight.reconciliation_towards import reconcile_towards
from brygga.practice.adk_engine import user
from brygga.practice.administration_base import table_named
from brygga.practice.build import PracticeBuildError, PracticeInstallation, build
from brygga.practice.dataset import PracticeParameters
from brygga.practice.payments_of_month import enter_customer_changes, enter_payments
from brygga.practice.severa_server.process import ServerProcess
from brygga.practice.sie import SieError
from brygga.practice.sie_text import SENTENCES
from brygga.records.reasons import Refused, reason
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.bind import Bind
from brygga.web.running import link_from_running

COMPANY = "practice"


class Size(StrEnum):
    """The sizes of a practice company (spec/data.md)."""

    SMALL = "small"
    MEDIUM = "medium"


SECRET_VARIABLE = "BRYGGA_SEVERA_CLIENT_SECRET"

practice = typer.Typer(
    help=_("The practice company: both systems simulated, nothing real is touched."), no_args_is_help=True
)


@practice.callback()
def group() -> None:
    """Keeps ``run`` a command of its own."""


@practice.command("run", help=_("Build the practice company, transfer its latest month and reconcile."))
def run(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="FOLDER", help=_("Where the practice company lies."))
    ] = Path(".practice"),
    once: Annotated[
        bool, typer.Option("--once", help=_("End afterwards; exit code 0 only when all ended as it should."))
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help=_("Start the practice company over."))] = False,
    from_sie: Annotated[
        Path | None,
        typer.Option("--from-sie", metavar="FILE", help=_("Build the Administration side from a SIE 4 export.")),
    ] = None,
    size: Annotated[
        Size, typer.Option("--size", help=_("How large the practice company is: 10 people, or 200."))
    ] = Size.SMALL,
    browser: BrowserOption = True,
    lang: LanguageOption = None,
) -> None:
    with sentences():
        source = f"sie-{from_sie.stem}" if from_sie is not None else "company"
        place = folder / f"{source}-{size.value}"
        if not once and link_from_running(place / "store") is not None:
            # Its practice Severa runs too: there is nothing to build, only a browser to let in.
            show_pages(App(place / "store" / "brygga.sqlite"), Bind(), browser)
            return
        installation = built(place, from_sie, size, fresh=fresh)
        introduce(installation)
        store = place / "store" / "brygga.sqlite"
        store.parent.mkdir(exist_ok=True)
        os.environ["BRYGGA_STORE"] = str(store)
        os.environ[SECRET_VARIABLE] = installation.client_secret
        with ServerProcess(installation.severa_data_path) as server:
            app = App(store)
            couple(app, installation, server.base_url)
            agrees = do_the_month(app, installation)
            if once:
                console.print(
                    _("Without --once the pages open in the browser, with the practice Severa running behind them.")
                )
            else:
                stay(app, installation, browser)
        if not agrees:
            raise typer.Exit(Exit.ATTENTION)


def built(place: Path, sie: Path | None, size: Size, *, fresh: bool) -> PracticeInstallation:
    """Build the practice company, or find it again; what cannot be used is refused in one sentence."""
    parameters = PracticeParameters(size=size.value, ordinary_only=False, towards_severa=True)
    try:
        installation = build(place, sie=sie, parameters=parameters, fresh=fresh)
    except SieError as fault:
        first = fault.problems[0]
        problem = _(SENTENCES[first.code]).format_map(first.params)
        line = first.line or "–"
        raise Refused(reason("PRA-891", file=sie, problem=problem, line=line, count=len(fault.problems))) from None
    except PracticeBuildError as fault:
        raise Refused(reason("PRA-892", detail=fault)) from None
    if fresh:
        # Only now: a source that cannot be used must not cost the journal of the company that is there.
        shutil.rmtree(place / "store", ignore_errors=True)
    return installation


def last_day(month: date) -> date:
    """The last day of the month that begins on ``month``."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def introduce(installation: PracticeInstallation) -> None:
    """Say what was built, and what was damaged, added or assumed on the way."""
    console.print(
        _("Practice company {name}, month {month}; both systems are simulated on this computer.").format(
            name=installation.company_name, month=f"{installation.month:%Y-%m}"
        ),
        highlight=False,
        markup=False,
    )
    for notice in installation.notices:
        text = notice.text(translator.language)
        width = max(40, console.width - 1)
        console.print(fill(text, width, initial_indent="  ! ", subsequent_indent="    "), markup=False, highlight=False)


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


def enter_what_follows(installation: PracticeInstallation) -> None:
    """What people do in Administration when the month's invoices are there: customers pay, cards are changed."""
    company = installation.company()
    payments = table_named("CUSTOMERPAYMENT").id
    if company.towards is None or user.read(installation.company_path, payments):
        return
    enter_payments(installation.company_path, company.towards.payments)
    enter_customer_changes(installation.company_path, company.towards.customer_changes)


def do_the_month(app: App, installation: PracticeInstallation) -> bool:
    """The transfers in order, then the reconciliation and the edge pack; True when all ended as it should."""
    start, end = installation.month, last_day(installation.month)
    month = Selection(start=start, end=end)
    for transfer in PLANNERS:
        chosen = month if transfer.value == "invoices" else Selection()
        report = transferred(app, COMPANY, transfer, chosen, "", quiet=False)
        print_report(report)
        if report.cancelled:
            raise typer.Exit(Exit.ATTENTION)
        console.print()
        if transfer is Transfer.INVOICES:
            enter_what_follows(installation)
    with app.company(COMPANY, read_only=True, mirrored=False) as opened:
        result = reconcile_company(opened, start, end)
        towards = reconcile_towards(opened, start, last_day(end + timedelta(days=92)))
    print_reconciliation(result)
    print_towards(towards)
    return told(app, COMPANY, installation, result) and towards.agrees


def stay(app: App, installation: PracticeInstallation, browser: bool) -> None:
    """Show the pages on the practice company until Ctrl+C, and say how to use the other commands beside them."""
    console.print()
    console.print(_("In another terminal the other commands work too, with these set:"))
    console.print(f"  BRYGGA_STORE={app.store_path}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"  {SECRET_VARIABLE}={installation.client_secret}", highlight=False, markup=False, soft_wrap=True)
    console.print()
    show_pages(app, Bind(), browser)
    console.print(_("Stopped."))
