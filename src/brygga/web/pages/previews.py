"""The preview: what will be created, changed and skipped, exactly as it is carried out (architecture, "The plan")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.i18n import N_
from brygga.insight.posting import postings
from brygga.messages import KIND_WORDS
from brygga.records.base import fingerprint
from brygga.records.reasons import Fault, Reason, Refused, reason
from brygga.runs.conflicts import Conflicts, left_alone
from brygga.runs.listing import decoded
from brygga.runs.offers import Offers
from brygga.runs.previews import Preview
from brygga.store.database import utcnow
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer, needed_first
from brygga.transfers.results import Result, result_of
from brygga.transfers.selection import Selection
from brygga.web.accepting import accepting
from brygga.web.pages.lists import VALUED, Form, amount_heading
from brygga.web.site import Html, Posted, Site, WebRequest, address, moved, page, site_of, tab_of, words_of
from brygga.web.texts import Words

MOST_KEPT = 20
"""Previews whose kontering is kept in memory."""

UPDATES = {"uppdatera": True, "hoppa": False}
"""Whether a record with other contents is changed, by the words of the form."""

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
    plans = _plans(site, name, kept, lista)
    results = [result_of(plan) for plan in plans]
    writing = [result for result in results if result.plan.writes]
    conflicts = Conflicts(plans, kept.answers)
    offers = Offers(plans, kept.decisions.accepted)
    told, why_not_posted = _konteringar(site, name, kept, [result.plan for result in writing])
    posted = told.posting
    tab = tab_of(kept.transfer.value)
    return page(
        request,
        "preview.html",
        company=name,
        here=tab,
        preview=kept,
        seal=fingerprint(sorted(kept.hashes.items())),
        name=kept.transfer.value,
        sentence=_sentence(words, writing),
        needs=needed_first(result.plan for result in writing),
        groups=_groups(words, results, offers),
        writes=_writes(plans, conflicts),
        back=f"/{site.slug(name)}/{tab}",
        valued=VALUED,
        amount_heading=amount_heading(words, kept.transfer.value),
        kind_word=lambda kind: words.t(KIND_WORDS.get(str(kind), str(kind))),
        action_word=lambda action: words.t(ACTION_WORDS[action]),
        posted=posted,
        why_not_posted=why_not_posted,
        agreeing=sum(kontering.agrees for kontering in posted.values()),
        conflicts=conflicts,
        conflict_address=f"/{site.slug(name)}/forhandsgranskning/{kept.id}/svara",
        offers=offers,
        offer_address=f"/{site.slug(name)}/forhandsgranskning/{kept.id}/godta",
        listing_id=lista,
        to_master=_to_master(site, name, words, [result.plan for result in writing], told.first_number),
    )


@post("/{company:str}/forhandsgranskning/{preview_id:str}/svara", sync_to_thread=True)
def answer_conflicts(request: WebRequest, company: FromPath[str], preview_id: FromPath[str], form: Form) -> Html:
    """Keep the answers of the form; ``aterstaende`` gives those that have none yet the same one."""
    site = site_of(request)
    name = site.company(company)
    kept = site.app.previews.find(preview_id, company=name)
    listing_id = str(form.get("lista", ""))
    plans = _plans(site, name, kept, listing_id)
    conflicts = _answered(kept, plans, form)
    rest = str(form.get("aterstaende", ""))
    if rest in UPDATES:
        conflicts.decide(update=UPDATES[rest], rest=True)
    site.app.previews.answer(kept, conflicts.answers)
    path = f"/{site.slug(name)}/forhandsgranskning/{kept.id}"
    if "hx-request" in request.headers and not rest:
        return page(
            request,
            "answered_part.html",
            company=name,
            conflicts=conflicts,
            conflict_address=f"{path}/svara",
            writes=_writes(plans, conflicts),
        )
    return moved(address(path, {"lista": listing_id}))


@post("/{company:str}/forhandsgranskning/{preview_id:str}/godta", sync_to_thread=True)
def accept_offers(request: WebRequest, company: FromPath[str], preview_id: FromPath[str], form: Form) -> Html:
    """Plan anew with the offers that are ticked, or with ``alla`` every one, and show what is done then."""
    site = site_of(request)
    name = site.company(company)
    kept = _holding(site, name, preview_id)
    listing_id = str(form.get("lista", ""))
    plans = _plans(site, name, kept, listing_id)
    offers = Offers(plans, kept.decisions.accepted)
    accepted = offers.keys if form.get("alla") else _ticked(offers, form)
    if not accepted and not offers.accepted:
        raise Refused(reason("WEB-974"))
    return _planned_anew(site, kept, plans, accepted, listing_id, _answered(kept, plans, form).answers)


@post("/{company:str}/forhandsgranskning/{preview_id:str}/overfor", sync_to_thread=True)
def transfer_preview(request: WebRequest, company: FromPath[str], preview_id: FromPath[str], form: Form) -> Html:
    """Carry the preview out: exactly these rows, those that have not changed since, without the conflicts that a
    person chose to leave alone. Offers ticked otherwise than it was planned with are planned and shown first."""
    site = site_of(request)
    name = site.company(company)
    kept = _holding(site, name, preview_id)
    listing_id = str(form.get("lista", ""))
    plans = _plans(site, name, kept, listing_id)
    conflicts, offers = _answered(kept, plans, form), Offers(plans, kept.decisions.accepted)
    if _ticked(offers, form) != offers.accepted:
        return _planned_anew(site, kept, plans, _ticked(offers, form), listing_id, conflicts.answers)
    chosen = conflicts.decided(kept.decisions)
    if chosen != kept.decisions:
        # What was approved has a preview of its own, by whose hashes the run is held to the answers too.
        plans = tuple(left_alone(plan, chosen) for plan in plans)
        if not any(plan.writes for plan in plans):
            raise Refused(reason("WEB-965"))
        kept = site.app.previews.save(
            name,
            kept.transfer,
            plans,
            settings=kept.settings,
            version=__version__,
            now=utcnow(),
            chosen=chosen,
            planned=kept.planned,
        )
    started = site.app.runs.start(name, kept.transfer, kept.selection, preview=kept.id)
    return moved(f"/{site.slug(name)}/korning/{started.id}")


def _holding(site: Site, company: str, preview_id: str) -> Preview:
    """The preview, if it still holds: ``Refused`` when it has expired, or settings or program changed since."""
    kept = site.app.previews.find(preview_id, company=company)
    settings = site.app.settings(company).fingerprint()
    return site.app.previews.load(
        preview_id, company=company, transfer=kept.transfer, settings=settings, version=__version__, now=utcnow()
    )


def _ticked(offers: Offers, form: FormMultiDict) -> frozenset[str]:
    """The offers that the form accepts."""
    return offers.keys & {str(key) for key in form.getall("godta", [])}


def _planned_anew(
    site: Site,
    kept: Preview,
    plans: tuple[Plan, ...],
    accepted: frozenset[str],
    listing_id: str,
    answers: Mapping[str, bool],
) -> Html:
    """The preview again, with exactly these offers accepted: a preview of its own, by whose hashes its run is held."""
    new = accepting(site.app, kept.company, kept.transfer, plans, accepted, decisions=kept.decisions, answers=answers)
    return moved(address(f"/{site.slug(kept.company)}/forhandsgranskning/{new.id}", {"lista": listing_id}))


def _writes(plans: Iterable[Plan], conflicts: Conflicts) -> int:
    """How many rows are written as the conflicts were answered."""
    chosen = conflicts.decided(Selection())
    return sum(left_alone(plan, chosen).writes for plan in plans)


def _answered(kept: Preview, plans: Iterable[Plan], form: FormMultiDict) -> Conflicts:
    """The conflicts with the answers that were kept, and over them those of the form."""
    said = {key: UPDATES.get(str(form.get(f"konflikt:{key}", ""))) for key in kept.hashes}
    answers = {key: update for key, update in said.items() if update is not None}
    return Conflicts(plans, kept.answers | answers)


def _plans(site: Site, company: str, kept: Preview, listing_id: str) -> tuple[Plan, ...]:
    """The preview's plans, its own or from the list that it was made from: nothing is read anew."""
    found = kept.planned
    if not found:
        listings = Listings(site.app.engine)
        listing = listings.get(company, listing_id) or listings.latest(company, kept.transfer.value)
        if listing is None:
            raise Refused(reason("KOR-873", id=kept.id))
        found = decoded(listings.plans_of(listing, tuple(kept.hashes)))
    plans = {plan.source_key: left_alone(plan, kept.decisions) for plan in found}
    if any(key not in plans or plans[key].hash != kept.hashes[key] for key in kept.hashes):
        raise Refused(reason("KOR-873", id=kept.id))
    return tuple(plans.values())


