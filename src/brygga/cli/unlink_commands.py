"""``brygga unlink``: take the link of one record away, with a reason."""

from __future__ import annotations

from typing import Annotated

import typer

from brygga.app import App
from brygga.cli.asking import confirmed
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json, print_reason, reasons_json, state_word
from brygga.cli.parameters import CompanyOption, JsonOption, TransferArgument
from brygga.cli.recovery_commands import YesOption
from brygga.store.states import RowState

UNLINK_HELP = _("Take a record's link away; a document's only when Administration does not have it any more.")


def unlink_command(
    transfer: TransferArgument,
    number: Annotated[str, typer.Argument(help=_("Its number in Administration, its name, or its key in Severa."))],
    why: Annotated[str, typer.Option("--reason", metavar="TEXT", help=_("Why; it stays in the history."))],
    company: CompanyOption = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Both systems are asked first; nothing is written to either."""
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        if not yes and (as_json or not confirmed(_("Take the link of {number} away?").format(number=number))):
            raise typer.Exit(Exit.ATTENTION)
        done = app.unlink(name, transfer, number, why)
        if as_json:
            reasons = reasons_json((done.why,))
            print_json(
                {"key": done.source_key, "target": done.target_key, "state": done.state.value, "reasons": reasons}
            )
        else:
            console.print(
                f"{done.target_key} {done.name}: {state_word(done.state.value)}", markup=False, highlight=False
            )
            print_reason(done.why)
        if done.state is RowState.IN_DOUBT:
            raise typer.Exit(Exit.ATTENTION)
