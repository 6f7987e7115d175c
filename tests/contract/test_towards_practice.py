"""The practice company of the transfers to Severa at both boundaries: read through one, written through the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import stamina

from brygga.administration.gateway import AdministrationGateway
from brygga.administration.host_process import HostProcess
from brygga.practice.adk_engine.company import create_company, create_installation
from brygga.practice.build import CLIENT_ID, CLIENT_SECRET, PracticeInstallation, build
from brygga.practice.dataset import PracticeCompany, PracticeParameters
from brygga.practice.dataset.towards_payments import Paying, PaymentPlan
from brygga.practice.oracle_documents import SeveraDocuments
from brygga.practice.oracle_towards import compare_fees, fees_oracle
from brygga.practice.payments_of_month import enter_customer_changes, enter_payments
from brygga.practice.severa_server import SeveraState, running_server
from brygga.records.reasons import Refused
from brygga.records.severa_cards import ProjectFee
from brygga.rules.supplier_costs import BlockList, cost_of, price_of, project_of, row_text
from brygga.severa.connection import SeveraConnection
from brygga.severa.gateway import SeveraGateway
from brygga.severa.http import SeveraClient
from tests.contract.administration_practice import ENGINE, document
from tests.contract.severa_connected import NO_QUOTA, unpaced
from tests.contract.severa_contract import CheckedApp, checked

D = Decimal


@dataclass
class World:
    """A built practice company, with a gateway to each side."""

    installation: PracticeInstallation
    company: PracticeCompany
    state: SeveraState
    severa: SeveraGateway
    administration: AdministrationGateway

    def documents(self) -> SeveraDocuments:
        """What Severa holds now."""
        now = {name: self.state.documents(name) for name in [*self.company.severa, "projectfees"]}
        return SeveraDocuments(now, self.company.settings)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    installation = build(tmp_path, parameters=PracticeParameters(towards_severa=True))
    state = SeveraState.open(installation.severa_data_path)
    apps: list[CheckedApp] = []

    def wrap(app: object) -> CheckedApp:
        apps.append(checked(app))  # type: ignore[arg-type]
        return apps[0]

    with (
        stamina.set_testing(True),
        running_server(state, NO_QUOTA, wrap=wrap) as url,
        SeveraClient(SeveraConnection(url, CLIENT_ID, CLIENT_SECRET), pacing=unpaced()) as client,
        HostProcess(ENGINE) as host,
    ):
        administration = AdministrationGateway(host, str(installation.common_path), str(installation.company_path))
        yield World(installation, installation.company(), state, SeveraGateway(client), administration)
    assert apps[0].violations == []
    state.close()


def test_the_months_supplier_invoices_become_the_oracles_fees(world: World) -> None:
    """Read, costed by the rules, written: what Severa holds then is what the oracle worked out from the records."""
    settings = world.company.settings
    ranges, code_map = settings["supplier_invoices.blocked_accounts"], settings["projects.code_map"]
    assert isinstance(ranges, list)
    assert isinstance(code_map, dict)
    blocked, couple = BlockList(ranges), {code: number for number, code in code_map.items()}
    invoices = world.administration.supplier_invoices()
    codes = {couple.get(code, code) for i in invoices for row in i.rows if (code := project_of(i, row))}
    projects = {each.number: each for each in world.severa.projects_numbered(codes)}
    closed = 0
    for invoice in invoices:
        for row in invoice.rows:
            code = project_of(invoice, row)
            project = projects.get(couple.get(code, code))
            cost = cost_of(invoice, row)
            if invoice.cancelled or row.generated or row.account in blocked or project is None or not cost:
                continue
            text = row_text(invoice, row)
            fee = ProjectFee(
                project_key=project.key,
                project_number=project.number,
                description=f"{text} (LF {invoice.serial}:{row.ordinal})",
                name=text,
                unit_cost=cost,
                unit_price=price_of(cost, "percent", D(115)),
                currency="SEK",
                event_date=invoice.date,
                billable=True,
                product_type="Subcontracting",
            )
            if project.is_closed:
                with pytest.raises(Refused) as caught:
                    world.severa.create(fee)
                assert caught.value.reason.code == "PRJ-202"
                closed += 1
            else:
                assert world.severa.create(fee).warnings == ()
    oracle = fees_oracle(world.company.administration_tables, world.documents(), settings)
    assert compare_fees(oracle, world.state.documents("projectfees")) == []
    assert closed == 1
    assert len(oracle.fees) > 30
    key = next(iter(oracle.fees.values())).project
    own = [fee for fee in world.severa.project_fees(key) if "(LF " in fee.description]
    assert sum((fee.unit_cost for fee in own), D(0)) == oracle.cost_of(key)


def test_supplier_invoices_of_the_month_by_day_and_by_change(world: World) -> None:
    month = world.company.month
    every = world.administration.supplier_invoices()
    within = world.administration.supplier_invoices(start=month, end=date(month.year, month.month, 28))
    assert {each.serial for each in within} < {each.serial for each in every}
    late = world.administration.supplier_invoices(changed_since=datetime(month.year, month.month + 1, 4).astimezone())
    assert [each.date < date(month.year, month.month + 1, 1) for each in late] == [True]


def test_payments_are_entered_as_planned(world: World) -> None:
    plans = [
        PaymentPlan(f"guid-{place}", paying, days, tuple(datetime(2099, 3, day.day, 11) for day in days))
        for place, (paying, days) in enumerate(
            [
                (Paying.TWICE, (date(2026, 3, 1), date(2026, 3, 10))),
                (Paying.REVERSED, (date(2026, 3, 2),)),
                (Paying.UNDER, (date(2026, 3, 3),)),
                (Paying.OVERPAID, (date(2026, 3, 4),)),
            ]
        )
    ]
    folder = world.installation.folder / "prov"
    create_installation(folder / "gemensamt")
    tables = dict(world.company.administration_tables)
    create_company(folder / "gemensamt", folder / "foretag", "Prov AB", tables, next_invoice_number=10457)
    with HostProcess(ENGINE) as host:
        gateway = AdministrationGateway(host, str(folder / "gemensamt"), str(folder / "foretag"))
        for plan in plans:
            card = document(customer_number="8001", remark=f"SEVERA:{plan.guid} anteckning")
            row = card.rows[0].__class__(quantity=D(1), price=D(1000), vat_code="1", text="Arbete")
            gateway.create(
                card.__class__(**{
                    **{name: getattr(card, name) for name in card.__struct_fields__},
                    "rows": (row,), "net": D(1000), "vat": D(250), "total": D(1250),
                })
            )  # fmt: skip
        paid = enter_payments(folder / "foretag", plans)
        assert list(paid) == ["guid-0", "guid-1", "guid-2", "guid-3"]
        ledger = [gateway.ledger_invoice(number) for number in paid.values()]
        assert [(each.balance, each.last_payment) for each in ledger if each is not None] == [
            (D(0), date(2026, 3, 10)),
            (D(1250), None),
            (D("0.50"), date(2026, 3, 3)),
            (D(-250), date(2026, 3, 4)),
        ]


def test_changes_of_a_customer_are_found_by_their_time(world: World) -> None:
    assert world.company.towards is not None
    own = {"8001", "8002", "8003", "8004", "8005", "8006", "8007", "K100", "0099"}
    month = world.company.month
    assert world.administration.changed_customers(datetime(month.year, month.month, 2).astimezone()) == own
    with pytest.raises(KeyError):
        enter_customer_changes(world.installation.company_path, world.company.towards.customer_changes)
