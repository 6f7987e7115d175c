"""Taking a company over: a person's act, which reconciles first and is recorded (architecture, state machine 7, 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from brygga.records.base import Record
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import Kind
from brygga.runs.ownership import own, signs
from brygga.runs.reconciling import (
    Survey,
    card_reason,
    fee_reason,
    fee_sent_reason,
    missing_reason,
    paid_reason,
    payment_reason,
    reconcile_journal,
    survey_both,
    unknown_reason,
)
from brygga.runs.writer import Writer
from brygga.store.audit.trail import Told, acting_person
from brygga.store.history import Outcome, Run
from brygga.store.identity import identity_of
from brygga.store.recovered import told_of_decision
from brygga.store.states import RowState
from brygga.transfers.company import Company

TAKEOVER = "takeover"
"""What a take-over is called among the runs."""
FEW = 5
"""So many records of a kind are shown one by one."""


class Affected(Record, frozen=True):
    """A record that the take-over changes the journal of, and why."""

    kind: Kind
    source_key: str
    number: str
    name: str
    state: RowState
    reason: Reason


class SameReason(NamedTuple):
    """Records with the same reason: those that are shown, and the rest. What a person must decide is shown whole."""

    shown: tuple[Affected, ...]
    rest: tuple[Affected, ...]

    @classmethod
    def of(cls, records: tuple[Affected, ...]) -> SameReason:
        """``records``, with how many of them are shown."""
        few = len(records) if records[0].state is RowState.IN_DOUBT else FEW
        return cls(records[:few], records[few:])


@dataclass(frozen=True)
class Prospect:
    """What a take-over would do: the signs that stop the company's writes, and the records it would change."""

    signs: tuple[Reason, ...]
    survey: Survey

    @property
    def affected(self) -> tuple[Affected, ...]:
        """The records, those that a person has to decide first."""
        return tuple(_affected(self.survey))

    @property
    def by_reason(self) -> tuple[SameReason, ...]:
        """The same by reason: a store that was lost may have sent thousands that agree."""
        groups = groupby(self.affected, key=lambda record: record.reason.code)
        return tuple(SameReason.of(tuple(records)) for _code, records in groups)


def prospect(company: Company) -> Prospect:
    """Look, and write nothing (give it read-only gateways)."""
    return Prospect(signs(company, company.administration.owner()), survey_both(company))


def take_over(company: Company, *, lock_folder: Path, version: str, settings: str) -> tuple[Run, Prospect]:
    """Reconcile, make this store the owner of the company folder, and record who did it, with each record concerned.

    ``Refused`` SYS-908 while another run writes to the company. Cut off in the middle, it is done again as a whole.
    """
    with Writer(company, lock_folder):
        found = prospect(company)
        run = company.journal.start_run(TAKEOVER, program_version=version, settings_hash=settings)
        try:
            reconcile_journal(company, found.survey)
            for record in found.affected:
                company.journal.record(run, _outcome(company, record))
            who = reason("SYS-928", Level.NOTE, who=acting_person(), count=len(found.affected))
            company.journal.record(run, Outcome("", company.name, "", RowState.TRANSFERRED, TAKEOVER, reasons=(who,)))
            after = {"store": identity_of(company.journal.store).id, "signs": [why.code for why in found.signs]}
            told_of_decision(company.journal, Told.TAKE_OVER, run, company.name, "", after, who)
            own(company, run)
        except BaseException:
            company.journal.finish_run(run, "failed")
            raise
        return company.journal.finish_run(run, "completed"), found


def _affected(found: Survey) -> Iterator[Affected]:
    for link in found.missing:
        yield Affected(
            Kind.INVOICE, link.source_key, link.target_key, link.snapshot.name, RowState.IN_DOUBT, missing_reason(link)
        )
    for link in found.fees:
        yield Affected(
            link.kind, link.target_key, link.target_key, link.snapshot.name, RowState.IN_DOUBT, fee_reason(link)
        )
    for document in found.unknown:
        number = str(document.posted.number)
        linked = RowState.TRANSFERRED if document.owed is None else RowState.TRANSFERRED_WITH_REMARK
        name, state = (document.told.customer_name, linked) if document.told is not None else ("", RowState.READY)
        yield Affected(Kind.INVOICE, document.source_key, number, name, state, unknown_reason(document))
    for sent in found.sent:
        name = sent.fee.name or sent.fee.description
        yield Affected(Kind.PROJECT_FEE, sent.key, sent.key, name, RowState.TRANSFERRED, fee_sent_reason(sent))
    for link in found.cards:
        yield Affected(
            link.kind, link.source_key, link.target_key, link.snapshot.name, RowState.READY, card_reason(link)
        )
    for payment in found.paid:
        if payment.name:  # else it is told with its document
            number = str(payment.number)
            yield Affected(Kind.PAYMENT, number, number, payment.name, RowState.TRANSFERRED, paid_reason(payment))
    for link in found.payments:
        yield Affected(
            link.kind, link.target_key, link.target_key, link.snapshot.name, RowState.READY, payment_reason(link)
        )


def _outcome(company: Company, record: Affected) -> Outcome:
    return Outcome(
        source_key=record.source_key,
        source_number=record.number,
        source_name=record.name,
        state=record.state,
        action=TAKEOVER,
        target_key=record.number,
        reasons=(record.reason,),
        at=company.journal.now(),
    )
