"""The uncertain facts of Severa's wire, each in one place with its source; ``(inf)`` = inferred, ``(unc)`` = unproven.

When a live environment shows that one of them is otherwise, it is changed here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from brygga.severa import wire

PATCH_REPLACE = "Replace"
"""JSON Patch ``op``: the enum of the specification says Replace, others send replace (unc, contracts/severa.md §2)."""

INVOICE_STATUS = "/status/guid"
INVOICE_NUMBER = "/number"
INVOICE_REFERENCE = "/referenceNumber"
INVOICE_PAYMENT_DATE = "/paymentDate"
"""JSON pointers of an invoice: (inf) from the SOAP setters, contracts/severa.md §3.5 "Updates we need"."""

CUSTOMER_NAME = "/name"
CUSTOMER_IDENTITY = "/vatNumber"
CUSTOMER_EMAIL = "/email"
CUSTOMER_PAYMENT_TERM = "/paymentTerm"
CUSTOMER_IS_ACTIVE = "/isActive"
CUSTOMER_LANGUAGE = "/language/guid"
CUSTOMER_CURRENCY = "/currency/guid"
CUSTOMER_PRICE_LIST = "/pricelist/guid"
CUSTOMER_HEADQUARTER = "/headquarterAddress/guid"
ADDRESS_STREET = "/addressline"
ADDRESS_POSTAL_CODE = "/postalCode"
ADDRESS_CITY = "/city"
ADDRESS_PHONE = "/phone"
ADDRESS_FAX = "/fax"
ADDRESS_COUNTRY = "/country/guid"
IS_TAX_FREE = "/isTaxFree"
CONTACT_FIRST_NAME = "/firstName"
CONTACT_LAST_NAME = "/lastName"
CONTACT_TITLE = "/jobTitle"
COMMUNICATION_VALUE = "/value"
COMMUNICATION_FORBIDDEN = "/isForbiddenToUse"
"""JSON pointers of registers: the model's own field names (inf, contracts/severa.md §2 "PATCH path"). A reference is
replaced by its guid; that one can be emptied is nowhere said, so it is not tried."""

WON = "Won"
"""``salesState`` of a sales status type whose projects are won (contracts/severa.md §3.4)."""

ROW_CHANGE_MARGIN = timedelta(days=1)
"""How long before its invoice a row may have been made: rows come with the invoice (inf), clocks may differ."""

CHANGE_MARGIN = timedelta(minutes=5)
"""How far back ``changedSince`` reaches before what was read: a change may become visible later than its own time, and
``Date`` is the only clock of Severa's that an answer tells (HTTP; not in the contract, inf)."""


def patch_value(value: str | int | bool | None) -> str | int | bool | None:
    """The JSON value of a PATCH: as the field's own type. The specification's "string" is an artefact (unc, §2)."""
    return value


def replace(pointer: str, value: str | int | bool | None) -> wire.PatchOperation:
    """One replacement, the only JSON Patch operation that Severa supports (contracts/severa.md §2 "PATCH")."""
    return wire.PatchOperation(op=PATCH_REPLACE, path=pointer, value=patch_value(value))


def credited_invoice(invoice: wire.Invoice) -> str:
    """The guid of the invoice that a credit note credits: its ``reimburseInvoice`` (inf, §3.5 "Credit notes")."""
    if not invoice.is_credit_note or invoice.reimburse_invoice is None:
        return ""
    return invoice.reimburse_invoice.guid or ""


def invoiced_customer(invoice: wire.Invoice) -> wire.InvoiceParty | None:
    """Who owes the invoice: the billing customer where it is named, else the customer (inf from the names, §3.5)."""
    if invoice.billing_customer is not None and invoice.billing_customer.guid:
        return invoice.billing_customer
    return invoice.customer


def tax_row(
    rows: Iterable[wire.CountrySettings], country: wire.Country | None, country_name: str
) -> wire.CountrySettings | None:
    """The row of a customer's country settings that holds its reverse charge: that of the selling company's country
    (inf, §3.1). With one company that is the organisation's country."""
    for row in rows:
        if row.country is None:
            continue
        if country is not None and row.country.guid:
            same = row.country.guid == country.guid
        else:
            same = bool(row.country.name) and row.country.name in _names(country, country_name)
        if same:
            return row
    return None


def is_tax_free(rows: Iterable[wire.CountrySettings], country: wire.Country | None, country_name: str) -> bool:
    """Reverse charge of a customer: ``isTaxFree`` of its ``tax_row``; no row = off (semantics §4.1b)."""
    row = tax_row(rows, country, country_name)
    return row is not None and row.is_tax_free


def _names(country: wire.Country | None, country_name: str) -> set[str | None]:
    return {country_name} if country is None else {country_name, country.name, country.english_name}


def day_filter(start: date | None, end: date | None) -> dict[str, datetime]:
    """``startDate``/``endDate`` for the days from and including ``start`` to and including ``end``.

    Both are date-times whose end and time zone are not documented (unc, §3.5): a day more is asked for on each side,
    and the reader keeps the days that were meant.
    """
    asked: dict[str, datetime] = {}
    if start is not None:
        asked["startDate"] = datetime.combine(max(start, date(1, 1, 2)) - timedelta(days=1), time.min, UTC)
    if end is not None:
        asked["endDate"] = datetime.combine(
            min(end, date(9999, 12, 30)) + timedelta(days=1), time.max.replace(microsecond=0), UTC
        )
    return asked


def moment(value: datetime) -> datetime:
    """A date-time with its offset; without one it is taken as UTC (inf: the server keeps DateTimeOffset, §2)."""
    return value if value.tzinfo is not None else value.replace(tzinfo=UTC)


def plain_text(text: wire.FreeText | None) -> str:
    """A free text as people read it: ``plainText``, else ``text``, else ``value`` (inf, §3.5 "Texts")."""
    if text is None:
        return ""
    return text.plain_text or text.text or text.value or ""


def amount(money: wire.Money | None) -> Decimal:
    """An amount; the contract lets it be empty (§2 "Money"), which is nothing."""
    return money.amount if money is not None and money.amount is not None else Decimal(0)


def same_code(coded: wire.Coded | None, code: str) -> bool:
    """Whether a reference to a language or currency has this code; case does not tell codes apart."""
    return coded is not None and (coded.code or "").casefold() == code.casefold()


def same_name(named: wire.PriceListReference | None, name: str) -> bool:
    """Whether a reference to a price list, which has no code, has this name; case does not tell names apart."""
    return named is not None and (named.name or "").strip().casefold() == name.strip().casefold()


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts are the same but for blanks at the ends and the kind of line break (§3.2: not documented which
    one a stored address line keeps)."""
    return _plain(one) == _plain(other)


def _plain(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").strip().splitlines())
