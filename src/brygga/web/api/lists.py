"""Companies, searches, lists, previews, and the chain of rules of a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar.params import FromPath, FromQuery

from brygga import __version__
from brygga.insight.why_not import why_not
from brygga.records.reasons import Refused, reason
from brygga.runs.conflicts import left_alone
from brygga.runs.listing import decisions_of, decoded, parameters_of, plans_of
from brygga.store.api_tokens import Scope
from brygga.store.database import utcnow
from brygga.store.listings import Filter, Listing, Listings
from brygga.store.run_requests import RequestKind
from brygga.store.states import RowState
from brygga.transfers.plan import WRITING, Transfer
from brygga.transfers.selection import Selection
from brygga.web.accepting import accepting
from brygga.web.addresses import MOST_STATUSES, selection_of
from brygga.web.api.access import Caller, CompanyPath, does, reads
from brygga.web.api.parameters import Body, CallerOf, Key, Limit, Offset, Sort, TextQuery
from brygga.web.api.views import (
    ListView,
    PreviewView,
    RunView,
    StepView,
    WhyView,
    plan_view,
    reason_views,
    row_view,
    run_view,
)


class Search(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to search; empty dates set no limit. ``statuses`` (of invoices) and ``won_only`` (of customers and projects)
    hold in place of the settings."""

    transfer: Transfer
    start: date | None = None
    end: date | None = None
    changed_since: date | None = None
    statuses: Annotated[tuple[Key, ...], msgspec.Meta(max_length=MOST_STATUSES)] = ()
    won_only: bool | None = None

    @property
    def selection(self) -> Selection:
        """The choice."""
        return selection_of(self.start, self.end, self.changed_since, self.statuses, self.won_only)


class NewPreview(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which rows of a list to preview; no keys: all that can be transferred. ``skip``: keys of records that exist with
    other contents and are left alone. ``accept``: keys of offered rows (a correction, a reversal, a customer with
    another number or name) that a person accepts; they are planned anew, and come with the others."""

    list: Key
    keys: Annotated[tuple[Key, ...], msgspec.Meta(max_length=20_000)] = ()
    skip: Annotated[tuple[Key, ...], msgspec.Meta(max_length=20_000)] = ()
    accept: Annotated[tuple[Key, ...], msgspec.Meta(max_length=20_000)] = ()


@reads("/companies")
def companies(caller: CallerOf) -> tuple[str, ...]:
    """The companies that the token is for."""
    return tuple(name for name in caller.app.companies() if caller.token.may(Scope.READ, name))


@does("/companies/{company:str}/searches", Scope.READ, 202)
def search(company: CompanyPath, data: Body[Search], caller: CallerOf) -> RunView:
    """Read both systems; the list is there when the run has ended. Nothing is written."""
    run = caller.app.runs.start(company, data.transfer, data.selection, kind=RequestKind.SEARCH)
    return run_view(caller.app.runs.progress(run.id), caller.translator)


@reads("/companies/{company:str}/lists/{transfer:str}")
def show_list(
    company: CompanyPath,
    transfer: FromPath[Transfer],
    caller: CallerOf,
    start: FromQuery[date | None] = None,
    end: FromQuery[date | None] = None,
    changed_since: FromQuery[date | None] = None,
    statuses: FromQuery[list[str] | None] = None,
    won_only: FromQuery[bool | None] = None,
    row_state: FromQuery[RowState | None] = None,
    text: TextQuery = "",
    sort: FromQuery[Sort] = "position",
    descending: FromQuery[bool] = False,
    offset: Offset = 0,
    limit: Limit = 100,
) -> ListView:
    """What the latest search of this choice found."""
    listings = Listings(caller.app.engine)
    selection = selection_of(start, end, changed_since, statuses or (), won_only)
    listing = listings.latest(company, transfer.value, parameters_of(selection))
    if listing is None:
        raise Refused(reason("WEB-967"))
    chosen = Filter(states=(row_state,) if row_state else (), text=text, sort=sort, descending=descending)
    hits = listings.totals(listing, chosen)
    return ListView(
        id=listing.id,
        transfer=transfer,
        read_at=listing.read_at,
        settings_changed=listing.settings_hash != caller.app.settings(company).fingerprint(),
        counts={each.value: count for each, count in listings.summary(listing).counts.items()},
        hits=hits.count,
        sums=dict(hits.sums),
        rows=tuple(
            row_view(row, caller.translator) for row in listings.rows(listing, chosen, offset=offset, limit=limit)
        ),
    )


@does("/companies/{company:str}/previews", Scope.READ, 201)
def make_preview(company: CompanyPath, data: Body[NewPreview], caller: CallerOf) -> PreviewView:
    """Keep what was shown, so that exactly it can be carried out. Nothing is written to either system."""
    listings = Listings(caller.app.engine)
    listing = listings.get(company, data.list)
    if listing is None:
        raise Refused(reason("WEB-967"))
    if listing.settings_hash != caller.app.settings(company).fingerprint():
        raise Refused(reason("WEB-966"))
    return _preview(caller, listing, data)


def _preview(caller: Caller, listing: Listing, data: NewPreview) -> PreviewView:
    listings, transfer = Listings(caller.app.engine), Transfer(listing.transfer)
    chosen = msgspec.structs.replace(decisions_of(listing), skipped=frozenset(data.skip))
    asked = decoded(listings.plans_of(listing, (*data.keys, *data.accept)))
    if data.keys:
        plans = asked
    else:
        writing = tuple(plan for plan in plans_of(listings, listing, Filter()) if plan.action.value in WRITING)
        known = {plan.source_key for plan in writing}
        plans = (*writing, *(plan for plan in asked if plan.source_key not in known))
    if not plans:
        raise Refused(reason("WEB-965"))
    if data.accept:
        kept = accepting(caller.app, listing.company, transfer, plans, frozenset(data.accept), decisions=chosen)
        plans = kept.planned
    else:
        plans = tuple(left_alone(plan, chosen) for plan in plans)
        kept = caller.app.previews.save(
            listing.company,
            transfer,
            plans,
            settings=listing.settings_hash,
            version=__version__,
            now=utcnow(),
            chosen=chosen,
        )
    views = tuple(plan_view(plan, caller.translator) for plan in plans)
    return PreviewView(kept.id, transfer, sum(plan.writes for plan in plans), views)


@reads("/companies/{company:str}/why-not")
def why(company: CompanyPath, q: TextQuery, caller: CallerOf) -> tuple[WhyView, ...]:
    """Every record of this number or name, the rules it passed and the one that stopped it. Nothing is written."""
    with caller.app.company(company, read_only=True, mirrored=False) as opened:
        answers = why_not(opened, q, Listings(caller.app.engine))
    return tuple(
        WhyView(
            transfer=answer.transfer.value,
            key=answer.source_key,
            number=answer.number,
            name=answer.name,
            state=answer.state,
            steps=tuple(
                StepView(
                    caller.translator.gettext(step.rule),
                    step.verdict.value,
                    reason_views(step.reasons, caller.translator),
                )
                for step in answer.steps
            ),
        )
        for answer in answers
    )


ROUTES: tuple[Callable[..., Any], ...] = (companies, search, show_list, make_preview, why)
