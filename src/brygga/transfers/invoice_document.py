"""The document that a Severa invoice becomes in Administration (semantics §4.4, §4.6, §4.13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Invoice, InvoiceRow
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from brygga.rules.amounts import Totals, price_for_field, rounding_row, row_total, totals
from brygga.rules.numbering import ocr
from brygga.rules.text import wrap
from brygga.rules.units import unit_code
from brygga.rules.vat import vat_code
from brygga.transfers.fields import Texts
from brygga.transfers.lookup import remark_key
from brygga.transfers.readings import Readings

INVOICE = "F"


@dataclass
class Found:
    """What was found in Administration for an invoice: numbers that its document refers to."""

    customer_number: str
    projects: dict[str, str]
    """Project code by Severa project key."""
    articles: dict[str, str]
    """Article number by Severa row key, empty when the row goes without an article."""
    profit_centres: dict[str, str]
    """Profit centre by Severa row key."""


@dataclass
class Draft:
    """The rows under construction with what Severa's totals are compared against."""

    rows: list[DocumentRow] = field(default_factory=list)
    amounts: list[tuple[Decimal, Decimal]] = field(default_factory=list)
    """Row total and VAT rate (percent) of each priced row."""
    reasons: list[Reason] = field(default_factory=list)

    def text(self, lines: tuple[str, ...]) -> None:
        """Add text rows."""
        self.rows.extend(DocumentRow(kind=RowKind.TEXT, text=line) for line in lines)


def invoice_document(readings: Readings, invoice: Invoice, found: Found) -> tuple[InvoiceDocument, tuple[Reason, ...]]:
    """The document with the totals expected in Administration, and every reason that refuses or accompanies it."""
    lengths, preferences = readings.capabilities.lengths, readings.preferences
    texts = Texts(str(invoice.number or ""))
    draft = Draft()
    width = lengths.row_text
    order_number = _order_number(invoice, texts, draft, lengths.order_number, width)
    draft.text(wrap(texts.clean(invoice.text_before), width))
    for row in invoice.rows:
        _add_row(readings, invoice, row, found, draft, texts)
    draft.text(wrap(texts.clean(invoice.text_after), width))
    expected = _expected_totals(readings, invoice, draft)
    payment_terms = _payment_terms(readings, invoice, draft)
    document = InvoiceDocument(
        number=invoice.number if preferences.numbering_master == "severa" else None,
        type=INVOICE,
        customer_number=found.customer_number,
        date=invoice.date,
        due_date=invoice.due_date,
        remark=_remark(invoice, texts, lengths.remark),
        net=expected.net,
        vat=expected.vat,
        round_off=expected.round_off,
        total=expected.to_pay,
        order_number=order_number,
        our_reference=texts.cut(
            "FAK-318", "our_reference", invoice.our_reference, lengths.our_reference, at_word=False
        ),
        your_reference=texts.cut(
            "FAK-318", "your_reference", invoice.your_reference, lengths.your_reference, at_word=False
        ),
        payment_terms=payment_terms,
        ocr=_ocr(invoice, preferences.numbering_master),
        export=invoice.reverse_charge,
        project=_head_project(invoice, found, preferences.invoices_project_on),
        rows=tuple(draft.rows),
    )
    return document, (*draft.reasons, *texts.reasons)


def _order_number(invoice: Invoice, texts: Texts, draft: Draft, length: int, width: int) -> str:
    """The order number for its field; a longer one stands whole in a text row as well, so nothing is lost (§4.4)."""
    whole = texts.clean(" ".join(invoice.order_number.split()))
    if len(whole) > length:
        draft.text(wrap(whole, width))
        draft.reasons.append(reason("FAK-317", Level.WARNING, nr=whole, max=length))
    return whole[:length]


def _remark(invoice: Invoice, texts: Texts, length: int) -> str:
    """Severa's key, then the internal notes as far as they fit; the key is never cut (§4.13)."""
    key = remark_key(invoice.key)
    notes = texts.clean(" ".join(invoice.notes.split()))
    if not notes:
        return key
    room = length - len(key) - 1
    if len(notes) > room:
        texts.reasons.append(reason("FAK-320", Level.WARNING, max=length))
        notes = notes[: max(room, 0)]
    return f"{key} {notes}".rstrip()


