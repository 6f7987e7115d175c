"""What the practice Severa environment holds: one SQLite file of JSON documents, kept in memory as well.

Every request that writes is one transaction on the file; memory follows only after the commit, so a killed server
starts again with whole requests. ``edit``, ``add`` and ``delete`` are what a person does in Severa's own pages.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from brygga.practice.severa_server.collection import Collection, Entry
from brygga.practice.severa_server.config import utc_now
from brygga.practice.severa_server.faults import FaultPlan, LoggedRequest
from brygga.practice.severa_server.models import COLLECTIONS, SINGLE, DocumentError, conform, decode, fields
from brygga.practice.severa_server.references import complete, field_value, referring_to

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE document (
    collection TEXT NOT NULL, guid TEXT NOT NULL, sequence INTEGER NOT NULL, updated REAL NOT NULL,
    owner TEXT, json BLOB NOT NULL, PRIMARY KEY (collection, guid)
);
"""


@dataclass(frozen=True)
class SeveraSeed:
    """What an environment starts with.

    ``collections`` holds wire documents by collection (the names of ``models.COLLECTIONS``). Copies that a reference
    repeats of its target (a customer's name on an invoice) may be left out; audit times left out become the time of
    creation. ``settings_of_invoice`` maps an invoice's guid to the guid of its invoice settings, which the settings
    document does not say; settings that are not named belong to the invoice with the same guid.
    """

    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    collections: Mapping[str, list[dict[str, Any]]]
    settings_of_invoice: Mapping[str, str] = field(default_factory=dict)


