"""The six lists: search, filter, sort, tick and go on to the preview (spec/product.md, "The seven transfers")."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec
from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from brygga import __version__
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.target import System
from brygga.runs.carrying import selection_of
from brygga.runs.listing import decisions_of, decoded, parameters_of, plans_of
from brygga.store.database import utcnow
from brygga.store.listings import Filter, ListedRow, Listing, Listings, Summary, Totals
from brygga.store.run_requests import RequestKind, RunRequest
from brygga.store.states import RowState
from brygga.transfers.offers import is_offered
from brygga.transfers.plan import WRITING, Action, Plan, Transfer
from brygga.web.addresses import PAGE_ROWS, SEARCH, ListAddress, list_address
from brygga.web.search_bar import SearchBar
from brygga.web.site import (
    NEEDS_A_PERSON,
    Html,
    WebRequest,
    address,
    directions_of,
    moved,
    page,
    site_of,
    transfer_of,
    words_of,
)
from brygga.web.texts import Words

DATED = frozenset({"invoices", "payments", "supplier-invoices"})
"""Lists whose records have a day."""

VALUED = DATED
"""Lists whose records have an amount."""

MOST_SEARCHES = 50
"""Of the latest runs, so many are looked through for the search behind a list."""

Form = NamedDependency[SkipValidation[FormMultiDict]]


def amount_heading(words: Words, transfer: str) -> str:
    """What the amounts of a transfer are: a supplier's row has no VAT of its own."""
    return words.t("Excl. VAT" if transfer == "supplier-invoices" else "Incl. VAT")


