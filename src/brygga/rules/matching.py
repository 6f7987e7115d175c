"""Which record of Administration is the same as one of Severa's: the cascade of semantics §4.0 (AT-01, AT-02)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Literal

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Customer
from brygga.records.target import CustomerCard
from brygga.rules.identity import canonical_identity


class Match(Record, frozen=True):
    """What the cascade found. ``key`` is the target's number or code; empty for ``none``. A ``name_proposal`` waits for
    a person and a ``conflict`` is refused: both say so in ``reasons``."""

    kind: Literal["link", "number", "identity", "name_proposal", "conflict", "none"]
    key: str = ""
    reasons: tuple[Reason, ...] = ()


NO_MATCH = Match("none")

_System = Literal["severa", "administration"]


class Peers:
    """The register that a record is of: an identity is unique only if it is so there too (§4.0).

    What is out of use claims nothing. ``records``: Severa's customers, or Administration's cards; ``linked``: the keys
    of those that are linked, whose number claims nothing any more.
    """

    def __init__(self, records: Iterable[Customer] | Iterable[CustomerCard] = (), linked: Collection[str] = ()) -> None:
        self._numbers: dict[str, set[str]] = {}
        self._holders: dict[str, dict[str, str]] = {}
        for one in map(_party, records):
            if not one.in_use:
                continue
            if one.key not in linked:
                self._numbers.setdefault(one.number, set()).add(one.key)
            for identity in one.identities:
                self._holders.setdefault(identity, {})[one.key] = one.number or one.name

    def claim(self, one: _Party, number: str) -> bool:
        """Whether another one has the number, and with it the better claim to that record."""
        return bool(number and self._numbers.get(number, set()) - {one.key})

    def holders(self, one: _Party, identities: Iterable[str]) -> tuple[str, ...]:
        """The numbers of those that have one of the identities, ``one`` itself included."""
        found = {one.key: one.number or one.name}
        for identity in identities:
            found |= self._holders.get(identity, {})
        return tuple(sorted(found.values()))


class CardIndex:
    """The cards that can be a customer's: those that the cascade could ever choose among, not the whole register."""

    def __init__(self, cards: Iterable[CustomerCard]) -> None:
        self._by: dict[tuple[str, str], list[CustomerCard]] = {}
        for card in cards:
            one = _party(card)
            keys = {("number", one.number), ("name", _folded(one.name))}
            for key in keys | {("identity", identity) for identity in one.identities}:
                self._by.setdefault(key, []).append(card)

    def of(self, customer: Customer, linked: str | None) -> list[CustomerCard]:
        """Every card with the customer's number, name, identity or link."""
        one = _party(customer)
        wanted = [("number", one.number), ("number", (linked or "").strip()), ("name", _folded(one.name))]
        wanted += [("identity", identity) for identity in one.identities]
        found = (card for key in wanted if key[1] for card in self._by.get(key, ()))
        return list({card.number: card for card in found}.values())


def match_customer(
    customer: Customer,
    cards: Iterable[CustomerCard],
    *,
    linked: str | None = None,
    taken: Collection[str] = (),
    peers: Callable[[], Peers] = Peers,
    still_held: Callable[[str], bool] = lambda number: True,
) -> Match:
    """By stored link, exact number, identity that is unique on both sides, and last, as a proposal, by unique name
    (§4.0).

    ``linked`` is the number in the stored link. ``taken`` are the numbers linked to other Severa customers: they are
    nobody else's. ``peers`` reads Severa's other customers; it is asked only when an
    identity could decide, and ``still_held`` (whether the customer that a taken number is linked to is still in
    Severa) only when the number is taken.
    """
    register = list(cards)
    if linked is not None:
        return _by_link(linked, {card.number for card in register})
    one = _party(customer)
    if one.number in taken and still_held(one.number) and any(card.number == one.number for card in register):
        return Match("conflict", one.number, (reason("REG-863", nr=one.number),))
    return _cascade(one, [_party(card) for card in register], taken, peers, here="severa")


