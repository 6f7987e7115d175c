"""What an invoice or credit note must be in Administration (semantics §4.4-4.6, §4.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brygga.practice.arithmetic import (
    InvoiceTotals,
    adk_rate,
    half_up,
    invoice_totals,
    rounding_tolerance,
    row_total,
)
from brygga.practice.oracle_documents import SeveraDocuments, Wire, length, unit_code
from brygga.practice.oracle_records import Expected, ExpectedRecord, Mentions
from brygga.practice.oracle_text import one_line, wrapped

BASE_CURRENCY = "SEK"
ROUNDING_ACCOUNT = "3740"


@dataclass(frozen=True)
class InvoiceNumbers:
    """Number and payment reference as they must become, and the original's number in Administration."""

    own: int
    reference: str
    original: int | None = None


def row_fields(documents: SeveraDocuments, invoice: Wire, row: Wire) -> list[dict[str, Expected]]:
    """A Severa row as Administration's rows: the priced row, then text rows with the rest of its text."""
    project = row_project(documents, invoice, row)
    texts = wrapped(row.get("description")) or [""]
    quantity = sign(invoice) * Decimal(row["quantity"])
    total, price = row_total(quantity, Decimal(row["unitPrice"]["amount"])), Decimal(row["unitPrice"]["amount"])
    unit, kept = unit_code(documents, row.get("measurementUnit")), list[dict[str, Expected]]()
    if row_total(quantity, half_up(price)) == total:
        price = half_up(price)
    else:
        # The price field takes two decimals: quantity, unit and price go to a text row (semantics §4.13).
        kept = [text_row(Mentions((_plain(quantity), _plain(price))))]
        quantity, price, unit = Decimal(1), total, ""
    (code,) = {str(each).strip() for each in row["code"]}
    priced: dict[str, Expected] = {
        "ARTICLE_NUMBER": code,
        "TEXT": texts[0],
        "QUANTITY1": quantity,
        "QUANTITY2": quantity,
        "PRICE_EACH_CURRENT_CURRENCY": price,
        "AMOUNT_CURRENT_CURRENCY": total,
        "UNIT": unit,
        "VAT_CODE": documents.mapped("mappings.vat", f"{vat_rate(row).normalize():f}"),
        "PROFIT_CENTRE": profit_centre(documents, row, project),
        "PROJECT": documents.project_code(project["number"]) if project else "",
    }
    return [priced, *(text_row(text) for text in texts[1:]), *kept]


def sign(invoice: Wire) -> int:
    """Administration has what a credit note credits as positive figures, Severa as negative ones (semantics §4.5)."""
    return -1 if invoice["isCreditNote"] else 1


def vat_rate(row: Wire) -> Decimal:
    """The row's rate in percent; none at all is only transferred under reverse charge, as 0 (semantics §4.4)."""
    return Decimal(row["vatRate"] or 0)


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def text_row(text: str | Mentions) -> dict[str, Expected]:
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


def invoice_record(
    documents: SeveraDocuments, invoice: Wire, numbers: InvoiceNumbers, currency_units: Mapping[str, int]
) -> ExpectedRecord:
    """The invoice or credit note with its rows (semantics §4.4-4.6).

    ``currency_units``: how many of a currency Administration's register has the rate for.
    """
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
    totals, rounding = _totals(documents, invoice, rows)
    if rounding:
        expected_rows.append(_rounding_row(documents, rounding))
    remark = f"SEVERA:{invoice['guid']} {one_line(invoice.get('notes'))}".strip()
    fields: dict[str, Expected] = {
        "DOCUMENT_NUMBER": Decimal(numbers.own),
        "TYPE_OF_INVOICE": "K" if invoice["isCreditNote"] else "F",
        "DOCUMENT_DATE1": date.fromisoformat(invoice["date"]),
        "DOCUMENT_DATE2": date.fromisoformat(invoice["dueDate"]),
        "CUSTOMER_NUMBER": str(documents.of["customers"][invoice["customer"]["guid"]]["number"]),
        "CUSTOMER_REFERENCE_NAME": _cut(one_line(invoice.get("yourReference")), "CUSTOMER_REFERENCE_NAME"),
        "OUR_REFERENCE_NAME": _cut(one_line(invoice.get("ourReference")), "OUR_REFERENCE_NAME"),
        "CUSTOMER_ORDER_NUMBER": order_number[:room],
        "CODE_OF_TERMS_OF_PAYMENT": documents.mapped("mappings.payment_terms", invoice["paymentTerm"]),
        "OCR_NUMBER": numbers.reference,
        "LOCAL_REMARK": _cut(remark, "LOCAL_REMARK"),
        "PROJECT_CODE": next(iter(projects)) if len(projects) == 1 else "",
        "EXPORT": bool(documents.of["invoicesettings"][invoice["guid"]]["isReverseCharged"]),
        "INCLUDING_VAT": False,
        # Severa's amounts hold, not what the customer would get or pay in Administration.
        "INVOICE_DISCOUNT": Decimal(0),
        "CARGO_AMOUNT": Decimal(0),
        "DISPATCH_FEE": Decimal(0),
        "EXCLUDING_OF_VAT": totals.net,
        "VAT_AMOUNT": totals.vat,
        "ROUND_OFF": totals.round_off,
        "TOTAL_AMOUNT": totals.to_pay,
        **_currency_fields(invoice, currency_units),
        **({"NUMBER_OF_ORIGINAL_INVOICE": Decimal(numbers.original)} if numbers.original is not None else {}),
    }
    return ExpectedRecord("INVOICE_HEAD", invoice["guid"], ("DOCUMENT_NUMBER",), fields, tuple(expected_rows))