class ListPage:
    """One view of one list of one company."""

    def __init__(self, request: WebRequest, company: str, tab: str) -> None:
        self.request = request
        self.site = site_of(request)
        self.words: Words = words_of(request)
        self.company = self.site.company(company)
        self.tab = tab
        self.name = transfer_of(tab)
        self.listings = Listings(self.site.app.engine)
        asked = list_address(request.query_params.multi_items())
        self.bar = SearchBar(self.site, self.company, Transfer(self.name), asked)
        self.view: ListAddress = self.bar.view

    @property
    def base(self) -> str:
        """The company's part of the address."""
        return f"/{self.site.slug(self.company)}"

    @property
    def listing(self) -> Listing | None:
        """What the search of this address found, if it was made."""
        return self.listings.latest(self.company, self.name, parameters_of(self.bar.selection(self.view)))

    def link(self, **changes: object) -> str:
        """The same list in another view."""
        return address(f"{self.base}/{self.tab}", self.view.query(**changes))

    @property
    def amount_heading(self) -> str:
        """What the amounts of the list are."""
        return amount_heading(self.words, self.name)

    def ticked(self, listing: Listing) -> Totals:
        """Rows and sums of the selection."""
        return self.listings.totals(listing, Filter(ticked_only=True))

    def offered(self, listing: Listing) -> tuple[ListedRow, ...]:
        """Rows that a person may accept; only the transfers towards Severa offer anything."""
        if Transfer(self.name).target is not System.SEVERA:
            return ()
        held = self.listings.rows(listing, Filter(states=(RowState.WAITING, RowState.FAILED)))
        return tuple(row for row in held if is_offered(row.reasons))

    def working(self) -> RunRequest | None:
        """The search of this list that is under way, if any."""
        latest = self.site.app.runs.latest(self.company, 5)
        return next(
            (one for one in latest if one.kind is RequestKind.SEARCH and one.transfer == self.name and not one.ended),
            None,
        )

    def answer(self) -> Html:
        """The page."""
        # First what is under way, then what was found: a search that ends between the two is looked for once more.
        working = self.working()
        listing = self.listing
        shown: dict[str, Any] = self._rows(listing) if listing else {}
        return page(
            self.request,
            "list.html",
            company=self.company,
            here=self.tab,
            name=self.name,
            directions=self._directions(),
            view=self.view,
            listing=listing,
            working=working,
            stale=listing is not None and listing.settings_hash != self.site.app.settings(self.company).fingerprint(),
            bar=self.bar,
            statuses=self.bar.statuses(ask="statusar" in self.request.query_params),
            search_link=self._search_link,
            dated=DATED,
            valued=VALUED,
            **shown,
        )

    def _rows(self, listing: Listing) -> dict[str, Any]:
        chosen = self.view.filter
        summary = self.listings.summary(listing)
        counts = summary.counts
        rows = self.listings.rows(listing, chosen, offset=self.view.offset, limit=PAGE_ROWS)
        hits = self._count(listing, summary)
        record = f"{self.base}/{self.tab}/post/"
        of_list = address("", {"lista": listing.id, "tillbaka": self.link()})
        tickable = [row for row in rows if row.action in WRITING]
        return {
            "rows": rows,
            "hits": hits,
            "can_tick": self._count(listing, summary, WRITING),
            "all_rows": sum(counts.values()),
            "counts": [(state, counts[state]) for state in RowState if counts.get(state)],
            "sentence": self._sentence(counts),
            "columns": self._columns(),
            "amount_heading": self.amount_heading,
            "writing": WRITING,
            "page_ticked": bool(tickable) and all(row.ticked for row in tickable),
            "ticked": summary.ticked,
            "offered": len(self.offered(listing)),
            "first": self.view.offset + 1,
            "last": self.view.offset + len(rows),
            "link": self.link,
            "link_to": lambda what: address(f"{self.base}/{self.tab}/{what}", self.view.query()),
            "said": self._said,
            "record_link": lambda row: f"{record}{quote(row.source_key)}{of_list}",
        }

    def _count(self, listing: Listing, summary: Summary, actions: Collection[str] = ()) -> int:
        """Rows that the view shows, on all its pages; they are counted apart only where a text was typed."""
        chosen = self.view.filter
        if chosen.text.strip():
            return self.listings.totals(listing, msgspec.structs.replace(chosen, actions=tuple(actions))).count
        return summary.count(chosen.states, actions)

    def _said(self, row: ListedRow) -> list[Reason]:
        """What is worth a line under the row: of a record that is done, warnings only."""
        done = row.state is RowState.TRANSFERRED
        return [why for why in self.words.reasons(row.reasons) if not (done and why.level is Level.NOTE)]

    def _sentence(self, counts: dict[RowState, int]) -> str:
        t, n = self.words.t, self.words.n
        ready = counts.get(RowState.READY, 0)
        attention = sum(counts.get(state, 0) for state in NEEDS_A_PERSON)
        done = counts.get(RowState.TRANSFERRED, 0) + counts.get(RowState.TRANSFERRED_WITH_REMARK, 0)
        parts = [n("{count} to transfer", "{count} to transfer", ready)]
        if attention:
            parts.append(n("{count} needs you", "{count} need you", attention))
        parts.append(self.words.counted(done, RowState.TRANSFERRED))
        return " · ".join(parts) if counts else t("Nothing found.")

    def _search_link(self, what: str) -> str:
        """This list searched for ``everything``, ``going_on`` from the latest run, or with all ``statuses`` shown."""
        match what:
            case "everything":
                query = ListAddress(everything=True).query()
            case "going_on":
                query = self.bar.going_on(ListAddress()).query()
            case _:
                query = self.view.query() | {"statusar": "alla"}
        return address(f"{self.base}/{self.tab}", query)

    def _directions(self) -> list[tuple[str, str, str]]:
        """The lists that share this tab: part of the address, transfer, and the system that it goes to."""
        names = {System.SEVERA: "Severa", System.ADMINISTRATION: "Administration"}
        transfers = [(part, Transfer(transfer_of(part))) for part in directions_of(self.tab)]
        return [(part, transfer.value, names[transfer.target]) for part, transfer in transfers]

    def _columns(self) -> list[tuple[str, str, str]]:
        t = self.words.t
        columns = [("number", t("Number"), "")]
        if self.name in DATED:
            columns.append(("day", t("Date"), ""))
        columns.append(("name", t("Name"), ""))
        if self.name in VALUED:
            columns.append(("gross", self.amount_heading, "amount"))
        return [*columns, ("state", t("State"), "state-cell")]


@get("/{company:str}/{tab:str}", sync_to_thread=True)
def show_list(request: WebRequest, company: FromPath[str], tab: FromPath[str]) -> Html:
    """One list."""
    return ListPage(request, company, tab).answer()


@post("/{company:str}/{tab:str}/sok", sync_to_thread=True)
def search(request: WebRequest, company: FromPath[str], tab: FromPath[str], form: Form) -> Html:
    """Start a search; the list shows how far it is."""
    shown = ListPage(request, company, tab)
    view = list_address((name, value) for name, value in form.multi_items() if name in SEARCH)
    if shown.working() is None:
        wanted = shown.bar.selection(view, with_left=True)
        shown.site.app.runs.start(shown.company, Transfer(shown.name), wanted, kind=RequestKind.SEARCH)
    return moved(address(f"{shown.base}/{tab}", view.query()))


