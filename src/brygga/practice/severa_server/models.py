"""The document models as checked types: what a document must hold before the practice server keeps it.

A document of a collection is a wire document (camelCase). ``conform`` answers the same document complete, as JSON: an
unknown field, a missing field that may not be null, or a wrong type is an error that names the field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, cast

import msgspec

from brygga.practice.severa_server.model_table import AUDIT, DOCUMENTS, ENUMS, INPUTS, NESTED

#: Collections of the seed and the model of their documents: what the lists of contracts/severa.md §3 answer. Targets of
#: references come before what refers to them, as far as a copy of a copy needs it.
COLLECTIONS: dict[str, str] = {
    "organizationdetails": "OrganizationDetailsOutputModel",
    "organizationsettings": "OrganizationSettingsModel",
    "countries": "CountryModel",
    "languages": "LanguageModel",
    "currencies": "CurrencyOutputModel",
    "pricelists": "PriceListOutputModel",
    "vatrates": "VatRateOutputModel",
    "costcenters": "CostCenterModel",
    "salesaccounts": "SalesAccountModel",
    "businessunits": "BusinessUnitModel",
    "invoicestatuses": "InvoiceStatusModel",
    "salesstatustypes": "SalesStatusTypeOutputModel",
    "projectstatustypes": "ProjectStatusTypeModel",
    "communicationtypes": "CommunicationTypeModel",
    "users": "UserOutputModel",
    "products": "ProductOutputModel",
    "worktypes": "WorkTypeOutputModel",
    "travelexpensetypes": "TravelExpenseTypeOutputModel",
    "addresses": "AddressModel",
    "customers": "CustomerModel",
    "contactpersons": "ContactModel",
    "contactcommunications": "ContactCommunicationModel",
    "customercountrysettings": "CustomerCountrySettingsOutputModel",
    "projects": "ProjectOutputModel",
    "invoices": "InvoiceOutputModel",
    "invoicesettings": "InvoiceSettingsOutputModel",
    "flatrates": "FlatRateOutputModel",
    "invoicerows": "InvoiceRowOutputModel",
    "workhours": "WorkHourOutputModel",
    "projectfees": "ProjectFeeOutputModel",
    "projecttravelexpenses": "ProjectTravelExpenseOutputModel",
}

#: Collections of which a Severa environment has exactly one document.
SINGLE = frozenset({"organizationdetails", "organizationsettings"})

#: What a document that leaves out a field gets, for fields that cannot be null. A flag is off (an active flag on);
#: every other field that cannot be null must be given: a made-up date, rate or number would be a plausible answer.
DEFAULTS: dict[str, Any] = {
    "isActive": True,
    "sortOrder": 0,
    "attachmentCount": 0,
    "workHoursQuantity": Decimal(0),
    "overdueInterest": Decimal(0),
    "hasRegions": "NoRegion",
    "billableStatus": "Billable",
    "workHourGrouping": "OneByOne",
    "projectFeeGrouping": "OneByOne",
    "projectTravelExpenseGrouping": "OneByOne",
}

#: The contract's simple types.
PRIMITIVES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    # A double of the wire is kept as the decimal it was written as, so that an amount comes out exactly as it went in.
    "double": Decimal,
    "int32": Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)],
    "int64": Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)],
    "date": dt.date,
    "datetime": Annotated[dt.datetime, msgspec.Meta(tz=True)],
}

_encoder = msgspec.json.Encoder(decimal_format="number")


class DocumentError(Exception):
    """A document is not what its collection holds; the text names the collection, the document and the field."""


@cache
def fields(model: str) -> Mapping[str, str]:
    """The fields of a model as ``{field: type}`` in the notation of the contract table."""
    table = DOCUMENTS.get(model) or NESTED.get(model) or INPUTS[model]
    parts = table.replace("@audit", AUDIT).split(";")
    pairs = (part.strip().rsplit(" ", 1) for part in parts)
    return {name: kind.replace("!", " (required)") for name, kind in pairs}


def models() -> list[str]:
    """The names of all models the server knows."""
    return [*DOCUMENTS, *NESTED, *INPUTS]


def enum_values(name: str) -> tuple[str, ...]:
    """The values of an enum, in the order of the contract."""
    return tuple(ENUMS[name].split())


@cache
def document_type(model: str) -> type[msgspec.Struct]:
    """The type that checks documents of ``model``; unknown fields are refused."""
    definitions: list[tuple[str, Any, Any]] = []
    for field, notation in fields(model).items():
        required = notation.endswith(" (required)")
        kind = notation.removesuffix(" (required)")
        if kind.endswith("?"):
            definitions.append((field, _type(kind), None))
        elif not required and field in DEFAULTS:
            definitions.append((field, _type(kind), DEFAULTS[field]))
        elif not required and kind == "boolean":
            definitions.append((field, _type(kind), False))
        else:
            definitions.append((field, _type(kind), msgspec.NODEFAULT))
    return msgspec.defstruct(model, definitions, kw_only=True, forbid_unknown_fields=True)


def _type(kind: str) -> Any:
    if kind.endswith("?"):
        return _type(kind[:-1]) | None
    if kind.endswith("[]"):
        return list[_type(kind[:-2])]  # type: ignore[misc]
    if kind in PRIMITIVES:
        return PRIMITIVES[kind]
    return enum_type(kind) if kind in ENUMS else document_type(kind)


def enum_type(name: str) -> Any:
    """The type of an enum's values."""
    return cast(Any, Literal)[enum_values(name)]


def conform(collection: str, document: Mapping[str, Any]) -> bytes:
    """The document, complete and checked, as JSON.

    Raises ``DocumentError`` when a field is unknown, missing or of another type than contracts/severa_models.json says.
    """
    model = COLLECTIONS[collection]
    try:
        return _encoder.encode(msgspec.convert(document, document_type(model)))
    except (msgspec.ValidationError, TypeError) as error:
        raise DocumentError(f"{collection} {document.get('guid') or '(no guid)'}: {error}") from error


def decode(raw: bytes) -> dict[str, Any]:
    """A kept document as wire values."""
    return cast(dict[str, Any], msgspec.json.decode(raw))
