"""The steps of the state machine: what people do on either side, what the program does, crashes and backups."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from brygga.messages import MESSAGES
from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.severa_server.faults import FaultKind
from brygga.records.target import System
from brygga.rules.numbering import Master
from brygga.runs.run import Report
from brygga.store.states import RowState
from brygga.transfers.engine import TOGETHER
from brygga.transfers.plan import Transfer
from tests.faults.fault_world import SETTLED_LATER
from tests.faults.machine_look import Document, Look, Onlooker
from tests.faults.machine_world import STOPS_BY_SIGN, People

TRANSFERS = st.sampled_from([*Transfer, Transfer.INVOICES, Transfer.INVOICES, Transfer.INVOICES, Transfer.PAYMENTS])
OFFERING = st.sampled_from([Transfer.PAYMENTS, Transfer.SUPPLIER_INVOICES])
SHARES = st.sampled_from([Decimal("0.3"), Decimal(1), Decimal(1), Decimal("1.1")])
NAMES = ("a", "b")
PARTS = st.sampled_from(["store", "company"])
ANY = st.integers(0, 10**6)
BEFORE = (Transfer.CUSTOMERS, Transfer.PROJECTS, Transfer.ARTICLES)
PROJECT = "77"
TEMPORARY = 9_000_200
"""Where people begin Severa's series while Administration gives the numbers (semantics §4.3)."""
CHANGES = ("/v1/invoices/*", "/v1/customers/*", "/v1/customers", "/v1/projectfees", "/v1/customers/*/addresses")
LOST = (FaultKind.DO_THEN_CLOSE, FaultKind.CLOSE_BEFORE)


