"""When an invoice is paid (semantics §4.9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.records.ledger import LedgerInvoice
from brygga.rules.payments import Balances, Standing, remaining, standing

DAY = date(2026, 1, 31)


def invoice(
    balance: str | D, type: str = "F", *, total: str = "15625", paid: bool = True, **more: Any
) -> LedgerInvoice:
    values: dict[str, Any] = {"balance2": D(0), "last_payment": DAY if paid else None} | more
    return LedgerInvoice(
        number=10457, type=type, customer_number="1001", date=DAY, total=D(total), balance=D(balance), **values
    )


@pytest.mark.parametrize(
    ("balance", "expected"),
    [
        ("0.99", Standing.PAID),
        ("1.00", Standing.PART_PAID),
        ("0.00", Standing.PAID),
        ("-0.50", Standing.PAID),
        ("-1.00", Standing.PAID),
        ("-1.01", Standing.OVERPAID),
        ("-250", Standing.OVERPAID),
    ],
)
def test_at_66_rel_1_6_0_09_paid_is_a_balance_below_one_krona(balance: str, expected: Standing) -> None:
    assert standing(invoice(balance)) is expected


@pytest.mark.parametrize(("balance", "paid"), [("0.08", True), ("0.09", False)])
def test_at_67_a_foreign_balance_counts_in_kronor_at_the_invoice_s_own_rate(balance: str, paid: bool) -> None:
    foreign = invoice(balance, currency="EUR", rate=D("11.173184"), unit=1)
    assert standing(foreign).is_paid is paid


def test_at_67_the_unit_of_the_rate_counts() -> None:
    assert remaining(invoice("100", currency="JPY", rate=D("6.97"), unit=100)) == D("6.97")


@pytest.mark.parametrize(("balances", "expected"), [("currency", "55.865920"), ("base", "5"), ("both", "0.5")])
def test_which_balance_is_in_kronor_is_a_setting(balances: Balances, expected: str) -> None:
    foreign = invoice("5", currency="EUR", rate=D("11.173184"), unit=1, balance2=D("0.5"))
    assert remaining(foreign, balances) == D(expected)


def test_a_foreign_invoice_without_a_rate_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="rate"):
        standing(invoice("5", currency="EUR", rate=D(0)))


@pytest.mark.parametrize("sign", [1, -1])
def test_at_71_a_credit_note_is_settled_by_its_absolute_balance(sign: int) -> None:
    assert standing(invoice(D(15625) * sign, "K", paid=False)) is Standing.UNPAID
    assert standing(invoice(D("0.99") * sign, "K")) is Standing.PAID
    assert standing(invoice(D("1.00") * sign, "K")) is Standing.PART_PAID


def test_an_invoice_with_a_negative_total_is_not_paid_by_its_negative_balance() -> None:
    assert standing(invoice("-5000", total="-5000", paid=False)) is Standing.UNPAID
    assert standing(invoice("-0.40", total="-5000")) is Standing.PAID


@pytest.mark.parametrize("flag", ["cancelled", "not_done"])
def test_cancelled_and_unfinished_documents_are_never_paid(flag: str) -> None:
    flags: dict[str, Any] = {flag: True}
    assert standing(invoice("0", **flags)) is Standing.NOT_COUNTED


@given(st.decimals(min_value=-(10**7), max_value=10**7, places=2), st.sampled_from("FK"), st.booleans())
def test_paid_never_means_that_a_krona_or_more_is_still_to_come(balance: D, type: str, paid: bool) -> None:
    found = standing(invoice(balance, type, paid=paid))
    if found.is_paid:
        assert balance < 1
    else:
        assert abs(balance) >= 1
