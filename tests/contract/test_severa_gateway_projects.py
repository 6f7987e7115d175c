"""The Severa gateway's projects, and the lists that the rest refers to: articles, statuses, the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from brygga.practice.severa_server import ServerConfig, SeveraSeed
from brygga.records.source import (
    Article,
    ArticleKind,
    InvoiceStatus,
    Organization,
    Project,
)
from tests.contract.severa_connected import connected
from tests.contract.severa_seed import BEGINNING, seed, status

AUDIT = {"createdDateTime": BEGINNING}


def project_register(*more: dict[str, Any]) -> SeveraSeed:
    return seed(
        costcenters=[
            {"guid": "cost-sthlm", "name": "Stockholm", "identifier": "STHLM"} | AUDIT,
            {"guid": "cost-own", "name": "Egen", "identifier": "EGEN"} | AUDIT,
        ],
        businessunits=[
            {"guid": "unit-1", "name": "Sverige", "costCenter": {"guid": "cost-sthlm"}} | AUDIT,
            {"guid": "unit-2", "name": "Tom"} | AUDIT,
        ],
        projects=[
            {
                "guid": "project-42",
                "name": "Drift",
                "number": 42,
                "customer": {"guid": "customer-1001"},
                "businessUnit": {"guid": "unit-1"},
                "costCenter": {"guid": "cost-own"},
                "salesStatus": {"salesStatusTypeGuid": "sales-won"},
                "startDate": "2026-01-15",
                "deadline": "2026-06-30",
                "isClosed": True,
                "createdDateTime": "2026-01-10T23:30:00+01:00",
            },
            {
                "guid": "project-43",
                "name": "Offert",
                "number": 43,
                "customer": {"guid": "customer-1002"},
                "businessUnit": {"guid": "unit-1"},
                "salesStatus": {"salesStatusTypeGuid": "sales-open"},
            }
            | AUDIT,
            {"guid": "project-44", "name": "Intern", "businessUnit": {"guid": "unit-2"}} | AUDIT,
            *more,
        ],
        invoices=[],
        invoicerows=[],
        invoicesettings=[],
        workhours=[],
        flatrates=[],
    )


EXPECTED_PROJECTS = (
    Project(
        key="project-42",
        number="42",
        name="Drift",
        customer_key="customer-1001",
        customer_number="1001",
        created=date(2026, 1, 10),
        start=date(2026, 1, 15),
        deadline=date(2026, 6, 30),
        is_closed=True,
        is_won=True,
        profit_centre="EGEN",
        business_unit_key="unit-1",
    ),
    Project(
        key="project-43",
        number="43",
        name="Offert",
        customer_key="customer-1002",
        customer_number="1002",
        created=date(2026, 1, 1),
        profit_centre="STHLM",
        business_unit_key="unit-1",
    ),
    Project(
        key="project-44",
        number="",
        name="Intern",
        customer_key="",
        customer_number="",
        created=date(2026, 1, 1),
        business_unit_key="unit-2",
    ),
)


def test_projects_are_read_with_profit_centre_and_won(tmp_path: Path) -> None:
    with connected(tmp_path, project_register()) as severa:
        assert severa.gateway.projects() == EXPECTED_PROJECTS
        assert severa.gateway.projects([]) == ()


def test_few_projects_are_read_one_by_one(tmp_path: Path) -> None:
    with connected(tmp_path, project_register()) as severa:
        assert severa.gateway.projects({"project-43", "gone"}) == EXPECTED_PROJECTS[1:2]
        assert "/v1/projects" not in severa.calls()


@pytest.mark.parametrize("lists_unwon", [True, False])
def test_many_projects_are_read_by_key_even_when_the_list_leaves_some_out(tmp_path: Path, lists_unwon: bool) -> None:
    more = [
        {"guid": f"more-{n}", "name": f"P{n}", "salesStatus": {"salesStatusTypeGuid": "sales-won"}} | AUDIT
        for n in range(120)
    ]
    config = ServerConfig(requests_per_second=None, projects_list_unwon=lists_unwon)
    with connected(tmp_path, project_register(*more), config) as severa:
        wanted = {"project-43", *(f"more-{n}" for n in range(0, 120, 2))}
        read = severa.gateway.projects(wanted)
        assert {one.key for one in read} == wanted
        assert severa.calls(path="/v1/projects/") == ([] if lists_unwon else ["/v1/projects/project-43"])


def test_reference_lists_are_asked_once_until_forgotten(tmp_path: Path) -> None:
    with connected(tmp_path, project_register()) as severa:
        gateway = severa.gateway
        gateway.projects()
        gateway.projects(["project-43"])
        asked = len(severa.calls(path="/v1/businessunits"))
        severa.state.edit("costcenters", "cost-sthlm", {"identifier": "NYTT"})
        assert gateway.projects(["project-43"])[0].profit_centre == "STHLM"
        assert len(severa.calls(path="/v1/businessunits")) == asked
        gateway.forget()
        assert gateway.projects(["project-43"])[0].profit_centre == "NYTT"


# Articles, statuses, organisation


def test_articles_come_from_three_registers(tmp_path: Path) -> None:
    given = seed(
        products=[
            {"guid": "p1", "name": "Skruv", "code": " 100 ", "measurementUnit": "st", "isActive": True} | AUDIT,
            {"guid": "p2", "name": "Utgången", "isActive": False} | AUDIT,
            {"guid": "p3", "name": "Okänd"} | AUDIT,
        ],
        worktypes=[{"guid": "w1", "name": "Konsult", "code": "KONS", "isActive": True} | AUDIT],
        travelexpensetypes=[{"guid": "t1", "name": "Mil", "code": "MIL", "measurementUnit": "km"} | AUDIT],
    )
    with connected(tmp_path, given) as severa:
        assert severa.gateway.articles() == (
            Article("p1", ArticleKind.PRODUCT, "100", "Skruv", "st"),
            Article("p2", ArticleKind.PRODUCT, "", "Utgången", is_active=False),
            Article("p3", ArticleKind.PRODUCT, "", "Okänd"),
            Article("w1", ArticleKind.WORK_TYPE, "KONS", "Konsult"),
            Article("t1", ArticleKind.TRAVEL_EXPENSE, "MIL", "Mil", "km"),
        )


FLAGS: Mapping[str, str] = {
    "isActive": "is_active",
    "isDefault": "is_default",
    "isReadOnly": "is_read_only",
    "hasInvoiceNumber": "has_invoice_number",
    "isSent": "is_sent",
    "isWaitingPayment": "is_waiting_payment",
    "isPaid": "is_paid",
}


@pytest.mark.parametrize("flag", FLAGS)
def test_each_flag_of_a_status_is_read(tmp_path: Path, flag: str) -> None:
    others = [status("draft"), status("ready"), status("archived")]
    off = dict.fromkeys(FLAGS, False)
    given = [*others, status("one", **(off | {flag: True}))]
    with connected(tmp_path, seed(invoicestatuses=given)) as severa:
        read = severa.gateway.invoice_statuses()[-1]
        expected = dict.fromkeys(FLAGS.values(), False) | {FLAGS[flag]: True}
        assert read == InvoiceStatus(key="status-one", name="one", **expected)


EURO = {"guid": "currency-eur", "code": "EUR"}


def organisation(**fields: Any) -> list[dict[str, Any]]:
    return [{"guid": "organization", "name": "Exempelkonsult AB"} | fields]


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (
            {"vatNumber": "SE556900456601", "country": {"guid": "country-se"}, "currency": EURO},
            Organization("Exempelkonsult AB", "SE556900456601", "EUR", "organization"),
        ),
        ({"country": {"guid": "country-no"}}, Organization("Exempelkonsult AB", "", "SEK", "organization")),
        ({}, Organization("Exempelkonsult AB", "", "SEK", "organization")),
    ],
)
def test_the_organisation(tmp_path: Path, details: dict[str, Any], expected: Organization) -> None:
    with connected(tmp_path, seed(organizationdetails=organisation(**details))) as severa:
        assert severa.gateway.organization() == expected


# The check of a credential
