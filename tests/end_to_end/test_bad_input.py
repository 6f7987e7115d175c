"""What comes in damaged: a SIE file, a page or an answer of Severa, the store. One sentence, nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from brygga.administration.adk.tables import Table
from brygga.practice.severa_server.faults import FaultKind
from tests.end_to_end.support import World, assert_one_sentence, brygga
from tests.shared import shared_file


def sound() -> bytes:
    return shared_file("data", "sie", "avendo-5.se").read_bytes()


def in_a_voucher(data: bytes) -> bytes:
    """Cut in the middle of the last voucher."""
    return data[: data.rindex(b"#TRANS")]


def in_a_line(data: bytes) -> bytes:
    """Cut in the middle of a line with a quotation mark."""
    place = data.index(b'"', data.index(b"#KONTO"))
    return data[: place + 3]


def unbalanced(data: bytes) -> bytes:
    """One amount is another."""
    place = data.index(b"#TRANS")
    line = data[place : data.index(b"\n", place)]
    amount = line.split(b"}", 1)[1].split()[0]
    return data.replace(line, line.replace(amount, b"987654.32"), 1)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut in a voucher": in_a_voucher,
    "cut in a line": in_a_line,
    "empty": lambda data: b"",
    "binary": lambda data: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + data,
    "unbalanced": unbalanced,
    "another format": lambda data: b"Datum;Konto;Belopp\r\n2026-01-31;1930;100,00\r\n",
    "type 1": lambda data: data.replace(b"#SIETYP 4", b"#SIETYP 1"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_sie_file(tmp_path: Path, quick_practice: None, damage: str) -> None:
    file = tmp_path / "export.se"
    file.write_bytes(DAMAGES[damage](sound()))
    refused = brygga("practice", "run", "--once", "--folder", str(tmp_path / "p"), "--from-sie", str(file))
    assert_one_sentence(refused, "PRA-891", 3)
    assert "export.se" in refused.err
    assert refused.out == ""
    assert not [path for path in (tmp_path / "p").rglob("*") if path.is_file()]


def test_a_sie_file_that_is_not_there(tmp_path: Path, quick_practice: None) -> None:
    refused = brygga("practice", "run", "--once", "--folder", str(tmp_path), "--from-sie", str(tmp_path / "x.se"))
    assert_one_sentence(refused, "PRA-891", 3)
    folder = brygga("practice", "run", "--once", "--folder", str(tmp_path / "p"), "--from-sie", str(tmp_path))
    assert_one_sentence(folder, "PRA-891", 3)


def test_a_page_that_is_cut_once_is_read_again(world: World) -> None:
    world.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", "/v1/customers", rows=3)
    assert brygga("transfer", "customers").code == 0
    world.state.faults.clear()
    assert brygga("transfer", "customers", "--json").json["written"] == 0


@pytest.mark.parametrize(("path", "transfer"), [("/v1/customers", "customers"), ("/v1/projects", "projects")])
def test_a_page_that_stays_cut_stops_before_anything_is_written(world: World, path: str, transfer: str) -> None:
    held = [world.administration(table) for table in (Table.CUSTOMER, Table.PROJECT)]
    for first, rows in ((1, 3), (3, 5), (5, 2), (7, 4)):
        world.state.faults.order(FaultKind.TRUNCATED_PAGE, "GET", path, first=first, rows=rows)
    stopped = brygga("transfer", transfer)
    assert_one_sentence(stopped, "SEV-706", 4)
    assert path in stopped.err
    assert [world.administration(table) for table in (Table.CUSTOMER, Table.PROJECT)] == held
    assert world.writes() == []
    assert brygga("history", "--json").json[0]["state"] == "failed"
    world.state.faults.clear()
    assert brygga("transfer", transfer).code == 0


def test_an_answer_that_breaks_off(world: World) -> None:
    world.state.faults.order(FaultKind.TRUNCATED_JSON, "GET", "/v1/projects", times=1000)
    stopped = brygga("transfer", "projects")
    assert stopped.code in (3, 4)
    assert_one_sentence(stopped, "SEV-707", stopped.code)
    assert world.writes() == []


def test_a_store_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "brygga.sqlite"
    file.write_text("inte en databas, men en text som är lång nog för att bli läst som en", encoding="utf-8")
    monkeypatch.setenv("BRYGGA_STORE", str(file))
    assert_one_sentence(brygga("companies"), "SYS-913", 3)
    assert file.read_text(encoding="utf-8").startswith("inte en databas")


def test_a_practice_folder_that_holds_something_else(tmp_path: Path, quick_practice: None) -> None:
    place = tmp_path / "company-small"
    (place / "foretag").mkdir(parents=True)
    (place / "foretag" / "viktigt.txt").write_text("viktigt", encoding="utf-8")
    assert_one_sentence(brygga("practice", "run", "--once", "--folder", str(tmp_path)), "PRA-892", 3)
    assert (place / "foretag" / "viktigt.txt").read_text(encoding="utf-8") == "viktigt"


def test_a_choice_that_there_is_not_for_conflicts_names_those_there_are() -> None:
    said = brygga("transfer", "customers", "--on-conflict", "kanske")
    assert said.code == 2
    assert "update|skip|ask" in said.err
