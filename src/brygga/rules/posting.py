"""Kontering: which ledger accounts an invoice is posted to, before it is sent (spec/product.md, "Kontering before
sending"). The accounts are chosen as Administration chooses them: the row's own, else its article's accounting code,
else the company's default (contracts/adk.md §2.4; semantics §4.13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from brygga.records.base import Record
from brygga.records.posting_accounts import AccountingCode, PostingAccounts
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from brygga.rules.amounts import VatRounding, row_total, vat_by_rate
from brygga.rules.credit import CREDIT_NOTE
from brygga.rules.currency import in_base_currency
from brygga.rules.vat import NO_VAT

NO_CODE = AccountingCode()


class PostingLine(Record, frozen=True):
    """One line of a posting: debit positive, credit negative, in the company's own currency; ``account`` is empty when
    neither row, article nor company names one (the invoice journal then stops at it)."""

    account: str
    amount: Decimal
    profit_centre: str = ""
    project: str = ""


def posting(
    document: InvoiceDocument,
    ledger: PostingAccounts,
    accounting_code_of: Mapping[str, str],
    *,
    vat_rates: Sequence[Decimal],
    vat_rounding: VatRounding = "document",
    eu_trade: bool = False,
) -> tuple[PostingLine, ...]:
    """The lines of one document: claims, income by row, output VAT by rate, rounding. They add up to zero.

    ``accounting_code_of``: accounting code by article number; ``vat_rates``: percent of VAT codes 1, 2, 3…;
    ``eu_trade``: whether an export document is to a customer in the EU. A credit note is posted the other way round.
    """
    sign = -1 if document.type == CREDIT_NOTE else 1
    priced = [row for row in document.rows if row.kind is RowKind.PRICED]
    lines = [
        PostingLine(ledger.claims_of.get(document.customer_number, ledger.claims), _base(document, document.total))
    ]
    for row in priced:
        code = ledger.codes.get(accounting_code_of.get(row.article, ""), NO_CODE)
        lines.append(
            PostingLine(
                account=row.account or income_account(document, code, ledger, eu_trade=eu_trade),
                amount=-_base(document, row_total(row.quantity, row.price)),
                profit_centre=row.profit_centre or code.profit_centre or document.profit_centre,
                project=row.project or code.project or document.project,
            )
        )
    for vat_code, amount in _vat(priced, vat_rates, vat_rounding).items():
        lines.append(PostingLine(ledger.vat[int(vat_code) - 1], -_base(document, amount)))
    # Rounding to kronor, and in foreign currency the öre that each line loses when it is converted (§3.5, §4.6).
    left = -sum((line.amount for line in lines), Decimal(0))
    lines.append(PostingLine(ledger.rounding, left))
    return tuple(PostingLine(e.account, sign * e.amount, e.profit_centre, e.project) for e in lines if e.amount)


def _base(document: InvoiceDocument, amount: Decimal) -> Decimal:
    if document.rate is None or document.unit is None:
        return amount
    return in_base_currency(amount, document.rate, document.unit)


def income_account(document: InvoiceDocument, code: AccountingCode, ledger: PostingAccounts, *, eu_trade: bool) -> str:
    """The sales account of a row that names none: its article's, else the company's default for the kind of sale."""
    if document.buildservice:
        return code.buildservice or ledger.sales
    if document.export and eu_trade:
        return code.eu or ledger.eu
    if document.export:
        return code.export or ledger.export
    return code.sales or ledger.sales


def _vat(rows: Iterable[DocumentRow], rates: Sequence[Decimal], rounding: VatRounding) -> dict[str, Decimal]:
    """VAT by VAT code, in the order of the codes."""
    taxed: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for row in rows:
        if row.vat_code not in ("", NO_VAT):
            rate = rates[int(row.vat_code) - 1]
            taxed.setdefault(row.vat_code, []).append((row_total(row.quantity, row.price), rate))
    return {
        code: sum((part.vat for part in vat_by_rate(taxed[code], per=rounding).values()), Decimal(0))
        for code in sorted(taxed)
    }


def summed(lines: Iterable[PostingLine]) -> tuple[PostingLine, ...]:
    """Lines of one account, profit centre and project as one, by account; debit and credit stay apart, as they do in
    Administration's own invoice journals."""
    sums: dict[tuple[str, str, str, bool], Decimal] = {}
    for line in lines:
        key = (line.account, line.profit_centre, line.project, line.amount < 0)
        sums[key] = sums.get(key, Decimal(0)) + line.amount
    return tuple(
        PostingLine(account, amount, profit_centre, project)
        for (account, profit_centre, project, _), amount in sorted(sums.items())
    )
