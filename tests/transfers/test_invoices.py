"""Which invoices go, under which number, and what is created first, on the simulators (semantics §4.3, §4.5-4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.administration.adk.errors import AdkStatus, Code
from brygga.administration.host_process import HostAdkError
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Level, Refused
from brygga.runs.doubt import Decision, doubts
from brygga.store.database import open_store
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer, needed_first
from brygga.transfers.results import Result
from tests.contract.adk_company import ARTICLE, CUSTOMER, PROJECT
from tests.transfers.practice_world import READY, TRANSFERRED, Row, World, codes, day, practice_world
from tests.transfers.test_doubt import decided

OTHER = "556016-0680"
"""A valid organisation number that no customer of Administration has."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


@pytest.fixture
def adm_world(world: World) -> World:
    """Administration is numbering master; its next number is 10457."""
    world.settings["numbering.master"] = "administration"
    return world


def planned(world: World, key: str = "invoice-10234") -> Plan:
    return world.preview(Transfer.INVOICES)[key]


def carried(world: World, key: str = "invoice-10234") -> Result:
    return world.result(Transfer.INVOICES, key)


def in_severa(world: World, key: str) -> tuple[object, object, object]:
    """Number, reference and status in Severa."""
    document = world.severa.document("invoices", key)
    assert document is not None
    return document["number"], document["referenceNumber"], document["status"]["guid"]


# -- numbering ---------------------------------------------------------------------------------------------------
def test_at_20_rel_1_5_0_05_under_severa_master_an_invoice_needs_a_number(world: World) -> None:
    world.invoice(None, guid="unnumbered")
    result = carried(world, "unnumbered")
    assert (result.state, codes(result)) == (RowState.FAILED, ["FAK-301"])
    assert world.writes == (0, 0)


def test_a_number_in_a_status_without_numbers_does_not_count(world: World) -> None:
    world.settings["invoices.statuses"] = ("Godkänd",)
    world.invoice(10234, status={"guid": "status-unnumbered"})
    assert codes(planned(world)) == ["FAK-301"]


@pytest.mark.parametrize(("reference", "ocr"), [("102343", "102343"), (None, "102343"), ("7700112233", "7700112233")])
def test_at_21_rel_1_5_0_05_severas_number_and_reference_become_administrations(
    world: World, reference: str | None, ocr: str
) -> None:
    world.invoice(10234, referenceNumber=reference)
    result = carried(world)
    assert (result.state, result.target_key, result.reasons) == (RowState.TRANSFERRED, "10234", ())
    assert world.head(10234)["OCR_NUMBER"] == ocr
    assert in_severa(world, "invoice-10234") == (10234, reference, TRANSFERRED)


def test_at_22_rel_1_5_0_06_administrations_number_is_written_over_a_temporary_one(adm_world: World) -> None:
    adm_world.invoice(9000012, referenceNumber="90000126")
    result = carried(adm_world, "invoice-9000012")
    assert (result.state, result.target_key) == (RowState.TRANSFERRED, "10457")
    assert in_severa(adm_world, "invoice-9000012") == (10457, "104570", TRANSFERRED)
    assert adm_world.head(10457)["LOCAL_REMARK"] == "SEVERA:invoice-9000012"
    assert len(adm_world.severa_writes) == 1


def test_at_23_rel_1_5_0_06_an_invoice_without_number_gets_administrations(adm_world: World) -> None:
    user.set_next_invoice_number(adm_world.place.company, 10458)
    adm_world.invoice(None, guid="unnumbered")
    assert carried(adm_world, "unnumbered").target_key == "10458"
    assert in_severa(adm_world, "unnumbered")[0] == 10458


def test_at_24_a_number_that_another_document_has_is_refused(world: World) -> None:
    user.set_next_invoice_number(world.place.company, 10234)
    world.settings["numbering.master"] = "administration"
    world.invoice(9000001)
    world.run(Transfer.INVOICES)
    world.settings["numbering.master"] = "severa"
    world.customer(1002, "Annan AB")
    world.invoice(10234, customer={"guid": "customer-1002"})
    before = world.head(10234), world.writes
    result = carried(world)
    assert (result.state, codes(result)) == (RowState.FAILED, ["FAK-302"])
    assert result.reasons[0].param("nr") == "10234"
    assert (world.head(10234), world.writes) == before


