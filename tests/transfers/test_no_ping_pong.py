"""A customer that went one way has nothing to do the other way, whatever its card says (semantics §4.1b)."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import msgspec
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from brygga.records.severa_cards import SeveraCustomer
from brygga.records.source import Address, Customer
from brygga.records.target import CustomerCard, Kind
from brygga.rules.severa_customer import country_of
from brygga.store.journal.journal import Link, Snapshot
from brygga.transfers.customers import plan_customer
from brygga.transfers.customers_to_severa import plan_customers_to_severa
from brygga.transfers.plan import Action
from brygga.transfers.readings import Readings
from brygga.transfers.selection import Selection
from tests.transfers.doubles import chosen

NOW = datetime(2026, 11, 2, tzinfo=UTC)
COUNTRY_NAMES = {"SE": "Sverige", "DE": "Tyskland", "NO": "Norge", "": ""}


class Severa:
    """Severa's customers, as records."""

    def __init__(self, *customers: Customer) -> None:
        self.kept = customers

    def customers(self, keys: Any = None, changed_since: Any = None) -> tuple[Customer, ...]:
        return self.kept

    def contacts(self, keys: Any = None) -> tuple[()]:
        return ()

    def has_country(self, text: str) -> bool:
        return True

    def with_reverse_charge(self, customer: Customer) -> Customer:
        return customer


def readings(card: CustomerCard, customer: Customer | None, rule: str) -> Readings:
    company = SimpleNamespace(
        name="alfa", severa=Severa(*([customer] if customer else [])), preferences=_preferences(rule)
    )
    made = Readings(cast(Any, company))
    link = Link("alfa", Kind.CUSTOMER, "guid-1", card.number, Snapshot(card.number, card.name), 1, NOW, NOW)
    made.__dict__ |= {
        "customer_cards": {card.number: card},
        "contact_cards": {},
        "info": SimpleNamespace(currency="SEK"),
        "capabilities": SimpleNamespace(lengths=_AnyLength()),
        "_links": {Kind.CUSTOMER: {"guid-1": link} if customer else {}, Kind.CONTACT: {}},
    }
    return made


def _preferences(rule: str) -> Any:
    return chosen(
        customers__reverse_charge_rule=rule,
        mappings__languages={"sv-SE": "SV", "sv-FI": "SV", "en-GB": "EN"},
        mappings__payment_terms={"30": "30", "31": "30", "10": "10"},
    )


class _AnyLength:
    def __getattr__(self, name: str) -> int:
        return 1000


def received(card: SeveraCustomer) -> Customer:
    """The customer as Severa has it after the create."""
    lines = tuple(card.street.split("\n")) if card.street else ()
    place = (card.postal_code, card.city, COUNTRY_NAMES[card.country_code], card.country_code)
    return Customer(
        key="guid-1",
        number=card.number,
        name=card.name,
        identity=card.identity,
        language=card.language,
        currency=card.currency,
        payment_days=card.payment_days,
        email=card.email,
        address=Address(lines, *place),
        phone=card.phone,
        fax=card.fax,
        reverse_charge=card.reverse_charge,
    )


WORDS = st.sampled_from(["", "Box 12", "c/o Nord", "Malmö", "211 20", "040-1", "a@b.example"])
CARDS = st.builds(
    CustomerCard,
    number=st.just("2001"),
    name=st.sampled_from(["Bygg AB", "Åkeri & Söner"]),
    organisation_number=st.sampled_from(["", "556900-4566"]),
    vat_number=st.sampled_from(["", "DE123456789", "SE556900456601"]),
    export=st.booleans(),
    eu_customer=st.booleans(),
    mailing_address=WORDS,
    mailing_address2=WORDS,
    zip_code=WORDS,
    city=WORDS,
    country=st.sampled_from(["", "SVERIGE", "Sweden", "Germany", "Norge"]),
    country_code=st.sampled_from(["", "SE", "DE"]),
    telephone=WORDS,
    fax=WORDS,
    email=WORDS,
    currency=st.sampled_from(["", "SEK", "EUR"]),
    language=st.sampled_from(["", "SV", "EN", "XX"]),
    payment_terms=st.sampled_from(["", "30", "10", "99"]),
)


@settings(max_examples=300, deadline=None)
@given(CARDS, st.booleans())
def test_after_one_direction_neither_has_anything_to_do(card: CustomerCard, construction: bool) -> None:
    # A Swedish number in an ordinary customer's VAT field belongs in the other field, and that of a foreign one in the
    # VAT field: these moves are meant (AT-05).
    assume(not card.organisation_number or country_of(card, {}) in ("", "SE"))
    assume(card.export or card.organisation_number or not card.vat_number.startswith("SE"))
    card = msgspec.structs.replace(card, buildservice=construction and not card.export)
    [out] = plan_customers_to_severa(readings(card, None, "simple"), Selection())
    assert out.action is Action.CREATE, out.reasons
    assert isinstance(out.payload, SeveraCustomer)
    customer = received(out.payload)
    [again] = plan_customers_to_severa(readings(card, customer, "simple"), Selection())
    assert (again.action, again.changes) == (Action.NOTHING, ())
    back = plan_customer(readings(card, customer, "simple"), customer)
    assert (back.action, back.changes) in ((Action.NOTHING, ()), (Action.REFUSE, ())), back.changes