def step(**given: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule; what the invariants saw before it is kept beside what they see after it."""

    def made(function: Callable[..., None]) -> Any:
        @functools.wraps(function)
        def taken(self: Steps, **drawn: Any) -> None:
            self.begin()
            function(self, **drawn)

        return rule(**given)(taken)  # type: ignore[no-untyped-call]

    return made


class Steps(RuleBasedStateMachine):
    """One company. ``travelled``: a store or Administration came back from a backup and nobody has taken over since."""

    def __init__(self, make: Callable[[], People]) -> None:
        super().__init__()
        self.there = make()
        self._onlooker = Onlooker(self.there)
        self.keys: list[str] = ["invoice-1", "invoice-2"]
        self.customers = ["customer-1", "customer-2"]
        self.cards = ["2001", "2002", "2003"]
        self.number = 10_200 if self.there.master == "severa" else TEMPORARY
        self.there.next_number(self.number + 1)
        self.kept: set[tuple[str, str]] = set()
        self.travelled = False
        self.travels: set[str] = set()
        """What came back from another time or was lost, ever: ``store``, ``company``."""
        self.by_hand: set[str] = set()
        """Invoices whose status people set in this step."""
        self.accepted: frozenset[str] = frozenset()
        """Administration's numbers of the payments whose reversal was accepted in this step."""
        self.before: Look | None = None
        self._seen: Look | None = None

    def begin(self) -> None:
        """A new step: what was seen is the past."""
        self.before, self._seen = self.seen, None
        self.by_hand, self.accepted = set(), frozenset()

    @property
    def seen(self) -> Look:
        """What both systems and the journal hold now."""
        if self._seen is None:
            self._seen = self._onlooker.look()
        return self._seen

    def travel(self, part: str) -> None:
        """Something came back from another time, or is lost."""
        self.travelled = True
        self.travels.add(part)

    @initialize(before=st.sampled_from([(), (Transfer.INVOICES,), (*BEFORE, Transfer.INVOICES)]))
    def a_month_may_be_done(self, before: tuple[Transfer, ...]) -> None:
        for transfer in before:
            self.there.attempt(transfer)

    # -- people in Severa ----------------------------------------------------------------------------------------
    def _numbered(self) -> tuple[str, int]:
        self.number += 1
        self.there.next_number(self.number + 1)
        key = f"invoice-{self.number}"
        self.keys.append(key)
        return key, self.number

    @step(price=st.integers(1, 9999), customer=ANY)
    def create_an_invoice(self, price: int, customer: int) -> None:
        self.there.add_invoice(*self._numbered(), price, self.customers[customer % len(self.customers)])

    @step(of=ANY)
    def credit_in_severa(self, of: int) -> None:
        original = self.keys[of % len(self.keys)]
        document = self.there.state.document("invoices", original)
        if document is None or document.get("isCreditNote"):
            return
        price = int(document["totalExcludingTax"]["amount"]) // 3
        self.there.add_invoice(*self._numbered(), price, document["customer"]["guid"], original)

    @step()
    def create_a_customer(self) -> None:
        number = 2003 + len(self.customers)
        self.there.add_customer(f"customer-{number}", number)
        self.customers.append(f"customer-{number}")

    @step(which=ANY, line=st.sampled_from(["Storgatan 1", "Nya vägen 2", "Hamngatan 3"]))
    def edit_an_address_in_severa(self, which: int, line: str) -> None:
        self.there.state.edit("addresses", f"address-{which % 2 + 1}", {"addressline": line})

    @step(which=ANY, text=st.sampled_from(["PO-1", "PO-2"]))
    def edit_an_invoice_in_severa(self, which: int, text: str) -> None:
        self.there.state.edit("invoices", self.keys[which % len(self.keys)], {"orderNumber": text})

    @step(which=ANY)
    def delete_an_invoice_in_severa(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        if len(self.keys) > 2 and f"SEVERA:{key}" not in self.there.invoice_keys():
            for place in (1, 2):
                self.there.state.delete("invoicerows", f"{key}-row-{place}")
            self.there.state.delete("invoices", key)
            self.keys.remove(key)

    @step(which=ANY)
    def set_a_status_back_by_hand(self, which: int) -> None:
        key = self.keys[which % len(self.keys)]
        self.by_hand.add(key)
        self.there.set_status(key, self.there.first_head["status"]["guid"])

    # -- people in Administration --------------------------------------------------------------------------------
    @step()
    def create_a_card_in_administration(self) -> None:
        number = str(3001 + len(self.cards))
        self.there.add_card(number)
        self.cards.append(number)

    @step(which=ANY, blocked=st.booleans())
    def block_a_customer_in_administration(self, which: int, blocked: bool) -> None:
        self.there.edit_card(self.cards[which % len(self.cards)], INACTIVE=blocked)

    @step(which=ANY, line=st.sampled_from(["Gamla vägen 1", "Bakgatan 9"]))
    def edit_a_card_in_administration(self, which: int, line: str) -> None:
        self.there.edit_card(self.cards[which % len(self.cards)], MAILING_ADDRESS=line)

    @step(which=ANY)
    def cancel_a_document_in_administration(self, which: int) -> None:
        document = self._one(which)
        if document is not None:
            self.there.cancel_document(document.number)

    @step(below=st.integers(1, 400))
    def fill_a_gap_in_administrations_series(self, below: int) -> None:
        user.set_next_invoice_number(self.there.company, below)

    @step(
        which=ANY,
        share=st.sampled_from([Decimal("0.3"), Decimal(1), Decimal(1), Decimal("1.1")]),
        day=st.integers(1, 28),
    )
    def pay(self, which: int, share: Decimal, day: int) -> None:
        document = self._one(which)
        if document is not None and not document.cancelled:
            amount = (document.balance * share).quantize(Decimal("0.01"))
            user_ledgers.register_payment(self.there.company, document.number, amount, date(2026, 2, day))

    @step(which=ANY)
    def reverse_a_payment(self, which: int) -> None:
        standing = sorted(number for number, (_, reversed_) in self.seen_before.payments.items() if not reversed_)
        if standing:
            user_ledgers.reverse_payment(self.there.company, standing[which % len(standing)])

    @step(amount=st.integers(1, 9999), project=st.sampled_from([PROJECT, PROJECT, ""]))
    def enter_a_supplier_invoice(self, amount: int, project: str) -> None:
        self.there.enter_costs(((amount, PROJECT), (500, project)))

    @step(which=ANY, amount=st.integers(1, 9999))
    def correct_a_supplier_invoice(self, which: int, amount: int) -> None:
        entered = self.seen_before.entered
        if entered:
            self.there.enter_costs(((amount, PROJECT),), entered[which % len(entered)])

    @step(which=ANY)
    def cancel_a_supplier_invoice(self, which: int) -> None:
        entered = self.seen_before.entered
        if entered:
            user_ledgers.cancel_supplier_invoice(self.there.company, entered[which % len(entered)])

    @property
    def seen_before(self) -> Look:
        """What was there when the step began."""
        assert self.before is not None
        return self.before

    def _one(self, which: int) -> Document | None:
        documents = self.seen_before.documents
        return documents[which % len(documents)] if documents else None

    # -- settings ------------------------------------------------------------------------------------------------
    @step(printed=st.booleans(), mapped=st.booleans(), existing=st.sampled_from(["update", "skip"]))
    def change_settings_and_mappings(self, printed: bool, mapped: bool, existing: str) -> None:
        vat = self.there.template.settings["mappings.vat"]
        self.there.changed_settings = {
            "invoices.mark_printed": printed,
            "customers.existing": existing,
            "mappings.vat": vat if mapped else {rate: code for rate, code in vat.items() if rate != "25"},
        }

    @step()
    def change_the_numbering_master(self) -> None:
        """As people do it: Severa's series is moved first, to above every number used or to a temporary one."""
        used = max((document.number for document in self.seen_before.documents), default=0)
        other: Master = "severa" if self.there.master == "administration" else "administration"
        before = self.number
        self.number = max(self.number, TEMPORARY if other == "administration" else used)
        self.there.next_number(self.number + 1)
        if not self.there.choose_master(other):
            self.number = before
            self.there.next_number(self.number + 1)

    # -- the program ---------------------------------------------------------------------------------------------
    def ended(self, report: Report | str) -> None:
        """What must hold of every run, however it ended."""
        if report != "killed":
            assert self.seen.held == 0, "the company is still held"
        if isinstance(report, str):
            assert report == "killed" or report in MESSAGES, report
            assert report not in STOPS_BY_SIGN or self.travelled, f"{report}, and nobody restored anything"
            return
        for result in report.results:
            if result.state in (RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT, RowState.SKIPPED):
                assert result.reasons, f"{result.plan.source_key} {result.state} without a reason"

    @step(transfer=TRANSFERS)
    def transfer(self, transfer: Transfer) -> None:
        self.ended(self.there.attempt(transfer))

    @step()
    def transfer_invoices(self) -> None:
        self.ended(self.there.attempt(Transfer.INVOICES))

    @step(transfer=st.sampled_from([each for each in Transfer if each.target is System.SEVERA]))
    def transfer_to_severa(self, transfer: Transfer) -> None:
        self.ended(self.there.attempt(transfer))

    @step(transfer=OFFERING)
    def transfer_what_is_offered(self, transfer: Transfer) -> None:
        wrote, self.accepted = self.there.look(transfer)
        assert wrote == [], "a preview wrote"
        self.ended(self.there.attempt(transfer, accepted=self.accepted))

    @step(transfer=TRANSFERS, after=st.integers(0, 2))
    def cancel(self, transfer: Transfer, after: int) -> None:
        report = self.there.attempt(transfer, cancel_after=after)
        self.ended(report)
        under_way = TOGETHER - 1 if after else 0
        assert isinstance(report, str) or sum(row.plan.writes for row in report.results) <= after + under_way

    @step(transfer=TRANSFERS, at=st.integers(1, 40), when=st.sampled_from(["before", "after"]))
    def crash(self, transfer: Transfer, at: int, when: Any) -> None:
        self.ended(self.there.crash(transfer, at, when))

    @step(transfer=TRANSFERS)
    def two_runs_at_once(self, transfer: Transfer) -> None:
        first, second = self.there.two_at_once(transfer)
        self.ended(first)
        assert set(second) <= {"SYS-908"}, "two runs wrote to one company at once"

    @step(transfer=TRANSFERS)
    def preview(self, transfer: Transfer) -> None:
        assert self.there.look(transfer)[0] == [], "a preview wrote"

    @step(kind=st.sampled_from(LOST), path=st.sampled_from(CHANGES), first=st.integers(1, 2))
    def lose_an_answer(self, kind: FaultKind, path: str, first: int) -> None:
        self.there.state.faults.clear()
        self.there.state.faults.order(kind, "P*", path, first=first)

    @step(transfer=TRANSFERS, kind=st.sampled_from(LOST), first=st.integers(1, 2))
    def transfer_and_lose_an_answer(self, transfer: Transfer, kind: FaultKind, first: int) -> None:
        self.there.state.faults.clear()
        self.there.state.faults.order(kind, "P*", "/v1/*s*", first=first)
        self.ended(self.there.attempt(transfer))

    @step()
    def time_passes(self) -> None:
        self.there.clock += SETTLED_LATER

    # -- backups and the person who mends ------------------------------------------------------------------------
    @step(part=PARTS, name=st.sampled_from(NAMES))
    def back_up(self, part: str, name: str) -> None:
        self.there.keep(part, name)
        self.kept.add((part, name))

    @precondition(lambda self: self.kept)
    @step(which=ANY)
    def restore(self, which: int) -> None:
        part, name = sorted(self.kept)[which % len(self.kept)]
        self.there.bring_back(part, name)
        self.travel(part)

    @step()
    def lose_the_store(self) -> None:
        self.there.lose_store()
        self.travel("store")

    @step()
    def take_over(self) -> None:
        self.there.take_over()
        self.travelled = False

    @precondition(lambda self: not self.travelled)
    @step()
    def decide_what_is_in_doubt(self) -> None:
        self.set_right()
        self.there.decide_everything()

    def set_right(self) -> None:
        """People put right what may keep a record from being sent."""
        self.there.changed_settings = {}
        self.there.state.faults.clear()
        highest = max(self.there.numbers(), default=0)
        user.set_next_invoice_number(self.there.company, highest + 1)
        for number in (*self.cards, *(str(2003 + n) for n in range(len(self.customers)))):
            self.there.edit_card(number, INACTIVE=False)
