"""Which record of Administration is the same as one of Severa's: the cascade of semantics §4.0 (AT-01, AT-02)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Customer
from brygga.records.target import CustomerCard
from brygga.rules.identity import same_identity


class Match(Record, frozen=True):
    """What the cascade found. ``key`` is the target's number or code; empty for ``none``. A ``name_proposal`` waits for
    a person and a ``conflict`` is refused: both say so in ``reasons``."""

    kind: Literal["link", "number", "identity", "name_proposal", "conflict", "none"]
    key: str = ""
    reasons: tuple[Reason, ...] = ()


NO_MATCH = Match("none")


def match_customer(
    customer: Customer, cards: Iterable[CustomerCard], *, linked: str | None = None, taken: Collection[str] = ()
) -> Match:
    """By stored link, exact number, unique identity, and last, as a proposal, by unique name (§4.0).

    ``linked`` is the number in the stored link. ``taken`` are the numbers linked to other Severa customers: they are
    nobody else's by identity or name.
    """
    register = list(cards)
    if linked is not None:
        return _by_link(linked, {card.number for card in register})
    number = customer.number.strip()
    same_number = next((card for card in register if number and card.number.strip() == number), None)
    if same_number is not None:
        if _identities_disagree(customer, same_number):
            return Match("conflict", same_number.number, (reason("KND-106", nr=number),))
        return Match("number", same_number.number)
    free = [card for card in register if card.number not in taken]
    same = [card for card in free if any(same_identity(customer.identity, held) for held in _identities(card))]
    if len(same) == 1:
        return Match("identity", same[0].number)
    return _by_name(customer, free)


def match_card(
    card: CustomerCard, customers: Iterable[Customer], *, linked: str | None = None, taken: Collection[str] = ()
) -> Match:
    """The cascade the other way: which Severa customer a card of Administration is. ``key`` is the Severa key.

    ``linked`` is the key in the stored link, ``taken`` are the keys linked to other cards.
    """
    register = [customer for customer in customers if customer.key not in taken]
    if linked is not None:
        there = any(customer.key == linked for customer in register)
        return Match("link", linked) if there else Match("conflict", "", (reason("KND-139", nr=card.number),))
    number = card.number.strip()
    same_number = next((one for one in register if number and one.number.strip() == number), None)
    if same_number is not None:
        if _identities_disagree(same_number, card):
            return Match("conflict", same_number.key, (reason("KND-106", nr=number),))
        return Match("number", same_number.key)
    same = [one for one in register if any(same_identity(one.identity, held) for held in _identities(card))]
    if len(same) == 1:
        return Match("identity", same[0].key)
    named = [one for one in register if card.name.strip() and _folded(one.name) == _folded(card.name)]
    if len(named) == 1 and not named[0].number.strip() and not _identities_disagree(named[0], card):
        return Match("name_proposal", named[0].key, (reason("KND-111", Level.WAIT, name=card.name, nr=number),))
    return NO_MATCH


def match_code(code: str, codes: Collection[str], *, linked: str | None = None) -> Match:
    """A project or an article: by stored link, else by its exact code after trim; "010" is not "10" (§4.0, AT-01)."""
    if linked is not None:
        return _by_link(linked, codes)
    wanted = code.strip()
    found = next((there for there in codes if wanted and there.strip() == wanted), None)
    return NO_MATCH if found is None else Match("number", found)


def _by_link(linked: str, keys: Collection[str]) -> Match:
    """A link to a record that is gone is told, never mended by creating the record once more."""
    if linked in keys:
        return Match("link", linked)
    return Match("conflict", "", (reason("REG-862", nr=linked),))


def _by_name(customer: Customer, cards: Iterable[CustomerCard]) -> Match:
    name = _folded(customer.name)
    same = [card for card in cards if name and _folded(card.name) == name]
    if len(same) != 1 or customer.number.strip() or _identities_disagree(customer, same[0]):
        # A customer with a number of its own has another number than the card: they disagree (§4.0, step 4).
        return NO_MATCH
    card = same[0]
    return Match("name_proposal", card.number, (reason("KND-111", Level.WAIT, name=customer.name, nr=card.number),))


def _identities(card: CustomerCard) -> tuple[str, ...]:
    return tuple(held for held in (card.organisation_number, card.vat_number) if held.strip())


def _identities_disagree(customer: Customer, card: CustomerCard) -> bool:
    held = _identities(card)
    return bool(customer.identity.strip() and held) and not any(same_identity(customer.identity, h) for h in held)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
