"""Kontering as a pure rule: accounts, VAT, rounding and dimensions, always adding up to zero."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from brygga.records.posting_accounts import AccountingCode, PostingAccounts
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from brygga.rules.amounts import row_total, totals
from brygga.rules.posting import PostingLine, posting, summed

RATES = (Decimal(25), Decimal(12), Decimal(6), Decimal(0))
LEDGER = PostingAccounts(
    charts=(),
    codes={
        "TJ25": AccountingCode(sales="3041", export="3305", eu="3308", buildservice="3231"),
        "UTL": AccountingCode(sales="3590", profit_centre="STHLM", project="900"),
        "TOM": AccountingCode(),
    },
    claims="1510",
    vat=("2611", "2621", "2631", ""),
    sales="3001",
    export="3055",
    eu="3058",
    rounding="3740",
    claims_of={"2001": "1519"},
)
CODE_OF = {"100": "TJ25", "200": "UTL", "300": "TOM"}


def row(quantity: str, price: str, vat_code: str = "1", **more: Any) -> DocumentRow:
    values: dict[str, Any] = {
        "article": "100",
        "quantity": Decimal(quantity),
        "price": Decimal(price),
        "vat_code": vat_code,
    }
    return DocumentRow(**(values | more))


def document(*rows: DocumentRow, to_kronor: bool = True, **more: Any) -> InvoiceDocument:
    figures = [
        (row_total(each.quantity, each.price), RATES[int(each.vat_code) - 1] if each.vat_code != "0" else Decimal(0))
        for each in rows
        if each.kind is RowKind.PRICED
    ]
    expected = totals(figures, to_kronor=to_kronor)
    values: dict[str, Any] = {
        "number": 10234,
        "type": "F",
        "customer_number": "1001",
        "date": date(2026, 1, 31),
        "due_date": date(2026, 3, 2),
        "remark": "",
        "net": expected.net,
        "vat": expected.vat,
        "round_off": expected.round_off,
        "total": expected.to_pay,
        "rows": rows,
    }
    return InvoiceDocument(**(values | more))


def posted(invoice: InvoiceDocument, **more: Any) -> list[tuple[str, str, str, str]]:
    lines = posting(invoice, LEDGER, CODE_OF, vat_rates=RATES, **more)
    assert sum(line.amount for line in lines) == 0
    return [(e.account, str(e.amount), e.profit_centre, e.project) for e in lines]


def test_the_example_of_the_specification() -> None:
    """§3.8 and AT-54: 1510, 3041 with profit centre and project, 2611, 3740."""
    objects = {"profit_centre": "STHLM", "project": "1042"}
    rows = [row("37.5", "1250", **objects), row("12.25", "1395", **objects), row("1", "842.37", **objects)]
    lines = posting(document(*rows), LEDGER, CODE_OF, vat_rates=RATES)
    assert summed(lines) == (
        PostingLine("1510", Decimal("81008.00")),
        PostingLine("2611", Decimal("-16201.53")),
        PostingLine("3041", Decimal("-64806.12"), "STHLM", "1042"),
        PostingLine("3740", Decimal("-0.35")),
    )


def test_a_credit_note_is_posted_the_other_way_round() -> None:
    assert posted(document(row("10", "1250"), type="K")) == [
        ("1510", "-15625.00", "", ""),
        ("3041", "12500.00", "", ""),
        ("2611", "3125.00", "", ""),
    ]


def test_each_rate_has_its_vat_account_and_an_article_its_own_dimensions() -> None:
    """AT-56: mixed rates."""
    rows = [
        row("1", "48213.40"),
        row("1", "1785.71", "2"),
        row("1", "471.70", "3"),
        row("1", "350", "0", article="200"),
    ]
    assert posted(document(*rows)) == [
        ("1510", "63117.00", "", ""),
        ("3041", "-48213.40", "", ""),
        ("3041", "-1785.71", "", ""),
        ("3041", "-471.70", "", ""),
        ("3590", "-350.00", "STHLM", "900"),
        ("2611", "-12053.35", "", ""),
        ("2621", "-214.29", "", ""),
        ("2631", "-28.30", "", ""),
        ("3740", "-0.25", "", ""),
    ]


def test_the_account_of_a_row_is_its_own_then_the_articles_then_the_companys() -> None:
    def account(invoice: InvoiceDocument, **more: Any) -> str:
        return posted(invoice, **more)[1][0]

    free = {"vat_code": "0"}
    assert account(document(row("1", "100", account="3999"))) == "3999"
    assert account(document(row("1", "100", article="300"))) == "3001"
    assert account(document(row("1", "100", article=""))) == "3001"
    assert account(document(row("1", "100", **free), export=True)) == "3305"
    assert account(document(row("1", "100", **free), export=True), eu_trade=True) == "3308"
    assert account(document(row("1", "100", article="300", **free), export=True), eu_trade=True) == "3058"
    assert account(document(row("1", "100", article="300", **free), export=True)) == "3055"
    assert account(document(row("1", "100", **free), buildservice=True)) == "3231"


def test_a_customers_own_account_and_text_rows() -> None:
    text = DocumentRow(kind=RowKind.TEXT, text="Obs")
    lines = posted(document(text, row("1", "100"), customer_number="2001"))
    assert [line[0] for line in lines] == ["1519", "3041", "2611"]


def test_foreign_currency_is_posted_in_kronor_and_its_lost_ore_on_the_rounding_account() -> None:
    """AT-51: 4 875.50 EUR at 11.173184 is 54 474.86 kr."""
    rows = [row("1", "1625.17", "0"), row("1", "1625.17", "0"), row("1", "1625.16", "0")]
    invoice = document(*rows, to_kronor=False, currency="EUR", rate=Decimal("11.173184"), unit=1, export=True)
    assert posted(invoice) == [
        ("1510", "54474.86", "", ""),
        ("3305", "-18158.32", "", ""),
        ("3305", "-18158.32", "", ""),
        ("3305", "-18158.21", "", ""),
        ("3740", "-0.01", "", ""),
    ]


ROWS = st.lists(
    st.builds(
        row,
        st.decimals(-100, 100, places=2).map(str),
        st.decimals(-2000, 2000, places=2).map(str),
        st.sampled_from(["0", "1", "2", "3"]),
        profit_centre=st.sampled_from(["", "STHLM"]),
        project=st.sampled_from(["", "1042"]),
    ),
    min_size=1,
    max_size=12,
)


@given(ROWS, st.booleans(), st.sampled_from(["F", "K"]))
def test_every_posting_balances_and_claims_the_amount_to_pay(rows: list[DocumentRow], whole: bool, kind: str) -> None:
    invoice = document(*rows, to_kronor=whole, type=kind)
    lines = posting(invoice, LEDGER, CODE_OF, vat_rates=RATES)
    assert sum(line.amount for line in lines) == 0
    sign = -1 if kind == "K" else 1
    assert sum(line.amount for line in lines if line.account == "1510") == sign * invoice.total
    vat = sum(line.amount for line in lines if line.account.startswith("26"))
    assert vat == -sign * invoice.vat
    assert sum(line.amount for line in lines if line.account == "3740") == -sign * invoice.round_off
    together = summed(lines)
    assert sum(line.amount for line in together) == 0
    assert len({(e.account, e.profit_centre, e.project, e.amount > 0) for e in together}) == len(together)
