"""The circuit breaker of scheduled runs: more than N records or X kronor, or a side suddenly empty (issue 4)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from brygga.rules.circuit_breaker import Sight, unusual

USUAL = {"writes": 40, "amount": Decimal("100000.00"), "listed": 60, "before": 58, "cards": 300, "links": 290}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"writes": 500}, []),
        ({"writes": 501}, ["KOR-880"]),
        ({"amount": Decimal("5000000.00")}, []),
        ({"amount": Decimal("5000000.01")}, ["KOR-881"]),
        ({"listed": 0, "writes": 0}, ["KOR-882"]),
        ({"listed": 0, "writes": 0, "before": 9}, []),
        ({"cards": 0}, ["KOR-883"]),
        ({"cards": 0, "links": 9}, []),
        ({"cards": 0, "writes": 900, "amount": Decimal("9e9")}, ["KOR-883", "KOR-880", "KOR-881"]),
    ],
)
def test_what_holds_a_run(changed: dict[str, object], codes: list[str]) -> None:
    sight = Sight(**(USUAL | changed))  # type: ignore[arg-type]
    found = unusual(sight, max_records=500, max_amount=Decimal(5000000))
    assert [why.code for why in found] == codes


def test_a_limit_of_nothing_is_none() -> None:
    sight = Sight(**(USUAL | {"writes": 10**6, "amount": Decimal("9e12")}))  # type: ignore[arg-type]
    assert unusual(sight, max_records=0, max_amount=Decimal(0)) == ()
