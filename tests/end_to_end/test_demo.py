"""The first thing that a newcomer does: the practice company, its month, the reconciliation, and the same again."""

from __future__ import annotations

from pathlib import Path

import pytest

from brygga.cli.practice_commands import Size, built
from brygga.practice.adk_engine.user import read
from brygga.practice.administration_base import table_named
from tests.end_to_end.support import Said, a_process, brygga
from tests.shared import shared_file

AGREE = ("Inget skiljer, men dokument återstår", "Nothing differs, but documents are left")
AS_EXPECTED = ("slutade som den skulle", "ended as it should")
DIFFERENCE = ("Skillnad", "Difference")
NOTHING = ("Inget nytt att överföra.", "Nothing new to transfer.")
UNKNOWN_LETTER = ("?vningsbolaget AB", "\N{REPLACEMENT CHARACTER}vningsbolaget AB")


def run(folder: Path, *words: str) -> Said:
    return brygga("practice", "run", "--once", "--folder", str(folder), *words)


def assert_agrees(said: Said) -> None:
    """It ended well, and the difference is printed and nought."""
    assert said.code == 0, said.everything
    assert any(words in said.out for words in AGREE)
    # The edge pack is part of the month: its rows are told one by one, and each ended as it should.
    assert any(words in said.out for words in AS_EXPECTED)
    assert not [words for words in ("(oväntat)", "(unexpected)") if words in said.out]
    line = next(line for line in said.out.splitlines() if line.split()[:1] in ([DIFFERENCE[0]], [DIFFERENCE[1]]))
    count, _net, _vat, gross = (figure.strip("0.,-") for figure in line.split()[1:])
    # Öre may lie in net instead of in VAT, on the rounding row, and are named by their document; the totals agree.
    assert (count, gross) == ("", "")


def test_the_practice_company_then_again_as_a_process_then_afresh(tmp_path: Path, quick_practice: None) -> None:
    place = tmp_path / "company-small"
    heads = table_named("INVOICE_HEAD").id
    company_path = built(place, None, Size.SMALL, fresh=False).company_path
    issued = list(read(company_path, heads))
    first = run(tmp_path)
    assert_agrees(first)
    assert "Exempelkonsult AB" in first.out
    assert not [words for words in NOTHING if words in first.out]
    # The second run is the real thing: the server in its own process, and the program's own pace.
    again = a_process("practice", "run", "--once", "--folder", str(tmp_path), "--lang", "en", COLUMNS="80")
    assert_agrees(again)
    # A card that was emptied in Administration wipes nothing in Severa, so the seventh fills it again, once (§4.1a).
    assert again.out.count("Nothing new to transfer.") == 6
    assert again.err == ""
    assert max(len(line) for line in again.out.splitlines()) <= 80
    # Afresh: the company as it was and nothing known of its transfers, so that what follows is the first run once more.
    assert (place / "store" / "brygga.sqlite").exists()
    assert len(list(read(company_path, heads))) > len(issued)
    built(place, None, Size.SMALL, fresh=True)
    assert not (place / "store").exists()
    assert list(read(company_path, heads)) == issued


@pytest.mark.parametrize(
    ("name", "company"), [("visma-administration-2000.se", UNKNOWN_LETTER), ("avendo-5.se", ("Övningsbolaget AB",))]
)
def test_a_real_sie_file(tmp_path: Path, quick_practice: None, name: str, company: tuple[str, ...]) -> None:
    file = str(shared_file("data", "sie", name))
    first = run(tmp_path, "--from-sie", file)
    assert_agrees(first)
    assert any(words in first.out for words in company)
    # What was damaged, added or assumed is said, each on a line of its own.
    notices = [line for line in first.out.splitlines() if line.startswith("  ! ")]
    assert notices
    damaged = [line for line in notices if "förlorade" in line or "lost" in line]
    assert bool(damaged) == (company == UNKNOWN_LETTER)
    again = run(tmp_path, "--from-sie", file)
    assert_agrees(again)
    assert sum(again.out.count(words) for words in NOTHING) == 6
