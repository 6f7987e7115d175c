"""What ``brygga check`` looks at: settings, Severa, Administration, and whether the two fit together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from brygga.app import App, Gateways, way_to_administration
from brygga.cli.language import _, translator
from brygga.insight.setting_checks import setting_findings
from brygga.messages import render
from brygga.records.reasons import Fault, Level, Reason, reason
from brygga.records.target import CompanyInfo
from brygga.store.settings import Settings
from brygga.transfers.company import Company
from brygga.transfers.preferences import preferences

T = TypeVar("T")


@dataclass
class Check:
    """One thing looked at, how it stands, and what is wrong with it."""

    id: str
    """The same in every language, for scripts."""
    name: str
    ok: bool = True
    detail: str = ""
    reasons: list[Reason] = field(default_factory=list)

    def fail(self, *reasons: Reason) -> None:
        """Something is wrong."""
        self.ok = False
        self.reasons.extend(reasons)


def run_checks(app: App, company: str) -> list[Check]:
    """Look at everything; a fault in one thing does not hide the others."""
    settings = app.known(company)
    checks = [_settings_check(settings), _way_check(settings)]
    try:
        with app.gateways(company, read_only=True) as gateways:
            severa, administration = Check("severa", "Severa"), Check("administration", "Administration")
            info = _guarded(administration, lambda: _administration(gateways, administration))
            _guarded(severa, lambda: _severa(gateways, severa, info))
            checks += [severa, administration]
            if severa.ok and info is not None:
                checks.append(_together(app, gateways, settings))
    except Fault as fault:
        failed = Check("connections", _("Connections"))
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
    check = Check("settings", _("Settings"))
    found = settings.check()
    if found:
        check.fail(*found)
    return check


def _way_check(settings: Settings) -> Check:
    """Which way to Administration was chosen and why; whether it works is told by opening it."""
    check = Check("library", _("Way to Administration"))
    why = way_to_administration(settings).why
    if why.level is Level.STOP:
        check.fail(why)
    else:
        check.detail = render(why, translator)
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


def _together(app: App, gateways: Gateways, settings: Settings) -> Check:
    """Whether what the settings point to is there, and whether the numbering master can work."""
    check = Check("mappings", _("Mappings and numbering"))
    company = Company(
        name=settings.company,
        severa=gateways.severa,
        administration=gateways.administration,
        journal=app.journal(settings.company),
        preferences=preferences(settings.get),
        neighbours=app.neighbours(settings),
    )
    for finding in setting_findings(company):
        if finding.reason.level is Level.STOP:
            check.fail(finding.reason)
        else:
            check.reasons.append(finding.reason)
    return check