def _konteringar(site: Site, company: str, kept: Preview, plans: list[Plan]) -> tuple[Posted, Reason | None]:
    """What each invoice is posted to, read once for a preview; and why not, where Administration cannot be asked."""
    if kept.transfer is not Transfer.INVOICES or not plans:
        return Posted(), None
    known = site.kept_postings.get(kept.id)
    if known is None:
        try:
            with site.app.company(company, read_only=True) as opened:
                known = Posted(postings(opened, plans), opened.administration.last_invoice_number() + 1)
        except Fault as fault:
            return Posted(), fault.reason
        for old in list(site.kept_postings)[: max(0, len(site.kept_postings) - MOST_KEPT)]:
            site.kept_postings.pop(old, None)
        site.kept_postings[kept.id] = known
    return known, None


def _to_master(site: Site, company: str, words: Words, plans: list[Plan], first: int) -> str:
    """Which system gives the numbers, and which they will be as far as is known, for a preview of invoices."""
    documents = [plan for plan in plans if plan.transfer is Transfer.INVOICES and plan.action is Action.CREATE]
    if not documents:
        return ""
    match site.app.settings(company).get("numbering.master"):
        case "severa":
            given = sorted(int(plan.source_number) for plan in documents if plan.source_number.isdecimal())
            range_ = _range(given[0], given[-1]) if given else "–"
            return words.t("to Administration; Severa gives the numbers: {numbers}", numbers=range_)
        case "administration" if first:
            range_ = _range(first, first + len(documents) - 1)
            return words.t("to Administration, which gives the numbers, next {numbers}", numbers=range_)
        case "administration":
            return words.t("to Administration, which gives the numbers")
    return ""


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _sentence(words: Words, writing: list[Result]) -> str:
    sums: dict[str, Any] = {}
    for result in writing:
        amount = result.plan.net if result.plan.gross is None else result.plan.gross
        if amount is not None:
            sums[result.plan.currency] = sums.get(result.plan.currency, 0) + amount
    amounts = ", ".join(words.translator.money(total, currency or "SEK") for currency, total in sums.items())
    rows = words.n("{count} row", "{count} rows", len(writing))
    return f"{rows}, {amounts}" if amounts else rows


def _groups(words: Words, results: list[Result], offers: Offers) -> list[tuple[str, list[Result]]]:
    """By what happens with them, those that are written first, then those that a person may accept."""
    t = words.t
    may_accept = [r for r in results if not r.plan.writes and r.plan.source_key in offers.keys]
    offered = {r.plan.source_key for r in may_accept}
    results = [r for r in results if r.plan.source_key not in offered]
    by_state = {
        t("Will be transferred"): [r for r in results if r.plan.writes],
        t("Offered to you"): may_accept,
        t("Failed"): [r for r in results if not r.plan.writes and r.state is RowState.FAILED],
        t("Waiting"): [r for r in results if not r.plan.writes and r.state is RowState.WAITING],
        t("Skipped"): [r for r in results if not r.plan.writes and r.state is RowState.SKIPPED],
        t("Nothing to do"): [r for r in results if not r.plan.writes and r.state is RowState.TRANSFERRED],
    }
    return list(by_state.items())


ROUTES: tuple[Callable[..., Any], ...] = (show_preview, answer_conflicts, accept_offers, transfer_preview)
