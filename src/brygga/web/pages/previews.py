"""The preview: what will be created, changed and skipped, exactly as it is carried out (architecture, "The plan")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.messages import KIND_WORDS
from brygga.records.reasons import Refused, reason
from brygga.runs.listing import decoded
from brygga.runs.previews import Preview
from brygga.store.database import utcnow
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, needed_first
from brygga.transfers.results import Result, result_of
from brygga.transfers.selection import Selection
from brygga.web.pages.lists import VALUED
from brygga.web.site import Html, Site, WebRequest, moved, page, site_of, slug, tab_of, words_of
from brygga.web.texts import N_, Words

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
    request: WebRequest, company: FromPath[str], preview_id: FromPath[str], lista: FromQuery[str] = ""
) -> Html:
    """A preview that was made from a list."""
    site, words = site_of(request), words_of(request)
    name = site.company(company)
    kept = site.app.previews.find(preview_id, company=name)
    results = [result_of(plan) for plan in _plans(site, name, kept, lista)]
    writing = [result for result in results if result.plan.writes]
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
        back=f"/{slug(name)}/{tab}",
        valued=VALUED,
        kind_word=lambda kind: words.t(KIND_WORDS.get(str(kind), str(kind))),
        action_word=lambda action: words.t(ACTION_WORDS[action]),
        posting=lambda plan: "",
    )


@post("/{company:str}/forhandsgranskning/{preview_id:str}/overfor", sync_to_thread=True)
def transfer_preview(request: WebRequest, company: FromPath[str], preview_id: FromPath[str]) -> Html:
    """Carry the preview out: exactly these rows, those that have not changed since."""
    site = site_of(request)
    name = site.company(company)
    kept = site.app.previews.find(preview_id, company=name)
    settings = site.app.settings(name).fingerprint()
    site.app.previews.load(
        preview_id, company=name, transfer=kept.transfer, settings=settings, version=__version__, now=utcnow()
    )
    started = site.app.runs.start(name, kept.transfer, Selection(keys=frozenset(kept.hashes)), preview=kept.id)
    return moved(f"/{slug(name)}/korning/{started.id}")


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
