"""What the document holds: head, rows, texts and amounts, as Administration shows them (semantics §4.4, §4.6)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.records.reasons import Level
from brygga.records.target import InvoiceDocument
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.results import Result
from tests.contract.adk_company import CUSTOMER
from tests.transfers.practice_world import Row, World, codes, day, practice_world, texts_of

D = Decimal


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def carried(world: World) -> Result:
    return world.result(Transfer.INVOICES, "invoice-10234")


def planned(world: World) -> Plan:
    return world.preview(Transfer.INVOICES)["invoice-10234"]


def sent(world: World, *rows: Row, **head: Any) -> tuple[Result, dict[str, Any]]:
    """Transfer one invoice; how it ended and what Administration shows."""
    world.invoice(10234, *rows, **head)
    result = carried(world)
    assert result.state is RowState.TRANSFERRED, result.reasons
    return result, world.head(10234)


def amounts(head: dict[str, Any]) -> list[Decimal]:
    """Net, VAT, rounding and total to pay."""
    return [head[name] for name in ("EXCLUDING_OF_VAT", "VAT_AMOUNT", "ROUND_OFF", "TOTAL_AMOUNT")]


def test_the_head_holds_dates_references_terms_and_type(world: World) -> None:
    result, head = sent(world, yourReference="Eva Ek", ourReference="Åsa Öberg", orderNumber="PO-1", paymentTerm=10)
    expected = {
        "TYPE_OF_INVOICE": "F",
        "DOCUMENT_DATE1": day("2026-01-31"),
        "DOCUMENT_DATE2": day("2026-03-02"),
        "CUSTOMER_NUMBER": "1001",
        "CUSTOMER_REFERENCE_NAME": "Eva Ek",
        "OUR_REFERENCE_NAME": "Åsa Öberg",
        "CUSTOMER_ORDER_NUMBER": "PO-1",
        "CODE_OF_TERMS_OF_PAYMENT": "10",
        "EXPORT": False,
        "INCLUDING_VAT": False,
        "LOCAL_REMARK": "SEVERA:invoice-10234",
    }
    assert {name: head[name] for name in expected} == expected
    assert result.reasons == ()


def test_a_priced_row_holds_article_both_quantities_price_unit_and_vat_code(world: World) -> None:
    _, head = sent(world, Row("37.5", "1250.50", text="Utveckling"))
    row = head["ROWS"][0]
    assert [row[name] for name in ("ARTICLE_NUMBER", "TEXT", "UNIT", "VAT_CODE")] == ["100", "Utveckling", "tim", "1"]
    assert (row["QUANTITY1"], row["QUANTITY2"], row["PRICE_EACH_CURRENT_CURRENCY"]) == (
        D("37.5"),
        D("37.5"),
        D("1250.5"),
    )


# -- projects and profit centres -------------------------------------------------------------------------------
def with_projects(world: World) -> dict[str, Any]:
    for number in (1042, 1043):
        world.project(number, f"Projekt {number}")
    return {"projects": [{"guid": "project-1042"}, {"guid": "project-1043"}]}


def test_at_28_rel_1_5_0_08_one_project_stands_on_the_head_and_on_every_row(world: World) -> None:
    world.project(1042, "Införande")
    _, head = sent(world, Row(), Row(text="Mer"), projects=[{"guid": "project-1042"}])
    assert head["PROJECT_CODE"] == "1042"
    assert [row["PROJECT"] for row in head["ROWS"]] == ["1042", "1042"]


def test_at_29_several_projects_leave_the_head_empty_and_rows_have_their_own(world: World) -> None:
    both = with_projects(world)
    _, head = sent(world, Row(project="project-1042"), Row(project="project-1043"), **both)
    assert head["PROJECT_CODE"] == ""
    assert [row["PROJECT"] for row in head["ROWS"]] == ["1042", "1043"]


def test_a_row_of_several_projects_has_none_with_a_warning(world: World) -> None:
    both = with_projects(world)
    world.invoice(10234, Row(project="project-1042"), Row(project="project-1043"), **both)
    hour = {"guid": "another", "eventDate": "2026-01-16", "invoice": {"guid": "invoice-10234"}}
    behind = {"invoiceRowGuid": "row-invoice-10234-1", "project": {"guid": "project-1043"}}
    world.severa.add("workhours", hour | behind)
    result = carried(world)
    assert codes(result) == ["FAK-324"]
    assert [row["PROJECT"] for row in world.head(10234)["ROWS"]] == ["", "1043"]


@pytest.mark.parametrize(
    ("where", "head", "row", "row_there"),
    [("head", "1042", "", "1042"), ("rows", "", "1042", "1042"), ("off", "", "", "")],
)
def test_rel_1_5_0_08_the_setting_says_where_the_project_stands(
    world: World, where: str, head: str, row: str, row_there: str
) -> None:
    """A row sent without project gets the head's from Administration (contracts/adk.md, PROJECT_CODE: head default)."""
    world.settings["invoices.project_on"] = where
    world.project(1042, "Införande")
    result, there = sent(world, projects=[{"guid": "project-1042"}])
    document = result.plan.payload
    assert isinstance(document, InvoiceDocument)
    assert (document.project, document.rows[0].project) == (head, row)
    assert (there["PROJECT_CODE"], there["ROWS"][0]["PROJECT"]) == (head, row_there)


