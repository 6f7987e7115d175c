"""The operations the practice server models, as a table: adding one is adding a row.

Source: contracts/severa_endpoints.json. A test compares every row with it: scope, paging, and that each query parameter
of the contract is either modelled or named in ``not_modelled``.
"""

from __future__ import annotations

from brygga.practice.severa_server import handlers
from brygga.practice.severa_server.fee_writes import patch_fee, post_fee
from brygga.practice.severa_server.handlers import Parent, listing, one, only
from brygga.practice.severa_server.invoice_writes import patch_invoice
from brygga.practice.severa_server.operation import Handler, Operation
from brygga.practice.severa_server.query import (
    Filter,
    Paging,
    any_number,
    any_text,
    any_through,
    changed_since,
    choice,
    flag,
    on_or_after,
    on_or_before,
    text,
)
from brygga.practice.severa_server.register_writes import (
    patch_address,
    patch_communication,
    patch_contact,
    patch_country_settings,
    patch_customer,
    post_address,
    post_communication,
    post_contact,
    post_country_settings,
    post_customer,
)


def _list(
    path: str, scope: str, paging: Paging, handler: Handler, not_modelled: str = "", /, **filters: Filter
) -> Operation:
    return Operation("GET", path, handler, (scope,), paging, filters, frozenset(not_modelled.split()))


def _get(path: str, scope: str, handler: Handler) -> Operation:
    return Operation("GET", path, handler, (scope,))


def _write(method: str, path: str, scope: str, handler: Handler) -> Operation:
    return Operation(method, path, handler, (scope,), takes_body=True)


def _register(
    name: str, not_modelled: str = "textToSearch calculateRowCount sortings", /, **filters: Filter
) -> list[Operation]:
    """A register of the settings: paged by offset, with ``active``, and each document by its guid."""
    path, scope = f"/v1/{name}", "settings:read"
    return [
        _list(path, scope, Paging.OFFSET, listing(name), not_modelled, active=flag("isActive"), **filters),
        _get(f"{path}/{{guid}}", scope, one(name)),
    ]


_PROJECT_FILTERS: dict[str, Filter] = {
    "projectGuids": any_text("guid"),
    "projectKeywordGuids": any_text("keywords.guid"),
    "projectStatusTypeGuids": any_text("projectStatus.projectStatusTypeGuid"),
    "salesPersonGuids": any_text("salesPerson.guid"),
    "projectOwnerGuids": any_text("projectOwner.guid"),
    "businessUnitGuids": any_text("businessUnit.guid"),
    "customerOwnerGuids": any_through("customer.guid", "customers", "owner.guid"),
    "salesStatusTypeGuids": any_text("salesStatus.salesStatusTypeGuid"),
    "isClosed": flag("isClosed"),
    "companyCurrencyGuids": any_text("businessUnit.companyCurrencyGuid"),
    "numbers": any_number("number"),
}
_PROJECT_NOT_MODELLED = (
    "isBillable minimumBillableAmount invoiceableDate marketSegmentationGuids hasRecurringFees projectMemberUserGuids"
)

_INVOICE_FILTERS: dict[str, Filter] = {
    "paymentDateStart": on_or_after("paymentDate"),
    "invoiceStatusGuids": any_text("status.guid"),
    "projectGuids": any_text("projects.guid"),
    "projectOwnerGuids": any_through("projects.guid", "projects", "projectOwner.guid"),
    "projectBusinessUnitGuids": any_through("projects.guid", "projects", "businessUnit.guid"),
    "customerGuids": any_text("customer.guid"),
    "startDate": on_or_after("date"),
    "endDate": on_or_before("date"),
    "referenceNumbers": any_text("referenceNumber"),
    "numbers": any_number("number"),
    "changedSince": changed_since(),
    "salesPersonGuids": any_through("projects.guid", "projects", "salesPerson.guid"),
    "createdByUserGuids": any_text("createdBy.guid"),
}


def _customers() -> list[Operation]:
    scope, customer = "customers:read", "/v1/customers/{customerGuid}"
    of_customer = Parent("customers", "customerGuid", "customer.guid")
    token, offset, whole = Paging.TOKEN, Paging.OFFSET, Paging.NONE
    return [
        _list(
            "/v1/customers",
            scope,
            token,
            listing("customers"),
            isActive=flag("isActive"),
            customerOwnerGuids=any_text("owner.guid"),
            isInternal=flag("isInternal"),
            numbers=any_number("number"),
            changedSince=changed_since(),
            emailAddresses=any_text("email"),
            customerNames=any_text("name"),
            vatNumber=text("vatNumber"),
            kvkNumber=text("kvkNumber"),
        ),
        _get("/v1/customers/{guid}", scope, one("customers")),
        _list("/v1/addresses", scope, offset, listing("addresses"), "calculateRowCount", changedSince=changed_since()),
        _get("/v1/addresses/{guid}", scope, one("addresses")),
        _list(f"{customer}/addresses", scope, offset, listing("addresses", of_customer), "calculateRowCount"),
        _list(f"{customer}/customercountrysettings", scope, whole, listing("customercountrysettings", of_customer)),
    ]