def test_at_24_our_own_earlier_document_is_linked_when_the_store_was_lost(world: World) -> None:
    world.invoice(10234)
    world.run(Transfer.INVOICES)
    world.severa.edit("invoices", "invoice-10234", {"status": {"guid": "status-ready"}})
    world.store.dispose()
    world.store = open_store(world.folder / "another.sqlite")
    world.take_over()
    assert codes(planned(world)) == ["FAK-332"]
    result = carried(world)
    assert (result.state, result.target_key, codes(result)) == (RowState.TRANSFERRED, "10234", ["FAK-332"])
    assert world.numbers() == [10234]
    assert world.host.writes == 1
    world.store.dispose()


def test_rel_1_5_0_04_a_master_must_be_chosen(world: World) -> None:
    world.settings["numbering.master"] = ""
    world.invoice(10234)
    assert codes(planned(world)) == ["INS-802"]
    assert carried(world).state is RowState.FAILED
    assert world.writes == (0, 0)


def test_severa_master_is_refused_where_administration_takes_no_number(tmp_path: Path) -> None:
    with practice_world(tmp_path, places={"switches": Switches(document_number_writable=False)}) as world:
        world.customer(1001, "Åkeri & Söner AB")
        world.invoice(10234)
        assert codes(planned(world)) == ["INS-803"]


def test_a_sent_invoice_is_not_renumbered_without_a_persons_reason(adm_world: World) -> None:
    """§3.1: the customer would hold a number that exists nowhere; refused before anything is added."""
    adm_world.settings["invoices.statuses"] = ("Skickad",)
    adm_world.invoice(9000012, status={"guid": "status-sent"})
    assert (carried(adm_world, "invoice-9000012").state, adm_world.writes) == (RowState.FAILED, (0, 0))
    assert codes(planned(adm_world, "invoice-9000012")) == ["FAK-327"]
    adm_world.settings["numbering.sent_override_reason"] = "Kunden har fått en rättad faktura"
    result = carried(adm_world, "invoice-9000012")
    assert (result.state, [(why.code, why.level) for why in result.reasons]) == (
        RowState.TRANSFERRED,
        [("FAK-327", Level.WARNING)],
    )


def test_numbers_are_given_in_order_of_date_number_and_key(adm_world: World) -> None:
    adm_world.invoice(9000003, date="2026-01-20")
    adm_world.invoice(None, date="2026-01-10", guid="b")
    adm_world.invoice(None, date="2026-01-10", guid="a")
    adm_world.invoice(9000002, date="2026-01-10")
    results = adm_world.run(Transfer.INVOICES).results
    assert [(one.plan.source_key, one.target_key) for one in results] == [
        ("invoice-9000002", "10457"),
        ("a", "10458"),
        ("b", "10459"),
        ("invoice-9000003", "10460"),
    ]


# -- which invoices ----------------------------------------------------------------------------------------------
def test_a_credit_note_without_an_original_is_refused_and_its_status_stays(world: World) -> None:
    """§4.5: Fel only when no original can come; never sent as an invoice, never without the original."""
    world.invoice(10234, Row(quantity="-10"), isCreditNote=True)
    result = carried(world)
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["FAK-304"], (0, 0))
    assert in_severa(world, "invoice-10234")[2] == READY


def test_rel_1_5_0_11_at_43_a_debit_invoice_of_negative_total_never_becomes_a_credit_note(world: World) -> None:
    world.invoice(10234, Row(quantity="-10"))
    result = carried(world)
    assert (result.state, codes(result)) == (RowState.TRANSFERRED, ["FAK-329"])
    head = world.head(10234)
    assert (head["TYPE_OF_INVOICE"], head["TOTAL_AMOUNT"]) == ("F", -15625)


def test_at_37_an_invoice_with_a_deduction_stays_an_invoice(world: World) -> None:
    world.invoice(10234, Row("160", "1250"), Row("-1", "50000", text="Avgår förskott"))
    carried(world)
    head = world.head(10234)
    assert [head[name] for name in ("TYPE_OF_INVOICE", "EXCLUDING_OF_VAT", "VAT_AMOUNT", "TOTAL_AMOUNT")] == [
        "F",
        150000,
        37500,
        187500,
    ]


