"""The first-run guide: four things, each tested as it is entered; it ends in a preview, and nothing is written."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath, FromQuery

from brygga.i18n import N_
from brygga.insight.checks import Check
from brygga.records.reasons import Reason, Refused, reason
from brygga.store.settings.registry import BY_KEY
from brygga.web.pages.lists import Form
from brygga.web.pages.settings import SettingsForm
from brygga.web.site import Html, NoSuchPage, WebRequest, moved, page, site_of

LONGEST_NAME = 60


@dataclass(frozen=True)
class Step:
    """One thing that is asked: its settings, and the checks that say whether it is right."""

    id: str
    title: str
    keys: tuple[str, ...]
    checks: tuple[str, ...]


STEPS = (
    Step(
        "severa",
        N_("Severa's credentials"),
        ("severa.base_url", "severa.client_id", "severa.client_secret"),
        ("severa",),
    ),
    Step(
        "administration",
        N_("The company in Administration"),
        (
            "administration.common_path",
            "administration.company_path",
            "administration.user",
            "administration.password",
        ),
        ("library", "administration"),
    ),
    Step("numbering", N_("Who gives the invoices their numbers"), ("numbering.master",), ("mappings",)),
    Step(
        "start",
        N_("From which day, and which invoices"),
        ("invoices.from_date", "invoices.statuses", "invoices.status_after", "mappings.vat"),
        ("settings", "mappings"),
    ),
)


@get("/borja", sync_to_thread=True)
def begin(request: WebRequest) -> Html:
    """What the company is to be called."""
    return page(request, "guide_begin.html")


@post("/borja", sync_to_thread=True)
def add_company(request: WebRequest, form: Form) -> Html:
    """The company has settings from now on; nothing is transferred until it is asked for."""
    site = site_of(request)
    name = " ".join(str(form.get("name", "")).split())[:LONGEST_NAME]
    if not any(c.isalnum() for c in name) or name.casefold() in {each.casefold() for each in site.app.companies()}:
        raise Refused(reason("WEB-986", name=name or "–"))
    address = BY_KEY["severa.base_url"]
    site.app.settings(name).set(address.key, address.default)
    return moved(f"/{site.slug(name)}/borja")


@get("/{company:str}/borja", sync_to_thread=True)
def guide(request: WebRequest, company: FromPath[str], provat: FromQuery[str] = "") -> Html:
    """The four things; with ``provat`` both systems are asked whether they are right."""
    return _guide(request, company, checks=bool(provat))


@post("/{company:str}/borja/{step:str}", sync_to_thread=True)
def keep(request: WebRequest, company: FromPath[str], step: FromPath[str], form: Form) -> Html:
    """Keep one of the things and test it."""
    chosen = next((each for each in STEPS if each.id == step), None)
    if chosen is None:
        raise NoSuchPage(step)
    fields = SettingsForm(request, company, (BY_KEY[key] for key in chosen.keys))
    typed, accepted, faults = fields.read(form)
    if not faults:
        try:
            fields.site.app.change_settings(fields.company, accepted)
        except Refused as refused:
            faults = {chosen.keys[0]: refused.reason}
    if faults:
        return _guide(request, company, typed=typed, faults=faults)
    fields.site.forget_facts(fields.company)
    return moved(f"/{fields.site.slug(fields.company)}/borja?provat=ja#{step}")


def _guide(
    request: WebRequest,
    company: str,
    *,
    checks: bool = False,
    typed: Mapping[str, Any] | None = None,
    faults: Mapping[str, Reason] | None = None,
) -> Html:
    fields = SettingsForm(request, company, (BY_KEY[key] for step in STEPS for key in step.keys))
    found = {check.id: check for check in fields.site.checks(fields.company)} if checks else {}
    connected = all(found[each].ok for each in ("severa", "administration")) if "severa" in found else False
    first, last = _latest_month()
    return page(
        request,
        "guide.html",
        status=409 if faults else 200,
        company=fields.company,
        here="borja",
        steps=STEPS,
        step_fields=lambda step: [BY_KEY[key] for key in step.keys],
        verdict=lambda step: _verdict(step, found),
        checks_of=lambda step: [found[each] for each in step.checks if each in found],
        tested=bool(found),
        connected=connected,
        ready=connected and not fields.settings.check(),
        first=first.isoformat(),
        last=last.isoformat(),
        **fields.fields(typed, faults, fields.site.facts(fields.company) if connected else None),
    )


def _verdict(step: Step, found: Mapping[str, Check]) -> str:
    """Whether the step is right as far as it was tested: empty when it was not."""
    its = [found[each] for each in step.checks if each in found]
    if not its:
        return ""
    return "passed" if all(check.ok for check in its) else "stopped"


def _latest_month() -> tuple[date, date]:
    last = date.today().replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


ROUTES: tuple[Callable[..., Any], ...] = (begin, add_company, guide, keep)
