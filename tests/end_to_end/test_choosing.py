"""What the words of a command choose: the last used search, numbers, days, and words that would do nothing."""

from __future__ import annotations

import pytest

from brygga.transfers.plan import Transfer
from tests.end_to_end.support import World, brygga

PLANNERS_IN_ORDER = ("customers", "projects", "articles", "invoices")


def test_rel_1_6_0_17_without_a_choice_the_search_begins_where_the_last_complete_run_did(world: World) -> None:
    for transfer in PLANNERS_IN_ORDER:
        assert brygga("transfer", transfer).code == 0
    projects = len(brygga("search", "projects", "--all", "--json").json["rows"])
    said = brygga("--lang", "sv", "search", "projects")
    assert "Ändrade sedan " in said.out
    assert len(brygga("search", "projects", "--json").json["rows"]) < projects
    shown = brygga("preview", "invoices", "--all", "--json").json
    assert brygga("transfer", "invoices", "--preview", shown["preview"]).code == 0
    assert brygga("search", "invoices", "--status", "Betald", "--json").code == 0


def test_every_transfer_can_be_done_again_without_a_word(world: World) -> None:
    for transfer in Transfer:
        begun = [brygga(command, transfer.value) for command in ("transfer", "transfer", "search")]
        assert all(said.code in (0, 1) for said in begun), begun[-1].everything


def test_a_number_that_is_not_listed_is_answered_with_the_next_step(world: World) -> None:
    for command in ("search", "preview", "transfer"):
        told = " ".join(brygga(command, "invoices", "999999").everything.split())
        assert "(INS-850)" in told
        assert "brygga why 999999" in told
    for command in ("preview", "transfer"):
        answer = brygga(command, "invoices", "999999", "--json")
        assert (answer.code, answer.json["unmet"]) == (1, ["999999"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("transfer", "customers", "--from", "2026-01-01"), "INS-828"),
        (("search", "articles", "--changed-since", "2026-01-01"), "INS-828"),
        (("transfer", "projects", "--status", "Klar"), "INS-828"),
        (("transfer", "articles", "--won-or-not"), "INS-828"),
        (("transfer", "invoices", "10001", "--preview", "some"), "INS-829"),
    ],
)
def test_a_word_that_would_do_nothing_is_refused(world: World, words: tuple[str, ...], code: str) -> None:
    answer = brygga(*words)
    assert (answer.code, f"({code})" in answer.everything) == (3, True)


def test_a_day_at_the_edge_of_the_calendar_is_only_a_day(world: World) -> None:
    assert brygga("search", "invoices", "--from", "0001-01-01", "--to", "9999-12-31", "--json").code == 0


def test_square_brackets_in_what_was_typed_are_shown_as_they_are(world: World) -> None:
    assert brygga("settings", "set", "invoices.status_after", "[/Klar]").code == 0
    assert "[/Klar]" in brygga("settings", "list").out
