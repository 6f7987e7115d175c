"""``brygga takeover`` and ``brygga doubt``: asked once more in words, as data for scripts, refused in one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from brygga.app import App
from tests.end_to_end.support import COMPANY, World, brygga, coupled


def test_a_company_of_another_store_is_taken_over_by_a_persons_word(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert brygga("takeover", "--yes", "--json").code == 0
    another = tmp_path / "another" / "brygga.sqlite"
    another.parent.mkdir()
    monkeypatch.setenv("BRYGGA_STORE", str(another))
    app = App(another)
    app.settings(COMPANY).save(coupled(world.installation, world.url))
    refused = brygga("transfer", "articles")
    assert refused.code == 3
    assert "SYS-921" in refused.err
    looked = brygga("takeover", "--json")
    assert (looked.code, looked.json["run"]) == (0, None)
    assert [why["code"] for why in looked.json["signs"]] == ["SYS-921"]
    assert brygga("takeover", given="n\n").code == 1
    assert brygga("transfer", "articles").code == 3
    assert brygga("takeover", given="y\n").code == 0
    assert brygga("transfer", "articles", "--json").code in (0, 1)
    app.engine.dispose()


def test_a_lost_document_is_listed_shown_and_sent(world: World, tmp_path: Path) -> None:
    company = world.installation.company_path
    shutil.copytree(company, tmp_path / "backup")
    done = brygga("transfer", "invoices", "--json")
    number = next(row["number"] for row in done.json["rows"] if row["state"] == "transferred")
    shutil.rmtree(company)
    shutil.copytree(tmp_path / "backup", company)
    assert brygga("transfer", "invoices").code == 3
    assert brygga("takeover", "--yes").code == 1
    listed = brygga("doubt", "list", "--json")
    assert listed.code == 1
    assert number in [row["number"] for row in listed.json]
    assert number in brygga("doubt", "list").out
    shown = brygga("doubt", "show", number, "--json").json
    assert (shown["doubt"]["number"], shown["candidates"]) == (number, [])
    assert brygga("doubt", "show", number).code == 0
    assert brygga("doubt", "wait", number).code == 1
    assert brygga("doubt", "send", number, given="n\n").code == 1
    assert brygga("doubt", "send", number, "--yes", "--json").json["state"] == "transferred"
    assert number not in [row["number"] for row in brygga("doubt", "list", "--json").json]


def test_what_a_lost_store_sent_is_linked_again_and_said_in_few_lines(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = brygga("transfer", "invoices", "--json").json["written"]
    another = tmp_path / "another" / "brygga.sqlite"
    another.parent.mkdir()
    monkeypatch.setenv("BRYGGA_STORE", str(another))
    app = App(another)
    app.settings(COMPANY).save(coupled(world.installation, world.url))
    affected = brygga("takeover", "--json").json["affected"]
    assert [each["state"] for each in affected if each["reasons"][0]["code"] == "SYS-938"] == ["transferred"] * sent
    said = " ".join(brygga("takeover", "--yes").out.split())
    assert said.count("(SYS-938)") == 5
    assert f"… och {sent - 5} till av samma slag" in said, said
    assert brygga("transfer", "invoices", "--json").json["written"] == 0
    assert brygga("reconcile", "--from", "2026-01-01", "--to", "2026-01-31", "--json").json["agrees"]
    app.engine.dispose()


@pytest.mark.parametrize("words", [("show", "99"), ("link", "99", "1", "--yes"), ("send", "99", "--yes")])
def test_a_number_that_is_not_in_doubt_is_one_sentence(world: World, words: tuple[str, ...]) -> None:
    assert brygga("doubt", "list").code == 0
    refused = brygga("doubt", *words)
    assert refused.code == 3
    assert "SYS-930" in refused.err
