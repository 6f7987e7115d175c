"""Lists are read to their end; what does not fit together is read once more and then an error."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from brygga.records.reasons import Unavailable
from brygga.severa import wire
from brygga.severa.paging import ListShifted, ListTooLong, by_offset, by_token, complete

Page = tuple[Sequence[str], str]


def _rows(guids: Sequence[str]) -> list[wire.Reference]:
    return [wire.Reference(guid=guid) for guid in guids]


class TokenList:
    """Answers pages by token, each token's answers in order and the last of them for ever; counts the calls."""

    def __init__(self, pages: dict[str, list[Page]]) -> None:
        self.pages = pages
        self.calls: list[str] = []

    def __call__(self, token: str) -> tuple[list[wire.Reference], str]:
        answers = self.pages[token]
        guids, following = answers[min(self.calls.count(token), len(answers) - 1)]
        self.calls.append(token)
        return _rows(guids), following


def _guids(rows: Sequence[wire.Reference]) -> list[str | None]:
    return [row.guid for row in rows]


def test_a_token_list_is_read_to_its_end_and_the_end_is_confirmed() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("cd", "t2")], "t2": [("e", "")]})
    assert _guids(by_token(pages)) == list("abcde")
    assert pages.calls == ["", "t1", "t2", "t2"]


def test_a_token_list_whose_rows_are_checked_otherwise_is_not_confirmed() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("c", "")]})
    assert _guids(by_token(pages, confirm_end=False)) == list("abc")
    assert pages.calls == ["", "t1"]


def test_an_empty_token_list_is_empty() -> None:
    assert by_token(TokenList({"": [("", "")]})) == []


def test_a_short_page_with_a_token_is_not_the_end() -> None:
    assert _guids(by_token(TokenList({"": [("a", "t1")], "t1": [("bcd", "")]}))) == list("abcd")


def test_a_cut_page_that_claims_to_be_the_last_is_noticed() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("c", ""), ("cd", "t2")], "t2": [("e", "")]})
    with pytest.raises(ListShifted):
        by_token(pages)


def test_a_cut_last_page_without_a_token_either_time_is_noticed() -> None:
    with pytest.raises(ListShifted):
        by_token(TokenList({"": [("a", ""), ("ab", "")]}))


@pytest.mark.parametrize(
    "pages",
    [
        {"": [("ab", "t1")], "t1": [("cd", "t1")]},
        {"": [("ab", "t1")], "t1": [("cd", "t2")], "t2": [("ef", "t1")]},
    ],
    ids=["at once", "later"],
)
def test_a_repeated_token_is_noticed(pages: dict[str, list[Page]]) -> None:
    with pytest.raises(ListShifted):
        by_token(TokenList(pages))


def test_a_row_on_two_pages_is_noticed() -> None:
    with pytest.raises(ListShifted):
        by_token(TokenList({"": [("ab", "t1")], "t1": [("bc", "")]}))


def test_a_list_longer_than_wanted_is_given_up() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("cd", "t2")], "t2": [("e", "")]})
    with pytest.raises(ListTooLong):
        by_token(pages, most_pages=2)
    assert pages.calls == ["", "t1"]
    assert _guids(by_token(TokenList(pages.pages), most_pages=3)) == list("abcde")


def test_an_offset_list_is_read_until_a_page_has_nothing_new() -> None:
    asked: list[int] = []

    def fetch(first: int) -> list[wire.Reference]:
        asked.append(first)
        return _rows("abcdefgh"[first : first + 3])

    assert _guids(by_offset(fetch, 3)) == list("abcdefgh")
    assert asked == [0, 2, 4, 6, 7]


@pytest.mark.parametrize("cap", [3, 2], ids=["pages as asked", "smaller pages than asked"])
def test_an_offset_page_cut_to_the_row_before_it_is_not_taken_for_the_end(cap: int) -> None:
    asked: list[int] = []

    def fetch(first: int) -> list[wire.Reference]:
        asked.append(first)
        cut = len(asked) == (2 if cap == 3 else 3)
        return _rows("abcdefgh"[first : first + (1 if cut else cap)])

    with pytest.raises(ListShifted):
        by_offset(fetch, 3)


def test_a_first_offset_page_cut_to_nothing_is_not_taken_for_an_empty_list() -> None:
    answers = iter(("", "abc"))
    with pytest.raises(ListShifted):
        by_offset(lambda first: _rows(next(answers)), 3)


@pytest.mark.parametrize(
    ("rows", "asked"), [("", [0, 0]), ("ab", [0, 1]), ("abc", [0, 2, 3]), ("abcd", [0, 2, 3]), ("abcde", [0, 2, 4, 5])]
)
def test_only_an_end_after_a_full_page_is_asked_for_once_more(rows: str, asked: list[int]) -> None:
    calls: list[int] = []

    def fetch(first: int) -> list[wire.Reference]:
        calls.append(first)
        return _rows(rows[first : first + 3])

    assert _guids(by_offset(fetch, 3)) == list(rows)
    assert calls == asked


def test_a_cut_offset_page_loses_nothing() -> None:
    asked: list[int] = []

    def fetch(first: int) -> list[wire.Reference]:
        asked.append(first)
        return _rows("abcdefgh"[first : first + (2 if len(asked) == 2 else 3)])

    assert _guids(by_offset(fetch, 3)) == list("abcdefgh")


def test_an_empty_offset_list_is_empty() -> None:
    assert by_offset(lambda first: _rows(""), 3) == []


def test_an_offset_list_that_repeats_a_page_is_noticed() -> None:
    with pytest.raises(ListShifted):
        by_offset(lambda first: _rows("abc"), 3)


@pytest.mark.parametrize(
    "after", ["bcdefgh", "xabcdefgh", "abdefgh", "ab"], ids=["first gone", "new first", "last read gone", "rest gone"]
)
def test_an_offset_list_that_changes_between_two_pages_is_noticed(after: str) -> None:
    with pytest.raises(ListShifted):
        by_offset(lambda first: _rows(("abcdefgh" if first == 0 else after)[first : first + 3]), 3)


def test_a_shifted_list_is_read_once_more() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("bc", ""), ("cd", "")]})
    assert _guids(complete(lambda: by_token(pages), "/v1/customers")) == list("abcd")


def test_a_list_that_shifts_twice_is_an_error_and_not_read_a_third_time() -> None:
    pages = TokenList({"": [("ab", "t1")], "t1": [("bc", "")]})
    with pytest.raises(Unavailable) as caught:
        complete(lambda: by_token(pages), "/v1/customers")
    assert caught.value.reason.code == "SEV-706"
    assert caught.value.reason.param("path") == "/v1/customers"
    assert pages.calls.count("") == 2
