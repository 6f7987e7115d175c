"""What happens around a document: a kill after the add, two runs at once, and its settlement (AT-26, AT-42, AT-62)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.adk_engine.user_ledgers import settle
from brygga.records.reasons import Fault
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import CUSTOMER
from tests.transfers.practice_places import InProcessHost
from tests.transfers.practice_world import TRANSFERRED, Row, World, practice_world

OTHER = "556016-0680"


class Killed(BaseException):
    """The program is gone."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def test_at_26_a_kill_after_the_add_leaves_one_document_and_severa_is_renumbered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.settings["numbering.master"] = "administration"
    world.invoice(9000012, referenceNumber="90000126")
    ask = world.host.call

    def call(operation: str, **arguments: Any) -> Any:
        answer = ask(operation, **arguments)
        if operation == "add":
            raise Killed
        return answer

    with monkeypatch.context() as killing:
        killing.setattr(world.host, "call", call)
        with pytest.raises(Killed):
            world.run(Transfer.INVOICES)
    assert world.numbers() == [10457]
    assert world.severa_writes == []
    report = world.run(Transfer.INVOICES)
    assert [one.target_key for one in report.settled] == ["10457"]
    assert world.numbers() == [10457]
    invoice = world.severa.document("invoices", "invoice-9000012")
    assert invoice is not None
    assert (invoice["number"], invoice["referenceNumber"], invoice["status"]["guid"]) == (10457, "104570", TRANSFERRED)


def test_at_42_a_partial_credit_note_leaves_the_rest_of_its_original(world: World) -> None:
    """3 200 of 12 500 excluding VAT; settled against it, 15 625 − 4 000 = 11 625 is left."""
    world.invoice(10234, Row("10", "1250"))
    world.invoice(
        10235, Row("-1", "3200"), isCreditNote=True, reimburseInvoice={"guid": "invoice-10234"}, date="2026-01-31"
    )
    assert [one.state for one in world.run(Transfer.INVOICES).results] == [RowState.TRANSFERRED] * 2
    assert (world.head(10235)["TYPE_OF_INVOICE"], world.head(10235)["TOTAL_AMOUNT"]) == ("K", 4000)
    settle(world.place.company, 10235, 10234, Decimal(4000), date(2026, 2, 1))
    assert world.head(10234)["BALANCE"] == Decimal(11625)


@pytest.mark.parametrize("started", [1, 2])
def test_at_62_two_runs_at_once_create_the_customer_once(world: World, started: int) -> None:
    """The second either finds the company taken and says so, or comes after and finds the customer."""
    world.customer(3001, "Ny Kund AB", vatNumber=OTHER)
    for number in (10234, 10235):
        world.invoice(number, customer={"guid": "customer-3001"})
    ended: list[object] = []
    gate = threading.Barrier(2)

    def one(number: int) -> None:
        gate.wait()
        host = InProcessHost()
        try:
            report = world.run(Transfer.INVOICES, host=host, texts=(str(number),))
            ended.append([result.state for result in report.results])
        except Fault as busy:
            ended.append(busy.reason.code)
        finally:
            host.close()

    numbers = (10234, 10235) if started == 1 else (10234, 10234)
    threads = [threading.Thread(target=one, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == 2
    assert all(each == "SYS-908" or each == [RowState.TRANSFERRED] for each in ended), ended
    world.run(Transfer.INVOICES)
    assert world.numbers() == [10234, 10235]
    customers = [each for each in world.books(CUSTOMER, "NUMBER").values() if each["NAME"] == "Ny Kund AB"]
    assert [each["NUMBER"] for each in customers] == ["3001"]
