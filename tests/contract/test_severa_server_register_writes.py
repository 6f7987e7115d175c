"""Adding and changing customers, their addresses, country settings and contacts in the practice Severa server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import ServerConfig
from tests.contract.severa_practice import Practice, error_of, practice
from tests.contract.severa_seed import SCOPES

CONTACT = {"firstName": "Åsa", "lastName": "Öberg", "customer": {"guid": "customer-1001"}, "isActive": True}


@pytest.fixture
def severa(tmp_path: Path) -> Iterator[Practice]:
    with practice(tmp_path) as running:
        running.sign_in()
        yield running
        assert running.checker.violations == []


def created(severa: Practice, path: str, body: Any) -> dict[str, Any]:
    """The document that a POST made."""
    response = severa.post(path, body)
    assert response.status_code == 201, response.text
    document: dict[str, Any] = response.json()
    return document


def test_a_customer_is_added_with_the_copies_of_its_references(severa: Practice) -> None:
    document = created(
        severa,
        "/v1/customers",
        {
            "name": "Nya AB",
            "number": 4711,
            "isActive": True,
            "vatNumber": "SE556900456601",
            "language": {"guid": "language-sv"},
            "currency": {"guid": "currency-sek"},
            "paymentTerm": 30,
            "email": "nya@example.com",
        },
    )
    assert document["language"]["code"] == "sv-SE"
    assert document["currency"]["code"] == "SEK"
    assert document["headquarterAddress"] is None
    assert document == severa.get(f"/v1/customers/{document['guid']}").json()
    assert severa.guids("/v1/customers", {"numbers": 4711}) == [document["guid"]]


def test_without_a_number_the_customer_gets_the_next_one_that_is_free(severa: Practice) -> None:
    created(severa, "/v1/customers", {"name": "Tagen AB", "number": 2000, "isActive": True})
    assert created(severa, "/v1/customers", {"name": "Nästa AB", "isActive": True})["number"] == 2001
    settings = severa.get("/v1/organizationsettings").json()
    assert (settings["lastCustomerNumber"], settings["nextCustomerNumber"]) == (2001, 2002)


@pytest.mark.parametrize(
    ("body", "kind", "sentence"),
    [
        ({"number": 5, "isActive": True}, "InvalidRequest", "name"),
        ({"name": " ", "isActive": True}, "InvalidRequest", "name is required"),
        ({"name": "kund 1001", "isActive": True}, "InvalidParameter", "another customer has the name"),
        ({"name": "Ny", "number": 1001, "isActive": True}, "InvalidParameter", "another customer has the number"),
        ({"name": "Ny", "number": "K100", "isActive": True}, "InvalidRequest", "number"),
        ({"name": "Ny"}, "InvalidRequest", "isActive"),
        ({"name": "Ny", "isActive": True, "businessId": "1"}, "InvalidRequest", "no field businessId"),
        ({"name": "Ny", "isActive": True, "guid": "g"}, "InvalidOperation", "guid is read-only"),
        ({"name": "Ny", "isActive": True, "createdDateTime": "2026-01-01T00:00:00Z"}, "InvalidOperation", "read-only"),
        ({"name": "Ny", "isActive": True, "headquarterAddress": {}}, "InvalidRequest", "does not model"),
        ({"name": "Ny", "isActive": True, "language": {"guid": "xx"}}, "InvalidRequest", "not there"),
        (["Ny"], "InvalidRequest", "must be an object"),
    ],
)
def test_a_customer_that_cannot_be_is_refused_and_leaves_nothing(
    severa: Practice, body: Any, kind: str, sentence: str
) -> None:
    before = severa.state.documents("customers")
    status, told, message = error_of(severa.post("/v1/customers", body))
    assert (status, told) == (400, kind)
    assert sentence in message
    assert severa.state.documents("customers") == before
    severa.checker.violations.clear()  # such bodies break the contract on purpose


def test_a_customer_is_changed_field_by_field(severa: Practice) -> None:
    severa.clock.forward(60)
    response = severa.patch_at(
        "/v1/customers/customer-1002",
        ("/name", "Bygg AB"),
        ("/isActive", True),
        ("/paymentTerm", 20),
        ("/currency/guid", "currency-eur"),
        ("/email", None),
    )
    [document] = response.json()
    assert (document["name"], document["isActive"], document["paymentTerm"]) == ("Bygg AB", True, 20)
    assert document["currency"]["code"] == "EUR"
    assert document["lastUpdatedDateTime"] == "2026-06-01T12:01:00Z"
    assert severa.get("/v1/projects/project-43").json()["customer"]["name"] == "Bygg AB"


@pytest.mark.parametrize(
    ("pointer", "value", "sentence"),
    [
        ("/name", "Kund 1001", "another customer"),
        ("/name", "", "required"),
        ("/isActive", "kanske", "true or false"),
        ("/number", 7, "cannot be patched"),
        ("/Name", "Ny", "cannot be patched"),
        ("/headquarterAddress/guid", "address-1001", "customer's own"),
        ("/headquarterAddress/guid", "nowhere", "not there"),
        ("/createdDateTime", "2026-01-01T00:00:00Z", "read-only"),
    ],
)
def test_a_change_that_cannot_be_is_refused(severa: Practice, pointer: str, value: Any, sentence: str) -> None:
    before = severa.state.document("customers", "customer-1002")
    status, _, message = error_of(
        severa.patch_at("/v1/customers/customer-1002", ("/email", "a@b.se"), (pointer, value))
    )
    assert status == 400
    assert sentence in message
    assert severa.state.document("customers", "customer-1002") == before


def test_an_address_is_added_and_chosen_as_the_headquarter(severa: Practice) -> None:
    address = created(
        severa,
        "/v1/customers/customer-1002/addresses",
        {
            "addressline": "Box 12\nc/o Nord",
            "postalCode": "211 20",
            "city": "Malmö",
            "phone": "040-1",
            "country": {"guid": "country-se"},
        },
    )
    assert address["customer"]["guid"] == "customer-1002"
    assert address["isBillingAddress"] is False
    change = ("/headquarterAddress/guid", address["guid"])
    [document] = severa.patch_at("/v1/customers/customer-1002", change).json()
    assert document["headquarterAddress"] == {
        "guid": address["guid"],
        "addressline": "Box 12\nc/o Nord",
        "postalCode": "211 20",
        "city": "Malmö",
        "country": "Sverige",
    }
    severa.patch_at(f"/v1/addresses/{address['guid']}", ("/city", "Lund"), ("/fax", "040-2"))
    assert severa.get("/v1/customers/customer-1002").json()["headquarterAddress"]["city"] == "Lund"


def test_an_address_belongs_to_the_customer_of_the_path(severa: Practice) -> None:
    body = {"city": "Lund", "customer": {"guid": "customer-1001"}}
    assert error_of(severa.post("/v1/customers/customer-1002/addresses", body))[0] == 400
    assert severa.post("/v1/customers/nobody/addresses", {"city": "Lund"}).status_code == 404


def test_the_headquarter_address_may_come_with_the_customer(tmp_path: Path) -> None:
    config = ServerConfig(requests_per_second=None, headquarter_made_with_customer=True)
    with practice(tmp_path, config=config) as severa:
        severa.sign_in()
        document = created(severa, "/v1/customers", {"name": "Nya AB", "isActive": True})
        headquarter = document["headquarterAddress"]["guid"]
        [address] = severa.patch_at(f"/v1/addresses/{headquarter}", ("/city", "Lund")).json()
        assert address["customer"]["guid"] == document["guid"]
        assert severa.checker.violations == []


def test_country_settings_are_one_row_per_customer_and_country(severa: Practice) -> None:
    body = {"customer": {"guid": "customer-1002"}, "country": {"guid": "country-se"}, "isTaxFree": True}
    row = created(severa, "/v1/customercountrysettings", body)
    assert row["isTaxFree"] is True
    assert "has settings" in error_of(severa.post("/v1/customercountrysettings", body))[2]
    [after] = severa.patch_at(f"/v1/customercountrysettings/{row['guid']}", ("/isTaxFree", False)).json()
    assert after["isTaxFree"] is False
    assert severa.rows("/v1/customers/customer-1002/customercountrysettings") == [after]


def test_a_contact_needs_both_names_and_a_customer(severa: Practice) -> None:
    contact = created(severa, "/v1/contactpersons", CONTACT | {"jobTitle": "VD"})
    assert (contact["name"], contact["isActive"], contact["isDeleted"]) == ("Åsa Öberg", True, False)
    for field in ("firstName", "lastName"):
        assert "required" in error_of(severa.post("/v1/contactpersons", CONTACT | {field: ""}))[2]
    assert error_of(severa.post("/v1/contactpersons", CONTACT | {"customer": {"guid": "nobody"}}))[0] == 400
    assert "read-only" in error_of(severa.post("/v1/contactpersons", CONTACT | {"emails": []}))[2]
    [after] = severa.patch_at(f"/v1/contactpersons/{contact['guid']}", ("/lastName", "Ek")).json()
    assert after["name"] == "Åsa Ek"


def test_a_communication_is_forbidden_unless_it_says_otherwise(severa: Practice) -> None:
    contact = created(severa, "/v1/contactpersons", CONTACT)["guid"]
    way = {"value": "asa@example.com", "contact": {"guid": contact}, "communicationType": {"guid": "way-EmailAddress"}}
    assert created(severa, "/v1/contactcommunications", way)["isForbiddenToUse"] is True
    phone = way | {"value": "040-1", "communicationType": {"guid": "way-Phone"}, "isForbiddenToUse": False}
    usable = created(severa, "/v1/contactcommunications", phone)
    assert usable["isForbiddenToUse"] is False
    assert usable["communicationType"]["type"] == "Phone"
    person = severa.get(f"/v1/contactpersons/{contact}").json()
    assert (person["phoneNumbers"], person["emails"]) == (["040-1"], ["asa@example.com"])
    after = severa.patch_at(f"/v1/contactcommunications/{usable['guid']}", ("/value", "040-2")).json()
    assert after["value"] == "040-2"
    assert severa.get(f"/v1/contactpersons/{contact}").json()["phoneNumbers"] == ["040-2"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", "/v1/customers", "customers:write"),
        ("POST", "/v1/customers/customer-1001/addresses", "customers:write"),
        ("PATCH", "/v1/customers/customer-1001", "customers:write"),
        ("POST", "/v1/projectfees", "fees:write"),
    ],
)
def test_each_write_needs_its_scope(tmp_path: Path, method: str, path: str, scope: str) -> None:
    with practice(tmp_path) as severa:
        severa.sign_in(",".join(each for each in SCOPES if each != scope))
        body: Any = {"project": {"guid": "project-42"}} if path.endswith("fees") else {"name": "Ny"}
        response = severa.http.request(method, path, json=[] if method == "PATCH" else body, headers=severa.headers)
        assert error_of(response)[1] == "InsufficientApiScope"
