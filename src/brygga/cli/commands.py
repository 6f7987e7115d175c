"""check, search, preview, transfer and reconcile; the other commands are registered here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import msgspec
import typer
from rich.markup import escape

from brygga import __version__
from brygga.app import App
from brygga.cli.access_commands import token_commands, users_commands
from brygga.cli.audit_commands import audit_commands
from brygga.cli.choosing import Choice
from brygga.cli.conflicts import asked
from brygga.cli.couple_commands import COUPLE_HELP, couple_command
from brygga.cli.doubt_commands import doubt_commands
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.history_commands import HISTORY_HELP, SHOW_HELP, history_command, show_command
from brygga.cli.language import _, translator
from brygga.cli.mapping_commands import mapping_commands
from brygga.cli.numbering_commands import NUMBERING_HELP, numbering_command
from brygga.cli.output import (
    plan_json,
    print_json,
    print_plans,
    print_reason,
    print_reconciliation,
    print_unmet,
    reasons_json,
    result_json,
    unmet,
)
from brygga.cli.parameters import (
    AcceptOption,
    AllOption,
    AlsoSinceOption,
    CompanyOption,
    ConflictOption,
    FirstDay,
    FreshOption,
    FromOption,
    JsonOption,
    LanguageOption,
    LastDay,
    SinceOption,
    StatusOption,
    ToOption,
    TransferArgument,
    WhichArgument,
    WonOption,
)
from brygga.cli.posting_output import posting_json, posting_lines, print_sums
from brygga.cli.practice_commands import practice
from brygga.cli.probe_commands import PROBE_HELP, probe_command
from brygga.cli.reconciliation_towards import print_towards, towards_json
from brygga.cli.recovery_commands import takeover
from brygga.cli.runs_commands import print_request, request_json, runs_commands
from brygga.cli.schedule_commands import schedule_commands
from brygga.cli.serve_commands import serve
from brygga.cli.settings_commands import company_commands, settings_commands
from brygga.cli.store_commands import register as register_store_commands
from brygga.cli.transferring import needs_attention, print_report, transferred
from brygga.cli.unlink_commands import UNLINK_HELP, unlink_command
from brygga.cli.usage import Commands, speak
from brygga.cli.why_commands import WHY_HELP, why_command
from brygga.cli.worker_commands import worker
from brygga.insight.checks import Check
from brygga.insight.posting import postings
from brygga.insight.reconciliation import reconcile_company
from brygga.insight.reconciliation_towards import reconcile_towards
from brygga.messages import render
from brygga.records.reasons import Refused, reason
from brygga.runs.last_used import source_clock
from brygga.runs.run import preview as plan_preview
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection

speak()
application = typer.Typer(
    name="brygga",
    cls=Commands,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    help=_("Moves records between Visma Severa and Visma Administration: never twice, never lost, always a reason."),
    epilog=_("Exit codes: 0 done; 1 done, but something needs you; 2 wrong words; 3 refused; 4 try again later."),
)
application.add_typer(settings_commands, name="settings")
application.add_typer(mapping_commands, name="mappings")
application.add_typer(company_commands, name="companies")
application.add_typer(audit_commands, name="audit")
application.add_typer(users_commands, name="users")
application.add_typer(token_commands, name="token")
register_store_commands(application)
application.add_typer(practice, name="practice")
application.command("probe", help=PROBE_HELP)(probe_command)
application.add_typer(runs_commands, name="runs")
application.add_typer(schedule_commands, name="schedule")
application.command("worker", help=_("Carry queued and scheduled runs out until Ctrl+C."))(worker)
application.command("history", help=HISTORY_HELP)(history_command)
application.command("show", help=SHOW_HELP)(show_command)
application.command("why", help=WHY_HELP)(why_command)
application.command("numbering", help=NUMBERING_HELP)(numbering_command)
application.command("couple", help=COUPLE_HELP)(couple_command)
application.add_typer(doubt_commands, name="doubt")
application.command("unlink", help=UNLINK_HELP)(unlink_command)
application.command("takeover", help=_("Let this store write to a company; compares it with both systems first."))(
    takeover
)


@application.callback()
def options(context: typer.Context, lang: LanguageOption = None) -> None:
    """Options that come before the command (the language is read in ``cli/language.py``); alone: show the pages."""
    if context.invoked_subcommand is None:
        serve()


application.command(name="serve", help=_("Show the pages in the browser until Ctrl+C; so does brygga alone."))(serve)


@application.command(help=_("Test both connections and the settings, and say what to do about each fault."))
def check(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        checks = app.checks(name)
        if as_json:
            print_json(
                [
                    {
                        "check": c.id,
                        "name": _(c.name),
                        "ok": c.ok,
                        "detail": c.detail,
                        "reasons": reasons_json(c.reasons),
                    }
                    for c in checks
                ]
            )
        for found in () if as_json else checks:
            sign = "[green]✓[/]" if found.ok else "[red]✕[/]"
            detail = f": {escape(_detail(found))}" if _detail(found) else ""
            console.print(f"{sign} {_(found.name)}{detail}", highlight=False)
            for why in found.reasons:
                print_reason(why)
        if not all(c.ok for c in checks):
            raise typer.Exit(Exit.ATTENTION)


def _detail(check: Check) -> str:
    return render(check.told, translator) if check.told is not None else check.detail


@application.command(help=_("List records with the state of each; nothing is written."))
def search(
    transfer: TransferArgument,
    which: WhichArgument = None,
    company: CompanyOption = "",
    start: FromOption = None,
    end: ToOption = None,
    since: SinceOption = None,
    fresh: FreshOption = False,
    status: StatusOption = None,
    won_only: WonOption = None,
    everything: AllOption = False,
    also_since: AlsoSinceOption = None,
    accepted: AcceptOption = None,
    on_conflict: ConflictOption = "",
    as_json: JsonOption = False,
) -> None:
    choice = Choice(which, start, end, since, status, everything, also_since, accepted, on_conflict, won_only)
    _planned(transfer, choice, company, fresh, as_json, details=False)


@application.command(help=_("Show what a transfer would create, change and skip, and why; nothing is written."))
def preview(
    transfer: TransferArgument,
    which: WhichArgument = None,
    company: CompanyOption = "",
    start: FromOption = None,
    end: ToOption = None,
    since: SinceOption = None,
    fresh: FreshOption = False,
    status: StatusOption = None,
    won_only: WonOption = None,
    everything: AllOption = False,
    also_since: AlsoSinceOption = None,
    accepted: AcceptOption = None,
    on_conflict: ConflictOption = "",
    as_json: JsonOption = False,
) -> None:
    choice = Choice(which, start, end, since, status, everything, also_since, accepted, on_conflict, won_only)
    _planned(transfer, choice, company, fresh, as_json, details=True)


def _planned(transfer: Transfer, choice: Choice, company: str, fresh: bool, as_json: bool, *, details: bool) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        if fresh:
            app.mirror(name).forget()
        chosen = choice.selection(app, name, transfer, quiet=as_json)
        with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
            began = source_clock(opened, transfer, datetime.now(UTC))
            plans = plan_preview(opened, transfer, chosen)
            posted = postings(opened, plans) if details else {}
        kept = None
        if details:
            fingerprint = app.settings(name).fingerprint()
            now = datetime.now(UTC)
            kept = app.previews.save(
                name,
                transfer,
                plans,
                settings=fingerprint,
                version=__version__,
                now=now,
                chosen=chosen,
                began=began,
            )
        if as_json:
            rows = [plan_json(plan) | posting_json(posted.get(plan.source_key)) for plan in plans]
            missed = unmet(chosen, plans)
            print_json({"preview": kept.id if kept else None, "rows": rows, "unmet": missed})
            if missed:
                raise typer.Exit(Exit.ATTENTION)
            return
        met = not print_unmet(chosen, plans)
        if met or plans:
            print_plans(plans, details=details, under=lambda key: posting_lines(posted.get(key), console.width))
        print_sums(posted.values())
        if kept is not None and any(plan.writes for plan in plans):
            command = f"brygga transfer {transfer.value} --company {name} --preview {kept.id}"
            # Not wrapped: it is meant to be copied.
            console.print(
                _("Carry out exactly this: {command}").format(command=command), highlight=False, soft_wrap=True
            )
        if not met:
            raise typer.Exit(Exit.ATTENTION)


@application.command(help=_("Transfer, with progress; Ctrl+C ends after the record under way."))
def transfer(
    transfer: TransferArgument,
    which: WhichArgument = None,
    company: CompanyOption = "",
    start: FromOption = None,
    end: ToOption = None,
    since: SinceOption = None,
    status: StatusOption = None,
    won_only: WonOption = None,
    everything: AllOption = False,
    also_since: AlsoSinceOption = None,
    accepted: AcceptOption = None,
    on_conflict: ConflictOption = "",
    shown: Annotated[
        str,
        typer.Option(
            "--preview", metavar="ID", help=_("Carry out this preview; rows that changed since it are not sent.")
        ),
    ] = "",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help=_("Carry it out now, or leave it to a worker and end at once."))
    ] = True,
    fresh: FreshOption = False,
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        if on_conflict == "ask" and as_json:
            raise Refused(reason("KND-151"))
        if fresh:
            app.mirror(name).forget()
        choice = Choice(which, start, end, since, status, everything, also_since, accepted, on_conflict, won_only)
        if shown:
            choice.refuse_beside_preview()
        chosen = Selection() if shown else choice.selection(app, name, transfer, quiet=as_json)
        if on_conflict == "ask" and not shown:
            chosen = asked(app, name, transfer, chosen)
        if not wait:
            request = app.runs.start(name, transfer, chosen, preview=shown)
            if as_json:
                print_json(request_json(request))
            else:
                print_request(request)
            return
        report = transferred(app, name, transfer, chosen, shown, quiet=as_json)
        missed = unmet(chosen, (result.plan for result in report.results))
        if as_json:
            print_json(
                {
                    "run": report.run.id,
                    "written": report.written,
                    "gone": report.gone,
                    "rows": [result_json(r) for r in report.results],
                    "unmet": missed,
                }
            )
        elif not print_unmet(chosen, (result.plan for result in report.results)) or report.results:
            print_report(report)
        if missed or needs_attention(report):
            raise typer.Exit(Exit.ATTENTION)


@application.command(help=_("Month-end control: both systems read afresh and compared document by document."))
def reconcile(
    start: FirstDay,
    end: LastDay,
    company: CompanyOption = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        with app.company(name, read_only=True, mirrored=False) as opened, console.status(_("Reading …")):
            result = reconcile_company(opened, start.date(), end.date())
            towards = reconcile_towards(opened, start.date(), end.date())
        agrees = result.agrees and towards.agrees
        if as_json:
            sides = {"towards_severa": towards_json(towards), "agrees": agrees}
            print_json(msgspec.to_builtins(result) | sides)
        else:
            print_reconciliation(result)
            print_towards(towards)
        if not agrees:
            raise typer.Exit(Exit.ATTENTION)
