"""Query parameters: paging, filters, and the refusal of everything that is not understood.

A filter of the contract that is not modelled here is refused by name; it is never ignored, because an unfiltered answer
would look like a right one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from brygga.practice.severa_server.collection import AnyOf, ChangedSince, Condition, Holds, Scalar
from brygga.practice.severa_server.errors import Refused, bad_parameter
from brygga.practice.severa_server.models import enum_values

if TYPE_CHECKING:
    from brygga.practice.severa_server.state import SeveraState

Pairs = Sequence[tuple[str, str]]


class Paging(Enum):
    """How a list is paged (contracts/severa.md §2)."""

    NONE = "not paged"
    TOKEN = "pageToken"
    OFFSET = "firstRow"


@dataclass(frozen=True)
class Filter:
    """A modelled filter: ``condition`` makes the condition from the values given under its name.

    ``many`` filters may be given several times, meaning any of the values.
    """

    condition: Callable[[str, list[str], SeveraState], Condition]
    many: bool = False


@dataclass(frozen=True)
class ListQuery:
    """A list call, understood."""

    conditions: tuple[Condition, ...]
    limit: int | None
    after: int = 0
    skip: int = 0
    binding: str = ""


def any_text(path: str) -> Filter:
    """Any of the given texts, exactly."""
    return Filter(lambda name, values, state: AnyOf(path, frozenset(values)), many=True)


def text(path: str) -> Filter:
    """The given text, exactly."""
    return Filter(lambda name, values, state: AnyOf(path, frozenset(values)))


def any_number(path: str) -> Filter:
    """Any of the given whole numbers."""
    return Filter(lambda name, values, state: AnyOf(path, frozenset(_number(name, each) for each in values)), many=True)


def flag(path: str) -> Filter:
    """True or false."""
    return Filter(lambda name, values, state: AnyOf(path, frozenset({_flag(name, values[0])})))


def choice(path: str, enum: str) -> Filter:
    """A value of an enum."""

    def condition(name: str, values: list[str], state: SeveraState) -> Condition:
        if values[0] not in enum_values(enum):
            raise bad_parameter(name, f"{name} must be one of {', '.join(enum_values(enum))}, not {values[0]!r}")
        return AnyOf(path, frozenset(values))

    return Filter(condition)


def changed_since() -> Filter:
    """Added or changed at that time or later (§2)."""
    return Filter(lambda name, values, state: ChangedSince(_moment(name, values[0]).timestamp()))


def on_or_after(path: str) -> Filter:
    """A date at the path that is the given day or later."""

    def condition(name: str, values: list[str], state: SeveraState) -> Condition:
        first = _moment(name, values[0]).date()
        return Holds(path, lambda value: date.fromisoformat(str(value)) >= first)

    return Filter(condition)


def on_or_before(path: str) -> Filter:
    """A date at the path that is the given day or earlier."""

    def condition(name: str, values: list[str], state: SeveraState) -> Condition:
        last = _moment(name, values[0]).date()
        return Holds(path, lambda value: date.fromisoformat(str(value)) <= last)

    return Filter(condition)


def any_through(path: str, collection: str, target_path: str) -> Filter:
    """Any of the given guids, found at ``target_path`` of the documents of another collection that ``path`` names."""

    def condition(name: str, values: list[str], state: SeveraState) -> Condition:
        guids: set[Scalar] = set()
        for value in values:
            guids.update(entry.guid for entry in state.collection(collection).values(target_path, value))
        return AnyOf(path, frozenset(guids))

    return Filter(condition, many=True)


def understood(
    pairs: Pairs,
    *,
    path: str,
    paging: Paging,
    filters: Mapping[str, Filter],
    not_modelled: Iterable[str],
    state: SeveraState,
    row_counts: tuple[int, int],
) -> ListQuery:
    """The list call that the query parameters ask for. ``row_counts`` are the default and the largest page size.

    Raises ``Refused`` (400) for a parameter that is unknown, not modelled, given twice or not understood.
    """
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    conditions: list[Condition] = []
    for name, values in given.items():
        if name in filters:
            if len(values) > 1 and not filters[name].many:
                raise bad_parameter(name, f"{name} is given more than once")
            conditions.append(filters[name].condition(name, values, state))
        elif name not in _paging_names(paging):
            _refuse(name, values, not_modelled)
        elif len(values) > 1:
            raise bad_parameter(name, f"{name} is given more than once")
    if paging is Paging.NONE:
        return ListQuery(tuple(conditions), limit=None)
    limit = _row_count(given.get("rowCount"), *row_counts)
    if paging is Paging.OFFSET:
        skip = _number("firstRow", given["firstRow"][0]) if "firstRow" in given else 0
        if skip < 0:
            raise bad_parameter("firstRow", "firstRow must not be negative")
        return ListQuery(tuple(conditions), limit, skip=skip)
    binding = _binding(path, pairs)
    token = given.get("pageToken", [""])[0]
    after = read_page_token(state.page_key, token, binding) if token else 0
    return ListQuery(tuple(conditions), limit, after=after, binding=binding)


def no_parameters(pairs: Pairs) -> None:
    """Raises ``Refused`` when a call that takes no query parameters has one."""
    for name, _ in pairs:
        raise bad_parameter(name, f"{name} is not a parameter of this operation")


def page_token(key: bytes, binding: str, after: int) -> str:
    """An opaque token for the page after a sequence number, good for the same query only."""
    content = json.dumps([binding, after]).encode("ascii")
    seal = hmac.new(key, content, hashlib.sha256).digest()[:12]
    return base64.urlsafe_b64encode(seal + content).decode("ascii")


def read_page_token(key: bytes, token: str, binding: str) -> int:
    """The sequence number a token stands for. Raises ``Refused`` when it is not ours or belongs to another query."""
    try:
        data = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise bad_parameter("pageToken", "the page token is not one of this server's") from error
    seal, content = data[:12], data[12:]
    if not hmac.compare_digest(seal, hmac.new(key, content, hashlib.sha256).digest()[:12]):
        raise bad_parameter("pageToken", "the page token is not one of this server's")
    bound, after = json.loads(content)
    if bound != binding:
        raise bad_parameter("pageToken", "the page token belongs to another query")
    return int(after)


def _paging_names(paging: Paging) -> tuple[str, ...]:
    return {Paging.NONE: (), Paging.TOKEN: ("pageToken", "rowCount"), Paging.OFFSET: ("firstRow", "rowCount")}[paging]


def _refuse(name: str, values: list[str], not_modelled: Iterable[str]) -> None:
    documented = set(not_modelled)
    if name.split("[", 1)[0] in documented:
        # No total is documented for calculateRowCount (§8 point 1): leaving it off is the only value with a meaning.
        if name == "calculateRowCount" and values == ["false"]:
            return
        raise bad_parameter(name, f"{name} is documented, but this simulator does not model it")
    raise bad_parameter(name, f"{name} is not a parameter of this operation")


def _binding(path: str, pairs: Pairs) -> str:
    query = sorted(pair for pair in pairs if pair[0] not in ("pageToken", "rowCount"))
    return hashlib.sha256(json.dumps([path, query]).encode("utf-8")).hexdigest()[:16]


def _row_count(values: list[str] | None, default: int, largest: int) -> int:
    if values is None:
        return default
    count = _number("rowCount", values[0])
    if not 1 <= count <= largest:
        raise bad_parameter("rowCount", f"rowCount must be between 1 and {largest}")
    return count


def _number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError as error:
        raise bad_parameter(name, f"{name} must be a whole number, not {value!r}") from error


def _flag(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise bad_parameter(name, f"{name} must be true or false, not {value!r}")
    return value.lower() == "true"


def _moment(name: str, value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _not_a_time(name, value) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _not_a_time(name: str, value: str) -> Refused:
    return bad_parameter(name, f"{name} must be a date-time with offset, percent-encoded, not {value!r}")
