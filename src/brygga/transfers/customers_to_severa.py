"""Customers with their contacts, Administration → Severa (semantics §4.1)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from brygga.records.base import fingerprint
from brygga.records.reasons import Level, Reason, reason
from brygga.records.severa_cards import SeveraCustomer
from brygga.records.source import Contact, Customer
from brygga.records.target import CustomerCard, Kind
from brygga.rules.identity import same_identity
from brygga.rules.matching import Match, match_card
from brygga.rules.severa_customer import (
    country_of,
    numbered_name,
    same_name,
    severa_identity,
    severa_number,
    two_lines,
)
from brygga.severa.customer_writes import customer_card
from brygga.transfers.contacts_to_severa import contact_plans
from brygga.transfers.fields import differences
from brygga.transfers.mapped_back import MappedBack
from brygga.transfers.plan import Action, Change, Plan, Transfer, action_for
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection
from brygga.transfers.severa_side import SeveraSide

NOT_COMPARED = frozenset({"number", "is_active", "reverse_charge"})
"""The key, what is Severa's own, and the flag, which is asked for and compared by itself."""


def plan_customers_to_severa(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """Plans for the chosen customers of Administration, by number; inactive ones only say so, and only when named."""
    cards = [card for card in readings.customer_cards.values() if selection.takes(card.number, card.name)]
    if selection.keys is not None:
        cards = [card for card in cards if card.number in selection.keys]
    if selection.changed_since is not None:
        changed = readings.company.administration.changed_customers(selection.changed_since)
        cards = [card for card in cards if card.number in changed or card.number in selection.also]
    named = selection.keys is not None or bool(selection.texts)
    planner = _Planner(readings, selection, cards)
    ordered = sorted(cards, key=lambda card: (len(card.number), card.number))
    return tuple(planner.plan(card) for card in ordered if named or not card.inactive)


class _Planner:
    """Plans the customers of one batch; names that an earlier plan of the batch will take count as taken."""

    def __init__(self, readings: Readings, selection: Selection, cards: Iterable[CustomerCard]) -> None:
        self._readings = readings
        self._accepted = selection.accepted
        side = SeveraSide(readings)
        self._linked, self._linked_contacts = side.keys(Kind.CUSTOMER), side.keys(Kind.CONTACT)
        self._there = {customer.key: customer for customer in readings.severa_customers}
        self._names = {_folded(customer.name): customer for customer in self._there.values()}
        self._coming: dict[str, str] = {}
        self._matches = {card.number: self._match(card) for card in cards}
        keys = sorted({match.key for match in self._matches.values() if match.key in self._there})
        self._contacts: dict[str, list[Contact]] = {}
        for contact in readings.company.severa.contacts(keys) if keys else ():
            self._contacts.setdefault(contact.customer_key, []).append(contact)

    def _match(self, card: CustomerCard) -> Match:
        taken = {key for number, key in self._linked.items() if number != card.number}
        return match_card(
            card,
            self._there.values(),
            linked=self._linked.get(card.number),
            taken=taken,
            peers=lambda: self._readings.card_peers,
        )

    def plan(self, card: CustomerCard) -> Plan:
        """What to do with one customer: found by link, number or unique identity, else created (§4.0)."""
        if card.inactive:
            return self._plan(card, None, Action.SKIP, None, (reason("KND-107", Level.NOTE, nr=card.number),))
        match = self._matches[card.number]
        there = self._there.get(match.key) if match.kind in ("link", "number", "identity") else None
        wanted, reasons = self._wanted(card, there)
        if match.kind not in ("conflict", "name_proposal"):
            wanted, key_reasons = self._unique(card, wanted, there)
            reasons = (*key_reasons, *reasons)
        reasons = (*match.reasons, *reasons)
        if there is None:
            action = action_for(reasons, Action.CREATE)
            return self._plan(card, None, action, wanted, reasons)
        there = self._with_flag(card, there, wanted.reverse_charge)
        changes = self._changes(card, wanted, there)
        if not changes:
            reasons = tuple(why for why in reasons if why.level is Level.STOP)
        linked = card.number in self._linked
        update = bool(changes) and self._readings.preferences.customers_existing == "update"
        otherwise = Action.UPDATE if update else Action.NOTHING if linked else Action.LINK
        action = action_for(reasons, otherwise)
        if update or not changes:
            return self._plan(card, there, action, wanted, reasons, changes)
        return self._plan(card, there, action, wanted, reasons, left=True)

    def _wanted(self, card: CustomerCard, there: Customer | None) -> tuple[SeveraCustomer, tuple[Reason, ...]]:
        chosen = self._readings.preferences
        country = country_of(card, chosen.mappings_countries)
        found = severa_identity(card, chosen.customers_reverse_charge_rule, country)
        identity = there.identity if there is not None and same_identity(there.identity, found.identity) else None
        back = MappedBack(self._readings, card, there)
        days = back.payment_days()
        lines = two_lines((card.mailing_address, card.mailing_address2))
        street = "\n".join(line for line in lines if line)
        if there is not None and two_lines(there.address.lines) == lines:
            street = "\n".join(there.address.lines)
        name = there.name if there is not None and same_name(there.name, card.name.strip(), card.number) else card.name
        wanted = SeveraCustomer(
            name=name.strip(),
            number=there.number if there is not None else severa_number(card.number),
            identity=found.identity if identity is None else identity,
            language=back.language(),
            currency=back.currency(),
            payment_days=int(days) if days else None,
            email=card.email.strip(),
            street=street,
            postal_code=card.zip_code.strip(),
            city=card.city.strip(),
            country_code=back.country(country),
            phone=card.telephone.strip(),
            fax=card.fax.strip(),
            price_list=back.price_list(),
            reverse_charge=found.reverse_charge,
        )
        return wanted, (*found.reasons, *back.reasons)

    def _unique(
        self, card: CustomerCard, wanted: SeveraCustomer, there: Customer | None
    ) -> tuple[SeveraCustomer, tuple[Reason, ...]]:
        """Severa's number must be numeric and its name unique; the way out is offered, and taken when it was accepted
        (AT-14, AT-15)."""
        accepted = card.number in self._accepted
        reasons: list[Reason] = []
        if there is None and not wanted.number:
            level = Level.NOTE if accepted else Level.STOP
            reasons.append(reason("KND-102", level, nr=card.number))
            reasons.append(reason("KND-133", Level.NOTE, nr=card.number))
        holder = self._holder_of(wanted.name, card, there)
        if holder and accepted and not self._holder_of(numbered_name(wanted.name, card.number), card, there):
            wanted = msgspec.structs.replace(wanted, name=numbered_name(wanted.name, card.number))
        elif holder:
            reasons.append(reason("KND-103", name=wanted.name, nr=holder))
            suggestion = numbered_name(wanted.name, card.number)
            reasons.append(reason("KND-134", Level.NOTE, name=suggestion))
        if there is None and not any(why.level is Level.STOP for why in reasons):
            self._coming[_folded(wanted.name)] = card.number
        return wanted, tuple(reasons)

    def _holder_of(self, name: str, card: CustomerCard, there: Customer | None) -> str:
        """The number of another customer that has the name in Severa, or will have it; empty when it is free."""
        other = self._names.get(_folded(name))
        if other is not None and (there is None or other.key != there.key):
            return other.number or other.name
        coming = self._coming.get(_folded(name), "")
        return coming if coming != card.number else ""

    def _with_flag(self, card: CustomerCard, there: Customer, wanted: bool) -> Customer:
        """Reverse charge is asked for only when the card changed since it was sent or linked (§4.13, Calls)."""
        if self._vouched(card, there):
            return msgspec.structs.replace(there, reverse_charge=wanted)
        return self._readings.with_reverse_charge(there)

    def _vouched(self, card: CustomerCard, there: Customer) -> bool:
        """Whether the two were found the same when the card was as it is now."""
        link = self._readings.links(Kind.CUSTOMER).get(there.key)
        return link is not None and link.snapshot.payload_hash == fingerprint(card)

    def _changes(self, card: CustomerCard, wanted: SeveraCustomer, there: Customer) -> tuple[Change, ...]:
        now = customer_card(there)
        also_empty = self._readings.preferences.customers_update_empty
        changes = list(differences(wanted, now, also_empty=also_empty, ignore=NOT_COMPARED))
        if wanted.reverse_charge != there.reverse_charge:
            changes.append(Change("reverse_charge", there.reverse_charge, wanted.reverse_charge))
        return tuple(changes)

    def _plan(
        self,
        card: CustomerCard,
        there: Customer | None,
        action: Action,
        wanted: SeveraCustomer | None,
        reasons: tuple[Reason, ...],
        changes: tuple[Change, ...] = (),
        *,
        left: bool = False,
    ) -> Plan:
        sent = action not in (Action.REFUSE, Action.WAIT, Action.SKIP)
        found = self._contacts.get(there.key, []) if there is not None else []
        return Plan(
            company=self._readings.company.name,
            transfer=Transfer.CUSTOMERS_TO_SEVERA,
            kind=Kind.CUSTOMER,
            source_key=card.number,
            source_number=card.number,
            source_name=card.name,
            action=action,
            target_key=there.key if there is not None else "",
            payload=wanted,
            changes=changes,
            natural_key=wanted.number or wanted.name if wanted is not None else "",
            reasons=reasons,
            parts=contact_plans(self._readings, card, there, found, self._linked_contacts) if sent else (),
            # The link of a card whose differences were left alone vouches for nothing.
            content_hash="" if left else fingerprint(card),
            renews=action is Action.NOTHING and not left and there is not None and not self._vouched(card, there),
        )


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
