"""How many calls to Severa a month towards Severa costs (issue 5): counts at the HTTP server, not times.

Reads come in pages, and each effect is one write: a project cost one POST, a payment one PATCH. Here a tenth of the
month; ``dev.py bench calls`` counts the whole of it, 540 supplier invoices with 1 600 rows and 400 payments.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench.months_towards import LISTS, fee_reads, payment_reads, payments_month, supplier_month


def test_a_month_of_supplier_invoices_reads_in_pages_and_writes_each_cost_once(tmp_path: Path) -> None:
    """The fees of each project are read once, whatever the number of rows and invoices."""
    month = supplier_month(tmp_path / "month", invoices=54, rows=160, projects=16)
    assert (month.planned, month.done) == (160, 160)
    assert month.writes == {"POST /v1/projectfees": 160}
    assert (month.preview, month.reads, month.reads_after) == (LISTS, fee_reads(16), LISTS)
    assert month.writes_after == 0


def test_payments_read_in_pages_and_change_each_invoice_once(tmp_path: Path) -> None:
    """Fifty payments in a query; status and payment date in one change."""
    month = payments_month(tmp_path / "month", payments=51)
    assert (month.planned, month.done) == (51, 51)
    assert month.writes == {f"PATCH /v1/invoices/invoice-{10001 + place}": 1 for place in range(51)}
    assert {month.preview, month.reads, month.reads_after} == {payment_reads(51)} == {2 + payment_reads(0)}
    assert month.writes_after == 0
