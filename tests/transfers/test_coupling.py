"""Coupling before the first transfer: what is the same on both sides is linked, once, and nothing else (issue 5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brygga.practice.adk_engine import user
from brygga.records.target import Kind
from brygga.rules.coupling import CouplingChoice
from brygga.runs.coupling import CouplingReport, choice_of, couple
from brygga.store.states import RowState
from brygga.transfers.coupling import Comparison, Pair, Standing, compare
from brygga.transfers.plan import Action, Transfer
from tests.contract.adk_company import PROJECT
from tests.contract.administration_practice import document, priced
from tests.transfers.practice_world import SETTINGS_HASH, VERSION, Row, World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        yield world


def compared(world: World, *kinds: Kind) -> Comparison:
    return compare(world.company(read_only=True), kinds or (Kind.CUSTOMER, Kind.PROJECT, Kind.ARTICLE, Kind.INVOICE))


def standing(world: World, kind: Kind, source_key: str) -> Pair:
    return next(pair for pair in compared(world).pairs if (pair.kind, pair.source_key) == (kind, source_key))


def confirm(world: World, *choices: CouplingChoice) -> CouplingReport:
    return couple(
        world.company(),
        choices or None,
        lock_folder=world.folder / "locks",
        version=VERSION,
        settings=SETTINGS_HASH,
    )


def links(world: World, kind: Kind) -> dict[str, str]:
    return {key: link.target_key for key, link in world.company().journal.links(kind).items()}


def by_hand(world: World, number: int, customer: str = "1001", remark: str = "") -> None:
    """An invoice of one hour, 1 250 with VAT, that somebody entered in Administration before the program was there."""
    entered = document(
        priced("1", "1000"), number=number, customer_number=customer, remark=remark, net="1000", vat="250", total="1250"
    )
    world.company().administration.create(entered)


HOUR = Row("1", "1000")


def test_a_customer_is_the_same_by_number_identity_or_as_a_proposal_by_name(world: World) -> None:
    by_number = world.customer(1001, "Åkeriet", vatNumber="SE556900456601")
    by_identity = world.customer(3001, "Bau", vatNumber="DE 123456789")
    by_name = world.customer(None, "bygg  AB")
    alone = world.customer(3002, "Bygg A B")
    pairs = {pair.source_key or pair.target_key: pair for pair in compared(world, Kind.CUSTOMER).pairs}
    found = {key: (pair.standing, pair.target_key, pair.how) for key, pair in pairs.items()}
    assert found == {
        by_number: (Standing.MATCH, "1001", "number"),
        by_identity: (Standing.MATCH, "2001", "identity"),
        by_name: (Standing.PROPOSAL, "1002", "name"),
        alone: (Standing.SEVERA, "", ""),
    }
    assert codes_of(pairs[by_name]) == ["KND-111"]


def codes_of(pair: Pair) -> list[str]:
    return [why.code for why in pair.reasons]


def test_what_is_only_on_one_side_is_shown_with_what_looks_most_alike(world: World) -> None:
    key = world.customer(3001, "Byggen AB")
    pairs = compared(world, Kind.CUSTOMER).pairs
    alone = next(pair for pair in pairs if pair.source_key == key)
    assert (alone.standing, alone.alike, alone.percent) == (Standing.SEVERA, "1002", 88)
    there = {pair.target_key for pair in pairs if pair.standing is Standing.ADMINISTRATION}
    assert there == {"1001", "1002", "2001"}


def test_at_02_another_organisation_number_under_the_same_number_is_a_conflict_and_never_linked(world: World) -> None:
    key = world.customer(1001, "Åkeri & Söner AB", vatNumber="SE556036079301")
    pair = standing(world, Kind.CUSTOMER, key)
    assert (pair.standing, codes_of(pair)) == (Standing.CONFLICT, ["KND-106"])
    confirm(world)
    (refused,) = confirm(world, CouplingChoice(Kind.CUSTOMER, key, "1001")).results
    assert (refused.state, [why.code for why in refused.reasons]) == (RowState.FAILED, ["KND-106"])
    assert links(world, Kind.CUSTOMER) == {}


def test_at_01_projects_are_the_same_by_their_exact_code_and_never_by_name(world: World) -> None:
    world.customer(1001)
    same = world.project(1042, "Något annat")
    world.project(104, "Införande")
    found = {pair.number: pair.standing for pair in compared(world, Kind.PROJECT).pairs if pair.number}
    assert found == {"104": Standing.SEVERA, "1042": Standing.MATCH}
    confirm(world)
    assert links(world, Kind.PROJECT) == {same: "1042"}


def test_a_project_of_another_customer_there_is_a_proposal_that_a_person_may_confirm(world: World) -> None:
    world.customer(1001)
    key = world.project(1042)
    world.change_books(PROJECT, "1042", CUSTOMER_NUMBER="1002", CUSTOMER_NAME="Bygg AB")
    pair = standing(world, Kind.PROJECT, key)
    assert (pair.standing, codes_of(pair)) == (Standing.PROPOSAL, ["KOP-802"])
    confirm(world)
    assert links(world, Kind.PROJECT) == {}
    confirm(world, CouplingChoice(Kind.PROJECT, key, "1042"))
    assert links(world, Kind.PROJECT) == {key: "1042"}


def test_at_63_several_articles_of_one_code_are_one_article(world: World) -> None:
    keys = {world.article("100", name) for name in ("Konsulttid", "Restid")}
    world.article("300", "Ny")
    confirm(world)
    assert links(world, Kind.ARTICLE) == dict.fromkeys(keys, "100")


def test_two_customers_that_match_one_card_are_a_conflict(world: World) -> None:
    world.customer(3001, "Bau", vatNumber="DE123456789")
    world.customer(3002, "Bau Berlin", vatNumber="DE123456789")
    found = [pair for pair in compared(world, Kind.CUSTOMER).pairs if pair.source_key]
    assert [(pair.standing, codes_of(pair)) for pair in found] == [(Standing.CONFLICT, ["KOP-801"])] * 2
    confirm(world)
    assert links(world, Kind.CUSTOMER) == {}


class TestHistoricInvoices:
    """Number, total and customer: an invoice of before is linked when all three agree."""

    @pytest.fixture
    def world(self, world: World) -> World:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        return world

    def test_the_same_invoice_is_linked_and_never_sent(self, world: World) -> None:
        by_hand(world, 10234)
        key = world.invoice(10234, HOUR)
        confirm(world)
        assert links(world, Kind.INVOICE) == {key: "10234"}
        (plan,) = world.preview(Transfer.INVOICES).values()
        assert (plan.action, codes(plan)) == (Action.NOTHING, ["FAK-309"])
        assert world.run(Transfer.INVOICES).written == 0
        assert world.numbers() == [10234]

    def test_its_customer_may_have_another_number_there_when_it_is_known_to_be_the_same(self, world: World) -> None:
        world.customer(3001, "Bau GmbH", vatNumber="DE123456789")
        by_hand(world, 10234, customer="1002")
        other = world.customer(3002, "Bygg AB")
        key = world.invoice(10234, HOUR, customer={"guid": other})
        assert codes_of(standing(world, Kind.INVOICE, key)) == ["KOP-804"]
        confirm(world, CouplingChoice(Kind.CUSTOMER, other, "1002"))
        assert standing(world, Kind.INVOICE, key).standing is Standing.MATCH

    @pytest.mark.parametrize(
        ("row", "more", "code"),
        [
            (Row("1", "1001"), {}, "KOP-803"),
            (HOUR, {"isCreditNote": True}, "KOP-805"),
            (HOUR, {"currency": {"guid": "currency-eur"}, "currencyRate": Decimal("0.0895")}, "KOP-807"),
        ],
    )
    def test_what_differs_is_a_conflict_with_its_reason(
        self, world: World, row: Row, more: dict[str, Any], code: str
    ) -> None:
        by_hand(world, 10234)
        key = world.invoice(10234, row, **more)
        pair = standing(world, Kind.INVOICE, key)
        assert (pair.standing, codes_of(pair)) == (Standing.CONFLICT, [code])
        (refused,) = confirm(world, CouplingChoice(Kind.INVOICE, key, "10234")).results
        assert refused.state is RowState.FAILED
        assert links(world, Kind.INVOICE) == {}

    def test_a_currency_is_compared_as_it_is_mapped(self, world: World) -> None:
        by_hand(world, 10234)
        world.severa.edit("currencies", "currency-eur", {"code": "KR"})
        key = world.invoice(10234, HOUR, currency={"guid": "currency-eur"}, currencyRate=1)
        assert codes_of(standing(world, Kind.INVOICE, key)) == ["KOP-807"]
        world.settings["mappings.currencies"] = {"kr": "SEK"}
        assert standing(world, Kind.INVOICE, key).standing is Standing.MATCH

    def test_a_cancelled_document_is_not_the_same(self, world: World) -> None:
        by_hand(world, 10234)
        user.cancel_invoice(world.place.company, 10234)
        assert codes_of(standing(world, Kind.INVOICE, world.invoice(10234, HOUR))) == ["KOP-805"]

    def test_a_document_that_carries_another_key_is_not_the_same(self, world: World) -> None:
        by_hand(world, 10234, remark="SEVERA:another")
        assert codes_of(standing(world, Kind.INVOICE, world.invoice(10234, HOUR))) == ["KOP-806"]

    def test_an_invoice_cannot_be_paired_by_hand_with_another_number(self, world: World) -> None:
        by_hand(world, 10235)
        key = world.invoice(10234, HOUR)
        (refused,) = confirm(world, CouplingChoice(Kind.INVOICE, key, "10235")).results
        assert [why.code for why in refused.reasons] == ["KOP-808"]

    def test_only_the_days_asked_for_are_compared(self, world: World) -> None:
        by_hand(world, 10234)
        world.invoice(10234, HOUR)
        company = world.company(read_only=True)
        assert compare(company, (Kind.INVOICE,), date(2026, 2, 1)).pairs == ()
        assert len(compare(company, (Kind.INVOICE,), date(2026, 1, 1), date(2026, 1, 31)).pairs) == 1

    def test_nothing_is_written_to_either_system_and_each_link_is_told(self, world: World) -> None:
        by_hand(world, 10234)
        world.invoice(10234, HOUR)
        before = len(world.severa_writes), world.numbers()
        report = confirm(world)
        assert (len(world.severa_writes), world.numbers()) == before
        assert [(done.pair.kind, done.state) for done in report.results] == [
            (Kind.CUSTOMER, RowState.TRANSFERRED),
            (Kind.INVOICE, RowState.TRANSFERRED),
        ]
        journal = world.company().journal
        assert [(run.transfer, run.state) for run in journal.runs(1)] == [("coupling", "completed")]
        assert [outcome.state for outcome in journal.outcomes_of("10234")] == [RowState.TRANSFERRED]


def test_no_document_from_before_the_go_live_date_is_ever_transferred(world: World) -> None:
    world.settings["invoices.from_date"] = date(2026, 2, 1)
    world.customer(1001)
    key = world.invoice(10234)
    assert compared(world).go_live == date(2026, 2, 1)
    (plan,) = world.preview(Transfer.INVOICES, keys=frozenset({key})).values()
    assert (plan.action, codes(plan)) == (Action.SKIP, ["FAK-331"])


def test_two_records_that_are_each_alone_are_linked_when_a_person_names_both(world: World) -> None:
    key = world.customer(3001, "Byggen AB")
    comparison = compared(world, Kind.CUSTOMER)
    assert choice_of(comparison, Kind.CUSTOMER, "3001") == CouplingChoice(Kind.CUSTOMER, key, "1002")
    (done,) = confirm(world, choice_of(comparison, Kind.CUSTOMER, "3001 = 1001")).results
    assert (done.state, done.pair.how) == (RowState.TRANSFERRED, "person")
    assert links(world, Kind.CUSTOMER) == {key: "1001"}


def test_a_choice_that_names_nothing_or_what_is_taken_is_refused(world: World) -> None:
    first, second = world.customer(3001, "Ett AB"), world.customer(3002, "Två AB")
    done = confirm(
        world,
        CouplingChoice(Kind.CUSTOMER, first, "1001"),
        CouplingChoice(Kind.CUSTOMER, second, "1001"),
        CouplingChoice(Kind.CUSTOMER, "nobody", "1002"),
    )
    assert sorted(why.code for one in done.results for why in one.reasons) == ["KOP-801", "KOP-809", "KOP-811"]
    (refused,) = confirm(world, CouplingChoice(Kind.CUSTOMER, second, "1001")).results
    assert [why.code for why in refused.reasons] == ["KOP-808"]
    assert len(links(world, Kind.CUSTOMER)) == 1


NUMBERS = st.sampled_from([None, 1001, 1002, 2001, 3001, 3002])
IDENTITIES = st.sampled_from(["", "556900-4566", "SE556900456601", "DE123456789"])
NAMES = st.sampled_from(["Åkeri & Söner AB", "bygg ab", "Bau GmbH", "Ny AB"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), customers=st.lists(st.tuples(NUMBERS, IDENTITIES, NAMES), max_size=5))
def test_coupling_never_makes_a_second_link_and_twice_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, customers: list[tuple[int | None, str, str]]
) -> None:
    with practice_world(tmp_path_factory.mktemp("world")) as world:
        for place, (number, identity, name) in enumerate(customers):
            world.customer(number, name, vatNumber=identity or None, guid=f"c{place}")
        before = [pair for pair in compared(world, Kind.CUSTOMER).pairs if pair.source_key]
        chosen = data.draw(st.lists(st.sampled_from(before), unique=True)) if before else []
        targets = st.sampled_from(["1001", "1002", "2001"])
        choices = [CouplingChoice(Kind.CUSTOMER, pair.source_key, data.draw(targets)) for pair in chosen]
        confirm(world)
        if choices:
            confirm(world, *choices)
        made = links(world, Kind.CUSTOMER)
        assert len(set(made.values())) == len(made), "one card is one customer"
        conflicts = {pair.source_key for pair in before if pair.standing is Standing.CONFLICT}
        assert not conflicts & made.keys()
        confirm(world)
        if choices:
            confirm(world, *choices)
        assert links(world, Kind.CUSTOMER) == made
