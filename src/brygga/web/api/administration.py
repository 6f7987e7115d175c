"""Settings, checks, schedules and tokens over the JSON API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from litestar.params import FromPath

from brygga.insight.setting_effects import effect
from brygga.records.reasons import Refused, reason
from brygga.runs.scheduler import ZONE
from brygga.store.api_tokens import ApiTokens, Scope
from brygga.store.settings.file import SettingsFile, file_of
from brygga.store.settings.registry import SETTINGS
from brygga.store.settings.values import setting_of
from brygga.transfers.plan import Transfer
from brygga.web.api.access import Caller, CompanyPath, does, lists_tokens, puts, reads, removes
from brygga.web.api.parameters import Body, CallerOf, Key, KeyPath, Number
from brygga.web.api.views import (
    CheckView,
    ImportView,
    NewTokenView,
    ScheduleView,
    SettingView,
    TokenView,
    check_view,
    import_view,
    taken,
)


class NewValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A setting's new value, as text in the form that its help describes."""

    value: Annotated[str, msgspec.Meta(max_length=100_000)]


class NewSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a transfer begins by itself, such as ``weekdays 07:30``."""

    pattern: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] = ZONE
    paused: bool = False


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token: its name, what it may do, in which companies (none: all), and for how many days."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    scopes: Annotated[tuple[Scope, ...], msgspec.Meta(min_length=1, max_length=10)] = (Scope.READ,)
    companies: Annotated[tuple[Key, ...], msgspec.Meta(max_length=100)] = ()
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 365


@reads("/companies/{company:str}/check")
def check(company: CompanyPath, caller: CallerOf) -> tuple[CheckView, ...]:
    """What ``brygga check`` looks at: settings, both connections, and whether the two fit together."""
    return tuple(check_view(each, caller.translator) for each in caller.app.checks(company))


@reads("/companies/{company:str}/settings")
def list_settings(company: CompanyPath, caller: CallerOf) -> tuple[SettingView, ...]:
    """Every setting; secrets only as ``***``."""
    return _settings(caller, company)


@puts("/companies/{company:str}/settings/{key:str}", Scope.SETTINGS)
def set_setting(company: CompanyPath, key: KeyPath, data: Body[NewValue], caller: CallerOf) -> SettingView:
    """Change a setting; secrets are not set over the API."""
    _open_setting(key)
    with caller.acting():
        caller.app.change_settings(company, {key: data.value})
    return _setting(caller, company, key)


@removes("/companies/{company:str}/settings/{key:str}", Scope.SETTINGS)
def unset_setting(company: CompanyPath, key: KeyPath, caller: CallerOf) -> SettingView:
    """Take a setting back to its default."""
    _open_setting(key)
    with caller.acting():
        caller.app.settings(company).unset(key)
    return _setting(caller, company, key)


@reads("/companies/{company:str}/settings-file")
def export_settings(company: CompanyPath, caller: CallerOf) -> SettingsFile:
    """Every setting in one file, without secrets."""
    return file_of(caller.app.settings(company))


@does("/companies/{company:str}/settings-file/preview", Scope.SETTINGS)
def preview_settings_file(company: CompanyPath, data: Body[SettingsFile], caller: CallerOf) -> ImportView:
    """What taking the file over would change, and what speaks against it; nothing is saved."""
    return import_view(caller.app.preview_import(company, data), caller.translator)


@puts("/companies/{company:str}/settings-file", Scope.SETTINGS)
def import_settings(company: CompanyPath, data: Body[SettingsFile], caller: CallerOf) -> ImportView:
    """Take the file over, every setting or none."""
    with caller.acting():
        found = caller.app.import_settings(company, data)
    return import_view(found, caller.translator)


@reads("/companies/{company:str}/schedules")
def list_schedules(company: CompanyPath, caller: CallerOf) -> tuple[ScheduleView, ...]:
    """Transfers that begin by themselves."""
    return tuple(taken(ScheduleView, each) for each in caller.app.scheduler.of(company))


@puts("/companies/{company:str}/schedules/{transfer:str}", Scope.SETTINGS)
def set_schedule(
    company: CompanyPath, transfer: FromPath[Transfer], data: Body[NewSchedule], caller: CallerOf
) -> ScheduleView:
    """Let a transfer begin by itself at these times, or keep its schedule paused."""
    with caller.acting():
        made = caller.app.scheduler.set(company, transfer, data.pattern, data.zone)
        if data.paused:
            made = caller.app.scheduler.pause(company, transfer)
    return taken(ScheduleView, made)


@removes("/companies/{company:str}/schedules/{transfer:str}", Scope.SETTINGS)
def remove_schedule(company: CompanyPath, transfer: FromPath[Transfer], caller: CallerOf) -> tuple[ScheduleView, ...]:
    """Take a schedule away; the answer is what is left."""
    with caller.acting():
        caller.app.scheduler.remove(company, transfer)
    return tuple(taken(ScheduleView, each) for each in caller.app.scheduler.of(company))


@lists_tokens("/tokens")
def list_tokens(caller: CallerOf) -> tuple[TokenView, ...]:
    """Every token, without its secret."""
    return tuple(taken(TokenView, each) for each in ApiTokens(caller.app.engine).all())


@does("/tokens", Scope.ADMIN, 201)
def create_token(data: Body[NewToken], caller: CallerOf) -> NewTokenView:
    """Make a token; its secret is shown only in this answer."""
    companies = [caller.app.known(each).company for each in data.companies]
    made, secret = ApiTokens(caller.app.engine).create(data.name, data.scopes, companies, data.days)
    return NewTokenView(secret, taken(TokenView, made))


@removes("/tokens/{token_id:int}", Scope.ADMIN)
def revoke_token(token_id: Number, caller: CallerOf) -> TokenView:
    """End a token now."""
    return taken(TokenView, ApiTokens(caller.app.engine).revoke(token_id))


def _open_setting(key: str) -> None:
    """A secret goes through no body and no log: it is set on the computer itself."""
    if setting_of(key).secret:
        raise Refused(reason("LAG-023", key=key))


def _settings(caller: Caller, company: str) -> tuple[SettingView, ...]:
    values = caller.app.settings(company).as_dict(redacted=True)
    said = caller.translator.gettext
    return tuple(
        taken(
            SettingView,
            each,
            label=said(each.label),
            help=said(each.help),
            value=values[each.key],
            effects=effect(each.key, values).sentences(caller.translator),
        )
        for each in SETTINGS
    )


def _setting(caller: Caller, company: str, key: str) -> SettingView:
    return next(each for each in _settings(caller, company) if each.key == key)


ROUTES: tuple[Callable[..., Any], ...] = (
    check,
    list_settings,
    set_setting,
    unset_setting,
    export_settings,
    preview_settings_file,
    import_settings,
    list_schedules,
    set_schedule,
    remove_schedule,
    list_tokens,
    create_token,
    revoke_token,
)
