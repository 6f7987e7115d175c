"""The state machine of one document, and the only place that writes to either system (architecture, semantics §4.12).

Intent first: it is committed before the write. Find before create: always, also on the first attempt. Link: committed
as soon as the target answered. Write-backs are intents of their own, so a failed one never repeats the document. What
cannot be known is *in doubt*, never *failed* and never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from brygga.records.reasons import Level, Reason, Refused, Unavailable, Uncertain, reason
from brygga.records.severa_cards import SeveraContact
from brygga.records.target import InvoiceDocument, Kind, PostedInvoice, System
from brygga.store.journal import (
    AlreadyTransferred,
    Journal,
    Operation,
    OperationState,
    OtherCompany,
    TargetTaken,
    Unsettled,
)
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.lookup import Sighting, sightings, snapshot_of
from brygga.transfers.lookup_severa import SeveraLookup
from brygga.transfers.plan import Action, Plan
from brygga.transfers.results import Result, result_of
from brygga.transfers.write_backs import WriteBacks, settled_by_now

CREATE = "create"
UPDATE = "update"

IN_DOUBT = {Kind.PAYMENT: "BET-504", Kind.PROJECT_FEE: "LEV-603"}
"""What is said of a write to Severa that may or may not have been done; ``KND-130`` for customers and contacts."""
TAKEN = {Kind.INVOICE: "FAK-302", Kind.PROJECT_FEE: "LEV-604"}
"""What is said when the natural key is another record's, where REG-861 does not fit."""


