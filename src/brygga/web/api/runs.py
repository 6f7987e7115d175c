"""Transfers, runs under way, the history, records in doubt, and the month-end control."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import msgspec

from brygga import __version__
from brygga.i18n import Translator
from brygga.insight.evidence import Evidence, EvidenceDesk, evidence
from brygga.insight.reconciliation import reconcile_company
from brygga.insight.reconciliation_towards import TowardsDifference, reconcile_towards, why
from brygga.records.reasons import Refused, reason
from brygga.runs.doubt import Decision, decide, doubts
from brygga.runs.takeover import Prospect, prospect, take_over
from brygga.store.api_tokens import Scope
from brygga.store.database import utcnow
from brygga.store.run_requests import RunRequest
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from brygga.web.api.access import Caller, CompanyPath, does, reads
from brygga.web.api.parameters import Body, CallerOf, Key, KeyPath, Limit, Number
from brygga.web.api.views import (
    AffectedView,
    DifferenceView,
    DoubtView,
    HistoryView,
    OutcomeView,
    ReconciliationView,
    RunView,
    SumView,
    TakeoverView,
    outcome_view,
    reason_views,
    run_view,
    taken,
)


class NewRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to transfer: exactly a preview's rows, these keys, or with neither all that the transfer lists. ``accept``:
    keys of offered rows that a person accepts; a preview has its own."""

    transfer: Transfer
    preview: Annotated[str, msgspec.Meta(max_length=255)] = ""
    keys: Annotated[tuple[Key, ...], msgspec.Meta(max_length=20_000)] = ()
    accept: Annotated[tuple[Key, ...], msgspec.Meta(max_length=20_000)] = ()


