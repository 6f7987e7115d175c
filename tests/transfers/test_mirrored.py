"""The mirror only makes a reading cheaper: plans from it are those of a fresh reading, whatever changed in Severa."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brygga.records.source import Customer, Invoice
from brygga.runs.run import carry_out, preview
from brygga.severa.facts import CHANGE_MARGIN
from brygga.store.mirror import Mirror
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.mirrored import CUSTOMERS, INVOICES, Freshness, MirroredSevera
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.selection import Selection
from tests.transfers.practice_world import (
    DRAFT,
    READY,
    SETTINGS_HASH,
    TRANSFERRED,
    VERSION,
    Row,
    World,
    money,
    practice_world,
)

LISTED = Freshness(listed=timedelta(minutes=15))
STATUSES = (READY, TRANSFERRED, DRAFT, "status-sent", "status-unnumbered")


class Watch:
    """One clock for Severa and the mirror."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta = timedelta(hours=1)) -> None:
        """Let time go by."""
        self.now += time


class Mirrored:
    """A world read through a mirror, and afresh."""

    def __init__(self, world: World, watch: Watch) -> None:
        self.world, self.watch = world, watch
        self.numbers = count(9101)
        world.severa.now = watch
        self.mirror = Mirror(world.store, "alfa", "test", clock=watch)

    def company(self, freshness: Freshness | None = None, *, read_only: bool = True) -> Company:
        """The company through the mirror."""
        world = self.world
        severa = MirroredSevera(world.reader if read_only else world.client, self.mirror, freshness)
        return replace(world.company(read_only=read_only), severa=severa)

    def plans(self, freshness: Freshness | None = None, **choice: Any) -> tuple[Plan, ...]:
        """Plans through the mirror."""
        return preview(self.company(freshness), Transfer.INVOICES, Selection(**choice))

    def fresh(self, **choice: Any) -> tuple[Plan, ...]:
        """Plans from Severa alone."""
        return preview(self.world.company(read_only=True), Transfer.INVOICES, Selection(**choice))

    def run(self, freshness: Freshness | None = LISTED) -> list[tuple[str, RowState]]:
        """Carry the transfer out; the rows by Severa key."""
        company = self.company(freshness, read_only=False)
        locks = self.world.folder / "locks"
        report = carry_out(
            company, Transfer.INVOICES, Selection(), lock_folder=locks, version=VERSION, settings=SETTINGS_HASH
        )
        assert isinstance(company.severa, MirroredSevera)
        company.severa.flush()
        return [(result.plan.source_key, result.state) for result in report.results]

    def reads(self) -> list[str]:
        """Paths asked of Severa since the last time this was called."""
        asked = [one.path for one in self.world.severa.requests if one.method == "GET"]
        self.world.severa.requests.clear()
        return asked


@contextmanager
def mirrored(folder: Path) -> Iterator[Mirrored]:
    """A world with three customers and four invoices."""
    with practice_world(folder, invoices__from_date=datetime(2026, 1, 1).date()) as world:
        watch = Watch()
        for number in (1001, 1002, 1003):
            world.customer(number, address={"addressline": "Storgatan 1", "city": "Stockholm"}, paymentTerm=30)
        world.project(42)
        world.article("100", "Konsulttid")
        for number in (9001, 9002, 9003, 9004):
            world.invoice(number, Row(), Row(price="950"), customer={"guid": f"customer-{1001 + number % 3}"})
        yield Mirrored(world, watch)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Mirrored]:
    with mirrored(tmp_path) as case:
        yield case


# What a person may do in Severa between two readings


def _edit_invoice(case: Mirrored, key: str, value: int) -> None:
    changes: Any = {
        0: {"status": {"guid": STATUSES[value % len(STATUSES)]}},
        1: {"date": f"2026-01-{1 + value:02}"},
        2: {"orderNumber": f"PO-{value}"},
        3: {"customer": {"guid": f"customer-{1001 + value % 3}"}},
        4: {"date": "2025-12-31"},
    }[value % 5]
    case.world.severa.edit("invoices", key, changes)


def _edit_row(case: Mirrored, key: str, value: int) -> None:
    """A row's text or rate: whether the invoice itself counts as changed is not documented, here it does not."""
    change: dict[str, Any] = {"description": f"Text {value}"} if value % 2 else {"vatRate": Decimal(0)}
    case.world.severa.edit("invoicerows", f"row-{key}-1", change)


