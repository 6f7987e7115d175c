"""The gateway against the practice Severa server: registers, checks and changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from brygga.practice.severa_server import ServerConfig, SeveraSeed
from brygga.records.source import (
    Address,
    Contact,
    Customer,
)
from tests.contract.severa_connected import connected
from tests.contract.severa_seed import BEGINNING, customer, seed

AUDIT = {"createdDateTime": BEGINNING}
LATER_MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def address(guid: str, owner: int, **fields: Any) -> dict[str, Any]:
    return {"guid": guid, "customer": {"guid": f"customer-{owner}"}} | AUDIT | fields


FULL_CUSTOMER = customer(
    1001,
    name="Åkerlund & Söner AB",
    isActive=True,
    vatNumber="SE556900456601",
    language={"guid": "language-sv"},
    currency={"guid": "currency-eur"},
    paymentTerm=20,
    email="faktura@example.com",
    notes="Ring först",
    headquarterAddress={"guid": "address-1001"},
)


def full_register() -> SeveraSeed:
    """A customer with everything, one with a foreign address, and one with nothing."""
    return seed(
        languages=[{"guid": "language-sv", "name": "Svenska", "code": "sv-SE"}],
        customers=[
            FULL_CUSTOMER,
            customer(1002, isActive=False, headquarterAddress={"guid": "address-1002"}),
            customer(1003, isActive=True) | {"number": None},
        ],
        customercountrysettings=[],
        addresses=[
            address(
                "address-1001",
                1001,
                addressline="Box 12\r\nc/o Nord\n",
                postalCode="111 22",
                city="Stockholm",
                phone="08-123 45",
                fax="08-123 46",
                country={"guid": "country-se"},
            ),
            address("address-other", 1001, addressline="Lagret 1", phone="000"),
            address("address-1002", 1002, addressline="Karl Johans gate 1", country={"guid": "country-no"}),
        ],
    )


EXPECTED_CUSTOMERS = (
    Customer(
        key="customer-1001",
        number="1001",
        name="Åkerlund & Söner AB",
        is_active=True,
        identity="SE556900456601",
        language="sv-SE",
        currency="EUR",
        payment_days=20,
        email="faktura@example.com",
        notes="Ring först",
        address=Address(("Box 12", "c/o Nord"), "111 22", "Stockholm", "Sverige", "SE"),
        phone="08-123 45",
        fax="08-123 46",
    ),
    Customer(
        key="customer-1002",
        number="1002",
        name="Kund 1002",
        is_active=False,
        address=Address(("Karl Johans gate 1",), "", "", "Norge", "NO"),
    ),
    Customer(key="customer-1003", number="", name="Kund 1003"),
)


def test_a_customer_is_read_with_every_field(tmp_path: Path) -> None:
    """AT-03, AT-12, AT-13: two address lines; what is empty is empty."""
    with connected(tmp_path, full_register()) as severa:
        assert severa.gateway.customers() == EXPECTED_CUSTOMERS


def test_few_customers_are_read_one_by_one(tmp_path: Path) -> None:
    with connected(tmp_path, full_register()) as severa:
        read = severa.gateway.customers(["customer-1002", "customer-gone", "customer-1001"])
        assert {one.key: one for one in read} == {one.key: one for one in EXPECTED_CUSTOMERS[:2]}
        assert "/v1/customers" not in severa.calls()
        assert severa.gateway.customers([]) == ()


def test_many_customers_are_read_in_pages(tmp_path: Path) -> None:
    numbers = range(2000, 2150)
    owners = [customer(n, headquarterAddress={"guid": f"address-{n}"}) for n in numbers]
    homes = [address(f"address-{n}", n, city=f"Ort {n}") for n in numbers]
    kept = [customer(1001), customer(1002)]
    with connected(tmp_path, seed(customers=[*kept, *owners], addresses=homes)) as severa:
        wanted = {f"customer-{n}" for n in numbers if n % 2}
        read = severa.gateway.customers(wanted)
        assert {one.key for one in read} == wanted
        assert all(one.address.city == f"Ort {one.number}" for one in read)
        assert len(severa.calls()) == (2 + 1) + (2 + 1)


def test_changed_customers_are_those_whose_main_address_changed_too(tmp_path: Path) -> None:
    given = full_register()
    with connected(tmp_path, given, ServerConfig(requests_per_second=None, now=lambda: LATER_MOMENT)) as severa:
        gateway = severa.gateway
        assert gateway.customers(changed_since=LATER_MOMENT) == ()
        severa.state.edit("customers", "customer-1003", {"notes": "ny"})
        severa.state.edit("addresses", "address-1002", {"city": "Oslo"})
        severa.state.edit("addresses", "address-other", {"city": "Lund"})
        assert {one.key for one in gateway.customers(changed_since=LATER_MOMENT)} == {"customer-1002", "customer-1003"}
        assert {one.key for one in gateway.customers(["customer-1003", "x"], LATER_MOMENT)} == {"customer-1003"}


def settings(guid: str, country: str, is_tax_free: bool) -> dict[str, Any]:
    return {
        "guid": guid,
        "customer": {"guid": "customer-1001"},
        "country": {"guid": country},
        "isTaxFree": is_tax_free,
    }


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], False),
        ([settings("a", "country-se", True)], True),
        ([settings("a", "country-no", True)], False),
        ([settings("a", "country-no", True), settings("b", "country-se", False)], False),
        ([settings("a", "country-no", False), settings("b", "country-se", True)], True),
    ],
)
def test_reverse_charge_is_the_row_of_the_sellers_country(
    tmp_path: Path, rows: list[dict[str, Any]], expected: bool
) -> None:
    with connected(tmp_path, seed(customercountrysettings=rows)) as severa:
        given = Customer(key="customer-1001", number="1001", name="Kund 1001")
        assert severa.gateway.with_reverse_charge(given) == msgspec.structs.replace(given, reverse_charge=expected)


# Contacts


def way(guid: str, contact: str, kind: str, value: str, forbidden: bool = False) -> dict[str, Any]:
    return {
        "guid": guid,
        "contact": {"guid": contact},
        "communicationType": {"guid": f"type-{kind}"},
        "value": value,
        "isForbiddenToUse": forbidden,
    } | AUDIT


def person(guid: str, owner: int = 1001, **fields: Any) -> dict[str, Any]:
    return {
        "guid": guid,
        "firstName": "Åsa",
        "lastName": "Öberg",
        "isActive": True,
        "customer": {"guid": f"customer-{owner}"},
    } | (AUDIT | fields)


def contact_register(*more: dict[str, Any]) -> SeveraSeed:
    kinds = ("Phone", "MobilePhone", "EmailAddress", "Fax")
    return seed(
        communicationtypes=[
            {"guid": f"type-{kind}", "name": kind, "isActive": True, "type": kind} | AUDIT for kind in kinds
        ],
        contactpersons=[
            person("asa", jobTitle="Inköpare"),
            person("bo", 1002, firstName="Bo", lastName="Ek", isActive=False),
            person("gone", isDeleted=True),
            *more,
        ],
        contactcommunications=[
            way("w1", "asa", "Phone", "08-1", forbidden=True),
            way("w2", "asa", "Phone", " 08-2 "),
            way("w3", "asa", "Phone", "08-3"),
            way("w4", "asa", "MobilePhone", "070-1"),
            way("w5", "asa", "EmailAddress", "asa@example.com"),
            way("w6", "asa", "Fax", "08-9"),
        ],
    )


ASA = Contact(
    key="asa",
    customer_key="customer-1001",
    first_name="Åsa",
    last_name="Öberg",
    phone="08-2",
    mobile="070-1",
    email="asa@example.com",
    title="Inköpare",
)
BO = Contact(key="bo", customer_key="customer-1002", first_name="Bo", last_name="Ek", is_active=False)


def test_contacts_are_read_with_the_ways_that_may_be_used(tmp_path: Path) -> None:
    """AT-12: a contact without phone and mail is read; inactive ones too, deleted ones not."""
    with connected(tmp_path, contact_register()) as severa:
        assert severa.gateway.contacts() == (ASA, BO)
        assert severa.gateway.contacts(["customer-1001"]) == (ASA,)
        assert severa.gateway.contacts([]) == ()


def test_contacts_of_many_customers_are_read_in_pages(tmp_path: Path) -> None:
    more = [person(f"person-{n}", 1002) for n in range(120)]
    with connected(tmp_path, contact_register(*more)) as severa:
        keys = ["customer-1001", *(f"customer-{n}" for n in range(3000, 3012))]
        assert severa.gateway.contacts(keys) == (ASA,)
        assert len(severa.gateway.contacts()) == 122
        assert set(severa.calls()) == {
            "/v1/contactpersons",
            "/v1/contactcommunications",
            "/v1/contacts/asa/contactcommunications",
        }


# Projects
