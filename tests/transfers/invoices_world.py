"""What the invoices' tests ask: a plan, a result, and what Severa holds then."""

from __future__ import annotations

from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.results import Result
from tests.transfers.practice_world import World

OTHER = "556016-0680"


def planned(world: World, key: str = "invoice-10234") -> Plan:
    return world.preview(Transfer.INVOICES)[key]


def carried(world: World, key: str = "invoice-10234") -> Result:
    return world.result(Transfer.INVOICES, key)


def in_severa(world: World, key: str) -> tuple[object, object, object]:
    """Number, reference and status in Severa."""
    document = world.severa.document("invoices", key)
    assert document is not None
    return document["number"], document["referenceNumber"], document["status"]["guid"]