class Period(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A period, both days included."""

    start: date
    end: date


class NewDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person decided; ``target`` is the document to link to."""

    decision: Decision
    target: Annotated[str, msgspec.Meta(max_length=255)] = ""


@does("/companies/{company:str}/runs", Scope.TRANSFER, 202)
def transfer(company: CompanyPath, data: Body[NewRun], caller: CallerOf) -> RunView:
    """Queue a transfer; it is carried out by the server or a worker."""
    app = caller.app
    selection = Selection(keys=frozenset(data.keys) if data.keys else None, accepted=frozenset(data.accept))
    if data.preview:
        if data.accept:
            raise Refused(reason("API-920"))
        settings = app.settings(company).fingerprint()
        kept = app.previews.load(
            data.preview,
            company=company,
            transfer=data.transfer,
            settings=settings,
            version=__version__,
            now=utcnow(),
        )
        selection = kept.selection
    with caller.acting():
        run = app.runs.start(company, data.transfer, selection, preview=data.preview)
    return _shown(caller, run)


@reads("/companies/{company:str}/runs")
def list_runs(company: CompanyPath, caller: CallerOf, limit: Limit = 20) -> tuple[RunView, ...]:
    """The latest runs that were asked for, newest first."""
    return tuple(_shown(caller, run) for run in caller.app.runs.latest(company, limit))


@reads("/companies/{company:str}/runs/{run_id:int}")
def show_run(company: CompanyPath, run_id: Number, caller: CallerOf) -> RunView:
    """One run and how far it is."""
    return _shown(caller, _own(caller, company, run_id))


@does("/companies/{company:str}/runs/{run_id:int}/cancel", Scope.TRANSFER)
def cancel(company: CompanyPath, run_id: Number, caller: CallerOf) -> RunView:
    """End a run after the record it is at."""
    _own(caller, company, run_id)
    return _shown(caller, caller.app.runs.cancel(run_id))


@does("/companies/{company:str}/runs/{run_id:int}/approve", Scope.TRANSFER)
def approve(company: CompanyPath, run_id: Number, caller: CallerOf) -> RunView:
    """Let a run go on that the circuit breaker holds."""
    _own(caller, company, run_id)
    return _shown(caller, caller.app.runs.approve(run_id))


@reads("/companies/{company:str}/history")
def history(company: CompanyPath, caller: CallerOf, limit: Limit = 20) -> tuple[HistoryView, ...]:
    """The latest runs of the history, newest first, with the count of each state."""
    journal = caller.app.journal(company)
    return tuple(taken(HistoryView, run, counts=journal.counts(run.id)) for run in journal.runs(limit))


@reads("/companies/{company:str}/history/{history_id:int}")
def results(company: CompanyPath, history_id: Number, caller: CallerOf) -> tuple[OutcomeView, ...]:
    """How each record of a run ended."""
    journal = caller.app.journal(company)
    if journal.run(history_id) is None:
        raise Refused(reason("KOR-874", id=history_id))
    return tuple(outcome_view(each, caller.translator) for each in journal.outcomes(history_id))


@reads("/companies/{company:str}/records/{text:str}")
def record(company: CompanyPath, text: KeyPath, caller: CallerOf) -> tuple[OutcomeView, ...]:
    """What happened to a record: by its number, name, key, or number in the other system."""
    return tuple(outcome_view(each, caller.translator) for each in caller.app.journal(company).outcomes_of(text))


@reads("/companies/{company:str}/doubt")
def list_doubts(company: CompanyPath, caller: CallerOf) -> tuple[DoubtView, ...]:
    """Records of which it is not known whether they were written."""
    return tuple(
        taken(
            DoubtView,
            each,
            key=each.source_key,
            target=each.target_key,
            reasons=reason_views(each.reasons, caller.translator),
        )
        for each in doubts(caller.app.journal(company))
    )


@does("/companies/{company:str}/doubt/{key:str}", Scope.TRANSFER)
def decide_doubt(
    company: CompanyPath, key: KeyPath, data: Body[NewDecision], caller: CallerOf
) -> tuple[OutcomeView, ...]:
    """Carry a person's decision out; the answer is what happened to the record."""
    app = caller.app
    with caller.acting(), app.company(company, read_only=False) as opened:
        decide(
            opened,
            key,
            data.decision,
            target_key=data.target,
            lock_folder=app.folder / "locks",
            version=__version__,
            settings=app.settings(company).fingerprint(),
        )
    return tuple(outcome_view(each, caller.translator) for each in app.journal(company).outcomes_of(key))


@does("/companies/{company:str}/takeover/preview", Scope.READ)
def preview_takeover(company: CompanyPath, caller: CallerOf) -> TakeoverView:
    """Both systems read whole: what stops this store from writing, and what taking the company over would change.
    Nothing is written."""
    with caller.app.company(company, read_only=True, mirrored=False) as opened:
        return _taken_over(prospect(opened), 0, caller.translator)


@does("/companies/{company:str}/takeover", Scope.ADMIN)
def takeover(company: CompanyPath, caller: CallerOf) -> TakeoverView:
    """Compare journal and both systems, make them agree, and let this store write to the company."""
    app = caller.app
    settings = app.settings(company).fingerprint()
    with caller.acting(), app.company(company, read_only=False) as opened:
        run, found = take_over(opened, lock_folder=app.folder / "locks", version=__version__, settings=settings)
    return _taken_over(found, run.id, caller.translator)


def _taken_over(found: Prospect, run: int, words: Translator) -> TakeoverView:
    affected = (
        taken(AffectedView, each, key=each.source_key, reasons=reason_views((each.reason,), words))
        for each in found.affected
    )
    return TakeoverView(run, reason_views(found.signs, words), tuple(affected))


@does("/companies/{company:str}/reconciliations", Scope.READ)
def reconcile(company: CompanyPath, data: Body[Period], caller: CallerOf) -> ReconciliationView:
    """Both systems read afresh and compared document by document; kept as evidence. Nothing is written to them."""
    with caller.app.company(company, read_only=True, mirrored=False) as opened:
        result = reconcile_company(opened, data.start, data.end)
        towards = reconcile_towards(opened, data.start, data.end)
    made = evidence(company, result, towards, utcnow())
    EvidenceDesk(caller.app.engine).keep(made)
    return _reconciled(made, caller.translator)


def _reconciled(made: Evidence, words: Translator) -> ReconciliationView:
    result = made.result

    return ReconciliationView(
        id=made.id,
        sha256=made.sha256,
        start=result.start,
        end=result.end,
        agrees=result.agrees and made.towards.agrees,
        severa={currency: taken(SumView, each.severa) for currency, each in result.by_currency.items()},
        administration={currency: taken(SumView, each.administration) for currency, each in result.by_currency.items()},
        coupled={currency: taken(SumView, each.coupled) for currency, each in result.by_currency.items()},
        differences=(
            *(taken(DifferenceView, each, reasons=()) for each in result.differences),
            *(_towards(each, words) for each in made.towards.differences),
        ),
    )


def _towards(found: TowardsDifference, words: Translator) -> DifferenceView:
    reasons = reason_views((why(found),), words)
    return DifferenceView(found.record, found.what, found.severa, found.administration, reasons)


def _own(caller: Caller, company: str, run_id: int) -> RunRequest:
    """A run of this company: another's is as unknown as none."""
    run = caller.app.runs.get(run_id)
    if run.company != company:
        raise Refused(reason("KOR-874", id=run_id))
    return run


def _shown(caller: Caller, run: RunRequest) -> RunView:
    return run_view(caller.app.runs.progress(run.id), caller.translator)


ROUTES: tuple[Callable[..., Any], ...] = (
    transfer,
    list_runs,
    show_run,
    cancel,
    approve,
    history,
    results,
    record,
    list_doubts,
    decide_doubt,
    preview_takeover,
    takeover,
    reconcile,
)