def test_the_profit_centre_is_the_rows_else_the_projects_else_the_business_units(world: World) -> None:
    world.project(1042, "Införande", costCenter={"guid": "cost-sthlm"})
    cost = {"costCenter": {"number": "STHLM"}}
    _, head = sent(world, Row(more=cost), Row(text="Utan"), projects=[{"guid": "project-1042"}])
    assert [row["PROFIT_CENTRE"] for row in head["ROWS"]] == ["STHLM", "STHLM"]


def test_a_project_without_cost_centre_has_its_business_units(world: World) -> None:
    world.project(1042, "Införande", businessUnit={"guid": "unit-2"})
    _, head = sent(world, projects=[{"guid": "project-1042"}])
    assert head["ROWS"][0]["PROFIT_CENTRE"] == "STHLM"


def test_a_profit_centre_that_administration_lacks_is_refused(world: World) -> None:
    world.invoice(10234, Row(more={"costCenter": {"number": "GBG"}}))
    assert [(why.code, why.param("code")) for why in planned(world).reasons] == [("FAK-315", "GBG")]


# -- texts -------------------------------------------------------------------------------------------------------
def test_at_31_rel_1_5_0_09_a_long_order_number_stands_whole_in_a_text_row(world: World) -> None:
    whole = "PO-2026-000123/AVROP-7"
    result, head = sent(world, orderNumber=whole, freeText1={"plainText": "Avser januari"})
    assert head["CUSTOMER_ORDER_NUMBER"] == "PO-2026-000123/AVROP"
    assert texts_of(head) == [whole, "Avser januari", "Konsulttid"]
    assert codes(result) == ["FAK-317"]


@pytest.mark.parametrize("nothing", [None, "", "  \n "])
def test_at_32_rel_1_6_0_08_an_invoice_without_notes_and_texts_transfers(world: World, nothing: str | None) -> None:
    text = None if nothing is None else {"plainText": nothing}
    result, head = sent(world, notes=nothing, freeText1=text, freeText2=text)
    assert (texts_of(head), head["LOCAL_REMARK"], result.reasons) == (["Konsulttid"], "SEVERA:invoice-10234", ())


ORDINARY = (
    "Arbetet avser införande av det nya systemet för tidrapportering hos kunden i Malmö, "
    "med utbildning av personalen samt stöd vid starten."
)


def test_at_33_a_text_of_ordinary_words_wraps_at_60(world: World) -> None:
    assert len(ORDINARY) == 135
    _, head = sent(world, freeText1={"plainText": ORDINARY})
    rows = texts_of(head)[:-1]
    assert len(rows) == 3
    assert max(map(len, rows)) <= 60
    assert " ".join(rows) == ORDINARY


def test_texts_stand_before_and_after_the_rows_with_their_line_breaks(world: World) -> None:
    texts = {"freeText1": {"plainText": "\nÖver\n\nraderna\n\n"}, "freeText2": {"plainText": "Under " + "x" * 70}}
    _, head = sent(world, **texts)
    assert texts_of(head) == ["Över", "", "raderna", "Konsulttid", "Under", "x" * 60, "x" * 10]


