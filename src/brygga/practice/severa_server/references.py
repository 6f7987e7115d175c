"""Which document refers to which, and what a reference repeats of its target.

Severa answers references as nested objects that repeat a name, a number or a code (contracts/severa.md §2
"References"). The practice server keeps those copies true: they are filled in from the target, refused when the given
copy says something else, and refreshed when the target changes. A reference whose target is not there is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from brygga.practice.severa_server.models import DocumentError

Document = dict[str, Any]
Lookup = Callable[[str, str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Reference:
    """A field that refers to a document of another collection.

    ``copies`` maps a field of the nested object to the field (or the fields, joined with a space) of the target.
    """

    field: str
    target: str
    guid: str
    copies: Mapping[str, str]

    @property
    def path(self) -> str:
        """The path of the target's guid inside the document."""
        return f"{self.field}.{self.guid}" if self.guid else self.field


def _nested(field: str, target: str, copied: str = "", guid: str = "guid", **renamed: str) -> Reference:
    return Reference(field, target, guid, {name: name for name in copied.split()} | renamed)


def _bare(field: str, target: str) -> Reference:
    return Reference(field, target, "", {})


def _user(field: str) -> Reference:
    return _nested(field, "users", "code firstName lastName", name="firstName lastName")


def _short_user(field: str) -> Reference:
    return _nested(field, "users", "code", name="firstName lastName")


_BUSINESS_UNIT = "name code companyGuid companyName companyBusinessUnitGuid companyCountryGuid companyCurrencyGuid"
_CURRENCY = "name code symbol"

REFERENCES: dict[str, tuple[Reference, ...]] = {
    "pricelists": (_nested("currency", "currencies", _CURRENCY),),
    "vatrates": (_bare("countryGuid", "countries"),),
    "businessunits": (_nested("costCenter", "costcenters", "name identifier"), _bare("parentGuid", "businessunits")),
    "users": (_nested("businessUnit", "businessunits", _BUSINESS_UNIT),),
    "products": (_nested("salesAccount", "salesaccounts", "name number"),),
    "worktypes": (_nested("salesAccount", "salesaccounts", "name"),),
    "travelexpensetypes": (_nested("salesAccount", "salesaccounts", "name number"),),
    "addresses": (
        _nested("customer", "customers", "name number"),
        _nested("country", "countries", "name englishName hasRegions"),
    ),
    "customers": (
        _nested("headquarterAddress", "addresses", "addressline postalCode city", country="country.name"),
        _nested("language", "languages", "name englishName code"),
        _nested("currency", "currencies", _CURRENCY),
        _nested("pricelist", "pricelists", "name"),
        _nested("invoicingVat", "vatrates", "percentage code"),
        _user("owner"),
    ),
    "contactpersons": (_nested("customer", "customers", "name number"), _bare("addressGuid", "addresses")),
    "contactcommunications": (
        _nested("contact", "contactpersons", name="firstName lastName"),
        _nested("communicationType", "communicationtypes", "name isActive type"),
    ),
    "customercountrysettings": (
        _nested("customer", "customers"),
        _nested("country", "countries", "name englishName"),
        _nested("valueAddedTax", "vatrates", "percentage"),
    ),
    "projects": (
        _nested("customer", "customers", "name number"),
        _nested("customerContact", "contactpersons", "firstName lastName isDeleted", name="firstName lastName"),
        _nested("businessUnit", "businessunits", _BUSINESS_UNIT),
        _nested("currency", "currencies", _CURRENCY),
        _nested("salesStatus", "salesstatustypes", "name", guid="salesStatusTypeGuid"),
        _nested("projectStatus", "projectstatustypes", "name", guid="projectStatusTypeGuid"),
        _nested("costCenter", "costcenters", "name identifier"),
        _user("projectOwner"),
        _user("salesPerson"),
        _user("billingContact"),
    ),
    "invoices": (
        _nested("status", "invoicestatuses", "name isSent isWaitingPayment isPaid"),
        _nested("customer", "customers", "name number"),
        _nested("billingCustomer", "customers", "name number"),
        _nested("projects", "projects", "name number"),
        _nested("currency", "currencies", _CURRENCY),
        _nested("language", "languages", "name englishName code"),
        _nested("reimburseInvoice", "invoices", "number"),
        _nested("creditNoteInvoice", "invoices", "number"),
        _bare("invoiceNumberBusinessUnitGuid", "businessunits"),
    ),
    "flatrates": (_nested("project", "projects", "name number"), _bare("invoiceGuid", "invoices")),
    "invoicerows": (_bare("invoiceGuid", "invoices"), _bare("flatRateGuid", "flatrates")),
    "workhours": (
        _nested("project", "projects", "name number isClosed"),
        _nested("customer", "customers", "name number"),
        _nested("workType", "worktypes", "name code"),
        _nested("invoice", "invoices", "date number"),
        _bare("invoiceRowGuid", "invoicerows"),
        _user("user"),
    ),
    "projectfees": (
        _nested("project", "projects", "name"),
        _nested("customer", "customers", "name number"),
        _nested("product", "products", "name code"),
        _nested("invoice", "invoices", "date number"),
        _nested("costCenter", "costcenters", "name identifier"),
        _nested("salesAccount", "salesaccounts", "name number"),
        _bare("invoiceRowGuid", "invoicerows"),
        _short_user("user"),
    ),
    "projecttravelexpenses": (
        _nested("project", "projects", "name number isInternal"),
        _nested("customer", "customers", "name"),
        _nested("travelExpense", "travelexpensetypes", "name code expenseClass includeTime"),
        _nested("invoice", "invoices", "date number"),
        _nested("costCenter", "costcenters", "name"),
        _nested("salesAccount", "salesaccounts", "name"),
        _bare("invoiceRowGuid", "invoicerows"),
        _short_user("user"),
    ),
}


