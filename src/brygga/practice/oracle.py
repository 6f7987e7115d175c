"""The oracle: what Administration and Severa must hold after the transfers, worked out from the Severa documents.

Made from the specification (semantics §3.5, §4.0-4.8) with the practice company's own arithmetic and text rules, never
from the program's: agreement of both is a proof, not an echo. It covers invoices and credit notes,
in kronor and in foreign currency.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from brygga.practice.administration_base import OPEN_END
from brygga.practice.arithmetic import is_organisation_number, ocr_number
from brygga.practice.oracle_documents import SeveraDocuments, Wire, length, unit_code
from brygga.practice.oracle_invoices import (
    InvoiceNumbers,
    in_transfer_order,
    invoice_record,
    original_of,
    row_project,
)
from brygga.practice.oracle_records import (
    Difference,
    Expected,
    ExpectedRecord,
    NeededRecords,
    Oracle,
    compare,
)
from brygga.practice.oracle_text import cut_at_word, one_line

__all__ = ["Difference", "ExpectedRecord", "NeededRecords", "Oracle", "SeveraDocuments", "build_oracle", "compare"]

SWEDEN = ("Sverige", "SE", "Sweden", "SWE")


def customer_fields(documents: SeveraDocuments, customer: Wire) -> dict[str, Expected]:
    """The customer card (semantics §4.1)."""
    address = documents.of["addresses"].get(customer["headquarterAddress"]["guid"], {})
    lines = [one_line(line) for line in str(address.get("addressline") or "").splitlines() if line.strip()]
    country = one_line((address.get("country") or {}).get("name"))
    code = "SE" if country in SWEDEN else documents.code_of_country.get(country, "")
    language = (customer.get("language") or {}).get("code")
    currency = (customer.get("currency") or {}).get("code", "")
    terms = customer.get("paymentTerm")
    return {
        "NUMBER": str(customer["number"]),
        "NAME": one_line(customer["name"]),
        "MAILING_ADDRESS": lines[0] if lines else "",
        "MAILING_ADDRESS2": ", ".join(lines[1:]),
        "ZIPCODE": one_line(address.get("postalCode")),
        "CITY": one_line(address.get("city")),
        "COUNTRY": country,
        "CODE_OF_COUNTRY": code,
        "TELEPHONE": one_line(address.get("phone")),
        "FAX": one_line(address.get("fax")),
        "EMAIL": one_line(customer.get("email")),
        "CODE_OF_CURRENCY": "" if currency == "SEK" else currency,
        "CODE_OF_LANGUAGE": documents.mapped("mappings.languages", language),
        "CODE_OF_TERMS_OF_PAYMENT": documents.mapped("mappings.payment_terms", terms),
        "PRICE_LIST": documents.mapped("mappings.price_lists", (customer.get("pricelist") or {}).get("name")),
        **identity_fields(
            one_line(customer.get("vatNumber")), code, reverse_charge=customer["guid"] in documents.reverse_charge
        ),
    }


def identity_fields(identity: str, country: str, *, reverse_charge: bool) -> dict[str, Expected]:
    """Which field the customer's identity goes to, and the export flag (semantics §3.4, §4.1b)."""
    digits = identity.upper().removeprefix("SE").replace("-", "").replace(" ", "")
    if len(digits) == 12 and digits.endswith("01"):
        digits = digits[:10]
    swedish = country in ("SE", "") and is_organisation_number(digits)
    to_vat_field = reverse_charge or (bool(identity) and not swedish)
    return {
        "EXPORT": reverse_charge,
        "VAT_NUMBER": identity if to_vat_field else "",
        "ORGANISATION_NUMBER": f"{digits[:6]}-{digits[6:]}" if swedish and not reverse_charge else "",
    }