def _currency_fields(invoice: Wire, units: Mapping[str, int]) -> dict[str, Expected]:
    """Currency, rate and unit of a foreign invoice: the rate is SEK per unit, rounded once (semantics §4.6, AT-44)."""
    code = invoice["currency"]["code"]
    if code == BASE_CURRENCY:
        return {}
    unit = Decimal(units[code])
    rate = adk_rate(Decimal(invoice["currencyRate"]), unit)
    return {"CURRENCY_CODE": code, "CURRENCY_RATE": rate, "CURRENCY_UNIT": unit}


def _totals(documents: SeveraDocuments, invoice: Wire, rows: list[Wire]) -> tuple[InvoiceTotals, Decimal]:
    """The totals in Administration, and the amount of the rounding row that makes them Severa's (semantics §4.6)."""
    figures = [
        (sign(invoice) * Decimal(row["quantity"]), Decimal(row["unitPrice"]["amount"]), vat_rate(row)) for row in rows
    ]
    whole_kronor = documents.settings["invoices.round_to_kronor"] and invoice["currency"]["code"] == BASE_CURRENCY
    per_row = documents.settings["invoices.vat_rounding"] == "row"
    totals = invoice_totals(figures, whole_kronor=whole_kronor, vat_per_row=per_row)
    rounding = sign(invoice) * Decimal(invoice["totalIncludingTax"]["amount"]) - totals.gross
    if not rounding:
        return totals, rounding
    if abs(rounding) > rounding_tolerance(len(figures)):
        raise ValueError(f"invoice {invoice['guid']} cannot be transferred: its total is {rounding} from its rows'")
    figures.append((Decimal(1), rounding, Decimal(0)))
    return invoice_totals(figures, whole_kronor=whole_kronor, vat_per_row=per_row), rounding


def _rounding_row(documents: SeveraDocuments, amount: Decimal) -> dict[str, Expected]:
    """Its wording is not decided by the specification: only that there is one."""
    return {
        "ARTICLE_NUMBER": "",
        "TEXT": Mentions(("",)),
        "QUANTITY1": Decimal(1),
        "QUANTITY2": Decimal(1),
        "PRICE_EACH_CURRENT_CURRENCY": amount,
        "AMOUNT_CURRENT_CURRENCY": amount,
        "VAT_CODE": "0",
        "ACCOUNT_NUMBER": str(documents.settings.get("invoices.rounding_account", ROUNDING_ACCOUNT)),
    }


def _cut(text: str, field: str) -> str:
    return text[: length("INVOICE_HEAD", field)].rstrip()


def in_transfer_order(invoices: Iterable[Wire]) -> list[Wire]:
    """By date, number (none last) and guid, but a credit note after the invoice that it credits (semantics §4.5)."""

    def place(invoice: Wire) -> tuple[str, bool, int, str]:
        return invoice["date"], invoice["number"] is None, invoice["number"] or 0, invoice["guid"]

    waiting = sorted(invoices, key=place)
    ahead = {each["guid"] for each in waiting}
    ordered: list[Wire] = []
    while waiting:
        upcoming = next(each for each in waiting if original_of(each) not in ahead)
        waiting.remove(upcoming)
        ahead.remove(upcoming["guid"])
        ordered.append(upcoming)
    return ordered


def original_of(invoice: Wire) -> str | None:
    """The guid of what a credit note credits."""
    link = invoice.get("reimburseInvoice") if invoice["isCreditNote"] else None
    return str(link["guid"]) if link else None
