"""One record: what is planned for it, its history, its reasons with remedies, and what to do if it went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga.i18n import N_
from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.records.target import Kind, System
from brygga.runs.listing import decoded
from brygga.runs.unlinking import LINKED
from brygga.store.audit.chain import Search
from brygga.store.journal.journal import Journal, Link
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.offers import is_offered
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.results import result_of
from brygga.transfers.selection import Selection
from brygga.web.accepting import accepting
from brygga.web.pages.history import events_of
from brygga.web.pages.lists import Form
from brygga.web.pages.sides import sides_of
from brygga.web.site import Html, WebRequest, address, is_ours, moved, page, site_of, transfer_of, words_of
from brygga.web.texts import Words

LONGEST_REASON = 500

_COUPLED_WRONGLY = N_(
    "If it is coupled with the wrong record, take the link away: the next transfer looks for the right one."
)

WRONG: dict[Kind, tuple[str, ...]] = {
    Kind.INVOICE: (
        N_("An invoice in Administration is not changed from here: credit it in Severa, and transfer the credit note."),
        N_("If it should not exist at all, cancel it in Administration; the gap list then shows it as cancelled."),
        N_(
            "Its link is taken away only when Administration does not have the document any more: the invoice is then "
            "in doubt, and you decide whether it is sent again."
        ),
    ),
    Kind.CUSTOMER: (
        N_("Correct the customer in Severa and transfer it again: the fields that differ are shown first."),
        _COUPLED_WRONGLY,
    ),
    Kind.PROJECT: (
        N_("Correct the project in Severa and transfer it again: the fields that differ are shown first."),
        _COUPLED_WRONGLY,
    ),
    Kind.ARTICLE: (
        N_("Correct the article in Severa; its name in Administration is never changed from a second item."),
        _COUPLED_WRONGLY,
    ),
}
"""What a person can do when a record was transferred wrongly, honestly (issue: the record page)."""


@get("/{company:str}/{tab:str}/post/{key:str}", sync_to_thread=True)
def show_record(
    request: WebRequest,
    company: FromPath[str],
    tab: FromPath[str],
    key: FromPath[str],
    lista: FromQuery[str] = "",
    tillbaka: FromQuery[str] = "",
    las: FromQuery[str] = "",
) -> Html:
    """The record behind a row."""
    site, words = site_of(request), words_of(request)
    name, transfer = site.company(company), transfer_of(tab)
    listings = Listings(site.app.engine)
    listing = listings.get(name, lista) if lista else listings.latest(name, transfer)
    text = listings.plan(listing, key) if listing is not None else None
    plan = decoded([text])[0] if text else None
    journal = site.app.journal(name)
    outcomes = journal.outcomes_of(key)
    link = _link_of(journal, plan) if plan is not None else None
    return page(
        request,
        "record.html",
        company=name,
        here=tab,
        title=_title(plan, outcomes, key),
        plan=plan,
        result=result_of(plan) if plan is not None else None,
        listing=listing,
        outcomes=outcomes,
        latest=outcomes[0] if outcomes else None,
        link=link,
        fields=_fields(words, plan),
        offered=plan is not None and is_offered(plan.reasons),
        accept_address=f"{request.url.path}/godta",
        their_key=_their_key(plan, link) if plan is not None and link is not None else "",
        sides=sides_of(site, words, name, plan, link) if las and plan is not None else None,
        read_link=address(request.url.path, {"lista": lista, "tillbaka": tillbaka, "las": "ja"}),
        events=events_of(request, name, Search(text=key, limit=50)),
        wrong=[words.t(each) for each in WRONG.get(plan.kind, ())] if _is_there(plan, link) and plan else [],
        unlink_address=f"{request.url.path}/koppla-loss" if link and plan and plan.transfer in LINKED else "",
        back=tillbaka if is_ours(tillbaka) else f"/{site.slug(name)}/{tab}",
    )


@post("/{company:str}/{tab:str}/post/{key:str}/koppla-loss", sync_to_thread=True)
def take_link_away(
    request: WebRequest, company: FromPath[str], tab: FromPath[str], key: FromPath[str], form: Form
) -> Html:
    """Take the record's link away for the reason given; the record's page tells what came of it."""
    site = site_of(request)
    name, transfer = site.company(company), Transfer(transfer_of(tab))
    site.app.unlink(name, transfer, key, str(form.get("skal", ""))[:LONGEST_REASON])
    return moved(f"/{site.slug(name)}/{tab}/post/{key}")


@post("/{company:str}/{tab:str}/post/{key:str}/godta", sync_to_thread=True)
def accept_offer(
    request: WebRequest, company: FromPath[str], tab: FromPath[str], key: FromPath[str], form: Form
) -> Html:
    """Plan the record with what it offers accepted, and show that as a preview."""
    site = site_of(request)
    name, transfer = site.company(company), Transfer(transfer_of(tab))
    listings = Listings(site.app.engine)
    listing = listings.get(name, str(form.get("lista", "")))
    text = listings.plan(listing, key) if listing is not None and listing.transfer == transfer else None
    if text is None:
        raise Refused(reason("WEB-967"))
    kept = accepting(site.app, name, transfer, decoded([text]), frozenset({key}), decisions=Selection())
    return moved(f"/{site.slug(name)}/forhandsgranskning/{kept.id}")


def _title(plan: Plan | None, outcomes: tuple[Any, ...], key: str) -> str:
    if plan is not None:
        return f"{plan.source_number} {plan.source_name}".strip()
    return f"{outcomes[0].source_number} {outcomes[0].source_name}".strip() if outcomes else key


def _link_of(journal: Journal, plan: Plan) -> Link | None:
    """The record's link; a record of Administration is found from its own side, where several lead to it the oldest."""
    if plan.transfer.target is System.ADMINISTRATION:
        return journal.link_of(plan.kind, plan.source_key)
    return next(iter(journal.link_to(plan.kind, plan.source_key)), None)


def _their_key(plan: Plan, link: Link) -> str:
    return link.target_key if plan.transfer.target is System.ADMINISTRATION else link.source_key


def _is_there(plan: Plan | None, link: Link | None) -> bool:
    return link is not None or (plan is not None and result_of(plan).state is RowState.TRANSFERRED)


def _fields(words: Words, plan: Plan | None) -> list[tuple[str, str]]:
    """The fields that would be sent, without empty ones; rows of a document are shown in a table of their own."""
    if plan is None or plan.payload is None:
        return []
    values: dict[str, object] = msgspec.structs.asdict(plan.payload)
    return [
        (words.field(name), words.value(value))
        for name, value in values.items()
        if value not in ("", None, (), False) and not isinstance(value, tuple | Record)
    ]


ROUTES: tuple[Callable[..., Any], ...] = (show_record, take_link_away, accept_offer)
