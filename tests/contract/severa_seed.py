"""A small practice environment for tests: one company, two customers, a project, statuses and a few invoices."""

from __future__ import annotations

from typing import Any

from brygga.practice.severa_server import SeveraSeed

CLIENT_ID = "practice-client"
CLIENT_SECRET = "practice-secret"
SCOPES = (
    "customers:read",
    "customers:write",
    "projects:read",
    "invoices:read",
    "invoices:write",
    "fees:read",
    "fees:write",
    "settings:read",
    "users:read",
    "organization:read",
)
BEGINNING = "2026-01-01T08:00:00Z"


def customer(number: int, **fields: Any) -> dict[str, Any]:
    """A customer, guid ``customer-<number>``."""
    return {
        "guid": f"customer-{number}",
        "name": f"Kund {number}",
        "number": number,
        "createdDateTime": BEGINNING,
    } | fields


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    """An invoice of customer 1001 and project 42 that waits for transfer, guid ``invoice-<number>``."""
    return {
        "guid": f"invoice-{number}",
        "number": number,
        "referenceNumber": None,
        "status": {"guid": "status-ready"},
        "customer": {"guid": "customer-1001"},
        "projects": [{"guid": "project-42"}],
        "date": "2026-01-31",
        "dueDate": "2026-03-02",
        "paymentTerm": 30,
        "currency": {"guid": "currency-sek"},
        "currencyRate": 1,
        "totalExcludingTax": {"amount": 12500.5, "currencyCode": "SEK"},
        "createdDateTime": BEGINNING,
    } | fields


def status(name: str, **flags: bool) -> dict[str, Any]:
    """An invoice status, guid ``status-<name>``."""
    return {"guid": f"status-{name}", "name": name, "createdDateTime": BEGINNING} | flags


def row(invoice_number: int, place: int, **fields: Any) -> dict[str, Any]:
    """An invoice row of hours, guid ``row-<invoice>-<place>``."""
    return {
        "guid": f"row-{invoice_number}-{place}",
        "invoiceGuid": f"invoice-{invoice_number}",
        "rowType": "Hours",
        "category": "Hours",
        "quantity": 10,
        "unitPrice": {"amount": 1250, "currencyCode": "SEK"},
        "vatRate": 25,
        "sortOrder": place,
        "createdDateTime": BEGINNING,
    } | fields


def organization_settings(**fields: Any) -> dict[str, Any]:
    """The organisation's settings: the next invoice number is 9000100."""
    return {
        "quickSearchSetting": "ShowOpenProjectsSalesCasesAndCustomers",
        "projectNameDisplaySetting": "ShowProjectLongName",
        "projectNameDisplayFormatSetting": "ProjectNamePhaseName",
        "nextProjectNumber": 100,
        "nextCustomerNumber": 2000,
        "lastCustomerNumber": 1999,
        "nextTravelReimbursementNumber": 1,
        "currencyRoundingType": "AwayFromZero",
        "nextInvoiceNumber": 9000100,
        "workWeek": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
        "workHourEntryFormat": "Quantity",
        "paymentReferenceNumberDisplaySetting": "ReferenceNumber",
    } | fields


