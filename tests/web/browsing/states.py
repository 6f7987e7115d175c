"""States of the pages that a month which goes well does not show, made so that they can be looked at and tested."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from brygga import __version__
from brygga.insight.evidence import EvidenceDesk, evidence
from brygga.insight.reconciliation import Difference, reconcile_company
from brygga.insight.reconciliation_towards import reconcile_towards
from brygga.records.reasons import Level, reason
from brygga.records.target import Kind
from brygga.runs.doubt import Candidate, Doubt, Evidence
from brygga.runs.listing import decoded, kept, parameters_of
from brygga.runs.reconciling import Survey, Unknown
from brygga.runs.runs import Runs
from brygga.runs.takeover import Prospect
from brygga.store.listings import Filter, Listings
from brygga.store.run_requests import Progress, RequestState, RunRequest
from brygga.transfers.plan import Action, Change, Plan, Transfer
from brygga.transfers.selection import Selection
from tests.end_to_end.support import COMPANY, World
from tests.web.browsing.walking import BASE

MONTH = (date(2026, 1, 1), date(2026, 1, 31))
MADE = {9001: RequestState.RUNNING, 9002: RequestState.HELD, 9003: RequestState.FAILED, 9004: RequestState.QUEUED}
"""Numbers of runs that stand still in each state."""


def plans_of(world: World, transfer: Transfer) -> list[Plan]:
    """The plans of the newest list of a transfer."""
    listings = Listings(world.app.engine)
    listing = listings.latest(COMPANY, transfer.value, parameters_of(Selection()))
    assert listing is not None
    return list(decoded(listings.plans(listing, Filter())))


def conflicts(world: World) -> str:
    """The preview of three customers that exist with other contents."""
    plans = [
        msgspec.structs.replace(
            plan,
            action=Action.UPDATE,
            changes=(
                Change("email", "faktura@exempel.se", "ekonomi@exempel.se"),
                Change("zip_code", "41101", "411 04"),
            ),
        )
        for plan in plans_of(world, Transfer.CUSTOMERS)[:3]
    ]
    app, chosen = world.app, Selection(start=MONTH[0], end=MONTH[1])
    settings = app.settings(COMPANY).fingerprint()
    listings = Listings(app.engine)
    listing = kept(listings, COMPANY, Transfer.CUSTOMERS, chosen, plans, settings_hash=settings, seconds=1)
    now = datetime.now(UTC)
    made = app.previews.save(COMPANY, Transfer.CUSTOMERS, plans, settings=settings, version=__version__, now=now)
    return f"{BASE}/forhandsgranskning/{made.id}?lista={listing.id}"


def reconciled(world: World, *, differing: bool = False) -> str:
    """The reconciliation of the month, as it is or with two documents that differ."""
    with world.app.company(COMPANY, read_only=True, mirrored=False) as opened:
        result, towards = reconcile_company(opened, *MONTH), reconcile_towards(opened, *MONTH)
    if differing:
        found = (
            Difference("10071", "gross", "12500.00", "12400.00"),
            Difference("10075", "cancelled", "8000.00", "8000.00"),
        )
        result = msgspec.structs.replace(result, differences=found)
    made = evidence(COMPANY, result, towards, datetime.now(UTC))
    EvidenceDesk(world.app.engine).keep(made)
    return f"{BASE}/avstamning/{made.id}"


def runs(world: World, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """Runs that stand still while they are under way, held, stopped and waiting, with the rows of the invoices' run."""
    own, progress = Runs.get, Runs.progress
    real = next(one for one in world.app.runs.latest(COMPANY, 50) if one.transfer == "invoices" and one.run_id)

    def get(self: Runs, request_id: int) -> RunRequest:
        if request_id not in MADE:
            return own(self, request_id)
        state = MADE[request_id]
        why = {
            RequestState.HELD: (reason("KOR-880", Level.WAIT, count=12, limit=10),),
            RequestState.FAILED: (reason("SEV-703", address="https://api.severa.visma.com"),),
        }.get(state, ())
        waiting = {"run_id": None} if state in (RequestState.HELD, RequestState.QUEUED) else {}
        return msgspec.structs.replace(real, id=request_id, state=state, reasons=why, finished=None, **waiting)

    def how_far(self: Runs, request_id: int) -> Progress:
        if request_id not in MADE:
            return progress(self, request_id)
        begun = MADE[request_id] is RequestState.RUNNING
        return Progress(get(self, request_id), 7 if begun else 0, 12 if begun else None, "10241" if begun else "", 4)

    patch.setattr(Runs, "get", get)
    patch.setattr(Runs, "progress", how_far)
    return {state.value: f"{BASE}/korning/{number}" for number, state in MADE.items()}


def in_doubt(world: World, patch: pytest.MonkeyPatch, plan: Plan) -> dict[str, str]:
    """The desk of an invoice whose answer was lost, with a document in Administration that could be it."""
    with world.app.company(COMPANY, read_only=True) as opened:
        posted = opened.administration.invoices(*MONTH)[0]
        severa = opened.severa.invoice(plan.source_key)
    since, why = datetime.now(UTC), (reason("FAK-310", numbers=str(posted.number)),)
    doubt = Doubt("invoices", Kind.INVOICE, plan.source_key, plan.source_number, plan.source_name, "", since, why)
    candidates = (Candidate(posted, key=False, number=False, alike=True, other=""),)
    found = Evidence(doubt, severa, plan, candidates)
    patch.setattr("brygga.web.pages.doubt.evidence", lambda _company, _key: found)
    patch.setattr("brygga.web.pages.doubt.doubts", lambda _journal: (doubt,))
    desk = f"{BASE}/osaker/{plan.source_key}"
    return {"osaker": f"{BASE}/osaker", "osaker-en": desk, "osaker-fraga": f"{desk}/fraga?beslut=send"}


def other_store(world: World, patch: pytest.MonkeyPatch, plan: Plan) -> None:
    """The comparison of a take-over: another store wrote documents, and one that was transferred is gone."""
    gone = next(iter(world.app.journal(COMPANY).links(Kind.INVOICE).values()))
    with world.app.company(COMPANY, read_only=True) as opened:
        posted = opened.administration.invoices(*MONTH)
        told = opened.severa.invoice(plan.source_key)
    sign = reason("SYS-921", company=COMPANY, holder="anna@kontor-2", since=datetime.now(UTC).isoformat())
    unknown = (Unknown("", posted[0]), *(Unknown(plan.source_key, each, told) for each in (posted * 3)[:8]))
    found = Prospect((sign,), Survey(unknown=unknown, missing=(gone,), cards=()))
    patch.setattr("brygga.web.pages.takeover.prospect", lambda _company: found)
