"""One collection of documents in memory: by guid, in a stable order, with indexes that are built when first used."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from brygga.practice.severa_server.models import decode

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A kept document: its place in the stable order, when it was changed (seconds since 1970, UTC), and its JSON.

    ``owner`` is the guid of the document it belongs to where the wire document does not say it (invoice settings).
    """

    sequence: int
    guid: str
    updated: float
    raw: bytes
    owner: str | None = None

    def document(self) -> dict[str, Any]:
        """The wire document, a fresh copy."""
        return decode(self.raw)


@dataclass(frozen=True)
class AnyOf:
    """The document has one of the values at the path."""

    path: str
    values: frozenset[Scalar]


@dataclass(frozen=True)
class Holds:
    """A value at the path satisfies the test; a document without a value there does not."""

    path: str
    test: Callable[[Scalar], bool]


@dataclass(frozen=True)
class ChangedSince:
    """The document was added or changed at that time (seconds since 1970) or later."""

    moment: float


Condition = AnyOf | Holds | ChangedSince


@dataclass
class _Column:
    values: dict[int, tuple[Scalar, ...]] = field(default_factory=dict)
    index: dict[Scalar, list[int]] = field(default_factory=dict)

    def set(self, sequence: int, values: tuple[Scalar, ...]) -> None:
        self.drop(sequence)
        self.values[sequence] = values
        for value in dict.fromkeys(values):
            insort(self.index.setdefault(value, []), sequence)

    def drop(self, sequence: int) -> None:
        for value in dict.fromkeys(self.values.pop(sequence, ())):
            places = self.index[value]
            del places[bisect_left(places, sequence)]


@dataclass
class Page:
    """The documents of one page and whether more follow."""

    entries: list[Entry]
    more: bool


class Collection:
    """Documents of one kind. Reading one is one look-up; a page costs its rows and what its conditions leave out."""

    def __init__(self) -> None:
        self._by_guid: dict[str, Entry] = {}
        self._by_owner: dict[str, str] = {}
        self._at: dict[int, Entry] = {}
        self._order: list[int] = []
        self._columns: dict[str, _Column] = {}

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Entry]:
        return (self._at[sequence] for sequence in self._order)

    def get(self, guid: str) -> Entry | None:
        """The document with that guid."""
        return self._by_guid.get(guid)

    def owned_by(self, owner: str) -> Entry | None:
        """The document that belongs to ``owner``."""
        guid = self._by_owner.get(owner)
        return None if guid is None else self._by_guid[guid]

    def put(self, entry: Entry) -> None:
        """Adds the document, or replaces the one with its guid (whose sequence the entry must repeat)."""
        if entry.guid not in self._by_guid:
            insort(self._order, entry.sequence)
        self._by_guid[entry.guid] = entry
        self._at[entry.sequence] = entry
        if entry.owner is not None:
            self._by_owner[entry.owner] = entry.guid
        if self._columns:
            document = entry.document()
            for path, column in self._columns.items():
                column.set(entry.sequence, values_at(document, path))

    def remove(self, guid: str) -> None:
        """Removes the document with that guid."""
        entry = self._by_guid.pop(guid)
        del self._at[entry.sequence]
        del self._order[bisect_left(self._order, entry.sequence)]
        if entry.owner is not None:
            del self._by_owner[entry.owner]
        for column in self._columns.values():
            column.drop(entry.sequence)

    def values(self, path: str, value: Scalar) -> list[Entry]:
        """Every document that has the value at the path."""
        return [self._at[sequence] for sequence in self._column(path).index.get(value, ())]

    def page(self, conditions: Sequence[Condition], *, after: int = 0, skip: int = 0, limit: int | None = None) -> Page:
        """The documents that meet every condition: those after a sequence number, some skipped, at most ``limit``."""
        candidates = self._candidates(conditions)
        start = bisect_right(candidates, after)
        tests = [self._test(condition) for condition in conditions]
        found: list[Entry] = []
        if not tests:
            start, skip = start + skip, 0
        for place in range(start, len(candidates)):
            entry = self._at[candidates[place]]
            if not all(test(entry) for test in tests):
                continue
            if skip:
                skip -= 1
                continue
            if limit is not None and len(found) == limit:
                return Page(found, more=True)
            found.append(entry)
        return Page(found, more=False)

    def _candidates(self, conditions: Iterable[Condition]) -> Sequence[int]:
        best: list[list[int]] | None = None
        for condition in conditions:
            if isinstance(condition, AnyOf):
                index = self._column(condition.path).index
                lists = [index[value] for value in condition.values if value in index]
                if best is None or sum(map(len, lists)) < sum(map(len, best)):
                    best = lists
        if best is None:
            return self._order
        return best[0] if len(best) == 1 else sorted({sequence for places in best for sequence in places})

    def _test(self, condition: Condition) -> Callable[[Entry], bool]:
        if isinstance(condition, ChangedSince):
            moment = condition.moment
            return lambda entry: entry.updated >= moment
        values = self._column(condition.path).values
        if isinstance(condition, AnyOf):
            wanted = condition.values
            return lambda entry: any(value in wanted for value in values[entry.sequence])
        test = condition.test
        return lambda entry: any(test(value) for value in values[entry.sequence])

    def _column(self, path: str) -> _Column:
        column = self._columns.get(path)
        if column is None:
            column = self._columns[path] = _Column()
            for sequence in self._order:
                column.set(sequence, values_at(self._at[sequence].document(), path))
        return column


def values_at(document: Mapping[str, Any], path: str) -> tuple[Scalar, ...]:
    """The values at a dotted path; arrays on the way give all their members' values; null gives none."""
    found: list[Any] = [document]
    for name in path.split("."):
        step: list[Any] = []
        for each in found:
            value = each.get(name) if isinstance(each, Mapping) else None
            step.extend(value if isinstance(value, list) else [] if value is None else [value])
        found = step
    return tuple(value for value in found if isinstance(value, str | int | float))
