"""The number series as a controller sees them, on the simulators (semantics §3.1, §4.3, AT-25…27)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.insight.numbering import Entry, Numbering, Why, numbering, setup_reasons, switch_reasons
from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import Switches
from brygga.records.reasons import Reason
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import INVOICE_HEAD
from tests.transfers.practice_world import Row, World, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def report(world: World) -> Numbering:
    return numbering(world.company(read_only=True))


def whys(found: Numbering, owner: str = "administration") -> list[tuple[int, int, Why]]:
    series = next(each for each in found.series if each.owner == owner)
    return [(entry.first, entry.last, entry.why) for entry in series.entries]


def setup(world: World) -> tuple[Reason, ...]:
    company = world.company(read_only=True)
    return setup_reasons(company.severa, company.administration, company.preferences.numbering_master)


def next_in_severa(world: World, number: int) -> None:
    world.severa.edit("organizationsettings", "organizationsettings", {"nextInvoiceNumber": number})


def test_at_25_series_that_will_meet_are_a_warning_at_set_up(adm_world: World) -> None:
    """Severa next 10 300, Administration next 10 250: the highest used and one."""
    user.set_next_invoice_number(adm_world.place.company, 10249)
    adm_world.invoice(9000001)
    adm_world.run(Transfer.INVOICES)
    next_in_severa(adm_world, 10300)
    (why,) = setup(adm_world)
    assert (why.code, why.param("severa"), why.param("administration")) == ("INS-811", "10300", "10250")
    assert report(adm_world).reasons == (why,)
    assert not report(adm_world).sound
    next_in_severa(adm_world, 9000100)
    assert setup(adm_world) == ()


def test_at_27_a_cancelled_number_is_no_gap_and_a_missing_one_is(world: World) -> None:
    for number in (10455, 10456, 10457):
        world.invoice(number)
    world.run(Transfer.INVOICES)
    world.change_books(INVOICE_HEAD, 10456, DOCUMENT_CANCELLED=True)
    found = report(world)
    assert whys(found) == [(10456, 10456, Why.CANCELLED)]
    assert found.sound
    assert (found.series[0].first, found.series[0].last, found.series[0].count) == (10455, 10457, 3)
    world.invoice(10460)
    world.run(Transfer.INVOICES)
    found = report(world)
    assert whys(found) == [(10456, 10456, Why.CANCELLED), (10458, 10459, Why.MISSING)]
    assert not found.sound


def test_a_number_that_is_still_in_severa_says_why(world: World) -> None:
    world.invoice(10234)
    world.invoice(10235, Row(rate="19"))
    world.invoice(10236)
    world.run(Transfer.INVOICES)
    world.invoice(10237, status={"guid": "status-draft"})
    world.invoice(10238)
    world.run(Transfer.INVOICES, texts=("10238",))
    found = report(world)
    assert whys(found) == [(10235, 10235, Why.FAILED), (10237, 10237, Why.NOT_SENT)]
    failed = found.series[0].entries[0]
    assert [why.code for why in failed.reasons] == ["FAK-306"]


def test_temporary_numbers_are_told_with_what_they_became(adm_world: World) -> None:
    adm_world.settings["invoices.statuses"] = ("Att överföra", "Skickad")
    adm_world.settings["numbering.sent_override_reason"] = "Kunden har fått en rättad faktura"
    adm_world.invoice(9000012)
    adm_world.invoice(9000013, status={"guid": "status-sent"})
    adm_world.invoice(None, guid="unnumbered")
    adm_world.run(Transfer.INVOICES)
    adm_world.run(Transfer.INVOICES)
    found = report(adm_world)
    assert whys(found) == []
    temporary = next(each for each in found.series if each.owner == "severa")
    assert (temporary.legal, temporary.entries) == (
        False,
        (
            Entry(9000012, 9000012, Why.REPLACED, became="10457"),
            Entry(9000013, 9000013, Why.REPLACED_SENT, became="10458"),
        ),
    )
    assert not found.sound


def test_a_number_given_by_hand_between_ours_is_part_of_the_series(world: World) -> None:
    """Extra invoices made in Administration are documents of the series as well."""
    world.settings["numbering.master"] = "administration"
    world.invoice(9000001)
    world.run(Transfer.INVOICES)
    world.settings["numbering.master"] = "severa"
    world.invoice(10458)
    world.run(Transfer.INVOICES, texts=("10458",))
    assert whys(report(world)) == []


def test_severa_takes_over_only_above_every_number_used(adm_world: World) -> None:
    adm_world.invoice(9000001)
    adm_world.run(Transfer.INVOICES)
    next_in_severa(adm_world, 10457)
    company = adm_world.company(read_only=True)
    assert [(why.code, why.param("next"), why.param("highest")) for why in switch_reasons(company, "severa")] == [
        ("INS-812", "10457", "10457")
    ]
    next_in_severa(adm_world, 10458)
    assert switch_reasons(adm_world.company(read_only=True), "severa") == ()
    assert switch_reasons(adm_world.company(read_only=True), "administration") == ()


def test_the_capability_is_asked_before_anything_else(tmp_path: Path) -> None:
    with practice_world(tmp_path, places={"switches": Switches(document_number_writable=False)}) as world:
        assert [why.code for why in setup(world)] == ["INS-803"]
        assert [why.code for why in switch_reasons(world.company(read_only=True), "severa")] == ["INS-803"]
        found = report(world)
        assert (found.number_given, found.sound, found.series[0].first) == (False, False, None)
