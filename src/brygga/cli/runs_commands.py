"""``brygga runs``: what was asked for, how far it is, cancel, approve."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Drawing

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import counted, print_json, print_reason, reasons_json, transfer_word
from brygga.cli.parameters import CompanyOption, JsonOption
from brygga.store.run_requests import Progress, RequestState, RunRequest

runs_commands = typer.Typer(help=_("The runs: list, watch, cancel, approve."), no_args_is_help=True)

RunArgument = Annotated[int, typer.Argument(metavar="ID", min=1, help=_("The run's number, as in brygga runs list."))]

LOOK_SECONDS = 0.3


def request_word(request: RunRequest) -> str:
    """How a run stands, in the person's language."""
    if request.state is RequestState.RUNNING and request.cancel_asked is not None:
        return _("is being cancelled")
    words = {
        RequestState.QUEUED: _("queued"),
        RequestState.RUNNING: _("under way"),
        RequestState.HELD: _("waits for approval"),
        RequestState.COMPLETED: _("completed"),
        RequestState.CANCELLED: _("stopped on request"),
        RequestState.FAILED: _("stopped"),
    }
    return words[request.state]


def request_json(request: RunRequest) -> dict[str, Any]:
    """A run for scripts."""
    return {
        "id": request.id,
        "company": request.company,
        "transfer": request.transfer,
        "kind": request.kind.value,
        "origin": request.origin.value,
        "state": request.state.value,
        "cancelling": request.state is RequestState.RUNNING and request.cancel_asked is not None,
        "run": request.run_id,
        "attempts": request.attempts,
        "requested": request.requested.isoformat(),
        "finished": request.finished.isoformat() if request.finished else None,
        "reasons": reasons_json(request.reasons),
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """How far a run is, for scripts."""
    return {
        **request_json(progress.request),
        "done": progress.done,
        "total": progress.total,
        "current": progress.current,
        "remaining_seconds": progress.remaining_seconds,
    }


@runs_commands.command("list", help=_("The latest runs, newest first."))
def list_runs(
    company: CompanyOption = "",
    limit: Annotated[int, typer.Option("--limit", min=1, metavar="N", help=_("How many runs."))] = 20,
    as_json: JsonOption = False,
) -> None:
    app = App()
    with sentences(as_json):
        found = app.runs.latest(app.known(company).company if company else "", limit)
        if as_json:
            print_json([request_json(request) for request in found])
            return
        for request in found:
            print_request(request)
        if not found:
            console.print(_("No run yet."))


@runs_commands.command("watch", help=_("Look at a run until it has ended; Ctrl+C only stops looking."))
def watch(run: RunArgument, as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        progress = app.runs.progress(run)
        try:
            progress = _followed(app, progress, quiet=as_json)
        except KeyboardInterrupt:
            progress = app.runs.progress(run)
        if as_json:
            print_json(progress_json(progress))
        else:
            _print_end(app, progress)
        if progress.request.state in (RequestState.FAILED, RequestState.CANCELLED, RequestState.HELD):
            raise typer.Exit(Exit.ATTENTION)


@runs_commands.command("cancel", help=_("Stop a run after the record it is at; nothing is undone."))
def cancel(run: RunArgument, as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        request = app.runs.cancel(run)
        if as_json:
            print_json(request_json(request))
            return
        console.print(f"{run}: {request_word(request)}", highlight=False, markup=False)
        if not request.ended:
            console.print(_("The record under way is finished first; no new one is begun."))


@runs_commands.command("approve", help=_("Let a run go on that waits because something was unusual."))
def approve(run: RunArgument, as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        request = app.runs.approve(run)
        if as_json:
            print_json(request_json(request))
            return
        console.print(f"{run}: {request_word(request)}", highlight=False, markup=False)


@runs_commands.command("workers", help=_("The programs that carry runs out now."))
def workers(as_json: JsonOption = False) -> None:
    app = App()
    with sentences(as_json):
        alive = app.runs.workers()
        if as_json:
            print_json([{"slot": w.slot, "place": w.place, "version": w.version, "since": w.started} for w in alive])
            return
        for worker in alive:
            console.print(f"{worker.place}  {worker.version}  {local(worker.started)}", highlight=False, markup=False)
        if not alive:
            console.print(_("No worker is running. Start one with: brygga worker"))


def local(moment: datetime) -> str:
    """A moment as people here read it."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def print_request(request: RunRequest) -> None:
    """One line, and the reasons under it."""
    word = transfer_word(request.transfer)
    line = f"{request.id:>5}  {local(request.requested)}  {request.company:<12} {word:<14} {request_word(request)}"
    console.print(line, highlight=False, markup=False)
    for why in request.reasons:
        print_reason(why)


def _followed(app: App, progress: Progress, *, quiet: bool) -> Progress:
    """Draw the run's progress until it has ended or is held."""
    drawing = Drawing(
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn("{task.fields[last]}", markup=False),
        console=console,
        disable=quiet,
    )
    with drawing:
        task = drawing.add_task(transfer_word(progress.request.transfer), total=None, last="")
        while True:
            drawing.update(task, completed=progress.done, total=progress.total, last=_last(progress))
            if progress.request.ended or progress.request.state is RequestState.HELD:
                return progress
            time.sleep(LOOK_SECONDS)
            progress = app.runs.progress(progress.request.id)


def _last(progress: Progress) -> str:
    if progress.request.ended:
        return ""
    left = progress.remaining_seconds
    about = _("about {minutes} min left").format(minutes=max(1, round(left / 60))) if left is not None else ""
    return " · ".join(each for each in (request_word(progress.request), progress.current, about) if each)


def _print_end(app: App, progress: Progress) -> None:
    print_request(progress.request)
    if progress.request.run_id is not None:
        counts = app.journal(progress.request.company).counts(progress.request.run_id)
        console.print(" · ".join(counted(count, state.value) for state, count in counts.items()), highlight=False)
