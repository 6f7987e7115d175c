"""The health of the mappings, and suggestions for what lacks one (issue 5, "Settings and mappings").

What is in use and what it can be mapped to is in ``mapping_facts``. A suggestion shows how alike the two are and is
applied only when a person accepts it, one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from brygga.insight.mapping_facts import MappingFacts, read_mapping_facts
from brygga.records.base import Record
from brygga.records.source import InvoiceStatus
from brygga.rules.likeness import likeness
from brygga.rules.mappings import folded
from brygga.rules.units import same_unit
from brygga.transfers.company import Company

LEAST = 60
"""Percent of likeness below which a code is not suggested."""

NUMBERS = 90
"""The same where the values are numbers: 25 is not like 2."""


class Health(StrEnum):
    """How one mapping stands."""

    USED = "used"
    UNUSED = "unused"
    """Nothing that was looked at needs it."""
    MISSING = "missing"
    """In use in Severa, and mapped to nothing."""
    OPTIONAL = "optional"
    """The same in a mapping that nobody has to use, while it is not used."""
    NOWHERE = "nowhere"
    """It points to what Administration does not have."""


class MappingRow(Record, frozen=True):
    """One value of Severa and what it is in Administration.

    ``setting`` is the mapping's key, ``count`` how many records use the value. A row that is missing may have a
    ``suggestion`` with the likeness of the two in ``percent``. For the statuses of the settings ``source`` is empty and
    ``target`` the status in Severa.
    """

    setting: str
    source: str
    health: Health
    source_name: str = ""
    target: str = ""
    target_name: str = ""
    count: int = 0
    suggestion: str = ""
    suggestion_name: str = ""
    percent: int = 0


def mapping_rows(company: Company) -> tuple[MappingRow, ...]:
    """Every mapping of the company, in the order of the settings page; reads both systems, writes nothing."""
    facts, chosen = read_mapping_facts(company), company.preferences
    found: list[MappingRow] = []
    for key in MAPPINGS:
        mapping = getattr(chosen, key.replace(".", "_"))
        if key == "mappings.vat":
            mapping = {each.said: each.code for each in mapping}
        found += rows_of(facts, key, mapping)
    return (*found, *_status_rows(company))


def rows_of(facts: MappingFacts, key: str, mapping: Mapping[str, str]) -> tuple[MappingRow, ...]:
    """How one mapping stands under these pairs, stored or only typed. KeyError for a setting that is no mapping."""
    used, here, there = facts.used.get(key, {}), facts.here.get(key, {}), facts.there.get(key, {})
    return tuple(_Table(key, Counter(used), mapping, there, here, MAPPINGS[key]).rows())


@dataclass(frozen=True)
class _Way:
    """How one mapping is judged."""

    itself: bool = False
    """Whether an unmapped value is the same code in Administration, where there is one."""
    alike: Callable[[str, str, str], int] | None = None
    """More than how the words look: Severa's value, the code and its text."""
    least: int = LEAST
    optional: bool = False
    """Whether nothing is missing as long as the mapping is empty."""