class Engine:
    """Carries out plans for one company; every method leaves the journal true if the process dies inside it."""

    def __init__(
        self, company: Company, *, run_id: int | None = None, now: Callable[[], datetime] | None = None
    ) -> None:
        self._company = company
        self._journal: Journal = company.journal
        self._run_id = run_id
        # The settling time is counted from what the journal noted, so by the journal's own clock.
        self._now = now or company.journal.now
        self._write_backs = WriteBacks(company, run_id, self._now)
        self._severa_lookup = SeveraLookup(company)
        self._met: set[tuple[Kind, str]] = set()
        """Automatic needs that this engine has met: a batch names each of them on every row that needs it."""

    # -- one row ---------------------------------------------------------------------------------------------

    def carry_out(self, plan: Plan) -> Result:
        """Do what the plan says and answer how it ended; faults of either system end in the result, never above."""
        if not plan.writes:
            return result_of(plan)
        if plan.original_key:
            original = self._journal.link_of(Kind.INVOICE, plan.original_key)
            if original is None:
                # The original was to come first and did not: the credit note waits, it has not failed (§4.5, AT-40).
                why = reason("FAK-303", Level.WAIT, nr=plan.original_number)
                return Result.of(plan, RowState.WAITING, (why,))
            plan = crediting(plan, int(original.target_key))
        notes: list[Reason] = []
        for need in plan.needs:
            if (need.kind, need.source_key) in self._met:
                continue
            outcome = self.carry_out(need)
            if outcome.state in (RowState.FAILED, RowState.IN_DOUBT, RowState.WAITING):
                return Result.of(plan, outcome.state, outcome.reasons)
            # Its events, and what Administration warned of when it was written (§4.7, §4.13).
            notes.extend(r for r in outcome.reasons if r.level is Level.NOTE or r not in need.reasons)
            if need.automatic and outcome.state is RowState.TRANSFERRED:
                self._met.add((need.kind, need.source_key))
        result = self._apply(plan, tuple(notes))
        if result.state in (RowState.FAILED, RowState.IN_DOUBT):
            return result
        return self._with_parts(plan, result)

    def _with_parts(self, plan: Plan, result: Result) -> Result:
        """Carry out what belongs to the record; a part that fails is a remark on the record, which is there."""
        for part in plan.parts:
            outcome = self.carry_out(belonging_to(part, result.target_key))
            if outcome.state in (RowState.FAILED, RowState.IN_DOUBT):
                result = result.remarked(outcome.reasons)
        return result

    def _apply(self, plan: Plan, notes: tuple[Reason, ...]) -> Result:
        try:
            if plan.action is Action.CREATE:
                return self._create(plan, notes)
            if plan.action is Action.UPDATE:
                return self._update(plan, notes)
            self._couple(plan, complete=True)
            return Result.of(plan, RowState.TRANSFERRED, (*plan.reasons, *notes), plan.target_key)
        except Uncertain as fault:
            return Result.of(plan, RowState.IN_DOUBT, (fault.reason,))
        except (Refused, Unavailable) as fault:
            return Result.of(plan, RowState.FAILED, (fault.reason,))

    # -- create ----------------------------------------------------------------------------------------------

    def _create(self, plan: Plan, notes: tuple[Reason, ...]) -> Result:
        linked = self._linked_as(plan)
        if linked:
            return self._already_there(plan, linked)
        try:
            operation = self._intend(plan, CREATE)
        except Unsettled as open_:
            return Result.of(plan, RowState.IN_DOUBT, open_.operation.reasons or (in_doubt(plan),))
        except AlreadyTransferred as done:
            return self._already_there(plan, done.operation.target_key)
        except OtherCompany as other:
            why = reason("SYS-912", company=other.operation.company, number=other.operation.target_key)
            return Result.of(plan, RowState.FAILED, (why,))
        try:
            return self._find_or_write(plan, operation, notes)
        except Refused as fault:
            self._journal.refuse(operation, (fault.reason,))
            raise
        except Unavailable:
            self._journal.release(operation)
            raise

    def _linked_as(self, plan: Plan) -> str:
        """The key of the record in the target that the plan's source is linked to, empty when it is not linked."""
        if plan.transfer.target is System.SEVERA:
            links = self._journal.link_to(plan.kind, plan.source_key)
            return links[0].source_key if links else ""
        link = self._journal.link_of(plan.kind, plan.source_key)
        return link.target_key if link is not None else ""

    def _already_there(self, plan: Plan, key: str) -> Result:
        """An automatic need that another row met is met; a chosen record says that it was transferred before."""
        if plan.automatic:
            return Result.of(plan, RowState.TRANSFERRED, (), key)
        if plan.transfer.target is System.SEVERA:
            why = reason("KND-132", Level.NOTE, nr=plan.source_number)
        else:
            why = reason("FAK-309", Level.NOTE, nr=key)
        return Result.of(plan, RowState.TRANSFERRED, (why,), key)

    def _intend(self, plan: Plan, write: str) -> Operation:
        """Commit the intent; an unfinished one from before is settled first. ``Unsettled`` when that cannot be done."""
        earlier = self._journal.operation(plan.transfer.value, plan.source_key, write)
        if earlier is not None and earlier.company == self._company.name and earlier.state is OperationState.INTENDED:
            self.settle(earlier)
        after = self._company.administration.last_invoice_number() if plan.kind is Kind.INVOICE else None
        if after is not None and earlier is not None and earlier.after is not None:
            # Look from where it was first meant to be written: what a lost store had written is above that, too.
            after = min(after, earlier.after)
        return self._journal.intend(
            transfer=plan.transfer.value,
            source_key=plan.source_key,
            write=write,
            payload=plan,
            natural_key=plan.natural_key,
            after=after,
            run_id=self._run_id,
        )

    def _find_or_write(self, plan: Plan, operation: Operation, notes: tuple[Reason, ...]) -> Result:
        found = self._look(plan, operation.after)
        if found:
            return self._adopt(plan, operation, found, notes)
        target = self._company.target(plan.transfer.target)
        try:
            created = target.create(plan.payload)
        except Uncertain:
            try:
                found = self._look(plan, operation.after, afresh=True)
            except (Refused, Unavailable) as fault:
                # "The look-up failed" is never "not found": the intent stays, the next run looks again.
                raise Uncertain(fault.reason) from fault
            if found:
                return self._adopt(plan, operation, found, notes)
            if plan.transfer.target is System.SEVERA:
                # Over a network it may still be on its way: only the settling time tells (state machine 6).
                raise
            # The host process is dead and was doing nothing else, so a complete look-up that finds nothing means that
            # the write never happened: it may be sent again at once (architecture, state machine 6), once.
            created = target.create(plan.payload)
        sighting = Sighting(key=created.key, posted=created.posted, ours=True, complete=created.complete)
        return self._linked(plan, operation, sighting, (*notes, *created.warnings))

    def _look(self, plan: Plan, after: int | None, *, afresh: bool = False) -> tuple[Sighting, ...]:
        if plan.transfer.target is System.SEVERA:
            return self._severa_lookup.sightings(plan, afresh=afresh)
        return sightings(self._company, plan, after)

    def _adopt(
        self, plan: Plan, operation: Operation, found: tuple[Sighting, ...], notes: tuple[Reason, ...]
    ) -> Result:
        """Link to what the look-up found: exactly one of ours; another's is a refusal, several are in doubt."""
        ours = [sighting for sighting in found if sighting.ours]
        if len(ours) == 1:
            return self._linked(plan, operation, ours[0], notes)
        if ours:
            why = (in_doubt(plan, ours),)
            self._journal.doubt(operation, why)
            return Result.of(plan, RowState.IN_DOUBT, why)
        default = "REG-861" if plan.transfer.target is System.ADMINISTRATION else "KND-131"
        nr = found[0].key if plan.transfer.target is System.ADMINISTRATION else plan.source_number
        raise Refused(reason(TAKEN.get(plan.kind, default), nr=nr, kind=plan.kind.value))

    def _linked(self, plan: Plan, operation: Operation, found: Sighting, notes: tuple[Reason, ...]) -> Result:
        try:
            snapshot = snapshot_of(plan, found.key, found.posted, complete=found.complete)
            self._journal.link(operation, plan.kind, found.key, snapshot, pair=plan.pair(found.key))
        except TargetTaken as taken:
            # Administration gave a number that the journal knows as another document's: it was restored from a backup
            # or changed by hand. The document is there, whose it is a person decides.
            why = (reason("FAK-333", nr=found.key, other=taken.link.snapshot.name),)
            self._journal.doubt(operation, why)
            return Result.of(plan, RowState.IN_DOUBT, why, found.key)
        reasons = (*plan.reasons, *notes)
        if found.posted is not None:
            deviations = document_deviations(plan, found.posted)
            if deviations:
                return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (*reasons, *deviations), found.key)
        return self._complete(plan, operation.id, found.key, reasons)

    def _complete(self, plan: Plan, operation_id: int, key: str, reasons: tuple[Reason, ...]) -> Result:
        remarks = self._write_backs.carry_out(plan, key)
        if remarks:
            return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (*reasons, *remarks), key)
        self._journal.finish_id(operation_id)
        return Result.of(plan, RowState.TRANSFERRED, reasons, key)

    # -- update and couple -----------------------------------------------------------------------------------

    def _update(self, plan: Plan, notes: tuple[Reason, ...]) -> Result:
        """Write the differing fields. Setting a field to a value may be repeated, so no look-up is needed before."""
        if plan.kind is not Kind.PAYMENT and self._linked_as(plan) != plan.target_key:
            self._couple(plan, complete=False)
        try:
            operation = self._intend(plan, UPDATE)
        except Unsettled as open_:
            return Result.of(plan, RowState.IN_DOUBT, open_.operation.reasons or (in_doubt(plan),))
        try:
            warnings = self._change(plan)
        except Refused as fault:
            self._journal.refuse(operation, (fault.reason,))
            raise
        except Unavailable:
            self._journal.release(operation)
            raise
        self._updated(plan, operation)
        return Result.of(plan, RowState.TRANSFERRED, (*plan.reasons, *notes, *warnings), plan.target_key)

    def _change(self, plan: Plan) -> tuple[Reason, ...]:
        changes = {change.field: getattr(plan.payload, change.field) for change in plan.changes}
        try:
            return self._company.target(plan.transfer.target).update(plan.kind, plan.target_key, changes)
        except Uncertain:
            # The answer is lost: reading the record back tells whether the change took. If it did not it may still be
            # on its way, so it is repeated only after the settling time (state machine 6).
            if plan.transfer.target is System.ADMINISTRATION:
                raise
            try:
                took = self._took(plan)
            except (Refused, Unavailable) as fault:
                raise Uncertain(fault.reason) from fault
            if not took:
                raise
            return ()

    def _took(self, plan: Plan) -> bool:
        there = self._company.target(plan.transfer.target).find(plan.kind, plan.target_key)
        return there is not None and all(
            getattr(there, change.field) == getattr(plan.payload, change.field) for change in plan.changes
        )

    def _updated(self, plan: Plan, operation: Operation) -> None:
        # What the link vouches for is what was set: so only now.
        self._couple(plan, complete=True)
        self._journal.finish_id(operation.id)

    def _couple(self, plan: Plan, *, complete: bool) -> None:
        snapshot = snapshot_of(plan, plan.target_key, complete=complete)
        self._journal.couple(plan.kind, *plan.pair(plan.target_key), snapshot)

    # -- settlement ------------------------------------------------------------------------------------------

    def settle_all(self) -> tuple[Result, ...]:
        """Settle every unfinished intent of the company and finish outstanding write-backs; the start of a run."""
        unsettled = [operation for operation in self._journal.unsettled() if operation.write in (CREATE, UPDATE)]
        results = [self.settle(operation) for operation in unsettled]
        for operation in self._journal.unfinished_write_backs():
            results.append(self.resume(operation))
        return tuple(result for result in results if result is not None)

    def resume(self, operation: Operation) -> Result:
        """Do what is outstanding for a document that is there and linked."""
        plan = msgspec.json.decode(operation.payload, type=Plan)
        try:
            posted = self._posted(plan, operation.target_key)
            deviations = document_deviations(plan, posted) if posted is not None else ()
            if deviations:
                return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, deviations, operation.target_key)
            return self._complete(plan, operation.id, operation.target_key, ())
        except (Refused, Unavailable, Uncertain) as fault:
            return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (fault.reason,), operation.target_key)

    def _posted(self, plan: Plan, key: str) -> PostedInvoice | None:
        return self._company.administration.invoice(int(key)) if plan.kind is Kind.INVOICE else None

    def settle(self, operation: Operation) -> Result | None:
        """Find out whether an intended write happened; None when it did not and may be sent again."""
        plan = msgspec.json.decode(operation.payload, type=Plan)
        try:
            if operation.write == UPDATE:
                if plan.transfer.target is System.SEVERA and self._took(plan):
                    self._updated(plan, operation)
                    return Result.of(plan, RowState.TRANSFERRED, plan.reasons, plan.target_key)
            else:
                found = self._look(plan, operation.after, afresh=True)
                if any(sighting.ours for sighting in found):
                    return self._adopt(plan, operation, found, ())
        except (Refused, Unavailable, Uncertain) as fault:
            # "The look-up failed" is never "not found": the intent stays as it is (architecture, state machine 6).
            return Result.of(plan, RowState.IN_DOUBT, (in_doubt(plan), fault.reason))
        if plan.transfer.target is System.SEVERA and not settled_by_now(self._company, operation, self._now()):
            return Result.of(plan, RowState.IN_DOUBT, (in_doubt(plan),))
        self._journal.release(operation)
        return None


