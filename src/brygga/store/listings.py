"""Lists that searches found: filtered, sorted and paged in the store, with ticks that survive paging."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.records.base import Record
from brygga.records.reasons import Reason
from brygga.store.database import utcnow, write
from brygga.store.schema.listing import listing, listing_row
from brygga.store.states import RowState

LIFETIME = timedelta(hours=24)
"""A list is shown no longer than this: what it was read from has changed since."""

SORTS = {
    "position": listing_row.c.position,
    "number": listing_row.c.number_order,
    "name": listing_row.c.name_order,
    "day": listing_row.c.day,
    "gross": listing_row.c.gross_minor,
    "state": listing_row.c.state,
}
"""What a list can be sorted by."""

_BATCH = 500


class Listing(Record, frozen=True):
    """One search's result: of which company and transfer, asked how, read when and in how many seconds."""

    id: str
    company: str
    transfer: str
    parameters: str
    settings_hash: str
    read_at: datetime
    seconds: int


class ListedRow(Record, frozen=True):
    """One record of a list; ``gross_minor`` in hundredths of ``currency``, None where there is no amount."""

    position: int
    source_key: str
    number: str
    name: str
    day: str
    detail: str
    gross_minor: int | None
    currency: str
    action: str
    state: RowState
    target_key: str
    reasons: tuple[Reason, ...]
    ticked: bool = False

    @property
    def gross(self) -> Decimal | None:
        """The amount, with VAT."""
        return None if self.gross_minor is None else _amount(self.gross_minor)


class Found(Record, frozen=True):
    """A row to keep: what is shown of it, and the whole plan as JSON text."""

    row: ListedRow
    plan: str


class Filter(Record, frozen=True):
    """Which rows, in which order. ``text`` is looked for in number, name and detail, without regard to case."""

    states: tuple[RowState, ...] = ()
    text: str = ""
    ticked_only: bool = False
    actions: tuple[str, ...] = ()
    sort: str = "position"
    descending: bool = False


class Totals(Record, frozen=True):
    """Rows and amounts: how many, and the sum of each currency."""

    count: int
    sums: tuple[tuple[str, Decimal], ...]


class Summary(Record, frozen=True):
    """A whole list in figures: how many rows there are of each state and action, and the totals of what is ticked."""

    rows: dict[tuple[RowState, str], int]
    ticked: Totals

    @property
    def counts(self) -> dict[RowState, int]:
        """How many rows stand in each state."""
        return {state: self.count((state,)) for state in {state for state, _ in self.rows}}

    def count(self, states: Collection[RowState] = (), actions: Collection[str] = ()) -> int:
        """How many rows have one of these states and one of these actions; nothing named means any."""
        return sum(
            number
            for (state, action), number in self.rows.items()
            if (not states or state in states) and (not actions or action in actions)
        )


_LISTING = [listing.c[name] for name in Listing.__struct_fields__]
_ROW = [listing_row.c[name] for name in ListedRow.__struct_fields__]


