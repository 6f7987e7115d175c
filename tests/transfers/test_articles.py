"""Articles from products, work types and travel expense types, on the simulators (semantics §4.8, REL-1.6.0-13)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from brygga.store.states import RowState
from brygga.transfers.plan import Action, Change, Transfer
from tests.contract.adk_company import ARTICLE
from tests.transfers.practice_world import World, codes, practice_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with practice_world(tmp_path) as world:
        yield world


def card(world: World, number: str) -> dict[str, Any]:
    return world.books(ARTICLE, "NUMBER")[number]


def test_rel_1_6_0_13_name_number_and_mapped_unit_of_all_three_registers(world: World) -> None:
    world.article("P1", "Licens 😀 – år", "products", measurementUnit=" ST ")
    world.article("W1", "Konsulttid")
    world.article("T1", "Milersättning", "travelexpensetypes", measurementUnit="mil")
    results = {one.plan.source_number: one for one in world.run(Transfer.ARTICLES).results}
    assert {code: (one.state, codes(one)) for code, one in results.items()} == {
        "P1": (RowState.TRANSFERRED, ["FAK-319"]),
        "W1": (RowState.TRANSFERRED, []),
        "T1": (RowState.TRANSFERRED, ["ENH-851"]),
    }
    assert (card(world, "P1")["NAME"], card(world, "P1")["UNIT_CODE"]) == ("Licens ? – år", "st")
    assert (card(world, "W1")["GROUP"], card(world, "W1")["ACCOUNTING_CODE"]) == ("KONS", "TJ25")
    assert card(world, "T1")["NAME"] == "Milersättning"
    world.run(Transfer.ARTICLES)
    assert world.writes == (0, 3)


def test_a_work_type_leaves_the_unit_of_an_article_that_is_there(world: World) -> None:
    world.article("100", "Konsulttid")
    assert world.preview(Transfer.ARTICLES)["worktypes-100-Konsulttid"].action is Action.LINK
    world.run(Transfer.ARTICLES)
    assert card(world, "100")["UNIT_CODE"] == "tim"
    assert world.preview(Transfer.ARTICLES)["worktypes-100-Konsulttid"].action is Action.NOTHING


def test_a_new_name_is_written_and_group_and_accounting_code_stay(world: World) -> None:
    world.change_books(ARTICLE, "100", ACCOUNTING_CODE="UTAN")
    key = world.article("100", "Konsulttid 2026")
    plan = world.preview(Transfer.ARTICLES)[key]
    assert plan.changes == (Change(field="name", before="Konsulttid", after="Konsulttid 2026"),)
    world.run(Transfer.ARTICLES)
    assert (card(world, "100")["NAME"], card(world, "100")["ACCOUNTING_CODE"]) == ("Konsulttid 2026", "UTAN")


def test_at_63_several_with_one_code_make_one_article_named_by_the_first(world: World) -> None:
    for name in ("Konsult senior", "Konsult", "Resa"):
        world.article("77", name)
    results = world.run(Transfer.ARTICLES).results
    assert [(one.plan.source_name, one.state, codes(one)) for one in results] == [
        ("Konsult", RowState.TRANSFERRED, []),
        ("Konsult senior", RowState.SKIPPED, ["ART-702"]),
        ("Resa", RowState.SKIPPED, ["ART-702"]),
    ]
    assert card(world, "77")["NAME"] == "Konsult"
    assert world.writes == (0, 1)


def test_at_64_a_long_name_is_cut_at_a_word_with_a_warning(world: World) -> None:
    key = world.article("77", "Konsulttid senior systemarkitekt natt")
    assert codes(world.result(Transfer.ARTICLES, key)) == ["ART-703"]
    assert card(world, "77")["NAME"] == "Konsulttid senior"


def test_at_65_a_code_that_does_not_fit_is_refused(world: World) -> None:
    key = world.article("ABC-12345678901234", "Lång kod")
    result = world.result(Transfer.ARTICLES, key)
    assert (result.state, codes(result)) == (RowState.FAILED, ["ART-701"])
    assert (result.reasons[0].param("code"), result.reasons[0].param("max")) == ("ABC-12345678901234", "16")
    assert world.writes == (0, 0)


def test_inactive_articles_are_not_listed_and_those_without_code_are_skipped(world: World) -> None:
    world.article("77", "Vilande", isActive=False)
    key = world.article(None, "Utan kod")
    result = world.run(Transfer.ARTICLES).results
    assert [(one.plan.source_key, one.state, codes(one)) for one in result] == [(key, RowState.SKIPPED, ["ART-704"])]


def test_a_new_article_needs_group_and_accounting_code(world: World) -> None:
    world.settings["articles.accounting_code"] = ""
    key = world.article("77", "Ny")
    assert codes(world.result(Transfer.ARTICLES, key)) == ["ART-705"]
    assert world.writes == (0, 0)


def test_at_35_a_mapping_to_a_unit_that_administration_lacks_is_refused(world: World) -> None:
    world.settings["mappings.units"] = {"paket": "pkt"}
    key = world.article("77", "Ny", "products", measurementUnit="paket")
    result = world.result(Transfer.ARTICLES, key)
    assert (result.state, codes(result)) == (RowState.FAILED, ["MAP-854"])


def test_a_link_to_an_article_that_is_gone_is_told(world: World) -> None:
    key = world.article("77", "Ny")
    world.run(Transfer.ARTICLES)
    world.change_books(ARTICLE, "77", NUMBER="78")
    plan = world.preview(Transfer.ARTICLES)[key]
    assert (plan.action, codes(plan)) == (Action.REFUSE, ["REG-862"])


def test_articles_are_chosen_by_key_code_or_name(world: World) -> None:
    one, two = world.article("77", "Ett"), world.article("78", "Två")
    assert list(world.preview(Transfer.ARTICLES, texts=("77",))) == [one]
    assert list(world.preview(Transfer.ARTICLES, texts=("TVÅ",))) == [two]
    assert list(world.preview(Transfer.ARTICLES, keys=frozenset({two}))) == [two]


def test_at_63_an_item_that_comes_later_never_renames_the_article(world: World) -> None:
    first = world.article("77", "Konsulttid")
    world.run(Transfer.ARTICLES)
    later = world.article("77", "Administration")
    plans = world.preview(Transfer.ARTICLES)
    assert (plans[first].action, plans[later].action, codes(plans[later])) == (
        Action.NOTHING,
        Action.SKIP,
        ["ART-702"],
    )
    world.severa.edit("worktypes", first, {"isActive": False})
    world.run(Transfer.ARTICLES)
    assert card(world, "77")["NAME"] == "Konsulttid"