def crediting(plan: Plan, original_number: int) -> Plan:
    """The credit note's plan with the original's number in Administration, which the original's transfer gave."""
    assert isinstance(plan.payload, InvoiceDocument)
    document = msgspec.structs.replace(plan.payload, original_number=original_number)
    return msgspec.structs.replace(plan, payload=document, original_key="")


def belonging_to(part: Plan, key: str) -> Plan:
    """The part with the key that its record has in Severa, which the record's creation gave."""
    if not isinstance(part.payload, SeveraContact) or part.payload.customer_key:
        return part
    return msgspec.structs.replace(part, payload=msgspec.structs.replace(part.payload, customer_key=key))


def in_doubt(plan: Plan, found: tuple[Sighting, ...] | list[Sighting] = ()) -> Reason:
    """That it is not known whether the record was written, or which of those found it is."""
    if plan.transfer.target is System.SEVERA:
        return reason(IN_DOUBT.get(plan.kind, "KND-130"), nr=plan.source_number)
    return reason("FAK-310", numbers=", ".join(sighting.key for sighting in found)) if found else reason("FAK-310")


def document_deviations(plan: Plan, posted: PostedInvoice) -> tuple[Reason, ...]:
    """What differs between the document sent and the one that is there; it stays, a person decides (§4.4, FAK-312)."""
    document = plan.payload
    assert isinstance(document, InvoiceDocument)
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
