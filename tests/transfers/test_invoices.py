"""Which invoices go, under which number, and what is created first, on the simulators (semantics §4.3, §4.5-4.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.administration.adk.errors import AdkStatus, Code
from brygga.administration.host_process import HostAdkError
from brygga.practice.adk_engine import user
from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Refused
from brygga.runs.doubt import Decision, doubts
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from tests.transfers.invoices_world import carried, in_severa, planned
from tests.transfers.practice_world import READY, Row, World, codes, day, practice_world
from tests.transfers.travels import decided


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


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
