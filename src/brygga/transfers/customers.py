"""Customers with their contacts, Severa → Administration (semantics §4.1)."""

from __future__ import annotations

import msgspec

from brygga.records.base import fingerprint
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Contact, Customer
from brygga.records.target import ContactCard, CustomerCard, Kind
from brygga.rules.contacts import full_name
from brygga.rules.identity import identity_fields, same_identity
from brygga.rules.mappings import mapped, mapped_country
from brygga.rules.matching import match_customer
from brygga.rules.severa_customer import two_lines, with_equivalents
from brygga.transfers.fields import Texts, differences
from brygga.transfers.plan import Action, Change, Plan, Transfer, action_for
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection

KEYS = frozenset({"number", "inactive", "export", "eu_customer", "buildservice"})
"""Fields of a card that are not compared as text: the key, what is Administration's own, and the flags (below)."""


def plan_customers(readings: Readings, selection: Selection) -> tuple[Plan, ...]:
    """Plans for the chosen active customers, in order of number; the others are skipped with the reason."""
    every = selection.keys is None and selection.changed_since is None
    customers = readings.severa_customers if every else selection.read(readings.company.severa.customers)
    chosen = [customer for customer in customers if selection.takes(customer.number, customer.name)]
    won = _customers_with_won_projects(readings) if readings.preferences.customers_won_only else None
    contacts = _contacts_by_customer(readings, chosen)
    plans = []
    for customer in sorted(chosen, key=lambda customer: (len(customer.number), customer.number, customer.key)):
        if not customer.is_active and selection.keys is None:
            continue
        if won is not None and customer.key not in won:
            plans.append(_skipped(readings, customer, reason("KND-113", Level.NOTE, nr=customer.number)))
            continue
        plans.append(plan_customer(readings, customer, contacts.get(customer.key, ())))
    return tuple(plans)


def plan_customer(
    readings: Readings, customer: Customer, contacts: tuple[Contact, ...] = (), *, automatic: bool = False
) -> Plan:
    """What to do with one customer: found by link, else by exact number or unique identity, else created (§4.0)."""
    link = readings.links(Kind.CUSTOMER).get(customer.key)
    linked = link.target_key if link else None
    holders = readings.card_holders  # all others' where this one has no link, and only then they matter
    match = match_customer(
        customer,
        readings.card_index.of(customer, linked),
        linked=linked,
        taken=holders.keys(),
        peers=lambda: readings.customer_peers,
        still_held=lambda number: readings.customer(holders[number]) is not None,
    )
    there = readings.customer_cards.get(match.key) if match.kind in ("link", "number", "identity") else None
    customer = _with_flag(readings, customer, there)
    card, reasons = customer_card(readings, customer, there)
    reasons = (*reasons, *match.reasons)
    action = Action.CREATE
    changes: tuple[Change, ...] = ()
    if there is not None:
        changes = _changes(readings, card, there)
        action = _existing_action(readings, bool(changes), linked=link is not None)
        if there.inactive:
            reasons = (*reasons, reason("KND-107", Level.WARNING, nr=there.number))
    elif automatic:
        reasons = (*reasons, reason("KND-110", Level.NOTE, nr=card.number))
    action = action_for(reasons, action)
    number = there.number if there is not None else card.number
    parts = () if action is Action.REFUSE else _contact_plans(readings, customer, number, contacts)
    return Plan(
        company=readings.company.name,
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CUSTOMER,
        source_key=customer.key,
        source_number=customer.number,
        source_name=customer.name,
        action=action,
        target_key=there.number if there is not None else "",
        payload=card,
        changes=changes if action is Action.UPDATE else (),
        natural_key=card.number,
        reasons=reasons,
        parts=parts,
        content_hash=_content_hash(card, there, changes, action),
        renews=_renews(readings, customer, there, changes, action),
        automatic=automatic,
    )


def _renews(
    readings: Readings, customer: Customer, there: CustomerCard | None, changes: tuple[Change, ...], action: Action
) -> bool:
    if there is None or changes or action is not Action.NOTHING:
        return False
    return not _vouched(readings, customer, there)


def _content_hash(card: CustomerCard, there: CustomerCard | None, changes: tuple[Change, ...], action: Action) -> str:
    """The hash of Administration's card as it is when the plan was carried out: what the link vouches for, whichever
    way the customer went. None when differences are left alone, which vouch for nothing."""
    if there is None:
        return fingerprint(card)
    if changes and action is not Action.UPDATE:
        return ""
    return fingerprint(msgspec.structs.replace(there, **{each.field: getattr(card, each.field) for each in changes}))


