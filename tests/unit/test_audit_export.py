"""The audit trail as a file, and its lawful deletion (semantics §3.9)."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from brygga.insight.audit_export import Form, exported, guarded
from brygga.records.reasons import Refused
from brygga.rules.retention import financial_year_end, latest_cut, may_be_deleted_from
from brygga.store.audit.chain import Search, events, search, verify
from brygga.store.audit.prune import Pruned, prune
from brygga.store.audit.trail import AuditEvent, Told, tell
from brygga.store.database import writing

SOLE_TRADER, COMPANY_NUMBER = "811218-9876", "556900-4566"


def on(engine: Engine, at: datetime, subject: str = "guid", number: str = "10457", after: str = "") -> None:
    with writing(engine) as connection:
        told = {"subject": subject, "number": number, "run_id": at.year}
        tell(connection, Told.LINK, company="A", at=at, after={"value": after}, **told)  # type: ignore[arg-type]


def year(number: int) -> datetime:
    return datetime(number, 6, 1, tzinfo=UTC)


def test_every_form_shows_the_chain_and_masks_personal_identity_numbers(engine: Engine) -> None:
    on(engine, year(2025), after=f"organisation {SOLE_TRADER}, {COMPANY_NUMBER}")
    on(engine, year(2026), subject="=1+1", number="-5")
    lines = list(exported(engine, "A", Form.JSONL))
    decoded = [msgspec.json.decode(line, type=AuditEvent) for line in lines]
    assert [event.hash for event in decoded] == [event.hash for event in events(engine, "A")]
    assert [event.previous for event in decoded][1:] == [decoded[0].hash]
    table = list(csv.reader(io.StringIO("".join(exported(engine, "A", Form.CSV))), delimiter=";"))
    assert table[0] == list(AuditEvent.__struct_fields__)
    assert [len(row) for row in table] == [16, 16, 16]
    assert table[2][6:8] == ["'=1+1", "'-5"]
    text = "".join(exported(engine, "A", Form.TEXT))
    assert "2026-06-01 00:00:00" in text
    for form in Form:
        shown, whole = ("".join(exported(engine, "A", form, personal=asked)) for asked in (False, True))
        assert (SOLE_TRADER in shown, SOLE_TRADER in whole) == (False, True)
        assert COMPANY_NUMBER in shown
    complete = [msgspec.json.decode(line, type=AuditEvent) for line in exported(engine, "A", Form.JSONL, personal=True)]
    assert all(event.digest() == event.hash for event in complete)


@given(st.text())
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded(text).endswith(text)


def test_search_finds_by_key_number_run_and_day(engine: Engine) -> None:
    for number in range(2020, 2026):
        on(engine, year(number), subject=f"guid-{number % 2}", number=str(number))

    def found(**wanted: object) -> list[str]:
        return [event.number for event in search(engine, "A", Search(**wanted))]  # type: ignore[arg-type]

    assert found(text="guid-1") == ["2025", "2023", "2021"]
    assert found(text="2024") == ["2024"]
    assert found(run_id=2022) == ["2022"]
    assert found(start=year(2023), end=year(2025)) == ["2024", "2023"]
    assert found(limit=2) == ["2025", "2024"]
    assert found(kind="run") == found(text="guid") == []


def test_retention_of_seven_years_after_the_calendar_year_of_the_year_end() -> None:
    assert may_be_deleted_from(date(2018, 3, 1), 12) == date(2026, 1, 1)
    # A broken financial year May 2018 – April 2019: it ended in 2019.
    assert may_be_deleted_from(date(2018, 5, 1), 4) == date(2027, 1, 1)
    assert may_be_deleted_from(date(2018, 4, 30), 4) == date(2026, 1, 1)
    assert financial_year_end(date(2024, 1, 15), 2) == date(2024, 2, 29)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12))
def test_the_latest_cut_is_the_first_day_that_must_be_kept(today: date, month: int) -> None:
    cut = latest_cut(today, month)
    assert may_be_deleted_from(cut - timedelta(days=1), month) <= today < may_be_deleted_from(cut, month)


def test_deletion_before_its_time_is_refused(engine: Engine) -> None:
    for number in range(2015, 2027):
        on(engine, year(number))
    now = year(2026)
    with pytest.raises(Refused) as refused:
        prune(engine, "A", date(2019, 1, 2), year_end_month=12, now=now)
    assert refused.value.reason.code == "GRA-011"
    assert (refused.value.reason.param("date"), refused.value.reason.param("latest")) == ("2027-01-01", "2019-01-01")
    assert verify(engine, "A").events == 12


def test_after_a_lawful_deletion_the_chain_is_still_whole(engine: Engine) -> None:
    for number in range(2015, 2027):
        on(engine, year(number))
    anchor, now = verify(engine, "A").anchor, year(2026)
    assert prune(engine, "A", date(2018, 1, 1), year_end_month=12, now=now) == Pruned(3, 3)
    verified = verify(engine, "A", anchor)
    assert (verified.fault, verified.first, verified.last, verified.events) == (None, 4, 13, 10)
    checkpoint = events(engine, "A")[-1]
    assert (checkpoint.kind, checkpoint.subject) == ("prune", "1–3")
    assert prune(engine, "A", date(2018, 1, 1), year_end_month=12, now=now) == Pruned(0, 3)
    assert prune(engine, "A", date(2018, 7, 1), year_end_month=6, now=now) == Pruned(1, 4)
    assert verify(engine, "A", anchor).fault is None
