"""The document that a Severa invoice becomes in Administration (semantics §4.4, §4.6, §4.13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Invoice, InvoiceRow
from brygga.records.target import CustomerCard, DocumentRow, InvoiceDocument, RowKind
from brygga.rules.amounts import Totals, price_for_field, rounding_row, row_total, totals
from brygga.rules.credit import credit_quantity, document_type
from brygga.rules.currency import adk_rate, rate_reasons
from brygga.rules.mappings import mapped
from brygga.rules.numbering import ocr
from brygga.rules.text import wrap
from brygga.rules.units import unit_code
from brygga.rules.vat import codes_on, plain, vat_code
from brygga.transfers.fields import Texts
from brygga.transfers.lookup import remark_key
from brygga.transfers.readings import Readings


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
    card: CustomerCard | None = None
    """The customer's card, there or to be created."""
    original_number: int | None = None
    """Number in Administration of the invoice that a credit note credits, when it is known."""


class DocumentCurrency(Record, frozen=True):
    """Currency, rate and unit of the document; empty for the base currency, whose rate is not sent (§4.6)."""

    currency: str = ""
    rate: Decimal | None = None
    unit: int | None = None


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
    money = _currency(readings, invoice, draft)
    expected = _expected_totals(readings, invoice, draft, to_kronor=not money.currency)
    payment_terms = _payment_terms(readings, invoice, draft)
    construction = _is_construction(readings, invoice, found.card)
    document = InvoiceDocument(
        number=invoice.number if preferences.numbering_master == "severa" else None,
        type=document_type(is_credit_note=invoice.is_credit_note),
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
        export=invoice.reverse_charge and not construction,
        buildservice=construction,
        eu_trade=invoice.reverse_charge and not construction and _is_eu_trade(readings, found.card),
        project=_head_project(invoice, found, preferences.invoices_project_on),
        currency=money.currency,
        rate=money.rate,
        unit=money.unit,
        original_number=found.original_number,
        rows=tuple(draft.rows),
    )
    return document, (*draft.reasons, *texts.reasons)


def _is_eu_trade(readings: Readings, card: CustomerCard | None) -> bool:
    """Only the rule by country knows of it; the simple one leaves it to Administration's customer (§3.3)."""
    by_country = readings.preferences.customers_reverse_charge_rule == "by_country"
    return by_country and card is not None and card.eu_customer


def signed(readings: Readings, invoice: Invoice, value: Decimal) -> Decimal:
    """An amount or quantity of the invoice as Administration has it: credited amounts are positive there (§4.5)."""
    if not invoice.is_credit_note:
        return value
    return credit_quantity(value, stored_negative=readings.preferences.severa_credit_rows == "negative")


def _currency(readings: Readings, invoice: Invoice, draft: Draft) -> DocumentCurrency:
    """The rate per the register's unit, rounded once and last to six decimals (§4.6)."""
    base, direction = readings.info.currency, readings.preferences.invoices_rate_direction
    code = mapped(readings.preferences.mappings_currencies, invoice.currency) or invoice.currency
    register = next((each for each in readings.info.currencies if each.code == code), None)
    reasons = rate_reasons(invoice.currency, invoice.currency_rate, register, base=base, direction=direction)
    draft.reasons.extend(reasons)
    if invoice.currency == base or register is None or any(why.level is Level.STOP for why in reasons):
        return DocumentCurrency()
    rate = adk_rate(invoice.currency_rate, register.unit, direction=direction)
    return DocumentCurrency(currency=code, rate=rate, unit=register.unit)


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


def _is_construction(readings: Readings, invoice: Invoice, card: CustomerCard | None) -> bool:
    """Reverse charge of a construction service in Sweden: a flag of its own, under the country rule (§3.3)."""
    by_country = readings.preferences.customers_reverse_charge_rule == "by_country"
    return by_country and invoice.reverse_charge and card is not None and card.buildservice