def contact_fields(documents: SeveraDocuments, contact: Wire) -> dict[str, Expected]:
    """The contact (semantics §4.1d-f); ways of communication that are forbidden to use do not count."""
    ways: dict[str, str] = {}
    for each in documents.ways_of.get(contact["guid"], ()):
        if not each["isForbiddenToUse"]:
            ways.setdefault(each["communicationType"]["type"], one_line(each["value"]))
    customer = documents.of["customers"][contact["customer"]["guid"]]
    return {
        "NAME": one_line(f"{contact['firstName']} {contact['lastName']}"),
        "CUSTOMER_NUMBER": str(customer["number"]),
        "TELEPHONE": ways.get("Phone", ""),
        "MOBILEPHONE": ways.get("MobilePhone", ""),
        "EMAIL": ways.get("EmailAddress", ""),
        "TITLE": one_line(contact.get("jobTitle")),
    }


def project_fields(documents: SeveraDocuments, project: Wire) -> dict[str, Expected]:
    """The project (semantics §4.2)."""
    customer = documents.of["customers"][project["customer"]["guid"]]
    start = project.get("startDate") or project["createdDateTime"][:10]
    deadline = project.get("deadline")
    return {
        "CODE_OF_PROJECT": documents.project_code(project["number"]),
        "NAME": cut_at_word(one_line(project["name"]), length("PROJECT", "NAME")),
        "DATE_OF_BEGINNING": date.fromisoformat(start),
        "DATE_OF_END": date.fromisoformat(deadline) if deadline else OPEN_END,
        "CUSTOMER_NUMBER": str(customer["number"]),
        "CUSTOMER_NAME": one_line(customer["name"]),
    }


def article_fields(documents: SeveraDocuments, article: Wire) -> dict[str, Expected]:
    """The article (semantics §4.8). A unit without mapping is left to Administration: it is not compared."""
    unit = unit_code(documents, article.get("measurementUnit"))
    return {
        "NUMBER": one_line(article["code"]),
        "NAME": cut_at_word(one_line(article["name"]), length("ARTICLE", "NAME")),
        "GROUP": str(documents.settings["articles.group"]),
        "ACCOUNTING_CODE": str(documents.settings["articles.accounting_code"]),
        **({"UNIT_CODE": unit} if unit else {}),
    }


@dataclass(frozen=True)
class AdministrationBefore:
    """What Administration had before the transfers: keys by table, the next number of its invoice series, and the
    unit that its register has the rate of a currency for."""

    keys: Mapping[str, frozenset[tuple[str, ...]]]
    next_invoice_number: int
    currency_units: Mapping[str, int] = field(default_factory=dict)


def build_oracle(
    collections: Mapping[str, Iterable[Wire]],
    settings: Mapping[str, Any],
    before: AdministrationBefore,
    *,
    refused: Collection[str] = (),
) -> Oracle:
    """The oracle of a practice company. ``refused``: guids of Severa documents that must not be transferred."""
    documents = SeveraDocuments(collections, settings)
    won = [each for each in documents.won_projects if each["guid"] not in refused]
    owners = {each["customer"]["guid"] for each in documents.won_projects} - set(refused)
    customers = tuple(
        ExpectedRecord("CUSTOMER", each["guid"], ("NUMBER",), customer_fields(documents, each))
        for each in documents.of["customers"].values()
        if each["guid"] in owners
    )
    contacts = tuple(
        ExpectedRecord("CONTACT", each["guid"], ("CUSTOMER_NUMBER", "NAME"), contact_fields(documents, each))
        for each in documents.of["contactpersons"].values()
        if each["isActive"] and each["customer"]["guid"] in owners
    )
    projects = tuple(
        ExpectedRecord("PROJECT", each["guid"], ("CODE_OF_PROJECT",), project_fields(documents, each)) for each in won
    )
    articles = _articles(documents)
    waiting = _waiting_invoices(documents, refused)
    invoices, after = _numbered(documents, waiting, before)
    return Oracle(
        customers,
        contacts,
        projects,
        articles,
        invoices,
        _needed(documents, waiting, customers, projects, articles, before),
        after,
        tuple(guid for guid in documents.of["invoices"] if guid not in after),
        before.keys,
    )


