"""The health of the mappings, and suggestions for what lacks one (issue 5, "Settings and mappings").

What is in use is counted in Severa's registers and in the invoices that wait; what it can be mapped to is read from
Administration's. A suggestion shows how alike the two are and is applied only when a person accepts it, one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from brygga.records.base import Record
from brygga.records.source import Customer, Invoice, InvoiceStatus
from brygga.rules.countries import country_code
from brygga.rules.likeness import likeness
from brygga.rules.mappings import folded
from brygga.rules.units import same_unit
from brygga.rules.vat import codes_on, plain, suggest_mapping
from brygga.severa.gateway import InvoiceQuery
from brygga.transfers.company import Company
from brygga.transfers.readings import Readings

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
    used = _Used.of(company)
    here, there = company.severa.registers(), company.administration.code_registers()
    chosen = company.preferences
    rates = codes_on(chosen.mappings_vat, company.journal.now().date())
    vat_names = {code: f"{plain(rate)} %" for rate, code in suggest_mapping(used.vat_rates_there).items()}
    tables = (
        _Table("mappings.units", used.units, chosen.mappings_units, there.units, alike=_unit_likeness),
        _Table(
            "mappings.vat",
            used.rates,
            {plain(rate): code for rate, code in rates.items()},
            vat_names,
            {rate: f"{rate} %" for rate in (*used.rates, *map(plain, here.vat_rates))},
            least=NUMBERS,
        ),
        _Table(
            "mappings.payment_terms",
            used.days,
            chosen.mappings_payment_terms,
            there.payment_terms,
            alike=_days_likeness,
            least=NUMBERS,
        ),
        _Table("mappings.languages", used.languages, chosen.mappings_languages, there.languages, here.languages),
        _Table(
            "mappings.currencies",
            used.currencies,
            chosen.mappings_currencies,
            {used.base: used.base, **there.currencies},
            here.currencies,
            itself=True,
        ),
        _Table("mappings.countries", used.countries, chosen.mappings_countries, there.countries),
        _Table(
            "mappings.profit_centres",
            used.centres,
            chosen.mappings_profit_centres,
            there.profit_centres,
            here.cost_centres,
            itself=True,
        ),
        _Table(
            "mappings.price_lists",
            used.price_lists,
            chosen.mappings_price_lists,
            there.price_lists,
            optional=True,
        ),
    )
    return (*(row for table in tables for row in table.rows()), *_status_rows(company))


@dataclass(frozen=True)
class _Used:
    """What of Severa's values is in use, and how often."""

    units: Counter[str]
    rates: Counter[str]
    days: Counter[str]
    languages: Counter[str]
    currencies: Counter[str]
    countries: Counter[str]
    centres: Counter[str]
    price_lists: Counter[str]
    vat_rates_there: tuple[Decimal, ...]
    base: str

    @classmethod
    def of(cls, company: Company) -> _Used:
        """Counted in the active customers and articles, the open projects, and the invoices that wait."""
        readings = Readings(company)
        customers = [one for one in company.severa.customers() if one.is_active]
        invoices = _waiting(readings)
        rows = [row for invoice in invoices for row in invoice.rows]
        articles = (one.unit for one in company.severa.articles() if one.is_active)
        projects = (one.profit_centre for one in company.severa.projects() if not one.is_closed)
        terms = [*(one.payment_days for one in customers), *(one.payment_days for one in invoices)]
        return cls(
            units=_counted((*articles, *(row.unit.strip() for row in rows))),
            rates=_counted(plain(row.vat_rate) for row in rows if row.vat_rate is not None),
            days=_counted("" if days is None else str(days) for days in terms),
            languages=_counted(one.language for one in customers),
            currencies=_counted((*(one.currency for one in customers), *(one.currency for one in invoices))),
            countries=_counted(_unknown_country(one) for one in customers),
            centres=_counted((*projects, *(row.profit_centre for row in rows))),
            price_lists=_counted(one.price_list for one in customers),
            vat_rates_there=readings.info.vat_rates,
            base=readings.info.currency,
        )


def _waiting(readings: Readings) -> tuple[Invoice, ...]:
    names = readings.preferences.invoices_statuses
    keys = tuple(key for key in map(readings.status_key, names) if key is not None)
    if not keys:
        return ()
    query = InvoiceQuery(start=readings.preferences.invoices_from_date, status_keys=keys, row_projects=False)
    return readings.belonging.ours(readings.company.severa.invoices(query))


def _unknown_country(customer: Customer) -> str:
    """The country's text where neither Severa's register nor our table makes a code of it."""
    address = customer.address
    return "" if address.country_code or country_code(address.country) else address.country.strip()


def _counted(values: Iterable[str]) -> Counter[str]:
    return Counter(value for value in values if value)


@dataclass(frozen=True)
class _Table:
    """One mapping: what is in use, what it is mapped to, and what there is to map to (code → text)."""

    setting: str
    used: Counter[str]
    mapping: Mapping[str, str]
    there: Mapping[str, str]
    here: Mapping[str, str] | None = None
    itself: bool = False
    """Whether an unmapped value is the same code in Administration, where there is one."""
    alike: Callable[[str, str, str], int] | None = None
    """More than how the words look: Severa's value, the code and its text."""
    least: int = LEAST
    optional: bool = False
    """Whether nothing is missing as long as the mapping is empty."""

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
        if self.itself and source in self.there:
            return MappingRow(
                self.setting, source, Health.USED, self._name(source), source, self.there[source], count=count
            )
        best, percent = "", 0
        for code, text in self.there.items():
            found = self._likeness(source, code, text)
            if found >= self.least and found > percent:
                best, percent = code, found
        return MappingRow(
            self.setting,
            source,
            Health.OPTIONAL if self.optional and not self.mapping else Health.MISSING,
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
        return max(found, self.alike(source, code, text) if self.alike else 0)

    def _name(self, source: str) -> str:
        return (self.here or {}).get(source, "")


def _unit_likeness(source: str, code: str, text: str) -> int:
    return 95 if same_unit(source, code) or same_unit(source, text) else 0


def _days_likeness(source: str, code: str, text: str) -> int:
    """The only number in the text: "30" is "30 dagar netto", but not "10 dagar 2 %, 30 netto"."""
    return 95 if re.findall("[0-9]+", text) == [source] else 0


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
    """The statuses of the settings: those that are given and there, given and not there, or needed and not given."""
    statuses = [one for one in company.severa.invoice_statuses() if one.is_active]
    names = {folded(one.name): one.name for one in statuses}
    found = []
    for key, means in _STATUSES:
        value = getattr(company.preferences, key.replace(".", "_"))
        given = [name for name in ((value,) if isinstance(value, str) else value) if name]
        for name in given:
            there = folded(name) in names
            found.append(MappingRow(key, "", Health.USED if there else Health.NOWHERE, target=name))
        fitting = next((one.name for one in statuses if means(one)), "")
        if not given and key in _NEEDED:
            found.append(MappingRow(key, "", Health.MISSING, suggestion=fitting, percent=100 if fitting else 0))
    return found
