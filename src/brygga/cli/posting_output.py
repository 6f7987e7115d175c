"""How the kontering of an invoice looks in a preview (design/interface.md, Förhandsgranskning)."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from brygga.cli.exits import console
from brygga.cli.language import _, translator
from brygga.insight.posting import Kontering
from brygga.rules.posting import PostingLine

SEPARATOR = " │ "


def posting_lines(kontering: Kontering | None, width: int) -> list[str]:
    """The mark that the total is Severa's, then accounts with amounts and dimensions; nothing without a kontering."""
    if kontering is None:
        return []
    agrees = _("✓ agrees with Severa") if kontering.agrees else _("✕ differs from Severa")
    parts = SEPARATOR.join(_line(line).replace(" ", "\u00a0") for line in kontering.lines)
    indent = "     "
    text = _("posting {lines}").format(lines=parts)
    found = [indent + agrees]
    found += wrap(
        text, max(40, width - 1), initial_indent=indent, subsequent_indent=indent + "  ", break_on_hyphens=False
    )
    return [line.replace("\u00a0", " ") for line in found]


def _line(line: PostingLine) -> str:
    account = line.account or _("(no account)")
    dimensions = " ".join(part for part in (line.profit_centre, line.project and f"P{line.project}") if part)
    return f"{account} {translator.number(line.amount)} {dimensions}".rstrip()


def print_sums(konteringar: Iterable[Kontering]) -> None:
    """Nothing when there is none, else how many of the documents agree with Severa."""
    found = list(konteringar)
    if found:
        agreeing = sum(kontering.agrees for kontering in found)
        text = _("{count} of {all} documents agree with Severa to the öre; each posting adds up to zero.")
        console.print(text.format(count=agreeing, all=len(found)), highlight=False)


def posting_json(kontering: Kontering | None) -> dict[str, Any]:
    """A kontering for scripts: amounts as text with a decimal point, debit positive."""
    if kontering is None:
        return {}
    lines = [
        {
            "account": line.account,
            "amount": str(line.amount),
            "profit_centre": line.profit_centre,
            "project": line.project,
        }
        for line in kontering.lines
    ]
    return {"posting": lines, "agrees_with_severa": kontering.agrees}
