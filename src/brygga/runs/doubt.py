"""The doubt desk: what may or may not have been written, the evidence of both systems, and a person's decision.

Looking writes nothing. Deciding is a run of its own with one outcome: who decided what is recorded (semantics §4.12).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.severa_cards import ProjectFee
from brygga.records.source import Invoice
from brygga.records.target import InvoiceDocument, Kind, PostedInvoice, System
from brygga.runs.ownership import confirm, own
from brygga.runs.run import preview
from brygga.runs.writer import Writer
from brygga.store.audit.trail import Told, acting_person
from brygga.store.history import Outcome
from brygga.store.journal.journal import Journal, Operation, TargetTaken
from brygga.store.journal.records import ACCEPTED
from brygga.store.recovered import told_of_decision
from brygga.store.states import OperationState, RowState
from brygga.transfers.company import Company
from brygga.transfers.engine import Engine
from brygga.transfers.lookup import carries, snapshot_of
from brygga.transfers.plan import Action, Plan
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection

DOUBT = "doubt"
"""What a decision is called among the runs."""


class Decision(StrEnum):
    """What a person can decide."""

    LINK = "link"
    """It is there, as the record that the person names."""
    SEND = "send"
    """It is not there: send it."""
    WAIT = "wait"
    """It stays in doubt; somebody has looked."""
    ACCEPT = "accept"
    """It is there and differs from what was sent: it stands as it is, and what follows it is done (§4.4, FAK-312)."""


class Doubt(Record, frozen=True):
    """A record that a person decides about: what it is called, since when (UTC) and why. It is in doubt, or it
    ``differs``: it is there, and not as it was sent."""

    transfer: str
    kind: Kind
    source_key: str
    number: str
    name: str
    target_key: str
    since: datetime
    reasons: tuple[Reason, ...]
    differs: bool = False


class Candidate(Record, frozen=True):
    """A document in Administration that could be the one: by our ``key``, by its ``number``, or because customer, day
    and total are ``alike``; ``other`` names the record it is linked to already."""

    posted: PostedInvoice
    key: bool
    number: bool
    alike: bool
    other: str


class Evidence(Record, frozen=True):
    """Both systems side by side: the record in Severa now (None: not an invoice, or not there), what was sent, and what
    the target has that could be it: documents of Administration, or of a cost the fees of its project in Severa that
    carry its key or have its amount and day."""

    doubt: Doubt
    severa: Invoice | None
    sent: Plan
    candidates: tuple[Candidate, ...]
    fees: tuple[ProjectFee, ...] = ()


def doubts(journal: Journal) -> tuple[Doubt, ...]:
    """Everything that waits for a person, oldest first; neither system is asked."""
    return tuple(_doubt(operation, _plan(operation)) for operation in journal.undecided())


def evidence(company: Company, text: str) -> Evidence:
    """What both systems say of the record with this number, name or key; ``Refused`` SYS-930 or SYS-931."""
    operation = _the_one(company, text)
    plan = _plan(operation)
    invoice = company.severa.invoice(plan.source_key) if plan.kind is Kind.INVOICE else None
    return Evidence(_doubt(operation, plan), invoice, plan, _candidates(company, plan), _fees(company, plan))


def decide(
    company: Company,
    text: str,
    decision: Decision,
    *,
    target_key: str = "",
    lock_folder: Path,
    version: str,
    settings: str,
) -> Result:
    """Carry a person's decision out and record it; ``target_key`` is the record to link to.

    ``Refused``: SYS-930, SYS-931 (which record), SYS-932, SYS-933 (which document), SYS-908 (another run), the signs
    that stop the company's writes, or why the record cannot be sent now. It stays in doubt then.
    """
    with Writer(company, lock_folder):
        operation = _the_one(company, text)
        plan = _plan(operation)
        _require_possible(operation, plan, decision)
        run = company.journal.start_run(DOUBT, program_version=version, settings_hash=settings)
        try:
            confirm(company)
            own(company, run)
            engine = Engine(company, run_id=run.id)
            act: dict[Decision, Callable[[], Result]] = {
                Decision.LINK: lambda: _link(company, engine, operation, plan, target_key.strip()),
                Decision.SEND: lambda: _send(company, engine, operation, plan),
                Decision.WAIT: lambda: Result.of(plan, _standing(operation), operation.reasons, operation.target_key),
                Decision.ACCEPT: lambda: _accept(company, engine, operation),
            }
            result = act[decision]()
            why = reason("SYS-934", Level.NOTE, who=acting_person(), decision=decision.value, nr=plan.source_number)
            company.journal.record(run, _outcome(company, result, decision, why))
            after = {"decision": decision.value, "state": result.state.value, "target": result.target_key}
            told_of_decision(company.journal, Told.DOUBT, run, plan.source_key, plan.source_number, after, why)
        except BaseException:
            company.journal.finish_run(run, "failed")
            raise
        company.journal.finish_run(run, "completed")
        return result


def _require_possible(operation: Operation, plan: Plan, decision: Decision) -> None:
    differs = operation.state is OperationState.LINKED
    if decision is not Decision.WAIT and differs is not (decision is Decision.ACCEPT):
        raise Refused(reason("SYS-936" if differs else "SYS-937", nr=plan.source_number))


def _standing(operation: Operation) -> RowState:
    differs = operation.state is OperationState.LINKED
    return RowState.TRANSFERRED_WITH_REMARK if differs else RowState.IN_DOUBT


def _accept(company: Company, engine: Engine, operation: Operation) -> Result:
    """Let it stand as it is; number, status and printing follow."""
    why = reason(ACCEPTED, Level.NOTE, who=acting_person(), nr=operation.target_key)
    return engine.resume(company.journal.accept(operation, why))


def _link(company: Company, engine: Engine, operation: Operation, plan: Plan, key: str) -> Result:
    """Link to the record that the person found; what follows the document is done at once."""
    there = company.target(plan.transfer.target).find(plan.kind, key) if _is_key(plan, key) else None
    if there is None:
        raise Refused(reason("SYS-932", nr=key))
    posted = there if isinstance(there, PostedInvoice) else None
    try:
        company.journal.link(operation, plan.kind, key, snapshot_of(plan, key, posted), pair=plan.pair(key))
    except TargetTaken as taken:
        raise Refused(reason("SYS-933", nr=key, other=taken.link.snapshot.name)) from None
    linked = company.journal.operation(operation.transfer, operation.source_key, operation.write)
    assert linked is not None
    return engine.resume(linked)


def _send(company: Company, engine: Engine, operation: Operation, plan: Plan) -> Result:
    """Send it as it would be planned now; as it was, where Severa has it no more."""
    fresh = _planned_now(company, operation, plan)
    if fresh is not None and fresh.stops:
        raise Refused(fresh.stops[0])
    chosen = fresh if fresh is not None and fresh.action is Action.CREATE else plan
    if chosen.payload is None:
        raise Refused(reason("SYS-939", nr=plan.source_number))  # recognized at a take-over, and gone in Severa since
    return engine.send(chosen, operation)


def _planned_now(company: Company, operation: Operation, plan: Plan) -> Plan | None:
    """The record's plan, with all that it needs now; None when it is not in its system any more."""
    chosen = Selection(keys=frozenset({plan.source_key}))
    fresh = _only(preview(company, plan.transfer, chosen), plan)
    if plan.kind is not Kind.INVOICE or (fresh is not None and fresh.action is not Action.SKIP):
        return fresh
    # Severa may call it transferred or sent already, because it was: a person has decided, so nothing is held back.
    statuses = tuple(status.name for status in company.severa.invoice_statuses())
    why = company.preferences.numbering_sent_override_reason or acting_person()
    preferences = msgspec.structs.replace(company.preferences, numbering_sent_override_reason=why)
    whatever = msgspec.structs.replace(chosen, statuses=statuses)
    fresh = _only(preview(replace(company, preferences=preferences), plan.transfer, whatever), plan)
    return _under_its_number(company, operation, fresh) if fresh is not None else None


