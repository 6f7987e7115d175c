"""What the JSON API answers. Amounts are decimal texts, moments UTC in ISO 8601."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from brygga.i18n import Translator
from brygga.insight.checks import Check
from brygga.messages import render, told
from brygga.records.base import Record
from brygga.records.reasons import Level, Reason
from brygga.records.target import Kind
from brygga.store.api_tokens import Scope
from brygga.store.history import Outcome
from brygga.store.listings import ListedRow
from brygga.store.run_requests import Progress, RequestKind, RequestState
from brygga.store.settings.file import Import
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


class RecordView(Record, frozen=True):
    """A record and how it stands: its key and name in its own system, its state, its key in the other, and why."""

    key: str
    number: str
    name: str
    state: RowState
    target: str
    reasons: tuple[ReasonView, ...]


class RowView(RecordView, frozen=True):
    """One record of a list."""

    detail: str
    day: str
    gross: Decimal | None
    currency: str
    action: Action


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


class PlanView(RecordView, frozen=True):
    """What would be done with one record."""

    gross: Decimal | None
    currency: str
    action: Action
    hash: str
    changes: tuple[ChangeView, ...]
    needs: tuple[NeedView, ...]


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


class OutcomeView(RecordView, frozen=True):
    """How one record ended in one run."""

    run: int
    transfer: str
    at: datetime | None


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
    effects: tuple[str, ...]
    """What it does under this value, as sentences: an example, warnings."""


class SettingChangeView(Record, frozen=True):
    """A setting that an import changes."""

    key: str
    before: Any
    after: Any


class ImportView(Record, frozen=True):
    """What a file of settings changes; with ``problems`` nothing of it is taken over."""

    changes: tuple[SettingChangeView, ...]
    problems: tuple[ReasonView, ...]


class CheckView(Record, frozen=True):
    """One thing that was looked at; ``detail`` is what was found: names and numbers, or a sentence."""

    id: str
    name: str
    ok: bool
    detail: str
    reasons: tuple[ReasonView, ...]


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


class AffectedView(Record, frozen=True):
    """A record that a take-over changes the journal of, and why."""

    kind: Kind
    key: str
    number: str
    name: str
    state: RowState
    reasons: tuple[ReasonView, ...]


class TakeoverView(Record, frozen=True):
    """What a take-over does: the run that it is in the history, 0 when nothing was done yet; the signs that stop the
    company's writes; and the records concerned, those first that a person has to decide."""

    run: int
    signs: tuple[ReasonView, ...]
    affected: tuple[AffectedView, ...]


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
    """One difference, by its document, or by the number or key of what went to Severa, then with what to do."""

    document: str
    what: str
    severa: str
    administration: str
    reasons: tuple[ReasonView, ...] = ()


class ReconciliationView(Record, frozen=True):
    """Both systems of a period; ``id`` and ``sha256`` name the evidence that was kept. ``coupled``: what Administration
    has of before the program and a person coupled."""

    id: str
    sha256: str
    start: date
    end: date
    agrees: bool
    severa: dict[str, SumView]
    administration: dict[str, SumView]
    coupled: dict[str, SumView]
    differences: tuple[DifferenceView, ...]


class TokenView(Record, frozen=True):
    """A token without its secret."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
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


V = TypeVar("V", bound=Record)


def taken(view: type[V], of: object, **own: object) -> V:
    """A view whose fields are those of the same name in ``of``, but for its ``own``; a wrong type is a defect."""
    values = {name: own[name] if name in own else getattr(of, name) for name in view.__struct_fields__}
    return msgspec.convert(values, view, from_attributes=True)


def import_view(found: Import, translator: Translator) -> ImportView:
    """An import, looked through or done."""
    changes = tuple(SettingChangeView(each.key, each.before, each.after) for each in found.changes)
    return ImportView(changes, reason_views(found.problems, translator))


def row_view(row: ListedRow, translator: Translator) -> RowView:
    """A listed record."""
    why = reason_views(row.reasons, translator)
    return taken(RowView, row, key=row.source_key, target=row.target_key, reasons=why)


def plan_view(plan: Plan, translator: Translator) -> PlanView:
    """A planned record."""
    result = result_of(plan)
    return taken(
        PlanView,
        plan,
        **_of_source(plan),
        state=result.state,
        target=result.target_key,
        changes=tuple(ChangeView(each.field, str(each.before), str(each.after)) for each in plan.changes),
        needs=tuple(NeedView(each.kind.value, each.natural_key, each.source_name) for each in plan.needs),
        reasons=reason_views(result.reasons, translator),
    )


def outcome_view(outcome: Outcome, translator: Translator) -> OutcomeView:
    """How a record ended."""
    why = reason_views(outcome.reasons, translator)
    own = _of_source(outcome)
    return taken(OutcomeView, outcome, **own, run=outcome.run_id, target=outcome.target_key, reasons=why)


def check_view(check: Check, translator: Translator) -> CheckView:
    """One thing that was looked at, with its answer in the language of the request."""
    detail = render(check.told, translator) if check.told is not None else check.detail
    why = reason_views(check.reasons, translator)
    return taken(CheckView, check, name=translator.gettext(check.name), detail=detail, reasons=why)


def _of_source(record: Plan | Outcome) -> dict[str, object]:
    return {"key": record.source_key, "number": record.source_number, "name": record.source_name}


def run_view(progress: Progress, translator: Translator) -> RunView:
    """A run and how far it is."""
    request = progress.request
    why = reason_views(request.reasons, translator)
    far = {name: getattr(progress, name) for name in ("done", "total", "current", "remaining_seconds")}
    return taken(RunView, request, **far, history=request.run_id, reasons=why)
