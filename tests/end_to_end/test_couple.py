"""``brygga couple``: the comparison, the coupling of what is confirmed, and the go-live date, from the command line."""

from __future__ import annotations

from collections import Counter

from brygga.records.target import CustomerCard
from tests.end_to_end.support import COMPANY, World, brygga


def entered(world: World) -> None:
    """Somebody has entered two of the customers in Administration by hand, and one that Severa lacks."""
    with world.app.administration(COMPANY, read_only=False) as administration:
        for number, name in (("1001", "Järnvågen"), ("1002", "Björkvik"), ("7001", "Egen AB")):
            administration.create(CustomerCard(number=number, name=name))


def test_it_shows_both_sides_and_links_what_is_confirmed_once(world: World) -> None:
    entered(world)
    rows = brygga("couple", "--json").json["rows"]
    counts = Counter((row["kind"], row["standing"]) for row in rows)
    assert (counts["customer", "match"], counts["customer", "administration"]) == (2, 1)
    assert world.writes() == []
    matches = sum(count for (_, standing), count in counts.items() if standing == "match")
    done = brygga("couple", "--confirm", "--json").json
    assert len(done["rows"]) == matches
    assert {row["state"] for row in done["rows"]} == {"transferred"}
    assert world.writes() == []
    again = Counter((row["kind"], row["standing"]) for row in brygga("couple", "--json").json["rows"])
    assert sum(count for (_, standing), count in again.items() if standing == "match") == 0
    assert sum(count for (_, standing), count in again.items() if standing == "linked") == matches
    assert brygga("couple", "--confirm", "--json").json["rows"] == []


def test_it_is_told_in_words_with_counts(world: World) -> None:
    entered(world)
    said = brygga("couple", "--kind", "customer")
    assert said.code == 0
    assert "samma på båda sidor" in said.out
    assert "brygga couple --confirm" in said.out
    assert brygga("couple", "--kind", "supplier").code == 2
    assert brygga("couple", "--pair", "customer:99999999").code == 3


def test_the_go_live_date_is_a_setting_that_it_sets(world: World) -> None:
    assert brygga("couple", "--go-live", "2026-01-15", "--kind", "article", "--json").json["go_live"] == "2026-01-15"
    assert str(world.app.settings(COMPANY).get("invoices.from_date")) == "2026-01-15"
