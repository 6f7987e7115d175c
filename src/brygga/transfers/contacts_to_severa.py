"""A customer's contacts, Administration → Severa (semantics §4.1f)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from brygga.records.base import fingerprint
from brygga.records.reasons import Reason, reason
from brygga.records.severa_cards import SeveraContact
from brygga.records.source import Contact, Customer
from brygga.records.target import ContactCard, CustomerCard, Kind
from brygga.rules.contacts import full_name, split_name
from brygga.transfers.fields import differences
from brygga.transfers.plan import Action, Plan, Transfer, action_for
from brygga.transfers.readings import Readings

NOT_COMPARED = frozenset({"customer_key"})


def contact_plans(
    readings: Readings,
    customer: CustomerCard,
    there: Customer | None,
    contacts: Iterable[Contact],
    linked: Mapping[str, str],
) -> tuple[Plan, ...]:
    """Plans for the customer's contacts that have something to do; ``contacts`` are those of the Severa customer,
    ``linked`` the Severa keys of linked contacts by Administration's id.

    One that is inactive in Severa was taken out of use there and is left alone.
    """
    known = list(contacts)
    taken = set(linked.values())
    plans = []
    for card in readings.contact_cards.get(customer.number, ()):
        if not card.name.strip():
            continue
        key = linked.get(str(card.number))
        found = _found(card, key, known, taken)
        if found is not None:
            taken.add(found.key)
        if found is not None and not found.is_active:
            continue
        plan = _plan(readings, card, there, found, gone=key is not None and found is None)
        if plan.action is not Action.NOTHING:
            plans.append(plan)
    return tuple(plans)


def _found(card: ContactCard, key: str | None, known: list[Contact], taken: set[str]) -> Contact | None:
    if key is not None:
        return next((contact for contact in known if contact.key == key), None)
    # Two contacts of one name are two people: one that is linked to another card is not this one's.
    return next((contact for contact in known if _name(contact) == _name_of(card) and contact.key not in taken), None)


def _plan(
    readings: Readings, card: ContactCard, customer: Customer | None, there: Contact | None, *, gone: bool
) -> Plan:
    first, last = split_name(card.name)
    if there is not None and _name(there) == _name_of(card):
        first, last = there.first_name, there.last_name
    wanted = SeveraContact(
        customer_key=customer.key if customer is not None else "",
        first_name=first,
        last_name=last,
        title=card.title.strip(),
        phone=card.telephone.strip(),
        mobile=card.mobile.strip(),
        email=card.email.strip(),
    )
    reasons: tuple[Reason, ...] = (reason("KND-139", nr=card.name),) if gone else ()
    chosen = readings.preferences
    changes = (
        differences(wanted, there, also_empty=chosen.customers_update_empty, ignore=NOT_COMPARED)
        if there is not None
        else ()
    )
    update = bool(changes) and chosen.customers_existing == "update"
    linked = there is not None and readings.links(Kind.CONTACT).get(there.key) is not None
    existing = Action.UPDATE if update else Action.NOTHING if linked else Action.LINK
    return Plan(
        company=readings.company.name,
        transfer=Transfer.CUSTOMERS_TO_SEVERA,
        kind=Kind.CONTACT,
        source_key=str(card.number),
        source_number=card.customer_number,
        source_name=card.name,
        action=action_for(reasons, Action.CREATE if there is None else existing),
        target_key=there.key if there is not None else "",
        payload=wanted,
        changes=changes if update else (),
        natural_key=card.name,
        reasons=reasons,
        content_hash=fingerprint(card),
    )


def _name(contact: Contact) -> str:
    return full_name(contact.first_name, contact.last_name)


def _name_of(card: ContactCard) -> str:
    return " ".join(card.name.split())
