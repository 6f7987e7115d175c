"""One run of a transfer: settle what was left, read, plan, carry out row by row, record every outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from brygga.records.reasons import Fault, Reason, Refused, reason
from brygga.runs.writer import Writer
from brygga.store.history import Outcome, Run
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.company import Company
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.readings import Readings
from brygga.transfers.results import Result, result_of
from brygga.transfers.selection import Selection


class Watcher(Protocol):
    """Who looks on while a run works."""

    def planned(self, total: int) -> None:
        """Everything is read and planned; ``total`` rows will be worked through."""

    def row(self, done: int, total: int, result: Result) -> None:
        """Row ``done`` of ``total`` has ended."""

    def cancelled(self) -> bool:
        """Whether to stop: the row under way is finished, no new one starts."""


class Quiet:
    """Nobody looks on and nobody cancels."""

    def planned(self, total: int) -> None:
        """Nothing to show."""

    def row(self, done: int, total: int, result: Result) -> None:
        """Nothing to show."""

    def cancelled(self) -> bool:
        """Never."""
        return False


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


def preview(company: Company, transfer: Transfer, selection: Selection) -> tuple[Plan, ...]:
    """Read and plan; nothing is written (give it read-only gateways, which enforce that)."""
    readings = Readings(company)
    same_base_currency(readings)
    return PLANNERS[transfer](readings, selection)


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
) -> Report:
    """Carry a transfer out; ``expected``: the hashes of the preview shown, by source key, or None for no preview.

    Faults of one row end in that row's result; a fault that stops the whole run (no connection, company locked) is
    raised after the run was recorded as failed. Only one run per company works at a time (``SYS-908``).
    """
    with Writer(company, lock_folder) as writer:
        return _run(company, transfer, selection, version, settings, expected, watcher or Quiet(), writer)


def _run(
    company: Company,
    transfer: Transfer,
    selection: Selection,
    version: str,
    settings: str,
    expected: Mapping[str, str] | None,
    watcher: Watcher,
    writer: Writer,
) -> Report:
    journal = company.journal
    run = journal.start_run(transfer.value, program_version=version, settings_hash=settings)
    try:
        engine = Engine(company, run_id=run.id)
        settled = engine.settle_all()
        plans = preview(company, transfer, selection)
        plans = tuple(plan for plan in plans if expected is None or plan.source_key in expected)
        watcher.planned(len(plans))
        results, cancelled = _rows(engine, run, company, plans, expected, watcher, writer)
        gone = sorted(frozenset(expected or ()) - {plan.source_key for plan in plans})
    except Fault:
        journal.finish_run(run, "failed")
        raise
    except BaseException:
        journal.finish_run(run, "aborted")
        raise
    finished = journal.finish_run(run, "aborted" if cancelled else "completed")
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
    for plan in plans:
        if watcher.cancelled():
            return results, True
        writer.hold()
        if expected is not None and expected[plan.source_key] != plan.hash:
            result = Result.of(plan, RowState.FAILED, (reason("SYS-910"),))
        elif plan.writes:
            result = engine.carry_out(plan)
        else:
            result = result_of(plan)
        company.journal.record(run, _outcome(company, result))
        results.append(result)
        watcher.row(len(results), len(plans), result)
    return results, False


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