def test_at_44_at_57_an_invoice_in_foreign_currency_goes_with_its_rate_and_keeps_its_cents(world: World) -> None:
    world.invoice(10234, Row("1", "100.10"), currency={"guid": "currency-eur"}, currencyRate=0.0895)
    assert carried(world).state is RowState.TRANSFERRED
    head = world.head(10234)
    assert (head["CURRENCY_CODE"], head["CURRENCY_RATE"], head["CURRENCY_UNIT"]) == ("EUR", Decimal("11.173184"), 1)
    assert (head["TOTAL_AMOUNT"], head["ROUND_OFF"]) == (Decimal("125.13"), 0)


def test_only_invoices_in_a_status_to_transfer_are_listed_and_others_chosen_by_hand_are_skipped(world: World) -> None:
    world.invoice(10234, status={"guid": "status-draft"})
    assert world.preview(Transfer.INVOICES) == {}
    plan = world.preview(Transfer.INVOICES, texts=("10234",))["invoice-10234"]
    assert (plan.action, codes(plan), plan.reasons[0].param("status")) == (Action.SKIP, ["FAK-325"], "Utkast")


def test_the_name_of_a_status_counts_without_regard_to_case_and_spaces(world: World) -> None:
    world.settings["invoices.statuses"] = (" ATT överföra ",)
    world.invoice(10234)
    assert planned(world).action is Action.CREATE


def test_invoices_before_the_cut_over_are_not_listed_and_chosen_ones_are_skipped(world: World) -> None:
    world.settings["invoices.from_date"] = day("2026-01-31")
    world.invoice(10233, date="2026-01-30")
    world.invoice(10234)
    assert list(world.preview(Transfer.INVOICES)) == ["invoice-10234"]
    assert list(world.preview(Transfer.INVOICES, start=day("2026-01-01"))) == ["invoice-10234"]
    chosen = world.preview(Transfer.INVOICES, keys=frozenset({"invoice-10233"}))["invoice-10233"]
    assert (chosen.action, codes(chosen)) == (Action.SKIP, ["FAK-331"])


def test_invoices_are_chosen_by_days_numbers_and_customers_name(world: World) -> None:
    for number, date in ((1, "2026-01-09"), (2, "2026-01-10"), (3, "2026-01-20"), (4, "2026-01-21")):
        world.invoice(number, date=date)
    between = world.preview(Transfer.INVOICES, start=day("2026-01-10"), end=day("2026-01-20"))
    assert list(between) == ["invoice-2", "invoice-3"]
    assert list(world.preview(Transfer.INVOICES, texts=("3", "99"))) == ["invoice-3"]
    assert len(world.preview(Transfer.INVOICES, texts=("åkeri & söner ab",))) == 4


def test_invoices_changed_since_a_moment_are_listed(world: World) -> None:
    world.invoice(10233, lastUpdatedDateTime="2026-01-09T23:59:59Z")
    world.invoice(10234, lastUpdatedDateTime="2026-01-10T00:00:00Z")
    since = datetime(2026, 1, 10, tzinfo=UTC)
    assert list(world.preview(Transfer.INVOICES, changed_since=since)) == ["invoice-10234"]


@pytest.mark.parametrize("setting", ["invoices.statuses", "invoices.status_after"])
def test_a_status_that_severa_lacks_stops_the_transfer(world: World, setting: str) -> None:
    world.invoice(10234)
    world.settings[setting] = ("Finns ej",) if setting == "invoices.statuses" else "Finns ej"
    with pytest.raises(Refused) as caught:
        world.run(Transfer.INVOICES)
    assert (caught.value.reason.code, caught.value.reason.param("name")) == ("INS-804", "Finns ej")
    assert world.writes == (0, 0)


def test_transferred_invoices_are_listed_as_such_and_not_sent_again(world: World) -> None:
    world.invoice(10234)
    carried(world)
    before = world.writes
    result = carried(world)
    assert (result.state, result.target_key, codes(result)) == (RowState.TRANSFERRED, "10234", ["FAK-309"])
    assert world.writes == before


# -- what is needed first ----------------------------------------------------------------------------------------
def new_everything(world: World) -> None:
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.project(3042, "Nytt projekt", customer="customer-3001")
    world.article("300", "Rådgivning")


