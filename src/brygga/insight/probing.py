"""``probe``: what an installation answers to what public facts leave open, kept as the company's capabilities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from brygga.records.base import Record
from brygga.store.settings.values import Settings

NOT_BY_READING = (
    "warnings_in_result",
    "vat_rounding",
    "customer_number_empty",
    "negative_total_printable",
    "locked_record_code",
    "rate_direction",
)
"""Questions that only a write, a second user or a printed invoice can settle (contracts/adk.md §7)."""

CAPABILITIES = "administration.capabilities"

OBEYED: dict[tuple[str, str], tuple[str, str]] = {
    ("balance_in", "document"): ("payments.balances", "both"),
    ("balance_in", "sek"): ("payments.balances", "base"),
    ("supplier_credit_sign", "positive"): ("supplier_invoices.credit_rows", "positive"),
    ("supplier_credit_sign", "negative"): ("supplier_invoices.credit_rows", "negative"),
}
"""An answer that a setting of the transfers depends on: (question, answer) → (setting, value)."""


class Probed(Protocol):
    """Something that can be probed: the gateway to Administration."""

    def probe(self) -> dict[str, str | None]:
        """The answers by question."""


class Finding(Record, frozen=True):
    """One question and its answer; empty when it is not settled. ``setting`` is what was set because of it."""

    question: str
    answer: str
    by_reading: bool
    setting: str = ""


def probe_company(administration: Probed, settings: Settings) -> tuple[Finding, ...]:
    """Ask everything that reading can settle and keep the answers; the settings that depend on them follow.

    An answer that was settled before and cannot be settled now is kept: the evidence was there once.
    """
    answers = administration.probe()
    settled = {name: answer for name, answer in answers.items() if answer is not None}
    known: Mapping[str, str] = settings.get(CAPABILITIES)
    kept = {**known, **settled}
    follow = dict(OBEYED[pair] for pair in kept.items() if pair in OBEYED)
    settings.save({CAPABILITIES: kept, **follow})
    read = tuple(Finding(name, kept.get(name, ""), True, _followed(name, kept)) for name in answers)
    return (*read, *(Finding(name, "", False) for name in NOT_BY_READING))


def _followed(name: str, kept: Mapping[str, str]) -> str:
    pair = OBEYED.get((name, kept.get(name, "")))
    return "" if pair is None else f"{pair[0]} = {pair[1]}"
