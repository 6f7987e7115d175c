"""The preview: what will be created, changed and skipped, exactly as it is carried out (architecture, "The plan")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.insight.posting import Kontering, postings
from brygga.messages import KIND_WORDS
from brygga.records.reasons import Fault, Reason, Refused, reason
from brygga.runs.listing import decoded
from brygga.runs.previews import Preview
from brygga.store.database import utcnow
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer, needed_first
from brygga.transfers.results import Result, result_of
from brygga.transfers.selection import Selection
from brygga.web.pages.lists import VALUED, Form
from brygga.web.site import Html, Site, WebRequest, address, moved, page, site_of, tab_of, words_of
from brygga.web.texts import N_, Words

MOST_KEPT = 20
"""Previews whose kontering is kept in memory."""

ACTION_WORDS = {
    Action.CREATE: N_("is created"),
    Action.UPDATE: N_("is changed"),
    Action.LINK: N_("is coupled with what is there"),
    Action.NOTHING: N_("nothing to do"),
    Action.SKIP: N_("is skipped"),
    Action.WAIT: N_("waits"),
    Action.REFUSE: N_("is not sent"),
}


@get("/{company:str}/forhandsgranskning/{preview_id:str}", sync_to_thread=True)
def show_preview(
    request: WebRequest,
    company: FromPath[str],
    preview_id: FromPath[str],
    lista: FromQuery[str] = "",
    hoppa: FromQuery[str] = "",
) -> Html:
    """A preview that was made from a list; ``hoppa=alla`` proposes that no record that exists is changed."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    kept = site.app.previews.find(preview_id, company=name)
    results = [result_of(plan) for plan in _plans(site, name, kept, lista)]
    writing = [result for result in results if result.plan.writes]
    posted, why_not_posted = _konteringar(site, name, kept, [result.plan for result in writing])
    tab = tab_of(kept.transfer.value)
    return page(
        request,
        "preview.html",
        company=name,
        here=tab,
        preview=kept,
        name=kept.transfer.value,
        sentence=_sentence(words, writing),
        needs=needed_first(result.plan for result in writing),
        groups=_groups(words, results),
        writes=len(writing),
        back=f"/{site.slug(name)}/{tab}",
        valued=VALUED,
        kind_word=lambda kind: words.t(KIND_WORDS.get(str(kind), str(kind))),
        action_word=lambda action: words.t(ACTION_WORDS[action]),
        posted=posted,
        why_not_posted=why_not_posted,
        agreeing=sum(kontering.agrees for kontering in posted.values()),
        conflicts=sum(result.plan.action is Action.UPDATE for result in writing),
        skip_all=hoppa == "alla",
        listing_id=lista,
        to_master=_to_master(site, name, kept.transfer, words),
        link=lambda skip: address(request.url.path, {"lista": lista, "hoppa": skip}),
    )


@post("/{company:str}/forhandsgranskning/{preview_id:str}/overfor", sync_to_thread=True)
def transfer_preview(request: WebRequest, company: FromPath[str], preview_id: FromPath[str], form: Form) -> Html:
    """Carry the preview out: exactly these rows, those that have not changed since, without the conflicts that a
    person chose to leave alone."""
    site = site_of(request)
    name = site.company(company)
    kept = site.app.previews.find(preview_id, company=name)
    settings = site.app.settings(name).fingerprint()
    site.app.previews.load(
        preview_id, company=name, transfer=kept.transfer, settings=settings, version=__version__, now=utcnow()
    )
    skipped = {key for key in kept.hashes if form.get(f"konflikt:{key}") == "hoppa"}
    if skipped:
        left = [plan for plan in _plans(site, name, kept, str(form.get("lista", ""))) if plan.source_key not in skipped]
        if not any(plan.writes for plan in left):
            raise Refused(reason("WEB-965"))
        kept = site.app.previews.save(name, kept.transfer, left, settings=settings, version=__version__, now=utcnow())
    started = site.app.runs.start(name, kept.transfer, Selection(keys=frozenset(kept.hashes)), preview=kept.id)
    return moved(f"/{site.slug(name)}/korning/{started.id}")


def _plans(site: Site, company: str, kept: Preview, listing_id: str) -> tuple[Plan, ...]:
    """The preview's plans, from the list that it was made from: nothing is read anew."""
    listings = Listings(site.app.engine)
    listing = listings.get(company, listing_id) or listings.latest(company, kept.transfer.value)
    if listing is None:
        raise Refused(reason("KOR-873", id=kept.id))
    plans = {plan.source_key: plan for plan in decoded(listings.plans_of(listing, tuple(kept.hashes)))}
    if any(key not in plans or plans[key].hash != kept.hashes[key] for key in kept.hashes):
        raise Refused(reason("KOR-873", id=kept.id))
    return tuple(plans.values())


def _konteringar(
    site: Site, company: str, kept: Preview, plans: list[Plan]
) -> tuple[dict[str, Kontering], Reason | None]:
    """What each invoice is posted to, read once for a preview; and why not, where Administration cannot be asked."""
    if kept.transfer is not Transfer.INVOICES or not plans:
        return {}, None
    known = site.kept_postings.get(kept.id)
    if known is None:
        try:
            with site.app.company(company, read_only=True) as opened:
                known = postings(opened, plans)
        except Fault as fault:
            return {}, fault.reason
        for old in list(site.kept_postings)[: max(0, len(site.kept_postings) - MOST_KEPT)]:
            site.kept_postings.pop(old, None)
        site.kept_postings[kept.id] = known
    return known, None


def _to_master(site: Site, company: str, transfer: Transfer, words: Words) -> str:
    """Which system gives the numbers, for a preview of invoices."""
    if transfer is not Transfer.INVOICES:
        return ""
    master = site.app.settings(company).get("numbering.master")
    if master == "severa":
        return words.t("to Administration; Severa gives the numbers")
    return words.t("to Administration, which gives the numbers") if master == "administration" else ""


def _sentence(words: Words, writing: list[Result]) -> str:
    sums: dict[str, Any] = {}
    for result in writing:
        if result.plan.gross is not None:
            sums[result.plan.currency] = sums.get(result.plan.currency, 0) + result.plan.gross
    amounts = ", ".join(words.translator.money(total, currency or "SEK") for currency, total in sums.items())
    rows = words.n("{count} row", "{count} rows", len(writing))
    return f"{rows}, {amounts}" if amounts else rows


def _groups(words: Words, results: list[Result]) -> list[tuple[str, list[Result]]]:
    """By what happens with them, those that are written first."""
    t = words.t
    by_state = {
        t("Will be transferred"): [r for r in results if r.plan.writes],
        t("Failed"): [r for r in results if not r.plan.writes and r.state is RowState.FAILED],
        t("Waiting"): [r for r in results if not r.plan.writes and r.state is RowState.WAITING],
        t("Skipped"): [r for r in results if not r.plan.writes and r.state is RowState.SKIPPED],
        t("Nothing to do"): [r for r in results if not r.plan.writes and r.state is RowState.TRANSFERRED],
    }
    return list(by_state.items())


ROUTES: tuple[Callable[..., Any], ...] = (show_preview, transfer_preview)