def _contacts() -> list[Operation]:
    scope, offset = "customers:read", Paging.OFFSET
    of_customer = Parent("customers", "customerGuid", "customer.guid")
    of_contact = Parent("contactpersons", "contactGuid", "contact.guid")
    communications = listing("contactcommunications", of_contact)
    return [
        _list(
            "/v1/contactpersons",
            scope,
            offset,
            listing("contactpersons"),
            "textToSearch searchCriterias sortings",
            active=flag("isActive"),
            changedSince=changed_since(),
        ),
        _get("/v1/contactpersons/{guid}", scope, one("contactpersons")),
        _list(
            "/v1/customers/{customerGuid}/contactpersons",
            scope,
            offset,
            listing("contactpersons", of_customer),
            "textToSearch",
            active=flag("isActive"),
        ),
        # The communication has no flag of its own: what `active` means there is not documented.
        _list(
            "/v1/contactcommunications",
            scope,
            offset,
            listing("contactcommunications"),
            "active textToSearch",
            changedSince=changed_since(),
        ),
        _get("/v1/contactcommunications/{guid}", scope, one("contactcommunications")),
        _list("/v1/contacts/{contactGuid}/contactcommunications", scope, Paging.NONE, communications, "active"),
    ]


def _projects() -> list[Operation]:
    scope = "projects:read"
    won = handlers.won_unless_configured
    of_customer = Parent("customers", "customerGuid", "customer.guid")
    return [
        _list(
            "/v1/projects",
            scope,
            Paging.TOKEN,
            listing("projects", always=won),
            f"{_PROJECT_NOT_MODELLED} projectStatusChangedSince",
            currencyGuid=text("currency.guid"),
            changedSince=changed_since(),
            # The simulator has no history of sales statuses: any change of the project counts.
            salesStatusChangedSince=changed_since(),
            customerGuids=any_text("customer.guid"),
            internal=flag("isInternal"),
            **_PROJECT_FILTERS,
        ),
        _get("/v1/projects/{guid}", scope, one("projects")),
        _list(
            "/v1/customers/{customerGuid}/projects",
            scope,
            Paging.TOKEN,
            listing("projects", of_customer, won),
            _PROJECT_NOT_MODELLED,
            currencyGuids=any_text("currency.guid"),
            **_PROJECT_FILTERS,
        ),
    ]


def _invoices() -> list[Operation]:
    scope, token = "invoices:read", Paging.TOKEN
    rows = listing("invoicerows", Parent("invoices", "invoiceGuid", "invoiceGuid"))
    operations = [
        _list(
            "/v1/invoices",
            scope,
            token,
            listing("invoices"),
            "minimumTotalExcludingTax maximumTotalExcludingTax",
            **_INVOICE_FILTERS,
        ),
        _get("/v1/invoices/{guid}", scope, one("invoices")),
        _write("PATCH", "/v1/invoices/{guid}", "invoices:write", patch_invoice),
        _list(
            "/v1/invoices/{invoiceGuid}/invoicerows", scope, token, rows, rowType=choice("rowType", "InvoiceRowType")
        ),
        _get("/v1/invoices/{invoiceGuid}/invoicesettings", scope, handlers.settings_of_invoice),
        _list("/v1/invoicerows", scope, token, listing("invoicerows"), changedSince=changed_since()),
        _get("/v1/invoicerows/{guid}", scope, one("invoicerows")),
        _list(
            "/v1/flatrates",
            "fees:read",
            token,
            listing("flatrates"),
            changedSince=changed_since(),
            invoiceGuid=text("invoiceGuid"),
        ),
        _get("/v1/flatrates/{guid}", "fees:read", one("flatrates", as_array=True)),
    ]
    sources: dict[str, dict[str, Filter]] = {
        "workhours": {},
        "projectfees": {"productType": choice("productType", "ProductType")},
        "projecttravelexpenses": {"expenseClass": choice("travelExpense.expenseClass", "ExpensesClass")},
    }
    for name, filters in sources.items():
        of_invoice = listing(name, Parent("invoices", "invoiceGuid", "invoice.guid"))
        of_row = listing(name, Parent("invoicerows", "invoiceRowGuid", "invoiceRowGuid"))
        operations += [
            _list(f"/v1/invoices/{{invoiceGuid}}/{name}", scope, token, of_invoice, **filters),
            _list(f"/v1/invoicerows/{{invoiceRowGuid}}/{name}", scope, token, of_row, **filters),
        ]
    return operations