@dataclass(frozen=True)
class _Table:
    """One mapping: what is in use, what it is mapped to, what there is to map to, and Severa's own names."""

    setting: str
    used: Counter[str]
    mapping: Mapping[str, str]
    there: Mapping[str, str]
    here: Mapping[str, str]
    way: _Way

    def rows(self) -> list[MappingRow]:
        """The mapped ones first, then what is in use without a mapping, most used first."""
        mapped = [self._mapped(source, target) for source, target in self.mapping.items()]
        known = {folded(source) for source in self.mapping}
        left: Counter[str] = Counter()
        for source, count in self.used.items():
            if folded(source) not in known:
                left[source] += count
        return [*mapped, *(self._unmapped(source, count) for source, count in left.most_common())]

    def _mapped(self, source: str, target: str) -> MappingRow:
        count = sum(many for value, many in self.used.items() if folded(value) == folded(source))
        health = Health.USED if count else Health.UNUSED
        if target not in self.there:
            health = Health.NOWHERE
        return MappingRow(
            self.setting, source, health, self._name(source), target, self.there.get(target, ""), count=count
        )

    def _unmapped(self, source: str, count: int) -> MappingRow:
        if self.way.itself and source in self.there:
            return MappingRow(
                self.setting, source, Health.USED, self._name(source), source, self.there[source], count=count
            )
        best, percent = "", 0
        for code, text in self.there.items():
            found = self._likeness(source, code, text)
            if found >= self.way.least and found > percent:
                best, percent = code, found
        return MappingRow(
            self.setting,
            source,
            Health.OPTIONAL if self.way.optional and not self.mapping else Health.MISSING,
            self._name(source),
            count=count,
            suggestion=best,
            suggestion_name=self.there.get(best, ""),
            percent=percent,
        )

    def _likeness(self, source: str, code: str, text: str) -> int:
        """The code counts as much as its text: "30" is the term "30", "Svenska" the language "SV"."""
        name = self._name(source)
        found = max(likeness(source, code), likeness(source, text), likeness(name, text), likeness(name, code))
        return max(found, self.way.alike(source, code, text) if self.way.alike else 0)

    def _name(self, source: str) -> str:
        return self.here.get(source, "")


def _unit_likeness(source: str, code: str, text: str) -> int:
    return 95 if same_unit(source, code) or same_unit(source, text) else 0


def _days_likeness(source: str, code: str, text: str) -> int:
    """The only number in the text: "30" is "30 dagar netto", but not "10 dagar 2 %, 30 netto"."""
    return 95 if re.findall("[0-9]+", text) == [source] else 0


MAPPINGS: dict[str, _Way] = {
    "mappings.units": _Way(alike=_unit_likeness),
    "mappings.vat": _Way(least=NUMBERS),
    "mappings.payment_terms": _Way(alike=_days_likeness, least=NUMBERS),
    "mappings.languages": _Way(),
    "mappings.currencies": _Way(itself=True),
    "mappings.countries": _Way(),
    "mappings.profit_centres": _Way(itself=True),
    "mappings.price_lists": _Way(optional=True),
}
"""Every mapping by its key, in the order of the settings page, and how it is judged."""


_STATUSES: tuple[tuple[str, Callable[[InvoiceStatus], bool]], ...] = (
    ("invoices.statuses", lambda one: one.has_invoice_number and not one.is_sent and not one.is_paid),
    ("invoices.status_after", lambda one: one.is_sent and not one.is_paid),
    ("invoices.credit_status_after", lambda one: one.is_sent and not one.is_paid),
    ("payments.status_paid", lambda one: one.is_paid),
    ("payments.status_part_paid", lambda one: one.is_waiting_payment and one.is_sent and not one.is_paid),
)
"""What each status of the settings means in Severa's own flags (contracts/severa.md §3.5)."""

_NEEDED = ("invoices.statuses", "payments.status_paid")


def _status_rows(company: Company) -> list[MappingRow]:
    """The statuses of the settings: those that are given and there, given and not there, or not given."""
    statuses = [one for one in company.severa.invoice_statuses() if one.is_active]
    names = {folded(one.name): one.name for one in statuses}
    found = []
    for key, means in _STATUSES:
        value = getattr(company.preferences, key.replace(".", "_"))
        given = [name for name in ((value,) if isinstance(value, str) else value) if name]
        for name in given:
            there = folded(name) in names
            found.append(MappingRow(key, "", Health.USED if there else Health.NOWHERE, target=name))
        if given:
            continue
        fitting = next((one.name for one in statuses if means(one)), "")
        health = Health.MISSING if key in _NEEDED else Health.OPTIONAL
        if fitting or health is Health.MISSING:
            found.append(MappingRow(key, "", health, suggestion=fitting, percent=100 if fitting else 0))
    return found