def _under_its_number(company: Company, operation: Operation, fresh: Plan) -> Plan:
    """What was there once had a number that the customer holds and Severa knows: it gets that again, if it can be given
    and is free, and nothing more is owed to Severa."""
    document, change = fresh.payload, fresh.write_back
    if not operation.target_key or not isinstance(document, InvoiceDocument) or change is None:
        return fresh
    number = int(operation.target_key)
    given = company.administration.capabilities().invoice_number_given
    if not given or company.administration.invoice(number) is not None:
        return fresh
    reasons, last = fresh.reasons, company.administration.last_invoice_number()
    if company.preferences.numbering_master == "administration" and number > last:
        # A given number leaves Administration's own series alone, which is refused when it gets there (adk.md §3, 214).
        reasons = (*reasons, reason("SYS-952", Level.WARNING, nr=number))
    payload = msgspec.structs.replace(document, number=number)
    printed = msgspec.structs.replace(change, status_key=None, number_and_reference=False)
    return msgspec.structs.replace(fresh, payload=payload, write_back=printed, reasons=reasons)


def _only(plans: tuple[Plan, ...], plan: Plan) -> Plan | None:
    return next((each for each in plans if each.source_key == plan.source_key), None)


def _is_key(plan: Plan, key: str) -> bool:
    """Whether the text can be a key of the target at all: documents and contacts have numbers there."""
    numbered = plan.transfer.target is System.ADMINISTRATION and plan.kind in (Kind.INVOICE, Kind.CONTACT)
    return key.isdecimal() if numbered else bool(key)


