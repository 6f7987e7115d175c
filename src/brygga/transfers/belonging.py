"""Several companies on one Severa: which invoices and projects are this company's (semantics §4.3, REL-1.5.0-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Protocol

from brygga.records.reasons import Reason, reason
from brygga.records.registers import BusinessUnit
from brygga.records.source import Invoice, Project
from brygga.rules.business_units import Belongs, belongs, not_ours, unit_keys
from brygga.transfers.company import Company


class ProjectReadings(Protocol):
    """What is read to know whose an invoice is."""

    company: Company

    def fetch_projects(self, keys: Iterable[str]) -> None: ...
    def project(self, key: str) -> Project | None: ...


class Belonging:
    """Whose records are, seen from one company. Alone on its Severa it asks nothing: everything is its own.

    Of several companies the one that names no business units has what the others do not name; two such companies
    would both have everything, so neither has anything.
    """

    def __init__(self, readings: ProjectReadings) -> None:
        self._readings = readings
        company = readings.company
        self._own = company.preferences.severa_business_units
        self._neighbours = company.neighbours
        self._nameless = tuple(each.name for each in company.neighbours if not each.business_units)

    @property
    def alone(self) -> bool:
        """Whether everything in Severa is this company's."""
        return not self._own and not self._neighbours

    def ours(self, invoices: Iterable[Invoice]) -> tuple[Invoice, ...]:
        """The invoices but for those of other companies; what belongs to none or to several stays, and says so."""
        listed = tuple(invoices)
        if self.alone:
            return listed
        self._readings.fetch_projects({key for one in listed if not one.business_unit_key for key in one.project_keys})
        return tuple(invoice for invoice in listed if self._whose(self._units_of(invoice)) is not Belongs.OTHERS)

    def projects(self, projects: Iterable[Project]) -> tuple[Project, ...]:
        """The projects but for those of other companies."""
        if self.alone:
            return tuple(projects)
        return tuple(one for one in projects if self._whose(_some(one.business_unit_key)) is not Belongs.OTHERS)

    def reasons(self, invoice: Invoice) -> tuple[Reason, ...]:
        """Why the invoice is not this company's to transfer; empty when it is."""
        if self.alone:
            return ()
        if not self._own and self._nameless:
            return (reason("FTG-805", companies=", ".join((self._readings.company.name, *self._nameless))),)
        units = self._units_of(invoice)
        names = ", ".join(sorted(self._units[key].name if key in self._units else key for key in units))
        return not_ours(self._whose(units), names)

    def _units_of(self, invoice: Invoice) -> frozenset[str]:
        """The unit whose number series the invoice has; where Severa names none, the units of its projects."""
        if invoice.business_unit_key:
            return frozenset({invoice.business_unit_key})
        projects = (self._readings.project(key) for key in invoice.project_keys)
        return frozenset(one.business_unit_key for one in projects if one is not None and one.business_unit_key)

    def _whose(self, units: frozenset[str]) -> Belongs:
        rest = Belongs.NOBODYS
        if not self._own:
            rest = Belongs.OURS
        elif self._nameless:
            rest = Belongs.OTHERS
        return belongs(units, self._ours, self._others, self._parents, rest)

    @cached_property
    def _units(self) -> Mapping[str, BusinessUnit]:
        return {unit.key: unit for unit in self._readings.company.severa.business_units()}

    @cached_property
    def _ours(self) -> frozenset[str]:
        return unit_keys(self._own, self._units.values())

    @cached_property
    def _others(self) -> frozenset[str]:
        named = (name for neighbour in self._neighbours for name in neighbour.business_units)
        return unit_keys(named, self._units.values())

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {unit.key: unit.parent for unit in self._units.values()}


def _some(key: str) -> frozenset[str]:
    return frozenset({key}) if key else frozenset()
