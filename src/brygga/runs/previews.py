"""Previews that were shown: what a later transfer must find unchanged, kept in the store for 24 hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.engine import Engine

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.runs.last_used import covered
from brygga.store.previews import KeptPreview, KeptPreviews
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection

LIFETIME = timedelta(hours=24)
"""Plans expire after this, and when settings or the program's version change (architecture, state machine 9)."""


class _Content(Record, frozen=True):
    """What is kept of a preview besides its company and moment."""

    transfer: Transfer
    settings: str
    version: str
    hashes: dict[str, str]
    covers: datetime | None = None
    """The moment up to which it had met everything there was; None when the choice left something out (§4.11)."""
    decisions: Selection = Selection()
    """What was decided about its rows and which statuses it was searched with: both hold when it is carried out."""
    planned: tuple[Plan, ...] = ()
    """The plans that no list has, because they were made when an offer was accepted."""
    answers: dict[str, bool] = {}
    """Conflicts that a person has answered so far, by source key: whether the record is updated."""


class Preview(_Content, frozen=True, kw_only=True):
    """A shown preview: the hash of every plan by source key, under the settings and the program of that moment."""

    id: str
    company: str
    created: datetime

    @property
    def selection(self) -> Selection:
        """The choice that carries exactly its rows out."""
        return self.decisions.of_preview(frozenset(self.hashes), covers=self.covers)


class Previews:
    """The previews of a store."""

    def __init__(self, engine: Engine) -> None:
        self._kept = KeptPreviews(engine)

    def save(
        self,
        company: str,
        transfer: Transfer,
        plans: Iterable[Plan],
        *,
        settings: str,
        version: str,
        now: datetime,
        chosen: Selection | None = None,
        began: datetime | None = None,
        planned: Iterable[Plan] = (),
        answers: Mapping[str, bool] | None = None,
    ) -> Preview:
        """Keep the plans' hashes; older previews that have expired are removed.

        ``chosen``: what was searched, from the moment ``began``. ``planned``: those of the plans that are in no list.
        ``answers``: what was answered to its conflicts so far.
        """
        content = _Content(
            transfer=transfer,
            settings=settings,
            version=version,
            hashes={plan.source_key: plan.hash for plan in plans},
            covers=covered(chosen, began) if chosen is not None and began is not None else None,
            decisions=(chosen or Selection()).of_preview(None),
            planned=tuple(planned),
            answers=dict(answers or {}),
        )
        kept = self._kept.keep(company, now, msgspec.json.encode(content), expired=now - LIFETIME)
        return _preview(kept, content)

    def answer(self, preview: Preview, answers: Mapping[str, bool]) -> Preview:
        """Keep what was answered to its conflicts so far, until it is carried out or expires."""
        changed = msgspec.structs.replace(preview, answers=dict(answers))
        content = _Content(**{name: getattr(changed, name) for name in _Content.__struct_fields__})
        self._kept.change(preview.id, msgspec.json.encode(content))
        return changed

    def find(self, preview_id: str, *, company: str) -> Preview:
        """The company's preview as it was kept, whether it still holds or not; ``Refused`` KOR-871."""
        kept = self._kept.find(preview_id) if preview_id.isalnum() else None
        if kept is None:
            raise Refused(reason("KOR-871", id=preview_id))
        try:
            preview = _preview(kept, msgspec.json.decode(kept.content, type=_Content))
        except msgspec.DecodeError:
            raise Refused(reason("KOR-871", id=preview_id)) from None
        if preview.company != company:
            raise Refused(reason("KOR-872", id=preview_id, company=preview.company, transfer=preview.transfer.value))
        return preview

    def load(
        self, preview_id: str, *, company: str, transfer: Transfer, settings: str, version: str, now: datetime
    ) -> Preview:
        """The preview, when it still holds; ``Refused`` says why it does not."""
        preview = self.find(preview_id, company=company)
        if preview.transfer is not transfer:
            raise Refused(reason("KOR-872", id=preview_id, company=preview.company, transfer=preview.transfer.value))
        if now - preview.created > LIFETIME or (preview.settings, preview.version) != (settings, version):
            raise Refused(reason("KOR-873", id=preview_id))
        return preview


def _preview(kept: KeptPreview, content: _Content) -> Preview:
    fields = {name: getattr(content, name) for name in content.__struct_fields__}
    return Preview(id=kept.id, company=kept.company, created=kept.created, **fields)