def _register_writes() -> list[Operation]:
    scope = "customers:write"
    return [
        _write("POST", "/v1/customers", scope, post_customer),
        _write("PATCH", "/v1/customers/{guid}", scope, patch_customer),
        _write("POST", "/v1/customers/{customerGuid}/addresses", scope, post_address),
        _write("PATCH", "/v1/addresses/{guid}", scope, patch_address),
        _write("POST", "/v1/customercountrysettings", scope, post_country_settings),
        _write("PATCH", "/v1/customercountrysettings/{guid}", scope, patch_country_settings),
        _write("POST", "/v1/contactpersons", scope, post_contact),
        _write("PATCH", "/v1/contactpersons/{guid}", scope, patch_contact),
        _write("POST", "/v1/contactcommunications", scope, post_communication),
        _write("PATCH", "/v1/contactcommunications/{guid}", scope, patch_communication),
    ]


def _fees() -> list[Operation]:
    read, write, token = "fees:read", "fees:write", Paging.TOKEN
    of_project = Parent("projects", "projectGuid", "project.guid")
    return [
        _list("/v1/projectfees", read, token, listing("projectfees"), changedSince=changed_since()),
        _get("/v1/projectfees/{guid}", read, one("projectfees")),
        _list(
            "/v1/projects/{projectGuid}/projectfees",
            read,
            token,
            listing("projectfees", of_project),
            "isBilled invoiceableDate includeRecurringRules isBillablePeriodInFuture",
            productType=choice("productType", "ProductType"),
            isBillable=flag("isBillable"),
        ),
        _write("POST", "/v1/projectfees", write, post_fee),
        _write("PATCH", "/v1/projectfees/{guid}", write, patch_fee),
    ]


def _registers() -> list[Operation]:
    since, code = changed_since(), text("code")
    return [
        *_register("invoicestatuses"),
        *_register("salesstatustypes", salesState=choice("salesState", "SalesStatusType")),
        *_register("projectstatustypes"),
        *_register("communicationtypes"),
        *_register("worktypes", productive=flag("isProductive"), code=code, changedSince=since),
        *_register("travelexpensetypes", code=code, changedSince=since),
        *_register("costcenters", changedSince=since, identifier=text("identifier"), name=text("name")),
        *_register("salesaccounts"),
        *_register("currencies"),
        *_register("pricelists", currencyGuid=text("currency.guid"), name=text("name")),
        *_register(
            "businessunits",
            "textToSearch",
            companyGuid=text("companyGuid"),
            companyCountryGuid=text("companyCountryGuid"),
            changedSince=since,
            code=code,
            name=text("name"),
        ),
    ]


def _articles_taxes_and_people() -> list[Operation]:
    settings, token, whole = "settings:read", Paging.TOKEN, Paging.NONE
    return [
        _list(
            "/v1/products",
            settings,
            token,
            listing("products"),
            type=choice("type", "ProductType"),
            isActive=flag("isActive"),
            code=text("code"),
            changedSince=changed_since(),
        ),
        _get("/v1/products/{guid}", settings, one("products")),
        _list(
            "/v1/vatrates",
            settings,
            whole,
            handlers.vat_rates,
            countryGuid=text("countryGuid"),
            active=flag("isActive"),
        ),
        _get("/v1/vatrates/{guid}", settings, one("vatrates")),
        _list("/v1/localization/countries", settings, whole, listing("countries")),
        _get("/v1/localization/countries/{guid}", settings, handlers.country),
        _list(
            "/v1/localization/languages",
            settings,
            whole,
            listing("languages"),
            isInvoiceLanguage=flag("isInvoiceLanguage"),
        ),
        _get("/v1/localization/languages/{guid}", settings, one("languages")),
        _get("/v1/organizationdetails", "organization:read", only("organizationdetails")),
        _get("/v1/organizationsettings", "organization:read", only("organizationsettings")),
        _list(
            "/v1/users",
            "users:read",
            token,
            listing("users"),
            "keywordGuids purpose",
            isActive=flag("isActive"),
            businessUnitGuids=any_text("businessUnit.guid"),
            changedSince=changed_since(),
            supervisorUserGuids=any_text("superiorUser.guid"),
            code=text("code"),
            email=text("email"),
        ),
        _get("/v1/users/{guid}", "users:read", one("users")),
    ]


def _access() -> list[Operation]:
    return [
        Operation("POST", "/v1/token", handlers.get_token, secured=False, takes_body=True),
        Operation("POST", "/v1/refreshtoken", handlers.refresh_token, secured=False, takes_body=True),
        Operation("POST", "/v1/signout", handlers.sign_out, secured=False, takes_body=True),
        Operation("GET", "/heartbeat/server", handlers.healthy, secured=False),
        Operation("GET", "/heartbeat/database", handlers.healthy, secured=False),
        Operation("GET", "/heartbeat/authorized", handlers.authorized),
    ]


OPERATIONS: tuple[Operation, ...] = (
    *_access(),
    *_customers(),
    *_contacts(),
    *_projects(),
    *_invoices(),
    *_register_writes(),
    *_fees(),
    *_registers(),
    *_articles_taxes_and_people(),
)
