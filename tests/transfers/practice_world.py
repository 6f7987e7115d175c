"""A small world for the acceptance examples: both simulators, the real gateways, a store, and words to arrange it all.

One Severa server serves all tests of a process over loopback HTTP; every test gets an environment, a company folder and
a store of its own. Every exchange is held to Severa's contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import stamina
from sqlalchemy import Engine

from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine import user
from brygga.practice.severa_server import SeveraSeed, SeveraState
from brygga.practice.severa_server.app import create_app
from brygga.runs.run import Report, Watcher, carry_out, preview
from brygga.runs.takeover import Prospect, take_over
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import ATTEMPTS, SeveraClient
from brygga.store.database import open_store
from brygga.store.history import Run
from brygga.store.journal.journal import Journal
from brygga.store.settings.registry import SETTINGS
from brygga.transfers.company import Company
from brygga.transfers.plan import Plan, Transfer
from brygga.transfers.preferences import preferences
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.contract.adk_company import (
    COUNTRY_CODE,
    INVOICE_HEAD,
    INVOICE_ROW,
    Place,
    build_place,
    default_tables,
    field_id,
)
from tests.contract.adk_company import seed as adk_seed
from tests.contract.administration_practice import gateway_to
from tests.contract.severa_connected import NO_QUOTA, connection, unpaced
from tests.contract.severa_contract import CheckedApp, checked
from tests.contract.severa_seed import CLIENT_ID, CLIENT_SECRET, SCOPES
from tests.shared import contract
from tests.transfers.practice_places import AUDIT, InProcessHost, registers, shared_server

READY, TRANSFERRED, DRAFT = "status-ready", "status-transferred", "status-draft"
ROWS_FIELD = 103
VERSION, SETTINGS_HASH = "1.0", "settings"
SETTINGS_OF_THE_COMPANY: dict[str, Any] = {setting.key: setting.default for setting in SETTINGS} | {
    "numbering.master": "severa",
    "invoices.statuses": ("Att överföra",),
    "invoices.status_after": "Överförd",
    "payments.status_paid": "Betald",
    "payments.status_part_paid": "Delbetald",
    "invoices.project_on": "both",
    "invoices.round_to_kronor": True,
    "articles.group": "KONS",
    "articles.accounting_code": "TJ25",
    "mappings.units": {"h": "tim", "st": "st"},
    "mappings.vat": {"25": "1", "12": "2", "6": "3", "0": "0"},
    "mappings.payment_terms": {"30": "30", "10": "10"},
    "mappings.languages": {"sv-SE": "SV", "en-GB": "EN"},
}


@dataclass(frozen=True)
class Row:
    """An invoice row of Severa; ``more`` are wire fields."""

    quantity: str = "10"
    price: str = "1250"
    rate: str | None = "25"
    text: str = "Konsulttid"
    unit: str | None = "h"
    codes: tuple[str, ...] = ("100",)
    project: str = ""
    """The project that an hour behind the row belongs to; needed on invoices of several projects only."""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        """Quantity times price in öre, half up."""
        return rounded(Decimal(self.quantity) * Decimal(self.price))


def rounded(amount: Decimal) -> Decimal:
    """To öre, half up on the absolute value."""
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def document_totals(rows: Iterable[Row]) -> tuple[Decimal, Decimal]:
    """Net and VAT as Severa shows them: VAT per rate on the document."""
    nets: dict[Decimal, Decimal] = {}
    for row in rows:
        rate = Decimal(row.rate or 0)
        nets[rate] = nets.get(rate, Decimal(0)) + row.net
    vat = sum((rounded(net * rate / 100) for rate, net in nets.items()), Decimal(0))
    return sum(nets.values(), Decimal(0)), vat


def money(amount: Decimal | str, currency: str = "SEK") -> dict[str, Any]:
    """An amount on the wire."""
    return {"amount": Decimal(amount), "currencyCode": currency}


@dataclass
class World:
    """One company coupled to one Severa environment."""

    folder: Path
    severa: SeveraState
    client: SeveraClient
    reader: SeveraClient
    place: Place
    host: InProcessHost
    reading_host: InProcessHost
    store: Engine
    settings: dict[str, Any]

    # -- arranging Severa ------------------------------------------------------------------------------------
    def customer(
        self, number: int | None, name: str = "", address: Mapping[str, Any] | None = None, **more: Any
    ) -> str:
        """A customer with a headquarter address (in Stockholm, without country unless ``address`` says more)."""
        key = more.pop("guid", f"customer-{number}")
        self.severa.add("customers", {"guid": key, "name": name or f"Kund {number}", "number": number} | AUDIT | more)
        if address is not None:
            place = {"guid": f"address-{key}", "customer": {"guid": key}} | AUDIT
            self.severa.add("addresses", place | dict(address))
            self.severa.edit("customers", key, {"headquarterAddress": {"guid": place["guid"]}})
        return str(key)

    def reverse_charge(self, customer: str) -> None:
        """Switch reverse charge on for the customer."""
        row = {"guid": f"tax-{customer}", "customer": {"guid": customer}, "country": {"guid": "country-se"}}
        self.severa.add("customercountrysettings", row | {"isTaxFree": True})

    def contact(self, customer: str, first: str, last: str, ways: Mapping[str, str] | None = None, **more: Any) -> str:
        """A contact person; ``ways`` are values by type (Phone, MobilePhone, EmailAddress)."""
        key = f"contact-{first}-{last}"
        person = {"guid": key, "firstName": first, "lastName": last, "customer": {"guid": customer}}
        self.severa.add("contactpersons", person | AUDIT | more)
        for kind, value in (ways or {}).items():
            way = {"guid": f"{key}-{kind}", "value": value, "contact": {"guid": key}}
            self.severa.add("contactcommunications", way | AUDIT | {"communicationType": {"guid": f"way-{kind}"}})
        return key

    def project(self, number: int | None, name: str = "", customer: str = "customer-1001", **more: Any) -> str:
        """A won project."""
        key = more.pop("guid", f"project-{number}")
        document = {"guid": key, "number": number, "name": name or f"Projekt {number}", "customer": {"guid": customer}}
        won = {"salesStatus": {"salesStatusTypeGuid": "sales-won"}}
        self.severa.add("projects", document | AUDIT | won | more)
        return str(key)

    def article(self, code: str | None, name: str, register: str = "worktypes", **more: Any) -> str:
        """A work type, or an article of another register."""
        key = more.pop("guid", f"{register}-{code}-{name}")
        self.severa.add(register, {"guid": key, "code": code, "name": name} | AUDIT | more)
        return str(key)

    def invoice(self, number: int | None, *rows: Row, vat: Decimal | None = None, **more: Any) -> str:
        """An invoice of customer 1001 that waits for transfer, with totals as its rows make them."""
        key = more.pop("guid", f"invoice-{number}")
        reverse_charged = more.pop("reverse_charged", False)
        rows = rows or (Row(),)
        net, computed = document_totals(rows)
        vat = computed if vat is None else vat
        head = {
            "guid": key,
            "number": number,
            "referenceNumber": None,
            "status": {"guid": READY},
            "customer": {"guid": "customer-1001"},
            "date": "2026-01-31",
            "dueDate": "2026-03-02",
            "paymentTerm": 30,
            "currency": {"guid": "currency-sek"},
            "currencyRate": 1,
            "totalExcludingTax": money(net),
            "totalTax": money(vat),
            "totalIncludingTax": money(net + vat),
        }
        with self.severa.transaction() as change:
            change.insert("invoices", head | AUDIT | more)
            change.insert("invoicesettings", {"guid": key, "isReverseCharged": reverse_charged} | AUDIT, owner=key)
        for place, row in enumerate(rows, start=1):
            self._row(str(key), place, row)
        return str(key)

    def _row(self, invoice: str, place: int, row: Row) -> None:
        key = f"row-{invoice}-{place}"
        document = {
            "guid": key,
            "invoiceGuid": invoice,
            "rowType": "Hours",
            "category": "Hours",
            "description": row.text,
            "quantity": Decimal(row.quantity),
            "unitPrice": money(row.price),
            "measurementUnit": row.unit,
            "vatRate": None if row.rate is None else Decimal(row.rate),
            "code": list(row.codes),
            "sortOrder": place,
        }
        self.severa.add("invoicerows", document | AUDIT | dict(row.more))
        if row.project:
            hour = {"guid": f"hour-{key}", "eventDate": "2026-01-15", "invoice": {"guid": invoice}}
            behind = {"invoiceRowGuid": key, "project": {"guid": row.project}}
            self.severa.add("workhours", hour | behind | AUDIT)

    # -- carrying out ----------------------------------------------------------------------------------------
    def company(self, *, read_only: bool = False, host: HostProcess | None = None) -> Company:
        """The company as the transfers see it, with nothing kept of what was read before."""
        host = host or (self.reading_host if read_only else self.host)
        return Company(
            name="alfa",
            severa=SeveraGateway(self.reader if read_only else self.client),
            administration=gateway_to(self.place, host),
            journal=Journal(self.store, "organization", "alfa"),
            preferences=preferences(self.settings.__getitem__),
        )

    def preview(self, transfer: Transfer, **choice: Any) -> dict[str, Plan]:
        """The plans by Severa key, through read-only gateways."""
        plans = preview(self.company(read_only=True), transfer, Selection(**choice))
        return {plan.source_key: plan for plan in plans}

    def run(
        self,
        transfer: Transfer,
        *,
        expected: Mapping[str, str] | None = None,
        watcher: Watcher | None = None,
        host: HostProcess | None = None,
        **choice: Any,
    ) -> Report:
        """Carry the transfer out."""
        return carry_out(
            self.company(host=host),
            transfer,
            Selection(**choice),
            lock_folder=self.folder / "locks",
            version=VERSION,
            settings=SETTINGS_HASH,
            expected=expected,
            watcher=watcher,
        )

    def take_over(self) -> tuple[Run, Prospect]:
        """A person lets this store write to the company."""
        return take_over(self.company(), lock_folder=self.folder / "locks", version=VERSION, settings=SETTINGS_HASH)

    def result(self, transfer: Transfer, key: str, **choice: Any) -> Result:
        """The outcome of one record of a run."""
        return next(result for result in self.run(transfer, **choice).results if result.plan.source_key == key)

    # -- looking ---------------------------------------------------------------------------------------------
    @property
    def writes(self) -> tuple[int, int]:
        """Writes so far, to Severa and to Administration."""
        return len(self.severa_writes), self.host.writes + self.reading_host.writes

    @property
    def severa_writes(self) -> list[tuple[str, Any]]:
        """Path and body of each change that Severa was asked for."""
        asked = (one for one in self.severa.requests if one.method != "GET" and one.path != "/v1/token")
        return [(one.path, one.body) for one in asked]

    def books(self, table: int, key: str) -> dict[str, dict[str, Any]]:
        """What Administration holds, by the key field, with field names; read without the port."""
        records = [_named(table, record) for record in user.read(self.place.company, table)]
        return {str(record[key]): record for record in records}

    def head(self, number: int) -> dict[str, Any]:
        """One invoice of Administration with its rows under ROWS."""
        return self.books(INVOICE_HEAD, "DOCUMENT_NUMBER")[str(number)]

    def numbers(self) -> list[int]:
        """The numbers of all invoices in Administration."""
        return sorted(int(number) for number in self.books(INVOICE_HEAD, "DOCUMENT_NUMBER"))

    def change_books(self, table: int, key: Any, **values: Any) -> None:
        """What a user does inside Administration."""
        user.change(self.place.company, table, key, {field_id(table, name): value for name, value in values.items()})


@cache
def _field_names(table: int) -> dict[int, str]:
    for facts in contract("adk_fields.json").values():
        if facts["db_id"] == table:
            return {each["id"]: each["name"].removeprefix(facts["field_prefix"]) for each in facts["fields"]}
    raise KeyError(table)


def _named(table: int, record: Mapping[int, Any]) -> dict[str, Any]:
    named = {_field_names(table)[number]: value for number, value in record.items() if number != ROWS_FIELD}
    if ROWS_FIELD in record:
        named["ROWS"] = [_named(INVOICE_ROW, row) for row in record[ROWS_FIELD]]
    return named


def texts_of(head: Mapping[str, Any]) -> list[str]:
    """The texts of the rows of a document."""
    return [row["TEXT"] for row in head["ROWS"]]


def codes(of: Plan | Result) -> list[str]:
    """The codes of the reasons, in order."""
    return [why.code for why in of.reasons]


def day(text: str) -> date:
    """A day as ``yyyy-MM-dd``."""
    return date.fromisoformat(text)


@contextmanager
def practice_world(folder: Path, *, places: Mapping[str, Any] | None = None, **settings: Any) -> Iterator[World]:
    """A fresh world; ``section__name=value`` sets a setting, ``places`` are options of ``build_place``.

    At the end every exchange with Severa must have kept to the contract.
    """
    switch, url = shared_server()
    state = SeveraState.create(folder / "severa.sqlite", SeveraSeed(CLIENT_ID, CLIENT_SECRET, SCOPES, registers()))
    contract_kept: CheckedApp = checked(create_app(state, NO_QUOTA))
    switch.current = contract_kept
    values = SETTINGS_OF_THE_COMPANY | {name.replace("__", "."): value for name, value in settings.items()}
    with ExitStack() as stack:
        stack.callback(state.close)
        stack.enter_context(stamina.set_testing(True, attempts=ATTEMPTS))
        client = stack.enter_context(SeveraClient(connection(url), pacing=unpaced()))
        reader = stack.enter_context(SeveraClient(connection(url), pacing=unpaced(), read_only=True))
        host, reading_host = InProcessHost(), InProcessHost(read_only=True)
        stack.callback(host.close)
        stack.callback(reading_host.close)
        store = open_store(folder / "store.sqlite")
        stack.callback(store.dispose)
        country_codes = default_tables()[COUNTRY_CODE] + adk_seed(COUNTRY_CODE, {"CODE": "US", "COUNTRY": "USA"})
        place = build_place(folder, **({"tables": {COUNTRY_CODE: country_codes}} | dict(places or {})))
        yield World(folder, state, client, reader, place, host, reading_host, store, values)
    assert contract_kept.violations == []
