"""``brygga probe`` from the command line: nothing is written, answers are kept, the report says nothing of anybody."""

from __future__ import annotations

import json
from pathlib import Path

from brygga.transfers.plan import Transfer
from tests.end_to_end.support import World, brygga


def test_the_answers_are_kept_and_the_report_is_without_names(world: World, tmp_path: Path) -> None:
    world.transfer(Transfer.CUSTOMERS)
    changed = world.writes()
    file = world.installation.company_path / "practice.sqlite"
    held, report = file.read_bytes(), tmp_path / "probe.json"
    found = brygga("probe", "--json", "--report", str(report))
    assert found.code == 0
    assert file.read_bytes() == held
    assert world.writes() == changed
    assert json.loads(report.read_text("utf-8")) == found.json
    answers = found.json["answers"]
    assert (answers["document_number_writable"], answers["vat_rounding"]) == ("yes", None)
    assert "vat_rounding" in found.json["not_by_reading"]
    kept = world.settings.get("administration.capabilities")
    assert kept == {name: answer for name, answer in answers.items() if answer}
    text = report.read_text("utf-8")
    names = [record[1] for record in world.administration(0)]
    assert names
    assert not [name for name in names if name in text]
    assert str(tmp_path) not in text


def test_what_is_said_to_a_person(world: World) -> None:
    said = brygga("probe").out
    assert "✓  document_number_writable: yes" in said
    assert "vat_rounding: kan inte avgöras genom läsning" in said


def test_an_answer_sets_what_depends_on_it_and_outlives_its_evidence(world: World) -> None:
    world.settings.save({"administration.capabilities": {"balance_in": "sek"}})
    assert brygga("probe").code == 0
    capabilities = world.settings.get("administration.capabilities")
    expected = {"document": "both", "sek": "base"}[capabilities["balance_in"]]
    assert world.settings.get("payments.balances") == expected
