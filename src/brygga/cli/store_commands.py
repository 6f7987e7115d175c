"""``brygga backup``, ``brygga restore`` and ``brygga doctor``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json, print_reason, reasons_json
from brygga.cli.parameters import JsonOption
from brygga.insight.doctor import Organ, examined
from brygga.store.backup import back_up, stamp
from brygga.store.restore import restore

YesOption = Annotated[bool, typer.Option("--yes", help=_("Also when the store of now knows more than the backup."))]


def register(application: typer.Typer) -> None:
    """Add the commands that look after the store."""
    helps = {
        "backup": _("Copy the whole store to a file, also while a run is at work, and check the copy."),
        "restore": _("Put a backup in the place of the store; nothing is written until both systems were looked at."),
        "doctor": _("Examine the store and this computer, and say what to do about each fault."),
    }
    for name, command in (("backup", backup), ("restore", restore_store), ("doctor", doctor)):
        application.command(name, help=helps[name])(command)


def backup(
    target: Annotated[str, typer.Argument(metavar="[FILE]", help=_("The file to write; a new name by default."))] = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        name = f"brygga-{stamp(datetime.now())}.sqlite"
        made = back_up(app.engine, Path(target) if target else app.folder / "backups" / name)
        if as_json:
            print_json(msgspec.to_builtins(made))
            return
        told = _("Written and checked: {path} ({n} rows). It holds no secrets.").format(path=made.path, n=made.rows)
        console.print(told, markup=False, highlight=False, soft_wrap=True)


def restore_store(
    source: Annotated[Path, typer.Argument(metavar="FILE", help=_("The backup."))],
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        done = restore(source, app.store_path, now=datetime.now(UTC), even_newer=yes)
        if as_json:
            print_json(msgspec.to_builtins(done))
            return
        console.print(
            _("Restored. What was transferred after the backup is settled by looking before anything is sent."),
            soft_wrap=True,
        )
        if done.set_aside:
            told = _("The store from before is kept as {path}").format(path=done.set_aside)
            console.print(told, markup=False, highlight=False, soft_wrap=True)


def doctor(as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        names = {
            Organ.STORE: _("Store"),
            Organ.TRAIL: _("Audit trail"),
            Organ.DISK: _("Disk"),
            Organ.CLOCK: _("Clock"),
            Organ.WRITERS: _("At work"),
            Organ.SECRETS: _("Secrets"),
            Organ.ADMINISTRATION: "Administration",
            Organ.VERSIONS: _("Versions"),
        }
        well, told = True, list[dict[str, object]]()
        for found in examined(app.patient(datetime.now(UTC))):
            well = well and found.ok
            reasons = reasons_json(found.reasons)
            told.append({"check": found.organ.value, "ok": found.ok, "detail": found.detail, "reasons": reasons})
            if as_json:
                continue
            console.print("[green]✓[/]" if found.ok else "[red]✕[/]", end=" ")
            line = f"{names[found.organ]}{': ' + found.detail if found.detail else ''}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
            for why in found.reasons:
                print_reason(why)
        if as_json:
            print_json(told)
        if not well:
            raise typer.Exit(Exit.ATTENTION)