def _ocr(invoice: Invoice, master: str) -> str:
    """Under Severa master the reference that customers pay with, computed only when empty (§3.9)."""
    if master != "severa" or invoice.number is None:
        return ""
    return invoice.reference_number or ocr(invoice.number)


def _head_project(invoice: Invoice, found: Found, where: str) -> str:
    """The one project of the rows, empty when there are several (§4.4)."""
    if where not in ("head", "both"):
        return ""
    keys = {row.project_key for row in invoice.rows}
    return found.projects.get(keys.pop(), "") if len(keys) == 1 else ""


def _payment_terms(readings: Readings, invoice: Invoice, draft: Draft) -> str:
    if invoice.payment_days is None:
        return ""
    days = str(invoice.payment_days)
    code = readings.preferences.mappings_payment_terms.get(days, "")
    if not code:
        draft.reasons.append(reason("BTV-853", Level.WARNING, days=days))
    return code


def _add_row(readings: Readings, invoice: Invoice, row: InvoiceRow, found: Found, draft: Draft, texts: Texts) -> None:
    """One priced row with the beginning of its text, then text rows with the rest (§4.4)."""
    lengths, preferences = readings.capabilities.lengths, readings.preferences
    code, reasons = vat_code(row.vat_rate, preferences.mappings_vat, reverse_charged=invoice.reverse_charge)
    draft.reasons.extend(reasons)
    unit, reasons = unit_code(row.unit, preferences.mappings_units, readings.info.units, lengths.unit)
    draft.reasons.extend(reasons)
    total = row_total(row.quantity, row.unit_price)
    quantity, price, unit, extra = _priced(readings, row, total, unit)
    if extra:
        draft.reasons.append(reason("FAK-330", Level.WARNING, row=extra))
    lines = wrap(texts.clean(row.description), lengths.row_text)
    on_rows = preferences.invoices_project_on in ("rows", "both")
    draft.rows.append(
        DocumentRow(
            article=found.articles.get(row.key, ""),
            text=lines[0] if lines else "",
            quantity=quantity,
            price=price,
            unit=unit,
            vat_code=code,
            profit_centre=found.profit_centres.get(row.key, ""),
            project=found.projects.get(row.project_key, "") if on_rows else "",
        )
    )
    draft.text((*lines[1:], *((extra,) if extra else ())))
    rate = Decimal(0) if code == "0" else row.vat_rate or Decimal(0)
    draft.amounts.append((total, rate))


def _priced(readings: Readings, row: InvoiceRow, total: Decimal, unit: str) -> tuple[Decimal, Decimal, str, str]:
    """Quantity, price and unit as the fields take them, and the text row that keeps what they cannot (§4.13)."""
    info = readings.info
    fit = price_for_field(row.quantity, row.unit_price, info.price_decimals)
    if fit.price is not None and _decimals(row.quantity) <= info.quantity_decimals:
        return row.quantity, fit.price, unit, ""
    kept = f"{_plain(row.quantity)} {row.unit} à {_plain(row.unit_price)}"
    return Decimal(1), total, "", " ".join(kept.split())


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _expected_totals(readings: Readings, invoice: Invoice, draft: Draft) -> Totals:
    """What Administration will compute; a difference to Severa within the tolerance goes on a rounding row (§4.6)."""
    preferences = readings.preferences
    expected = _totals(readings, draft)
    difference, reasons = rounding_row(expected.gross, invoice.gross, len(draft.amounts))
    draft.reasons.extend(reasons)
    if not difference:
        return expected
    draft.rows.append(
        DocumentRow(
            text="Öresutjämning",
            quantity=Decimal(1),
            price=difference,
            vat_code="0",
            account=preferences.invoices_rounding_account,
        )
    )
    draft.amounts.append((difference, Decimal(0)))
    return _totals(readings, draft)


def _totals(readings: Readings, draft: Draft) -> Totals:
    preferences = readings.preferences
    return totals(
        draft.amounts, rounding=preferences.invoices_vat_rounding, to_kronor=preferences.invoices_round_to_kronor
    )
