"""``brygga numbering``, and the look at the number series when the numbering master is chosen."""

from __future__ import annotations

import msgspec
import typer

from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _
from brygga.cli.output import print_json, print_reason
from brygga.cli.parameters import CompanyOption, FromOption, JsonOption, ToOption
from brygga.insight.numbering import (
    EXPLAINED,
    Entry,
    Numbering,
    Series,
    Why,
    numbering,
    setup_reasons,
)
from brygga.records.reasons import Fault

NUMBERING_HELP = _("The number series of the invoices: the next numbers, and every gap with its reason.")


def numbering_command(
    company: CompanyOption = "", start: FromOption = None, end: ToOption = None, as_json: JsonOption = False
) -> None:
    """Without days: the whole financial year of the latest document."""
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        with app.company(name, read_only=True) as opened, console.status(_("Reading …")):
            found = numbering(opened, start.date() if start else None, end.date() if end else None)
        if as_json:
            print_json({**msgspec.to_builtins(found), "sound": found.sound})
        else:
            print_numbering(found)
        if not found.sound:
            raise typer.Exit(Exit.ATTENTION)


def print_numbering(found: Numbering) -> None:
    """One sentence, the next numbers, then each series with its gaps."""
    period = f"{found.start} – {found.end}"
    if found.sound:
        console.print(f"[green]✓ {_('The number series are whole, {period}.').format(period=period)}[/]")
    else:
        console.print(f"[red]✕ {_('The number series need a look, {period}.').format(period=period)}[/]")
    master = {"severa": "Severa", "administration": "Administration"}.get(found.master, "–")
    console.print(
        _("Numbering master: {master}. Next in Severa {severa}, next in Administration {administration}.").format(
            master=master, severa=found.severa_next, administration=found.administration_next
        ),
        highlight=False,
    )
    for why in found.reasons:
        print_reason(why)
    for series in found.series:
        print_series(series)


def print_series(series: Series) -> None:
    """One series: how much of it is there, and what is not an ordinary document."""
    titles = {"administration": _("Administration's series"), "severa": _("Severa's temporary numbers")}
    span = f"{series.first} – {series.last}" if series.first is not None else "–"
    text = _("{title}: {span}, {count} documents").format(title=titles[series.owner], span=span, count=series.count)
    console.print(text, highlight=False)
    for entry in series.entries:
        sign = "–" if entry.why in EXPLAINED else "✕"
        console.print(f"  {sign} {entry_text(entry)}", highlight=False, markup=False)
        for why in entry.reasons:
            print_reason(why)


def entry_text(entry: Entry) -> str:
    """A gap as a line: the number or numbers, and the word for the reason."""
    words = {
        Why.MISSING: _("missing, and nothing explains it"),
        Why.CANCELLED: _("cancelled"),
        Why.REPLACED: _("temporary number, became {number}"),
        Why.REPLACED_SENT: _("temporary number that the customer has, became {number}"),
        Why.DOUBLED: _("is there more than once"),
        Why.FAILED: _("failed, is still in Severa"),
        Why.WAITING: _("waits in Severa"),
        Why.IN_DOUBT: _("in doubt"),
        Why.SKIPPED: _("was skipped, is still in Severa"),
        Why.NOT_SENT: _("is still in Severa"),
    }
    numbers = str(entry.first) if entry.first == entry.last else f"{entry.first} – {entry.last}"
    return f"{numbers}  {words[entry.why].format(number=entry.became)}"


def print_setup(app: App, company: str) -> None:
    """What the series say of the master just chosen (AT-25); that they cannot be looked at yet is said too."""
    try:
        with app.company(company, read_only=True) as opened:
            found = setup_reasons(opened.severa, opened.administration, opened.preferences.numbering_master)
    except Fault as fault:
        console.print(_("The number series could not be looked at yet:"))
        print_reason(fault.reason)
        return
    for why in found:
        print_reason(why)
