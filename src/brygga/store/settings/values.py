"""The settings of a company: typed, checked one by one and together. Secrets are never among the stored ones."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from brygga.i18n import N_
from brygga.records.base import fingerprint
from brygga.records.reasons import Reason, reason
from brygga.redaction import REDACTED, keep_out
from brygga.store.audit.trail import Told, tell
from brygga.store.company_addresses import give_address
from brygga.store.database import utcnow, write
from brygga.store.schema.base import setting as rows
from brygga.store.secrets import Secrets
from brygga.store.settings.registry import BY_KEY, SETTINGS
from brygga.store.settings.types import (
    Section,
    Setting,
    SettingError,
    SettingType,
    stored_text,
    stored_value,
    value_of,
)

__all__ = [
    "SETTINGS",
    "Section",
    "Setting",
    "SettingError",
    "SettingType",
    "Settings",
    "check",
    "companies",
    "contradictions",
    "secret_variables",
    "setting_of",
]

NEEDED = (
    "severa.client_id",
    "administration.common_path",
    "administration.company_path",
    "invoices.statuses",
    "mappings.vat",
)
"""What no default can know and no transfer of invoices can do without."""

ENVIRONMENT = "severa.environment"

_SETTLING = N_("Give a settling time that is longer than the time-out.")
"""Sooner, a change whose answer was lost may still be on its way (architecture, state machine 6)."""


def setting_of(key: str) -> Setting:
    """The registry's entry; ``SettingError`` INS-806 when there is none."""
    if key not in BY_KEY:
        raise SettingError("INS-806", key=key)
    return BY_KEY[key]


