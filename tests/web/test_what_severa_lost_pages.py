"""What was sent to Severa and is not there any more, on the pages: named with what to do, decided at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from brygga.practice.adk_engine import user_ledgers
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import seed
from tests.transfers.practice_world import World, practice_world
from tests.web.page_world import Pages, pages_on

PLACES = {"tables": {12: seed(12, {"NUMBER": "501", "NAME": "Underkonsult AB"})}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An invoice that is paid and a supplier's row that is a cost, both known to Severa."""
    with practice_world(tmp_path, places=PLACES) as made:
        made.customer(1001, "Åkeri & Söner AB")
        made.project(1042)
        made.invoice(10234)
        made.run(Transfer.INVOICES)
        company, row = made.place.company, CostRow("4600", D(8000), "Konsult", project="1042")
        user_ledgers.register_payment(company, 10234, D(15625), date(2026, 2, 10))
        user_ledgers.add_supplier_invoice(company, "501", "F-77", date(2026, 1, 15), (row,))
        made.run(Transfer.PAYMENTS)
        made.run(Transfer.SUPPLIER_INVOICES)
        yield made


@pytest.fixture
def pages(world: World) -> Iterator[Pages]:
    with pages_on(world) as opened:
        yield opened


def test_the_reconciliation_page_does_not_call_it_agreed_when_only_severa_s_side_differs(pages: Pages) -> None:
    assert "✓ Severa and Administration agree" in pages.followed("/alfa/avstamning/jamfor", month="2026-02")
    back = {"status": {"guid": "status-sent"}, "paymentDate": None}
    pages.world.severa.edit("invoices", "invoice-10234", back)
    text = pages.followed("/alfa/avstamning/jamfor", month="2026-02")
    assert "✕ Severa and Administration do not agree" in text
    assert "10234: was set as paid in Severa and is not any more" in text
    assert "brygga transfer payments 10234 (KOR-893)" in text


def test_a_deleted_cost_is_decided_at_the_desk(pages: Pages) -> None:
    [fee] = pages.world.company().severa.project_fees("project-1042")
    pages.world.severa.delete("projectfees", fee.key)
    assert "1:2: was sent and is not in Severa" in pages.followed("/alfa/avstamning/jamfor", month="2026-02")
    pages.world.take_over()
    assert "KOR-890" in pages.get("/alfa/osaker")
    named = pages.followed("/alfa/avstamning/jamfor", month="2026-02")
    assert "1:2: is in doubt" in named
    assert "(KOR-896) See what is known" in named
    desk = pages.get("/alfa/osaker/1:2")
    assert "The project in Severa has no cost that could be it." in desk
    assert "Administration has no document" not in desk
    assert "Nothing is in doubt." in pages.followed("/alfa/osaker/1:2/beslut", beslut="send", mal="")
    assert [each.unit_cost for each in pages.world.company().severa.project_fees("project-1042")] == [D(8000)]
