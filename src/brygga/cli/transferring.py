"""Carrying a transfer out with a progress bar, and telling how it went."""

from __future__ import annotations

from brygga.app import App
from brygga.cli.exits import console
from brygga.cli.language import _
from brygga.cli.output import print_reason, print_rows, print_skipped, state_word, summary, transfer_word
from brygga.cli.progress import Bar
from brygga.cli.runs_commands import request_word
from brygga.records.reasons import Level, Refused, reason
from brygga.runs.run import DELIVERED, Report
from brygga.store.states import RowState
from brygga.transfers.payments import given_statuses
from brygga.transfers.plan import Transfer
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection


def transferred(app: App, name: str, transfer: Transfer, chosen: Selection, shown: str, *, quiet: bool) -> Report:
    """Carry a transfer out with a progress bar, after what an earlier one left when it was cut off.

    ``Refused`` KOR-897 when it was cancelled before it began.
    """
    try:
        with Bar(transfer_word(transfer.value), quiet=quiet) as bar:
            for earlier in app.runs.resume_here(name, bar):
                bar.say(
                    _("Run {id} had been cut off; now it is: {state}").format(
                        id=earlier.id, state=request_word(earlier)
                    )
                )
            carried = app.runs.run_here(name, transfer, chosen, preview=shown, watcher=bar)
    finally:
        app.close()
    if carried.report is None:
        raise Refused(reason("KOR-897", id=carried.request.id))
    return carried.report


NEEDS_A_PERSON = (RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.TRANSFERRED_WITH_REMARK)


def needs_attention(report: Report) -> bool:
    """Whether a row failed, waits or is in doubt, or has a remark, or the run was cancelled."""
    return report.cancelled or bool(report.gone) or any(result.state in NEEDS_A_PERSON for result in report.results)


def print_report(report: Report) -> None:
    """One sentence, then the rows that this run wrote or that have something to say."""
    for result in report.settled:
        console.print(
            _("Settled from an earlier run: {number} {state}").format(
                number=result.plan.source_number, state=state_word(result.state.value)
            )
        )
    if report.cancelled:
        console.print(_("Cancelled: no further record was begun."))
    if report.gone:
        console.print(
            _("{count} rows of the preview are not listed any more and were not sent.").format(count=len(report.gone))
        )
    if not report.results and not report.cancelled:
        console.print(_("Nothing new to transfer."))
    elif report.written == 0 and not report.cancelled:
        console.print(_("Nothing new to transfer. From before: {summary}").format(summary=summary(report.results)))
    else:
        console.print(summary(report.results))
    for why in given_statuses(result.plan for result in report.results if result.state in DELIVERED):
        print_reason(why)
    print_rows(worth_showing(report), with_amounts=any(r.plan.gross is not None for r in report.results))
    print_skipped(report.results)


def worth_showing(report: Report) -> list[Result]:
    """Every document that was sent, and of registers only what has something to say; ``show`` tells of the others."""

    def says_something(result: Result) -> bool:
        return result.state in NEEDS_A_PERSON or any(why.level is not Level.NOTE for why in result.reasons)

    written = [r for r in report.results if r.plan.writes or r.state in NEEDS_A_PERSON]
    return [r for r in written if r.plan.gross is not None or says_something(r)]
