"""When an invoice of before the program is the same on both sides: number, total and customer (issue 5, Coupling)."""

from __future__ import annotations

from collections.abc import Mapping

from brygga.records.base import Record
from brygga.records.reasons import Reason, reason
from brygga.records.source import Invoice
from brygga.records.target import Kind, PostedInvoice
from brygga.rules.credit import CREDIT_NOTE
from brygga.rules.mappings import mapped


class CouplingChoice(Record, frozen=True):
    """A pair that a person confirmed: a record of Severa by its key, one of Administration by its number or code."""

    kind: Kind
    source_key: str
    target_key: str


def invoice_differences(
    invoice: Invoice, there: PostedInvoice, customer_number: str, base: str, currencies: Mapping[str, str]
) -> tuple[Reason, ...]:
    """Why two documents of one number are not the same; empty when they are.

    ``customer_number``: the invoice's customer in Administration, empty when it has none there. ``base``: the currency
    of a document that names none, ``currencies``: the mapping of Severa's to Administration's. Totals are compared with
    VAT, before rounding to kronor; a credit note is positive in Administration (contracts/adk.md §2.4).
    """
    found = []
    is_credit = there.type == CREDIT_NOTE
    if invoice.is_credit_note is not is_credit or there.cancelled:
        found.append(reason("KOP-805", nr=there.number))
    if (mapped(currencies, invoice.currency) or invoice.currency) != (there.currency or base):
        found.append(reason("KOP-807", nr=there.number, severa=invoice.currency, administration=there.currency or base))
    held = there.total - there.round_off
    if abs(invoice.gross) not in (abs(held), abs(there.total)):
        found.append(reason("KOP-803", nr=there.number, a=abs(invoice.gross), b=abs(held)))
    if customer_number != there.customer_number:
        found.append(
            reason(
                "KOP-804",
                nr=there.number,
                severa=customer_number or invoice.customer_name,
                administration=there.customer_number,
            )
        )
    return tuple(found)
