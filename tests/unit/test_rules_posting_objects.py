"""Accounts that demand or forbid a project or a profit centre: what the preview says (semantics §4.4)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from brygga.records.posting_accounts import AccountingCode, Chart, PostingAccounts
from brygga.records.reasons import Level
from brygga.records.target import DocumentRow, InvoiceDocument, RowKind
from brygga.rules.posting_objects import AccountLetters, object_reasons

ZERO = Decimal(0)
DAY = date(2026, 1, 31)
CHART = Chart(
    start=date(2026, 1, 1),
    end=date(2026, 12, 31),
    accounts=frozenset({"3041", "3050", "3305"}),
    project_letters={"3050": "E", "3041": "S", "3305": "E"},
    profit_centre_letters={"3050": "E", "3041": "S"},
)
LEDGER = PostingAccounts(
    charts=(CHART,),
    codes={"TJ25": AccountingCode(sales="3050"), "MED": AccountingCode(sales="3050", project="P", profit_centre="C")},
    claims="1510",
    vat=("2611", "", "", ""),
    sales="3041",
    export="3305",
    eu="3308",
    rounding="3740",
)
CODE_OF = {"100": "TJ25", "200": "MED"}
LETTERS = AccountLetters(("E",), ("S",))


def told(
    *rows: DocumentRow, ledger: PostingAccounts = LEDGER, letters: AccountLetters = LETTERS, **more: Any
) -> list[str]:
    document = InvoiceDocument(
        number=1,
        type="F",
        customer_number="1001",
        date=DAY,
        due_date=DAY,
        remark="",
        net=ZERO,
        vat=ZERO,
        round_off=ZERO,
        total=ZERO,
        rows=rows,
    )
    found = object_reasons(msgspec.structs.replace(document, **more), ledger, CODE_OF, letters)
    assert all(why.level is Level.WARNING for why in found)
    return [f"{why.code} {why.param('account')}" for why in found]


DEMANDED = ["FAK-360 3050", "FAK-361 3050"]


@pytest.mark.parametrize(
    ("row", "head", "expected"),
    [
        (DocumentRow(article="100"), {}, DEMANDED),
        (DocumentRow(account="3050"), {}, DEMANDED),
        (DocumentRow(article="100", project="1042"), {}, DEMANDED[1:]),
        (DocumentRow(article="100", profit_centre="STHLM"), {}, DEMANDED[:1]),
        (DocumentRow(article="100"), {"project": "1042", "profit_centre": "STHLM"}, []),
        (DocumentRow(article="200"), {}, []),
        (DocumentRow(article="100", kind=RowKind.TEXT), {}, []),
        (DocumentRow(), {}, []),
        (DocumentRow(), {"project": "1042", "profit_centre": "STHLM"}, []),
        (DocumentRow(project="1042", profit_centre="STHLM"), {}, ["FAK-362 3041", "FAK-363 3041"]),
        (DocumentRow(), {"export": True}, ["FAK-360 3305"]),
        (DocumentRow(article="100"), {"date": date(2030, 1, 1)}, []),
    ],
)
def test_what_an_account_demands_or_forbids(row: DocumentRow, head: dict[str, Any], expected: list[str]) -> None:
    assert told(row, **head) == expected


def test_many_rows_on_one_account_are_told_once() -> None:
    assert told(DocumentRow(article="100", text="a"), DocumentRow(article="100", text="b")) == DEMANDED


def test_the_customers_own_profit_centre_is_on_its_documents() -> None:
    ledger = msgspec.structs.replace(LEDGER, profit_centre_of={"1001": "GBG"})
    assert told(DocumentRow(article="100"), ledger=ledger) == DEMANDED[:1]


def test_a_letter_that_means_nothing_is_silent() -> None:
    assert told(DocumentRow(article="100"), letters=AccountLetters()) == []
