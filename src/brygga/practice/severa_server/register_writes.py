"""Customers, addresses, country settings, contact persons and their communications: adding and changing them.

contracts/severa.md §3.1 to §3.3. What the contract leaves open is a switch of the configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from brygga.practice.severa_server.errors import Refused, bad_body
from brygga.practice.severa_server.handlers import found, rows_answer
from brygga.practice.severa_server.inputs import Body, said_text
from brygga.practice.severa_server.models import DocumentError
from brygga.practice.severa_server.operation import Answer, Call
from brygga.practice.severa_server.query import no_parameters
from brygga.practice.severa_server.state import SeveraState, Transaction
from brygga.practice.severa_server.writes import (
    Patchable,
    as_flag,
    as_int32,
    as_reference,
    as_said_text,
    as_text,
    patched,
)

CUSTOMER_BODY = Body(
    "CustomerModel",
    read_only=frozenset({"guid", "isInternal"}),
    not_modelled=frozenset({"owner", "industry", "timezone", "invoiceTemplate", "headquarterAddress"}),
    must_say=frozenset({"isActive"}),
)
ADDRESS_BODY = Body(
    "AddressModel", read_only=frozenset({"guid"}), not_modelled=frozenset({"countryRegion", "contacts"})
)
COUNTRY_SETTINGS_BODY = Body("CustomerCountrySettingsInputModel")
CONTACT_BODY = Body(
    "ContactModel",
    read_only=frozenset({"guid", "name", "isDeleted", "phoneNumbers", "emails"}),
    not_modelled=frozenset({"timeZone", "role", "language", "satisfactionLevel"}),
    must_say=frozenset({"isActive"}),
)
COMMUNICATION_BODY = Body("ContactCommunicationModel", read_only=frozenset({"guid"}))

CUSTOMER_PATHS: dict[str, Patchable] = {
    "/name": Patchable("name", as_said_text),
    "/isActive": Patchable("isActive", as_flag),
    "/vatNumber": Patchable("vatNumber", as_text),
    "/email": Patchable("email", as_text),
    "/notes": Patchable("notes", as_text),
    "/paymentTerm": Patchable("paymentTerm", as_int32),
    "/language/guid": Patchable("language", as_reference),
    "/currency/guid": Patchable("currency", as_reference),
    "/pricelist/guid": Patchable("pricelist", as_reference),
    "/headquarterAddress/guid": Patchable("headquarterAddress", as_reference),
}
ADDRESS_PATHS: dict[str, Patchable] = {
    "/addressline": Patchable("addressline", as_text),
    "/postalCode": Patchable("postalCode", as_text),
    "/city": Patchable("city", as_text),
    "/phone": Patchable("phone", as_text),
    "/fax": Patchable("fax", as_text),
    "/country/guid": Patchable("country", as_reference),
    "/isBillingAddress": Patchable("isBillingAddress", as_flag),
    "/isPostalAddress": Patchable("isPostalAddress", as_flag),
    "/isVisitAddress": Patchable("isVisitAddress", as_flag),
}
COUNTRY_SETTINGS_PATHS: dict[str, Patchable] = {
    "/isTaxFree": Patchable("isTaxFree", as_flag),
    "/taxFreeDescription": Patchable("taxFreeDescription", as_text),
    "/zeroVatCategoryCodeEn16931": Patchable("zeroVatCategoryCodeEn16931", as_text),
}
CONTACT_PATHS: dict[str, Patchable] = {
    "/firstName": Patchable("firstName", as_said_text),
    "/lastName": Patchable("lastName", as_said_text),
    "/jobTitle": Patchable("jobTitle", as_text),
    "/description": Patchable("description", as_text),
    "/isActive": Patchable("isActive", as_flag),
}
COMMUNICATION_PATHS: dict[str, Patchable] = {
    "/value": Patchable("value", as_said_text),
    "/isForbiddenToUse": Patchable("isForbiddenToUse", as_flag),
}


def _added(call: Call, collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Insert the document alone; answers it."""
    try:
        with call.state.transaction() as change:
            return change.insert(collection, {**values, "guid": str(uuid4())})
    except DocumentError as error:
        raise bad_body(str(error)) from error


def _created(call: Call, collection: str, guid: str) -> Answer:
    return Answer(201, found(call.state, collection, guid).raw)


def _taken(field: str, value: object) -> Refused:
    return Refused(400, "InvalidParameter", f"another customer has the {field} {value}", "RequestBody", field)


# -- customers ---------------------------------------------------------------------------------------------------
def post_customer(call: Call) -> Answer:
    """POST /v1/customers: name required and unique, number numeric and unique (the next one when it is left out)."""
    no_parameters(call.query)
    values = CUSTOMER_BODY.given(call.body)
    said_text(values, "name")
    guid = str(uuid4())
    try:
        with call.state.transaction() as change:
            _check_name(call.state, guid, values["name"])
            _give_number(call.state, change, values)
            change.insert("customers", {**values, "guid": guid})
            if call.config.headquarter_made_with_customer:
                address = str(uuid4())
                change.insert("addresses", {"guid": address, "customer": {"guid": guid}, **_ADDRESS_FLAGS})
                change.update("customers", guid, {"headquarterAddress": {"guid": address}})
    except DocumentError as error:
        raise bad_body(str(error)) from error
    return _created(call, "customers", guid)


def _check_name(state: SeveraState, guid: str, name: str) -> None:
    """Names must be unique (§7.1 "Customer fields"); that case and outer blanks do not tell them apart is ours."""
    wanted = name.strip().casefold()
    for each in state.documents("customers"):
        if each["guid"] != guid and each["name"].strip().casefold() == wanted:
            raise _taken("name", name)


