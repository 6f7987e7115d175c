"""The wire models against contracts/severa_models.json, and how they read JSON."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from brygga.severa import wire, wire_answers, wire_writes
from brygga.severa.operations import NEEDED_SCOPES, OPERATIONS, operation_of
from tests.shared import contract

ROOTS: list[tuple[type[msgspec.Struct], str]] = [
    (wire.OrganizationDetails, "OrganizationDetailsOutputModel"),
    (wire.Country, "CountryModel"),
    (wire.Currency, "CurrencyOutputModel"),
    (wire.BusinessUnit, "BusinessUnitModel"),
    (wire.SalesStatusType, "SalesStatusTypeOutputModel"),
    (wire.InvoiceStatus, "InvoiceStatusModel"),
    (wire.Address, "AddressModel"),
    (wire.Customer, "CustomerModel"),
    (wire.CountrySettings, "CustomerCountrySettingsOutputModel"),
    (wire.ContactPerson, "ContactModel"),
    (wire.Communication, "ContactCommunicationModel"),
    (wire.Project, "ProjectOutputModel"),
    (wire.Product, "ProductOutputModel"),
    (wire.WorkType, "WorkTypeOutputModel"),
    (wire.TravelExpenseType, "TravelExpenseTypeOutputModel"),
    (wire.Invoice, "InvoiceOutputModel"),
    (wire.InvoiceRow, "InvoiceRowOutputModel"),
    (wire.InvoiceSettings, "InvoiceSettingsOutputModel"),
    (wire.Entry, "WorkHourOutputModel"),
    (wire.Entry, "ProjectFeeOutputModel"),
    (wire.Entry, "ProjectTravelExpenseOutputModel"),
    (wire.FlatRate, "FlatRateOutputModel"),
    (wire_writes.Language, "LanguageModel"),
    (wire_writes.CommunicationTypeRow, "CommunicationTypeModel"),
    (wire_writes.CustomerBody, "CustomerModel"),
    (wire_writes.AddressBody, "AddressModel"),
    (wire_writes.CountrySettingsBody, "CustomerCountrySettingsInputModel"),
    (wire_writes.ContactBody, "ContactModel"),
    (wire_writes.CommunicationBody, "ContactCommunicationModel"),
    (wire_writes.FeeBody, "ProjectFeeInputModel"),
    (wire_writes.Fee, "ProjectFeeOutputModel"),
    (wire_answers.ErrorBody, "ExceptionModel"),
    (wire_answers.TokenAnswer, "PublicAuthenticationOutputModel"),
]

DEMANDED = {
    "OrganizationDetailsOutputModel.guid",
    "CountryModel.guid",
    "BusinessUnitModel.guid",
    "InvoiceStatusModel.guid",
    "AddressModel.guid",
    "CustomerModel.guid",
    "ContactModel.guid",
    "ProjectOutputModel.guid",
    "ProductOutputModel.guid",
    "WorkTypeOutputModel.guid",
    "TravelExpenseTypeOutputModel.guid",
    "InvoiceOutputModel.guid",
    "ProjectFeeOutputModel.guid",
    "InvoiceRowOutputModel.guid",
    "InvoiceRowOutputModel.invoiceGuid",
}
"""Nullable in the contract, but a record without its key is of no use: missing ones are an error here."""

TOLERATED = {
    "PublicAuthenticationOutputModel.scope",
    "PublicAuthenticationOutputModel.access_token_type",
    "PublicAuthenticationOutputModel.refresh_token",
    "PublicAuthenticationOutputModel.refresh_token_expires_in",
    "ErrorModel.type",
    "ProjectFeeProjectSubModel.guid",
    "ProjectTravelExpenseProjectSubModel.guid",
}
"""Promised by the contract, but the program does without: it works, and says what is wrong, when they are missing."""

SCALARS: dict[str, str] = {
    "str": "string",
    "int": "int32 int64 uint64",
    "bool": "boolean",
    "Decimal": "double",
    "date": "date",
    "datetime": "datetime",
}


def _fields(model: type[msgspec.Struct], name: str) -> Iterator[tuple[str, Any, bool, str]]:
    """Where, type, whether it may be null or missing, and the contract's notation, of every field used, in depth."""
    models = contract("severa_models.json")
    for field in msgspec.structs.fields(model):
        where = f"{name}.{field.encode_name}"
        assert field.encode_name in models[name], f"{where} is not in the contract"
        notation = models[name][field.encode_name].removesuffix(" (required)")
        options = typing.get_args(field.type) if isinstance(field.type, types.UnionType) else (field.type,)
        kind = next(option for option in options if option is not types.NoneType)
        yield where, kind, types.NoneType in options, notation
        inner = typing.get_args(kind)[0] if typing.get_origin(kind) is list else kind
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            yield from _fields(inner, notation.removesuffix("?").removesuffix("[]"))


