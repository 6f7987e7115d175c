"""What ``ordinary_only`` leaves out: the edge pack, foreign currency and credit notes (spec/data.md, edge pack)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine.company import create_company, create_installation
from brygga.practice.adk_engine.user import read
from brygga.practice.administration_base import AdministrationBase, field_named, table_named
from brygga.practice.administration_seed import administration_from_sie, built_in_administration
from brygga.practice.arithmetic import half_up, row_total
from brygga.practice.dataset import PracticeCompany, PracticeParameters, generate
from brygga.practice.severa_server.models import COLLECTIONS
from brygga.practice.severa_server.state import SeveraSeed, SeveraState
from brygga.practice.sie import read_sie
from tests.shared import contract, shared_file
from tests.unit.test_dataset import model_errors, plain, rows_by_invoice, waiting

Document = dict[str, Any]
SIE_FILES = ("visma-administration-2000.se", "avendo-5.se")
WARNING_ONLY = {"FAK-326", "FAK-329", "FAK-330", "ENH-851", "BTV-853", "KND-105", "VAL-402"}


def administration(source: str) -> AdministrationBase:
    if not source:
        return built_in_administration()
    return administration_from_sie(read_sie(shared_file("data", "sie", source)))


@cache
def company(source: str = "", *, size: str = "small", master: str = "severa", defects: bool = False) -> PracticeCompany:
    parameters = PracticeParameters(size=size, numbering_master=master, with_defects=defects, ordinary_only=False)
    return generate(parameters, administration(source))


def invoices(made: PracticeCompany) -> dict[str, Document]:
    return {each["guid"]: each for each in made.severa["invoices"]}


def with_reason(made: PracticeCompany, code: str) -> list[Document]:
    """The invoices that must give the code."""
    return [invoices(made)[guid] for guid, codes in made.expected_reasons.items()
            if code in codes and guid in invoices(made)]  # fmt: skip


def credits_of(made: PracticeCompany) -> list[Document]:
    return [each for each in made.severa["invoices"] if each["isCreditNote"]]


def net_of(made: PracticeCompany, invoice: Document) -> Decimal:
    amount: Decimal = invoice["totalExcludingTax"]["amount"]
    return amount


# -- what stays as it is ---------------------------------------------------------------------------------------------


def test_the_ordinary_company_has_none_of_it() -> None:
    made = generate(PracticeParameters(), built_in_administration())
    assert not any(each["isCreditNote"] for each in made.severa["invoices"])
    assert {each["currency"]["code"] for each in made.severa["invoices"]} == {"SEK"}
    assert made.expected_reasons == {}
    assert "invoices.rounding_account" not in made.settings
    assert {each["code"] for each in made.severa["currencies"]} == {"SEK", "EUR", "USD", "NOK", "DKK"}


@pytest.mark.parametrize("defects", [False, True])
def test_the_ordinary_documents_stay_as_they_were(defects: bool) -> None:
    ordinary = generate(PracticeParameters(with_defects=defects), built_in_administration())
    for name in ("customers", "contactpersons", "projects", "currencies", "countries", "invoices", "invoicerows"):
        kept = {each["guid"]: each for each in company(defects=defects).severa[name]}
        for document in ordinary.severa[name]:
            # A credited invoice points at its credit note: nothing else of it changes.
            found = {key: value for key, value in kept[document["guid"]].items() if key != "creditNoteInvoice"}
            assert found == document, name
    tables = company(defects=defects).administration_tables
    for table, records in ordinary.administration_tables.items():
        assert all(record in tables[table] for record in records)


def test_the_same_parameters_give_the_same_company_in_every_process() -> None:
    code = (
        "import hashlib\n"
        "from brygga.practice.administration_seed import built_in_administration\n"
        "from brygga.practice.dataset import PracticeParameters, generate\n"
        "from tests.unit.test_dataset import plain\n"
        "c = generate(PracticeParameters(ordinary_only=False), built_in_administration())\n"
        "print(hashlib.sha256((plain(c) + repr(c.oracle.invoices)).encode()).hexdigest())\n"
    )
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "3"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    here = plain(company()) + repr(company().oracle.invoices)
    assert said == hashlib.sha256(here.encode()).hexdigest()


# -- the contract of both systems ------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", *SIE_FILES])
def test_every_severa_document_is_what_its_model_says(source: str) -> None:
    models = contract("severa_models.json")
    errors = [
        error
        for name, held in company(source).severa.items()
        for document in held
        for error in model_errors(COLLECTIONS[name], document, models, name)
    ]
    assert errors == []


@pytest.mark.parametrize(
    ("source", "size", "master"),
    [("", "small", "severa"), ("", "small", "administration"), ("", "medium", "severa")]
    + [(source, "small", "severa") for source in SIE_FILES],
)
def test_both_practice_systems_take_the_company(source: str, size: str, master: str, tmp_path: Path) -> None:
    made = company(source, size=size, master=master, defects=True)
    SeveraState.create(tmp_path / "severa", SeveraSeed("id", "secret", ("customers:read",), made.severa)).close()
    create_installation(tmp_path / "common")
    tables = made.administration_tables
    create_company(tmp_path / "common", tmp_path / "company", made.name, tables)
    for table, records in tables.items():
        assert len(read(tmp_path / "company", table)) == len(records)


@pytest.mark.parametrize("size", ["small", "medium"])
def test_what_must_be_unique_is(size: str) -> None:
    severa = company(size=size, defects=True).severa
    for name, field in (("customers", "number"), ("customers", "name"), ("projects", "number"), ("invoices", "guid")):
        values = [each[field] for each in severa[name]]
        assert len(set(values)) == len(values), (name, field)
    numbers = [each["number"] for each in severa["invoices"] if each["number"] is not None]
    assert len(set(numbers)) == len(numbers)
    # The one customer of the defects without country borrows a German number on purpose.
    identities = Counter(each["vatNumber"] for each in severa["customers"] if each["vatNumber"])
    assert {identity for identity, count in identities.items() if count > 1} == {"DE123456789"}


# -- what must be expected -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("master", ["severa", "administration"])
def test_every_special_says_what_it_must_give(master: str) -> None:
    made = company(master=master)
    found = Counter(code for codes in made.expected_reasons.values() for code in codes)
    assert found == {
        "FAK-303": 1, "FAK-304": 2, "FAK-306": 2, "FAK-326": 3, "FAK-329": 2, "FAK-330": 1, "FAK-341": 2, "FAK-342": 1,
        "FAK-343": 1, "FAK-344": 1, "FAK-345": 1, "VAL-401": 1, "VAL-402": 1, "VAL-403": 1, "VAL-404": 1, "KND-105": 1,
        "KND-107": 1, "KND-108": 2, "PRJ-201": 2, "ENH-851": 1, "BTV-853": 2,
    }  # fmt: skip


@pytest.mark.parametrize("master", ["severa", "administration"])
def test_what_is_refused_is_not_expected_and_the_rest_is(master: str) -> None:
    made = company(master=master, defects=True)
    transferred = {record.source for record in made.oracle.invoices}
    for invoice in waiting(made):
        codes = made.expected_reasons.get(invoice["guid"], frozenset())
        assert (invoice["guid"] in transferred) == (codes <= WARNING_ONLY), codes
    assert transferred.isdisjoint(made.oracle.untouched)
    assert transferred | set(made.oracle.untouched) == set(invoices(made))


# -- credit notes ----------------------------------------------------------------------------------------------------


def test_a_credit_note_and_its_original_point_at_each_other() -> None:
    made = company()
    by_guid = invoices(made)
    linked = [each for each in credits_of(made) if each["reimburseInvoice"]]
    assert len(linked) > 10
    for each in linked:
        original = by_guid[each["reimburseInvoice"]["guid"]]
        assert each["reimburseInvoice"]["number"] == original["number"]
        assert original["creditNoteInvoice"] == {"guid": each["guid"], "number": each["number"]}
        assert each["number"] is not None
        assert each["currency"] == original["currency"]
        assert each["customer"] == original["customer"]
    (unlinked,) = [each for each in credits_of(made) if not each["reimburseInvoice"]]
    assert made.expected_reasons[unlinked["guid"]] == {"FAK-304"}


def test_credit_notes_are_negative_in_severa_but_the_one_of_the_wrong_sign() -> None:
    made = company()
    assert [each["guid"] for each in credits_of(made) if net_of(made, each) >= 0] == [
        each["guid"] for each in with_reason(made, "FAK-343")
    ]


def test_severas_totals_are_the_sums_of_the_rows() -> None:
    made = company(master="administration")
    rows = rows_by_invoice(made)
    by_row = {each["guid"] for each in with_reason(made, "FAK-326")}
    for invoice in made.severa["invoices"]:
        bases: dict[Decimal, Decimal] = {}
        for row in rows[invoice["guid"]]:
            rate = row["vatRate"] or Decimal(0)
            bases[rate] = bases.get(rate, Decimal(0)) + row_total(row["quantity"], row["unitPrice"]["amount"])
            assert row["unitPrice"]["currencyCode"] == invoice["currency"]["code"]
        vat = sum(half_up(base * rate / 100) for rate, base in bases.items())
        assert invoice["totalExcludingTax"]["amount"] == sum(bases.values())
        assert invoice["totalIncludingTax"]["currencyCode"] == invoice["currency"]["code"]
        assert abs(invoice["totalTax"]["amount"] - vat) == (Decimal("0.01") if invoice["guid"] in by_row else 0)


def test_some_credit_notes_come_before_their_originals_and_some_are_partial() -> None:
    made = company()
    by_guid = invoices(made)
    pairs = [
        (each, by_guid[each["reimburseInvoice"]["guid"]])
        for each in credits_of(made)
        if each["guid"] in made.oracle.severa_after
    ]
    assert any(each["date"] < original["date"] for each, original in pairs)
    net = [net_of(made, each) + net_of(made, original) for each, original in pairs]
    assert sum(left > 0 for left in net) >= 2  # the partial ones, and the one with a charge inside
    assert net.count(Decimal(0)) > len(net) / 2
    charged_inside = [
        each for each, _ in pairs
        if {row["quantity"] > 0 for row in rows_by_invoice(made)[each["guid"]]} == {True, False}
    ]  # fmt: skip
    assert len(charged_inside) == 1  # AT-38
    assert net_of(made, charged_inside[0]) == -11_500


@pytest.mark.parametrize("master", ["severa", "administration"])
def test_originals_of_earlier_months_lie_in_administration(master: str) -> None:
    made = company(master=master)
    head = table_named("INVOICE_HEAD")
    number, day, customer, cancelled = (
        field_named(head, name).id
        for name in ("DOCUMENT_NUMBER", "DOCUMENT_DATE1", "CUSTOMER_NUMBER", "DOCUMENT_CANCELLED")
    )
    held = {int(str(each[number])): each for each in made.administration_tables[head.id]}
    by_guid = invoices(made)
    earlier = [each for each in credits_of(made) if (each["reimburseInvoice"] or {}).get("number") in held]
    found = {}
    for each in earlier:
        posted = held[each["reimburseInvoice"]["number"]]
        original = by_guid[each["reimburseInvoice"]["guid"]]
        assert posted[day] == date.fromisoformat(original["date"]) < made.month
        codes = "".join(made.expected_reasons[each["guid"]])
        found[codes] = (posted[customer] == str(each["customer"]["number"]), posted[cancelled])
    assert found == {"": (True, False), "FAK-345": (False, False), "FAK-344": (True, True)}
    assert max(held) < made.next_invoice_number


def test_the_original_before_the_cut_over_is_nowhere() -> None:
    for defects in (False, True):
        made = company(defects=defects)
        (old,) = [each for each in with_reason(made, "FAK-304") if each["reimburseInvoice"]]
        original = invoices(made)[old["reimburseInvoice"]["guid"]]
        assert original["date"] < str(made.settings["invoices.from_date"])
        assert (str(original["number"]),) not in made.oracle.before["INVOICE_HEAD"]


# -- currency and reverse charge -------------------------------------------------------------------------------------


def test_every_currency_is_billed_and_has_its_unit() -> None:
    made = company()
    rates = {record.fields["CURRENCY_CODE"]: (record.fields["CURRENCY_RATE"], record.fields["CURRENCY_UNIT"])
             for record in made.oracle.invoices
             if record.fields.get("CURRENCY_CODE") and not made.expected_reasons.get(record.source)
             and invoices(made)[record.source]["currencyRate"] != 1}  # fmt: skip
    assert rates == {
        "EUR": (Decimal("11.173184"), Decimal(1)),  # AT-44
        "USD": (Decimal("10.416667"), Decimal(1)),
        "NOK": (Decimal("96.889836"), Decimal(100)),  # AT-46
        "DKK": (Decimal("150.579732"), Decimal(100)),
        "JPY": (Decimal("6.970001"), Decimal(100)),  # AT-48
    }


def test_rates_that_stop() -> None:
    made = company()
    found = {code: [(each["currency"]["code"], each["currencyRate"]) for each in with_reason(made, code)]
             for code in ("VAL-401", "VAL-403", "VAL-404")}  # fmt: skip
    assert found == {
        "VAL-401": [("EUR", Decimal(1))],
        "VAL-403": [("EUR", Decimal(0))],
        "VAL-404": [("GBP", Decimal("0.0769"))],
    }
    register = table_named("CODE_OF_CURRENCY")
    assert "GBP" not in {each[0] for each in made.administration_tables[register.id]}
    near = [each for each in waiting(made) if each["currency"]["code"] == "NOK" and each["currencyRate"] == 1]
    assert [each["guid"] in made.oracle.severa_after for each in near] == [True]


def test_reverse_charge_in_the_eu_outside_it_and_in_construction() -> None:
    made = company()
    charged = {each["guid"] for each in made.severa["invoicesettings"] if each["isReverseCharged"]}
    rows = rows_by_invoice(made)
    assert {row["vatRate"] for guid in charged for row in rows[guid]} == {Decimal(0), None}
    customers = {each["guid"]: each for each in made.severa["customers"]}
    countries = Counter(
        customers[each["customer"]["guid"]]["headquarterAddress"]["country"]
        for each in waiting(made)
        if each["guid"] in charged
    )
    assert {"Sverige", "Tyskland", "USA"} <= set(countries)
    ordinary = generate(PracticeParameters(), built_in_administration())
    ordinary_rows = {row["vatRate"] for row in ordinary.severa["invoicerows"]}
    assert None not in ordinary_rows


def test_shares_of_the_medium_company() -> None:
    made = company(size="medium")
    special = PracticeParameters(size="medium").special
    ordinary = len(waiting(generate(PracticeParameters(size="medium"), built_in_administration())))
    assert 350 < ordinary < 450
    billed = Counter(each["currency"]["code"] for each in waiting(made) if not each["isCreditNote"])
    for code, share in special.currency_shares:
        # A few more: those with a rate that stops or warns.
        assert 0 <= billed[code] - max(1, round(share * ordinary)) <= 5, code
    known = [each for each in credits_of(made) if each["guid"] in made.oracle.severa_after]
    assert 0 <= len(known) - round(special.credit_share * ordinary) <= 10
    by_guid = invoices(made)
    partial = [
        each for each in known
        if 0 < -net_of(made, each) < net_of(made, by_guid[each["reimburseInvoice"]["guid"]])
    ]  # fmt: skip
    assert 3 <= len(partial) <= 6  # one in four, and the one with a charge inside


# -- shapes ----------------------------------------------------------------------------------------------------------


def test_totals_that_are_negative_or_nothing() -> None:
    made = company()
    nets = [net_of(made, each) for each in waiting(made) if not each["isCreditNote"]]
    assert sorted(each for each in nets if each <= 0) == [Decimal(-40_000), Decimal(-10_000), Decimal(0)]
    assert Decimal(150_000) in nets  # AT-37
    assert all(net_of(made, each) < 0 for each in with_reason(made, "FAK-329"))


def test_three_times_99_99_has_its_vat_row_by_row() -> None:
    made = company()
    found = {(each["isCreditNote"], each["totalTax"]["amount"], each["totalIncludingTax"]["amount"])
             for each in with_reason(made, "FAK-326")}  # fmt: skip
    assert found == {
        (False, Decimal("75.00"), Decimal("374.97")),
        (True, Decimal("-75.00"), Decimal("-374.97")),
    }


def test_shapes_of_rows() -> None:
    made = company()
    rows = rows_by_invoice(made)
    lengths = [[len(row["description"]) for row in rows[each["guid"]]] for each in waiting(made)]
    assert [59, 60, 61, 121] in lengths
    (decimals,) = with_reason(made, "FAK-330")
    assert {row["unitPrice"]["amount"] for row in rows[decimals["guid"]]} == {Decimal("99.995"), Decimal("1000.002")}
    (unit,) = with_reason(made, "ENH-851")
    assert [row["measurementUnit"] for row in rows[unit["guid"]]] == ["paket"]
    (patient,) = with_reason(made, "BTV-853")
    assert str(patient["paymentTerm"]) not in str(made.settings["mappings.payment_terms"])
    without_rate = [each for each in with_reason(made, "FAK-306") if rows[each["guid"]][0]["vatRate"] is None]
    assert len(without_rate) == 1
    assert any(len(each["projects"]) > 1 for each in waiting(made))


def test_numbers_that_a_sloppy_comparison_takes_for_the_same() -> None:
    made = company()
    customer, project = table_named("CUSTOMER"), table_named("PROJECT")
    assert "0042" in {record[0] for record in made.administration_tables[customer.id]}
    assert "010" in {record[0] for record in made.administration_tables[project.id]}
    assert "42" in {record.fields["NUMBER"] for record in made.oracle.needed_for_month.customers}
    used = {record.fields["PROJECT_CODE"] for record in made.oracle.invoices}
    assert {"10", "100", "1001"} <= used
    refused = {each["number"] for each in made.severa["projects"] if made.expected_reasons.get(each["guid"])}
    assert refused == {1_000_010}


def test_the_inactive_customer_is_one_of_administration() -> None:
    made = company()
    customer = table_named("CUSTOMER")
    inactive = field_named(customer, "INACTIVE").id
    (refused,) = with_reason(made, "KND-107")
    assert [record[0] for record in made.administration_tables[customer.id] if record.get(inactive)] == [
        str(refused["customer"]["number"])
    ]
