"""Avstämning: Severa's invoices of a period against Administration's, both read afresh (spec/product.md)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.insight.reconciliation import (
    Difference,
    Reconciliation,
    Sum,
    Term,
    reconcile,
    reconcile_company,
    severa_key,
)
from brygga.practice.adk_engine import library, user
from brygga.records.target import PostedInvoice
from brygga.store.history import Outcome
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import INVOICE_HEAD, Clerk, hours
from tests.transfers.practice_places import AUDIT
from tests.transfers.practice_world import TRANSFERRED, Row, World, day, practice_world

D = Decimal
START, END = day("2026-01-01"), day("2026-01-31")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        for number in (10234, 10235):
            world.invoice(number)
        yield world


@pytest.fixture
def done(world: World) -> World:
    """Both invoices are transferred."""
    world.run(Transfer.INVOICES)
    return world


def reconciled(world: World) -> Reconciliation:
    """The reconciliation of January; it writes nothing."""
    before = world.writes
    result = reconcile_company(world.company(read_only=True), START, END)
    assert world.writes == before
    return result


def summed(count: int, net: str, vat: str) -> Sum:
    return Sum(count=count, net=D(net), vat=D(vat), gross=D(net) + D(vat))


def of_clerk(world: World, number_next: int, remark: str = "") -> int:
    """What a user makes inside Administration: an invoice of one hour of 100,00."""
    user.set_next_invoice_number(world.place.company, number_next)
    clerk = Clerk(library(), world.place)
    clerk.open()
    try:
        return clerk.number(clerk.add_invoice(hours(1, 100), LOCAL_REMARK=remark))
    finally:
        clerk.library.close()


def test_a_month_that_was_transferred_agrees(done: World) -> None:
    result = reconciled(done)
    two = summed(2, "25000", "6250")
    assert (result.own.severa, result.own.administration, result.own.others) == (two, two, Sum())
    assert result.own.terms[Term.TRANSFERRED] == two
    assert sum(term.count for term in result.own.terms.values()) == 2
    assert (result.differences, result.agrees) == ((), True)


def test_the_terms_add_up_to_what_severa_has(world: World) -> None:
    """Severa = transferred + not chosen + skipped + waiting + failed + in doubt, in count and amounts."""
    world.invoice(10236, Row(rate="19"))
    world.invoice(10237, status={"guid": TRANSFERRED})
    world.run(Transfer.INVOICES)
    world.invoice(10238)
    result = reconciled(world)
    counts = {term: part.count for term, part in result.own.terms.items() if part.count}
    assert counts == {Term.TRANSFERRED: 2, Term.FAILED: 1, Term.SKIPPED: 1, Term.NOT_CHOSEN: 1}
    for name in ("count", "net", "vat", "gross"):
        parts = sum(getattr(part, name) for part in result.own.terms.values())
        assert parts == getattr(result.own.severa, name)
    assert not result.agrees


def test_two_currencies_of_severa_that_are_one_in_administration_add_up(world: World) -> None:
    world.severa.edit("currencies", "currency-eur", {"code": "EUX"})
    world.severa.add("currencies", {"guid": "currency-euy", "code": "EUY", "rate": 0.0895} | AUDIT)
    world.settings["mappings.currencies"] = {"EUX": "EUR", "EUY": "EUR"}
    for number, currency in ((10240, "currency-eur"), (10241, "currency-euy")):
        world.invoice(number, currency={"guid": currency}, currencyRate=0.0895)
    world.run(Transfer.INVOICES)
    result = reconciled(world)
    found = result.by_currency["EUR"]
    assert (found.severa.count, found.severa, result.differences) == (2, found.administration, ())
    assert set(result.by_currency) == {"SEK", "EUR"}


def test_only_the_period_and_the_statuses_of_the_transfer_count(done: World) -> None:
    done.invoice(10236, date="2026-02-01")
    done.invoice(10237, status={"guid": "status-draft"})
    assert (reconciled(done).own.severa.count, reconciled(done).agrees) == (2, True)


def test_a_transferred_invoice_whose_status_moved_on_in_severa_still_agrees(done: World) -> None:
    done.severa.edit("invoices", "invoice-10234", {"status": {"guid": "status-sent"}})
    assert (reconciled(done).own.severa.count, reconciled(done).agrees) == (2, True)


def test_an_invoice_that_was_moved_out_of_the_period_is_named(done: World) -> None:
    done.severa.edit("invoices", "invoice-10234", {"date": "2026-02-01"})
    assert reconciled(done).differences == (
        Difference(document="10234", what="count", severa="", administration="10234"),
    )


def test_an_amount_that_a_user_changed_in_administration_is_named(done: World) -> None:
    done.change_books(INVOICE_HEAD, D(10234), VAT_AMOUNT=D("3000"), TOTAL_AMOUNT=D("15500"))
    result = reconciled(done)
    assert [(one.document, one.what, D(one.severa), D(one.administration)) for one in result.differences] == [
        ("10234", "vat", D(3125), D(3000)),
        ("10234", "gross", D(15625), D(15500)),
    ]
    assert not result.agrees


def test_rounding_to_kronor_is_no_difference(world: World) -> None:
    world.invoice(10236, Row("1", "100.10"))
    world.run(Transfer.INVOICES)
    assert reconciled(world).agrees


def test_a_number_that_was_changed_in_severa_is_named(done: World) -> None:
    done.severa.edit("invoices", "invoice-10234", {"number": 99})
    assert reconciled(done).differences == (
        Difference(document="99", what="number", severa="99", administration="10234"),
    )


def test_a_document_that_was_cancelled_is_named(done: World) -> None:
    user.cancel_invoice(done.place.company, 10234)
    differences = reconciled(done).differences
    assert Difference(document="10234", what="cancelled", severa="", administration="10234") in differences


def test_a_document_that_is_there_twice_is_named(done: World) -> None:
    double = of_clerk(done, 20001, "SEVERA:invoice-10234 kopia")
    assert reconciled(done).differences == (
        Difference(document="10234", what="double", severa="1", administration=f"10234, {double}"),
    )


def test_a_document_whose_source_is_gone_is_named(done: World) -> None:
    done.severa.delete("invoices", "invoice-10234")
    result = reconciled(done)
    assert result.differences == (Difference(document="10234", what="count", severa="", administration="10234"),)
    assert (result.own.severa.count, result.own.administration.count, result.agrees) == (1, 2, False)


def test_a_document_that_is_only_in_administration_is_counted_apart(done: World) -> None:
    of_clerk(done, 20001, "Ring SEVERA: om detta")
    result = reconciled(done)
    assert (result.own.others, result.agrees) == (summed(1, "100", "25"), True)


def test_our_own_tables_are_not_asked_whether_a_document_is_there(done: World) -> None:
    """A document that no longer carries Severa's key is not counted as transferred, whatever the journal says."""
    done.change_books(INVOICE_HEAD, D(10234), LOCAL_REMARK="")
    result = reconciled(done)
    assert (result.own.terms[Term.TRANSFERRED].count, result.own.terms[Term.NOT_CHOSEN].count) == (1, 1)
    assert not result.agrees


