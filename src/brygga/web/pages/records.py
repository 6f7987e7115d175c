"""One record: what is planned for it, its history, its reasons with remedies, and what to do if it went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga.records.base import Record
from brygga.records.reasons import Fault, Reason, Refused, reason
from brygga.records.target import Kind, System
from brygga.runs.listing import decoded
from brygga.store.audit_chain import Search
from brygga.store.journal import Link
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.offers import is_offered
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.results import result_of
from brygga.transfers.selection import Selection
from brygga.web.accepting import accepting
from brygga.web.pages.doubt import FIELDS
from brygga.web.pages.history import events_of
from brygga.web.pages.lists import Form
from brygga.web.site import Html, Site, WebRequest, address, is_ours, moved, page, site_of, transfer_of, words_of
from brygga.web.texts import N_, Words

WRONG: dict[Kind, tuple[str, ...]] = {
    Kind.INVOICE: (
        N_("An invoice in Administration is not changed from here: credit it in Severa, and transfer the credit note."),
        N_("If it should not exist at all, cancel it in Administration; the gap list then shows it as cancelled."),
        N_(
            "Its link is not taken away from here: a document that is linked is never sent again. If Administration "
            "has lost it, take the company over with brygga takeover: it is then in doubt, and you decide."
        ),
    ),
    Kind.CUSTOMER: (
        N_("Correct the customer in Severa and transfer it again: the fields that differ are shown first."),
    ),
    Kind.PROJECT: (N_("Correct the project in Severa and transfer it again: the fields that differ are shown first."),),
    Kind.ARTICLE: (
        N_("Correct the article in Severa; its name in Administration is never changed from a second item."),
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
    link = journal.link_of(plan.kind, key) if plan is not None else None
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
        sides=_sides(site, words, name, plan, link) if las else None,
        read_link=address(request.url.path, {"lista": lista, "tillbaka": tillbaka, "las": "ja"}),
        events=events_of(request, name, Search(text=key, limit=50)),
        wrong=[words.t(each) for each in WRONG.get(plan.kind, ())] if _is_there(plan, link) and plan else [],
        back=tillbaka if is_ours(tillbaka) else f"/{site.slug(name)}/{tab}",
    )


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


class Sides(Record, frozen=True):
    """Both sides of a record, field by field: label, Severa's side, Administration's side, whether they differ."""

    severa: str
    lines: tuple[tuple[str, str, str, bool], ...]
    fault: Reason | None = None


def _sides(site: Site, words: Words, company: str, plan: Plan | None, link: Link | None) -> Sides | None:
    """Administration's record as it is now beside what Severa has (an invoice), or what Severa's would become there."""
    if plan is None or plan.transfer.target is not System.ADMINISTRATION:
        return None
    key = link.target_key if link is not None else plan.target_key
    try:
        with site.app.company(company, read_only=True, mirrored=False) as opened:
            there = opened.administration.find(plan.kind, key) if key else None
            if plan.kind is Kind.INVOICE:
                ours: Any = opened.severa.invoice(plan.source_key)
                names = [(words.t(label), severa, posted) for label, severa, _, posted in FIELDS]
                return Sides("Severa", tuple(_line(words, label, ours, a, there, b) for label, a, b in names))
    except Fault as fault:
        return Sides("", (), fault.reason)
    card = plan.payload
    if card is None:
        return None
    plain = [name for name in card.__struct_fields__ if not isinstance(getattr(card, name), tuple | Record)]
    lines = tuple(_line(words, words.field(name), card, name, there, name) for name in plain)
    return Sides(words.t("Severa, as it is written"), tuple(line for line in lines if line[1] != "–" or line[2] != "–"))


def _line(words: Words, label: str, ours: Any, name: str, there: Any, its: str) -> tuple[str, str, str, bool]:
    here, yonder = (words.value(getattr(each, field, None)) for each, field in ((ours, name), (there, its)))
    return label, here, yonder, there is not None and here != yonder


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


ROUTES: tuple[Callable[..., Any], ...] = (show_record, accept_offer)
