"""The practice month of the transfers towards Severa, through everything, compared with their oracle."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from brygga.insight.reconciliation_towards import reconcile_towards
from brygga.practice.dataset import PracticeParameters
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
from brygga.store.states import RowState
from brygga.transfers.catalogue import PLANNERS
from brygga.transfers.plan import Transfer
from tests.end_to_end.support import COMPANY, World, brygga, practice_world

PARAMETERS = PracticeParameters(towards_severa=True)


def documents(world: World) -> SeveraDocuments:
    """What Severa holds now."""
    company = world.installation.company()
    now = {name: world.state.documents(name) for name in [*company.severa, "projectfees"]}
    return SeveraDocuments(now, company.settings)


def test_all_seven_agree_with_the_oracle_and_a_second_round_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with practice_world(tmp_path, parameters=PARAMETERS) as world:
        company = world.installation.company()
        assert company.towards is not None
        world.transfer_everything()
        cards = customers_oracle(company.administration_tables, company.settings, company.severa["customers"])
        # A customer that Administration gave to Severa and one that came the other way are both linked already.
        new = world.transfer(Transfer.CUSTOMERS_TO_SEVERA)
        refused = {result.plan.source_key for result in new.results if result.state is RowState.FAILED}
        assert refused <= {number for number, why in cards.refused.items() if why != "inactive"}
        enter_payments(world.installation.company_path, company.towards.payments)
        enter_customer_changes(world.installation.company_path, company.towards.customer_changes)
        for transfer in (Transfer.CUSTOMERS_TO_SEVERA, Transfer.SUPPLIER_INVOICES, Transfer.PAYMENTS):
            world.transfer(transfer)
        held = documents(world)
        assert compare_customers(changes_oracle(company.towards.customer_changes), held) == []
        fees = fees_oracle(company.administration_tables, documents(world), company.settings)
        assert fees.fees
        assert compare_fees(fees, held.of["projectfees"].values()) == []
        assert compare_payments(payments_oracle(company.towards.payments, {}, company.settings), held) == []
        month = world.installation.month
        with world.app.company(COMPANY, read_only=True) as opened:
            found = reconcile_towards(opened, month, month + timedelta(days=200))
        assert found.agrees
        assert found.costs.administration == len(fees.fees)
        # What a bookkeeper emptied wipes nothing in Severa, so it comes back from there, once (§4.1a).
        emptied = [each for each in company.towards.customer_changes if not any(each.fields.values())]
        assert world.transfer(Transfer.CUSTOMERS).written == len(emptied)
        changed = world.writes()
        assert [world.transfer(transfer).written for transfer in PLANNERS] == [0] * len(PLANNERS)
        assert world.writes() == changed
        monkeypatch.setenv("BRYGGA_STORE", str(world.app.store_path))
        a_deleted_cost_is_named_and_sent_again_when_a_person_says_so(world)


def a_deleted_cost_is_named_and_sent_again_when_a_person_says_so(world: World) -> None:
    fee = next(each for each in world.state.documents("projectfees") if "(LF " in str(each["description"]))
    world.state.delete("projectfees", fee["guid"])
    month = world.installation.month
    period = ("--from", f"{month}", "--to", f"{month + timedelta(days=200)}")
    [named] = brygga("reconcile", *period, "--json").json["towards_severa"]["differences"]
    assert (named["what"], [why["code"] for why in named["reasons"]]) == ("missing", ["KOR-891"])
    assert "(KOR-891)" in brygga("reconcile", *period).out
    assert "(KOR-890)" in brygga("takeover", "--yes").out
    shown = brygga("doubt", "show", named["record"]).out
    assert "Projektet i Severa har ingen kostnad som kan vara den." in shown
    assert "Administration" not in shown
    assert brygga("doubt", "send", named["record"], "--yes", "--json").json["state"] == "transferred"
    assert brygga("reconcile", *period, "--json").json["towards_severa"]["differences"] == []
