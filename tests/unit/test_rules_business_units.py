"""Whose a record of a shared Severa is (semantics §4.3, REL-1.5.0-07)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.records.registers import BusinessUnit
from brygga.rules.business_units import Belongs, belongs, claimed, unit_keys, unknown_units

UNITS = (
    BusinessUnit("top", "Koncernen"),
    BusinessUnit("se", "Sverige", "top"),
    BusinessUnit("sthlm", "Stockholm", "se"),
    BusinessUnit("no", "Norge", "top"),
)
PARENTS = {unit.key: unit.parent for unit in UNITS}


def test_units_are_named_by_name_or_key_whatever_their_case() -> None:
    assert unit_keys((" sverige ", "NO"), UNITS) == {"se", "no"}
    assert unknown_units(("Sverige", "Danmark"), UNITS) == ("Danmark",)


@pytest.mark.parametrize(
    ("deciding", "ours", "others", "whose"),
    [
        ((), {"se"}, {"no"}, Belongs.NOBODYS),
        (("se",), {"se"}, {"no"}, Belongs.OURS),
        (("sthlm",), {"se"}, {"no"}, Belongs.OURS),
        (("sthlm",), {"se"}, {"sthlm"}, Belongs.OTHERS),
        (("no",), {"se"}, {"no"}, Belongs.OTHERS),
        (("se", "no"), {"se"}, {"no"}, Belongs.SEVERALS),
        (("top",), {"se"}, {"no"}, Belongs.NOBODYS),
        (("top", "se"), {"se"}, {"no"}, Belongs.SEVERALS),
        (("se",), {"se"}, {"se"}, Belongs.SEVERALS),
    ],
)
def test_the_nearest_named_unit_decides(
    deciding: tuple[str, ...], ours: set[str], others: set[str], whose: Belongs
) -> None:
    assert belongs(deciding, ours, others, PARENTS) is whose


def test_a_hierarchy_that_goes_round_ends() -> None:
    assert claimed("a", {"c"}, {"a": "b", "b": "a"}) == ""


KEYS = st.sampled_from([unit.key for unit in UNITS])


@given(st.sets(KEYS), st.sets(KEYS), st.sets(KEYS))
def test_a_record_is_never_two_companies_own(deciding: set[str], one: set[str], other: set[str]) -> None:
    seen = {belongs(deciding, one, other, PARENTS), belongs(deciding, other, one, PARENTS)}
    assert seen in ({Belongs.OURS, Belongs.OTHERS}, {Belongs.NOBODYS}, {Belongs.SEVERALS})
