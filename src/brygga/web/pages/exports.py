"""What leaves the program in a table: guarded, so that no spreadsheet takes a customer's text for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: str) -> str:
    """The text, with an apostrophe in front when a spreadsheet would run it; numbers with a sign stay numbers."""
    if not value.startswith(_FORMULA):
        return value
    number = value[1:].replace(",", "").replace(".", "")
    return value if value[0] in "+-" and number.isdecimal() else f"'{value}"
