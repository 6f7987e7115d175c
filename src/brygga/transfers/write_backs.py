"""What follows a transferred invoice: number, reference and status in Severa in one change, then marked as printed.

Each is an intent of its own: a failed one is a remark on the document and is repeated alone (semantics §4.3, §4.11).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, Unavailable, Uncertain, reason
from brygga.records.target import Kind
from brygga.rules.numbering import ocr
from brygga.store.database import Step
from brygga.store.journal.journal import DOCUMENTS, Intent, Journal, Operation, OperationState
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan, SeveraChange
from brygga.transfers.side_by_side import Flow, Later

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

    def owed(self, plan: Plan) -> bool:
        """Whether anything follows the document at all."""
        change = plan.write_back
        return change is not None and (self._changes(change) or change.mark_printed)

    def carry_out(self, plan: Plan, key: str) -> Flow[tuple[Reason, ...]]:
        """Write back what the plan says for document ``key``; answers remarks, empty when all is done."""
        change = plan.write_back
        if change is None:
            return ()
        remarks: tuple[Reason, ...] = ()
        if self._changes(change):
            remarks = yield from self._severa(plan, change, int(key))
        if change.mark_printed and not (remarks and change.number_and_reference):
            # Under Administration master a document is printed only when its number stands in Severa (AT-96).
            printed = yield from self._printed(plan, int(key))
            remarks = (*remarks, *printed)
        return remarks

    def _changes(self, change: SeveraChange) -> bool:
        return change.status_key is not None or change.number_and_reference

    def _severa(self, plan: Plan, change: SeveraChange, number: int) -> Flow[tuple[Reason, ...]]:
        write = SeveraWrite(
            invoice_key=change.invoice_key,
            status_key=change.status_key,
            number=number if change.number_and_reference else None,
            reference_number=ocr(number) if change.number_and_reference else None,
        )
        code = "FAK-322" if write.number is not None else "FAK-323"
        remark = reason(code, Level.WARNING, nr=number)
        operation, meant = yield self._intending(plan, SEVERA, write)
        if operation.state is OperationState.DONE:
            return ()
        try:
            if not meant:
                if self._took(write):
                    yield Later(self._journal.finishing(operation))
                    return ()
                if not settled_by_now(self._company, operation, self._now()):
                    return (remark,)
                yield Later(self._journal.releasing(operation))
                operation, _ = yield self._intending(plan, SEVERA, write)
            if operation.attempts > 1:
                write = self._unless_paid(write)
            return (yield from self._sent(write, operation, remark))
        except (Unavailable, Uncertain) as fault:
            return (remark, fault.reason)

    def _sent(self, write: SeveraWrite, operation: Operation, remark: Reason) -> Flow[tuple[Reason, ...]]:
        try:
            self._company.severa.change_invoice(
                write.invoice_key,
                status_key=write.status_key,
                number=write.number,
                reference_number=write.reference_number,
            )
        except Refused as fault:
            if self._is_gone(write):
                yield Later(self._journal.finishing(operation))
                return (reason("FAK-334", Level.WARNING, nr=remark.param("nr")),)
            yield Later(self._journal.refusing(operation, (fault.reason,)))
            return (remark, fault.reason)
        except Unavailable as fault:
            yield Later(self._journal.releasing(operation))
            return (remark, fault.reason)
        except Uncertain:
            # The answer is lost: reading the invoice tells whether the change took. If it did not it may still be
            # on its way, so it is repeated only after the settling time (architecture, state machine 6).
            if not self._took(write):
                raise
        yield Later(self._journal.finishing(operation))
        return ()

    def _is_gone(self, write: SeveraWrite) -> bool:
        """Whether Severa has no such invoice any more: then nothing is owed to it, in this run and every other."""
        try:
            return self._company.severa.invoice(write.invoice_key) is None
        except (Refused, Unavailable):
            return False

    def _unless_paid(self, write: SeveraWrite) -> SeveraWrite:
        """A late change leaves the status of an invoice that was paid meanwhile (semantics §4.9)."""
        invoice = self._company.severa.invoice(write.invoice_key)
        paid = {status.key for status in self._company.severa.invoice_statuses() if status.is_paid}
        if invoice is None or invoice.status_key not in paid:
            return write
        return msgspec.structs.replace(write, status_key=None)

    def _took(self, write: SeveraWrite) -> bool:
        invoice = self._company.severa.invoice(write.invoice_key)
        if invoice is None:
            return False
        return (
            write.status_key in (None, invoice.status_key)
            and write.number in (None, invoice.number)
            and write.reference_number in (None, invoice.reference_number)
        )

    def _printed(self, plan: Plan, number: int) -> Flow[tuple[Reason, ...]]:
        operation, _ = yield self._intending(plan, PRINTED, plan.write_back)
        if operation.state is OperationState.DONE:
            return ()
        remark = reason("FAK-311", Level.WARNING, nr=number)
        try:
            posted = self._company.administration.invoice(number)
            # One that a person cancelled meanwhile may not be changed any more, and nobody prints it.
            if posted is None or not (posted.printed or posted.cancelled):
                self._company.administration.mark_printed(number)
        except Refused as fault:
            yield Later(self._journal.refusing(operation, (fault.reason,)))
            return (remark, fault.reason)
        except (Unavailable, Uncertain) as fault:
            # Setting a flag may be repeated: the next run looks and repeats only this step (AT-95).
            return (remark, fault.reason)
        yield Later(self._journal.finishing(operation))
        return ()

    def _intending(self, plan: Plan, write: str, payload: Record | None) -> Step[tuple[Operation, bool]]:
        source = (plan.transfer.value, plan.source_key)
        intent = Intent(*source, write, payload or plan, plan.natural_key, run_id=self._run_id)
        return self._journal.intending_once(intent)


def owed_to_severa(journal: Journal) -> frozenset[str]:
    """Severa keys of the invoices that are in Administration while Severa has not been told."""
    outstanding = (each for each in journal.unfinished_write_backs() if DOCUMENTS.get(each.transfer) is Kind.INVOICE)
    return frozenset(each.source_key for each in outstanding if not _told(journal, each))


def _told(journal: Journal, create: Operation) -> bool:
    told = journal.operation(create.transfer, create.source_key, SEVERA)
    return told is not None and told.state is OperationState.DONE


def settled_by_now(company: Company, operation: Operation, now: datetime) -> bool:
    """Whether a write to Severa whose answer was lost cannot be on its way any more (architecture, state machine 6)."""
    return now - operation.updated >= timedelta(seconds=float(company.preferences.severa_settling_seconds))
