"""The state machine of one document, and the only place that writes to either system (architecture, semantics §4.12).

Intent first: it is committed before the write. Find before create: always, also on the first attempt. Link: committed
before anything else follows from the record. Write-backs are intents of their own, so a failed one never repeats the
document. What cannot be known is *in doubt*, never *failed* and never sent again by itself.

Each record is a flow (``side_by_side``): documents that do not depend on each other are carried out side by side, and
their intents, their links and their ends are a commit each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from brygga.records.reasons import Level, Reason, Refused, Unavailable, Uncertain, reason
from brygga.records.target import Kind, PostedInvoice, System
from brygga.store.database import Step
from brygga.store.journal.journal import (
    DOCUMENTS,
    AlreadyTransferred,
    Intent,
    Journal,
    Link,
    Operation,
    OperationState,
    OtherCompany,
    TargetTaken,
    Unsettled,
)
from brygga.store.journal.records import accepted
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.deviations import document_deviations, in_doubt, taken_by_another
from brygga.transfers.engine_lookup import Lookup
from brygga.transfers.lookup import Sighting, snapshot_of
from brygga.transfers.plan import Action, Plan, belonging_to, crediting
from brygga.transfers.results import Result, result_of
from brygga.transfers.side_by_side import Ending, Flow, Later, known, side_by_side
from brygga.transfers.updates import Updates
from brygga.transfers.write_backs import WriteBacks, settled_by_now

TOGETHER = 8
"""So many documents are carried out side by side: at Severa's pace they take a second, within which a run can be
cancelled, and after a crash so many are looked for."""

CREATE = "create"
UPDATE = "update"

Answer = TypeVar("Answer")


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
        self._lookup = Lookup(company)
        self._updates = Updates(company)
        self._decided: Operation | None = None
        """What is in doubt and to be sent by a person's word."""
        self._met: set[tuple[Kind, str]] = set()
        """Automatic needs that this engine has met: a batch names each of them on every row that needs it."""

    # -- one row ---------------------------------------------------------------------------------------------

    def carry_out(self, plan: Plan) -> Result:
        """Do what the plan says and answer how it ended; faults of either system end in the result, never above."""
        return self.carry_out_all((plan,))[0]

    def send(self, plan: Plan, operation: Operation) -> Result:
        """Carry out the plan of what is in doubt: a person says that it is not there. It is looked for once more, and
        stays in doubt until it is there."""
        self._decided = operation
        try:
            return self.carry_out(plan)
        finally:
            self._decided = None

    def carry_out_all(
        self,
        plans: Sequence[Plan | Result],
        *,
        before: Callable[[], None] = lambda: None,
        ending: Ending[Result] | None = None,
    ) -> tuple[Result, ...]:
        """Carry out plans that do not depend on each other (``together``); a result instead of a plan is known already.
        ``before`` and ``ending`` as in ``side_by_side``."""
        flows = [self._flow(plan) if isinstance(plan, Plan) else known(plan) for plan in plans]
        self._lookup.begin()
        return tuple(side_by_side(self._journal, flows, before=before, ending=ending))

    def together(self, plan: Plan, others: Sequence[Plan], most: int = TOGETHER) -> bool:
        """Whether the plan can be carried out side by side with those before it; ``most``: so many that write."""
        writing = [other for other in others if other.writes]
        if not plan.writes or not writing:
            return True
        if not all(each.kind in DOCUMENTS.values() and each.action is Action.CREATE for each in (plan, *writing)):
            # A card is found by what it holds and by what is linked already: one after the other.
            return False
        keys = {other.source_key for other in writing}
        return len(writing) < most and plan.source_key not in keys and plan.original_key not in keys

    def _flow(self, plan: Plan) -> Flow[Result]:
        """The plan's flow; what it needs is carried out at once, because it comes first."""
        if not plan.writes:
            return self._renewed(plan) if plan.renews else known(result_of(plan))
        if plan.original_key:
            original = self._journal.link_of(Kind.INVOICE, plan.original_key)
            if original is None:
                # The original was to come first and did not: the credit note waits, it has not failed (§4.5, AT-40).
                why = reason("FAK-303", Level.WAIT, nr=plan.original_number)
                return known(Result.of(plan, RowState.WAITING, (why,)))
            plan = crediting(plan, int(original.target_key))
        notes: list[Reason] = []
        for need in plan.needs:
            if (need.kind, need.source_key) in self._met:
                continue
            outcome = self.carry_out(need)
            if outcome.state in (RowState.FAILED, RowState.IN_DOUBT, RowState.WAITING):
                return known(Result.of(plan, outcome.state, (*outcome.reasons, *notes)))
            # Its events, and what Administration warned of when it was written (§4.7, §4.13).
            notes.extend(r for r in outcome.reasons if r.level is Level.NOTE or r not in need.reasons)
            if need.automatic and outcome.state is RowState.TRANSFERRED:
                self._met.add((need.kind, need.source_key))
        return self._record(plan, tuple(notes))

    def _record(self, plan: Plan, notes: tuple[Reason, ...]) -> Flow[Result]:
        result = yield from self._apply(plan, notes)
        if result.state in (RowState.FAILED, RowState.IN_DOUBT):
            # What was created for it stays and is told now: the next run finds it and says nothing of it (§4.7).
            return result.adding(notes)
        return self._with_parts(plan, result)

    def _with_parts(self, plan: Plan, result: Result) -> Result:
        """Carry out what belongs to the record; a part that fails is a remark on the record, which is there."""
        for part in plan.parts:
            outcome = self.carry_out(belonging_to(part, result.target_key))
            if outcome.state in (RowState.FAILED, RowState.IN_DOUBT):
                result = result.remarked(outcome.reasons)
        return result

    def _apply(self, plan: Plan, notes: tuple[Reason, ...]) -> Flow[Result]:
        try:
            if plan.action is Action.CREATE:
                return (yield from self._create(plan, notes))
            if plan.action is Action.UPDATE:
                return (yield from self._update(plan, notes))
            yield self._coupling(plan, complete=True)
            return Result.of(plan, RowState.TRANSFERRED, (*plan.reasons, *notes), plan.target_key)
        except Uncertain as fault:
            return Result.of(plan, RowState.IN_DOUBT, (fault.reason,))
        except (Refused, Unavailable) as fault:
            return Result.of(plan, RowState.FAILED, (fault.reason,))

    # -- create ----------------------------------------------------------------------------------------------

    def _create(self, plan: Plan, notes: tuple[Reason, ...]) -> Flow[Result]:
        # Of a document the intent itself knows whether it is linked.
        linked = "" if plan.kind in DOCUMENTS.values() else self._linked_as(plan)
        if linked:
            return self._already_there(plan, linked)
        operation = yield from self._intended(plan, CREATE)
        return operation if isinstance(operation, Result) else (yield from self._created(plan, operation, notes))

    def _created(self, plan: Plan, operation: Operation, notes: tuple[Reason, ...]) -> Flow[Result]:
        try:
            return (yield from self._find_or_write(plan, operation, notes))
        except (Refused, Unavailable) as fault:
            yield Later(self._not_written(operation, fault))
            return Result.of(plan, RowState.FAILED, (fault.reason,))

    def _not_written(self, operation: Operation, fault: Refused | Unavailable) -> Step[Operation]:
        """It may be sent again; but what a person sent stays with the person, since Severa may list it no more."""
        if operation.state is OperationState.IN_DOUBT:
            return self._journal.doubting(operation, tuple(dict.fromkeys((*operation.reasons[:1], fault.reason))))
        if isinstance(fault, Unavailable):
            return self._journal.releasing(operation)
        return self._journal.refusing(operation, (fault.reason,))

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

    def _intended(self, plan: Plan, write: str) -> Flow[Operation | Result]:
        """Commit the intent; an unfinished one from before is settled first. The result when that cannot be done."""
        unsettled = None
        while True:
            try:
                operation: Operation = yield self._intending(self._intent(plan, write))
                return operation
            except Unsettled as open_:
                mine = open_.operation.state is OperationState.INTENDED and unsettled is None
                unsettled = open_.operation
            except AlreadyTransferred as done:
                return self._already_there(plan, done.operation.target_key)
            except OtherCompany as other:
                why = reason("SYS-912", company=other.operation.company, number=other.operation.target_key)
                return Result.of(plan, RowState.FAILED, (why,))
            if not mine:
                return Result.of(plan, RowState.IN_DOUBT, unsettled.reasons or (in_doubt(plan),))
            yield from self._settled(unsettled)

    def _intending(self, intent: Intent) -> Step[Operation]:
        sent = self._decided
        if sent is not None and (sent.transfer, sent.source_key, sent.write) == intent.key:
            return self._journal.sending(sent, intent)
        return self._journal.intending(intent)

    def _intent(self, plan: Plan, write: str) -> Intent:
        after = self._lookup.last_number() if plan.kind is Kind.INVOICE else None
        return Intent(plan.transfer.value, plan.source_key, write, plan, plan.natural_key, after, self._run_id)

    def _find_or_write(self, plan: Plan, operation: Operation, notes: tuple[Reason, ...]) -> Flow[Result]:
        found = self._lookup.sightings(plan, operation.after)
        if found:
            return (yield from self._adopt(plan, operation, found, notes))
        target = self._company.target(plan.transfer.target)
        try:
            created = target.create(plan.payload)
        except Uncertain:
            try:
                found = self._lookup.sightings(plan, operation.after, meant=True, afresh=True)
            except (Refused, Unavailable) as fault:
                # "The look-up failed" is never "not found": the intent stays, the next run looks again.
                raise Uncertain(fault.reason) from fault
            if found:
                return (yield from self._adopt(plan, operation, found, notes))
            if plan.transfer.target is System.SEVERA:
                # Over a network it may still be on its way: only the settling time tells (state machine 6).
                raise
            # The host process is dead and was doing nothing else, so a complete look-up that finds nothing means that
            # the write never happened: it may be sent again at once (architecture, state machine 6), once.
            created = target.create(plan.payload)
        sighting = Sighting(key=created.key, posted=created.posted, ours=True, complete=created.complete)
        return (yield from self._linked(plan, operation, sighting, (*notes, *created.warnings)))

    def _adopt(
        self, plan: Plan, operation: Operation, found: tuple[Sighting, ...], notes: tuple[Reason, ...]
    ) -> Flow[Result]:
        """Link to what the look-up found: exactly one of ours; another's is a refusal, several are in doubt."""
        ours = [sighting for sighting in found if sighting.ours]
        if len(ours) == 1:
            return (yield from self._linked(plan, operation, ours[0], notes))
        if ours:
            why = (in_doubt(plan, ours),)
            yield Later(self._journal.doubting(operation, why))
            return Result.of(plan, RowState.IN_DOUBT, why)
        raise Refused(taken_by_another(plan, found[0]))

    def _linked(self, plan: Plan, operation: Operation, found: Sighting, notes: tuple[Reason, ...]) -> Flow[Result]:
        snapshot, pair = snapshot_of(plan, found.key, found.posted, complete=found.complete), plan.pair(found.key)
        deviations = document_deviations(plan, found.posted) if found.posted is not None else ()
        link = Later(self._journal.linking(operation, plan.kind, found.key, snapshot, pair, deviations))
        reasons = (*plan.reasons, *notes)
        try:
            if deviations:
                yield link.step
                return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (*reasons, *deviations), found.key)
            yield link
            return (yield from self._completed(plan, operation, found.key, reasons, link))
        except TargetTaken as taken:
            # Administration gave a number that the journal knows as another document's: it was restored from a backup
            # or changed by hand. The document is there, whose it is a person decides.
            why = (reason("FAK-333", nr=found.key, other=taken.link.snapshot.name),)
            yield Later(self._journal.doubting(operation, why))
            return Result.of(plan, RowState.IN_DOUBT, why, found.key)

    def _completed(
        self, plan: Plan, operation: Operation, key: str, reasons: tuple[Reason, ...], link: Later | None = None
    ) -> Flow[Result]:
        """Do what follows the record; ``link``: the step that linked it just now, if it was not linked before."""
        if not self._write_backs.owed(plan):
            yield self._journal.finishing(operation)
            return Result.of(plan, RowState.TRANSFERRED, reasons, key)
        remarks = yield from self._write_backs.carry_out(plan, key)
        if remarks:
            return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (*reasons, *remarks), key)
        if link is not None and link.answer is not None:
            operation, _ = link.answer
        yield Later(self._journal.finishing(operation))
        return Result.of(plan, RowState.TRANSFERRED, reasons, key)

    def _renewed(self, plan: Plan) -> Flow[Result]:
        """Neither system is written to: the link takes note of what was found the same."""
        source_key, target_key = plan.pair(plan.target_key)
        link = self._journal.link_of(plan.kind, source_key)
        if link is not None and link.target_key == target_key:
            snapshot = msgspec.structs.replace(link.snapshot, payload_hash=plan.content_hash)
            yield self._journal.coupling(plan.kind, source_key, target_key, snapshot)
        return result_of(plan)

    # -- update and couple -----------------------------------------------------------------------------------

    def _update(self, plan: Plan, notes: tuple[Reason, ...]) -> Flow[Result]:
        """Write the differing fields. Setting a field to a value may be repeated, so no look-up is needed before."""
        if plan.kind is not Kind.PAYMENT and self._linked_as(plan) != plan.target_key:
            yield self._coupling(plan, complete=False)
        operation = yield from self._intended(plan, UPDATE)
        return operation if isinstance(operation, Result) else (yield from self._changed(plan, operation, notes))

    def _changed(self, plan: Plan, operation: Operation, notes: tuple[Reason, ...]) -> Flow[Result]:
        try:
            warnings = self._updates.change(plan)
        except Refused as fault:
            yield Later(self._journal.refusing(operation, (fault.reason,)))
            return Result.of(plan, RowState.FAILED, (fault.reason,))
        except Unavailable as fault:
            yield Later(self._journal.releasing(operation))
            return Result.of(plan, RowState.FAILED, (fault.reason,))
        yield from self._updated(plan, operation)
        return Result.of(plan, RowState.TRANSFERRED, (*plan.reasons, *notes, *warnings), plan.target_key)

    def _updated(self, plan: Plan, operation: Operation) -> Flow[None]:
        # What the link vouches for is what was set: so only now.
        yield Later(self._coupling(plan, complete=True))
        yield self._journal.finishing(operation)

    def _coupling(self, plan: Plan, *, complete: bool) -> Step[Link]:
        snapshot = snapshot_of(plan, plan.target_key, complete=complete)
        return self._journal.coupling(plan.kind, *plan.pair(plan.target_key), snapshot)

    # -- settlement ------------------------------------------------------------------------------------------

    def settle_all(self) -> tuple[Result, ...]:
        """Settle every unfinished intent of the company and finish outstanding write-backs; the start of a run."""
        unsettled = [operation for operation in self._journal.unsettled() if operation.write in (CREATE, UPDATE)]
        # Nothing is created here, so what was read for one is true for the next.
        self._lookup.begin()
        results = [self._alone(self._settled(operation, afresh=False)) for operation in unsettled]
        for operation in self._journal.unfinished_write_backs():
            results.append(self.resume(operation))
        return tuple(result for result in results if result is not None)

    def resume(self, operation: Operation) -> Result:
        """Do what is outstanding for a document that is there and linked."""
        return self._alone(self._resumed(operation))

    def _alone(self, flow: Flow[Answer]) -> Answer:
        return side_by_side(self._journal, [flow])[0]

    def _resumed(self, operation: Operation) -> Flow[Result]:
        plan = msgspec.json.decode(operation.payload, type=Plan)
        try:
            posted = self._posted(plan, operation.target_key)
            deviations = document_deviations(plan, posted) if posted is not None else ()
            if deviations and not accepted(operation):
                if deviations != operation.reasons:
                    yield self._journal.deviating(operation, deviations)
                return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, deviations, operation.target_key)
            return (yield from self._completed(plan, operation, operation.target_key, ()))
        except (Refused, Unavailable, Uncertain) as fault:
            return Result.of(plan, RowState.TRANSFERRED_WITH_REMARK, (fault.reason,), operation.target_key)

    def _posted(self, plan: Plan, key: str) -> PostedInvoice | None:
        return self._company.administration.invoice(int(key)) if plan.kind is Kind.INVOICE else None

    def _settled(self, operation: Operation, *, afresh: bool = True) -> Flow[Result | None]:
        """Find out whether an intended write happened; None when it did not and may be sent again."""
        plan = msgspec.json.decode(operation.payload, type=Plan)
        try:
            if operation.write == UPDATE:
                if plan.transfer.target is System.SEVERA and self._updates.took(plan):
                    yield from self._updated(plan, operation)
                    return Result.of(plan, RowState.TRANSFERRED, plan.reasons, plan.target_key)
            else:
                found = self._lookup.sightings(plan, operation.after, meant=True, afresh=afresh)
                if any(sighting.ours for sighting in found):
                    return (yield from self._adopt(plan, operation, found, ()))
        except (Refused, Unavailable, Uncertain) as fault:
            # "The look-up failed" is never "not found": the intent stays as it is (architecture, state machine 6).
            return Result.of(plan, RowState.IN_DOUBT, (in_doubt(plan), fault.reason))
        if plan.transfer.target is System.SEVERA and not settled_by_now(self._company, operation, self._now()):
            return Result.of(plan, RowState.IN_DOUBT, (in_doubt(plan),))
        yield self._journal.releasing(operation)
        return None
