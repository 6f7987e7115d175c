"""One record: what is planned for it, its history, its reasons with remedies, and what to do if it went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from brygga.records.base import Record
from brygga.records.target import Kind
from brygga.runs.listing import decoded
from brygga.store.journal import Link
from brygga.store.listings import Listings
from brygga.store.states import RowState
from brygga.transfers.plan import Plan
from brygga.transfers.results import result_of
from brygga.web.site import Html, WebRequest, page, site_of, slug, transfer_of, words_of
from brygga.web.texts import N_, Words

WRONG: dict[Kind, tuple[str, ...]] = {
    Kind.INVOICE: (
        N_("An invoice in Administration is not changed from here: credit it in Severa, and transfer the credit note."),
        N_("If it should not exist at all, cancel it in Administration; the gap list then shows it as cancelled."),
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
        wrong=[words.t(each) for each in WRONG.get(plan.kind, ())] if _is_there(plan, link) and plan else [],
        back=tillbaka if tillbaka.startswith("/") else f"/{slug(name)}/{tab}",
    )


def _title(plan: Plan | None, outcomes: tuple[Any, ...], key: str) -> str:
    if plan is not None:
        return f"{plan.source_number} {plan.source_name}".strip()
    return f"{outcomes[0].source_number} {outcomes[0].source_name}".strip() if outcomes else key


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


ROUTES: tuple[Callable[..., Any], ...] = (show_record,)
