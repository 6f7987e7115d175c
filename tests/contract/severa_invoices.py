"""Invoices in the practice Severa, for the tests of the gateway."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from brygga.practice.severa_server import SeveraSeed
from brygga.severa.gateway import InvoiceQuery
from tests.contract.severa_seed import BEGINNING, row, seed
from tests.contract.severa_seed import invoice as seed_invoice

AUDIT = {"createdDateTime": BEGINNING}
EVERY = InvoiceQuery()
BEGUN = datetime(2026, 1, 1, 8, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 12, tzinfo=UTC)


def money(amount: float, currency: str = "SEK") -> dict[str, Any]:
    return {"amount": amount, "currencyCode": currency}


def invoice(number: int, **fields: Any) -> dict[str, Any]:
    """An invoice of one project whose two rows (10 × 1 250) make its total."""
    totals = {"totalExcludingTax": money(25000), "totalTax": money(6250), "totalIncludingTax": money(31250)}
    return seed_invoice(number, **({"isCreditNote": False} | totals | fields))


def project(number: int) -> dict[str, Any]:
    return {"guid": f"project-{number}", "name": f"Projekt {number}", "number": number} | AUDIT


def environment(
    invoices: list[dict[str, Any]], rows: list[dict[str, Any]], settings: dict[int, bool] | None = None, **more: Any
) -> SeveraSeed:
    """The small environment with these invoices; ``settings`` says which are reverse-charged, by number."""
    documents = [
        {"guid": f"settings-{number}", "isReverseCharged": flag} | AUDIT for number, flag in (settings or {}).items()
    ]
    entries: dict[str, Any] = {"workhours": [], "flatrates": [], "projects": [project(42), project(43)]}
    given = seed(invoices=invoices, invoicerows=rows, invoicesettings=[], **(entries | more))
    collections = {**given.collections, "invoicesettings": documents}
    owners = {f"invoice-{number}": f"settings-{number}" for number in settings or {}}
    return SeveraSeed(given.client_id, given.client_secret, given.scopes, collections, owners)


def two_rows(number: int, **fields: Any) -> list[dict[str, Any]]:
    return [row(number, 1, **fields), row(number, 2, **fields)]