def _existing_action(readings: Readings, changed: bool, *, linked: bool) -> Action:
    if changed and readings.preferences.customers_existing == "update":
        return Action.UPDATE
    return Action.NOTHING if linked else Action.LINK


def _with_flag(readings: Readings, customer: Customer, there: CustomerCard | None) -> Customer:
    """Ask for the reverse-charge flag only when the customer is new, or either side changed since the link (§4.13,
    Calls): the link vouches for Administration's card, and Severa's customer must still say the same."""
    if there is not None and _vouched(readings, customer, there):
        assumed = _flagged(customer, there.export or there.buildservice)
        card, _ = customer_card(readings, assumed, there)
        if not _changes(readings, card, there):
            return assumed
    return readings.with_reverse_charge(customer)


def _vouched(readings: Readings, customer: Customer, there: CustomerCard) -> bool:
    """Whether the two were found the same when the card was as it is now."""
    link = readings.links(Kind.CUSTOMER).get(customer.key)
    return link is not None and link.snapshot.payload_hash == fingerprint(there)


def _flagged(customer: Customer, flag: bool) -> Customer:
    return msgspec.structs.replace(customer, reverse_charge=flag)


def customer_card(
    readings: Readings, customer: Customer, there: CustomerCard | None = None
) -> tuple[CustomerCard, tuple[Reason, ...]]:
    """The card that the customer becomes, with every reason that arises on the way (§4.1, §4.13)."""
    lengths, preferences = readings.capabilities.lengths, readings.preferences
    texts = Texts(customer.number)
    if not customer.number:
        texts.reasons.append(reason("KND-114", name=customer.name))
    address = customer.address
    country = country_of(readings, customer)
    identity = identity_fields(
        customer.identity,
        reverse_charge=customer.reverse_charge,
        country_code=country,
        rule=preferences.customers_reverse_charge_rule,
        number=customer.number,
    )
    first, second = two_lines(address.lines)
    card = CustomerCard(
        number=there.number if there is not None else customer.number,
        name=texts.line("name", customer.name, lengths.customer_name),
        organisation_number=identity.organisation_number,
        vat_number=identity.vat_number,
        export=identity.export,
        eu_customer=identity.eu_customer,
        buildservice=identity.buildservice,
        mailing_address=texts.line("mailing_address", first, lengths.address),
        mailing_address2=texts.line("mailing_address2", second, lengths.address),
        zip_code=texts.line("zip_code", address.postal_code, lengths.zip_code),
        city=texts.line("city", address.city, lengths.city),
        country=texts.line("country", address.country, lengths.country),
        country_code=country,
        telephone=texts.line("telephone", customer.phone, lengths.telephone),
        fax=texts.line("fax", customer.fax, lengths.telephone),
        email=texts.line("email", customer.email, lengths.email),
        currency="" if customer.currency == readings.info.currency else _currency(readings, customer.currency),
        language=_mapped(
            preferences.mappings_languages,
            customer.language,
            reason("SPR-852", Level.WARNING, language=customer.language),
            there.language if there is not None else "",
            texts,
        ),
        payment_terms=_mapped(
            preferences.mappings_payment_terms,
            _days(customer),
            reason("BTV-853", Level.WARNING, days=_days(customer)),
            there.payment_terms if there is not None else "",
            texts,
        ),
        price_list=_price_list(preferences.mappings_price_lists, customer, there, texts),
    )
    if there is not None:
        card = with_equivalents(card, there, readings.info.currency, preferences.mappings_countries)
    return card, (*identity.reasons, *texts.reasons)


def country_of(readings: Readings, customer: Customer) -> str:
    """Alpha-2 of the customer's country: Severa's code, the mapping's or that of the name; empty when unknown."""
    address = customer.address
    return address.country_code or mapped_country(readings.preferences.mappings_countries, address.country)


def _currency(readings: Readings, code: str) -> str:
    return mapped(readings.preferences.mappings_currencies, code) or code


def _days(customer: Customer) -> str:
    return "" if customer.payment_days is None else str(customer.payment_days)


def _mapped(mapping: dict[str, str], value: str, otherwise: Reason, present: str, texts: Texts) -> str:
    """The mapped code; without a mapping what the card has, with the warning, for that is not an empty field."""
    if not value:
        return ""
    found = mapped(mapping, value)
    if not found:
        texts.reasons.append(otherwise)
    return found or present


def _price_list(mapping: dict[str, str], customer: Customer, there: CustomerCard | None, texts: Texts) -> str:
    """The mapped price list. Without any mapping the card keeps its own: prices are not transferred, so nobody is made
    to map price lists."""
    present = there.price_list if there is not None else ""
    if not mapping:
        return present
    return _mapped(
        mapping, customer.price_list, reason("MAP-860", Level.WARNING, name=customer.price_list), present, texts
    )


