"""When an invoice in Administration's ledger is paid (semantics §4.9, AT-66…71). Amounts in SEK unless said."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Literal

from brygga.records.ledger import LedgerInvoice
from brygga.rules.amounts import EXACT

Balances = Literal["currency", "base", "both"]
"""What BALANCE and BALANCE2 mean, which is not public (§4.9). ``currency``: BALANCE is in the invoice's currency and
BALANCE2 is not known. ``base``: BALANCE is in SEK. ``both``: BALANCE is in the invoice's currency, BALANCE2 in SEK."""

LIMIT = Decimal(1)
"""Less than this remains: paid. One krona exactly is not paid."""

CREDIT_NOTE = "K"


class Standing(StrEnum):
    """How an invoice stands."""

    PAID = "paid"
    OVERPAID = "overpaid"
    PART_PAID = "part_paid"
    UNPAID = "unpaid"
    NOT_COUNTED = "not_counted"
    """Cancelled or not done: never paid."""

    @property
    def is_paid(self) -> bool:
        """Whether nothing more is expected from the customer."""
        return self in (Standing.PAID, Standing.OVERPAID)


def remaining(invoice: LedgerInvoice, balances: Balances = "currency") -> Decimal:
    """What remains of the invoice in SEK, at the invoice's own rate and not rounded (AT-67).

    Raises ``ValueError`` when a balance in currency must be converted and the invoice has no positive rate and unit.
    """
    if balances == "base":
        return invoice.balance
    if balances == "both":
        return invoice.balance2
    if not invoice.currency or invoice.balance == 0:
        return invoice.balance
    if invoice.rate <= 0 or invoice.unit <= 0:
        raise ValueError(f"invoice {invoice.number} has rate {invoice.rate} and unit {invoice.unit}")
    return EXACT.divide(EXACT.multiply(invoice.balance, invoice.rate), Decimal(invoice.unit))


def standing(invoice: LedgerInvoice, balances: Balances = "currency") -> Standing:
    """How the invoice stands by what remains of it (AT-66, AT-67, AT-71).

    An invoice is paid when less than one krona remains, overpaid beyond one krona the other way. A credit note, whose
    balance may be stored with either sign, and an invoice with a negative total are settled when the absolute balance
    is below one krona. Raises ``ValueError`` as ``remaining`` does.
    """
    if invoice.cancelled or invoice.not_done:
        return Standing.NOT_COUNTED
    rest = remaining(invoice, balances)
    either_sign = invoice.type == CREDIT_NOTE or invoice.total < 0
    if (abs(rest) if either_sign else rest) < LIMIT:
        return Standing.OVERPAID if not either_sign and rest < -LIMIT else Standing.PAID
    return Standing.UNPAID if invoice.last_payment is None else Standing.PART_PAID
