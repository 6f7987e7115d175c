"""``brygga schedule``: transfers that begin by themselves."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json, transfer_word
from brygga.cli.parameters import CompanyOption, JsonOption, TransferArgument
from brygga.cli.runs_commands import local, print_request, request_json
from brygga.runs.scheduler import ZONE
from brygga.store.run_requests import Origin
from brygga.store.schedules import Schedule
from brygga.transfers.selection import Selection

schedule_commands = typer.Typer(
    help=_("Transfers that begin by themselves, while a worker runs."), no_args_is_help=True
)


@schedule_commands.command("list", help=_("The schedules, and when each is due."))
def list_schedules(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        found = app.scheduler.of(app.known(company).company if company else "")
        if as_json:
            print_json([schedule_json(schedule) for schedule in found])
            return
        for schedule in found:
            print_schedule(schedule)
        if not found:
            console.print(_('No schedule yet. Set one with: brygga schedule set invoices "weekdays 07:30"'))


@schedule_commands.command("set", help=_("Begin a transfer by itself at these times."))
def set_schedule(
    transfer: TransferArgument,
    pattern: Annotated[
        str,
        typer.Argument(help=_('Such as "weekdays 07:30", "hourly", "every 15 minutes", or five cron fields.')),
    ],
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help=_("Time zone of the times."))] = ZONE,
    company: CompanyOption = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        _say(app.scheduler.set(app.chosen(company), transfer, pattern, zone), as_json)


@schedule_commands.command("pause", help=_("Keep a schedule and let it not begin anything."))
def pause(transfer: TransferArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        _say(app.scheduler.pause(app.chosen(company), transfer), as_json)


@schedule_commands.command("resume", help=_("Let a paused schedule go on."))
def resume(transfer: TransferArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        _say(app.scheduler.resume(app.chosen(company), transfer), as_json)


@schedule_commands.command("run-now", help=_("Queue a schedule's run now, with its limits and its digest."))
def run_now(transfer: TransferArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        app.scheduler.known(name, transfer)
        request = app.runs.start(name, transfer, Selection(), origin=Origin.SCHEDULE)
        if as_json:
            print_json(request_json(request))
        else:
            print_request(request)


@schedule_commands.command("remove", help=_("Take a schedule away."))
def remove(transfer: TransferArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        app.scheduler.remove(app.chosen(company), transfer)
        if as_json:
            print_json({"removed": transfer.value})
        else:
            console.print(_("The schedule is removed."))


def schedule_json(schedule: Schedule) -> dict[str, Any]:
    """A schedule for scripts."""
    return {
        "company": schedule.company,
        "transfer": schedule.transfer,
        "pattern": schedule.pattern,
        "zone": schedule.zone,
        "paused": schedule.paused,
        "due": schedule.due.isoformat() if schedule.due else None,
        "fired": schedule.fired.isoformat() if schedule.fired else None,
        "run": schedule.request_id,
    }


def print_schedule(schedule: Schedule) -> None:
    """One line."""
    due = _("paused") if schedule.due is None else _("due {time}").format(time=local(schedule.due))
    words = f"{schedule.company:<12} {transfer_word(schedule.transfer):<14} {schedule.pattern} ({schedule.zone})  {due}"
    console.print(words, highlight=False, markup=False)


def _say(schedule: Schedule, as_json: bool) -> None:
    if as_json:
        print_json(schedule_json(schedule))
    else:
        print_schedule(schedule)
