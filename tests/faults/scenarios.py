"""What the program is doing when it dies: one line for each transfer and each way a document gets its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.adk_engine.fields import Value
from brygga.practice.adk_engine.tables import TABLES
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.practice.administration_base import field_named, table_named
from brygga.store.journal.journal import OperationState
from brygga.transfers.plan import Transfer
from tests.faults.fault_scenario import INVOICES, NUMBERS
from tests.faults.fault_world import INVOICES_ONLY, REGISTERS, World


def nothing(there: World) -> None:
    """The template is all there is."""


def added(there: World, table: str, **values: Value) -> None:
    """A card or a document that a person makes in Administration."""
    known = table_named(table)
    fields = {field_named(known, name).id: value for name, value in values.items()}
    with user.writing(there.folder / "company") as storage:
        storage.insert(TABLES[known.id], fields)


def supplier_invoice(there: World) -> None:
    """A person enters a supplier's invoice with two rows on the project."""
    added(there, "SUPPLIER", NUMBER="501", NAME="Konsult AB")
    rows = (
        CostRow("4600", Decimal(8000), "Konsult", project="77"),
        CostRow("4600", Decimal(500), "Resa", project="77"),
    )
    user_ledgers.add_supplier_invoice(there.folder / "company", "501", "F-77", date(2026, 1, 15), rows)


def one_fee_for_each_row(there: World) -> None:
    """Every cost row is exactly one fee of the project."""
    costs = sorted(int(fee["unitCost"]["amount"]) for fee in there.state.documents("projectfees"))
    assert costs == [500, 8000]
    assert set(there.operation_states()) <= {OperationState.DONE, OperationState.RELEASED}


def paid_invoices(there: World) -> None:
    """The invoices are transferred and their customer has paid."""
    there.run(INVOICES_ONLY)
    for number in NUMBERS["severa"]:
        user_ledgers.register_payment(there.folder / "company", number, Decimal(3750), date(2026, 2, 1))


def both_are_paid(there: World) -> None:
    """Severa knows the day of both payments."""
    days = [(there.state.document("invoices", key) or {}).get("paymentDate") for key in INVOICES]
    assert days == ["2026-02-01", "2026-02-01"]
    assert set(there.operation_states()) <= {OperationState.DONE, OperationState.RELEASED}


def new_card(there: World) -> None:
    """A person makes a customer in Administration that Severa does not have."""
    added(there, "CUSTOMER", NUMBER="3001", NAME="Nya Kunden AB", MAILING_ADDRESS="Hamngatan 3", CITY="Åby")


def one_new_customer(there: World) -> None:
    """Severa has that customer exactly once, with its address."""
    names = [customer["name"] for customer in there.state.documents("customers")]
    assert names.count("Nya Kunden AB") == 1
    lines = [address.get("addressline") for address in there.state.documents("addresses")]
    assert lines.count("Hamngatan 3") == 1
    assert set(there.operation_states()) <= {OperationState.DONE, OperationState.RELEASED}


@dataclass(frozen=True)
class Scenario:
    """Transfers of one small month, in order, under a numbering master (which the registers do not know).

    ``prepare`` is what people did before; ``holds`` what must be there at the end, for transfers to Severa.
    """

    name: str
    transfers: tuple[Transfer, ...]
    master: str
    prepare: Callable[[World], None] = nothing
    holds: Callable[[World], None] | None = None

    def check(self, there: World) -> None:
        """Everything is there exactly once, and the journal has nothing open."""
        if self.holds is None:
            there.assert_done(self.transfers)
        else:
            self.holds(there)


SCENARIOS = (
    Scenario("registers", REGISTERS, "severa"),
    Scenario("invoices-severa", INVOICES_ONLY, "severa"),
    Scenario("invoices-administration", INVOICES_ONLY, "administration"),
    Scenario("customers-to-severa", (Transfer.CUSTOMERS_TO_SEVERA,), "severa", new_card, one_new_customer),
    Scenario("supplier-invoices", (Transfer.SUPPLIER_INVOICES,), "severa", supplier_invoice, one_fee_for_each_row),
    Scenario("payments", (Transfer.PAYMENTS,), "severa", paid_invoices, both_are_paid),
)
