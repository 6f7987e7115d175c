"""Settings as one file: without secrets, looked through before, taken over all or none (issue 5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from sqlalchemy.engine import Engine

from brygga.insight.setting_change import take_over
from brygga.records.reasons import Refused
from brygga.store.database import open_store
from brygga.store.settings.file import LEARNT, exported, file_from, looked_through
from brygga.store.settings.values import SETTINGS, Settings
from brygga.transfers.company import Company

CHOSEN = {
    "numbering.master": "administration",
    "invoices.statuses": ("Att överföra", "Klar; granskad"),
    "invoices.from_date": date(2026, 1, 1),
    "mappings.vat": {"25": "1", "12,5": "2"},
    "supplier_invoices.price_percent": Decimal("112.5"),
    "projects.enabled": False,
    "invoices.project_on": "off",
    "severa.environment": "organization",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_store(tmp_path / "store.sqlite")
    yield opened
    opened.dispose()


@pytest.fixture
def settings(engine: Engine) -> Settings:
    made = Settings(engine, "alfa", environ={"BRYGGA_SEVERA_CLIENT_SECRET": "hemligt"})
    made.save(CHOSEN)
    return made


def not_opened() -> AbstractContextManager[Company]:
    raise AssertionError("no change here needs the systems' answer")


def written(**settings: object) -> bytes:
    keyed = {key.replace("__", "."): value for key, value in settings.items()}
    return msgspec.json.encode({"brygga_settings": 1, "company": "x", "settings": keyed})


def test_the_file_holds_every_choice_and_no_secret(settings: Settings) -> None:
    content = exported(settings)
    assert b"hemligt" not in content
    assert b"***" not in content
    held = msgspec.json.decode(content)["settings"]
    assert held.keys() == {one.key for one in SETTINGS if not one.secret} - LEARNT


def test_another_company_has_the_same_settings_after_the_import(engine: Engine, settings: Settings) -> None:
    other = Settings(engine, "beta", environ={})
    found = take_over(other, file_from(exported(settings)), not_opened)
    assert {change.key for change in found.changes} == CHOSEN.keys() - LEARNT
    assert {key: other.get(key) for key in CHOSEN if key not in LEARNT} == {
        key: value for key, value in CHOSEN.items() if key not in LEARNT
    }
    assert other.get("severa.environment") == ""
    assert take_over(other, file_from(exported(settings)), not_opened).changes == (), "twice changes nothing"


def test_looking_through_changes_nothing_and_shows_before_and_after(settings: Settings) -> None:
    before = settings.as_dict()
    found = looked_through(settings, file_from(written(invoices__mark_printed=True)))
    assert [(change.key, change.before, change.after) for change in found.changes] == [
        ("invoices.mark_printed", False, True)
    ]
    assert found.problems == ()
    assert settings.as_dict() == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (written(invoices__mark_printed=True, invoices__colour="red"), "INS-806"),
        (written(invoices__mark_printed=True, severa__client_secret="x"), "INS-826"),
        (written(invoices__mark_printed=True, severa__requests_per_second=50), "INS-805"),
        (written(invoices__mark_printed=True, invoices__project_on="rows"), "INS-801"),
        (b"not a file", "INS-825"),
        (b'{"brygga_settings": 2, "company": "", "settings": {}}', "INS-825"),
        (b"\xff\xfe", "INS-825"),
        (b"[" * 100_000, "INS-825"),
    ],
)
def test_a_file_with_one_fault_changes_nothing(settings: Settings, content: bytes, code: str) -> None:
    before = settings.as_dict()
    with pytest.raises(Refused) as refused:
        take_over(settings, file_from(content), not_opened)
    assert refused.value.reason.code == code
    assert settings.as_dict() == before


def test_every_fault_is_told_at_once(settings: Settings) -> None:
    content = written(invoices__colour="red", severa__requests_per_second=50, severa__client_secret="x")
    assert [why.code for why in looked_through(settings, file_from(content)).problems] == [
        "INS-806",
        "INS-805",
        "INS-826",
    ]