def _the_one(company: Company, text: str) -> Operation:
    wanted = text.strip().casefold()
    found = []
    for operation in company.journal.undecided():
        plan = _plan(operation)
        names = (plan.source_number, plan.source_name, plan.source_key, operation.target_key)
        if wanted and wanted in (name.casefold() for name in names):
            found.append(operation)
    if not found:
        raise Refused(reason("SYS-930", nr=text))
    if len(found) > 1:
        raise Refused(reason("SYS-931", nr=text, keys=", ".join(operation.source_key for operation in found)))
    return found[0]


def _candidates(company: Company, plan: Plan) -> tuple[Candidate, ...]:
    if plan.kind is not Kind.INVOICE:
        return ()
    document = plan.payload if isinstance(plan.payload, InvoiceDocument) else None
    links = {link.target_key: link.snapshot.name for link in company.journal.links(Kind.INVOICE).values()}
    found = (
        Candidate(
            posted=posted,
            key=carries(posted, plan.natural_key),
            number=document is not None and posted.number == document.number,
            alike=document is not None
            and (posted.customer_number, posted.date, posted.total)
            == (document.customer_number, document.date, document.total),
            other=links.get(str(posted.number), ""),
        )
        for posted in company.administration.invoices_after(0)
    )
    return tuple(each for each in found if each.key or each.number or (each.alike and not each.other))


def _fees(company: Company, plan: Plan) -> tuple[ProjectFee, ...]:
    if not isinstance(plan.payload, ProjectFee):
        return ()
    sent, taken = plan.payload, company.journal.links(Kind.PROJECT_FEE)
    return tuple(
        fee
        for fee in company.severa.project_fees(sent.project_key)
        if fee.key not in taken
        and (
            fee.description.endswith(plan.natural_key)
            or (fee.unit_cost, fee.event_date) == (sent.unit_cost, sent.event_date)
        )
    )


def _plan(operation: Operation) -> Plan:
    return msgspec.json.decode(operation.payload, type=Plan)


def _doubt(operation: Operation, plan: Plan) -> Doubt:
    return Doubt(
        transfer=operation.transfer,
        kind=plan.kind,
        source_key=plan.source_key,
        number=plan.source_number,
        name=plan.source_name,
        target_key=operation.target_key,
        since=operation.updated,
        reasons=operation.reasons,
        differs=operation.state is OperationState.LINKED,
    )


def _outcome(company: Company, result: Result, decision: Decision, why: Reason) -> Outcome:
    plan = result.plan
    return Outcome(
        source_key=plan.source_key,
        source_number=plan.source_number,
        source_name=plan.source_name,
        state=result.state,
        action=decision.value,
        target_key=result.target_key,
        reasons=(*result.reasons, why),
        at=company.journal.now(),
    )
