"""The search bar of a list: what is asked of both systems, filled in with what was used last (REL-1.6.0-17, §4.11)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from brygga.runs.listing import parameters_of
from brygga.store.last_used import LastUsed
from brygga.store.listings import Listings
from brygga.transfers.catalogue import TAKES
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.addresses import ListAddress
from brygga.web.site import Site


class SearchBar:
    """The search of one list as an address asks for it."""

    def __init__(self, site: Site, company: str, transfer: Transfer, asked: ListAddress) -> None:
        self._site = site
        self._company = company
        self._transfer = transfer
        self.used: LastUsed | None = site.app.used_last(company, transfer)
        self.view = self._filled_in(asked)
        self.by_won = "won_only" in TAKES[transfer]
        self.by_change = "changed_since" in TAKES[transfer] or bool(self.view.since)
        """Whether a day of change is asked for: where typing one would do nothing the field is not there, unless the
        search goes on from the latest run."""

    @property
    def day(self) -> str:
        """The day from which the next search would go on; empty when it would search everything."""
        return self.used.since.astimezone().date().isoformat() if self.used is not None else ""

    @property
    def goes_on(self) -> bool:
        """Whether it is the search that goes on where the latest complete run began."""
        return self.selection(self.view).continues

    @property
    def fields(self) -> list[tuple[str, object]]:
        """The search as the fields of a form: one for each value."""
        return pairs(self.view.search)

    def selection(self, view: ListAddress, *, with_left: bool = False) -> Selection:
        """What the view asks of both systems; ``with_left``: with what the latest complete run left, to search it."""
        wanted, used = view.selection, self.used
        if used is None or not view.continued or view.continued != view.since or view.since != self.day:
            return wanted
        left = self._site.app.last_used(self._company, self._transfer) if with_left else None
        also = left.also if left is not None else frozenset()
        return msgspec.structs.replace(wanted, changed_since=used.since, also=also, continues=True)

    def going_on(self, view: ListAddress) -> ListAddress:
        """The view under the search that goes on where the latest complete run began, with the statuses used then."""
        statuses = self.used.statuses if self.used is not None else ()
        return msgspec.structs.replace(view, since=self.day, continued=self.day, statuses=statuses)

    def statuses(self, *, ask: bool) -> list[str]:
        """Statuses that a search of invoices can name: those known here, with ``ask`` all that Severa has."""
        if "statuses" not in TAKES[self._transfer]:
            return []
        used = self.used.statuses if self.used is not None else ()
        facts = self._site.facts(self._company) if ask else self._site.kept_facts.get(self._company)
        chosen = tuple(self._site.app.settings(self._company).get("invoices.statuses"))
        return list(dict.fromkeys((*self.view.statuses, *used, *chosen, *(facts.statuses if facts else ()))))

    def _filled_in(self, view: ListAddress) -> ListAddress:
        """Where the address names no search, what was used last, unless a search of everything was made since."""
        if view.search or self.used is None:
            return view
        listings = Listings(self._site.app.engine)
        kept = listings.latest(self._company, self._transfer.value, parameters_of(Selection()))
        return view if kept is not None and kept.read_at >= self.used.since else self.going_on(view)


def pairs(search: Mapping[str, object]) -> list[tuple[str, object]]:
    """Parameters of an address, one pair for each value."""
    return [(n, each) for n, value in search.items() for each in (value if isinstance(value, tuple) else (value,))]
