"""A month small enough to break at every single write: one new customer with two contacts, one project, one article,
two invoices, and one customer that Administration has already, at another address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from brygga.practice.adk_engine.company import create_company, create_installation
from brygga.practice.administration_base import field_named, records, table_named
from brygga.practice.administration_seed import built_in_administration
from brygga.practice.dataset import PracticeCompany, PracticeParameters, generate
from brygga.practice.severa_server.state import SeveraSeed, SeveraState
from brygga.severa.operations import NEEDED_SCOPES
from brygga.store.database import open_store

CLIENT_ID, CLIENT_SECRET = "fault-client", "fault-secret"
START, END = date(2026, 1, 1), date(2026, 1, 31)
MASTERS = ("severa", "administration")
INVOICES = ("invoice-1", "invoice-2")
NUMBERS = {"severa": (10_101, 10_102), "administration": (9_000_101, 9_000_102)}
"""The invoices' numbers in Severa before the transfer; Administration's own series is far below both."""
NEXT_NUMBER = 501
PART_PAID = "Delbetald"
"""A status that the practice company has not."""
REGISTERS = (
    "organizationdetails",
    "organizationsettings",
    "countries",
    "languages",
    "currencies",
    "pricelists",
    "vatrates",
    "costcenters",
    "salesaccounts",
    "businessunits",
    "invoicestatuses",
    "salesstatustypes",
    "projectstatustypes",
    "communicationtypes",
    "users",
)
"""The collections of Severa that are taken from the practice company as they are."""
RECEIVED = ("1510", "1930", "2611", "2621", "2631", "3004", "3041", "3042", "3043", "3305", "3308", "3590", "3740")
SPENT = ("2440", "2641", "4600")
"""The accounts that the company's codes and settings and the tests name; a run reads the whole chart of three years."""
MADE = {"createdDateTime": "2026-01-02T08:00:00Z"}


@dataclass(frozen=True)
class Template:
    """The folders of both systems before the first transfer, to be copied, and the settings between them."""

    folder: Path
    settings: dict[str, Any]
    transferred_status: str
    """Guid of the status that a transferred invoice gets."""


@cache
def _generated(master: str) -> PracticeCompany:
    """The registers and settings of the built-in practice company."""
    return generate(PracticeParameters(numbering_master=master), built_in_administration())


def build_template(folder: Path, master: str) -> Template:
    """Both systems in ``folder``: ``severa.sqlite``, ``common`` and ``company``, and an empty store."""
    company = _generated(master)
    folder.mkdir(parents=True)
    seed = SeveraSeed(CLIENT_ID, CLIENT_SECRET, NEEDED_SCOPES, _documents(company, master))
    SeveraState.create(folder / "severa.sqlite", seed).close()
    create_installation(folder / "common")
    customers = table_named("CUSTOMER")
    there = {"NUMBER": "2002", "NAME": "Åby Snickeri AB", "MAILING_ADDRESS": "Gamla vägen 1", "CITY": "Åby"}
    tables = {**company.administration_tables, customers.id: records(customers, [there])}
    accounts = table_named("ACCOUNT")
    number = field_named(accounts, "NUMBER").id
    tables[accounts.id] = [account for account in tables[accounts.id] if account[number] in (*RECEIVED, *SPENT)]
    create_company(
        folder / "common",
        folder / "company",
        company.name,
        tables,
        next_invoice_number=NEXT_NUMBER,
    )
    open_store(folder / "store" / "brygga.sqlite").dispose()
    status = next(each["guid"] for each in company.severa["invoicestatuses"] if each["name"] == "Överförd")
    settings = {**company.settings, "customers.won_only": False, "invoices.mark_printed": True}
    return Template(folder, settings, status)


def _documents(company: PracticeCompany, master: str) -> dict[str, list[dict[str, Any]]]:
    registers = {name: company.severa[name] for name in REGISTERS}
    part_paid = {"guid": "status-part-paid", "name": PART_PAID, "hasInvoiceNumber": True, "isSent": True}
    registers["invoicestatuses"] = [*registers["invoicestatuses"], part_paid | MADE]
    people = [("contact-1", "Åsa", "Öberg"), ("contact-2", "Nils", "Ek")]
    return registers | {
        "addresses": [_address("address-1", "Storgatan 1", "Växjö"), _address("address-2", "Nya vägen 2", "Åby")],
        "customers": [
            _customer("customer-1", 2001, "Bygg & Betong i Växjö AB", "address-1"),
            _customer("customer-2", 2002, "Åby Snickeri AB", "address-2"),
        ],
        "contactpersons": [
            {"guid": guid, "firstName": first, "lastName": last, "customer": {"guid": "customer-1"}} | MADE
            for guid, first, last in people
        ],
        "projects": [_project(company)],
        "worktypes": [{"guid": "worktype-1", "name": "Rådgivning", "code": "R-1"} | MADE],
        "invoices": [
            _invoice(company, guid, number, day)
            for guid, number, day in zip(INVOICES, NUMBERS[master], ("2026-01-29", "2026-01-30"), strict=True)
        ],
        "invoicerows": [_row(guid, place) for guid in INVOICES for place in (1, 2)],
    }


def _address(guid: str, line: str, city: str) -> dict[str, Any]:
    return {"guid": guid, "addressline": line, "postalCode": "352 30", "city": city} | MADE


def _customer(guid: str, number: int, name: str, address: str) -> dict[str, Any]:
    return {"guid": guid, "number": number, "name": name, "headquarterAddress": {"guid": address}} | MADE


def _project(company: PracticeCompany) -> dict[str, Any]:
    won = next(each["guid"] for each in company.severa["salesstatustypes"] if each["salesState"] == "Won")
    return {
        "guid": "project-1",
        "name": "Införande",
        "number": 77,
        "customer": {"guid": "customer-1"},
        "salesStatus": {"salesStatusTypeGuid": won},
        "startDate": "2026-01-05",
    } | MADE


def _invoice(company: PracticeCompany, guid: str, number: int, day: str) -> dict[str, Any]:
    waiting = next(each["guid"] for each in company.severa["invoicestatuses"] if each["name"] == "Att överföra")
    krona = next(each["guid"] for each in company.severa["currencies"] if each["code"] == "SEK")
    return {
        "guid": guid,
        "number": number,
        "status": {"guid": waiting},
        "customer": {"guid": "customer-1"},
        "projects": [{"guid": "project-1"}],
        "date": day,
        "dueDate": "2026-03-01",
        "paymentTerm": 30,
        "currency": {"guid": krona},
        "currencyRate": 1,
        "totalExcludingTax": {"amount": 3000, "currencyCode": "SEK"},
        "totalTax": {"amount": 750, "currencyCode": "SEK"},
        "totalIncludingTax": {"amount": 3750, "currencyCode": "SEK"},
    } | MADE


def _row(invoice: str, place: int) -> dict[str, Any]:
    return {
        "guid": f"{invoice}-row-{place}",
        "invoiceGuid": invoice,
        "rowType": "Hours",
        "category": "Hours",
        "description": f"Rådgivning, del {place}",
        "quantity": place,
        "unitPrice": {"amount": 1000, "currencyCode": "SEK"},
        "vatRate": 25,
        "measurementUnit": "h",
        "sortOrder": place,
        "code": ["R-1"],
    } | MADE
