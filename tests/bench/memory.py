"""A process that fills the mirror, previews a month and a run, and prints its own peak memory in megabytes."""

from __future__ import annotations

import pickle
import resource
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from brygga.records.source import Invoice
from brygga.store.mirror import Kept, Mirror
from brygga.transfers.mirrored import INVOICES
from tests.bench.load_world import COMPANY, connected_world

BATCH = 1000
DAYS = 2500


def fill(mirror: Mirror, records: int, status: str) -> None:
    """Seven years of invoices that were transferred."""
    first = date(2019, 1, 1)
    for start in range(0, records, BATCH):
        kept = []
        for number in range(start, start + BATCH):
            day = first + timedelta(days=number * DAYS // records)
            invoice = Invoice(
                key=f"old-{number}",
                number=number,
                status_key=status,
                customer_key=f"customer-{number % 1000}",
                customer_name="Exempelkonsult i Göteborg AB",
                customer_number=str(number % 1000),
                date=day,
                due_date=day + timedelta(days=30),
                currency="SEK",
                currency_rate=Decimal(1),
                net=Decimal(28000),
                vat=Decimal(7000),
                gross=Decimal(35000),
                notes="Konsultarvode enligt avtal " * 8,
                updated=datetime(2026, 1, 1, tzinfo=UTC),
            )
            kept.append(Kept(invoice.key, invoice, datetime(2026, 1, 1, tzinfo=UTC), status, day.isoformat(), False))
        mirror.update(INVOICES, kept)


def main(place: Path) -> None:
    """Fill, preview, and say."""
    installation, url, records = pickle.loads(place.read_bytes())
    with connected_world(installation, url) as world:
        world.preview()
        mirror = Mirror(world.store, COMPANY, "load")
        status = mirror.listed(INVOICES, Invoice, ())[0].status
        fill(mirror, records, status)
        assert mirror.count(INVOICES) == records + 1000
        world.preview()
    print(_peak())


def _peak() -> float:
    """Megabytes. What ``getrusage`` says is inherited from the process that started this one where Linux keeps it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
