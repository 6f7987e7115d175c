"""Lists in the store: filtered, sorted as a person expects, paged, and with ticks that survive paging."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from brygga.store.database import open_store
from brygga.store.listings import Filter, Found, ListedRow, Listing, Listings, number_order, swedish_order
from brygga.store.states import RowState


def row(number: str, name: str = "Namn", gross: int | None = 100, **more: object) -> Found:
    values: dict[str, object] = {
        "position": 0,
        "source_key": f"key-{number}",
        "number": number,
        "name": name,
        "day": "2026-01-31",
        "detail": "",
        "gross_minor": gross,
        "currency": "SEK",
        "action": "create",
        "state": RowState.READY,
        "target_key": "",
        "reasons": (),
        **more,
    }
    return Found(row=ListedRow(**values), plan=f'"plan {number}"')  # type: ignore[arg-type]


@pytest.fixture
def listings(tmp_path: Path) -> Listings:
    return Listings(open_store(tmp_path / "brygga.sqlite"))


def saved(listings: Listings, *found: Found, company: str = "alfa", parameters: str = "{}") -> Listing:
    return listings.save(company, "invoices", parameters, found, settings_hash="s", seconds=2)


def numbers(listings: Listings, kept: Listing, chosen: Filter) -> list[str]:
    return [each.number for each in listings.rows(kept, chosen)]


def test_numbers_sort_by_size_and_names_as_the_swedish_alphabet(listings: Listings) -> None:
    kept = saved(listings, row("10", "Öst AB"), row("9", "Zäta AB"), row("K10", "Ängen"), row("100", "åker"))
    assert numbers(listings, kept, Filter(sort="number")) == ["9", "10", "100", "K10"]
    by_name = [each.name for each in listings.rows(kept, Filter(sort="name"))]
    assert by_name == ["Zäta AB", "åker", "Ängen", "Öst AB"]
    assert numbers(listings, kept, Filter(sort="number", descending=True)) == ["K10", "100", "10", "9"]


def test_a_filter_looks_in_number_name_and_detail_without_regard_to_case(listings: Listings) -> None:
    kept = saved(listings, row("1", "Åkeri 100 %"), row("2", "Bygg", detail="P1042"), row("3", state=RowState.FAILED))
    assert numbers(listings, kept, Filter(text="åkeri")) == ["1"]
    assert numbers(listings, kept, Filter(text="p1042")) == ["2"]
    assert numbers(listings, kept, Filter(text="100 %")) == ["1"]
    assert numbers(listings, kept, Filter(text="%")) == ["1"]
    assert numbers(listings, kept, Filter(states=(RowState.FAILED,))) == ["3"]
    assert listings.summary(kept).counts == {RowState.READY: 2, RowState.FAILED: 1}


def test_ticks_survive_paging_and_sum_exactly(listings: Listings) -> None:
    many = [row(str(number), gross=number) for number in range(1, 251)]
    kept = saved(listings, *many, row("e", gross=5, currency="EUR"), row("x", action="nothing"))
    listings.tick_all(kept, Filter(), on=True, actions=("create",))
    page = listings.rows(kept, Filter(), offset=100, limit=100)
    listings.tick(kept, [page[0].source_key], on=False)
    totals = listings.totals(kept, Filter(ticked_only=True))
    assert totals.count == 250
    assert dict(totals.sums) == {"SEK": Decimal(sum(range(1, 251)) - 101).scaleb(-2), "EUR": Decimal("0.05")}
    assert len(listings.plans(kept, Filter(ticked_only=True))) == 250
    assert listings.plans_of(kept, ["key-2", "key-1", "gone"]) == ('"plan 1"', '"plan 2"')


def test_a_search_made_again_replaces_its_list_and_no_other(listings: Listings) -> None:
    first, other = saved(listings, row("1")), saved(listings, row("2"), parameters='{"x":1}')
    again = saved(listings, row("3"))
    assert listings.get("alfa", first.id) is None
    assert listings.latest("alfa", "invoices", "{}") == again
    assert listings.get("alfa", other.id) == other
    assert listings.plan(again, "key-3") == '"plan 3"'
    assert listings.row(again, "key-1") is None


def test_another_company_cannot_reach_a_list(listings: Listings) -> None:
    kept = saved(listings, row("1"))
    assert listings.get("beta", kept.id) is None
    assert listings.latest("beta", "invoices") is None


def test_sort_keys() -> None:
    assert sorted(["10", "9", "a"], key=number_order) == ["9", "10", "a"]
    assert swedish_order("  Åke   Öberg ") == "{ke }berg"