def test_at_58_rel_1_6_0_14_rel_1_6_0_15_rel_1_6_0_16_customer_project_and_article_are_created_first(
    world: World,
) -> None:
    new_everything(world)
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    plan = planned(world)
    assert [need.kind.value for need in needed_first([plan])] == ["customer", "project", "article"]
    assert world.writes == (0, 0)
    result = carried(world)
    assert result.state is RowState.TRANSFERRED
    assert {"KND-110", "PRJ-210", "ART-706"} <= set(codes(result))
    assert world.books(CUSTOMER, "NUMBER")["3001"]["NAME"] == "Ny Kund AB"
    assert world.books(PROJECT, "CODE_OF_PROJECT")["3042"]["CUSTOMER_NUMBER"] == "3001"
    assert world.books(ARTICLE, "NUMBER")["300"]["ACCOUNTING_CODE"] == "TJ25"
    head = world.head(10234)
    assert (head["CUSTOMER_NUMBER"], head["PROJECT_CODE"], head["ROWS"][0]["ARTICLE_NUMBER"]) == ("3001", "3042", "300")
    assert world.host.writes == 4


def test_the_events_of_auto_fix_come_in_their_order(world: World) -> None:
    """Order: customer → project → article → document (§4.7)."""
    new_everything(world)
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    events = [code for code in codes(carried(world)) if code in ("KND-110", "PRJ-210", "ART-706")]
    assert events == ["KND-110", "PRJ-210", "ART-706"]


def test_a_fix_that_succeeded_stays_when_the_document_fails(world: World) -> None:
    new_everything(world)
    world.invoice(10234, customer={"guid": "customer-3001"})
    world.host.before = lambda operation: (
        user.set_journal_in_progress(world.place.company, True) if world.host.writes == 1 else None
    )
    result = carried(world)
    assert result.state is RowState.FAILED
    assert "3001" in world.books(CUSTOMER, "NUMBER")
    world.host.before = lambda operation: None
    user.set_journal_in_progress(world.place.company, False)
    assert carried(world).state is RowState.TRANSFERRED
    assert world.numbers() == [10234]


@pytest.mark.parametrize(
    ("setting", "code"), [("customers", "KND-117"), ("projects", "PRJ-208"), ("articles", "ART-707")]
)
def test_without_auto_fix_what_is_missing_refuses_the_invoice(world: World, setting: str, code: str) -> None:
    new_everything(world)
    world.settings[f"autofix.{setting}"] = False
    more: dict[str, Any] = {"customer": {"guid": "customer-3001"}, "projects": [{"guid": "project-3042"}]}
    world.invoice(10234, Row(codes=("300",)), **more)
    result = carried(world)
    assert result.state is RowState.FAILED
    assert code in codes(result)
    assert world.writes == (0, 0)


def test_a_missing_project_is_created_though_it_is_not_won(world: World) -> None:
    """§4.7: the invoice proves it."""
    world.project(77, salesStatus={"salesStatusTypeGuid": "sales-open"})
    world.invoice(10234, projects=[{"guid": "project-77"}])
    assert carried(world).state is RowState.TRANSFERRED
    assert world.head(10234)["PROJECT_CODE"] == "77"


def test_at_59_without_projects_on_invoices_a_missing_project_does_not_matter(world: World) -> None:
    world.settings |= {"projects.enabled": False, "invoices.project_on": "off"}
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    assert carried(world).state is RowState.TRANSFERRED
    assert (world.head(10234)["PROJECT_CODE"], world.head(10234)["ROWS"][0]["PROJECT"]) == ("", "")
    assert "77" not in world.books(PROJECT, "CODE_OF_PROJECT")


def test_at_60_rel_1_5_0_08_projects_on_invoices_without_project_transfer_is_a_row_error(world: World) -> None:
    world.settings["projects.enabled"] = False
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    result = carried(world)
    assert (result.state, codes(result), world.writes) == (RowState.FAILED, ["PRJ-208"], (0, 0))


def test_a_missing_project_that_is_refused_refuses_the_invoice(world: World) -> None:
    world.project(1000001)
    world.invoice(10234, projects=[{"guid": "project-1000001"}])
    assert codes(planned(world)) == ["PRJ-201"]


def test_a_project_that_severa_no_longer_has_refuses_the_invoice(world: World) -> None:
    world.project(77)
    world.invoice(10234, projects=[{"guid": "project-77"}])
    world.severa.delete("projects", "project-77")
    assert codes(planned(world)) == ["PRJ-211"]


def test_at_61_a_row_without_code_is_refused_or_gets_the_default_article(world: World) -> None:
    world.invoice(10234, Row(codes=()), Row(text="", codes=("1", "2"), more={"rowType": "ProjectFees"}))
    result = carried(world)
    assert [(why.code, why.param("name")) for why in result.reasons] == [
        ("FAK-308", "Konsulttid"),
        ("FAK-308", "ProjectFees"),
    ]
    world.settings["articles.default_article"] = "100"
    assert carried(world).state is RowState.TRANSFERRED
    assert [row["ARTICLE_NUMBER"] for row in world.head(10234)["ROWS"]] == ["100", "100"]


