"""Reading a list to its end: one that shifts or breaks off is read once more, then an error, never a short list.

Neither paging style tells how many rows there are (contracts/severa.md §2), so the end is confirmed: of an offset list
by a page that has nothing new (and where that alone does not tell, by asking for what comes after it), of a token list
by asking its last page a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from brygga.records.reasons import Unavailable, reason
from brygga.severa.errors import LIST_INCOMPLETE


class HasGuid(Protocol):
    """A row of a list, known by its guid."""

    @property
    def guid(self) -> str | None: ...


RowT = TypeVar("RowT", bound=HasGuid)

FetchByToken = Callable[[str], tuple[list[RowT], str]]
"""Asks the page of a token (empty = the first) and answers its rows and the next token (empty = it was the last)."""

FetchByOffset = Callable[[int], list[RowT]]
"""Asks the page that starts at a row."""


class ListShifted(Exception):
    """The pages of one reading do not fit together: a row or a token came twice, or the last page changed."""


class ListTooLong(Exception):
    """The list has more pages than the caller wanted to read."""


def complete(read: Callable[[], list[RowT]], path: str) -> list[RowT]:
    """The whole list: read a second time when it shifted while being read, then ``Unavailable`` (SEV-706)."""
    try:
        return read()
    except ListShifted:
        pass
    try:
        return read()
    except ListShifted as shifted:
        raise Unavailable(reason(LIST_INCOMPLETE, path=path, detail=shifted)) from None


def by_token(fetch: FetchByToken[RowT], *, most_pages: int | None = None, confirm_end: bool = True) -> list[RowT]:
    """All rows of a token list; ``ListTooLong`` when there are more than ``most_pages``."""
    rows: list[RowT] = []
    seen: set[str] = set()
    tokens = {""}
    token = ""
    pages = 0
    while True:
        page, following = fetch(token)
        pages += 1
        _keep(page, rows, seen)
        if not following:
            break
        if following in tokens:
            raise ListShifted("the page token was repeated")
        if most_pages is not None and pages >= most_pages:
            raise ListTooLong(most_pages)
        tokens.add(following)
        token = following
    if confirm_end:
        again, after = fetch(token)
        if after or [row.guid for row in again] != [row.guid for row in page]:
            raise ListShifted("the last page changed")
    return rows


def by_offset(fetch: FetchByOffset[RowT], page_size: int) -> list[RowT]:
    """All rows of an offset list. A page shorter than ``page_size`` is not taken for the end: the server may give less.

    Each page is asked from the last row of the one before: when another row is there, rows have moved between the
    calls, and one that moved up would be missed without a trace. An answer with that row alone is the end where the
    page before it was short too. After a full page, and where nothing came at all, it may have been cut: then what
    follows is asked for once more, and must be nothing.
    """
    rows: list[RowT] = []
    seen: set[str] = set()
    longest, full = page_size, True
    while page := fetch(max(0, len(rows) - 1)):
        if rows:
            if page[0].guid != rows[-1].guid:
                raise ListShifted("rows moved between two pages")
            if len(page) == 1:
                break
        full, longest = len(page) >= longest, len(page)
        _keep(page[1:] if rows else page, rows, seen)
    else:
        if rows:
            raise ListShifted("the last row is gone")
    if full and fetch(len(rows)):
        raise ListShifted("a page was cut")
    return rows


def _keep(page: list[RowT], rows: list[RowT], seen: set[str]) -> None:
    for row in page:
        if row.guid is not None:
            if row.guid in seen:
                raise ListShifted("a row came twice")
            seen.add(row.guid)
        rows.append(row)
