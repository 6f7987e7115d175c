"""What a section of the benchmarks answers, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value. ``bound`` is empty where nothing is promised; then ``ok`` says nothing."""

    name: str
    value: str
    bound: str = ""
    ok: bool = True


def at_most(name: str, value: float, bound: float, unit: str = "") -> Figure:
    """A value that must not exceed the bound."""
    return Figure(name, _number(value, unit), f"≤ {_number(bound, unit)}", value <= bound)


def at_least(name: str, value: float, bound: float, unit: str = "") -> Figure:
    """A value that must reach the bound."""
    return Figure(name, _number(value, unit), f"≥ {_number(bound, unit)}", value >= bound)


def shown(name: str, value: float, unit: str = "") -> Figure:
    """A value without a bound."""
    return Figure(name, _number(value, unit))


def _number(value: float, unit: str) -> str:
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{text.replace(',', ' ')} {unit}".strip()


def table(sections: Iterable[tuple[str, Sequence[Figure]]]) -> str:
    """The figures as one Markdown table."""
    lines = ["| section | figure | measured | bound | |", "|---|---|---:|---:|---|"]
    for title, figures in sections:
        for figure in figures:
            verdict = "" if not figure.bound else "ok" if figure.ok else "**missed**"
            lines.append(f"| {title} | {figure.name} | {figure.value} | {figure.bound} | {verdict} |")
    return "\n".join(lines)