def test_an_article_that_severa_does_not_have_either_is_refused(world: World) -> None:
    world.invoice(10234, Row(codes=("999",)))
    assert [(why.code, why.param("nr")) for why in planned(world).reasons] == [("ART-707", "999")]


def test_an_article_that_cannot_be_created_refuses_the_invoice(world: World) -> None:
    world.article("ABC-12345678901234", "Lång kod")
    world.invoice(10234, Row(codes=("ABC-12345678901234",)))
    assert codes(planned(world)) == ["ART-701"]


def test_at_62_two_invoices_that_need_one_new_customer_create_it_once(world: World) -> None:
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    for number in (10234, 10235):
        world.invoice(number, customer={"guid": "customer-3001"})
    plans = world.preview(Transfer.INVOICES)
    assert [need.source_key for need in needed_first(plans.values())] == ["customer-3001"]
    results = world.run(Transfer.INVOICES).results
    assert [one.state for one in results] == [RowState.TRANSFERRED] * 2
    assert [codes(one) for one in results] == [["KND-110"], []]
    assert world.host.writes == 3


def test_the_filter_of_won_customers_does_not_hold_an_invoice(world: World) -> None:
    """§4.1c: auto-create from an invoice bypasses it."""
    world.settings["customers.won_only"] = True
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    world.invoice(10234, customer={"guid": "customer-3001"})
    assert carried(world).state is RowState.TRANSFERRED


def test_an_invoice_to_a_customer_that_is_inactive_in_administration_is_refused(world: World) -> None:
    world.change_books(CUSTOMER, "1001", INACTIVE=True)
    world.invoice(10234)
    result = carried(world)
    assert (result.state, "KND-107" in codes(result), world.writes) == (RowState.FAILED, True, (0, 0))


def test_a_customer_with_another_identity_stops_its_invoices(world: World) -> None:
    world.severa.edit("customers", "customer-1001", {"vatNumber": OTHER})
    world.invoice(10234)
    assert codes(planned(world)) == ["KND-106"]


def test_an_invoice_without_customer_is_refused(world: World) -> None:
    world.invoice(10234, customer=None)
    assert "KND-116" in codes(planned(world))


def test_at_09_reverse_charge_without_vat_number_blocks_the_invoice(world: World) -> None:
    world.customer(3001, "Haus GmbH", {"city": "Berlin", "country": {"guid": "country-de"}})
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    result = carried(world)
    assert (result.state, "KND-108" in codes(result), world.writes) == (RowState.FAILED, True, (0, 0))


def test_outside_the_union_no_vat_number_is_needed(world: World) -> None:
    world.customer(3001, "House Inc", {"city": "Boston", "country": {"guid": "country-us"}})
    world.reverse_charge("customer-3001")
    world.invoice(10234, Row(rate="0"), customer={"guid": "customer-3001"}, reverse_charged=True)
    assert carried(world).state is RowState.TRANSFERRED
    head = world.head(10234)
    assert (head["EXPORT"], head["VAT_AMOUNT"], head["ROWS"][0]["VAT_CODE"]) == (True, 0, "0")


# -- periods and what follows ------------------------------------------------------------------------------------
def test_a_locked_period_refuses_its_invoices_only(world: World) -> None:
    user.lock_month(world.place.company, "25", 1)
    world.invoice(10234)
    world.invoice(10235, date="2026-02-01")
    locked, free = world.run(Transfer.INVOICES).results
    assert (locked.state, [(why.code, why.param("period")) for why in locked.reasons]) == (
        RowState.FAILED,
        [("FAK-305", "2026-01")],
    )
    assert free.state is RowState.TRANSFERRED
    assert world.numbers() == [10235]


def test_a_day_outside_the_booking_years_is_refused(world: World) -> None:
    world.invoice(10234, date="2031-01-31")
    assert codes(planned(world)) == ["FAK-313"]


