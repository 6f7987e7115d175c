"""One run of a transfer: settle what was left, read, plan, carry out row by row, record every outcome."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import msgspec

from brygga.records.reasons import Fault, Reason, Refused, Stopped, reason
from brygga.runs.conflicts import left_alone
from brygga.runs.last_used import remember, source_clock
from brygga.runs.ownership import confirm, own
from brygga.runs.writer import Writer
from brygga.store.history import Outcome, Run
from brygga.store.journal.journal import OperationState
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.company import Company
from brygga.transfers.engine import TOGETHER, Engine
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection

ROWS_TOGETHER = 100
"""So many rows at most are recorded in one commit; how many of them may write, the engine says."""


class Watcher(Protocol):
    """Who looks on while a run works."""

    def planned(self, total: int) -> None:
        """Everything is read and planned; ``total`` rows will be worked through."""

    def row(self, done: int, total: int, result: Result) -> None:
        """Row ``done`` of ``total`` has ended."""

    def cancelled(self) -> bool:
        """Whether to stop: the rows under way, a second's work, are finished, no new one starts."""


class Quiet:
    """Nobody looks on and nobody cancels."""

    def planned(self, total: int) -> None:
        """Nothing to show."""

    def row(self, done: int, total: int, result: Result) -> None:
        """Nothing to show."""

    def cancelled(self) -> bool:
        """Never."""
        return False


class Overseer(Protocol):
    """Who answers for a run: it learns the run's number, and may stop it before its first record."""

    def started(self, run: Run) -> None:
        """The run is noted in the history; nothing was written yet."""

    def check(self, plans: tuple[Plan, ...], readings: Readings) -> None:
        """Everything is planned and nothing written: raise ``HeldBack`` to put the run before a person."""


class HeldBack(Fault):
    """The run was stopped before its first record and waits for a person; ``reasons`` says why."""

    def __init__(self, reasons: tuple[Reason, ...], plans: tuple[Plan, ...]) -> None:
        super().__init__(reasons[0])
        self.reasons = reasons
        self.plans = plans


@dataclass(frozen=True)
class Report:
    """What a run did: its number in the history, what was settled first, and how each row ended."""

    run: Run
    settled: tuple[Result, ...]
    results: tuple[Result, ...]
    cancelled: bool
    gone: tuple[str, ...] = ()
    """Source keys that the preview held and that are listed no more, so that nothing was done with them."""

    def count(self, state: RowState) -> int:
        """How many rows ended in the state."""
        return sum(result.state is state for result in self.results)

    @property
    def written(self) -> int:
        """How many rows this run created, changed or linked."""
        return sum(result.plan.writes and result.state in DELIVERED for result in self.results)


DELIVERED = (RowState.TRANSFERRED, RowState.TRANSFERRED_WITH_REMARK)


def preview(
    company: Company, transfer: Transfer, selection: Selection, *, stop: Callable[[], bool] = lambda: False
) -> tuple[Plan, ...]:
    """Read and plan; nothing is written (give it read-only gateways, which enforce that). ``Stopped`` when ``stop``
    says so meanwhile."""
    with company.severa.giving_up(stop):
        return _planned(_readings(company, selection), transfer, selection)


def _readings(company: Company, selection: Selection) -> Readings:
    """What a batch reads, under the choices that hold for it alone in place of the settings'."""
    chosen = company.preferences
    if selection.statuses:
        chosen = msgspec.structs.replace(chosen, invoices_statuses=selection.statuses)
    if selection.won_only is not None:
        won = selection.won_only
        chosen = msgspec.structs.replace(chosen, customers_won_only=won, projects_won_only=won)
    if selection.on_conflict:
        chosen = msgspec.structs.replace(chosen, customers_existing=selection.on_conflict)
    return Readings(replace(company, preferences=chosen))


def _planned(readings: Readings, transfer: Transfer, selection: Selection) -> tuple[Plan, ...]:
    same_base_currency(readings)
    return tuple(left_alone(plan, selection) for plan in PLANNERS[transfer](readings, selection))


def same_base_currency(readings: Readings) -> None:
    """Both systems must count in the same currency, or every amount would be wrong (semantics §4.13)."""
    severa, administration = readings.company.severa.organization().currency, readings.info.currency
    if severa != administration:
        raise Refused(reason("SYS-907", severa=severa, administration=administration))


