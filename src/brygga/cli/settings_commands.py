"""``brygga settings`` and ``brygga companies``."""

from __future__ import annotations

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from brygga.app import App
from brygga.cli.asking import confirmed
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.files import written
from brygga.cli.language import _, translator
from brygga.cli.numbering_commands import print_setup
from brygga.cli.output import print_json, print_reason
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.insight.setting_change import MASTER
from brygga.insight.setting_effects import effect
from brygga.records.reasons import Refused, reason
from brygga.store.settings.file import exported, file_from
from brygga.store.settings.values import SETTINGS, Settings, setting_of

settings_commands = typer.Typer(help=_("Read and change a company's settings."), no_args_is_help=True)
company_commands = typer.Typer(help=_("The companies of this store."), invoke_without_command=True)

KeyArgument = Annotated[str, typer.Argument(help=_("The setting, for example numbering.master."))]


@company_commands.callback(invoke_without_command=True)
def companies(as_json: JsonOption = False) -> None:
    """List the companies."""
    with sentences(as_json):
        known = App().companies()
        if as_json:
            print_json(list(known))
            return
        for name in known:
            console.print(name, markup=False, highlight=False)
        if not known:
            console.print(_("No company yet. Begin with: brygga settings set severa.client_id ID --company NAME"))


def _settings(app: App, company: str, *, new: bool = False) -> Settings:
    if company and new:
        return app.settings(company)
    return app.settings(app.chosen(company))


@settings_commands.command("list", help=_("Every setting with its value, its section and what it means."))
def list_settings(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    with sentences(as_json):
        settings = _settings(App(), company)
        values = settings.as_dict(redacted=True)
        if as_json:
            print_json(msgspec.to_builtins(values))
            return
        section = ""
        for setting in SETTINGS:
            if setting.section != section:
                section = setting.section
                console.print(f"\n[bold]{_(section)}[/]")
            table = Table.grid(padding=(0, 2))
            table.add_column(width=36, no_wrap=True)
            table.add_column(overflow="fold")
            table.add_row(setting.key, escape(shown(values[setting.key])))
            table.add_row("", f"[dim]{escape(_(setting.label))}. {escape(_(setting.help))}[/]")
            for line in effect(setting.key, values).sentences(translator):
                table.add_row("", escape(line))
            console.print(table)


@settings_commands.command(
    "export", help=_("Write the settings to one file, without secrets; without a file to the screen.")
)
def export_settings(
    file: Annotated[Path | None, typer.Argument(help=_("The file to write."))] = None, company: CompanyOption = ""
) -> None:
    with sentences():
        content = exported(_settings(App(), company))
        if file is None:
            console.out(content.decode(), highlight=False, end="")
            return
        with written(file):
            file.write_bytes(content)
        console.print(_("Written: {path}").format(path=file), highlight=False, soft_wrap=True)


@settings_commands.command("import", help=_("Take the settings of a file over, all or none; shows first what changes."))
def import_settings(
    file: Annotated[Path, typer.Argument(help=_("The file to read."))],
    company: CompanyOption = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask once more; for scripts."))] = False,
) -> None:
    with sentences():
        app = App()
        settings = _settings(app, company, new=True)
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Refused(reason("INS-827", path=file, detail=error.strerror or error)) from None
        given = file_from(content)
        found = app.preview_import(settings.company, given)
        for change in found.changes:
            line = f"{change.key}: {shown(change.before)} → {shown(change.after)}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        for why in found.problems:
            print_reason(why)
        if found.problems:
            raise typer.Exit(Exit.REFUSED)
        if not found.changes:
            console.print(_("Nothing changes."))
            return
        if not yes and not confirmed(_("Change these settings?")):
            raise typer.Exit(Exit.ATTENTION)
        app.import_settings(settings.company, given)


def shown(value: object) -> str:
    """A value for reading."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{key}={item}" for key, item in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value) or "–"
    return str(value) if value not in (None, "") else "–"


@settings_commands.command("get", help=_("One setting."))
def get_setting(key: KeyArgument, company: CompanyOption = "", as_json: JsonOption = False) -> None:
    with sentences(as_json):
        values = _settings(App(), company).as_dict(redacted=True)
        if key not in values:
            raise Refused(reason("INS-806", key=key))
        if as_json:
            print_json(msgspec.to_builtins({key: values[key]}))
        else:
            console.print(shown(values[key]), markup=False, highlight=False)


@settings_commands.command(
    "set",
    help=_("Change a setting; lists as a, b and mappings as from=to, from=to."),
    # A value may begin with a minus sign; it is then refused for what it is.
    context_settings={"ignore_unknown_options": True},
)
def set_setting(
    key: KeyArgument,
    value: Annotated[
        str | None, typer.Argument(help=_("The new value; none for a secret, which is asked for."))
    ] = None,
    company: CompanyOption = "",
) -> None:
    with sentences():
        app = App()
        settings = _settings(app, company, new=True)
        setting = setting_of(key)
        if setting.secret and value is not None:
            raise Refused(reason("LAG-023", key=key))
        given = _typed_unseen(key) if setting.secret else value
        if given is None or (setting.secret and not given):
            raise Refused(reason("LAG-024", key=key))
        app.change_settings(settings.company, {key: given})
        if setting.secret and settings.in_environment(setting):
            told = _("The environment variable {variable} is set and counts first.")
            console.print(told.format(variable=settings.in_environment(setting)), highlight=False, soft_wrap=True)
        console.print(f"{key}: {shown(settings.as_dict(redacted=True)[key])}", markup=False, highlight=False)
        for line in effect(key, settings.as_dict(redacted=True)).sentences(translator):
            console.print(f"     {line}", markup=False, highlight=False)
        if key == MASTER:
            print_setup(app, settings.company)


def _typed_unseen(key: str) -> str:
    """A secret, typed without being shown; the first line of standard input when nobody sits there."""
    return getpass(f"{key}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


@settings_commands.command("unset", help=_("Take a setting back to its default."))
def unset_setting(key: KeyArgument, company: CompanyOption = "") -> None:
    with sentences():
        settings = _settings(App(), company)
        settings.unset(key)
        console.print(f"{key}: {shown(settings.as_dict(redacted=True)[key])}", markup=False, highlight=False)
