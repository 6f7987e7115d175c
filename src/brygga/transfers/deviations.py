"""What is said of a record whose write did not end as the plan meant: in doubt, taken, or there and different."""

from __future__ import annotations

from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import InvoiceDocument, Kind, PostedInvoice, System
from brygga.transfers.lookup import Sighting
from brygga.transfers.plan import Plan

IN_DOUBT = {Kind.PAYMENT: "BET-504", Kind.PROJECT_FEE: "LEV-603"}
"""What is said of a write to Severa that may or may not have been done; ``KND-130`` for customers and contacts."""
TAKEN = {Kind.INVOICE: "FAK-302", Kind.PROJECT_FEE: "LEV-604"}
"""What is said when the natural key is another record's, where REG-861 does not fit."""


def in_doubt(plan: Plan, found: tuple[Sighting, ...] | list[Sighting] = ()) -> Reason:
    """That it is not known whether the record was written, or which of those found it is."""
    if plan.transfer.target is System.SEVERA:
        return reason(IN_DOUBT.get(plan.kind, "KND-130"), nr=plan.source_number)
    return reason("FAK-310", numbers=", ".join(sighting.key for sighting in found)) if found else reason("FAK-310")


def taken_by_another(plan: Plan, found: Sighting) -> Reason:
    """That the record's natural key is another's."""
    default = "REG-861" if plan.transfer.target is System.ADMINISTRATION else "KND-131"
    nr = found.key if plan.transfer.target is System.ADMINISTRATION else plan.source_number
    return reason(TAKEN.get(plan.kind, default), nr=nr, kind=plan.kind.value)


def document_deviations(plan: Plan, posted: PostedInvoice) -> tuple[Reason, ...]:
    """What differs between the document sent and the one that is there; it stays, a person decides (§4.4, FAK-312)."""
    document = plan.payload
    if not isinstance(document, InvoiceDocument):
        return ()  # a store that was lost sent it: what that was is not known here
    reasons: list[Reason] = []
    if document.number is not None and posted.number != document.number:
        reasons.append(reason("FAK-328", Level.WARNING, given=document.number, got=posted.number))
    if posted.currency not in (document.currency, plan.currency):
        reasons.append(
            reason("FAK-353", Level.WARNING, nr=posted.number, expected=plan.currency, held=posted.currency or "–")
        )
    pairs = ((document.total, posted.total), (document.net, posted.net), (document.vat, posted.vat))
    differing = next(((expected, there) for expected, there in pairs if expected != there), None)
    if differing is not None:
        expected, there = differing
        reasons.append(reason("FAK-312", Level.WARNING, nr=posted.number, a=expected, b=there))
    return tuple(reasons)