def _add_row(case: Mirrored, key: str, value: int) -> None:
    document = case.world.severa.document("invoicerows", f"row-{key}-1")
    assert document is not None
    rows = [row for row in case.world.severa.documents("invoicerows") if row["invoiceGuid"] == key]
    more = {"guid": f"row-{key}-{len(rows) + 1}", "sortOrder": len(rows) + 1, "unitPrice": money("0")}
    now = case.watch().isoformat()
    case.world.severa.add("invoicerows", document | more | {"createdDateTime": now, "lastUpdatedDateTime": None})


def _delete_row(case: Mirrored, key: str, value: int) -> None:
    """A row that is taken away changes the invoice's total, and so the invoice."""
    if case.world.severa.document("invoicerows", f"row-{key}-2") is not None:
        case.world.severa.delete("invoicerows", f"row-{key}-2")
        case.world.severa.edit("invoices", key, {"totalExcludingTax": money("12500")})


def _reverse_charge(case: Mirrored, key: str, value: int) -> None:
    case.world.severa.edit("invoicesettings", key, {"isReverseCharged": bool(value % 2)})


def _delete_open_invoice(case: Mirrored, key: str, value: int) -> None:
    document = case.world.severa.document("invoices", key)
    if document is not None and document["status"]["guid"] == READY:
        case.world.severa.delete("invoices", key)


def _add_invoice(case: Mirrored, key: str, value: int) -> None:
    number = next(case.numbers)
    case.world.invoice(number, Row(text=f"Ny {value}"), createdDateTime=case.watch().isoformat())


def _edit_customer(case: Mirrored, key: str, value: int) -> None:
    guid = f"customer-{1001 + value % 3}"
    if value % 2:
        case.world.severa.edit("customers", guid, {"vatNumber": f"SE55690045{value:02}01"})
    else:
        case.world.severa.edit("addresses", f"address-{guid}", {"city": f"Ort {value}"})


def _edit_project(case: Mirrored, key: str, value: int) -> None:
    case.world.severa.edit("projects", "project-42", {"name": f"Projekt {value}"})


EDITS: tuple[Callable[[Mirrored, str, int], None], ...] = (
    _edit_invoice,
    _edit_row,
    _add_row,
    _delete_row,
    _reverse_charge,
    _delete_open_invoice,
    _add_invoice,
    _edit_customer,
    _edit_project,
)


def _do(case: Mirrored, edit: Callable[[Mirrored, str, int], None], which: int, value: int) -> None:
    keys = [document["guid"] for document in case.world.severa.documents("invoices")]
    key = keys[which % len(keys)] if keys else ""
    if keys or edit in (_add_invoice, _edit_customer, _edit_project):
        edit(case, key, value)


