"""What stands in an address: the search and the filter of a list, read leniently and written briefly.

Every filter, page and open row is in the address, so that back, reload and a pasted link work (issue: the pages).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from brygga.records.base import Record
from brygga.store.listings import SORTS, Filter
from brygga.store.states import RowState
from brygga.transfers.selection import Selection, local_midnight

PAGE_ROWS = 100
"""Rows on a page: a page of 100 weighs little and is scrolled, not clicked through."""

MOST_STATUSES = 50
"""Statuses that an address may name: Severa has far fewer."""


class ListAddress(Record, frozen=True):
    """One view of a list. Days are ISO dates as typed; empty means no limit."""

    start: str = ""
    end: str = ""
    since: str = ""
    continued: str = ""
    """The day where the latest complete run began, when it was filled in: as ``since`` it means that moment, and what
    was left then (§4.11)."""
    statuses: tuple[str, ...] = ()
    """Names of invoice statuses; none: those of the settings."""
    won: str = ""
    """``ja`` or ``nej`` in place of the setting that only what is won is transferred."""
    everything: bool = False
    """Whether nothing is filled in that the address does not say."""
    state: str = ""
    text: str = ""
    sort: str = "position"
    descending: bool = False
    page: int = 1
    opened: str = ""

    @property
    def selection(self) -> Selection:
        """What is asked of both systems."""
        won = WON.get(self.won)
        return selection_of(_day(self.start), _day(self.end), _day(self.since), self.statuses, won)

    @property
    def search(self) -> dict[str, object]:
        """The parameters of the search alone, without those of the view."""
        return {name: value for name, value in self.query().items() if name in SEARCH}

    @property
    def filter(self) -> Filter:
        """What is shown of what was found."""
        states = (RowState(self.state),) if self.state in set(RowState) else ()
        return Filter(states=states, text=self.text, sort=self.sort, descending=self.descending)

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PAGE_ROWS

    def query(self, **changes: object) -> dict[str, object]:
        """The parameters of this view, with changes; what is at its default is left out."""
        plain = {name: changes.get(name, getattr(self, name)) for name in self.__struct_fields__}
        defaults = ListAddress()
        return {
            NAMES[name]: ("1" if value is True else value)
            for name, value in plain.items()
            if value != getattr(defaults, name)
        }


def selection_of(
    start: date | None,
    end: date | None,
    since: date | None,
    statuses: Iterable[str] = (),
    won_only: bool | None = None,
) -> Selection:
    """The choice of these days, statuses and what is won; ``since`` is the first day of the changes."""
    changed_since = local_midnight(since) if since else None
    return Selection(start=start, end=end, changed_since=changed_since, statuses=tuple(statuses), won_only=won_only)


WON = {"ja": True, "nej": False}

NAMES = {
    "start": "fran",
    "end": "till",
    "since": "andrad",
    "continued": "senast",
    "statuses": "status",
    "won": "vunna",
    "everything": "allt",
    "state": "visa",
    "text": "text",
    "sort": "ordna",
    "descending": "fallande",
    "page": "sida",
    "opened": "oppen",
}
"""Fields of ``ListAddress`` by their names in the address."""


SEARCH = frozenset(NAMES[name] for name in ("start", "end", "since", "continued", "statuses", "won", "everything"))
"""Parameters that say what is asked of both systems; the others say how it is shown."""


def list_address(pairs: Iterable[tuple[str, Any]]) -> ListAddress:
    """The view that an address or a form asks for; what cannot be understood counts as not said."""
    said = [(name, value) for name, value in pairs if isinstance(value, str)]
    query = dict(said)
    statuses = dict.fromkeys(value for name, value in said if name == NAMES["statuses"] and value)
    won = query.get(NAMES["won"], "")
    page = query.get(NAMES["page"], "1")
    sort = query.get(NAMES["sort"], "position")
    return ListAddress(
        start=_iso(query.get(NAMES["start"], "")),
        end=_iso(query.get(NAMES["end"], "")),
        since=_iso(query.get(NAMES["since"], "")),
        continued=_iso(query.get(NAMES["continued"], "")),
        statuses=tuple(statuses)[:MOST_STATUSES],
        won=won if won in WON else "",
        everything=query.get(NAMES["everything"]) == "1",
        state=query.get(NAMES["state"], ""),
        text=query.get(NAMES["text"], "")[:200],
        sort=sort if sort in SORTS else "position",
        descending=query.get(NAMES["descending"]) == "1",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
        opened=query.get(NAMES["opened"], ""),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _iso(text: str) -> str:
    day = _day(text.strip())
    return day.isoformat() if day else ""
