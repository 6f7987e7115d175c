"""Both practice systems and a store in one folder, and the program on them: opened anew as often as it dies."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp, Receive, Scope, Send

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.insight.reconciliation import reconcile_company
from brygga.practice.adk_engine import user
from brygga.practice.administration_base import field_named, table_named
from brygga.practice.severa_server import SeveraState
from brygga.practice.severa_server.app import create_app
from brygga.practice.severa_server.config import ServerConfig
from brygga.records.target import System
from brygga.rules.numbering import ocr
from brygga.runs.run import Report, carry_out
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import SeveraClient
from brygga.store.journal.journal import Journal, OperationState
from brygga.store.schema.base import link as links
from brygga.store.schema.base import operation as operations
from brygga.store.settings.types import value_of
from brygga.store.settings.values import SETTINGS
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.company import Company
from brygga.transfers.plan import Transfer
from brygga.transfers.preferences import Preferences, preferences
from brygga.transfers.selection import Selection
from tests.contract.severa_connected import unpaced
from tests.faults.fault_scenario import CLIENT_ID, CLIENT_SECRET, END, INVOICES, NEXT_NUMBER, NUMBERS, START, Template
from tests.faults.mortality import HostInside, Mortality, MortalTransport, mortal_store
from tests.faults.store_engines import onlooker, started_on

COMPANY = "fault"
MONTH = tuple(transfer for transfer in PLANNERS if transfer.target is System.ADMINISTRATION)
INVOICES_ONLY = (Transfer.INVOICES,)
"""The invoices create on the way what they need (semantics §4.7)."""
REGISTERS = tuple(transfer for transfer in MONTH if transfer is not Transfer.INVOICES)
BEGINNING = datetime(2026, 2, 2, 8, tzinfo=UTC)
SETTLED_LATER = timedelta(seconds=121)
"""Longer than the settling time of a lost answer (setting ``severa.settling_seconds``)."""


class Switchboard:
    """One server for many environments, one after the other: starting a server takes longer than a small month."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.url = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the exchange to the environment in use."""
        assert self.app is not None
        await self.app(scope, receive, send)


NOTED = frozenset({"payload_hash", "updated"})
"""What a link says of the record as it was found last."""


