"""What a search found, as a list for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from brygga.records.target import InvoiceDocument, ProjectCard
from brygga.store.listings import Filter, Found, ListedRow, Listing, Listings
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.results import result_of
from brygga.transfers.selection import Selection


def kept(
    listings: Listings,
    company: str,
    transfer: Transfer,
    selection: Selection,
    plans: Iterable[Plan],
    *,
    settings_hash: str,
    seconds: int,
) -> Listing:
    """Keep what a search found, for the pages; the plans go with it, so that a preview needs no new read."""
    return listings.save(
        company,
        transfer.value,
        parameters_of(selection),
        (found(plan) for plan in plans),
        settings_hash=settings_hash,
        seconds=seconds,
    )


def parameters_of(selection: Selection) -> str:
    """A selection as text: equal exactly when the selections are; wherever the latest run left off is one place."""
    if selection.continues:
        selection = msgspec.structs.replace(selection, changed_since=None, also=frozenset())
    return msgspec.json.encode(selection, order="deterministic").decode()


def decisions_of(listing: Listing) -> Selection:
    """What the list was searched with that also holds when its rows are carried out: statuses, only what is won."""
    return msgspec.json.decode(listing.parameters, type=Selection).of_preview(None)


def found(plan: Plan) -> Found:
    """The plan as a row of the list."""
    result = result_of(plan)
    return Found(
        row=ListedRow(
            position=0,
            source_key=plan.source_key,
            number=plan.source_number,
            name=plan.source_name,
            day=plan.day.isoformat() if plan.day else "",
            detail=_detail(plan),
            gross_minor=_minor(plan.net if plan.gross is None else plan.gross),
            currency=plan.currency,
            action=plan.action.value,
            state=result.state,
            target_key=result.target_key,
            reasons=result.reasons,
        ),
        plan=msgspec.json.encode(plan).decode(),
    )


def plans_of(listings: Listings, listing: Listing, chosen: Filter) -> tuple[Plan, ...]:
    """The plans of a list's chosen rows."""
    return decoded(listings.plans(listing, chosen))


def decoded(texts: Iterable[str]) -> tuple[Plan, ...]:
    """Plans from their JSON text."""
    decoder = msgspec.json.Decoder(Plan)
    return tuple(decoder.decode(text) for text in texts)


def _detail(plan: Plan) -> str:
    """What a person tells records of one name apart by."""
    match plan.payload:
        case InvoiceDocument(project=code) if code:
            return str(code)
        case ProjectCard(customer_name=name):
            return str(name)
        case _:
            return plan.original_number


def _minor(amount: Decimal | None) -> int | None:
    """Hundredths; Severa's totals have two decimals (contracts/severa.md §3.5)."""
    return None if amount is None else int((amount * 100).to_integral_value())
