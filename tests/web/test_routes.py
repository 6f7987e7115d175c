"""What holds for every page of the program, whoever wrote it."""

from __future__ import annotations

from collections import Counter

from brygga.web.application import PAGES


def test_no_two_handlers_share_a_path() -> None:
    """Litestar 2.25 wraps a handler twice when another method has its path, and the page is then a coroutine."""
    paths = Counter(path for module in PAGES for handler in module.ROUTES for path in handler.paths)
    assert [path for path, count in paths.items() if count > 1] == []
