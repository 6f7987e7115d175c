"""``brygga mappings`` from the command line: nothing is mapped until a person accepts it, one by one."""

from __future__ import annotations

from tests.end_to_end.support import World, brygga


def test_a_suggestion_is_applied_only_when_it_is_accepted(world: World) -> None:
    before = dict(world.settings.get("mappings.units"))
    source = next(
        row["source"] for row in brygga("mappings", "list", "--json").json if row["setting"] == "mappings.units"
    )
    world.settings.set("mappings.units", {key: code for key, code in before.items() if key != source})
    suggested = brygga("mappings", "suggest", "--json").json
    row = next(row for row in suggested if (row["setting"], row["source"]) == ("mappings.units", source))
    assert (row["health"], row["suggestion"]) == ("missing", before[source])
    assert world.settings.get("mappings.units") == {key: code for key, code in before.items() if key != source}
    assert source in brygga("mappings", "suggest").out
    accepted = brygga("mappings", "accept", "mappings.units", source)
    assert (accepted.code, accepted.out.strip()) == (0, f"mappings.units: {source} → {before[source]}")
    assert world.settings.get("mappings.units") == before
    assert world.writes() == []


def test_what_has_no_suggestion_and_what_is_no_setting_are_sentences(world: World) -> None:
    assert brygga("mappings", "accept", "mappings.units", "kartong").code == 3
    assert brygga("mappings", "accept", "mappings.colours", "röd", "R").code == 3


def test_check_tells_what_is_used_without_a_mapping(world: World) -> None:
    def unmapped() -> set[str]:
        found = next(each for each in brygga("check", "--json").json if each["check"] == "mappings")
        assert found["ok"]
        assert {why["code"] for why in found["reasons"]} <= {"MAP-856"}
        return {why["text"].split(" ")[0] for why in found["reasons"]}

    assert unmapped() == {"paket"}
    world.settings.set("mappings.payment_terms", "")
    assert {"paket", "30"} <= unmapped()
