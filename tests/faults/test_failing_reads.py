"""A read that fails while a run plans ends the run with a reason and without a write; the next run does the work."""

from __future__ import annotations

from typing import Any

import pytest

from brygga.practice.severa_server.faults import FaultKind
from brygga.records.reasons import Fault, Level, Refused, Unavailable
from brygga.runs.run import Report
from brygga.store.history import RunState
from tests.faults.conftest import MakeWorld
from tests.faults.fault_scenario import MASTERS
from tests.faults.fault_world import INVOICES_ONLY, World
from tests.faults.mortality import Mortality

NO_CONTENT = "/heartbeat/authorized"
"""The read whose answer says all by its status: there is nothing to cut."""
EVER = 1000
"""More often than any read is repeated."""
ANSWERS: dict[str, tuple[FaultKind, dict[str, Any], type[Fault]]] = {
    "401": (FaultKind.ANSWER_INSTEAD, {"status": 401}, Refused),
    "403": (FaultKind.ANSWER_INSTEAD, {"status": 403}, Refused),
    "429": (FaultKind.ANSWER_INSTEAD, {"status": 429, "text": "quota"}, Unavailable),
    "500": (FaultKind.ANSWER_INSTEAD, {"status": 500}, Unavailable),
    "503": (FaultKind.ANSWER_INSTEAD, {"status": 503}, Unavailable),
    "connection closed": (FaultKind.CLOSE_BEFORE, {}, Unavailable),
    "half the JSON": (FaultKind.TRUNCATED_JSON, {}, Unavailable),
}


def attempt(there: World) -> tuple[Fault | None, Report | None, list[str]]:
    """One run: the fault that ended it, or its report, and what it wrote to the two systems."""
    mortality = Mortality()
    try:
        (report,) = there.run(INVOICES_ONLY, mortality)
    except Fault as fault:
        return fault, None, mortality.outside
    return None, report, mortality.outside


def reads_of_a_run(world: MakeWorld, master: str) -> list[str]:
    """Every path that an undisturbed run of the invoices reads from Severa, in the order it first does."""
    there = world(master)
    there.run(INVOICES_ONLY)
    paths = [asked.path for asked in there.state.requests if asked.method == "GET"]
    assert {"/v1/organizations/details", "/v1/invoices", "/v1/customers"} & set(paths)
    return list(dict.fromkeys(paths))


def last_run_state(there: World) -> RunState:
    with there.program() as company:
        return company.journal.runs(1)[0].state


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_read_that_keeps_failing_ends_the_run(world: MakeWorld, answer: str) -> None:
    kind, details, expected = ANSWERS[answer]
    there = world("severa")
    for path in reads_of_a_run(world, "severa"):
        if kind is FaultKind.TRUNCATED_JSON and path == NO_CONTENT:
            continue
        there = world("severa")
        there.state.faults.order(kind, "GET", path, times=EVER, **details)
        fault, _, written = attempt(there)
        assert isinstance(fault, expected), f"{path}: {fault!r}"
        assert fault.reason.code
        assert written == [], path
        assert last_run_state(there) is RunState.FAILED
    there.state.faults.clear()
    there.run(INVOICES_ONLY)
    there.assert_done(INVOICES_ONLY)


def test_a_record_that_is_not_there_writes_nothing_that_needs_it(world: MakeWorld) -> None:
    """404 is an answer: the record was deleted. The run ends, or the rows that need it are refused with a reason.

    Not so a postal address, which a customer may be without.
    """
    for path in reads_of_a_run(world, "severa"):
        if path.startswith("/v1/addresses/"):
            continue
        there = world("severa")
        there.state.faults.order(FaultKind.ANSWER_INSTEAD, "GET", path, times=EVER, status=404)
        fault, report, written = attempt(there)
        assert written == [], path
        if report is not None:
            assert report.results, path
            for result in report.results:
                assert any(why.level is Level.STOP for why in result.reasons), f"{path}: {result.reasons}"
        else:
            assert fault is not None


@pytest.mark.parametrize("rows", [0, 1])
@pytest.mark.parametrize("master", MASTERS)
def test_a_list_that_breaks_off_is_never_a_short_list(world: MakeWorld, master: str, rows: int) -> None:
    """Two readings in a row are spoilt, so that repeating does not help where the end of a list is asked twice.

    The run then ends with a reason and no write. Where the rows that were lost are asked again in another way (an
    offset list, the rows of an invoice that do not add up) nothing is missing, and all is transferred.
    """
    ended = 0
    for path in _lists(world, master):
        there = world(master)
        for call in (1, 3):
            there.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", path, first=call, rows=rows)
        fault, report, written = attempt(there)
        if report is not None and written:
            there.assert_done(INVOICES_ONLY)
            continue
        ended += 1
        assert written == [], path
        reasons = [why for result in report.results for why in result.reasons] if report is not None else []
        assert fault is not None or any(why.level is Level.STOP for why in reasons), f"{path}: ended without a reason"
    assert ended > 0


def _lists(world: MakeWorld, master: str) -> list[str]:
    there = world(master)
    there.run(INVOICES_ONLY)
    paged = {asked.path for asked in there.state.requests if dict(asked.query).get("rowCount")}
    return sorted(paged)