def match_card(
    card: CustomerCard,
    customers: Iterable[Customer],
    *,
    linked: str | None = None,
    taken: Collection[str] = (),
    peers: Callable[[], Peers] = Peers,
) -> Match:
    """The cascade the other way: which Severa customer a card of Administration is. ``key`` is the Severa key.

    ``linked`` is the key in the stored link, ``taken`` are the keys linked to other cards, ``peers`` reads
    Administration's other cards.
    """
    register = [customer for customer in customers if customer.key not in taken]
    if linked is not None:
        there = any(customer.key == linked for customer in register)
        return Match("link", linked) if there else Match("conflict", "", (reason("KND-139", nr=card.number),))
    return _cascade(_party(card), [_party(one) for one in register], (), peers, here="administration")


class _Party(Record, frozen=True):
    """What a customer is compared by, whichever system it is of."""

    key: str
    number: str
    name: str
    identities: frozenset[str]
    in_use: bool


def _party(record: Customer | CustomerCard) -> _Party:
    held: tuple[str, ...]
    if isinstance(record, Customer):
        key, held, in_use = record.key, (record.identity,), record.is_active
    else:
        key, held, in_use = record.number, (record.organisation_number, record.vat_number), not record.inactive
    identities = frozenset(canonical_identity(text) for text in held if text.strip())
    return _Party(key, record.number.strip(), record.name, identities, in_use)


def _cascade(
    one: _Party, others: list[_Party], taken: Collection[str], peers: Callable[[], Peers], *, here: _System
) -> Match:
    """By number, then identity, then name: the same both ways."""
    same_number = next((other for other in others if one.number and other.number == one.number), None)
    if same_number is not None:
        if _identities_disagree(one, same_number):
            return Match("conflict", same_number.key, (reason("KND-106", nr=one.number),))
        return Match("number", same_number.key)
    free = [other for other in others if other.key not in taken]
    same = [other for other in free if one.identities & other.identities]
    if not same:
        return _by_name(one, free)
    own = peers()
    shared = one.identities & frozenset[str]().union(*(other.identities for other in same))
    holders = own.holders(one, shared)
    if len(same) == 1 and len(holders) == 1 and not own.claim(one, same[0].number):
        return Match("identity", same[0].key)
    by_name = _by_name(one, free)
    there = tuple(sorted(other.number or other.name for other in same))
    severa, administration = (holders, there) if here == "severa" else (there, holders)
    why = reason("KND-150", Level.WARNING, severa=", ".join(severa), administration=", ".join(administration))
    return Match(by_name.kind, by_name.key, (why, *by_name.reasons))


def match_code(
    code: str,
    codes: Collection[str],
    *,
    linked: str | None = None,
    is_taken: Callable[[str], bool] = lambda code: False,
) -> Match:
    """A project or an article: by stored link, else by its exact code after trim; "010" is not "10" (§4.0, AT-01).

    ``is_taken`` answers whether the record with that code is linked to another one of Severa's that is still there.
    """
    if linked is not None:
        return _by_link(linked, codes)
    wanted = code.strip()
    found = next((there for there in codes if wanted and there.strip() == wanted), None)
    if found is not None and is_taken(found):
        return Match("conflict", found, (reason("REG-863", nr=found),))
    return NO_MATCH if found is None else Match("number", found)


def _by_link(linked: str, keys: Collection[str]) -> Match:
    """A link to a record that is gone is told, never mended by creating the record once more."""
    if linked in keys:
        return Match("link", linked)
    return Match("conflict", "", (reason("REG-862", nr=linked),))


def _by_name(one: _Party, others: Iterable[_Party]) -> Match:
    name = _folded(one.name)
    same = [other for other in others if name and _folded(other.name) == name]
    if len(same) != 1 or (one.number and same[0].number) or _identities_disagree(one, same[0]):
        # Two that both have a number have different ones: they disagree (§4.0, step 4).
        return NO_MATCH
    why = reason("KND-111", Level.WAIT, name=one.name, nr=one.number or same[0].number)
    return Match("name_proposal", same[0].key, (why,))


def _identities_disagree(one: _Party, other: _Party) -> bool:
    return bool(one.identities and other.identities) and not one.identities & other.identities


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