@pytest.mark.parametrize(("model", "name"), ROOTS, ids=[f"{m.__name__}-{n}" for m, n in ROOTS])
def test_every_field_is_in_the_contract_with_its_type_and_nullability(model: type[msgspec.Struct], name: str) -> None:
    enums = contract("severa_models.json")["_enums"]
    seen = 0
    for where, kind, nullable, notation in _fields(model, name):
        seen += 1
        if not issubclass(model, wire_writes.Body):  # what we send may always be there, and None is never sent
            assert nullable == (notation.endswith("?") or where in TOLERATED) or where in DEMANDED, where
        bare = notation.removesuffix("?")
        is_list = typing.get_origin(kind) is list
        assert is_list == bare.endswith("[]"), where
        inner = typing.get_args(kind)[0] if is_list else kind
        bare = bare.removesuffix("[]")
        if not issubclass(inner, msgspec.Struct):
            allowed = SCALARS[inner.__name__].split()
            assert bare in allowed or (inner is str and bare in enums), f"{where}: {inner} for {notation}"
    assert seen


def test_no_exception_to_the_contract_is_stale() -> None:
    places = {where: (nullable, notation) for m, n in ROOTS for where, _, nullable, notation in _fields(m, n)}
    assert {w for w in DEMANDED if places[w][0] or not places[w][1].endswith("?")} == set()
    assert {w for w in TOLERATED if not places[w][0] or places[w][1].endswith("?")} == set()


def test_every_operation_is_in_the_contract_with_its_scopes_and_parameters() -> None:
    endpoints = {(e["method"], e["path"]): e for e in contract("severa_endpoints.json")["endpoints"]}
    for operation in OPERATIONS:
        documented = endpoints[operation.method, operation.path]
        assert sorted(operation.scopes) == sorted(documented["scope"]), operation
        named = {param["name"] for param in documented["params"] if param["in"] == "query"}
        assert set(operation.query) <= named, operation
        paging = {"pageToken": "pageToken", "firstRow": "firstRow"}.get(documented["paging"])
        assert (paging in operation.query) if paging else not {"pageToken", "firstRow"} & set(operation.query), (
            operation
        )


def test_an_operation_is_found_by_its_concrete_path() -> None:
    assert operation_of("PATCH", "/v1/invoices/abc").scopes == ("invoices:write",)
    assert operation_of("GET", "/v1/invoices/abc/invoicerows").path == "/v1/invoices/{invoiceGuid}/invoicerows"
    with pytest.raises(LookupError):
        operation_of("DELETE", "/v1/invoices/abc")
    with pytest.raises(LookupError):
        operation_of("GET", "/v1/invoices/")


def test_the_needed_scopes_are_those_of_the_operations() -> None:
    assert NEEDED_SCOPES == (
        "customers:read",
        "customers:write",
        "fees:read",
        "fees:write",
        "invoices:read",
        "invoices:write",
        "organization:read",
        "projects:read",
        "settings:read",
    )


@pytest.mark.parametrize("text", ["0.1", "1234567.123456789012345678", "10", "-0.005", "0.30000000000000004", "1e-7"])
def test_numbers_keep_their_digits(text: str) -> None:
    read = msgspec.json.decode(f'{{"amount": {text}}}'.encode(), type=wire.Money)
    assert read.amount == Decimal(text)
    assert str(read.amount) == str(Decimal(text))


ROW = {"guid": "r", "invoiceGuid": "i", "rowType": "Hours", "quantity": 1, "sortOrder": 1}


def test_unknown_fields_and_enum_values_are_let_through() -> None:
    row = msgspec.json.decode(
        msgspec.json.encode(ROW | {"rowType": "Subscriptions", "colour": {"of": "money"}}), type=wire.InvoiceRow
    )
    assert row.row_type == "Subscriptions"


@pytest.mark.parametrize("missing", ["guid", "invoiceGuid", "rowType", "quantity", "sortOrder"])
def test_a_promised_field_that_is_missing_is_an_error(missing: str) -> None:
    given = {name: value for name, value in ROW.items() if name != missing}
    with pytest.raises(msgspec.ValidationError, match=missing):
        msgspec.json.decode(msgspec.json.encode(given), type=wire.InvoiceRow)


def test_a_token_answer_shows_nothing_of_itself() -> None:
    answer = wire_answers.TokenAnswer(access_token="tok-1", access_token_expires_in=1, refresh_token="ref-1")
    assert "tok-1" not in f"{answer!r} {answer!s}"
    assert "ref-1" not in f"{answer!r} {answer!s}"