def _give_number(state: SeveraState, change: Transaction, values: dict[str, Any]) -> None:
    """The number given, if nobody has it; else the organisation's next one that nobody has (§3.1, inferred)."""
    customers = state.collection("customers")
    if values.get("number") is not None:
        if customers.values("number", values["number"]):
            raise _taken("number", values["number"])
        return
    settings = change.lookup("organizationsettings", "organizationsettings")
    if settings is None:
        raise Refused(500, "ConfigurationError", "the environment has no organisation settings to number from")
    number = settings["nextCustomerNumber"]
    while customers.values("number", number):
        number += 1
    values["number"] = number
    series = {"nextCustomerNumber": number + 1, "lastCustomerNumber": number}
    change.update("organizationsettings", "organizationsettings", series)


def patch_customer(call: Call) -> Answer:
    """PATCH /v1/customers/{guid}."""

    def check(change: Transaction, before: Mapping[str, Any], changes: dict[str, Any]) -> None:
        if "name" in changes:
            _check_name(call.state, before["guid"], changes["name"])
        if "headquarterAddress" in changes:
            address = change.lookup("addresses", changes["headquarterAddress"]["guid"])
            if address is not None and (address["customer"] or {}).get("guid") != before["guid"]:
                raise bad_body("the headquarter address must be one of the customer's own", "/headquarterAddress/guid")

    return rows_answer([patched(call, "customers", CUSTOMER_PATHS, check)])


# -- addresses -----------------------------------------------------------------------------------------------------
_ADDRESS_FLAGS = {"isBillingAddress": False, "isPostalAddress": False, "isVisitAddress": False}


def post_address(call: Call) -> Answer:
    """POST /v1/customers/{customerGuid}/addresses: the customer is the path's."""
    no_parameters(call.query)
    values = ADDRESS_BODY.given(call.body)
    customer = found(call.state, "customers", call.guids["customerGuid"])
    named = (values.get("customer") or {}).get("guid")
    if named not in (None, customer.guid):
        raise bad_body("the body names another customer than the path", "customer")
    document = _added(call, "addresses", {**_ADDRESS_FLAGS, **values, "customer": {"guid": customer.guid}})
    return _created(call, "addresses", document["guid"])


def patch_address(call: Call) -> Answer:
    """PATCH /v1/addresses/{guid}."""
    return rows_answer([patched(call, "addresses", ADDRESS_PATHS)])


# -- country settings ------------------------------------------------------------------------------------------------
def post_country_settings(call: Call) -> Answer:
    """POST /v1/customercountrysettings: one row for each customer and country."""
    no_parameters(call.query)
    values = COUNTRY_SETTINGS_BODY.given(call.body)
    customer, country = values["customer"]["guid"], values["country"]["guid"]
    for entry in call.state.collection("customercountrysettings").values("customer.guid", customer):
        if (entry.document()["country"] or {}).get("guid") == country:
            raise bad_body("the customer has settings for that country already", "country")
    document = _added(call, "customercountrysettings", {"isTaxFree": False, **values})
    return _created(call, "customercountrysettings", document["guid"])


def patch_country_settings(call: Call) -> Answer:
    """PATCH /v1/customercountrysettings/{guid}."""
    return rows_answer([patched(call, "customercountrysettings", COUNTRY_SETTINGS_PATHS)])


# -- contact persons -------------------------------------------------------------------------------------------------
def post_contact(call: Call) -> Answer:
    """POST /v1/contactpersons: both names are required (§3.3)."""
    no_parameters(call.query)
    values = CONTACT_BODY.given(call.body)
    for name in ("firstName", "lastName"):
        said_text(values, name)
    values["name"] = f"{values['firstName']} {values['lastName']}"
    document = _added(call, "contactpersons", values)
    return _created(call, "contactpersons", document["guid"])


def patch_contact(call: Call) -> Answer:
    """PATCH /v1/contactpersons/{guid}; the whole name follows its parts."""

    def check(change: Transaction, before: Mapping[str, Any], changes: dict[str, Any]) -> None:
        after = {**before, **changes}
        changes["name"] = f"{after['firstName']} {after['lastName']}"

    return rows_answer([patched(call, "contactpersons", CONTACT_PATHS, check)])


def post_communication(call: Call) -> Answer:
    """POST /v1/contactcommunications: forbidden to use unless the body says otherwise (§3.3)."""
    no_parameters(call.query)
    values = COMMUNICATION_BODY.given(call.body)
    said_text(values, "value")
    document = _added(call, "contactcommunications", {"isForbiddenToUse": True, **values})
    _project_on_contact(call, document["contact"]["guid"])
    return _created(call, "contactcommunications", document["guid"])


def patch_communication(call: Call) -> Answer:
    """PATCH /v1/contactcommunications/{guid}: answers one object, not an array (§2 "PATCH response")."""
    raw = patched(call, "contactcommunications", COMMUNICATION_PATHS)
    document = found(call.state, "contactcommunications", call.guids["guid"]).document()
    _project_on_contact(call, document["contact"]["guid"])
    return Answer(200, raw)


def _project_on_contact(call: Call, contact: str) -> None:
    """The contact's ``phoneNumbers`` and ``emails`` repeat its communications (§3.3 "read-only projections")."""
    ways = [e.document() for e in call.state.collection("contactcommunications").values("contact.guid", contact)]
    emails = [way["value"] for way in ways if way["communicationType"]["type"] == "EmailAddress"]
    others = [way["value"] for way in ways if way["communicationType"]["type"] != "EmailAddress"]
    with call.state.transaction() as change:
        change.update("contactpersons", contact, {"phoneNumbers": others, "emails": emails})
