"""``brygga takeover``: which store writes to a company, decided by a person."""

from __future__ import annotations

from typing import Annotated

import typer

from brygga import __version__
from brygga.app import App
from brygga.cli.asking import confirmed
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _, translator
from brygga.cli.output import print_json, print_reason, reasons_json, state_word
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.messages import render
from brygga.runs.takeover import Prospect, prospect, take_over
from brygga.store.states import RowState

YesOption = Annotated[bool, typer.Option("--yes", help=_("Do not ask once more; for scripts."))]


def takeover(company: CompanyOption = "", yes: YesOption = False, as_json: JsonOption = False) -> None:
    """Compare the journal with both systems, ask, and let this store write to the company."""
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
            found = prospect(opened)
        if not as_json:
            _print(found)
        if not yes and not (as_json or confirmed(_("Let this store write to company {name}?").format(name=name))):
            raise typer.Exit(Exit.ATTENTION)
        run = None
        if yes or not as_json:
            settings = app.settings(name).fingerprint()
            with app.company(name, read_only=False) as opened:
                run, found = take_over(opened, lock_folder=app.folder / "locks", version=__version__, settings=settings)
        if as_json:
            print_json(_as_json(found, run.id if run else None))
        else:
            console.print(_("This store writes to company {name} now.").format(name=name), highlight=False)
        if any(record.state is RowState.IN_DOUBT for record in found.affected):
            raise typer.Exit(Exit.ATTENTION)


def _print(found: Prospect) -> None:
    for why in found.signs:
        print_reason(why)
    for group in found.by_reason:
        for record in group.shown:
            said = f"{state_word(record.state.value)}: {render(record.reason, translator)}"
            console.print(said, markup=False, highlight=False)
        if group.rest:
            text = _("… and {count} more of this kind, to {number}; --json names each.")
            console.print(text.format(count=len(group.rest), number=group.rest[-1].number), highlight=False)
    if not found.affected:
        console.print(_("Journal and both systems agree: no record is concerned."))


def _as_json(found: Prospect, run: int | None) -> object:
    return {
        "run": run,
        "signs": reasons_json(found.signs),
        "affected": [
            {
                "kind": record.kind.value,
                "key": record.source_key,
                "number": record.number,
                "name": record.name,
                "state": record.state.value,
                "reasons": reasons_json((record.reason,)),
            }
            for record in found.affected
        ],
    }
