"""Customers that Administration has and Severa has not, and what a bookkeeper changes on those that both have."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from brygga.practice.administration_base import Record, Value, record, table_named
from brygga.practice.dataset.common import Document

FIRST_NUMBER = 8001


@dataclass(frozen=True)
class CustomerChange:
    """A change that somebody makes on a card in Administration after the customer was transferred there.

    ``number`` is the customer's in both systems, ``fields`` names and values of CUSTOMER.
    """

    number: str
    fields: Mapping[str, Value]
    entered: datetime


def customer_tables(month: date) -> dict[int, list[Record]]:
    """The edge pack of customers (semantics §4.1, AT-03, AT-04, AT-08, AT-14, AT-15) and their contacts."""
    customer, contact = table_named("CUSTOMER"), table_named("CONTACT")
    entered = datetime.combine(month + timedelta(days=6), time(10, 5))
    cards: list[dict[str, Value]] = [
        {
            "NAME": "Örnäs Måleri AB",
            "MAILING_ADDRESS": "Box 12",
            "MAILING_ADDRESS2": "c/o Nord",
            "ZIPCODE": "211 20",
            "CITY": "Malmö",
            "COUNTRY": "Sverige",
            "CODE_OF_COUNTRY": "SE",
            "TELEPHONE": "040-628 00 12",
            "FAX": "040-628 00 13",
            "EMAIL": "faktura@ornas.example",
            "ORGANISATION_NUMBER": "556900-4566",
            "CODE_OF_LANGUAGE": "SV",
            "CODE_OF_TERMS_OF_PAYMENT": "20",
            "PRICE_LIST": "A",
        },
        {"NAME": "Bygg AB", "CITY": "Lund", "COUNTRY": "Sverige", "CODE_OF_COUNTRY": "SE"},
        {"NAME": "Bygg AB", "CITY": "Ystad", "COUNTRY": "Sverige", "CODE_OF_COUNTRY": "SE"},
        {
            "NAME": "Hamburg Bau GmbH",
            "MAILING_ADDRESS": "Hafenstraße 3",
            "CITY": "Hamburg",
            "COUNTRY": "Tyskland",
            "CODE_OF_COUNTRY": "DE",
            "EXPORT": True,
            "VAT_NUMBER": "DE123456788",
            "CODE_OF_CURRENCY": "EUR",
            "CODE_OF_LANGUAGE": "DE",
            "PRICE_LIST": "EUR",
        },
        {
            "NAME": "Bergen Konsulent AS",
            "MAILING_ADDRESS": "Bryggen 4",
            "CITY": "Bergen",
            "COUNTRY": "Norge",
            "CODE_OF_COUNTRY": "NO",
            "CODE_OF_CURRENCY": "NOK",
            "CODE_OF_LANGUAGE": "NO",
        },
        {"NAME": "Vilande Handel AB", "INACTIVE": True},
        {"NAME": "Bara Namnet AB"},
        {"NUMBER": "K100", "NAME": "Bokstavskund AB", "CITY": "Kalmar"},
        {"NUMBER": "0099", "NAME": "Nollor Först AB"},
    ]
    numbered = [{"NUMBER": str(FIRST_NUMBER + place), "TIMESTAMP": entered, **card} for place, card in enumerate(cards)]
    people: list[dict[str, Value]] = [
        {
            "NAME": "Åsa Öberg",
            "CUSTOMER_NUMBER": str(FIRST_NUMBER),
            "TITLE": "VD",
            "TELEPHONE": "040-628 00 14",
            "MOBILEPHONE": "070-174 06 05",
            "EMAIL": "asa@ornas.example",
        },
        {"NAME": "Växeln", "CUSTOMER_NUMBER": str(FIRST_NUMBER)},
        {"NAME": "Anna Maria von Hof", "CUSTOMER_NUMBER": str(FIRST_NUMBER + 3)},
    ]
    return {
        customer.id: [record(customer, card) for card in numbered],
        contact.id: [record(contact, {"TIMESTAMP": entered, **person}) for person in people],
    }


def customer_changes(
    customers: Sequence[Document], reverse_charged: Collection[str], month: date
) -> tuple[CustomerChange, ...]:
    """Customers that were transferred to Administration and are changed there: a new address, an emptied phone with a
    new e-mail, and a reverse charge that is switched off (AT-08). ``customers``: the active ones, which have won
    projects; ``reverse_charged``: guids of those with reverse charge."""
    when = datetime.combine(month + timedelta(days=20), time(14, 30))
    domestic = [str(each["number"]) for each in customers if each["guid"] not in reverse_charged]
    foreign = [str(each["number"]) for each in customers if each["guid"] in reverse_charged]
    changes = [
        CustomerChange(domestic[0], {"MAILING_ADDRESS": "Nya vägen 7", "MAILING_ADDRESS2": "", "CITY": "Kiruna"}, when),
        CustomerChange(domestic[1], {"TELEPHONE": "", "EMAIL": "ny@kund.example"}, when + timedelta(minutes=5)),
        *(CustomerChange(number, {"EXPORT": False}, when + timedelta(minutes=9)) for number in foreign[:1]),
    ]
    return tuple(changes)