class Listings:
    """The lists of one store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(
        self,
        company: str,
        transfer: str,
        parameters: str,
        found: Iterable[Found],
        *,
        settings_hash: str,
        seconds: int,
    ) -> Listing:
        """Keep a list; the same search's older list and every list that has expired go."""
        kept = Listing(
            id=secrets.token_hex(6),
            company=company,
            transfer=transfer,
            parameters=parameters,
            settings_hash=settings_hash,
            read_at=utcnow(),
            seconds=seconds,
        )
        values = [_values(kept, position, each) for position, each in enumerate(found)]

        def work(connection: Connection) -> None:
            same = sa.and_(
                listing.c.company == company, listing.c.transfer == transfer, listing.c.parameters == parameters
            )
            old = sa.select(listing.c.id).where(sa.or_(same, listing.c.read_at < kept.read_at - LIFETIME))
            gone = [row.id for row in connection.execute(old)]
            connection.execute(sa.delete(listing_row).where(listing_row.c.listing_id.in_(gone)))
            connection.execute(sa.delete(listing).where(listing.c.id.in_(gone)))
            connection.execute(
                sa.insert(listing).values({name: getattr(kept, name) for name in kept.__struct_fields__})
            )
            for batch in _batches(values):
                connection.execute(sa.insert(listing_row), batch)

        write(self._engine, work)
        return kept

    def latest(self, company: str, transfer: str, parameters: str | None = None) -> Listing | None:
        """The newest list of a search; of any search of the transfer when ``parameters`` is None."""
        which = sa.and_(listing.c.company == company, listing.c.transfer == transfer)
        if parameters is not None:
            which = sa.and_(which, listing.c.parameters == parameters)
        query = sa.select(*_LISTING).where(which, listing.c.read_at >= utcnow() - LIFETIME)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(listing.c.read_at.desc()).limit(1)).first()
        return None if row is None else Listing(*row)

    def get(self, company: str, listing_id: str) -> Listing | None:
        """The list with this id, if it is the company's."""
        query = sa.select(*_LISTING).where(listing.c.id == listing_id, listing.c.company == company)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else Listing(*row)

    def rows(
        self, kept: Listing, chosen: Filter, *, offset: int = 0, limit: int | None = None
    ) -> tuple[ListedRow, ...]:
        """A page of the list."""
        order = SORTS[chosen.sort]
        query = (
            sa.select(*_ROW)
            .where(_which(kept, chosen))
            .order_by(order.desc() if chosen.descending else order.asc(), listing_row.c.position)
            .offset(offset)
            .limit(limit)
        )
        with self._engine.connect() as connection:
            return tuple(ListedRow(*row) for row in connection.execute(query))

    def row(self, kept: Listing, source_key: str) -> ListedRow | None:
        """One row by its source key."""
        query = sa.select(*_ROW).where(_own(kept), listing_row.c.source_key == source_key)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else ListedRow(*row)

    def summary(self, kept: Listing) -> Summary:
        """Its rows by state and action, and the totals of the ticked ones, in one pass over the list."""
        grouped = (listing_row.c.state, listing_row.c.action, listing_row.c.ticked, listing_row.c.currency)
        query = (
            sa.select(*grouped, sa.func.count().label("number"), sa.func.sum(listing_row.c.gross_minor).label("gross"))
            .where(_own(kept))
            .group_by(*grouped)
            .order_by(listing_row.c.currency)
        )
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        rows: Counter[tuple[RowState, str]] = Counter()
        sums: Counter[str] = Counter()
        for row in found:
            rows[row.state, row.action] += row.number
            if row.ticked and row.gross is not None:
                sums[row.currency] += int(row.gross)
        ticked = sum(row.number for row in found if row.ticked)
        return Summary(dict(rows), Totals(ticked, tuple((name, _amount(total)) for name, total in sums.items())))

    def totals(self, kept: Listing, chosen: Filter) -> Totals:
        """Number of rows and sums of the chosen ones."""
        query = (
            sa.select(listing_row.c.currency, sa.func.count(), sa.func.sum(listing_row.c.gross_minor))
            .where(_which(kept, chosen))
            .group_by(listing_row.c.currency)
            .order_by(listing_row.c.currency)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        sums = tuple((currency, _amount(int(total))) for currency, _, total in rows if total is not None)
        return Totals(count=sum(count for _, count, _ in rows), sums=sums)

    def tick(self, kept: Listing, source_keys: Collection[str], *, on: bool) -> None:
        """Tick or untick these rows."""

        def work(connection: Connection) -> None:
            for batch in _batches(sorted(source_keys)):
                which = sa.and_(_own(kept), listing_row.c.source_key.in_(batch))
                connection.execute(sa.update(listing_row).where(which).values(ticked=on))

        write(self._engine, work)

    def tick_all(self, kept: Listing, chosen: Filter, *, on: bool, actions: Collection[str]) -> None:
        """Tick or untick every row that the filter leaves, on all pages, if its plan has one of these actions."""
        which = sa.and_(_which(kept, chosen), listing_row.c.action.in_(tuple(actions)))

        def work(connection: Connection) -> None:
            connection.execute(sa.update(listing_row).where(which).values(ticked=on))

        write(self._engine, work)

    def plans(self, kept: Listing, chosen: Filter) -> tuple[str, ...]:
        """The plans of the chosen rows as JSON text, in the list's own order."""
        query = sa.select(listing_row.c.plan).where(_which(kept, chosen)).order_by(listing_row.c.position)
        with self._engine.connect() as connection:
            return tuple(row.plan for row in connection.execute(query))

    def plans_of(self, kept: Listing, source_keys: Collection[str]) -> tuple[str, ...]:
        """The plans of these records as JSON text, in the list's own order."""
        found: list[tuple[int, str]] = []
        with self._engine.connect() as connection:
            for batch in _batches(sorted(source_keys)):
                which = sa.and_(_own(kept), listing_row.c.source_key.in_(batch))
                query = sa.select(listing_row.c.position, listing_row.c.plan).where(which)
                found.extend((row.position, row.plan) for row in connection.execute(query))
        return tuple(plan for _, plan in sorted(found))

    def plan(self, kept: Listing, source_key: str) -> str | None:
        """One row's plan as JSON text."""
        which = sa.and_(_own(kept), listing_row.c.source_key == source_key)
        with self._engine.connect() as connection:
            return connection.execute(sa.select(listing_row.c.plan).where(which)).scalar()


def _amount(minor: int) -> Decimal:
    """The amount of so many hundredths."""
    return Decimal(minor).scaleb(-2)


def _own(kept: Listing) -> sa.ColumnElement[bool]:
    return sa.and_(listing_row.c.listing_id == kept.id, listing_row.c.company == kept.company)


def _which(kept: Listing, chosen: Filter) -> sa.ColumnElement[bool]:
    conditions = [_own(kept)]
    if chosen.states:
        conditions.append(listing_row.c.state.in_(chosen.states))
    if chosen.text.strip():
        conditions.append(listing_row.c.searched.contains(chosen.text.strip().casefold(), autoescape=True))
    if chosen.actions:
        conditions.append(listing_row.c.action.in_(chosen.actions))
    if chosen.ticked_only:
        conditions.append(listing_row.c.ticked.is_(True))
    return sa.and_(*conditions)


def _values(kept: Listing, position: int, found: Found) -> dict[str, Any]:
    row = found.row
    return {
        "listing_id": kept.id,
        "company": kept.company,
        "position": position,
        **{name: getattr(row, name) for name in row.__struct_fields__ if name != "position"},
        "number_order": number_order(row.number),
        "name_order": swedish_order(row.name),
        "searched": " ".join((row.number, row.name, row.detail, row.target_key)).casefold(),
        "plan": found.plan,
    }


def number_order(number: str) -> str:
    """Sorts numbers by size and other texts after them: "9" before "10" before "K10"."""
    text = number.strip()
    return f"0{int(text):>030d}" if text.isdecimal() else f"1{text.casefold()}"


_LAST = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "é": "e", "è": "e", "ü": "u"})
"""The Swedish alphabet ends with å ä ö: the characters after z in ASCII stand for them (semantics §5.1)."""


def swedish_order(text: str) -> str:
    """What a name is sorted by: without regard to case, å ä ö last."""
    return " ".join(text.casefold().split()).translate(_LAST)


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
