"""A preview with offers accepted, for the pages and the JSON API."""

from __future__ import annotations

from collections.abc import Mapping

from brygga import __version__
from brygga.app import App
from brygga.runs.offers import planned_with
from brygga.runs.previews import Preview
from brygga.store.database import utcnow
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection


def accepting(
    app: App,
    company: str,
    transfer: Transfer,
    plans: tuple[Plan, ...],
    accepted: frozenset[str],
    *,
    decisions: Selection,
    answers: Mapping[str, bool] | None = None,
) -> Preview:
    """Keep these rows as a preview of its own with exactly these offers accepted; both systems are read for it."""
    with app.company(company, read_only=True) as opened:
        anew, decided = planned_with(opened, transfer, plans, decisions, accepted)
    return app.previews.save(
        company,
        transfer,
        anew,
        settings=app.settings(company).fingerprint(),
        version=__version__,
        now=utcnow(),
        chosen=decided,
        planned=anew,
        answers=answers,
    )