class World:
    """One small company in ``folder``, a copy of the template. ``clock`` is the time of the store, moved by hand."""

    def __init__(self, folder: Path, template: Template, master: str, switchboard: Switchboard) -> None:
        self.folder, self.master, self.template = folder / "world", master, template
        shutil.copytree(template.folder, self.folder)
        self.state = SeveraState.open(self.folder / "severa.sqlite")
        switchboard.app = create_app(self.state, ServerConfig(requests_per_second=None))
        self.url = switchboard.url
        self._switchboard = switchboard
        self.store_at: Path | str = self.store_path
        """Where the program keeps its store: a file, or the URL of another database."""
        self.clock = BEGINNING

    def become(self, left_behind: Path) -> None:
        """Go on, in the same place, with the files that a program left behind when it died."""
        self.state.close()
        shutil.rmtree(self.folder)
        shutil.copytree(left_behind, self.folder)
        self.state = SeveraState.open(self.folder / "severa.sqlite")
        self._switchboard.app = create_app(self.state, ServerConfig(requests_per_second=None))

    @property
    def store_path(self) -> Path:
        """The store's file."""
        return self.folder / "store" / "brygga.sqlite"

    @property
    def preferences(self) -> Preferences:
        """The company's choices."""
        given = {"numbering.master": self.master, **self.template.settings}
        return preferences(lambda key: _setting(key, given))

    def now(self) -> datetime:
        """The moment, by the clock of the test."""
        return self.clock

    def close(self) -> None:
        """Let go of the practice Severa."""
        self.state.close()

    # -- the program ---------------------------------------------------------------------------------------------
    @contextmanager
    def program(self, mortality: Mortality | None = None, host: HostProcess | None = None) -> Iterator[Company]:
        """The program started: new connections to the store and both systems, closed however it ends.

        ``host``: a real host process instead of the host's code in this process.
        """
        mortality = mortality or Mortality()
        connection = SeveraConnection(self.url, CLIENT_ID, CLIENT_SECRET)
        network = MortalTransport(mortality, lambda: self.state.faults)
        client = SeveraClient(connection, transport=network, pacing=unpaced())
        with (
            mortal_store(started_on(self.store_at), mortality) as engine,
            client,
            host or HostInside(mortality) as running,
        ):
            yield Company(
                name=COMPANY,
                severa=SeveraGateway(client),
                administration=AdministrationGateway(
                    running, str(self.folder / "common"), str(self.folder / "company")
                ),
                journal=Journal(engine, "environment", COMPANY, clock=self.now),
                preferences=self.preferences,
            )

    def transfer(self, company: Company, transfer: Transfer) -> Report:
        """One transfer of all that is to be transferred, as ``brygga transfer`` does it."""
        selection = Selection(start=START, end=END) if transfer is Transfer.INVOICES else Selection()
        return carry_out(company, transfer, selection, lock_folder=self.folder / "locks", version="1", settings="s")

    def run(
        self, transfers: tuple[Transfer, ...], mortality: Mortality | None = None, host: HostProcess | None = None
    ) -> list[Report]:
        """Start the program and carry the transfers out, in order."""
        with self.program(mortality, host) as company:
            return [self.transfer(company, transfer) for transfer in transfers]

    # -- what became of it ---------------------------------------------------------------------------------------
    def records(self, table: str, *fields: str) -> list[tuple[Any, ...]]:
        """The records of an Administration table as the program's user would see them, past all our own code."""
        known = table_named(table)
        ids = [field_named(known, name).id for name in fields]
        return [tuple(each[number] for number in ids) for each in user.read(self.folder / "company", known.id)]

    def invoice_keys(self) -> Counter[str]:
        """How many documents in Administration carry each Severa key."""
        return Counter(remark.split(" ", 1)[0] for (remark,) in self.records("INVOICE_HEAD", "LOCAL_REMARK"))

    def kept(self, *, noted: bool = True) -> tuple[list[Any], list[Any]]:
        """The journal's operations and links, whole; the links without what they note of the record when not asked."""
        columns = [column for column in links.c if noted or column.name not in NOTED]
        with self.store() as connection:
            kept = [
                [tuple(row) for row in connection.execute(query)]
                for query in (sa.select(operations), sa.select(*columns))
            ]
        return kept[0], kept[1]

    def unfinished(self) -> bool:
        """Whether something that follows a document is outstanding, or a write is not known to have been done."""
        return bool({OperationState.LINKED, OperationState.INTENDED} & set(self.operation_states()))

    def operation_states(self) -> Counter[OperationState]:
        """How many operations of the journal are in each state."""
        with self.store() as connection:
            return Counter(connection.execute(sa.select(operations.c.state)).scalars())

    @contextmanager
    def store(self) -> Iterator[sa.Connection]:
        """A look into the store."""
        with onlooker(self.store_at).connect() as connection:
            yield connection

    def assert_registers(self, transfers: tuple[Transfer, ...]) -> None:
        """Every customer, contact, project and article is there exactly once, and what differed was written."""
        address = "Nya vägen 2" if Transfer.CUSTOMERS in transfers else "Gamla vägen 1"
        assert self.records("CUSTOMER", "NUMBER", "MAILING_ADDRESS") == [("2001", "Storgatan 1"), ("2002", address)]
        contacts = sorted(self.records("CONTACT", "CUSTOMER_NUMBER", "NAME"))
        expected = [("2001", "Nils Ek"), ("2001", "Åsa Öberg")] if Transfer.CUSTOMERS in transfers else []
        assert contacts == expected
        assert self.records("PROJECT", "CODE_OF_PROJECT") == [("77",)]
        assert self.records("ARTICLE", "NUMBER") == [("R-1",)]

    def assert_documents(self) -> None:
        """Exactly one printed document for each invoice, and Severa knows of it."""
        heads = self.records("INVOICE_HEAD", "LOCAL_REMARK", "DOCUMENT_NUMBER", "DOCUMENT_PRINTED")
        found = {remark.split(" ", 1)[0]: (int(number), printed) for remark, number, printed in heads}
        numbers = NUMBERS["severa"] if self.master == "severa" else (NEXT_NUMBER, NEXT_NUMBER + 1)
        expected = {f"SEVERA:{key}": (number, True) for key, number in zip(INVOICES, numbers, strict=True)}
        assert (len(heads), found) == (len(INVOICES), expected)
        for key, number in zip(INVOICES, numbers, strict=True):
            document = self.state.document("invoices", key)
            assert document is not None
            reference = ocr(number) if self.master == "administration" else None
            written = (document["number"], document.get("referenceNumber"), document["status"]["guid"])
            assert written == (number, reference, self.template.transferred_status)

    def assert_done(self, transfers: tuple[Transfer, ...]) -> None:
        """Everything is transferred exactly once, the journal has nothing open, and the reconciliation agrees."""
        self.assert_registers(transfers)
        if Transfer.INVOICES in transfers:
            self.assert_documents()
        # "Released" is a write that is known not to be owed any more: it was looked for, or made good by another plan.
        assert set(self.operation_states()) <= {OperationState.DONE, OperationState.RELEASED}
        with self.program() as company:
            assert company.journal.unsettled() == company.journal.unfinished_write_backs() == ()
            assert reconcile_company(company, START, END).agrees is (Transfer.INVOICES in transfers)

    def assert_nothing_left_to_write(self, transfers: tuple[Transfer, ...]) -> None:
        """One run more reaches neither system and changes neither operations nor links, but for what a link notes of
        a customer that was found the same (semantics §4.13, Calls)."""
        before = self.kept(noted=False)
        mortality = Mortality()
        self.run(transfers, mortality)
        assert mortality.outside == []
        assert self.kept(noted=False) == before


def emptied(url: str) -> str:
    """The PostgreSQL database of the URL as one that nobody has used."""
    engine = sa.create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return url


def _setting(key: str, given: dict[str, Any]) -> Any:
    setting = next(each for each in SETTINGS if each.key == key)
    return value_of(setting, given[key]) if key in given else setting.default