def _articles(documents: SeveraDocuments) -> tuple[ExpectedRecord, ...]:
    """Active products, work types, travel types with a code; the first of a shared code gives the name (§4.8)."""
    first: dict[str, ExpectedRecord] = {}
    for name in ("products", "worktypes", "travelexpensetypes"):
        for each in documents.of[name].values():
            code = one_line(each.get("code"))
            if each["isActive"] and 0 < len(code) <= length("ARTICLE", "NUMBER") and code not in first:
                first[code] = ExpectedRecord("ARTICLE", each["guid"], ("NUMBER",), article_fields(documents, each))
    return tuple(first.values())


def _waiting_invoices(documents: SeveraDocuments, refused: Collection[str]) -> list[Wire]:
    statuses = documents.settings["invoices.statuses"]
    return in_transfer_order(
        each
        for each in documents.of["invoices"].values()
        if each["status"]["name"] in statuses and each["guid"] not in refused
    )


def _numbered(
    documents: SeveraDocuments, waiting: list[Wire], before: AdministrationBefore
) -> tuple[tuple[ExpectedRecord, ...], dict[str, dict[str, object]]]:
    next_number = before.next_invoice_number
    records: list[ExpectedRecord] = []
    after: dict[str, dict[str, object]] = {}
    numbers: dict[str, int] = {}
    for invoice in waiting:
        number, reference = invoice["number"], invoice.get("referenceNumber")
        if documents.settings["numbering.master"] == "administration":
            number, next_number = next_number, next_number + 1
            reference = ocr_number(number)
        numbers[invoice["guid"]] = number
        original = _original_number(documents, invoice, numbers, before)
        given = InvoiceNumbers(number, reference or ocr_number(number), original)
        records.append(invoice_record(documents, invoice, given, before.currency_units))
        status = _status_after(documents, invoice)
        after[invoice["guid"]] = {"status": status, "number": number, "referenceNumber": reference}
    return tuple(records), after


def _original_number(
    documents: SeveraDocuments, invoice: Wire, numbers: Mapping[str, int], before: AdministrationBefore
) -> int | None:
    """The original's number in Administration: given now, or it lay there before by Severa's number (AT-41)."""
    if not invoice["isCreditNote"]:
        return None
    guid = original_of(invoice)
    if guid is None:
        raise ValueError(f"credit note {invoice['guid']} cannot be transferred: it credits nothing")
    if guid in numbers:
        return numbers[guid]
    number = documents.of["invoices"][guid]["number"]
    if (str(number),) not in before.keys.get("INVOICE_HEAD", frozenset()):
        raise ValueError(f"credit note {invoice['guid']} cannot be transferred: {number} is not in Administration")
    return int(number)


def _status_after(documents: SeveraDocuments, invoice: Wire) -> str:
    """The status chosen for credit notes when there is one, else that of the invoices (semantics §4.5)."""
    own = documents.settings.get("invoices.credit_status_after") if invoice["isCreditNote"] else None
    wanted = own or documents.settings["invoices.status_after"]
    return next(guid for guid, each in documents.of["invoicestatuses"].items() if each["name"] == wanted)


def _needed(
    documents: SeveraDocuments,
    waiting: list[Wire],
    customers: tuple[ExpectedRecord, ...],
    projects: tuple[ExpectedRecord, ...],
    articles: tuple[ExpectedRecord, ...],
    before: AdministrationBefore,
) -> NeededRecords:
    """What the invoices of the month refer to and Administration did not have (semantics §4.7)."""
    used_customers = {each["customer"]["guid"] for each in waiting}
    used_projects: set[str] = set()
    used_codes: set[str] = set()
    for invoice in waiting:
        for row in documents.rows[invoice["guid"]]:
            project = row_project(documents, invoice, row)
            used_projects |= {project["guid"]} if project else set()
            used_codes |= {str(code).strip() for code in row["code"]}

    def missing(records: tuple[ExpectedRecord, ...], used: Collection[str], name: str) -> tuple[ExpectedRecord, ...]:
        here = [each for each in records if (each.fields[name] if name == "NUMBER" else each.source) in used]
        return tuple(
            each for each in here if (str(each.fields[each.key[0]]),) not in before.keys.get(each.table, frozenset())
        )

    return NeededRecords(
        missing(customers, used_customers, "guid"),
        missing(projects, used_projects, "guid"),
        missing(articles, used_codes, "NUMBER"),
    )
