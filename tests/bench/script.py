"""Against the obvious script: for each invoice one GET of it, its customer, its project and its rows, and one PATCH.

The script writes nothing to Administration and keeps no journal: it is paced as we are, and its time is calls alone.
"""

from __future__ import annotations

import time
from pathlib import Path

from brygga.practice.dataset import load_set
from brygga.severa import wire
from brygga.severa.facts import INVOICE_STATUS, replace
from brygga.store.states import RowState
from tests.bench.figures import Figure, at_least, shown
from tests.bench.floor import LATENCY_MS, RATE
from tests.bench.load_world import LoadWorld, load_world

TITLE = "Obvious script"


def measure(folder: Path, *, short: bool) -> list[Figure]:
    """Calls and time of both, in one run."""
    invoices = 40 if short else 200
    load = load_set(invoices, 5, customers=10)
    limits = {"requests_per_second": RATE, "latency_ms": LATENCY_MS, "quota": RATE}
    with load_world(folder / "script", load, **limits) as world:
        begun = time.perf_counter()
        assert _script(world) == invoices
        theirs, their_calls = time.perf_counter() - begun, world.client.pacing.requests
    with load_world(folder / "ours", load, **limits) as world:
        begun = time.perf_counter()
        assert world.run().count(RowState.TRANSFERRED) == invoices
        ours, our_calls = time.perf_counter() - begun, world.client.pacing.requests
    return [
        shown(f"script, calls for {invoices} invoices", their_calls),
        shown("Brygga, calls", our_calls),
        at_least("script ÷ Brygga, calls", their_calls / our_calls, 1.0),
        shown("script, time", theirs, "s"),
        shown("Brygga, time", ours, "s"),
        at_least("script ÷ Brygga, time", theirs / ours, 1.0),
    ]


def _script(world: LoadWorld) -> int:
    client = world.client
    statuses = {one.name: one.guid for one in client.get("/v1/invoicestatuses", list[wire.InvoiceStatus])}
    wanted = {"invoiceStatusGuids": [statuses[name] for name in world.settings["invoices.statuses"]]}
    listed = client.pages_by_token("/v1/invoices", wire.Invoice, wanted, confirm_end=False)
    for head in listed:
        invoice = client.get(f"/v1/invoices/{head.guid}", wire.Invoice)
        assert invoice.customer is not None
        client.get(f"/v1/customers/{invoice.customer.guid}", wire.Customer)
        for project in invoice.projects or []:
            client.get(f"/v1/projects/{project.guid}", wire.Project)
        client.pages_by_token(f"/v1/invoices/{head.guid}/invoicerows", wire.InvoiceRow, confirm_end=False)
        after = statuses[world.settings["invoices.status_after"]]
        client.patch(f"/v1/invoices/{head.guid}", [replace(INVOICE_STATUS, after)], list[wire.Invoice])
    return len(listed)