edits = st.lists(
    st.tuples(st.sampled_from(EDITS), st.integers(0, 7), st.integers(0, 27), st.sampled_from([0, 1, 600, 90_000])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=5, deadline=None)
@given(rounds=st.lists(edits, min_size=1, max_size=2), transfer_first=st.booleans())
def test_the_plan_from_the_mirror_is_the_plan_from_severa(rounds: list[Any], transfer_first: bool) -> None:
    """Whatever was edited, in whatever order and however quickly; what a run sends, whenever it looked last."""
    few = mock.patch("brygga.transfers.mirrored._FEW", 1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, few, mirrored(Path(folder)) as case:
        case.plans()
        if transfer_first:
            case.run()
        for some in rounds:
            for edit, which, value, seconds in some:
                _do(case, edit, which, value)
                case.watch.pass_by(timedelta(seconds=seconds))
            fresh = case.fresh()
            sent = [plan for plan in fresh if plan.action not in (Action.SKIP, Action.NOTHING)]
            in_a_run = case.plans(LISTED)
            assert [plan for plan in in_a_run if plan.source_key in {one.source_key for one in sent}] == sent
            assert {plan.source_key for plan in in_a_run if plan.writes} == {
                one.source_key for one in sent if one.writes
            }
            assert case.plans() == fresh


def test_each_kind_of_edit_is_seen(case: Mirrored) -> None:
    """Every edit on its own, one after the other; all but that of a project already linked by name change a plan."""
    before, effective = case.plans(), set()
    for value in range(2):
        for edit in EDITS:
            _do(case, edit, value, value)
            case.watch.pass_by(timedelta(hours=1))
            after = case.plans()
            assert after == case.fresh(), edit.__name__
            if after != before:
                effective.add(edit)
            before = after
    assert effective >= {_edit_invoice, _edit_row, _add_row, _delete_row, _delete_open_invoice, _add_invoice}


def test_an_emptied_mirror_fills_again(case: Mirrored) -> None:
    before = case.plans()
    case.mirror.forget()
    assert case.mirror.count(INVOICES) == 0
    assert case.plans() == before
    assert case.mirror.count(INVOICES) == 4


def test_an_invoice_deleted_in_severa_is_never_sent(case: Mirrored) -> None:
    """Severa keeps no trace of it (contracts/severa.md §2 "Deletions"), so the open invoices are always asked for."""
    case.plans()
    case.world.severa.delete("invoices", "invoice-9002")
    case.watch.pass_by()
    assert [key for key, _ in case.run()] == ["invoice-9001", "invoice-9003", "invoice-9004"]
    assert case.world.numbers() == [9001, 9003, 9004]


def test_a_run_right_after_a_run_takes_few_reads(case: Mirrored) -> None:
    case.run()
    case.reads()
    assert {state for _, state in case.run()} == {RowState.TRANSFERRED}
    assert len(case.reads()) <= 8


def test_what_a_run_wrote_to_severa_is_known_to_the_next_preview(tmp_path: Path) -> None:
    """The number that Administration gave, before Severa was asked again."""
    with practice_world(tmp_path, numbering__master="administration") as world:
        case = Mirrored(world, Watch())
        world.customer(1001)
        world.article("100", "Konsulttid")
        key = world.invoice(None, Row(), guid="invoice-draft")
        case.run()
        [kept] = case.mirror.by_key(INVOICES, Invoice, [key])
        [number] = world.numbers()
        assert (kept.value.number, kept.value.status_key, kept.status) == (number, TRANSFERRED, TRANSFERRED)
        assert [plan.source_number for plan in case.plans()] == [str(number)]


def test_changes_of_others_to_transferred_invoices_show_when_the_minutes_are_over(case: Mirrored) -> None:
    case.run()
    case.world.severa.edit("invoices", "invoice-9001", {"totalTax": money("1")})
    case.watch.pass_by(timedelta(minutes=14))
    assert _vat(case.plans(LISTED), "invoice-9001") != 1
    case.watch.pass_by(timedelta(minutes=1))
    assert _vat(case.plans(LISTED), "invoice-9001") == 1


def _vat(plans: tuple[Plan, ...], key: str) -> Decimal | None:
    return next(plan.vat for plan in plans if plan.source_key == key)


def test_a_deleted_transferred_invoice_is_listed_until_everything_is_read_anew(case: Mirrored) -> None:
    case.run()
    case.world.severa.delete("invoices", "invoice-9001")
    case.watch.pass_by()
    assert len(case.plans()) == 4
    case.mirror.forget()
    assert len(case.plans()) == 3
    case.world.severa.delete("invoices", "invoice-9002")
    case.watch.pass_by(timedelta(hours=24))
    assert len(case.plans()) == 2


def test_another_choice_than_was_read_is_read_in_full(case: Mirrored) -> None:
    """A later start is a part of what was read; an earlier one, or another status, is not."""
    later = datetime(2026, 1, 15).date()
    assert len(case.plans(start=later)) == 4
    old = case.world.invoice(8001, Row(), date="2026-01-10")
    case.watch.pass_by()
    assert old in {plan.source_key for plan in case.plans()}
    case.reads()
    assert len(case.plans(start=later)) == 4
    assert "/v1/invoicerows" in case.reads()
    case.world.settings["invoices.statuses"] = ("Att överföra", "Utkast")
    draft = case.world.invoice(None, Row(), guid="draft", status={"guid": DRAFT})
    assert draft in {plan.source_key for plan in case.plans()}


def test_chosen_invoices_are_sought_on_their_days_and_found_on_another(case: Mirrored) -> None:
    with mock.patch("brygga.transfers.mirrored._FEW", 1):
        plans = case.plans()
        keys = frozenset(plan.source_key for plan in plans)
        case.world.severa.edit("invoices", "invoice-9001", {"date": "2026-01-02"})
        case.world.severa.delete("invoices", "invoice-9002")
        case.watch.pass_by()
        assert case.plans(keys=keys) == case.fresh(keys=keys)
        assert len(case.plans(keys=keys)) == 3


def test_a_customer_read_before_is_told_of_its_changes_only(case: Mirrored) -> None:
    with mock.patch("brygga.transfers.mirrored._FEW", 1):
        case.plans()
        assert case.mirror.count(CUSTOMERS) == 3
        case.world.severa.edit("addresses", "address-customer-1002", {"phone": "08-1"})
        case.watch.pass_by(CHANGE_MARGIN * 2)
        [changed] = case.company().severa.customers(["customer-1002"])
        assert changed.phone == "08-1"
        [kept] = case.mirror.by_key(CUSTOMERS, Customer, ["customer-1002"])
        assert kept.value == changed
