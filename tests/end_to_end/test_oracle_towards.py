"""The practice month to Administration and back to Severa, compared field by field with the oracle of that way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from brygga.practice.administration_base import field_named, table_named
from brygga.practice.oracle_documents import SeveraDocuments
from brygga.practice.oracle_towards import (
    changes_oracle,
    compare_customers,
    compare_fees,
    compare_payments,
    customers_oracle,
    fees_oracle,
    payments_oracle,
)
from brygga.practice.payments_of_month import enter_customer_changes, enter_payments
from brygga.transfers.plan import Transfer
from brygga.transfers.selection import Selection
from tests.end_to_end.support import SMALL, World, practice_world

TO_ADMINISTRATION = (Transfer.CUSTOMERS, Transfer.PROJECTS, Transfer.ARTICLES, Transfer.INVOICES)
TO_SEVERA = {
    Transfer.CUSTOMERS_TO_SEVERA: Selection(on_conflict="update"),
    Transfer.SUPPLIER_INVOICES: Selection(),
    Transfer.PAYMENTS: Selection(),
}


def held(world: World) -> SeveraDocuments:
    """What Severa holds now."""
    names = [*world.installation.company().severa, "projectfees", "customercountrysettings"]
    return SeveraDocuments({name: world.state.documents(name) for name in names}, world.installation.company().settings)


def rates(world: World, paid: dict[str, int]) -> dict[str, Decimal]:
    """SEK per unit of the currency of each paid invoice, by Severa guid, as Administration has it."""
    head = table_named("INVOICE_HEAD")
    number, rate, unit = (field_named(head, name).id for name in ("DOCUMENT_NUMBER", "CURRENCY_RATE", "CURRENCY_UNIT"))
    of = {int(each[number]): Decimal(each[rate]) / Decimal(each[unit]) for each in world.administration(head.id)}
    return {guid: of[document] for guid, document in paid.items()}


@pytest.mark.parametrize("ordinary_only", [True, False], ids=["ordinary", "edge pack"])
def test_what_administration_has_for_severa_gets_there_once(tmp_path: Path, ordinary_only: bool) -> None:
    parameters = replace(SMALL, towards_severa=True, ordinary_only=ordinary_only)
    with practice_world(tmp_path, parameters=parameters) as world:
        for transfer in TO_ADMINISTRATION:
            world.transfer(transfer)
        company = world.installation.company()
        towards, tables, settings = company.towards, company.administration_tables, company.settings
        assert towards is not None
        paid = enter_payments(world.installation.company_path, towards.payments)
        assert len(paid) == len(towards.payments)
        enter_customer_changes(world.installation.company_path, towards.customer_changes)
        for transfer, selection in TO_SEVERA.items():
            world.transfer(transfer, selection)
        now = held(world)
        fees = fees_oracle(tables, now, settings)
        assert len(fees.fees) > 30
        assert compare_fees(fees, now.of["projectfees"].values()) == []
        assert compare_payments(payments_oracle(towards.payments, rates(world, paid), settings), now) == []
        assert compare_customers(customers_oracle(tables, settings, company.severa["customers"]), now) == []
        assert compare_customers(changes_oracle(towards.customer_changes), now) == []
        before = len(world.state.documents("projectfees")), world.writes()
        for transfer, selection in TO_SEVERA.items():
            world.transfer(transfer, selection)
        assert (len(world.state.documents("projectfees")), world.writes()) == before
