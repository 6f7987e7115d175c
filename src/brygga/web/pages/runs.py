"""A run under way and its result: progress from our own ledger, so that closing the browser changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from brygga.records.reasons import Refused, reason
from brygga.runs.carrying import selection_of
from brygga.store.run_requests import RequestKind, RequestState, RunRequest
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.web.site import Html, Site, WebRequest, moved, page, site_of, tab_of, words_of
from brygga.web.texts import Words

SHOWN_ROWS = 500
"""Rows on the page of a run, those that need a person first; the history has them all."""

ORDER = (
    RowState.FAILED,
    RowState.IN_DOUBT,
    RowState.WAITING,
    RowState.TRANSFERRED_WITH_REMARK,
    RowState.TRANSFERRED,
    RowState.SKIPPED,
)
AGAIN = (RowState.FAILED, RowState.WAITING)
"""Rows that may be tried again; what is in doubt is decided by a person."""


@get("/{company:str}/korning/{request_id:int}", sync_to_thread=True)
def show_run(request: WebRequest, company: FromPath[str], request_id: FromPath[int]) -> Html:
    """The page of a run."""
    return _answer(request, company, request_id, "run.html")


@get("/{company:str}/korning/{request_id:int}/del", sync_to_thread=True)
def part_of_run(
    request: WebRequest, company: FromPath[str], request_id: FromPath[int], lista: FromQuery[str] = ""
) -> Html | Response[str]:
    """What changes on the page while the run goes on; a list that waits for its search is loaded anew at its end."""
    site = site_of(request)
    run = _own(site, site.company(company), request_id)
    if lista and run.ended:
        return Response("", headers={"HX-Refresh": "true"})
    answer = _answer(request, company, request_id, "run_part.html")
    if run.ended:
        answer.headers["HX-Refresh"] = "true"
    return answer


@post("/{company:str}/korning/{request_id:int}/avbryt", sync_to_thread=True)
def cancel(request: WebRequest, company: FromPath[str], request_id: FromPath[int]) -> Html:
    """Stop after the record under way."""
    site = site_of(request)
    name = site.company(company)
    site.app.runs.cancel(_own(site, name, request_id).id)
    return moved(f"/{site.slug(name)}/korning/{request_id}")


@post("/{company:str}/korning/{request_id:int}/godkann", sync_to_thread=True)
def approve(request: WebRequest, company: FromPath[str], request_id: FromPath[int]) -> Html:
    """Let a run go on that the circuit breaker holds."""
    site = site_of(request)
    name = site.company(company)
    site.app.runs.approve(_own(site, name, request_id).id)
    return moved(f"/{site.slug(name)}/korning/{request_id}")


@post("/{company:str}/korning/{request_id:int}/igen", sync_to_thread=True)
def again(request: WebRequest, company: FromPath[str], request_id: FromPath[int]) -> Html:
    """Try the rows again that failed or wait: a new run with these alone."""
    site = site_of(request)
    name = site.company(company)
    run = _own(site, name, request_id)
    outcomes = site.app.journal(name).outcomes(run.run_id) if run.run_id else ()
    keys = frozenset(outcome.source_key for outcome in outcomes if outcome.state in AGAIN)
    if not keys:
        raise Refused(reason("WEB-965"))
    decided = selection_of(run).of_preview(keys)
    started = site.app.runs.start(name, Transfer(run.transfer), decided)
    return moved(f"/{site.slug(name)}/korning/{started.id}")


def _own(site: Site, company: str, request_id: int) -> RunRequest:
    run = site.app.runs.get(request_id)
    if run.company != company:
        raise Refused(reason("KOR-874", id=request_id))
    return run


def _answer(request: WebRequest, company: str, request_id: int, template: str) -> Html:
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    run = _own(site, name, request_id)
    progress = site.app.runs.progress(request_id)
    is_search = run.kind is RequestKind.SEARCH
    outcomes = site.app.journal(name).outcomes(run.run_id) if run.run_id and not is_search else ()
    ordered = sorted(outcomes, key=lambda outcome: ORDER.index(outcome.state) if outcome.state in ORDER else len(ORDER))
    return page(
        request,
        template,
        company=name,
        here=tab_of(run.transfer),
        tab=tab_of(run.transfer),
        heading=_heading(words, run),
        request_id=request_id,
        run_id=run.run_id,
        progress=progress,
        remaining=_remaining(words, progress.remaining_seconds),
        cancelling=run.cancel_asked is not None,
        done=run.ended,
        held=run.state is RequestState.HELD,
        preview=run.preview,
        reasons_of_run=run.reasons,
        outcomes=ordered[:SHOWN_ROWS],
        more=max(0, len(ordered) - SHOWN_ROWS),
        failed_rows=sum(outcome.state in AGAIN for outcome in outcomes),
        sentence=_sentence(words, run, [outcome.state for outcome in outcomes]),
    )


def _heading(words: Words, run: RunRequest) -> str:
    """What the run does, with the tab's name as it stands within a sentence: what is a name there keeps its capital."""
    name = words.transfer(run.transfer)
    what = name[:1].lower() + name[1:]
    return (
        words.t("Search {what}", what=what) if run.kind is RequestKind.SEARCH else words.t("Transfer {what}", what=what)
    )


def _sentence(words: Words, run: RunRequest, states: list[RowState]) -> str:
    counts = [words.counted(states.count(state), state) for state in ORDER if state in states]
    parts = {
        RequestState.QUEUED: words.t("Waits for its turn."),
        RequestState.RUNNING: words.t("Under way."),
        RequestState.HELD: words.t("Held: a person decides whether it goes on."),
        RequestState.COMPLETED: words.t("Done."),
        RequestState.CANCELLED: words.t("Cancelled: no further record was begun."),
        RequestState.FAILED: words.t("Stopped before it was done."),
    }
    said = parts[run.state]
    return " · ".join([said.removesuffix("."), *counts]) if counts else said


def _remaining(words: Words, seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return words.t("about {count} s left", count=max(1, round(seconds)))
    return words.t("about {count} min left", count=round(seconds / 60))


ROUTES: tuple[Callable[..., Any], ...] = (show_run, part_of_run, cancel, approve, again)