def _changes(readings: Readings, card: CustomerCard, there: CustomerCard) -> tuple[Change, ...]:
    changes = list(differences(card, there, also_empty=readings.preferences.customers_update_empty, ignore=KEYS))
    named = {change.field for change in changes}
    by_country = readings.preferences.customers_reverse_charge_rule == "by_country"
    # Only the country rule knows of the other two flags; a construction customer cannot be an export customer (§3.3).
    flags: tuple[str, ...] = ("export", "eu_customer", "buildservice") if by_country else ("export",)
    if not by_country and card.export and there.buildservice:
        flags = ("export", "buildservice")
    for flag in flags:
        if getattr(card, flag) != getattr(there, flag):
            changes.append(Change(field=flag, before=getattr(there, flag), after=getattr(card, flag)))
    for field, other in (("organisation_number", "vat_number"), ("vat_number", "organisation_number")):
        # The identity moves to its field; the other is cleared only if it held the same identity (§4.1b). Where nothing
        # moves, a card that keeps both of its customer's numbers keeps them.
        if other not in named and card.export == there.export:
            continue
        held, moved = getattr(there, field), getattr(card, other)
        if held and moved and not getattr(card, field) and field not in named and same_identity(held, moved):
            changes.append(Change(field=field, before=held, after=""))
    return tuple(changes)


def _customers_with_won_projects(readings: Readings) -> set[str]:
    """Customers with a won project; closed ones count: won stays won (§4.1c)."""
    projects = readings.belonging.projects(readings.company.severa.projects())
    return {project.customer_key for project in projects if project.is_won}


def _contacts_by_customer(readings: Readings, customers: list[Customer]) -> dict[str, tuple[Contact, ...]]:
    found: dict[str, tuple[Contact, ...]] = {}
    for contact in readings.company.severa.contacts([customer.key for customer in customers]):
        if contact.is_active:
            found[contact.customer_key] = (*found.get(contact.customer_key, ()), contact)
    return found


def _contact_plans(
    readings: Readings, customer: Customer, number: str, contacts: tuple[Contact, ...]
) -> tuple[Plan, ...]:
    plans = (_contact_plan(readings, customer, number, contact) for contact in contacts)
    return tuple(plan for plan in plans if plan.action is not Action.NOTHING)


def _contact_plan(readings: Readings, customer: Customer, number: str, contact: Contact) -> Plan:
    lengths, texts = readings.capabilities.lengths, Texts(number)
    link = readings.links(Kind.CONTACT).get(contact.key)
    name = full_name(contact.first_name, contact.last_name)
    # Two contacts of one name are two people: a card that is linked to another contact is not this one's.
    taken = {other.target_key for key, other in readings.links(Kind.CONTACT).items() if key != contact.key}
    there = next(
        (
            card
            for card in readings.contact_cards.get(number, ())
            if (link is not None and str(card.number) == link.target_key)
            or (link is None and card.name == name and str(card.number) not in taken)
        ),
        None,
    )
    if link is not None and there is None:
        # As with customers: a link to a record that is gone is told, never mended by creating it once more (§4.0).
        texts.reasons.append(reason("REG-862", nr=link.target_key))
    card = ContactCard(
        customer_number=number,
        name=texts.line("contact", name, lengths.contact_name),
        number=there.number if there is not None else 0,
        telephone=texts.line("telephone", contact.phone, lengths.telephone),
        mobile=texts.line("mobile", contact.mobile, lengths.telephone),
        email=texts.line("email", contact.email, lengths.email),
        title=texts.line("title", contact.title, lengths.contact_name),
    )
    changes = (
        ()
        if there is None
        else differences(
            card, there, also_empty=readings.preferences.customers_update_empty, ignore=frozenset({"number"})
        )
    )
    action = Action.CREATE if there is None else _existing_action(readings, bool(changes), linked=link is not None)
    return Plan(
        company=readings.company.name,
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CONTACT,
        source_key=contact.key,
        source_number=customer.number,
        source_name=name,
        action=action_for(texts.reasons, action),
        target_key=str(there.number) if there is not None else "",
        payload=card,
        changes=changes if action is Action.UPDATE else (),
        natural_key=f"{number} {card.name}",
        reasons=tuple(texts.reasons),
    )


def _skipped(readings: Readings, customer: Customer, why: Reason) -> Plan:
    return Plan(
        company=readings.company.name,
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CUSTOMER,
        source_key=customer.key,
        source_number=customer.number,
        source_name=customer.name,
        action=Action.SKIP,
        reasons=(why,),
    )