def carry_out(
    company: Company,
    transfer: Transfer,
    selection: Selection,
    *,
    lock_folder: Path,
    version: str,
    settings: str,
    expected: Mapping[str, str] | None = None,
    watcher: Watcher | None = None,
    overseer: Overseer | None = None,
) -> Report:
    """Carry a transfer out; ``expected``: the hashes of the preview shown, by source key, or None for no preview.

    Faults of one row end in that row's result; a fault that stops the whole run (no connection, company locked) is
    raised after the run was recorded as failed. Only one run per company works at a time (``SYS-908``).
    """
    with Writer(company, lock_folder) as writer:
        return _run(company, transfer, selection, version, settings, expected, watcher or Quiet(), writer, overseer)


def _run(
    company: Company,
    transfer: Transfer,
    selection: Selection,
    version: str,
    settings: str,
    expected: Mapping[str, str] | None,
    watcher: Watcher,
    writer: Writer,
    overseer: Overseer | None,
) -> Report:
    journal = company.journal
    run = journal.start_run(transfer.value, program_version=version, settings_hash=settings)
    try:
        if overseer is not None:
            overseer.started(run)
        confirm(company)
        own(company, run)
        engine = Engine(company, run_id=run.id)
        settled = engine.settle_all()
        readings = _readings(company, selection)
        with company.severa.giving_up(watcher.cancelled):
            began = source_clock(company, transfer, run.started)
            plans = _planned(readings, transfer, selection)
        plans = tuple(plan for plan in plans if expected is None or plan.source_key in expected)
        if overseer is not None:
            overseer.check(plans, readings)
        watcher.planned(len(plans))
        results, cancelled = _rows(engine, run, company, plans, expected, watcher, writer)
        gone = sorted(frozenset(expected or ()) - {plan.source_key for plan in plans})
        gone = [key for key in gone if not _delivered(company, transfer, key)]
    except Stopped:
        return Report(journal.finish_run(run, "aborted"), settled, (), cancelled=True)
    except HeldBack:
        journal.finish_run(run, "aborted")
        raise
    except Fault:
        journal.finish_run(run, "failed")
        raise
    except BaseException:
        journal.finish_run(run, "aborted")
        raise
    finished = journal.finish_run(run, "aborted" if cancelled else "completed")
    if not cancelled:
        remember(journal, run, selection, transfer, began)
    return Report(run=finished, settled=settled, results=tuple(results), cancelled=cancelled, gone=tuple(gone))


def _rows(
    engine: Engine,
    run: Run,
    company: Company,
    plans: tuple[Plan, ...],
    expected: Mapping[str, str] | None,
    watcher: Watcher,
    writer: Writer,
) -> tuple[list[Result], bool]:
    results: list[Result] = []
    most = TOGETHER
    while len(results) < len(plans):
        batch: list[Plan] = []
        for plan in plans[len(results) : len(results) + ROWS_TOGETHER]:
            if not engine.together(plan, batch, most) or watcher.cancelled():
                break
            batch.append(plan)
        if not batch:
            return results, True
        begun = time.monotonic()
        carried = engine.carry_out_all(
            [_as_shown(plan, expected) for plan in batch],
            before=writer.hold,
            ending=lambda ended: company.journal.recording(run, [_outcome(company, result) for result in ended]),
        )
        most = _as_many_as_take_a_second(most, time.monotonic() - begun)
        for result in carried:
            results.append(result)
            watcher.row(len(results), len(plans), result)
    return results, False


def _as_many_as_take_a_second(most: int, seconds: float) -> int:
    """How many documents go side by side next: where each takes long, fewer, so that a cancel is soon obeyed."""
    return min(TOGETHER, max(1, int(most / max(seconds, 1 / TOGETHER))))


def _as_shown(plan: Plan, expected: Mapping[str, str] | None) -> Plan | Result:
    """The plan, or that it is no longer the one that the preview showed."""
    if expected is None or expected[plan.source_key] == plan.hash or _there_already(plan):
        return plan
    return Result.of(plan, RowState.FAILED, (reason("SYS-910"),))


def _there_already(plan: Plan) -> bool:
    """Nothing is left to do: an earlier attempt of this run did it, or a person; that needs no new preview."""
    return plan.action is Action.NOTHING and not plan.writes


def _delivered(company: Company, transfer: Transfer, key: str) -> bool:
    """Whether the record was sent: by this run before it was cut off, and so it is listed no more."""
    there = (OperationState.LINKED, OperationState.DONE)
    return any(operation.state in there for operation in company.journal.operations(transfer.value, key))


def _outcome(company: Company, result: Result) -> Outcome:
    plan = result.plan
    reasons: tuple[Reason, ...] = result.reasons
    return Outcome(
        source_key=plan.source_key,
        source_number=plan.source_number,
        source_name=plan.source_name,
        state=result.state,
        action=plan.action.value,
        target_key=result.target_key,
        reasons=reasons,
        at=company.journal.now(),
    )
