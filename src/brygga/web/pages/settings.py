"""Inställningar: sections, live checks, examples, and a save that says what it changed (design/interface.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery

from brygga.insight.checks import Check
from brygga.insight.setting_change import MASTER
from brygga.insight.setting_choices import Facts, checked, choices, proposals
from brygga.insight.setting_effects import EFFECTS, Effect, effect
from brygga.records.reasons import Reason, Refused, reason
from brygga.store.settings.file import LEARNT
from brygga.store.settings.registry import BY_KEY
from brygga.store.settings.types import Section, Setting, SettingError, SettingType, value_of
from brygga.store.settings.values import SETTINGS, Settings
from brygga.web.pages.lists import Form
from brygga.web.pages.setting_told import as_text, last_event, told_since
from brygga.web.setting_words import SECTION_WORDS, choice_word
from brygga.web.site import Html, NoSuchPage, Site, WebRequest, moved, page, site_of, words_of
from brygga.web.texts import Words

NEW_PAIRS = 2
"""Empty lines at the end of a mapping."""


class SettingsForm:
    """Some settings of one company as fields of a form."""

    def __init__(self, request: WebRequest, company: str, shown: Iterable[Setting]) -> None:
        self.request = request
        self.site: Site = site_of(request)
        self.words: Words = words_of(request)
        self.company = self.site.company(company)
        self.settings: Settings = self.site.app.settings(self.company)
        self.shown = list(shown)

    def fields(
        self, typed: Mapping[str, Any] | None, faults: Mapping[str, Reason] | None, facts: Facts | None
    ) -> dict[str, Any]:
        """What ``setting_field.html`` shows, with what was typed instead of what is stored when it is not saved yet."""
        stored = self.settings.as_dict(redacted=True)
        values = stored | dict(typed or {})
        return {
            "fields": self.shown,
            "values": values,
            "secret_set": {each.key: bool(stored[each.key]) for each in self.shown if each.secret},
            "from_environment": {each.key: self.settings.in_environment(each) for each in self.shown if each.secret},
            "faults": faults or {},
            "pairs": NEW_PAIRS,
            **self.functions(values, facts),
        }

    def findings(self, typed: Mapping[str, Any]) -> dict[str, Reason]:
        """What the section's settings, as typed, name that is not in the systems; the first of each."""
        values = self.settings.as_dict(redacted=True) | dict(typed)
        keys = {setting.key for setting in self.shown}
        found = self.site.app.findings(self.company, values)
        return {finding.key: finding.reason for finding in reversed(found) if finding.key in keys}

    def functions(self, values: Mapping[str, Any], facts: Facts | None) -> dict[str, Any]:
        """What the templates of a field call."""
        words = self.words
        return {
            "choice": lambda setting, each: words.t(choice_word(setting.key, each)),
            "has_example": lambda setting: setting.key in EFFECTS,
            "effect": lambda setting: self._effect(setting, values),
            "found": lambda setting: checked(setting.key, values[setting.key], facts) if facts is not None else None,
            "known": lambda setting: choices(setting.key, facts) if facts is not None else (),
            "proposed": lambda setting: (
                proposals(setting.key, values[setting.key], facts)
                if facts is not None and setting.type is SettingType.MAPPING and setting.key not in self._faulty(values)
                else ()
            ),
            "text": lambda setting: as_text(values[setting.key]),
            "stays": lambda setting: setting.key in LEARNT,
        }

    def _faulty(self, values: Mapping[str, Any]) -> set[str]:
        return {
            key for key, value in values.items() if isinstance(value, str) and BY_KEY[key].type is SettingType.MAPPING
        }

    def _effect(self, setting: Setting, values: Mapping[str, Any]) -> Effect:
        try:
            return effect(setting.key, values)
        except (TypeError, ArithmeticError):
            return Effect()  # what is typed is no value yet; the field says so

    def read(self, form: FormMultiDict) -> tuple[dict[str, Any], dict[str, Any], dict[str, Reason]]:
        """What the form says: values to show, values to save, and what is wrong with each field."""
        typed: dict[str, Any] = {}
        accepted: dict[str, Any] = {}
        faults: dict[str, Reason] = {}
        asked = {str(key) for key in form.getall("falt", [])}
        for setting in (each for each in self.shown if each.key in asked and each.key not in LEARNT):
            if setting.secret:
                if form.get(setting.key) or form.get(f"{setting.key}:forget"):
                    accepted[setting.key] = "" if form.get(f"{setting.key}:forget") else str(form[setting.key])
                continue
            given = _given(setting, form)
            try:
                typed[setting.key] = accepted[setting.key] = value_of(setting, given)
            except SettingError as error:
                typed[setting.key], faults[setting.key] = given, error.reason
        return typed, accepted, faults


class SettingsPage(SettingsForm):
    """One section of one company's settings."""

    def __init__(self, request: WebRequest, company: str, section: str) -> None:
        if section not in set(Section):
            raise NoSuchPage(section)
        self.section = Section(section)
        super().__init__(request, company, (setting for setting in SETTINGS if setting.section is self.section))

    @property
    def address(self) -> str:
        """This section's address."""
        return f"/{self.site.slug(self.company)}/installningar/{self.section.value}"

    def answer(
        self,
        *,
        typed: Mapping[str, Any] | None = None,
        faults: Mapping[str, Reason] | None = None,
        facts: Facts | None = None,
        saved_after: str = "",
        checks: list[Check] | None = None,
    ) -> Html:
        """The page, with what was typed instead of what is stored when it is not saved yet."""
        return page(
            self.request,
            "settings.html",
            status=409 if faults else 200,
            company=self.company,
            here="installningar",
            section=self.section.value,
            sections=[(each.value, self.words.t(SECTION_WORDS[each][0])) for each in Section],
            title=self.words.t(SECTION_WORDS[self.section][0]),
            purpose=self.words.t(SECTION_WORDS[self.section][1]),
            facts=facts,
            told=told_since(self.site.app, self.words, self.company, saved_after),
            unsaved=typed is not None,
            missing=self.settings.check(),
            checks=checks,
            **self.fields(typed, faults, facts),
        )


