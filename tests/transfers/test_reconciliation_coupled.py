"""A month in which the program was taken into use: what was coupled and what is older than the go-live date add up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.insight.evidence import lines_of
from brygga.insight.reconciliation import Difference, Reconciliation, Sum, Term, reconcile_company
from brygga.practice.adk_engine import user
from brygga.records.target import Kind
from brygga.runs.coupling import couple
from brygga.store.journal.records import Snapshot
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import INVOICE_HEAD
from tests.contract.administration_practice import document, priced
from tests.transfers.practice_world import SETTINGS_HASH, VERSION, Row, World, day, practice_world

D = Decimal
HOUR = Row("1", "1000")
ONE = Sum(count=1, net=D(1000), vat=D(250), gross=D(1250))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """10234 was entered by hand on both sides and is coupled; the program begins on the 16th of January."""
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        world.invoice(10234, HOUR, date="2026-01-10", status={"guid": "status-sent"})
        by_hand(world, 10234)
        couple(world.company(), None, lock_folder=world.folder / "locks", version=VERSION, settings=SETTINGS_HASH)
        world.settings["invoices.from_date"] = date(2026, 1, 16)
        yield world


def by_hand(world: World, number: int) -> None:
    """An invoice of one hour, 1 250 with VAT, that somebody entered in Administration before the program was there."""
    rows = priced("1", "1000")
    entered = document(rows, number=number, customer_number="1001", remark="", net="1000", vat="250", total="1250")
    world.company().administration.create(entered)


def reconciled(world: World) -> Reconciliation:
    return reconcile_company(world.company(read_only=True), day("2026-01-01"), day("2026-01-31"))


def test_the_first_month_adds_up_to_zero_with_a_line_for_what_was_coupled(world: World) -> None:
    world.invoice(10235, HOUR, date="2026-01-20")
    world.run(Transfer.INVOICES)
    result = reconciled(world)
    own = result.own
    assert (own.terms[Term.TRANSFERRED], own.terms[Term.COUPLED]) == (ONE, ONE)
    assert (own.administration, own.coupled, own.others) == (ONE, ONE, Sum())
    assert (own.difference, result.differences, result.agrees) == (Sum(), (), True)
    lines = [(text, sums.count, kind) for text, sums, kind, _ in lines_of(own, str, str)]
    assert lines == [
        ("Severa", 2, "side"),
        ("transferred", 1, "term"),
        ("coupled", 1, "term"),
        ("Administration, from Severa", 1, "side"),
        ("Administration, coupled", 1, "side"),
        ("Difference", 0, "difference"),
    ]


def test_what_is_older_than_the_go_live_date_is_left_out_by_that_rule(world: World) -> None:
    """An invoice of before that nobody coupled is not to be dealt with; one of after is."""
    world.invoice(10230, HOUR, date="2026-01-15")
    result = reconciled(world)
    assert (result.own.terms[Term.BEFORE_GO_LIVE], result.agrees) == (ONE, True)
    world.invoice(10236, HOUR, date="2026-01-16")
    result = reconciled(world)
    assert (result.own.terms[Term.NOT_CHOSEN], result.agrees) == (ONE, False)


def test_a_document_of_before_that_nobody_coupled_is_another_document(world: World) -> None:
    by_hand(world, 10400)
    result = reconciled(world)
    assert (result.own.coupled, result.own.others, result.agrees) == (ONE, ONE, True)


def test_a_coupled_document_is_compared_like_the_rest(world: World) -> None:
    world.change_books(INVOICE_HEAD, D(10234), VAT_AMOUNT=D("260"), TOTAL_AMOUNT=D("1260"))
    world.severa.edit("invoices", "invoice-10234", {"number": 99})
    result = reconciled(world)
    found = [(one.document, one.what, D(one.severa), D(one.administration)) for one in result.differences]
    assert found == [
        ("99", "number", D(99), D(10234)),
        ("99", "vat", D(250), D(260)),
        ("99", "gross", D(1250), D(1260)),
    ]
    assert result.own.difference == Sum(vat=D(-10), gross=D(-10))
    assert not result.agrees


def test_a_coupled_document_that_is_cancelled_or_another_customers_is_named(world: World) -> None:
    user.cancel_invoice(world.place.company, 10234)
    assert [one.what for one in reconciled(world).differences] == ["cancelled"]
    other = world.customer(1002, "Bygg AB", vatNumber="556900-4574")
    world.company().journal.couple(Kind.CUSTOMER, other, "1002", Snapshot(number="1002", name="Bygg AB"))
    world.severa.edit("invoices", "invoice-10234", {"customer": {"guid": other}})
    assert (
        Difference(document="10234", what="customer", severa="1002", administration="1001")
        in reconciled(world).differences
    )


def test_a_coupled_document_that_is_of_another_month_or_gone_is_named(world: World) -> None:
    world.severa.edit("invoices", "invoice-10234", {"date": "2026-02-01"})
    assert reconciled(world).differences == (
        Difference(document="10234", what="count", severa="", administration="10234"),
    )
    world.severa.edit("invoices", "invoice-10234", {"date": "2026-01-10"})
    world.change_books(INVOICE_HEAD, D(10234), DOCUMENT_DATE1=day("2025-12-31"))
    result = reconciled(world)
    assert result.differences == (
        Difference(document="10234", what="date", severa="2026-01-10", administration="2025-12-31"),
    )
    assert (result.own.difference, result.agrees) == (ONE, False)
