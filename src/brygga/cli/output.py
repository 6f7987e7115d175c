"""How plans and results look: one sentence first, the table after; or the same as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from textwrap import fill
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.markup import escape
from rich.table import Table

from brygga.cli.exits import console
from brygga.cli.language import _, translator
from brygga.insight.evidence import lines_of
from brygga.insight.reconciliation import Equation, Reconciliation, Sum
from brygga.messages import COUNTED_WORDS, FIELD_WORDS, STATE_WORDS, TERM_WORDS, TRANSFER_WORDS, key_for_people, render
from brygga.records.reasons import Level, Reason, reason
from brygga.records.target import System
from brygga.store.states import RowState
from brygga.transfers.plan import Plan, needed_first
from brygga.transfers.results import Result, result_of
from brygga.transfers.selection import Selection

COLOURS = {
    RowState.TRANSFERRED: "green",
    RowState.TRANSFERRED_WITH_REMARK: "yellow",
    RowState.FAILED: "red",
    RowState.IN_DOUBT: "magenta",
    RowState.WAITING: "yellow",
    RowState.SKIPPED: "dim",
    RowState.READY: "cyan",
}
SIGNS = {
    RowState.TRANSFERRED: "✓",
    RowState.TRANSFERRED_WITH_REMARK: "✓!",
    RowState.FAILED: "✕",
    RowState.IN_DOUBT: "?",
    RowState.WAITING: "◷",
    RowState.SKIPPED: "–",
    RowState.READY: "○",
}


def state_word(state: str) -> str:
    """The state in the person's language."""
    return str(STATE_WORDS[str(state)][translator.language])


def term_word(term: str) -> str:
    """What became of documents, as a line of the reconciliation says it."""
    return str(TERM_WORDS[term][translator.language])


def counted(count: int, state: str) -> str:
    """A number of rows in a state: "39 överförda"."""
    words = STATE_WORDS if count == 1 else COUNTED_WORDS
    return f"{count} {words[str(state)][translator.language]}"


def transfer_word(transfer: str) -> str:
    """The transfer's name in the person's language."""
    return _(TRANSFER_WORDS[transfer])


def money(amount: Decimal | None, currency: str) -> str:
    """An amount for reading; the currency only where it is not SEK."""
    if amount is None:
        return ""
    text = translator.number(amount)
    return text if currency in ("", "SEK") else f"{text} {currency}"


def by_weight(reasons: Iterable[Reason]) -> list[Reason]:
    """Those that stop first, then what holds, warns, and is only said."""
    order = {Level.STOP: 0, Level.WAIT: 1, Level.WARNING: 2, Level.NOTE: 3}
    return sorted(reasons, key=lambda why: order[why.level])


def print_rows(
    results: Iterable[Result],
    *,
    with_amounts: bool,
    changes: bool = False,
    under: Callable[[str], Iterable[str]] = lambda key: (),
) -> None:
    """One line per row: state as sign and word, number, name, amount, number in Administration; under it the fields
    that change (when asked for), the lines that ``under`` has for its Severa key, and the reasons."""
    rows = list(results)
    if not rows:
        return
    words = max(cell_len(state_word(row.state.value)) for row in rows)
    numbers = max(cell_len(_("Number")), *(cell_len(row.plan.source_number) for row in rows))
    keys = max(cell_len(key_for_people(row.target_key)) for row in rows)
    names = max(12, min(32, console.width - words - numbers - keys - (28 if with_amounts else 10)))
    heading = [" " * (3 + words), set_cell_size(_("Number"), numbers), set_cell_size(_("Name"), names)]
    if with_amounts:
        heading.append(_("Incl. VAT").rjust(14))
    if keys:
        towards = rows[0].plan.transfer.target is System.SEVERA
        heading.append("→ Severa" if towards else "→ Administration")
    console.print(f"[dim]{' '.join(heading)}[/]", highlight=False, soft_wrap=True)
    for row in rows:
        plan, colour = row.plan, COLOURS.get(row.state, "default")
        cells = [
            f"[{colour}]{SIGNS.get(row.state, ' '):<2} {set_cell_size(state_word(row.state.value), words)}[/]",
            escape(set_cell_size(plan.source_number, numbers)),
            escape(set_cell_size(" ".join(plan.source_name.split()), names)),
        ]
        if with_amounts:
            cells.append(f"{money(plan.gross, plan.currency):>14}")
        if key := key_for_people(row.target_key):
            cells.append(f"→ {escape(key)}")
        console.print(" ".join(cells), highlight=False, soft_wrap=True)
        for change in plan.changes if changes else ():
            name = _(FIELD_WORDS.get(change.field, change.field))
            console.print(f"     {name}: {change.before or '–'} → {change.after or '–'}", markup=False, highlight=False)
        for line in under(plan.source_key):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
        for why in by_weight(row.reasons):
            if why.level is not Level.NOTE or row.state is not RowState.TRANSFERRED:
                print_reason(why)


def print_reason(why: Reason, times: int = 1) -> None:
    """A reason as an indented sentence, wrapped to the width."""
    text = render(why, translator)
    lead = f"{times} × " if times > 1 else ""
    width = max(40, console.width - 1)
    console.print(fill(lead + text, width, initial_indent="     ", subsequent_indent="     "), markup=False)


def print_unmet(chosen: Selection, plans: Iterable[Plan]) -> bool:
    """Say of each number or name that was typed and is not there what to do; whether there was one (INS-850)."""
    found = unmet(chosen, plans)
    for text in found:
        print_reason(reason("INS-850", text=text))
    return bool(found)


def unmet(chosen: Selection, plans: Iterable[Plan]) -> tuple[str, ...]:
    """The numbers, names and accepted rows that were typed and that nothing listed answers to."""
    listed = list(plans)
    accepted = chosen.accepted - {plan.source_key for plan in listed}
    return (*chosen.unmet((plan.source_number, plan.source_name) for plan in listed), *sorted(accepted))


