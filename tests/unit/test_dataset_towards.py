"""What the practice company holds for the transfers to Severa, and what the oracle says of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from brygga.practice.administration_seed import built_in_administration
from brygga.practice.dataset import PracticeCompany, PracticeParameters, generate
from brygga.practice.dataset.towards import TowardsSevera
from brygga.practice.dataset.towards_payments import Paying
from brygga.practice.dataset.towards_suppliers import FIRST_SERIAL
from brygga.practice.oracle_documents import SeveraDocuments
from brygga.practice.oracle_towards import (
    NotSent,
    changes_oracle,
    compare_customers,
    compare_fees,
    compare_payments,
    customers_oracle,
    fees_oracle,
    named,
    payments_oracle,
)
from brygga.practice.payments_of_month import amounts

D = Decimal


def company(**options: Any) -> PracticeCompany:
    return generate(PracticeParameters(towards_severa=True, **options), built_in_administration())


@pytest.fixture(scope="module")
def small() -> PracticeCompany:
    return company()


@pytest.fixture(scope="module")
def documents(small: PracticeCompany) -> SeveraDocuments:
    return SeveraDocuments(small.severa, small.settings)


def towards(given: PracticeCompany) -> TowardsSevera:
    assert given.towards is not None
    return given.towards


def test_the_same_parameters_give_the_same_company(small: PracticeCompany) -> None:
    again = company()
    assert again.administration_tables == small.administration_tables
    assert (again.severa, again.towards) == (small.severa, small.towards)
    assert company(seed=2).towards != small.towards


def test_nothing_of_it_is_there_unless_it_is_asked_for() -> None:
    plain = generate(PracticeParameters(), built_in_administration())
    assert plain.towards is None
    assert named(plain.administration_tables, "SUPPLIER_INVOICE_HEAD") == []


def test_the_month_of_the_two_directions_is_the_same(small: PracticeCompany) -> None:
    plain = generate(PracticeParameters(), built_in_administration())
    assert small.oracle.invoices == plain.oracle.invoices
    assert small.oracle.projects == plain.oracle.projects


@pytest.mark.parametrize(("size", "invoices", "share"), [("small", 35, 12), ("medium", 542, 190)])
def test_sizes_and_shares(size: str, invoices: int, share: int) -> None:
    heads = named(company(size=size).administration_tables, "SUPPLIER_INVOICE_HEAD")
    ordinary = [each for each in heads if each["SUPPLIER_NUMBER"] < "509"]
    assert invoices <= len(heads) <= invoices + 25
    with_project = [each for each in ordinary if any(row.get(13) for row in each["ROWS"])]
    assert share <= len(with_project) <= share + 25
    assert [int(each["GIVEN_NUMBER"]) for each in heads] == list(range(FIRST_SERIAL, FIRST_SERIAL + len(heads)))


def test_every_invoice_adds_up_and_its_voucher_balances(small: PracticeCompany) -> None:
    for head in named(small.administration_tables, "SUPPLIER_INVOICE_HEAD"):
        rows = head["ROWS"]
        assert rows[0][14] == "Total"
        assert sum((row[10] for row in rows), D(0)) == 0
        assert sum((row[9] for row in rows), D(0)) == 0
        assert -rows[0][9] == head["TOTAL"]


def test_what_becomes_no_fee_is_there_for_every_reason(small: PracticeCompany, documents: SeveraDocuments) -> None:
    oracle = fees_oracle(small.administration_tables, documents, small.settings)
    assert set(oracle.not_sent.values()) == set(NotSent) - {NotSent.NOT_ATTESTED}
    strict = {**small.settings, "supplier_invoices.require_attest": True}
    assert NotSent.NOT_ATTESTED in fees_oracle(small.administration_tables, documents, strict).not_sent.values()


def test_the_edge_pack_says_what_the_specification_says(small: PracticeCompany, documents: SeveraDocuments) -> None:
    oracle = fees_oracle(small.administration_tables, documents, small.settings)
    said = Counter((fee.cost, fee.price) for fee in oracle.fees.values())
    for cost, price in (
        ("8000", "9200.00"),  # AT-77
        ("333.33", "383.33"),
        ("28086.14", "32299.06"),  # AT-72
        ("-28086.14", "-32299.06"),
        ("10455.00", "12023.25"),  # AT-73
        ("-8000", "-9200.00"),  # AT-74, AT-79
        ("-2000", "-2300.00"),  # AT-75
        ("2000", "2300.00"),  # AT-76
        ("0.05", "0.06"),
    ):
        assert said[D(cost), D(price)] >= 1, cost
    only = {**small.settings, "supplier_invoices.price_mode": "cost_only"}
    assert {fee.price for fee in fees_oracle(small.administration_tables, documents, only).fees.values()} == {D(0)}


def test_a_project_that_closes_in_between_costs_nothing(small: PracticeCompany, documents: SeveraDocuments) -> None:
    closing = towards(small).closing_project
    before = fees_oracle(small.administration_tables, documents, small.settings)
    after = fees_oracle(small.administration_tables, documents, small.settings, closed={closing})
    assert before.cost_of(closing) >= 900
    assert after.cost_of(closing) == 0
    assert before.fees.keys() - after.fees.keys() == {fee.key for fee in before.fees.values() if fee.project == closing}


def test_an_oracle_says_what_is_missing_twice_or_other(small: PracticeCompany, documents: SeveraDocuments) -> None:
    oracle = fees_oracle(small.administration_tables, documents, small.settings)
    fees = [
        {
            "description": f"{fee.text} ({fee.key})",
            "project": {"guid": fee.project},
            "unitCost": {"amount": fee.cost},
            "unitPrice": {"amount": fee.price},
            "quantity": 1,
            "isBillable": True,
            "eventDate": fee.day.isoformat(),
        }
        for fee in oracle.fees.values()
    ]
    assert compare_fees(oracle, fees) == []
    assert [each.field for each in compare_fees(oracle, fees[1:])] == ["count"]
    assert [each.field for each in compare_fees(oracle, [*fees, fees[0]])] == ["count"]
    other = [{**fees[0], "unitCost": {"amount": 1}, "eventDate": "2020-01-01"}, *fees[1:]]
    assert [each.field for each in compare_fees(oracle, other)] == ["unitCost", "eventDate"]
    assert compare_fees(oracle, [*fees, {"description": "Gjord av en människa"}]) == []


# Payments


def test_every_way_of_paying_is_there_and_some_do_not_pay(small: PracticeCompany) -> None:
    plans = towards(small).payments
    assert {plan.paying for plan in plans} == set(Paying) - {Paying.SETTLED}
    assert len(plans) < len(small.oracle.invoices)
    assert len({plan.guid for plan in plans}) == len(plans)
    [late] = [plan for plan in plans if plan.paying is Paying.BACKDATED]
    assert (late.entered[0].date() - late.days[0]).days == 7


@pytest.mark.parametrize(
    ("paying", "paid"),
    [
        (Paying.FULL, ["1001.01"]),
        (Paying.TWICE, ["500.50", "500.51"]),
        (Paying.PART, ["500.50"]),
        (Paying.OVERPAID, ["1251.01"]),
        (Paying.UNDER, ["1000.51"]),
        (Paying.REVERSED, ["1001.01"]),
        (Paying.BACKDATED, ["1001.01"]),
    ],
)
def test_what_is_paid_of_an_invoice(paying: Paying, paid: list[str]) -> None:
    assert amounts(paying, D("1001.01")) == tuple(D(each) for each in paid)


def test_what_severa_says_of_payments(small: PracticeCompany, documents: SeveraDocuments) -> None:
    plans = {plan.paying: plan for plan in reversed(towards(small).payments)}
    expected = payments_oracle(plans.values(), {}, small.settings)
    of = {paying: expected[plan.guid] for paying, plan in plans.items()}
    assert (of[Paying.FULL].status, of[Paying.FULL].day) == ("Betald", plans[Paying.FULL].days[0])
    assert of[Paying.TWICE].day == plans[Paying.TWICE].days[1]
    assert of[Paying.UNDER].status == "Betald"
    assert of[Paying.OVERPAID].overpaid == 250
    assert (of[Paying.PART].status, of[Paying.PART].day) == ("Delbetald", None)
    assert (of[Paying.REVERSED].status, of[Paying.REVERSED].day) == ("Överförd", None)
    euro = {plans[Paying.UNDER].guid: D("11.17")}
    assert payments_oracle(plans.values(), euro, small.settings)[plans[Paying.UNDER].guid].status == "Delbetald"
    assert {each.field for each in compare_payments(expected, documents)} == {"status", "paymentDate"}


# Customers


def test_what_severa_gets_of_administrations_own_customers(small: PracticeCompany, documents: SeveraDocuments) -> None:
    oracle = customers_oracle(small.administration_tables, small.settings, small.severa["customers"])
    assert oracle.refused == {"8003": "name taken", "8006": "inactive", "K100": "not numeric", "0099": "not numeric"}
    assert sorted(oracle.customers) == [8001, 8002, 8004, 8005, 8007]
    first, german, norwegian = (oracle.customers[number] for number in (8001, 8004, 8005))
    assert first["addressline"] == "Box 12\nc/o Nord"
    assert (first["vatNumber"], first["isTaxFree"], first["paymentTerm"]) == ("556900-4566", False, 20)
    assert (german["vatNumber"], german["isTaxFree"], german["language"]) == ("DE123456788", True, "de-DE")
    assert (norwegian["vatNumber"], norwegian["isTaxFree"], norwegian["currency"]) == (None, False, "NOK")
    missing = compare_customers(oracle, documents)
    assert [(each.field, each.found) for each in missing] == [("count", 0)] * 5


def test_at_71_a_credit_note_is_settled_against_the_invoice_it_credits() -> None:
    whole = company(ordinary_only=False)
    plans = towards(whole).payments
    settled = [plan for plan in plans if plan.paying is Paying.SETTLED]
    credits = {each["guid"] for each in whole.severa["invoices"] if each["isCreditNote"]}
    assert settled
    assert {plan.guid for plan in settled} <= credits
    assert not {plan.against for plan in settled} & {plan.guid for plan in plans}
    expected = payments_oracle(plans, {}, whole.settings)
    for plan in settled:
        assert {expected[plan.guid].status, expected[plan.against].status} == {"Betald"}


def test_an_emptied_field_of_a_changed_card_wipes_nothing(small: PracticeCompany) -> None:
    expected = changes_oracle(towards(small).customer_changes)
    assert [dict(fields) for fields in expected.customers.values()] == [
        {"city": "Kiruna", "addressline": "Nya vägen 7"},
        {"email": "ny@kund.example"},
        {"isTaxFree": False},
    ]
    documents = SeveraDocuments(small.severa, small.settings)
    assert len(compare_customers(expected, documents)) == 4


def test_customers_change_after_they_were_transferred(small: PracticeCompany) -> None:
    changes = towards(small).customer_changes
    numbers = {str(each["number"]) for each in small.severa["customers"]}
    assert {change.number for change in changes} <= numbers
    assert all(change.entered.date() > date(2026, 1, 1) for change in changes)
