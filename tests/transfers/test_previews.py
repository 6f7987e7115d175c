"""Previews that were shown: what a later transfer must find unchanged (architecture, state machine 9)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga.records.reasons import Refused
from brygga.runs.previews import LIFETIME, Preview, Previews
from brygga.store.database import writing
from brygga.store.schema.previews import preview
from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.transfers.practice_world import World, codes, practice_world

SHOWN = datetime(2026, 11, 2, 8, tzinfo=UTC)
MATCHING: dict[str, Any] = {"company": "alfa", "transfer": Transfer.INVOICES, "settings": "s1", "version": "1.0"}


@pytest.fixture
def previews(engine: Engine) -> Previews:
    return Previews(engine)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        world.customer(1001, "Åkeri & Söner AB", vatNumber="556900-4566")
        yield world


def shown(previews: Previews) -> Preview:
    return previews.save("alfa", Transfer.INVOICES, (), settings="s1", version="1.0", now=SHOWN)


def refusal(previews: Previews, preview_id: str, **changes: Any) -> str:
    with pytest.raises(Refused) as caught:
        previews.load(preview_id, **{**MATCHING, "now": SHOWN, **changes})
    return caught.value.reason.code


def test_a_preview_is_found_again_as_it_was_shown(previews: Previews) -> None:
    kept = shown(previews)
    assert previews.load(kept.id, **MATCHING, now=SHOWN + LIFETIME) == kept


def test_a_preview_expires_after_24_hours(previews: Previews) -> None:
    assert timedelta(hours=24) == LIFETIME
    assert refusal(previews, shown(previews).id, now=SHOWN + LIFETIME + timedelta(seconds=1)) == "KOR-873"


@pytest.mark.parametrize("changed", [{"settings": "s2"}, {"version": "1.1"}])
def test_a_preview_expires_when_settings_or_program_change(previews: Previews, changed: dict[str, str]) -> None:
    assert refusal(previews, shown(previews).id, **changed) == "KOR-873"


@pytest.mark.parametrize("other", [{"company": "beta"}, {"transfer": Transfer.CUSTOMERS}])
def test_a_preview_is_of_one_company_and_one_transfer(previews: Previews, other: dict[str, Any]) -> None:
    assert refusal(previews, shown(previews).id, **other) == "KOR-872"


@pytest.mark.parametrize("wrong", ["beef", "../beef", "", "\x00"])
def test_a_preview_that_is_not_there_is_refused(previews: Previews, wrong: str) -> None:
    assert refusal(previews, wrong) == "KOR-871"


@pytest.mark.parametrize("content", [b"", b"{", zlib.compress(b"{"), zlib.compress(b'{"transfer": "tea"}')])
def test_a_preview_that_cannot_be_read_is_refused(engine: Engine, previews: Previews, content: bytes) -> None:
    kept = shown(previews)
    with writing(engine) as connection:
        connection.execute(sa.update(preview).where(preview.c.id == kept.id).values(content=content))
    assert refusal(previews, kept.id) == "KOR-871"


def test_expired_previews_are_removed_when_another_is_shown(previews: Previews, engine: Engine) -> None:
    saved = [
        previews.save(company, Transfer.INVOICES, (), settings="s1", version="1.0", now=moment)
        for company, moment in (("alfa", SHOWN - timedelta(hours=25)), ("beta", SHOWN), ("alfa", SHOWN))
    ]
    newest = previews.save("beta", Transfer.INVOICES, (), settings="s1", version="1.0", now=SHOWN)
    with engine.connect() as connection:
        left = set(connection.execute(sa.select(preview.c.id)).scalars())
    assert left == {saved[1].id, saved[2].id, newest.id}
    assert refusal(previews, saved[0].id) == "KOR-871"


def test_a_preview_of_a_large_month_takes_little_room_and_no_secret(world: World) -> None:
    """It is kept as hashes: what is in the records is in neither clear nor packed text of it."""
    world.invoice(10234)
    (plan,) = world.preview(Transfer.INVOICES).values()
    keys = [f"{number:08d}-0000-4000-8000-000000000000" for number in range(2000)]
    many = [msgspec.structs.replace(plan, source_key=key) for key in keys]
    kept = Previews(world.store).save("alfa", Transfer.INVOICES, many, settings="s1", version="1.0", now=SHOWN)
    with world.store.connect() as connection:
        content = connection.execute(sa.select(preview.c.content)).scalar_one()
    assert len(content) < 200_000
    assert "Åkeri" not in zlib.decompress(content).decode()
    assert Previews(world.store).find(kept.id, company="alfa") == kept


def test_carrying_a_stored_preview_out_sends_what_was_shown_and_nothing_else(world: World) -> None:
    previews = Previews(world.store)
    for number in (10234, 10235):
        world.invoice(number)
    plans = world.preview(Transfer.INVOICES).values()
    kept = previews.save("alfa", Transfer.INVOICES, plans, settings="s1", version="1.0", now=SHOWN)
    world.invoice(10236)
    world.severa.edit("customers", "customer-1001", {"name": "Åkeri och Söner AB"})
    world.severa.edit("invoices", "invoice-10235", {"dueDate": "2026-03-03"})
    loaded = previews.load(kept.id, **MATCHING, now=SHOWN)
    results = world.run(Transfer.INVOICES, expected=loaded.hashes).results
    assert [one.plan.source_number for one in results] == ["10234", "10235"]
    assert (results[1].state, codes(results[1])) == (RowState.FAILED, ["SYS-910"])
    assert 10236 not in world.numbers()


@pytest.mark.parametrize(
    ("setting", "value"),
    [("invoices.project_on", "off"), ("mappings.units", {}), ("invoices.status_after", "Skickad")],
)
def test_a_plan_under_other_settings_is_another_plan(world: World, setting: str, value: object) -> None:
    world.project(1042, "Införande")
    world.invoice(10234, projects=[{"guid": "project-1042"}])
    hashes = {key: plan.hash for key, plan in world.preview(Transfer.INVOICES).items()}
    assert {key: plan.hash for key, plan in world.preview(Transfer.INVOICES).items()} == hashes
    world.settings[setting] = value
    assert {key: plan.hash for key, plan in world.preview(Transfer.INVOICES).items()} != hashes


def test_what_changed_in_administration_changes_the_plan_too(world: World) -> None:
    plan = world.preview(Transfer.CUSTOMERS, keys=frozenset({"customer-1001"}))
    world.settings["customers.won_only"] = False
    before = world.preview(Transfer.CUSTOMERS)["customer-1001"].hash
    world.change_books(0, "1001", NAME="Åkeri AB")
    assert world.preview(Transfer.CUSTOMERS)["customer-1001"].hash != before
    assert plan["customer-1001"].writes is False