def test_the_rest_of_a_long_row_text_follows_in_text_rows(world: World) -> None:
    _, head = sent(world, Row(text=ORDINARY), Row(text="Kort"))
    rows = head["ROWS"]
    assert [bool(row["ARTICLE_NUMBER"]) for row in rows] == [True, False, False, True]
    assert " ".join(texts_of(head)) == f"{ORDINARY} Kort"
    assert [row["QUANTITY1"] for row in rows] == [10, 0, 0, 10]


def test_a_row_text_of_10_000_characters_becomes_text_rows(world: World) -> None:
    text = "tio tecken " * 909 + "a"
    assert len(text) == 10_000
    _, head = sent(world, Row(text=text))
    assert " ".join(texts_of(head)) == text
    assert len(head["ROWS"]) == 182
    assert amounts(head) == [12500, 3125, 0, 15625]


def test_a_row_without_text_is_transferred(world: World) -> None:
    _, head = sent(world, Row(text=""))
    assert len(head["ROWS"]) == 1


def test_emoji_are_replaced_and_other_signs_stay(world: World) -> None:
    text = "Café – “Öl” € 😀\tklart"
    result, head = sent(world, Row(text=text), freeText1={"plainText": "👍 bra"}, notes="🎉", yourReference="Ewa 😀")
    assert texts_of(head) == ["? bra", "Café – “Öl” € ? klart"]
    assert head["LOCAL_REMARK"] == "SEVERA:invoice-10234 ?"
    assert head["CUSTOMER_REFERENCE_NAME"] == "Ewa ?"
    assert {why.param("characters") for why in result.reasons if why.code == "FAK-319"} == {"😀", "👍", "🎉"}


def test_internal_notes_are_never_printed_rows_and_are_cut_after_the_key(world: World) -> None:
    result, head = sent(world, notes="Ring Eva\nföre utskick. " + "Lång anteckning. " * 100)
    assert texts_of(head) == ["Konsulttid"]
    assert head["LOCAL_REMARK"].startswith("SEVERA:invoice-10234 Ring Eva före utskick. Lång")
    assert codes(result) == ["FAK-320"]


def test_references_longer_than_the_field_are_cut_with_a_warning(world: World) -> None:
    result, head = sent(world, yourReference="Y" * 51, ourReference="Ö" * 26)
    assert (head["CUSTOMER_REFERENCE_NAME"], head["OUR_REFERENCE_NAME"]) == ("Y" * 50, "Ö" * 25)
    cut = [(why.code, why.param("field"), why.param("max")) for why in result.reasons]
    assert sorted(cut) == [("FAK-318", "our_reference", "25"), ("FAK-318", "your_reference", "50")]


# -- mappings ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("unit", "code", "warned"), [("h", "tim", []), (" H ", "tim", []), ("paket", "", ["ENH-851"])])
def test_at_34_rel_1_5_0_14_units_are_mapped(world: World, unit: str, code: str, warned: list[str]) -> None:
    result, head = sent(world, Row(unit=unit))
    assert (head["ROWS"][0]["UNIT"], codes(result)) == (code, warned)


def test_at_35_a_unit_mapped_to_what_administration_lacks_is_refused(world: World) -> None:
    world.settings["mappings.units"] = {"h": "timma"}
    world.invoice(10234)
    assert codes(planned(world)) == ["MAP-854"]


def test_every_mapped_rate_has_its_vat_code(world: World) -> None:
    rows = [Row("1", "100", rate=rate, text=rate) for rate in ("25", "12", "6", "0")]
    _, head = sent(world, *rows)
    assert [row["VAT_CODE"] for row in head["ROWS"]] == ["1", "2", "3", "0"]


@pytest.mark.parametrize(("rate", "shown"), [("19", "19"), (None, "")])
def test_a_rate_without_vat_code_and_no_rate_are_refused(world: World, rate: str | None, shown: str) -> None:
    world.invoice(10234, Row(rate=rate))
    result = carried(world)
    assert (result.state, [(why.code, why.param("rate")) for why in result.reasons]) == (
        RowState.FAILED,
        [("FAK-306", shown)],
    )
    assert world.writes == (0, 0)


