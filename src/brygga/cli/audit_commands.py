"""``brygga audit``: check the audit trail, look in it, write it to a file, delete what need not be kept."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.files import written
from brygga.cli.language import _
from brygga.cli.output import print_json, print_reason, reasons_json
from brygga.cli.parameters import DAY, CompanyOption, JsonOption, day
from brygga.insight.audit_export import Form, exported, masked, readable
from brygga.store.audit.chain import Search, chains, search, verify
from brygga.store.audit.prune import prune

audit_commands = typer.Typer(
    help=_("The audit trail: who changed what, when and why, in a chain that shows every tampering."),
    no_args_is_help=True,
)
PersonalOption = Annotated[bool, typer.Option("--personal", help=_("Do not mask personal identity numbers."))]


@audit_commands.command("verify", help=_("Check that no event was changed, deleted or added afterwards."))
def verify_trail(
    company: CompanyOption = "",
    anchor: Annotated[
        str,
        typer.Option("--anchor", metavar="N:HASH", help=_("What an earlier check printed: it must still be so.")),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        names = (app.chosen(company),) if company or anchor else chains(app.engine)
        found = [verify(app.engine, name, anchor) for name in names]
        if as_json:
            faults = [reasons_json([each.fault] if each.fault else []) for each in found]
            told = zip(found, faults, strict=True)
            print_json(
                [
                    {**msgspec.to_builtins(each), "fault": None, "reasons": fault, "anchor": each.anchor}
                    for each, fault in told
                ]
            )
        for each in () if as_json else found:
            sign = "[red]✕[/]" if each.fault else "[green]✓[/]"
            whole = _("{company}: {n} events, {first} to {last}. Note in another place: {anchor}").format(
                company=each.company, n=each.events, first=each.first, last=each.last, anchor=each.anchor
            )
            console.print(sign, escape(each.company if each.fault else whole), highlight=False, soft_wrap=True)
            if each.fault:
                print_reason(each.fault)
        if any(each.fault for each in found):
            raise typer.Exit(Exit.ATTENTION)


@audit_commands.command("search", help=_("The newest events about a number, Severa key or setting."))
def search_trail(
    text: Annotated[str, typer.Argument(help=_("Number, Severa key or setting, exactly."))] = "",
    company: CompanyOption = "",
    run: Annotated[int | None, typer.Option("--run", metavar="N", help=_("Only this run."))] = None,
    start: Annotated[datetime | None, typer.Option("--from", parser=day, metavar=DAY, help=_("From this day."))] = None,
    end: Annotated[datetime | None, typer.Option("--to", parser=day, metavar=DAY, help=_("Before this day."))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help=_("How many events."))] = 200,
    personal: PersonalOption = False,
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        wanted = Search(text=text, run_id=run, start=_moment(start), end=_moment(end), limit=limit)
        found = search(app.engine, app.chosen(company), wanted)
        shown = found if personal else tuple(masked(event) for event in found)
        if as_json:
            print_json(msgspec.to_builtins(shown))
            return
        for event in shown:
            console.print(readable(event), end="", markup=False, highlight=False, soft_wrap=True)
        if not shown:
            console.print(_("No event."))


@audit_commands.command("export", help=_("Write the whole trail with its chain to a file, oldest event first."))
def export_trail(
    target: Annotated[str, typer.Argument(metavar="FILE", help=_("The file to write; - writes to the screen."))],
    company: CompanyOption = "",
    form: Annotated[Form, typer.Option("--format", help=_("For a program, a spreadsheet or a reader."))] = Form.JSONL,
    personal: PersonalOption = False,
) -> None:
    app = App()
    with sentences():
        lines = exported(app.engine, app.chosen(company), form, personal=personal)
        if target == "-":
            sys.stdout.writelines(lines)
            return
        path = Path(target)
        # A spreadsheet program knows by the mark at its head that the file is UTF-8.
        encoding = "utf-8-sig" if form is Form.CSV else "utf-8"
        with written(path), path.open("x", encoding=encoding, newline="") as file:
            file.writelines(lines)
        console.print(_("Written: {path}").format(path=path), highlight=False, markup=False, soft_wrap=True)


@audit_commands.command("prune", help=_("Delete events that the law no longer wants kept; earlier is refused."))
def prune_trail(
    before: Annotated[datetime, typer.Option("--before", parser=day, metavar=DAY, help=_("Delete what is older."))],
    company: CompanyOption = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        month = app.settings(name).get("audit.year_end_month")
        done = prune(app.engine, name, before.date(), year_end_month=month, now=datetime.now(UTC))
        if as_json:
            print_json(msgspec.to_builtins(done))
        else:
            console.print(_("{n} events deleted.").format(n=done.events), highlight=False)


def _moment(typed: datetime | None) -> datetime | None:
    """Midnight where the person is."""
    return None if typed is None else typed.astimezone()
