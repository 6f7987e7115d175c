"""``--on-conflict ask``: each customer with other contents is shown and asked about, and the rest at once (§4.1f)."""

from __future__ import annotations

import re

import pytest

from brygga.practice.adk_engine import user
from brygga.transfers.plan import Transfer
from tests.contract.adk_company import CUSTOMER, field_id
from tests.end_to_end.support import World, assert_one_sentence, brygga

CITY, NUMBER = field_id(CUSTOMER, "CITY"), field_id(CUSTOMER, "NUMBER")


@pytest.fixture
def moved(world: World) -> list[str]:
    """Three customers that are in Administration and have another city there now."""
    linked = world.transfer(Transfer.CUSTOMERS).results
    numbers = [result.target_key for result in linked if result.target_key][:3]
    for number in numbers:
        user.change(world.installation.company_path, CUSTOMER, number, {CITY: "Annanstad"})
    return numbers


def still_moved(world: World, numbers: list[str]) -> set[str]:
    return {
        card[NUMBER] for card in world.administration(CUSTOMER) if card[NUMBER] in numbers and card[CITY] == "Annanstad"
    }


def ask(numbers: list[str], *answers: str) -> str:
    said = brygga("transfer", "customers", "--all", "--on-conflict", "ask", given="\n".join(answers) + "\n")
    assert said.code in (0, 1), said.everything
    assert all(number in said.out for number in numbers)
    return said.out


def test_each_conflict_is_shown_and_asked_about(world: World, moved: list[str]) -> None:
    out = ask(moved, "n", "n", "j", "kanske", "n", "nej")
    assert out.count("Annanstad →") == 3
    assert re.findall("de ([0-9]) återstående", out) == ["2", "1", "1"]
    assert out.count("Svara ja eller nej.") == 1
    assert still_moved(world, moved) == {moved[0], moved[2]}


def test_the_same_for_the_rest_ends_the_questions(world: World, moved: list[str]) -> None:
    out = ask(moved[:1], "n", "j")
    assert out.count("Annanstad →") == 1
    assert still_moved(world, moved) == set(moved)


def test_a_script_is_never_asked(world: World, moved: list[str]) -> None:
    """JSON for a script: without an answer on standard input the command would wait for ever, or guess."""
    refused = brygga("transfer", "customers", "--all", "--on-conflict", "ask", "--json", given="j\nj\nj\n")
    assert (refused.code, refused.json["error"]["code"]) == (3, "KND-151")
    assert still_moved(world, moved) == set(moved)
    assert brygga("transfer", "customers", "--all", "--on-conflict", "skip", "--json").code in (0, 1)
    assert still_moved(world, moved) == set(moved)
    assert_one_sentence(brygga("transfer", "customers", "--on-conflict", "ask", "--company", "ingen"), "INS-808", 3)
