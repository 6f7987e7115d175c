"""What the JSON API answers. Amounts are decimal texts, moments UTC in ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from brygga.i18n import Translator
from brygga.messages import told
from brygga.records.base import Record
from brygga.records.reasons import Level, Reason
from brygga.store.history import Outcome
from brygga.store.listings import ListedRow
from brygga.store.run_requests import Progress, RequestKind, RequestState
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Plan, Transfer
from brygga.transfers.results import result_of


class ApiError(Record, frozen=True):
    """Why a request was refused: the code for support, a sentence, and what to do."""

    code: str
    text: str
    remedy: str


class ReasonView(Record, frozen=True):
    """Why a record is as it is: the code, its weight, a sentence, and what to do."""

    code: str
    level: Level
    text: str
    remedy: str


class RowView(Record, frozen=True):
    """One record of a list."""

    key: str
    number: str
    name: str
    detail: str
    day: str
    gross: Decimal | None
    currency: str
    action: Action
    state: RowState
    target: str
    reasons: tuple[ReasonView, ...]


class ListView(Record, frozen=True):
    """A list as the latest search of its choice read it. ``hits`` and ``sums`` are of the filter, not of the page."""

    id: str
    transfer: Transfer
    read_at: datetime
    settings_changed: bool
    counts: dict[str, int]
    hits: int
    sums: dict[str, Decimal]
    rows: tuple[RowView, ...]


class ChangeView(Record, frozen=True):
    """A field that changes."""

    field: str
    before: str
    after: str


class NeedView(Record, frozen=True):
    """A record that is created first."""

    kind: str
    key: str
    name: str


class PlanView(Record, frozen=True):
    """What would be done with one record."""

    key: str
    number: str
    name: str
    action: Action
    state: RowState
    target: str
    gross: Decimal | None
    currency: str
    hash: str
    changes: tuple[ChangeView, ...]
    needs: tuple[NeedView, ...]
    reasons: tuple[ReasonView, ...]


class PreviewView(Record, frozen=True):
    """A preview: carried out by its id within 24 hours, exactly as shown."""

    id: str
    transfer: Transfer
    writes: int
    plans: tuple[PlanView, ...]


class RunView(Record, frozen=True):
    """A run that was asked for, and how far it is. ``history`` names its results once it has begun."""

    id: int
    transfer: str
    kind: RequestKind
    state: RequestState
    requested: datetime
    started: datetime | None
    finished: datetime | None
    done: int
    total: int | None
    current: str
    remaining_seconds: int | None
    history: int | None
    reasons: tuple[ReasonView, ...]


class OutcomeView(Record, frozen=True):
    """How one record ended in one run."""

    run: int
    transfer: str
    at: datetime | None
    key: str
    number: str
    name: str
    state: RowState
    target: str
    reasons: tuple[ReasonView, ...]


class HistoryView(Record, frozen=True):
    """One run of the history, with the count of each state."""

    id: int
    transfer: str
    state: str
    started: datetime
    finished: datetime | None
    counts: dict[str, int]


class SettingView(Record, frozen=True):
    """A setting; a secret's value is never shown, only whether it is set (``***``)."""

    key: str
    label: str
    help: str
    type: str
    secret: bool
    value: Any


class ScheduleView(Record, frozen=True):
    """A transfer that begins by itself; ``due`` is None while it is paused."""

    transfer: str
    pattern: str
    zone: str
    paused: bool
    due: datetime | None
    fired: datetime | None


class DoubtView(Record, frozen=True):
    """A record of which it is not known whether it was written."""

    transfer: str
    key: str
    number: str
    name: str
    target: str
    since: datetime
    reasons: tuple[ReasonView, ...]


class StepView(Record, frozen=True):
    """One rule that a record passed, or that stopped it."""

    rule: str
    verdict: str
    reasons: tuple[ReasonView, ...]


class WhyView(Record, frozen=True):
    """One record of the name that was asked for, and its chain of rules."""

    transfer: str
    key: str
    number: str
    name: str
    state: RowState
    steps: tuple[StepView, ...]


class SumView(Record, frozen=True):
    """Count and amounts."""

    count: int
    net: Decimal
    vat: Decimal
    gross: Decimal


class DifferenceView(Record, frozen=True):
    """One difference, by its document."""

    document: str
    what: str
    severa: str
    administration: str


class ReconciliationView(Record, frozen=True):
    """Both systems of a period; ``id`` and ``sha256`` name the evidence that was kept."""

    id: str
    sha256: str
    start: date
    end: date
    agrees: bool
    severa: dict[str, SumView]
    administration: dict[str, SumView]
    differences: tuple[DifferenceView, ...]


class TokenView(Record, frozen=True):
    """A token without its secret."""

    id: int
    name: str
    scopes: tuple[str, ...]
    companies: tuple[str, ...]
    created: datetime
    ends: datetime
    revoked: datetime | None


class NewTokenView(Record, frozen=True):
    """A new token with its secret, which is shown only now."""

    token: str
    about: TokenView


def error_of(why: Reason, translator: Translator) -> ApiError:
    """A fault as the answer says it."""
    text, remedy, code = told(why, translator)
    return ApiError(code, text, remedy)


def reason_views(reasons: Iterable[Reason], translator: Translator) -> tuple[ReasonView, ...]:
    """Reasons as sentences."""
    parts = [(why, *told(why, translator)) for why in reasons]
    return tuple(ReasonView(code, why.level, text, remedy) for why, text, remedy, code in parts)


def row_view(row: ListedRow, translator: Translator) -> RowView:
    """A listed record."""
    return RowView(
        key=row.source_key,
        number=row.number,
        name=row.name,
        detail=row.detail,
        day=row.day,
        gross=row.gross,
        currency=row.currency,
        action=Action(row.action),
        state=row.state,
        target=row.target_key,
        reasons=reason_views(row.reasons, translator),
    )


def plan_view(plan: Plan, translator: Translator) -> PlanView:
    """A planned record."""
    result = result_of(plan)
    return PlanView(
        key=plan.source_key,
        number=plan.source_number,
        name=plan.source_name,
        action=plan.action,
        state=result.state,
        target=result.target_key,
        gross=plan.gross,
        currency=plan.currency,
        hash=plan.hash,
        changes=tuple(ChangeView(each.field, str(each.before), str(each.after)) for each in plan.changes),
        needs=tuple(NeedView(each.kind.value, each.natural_key, each.source_name) for each in plan.needs),
        reasons=reason_views(result.reasons, translator),
    )


def run_view(progress: Progress, translator: Translator) -> RunView:
    """A run and how far it is."""
    request = progress.request
    return RunView(
        id=request.id,
        transfer=request.transfer,
        kind=request.kind,
        state=request.state,
        requested=request.requested,
        started=request.started,
        finished=request.finished,
        done=progress.done,
        total=progress.total,
        current=progress.current,
        remaining_seconds=progress.remaining_seconds,
        history=request.run_id,
        reasons=reason_views(request.reasons, translator),
    )


def outcome_view(outcome: Outcome, translator: Translator) -> OutcomeView:
    """How a record ended."""
    return OutcomeView(
        run=outcome.run_id,
        transfer=outcome.transfer,
        at=outcome.at,
        key=outcome.source_key,
        number=outcome.source_number,
        name=outcome.source_name,
        state=outcome.state,
        target=outcome.target_key,
        reasons=reason_views(outcome.reasons, translator),
    )
