"""Customers of a consulting company with their addresses, country settings and contact persons."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, field
from datetime import date, timedelta

from brygga.practice.arithmetic import check_digit
from brygga.practice.dataset.common import Document, audit, new_guid, stream
from brygga.practice.dataset.parameters import PracticeParameters
from brygga.practice.dataset.registers import Registers, copy, vat_number
from brygga.practice.dataset.words import (
    CITIES,
    COMPANY_NAMES,
    COMPANY_TRADES,
    FIRST_NAMES,
    LAST_NAMES,
    STREETS,
    TITLES,
)

FIRST_NUMBER = 1001

FOREIGN = (
    ("DE", "DE123456789", "Berliner Straße 12", "10115", "Berlin", "de-DE", "EUR"),
    ("NL", "NL123456789B01", "Keizersgracht 100", "1015 AA", "Amsterdam", "en-GB", "EUR"),
    ("NO", "NO123456789MVA", "Karl Johans gate 5", "0154", "Oslo", "nb-NO", "NOK"),
)
"""Customers with reverse charge: country, identity, address, language, currency. The first is billed in SEK."""

FOREIGN_WITHOUT_REVERSE_CHARGE = ("FI", "FI12345678", "Aleksanterinkatu 10", "00100", "Helsingfors", "fi-FI", "EUR")


@dataclass
class CustomerBook:
    """The customers as wire documents, and the collections that belong to them."""

    customers: list[Document] = field(default_factory=list)
    addresses: list[Document] = field(default_factory=list)
    contacts: list[Document] = field(default_factory=list)
    communications: list[Document] = field(default_factory=list)
    country_settings: list[Document] = field(default_factory=list)

    def contacts_of(self, customer: Document) -> list[Document]:
        """The contact persons of a customer."""
        return [each for each in self.contacts if each["customer"]["guid"] == customer["guid"]]


@dataclass(frozen=True)
class Identity:
    """What a customer is, before it is written as documents."""

    name: str
    number: int
    country: str
    identity: str | None
    lines: tuple[str, ...]
    postal_code: str
    city: str
    language: str | None
    currency: str
    reverse_charge: bool | None
    """None: there is no country settings row."""


def organisation_number(chance: random.Random) -> str:
    """A made-up organisation number of a limited company, NNNNNN-NNNN, with its check digit (semantics §3.4)."""
    nine = f"559{chance.randrange(10**6):06}"
    return f"{nine[:6]}-{nine[6:]}{check_digit(nine)}"


def build_customers(parameters: PracticeParameters, registers: Registers, month: date) -> CustomerBook:
    """All customers: numbers from 1001, the active ones first (they are the ones that get invoices)."""
    figure = parameters.figure
    chance = stream(parameters.seed, "customers")
    book = CustomerBook()
    names: set[str] = set()
    foreign = min(figure.reverse_charge_customers, max(0, figure.customers - figure.active_customers))
    for place in range(figure.customers):
        number = FIRST_NUMBER + place
        name = _company_name(chance, names, number)
        # One foreign customer is active, so that a reverse-charge invoice exists; the others are at the end.
        kind = place - (figure.customers - foreign + 1)
        if place == figure.active_customers - 1 and foreign:
            identity = _foreign(FOREIGN[0], name, number, True, "SEK")
        elif kind >= 0:
            turn, which = divmod(kind, len(FOREIGN) - 1)
            identity = _foreign(_counted(FOREIGN[1 + which], turn), name, number, True)
        elif kind == -1 and foreign:
            identity = _foreign(FOREIGN_WITHOUT_REVERSE_CHARGE, name, number, None)
        else:
            identity = _swedish(chance, name, number, place)
        add_customer(book, identity, registers, parameters, chance, month)
    without_country = max(1, round(figure.customers * figure.no_country_share))
    domestic = book.customers[: figure.active_customers - 1]
    for customer in chance.sample(domestic, min(without_country, len(domestic))):
        forget_country(book, customer)
    _build_contacts(book, parameters, registers, month)
    return book


def _company_name(chance: random.Random, names: set[str], number: int) -> str:
    name = f"{chance.choice(COMPANY_NAMES)} {chance.choice(COMPANY_TRADES)} AB"
    if name in names:  # names are unique in Severa (semantics §4.1f)
        name = f"{name} ({number})"
    names.add(name)
    return name


def _swedish(chance: random.Random, name: str, number: int, place: int) -> Identity:
    postal_code, city = chance.choice(CITIES)
    lines = [f"{chance.choice(STREETS)} {chance.randrange(1, 99)}"]
    if chance.random() < 0.25:
        lines.insert(0, f"Box {chance.randrange(1, 999)}")
    if place % 20 == 3:
        lines.append("c/o Ekonomiservice, plan 3")
    dashed = organisation_number(chance)
    spelling = (vat_number(dashed), dashed, dashed.replace("-", ""))
    identity = None if place % 20 == 7 else spelling[0 if chance.random() < 0.6 else chance.randrange(1, 3)]
    language = None if chance.random() < 0.1 else ("en-GB" if chance.random() < 0.1 else "sv-SE")
    settings = False if chance.random() < 0.1 else None
    return Identity(name, number, "SE", identity, tuple(lines), postal_code, city, language, "SEK", settings)


def _counted(kind: tuple[str, str, str, str, str, str, str], turn: int) -> tuple[str, str, str, str, str, str, str]:
    """The kind of customer with an identity of its own for every turn: no two customers share one."""
    country, identity, *rest = kind
    digits = f"{int(identity[2:11]) + turn:09}"
    return (country, f"{identity[:2]}{digits}{identity[11:]}", *rest)  # type: ignore[return-value]


def _foreign(
    kind: tuple[str, str, str, str, str, str, str],
    name: str,
    number: int,
    reverse_charge: bool | None,
    currency: str = "",
) -> Identity:
    country, identity, street, postal_code, city, language, own_currency = kind
    return Identity(
        name, number, country, identity, (street,), postal_code, city, language, currency or own_currency,
        reverse_charge,
    )  # fmt: skip


def add_customer(
    book: CustomerBook,
    identity: Identity,
    registers: Registers,
    parameters: PracticeParameters,
    chance: random.Random,
    month: date,
) -> Document:
    """Write a customer with its headquarter address and, where it says so, its country settings row for Sweden."""
    made = month - timedelta(days=chance.randrange(30, 900))
    country, currency = registers.countries[identity.country], registers.currencies[identity.currency]
    terms = parameters.figure.payment_terms
    customer: Document = {
        "guid": new_guid(chance),
        "name": identity.name,
        "number": identity.number,
        "isActive": True,
        "isInternal": False,
        "email": f"faktura@{slug(identity.name)}.example" if chance.random() < 0.8 else None,
        "vatNumber": identity.identity,
        "currency": copy(currency, "name", "code", "symbol"),
        "paymentTerm": chance.choices([days for days, _ in terms], [share for _, share in terms])[0],
        "overdueInterest": 8,
        "notes": "Viktig kund – ring först" if chance.random() < 0.1 else None,
    }
    if identity.language is not None:
        customer["language"] = copy(registers.languages[identity.language], "name", "englishName", "code")
    # Most customers have the organisation's own price list, which Severa does not name on the card.
    if identity.currency in registers.price_lists and (identity.currency != "SEK" or identity.number % 5 == 0):
        customer["pricelist"] = copy(registers.price_lists[identity.currency], "name")
    address: Document = {
        "guid": new_guid(chance),
        "addressline": "\n".join(identity.lines),
        "postalCode": identity.postal_code,
        "city": identity.city,
        "isBillingAddress": True,
        "isPostalAddress": True,
        "isVisitAddress": chance.random() < 0.5,
        "phone": _phone(chance) if chance.random() < 0.8 else None,
        "fax": "08-465 004 99" if chance.random() < 0.05 else None,
        "country": copy(country, "name", "englishName", "hasRegions"),
        "customer": copy(customer, "name", "number"),
    }
    customer["headquarterAddress"] = copy(address, "addressline", "postalCode", "city") | {"country": country["name"]}
    changed = made + timedelta(days=chance.randrange(0, 30))
    customer |= audit(made, chance, changed)
    address |= audit(made, chance, changed)
    book.customers.append(customer)
    book.addresses.append(address)
    if identity.reverse_charge is not None:
        sweden = registers.countries["SE"]
        row: Document = {
            "guid": new_guid(chance),
            "customer": {"guid": customer["guid"]},
            "country": copy(sweden, "name", "englishName"),
            "isTaxFree": identity.reverse_charge,
        }
        book.country_settings.append(row)
    return customer


def forget_country(book: CustomerBook, customer: Document) -> None:
    """Leave the customer's country empty, on its address and wherever Severa repeats it."""
    address = next(each for each in book.addresses if each["guid"] == customer["headquarterAddress"]["guid"])
    address["country"] = None
    customer["headquarterAddress"]["country"] = None


