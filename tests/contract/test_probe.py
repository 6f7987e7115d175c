"""``Probe``: over both values of each switch of the engine its answer is the switch's; what reading cannot settle."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.library import AdkLibrary
from brygga.administration.adk.probe import Probe
from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from tests.contract.adk_company import Clerk, build_place, hours, seed
from tests.contract.administration_practice import ENGINE, gateway_to
from tests.contract.conftest import OpenCompany

SUPPLIER = 12
SUPPLIERS = {SUPPLIER: seed(SUPPLIER, {"NUMBER": "501", "NAME": "Underkonsult AB"})}
NEVER_BY_READING = {"warnings_in_result", "vat_rounding", "customer_number_empty", "negative_total_printable"}


def with_evidence(open_company: OpenCompany, **switches: Any) -> Clerk:
    """A company in which every question can be settled."""
    clerk = open_company({"tables": SUPPLIERS}, **switches)
    clerk.add_invoice(hours(10, 100), CUSTOMER_NUMBER="2001", CURRENCY_CODE="EUR", CURRENCY_RATE=Decimal("11.2345"))
    clerk.add_invoice(hours(1, 100), TYPE_OF_INVOICE="K")
    costs = (CostRow("4600", Decimal(8000), "Underkonsult", project="1042"),)
    given: dict[str, Any] = {"rows": costs, "vat": Decimal(2000), "dated": date(2026, 1, 15), "head": {12: "K"}}
    user_ledgers.add_supplier_invoice(clerk.place.company, "501", "F-77", **given)
    user.lock_month(clerk.place.company, "24", 11)
    return clerk


SWITCHES: list[tuple[str, Any, str]] = [
    ("document_number_writable", True, "yes"),
    ("document_number_writable", False, "no"),
    ("date_encoding", "yyyymmdd", "yyyymmdd"),
    ("date_encoding", "opaque", "opaque"),
    ("buffer_counts_nul", True, "yes"),
    ("buffer_counts_nul", False, "no"),
    ("first_on_empty", 79, "79"),
    ("first_on_empty", 115, "115"),
    ("filter_ignores_case", True, "yes"),
    ("filter_ignores_case", False, "no"),
    ("limits_checked_at", "set", "set"),
    ("limits_checked_at", "add", "add"),
    ("quantity_decimals", 2, "2"),
    ("quantity_decimals", 4, "4"),
    ("timestamp_text", "seconds", "seconds"),
    ("timestamp_text", "minutes", "minutes"),
    ("balance_in", "document", "document"),
    ("balance_in", "sek", "sek"),
    ("credit_balance_sign", "positive", "positive"),
    ("credit_balance_sign", "negative", "negative"),
    ("supplier_credit_sign", "positive", "positive"),
    ("supplier_credit_sign", "negative", "negative"),
    ("locked_month_format", "yyyy-MM", "yyyy-MM"),
    ("locked_month_format", "MM", "MM"),
]


@pytest.mark.c_interface
@pytest.mark.parametrize(("switch", "value", "answer"), SWITCHES)
def test_the_answer_is_the_switch(
    library: AdkLibrary, open_company: OpenCompany, switch: str, value: Any, answer: str
) -> None:
    clerk = with_evidence(open_company, **{switch: value})
    before = (clerk.place.company / "practice.sqlite").read_bytes()
    answers = Probe(library).answers()
    assert answers[switch] == answer
    assert None not in answers.values(), "the company has evidence for every question"
    assert (clerk.place.company / "practice.sqlite").read_bytes() == before


def test_without_evidence_it_says_so(library: AdkLibrary, open_company: OpenCompany) -> None:
    open_company()
    answers = Probe(library).answers()
    unsettled = {"balance_in", "credit_balance_sign", "supplier_credit_sign", "locked_month_format"}
    assert {name for name, answer in answers.items() if answer is None} == unsettled


def test_it_is_asked_through_a_host_that_may_only_read(tmp_path: Path) -> None:
    place = build_place(tmp_path)
    with HostProcess(ENGINE, read_only=True) as host:
        answers = gateway_to(place, host).probe()
    assert answers["document_number_writable"] == "yes"
    assert answers["first_on_empty"] == "79"
    assert not {date(2026, 1, 31).isoformat(), "Exempelkonsult AB"} & set(answers.values())
