"""The oracle over credit notes, foreign currency and the edge pack: by hand, and typed into the practice engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.practice.adk_engine.user import read
from brygga.practice.administration_base import AdministrationBase
from brygga.practice.administration_seed import administration_from_sie, built_in_administration
from brygga.practice.arithmetic import adk_rate, invoice_totals, ocr_number, rounding_tolerance
from brygga.practice.dataset import PracticeCompany, PracticeParameters, generate
from brygga.practice.oracle import AdministrationBefore, build_oracle, compare
from brygga.practice.oracle_invoices import in_transfer_order
from brygga.practice.oracle_records import ExpectedRecord, Mentions, same
from brygga.practice.sie import read_sie
from tests.shared import shared_file
from tests.unit.test_oracle import typed_in

Document = dict[str, Any]


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


def records(made: PracticeCompany) -> dict[str, ExpectedRecord]:
    return {record.source: record for record in made.oracle.invoices}


def priced(record: ExpectedRecord) -> list[Mapping[str, Any]]:
    return [row for row in record.rows if "VAT_CODE" in row]


def money_of(record: ExpectedRecord) -> tuple[Any, ...]:
    return tuple(record.fields[name] for name in ("EXCLUDING_OF_VAT", "VAT_AMOUNT", "ROUND_OFF", "TOTAL_AMOUNT"))


def d(*texts: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(text) for text in texts)


def expected_with(made: PracticeCompany, code: str) -> list[ExpectedRecord]:
    """The records of the invoices that are transferred with this code."""
    return [record for record in made.oracle.invoices if code in made.expected_reasons.get(record.source, ())]


def before_of(made: PracticeCompany) -> AdministrationBefore:
    units = {"EUR": 1, "USD": 1, "NOK": 100, "DKK": 100, "JPY": 100}
    return AdministrationBefore(made.oracle.before, made.next_invoice_number, units)


# -- arithmetic ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "unit", "expected"),
    [
        ("0.0895", 1, "11.173184"),  # AT-44
        ("0.0895", 100, "1117.318436"),  # AT-45
        ("1.0321", 100, "96.889836"),  # AT-46
        ("1891.16", 1, "0.000529"),  # AT-47
        ("1891.16", 100, "0.052878"),
        ("133.6712", 100, "0.748104"),
        ("14.3472", 100, "6.970001"),  # AT-48
        ("3", 1, "0.333333"),  # AT-50
    ],
)
def test_the_rate_is_rounded_once_and_last(rate: str, unit: int, expected: str) -> None:
    assert adk_rate(Decimal(rate), Decimal(unit)) == Decimal(expected)


@pytest.mark.parametrize(("rows", "expected"), [(1, "0.01"), (2, "0.01"), (3, "0.02"), (60, "0.30")])
def test_tolerance_is_half_an_ore_a_row(rows: int, expected: str) -> None:
    assert rounding_tolerance(rows) == Decimal(expected)


QUANTITIES = st.decimals("-99", "99", places=2)
PRICES = st.decimals("0", "9999", places=2)
RATES = st.sampled_from([Decimal(rate) for rate in (25, 12, 6, 0)])
ROWS = st.lists(st.tuples(QUANTITIES, PRICES, RATES), min_size=1, max_size=8)


@given(rows=ROWS, whole_kronor=st.booleans(), vat_per_row=st.booleans())
def test_a_credit_note_mirrors_its_invoice(
    rows: list[tuple[Decimal, Decimal, Decimal]], whole_kronor: bool, vat_per_row: bool
) -> None:
    totals = invoice_totals(rows, whole_kronor=whole_kronor, vat_per_row=vat_per_row)
    back = [(-quantity, price, rate) for quantity, price, rate in rows]
    mirror = invoice_totals(back, whole_kronor=whole_kronor, vat_per_row=vat_per_row)
    assert (mirror.net, mirror.vat, mirror.gross) == (-totals.net, -totals.vat, -totals.gross)
    assert (mirror.round_off, mirror.to_pay) == (-totals.round_off, -totals.to_pay)
    assert totals.to_pay == totals.net + totals.vat + totals.round_off


# -- order -----------------------------------------------------------------------------------------------------------


@st.composite
def batches(draw: st.DrawFn) -> list[Document]:
    """Invoices of a few days, some of them credit notes of an earlier one in the list or of one that is not there."""
    made: list[Document] = []
    for place in range(draw(st.integers(1, 12))):
        original = draw(st.sampled_from([None, "elsewhere", *(each["guid"] for each in made)]))
        made.append({
            "guid": f"g{place}",
            "date": f"2026-01-{draw(st.integers(1, 5)):02}",
            "number": draw(st.one_of(st.none(), st.integers(1, 20))),
            "isCreditNote": original is not None,
            "reimburseInvoice": {"guid": original} if original else None,
        })  # fmt: skip
    return draw(st.permutations(made))


@given(batch=batches())
def test_originals_come_first_and_nothing_else_is_moved(batch: list[Document]) -> None:
    ordered = in_transfer_order(batch)
    assert sorted(each["guid"] for each in ordered) == sorted(each["guid"] for each in batch)
    places = {each["guid"]: place for place, each in enumerate(ordered)}
    waited: set[str] = set()
    for each in ordered:
        original = (each["reimburseInvoice"] or {}).get("guid")
        if original in places:
            assert places[original] < places[each["guid"]]
            waited.add(each["guid"])
    free = [(each["date"], each["number"] is None, each["number"] or 0, each["guid"])
            for each in ordered if each["guid"] not in waited]  # fmt: skip
    assert free == sorted(free)


def test_the_credit_note_listed_first_follows_its_original() -> None:
    credit = {"guid": "k", "date": "2026-01-02", "number": 9000011, "isCreditNote": True,
              "reimburseInvoice": {"guid": "f"}}  # fmt: skip
    invoice = {"guid": "f", "date": "2026-01-30", "number": 9000010, "isCreditNote": False, "reimburseInvoice": None}
    assert in_transfer_order([credit, invoice]) == [invoice, credit]  # AT-39


# -- credit notes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("master", ["severa", "administration"])
def test_credit_notes_are_positive_and_name_their_original(master: str) -> None:
    made = company(master=master)
    found, by_guid = records(made), invoices(made)
    credits = [record for record in found.values() if record.fields["TYPE_OF_INVOICE"] == "K"]
    assert len(credits) > 8
    earlier = 0
    for record in credits:
        severa = by_guid[record.source]
        original = by_guid[severa["reimburseInvoice"]["guid"]]
        named = record.fields["NUMBER_OF_ORIGINAL_INVOICE"]
        if original["guid"] in found:
            assert named == found[original["guid"]].fields["DOCUMENT_NUMBER"]
        else:
            assert named == Decimal(original["number"])  # AT-41
            earlier += 1
        net, vat, _, total = money_of(record)
        assert net + vat == -severa["totalIncludingTax"]["amount"]
        assert total > 0
    assert earlier == 1
    assert all(
        "NUMBER_OF_ORIGINAL_INVOICE" not in record.fields
        for record in found.values()
        if record.fields["TYPE_OF_INVOICE"] == "F"
    )


def test_a_whole_credit_note_is_the_mirror_of_its_invoice() -> None:
    made = company()
    found, by_guid = records(made), invoices(made)
    mirrored = 0
    for record in found.values():
        original = found.get(str((by_guid[record.source].get("reimburseInvoice") or {}).get("guid")))
        if original is None or money_of(record)[0] != money_of(original)[0]:
            continue
        assert money_of(record) == money_of(original)
        assert [row["QUANTITY1"] for row in priced(record)] == [row["QUANTITY1"] for row in priced(original)]
        assert record.fields["EXPORT"] == original.fields["EXPORT"]
        assert record.fields.get("CURRENCY_RATE") == original.fields.get("CURRENCY_RATE")
        mirrored += 1
    assert mirrored > 5


def test_a_charge_inside_a_credit_note() -> None:
    made = company()
    (record,) = [
        each for each in made.oracle.invoices
        if each.fields["TYPE_OF_INVOICE"] == "K" and any(row["QUANTITY1"] < 0 for row in priced(each))
    ]  # fmt: skip
    assert [(row["QUANTITY1"], row["PRICE_EACH_CURRENT_CURRENCY"]) for row in priced(record)] == [
        (Decimal(10), Decimal(1250)), (Decimal(-2), Decimal(500)),
    ]  # fmt: skip
    assert record.fields["EXCLUDING_OF_VAT"] == Decimal(11_500)  # AT-38


def test_numbers_under_administration_master_put_originals_first() -> None:
    made = company(master="administration")
    numbers = [record.fields["DOCUMENT_NUMBER"] for record in made.oracle.invoices]
    assert numbers == [Decimal(made.next_invoice_number + place) for place in range(len(numbers))]
    ahead = [
        record for record in made.oracle.invoices
        if record.fields["TYPE_OF_INVOICE"] == "K"
        and invoices(made)[record.source]["date"] == "2026-01-01"
    ]  # fmt: skip
    assert ahead
    for record in made.oracle.invoices:
        named = record.fields.get("NUMBER_OF_ORIGINAL_INVOICE")
        assert named is None or named < record.fields["DOCUMENT_NUMBER"]  # type: ignore[operator]
        after = made.oracle.severa_after[record.source]
        assert after["referenceNumber"] == ocr_number(int(str(after["number"])))


@pytest.mark.parametrize(("chosen", "expected"), [("", "Överförd"), ("Betald", "Betald")])
def test_the_status_of_credit_notes_is_their_own_when_it_is_chosen(chosen: str, expected: str) -> None:
    made = company()
    settings = {**made.settings, "invoices.credit_status_after": chosen}
    oracle = build_oracle(made.severa, settings, before_of(made), refused=made.oracle.untouched)
    names = {each["guid"]: each["name"] for each in made.severa["invoicestatuses"]}
    statuses = {
        (invoices(made)[guid]["isCreditNote"], names[str(after["status"])])
        for guid, after in oracle.severa_after.items()
    }
    assert statuses == {(False, "Överförd"), (True, expected)}


def test_a_credit_note_that_credits_nothing_cannot_be_expected() -> None:
    made = company()
    (alone,) = [
        each for each in made.severa["invoices"] if each["isCreditNote"] and each["reimburseInvoice"] is None
    ]  # fmt: skip
    refused = set(made.oracle.untouched) - {alone["guid"]}
    with pytest.raises(ValueError, match="credits nothing"):
        build_oracle(made.severa, made.settings, before_of(made), refused=refused)


def test_a_total_too_far_from_its_rows_cannot_be_expected() -> None:
    made = company(defects=True)
    wrong = next(guid for guid, codes in made.expected_reasons.items() if codes == {"FAK-307"})
    with pytest.raises(ValueError, match=r"0\.50 from its rows"):
        build_oracle(made.severa, made.settings, before_of(made), refused=set(made.oracle.untouched) - {wrong})


# -- rounding, decimals, currency ------------------------------------------------------------------------------------


def test_three_times_99_99_gets_a_rounding_row() -> None:
    made = company()
    found = expected_with(made, "FAK-326")
    assert sorted(str(record.fields["TYPE_OF_INVOICE"]) for record in found) == ["F", "F", "K"]
    for record in found:
        assert money_of(record) == d("299.98", "74.99", "0.03", "375")  # AT-53
        *ordinary, rounding = priced(record)
        assert [row["AMOUNT_CURRENT_CURRENCY"] for row in ordinary] == [Decimal("99.99")] * 3
        assert (rounding["PRICE_EACH_CURRENT_CURRENCY"], rounding["VAT_CODE"]) == (Decimal("0.01"), "0")
        assert (rounding["ARTICLE_NUMBER"], rounding["ACCOUNT_NUMBER"]) == ("", "3740")


def test_a_price_with_more_decimals_than_the_field() -> None:
    made = company()
    (record,) = expected_with(made, "FAK-330")
    first, kept, second = (row for row in record.rows if row["TEXT"])
    assert (first["QUANTITY1"], first["PRICE_EACH_CURRENT_CURRENCY"], first["UNIT"]) == (1, Decimal("299.99"), "")
    assert kept["TEXT"] == Mentions(("3", "99,995"))
    assert (second["QUANTITY1"], second["PRICE_EACH_CURRENT_CURRENCY"]) == d("0.5", "1000.00")
    assert (second["AMOUNT_CURRENT_CURRENCY"], second["UNIT"]) == (Decimal("500.00"), "tim")
    assert record.fields["EXCLUDING_OF_VAT"] == Decimal("799.99")


def test_foreign_invoices_keep_their_cents() -> None:
    made = company()
    euro = [record for record in made.oracle.invoices if record.fields.get("CURRENCY_CODE") == "EUR"]
    with_vat = [record for record in euro if record.fields["VAT_AMOUNT"] and money_of(record)[0] == Decimal("4875.50")]
    assert with_vat
    for record in with_vat:
        assert money_of(record) == d("4875.50", "1218.88", "0", "6094.38")  # AT-57
    in_kronor = [record for record in made.oracle.invoices if "CURRENCY_CODE" not in record.fields]
    assert all(money_of(record)[3] % 1 == 0 for record in in_kronor)
    near = [record for record in made.oracle.invoices if record.fields.get("CURRENCY_RATE") == 100]
    assert [(record.fields["CURRENCY_CODE"], record.fields["CURRENCY_UNIT"]) for record in near] == [("NOK", 100)]


def test_negative_totals_stay_invoices() -> None:
    made = company()
    found = expected_with(made, "FAK-329")
    assert {record.fields["TYPE_OF_INVOICE"] for record in found} == {"F"}
    assert sorted(money_of(record) for record in found) == [
        d("-40000", "-10000", "0", "-50000"), d("-10000", "-2500", "0", "-12500"),
    ]  # fmt: skip


def test_terms_units_and_texts() -> None:
    made = company()
    (patient,) = expected_with(made, "BTV-853")
    assert patient.fields["CODE_OF_TERMS_OF_PAYMENT"] == ""
    (unit,) = expected_with(made, "ENH-851")
    assert [row["UNIT"] for row in priced(unit)] == [""]
    long = [
        [len(str(row["TEXT"])) for row in record.rows if row["TEXT"]]
        for record in made.oracle.invoices
        if len(priced(record)) == 4
    ]
    assert any(lengths[:2] == [59, 60] and len(lengths) >= 7 and max(lengths) == 60 for lengths in long)


def test_export_customers_of_every_kind() -> None:
    made = company()
    export = {record.fields["COUNTRY"]: record.fields for record in made.oracle.customers if record.fields["EXPORT"]}
    assert {"Tyskland", "USA", "Sverige", "Danmark"} <= set(export)
    assert str(export["Sverige"]["VAT_NUMBER"]).startswith("SE")
    assert export["Sverige"]["ORGANISATION_NUMBER"] == ""
    assert export["USA"]["CODE_OF_CURRENCY"] == "USD"
    construction = [
        record for record in made.oracle.invoices
        if record.fields["EXPORT"] and "CURRENCY_CODE" not in record.fields
        and [row["QUANTITY1"] for row in priced(record)] == [8, 3]
    ]  # fmt: skip
    assert [money_of(record) for record in construction] == [d("13750", "0", "0", "13750")]
    assert {row["VAT_CODE"] for row in priced(construction[0])} == {"0"}


@pytest.mark.parametrize(
    ("parts", "found", "is_same"),
    [(("3", "99,995"), "3 h à 99,995", True), (("3", "99,995"), "3 h à 99,99", False), (("3",), None, False),
     (("",), None, True), (("",), "Öresutjämning", True)],
)  # fmt: skip
def test_what_a_text_must_mention(parts: tuple[str, ...], found: object, is_same: bool) -> None:
    assert same(Mentions(parts), found) is is_same


# -- typed into Administration ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "size", "master"),
    [
        ("", "small", "severa"),
        ("", "small", "administration"),
        ("", "medium", "severa"),
        ("visma-administration-2000.se", "small", "administration"),
        ("avendo-5.se", "small", "severa"),
    ],
)
def test_administration_reaches_the_same_sums_as_the_oracle(
    source: str, size: str, master: str, tmp_path: Path
) -> None:
    made = company(source, size=size, master=master, defects=True)
    # Projects of a SIE file are there from the start and not typed in, so they keep the file's names.
    expected = made.oracle.month_records() if source else made.oracle.all_records()
    place = typed_in(made, tmp_path, expected)
    assert compare(made.oracle, lambda table: read(place, table), records=expected) == []


def test_the_last_day_of_the_month_holds_most_credit_notes() -> None:
    made = company()
    days = [record.fields["DOCUMENT_DATE1"] for record in made.oracle.invoices
            if record.fields["TYPE_OF_INVOICE"] == "K"]  # fmt: skip
    assert days.count(date(2026, 1, 30)) > len(days) / 2
    assert all(day.month == 1 for day in days if isinstance(day, date))