@pytest.mark.parametrize("printed", [True, False])
def test_at_94_rel_1_6_2_02_marked_as_printed_in_a_second_update_by_setting(world: World, printed: bool) -> None:
    world.settings["invoices.mark_printed"] = printed
    original = world.invoice(10234)
    assert carried(world).state is RowState.TRANSFERRED
    assert world.head(10234)["DOCUMENT_PRINTED"] is printed
    assert [one for one in world.host.asked if one in ("add", "update")] == ["add", "update"][: 1 + printed]
    world.invoice(10235, Row(quantity="-1"), isCreditNote=True, reimburseInvoice={"guid": original})
    assert carried(world, "invoice-10235").state is RowState.TRANSFERRED
    assert (world.head(10235)["TYPE_OF_INVOICE"], world.head(10235)["DOCUMENT_PRINTED"]) == ("K", printed)


def test_at_95_a_document_that_could_not_be_marked_is_marked_by_the_next_run_and_nothing_else(world: World) -> None:
    world.settings["invoices.mark_printed"] = True
    world.invoice(10234)

    def locked_once(operation: str) -> None:
        if operation == "update":
            world.host.before = lambda operation: None
            raise HostAdkError(AdkStatus(Code.EXCLUSIVE_LOCK), "", "call")

    world.host.before = locked_once
    assert codes(carried(world)) == ["FAK-311", "SYS-904"]
    before = world.writes
    assert world.head(10234)["DOCUMENT_PRINTED"] is False
    assert [result.state for result in world.run(Transfer.INVOICES).settled] == [RowState.TRANSFERRED]
    assert world.head(10234)["DOCUMENT_PRINTED"] is True
    assert (world.writes[0] - before[0], world.writes[1] - before[1], world.numbers()) == (0, 1, [10234])


def test_at_96_where_administration_numbers_a_document_is_marked_only_when_severa_has_its_number(
    adm_world: World,
) -> None:
    adm_world.settings["invoices.mark_printed"] = True
    adm_world.invoice(9000001)
    adm_world.severa.faults.order(FaultKind.ANSWER_INSTEAD, "PATCH", "/v1/invoices/*", status=403)
    assert carried(adm_world, "invoice-9000001").state is RowState.TRANSFERRED_WITH_REMARK
    assert adm_world.head(10457)["DOCUMENT_PRINTED"] is False
    assert in_severa(adm_world, "invoice-9000001")[0] == 9000001
    assert [result.state for result in adm_world.run(Transfer.INVOICES).settled] == [RowState.TRANSFERRED]
    assert in_severa(adm_world, "invoice-9000001")[0] == 10457
    assert adm_world.head(10457)["DOCUMENT_PRINTED"] is True
    assert adm_world.numbers() == [10457]


def test_without_a_status_for_transferred_invoices_severa_is_left_alone(world: World) -> None:
    world.settings["invoices.status_after"] = ""
    world.invoice(10234)
    assert carried(world).state is RowState.TRANSFERRED
    assert in_severa(world, "invoice-10234")[2] == "status-ready"
    assert world.severa_writes == []


def test_a_document_whose_total_differs_stays_without_write_back(tmp_path: Path) -> None:
    """§4.4: transferred, the amount differs (FAK-312): no status, not printed, until a person decides."""
    own = {"invoices__vat_rounding": "row", "invoices__round_to_kronor": False, "invoices__mark_printed": True}
    with practice_world(tmp_path, places={"round_to_kronor": False}, **own) as world:
        world.customer(1001, "Åkeri & Söner AB")
        world.invoice(10234, *[Row("1", "99.99")] * 3, vat=Decimal("75.00"))
        result = carried(world)
        assert result.state is RowState.TRANSFERRED_WITH_REMARK
        assert [why.params for why in result.reasons] == [(("nr", "10234"), ("a", "374.97"), ("b", "374.96"))]
        assert codes(result) == ["FAK-312"]
        assert world.severa_writes == []
        assert world.head(10234)["DOCUMENT_PRINTED"] is False
        assert codes(world.run(Transfer.INVOICES).settled[0]) == ["FAK-312"]
        assert world.numbers() == [10234]
        assert [(each.number, each.differs) for each in doubts(world.company().journal)] == [("10234", True)]
        with pytest.raises(Refused, match="SYS-936"):
            decided(world, "10234", Decision.LINK, "10234")
        accepted = decided(world, "10234", Decision.ACCEPT)
        assert accepted.state is RowState.TRANSFERRED
        assert in_severa(world, "invoice-10234")[2] == "status-transferred"
        assert world.head(10234)["DOCUMENT_PRINTED"] is True
        assert doubts(world.company().journal) == ()
        assert world.run(Transfer.INVOICES).settled == ()