def slug(name: str) -> str:
    """The name as a part of a domain name."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode("ascii")
    return "".join(character for character in plain if character.isalnum()) or "kund"


def _phone(chance: random.Random) -> str:
    # Series that the Swedish telecom authority keeps free for fiction.
    return chance.choice(("08-465 004 ", "031-390 06 ")) + f"{chance.randrange(100):02}"


def _build_contacts(book: CustomerBook, parameters: PracticeParameters, registers: Registers, month: date) -> None:
    figure = parameters.figure
    chance = stream(parameters.seed, "contacts")
    owners = list(book.customers)
    owners += chance.choices(book.customers[: figure.active_customers], k=max(0, figure.contacts - len(owners)))
    taken: set[tuple[str, str, str]] = set()
    for place, customer in enumerate(owners[: figure.contacts]):
        while True:
            first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
            if (customer["guid"], first, last) not in taken:
                taken.add((customer["guid"], first, last))
                break
        active = place < len(book.customers) or chance.random() >= figure.inactive_contacts_share * 2
        silent = chance.random() < figure.no_phone_share
        add_contact(book, registers, chance, customer, first, last, active=active, phone=not silent, month=month)


def add_contact(
    book: CustomerBook,
    registers: Registers,
    chance: random.Random,
    customer: Document,
    first: str,
    last: str,
    *,
    active: bool,
    phone: bool,
    month: date,
) -> Document:
    """Write a contact person with the ways to reach it; a number that must not be used is among them now and then."""
    ways: list[tuple[str, str, bool]] = []
    if phone:
        ways.append(("Phone", _phone(chance), False))
        if chance.random() < 0.6:
            ways.append(("MobilePhone", f"070-174 06 {chance.randrange(100):02}", False))
    elif chance.random() < 0.3:
        ways.append(("Phone", _phone(chance), True))
    if chance.random() < 0.9:
        ways.append(("EmailAddress", f"{slug(first)}.{slug(last)}@{slug(customer['name'])}.example", False))
    made = month - timedelta(days=chance.randrange(20, 800))
    contact: Document = {
        "guid": new_guid(chance),
        "firstName": first,
        "lastName": last,
        "name": f"{first} {last}",
        "jobTitle": chance.choice(TITLES) or None,
        "isActive": active,
        "isDeleted": False,
        "isEmailAllowed": True,
        "customer": copy(customer, "name", "number"),
        "phoneNumbers": [value for kind, value, _ in ways if kind != "EmailAddress"],
        "emails": [value for kind, value, _ in ways if kind == "EmailAddress"],
        **audit(made, chance),
    }
    book.contacts.append(contact)
    for kind, value, forbidden in ways:
        row: Document = {
            "guid": new_guid(chance),
            "value": value,
            "isForbiddenToUse": forbidden,
            "contact": copy(contact, "name"),
            "communicationType": copy(registers.communication_types[kind], "name", "isActive", "type"),
            **audit(made, chance),
        }
        book.communications.append(row)
    return contact
