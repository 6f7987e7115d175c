"""Historik: every run and record, searchable: what, when, who, before, after."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar import get
from litestar.params import FromPath, FromQuery

from brygga.i18n import N_
from brygga.insight.audit_export import changes_of, masked
from brygga.records.reasons import Refused, reason
from brygga.store.audit.chain import Search, search
from brygga.store.audit.trail import AuditEvent, Told
from brygga.store.history import Outcome, Run
from brygga.web.site import LISTS, Html, WebRequest, address, page, site_of, tab_of, words_of
from brygga.web.texts import Words

PAGE_ROWS = 50
_AMOUNT = re.compile(r"-?[0-9]+[.][0-9]{2}")

EVENT_WORDS: dict[str, str] = {
    Told.OPERATION: N_("write"),
    Told.LINK: N_("link"),
    Told.SETTING: N_("setting"),
    Told.SECRET: N_("secret"),
    Told.RUN: N_("run"),
    Told.TAKE_OVER: N_("take-over"),
    Told.DOUBT: N_("decision"),
    Told.RESTORE: N_("restore"),
    Told.PRUNE: N_("deletion"),
}
LABELS: dict[str, str] = {
    "state": N_("State"),
    "target_key": N_("In the other system"),
    "target": N_("In the other system"),
    "net": N_("Net"),
    "vat": N_("VAT"),
    "total": N_("To pay"),
    "name": N_("Name"),
    "value": N_("Value"),
    "decision": N_("Decision"),
}
"""What of an event a person reads; the rest stands folded below it, as it is stored."""

WORDS_OF_EVENTS: dict[str, str] = {
    "intended": N_("intended"),
    "linked": N_("linked"),
    "done": N_("done"),
    "refused": N_("refused"),
    "released": N_("may be sent again"),
    "in_doubt": N_("in doubt"),
    "running": N_("under way"),
    "completed": N_("completed"),
    "aborted": N_("cancelled"),
    "failed": N_("stopped"),
    "true": N_("yes"),
    "false": N_("no"),
}

LONGEST_SUBJECT = 34
"""A longer subject is a key of Severa's, which says nothing to a person."""

RUN_WORDS: dict[str, str] = {
    "running": N_("under way"),
    "completed": N_("completed"),
    "aborted": N_("cancelled"),
    "failed": N_("stopped"),
}


class ShownEvent:
    """An event of the audit trail as the pages show it, personal identity numbers masked."""

    def __init__(self, words: Words, event: AuditEvent) -> None:
        plain = masked(event)
        self.at = datetime.fromisoformat(event.at)
        self.who = event.actor
        self.what = words.t(EVENT_WORDS.get(event.kind, event.kind))
        self.number = plain.number or (plain.subject if len(plain.subject) < LONGEST_SUBJECT else "")
        told = changes_of(plain)
        self.changes = [
            (words.t(LABELS[name]), _event_word(words, old), _event_word(words, new))
            for name, old, new in told
            if name in LABELS
        ]
        self.rest = [change for change in told if change[0] not in LABELS]
        self.reasons = plain.why()
        self.run_id = event.run_id


def _event_word(words: Words, text: str) -> str:
    if _AMOUNT.fullmatch(text):
        return words.number(Decimal(text))
    return words.t(WORDS_OF_EVENTS[text]) if text in WORDS_OF_EVENTS else text


def events_of(request: WebRequest, company: str, wanted: Search) -> list[ShownEvent]:
    """The events that fit, newest first."""
    words, engine = words_of(request), site_of(request).app.engine
    return [ShownEvent(words, event) for event in search(engine, company, wanted)]


@get("/{company:str}/historik", sync_to_thread=True)
def history(request: WebRequest, company: FromPath[str], q: FromQuery[str] = "", sida: FromQuery[str] = "1") -> Html:
    """The runs, newest first; with a text, the records and events that it is found in."""
    site, words = site_of(request), words_of(request)
    name, text = site.company(company), q.strip()[:200]
    number = max(1, int(sida)) if sida.isdecimal() and len(sida) < 7 else 1
    offset = (number - 1) * PAGE_ROWS
    journal = site.app.journal(name)
    runs: tuple[Run, ...] = () if text else journal.runs(PAGE_ROWS + 1, offset=offset)
    records: tuple[Outcome, ...] = journal.find(text, offset=offset, limit=PAGE_ROWS + 1) if text else ()
    base = f"/{site.slug(name)}"
    return page(
        request,
        "history.html",
        company=name,
        here="historik",
        text=text,
        runs=[(run, _counts(words, journal.counts(run.id))) for run in runs[:PAGE_ROWS]],
        records=records[:PAGE_ROWS],
        events=events_of(request, name, Search(text=text)) if text and number == 1 else [],
        run_word=lambda run: words.t(RUN_WORDS[run.state]),
        number=number,
        more=len(runs or records) > PAGE_ROWS,
        link=lambda to: address(f"{base}/historik", {"q": text, "sida": to if to > 1 else ""}),
        record_link=lambda outcome: record_address(base, outcome, address(request.url.path, {"q": text})),
    )


@get("/{company:str}/historik/{run_id:int}", sync_to_thread=True)
def show_run(request: WebRequest, company: FromPath[str], run_id: FromPath[int], sida: FromQuery[str] = "1") -> Html:
    """One run with every record it met, and what it changed."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    journal = site.app.journal(name)
    run = journal.run(run_id)
    if run is None:
        raise Refused(reason("WEB-985", id=run_id))
    number = max(1, int(sida)) if sida.isdecimal() and len(sida) < 7 else 1
    outcomes = journal.outcomes(run_id)
    first = (number - 1) * PAGE_ROWS
    base = f"/{site.slug(name)}"
    return page(
        request,
        "history_run.html",
        company=name,
        here="historik",
        run=run,
        run_word=words.t(RUN_WORDS[run.state]),
        counts=_counts(words, journal.counts(run_id)),
        outcomes=outcomes[first : first + PAGE_ROWS],
        all_rows=len(outcomes),
        events=events_of(request, name, Search(run_id=run_id)) if number == 1 else [],
        number=number,
        more=len(outcomes) > first + PAGE_ROWS,
        link=lambda to: address(f"{base}/historik/{run_id}", {"sida": to if to > 1 else ""}),
        record_link=lambda outcome: record_address(base, outcome, f"{base}/historik/{run_id}"),
    )


def record_address(base: str, outcome: Outcome, back: str) -> str:
    """The record's own page, or the question about it where its run was no transfer."""
    if outcome.transfer not in {transfer for _, transfer in LISTS}:
        return address(f"{base}/varfor", {"q": outcome.source_number or outcome.source_name})
    return address(f"{base}/{tab_of(outcome.transfer)}/post/{outcome.source_key}", {"tillbaka": back})


def _counts(words: Words, counts: dict[Any, int]) -> str:
    return " · ".join(words.counted(count, state) for state, count in counts.items())


ROUTES: tuple[Callable[..., Any], ...] = (history, show_run)
