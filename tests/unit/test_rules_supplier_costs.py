"""What a row of a supplier invoice costs a project (semantics §4.10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.records.ledger import SupplierInvoice, SupplierInvoiceRow
from brygga.rules.supplier_costs import (
    BlockList,
    Correction,
    Cost,
    PriceMode,
    Sent,
    content_hash,
    corrections,
    cost_of,
    free_row_number,
    paired,
    price_of,
    project_of,
    row_text,
)

DAY = date(2026, 1, 31)
AMOUNTS = st.decimals(min_value=-(10**7), max_value=10**7, places=2)


def invoice(*rows: SupplierInvoiceRow, **more: Any) -> SupplierInvoice:
    values: dict[str, Any] = {"supplier_name": "Nord AB", "supplier_invoice_number": "F-77"} | more
    return SupplierInvoice(serial=4711, supplier_number="500", date=DAY, rows=rows, **values)


def row(amount: str, account: str = "4600", **more: Any) -> SupplierInvoiceRow:
    return SupplierInvoiceRow(ordinal=1, account=account, amount=D(amount), **more)


@pytest.mark.parametrize("amount", ["28086.14", "10455.00"])
def test_at_72_at_73_rel_1_6_0_10_the_cost_is_the_ledger_row_s_amount_in_kronor(amount: str) -> None:
    foreign = invoice(currency="EUR", rate=D("11.2345"), total=D("2499.99"))
    assert cost_of(foreign, row(amount)) == D(amount)


def test_at_74_rel_1_6_0_11_a_credit_note_is_negative_exactly_once() -> None:
    assert cost_of(invoice(is_credit=True), row("8000")) == D(-8000)
    assert cost_of(invoice(is_credit=True), row("-8000"), "negative") == D(-8000)


def test_at_75_a_negative_row_of_an_ordinary_invoice_stays_negative() -> None:
    assert [cost_of(invoice(), row(amount)) for amount in ("10000", "-2000")] == [D(10000), D(-2000)]


def test_at_76_a_row_of_opposite_sign_in_a_credit_note_flips_too() -> None:
    assert cost_of(invoice(is_credit=True), row("-2000")) == D(2000)


@pytest.mark.parametrize(
    ("cost", "mode", "percent", "expected"),
    [
        ("8000", "cost", "100", "8000"),
        ("8000", "cost_only", "100", "0"),
        ("8000", "percent", "115", "9200"),
        ("333.33", "percent", "112.5", "375.00"),
        ("-8000", "percent", "115", "-9200"),
        ("8000", "percent", "100", "8000"),
        ("8000", "percent", "15", "1200"),
        ("0.05", "percent", "110", "0.06"),
    ],
    ids=["at_77a", "at_77b", "at_77c", "at_78", "at_79", "at_80", "at_81", "at_82"],
)
def test_at_77_at_78_at_79_at_80_at_81_at_82_rel_1_5_0_12_rel_1_6_2_07_the_price(
    cost: str, mode: PriceMode, percent: str, expected: str
) -> None:
    assert price_of(D(cost), mode, D(percent)) == D(expected)


@given(AMOUNTS, st.decimals(min_value="0.01", max_value=1000, places=2))
def test_a_credit_s_price_mirrors_the_invoice_s(cost: D, percent: D) -> None:
    assert price_of(-cost, "percent", percent) == -price_of(cost, "percent", percent)


def test_rel_1_5_0_13_the_row_s_project_else_the_head_s() -> None:
    assert project_of(invoice(project_code="1043"), row("1", project_code="1042")) == "1042"
    assert project_of(invoice(project_code="1043"), row("1")) == "1043"
    assert project_of(invoice(), row("1")) == ""


def test_the_text_is_the_row_s_else_the_supplier_s_name_and_number() -> None:
    assert row_text(invoice(), row("1", text=" Konsult ")) == "Konsult"
    assert row_text(invoice(), row("1")) == "Nord AB – F-77"
    assert row_text(invoice(supplier_name="", supplier_invoice_number=""), row("1")) == "4711"


def test_rel_1_6_0_12_accounts_are_blocked_by_number_and_by_range() -> None:
    blocked = BlockList(("2440", " 2640-2649 ", "1000–1999"))
    assert [account for account in ("2440", "2641", "1510", "264", "26410", "4600", "") if account in blocked] == [
        "2440",
        "2641",
        "1510",
    ]


@pytest.mark.parametrize("entry", ["", "abc", "2649-2640", "264-2649", "2440;2441", "-2440"])
def test_what_is_no_account_and_no_range_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="no account"):
        BlockList((entry,))


# -- pairing and corrections -----------------------------------------------------------------------------------


def cost(ordinal: int, content: str, amount: str = "100", project: str = "1042") -> Cost:
    return Cost(ordinal=ordinal, content=content, project=project, amount=D(amount))


def sent(number: int, content: str, amount: str = "100", project: str = "1042") -> Sent:
    return Sent(row=number, content=content, costs={project: D(amount)}, parts=1)


def pairs(rows: list[Cost], before: list[Sent]) -> list[tuple[int | None, int | None]]:
    return [
        (found.now.ordinal if found.now else None, found.sent.row if found.sent else None)
        for found in paired(rows, before)
    ]


def test_an_inserted_row_shifts_nobody() -> None:
    rows = [cost(1, "new"), cost(2, "a"), cost(3, "b")]
    assert pairs(rows, [sent(1, "a"), sent(2, "b")]) == [(1, None), (2, 1), (3, 2)]
    assert free_row_number(1, [1, 2]) == 3
    assert free_row_number(3, [1, 2]) == 3


def test_a_changed_row_is_found_by_its_place_and_a_removed_one_comes_last() -> None:
    assert pairs([cost(1, "a"), cost(2, "changed")], [sent(1, "a"), sent(2, "b"), sent(3, "c")]) == [
        (1, 1),
        (2, 2),
        (None, 3),
    ]


def test_equal_rows_keep_their_places() -> None:
    assert pairs([cost(1, "a"), cost(2, "a")], [sent(1, "a"), sent(2, "a")]) == [(1, 1), (2, 2)]


def test_at_87_a_changed_amount_gives_the_difference() -> None:
    assert corrections(cost(1, "new", "8400"), sent(1, "old", "8000")) == (Correction("1042", D(400)),)


def test_at_88_a_cancelled_row_gives_everything_back() -> None:
    assert corrections(None, sent(1, "old", "8000")) == (Correction("1042", D(-8000)),)


def test_a_moved_row_leaves_one_project_and_comes_to_the_other() -> None:
    moved = cost(1, "new", "8000", project="1043")
    assert corrections(moved, sent(1, "old", "8000")) == (
        Correction("1042", D(-8000)),
        Correction("1043", D(8000)),
    )


def test_the_content_alone_tells_a_change() -> None:
    same = content_hash(invoice(), row("8000", text="Konsult", project_code="1042"), D(8000))
    assert same == content_hash(
        invoice(project_code="1042"), SupplierInvoiceRow(ordinal=7, account="4600", text="Konsult"), D(8000)
    )
    assert same != content_hash(invoice(), row("8000", text="Konsult", project_code="1042"), D(8400))
    assert corrections(cost(1, "same", "0"), sent(1, "same", "8000")) == ()


CONTENTS = st.sampled_from("abcd")
ROWS = st.lists(st.tuples(CONTENTS, AMOUNTS, st.sampled_from(["1042", "1043"])), max_size=6)


@given(ROWS, ROWS)
def test_pairing_and_correcting_always_ends_at_what_the_rows_cost_now(
    before: list[tuple[str, D, str]], now: list[tuple[str, D, str]]
) -> None:
    """Whatever was sent and whatever the rows are now: after the corrections the fees sum up to the rows' costs."""
    earlier = [Sent(number, f"{c}{a}{p}", {p: a}, 1) for number, (c, a, p) in enumerate(before, start=1)]
    rows = [Cost(number, f"{c}{a}{p}", p, a) for number, (c, a, p) in enumerate(now, start=1)]
    total: dict[str, D] = {"1042": D(0), "1043": D(0)}
    used: list[int] = []
    for found in paired(rows, earlier):
        if found.sent is None:
            assert found.now is not None
            total[found.now.project] += found.now.amount
            continue
        used.append(found.sent.row)
        for project, amount in found.sent.costs.items():
            total[project] += amount
        for correction in corrections(found.now, found.sent):
            total[correction.project] += correction.amount
    assert sorted(used) == [one.row for one in earlier]
    assert total == {p: sum((row.amount for row in rows if row.project == p), D(0)) for p in total}
