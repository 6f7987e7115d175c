"""What Severa knows of payments: an invoice's status and payment date (contracts/severa.md §3.5 "Payments")."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from brygga.records.severa_cards import InvoicePayment
from brygga.severa import facts, wire
from brygga.severa.changes import Change, carry_out
from brygga.severa.http import SeveraClient
from brygga.severa.registers import chunks, find, segment


class Payments:
    """Reads and writes the payment of invoices."""

    def __init__(self, client: SeveraClient) -> None:
        self._client = client

    def states(self, invoices: Mapping[str, int]) -> dict[str, InvoicePayment]:
        """The payment of each invoice (key → number), 50 numbers in a query; one that is not there by its number is
        asked by its key, and one that Severa has no more is left out."""
        found: dict[str, InvoicePayment] = {}
        for some in chunks(sorted(set(invoices.values()))):
            # Each row is known by its key and a missing one is asked singly, so the end need not be confirmed.
            for head in self._client.pages_by_token("/v1/invoices", wire.Invoice, {"numbers": some}, confirm_end=False):
                if head.guid in invoices:
                    found[head.guid] = _payment(head)
        for key in invoices.keys() - found.keys():
            state = self.state(key)
            if state is not None:
                found[key] = state
        return found

    def state(self, key: str) -> InvoicePayment | None:
        """The payment of one invoice, None when Severa has none with that key."""
        head = find(self._client, f"/v1/invoices/{segment(key)}", wire.Invoice)
        return None if head is None else _payment(head)

    def update(self, key: str, changes: Mapping[str, object]) -> None:
        """Set status and payment date, what is named of them, in one call; a date of None empties it."""
        unknown = changes.keys() - {"status_key", "payment_date"}
        if unknown:
            raise ValueError(f"fields of a payment that cannot be changed in Severa: {sorted(unknown)}")
        wanted: list[Change[wire.Invoice]] = []
        if changes.get("status_key"):
            status = str(changes["status_key"])
            wanted.append(
                Change(
                    "status_key",
                    facts.INVOICE_STATUS,
                    status,
                    lambda after: after.status is not None and after.status.guid == status,
                )
            )
        if "payment_date" in changes:
            day = changes["payment_date"]
            assert day is None or isinstance(day, date)
            text = None if day is None else day.isoformat()
            wanted.append(
                Change("payment_date", facts.INVOICE_PAYMENT_DATE, text, lambda after: after.payment_date == day)
            )
        carry_out(self._client, f"/v1/invoices/{segment(key)}", key, wanted, wire.Invoice)


def _payment(head: wire.Invoice) -> InvoicePayment:
    return InvoicePayment(
        invoice_key=head.guid,
        status_key=head.status.guid if head.status is not None else "",
        payment_date=head.payment_date,
    )
