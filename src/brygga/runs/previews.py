"""Previews that were shown: what a later transfer must find unchanged, kept beside the store for 24 hours."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from brygga.records.base import Record
from brygga.records.reasons import Refused, reason
from brygga.runs.last_used import covered
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.selection import Selection

LIFETIME = timedelta(hours=24)
"""Plans expire after this, and when settings or the program's version change (architecture, state machine 9)."""


class Preview(Record, frozen=True):
    """A shown preview: the hash of every plan by source key, under the settings and the program of that moment."""

    id: str
    company: str
    transfer: Transfer
    created: datetime
    settings: str
    version: str
    hashes: dict[str, str]
    covers: datetime | None = None
    """The moment up to which it had met everything there was; None when the choice left something out (§4.11)."""
    decisions: Selection = Selection()
    """What was decided about its rows and which statuses it was searched with: both hold when it is carried out."""

    @property
    def selection(self) -> Selection:
        """The choice that carries exactly its rows out."""
        return self.decisions.of_preview(frozenset(self.hashes), covers=self.covers)


class Previews:
    """The folder of previews."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

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
    ) -> Preview:
        """Keep the plans' hashes; older previews that have expired are removed.

        ``chosen``: what was searched, from the moment ``began``.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*.json"):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - LIFETIME:
                path.unlink(missing_ok=True)
        preview = Preview(
            id=secrets.token_hex(4),
            company=company,
            transfer=transfer,
            created=now,
            settings=settings,
            version=version,
            hashes={plan.source_key: plan.hash for plan in plans},
            covers=covered(chosen, began) if chosen is not None and began is not None else None,
            decisions=(chosen or Selection()).of_preview(None),
        )
        (self._folder / f"{preview.id}.json").write_bytes(msgspec.json.encode(preview))
        return preview

    def find(self, preview_id: str, *, company: str) -> Preview:
        """The company's preview as it was kept, whether it still holds or not; ``Refused`` KOR-871."""
        path = self._folder / f"{preview_id}.json"
        if not preview_id.isalnum() or not path.is_file():
            raise Refused(reason("KOR-871", id=preview_id))
        try:
            preview = msgspec.json.decode(path.read_bytes(), type=Preview)
        except (msgspec.DecodeError, OSError):
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