def _given(setting: Setting, form: FormMultiDict) -> Any:
    match setting.type:
        case SettingType.BOOL:
            return form.get(setting.key) == "on"
        case SettingType.MAPPING:
            lefts, rights = form.getall(f"{setting.key}:left", []), form.getall(f"{setting.key}:right", [])
            pairs = [(str(left).strip(), str(right).strip()) for left, right in zip(lefts, rights, strict=False)]
            filled = [(left, right) for left, right in pairs if left or right]
            return "\n".join(f"{left}={right}" for left, right in filled)
        case _:
            return str(form.get(setting.key, ""))


@get("/{company:str}/installningar", sync_to_thread=True)
def start(request: WebRequest, company: FromPath[str]) -> Html:
    """The first section."""
    site = site_of(request)
    return moved(f"/{site.slug(site.company(company))}/installningar/{Section.CONNECTION.value}")


@get("/{company:str}/installningar/{section:str}", sync_to_thread=True)
def show(
    request: WebRequest,
    company: FromPath[str],
    section: FromPath[str],
    sparat: FromQuery[str] = "",
    prova: FromQuery[str] = "",
) -> Html:
    """A section; with ``prova`` both systems are asked what the settings can point to."""
    shown = SettingsPage(request, company, section)
    facts = shown.site.facts(shown.company, afresh=prova == "nu") if prova else None
    return shown.answer(facts=facts, saved_after=sparat)


@post("/{company:str}/installningar/{section:str}/spara", sync_to_thread=True)
def save(request: WebRequest, company: FromPath[str], section: FromPath[str], form: Form) -> Html:
    """Save what was changed, all or nothing; or only try it (``vad=prova``)."""
    shown = SettingsPage(request, company, section)
    typed, accepted, faults = shown.read(form)
    if form.get("vad") == "prova":
        faults = faults or shown.findings(typed)
        return shown.answer(typed=typed, faults=faults, facts=shown.site.facts(shown.company))
    if faults:
        return shown.answer(typed=typed, faults=faults)
    stored = shown.settings.as_dict(redacted=True)
    changes = {key: value for key, value in accepted.items() if BY_KEY[key].secret or value != stored[key]}
    before = last_event(shown.site.app, shown.company)
    try:
        shown.site.app.change_settings(shown.company, changes)
    except Refused as refused:
        key = refused.reason.param("key")
        return shown.answer(typed=typed, faults={key if key in BY_KEY else _field_of_refusal(changes): refused.reason})
    shown.site.forget_facts(shown.company)
    return moved(f"{shown.address}?sparat={before}")


def _field_of_refusal(changes: Mapping[str, Any]) -> str:
    """The field that a refusal of the whole is shown at."""
    return MASTER if MASTER in changes else next(iter(changes), "")


@post("/{company:str}/installningar/{section:str}/svar", sync_to_thread=True)
def respond(
    request: WebRequest, company: FromPath[str], section: FromPath[str], form: Form, om: FromQuery[str] = ""
) -> Html:
    """The check's answer and the example of one field as it is typed; nothing is saved.

    Not a GET: the form holds what is typed in its other fields too, a password among them, and that is no address.
    """
    shown = SettingsPage(request, company, section)
    setting = next((each for each in shown.shown if each.key == om and not each.secret), None)
    if setting is None:
        raise NoSuchPage(om)
    typed, _, faults = shown.read(form)
    values = shown.settings.as_dict(redacted=True) | typed
    return page(
        request,
        "setting_answer.html",
        company=shown.company,
        here="installningar",
        setting=setting,
        fault=faults.get(setting.key),
        **shown.functions(values, shown.site.facts(shown.company) if setting.key not in faults else None),
    )


@post("/{company:str}/installningar/{section:str}/godta", sync_to_thread=True)
def accept(request: WebRequest, company: FromPath[str], section: FromPath[str], form: Form) -> Html:
    """Add one proposed pair to a mapping: a person accepted it."""
    shown = SettingsPage(request, company, section)
    setting = next((each for each in shown.shown if each.key == form.get("falt")), None)
    left, right = str(form.get("left", "")).strip(), str(form.get("right", "")).strip()
    if setting is None or setting.type is not SettingType.MAPPING:
        raise NoSuchPage(section)
    if not left or not right:
        raise Refused(reason("WEB-984"))
    before = last_event(shown.site.app, shown.company)
    shown.settings.set(setting.key, shown.settings.get(setting.key) | {left: right})
    return moved(f"{shown.address}?sparat={before}&prova=ja#{setting.key}")


@post("/{company:str}/installningar/{section:str}/anslutning", sync_to_thread=True)
def test_connections(request: WebRequest, company: FromPath[str], section: FromPath[str]) -> Html:
    """Test both connections and how they fit together."""
    shown = SettingsPage(request, company, section)
    return shown.answer(checks=shown.site.checks(shown.company))


ROUTES: tuple[Callable[..., Any], ...] = (start, show, save, respond, accept, test_connections)
