"""``brygga unlink``: the link of one record is taken away, with a reason that stays."""

from __future__ import annotations

from brygga.store.states import RowState
from brygga.transfers.plan import Transfer
from tests.end_to_end.support import World, assert_one_sentence, brygga


def test_a_link_is_taken_away_from_the_command_line(world: World) -> None:
    linked = next(r for r in world.transfer(Transfer.CUSTOMERS).results if r.state is RowState.TRANSFERRED)
    number = linked.target_key
    assert_one_sentence(brygga("unlink", "customers", "ingen", "--reason", "fel", "--yes"), "WEB-976", 3)
    assert_one_sentence(brygga("unlink", "payments", number, "--reason", "fel", "--yes"), "API-916", 3)
    assert brygga("unlink", "customers", number, "--yes").code == 2
    asked = brygga("unlink", "customers", number, "--reason", "fel kund", given="nej\n")
    assert (asked.code, brygga("unlink", "customers", number, "--reason", "fel", "--json").code) == (1, 1)
    done = brygga("unlink", "customers", number, "--reason", "fel kund", "--yes", "--json")
    assert (done.code, done.json["target"], done.json["state"]) == (0, number, "ready")
    assert "fel kund" in brygga("show", linked.plan.source_key).out
    assert "koppling borttagen" in brygga("history").out
    invoice = next(r for r in world.transfer(Transfer.INVOICES).results if r.state is RowState.TRANSFERRED)
    kept = brygga("unlink", "invoices", invoice.target_key, "--reason", "fel", "--yes")
    assert_one_sentence(kept, "WEB-989", 3)
