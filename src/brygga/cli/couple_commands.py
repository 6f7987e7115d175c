"""``brygga couple``: both registers side by side before the first transfer, and linking what a person confirms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer

from brygga import __version__
from brygga.app import App
from brygga.cli.exits import Exit, console, sentences
from brygga.cli.language import _, translator
from brygga.cli.output import money, print_json, reasons_json, state_word
from brygga.cli.parameters import DAY, CompanyOption, FromOption, JsonOption, ToOption, day
from brygga.message_texts.coupling import STANDING_WORDS
from brygga.messages import KIND_WORDS, render
from brygga.records.reasons import Refused, reason
from brygga.records.target import Kind
from brygga.rules.coupling import CouplingChoice
from brygga.runs.coupling import Coupled, choice_of, couple
from brygga.store.states import RowState
from brygga.transfers.coupling import KINDS, Comparison, Pair, Standing, compare

COUPLE_HELP = _("Compare both registers before the first transfer; link what you confirm. Nothing else is written.")


def _kind(text: str) -> Kind:
    try:
        kind = Kind(text.strip())
    except ValueError:
        kind = Kind.CONTACT
    if kind not in KINDS:
        raise typer.BadParameter(f"{text}. {' | '.join(each.value for each in KINDS)}")
    return kind


KindOption = Annotated[
    list[Kind] | None,
    typer.Option("--kind", parser=_kind, metavar="KIND", help=_("Only these: customer, project, article, invoice.")),
]
ConfirmOption = Annotated[bool, typer.Option("--confirm", help=_("Link everything that is the same on both sides."))]
PairOption = Annotated[
    list[str] | None,
    typer.Option(
        "--pair",
        metavar="KIND:NUMBER[=NUMBER]",
        help=_("Link this pair: customer:1001 as it is shown, or customer:1001=K55 by hand. Repeat for several."),
    ),
]
GoLiveOption = Annotated[
    datetime | None,
    typer.Option("--go-live", parser=day, metavar=DAY, help=_("The day before which no document is ever transferred.")),
]


def couple_command(
    company: CompanyOption = "",
    kind: KindOption = None,
    start: FromOption = None,
    end: ToOption = None,
    confirm: ConfirmOption = False,
    pair: PairOption = None,
    go_live: GoLiveOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare, link what is confirmed, set the go-live date."""
    app = App()
    with sentences(as_json):
        name = app.chosen(company)
        if go_live is not None:
            app.settings(name).set("invoices.from_date", go_live.date())
        days = {"start": start.date() if start else None, "end": end.date() if end else None}
        kinds = tuple(kind) if kind else KINDS
        with app.company(name, read_only=True, mirrored=False) as opened, console.status(_("Reading …")):
            comparison = compare(opened, kinds, **days)
        if not confirm and not pair:
            _show(comparison, as_json)
            return
        choices = _choices(comparison, pair or (), confirm)
        with app.company(name, read_only=False, mirrored=False) as opened:
            report = couple(
                opened,
                choices,
                kinds=kinds,
                **days,
                lock_folder=app.folder / "locks",
                version=__version__,
                settings=app.settings(name).fingerprint(),
            )
        if as_json:
            print_json({"run": report.run.id, "rows": [_result_json(done) for done in report.results]})
        else:
            _print_results(report.results)
        if any(done.state is not RowState.TRANSFERRED for done in report.results):
            raise typer.Exit(Exit.ATTENTION)


def _choices(comparison: Comparison, pairs: Iterable[str], confirm: bool) -> list[CouplingChoice]:
    choices = []
    for text in pairs:
        word, _colon, rest = text.partition(":")
        if word not in [kind.value for kind in KINDS] or not rest.strip():
            raise Refused(reason("KOP-809", nr=text))
        choices.append(choice_of(comparison, Kind(word), rest))
    if confirm:
        certain = (pair for pair in comparison.pairs if pair.standing is Standing.MATCH)
        choices += [CouplingChoice(pair.kind, pair.source_key, pair.target_key) for pair in certain]
    return choices


def _show(comparison: Comparison, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "go_live": msgspec.to_builtins(comparison.go_live),
                "rows": [_pair_json(pair) for pair in comparison.pairs],
            }
        )
        return
    for pair in comparison.pairs:
        if pair.standing is not Standing.LINKED:
            console.print(_line(pair), markup=False, highlight=False, soft_wrap=True)
            for why in pair.reasons:
                console.print(f"    {render(why, translator)}", markup=False, highlight=False)
    for kind in KINDS:
        counts = [(standing, comparison.count(kind, standing)) for standing in Standing]
        told = " · ".join(f"{count} {_(STANDING_WORDS[standing])}" for standing, count in counts if count)
        if told:
            console.print(f"{_(KIND_WORDS[kind.value])}: {told}", markup=False, highlight=False)
    shown = comparison.go_live.isoformat() if comparison.go_live else "–"
    console.print(_("Go-live date: {day}").format(day=shown), highlight=False)
    if any(pair.standing is Standing.MATCH for pair in comparison.pairs):
        console.print(_("Link what is the same: {command}").format(command="brygga couple --confirm"), highlight=False)


def _line(pair: Pair) -> str:
    here = f"{pair.number} {pair.name}".strip() or "–"
    there = f"{pair.target_key} {pair.target_name}".strip() or "–"
    amount = f"  {pair.date} {money(pair.total, pair.currency)}" if pair.total is not None else ""
    alike = _("looks like {nr} ({percent} %)").format(nr=pair.alike, percent=pair.percent) if pair.alike else ""
    words = " · ".join(part for part in (_(STANDING_WORDS[pair.standing]), alike) if part)
    return f"{_(KIND_WORDS[pair.kind.value])}  {here} → {there}{amount}  {words}"


def _print_results(results: Iterable[Coupled]) -> None:
    count = 0
    for done in results:
        count += done.state is RowState.TRANSFERRED
        if done.state is not RowState.TRANSFERRED:
            line = f"{_line(done.pair)}  {state_word(done.state.value)}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
            for why in done.reasons:
                console.print(f"    {render(why, translator)}", markup=False, highlight=False)
    console.print(_("{count} coupled.").format(count=count), highlight=False)


def _pair_json(pair: Pair) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(pair)
    return told | {"reasons": reasons_json(pair.reasons)}


def _result_json(done: Coupled) -> dict[str, Any]:
    return _pair_json(done.pair) | {"state": done.state.value, "reasons": reasons_json(done.reasons)}
