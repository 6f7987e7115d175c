"""Varför inte? and the doubt desk, through the application (issue: the web application; spec/product.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from brygga.insight.why_not import OTHER_RULES, RULES, Verdict, chain, why_not
from brygga.store.listings import Listings
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import World, practice_world
from tests.transfers.travels import lost_in_administration
from tests.web.page_world import Pages, pages_on


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.article("100", "Konsulttid")
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def test_a_record_outside_every_filter_is_explained(pages: Pages) -> None:
    pages.world.invoice(10234, status={"guid": "status-draft"})
    before = pages.world.writes
    text = pages.get("/alfa/varfor?q=10234")
    assert "It is not transferred, because of the rule marked with ✕." in text
    assert "✕ Its status is one to transfer : no" in text
    assert "FAK-325" in text
    assert "rules were not asked" in text
    assert pages.world.writes == before


def test_the_chain_ends_in_what_would_happen(pages: Pages) -> None:
    pages.world.invoice(10234)
    assert "Nothing stops it" in pages.get("/alfa/varfor?q=10234")
    pages.world.run(Transfer.INVOICES)
    assert "It is transferred; in the other system it is 10234." in pages.get("/alfa/varfor?q=10234")
    assert "has anything called nowhere" in pages.get("/alfa/varfor?q=nowhere")
    assert "Type the number or name" in pages.get("/alfa/varfor")


def test_a_customer_is_found_by_its_name_whatever_the_capitals(pages: Pages) -> None:
    assert "✕ It has a won project" in pages.get("/alfa/varfor?q=åkeri %26 söner ab")


def test_every_reason_of_a_plan_stands_in_its_chain(world: World) -> None:
    """Whatever the planner says is shown under one rule: none twice, none lost."""
    world.invoice(10234)
    world.severa.edit("invoices", "invoice-10234", {"date": "2031-01-31"})
    for plan in world.preview(Transfer.INVOICES).values():
        told = [why for step in chain(plan) for why in step.reasons]
        assert sorted(told, key=repr) == sorted(plan.reasons, key=repr)
        assert any(step.verdict is Verdict.STOPPED for step in chain(plan)) == bool(plan.stops)
    for transfer, rules in RULES.items():
        sentences = [sentence for sentence, _ in rules]
        assert len(set(sentences)) == len(sentences), transfer
        assert OTHER_RULES not in sentences


def test_a_transfer_that_cannot_be_planned_says_so_only_for_its_own_records(world: World) -> None:
    world.invoice(10234)
    found = why_not(world.company(read_only=True), "10234", Listings(world.store))
    assert [answer.transfer for answer in found] == [Transfer.INVOICES]
    assert why_not(world.company(read_only=True), "  ", Listings(world.store)) == ()


def test_the_desk_shows_both_systems_and_asks_once_more(pages: Pages) -> None:
    assert "Nothing is in doubt." in pages.get("/alfa/osaker")
    lost_in_administration(pages.world)
    listed = pages.get("/alfa/osaker")
    assert "1 record may or may not have been written" in listed
    assert "10234" in listed
    before = pages.world.writes
    desk = pages.get("/alfa/osaker/invoice-10234")
    assert "Administration has no document that could be it." in desk
    assert "It is not there – send it again" in desk
    asked = pages.get("/alfa/osaker/invoice-10234/fraga?beslut=send")
    assert "Send 10234? If it is there after all, it will be there twice." in asked
    assert pages.world.writes == before


def test_a_decision_is_carried_out_once_and_told(pages: Pages) -> None:
    lost_in_administration(pages.world)
    told = pages.followed("/alfa/osaker/invoice-10234/beslut", beslut="send", mal="")
    assert "The decision is carried out and noted." in told
    assert "Nothing is in doubt." in told
    assert "Decided by anna: " in pages.get("/alfa/historik?q=10234")
    assert pages.world.numbers() == [10234]
    assert "SYS-930" in pages.get("/alfa/osaker/invoice-10234", status=409)


def test_a_decision_that_nobody_can_make_is_refused(pages: Pages) -> None:
    lost_in_administration(pages.world)
    assert "WEB-969" in pages.get("/alfa/osaker/invoice-10234/fraga?beslut=burn", status=409)
    answer = pages.post("/alfa/osaker/invoice-10234/beslut", status=409, beslut="link", mal="99")
    assert "SYS-932" in answer.text
