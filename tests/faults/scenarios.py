"""What the program is doing when it dies: one line for each transfer and each way a document gets its number."""

from __future__ import annotations

from dataclasses import dataclass

from brygga.transfers.plan import Transfer
from tests.faults.fault_world import INVOICES_ONLY, REGISTERS


@dataclass(frozen=True)
class Scenario:
    """Transfers of one small month, in order, under a numbering master (which the registers do not know)."""

    name: str
    transfers: tuple[Transfer, ...]
    master: str


SCENARIOS = (
    Scenario("registers", REGISTERS, "severa"),
    Scenario("invoices-severa", INVOICES_ONLY, "severa"),
    Scenario("invoices-administration", INVOICES_ONLY, "administration"),
)