class SeveraState:
    """The documents and the credential of one practice environment, with its fault plan and request log."""

    def __init__(self, connection: sqlite3.Connection, now: Callable[[], datetime]) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.faults = FaultPlan()
        self.requests: list[LoggedRequest] = []
        self._connection = connection
        self._collections = {name: Collection() for name in COLLECTIONS}
        self._next_sequence = 1
        self.client_id = ""
        self.client_secret = ""
        self.scopes: tuple[str, ...] = ()
        self.page_key = b""

    @classmethod
    def create(cls, path: Path, seed: SeveraSeed, now: Callable[[], datetime] = utc_now) -> SeveraState:
        """A new environment in a new file. Raises ``DocumentError`` naming the field when the seed is not sound."""
        documents = _checked_seed(seed, now())
        if path.exists():
            raise FileExistsError(f"{path} exists already; an environment is created in a new file")
        connection = _connect(path)
        with connection:
            connection.executescript(_SCHEMA)
            meta = {
                "client_id": seed.client_id,
                "client_secret": seed.client_secret,
                "scopes": " ".join(seed.scopes),
                "page_key": secrets.token_hex(16),
            }
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
            connection.executemany("INSERT INTO document VALUES (?, ?, ?, ?, ?, ?)", documents)
        return cls._loaded(connection, now)

    @classmethod
    def open(cls, path: Path, now: Callable[[], datetime] = utc_now) -> SeveraState:
        """The environment of an existing file."""
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: create the practice environment first")
        return cls._loaded(_connect(path), now)

    @classmethod
    def _loaded(cls, connection: sqlite3.Connection, now: Callable[[], datetime]) -> SeveraState:
        state = cls(connection, now)
        meta = dict(connection.execute("SELECT name, value FROM meta"))
        state.client_id, state.client_secret = meta["client_id"], meta["client_secret"]
        state.scopes = tuple(meta["scopes"].split())
        state.page_key = bytes.fromhex(meta["page_key"])
        rows = connection.execute(
            "SELECT collection, sequence, guid, updated, json, owner FROM document ORDER BY sequence"
        )
        for name, sequence, guid, updated, raw, owner in rows:
            state._collections[name].put(Entry(sequence, guid, updated, raw, owner))
            state._next_sequence = sequence + 1
        return state

    def close(self) -> None:
        """Closes the file."""
        with self.lock:
            self._connection.close()

    def collection(self, name: str) -> Collection:
        """The documents of a collection, for reading."""
        if name not in self._collections:
            raise DocumentError(f"{name} is not a collection of the practice server")
        return self._collections[name]

    def document(self, collection: str, guid: str) -> dict[str, Any] | None:
        """One document as wire values, None when it is not there."""
        with self.lock:
            entry = self.collection(collection).get(guid)
            return None if entry is None else entry.document()

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Every document of a collection, in its stable order."""
        with self.lock:
            return [entry.document() for entry in self.collection(collection)]

    def single(self, collection: str) -> dict[str, Any] | None:
        """The only document of a collection that has one (organizationdetails, organizationsettings)."""
        with self.lock:
            return next((entry.document() for entry in self.collection(collection)), None)

    def edit(self, collection: str, guid: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Changes fields as a person in Severa would: audit times and copies elsewhere follow. Answers the document."""
        with self.transaction() as change:
            return change.update(collection, guid, changes)

    def add(self, collection: str, document: Mapping[str, Any], *, owner: str | None = None) -> dict[str, Any]:
        """Adds a document as a person in Severa would. ``owner`` is the invoice of invoice settings."""
        with self.transaction() as change:
            return change.insert(collection, document, owner=owner)

    def delete(self, collection: str, guid: str) -> None:
        """Removes a document. Severa leaves no trace of it (§2 "Deletions")."""
        with self.transaction() as change:
            change.remove(collection, guid)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Changes that are kept together or not at all."""
        with self.lock:
            change = Transaction(self, self._next_sequence)
            yield change
            with self._connection:
                for (collection, guid), entry in change.entries.items():
                    if entry is None:
                        self._connection.execute(
                            "DELETE FROM document WHERE collection = ? AND guid = ?", (collection, guid)
                        )
                    else:
                        self._connection.execute(
                            "INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?, ?)", _row(collection, entry)
                        )
            for (collection, guid), entry in change.entries.items():
                kept = self._collections[collection]
                if entry is not None:
                    kept.put(entry)
                elif kept.get(guid) is not None:
                    kept.remove(guid)
            self._next_sequence = change.next_sequence


class Transaction:
    """Changes not yet kept; made by ``SeveraState.transaction``."""

    def __init__(self, state: SeveraState, next_sequence: int) -> None:
        self._state = state
        self.next_sequence = next_sequence
        self.entries: dict[tuple[str, str], Entry | None] = {}

    def entry(self, collection: str, guid: str) -> Entry | None:
        """A document as this transaction leaves it."""
        if (collection, guid) in self.entries:
            return self.entries[collection, guid]
        return self._state.collection(collection).get(guid)

    def lookup(self, collection: str, guid: str) -> dict[str, Any] | None:
        """The wire values of a document as this transaction leaves it."""
        entry = self.entry(collection, guid)
        return None if entry is None else entry.document()

    def insert(self, collection: str, document: Mapping[str, Any], *, owner: str | None = None) -> dict[str, Any]:
        """Adds a document; its creation time is set when it is left out."""
        now = self._state.now()
        values = _with_audit(collection, document, now)
        guid = _guid(collection, values)
        if self.entry(collection, guid) is not None:
            raise DocumentError(f"{collection} {guid} is there already")
        if collection in SINGLE and len(self._state.collection(collection)):
            raise DocumentError(f"an environment has only one document of {collection}")
        if collection == "invoicesettings":
            owner = owner or guid
            if self.lookup("invoices", owner) is None:
                raise DocumentError(f"invoicesettings {guid} belongs to invoices {owner}, which is not there")
        raw = conform(collection, complete(collection, values, self.lookup))
        self.entries[collection, guid] = Entry(self.next_sequence, guid, _updated(values, now), raw, owner)
        self.next_sequence += 1
        return decode(raw)

    def update(self, collection: str, guid: str, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Changes fields of a document; its change time becomes now, and copies in other documents follow."""
        entry = self.entry(collection, guid)
        if entry is None:
            raise DocumentError(f"{collection} {guid} is not there")
        if "guid" in changes:
            raise DocumentError(f"{collection} {guid}: the guid of a document never changes")
        before = entry.document()
        now = self._state.now()
        values = complete(collection, before | dict(changes), self.lookup, only=set(changes))
        if "lastUpdatedDateTime" in fields(COLLECTIONS[collection]) and "lastUpdatedDateTime" not in changes:
            values |= {"lastUpdatedDateTime": now, "lastUpdatedBy": changes.get("lastUpdatedBy")}
        raw = conform(collection, values)
        moment = _updated(changes, now)
        self.entries[collection, guid] = Entry(entry.sequence, guid, moment, raw, entry.owner)
        after = decode(raw)
        self._refresh_copies(collection, guid, before, after)
        return after

    def remove(self, collection: str, guid: str) -> None:
        """Removes a document."""
        if self.entry(collection, guid) is None:
            raise DocumentError(f"{collection} {guid} is not there")
        self.entries[collection, guid] = None

    def _refresh_copies(self, target: str, guid: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Refreshes what other documents repeat of a changed one; their own change times stay."""
        for collection, reference in referring_to(target):
            if all(field_value(before, path) == field_value(after, path) for path in reference.copies.values()):
                continue
            for found in self._state.collection(collection).values(reference.path, guid):
                entry = self.entry(collection, found.guid)
                if entry is None:
                    continue
                old = entry.document()
                new = complete(collection, old, self.lookup, only={reference.field}, refresh=True)
                raw = conform(collection, new)
                self.entries[collection, found.guid] = Entry(
                    entry.sequence, found.guid, entry.updated, raw, entry.owner
                )
                self._refresh_copies(collection, found.guid, old, decode(raw))


def _connect(path: Path) -> sqlite3.Connection:
    # Handlers run on the server's thread and tests edit from theirs; SeveraState.lock keeps them apart.
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _row(collection: str, entry: Entry) -> tuple[str, str, int, float, str | None, bytes]:
    return collection, entry.guid, entry.sequence, entry.updated, entry.owner, entry.raw


def _checked_seed(seed: SeveraSeed, now: datetime) -> list[tuple[str, str, int, float, str | None, bytes]]:
    unknown = set(seed.collections) - set(COLLECTIONS)
    if unknown:
        raise DocumentError(f"the seed has collections the practice server does not know: {', '.join(sorted(unknown))}")
    given: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in COLLECTIONS}
    for name, documents in seed.collections.items():
        if name in SINGLE and len(documents) > 1:
            raise DocumentError(f"an environment has only one document of {name}")
        for document in documents:
            values = _with_audit(name, document, now)
            guid = _guid(name, values)
            if guid in given[name]:
                raise DocumentError(f"{name} {guid} is there twice")
            given[name][guid] = values

    def lookup(collection: str, guid: str) -> dict[str, Any] | None:
        return given[collection].get(guid)

    owners = _settings_owners(seed, given)
    rows: list[tuple[str, str, int, float, str | None, bytes]] = []
    # COLLECTIONS lists targets before what repeats them, so a copy of a copy is already filled in.
    for name in COLLECTIONS:
        for guid, values in given[name].items():
            done = complete(name, values, lookup)
            given[name][guid] = done
            owner = owners.get(guid) if name == "invoicesettings" else None
            entry = Entry(len(rows) + 1, guid, _updated(values, now), conform(name, done), owner)
            rows.append(_row(name, entry))
    return rows


def _settings_owners(seed: SeveraSeed, given: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    owners = {settings: invoice for invoice, settings in seed.settings_of_invoice.items()}
    for settings in owners:
        if settings not in given["invoicesettings"]:
            raise DocumentError(f"settings_of_invoice names invoicesettings {settings}, which is not there")
    for settings in given["invoicesettings"]:
        invoice = owners.setdefault(settings, settings)
        if invoice not in given["invoices"]:
            raise DocumentError(f"invoicesettings {settings} belongs to invoices {invoice}, which is not there")
    return owners


def _guid(collection: str, document: Mapping[str, Any]) -> str:
    if collection in SINGLE:
        return collection
    guid = document.get("guid")
    if not isinstance(guid, str) or not guid:
        raise DocumentError(f"{collection}: a document without the field guid")
    return guid


def _with_audit(collection: str, document: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    values = dict(document)
    if "createdDateTime" in fields(COLLECTIONS[collection]) and values.get("createdDateTime") is None:
        values["createdDateTime"] = now
    return values


def _updated(document: Mapping[str, Any], now: datetime) -> float:
    """When the document was last added or changed, in seconds since 1970."""
    moment = document.get("lastUpdatedDateTime") or document.get("createdDateTime") or now
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError as error:
            raise DocumentError(f"{document.get('guid')}: {moment!r} is not a time") from error
    if not isinstance(moment, datetime):
        raise DocumentError(f"{document.get('guid')}: {moment!r} is not a time")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
