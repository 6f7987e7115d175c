"""What follows a transferred invoice: number, reference and status in Severa in one change, then marked as printed.

Each is an intent of its own: a failed one is a remark on the document and is repeated alone (semantics §4.3, §4.11).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, Unavailable, Uncertain, reason
from brygga.rules.numbering import ocr
from brygga.store.journal import Operation, OperationState
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan, SeveraChange

SEVERA = "severa"
PRINTED = "printed"


class SeveraWrite(Record, frozen=True):
    """One change of a Severa invoice; None leaves a field alone."""

    invoice_key: str
    status_key: str | None
    number: int | None
    reference_number: str | None


class WriteBacks:
    """Carries the write-backs of one company's documents out."""

    def __init__(self, company: Company, run_id: int | None, now: Callable[[], datetime]) -> None:
        self._company = company
        self._journal = company.journal
        self._run_id = run_id
        self._now = now

    def carry_out(self, plan: Plan, key: str) -> tuple[Reason, ...]:
        """Write back what the plan says for document ``key``; answers remarks, empty when all is done."""
        change = plan.write_back
        if change is None:
            return ()
        remarks = self._severa(plan, change, int(key))
        if change.mark_printed and not (remarks and change.number_and_reference):
            # Under Administration master a document is printed only when its number stands in Severa (AT-96).
            remarks = (*remarks, *self._printed(plan, int(key)))
        return remarks

    def _severa(self, plan: Plan, change: SeveraChange, number: int) -> tuple[Reason, ...]:
        write = SeveraWrite(
            invoice_key=change.invoice_key,
            status_key=change.status_key,
            number=number if change.number_and_reference else None,
            reference_number=ocr(number) if change.number_and_reference else None,
        )
        if write.status_key is None and write.number is None:
            return ()
        code = "FAK-322" if write.number is not None else "FAK-323"
        earlier = self._earlier(plan, SEVERA)
        if earlier is not None and earlier.state is OperationState.DONE:
            return ()
        try:
            if earlier is not None and earlier.state is OperationState.INTENDED:
                if self._took(write):
                    self._journal.finish_id(earlier.id)
                    return ()
                if not settled_by_now(self._company, earlier, self._now()):
                    return (reason(code, Level.WARNING, nr=number),)
                self._journal.release(earlier)
            return self._send(plan, write, number, code)
        except (Unavailable, Uncertain) as fault:
            return (reason(code, Level.WARNING, nr=number), fault.reason)

    def _send(self, plan: Plan, write: SeveraWrite, number: int, code: str) -> tuple[Reason, ...]:
        operation = self._intend(plan, SEVERA, write)
        try:
            self._company.severa.change_invoice(
                write.invoice_key,
                status_key=write.status_key,
                number=write.number,
                reference_number=write.reference_number,
            )
        except Refused as fault:
            self._journal.refuse(operation, (fault.reason,))
            return (reason(code, Level.WARNING, nr=number), fault.reason)
        except Unavailable:
            self._journal.release(operation)
            raise
        except Uncertain:
            # The answer is lost: reading the invoice tells whether the change took. If it did not it may still be
            # on its way, so it is repeated only after the settling time (architecture, state machine 6).
            if not self._took(write):
                raise
        self._journal.finish_id(operation.id)
        return ()

    def _took(self, write: SeveraWrite) -> bool:
        invoice = self._company.severa.invoice(write.invoice_key)
        if invoice is None:
            return False
        return (
            write.status_key in (None, invoice.status_key)
            and write.number in (None, invoice.number)
            and write.reference_number in (None, invoice.reference_number)
        )

    def _printed(self, plan: Plan, number: int) -> tuple[Reason, ...]:
        earlier = self._earlier(plan, PRINTED)
        if earlier is not None and earlier.state is OperationState.DONE:
            return ()
        remark = reason("FAK-311", Level.WARNING, nr=number)
        if earlier is not None and earlier.state is OperationState.INTENDED:
            self._journal.release(earlier)
        operation = self._intend(plan, PRINTED, plan.write_back)
        try:
            posted = self._company.administration.invoice(number)
            if posted is None or not posted.printed:
                self._company.administration.mark_printed(number)
        except Refused as fault:
            self._journal.refuse(operation, (fault.reason,))
            return (remark, fault.reason)
        except (Unavailable, Uncertain) as fault:
            # Setting a flag may be repeated: the next run looks and repeats only this step (AT-95).
            return (remark, fault.reason)
        self._journal.finish_id(operation.id)
        return ()

    def _earlier(self, plan: Plan, write: str) -> Operation | None:
        return self._journal.operation(plan.transfer.value, plan.source_key, write)

    def _intend(self, plan: Plan, write: str, payload: Record | None) -> Operation:
        return self._journal.intend(
            transfer=plan.transfer.value,
            source_key=plan.source_key,
            write=write,
            payload=payload or plan,
            natural_key=plan.natural_key,
            run_id=self._run_id,
        )


def settled_by_now(company: Company, operation: Operation, now: datetime) -> bool:
    """Whether a write to Severa whose answer was lost cannot be on its way any more (architecture, state machine 6)."""
    return now - operation.updated >= timedelta(seconds=float(company.preferences.severa_settling_seconds))
