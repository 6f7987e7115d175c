"""The invoice that a credit note credits: it must be in Administration, or come first (semantics §3.2, §4.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.source import Invoice
from brygga.records.target import Kind, PostedInvoice
from brygga.rules.credit import CREDIT_NOTE
from brygga.transfers.lookup import REMARK_PREFIX, carries, remark_key
from brygga.transfers.plan import Action, Plan
from brygga.transfers.readings import Readings


class Original(Record, frozen=True):
    """What is known of the original: its number in Administration, or the Severa key of the one that comes first."""

    number: int | None = None
    key: str = ""
    severa_number: str = ""
    in_ore: bool = False
    """Whether its amount to pay was not rounded to whole kronor: then the credit's must not be either (§3.2)."""
    reasons: tuple[Reason, ...] = ()


NONE = Original()
"""An ordinary invoice credits nothing."""


def original_of(
    readings: Readings,
    credit: Invoice,
    customer_number: str,
    planned: Mapping[str, Plan],
    comes: Callable[[Invoice], bool],
) -> Original:
    """Find the original of a credit note.

    ``planned``: the batch's plans so far by Severa key (originals are planned before their credit notes); ``comes``:
    whether an invoice outside the batch is one that will be transferred later, so that its credit note waits.
    """
    if not credit.original_key:
        return Original(reasons=(reason("FAK-304"),))
    link = readings.links(Kind.INVOICE).get(credit.original_key)
    if link is not None:
        return _checked(readings, int(link.target_key), customer_number)
    ahead = planned.get(credit.original_key)
    if ahead is not None and ahead.action is Action.CREATE:
        return Original(key=credit.original_key, severa_number=ahead.source_number)
    if ahead is not None and ahead.action in (Action.REFUSE, Action.WAIT):
        return Original(reasons=(_waits(ahead.source_number),))
    original = readings.company.severa.invoice(credit.original_key)
    if original is None:
        return Original(reasons=(reason("FAK-304"),))
    if original.is_credit_note:
        return Original(reasons=(reason("FAK-342", nr=original.number or original.key),))
    if _stands_there(readings, original):
        assert original.number is not None
        return _checked(readings, original.number, customer_number)
    name = str(original.number or original.key)
    return Original(reasons=(_waits(name) if comes(original) else reason("FAK-304", nr=name),))


def _stands_there(readings: Readings, original: Invoice) -> bool:
    """Whether the document of the original's number is the original: made before the cut-over, by hand or by another
    program (AT-41), or ours from a store that was lost.

    One that carries the key of another invoice is that one's; and where Administration numbers, a number of Severa
    means nothing there, unless the original is from before the cut-over (§4.5).
    """
    if original.number is None:
        return False
    there = readings.company.administration.invoice(original.number)
    if there is None or carries(there, remark_key(original.key)):
        return there is not None
    if there.remark.startswith(REMARK_PREFIX):
        return False
    chosen = readings.preferences
    earliest = chosen.invoices_from_date
    return chosen.numbering_master == "severa" or (earliest is not None and original.date < earliest)


def _waits(number: str) -> Reason:
    return reason("FAK-303", Level.WAIT, nr=number)


def _checked(readings: Readings, number: int, customer_number: str) -> Original:
    """The document in Administration must be an invoice of the same customer that is not cancelled (233, 234)."""
    there = readings.company.administration.invoice(number)
    if there is None:
        return Original(reasons=(reason("FAK-304", nr=number),))
    in_ore = there.total != there.total.to_integral_value()
    return Original(number=number, in_ore=in_ore, reasons=_faults(there, customer_number))


def _faults(there: PostedInvoice, customer_number: str) -> tuple[Reason, ...]:
    if there.type == CREDIT_NOTE:
        return (reason("FAK-342", nr=there.number),)
    if there.cancelled:
        return (reason("FAK-344", nr=there.number),)
    if there.customer_number != customer_number:
        return (reason("FAK-345", nr=there.number, customer=there.customer_number),)
    return ()
