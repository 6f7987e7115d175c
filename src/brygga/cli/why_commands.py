"""``brygga why``: the chain of rules that a record passed, and the one that stopped it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from brygga.app import App
from brygga.cli.exits import console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json, print_reason, reasons_json, state_word, transfer_word
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.insight.why_not import Answer, Verdict, why_not
from brygga.store.listings import Listings

WHY_HELP = _("Why a record is not transferred: the rules it passed and the one that stopped it, whatever the filter.")

SIGNS = {Verdict.PASSED: "✓", Verdict.REMARKED: "!", Verdict.STOPPED: "✕", Verdict.NOT_ASKED: "·"}


def why_command(
    text: Annotated[str, typer.Argument(help=_("Number or name, exactly."))],
    company: CompanyOption = "",
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        with app.company(name, read_only=True, mirrored=False) as opened, console.status(_("Reading …")):
            found = why_not(opened, text, Listings(app.engine))
        if as_json:
            print_json([_as_json(answer) for answer in found])
            return
        for answer in found:
            _print(answer)
        if not found:
            told = _("Neither Severa, the links nor the history has anything called {text}.").format(text=text)
            console.print(told, markup=False, highlight=False)


def _print(answer: Answer) -> None:
    head = f"{transfer_word(answer.transfer.value)}  {answer.number} {answer.name}  {state_word(answer.state.value)}"
    console.print(head, markup=False, highlight=False)
    for step in answer.steps:
        line = f"  {SIGNS[step.verdict]} {_(step.rule)}"
        if step.verdict is Verdict.NOT_ASKED:
            line += f" ({_('not asked')})"
        console.print(line, markup=False, highlight=False)
        for why in step.reasons:
            print_reason(why)


def _as_json(answer: Answer) -> dict[str, Any]:
    return {
        "transfer": answer.transfer.value,
        "key": answer.source_key,
        "number": answer.number,
        "name": answer.name,
        "state": answer.state.value,
        "steps": [
            {"rule": step.rule, "verdict": step.verdict.value, "reasons": reasons_json(step.reasons)}
            for step in answer.steps
        ],
    }
