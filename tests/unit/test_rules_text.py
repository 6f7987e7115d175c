"""Texts: wrapping, one line, cutting, Windows-1252 (semantics §4.4, §4.8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.rules.text import cut_at_word, one_line, to_windows_1252, without_controls, wrap

WORDS = st.text(alphabet=st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=400)
LINES = st.lists(WORDS, max_size=5).map("\n".join)


def test_at_33_a_text_of_135_characters_becomes_three_rows() -> None:
    text = (
        "Arvode för projektledning och systemutveckling enligt avtal, perioden januari till mars, samt resor och "
        "övriga utlägg enligt bilaga två"
    )
    assert len(text) == 135
    rows = wrap(text)
    assert len(rows) == 3
    assert " ".join(rows) == text


@pytest.mark.parametrize("length", [59, 60, 61, 120, 121])
def test_a_word_longer_than_the_row_is_split(length: int) -> None:
    rows = wrap("x" * length)
    assert [len(row) for row in rows] == [60] * (length // 60) + ([length % 60] if length % 60 else [])


def test_a_long_word_starts_on_a_row_of_its_own_and_the_next_word_follows_it() -> None:
    assert wrap("kort abcdefghijkl nu", 10) == ("kort", "abcdefghij", "kl nu")


def test_line_breaks_stay_but_not_at_the_ends() -> None:
    assert wrap("\n\n Rad 1\r\n\r\nRad 3\r \n") == ("Rad 1", "", "Rad 3")


@pytest.mark.parametrize("text", ["", " ", "\n \t\r\n"])
def test_at_32_an_empty_text_has_no_rows(text: str) -> None:
    assert wrap(text) == ()


def test_exactly_filled_rows() -> None:
    assert wrap("abcd efgh ijkl", 9) == ("abcd efgh", "ijkl")
    assert wrap("abcd efgh ijkl", 8) == ("abcd", "efgh", "ijkl")


def test_spaces_inside_a_row_stay() -> None:
    assert wrap("a   b") == ("a   b",)


@given(LINES, st.integers(min_value=1, max_value=70))
def test_wrapping_loses_no_character_but_spaces_and_keeps_the_width(text: str, width: int) -> None:
    rows = wrap(text, width)
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert all(len(row) <= width for row in rows)
    assert not rows or (rows[0].strip() and rows[-1].strip())


@given(LINES)
def test_wrapping_what_was_wrapped_changes_nothing(text: str) -> None:
    rows = wrap(text)
    assert wrap("\n".join(rows)) == rows


def test_one_line() -> None:
    assert one_line(" Box 12 \r\n\n c/o\tNord\x07\u2028slut ") == "Box 12 c/o Nord slut"
    assert one_line("a  b") == "a  b"


@given(st.text())
def test_one_line_has_no_line_break_and_no_control_character(text: str) -> None:
    line = one_line(text)
    assert not set(line) & set("\n\r\t\x00\x0b\u2028\u2029")
    assert line == line.strip() == one_line(line)


def test_control_characters_go_and_tabs_are_one_space() -> None:
    assert without_controls("a\tb\x00\x85c\r\nd") == "a bc\nd"


def test_at_64_a_name_is_cut_at_a_word() -> None:
    assert cut_at_word("Konsulttid senior systemarkitekt natt", 30) == "Konsulttid senior"


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("kort", 4, "kort"),
        ("abc def", 3, "abc"),
        ("abc def", 4, "abc"),
        ("abcdefgh", 5, "abcde"),
        (" abcdefgh", 5, " abcd"),
        ("abc  def", 6, "abc"),
    ],
)
def test_cutting(text: str, width: int, expected: str) -> None:
    assert cut_at_word(text, width) == expected


@given(WORDS, st.integers(min_value=1, max_value=60))
def test_a_cut_text_is_a_beginning_that_fits(text: str, width: int) -> None:
    cut = cut_at_word(text, width)
    assert len(cut) <= width
    assert text.startswith(cut)


@pytest.mark.parametrize("text", ["Åkeri & Söner – “€ 100” é ü", "rad\nrad", ""])
def test_what_windows_1252_has_stays(text: str) -> None:
    assert to_windows_1252(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "expected", "replaced"),
    [
        ("ﬁn", "fin", ("ﬁ",)),
        ("Erdős", "Erdos", ("ő",)),
        ("Raket 🚀🚀 nu", "Raket ?? nu", ("🚀",)),
        ("10 ㎡", "10 m2", ("㎡",)),
        ("A\u030angstro\u0308m", "Ångström", ()),
        ("x\u0331y", "xy", ("\u0331",)),
        ("ł≥", "??", ("ł", "≥")),
        ("tab\tslut\x01", "tab slut", ()),
    ],
)
def test_what_it_lacks_is_replaced_and_told(text: str, expected: str, replaced: tuple[str, ...]) -> None:
    assert to_windows_1252(text) == (expected, replaced)


@given(st.text())
def test_the_result_is_always_windows_1252(text: str) -> None:
    clean, replaced = to_windows_1252(text)
    clean.encode("cp1252")
    assert to_windows_1252(clean) == (clean, ())
    assert len(set(replaced)) == len(replaced)