def test_payment_terms_without_mapping_are_empty_with_a_warning_and_the_due_date_is_severas(world: World) -> None:
    result, head = sent(world, paymentTerm=45, dueDate="2026-03-17")
    assert codes(result) == ["BTV-853"]
    assert head["DOCUMENT_DATE2"] == day("2026-03-17")


# -- amounts -----------------------------------------------------------------------------------------------------
def test_at_53_the_source_wins_by_a_rounding_row_within_the_tolerance(world: World) -> None:
    result, head = sent(world, *[Row("1", "99.99")] * 3, vat=D("75.00"))
    assert codes(result) == ["FAK-326"]
    assert [why.param("amount") for why in result.reasons] == ["0.01"]
    rounding = head["ROWS"][-1]
    assert (rounding["ACCOUNT_NUMBER"], rounding["VAT_CODE"], rounding["ARTICLE_NUMBER"]) == ("3740", "0", "")
    assert rounding["AMOUNT_CURRENT_CURRENCY"] == D("0.01")
    assert amounts(head) == [D("299.98"), D("74.99"), D("0.03"), 375]


def test_fak_307_a_total_beyond_the_tolerance_is_refused(world: World) -> None:
    world.invoice(10234, *[Row("1", "99.99")] * 3, vat=D("75.50"))
    result = carried(world)
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["FAK-307"], (0, 0))
    assert (result.reasons[0].param("a"), result.reasons[0].param("b")) == ("375.47", "374.96")


def test_at_54_whole_kronor(world: World) -> None:
    _, head = sent(world, Row("37.5", "1250"), Row("12.25", "1395"), Row("1", "842.37"))
    assert amounts(head) == [D("64806.12"), D("16201.53"), D("0.35"), 81008]


@pytest.mark.parametrize(
    ("price", "total", "round_off"),
    [("12345.49", 12345, "-0.49"), ("12345.50", 12346, "0.50"), ("-12345.50", -12346, "-0.50")],
)
def test_at_55_half_a_krona_is_rounded_away_from_zero(world: World, price: str, total: int, round_off: str) -> None:
    _, head = sent(world, Row("1", price, rate="0"))
    assert amounts(head) == [D(price), 0, D(round_off), total]


def test_at_55_the_credit_note_is_the_mirror(world: World) -> None:
    sent(world, Row("1", "12345.50", rate="0"))
    credited: dict[str, Any] = {"isCreditNote": True, "reimburseInvoice": {"guid": "invoice-10234"}}
    world.invoice(10235, Row("-1", "12345.50", rate="0"), **credited)
    assert world.result(Transfer.INVOICES, "invoice-10235").state is RowState.TRANSFERRED
    # A credit note's amounts are positive in Administration: 12 346 there is -12 346 on the customer's account.
    assert (world.head(10235)["TYPE_OF_INVOICE"], *amounts(world.head(10235))) == (
        "K",
        D("12345.50"),
        0,
        D("0.50"),
        12346,
    )


def test_at_56_mixed_rates(world: World) -> None:
    rates = {"25": "48213.40", "12": "1785.71", "6": "471.70", "0": "350"}
    _, head = sent(world, *[Row("1", price, rate=rate) for rate, price in rates.items()])
    assert [head[f"AMOUNT_OF_VAT{code}"] for code in (1, 2, 3)] == [D("12053.35"), D("214.29"), D("28.30")]
    assert amounts(head)[2:] == [D("0.25"), 63117]


def test_without_rounding_to_kronor_the_oere_stay(tmp_path: Path) -> None:
    own = {"invoices__round_to_kronor": False}
    with practice_world(tmp_path, places={"round_to_kronor": False}, **own) as world:
        world.customer(1001, "Åkeri & Söner AB")
        _, head = sent(world, Row("1", "100.10"))
        assert amounts(head) == [D("100.10"), D("25.03"), 0, D("125.13")]


def test_a_price_of_too_many_decimals_is_rounded_when_the_row_total_stays(world: World) -> None:
    result, head = sent(world, Row("1", "99.994999"))
    assert result.reasons == ()
    assert head["ROWS"][0]["AMOUNT_CURRENT_CURRENCY"] == D("99.99")


