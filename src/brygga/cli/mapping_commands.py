"""``brygga mappings``: how each mapping stands, suggestions for what lacks one, and taking them over one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
import typer

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.insight.mappings import Health, MappingRow, mapping_rows
from brygga.message_texts.mapping_health import HEALTH_WORDS
from brygga.records.reasons import Refused, reason
from brygga.store.settings.values import setting_of

mapping_commands = typer.Typer(
    help=_("What is called one thing in Severa and another in Administration."), no_args_is_help=True
)


def _read(app: App, name: str) -> tuple[MappingRow, ...]:
    with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
        return mapping_rows(opened)


@mapping_commands.command("list", help=_("Every mapping: used, not used, missing, or pointing nowhere."))
def list_mappings(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        rows = _read(app, app.chosen(company))
        _print(rows, as_json)
        if any(row.health in (Health.MISSING, Health.NOWHERE) for row in rows):
            raise typer.Exit(Exit.ATTENTION)


@mapping_commands.command("suggest", help=_("Suggestions for what has no mapping, with how alike the two are."))
def suggest_mappings(company: CompanyOption = "", as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        rows = [row for row in _read(app, app.chosen(company)) if row.health in (Health.MISSING, Health.OPTIONAL)]
        _print(rows, as_json)
        if not rows and not as_json:
            console.print(_("Everything that is used has a mapping."))


@mapping_commands.command("accept", help=_("Take one suggestion over, or map to the code that you name."))
def accept_mapping(
    key: Annotated[str, typer.Argument(help=_("The mapping, for example mappings.units."))],
    source: Annotated[str, typer.Argument(help=_("The value in Severa; an empty one for a status."))],
    target: Annotated[str, typer.Argument(help=_("The code in Administration; without it the suggestion."))] = "",
    company: CompanyOption = "",
) -> None:
    app = App()
    with sentences():
        name = app.chosen(company)
        setting_of(key)
        if not target:
            rows = _read(app, name)
            target = next((row.suggestion for row in rows if (row.setting, row.source) == (key, source)), "")
        if not target:
            raise Refused(reason("MAP-857", source=source, key=key))
        app.settings(name).accept(key, source, target)
        console.print(f"{key}: {f'{source} → ' if source else ''}{target}", markup=False, highlight=False)


def _print(rows: Iterable[MappingRow], as_json: bool) -> None:
    if as_json:
        print_json(msgspec.to_builtins(list(rows)))
        return
    section = ""
    for row in rows:
        if row.setting != section:
            section = row.setting
            console.print(f"\n[bold]{_(setting_of(section).label)}[/]  [dim]{section}[/]", highlight=False)
        there = f"{row.target} {row.target_name}".strip() or "–"
        suggested = f"{row.suggestion} {row.suggestion_name}".strip()
        told = _("suggestion: {target} ({percent} %)").format(target=suggested, percent=row.percent)
        count = f"  {row.count}" if row.count else ""
        line = f"{row.source} {row.source_name}".strip()
        line = f"  {line} → {there}{count}  {_(HEALTH_WORDS[row.health])}{f'  {told}' if row.suggestion else ''}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
