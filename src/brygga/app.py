"""The composition root: builds a company's gateways, journal and preferences from its settings.

The only place that knows which implementation is used. Nothing here decides anything about records.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from brygga import __version__
from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.administration.way import Wanted, Way, choose
from brygga.insight.checks import Check, run_checks
from brygga.insight.doctor import Patient
from brygga.insight.setting_change import change, preview, take_over
from brygga.insight.setting_checks import Finding, setting_findings
from brygga.insight.setting_choices import Facts, read_facts
from brygga.records.base import fingerprint
from brygga.records.reasons import Refused, reason
from brygga.runs.breaker import breaker
from brygga.runs.digest import digest
from brygga.runs.last_used import last_used_selection, used_last
from brygga.runs.port import DurableEngine, Workplace
from brygga.runs.previews import Previews
from brygga.runs.runs import Runs
from brygga.runs.scheduler import Scheduler
from brygga.runs.unlinking import Unlinked, unlink
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import SeveraClient
from brygga.store.database import default_store, open_store, store_folder, utcnow
from brygga.store.journal.journal import Journal
from brygga.store.last_used import LastUsed
from brygga.store.mirror import Mirror
from brygga.store.run_requests import RunRequests
from brygga.store.secrets import Secrets
from brygga.store.settings.file import Import, SettingsFile
from brygga.store.settings.values import Settings, companies, secret_variables, setting_of
from brygga.transfers.company import Company, Neighbour
from brygga.transfers.mirrored import FORMAT, Freshness, MirroredSevera
from brygga.transfers.plan import Transfer
from brygga.transfers.preferences import preferences
from brygga.transfers.selection import Selection

PRACTICE_ENGINE = "brygga.practice.adk_engine:library"
"""The factory that the host process calls for the practice company."""


_SAME_SEVERA = ("severa.environment", "severa.client_id")


@dataclass(frozen=True)
class Gateways:
    """Both systems of one company, opened for reading or for writing."""

    severa: SeveraGateway
    administration: AdministrationGateway


class App:
    """Brygga on one store."""

    def __init__(self, store: Path | str | None = None) -> None:
        self.store_path = store or default_store()
        self._engine: Engine | None = None
        self._runs: Runs | None = None

    @property
    def engine(self) -> Engine:
        """The store, opened and migrated at first use."""
        if self._engine is None:
            self._engine = open_store(self.store_path)
        return self._engine

    @property
    def folder(self) -> Path:
        """Where locks and pacing lie: beside the store."""
        return store_folder(self.store_path)

    @property
    def previews(self) -> Previews:
        """The previews that were shown."""
        return Previews(self.engine)

    @property
    def runs(self) -> Runs:
        """The queue of runs; the durable engine behind it is loaded when something is carried out in this process."""
        if self._runs is None:
            workplace = Workplace(
                engine=self.engine,
                open_company=self.company,
                settings=self.settings,
                previews=self.previews,
                lock_folder=self.folder / "locks",
                version=__version__,
            )
            self._runs = Runs(
                workplace,
                self._durable_engine,
                judge=breaker(self.settings),
                ended=digest(RunRequests(self.engine), self.settings),
                tick=self.scheduler.tick,
            )
        return self._runs

    @property
    def scheduler(self) -> Scheduler:
        """The schedules: they fire while a worker runs."""
        return Scheduler(self.engine, self.settings, __version__)

    def _durable_engine(self) -> DurableEngine:
        from brygga.runs.dbos_engine import DbosEngine

        return DbosEngine(self.engine)

    def close(self) -> None:
        """Leave the durable engine, if this process had one."""
        if self._runs is not None:
            self._runs.close()

    def companies(self) -> tuple[str, ...]:
        """The companies that have settings."""
        return tuple(companies(self.engine))

    def settings(self, company: str) -> Settings:
        """The settings of a company, which need not exist yet."""
        return Settings(self.engine, company, secrets=self.secrets)

    @property
    def secrets(self) -> Secrets:
        """Where secrets are kept: never in the store."""
        return Secrets(self.folder)

    def chosen(self, company: str) -> str:
        """The company named, or the only one there is; ``Refused`` INS-808, INS-810 or INS-814."""
        known = self.companies()
        if company:
            return self.known(company).company
        if len(known) == 1:
            return known[0]
        raise Refused(reason("INS-810", companies=", ".join(known)) if known else reason("INS-814"))

    def known(self, company: str) -> Settings:
        """The settings of a company that exists; ``Refused`` INS-808 when it does not."""
        if company not in self.companies():
            raise Refused(reason("INS-808", company=company))
        return self.settings(company)

    def last_used(self, company: str, transfer: Transfer) -> Selection | None:
        """What a search without a choice of its own begins with; None: everything (semantics §4.11)."""
        return last_used_selection(self.journal(company), transfer, self.settings(company).fingerprint())

    def used_last(self, company: str, transfer: Transfer) -> LastUsed | None:
        """Where that search begins and its statuses, without what was left; None: everything."""
        return used_last(self.journal(company), transfer, self.settings(company).fingerprint())

    def checks(self, company: str) -> list[Check]:
        """Both connections, the settings, and whether they fit together, looked at afresh."""
        settings = self.known(company)
        return run_checks(
            settings,
            lambda: way_to_administration(settings).why,
            lambda: self.gateways(company, read_only=True),
            lambda gateways: self._over(gateways, settings),
        )

    def facts(self, company: str) -> Facts:
        """What both systems have that the settings can point to, and what of Severa's values is in use; read afresh."""
        settings = self.known(company)
        opened = self.gateways(company, read_only=True)
        return read_facts(opened, lambda gateways: self._over(gateways, settings), utcnow())

    def findings(self, company: str, values: Mapping[str, Any]) -> tuple[Finding, ...]:
        """What these values of the settings name that is not in the systems; nothing is saved."""
        settings = self.known(company)
        with self.gateways(company, read_only=True) as gateways:
            return setting_findings(self._over(gateways, settings, values.__getitem__))

    def change_settings(self, company: str, changes: Mapping[str, object]) -> None:
        """Save settings of a company, which need not exist yet, all or none; ``Refused`` says why not."""
        change(self.settings(company), changes, lambda: self.company(company, read_only=True))

    def preview_import(self, company: str, file: SettingsFile) -> Import:
        """What the file would change in the company's settings, and what speaks against it; nothing is saved."""
        return preview(self.settings(company), file, lambda: self.company(company, read_only=True))

    def import_settings(self, company: str, file: SettingsFile) -> Import:
        """Take the file over, all or nothing; ``Refused`` with the first thing that speaks against it."""
        return take_over(self.settings(company), file, lambda: self.company(company, read_only=True))

    def _over(self, gateways: Gateways, settings: Settings, get: Callable[[str], Any] | None = None) -> Company:
        """The company over gateways that are open, without a mirror; ``get`` stands in for the stored settings."""
        return Company(
            name=settings.company,
            severa=gateways.severa,
            administration=gateways.administration,
            journal=self.journal(settings.company),
            preferences=preferences(get or settings.get),
            neighbours=self.neighbours(settings),
        )

    def unlink(self, company: str, transfer: Transfer, text: str, why: str) -> Unlinked:
        """Take the link of one record away (``runs.unlinking``)."""
        settings = self.known(company).fingerprint()
        with self.company(company, read_only=False) as opened:
            return unlink(
                opened,
                transfer,
                text,
                why,
                lock_folder=self.folder / "locks",
                version=__version__,
                settings=settings,
            )

    def journal(self, company: str) -> Journal:
        """The company's journal."""
        settings = self.known(company)
        return self._journal(settings, settings.get("severa.environment"))

    def _journal(self, settings: Settings, environment: str) -> Journal:
        return Journal(self.engine, environment, settings.company, settings_hash=settings.fingerprint())

    @contextmanager
    def gateways(self, company: str, *, read_only: bool) -> Iterator[Gateways]:
        """Both systems read afresh, closed at the end; through read-only ones a write raises ``WriteBlocked``."""
        with self._systems(company, read_only=read_only) as (client, administration):
            yield Gateways(severa=SeveraGateway(client), administration=administration)

    @contextmanager
    def _systems(self, company: str, *, read_only: bool) -> Iterator[tuple[SeveraClient, AdministrationGateway]]:
        client = SeveraClient(self._connection(self.known(company)), read_only=read_only)
        try:
            with self.administration(company, read_only=read_only) as administration:
                yield client, administration
        finally:
            client.close()

    @contextmanager
    def administration(self, company: str, *, read_only: bool) -> Iterator[AdministrationGateway]:
        """Administration alone, its host process ended at the end."""
        settings = self.known(company)
        host = HostProcess(
            way_to_administration(settings).library,
            interpreter=settings.get("administration.interpreter") or None,
            idle_close=float(settings.get("administration.idle_close_seconds")),
            read_only=read_only,
        )
        try:
            yield AdministrationGateway(
                host,
                settings.get("administration.common_path"),
                settings.get("administration.company_path"),
                settings.get("administration.user"),
                settings.get("administration.password") or "",
            )
        finally:
            host.close()

    def patient(self, now: datetime) -> Patient:
        """This store and computer, for ``insight.doctor``."""

        def reach(company: str) -> str:
            with self.administration(company, read_only=True) as administration:
                return administration.check().name

        return Patient(self.folder, lambda: self.engine, self.companies, reach, self.secrets, now)

    @contextmanager
    def company(self, name: str, *, read_only: bool, mirrored: bool = True) -> Iterator[Company]:
        """The company as the transfers see it; Severa is read through the mirror unless that is not wanted."""
        settings = self.known(name)
        with self._systems(name, read_only=read_only) as (client, administration):
            severa = SeveraGateway(client)
            if mirrored:
                severa = MirroredSevera(client, self.mirror(name), _freshness(settings, read_only))
            yield Company(
                name=name,
                severa=severa,
                administration=administration,
                journal=self._journal(settings, environment_of(settings, severa)),
                preferences=preferences(settings.get),
                neighbours=self.neighbours(settings),
            )
            if isinstance(severa, MirroredSevera):
                severa.flush()

    def neighbours(self, settings: Settings) -> tuple[Neighbour, ...]:
        """The other companies of this store on the same Severa: the same organisation, or the same credential."""
        others = (self.settings(name) for name in self.companies() if name != settings.company)
        return tuple(
            Neighbour(other.company, tuple(other.get("severa.business_units")))
            for other in others
            if any(other.get(key) and other.get(key) == settings.get(key) for key in _SAME_SEVERA)
        )

    def mirror(self, company: str) -> Mirror:
        """What was last read from Severa for the company; another address or credential has a mirror of its own."""
        settings = self.known(company)
        key = fingerprint((settings.get("severa.base_url"), settings.get("severa.client_id"), FORMAT))
        return Mirror(self.engine, company, key)

    def _connection(self, settings: Settings) -> SeveraConnection:
        if not settings.get("severa.client_id"):
            raise Refused(reason("INS-809", key="severa.client_id", company=settings.company))
        if not settings.get("severa.client_secret"):
            variable = secret_variables(setting_of("severa.client_secret"), settings.company)[1]
            raise Refused(reason("INS-807", key="severa.client_secret", variable=variable))
        credential = hashlib.sha256(settings.get("severa.client_id").encode()).hexdigest()[:16]
        try:
            return SeveraConnection(
                base_url=settings.get("severa.base_url"),
                client_id=settings.get("severa.client_id"),
                client_secret=settings.get("severa.client_secret"),
                requests_per_second=settings.get("severa.requests_per_second"),
                pacing_path=self.folder / f"pacing-{credential}.sqlite",
                timeout_seconds=float(settings.get("severa.timeout_seconds")),
            )
        except ValueError:
            # The address was checked when it was set: it is the client id that cannot be sent.
            raise Refused(reason("SEV-701")) from None


def _freshness(settings: Settings, read_only: bool) -> Freshness:
    """A preview looks at everything that it shows; a run may be content with what was true a moment ago."""
    listed = 0 if read_only else settings.get("mirror.listed_minutes")
    full = settings.get("mirror.full_read_hours")
    return Freshness(full=timedelta(hours=full), listed=timedelta(minutes=listed))


def environment_of(settings: Settings, severa: SeveraGateway) -> str:
    """The Severa organisation that the settings speak to, learnt at the first connection and kept.

    It is part of every operation's key, so it must outlive new credentials and another address; credentials of another
    organisation are refused (SEV-712), or every document would look new.
    """
    known: str = settings.get("severa.environment")
    there = severa.organization().key
    if not known:
        settings.set("severa.environment", there)
    elif known != there:
        raise Refused(reason("SEV-712", name=severa.organization().name, company=settings.company))
    return there


def way_to_administration(settings: Settings) -> Way:
    """Which library the host loads for this company, and why."""
    wanted = Wanted(
        library=settings.get("administration.library"),
        dll=settings.get("administration.dll"),
        dotnet_folder=settings.get("administration.dotnet_folder"),
        interpreter=settings.get("administration.interpreter"),
    )
    return choose(wanted, PRACTICE_ENGINE)
