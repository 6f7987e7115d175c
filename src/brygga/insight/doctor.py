"""The health of the store and of this computer: what ``brygga doctor`` looks at. Nothing is changed by looking."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from brygga import __version__
from brygga.records.reasons import Fault, Level, Reason, reason
from brygga.store.audit.chain import Search, chains, search, verify
from brygga.store.database import integrity_faults, revision_of
from brygga.store.identity import identity_in
from brygga.store.schema.writer import writer
from brygga.store.secrets import Secrets

ENOUGH_BYTES = 500 * 1024 * 1024
"""Free space below which a month's run, its log and a backup may not fit."""

_CLOCK_SLACK = timedelta(minutes=5)
_ALIVE = timedelta(minutes=2)


class Organ(StrEnum):
    """What is looked at; the same word in every language, for scripts."""

    STORE = "store"
    TRAIL = "audit_trail"
    DISK = "disk"
    CLOCK = "clock"
    WRITERS = "writers"
    SECRETS = "secrets"
    ADMINISTRATION = "administration"
    VERSIONS = "versions"


@dataclass
class Finding:
    """One thing looked at: how it stands, and why it is not well."""

    organ: Organ
    detail: str = ""
    reasons: list[Reason] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing stops; a warning does not."""
        return all(why.level is not Level.STOP for why in self.reasons)


@dataclass(frozen=True)
class Patient:
    """What is examined. ``open_engine`` and ``reach`` raise a ``Fault`` when they cannot: ``reach`` starts a company's
    host process, loads the library, opens the company, and answers its name."""

    folder: Path
    open_engine: Callable[[], Engine]
    companies: Callable[[], tuple[str, ...]]
    reach: Callable[[str], str]
    secrets: Secrets
    now: datetime


def examined(patient: Patient) -> Iterator[Finding]:
    """Look at everything, one after the other; a fault in one thing does not hide the others."""
    yield _versions()
    yield _guarded(Organ.DISK, lambda: _disk(patient.folder))
    yield _guarded(Organ.SECRETS, lambda: _secrets(patient.secrets))
    store = _guarded(Organ.STORE, lambda: _store(patient.open_engine()))
    yield store
    if not store.ok:
        return
    engine = patient.open_engine()
    yield _guarded(Organ.TRAIL, lambda: _trail(engine))
    yield _guarded(Organ.CLOCK, lambda: _clock(engine, patient.now))
    yield _guarded(Organ.WRITERS, lambda: _writers(engine, patient.now))
    for company in patient.companies():
        yield _guarded(Organ.ADMINISTRATION, partial(_reached, patient, company))


def _guarded(organ: Organ, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except Fault as fault:
        return Finding(organ, reasons=[fault.reason])
    except OSError as error:
        return Finding(organ, reasons=[reason("LAG-034", detail=error.strerror or error)])


def _versions() -> Finding:
    bits = "64" if sys.maxsize > 2**32 else "32"
    return Finding(
        Organ.VERSIONS,
        f"Brygga {__version__}, Python {platform.python_version()} ({bits} bit), SQLAlchemy {sa.__version__}, "
        f"{platform.system()} {platform.release()}",
    )


def _disk(folder: Path) -> Finding:
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    finding = Finding(Organ.DISK, f"{folder}: {free // 1024**2} MB")
    if free < ENOUGH_BYTES:
        finding.reasons.append(reason("LAG-032", path=folder, free=free // 1024**2, needed=ENOUGH_BYTES // 1024**2))
    return finding


def _secrets(secrets: Secrets) -> Finding:
    """Whether what is kept can be read here: a lost key or a locked keyring is met before a run is."""
    secrets.get("", "")
    return Finding(Organ.SECRETS, secrets.place)


def _store(engine: Engine) -> Finding:
    with engine.connect() as connection:
        identity, revision = identity_in(connection), revision_of(connection)
        faults = integrity_faults(connection)
    finding = Finding(Organ.STORE, f"{engine.dialect.name}, {revision}, {identity.id[:8]}/{identity.generation}")
    if faults:
        finding.reasons.append(reason("LAG-031", detail="; ".join(faults[:3])))
    return finding


def _trail(engine: Engine) -> Finding:
    found = [verify(engine, company) for company in chains(engine)]
    faults = [each.fault for each in found if each.fault is not None]
    return Finding(Organ.TRAIL, ", ".join(f"{each.company} {each.events}" for each in found), faults)


def _clock(engine: Engine, now: datetime) -> Finding:
    """A clock that was set back would number a day twice; what was last written tells."""
    latest = [event.at for company in chains(engine) for event in search(engine, company, Search(limit=1))]
    finding = Finding(Organ.CLOCK, now.astimezone().isoformat(timespec="seconds"))
    if latest and datetime.fromisoformat(max(latest)) > now + _CLOCK_SLACK:
        finding.reasons.append(reason("LAG-033", now=finding.detail, latest=max(latest)[:19]))
    return finding


def _writers(engine: Engine, now: datetime) -> Finding:
    query = sa.select(writer.c.company, writer.c.holder, writer.c.since, writer.c.heartbeat)
    finding, told = Finding(Organ.WRITERS), []
    with engine.connect() as connection:
        for company, holder, since, heartbeat in connection.execute(query):
            told.append(f"{company}: {holder}, {since:%Y-%m-%d %H:%M}")
            if now - heartbeat > _ALIVE:
                finding.reasons.append(reason("LAG-035", Level.NOTE, company=company, holder=holder))
    finding.detail = "; ".join(told)
    return finding


def _reached(patient: Patient, company: str) -> Finding:
    try:
        return Finding(Organ.ADMINISTRATION, f"{company}: {patient.reach(company)}")
    except Fault as fault:
        return Finding(Organ.ADMINISTRATION, company, [fault.reason])
