"""``brygga history`` and ``brygga show``: the runs there were, and what happened to one record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _, translator
from brygga.cli.output import counted, print_json, reasons_json, state_word, transfer_word
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.messages import key_for_people, render

HISTORY_HELP = _("The latest runs, newest first.")
SHOW_HELP = _("What happened to one record: type its number, name or number in Administration.")


def history_command(
    company: CompanyOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help=_("How many runs."))] = 20,
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        journal = app.journal(app.chosen(company))
        runs = journal.runs(limit)
        rows = [(run, {state.value: count for state, count in journal.counts(run.id).items()}) for run in runs]
        if as_json:
            print_json(
                [
                    {
                        "run": run.id,
                        "transfer": run.transfer,
                        "started": run.started.isoformat(),
                        "state": run.state,
                        "rows": counts,
                    }
                    for run, counts in rows
                ]
            )
            return
        for run, counts in rows:
            words = " · ".join(counted(count, state) for state, count in counts.items())
            started = run.started.astimezone().strftime("%Y-%m-%d %H:%M:%S")
            console.print(f"{run.id:>5}  {started}  {transfer_word(run.transfer):<14} {words}", highlight=False)
        if not rows:
            console.print(_("No run yet."))


def show_command(
    text: Annotated[str, typer.Argument(help=_("Number or name, exactly."))],
    company: CompanyOption = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        outcomes = app.journal(app.chosen(company)).outcomes_of(text)
        if as_json:
            print_json(
                [
                    {
                        "at": _moment(o.at).isoformat(),
                        "number": o.source_number,
                        "name": o.source_name,
                        "state": o.state.value,
                        "administration": o.target_key,
                        "reasons": reasons_json(o.reasons),
                    }
                    for o in outcomes
                ]
            )
            return
        for outcome in outcomes:
            at = _moment(outcome.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            target = f" → {key}" if (key := key_for_people(outcome.target_key)) else ""
            console.print(
                f"{at}  {outcome.source_number} {outcome.source_name}  {state_word(outcome.state.value)}{target}",
                highlight=False,
                markup=False,
            )
            for why in outcome.reasons:
                console.print(f"    {render(why, translator)}", markup=False, highlight=False)
        if not outcomes:
            told = _("No run has met {text}. Search for it: brygga search invoices {text}").format(text=text)
            console.print(told, markup=False, highlight=False, soft_wrap=True)


def _moment(at: datetime | None) -> datetime:
    """When an outcome was recorded: the journal always notes it."""
    assert at is not None
    return at