def test_under_administration_master_the_number_written_back_agrees(world: World) -> None:
    world.settings["numbering.master"] = "administration"
    world.run(Transfer.INVOICES)
    assert world.numbers() == [10457, 10458]
    assert reconciled(world).agrees


@pytest.mark.parametrize(
    ("state", "term"), [(RowState.WAITING, Term.WAITING), (RowState.IN_DOUBT, Term.IN_DOUBT), (None, Term.NOT_CHOSEN)]
)
def test_the_journal_explains_what_is_missing(world: World, state: RowState | None, term: Term) -> None:
    company = world.company(read_only=True)
    outcomes = {}
    if state is not None:
        outcome = Outcome(
            source_key="invoice-10234", source_number="10234", source_name="", state=state, action="create"
        )
        outcomes = {"invoice-10234": outcome}
    result = reconcile(
        company.severa, company.administration, outcomes, start=START, end=END, status_keys=("status-ready",)
    )
    assert result.own.terms[term].count == (1 if state is not None else 2)
    assert not result.agrees


def posted(**changes: object) -> PostedInvoice:
    values: dict[str, object] = {
        "number": 7,
        "type": "F",
        "customer_number": "1001",
        "date": END,
        "net": D(100),
        "vat": D(25),
        "round_off": D(0),
        "total": D(125),
        "remark": "",
    }
    return PostedInvoice(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("remark", "key"),
    [("SEVERA:ab notis", "ab"), ("SEVERA:ab", "ab"), ("severa:ab", ""), ("Se SEVERA:ab", ""), ("", "")],
)
def test_the_key_stands_first_in_the_remark(remark: str, key: str) -> None:
    assert severa_key(posted(remark=remark)) == key


def test_a_credit_note_of_administration_counts_negative(world: World) -> None:
    """A credit note is positive in Administration (contracts/adk.md §2.4)."""
    company = world.company(read_only=True)

    class OneCredit:
        def invoices(self, start: object, end: object) -> tuple[PostedInvoice, ...]:
            return (posted(type="K", round_off=D("0.40"), total=D("125.40")),)

        def invoice(self, number: int) -> None:
            return None

    result = reconcile(company.severa, OneCredit(), {}, start=START, end=END, status_keys=("status-ready",))
    assert result.own.others == Sum(count=1, net=D(-100), vat=D(-25), gross=D(-125))
