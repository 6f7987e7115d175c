"""A reconciliation as evidence: kept in the store as it was made, the same from any computer, nothing when changed."""

from __future__ import annotations

import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.insight.evidence import Evidence, EvidenceDesk, evidence
from brygga.insight.reconciliation import Difference, Reconciliation
from brygga.insight.reconciliation_towards import Compared, TowardsDifference, TowardsReconciliation
from brygga.records.reasons import Refused
from brygga.store.backup import back_up
from brygga.store.database import open_store, writing
from brygga.store.schema.evidence import evidence as rows

START, END = date(2026, 1, 1), date(2026, 1, 31)


def made(company: str = "alfa") -> Evidence:
    differences = (Difference("10234", "gross", "100.00", "90.00"),)
    result = Reconciliation(start=START, end=END, base="SEK", by_currency={}, differences=differences)
    missing = (TowardsDifference("4711:3", "missing", "8000", ""),)
    towards = TowardsReconciliation(START, END, Compared(), Compared(), missing)
    return evidence(company, result, towards, datetime(2026, 2, 1, 8, tzinfo=UTC))


def refused(engine: Engine, evidence_id: str, company: str = "alfa") -> str:
    with pytest.raises(Refused) as caught:
        EvidenceDesk(engine).get(evidence_id, company=company)
    return caught.value.reason.code


def test_it_is_found_again_as_it_was_made_and_is_in_the_backup(engine: Engine, tmp_path: Path) -> None:
    kept = made()
    EvidenceDesk(engine).keep(kept)
    assert EvidenceDesk(engine).get(kept.id, company="alfa") == kept
    back_up(engine, tmp_path / "one.sqlite")
    copy = open_store(tmp_path / "one.sqlite")
    assert EvidenceDesk(copy).get(kept.id, company="alfa") == kept
    copy.dispose()


def test_it_is_its_companys_and_there_or_not(engine: Engine) -> None:
    kept = made()
    EvidenceDesk(engine).keep(kept)
    assert refused(engine, kept.id, "beta") == "WEB-970"
    assert {refused(engine, wrong) for wrong in ("", "beef", "../beef", "\x00")} == {"WEB-970"}


@pytest.mark.parametrize("content", [b"", zlib.compress(b"{"), zlib.compress(msgspec.json.encode(made("beta")))])
def test_what_was_changed_afterwards_is_no_evidence(engine: Engine, content: bytes) -> None:
    kept = made()
    EvidenceDesk(engine).keep(kept)
    with writing(engine) as connection:
        connection.execute(sa.update(rows).values(content=content))
    assert refused(engine, kept.id) == "WEB-970"


def test_an_amount_that_was_changed_afterwards_is_noticed(engine: Engine) -> None:
    kept = made()
    EvidenceDesk(engine).keep(kept)
    false = msgspec.json.encode(kept).replace(b"90.00", b"100.00")
    with writing(engine) as connection:
        connection.execute(sa.update(rows).values(content=zlib.compress(false)))
    assert refused(engine, kept.id) == "WEB-970"