def print_skipped(results: Iterable[Result]) -> None:
    """The rows that were skipped, counted by reason: which ones, ``search`` and ``show`` tell."""
    skipped = [row.reasons[0] for row in results if row.state is RowState.SKIPPED and row.reasons]
    for code in dict.fromkeys(why.code for why in skipped):
        alike = [why for why in skipped if why.code == code]
        words = counted(len(alike), RowState.SKIPPED.value)
        if len(alike) > 1:
            words += _(", for example:")
        console.print(f"[dim]{SIGNS[RowState.SKIPPED]:<2} {words}[/]", highlight=False)
        print_reason(alike[0])


def summary(results: Iterable[Result]) -> str:
    """The count of each state in words: "39 överförd · 1 väntar"."""
    numbers = Counter(result.state for result in results)
    return " · ".join(counted(number, state.value) for state in RowState if (number := numbers[state]))


def print_plans(
    plans: tuple[Plan, ...], *, details: bool, under: Callable[[str], Iterable[str]] = lambda key: ()
) -> None:
    """A search (list) or a preview (with what will be created first and the fields that change)."""
    results = [result_of(plan) for plan in plans]
    console.print(summary(results) or _("Nothing found."))
    first = needed_first(plan for plan in plans if plan.writes)
    if details and first:
        print_created_first(first)
    if plans:
        print_rows(results, with_amounts=any(plan.gross is not None for plan in plans), changes=details, under=under)


def print_created_first(needs: tuple[Plan, ...]) -> None:
    """What auto-fix will create before the rows, counted by kind, the first ones by name."""
    words = {"customer": _("customers"), "project": _("projects"), "article": _("articles")}
    for kind in dict.fromkeys(need.kind.value for need in needs):
        alike = [need for need in needs if need.kind.value == kind]
        named = ", ".join(f"{need.natural_key} {' '.join(need.source_name.split())}" for need in alike[:NAMED_NEEDS])
        more = ", …" if len(alike) > NAMED_NEEDS else ""
        text = _("Created first: {count} {kind} ({named})").format(
            count=len(alike), kind=words.get(kind, kind), named=named + more
        )
        console.print(fill(text, max(40, console.width - 1), subsequent_indent="     "), markup=False, highlight=False)


NAMED_NEEDS = 5
"""How many records of a kind are named; the JSON answer names all."""


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan for scripts."""
    data = result_json(result_of(plan))
    data["changes"] = [{"field": c.field, "before": c.before, "after": c.after} for c in plan.changes]
    data["needs"] = [
        {"kind": need.kind.value, "key": need.natural_key, "name": need.source_name} for need in plan.needs
    ]
    data["hash"] = plan.hash
    return data


def result_json(result: Result) -> dict[str, Any]:
    """A result for scripts: amounts as text with a decimal point."""
    plan = result.plan
    return {
        "key": plan.source_key,
        "number": plan.source_number,
        "name": plan.source_name,
        "action": plan.action.value,
        "state": result.state.value,
        "administration": result.target_key,
        "gross": None if plan.gross is None else str(plan.gross),
        "currency": plan.currency,
        "reasons": reasons_json(result.reasons),
    }


def reasons_json(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """Reasons for scripts: code, weight and the sentence."""
    return [{"code": why.code, "level": why.level.value, "text": render(why, translator)} for why in reasons]


def print_json(data: Any) -> None:
    """One JSON document on standard output."""
    console.out(json.dumps(data, ensure_ascii=False, indent=2), highlight=False)


def print_reconciliation(result: Reconciliation) -> None:
    """The equation with count, net, VAT and gross, then every difference by its document."""
    period = f"{result.start} – {result.end}"
    if result.agrees:
        text = _("Severa and Administration agree, {period}.").format(period=period)
        console.print(f"[green]✓ {text}[/]")
    elif not result.differs:
        text = _("Nothing differs, but documents are left to deal with, {period}.").format(period=period)
        console.print(f"[yellow]◷ {text}[/]")
    else:
        text = _("Severa and Administration do not agree, {period}.").format(period=period)
        console.print(f"[red]✕ {text}[/]")
    for currency, equation in result.by_currency.items():
        console.print(_equation_table(equation, currency if currency != result.base else ""))
    for found in result.differences:
        what = {
            "number": _("number"),
            "net": _("net"),
            "vat": _("VAT"),
            "gross": _("gross"),
            "rounding": _("net, with the rounding row (the total agrees)"),
            "count": _("is only in Administration"),
            "double": _("is there more than once"),
            "cancelled": _("is cancelled in Administration"),
            "customer": _("customer"),
            "date": _("has another date"),
            "gone": _("is coupled and not in Administration any more"),
        }[found.what]
        severa, administration = (translator.amount_in(each) or "–" for each in (found.severa, found.administration))
        sides = f"Severa {severa}, Administration {administration}"
        console.print(f"  {found.document}: {what}: {sides}", markup=False, highlight=False)


def _equation_table(equation: Equation, currency: str) -> Table:
    """Severa, what became of it, Administration, and the difference; the currency only where it is not the own."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(currency)
    for heading in (_("Count"), _("Net"), _("VAT"), _("Gross")):
        table.add_column(heading, justify="right", no_wrap=True)
    for label, values, kind, _term in lines_of(equation, _, term_word):
        _sum_row(table, f"  {label}" if kind == "term" else label, values)
    return table


def _sum_row(table: Table, label: str, values: Sum) -> None:
    amounts = (values.net, values.vat, values.gross)
    table.add_row(label, str(values.count), *(translator.number(amount) for amount in amounts))
