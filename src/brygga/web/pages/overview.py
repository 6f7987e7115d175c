"""Översikt: one sentence per company, then what needs a person, each with the button that leads to the remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.insight.evidence import Evidence, EvidenceDesk
from brygga.store.history import Outcome, Run
from brygga.store.schedules import Schedule
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from brygga.web.site import NEEDS_A_PERSON, TABS, Html, WebRequest, address, page, site_of, tab_of, words_of
from brygga.web.texts import Words

MOST_NAMED = 50
"""Rows that need a person and are named here; the lists have them all."""


@dataclass(frozen=True)
class Todo:
    """One record that needs a person."""

    transfer: str
    outcome: Outcome
    link: str


@get("/{company:str}", sync_to_thread=True)
def overview(request: WebRequest, company: FromPath[str]) -> Html:
    """The company's start page."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    journal = site.app.journal(name)
    latest = {transfer: journal.latest_outcomes(transfer.value) for transfer in Transfer}
    todo = [
        Todo(transfer.value, outcome, _link(site.slug(name), transfer.value, outcome))
        for transfer, outcomes in latest.items()
        for outcome in outcomes.values()
        if outcome.state in NEEDS_A_PERSON
    ]
    runs = journal.runs(8)
    reconciled = EvidenceDesk(site.app.engine).latest(name)
    return page(
        request,
        "overview.html",
        company=name,
        here="oversikt",
        sentence=_sentence(
            words,
            [outcome.state for outcomes in latest.values() for outcome in outcomes.values()],
            reconciled,
        ),
        differing=reconciled if reconciled is not None and reconciled.differing else None,
        updated=_updated(runs, site.app.settings(name).fingerprint()),
        todo=todo[:MOST_NAMED],
        more=max(0, len(todo) - MOST_NAMED),
        runs=[(run, _counts(words, journal.outcomes(run.id)), _seconds(run)) for run in runs],
        under_way=[one for one in site.app.runs.latest(name, 10) if not one.ended],
        next_run=_next(site.app.scheduler.of(name)),
        faults=site.app.settings(name).check(),
        lists=[(tab, transfer) for tab, transfer in TABS],
    )


@get("/{company:str}/anslutning/del", sync_to_thread=True)
def connections(request: WebRequest, company: FromPath[str], fraga: FromQuery[str] = "") -> Html:
    """Whether both systems answer: asked when it is not known, and when a person wants it."""
    site = site_of(request)
    name = site.company(company)
    if fraga or site.connections(name) is None:
        site.checks(name)
    return page(request, "connections.html", company=name, here="oversikt")


def _next(schedules: tuple[Schedule, ...]) -> Schedule | None:
    """The schedule whose turn comes first, of those that are not paused."""
    due = [(each.due, each) for each in schedules if each.due is not None]
    return min(due, key=lambda pair: pair[0])[1] if due else None


@dataclass(frozen=True)
class Updated:
    """That the program is another than the one of the latest run, and whether the settings are as they were then."""

    before: str
    now: str
    same_settings: bool


def _updated(runs: tuple[Run, ...], settings: str) -> Updated | None:
    if not runs or runs[0].program_version == __version__:
        return None
    return Updated(runs[0].program_version, __version__, runs[0].settings_hash == settings)


def _sentence(words: Words, states: list[RowState], reconciled: Evidence | None) -> str:
    """``14 överförda, 0 differenser (2026-01-01 – 2026-01-31), 1 väntar på dig``; the differences of the latest
    reconciliation, nothing of them where none was made."""
    done = sum(state in (RowState.TRANSFERRED, RowState.TRANSFERRED_WITH_REMARK) for state in states)
    person = sum(state in NEEDS_A_PERSON for state in states)
    parts = [words.counted(done, RowState.TRANSFERRED)]
    if reconciled is not None:
        period = f" ({reconciled.result.start} – {reconciled.result.end})"
        parts.append(words.n("{count} difference", "{count} differences", reconciled.differing) + period)
    parts.append(
        words.n("{count} waits for you", "{count} wait for you", person) if person else words.t("nothing waits for you")
    )
    return ", ".join(parts)


def _link(part: str, transfer: str, outcome: Outcome) -> str:
    base = f"/{part}"
    if outcome.state is RowState.IN_DOUBT:
        return f"{base}/osaker"
    return address(f"{base}/{tab_of(transfer)}/post/{outcome.source_key}", {"tillbaka": base})


def _counts(words: Words, outcomes: tuple[Outcome, ...]) -> str:
    states = [outcome.state for outcome in outcomes]
    return " · ".join(words.counted(states.count(state), state) for state in RowState if state in states)


def _seconds(run: Run) -> int | None:
    return round((run.finished - run.started).total_seconds()) if run.finished else None


ROUTES: tuple[Callable[..., Any], ...] = (overview, connections)