def test_a_price_of_too_many_decimals_goes_as_one_row_total_with_the_rest_in_a_text_row(world: World) -> None:
    """§4.13: never a changed total."""
    result, head = sent(world, Row("1000", "1.23456", text="Anrop"))
    assert codes(result) == ["FAK-330"]
    row, kept = head["ROWS"]
    assert (row["QUANTITY1"], row["PRICE_EACH_CURRENT_CURRENCY"], row["TEXT"]) == (1, D("1234.56"), "Anrop")
    assert (kept["TEXT"], kept["TYPE_OF_ROW"]) == ("1000 h à 1,23456", "T")
    assert amounts(head)[0] == D("1234.56")


def test_what_is_kept_in_the_text_row_fits_it_whatever_the_unit_is_called(world: World) -> None:
    unit = "påbörjad timme 😀 enligt avtal med kunden från 2026"
    result, head = sent(world, Row("1000", "1.23456", unit=unit))
    assert texts_of(head) == [
        "Konsulttid",
        "1000 påbörjad timme ? enligt avtal med kunden från 2026 à",
        "1,23456",
    ]
    assert {"FAK-319", "FAK-330"} <= set(codes(result))


def test_a_quantity_of_too_many_decimals_goes_the_same_way(world: World) -> None:
    result, head = sent(world, Row("0.333333", "1200"))
    assert codes(result) == ["FAK-330"]
    assert head["ROWS"][1]["TEXT"] == "0,333333 h à 1200"
    assert amounts(head)[0] == 400


def test_a_reverse_charged_invoice_is_export_without_vat(world: World) -> None:
    """The invoice's own flag decides EXPORT on the head (§4.1b)."""
    world.invoice(10234, Row(rate=None), reverse_charged=True)
    assert carried(world).state is RowState.TRANSFERRED
    head = world.head(10234)
    assert (head["EXPORT"], head["ROWS"][0]["VAT_CODE"], head["VAT_AMOUNT"]) == (True, "0", 0)


def test_an_ordinary_invoice_of_negative_total_is_told(world: World) -> None:
    """§4.5, AT-43: transferred as F with a warning."""
    result, head = sent(world, Row("-10"))
    assert [(why.code, why.level, why.params) for why in result.reasons] == [
        ("FAK-329", Level.WARNING, (("amount", "-12500.00"),))
    ]
    assert head["TYPE_OF_INVOICE"] == "F"


def test_a_reverse_charged_invoice_with_vat_on_a_row_is_refused_before_it_is_sent(world: World) -> None:
    world.reverse_charge("customer-1001")
    key = world.invoice(10234, Row(rate="0"), Row(rate="25"), reverse_charged=True)
    plan = world.preview(Transfer.INVOICES)[key]
    assert plan.action is Action.REFUSE
    assert "FAK-354" in codes(plan)


def test_the_customers_discounts_and_fees_are_not_taken_over(world: World) -> None:
    world.change_books(58, (), DEFAULT_OOI_DISPATCH_FEE=D(45), DEFAULT_OOI_CARGO_FEE=D(90))
    discounts = {"INVOICE_DISCOUNT": D(10), "ROW_DISCOUNT": D(5)}
    world.change_books(CUSTOMER, "1001", DISPATCH_FEE=True, CARGO_FEE=True, **discounts)
    result, head = sent(world, Row("10", "1250"))
    assert (result.state, codes(result)) == (RowState.TRANSFERRED, [])
    assert (head["EXCLUDING_OF_VAT"], head["VAT_AMOUNT"], head["TOTAL_AMOUNT"]) == (12500, 3125, 15625)
    assert [head[name] for name in ("INVOICE_DISCOUNT", "CARGO_AMOUNT", "DISPATCH_FEE")] == [0, 0, 0]
    assert head["ROWS"][0]["DISCOUNT"] == 0


def test_under_the_country_rule_a_sale_to_the_union_is_in_the_periodic_summary(world: World) -> None:
    world.settings["customers.reverse_charge_rule"] = "by_country"
    world.customer(3001, "Haus GmbH", {"city": "Berlin", "country": {"guid": "country-de"}}, vatNumber="DE136695976")
    world.reverse_charge("customer-3001")
    _, head = sent(world, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    assert (head["EXPORT"], head["EU_ACCOUNT_FOR_QUARTERLY"]) == (True, True)