def secret_variables(setting: Setting, company: str) -> tuple[str, str]:
    """The environment variables that may hold a secret: the company's own, which counts first, then the common one.

    The company's name is written in capitals A–Z and digits, every other character as ``_`` (Å and Ä as A, Ö as O).
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", company.upper()) if not unicodedata.combining(c))
    name = re.sub(r"[^A-Z0-9]+", "_", plain).strip("_")
    return f"BRYGGA_{name}_{setting.environment}", f"BRYGGA_{setting.environment}"


class Settings:
    """The settings of one company. ``environ`` stands in for the process's environment variables.

    Secrets come from the environment, else from ``secrets``; without that they can be read and not set.
    """

    def __init__(
        self,
        engine: Engine,
        company: str,
        *,
        environ: Mapping[str, str] | None = None,
        secrets: Secrets | None = None,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.company = company
        self._engine = engine
        self._environ = os.environ if environ is None else environ
        self._secrets = secrets
        self._clock = clock

    def get(self, key: str) -> Any:
        """The value, of the setting's type: str, bool, int, Decimal, date or None, tuple of str, dict of str to str."""
        setting = setting_of(key)
        if setting.secret:
            return self._secret(setting)
        which = sa.and_(rows.c.company == self.company, rows.c.key == key)
        with self._engine.connect() as connection:
            text = connection.execute(sa.select(rows.c.value).where(which)).scalar_one_or_none()
        return setting.default if text is None else stored_value(setting, text)

    def set(self, key: str, value: object) -> None:
        """Set one setting, from a text or from a value of its type; ``SettingError`` says why it will not do."""
        self.save({key: value})

    def save(self, changes: Mapping[str, object]) -> None:
        """Set several at once, all or none. What would contradict another setting is refused (AT-30)."""
        accepted = {key: value_of(setting_of(key), value) for key, value in changes.items()}
        secret = {key: accepted.pop(key) for key in changes if BY_KEY[key].secret}

        def checked(connection: Connection) -> dict[str, Any]:
            before = self._values(connection)
            worse = [why for why in contradictions(before | accepted) if why not in contradictions(before)]
            if worse:
                raise SettingError(worse[0])
            return before

        if secret:
            # Secrets are kept elsewhere and cannot be taken back with the transaction: first what could be refused.
            with self._engine.connect() as connection:
                checked(connection)
        for key, value in secret.items():
            self._keep(BY_KEY[key], value)

        def work(connection: Connection) -> None:
            before = checked(connection)
            for key, value in accepted.items():
                self._put(connection, key, stored_text(value))
            if accepted:
                give_address(connection, self.company)
            self._tell(connection, before, before | accepted)

        write(self._engine, work)

    def accept(self, key: str, source: str, target: str) -> None:
        """Take one suggestion over: a pair into a mapping, a name into a list, else the setting's whole value."""
        match setting_of(key).type:
            case SettingType.MAPPING:
                self.set(key, {**self.get(key), source: target})
            case SettingType.LIST:
                self.set(key, tuple(dict.fromkeys((*self.get(key), target))))
            case _:
                self.set(key, target)

    def unset(self, key: str) -> None:
        """Go back to the default."""
        setting = setting_of(key)
        if setting.secret:
            self._keep(setting, "")
            return
        which = sa.and_(rows.c.company == self.company, rows.c.key == setting.key)

        def work(connection: Connection) -> None:
            text = connection.execute(sa.select(rows.c.value).where(which)).scalar_one_or_none()
            if text is not None:
                connection.execute(sa.delete(rows).where(which))
                self._tell(connection, {setting.key: _as_stored(text)}, {setting.key: setting.default})

        write(self._engine, work)

    def as_dict(self, redacted: bool = True) -> dict[str, Any]:
        """Every setting's value in the registry's order; secrets that are set show as ``***`` unless asked for."""
        with self._engine.connect() as connection:
            values = self._values(connection)
        if redacted:
            values |= {key: REDACTED for key, value in values.items() if BY_KEY[key].secret and value}
        return values

    def fingerprint(self) -> str:
        """Equal exactly when all settings are equal, secrets aside: a plan holds only as long (state machine 9)."""
        return _fingerprint(self.as_dict())

    def check(self) -> tuple[Reason, ...]:
        """What is missing or contradictory in this company's settings."""
        return check(self.as_dict(redacted=False), self.company)

    def in_environment(self, setting: Setting) -> str:
        """The environment variable that a secret comes from now, empty when none is set."""
        return next((name for name in secret_variables(setting, self.company) if self._environ.get(name)), "")

    def _secret(self, setting: Setting) -> str:
        variable = self.in_environment(setting)
        kept = self._secrets.get(self.company, setting.key) if self._secrets and not variable else ""
        secret = self._environ[variable] if variable else kept
        keep_out(secret)
        return secret

    def _keep(self, setting: Setting, value: str) -> None:
        """Put a secret where secrets are kept, or forget an empty one; the trail tells that, and never the value."""
        if self._secrets is None:
            variable = secret_variables(setting, self.company)[1]
            raise SettingError("INS-807", key=setting.key, variable=variable)
        keep_out(value)
        before = self._secrets.get(self.company, setting.key)
        self._secrets.put(self.company, setting.key, value)
        was, now_is = {"value": before and REDACTED}, {"value": value and REDACTED}

        def work(connection: Connection) -> None:
            at, key = self._clock(), setting.key
            tell(connection, Told.SECRET, company=self.company, at=at, subject=key, before=was, after=now_is)

        write(self._engine, work)

    def _values(self, connection: Connection) -> dict[str, Any]:
        query = sa.select(rows.c.key, rows.c.value).where(rows.c.company == self.company)
        stored: dict[str, str] = {row.key: row.value for row in connection.execute(query)}
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            if setting.secret:
                values[setting.key] = self._secret(setting)
            elif setting.key in stored:
                values[setting.key] = stored_value(setting, stored[setting.key])
            else:
                values[setting.key] = setting.default
        return values

    def _tell(self, connection: Connection, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """One event for each setting that is not what it was."""
        try:
            settings_hash = _fingerprint(self._values(connection))
        except SettingError:
            # One that is stored will not do any more: it is being taken back, or is to be next.
            settings_hash = ""
        for key in (key for key in after if before[key] != after[key]):
            tell(
                connection,
                Told.SETTING,
                company=self.company,
                at=self._clock(),
                subject=key,
                before={"value": before[key]},
                after={"value": after[key]},
                settings_hash=settings_hash,
            )

    def _put(self, connection: Connection, key: str, text: str) -> None:
        # Delete and insert in one transaction: an "upsert" is spelt differently by every dialect.
        connection.execute(sa.delete(rows).where(rows.c.company == self.company, rows.c.key == key))
        values = {"company": self.company, "key": key, "value": text, "updated": self._clock()}
        connection.execute(sa.insert(rows).values(values))


def _as_stored(text: str) -> Any:
    """What a stored text holds, also when it is no value of the setting's type any more."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _fingerprint(values: Mapping[str, Any]) -> str:
    """The environment is no choice: it is learnt in the middle of the first run, and what is kept is kept by it."""
    chosen = {key: value for key, value in values.items() if not BY_KEY[key].secret and key != ENVIRONMENT}
    return fingerprint(chosen)


def contradictions(values: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Settings that cannot hold together; they are refused when they are saved."""
    found = []
    if values["invoices.project_on"] != "off" and not values["projects.enabled"]:
        found.append(reason("INS-801"))
    settling: Decimal = values["severa.settling_seconds"]
    if settling <= values["severa.timeout_seconds"]:
        found.append(reason("INS-805", key="severa.settling_seconds", value=settling, accepts=_SETTLING))
    return tuple(found)


def check(values: Mapping[str, Any], company: str = "") -> tuple[Reason, ...]:
    """Everything that keeps these settings from being used: contradictions, and what has still to be given.

    ``values`` holds a value for every key of the registry (``Settings.as_dict(redacted=False)``).
    """
    found = list(contradictions(values))
    if values["numbering.master"] == "":
        found.append(reason("INS-802"))
    found.extend(reason("INS-809", key=key, company=company) for key in NEEDED if not values[key])
    if not values["severa.client_secret"]:
        secret = BY_KEY["severa.client_secret"]
        found.append(reason("INS-807", key=secret.key, variable=secret_variables(secret, company)[1]))
    return tuple(found)


def companies(engine: Engine) -> tuple[str, ...]:
    """The companies that have settings, in order of name."""
    with engine.connect() as connection:
        # Sorted here: every database has its own idea of where å ä ö belong.
        return tuple(sorted(connection.execute(sa.select(rows.c.company).distinct()).scalars()))
