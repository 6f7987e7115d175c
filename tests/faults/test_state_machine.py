"""Everything that can happen to a company, in any order: two simulators, our store, people, crashes and backups."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from brygga.messages import MESSAGES
from brygga.practice.severa_server.faults import FaultKind
from brygga.runs.run import Report
from brygga.store.audit_chain import verify
from brygga.store.database import open_store
from brygga.store.journal import OperationState
from brygga.store.schema import link as links
from brygga.store.schema import operation as operations
from brygga.store.schema import outcome as outcomes
from brygga.store.schema_writer import writer as writers
from brygga.store.states import RowState
from brygga.transfers.engine import TOGETHER
from brygga.transfers.plan import Transfer
from tests.faults.fault_scenario import MASTERS, Template
from tests.faults.fault_world import COMPANY, SETTLED_LATER, Switchboard
from tests.faults.figures import Figures
from tests.faults.machine_world import STOPS_BY_SIGN, People

pytestmark = pytest.mark.usefixtures("unmeasured")

EXAMPLES = int(os.environ.get("BRYGGA_MACHINE_EXAMPLES", "60"))
STEPS = 50
MACHINES = 2
"""The examples are shared between so many tests, which can run beside each other; a numbering master each."""
TRANSFERS = st.sampled_from([Transfer.CUSTOMERS, Transfer.INVOICES, Transfer.INVOICES, Transfer.INVOICES])
NAMES = ("a", "b")
PARTS = st.sampled_from(["store", "company"])
ANY = st.integers(0, 10**6)
DELIVERED = (OperationState.LINKED, OperationState.DONE)


class CompanyMachine(RuleBasedStateMachine):
    """One company; ``travelled``: a store or Administration came back from a backup and nobody has taken over since."""

    def __init__(self, make: Callable[[], People]) -> None:
        super().__init__()
        self.there = make()
        self.keys: list[str] = ["invoice-1", "invoice-2"]
        self.customers = ["customer-1", "customer-2"]
        self.number = 10_200 if self.there.master == "severa" else 9_000_200
        self.kept: set[tuple[str, str]] = set()
        self.travelled = False

    # -- people --------------------------------------------------------------------------------------------------
    @rule(price=st.integers(1, 9999), customer=ANY)
    def create_an_invoice(self, price: int, customer: int) -> None:
        self.number += 1
        key = f"invoice-{self.number}"
        self.there.add_invoice(key, self.number, price, self.customers[customer % len(self.customers)])
        self.keys.append(key)

    @rule(of=ANY)
    def credit_in_severa(self, of: int) -> None:
        original = self.keys[of % len(self.keys)]
        document = self.there.state.document("invoices", original)
        if document is None or document.get("isCreditNote"):
            return
        self.number += 1
        key = f"invoice-{self.number}"
        price = int(document["totalExcludingTax"]["amount"]) // 3
        self.there.add_invoice(key, self.number, price, document["customer"]["guid"], original)
        self.keys.append(key)

    @rule()
    def create_a_customer(self) -> None:
        number = 2003 + len(self.customers)
        self.there.add_customer(f"customer-{number}", number)
        self.customers.append(f"customer-{number}")

    @rule(which=ANY, line=st.sampled_from(["Storgatan 1", "Nya vägen 2", "Hamngatan 3"]))
    def edit_an_address_in_severa(self, which: int, line: str) -> None:
        self.there.state.edit("addresses", f"address-{which % 2 + 1}", {"addressline": line})

    @rule(which=ANY, text=st.sampled_from(["PO-1", "PO-2"]))
    def edit_an_invoice_in_severa(self, which: int, text: str) -> None:
        key = self.keys[which % len(self.keys)]
        if self.there.state.document("invoices", key) is not None:
            self.there.state.edit("invoices", key, {"orderNumber": text})

    @rule(which=ANY)
    def delete_an_invoice_in_severa(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        if len(self.keys) > 2 and f"SEVERA:{key}" not in self.there.invoice_keys():
            for place in (1, 2):
                self.there.state.delete("invoicerows", f"{key}-row-{place}")
            self.there.state.delete("invoices", key)
            self.keys.remove(key)

    @rule(which=ANY)
    def set_a_status_back_by_hand(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        self.there.set_status(key, self.there.first_head["status"]["guid"])

    @rule(which=ANY, blocked=st.booleans())
    def block_a_customer_in_administration(self, which: int, blocked: bool) -> None:
        self.there.edit_card(str(2001 + which % 3), INACTIVE=blocked)

    @rule(which=ANY, line=st.sampled_from(["Gamla vägen 1", "Bakgatan 9"]))
    def edit_a_card_in_administration(self, which: int, line: str) -> None:
        self.there.edit_card(str(2001 + which % 3), MAILING_ADDRESS=line)

    @rule(which=ANY)
    def cancel_a_document_in_administration(self, which: int) -> None:
        numbers = sorted(self.there.documents())
        if numbers:
            self.there.cancel_document(numbers[which % len(numbers)])

    @rule(printed=st.booleans(), mapped=st.booleans(), existing=st.sampled_from(["update", "skip"]))
    def change_settings_and_mappings(self, printed: bool, mapped: bool, existing: str) -> None:
        vat = self.there.template.settings["mappings.vat"]
        self.there.changed_settings = {
            "invoices.mark_printed": printed,
            "customers.existing": existing,
            "mappings.vat": vat if mapped else {rate: code for rate, code in vat.items() if rate != "25"},
        }

    # -- the program ---------------------------------------------------------------------------------------------
    def ended(self, report: Report | str) -> None:
        """What must hold of every run, however it ended."""
        if report != "killed":
            with self.there.store() as connection:
                held = connection.execute(sa.select(sa.func.count()).select_from(writers)).scalar_one()
            assert held == 0, "the company is still held"
        if isinstance(report, str):
            assert report == "killed" or report in MESSAGES, report
            assert report not in STOPS_BY_SIGN or self.travelled, f"{report}, and nobody restored anything"
            return
        for result in report.results:
            if result.state in (RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.SKIPPED):
                assert result.reasons, f"{result.plan.source_key} {result.state} without a reason"

    @rule(transfer=TRANSFERS)
    def transfer(self, transfer: Transfer) -> None:
        self.ended(self.there.attempt(transfer))

    @rule(transfer=TRANSFERS, after=st.integers(0, 2))
    def cancel(self, transfer: Transfer, after: int) -> None:
        report = self.there.attempt(transfer, cancel_after=after)
        self.ended(report)
        under_way = TOGETHER - 1 if after else 0
        assert isinstance(report, str) or sum(row.plan.writes for row in report.results) <= after + under_way

    @rule(transfer=TRANSFERS, at=st.integers(1, 40), when=st.sampled_from(["before", "after"]))
    def crash(self, transfer: Transfer, at: int, when: Any) -> None:
        self.ended(self.there.crash(transfer, at, when))

    @rule(transfer=TRANSFERS)
    def two_runs_at_once(self, transfer: Transfer) -> None:
        first, second = self.there.two_at_once(transfer)
        self.ended(first)
        assert set(second) <= {"SYS-908"}, "two runs wrote to one company at once"

    @rule(transfer=TRANSFERS)
    def preview(self, transfer: Transfer) -> None:
        assert self.there.look(transfer) == [], "a preview wrote"

    @rule(kind=st.sampled_from([FaultKind.DO_THEN_CLOSE, FaultKind.CLOSE_BEFORE]), first=st.integers(1, 2))
    def lose_an_answer(self, kind: FaultKind, first: int) -> None:
        self.there.state.faults.clear()
        self.there.state.faults.order(kind, "PATCH", "/v1/invoices/*", first=first)

    @rule()
    def time_passes(self) -> None:
        self.there.clock += SETTLED_LATER

    # -- backups and the person who mends ------------------------------------------------------------------------
    @rule(part=PARTS, name=st.sampled_from(NAMES))
    def back_up(self, part: str, name: str) -> None:
        self.there.keep(part, name)
        self.kept.add((part, name))

    @precondition(lambda self: self.kept)
    @rule(which=ANY)
    def restore(self, which: int) -> None:
        self.there.bring_back(*sorted(self.kept)[which % len(self.kept)])
        self.travelled = True

    @rule()
    def lose_the_store(self) -> None:
        self.there.lose_store()
        self.travelled = True

    @rule()
    def take_over(self) -> None:
        self.there.take_over()
        self.travelled = False

    @precondition(lambda self: not self.travelled)
    @rule()
    def decide_what_is_in_doubt(self) -> None:
        self.there.changed_settings = {}
        self.there.state.faults.clear()
        for number in range(2001, 2005 + len(self.customers)):
            self.there.edit_card(str(number), INACTIVE=False)
        self.there.decide_everything()

    # -- what always holds ---------------------------------------------------------------------------------------
    @invariant()
    def no_document_twice(self) -> None:
        assert max(self.there.invoice_keys().values(), default=0) <= 1, self.there.invoice_keys()

    @invariant()
    def no_card_twice(self) -> None:
        for table, fields in {"CUSTOMER": ("NUMBER",), "PROJECT": ("CODE_OF_PROJECT",), "ARTICLE": ("NUMBER",)}.items():
            assert max(Counter(self.there.records(table, *fields)).values(), default=0) <= 1
        people = Counter(self.there.records("CONTACT", "CUSTOMER_NUMBER", "NAME"))
        assert self.travelled or max(people.values(), default=0) <= 1

    @invariant()
    def the_journal_holds_together(self) -> None:
        documents = self.there.documents()
        with self.there.store() as connection:
            known = list(connection.execute(sa.select(links).where(links.c.kind == "invoice")))
            made = list(connection.execute(sa.select(operations).where(operations.c.transfer == "invoices")))
            told = connection.execute(
                sa.select(outcomes.c.reasons).where(
                    outcomes.c.state.in_([RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT])
                )
            ).scalars()
            codes = {why.code for reasons in told for why in reasons} | {""}
            assert codes - {""} <= set(MESSAGES), "a reason without words"
        creates = {row.source_key: row for row in made if row.write == "create"}
        linked = {row.source_key: row for row in known}
        assert len({row.target_key for row in known}) == len(known), "two records share a document"
        # Every transferred one has exactly one link, and no link is without its write.
        assert {key for key, row in creates.items() if row.state in DELIVERED} == set(linked)
        if self.travelled:
            return
        for key, row in linked.items():
            there = documents.get(int(row.target_key))
            assert there is not None, f"{key} is said to be {row.target_key}, which is not there"
            assert there[0] == f"SEVERA:{key}"
            assert row.total == there[1], f"{key}: {row.total} was sent, {there[1]} is there"
        for number, (remark, _) in documents.items():
            if remark.startswith("SEVERA:"):
                assert remark.removeprefix("SEVERA:") in creates, f"the journal does not explain document {number}"

    @invariant()
    def what_severa_calls_transferred_is_there(self) -> None:
        if self.travelled:
            return
        there = self.there.invoice_keys()
        with self.there.store() as connection:
            doubted = set(
                connection.execute(
                    sa.select(operations.c.source_key).where(operations.c.state == OperationState.IN_DOUBT)
                ).scalars()
            )
        for key in self.keys:
            document = self.there.state.document("invoices", key)
            assert document is not None
            if document["status"]["guid"] == self.there.template.transferred_status:
                assert f"SEVERA:{key}" in there or key in doubted, f"{key} is lost"

    @invariant()
    def numbers_agree_under_severa_as_master(self) -> None:
        if self.there.master == "severa":
            for number, (remark, _) in self.there.documents().items():
                document = self.there.state.document("invoices", remark.removeprefix("SEVERA:"))
                assert document is None or document["number"] == number

    def teardown(self) -> None:
        """Mend everything: then each invoice that can be transferred is there once, and nothing is left to do."""
        try:
            self._mended()
        finally:
            self.there.close()

    def _mended(self) -> None:
        self.there.take_over()
        self.travelled = False
        self.decide_what_is_in_doubt()
        for _ in range(3):
            self.ended(self.there.attempt(Transfer.INVOICES))
            self.there.clock += SETTLED_LATER
        self.no_document_twice()
        self.the_journal_holds_together()
        self.what_severa_calls_transferred_is_there()
        states = self.there.operation_states()
        assert OperationState.INTENDED not in states, states
        engine = open_store(self.there.store_path)
        try:
            assert verify(engine, COMPANY).fault is None
        finally:
            engine.dispose()


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("master", MASTERS)
def test_whatever_happens_in_whatever_order(
    master: str, templates: dict[str, Template], switchboard: Switchboard, tmp_path: Path, figures: Figures
) -> None:
    made = iter(range(10**9))

    def make() -> People:
        return People(tmp_path / str(next(made)), templates[master], master, switchboard)

    begun = time.monotonic()
    run_state_machine_as_test(
        lambda: CompanyMachine(make),  # type: ignore[arg-type]
        settings=settings(
            max_examples=max(1, EXAMPLES // MACHINES),
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=EXAMPLES <= 100,  # the test run is the same every time; a soak is not
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
    seconds = time.monotonic() - begun
    figures.note("state machine", master, examples=next(made), seconds=seconds)
