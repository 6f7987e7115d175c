"""The oracle: what Administration and Severa must hold after the transfers, worked out from the Severa documents.

Made from the specification (semantics §3.5, §4.0-4.8) with the practice company's own arithmetic and text rules, never
from the program's: agreement of both is a proof, not an echo. It covers ordinary invoices in kronor.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from brygga.practice.administration_base import OPEN_END, field_named, table_named
from brygga.practice.arithmetic import invoice_totals, is_organisation_number, ocr_number, row_total
from brygga.practice.oracle_records import (
    Difference,
    Expected,
    ExpectedRecord,
    NeededRecords,
    Oracle,
    compare,
)
from brygga.practice.oracle_text import cut_at_word, one_line, wrapped

__all__ = ["Difference", "ExpectedRecord", "NeededRecords", "Oracle", "SeveraDocuments", "build_oracle", "compare"]

SWEDEN = ("Sverige", "SE", "Sweden", "SWE")
Wire = Mapping[str, Any]


def length(table: str, name: str) -> int:
    """The longest text that Administration's field takes."""
    return field_named(table_named(table), name).length


class SeveraDocuments:
    """The Severa collections by guid, with the look-ups that the oracle needs."""

    def __init__(self, collections: Mapping[str, Iterable[Wire]], settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.of = {name: {str(each.get("guid")): each for each in held} for name, held in collections.items()}
        self.code_of_country = {each["name"]: str(each["code2"]) for each in self.of["countries"].values()}
        won_types = {guid for guid, each in self.of["salesstatustypes"].items() if each["salesState"] == "Won"}
        self.ways_of: dict[str, list[Wire]] = {}
        for way in self.of["contactcommunications"].values():
            self.ways_of.setdefault(way["contact"]["guid"], []).append(way)
        self.won_projects = [
            each for each in self.of["projects"].values() if each["salesStatus"]["salesStatusTypeGuid"] in won_types
        ]
        self.rows: dict[str, list[Wire]] = {}
        for row in self.of["invoicerows"].values():
            self.rows.setdefault(row["invoiceGuid"], []).append(row)
        self.projects_behind: dict[str, set[str]] = {}
        for name in ("workhours", "projectfees", "projecttravelexpenses"):
            for entry in self.of.get(name, {}).values():
                behind = self.projects_behind.setdefault(entry["invoiceRowGuid"], set())
                behind.add(entry["project"]["guid"])
        sweden = next(guid for guid, each in self.of["countries"].items() if each["code2"] == "SE")
        self.reverse_charge = {
            row["customer"]["guid"]
            for row in self.of["customercountrysettings"].values()
            if row["country"]["guid"] == sweden and row["isTaxFree"]
        }

    def mapped(self, setting: str, key: object) -> str:
        """The Administration code that a mapping of the settings gives; empty when it has none."""
        return str(self.settings[setting].get(str(key), ""))

    def project_code(self, number: object) -> str:
        """The project's code in Administration: coupled by the settings, else Severa's number."""
        return self.mapped("projects.code_map", number) or str(number)


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


def unit_code(documents: SeveraDocuments, unit: str | None) -> str:
    """Administration's unit of Severa's free text: trimmed, case does not matter (semantics §4.4, AT-34)."""
    return documents.mapped("mappings.units", (unit or "").strip().lower())


def row_fields(documents: SeveraDocuments, invoice: Wire, row: Wire) -> list[dict[str, Expected]]:
    """A Severa row as Administration's rows: the priced row, then text rows with the rest of its text."""
    project = row_project(documents, invoice, row)
    texts = wrapped(row.get("description")) or [""]
    quantity, price = row["quantity"], row["unitPrice"]["amount"]
    (code,) = {str(each).strip() for each in row["code"]}
    priced: dict[str, Expected] = {
        "ARTICLE_NUMBER": code,
        "TEXT": texts[0],
        "QUANTITY1": Decimal(quantity),
        "QUANTITY2": Decimal(quantity),
        "PRICE_EACH_CURRENT_CURRENCY": Decimal(price),
        "AMOUNT_CURRENT_CURRENCY": row_total(Decimal(quantity), Decimal(price)),
        "UNIT": unit_code(documents, row.get("measurementUnit")),
        "VAT_CODE": documents.mapped("mappings.vat", f"{row['vatRate'].normalize():f}"),
        "PROFIT_CENTRE": profit_centre(documents, row, project),
        "PROJECT": documents.project_code(project["number"]) if project else "",
    }
    return [priced, *(text_row(text) for text in texts[1:])]


def text_row(text: str) -> dict[str, Expected]:
    """A row of text only."""
    return {"ARTICLE_NUMBER": "", "TEXT": text, "AMOUNT_CURRENT_CURRENCY": Decimal(0)}


def row_project(documents: SeveraDocuments, invoice: Wire, row: Wire) -> Wire | None:
    """The project of a row: the invoice's only one, else the one behind the row's entries (semantics §4.4)."""
    guids = {each["guid"] for each in invoice["projects"]}
    if len(guids) > 1:
        guids = documents.projects_behind.get(row["guid"], set())
    return documents.of["projects"][next(iter(guids))] if len(guids) == 1 else None


def profit_centre(documents: SeveraDocuments, row: Wire, project: Wire | None) -> str:
    """The row's cost centre, else the project's, else that of the project's business unit (semantics §4.4)."""
    if row.get("costCenter"):
        return str(row["costCenter"]["number"])
    if project is None:
        return ""
    if project.get("costCenter"):
        return str(project["costCenter"]["identifier"])
    unit = documents.of["businessunits"][project["businessUnit"]["guid"]]
    return str((unit.get("costCenter") or {}).get("identifier", ""))


def invoice_record(documents: SeveraDocuments, invoice: Wire, number: int, reference: str) -> ExpectedRecord:
    """The invoice head with its rows (semantics §4.4, §4.6); ``number`` and ``reference`` as they must become."""
    rows = sorted(documents.rows[invoice["guid"]], key=lambda row: int(row["sortOrder"]))
    order_number = one_line(invoice.get("orderNumber"))
    room = length("INVOICE_HEAD", "CUSTOMER_ORDER_NUMBER")
    texts_before = wrapped(order_number) if len(order_number) > room else []
    texts_before += wrapped((invoice.get("freeText1") or {}).get("plainText"))
    texts_after = wrapped((invoice.get("freeText2") or {}).get("plainText"))
    expected_rows = [text_row(text) for text in texts_before]
    for row in rows:
        expected_rows += row_fields(documents, invoice, row)
    expected_rows += [text_row(text) for text in texts_after]
    projects = {str(row["PROJECT"]) for row in expected_rows if row.get("PROJECT")}
    figures = [(Decimal(row["quantity"]), Decimal(row["unitPrice"]["amount"]), row["vatRate"]) for row in rows]
    totals = invoice_totals(figures, whole_kronor=documents.settings["invoices.round_to_kronor"])
    remark = f"SEVERA:{invoice['guid']} {one_line(invoice.get('notes'))}".strip()
    fields: dict[str, Expected] = {
        "DOCUMENT_NUMBER": Decimal(number),
        "TYPE_OF_INVOICE": "F",
        "DOCUMENT_DATE1": date.fromisoformat(invoice["date"]),
        "DOCUMENT_DATE2": date.fromisoformat(invoice["dueDate"]),
        "CUSTOMER_NUMBER": str(documents.of["customers"][invoice["customer"]["guid"]]["number"]),
        "CUSTOMER_REFERENCE_NAME": _cut(one_line(invoice.get("yourReference")), "CUSTOMER_REFERENCE_NAME"),
        "OUR_REFERENCE_NAME": _cut(one_line(invoice.get("ourReference")), "OUR_REFERENCE_NAME"),
        "CUSTOMER_ORDER_NUMBER": order_number[:room],
        "CODE_OF_TERMS_OF_PAYMENT": documents.mapped("mappings.payment_terms", invoice["paymentTerm"]),
        "OCR_NUMBER": reference,
        "LOCAL_REMARK": _cut(remark, "LOCAL_REMARK"),
        "PROJECT_CODE": next(iter(projects)) if len(projects) == 1 else "",
        "EXPORT": bool(documents.of["invoicesettings"][invoice["guid"]]["isReverseCharged"]),
        "INCLUDING_VAT": False,
        "EXCLUDING_OF_VAT": totals.net,
        "VAT_AMOUNT": totals.vat,
        "ROUND_OFF": totals.round_off,
        "TOTAL_AMOUNT": totals.to_pay,
    }
    return ExpectedRecord("INVOICE_HEAD", invoice["guid"], ("DOCUMENT_NUMBER",), fields, tuple(expected_rows))


def _cut(text: str, field: str) -> str:
    return text[: length("INVOICE_HEAD", field)].rstrip()


@dataclass(frozen=True)
class AdministrationBefore:
    """What Administration had before the transfers: keys by table, and the next number of its invoice series."""

    keys: Mapping[str, frozenset[tuple[str, ...]]]
    next_invoice_number: int


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
    invoices, after = _numbered(documents, waiting, before.next_invoice_number)
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
    found = [
        each
        for each in documents.of["invoices"].values()
        if each["status"]["name"] in statuses and each["guid"] not in refused
    ]
    return sorted(found, key=lambda each: (each["date"], each["number"] is None, each["number"] or 0, each["guid"]))


def _numbered(
    documents: SeveraDocuments, waiting: list[Wire], next_number: int
) -> tuple[tuple[ExpectedRecord, ...], dict[str, dict[str, object]]]:
    transferred = documents.settings["invoices.status_after"]
    status = next(guid for guid, each in documents.of["invoicestatuses"].items() if each["name"] == transferred)
    records: list[ExpectedRecord] = []
    after: dict[str, dict[str, object]] = {}
    for invoice in waiting:
        number, reference = invoice["number"], invoice.get("referenceNumber")
        if documents.settings["numbering.master"] == "administration":
            number, next_number = next_number, next_number + 1
            reference = ocr_number(number)
        records.append(invoice_record(documents, invoice, number, reference or ocr_number(number)))
        after[invoice["guid"]] = {"status": status, "number": number, "referenceNumber": reference}
    return tuple(records), after


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
