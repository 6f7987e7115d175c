"""Links what a person confirmed in a comparison of the registers: a run of its own, each link in the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, Refused, reason
from brygga.records.target import Kind
from brygga.rules.coupling import CouplingChoice
from brygga.runs.ownership import confirm, own
from brygga.runs.writer import Writer
from brygga.store.audit.trail import acting_person
from brygga.store.history import Outcome, Run
from brygga.store.journal.journal import JournalError
from brygga.store.journal.records import Snapshot
from brygga.store.states import RowState
from brygga.transfers.company import Company
from brygga.transfers.coupling import KINDS, Comparison, Pair, Standing, compare

COUPLING = "coupling"
"""What coupling is called among the runs."""


class Coupled(Record, frozen=True):
    """How one pair ended: linked, or why not."""

    pair: Pair
    state: RowState
    reasons: tuple[Reason, ...] = ()


class CouplingReport(Record, frozen=True):
    """A run of coupling."""

    run: Run
    results: tuple[Coupled, ...]


def couple(
    company: Company,
    choices: Collection[CouplingChoice] | None = None,
    *,
    kinds: Collection[Kind] = KINDS,
    start: date | None = None,
    end: date | None = None,
    lock_folder: Path,
    version: str,
    settings: str,
) -> CouplingReport:
    """Compare afresh and link: the chosen pairs, or with None everything that matches for certain.

    A chosen pair may be a proposal, or two records that are each alone on their side and that a person knows to be
    one; an invoice only when it matches. What is linked already stays as it is. ``Refused`` SYS-908 (another run) and
    the signs that stop the company's writes; why one pair could not be linked is in its result.
    """
    with Writer(company, lock_folder) as writer:
        run = company.journal.start_run(COUPLING, program_version=version, settings_hash=settings)
        try:
            confirm(company)
            own(company, run)
            comparison = compare(company, kinds, start, end)
            results = []
            for pair, reasons in _wanted(comparison, choices):
                writer.hold()
                results.append(_linked(company, run, pair, reasons))
        except BaseException:
            company.journal.finish_run(run, "failed")
            raise
        return CouplingReport(company.journal.finish_run(run, "completed"), tuple(results))


def _wanted(
    comparison: Comparison, choices: Collection[CouplingChoice] | None
) -> list[tuple[Pair, tuple[Reason, ...]]]:
    """The pairs to link, each with the reasons that keep it from being linked."""
    if choices is None:
        return [(pair, ()) for pair in comparison.pairs if pair.standing is Standing.MATCH]
    here = {(pair.kind, pair.source_key): pair for pair in comparison.pairs if pair.source_key}
    there = {(pair.kind, pair.target_key): pair for pair in comparison.pairs if not pair.source_key}
    found = []
    used: set[tuple[Kind, str]] = set()
    for choice in sorted(set(choices), key=lambda each: (KINDS.index(each.kind), each.source_key)):
        source, target = here.get((choice.kind, choice.source_key)), there.get((choice.kind, choice.target_key))
        pair, reasons = _chosen(choice, source, target)
        if not reasons and choice.kind is not Kind.ARTICLE and (choice.kind, choice.target_key) in used:
            reasons = (reason("KOP-801", nr=choice.target_key, count=2),)
        used.add((choice.kind, choice.target_key))
        found.append((pair, reasons))
    return found


def _chosen(choice: CouplingChoice, source: Pair | None, target: Pair | None) -> tuple[Pair, tuple[Reason, ...]]:
    """The pair that a person chose, and why it cannot be linked as it stands now."""
    if source is None:
        return Pair(choice.kind, Standing.CONFLICT), (reason("KOP-809", nr=choice.source_key),)
    if source.target_key == choice.target_key:
        return source, source.reasons if source.standing is Standing.CONFLICT else ()
    if source.standing is Standing.SEVERA and target is not None and choice.kind is not Kind.INVOICE:
        # Each alone on its side: a person knows that they are one, and says so by naming both.
        return _by_hand(source, target), ()
    why = source.reasons if source.standing is Standing.CONFLICT else ()
    return source, why or (reason("KOP-808", nr=source.number, other=choice.target_key),)


def _by_hand(source: Pair, target: Pair) -> Pair:
    return Pair(
        kind=source.kind,
        standing=Standing.PROPOSAL,
        source_key=source.source_key,
        number=source.number,
        name=source.name,
        target_key=target.target_key,
        target_name=target.target_name,
        how="person",
    )


def _linked(company: Company, run: Run, pair: Pair, reasons: tuple[Reason, ...]) -> Coupled:
    """Link one pair, unless something keeps it from that; recorded either way, but for what is linked already."""
    if not reasons and pair.standing is Standing.LINKED:
        return Coupled(pair, RowState.TRANSFERRED)
    if not reasons:
        # No hash: whether the card differs from what would be sent is for the next transfer to find out.
        snapshot = Snapshot(number=pair.target_key, name=pair.name, total=pair.total)
        try:
            company.journal.couple(pair.kind, pair.source_key, pair.target_key, snapshot)
        except JournalError as error:
            reasons = (reason("KOP-810", nr=pair.number, detail=error),)
    state = RowState.FAILED if reasons else RowState.TRANSFERRED
    told = reasons or (reason("KOP-811", Level.NOTE, nr=pair.target_key, who=acting_person()),)
    if pair.source_key:
        company.journal.record(run, _outcome(company, pair, state, told))
    return Coupled(pair, state, told)


def _outcome(company: Company, pair: Pair, state: RowState, reasons: tuple[Reason, ...]) -> Outcome:
    return Outcome(
        source_key=pair.source_key,
        source_number=pair.number,
        source_name=pair.name,
        state=state,
        action="link",
        target_key=pair.target_key if state is RowState.TRANSFERRED else "",
        reasons=reasons,
        at=company.journal.now(),
    )


def choice_of(comparison: Comparison, kind: Kind, text: str) -> CouplingChoice:
    """The choice that ``NUMBER`` (the row as it is shown) or ``SEVERA=ADMINISTRATION`` means; ``Refused`` KOP-809."""
    here, _, there = (part.strip() for part in text.partition("="))
    found = [pair for pair in comparison.pairs if pair.kind is kind and pair.source_key and here in _called(pair)]
    if len(found) != 1:
        raise Refused(reason("KOP-809", nr=here))
    target = there or found[0].target_key or found[0].alike
    if not target:
        raise Refused(reason("KOP-812", nr=here))
    return CouplingChoice(kind, found[0].source_key, target)


def _called(pair: Pair) -> tuple[str, str, str]:
    return pair.number, pair.name, pair.source_key
