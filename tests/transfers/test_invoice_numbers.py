"""Invoices under either numbering master: who gives the number, and what Severa is told of it (semantics §4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.records.reasons import Level
from brygga.store.database import open_store
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.transfers.invoices_world import carried, in_severa, planned
from tests.transfers.practice_world import TRANSFERRED, World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


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