@post("/{company:str}/{tab:str}/kryss/{listing_id:str}", sync_to_thread=True)
def tick_one(
    request: WebRequest, company: FromPath[str], tab: FromPath[str], listing_id: FromPath[str], form: Form
) -> Html:
    """One tick changed: keep it and answer the selection's totals."""
    shown = ListPage(request, company, tab)
    listing = _listing(shown, listing_id)
    _keep_ticks(shown, listing, form)
    ticked = shown.ticked(listing)
    return page(request, "ticks_part.html", company=shown.company, here=tab, ticked=ticked)


@post("/{company:str}/{tab:str}/kryss", sync_to_thread=True)
def tick_many(request: WebRequest, company: FromPath[str], tab: FromPath[str], form: Form) -> Html:
    """Tick all hits, none, or keep the ticks of the page as they are (the way without scripts)."""
    shown = ListPage(request, company, tab)
    listing = _listing(shown, str(form.get("listing", "")))
    back = str(form.get("back", shown.link()))
    what = str(form.get("all", ""))
    view = list_address(parse_qsl(urlsplit(back).query))
    if what in ("on", "off"):
        shown.listings.tick_all(listing, view.filter, on=what == "on", actions=WRITING)
    else:
        _keep_ticks(shown, listing, form)
    return moved(back)


@post("/{company:str}/{tab:str}/forhandsgranska", sync_to_thread=True)
def make_preview(request: WebRequest, company: FromPath[str], tab: FromPath[str], form: Form) -> Html:
    """Keep the ticked rows' plans as a preview and show it; the page's own ticks come with the form."""
    shown = ListPage(request, company, tab)
    listing = _listing(shown, str(form.get("listing", "")))
    _keep_ticks(shown, listing, form)
    began, chosen = None, Filter(ticked_only=True)
    summary = shown.listings.summary(listing)
    if summary.ticked.count and summary.ticked.count == summary.count((), WRITING):
        began = _met_everything(shown, listing)
    if began is not None:
        # Everything goes: what fails, waits or is skipped comes along, so that the run can be where the next search
        # begins, and what it leaves is met again (§4.11).
        chosen = Filter(actions=tuple(action.value for action in Action if action is not Action.NOTHING))
    return _previewed(shown, listing, plans_of(shown.listings, listing, chosen), began)


@post("/{company:str}/{tab:str}/erbjudna", sync_to_thread=True)
def preview_offers(request: WebRequest, company: FromPath[str], tab: FromPath[str], form: Form) -> Html:
    """Show what the list offers; each is accepted in the preview or left alone."""
    shown = ListPage(request, company, tab)
    listing = _listing(shown, str(form.get("listing", "")))
    keys = tuple(row.source_key for row in shown.offered(listing))
    return _previewed(shown, listing, decoded(shown.listings.plans_of(listing, keys)))


def _met_everything(shown: ListPage, listing: Listing) -> datetime | None:
    """Up to when the search behind the list had met everything there was; None when it left something out."""
    for search in shown.site.app.runs.latest(shown.company, MOST_SEARCHES):
        asked = search.kind is RequestKind.SEARCH and search.transfer == shown.name and search.preview
        if asked and parameters_of(selection_of(search)) == listing.parameters:
            return shown.site.app.previews.find(search.preview, company=shown.company).covers
    return None


def _previewed(shown: ListPage, listing: Listing, plans: tuple[Plan, ...], began: datetime | None = None) -> Html:
    if not plans:
        raise Refused(reason("WEB-965"))
    fingerprint = shown.site.app.settings(shown.company).fingerprint()
    if fingerprint != listing.settings_hash:
        raise Refused(reason("WEB-966"))
    kept = shown.site.app.previews.save(
        shown.company,
        Transfer(shown.name),
        plans,
        settings=fingerprint,
        version=__version__,
        now=utcnow(),
        chosen=decisions_of(listing),
        began=began,
    )
    return moved(address(f"{shown.base}/forhandsgranskning/{kept.id}", {"lista": listing.id}))


def _listing(shown: ListPage, listing_id: str) -> Listing:
    listing = shown.listings.get(shown.company, listing_id)
    if listing is None or listing.transfer != shown.name:
        raise Refused(reason("WEB-967"))
    return listing


def _keep_ticks(shown: ListPage, listing: Listing, form: FormMultiDict) -> None:
    """The ticks of one page as its form sent them; other pages keep theirs."""
    pageful = {str(key) for key in form.getall("shown", [])}
    on = {str(key) for key in form.getall("row", [])} & pageful
    shown.listings.tick(listing, on, on=True)
    shown.listings.tick(listing, pageful - on, on=False)


ROUTES: tuple[Callable[..., Any], ...] = (
    show_list,
    search,
    tick_one,
    tick_many,
    make_preview,
    preview_offers,
)
