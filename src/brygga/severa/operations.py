"""The Severa operations this program uses, with the scopes each demands (contracts/severa_endpoints.json).

The client refuses to call anything that is not in the table, so that every call has a known scope to name when it is
missing, and so that a test can hold the whole table against the contract.
"""

from __future__ import annotations

from typing import NamedTuple


class Operation(NamedTuple):
    """A method and a path template with the scopes it demands; ``query`` are the parameters we may send."""

    method: str
    path: str
    scopes: tuple[str, ...]
    query: tuple[str, ...] = ()


_TOKEN = ("pageToken", "rowCount")
_OFFSET = ("firstRow", "rowCount")
_CUSTOMERS = ("customers:read",)
_CUSTOMERS_WRITE = ("customers:write",)
_PROJECTS = ("projects:read",)
_INVOICES = ("invoices:read",)
_SETTINGS = ("settings:read",)

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/heartbeat/authorized", ()),
    Operation("GET", "/v1/organizationdetails", ("organization:read",)),
    Operation("GET", "/v1/organizationsettings", ("organization:read",)),
    Operation("GET", "/v1/currencies", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/pricelists", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/localization/countries", _SETTINGS),
    Operation("GET", "/v1/localization/languages", _SETTINGS),
    Operation("GET", "/v1/communicationtypes", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/businessunits", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/costcenters", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/vatrates", _SETTINGS),
    Operation("GET", "/v1/salesstatustypes", _SETTINGS, (*_OFFSET, "salesState")),
    Operation("GET", "/v1/invoicestatuses", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/products", _SETTINGS, _TOKEN),
    Operation("GET", "/v1/worktypes", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/travelexpensetypes", _SETTINGS, _OFFSET),
    Operation("GET", "/v1/customers", _CUSTOMERS, (*_TOKEN, "changedSince", "numbers", "customerNames")),
    Operation("GET", "/v1/customers/{guid}", _CUSTOMERS),
    Operation("POST", "/v1/customers", _CUSTOMERS_WRITE),
    Operation("PATCH", "/v1/customers/{guid}", _CUSTOMERS_WRITE),
    Operation("GET", "/v1/customers/{customerGuid}/addresses", _CUSTOMERS, _OFFSET),
    Operation("POST", "/v1/customers/{customerGuid}/addresses", _CUSTOMERS_WRITE),
    Operation("PATCH", "/v1/addresses/{guid}", _CUSTOMERS_WRITE),
    Operation("POST", "/v1/customercountrysettings", _CUSTOMERS_WRITE),
    Operation("PATCH", "/v1/customercountrysettings/{guid}", _CUSTOMERS_WRITE),
    Operation("POST", "/v1/contactpersons", _CUSTOMERS_WRITE),
    Operation("PATCH", "/v1/contactpersons/{guid}", _CUSTOMERS_WRITE),
    Operation("POST", "/v1/contactcommunications", _CUSTOMERS_WRITE),
    Operation("PATCH", "/v1/contactcommunications/{guid}", _CUSTOMERS_WRITE),
    Operation("GET", "/v1/customers/{customerGuid}/customercountrysettings", _CUSTOMERS),
    Operation("GET", "/v1/customers/{customerGuid}/contactpersons", _CUSTOMERS, _OFFSET),
    Operation("GET", "/v1/addresses", _CUSTOMERS, (*_OFFSET, "changedSince")),
    Operation("GET", "/v1/addresses/{guid}", _CUSTOMERS),
    Operation("GET", "/v1/contactpersons", _CUSTOMERS, _OFFSET),
    Operation("GET", "/v1/contactpersons/{guid}", _CUSTOMERS),
    Operation("GET", "/v1/contactcommunications", _CUSTOMERS, _OFFSET),
    Operation("GET", "/v1/contacts/{contactGuid}/contactcommunications", _CUSTOMERS),
    Operation(
        "GET",
        "/v1/projects",
        _PROJECTS,
        (*_TOKEN, "changedSince", "salesStatusChangedSince", "projectGuids", "numbers"),
    ),
    Operation("GET", "/v1/projects/{guid}", _PROJECTS),
    Operation(
        "GET",
        "/v1/invoices",
        _INVOICES,
        (*_TOKEN, "startDate", "endDate", "invoiceStatusGuids", "changedSince", "numbers"),
    ),
    Operation("GET", "/v1/invoices/{guid}", _INVOICES),
    Operation("PATCH", "/v1/invoices/{guid}", ("invoices:write",)),
    Operation("GET", "/v1/invoices/{invoiceGuid}/invoicerows", _INVOICES, _TOKEN),
    Operation("GET", "/v1/invoicerows", _INVOICES, (*_TOKEN, "changedSince")),
    Operation("GET", "/v1/invoices/{invoiceGuid}/invoicesettings", _INVOICES),
    Operation("GET", "/v1/invoices/{invoiceGuid}/workhours", _INVOICES, _TOKEN),
    Operation("GET", "/v1/invoices/{invoiceGuid}/projectfees", _INVOICES, _TOKEN),
    Operation("GET", "/v1/invoices/{invoiceGuid}/projecttravelexpenses", _INVOICES, _TOKEN),
    Operation("GET", "/v1/flatrates", ("fees:read",), (*_TOKEN, "invoiceGuid")),
    Operation("GET", "/v1/projects/{projectGuid}/projectfees", ("fees:read",), _TOKEN),
    Operation("GET", "/v1/projectfees", ("fees:read",), _TOKEN),
    Operation("GET", "/v1/projectfees/{guid}", ("fees:read",)),
    Operation("POST", "/v1/projectfees", ("fees:write",)),
)

NEEDED_SCOPES: tuple[str, ...] = tuple(sorted({scope for operation in OPERATIONS for scope in operation.scopes}))
"""The scopes that the operations of the table demand together."""


def operation_of(method: str, path: str) -> Operation:
    """The table's row for a concrete path; ``LookupError`` when the program does not use that operation."""
    parts = path.split("/")
    for operation in OPERATIONS:
        template = operation.path.split("/")
        if operation.method == method and len(template) == len(parts):
            pairs = zip(template, parts, strict=True)
            if all(wanted == given or (wanted.startswith("{") and given) for wanted, given in pairs):
                return operation
    raise LookupError(f"{method} {path} is not an operation of this program")