def referring_to(target: str) -> Iterator[tuple[str, Reference]]:
    """Every (collection, reference) whose target is ``target`` and that repeats something of it."""
    for collection, references in REFERENCES.items():
        for reference in references:
            if reference.target == target and reference.copies:
                yield collection, reference


def field_value(document: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path, None where the way ends early; several paths are joined as a person's name is."""
    if " " in path:
        return " ".join(str(part) for part in (field_value(document, each) for each in path.split()) if part)
    value: Any = document
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def complete(
    collection: str,
    document: Document,
    lookup: Lookup,
    *,
    only: Collection[str] | None = None,
    refresh: bool = False,
) -> Document:
    """The document with the copies of its references filled in.

    ``only`` limits the work to some fields; with ``refresh`` a differing copy is replaced, otherwise it is refused.
    Raises ``DocumentError`` when a target is not there or a given copy differs from it.
    """
    done = dict(document)
    for reference in REFERENCES.get(collection, ()):
        if only is not None and reference.field not in only:
            continue
        value = done.get(reference.field)
        if value is None:
            continue
        where = f"{collection} {document.get('guid')}: {reference.field}"
        if isinstance(value, list):
            done[reference.field] = [_filled(reference, each, lookup, where, refresh) for each in value]
        else:
            done[reference.field] = _filled(reference, value, lookup, where, refresh)
    return done


def _filled(reference: Reference, value: Any, lookup: Lookup, where: str, refresh: bool) -> Any:
    if reference.guid and not isinstance(value, Mapping):
        return value  # the document's type check names the wrong type
    guid = value.get(reference.guid) if reference.guid else value
    if guid is None:
        return value
    target = lookup(reference.target, guid)
    if target is None:
        if refresh:
            return value
        raise DocumentError(f"{where} refers to {reference.target} {guid}, which is not there")
    if not reference.copies:
        return value
    filled = dict(value)
    for field, source in reference.copies.items():
        true = field_value(target, source)
        if not refresh and filled.get(field) is not None and not _same(filled[field], true):
            raise DocumentError(f"{where}.{field} is {filled[field]!r}, but {reference.target} {guid} has {true!r}")
        if true is not None:
            filled[field] = true
        elif refresh:
            filled[field] = None
    return filled


def _same(given: Any, true: Any) -> bool:
    """Whether a copy says what the target says, whichever of the wire's and Python's types either is given in."""
    if isinstance(given, Decimal | float) and isinstance(true, Decimal | float | int):
        return float(given) == float(true)
    return bool(given == true) or str(given) == str(true)