def _registers() -> dict[str, list[dict[str, Any]]]:
    sweden = {"guid": "country-se", "name": "Sverige", "englishName": "Sweden", "code2": "SE", "code3": "SWE"}
    norway = {"guid": "country-no", "name": "Norge", "englishName": "Norway", "code2": "NO", "code3": "NOR"}
    audit = {"createdDateTime": BEGINNING}
    return {
        "organizationdetails": [
            {"guid": "organization", "name": "Exempelkonsult AB", "country": {"guid": "country-se"}}
        ],
        "organizationsettings": [organization_settings()],
        "countries": [sweden, norway],
        "currencies": [
            {"guid": "currency-sek", "code": "SEK", "rate": 1, "isOrganizationCurrency": True} | audit,
            {"guid": "currency-eur", "code": "EUR", "rate": 0.0895} | audit,
        ],
        "vatrates": [
            {"guid": "vat-25", "percentage": 25, "countryGuid": "country-se"} | audit,
            {"guid": "vat-no", "percentage": 25, "countryGuid": "country-no"} | audit,
        ],
        "costcenters": [{"guid": "cost-sthlm", "name": "Stockholm", "identifier": "STHLM"} | audit],
        "businessunits": [{"guid": "unit-1", "name": "Sverige", "code": "SE"} | audit],
        "invoicestatuses": [
            status("draft", isDefault=True),
            status("ready", hasInvoiceNumber=True),
            status("transferred", hasInvoiceNumber=True, isSent=True, isWaitingPayment=True),
            status("archived", hasInvoiceNumber=True, isReadOnly=True),
        ],
        "salesstatustypes": [
            {"guid": "sales-won", "name": "Vunnen", "salesState": "Won"} | audit,
            {"guid": "sales-open", "name": "Pågår", "salesState": "InProgress"} | audit,
        ],
        "pricelists": [
            {"guid": "prices-standard", "name": "Standard", "currency": {"guid": "currency-sek"}, "isDefault": True}
            | audit,
            {"guid": "prices-europe", "name": "Europa", "currency": {"guid": "currency-eur"}} | audit,
            {"guid": "prices-one", "name": "Tvilling", "currency": {"guid": "currency-sek"}} | audit,
            {"guid": "prices-two", "name": "Tvilling", "currency": {"guid": "currency-sek"}} | audit,
            {"guid": "prices-project", "name": "Projektets", "currency": {"guid": "currency-sek"}, "isCustom": True}
            | audit,
        ],
        "languages": [
            {"guid": "language-sv", "name": "svenska", "code": "sv-SE"},
            {"guid": "language-en", "name": "engelska", "code": "en-GB"},
        ],
        "communicationtypes": [
            {"guid": f"way-{kind}", "name": kind, "type": kind} | audit
            for kind in ("Phone", "MobilePhone", "EmailAddress", "Fax")
        ],
        "products": [
            {
                "guid": "product-ue",
                "name": "Underkonsult",
                "code": "UE",
                "type": "Subcontracting",
                "vatRate": 25,
                "measurementUnit": "st",
            }
            | audit
        ],
        "users": [{"guid": "user-eva", "firstName": "Eva", "lastName": "Ek", "code": "EE"} | audit],
    }


def collections() -> dict[str, list[dict[str, Any]]]:
    """The documents of the environment, fresh each time so that a test may change them."""
    audit = {"createdDateTime": BEGINNING}
    return _registers() | {
        "addresses": [
            {
                "guid": "address-1001",
                "addressline": "Storgatan 1",
                "postalCode": "11122",
                "city": "Stockholm",
                "country": {"guid": "country-se"},
                "customer": {"guid": "customer-1001"},
            }
            | audit
        ],
        "customers": [
            customer(1001, headquarterAddress={"guid": "address-1001"}, owner={"guid": "user-eva"}),
            customer(1002, isActive=False, vatNumber="SE556900456601"),
        ],
        "customercountrysettings": [
            {"guid": "tax-1001", "customer": {"guid": "customer-1001"}, "country": {"guid": "country-se"}}
        ],
        "projects": [
            {
                "guid": "project-42",
                "name": "Drift",
                "number": 42,
                "customer": {"guid": "customer-1001"},
                "businessUnit": {"guid": "unit-1"},
                "salesStatus": {"salesStatusTypeGuid": "sales-won"},
            }
            | audit,
            {
                "guid": "project-43",
                "name": "Offert",
                "number": 43,
                "customer": {"guid": "customer-1002"},
                "salesStatus": {"salesStatusTypeGuid": "sales-open"},
            }
            | audit,
        ],
        "invoices": [
            invoice(9000001),
            invoice(9000002, date="2026-02-28", customer={"guid": "customer-1002"}, projects=[{"guid": "project-43"}]),
            invoice(9000003, status={"guid": "status-archived"}),
            invoice(0) | {"guid": "invoice-draft", "number": None, "status": {"guid": "status-draft"}},
        ],
        "invoicesettings": [{"guid": "settings-1", "isReverseCharged": True} | audit],
        "invoicerows": [row(9000001, place) for place in (1, 2, 3)] + [row(9000002, 1, rowType="TravelExpenses")],
        "workhours": [
            {
                "guid": "hours-1",
                "eventDate": "2026-01-15",
                "project": {"guid": "project-42"},
                "invoice": {"guid": "invoice-9000001"},
                "invoiceRowGuid": "row-9000001-1",
            }
            | audit
        ],
        "flatrates": [{"guid": "flat-1", "project": {"guid": "project-42"}, "invoiceGuid": "invoice-9000001"}],
    }


def seed(**replaced: list[dict[str, Any]]) -> SeveraSeed:
    """The environment; keyword arguments replace whole collections."""
    given = collections() | replaced
    settings = {"invoice-9000001": "settings-1"} if given.get("invoicesettings") else {}
    return SeveraSeed(CLIENT_ID, CLIENT_SECRET, SCOPES, given, settings)


def nothing() -> dict[str, list[dict[str, Any]]]:
    """Replaces every collection that refers to customers, for tests with customers of their own."""
    names = (
        "customers addresses customercountrysettings projects invoices invoicesettings invoicerows workhours flatrates"
    )
    return {name: [] for name in names.split()}
