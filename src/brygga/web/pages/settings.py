"""Inställningar: sections, live checks, examples, and a save that says what it changed (design/interface.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
from litestar import get, post
from litestar.datastructures import FormMultiDict
from litestar.params import FromPath, FromQuery

from brygga.insight.checks import Check
from brygga.insight.numbering import switch_reasons
from brygga.insight.setting_choices import Facts, checked, choices, proposals
from brygga.insight.setting_examples import EXAMPLES, example
from brygga.records.reasons import Reason, Refused, reason
from brygga.store.audit import AuditEvent, Told
from brygga.store.audit_chain import Search, search
from brygga.store.setting_types import Section, Setting, SettingError, SettingType, value_of
from brygga.store.settings import SETTINGS, Settings
from brygga.store.settings_file import LEARNT
from brygga.store.settings_registry import BY_KEY
from brygga.web.pages.lists import Form
from brygga.web.setting_words import SECTION_WORDS, choice_word
from brygga.web.site import Html, NoSuchPage, Site, WebRequest, moved, page, site_of, words_of
from brygga.web.texts import Words

NEW_PAIRS = 2
"""Empty lines at the end of a mapping."""

MASTER = "numbering.master"


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
            "has_example": lambda setting: setting.key in EXAMPLES,
            "example": lambda setting: self._example(setting, values),
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

    def _example(self, setting: Setting, values: Mapping[str, Any]) -> str:
        try:
            found = example(setting.key, values)
        except (TypeError, ArithmeticError):
            return ""  # what is typed is no value yet; the field says so
        if found is None:
            return ""
        money = self.words.translator.number
        return self.words.t(found.text, before=money(found.before), after=money(found.after))

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
        saved_after: int | None = None,
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
            told=self._told(saved_after),
            unsaved=typed is not None,
            missing=self.settings.check(),
            checks=checks,
            **self.fields(typed, faults, facts),
        )

    def _told(self, saved_after: int | None) -> list[tuple[str, str, str]]:
        """What was changed since the event with this number: label, before and after."""
        if saved_after is None:
            return []
        events = search(self.site.app.engine, self.company, Search(limit=100))
        changed = [e for e in events if e.sequence > saved_after and e.kind in (Told.SETTING, Told.SECRET)]
        return [self._change(event) for event in reversed(changed)]

    def _change(self, event: AuditEvent) -> tuple[str, str, str]:
        label = self.words.t(BY_KEY[event.subject].label) if event.subject in BY_KEY else event.subject
        before, after = (msgspec.json.decode(each).get("value") for each in (event.before, event.after))
        return label, self._word(event.subject, before), self._word(event.subject, after)

    def _word(self, key: str, value: Any) -> str:
        setting = BY_KEY.get(key)
        if setting is not None and setting.choices:
            return self.words.t(choice_word(key, str(value)))
        return self.words.value(value) if isinstance(value, bool) else as_text(value).replace("\n", ", ") or "–"


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


def as_text(value: Any) -> str:
    """A value as it is typed: lists and mappings one on a line."""
    if isinstance(value, Mapping):
        return "\n".join(f"{left}={right}" for left, right in value.items())
    if isinstance(value, tuple | list):
        return "\n".join(str(each) for each in value)
    return "" if value is None else str(value)


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
    return shown.answer(facts=facts, saved_after=int(sparat) if sparat.isdecimal() else None)


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
    before = _last_event(shown)
    try:
        _refuse_unsafe_switch(shown, stored, changes)
        shown.settings.save(changes)
    except Refused as refused:
        key = refused.reason.param("key")
        return shown.answer(typed=typed, faults={key if key in BY_KEY else _field_of_refusal(changes): refused.reason})
    shown.site.forget_facts(shown.company)
    return moved(f"{shown.address}?sparat={before}")


def _field_of_refusal(changes: Mapping[str, Any]) -> str:
    """The field that a refusal of the whole is shown at."""
    return MASTER if MASTER in changes else next(iter(changes), "")


@get("/{company:str}/installningar/{section:str}/svar", sync_to_thread=True)
def respond(request: WebRequest, company: FromPath[str], section: FromPath[str], om: FromQuery[str] = "") -> Html:
    """The check's answer and the example of one field as it is typed; nothing is saved."""
    shown = SettingsPage(request, company, section)
    setting = next((each for each in shown.shown if each.key == om and not each.secret), None)
    if setting is None:
        raise NoSuchPage(om)
    query = FormMultiDict(list(request.query_params.multi_items()))
    typed, _, faults = shown.read(query)
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
    before = _last_event(shown)
    shown.settings.set(setting.key, shown.settings.get(setting.key) | {left: right})
    return moved(f"{shown.address}?sparat={before}&prova=ja#{setting.key}")


@post("/{company:str}/installningar/{section:str}/anslutning", sync_to_thread=True)
def test_connections(request: WebRequest, company: FromPath[str], section: FromPath[str]) -> Html:
    """Test both connections and how they fit together."""
    shown = SettingsPage(request, company, section)
    return shown.answer(checks=shown.site.app.checks(shown.company))


def _last_event(shown: SettingsPage) -> int:
    events = search(shown.site.app.engine, shown.company, Search(limit=1))
    return events[0].sequence if events else 0


def _refuse_unsafe_switch(shown: SettingsPage, stored: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Another numbering master takes over only above every number used (semantics §4.3)."""
    if changes.get(MASTER) and stored[MASTER]:
        with shown.site.app.company(shown.company, read_only=True) as opened:
            found = switch_reasons(opened, changes[MASTER])
        if found:
            raise Refused(found[0])


ROUTES: tuple[Callable[..., Any], ...] = (start, show, save, respond, accept, test_connections)
