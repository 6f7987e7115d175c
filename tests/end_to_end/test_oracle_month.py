"""The practice month through everything, compared field by field with the oracle (issue: "What must be real" 6)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from pathlib import Path

import pytest

from brygga.insight.reconciliation import ROUNDING, Reconciliation, Term, reconcile_company
from brygga.practice.dataset import PracticeParameters
from brygga.records.reasons import Level
from brygga.runs.run import Report
from brygga.store.states import RowState
from brygga.transfers.results import Result
from tests.contract.dotnet_double import NEEDS_MONO, build_wrapper, mono_is_there
from tests.end_to_end.support import COMPANY, World, practice_world


def reconciled(world: World) -> Reconciliation:
    start = world.installation.month
    end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    with world.app.company(COMPANY, read_only=True) as opened:
        return reconcile_company(opened, start, end)


def unfinished(reports: Iterable[Report]) -> list[Result]:
    good = (RowState.TRANSFERRED, RowState.SKIPPED)
    return [result for report in reports for result in report.results if result.state not in good]


def assert_nothing_is_left(world: World) -> None:
    """A second round of all four transfers writes to neither system."""
    file = world.installation.company_path / "practice.sqlite"
    held, changed = file.read_bytes(), world.writes()
    reports = world.transfer_everything()
    assert {report.written for report in reports.values()} == {0}
    assert world.writes() == changed
    assert file.read_bytes() == held


def test_the_month_through_the_compiled_library_and_http(tmp_path: Path, compiled_library_file: Path) -> None:
    through_c = {"administration.library": "ctypes", "administration.dll": str(compiled_library_file)}
    with practice_world(tmp_path, library=through_c) as world:
        reports = world.transfer_everything()
        assert unfinished(reports.values()) == []
        assert world.differences() == []
        found = reconciled(world)
        assert found.differences == ()
        assert found.agrees
        assert found.own.terms[Term.TRANSFERRED].count == len(world.installation.company().oracle.invoices) > 0
        assert_nothing_is_left(world)


@pytest.mark.skipif(not mono_is_there(), reason=NEEDS_MONO)
def test_the_month_through_the_net_wrapper_and_http(tmp_path: Path, compiled_library_file: Path) -> None:
    """Python → CLR → C ABI → engine, in the host process (issue: "The 64-bit way")."""
    wrapper = build_wrapper(tmp_path, compiled_library_file)
    through_net = {"administration.library": "dotnet", "administration.dotnet_folder": str(wrapper.parent)}
    with practice_world(tmp_path, library=through_net) as world:
        reports = world.transfer_everything()
        assert unfinished(reports.values()) == []
        assert world.differences() == []
        assert reconciled(world).agrees
        assert_nothing_is_left(world)


def test_the_month_when_administration_gives_the_numbers(tmp_path: Path) -> None:
    with practice_world(tmp_path, parameters=PracticeParameters(numbering_master="administration")) as world:
        reports = world.transfer_everything()
        assert unfinished(reports.values()) == []
        assert world.differences() == []
        assert reconciled(world).agrees
        assert_nothing_is_left(world)


@pytest.mark.parametrize(("master", "compiled"), [("severa", False), ("administration", True)])
def test_the_month_with_credit_notes_currencies_and_the_edge_pack(
    tmp_path: Path, compiled_library_file: Path, master: str, compiled: bool
) -> None:
    """Of each kind of row a sample goes through the C interface too."""
    through_c = {"administration.library": "ctypes", "administration.dll": str(compiled_library_file)}
    parameters = PracticeParameters(ordinary_only=False, numbering_master=master)
    with practice_world(tmp_path, parameters=parameters, library=through_c if compiled else None) as world:
        reports = world.transfer_everything()
        assert world.differences() == []
        ended = {result.plan.source_key: result for report in reports.values() for result in report.results}
        expected = world.installation.company().expected_reasons
        assert expected
        for key, codes in expected.items():
            if key in ended:
                assert codes <= {why.code for why in ended[key].reasons}, ended[key].plan.source_number
        assert {difference.what for difference in reconciled(world).differences} == {ROUNDING}
        assert_nothing_is_left(world)


def stopping(result: Result) -> frozenset[str]:
    """The codes that keep the row from being transferred."""
    return frozenset(why.code for why in result.reasons if why.level is Level.STOP)


def warned(result: Result) -> frozenset[str]:
    """The codes of its warnings."""
    return frozenset(why.code for why in result.reasons if why.level is Level.WARNING)


def test_each_defect_fails_or_warns_alone(tmp_path: Path) -> None:
    with practice_world(tmp_path, parameters=PracticeParameters(with_defects=True)) as world:
        company = world.installation.company()
        reports = world.transfer_everything()
        # Everything else is there, and nothing of what was refused.
        assert world.differences() == []
        ended = {result.plan.source_key: result for report in reports.values() for result in report.results}
        failed = {key: stopping(result) for key, result in ended.items() if result.state is RowState.FAILED}
        rows = {key: expected for key, expected in company.expected_reasons.items() if key in ended}
        assert failed == {key: expected for key, expected in rows.items() if expected & stopping(ended[key])}
        assert set(failed.values()) == {frozenset({code}) for code in STOPPING}
        passed = {key: expected for key, expected in rows.items() if key not in failed}
        assert {ended[key].state for key in passed} == {RowState.TRANSFERRED}
        # The customer without country has a foreign identity too, which is a warning of its own (KND-109).
        assert {key: warned(ended[key]) - {"KND-109"} for key in passed} == passed
        # A contact is no row of its own: that the one without a phone is there, the oracle has said.
        assert set(company.expected_reasons) - set(rows) <= {each["guid"] for each in company.severa["contactpersons"]}
        assert unfinished(reports.values()) == [ended[key] for key in ended if key in failed]
        refused = reconciled(world)
        assert refused.differences == ()
        assert not refused.agrees
        in_month = [key for key, codes in failed.items() if codes & IN_MONTH]
        assert refused.own.terms[Term.FAILED].count == len(in_month)


STOPPING = (
    "KND-101", "PRJ-201", "ART-701", "FAK-302", "FAK-305", "FAK-306", "FAK-307", "FAK-308", "KND-107",
)  # fmt: skip
"""What the defects of the practice company are refused for."""
IN_MONTH = {"FAK-302", "FAK-306", "FAK-307", "FAK-308", "KND-107"}
"""The invoices among them that are dated in the month."""