def _payment_terms(readings: Readings, invoice: Invoice, draft: Draft) -> str:
    if invoice.payment_days is None:
        return ""
    days = str(invoice.payment_days)
    code = mapped(readings.preferences.mappings_payment_terms, days)
    if not code:
        draft.reasons.append(reason("BTV-853", Level.WARNING, days=days))
    return code


def _add_row(readings: Readings, invoice: Invoice, row: InvoiceRow, found: Found, draft: Draft, texts: Texts) -> None:
    """One priced row with the beginning of its text, then text rows with the rest (§4.4)."""
    lengths, preferences = readings.capabilities.lengths, readings.preferences
    rates = codes_on(preferences.mappings_vat, invoice.date)
    code, reasons = vat_code(row.vat_rate, rates, reverse_charged=invoice.reverse_charge)
    draft.reasons.extend(reasons)
    if invoice.reverse_charge and row.vat_rate:
        # Administration takes no VAT on such an invoice (505), and leaving it out would change the total.
        draft.reasons.append(reason("FAK-354", name=row_name(row), rate=plain(row.vat_rate)))
    unit, reasons = unit_code(row.unit, preferences.mappings_units, readings.info.units, lengths.unit)
    draft.reasons.extend(reasons)
    quantity = signed(readings, invoice, row.quantity)
    total = row_total(quantity, row.unit_price)
    quantity, price, unit, extra = _priced(readings, row, quantity, total, unit)
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
            account=_account(readings, invoice, row, draft),
            profit_centre=found.profit_centres.get(row.key, ""),
            project=found.projects.get(row.project_key, "") if on_rows else "",
        )
    )
    draft.text((*lines[1:], *wrap(texts.clean(extra), lengths.row_text)))
    rate = Decimal(0) if code == "0" else row.vat_rate or Decimal(0)
    draft.amounts.append((total, rate))


def _account(readings: Readings, invoice: Invoice, row: InvoiceRow, draft: Draft) -> str:
    """The ledger account of the row: the article decides it, or by setting Severa's sales account, which the chart of
    accounts of the invoice's booking year must have (§4.13)."""
    if not readings.preferences.invoices_account_from_severa or not row.sales_account.strip():
        return ""
    account, chart = row.sales_account.strip(), readings.posting_accounts.chart(invoice.date)
    if chart is not None and account not in chart.accounts:
        draft.reasons.append(reason("FAK-350", account=account, name=row_name(row), date=invoice.date))
        return ""
    return account


def row_name(row: InvoiceRow) -> str:
    """What a row is called in a message: the beginning of its text, else its kind."""
    lines = row.description.strip().splitlines()
    return lines[0][:60] if lines else row.kind


def _priced(
    readings: Readings, row: InvoiceRow, quantity: Decimal, total: Decimal, unit: str
) -> tuple[Decimal, Decimal, str, str]:
    """Quantity, price and unit as the fields take them, and the text row that keeps what they cannot (§4.13)."""
    info = readings.info
    fit = price_for_field(quantity, row.unit_price, info.price_decimals)
    if fit.price is not None and _decimals(quantity) <= info.quantity_decimals:
        return quantity, fit.price, unit, ""
    kept = f"{_plain(quantity)} {row.unit} à {_plain(row.unit_price)}"
    return Decimal(1), total, "", " ".join(kept.split())


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _expected_totals(readings: Readings, invoice: Invoice, draft: Draft, *, to_kronor: bool) -> Totals:
    """What Administration will compute; a difference to Severa within the tolerance goes on a rounding row (§4.6)."""
    preferences = readings.preferences
    to_kronor = to_kronor and preferences.invoices_round_to_kronor
    expected = totals(draft.amounts, rounding=preferences.invoices_vat_rounding, to_kronor=to_kronor)
    gross = signed(readings, invoice, invoice.gross)
    difference, reasons = rounding_row(expected.gross, gross, len(draft.amounts))
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
    return totals(draft.amounts, rounding=preferences.invoices_vat_rounding, to_kronor=to_kronor)
