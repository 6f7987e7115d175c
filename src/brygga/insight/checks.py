"""What ``brygga check`` looks at: settings, Severa, Administration, and whether the two fit together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from brygga.administration.gateway import AdministrationGateway
from brygga.i18n import N_
from brygga.insight.mappings import Health, mapping_rows
from brygga.insight.setting_checks import setting_findings
from brygga.records.reasons import Fault, Level, Reason, reason
from brygga.records.target import CompanyInfo
from brygga.severa.gateway import SeveraGateway
from brygga.store.settings.values import Settings
from brygga.transfers.company import Company

T = TypeVar("T")


class Gateways(Protocol):
    """Both systems of one company, opened for reading."""

    @property
    def severa(self) -> SeveraGateway: ...
    @property
    def administration(self) -> AdministrationGateway: ...


G = TypeVar("G", bound=Gateways)


@dataclass
class Check:
    """One thing looked at, how it stands, and what is wrong with it."""

    id: str
    """The same in every language, for scripts."""
    name: str
    """For people, in English; it is in the catalogue."""
    ok: bool = True
    detail: str = ""
    """Names and numbers that were read, as they are."""
    told: Reason | None = None
    """What was found, as a sentence, where names and numbers do not say it."""
    reasons: list[Reason] = field(default_factory=list)

    def fail(self, *reasons: Reason) -> None:
        """Something is wrong."""
        self.ok = False
        self.reasons.extend(reasons)


def run_checks(
    settings: Settings,
    way: Callable[[], Reason],
    gateways_of: Callable[[], AbstractContextManager[G]],
    company_of: Callable[[G], Company],
) -> list[Check]:
    """Look at everything; a fault in one thing does not hide the others.

    ``way`` says which library is loaded and why, ``gateways_of`` opens both systems for reading, and ``company_of`` is
    the company over them.
    """
    checks = [_settings_check(settings), _way_check(way)]
    try:
        with gateways_of() as gateways:
            severa, administration = Check("severa", "Severa"), Check("administration", "Administration")
            info = _guarded(administration, lambda: _administration(gateways, administration))
            _guarded(severa, lambda: _severa(gateways, severa, info))
            checks += [severa, administration]
            if severa.ok and info is not None:
                checks.append(_together(company_of(gateways)))
    except Fault as fault:
        failed = Check("connections", N_("Connections"))
        failed.fail(fault.reason)
        checks.append(failed)
    return checks


def _guarded(check: Check, look: Callable[[], T]) -> T | None:
    try:
        return look()
    except Fault as fault:
        check.fail(fault.reason)
        return None


def _settings_check(settings: Settings) -> Check:
    check = Check("settings", N_("Settings"))
    found = settings.check()
    if found:
        check.fail(*found)
    return check


def _way_check(way: Callable[[], Reason]) -> Check:
    """Which way to Administration was chosen and why; whether it works is told by opening it."""
    check = Check("library", N_("Way to Administration"))
    why = way()
    if why.level is Level.STOP:
        check.fail(why)
    else:
        check.told = why
    return check


def _severa(gateways: Gateways, check: Check, info: CompanyInfo | None) -> None:
    faults = gateways.severa.check()
    if faults:
        check.fail(*dict.fromkeys(faults))
        return
    organization = gateways.severa.organization()
    check.detail = f"{organization.name}, {organization.currency}"
    if info is not None and info.currency != organization.currency:
        check.fail(reason("SYS-907", severa=organization.currency, administration=info.currency))


def _administration(gateways: Gateways, check: Check) -> CompanyInfo:
    info = gateways.administration.check()
    years = ", ".join(f"{year.start} – {year.end}" for year in info.booking_years)
    check.detail = f"{info.name}, {info.organisation_number}, {info.currency}, {years}"
    if info.call_log:
        check.reasons.append(reason("LOG-951", Level.WARNING))
    check.reasons.extend(gateways.administration.take_notices())
    return info


def _together(company: Company) -> Check:
    """Whether what the settings point to is there, and whether the numbering master can work."""
    check = Check("mappings", N_("Mappings and numbering"))
    for finding in setting_findings(company):
        if finding.reason.level is Level.STOP:
            check.fail(finding.reason)
        else:
            check.reasons.append(finding.reason)
    rows = mapping_rows(company)
    missing = [row for row in rows if row.health is Health.MISSING]
    check.reasons += [
        reason("MAP-856", Level.WARNING, source=row.source, count=row.count, key=row.setting)
        for row in missing
        if row.source
    ]
    used = sum(row.health is Health.USED for row in rows)
    check.told = reason("MAP-858", Level.NOTE, used=used, missing=len(missing))
    return check
