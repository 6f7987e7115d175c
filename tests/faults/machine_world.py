"""What people do on either side, in words for the state machine: on a fault world, past all our own code."""

from __future__ import annotations

import shutil
import threading
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from brygga.insight.numbering import switch_reasons
from brygga.practice.adk_engine import user, user_ledgers
from brygga.practice.adk_engine.tables_ledgers import SUPPLIER
from brygga.practice.adk_engine.user_ledgers import CostRow
from brygga.practice.administration_base import field_named, table_named
from brygga.records.reasons import Refused
from brygga.rules.numbering import Master
from brygga.runs.doubt import Decision, decide, doubts, evidence
from brygga.runs.run import Quiet, Report, carry_out, preview
from brygga.runs.takeover import take_over
from brygga.store.database import open_store
from brygga.store.states import RowState
from brygga.transfers.plan import Action, Transfer
from brygga.transfers.preferences import Preferences, preferences
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.faults.fault_scenario import END, INVOICES, PART_PAID, START
from tests.faults.fault_world import World, _setting
from tests.faults.mortality import Killed, Mortality, When

STOPS_BY_SIGN = {"SYS-921", "SYS-922", "SYS-923", "SYS-924", "SYS-929"}
SUPPLIER_NUMBER = "501"


class People(World):
    """A fault world with users on both sides, who can also change the settings."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.changed_settings: dict[str, Any] = {}
        self.paid_again: list[str] = []
        """Invoices that Severa was told to be paid though they were that already, by the same day."""
        self.stands: set[str] = set()
        """What a person let stand although it differs from what was sent."""
        self.status_paid = self._named("invoicestatuses", "Betald")
        self.status_part_paid = self._named("invoicestatuses", PART_PAID)
        assert self._switchboard.app is not None
        self._switchboard.app = self._watched(self._switchboard.app)
        with user.writing(self.company) as storage:
            storage.insert(SUPPLIER, {0: SUPPLIER_NUMBER, 1: "Konsult AB"})
        self.first_head = self._document("invoices", INVOICES[0])
        """An invoice to write others from, as it was before anything happened."""
        self.first_row = self._document("invoicerows", f"{INVOICES[0]}-row-1")

    def _document(self, collection: str, key: str) -> dict[str, Any]:
        found = self.state.document(collection, key)
        assert found is not None
        return found

    @property
    def preferences(self) -> Preferences:
        """The company's choices, as they were changed."""
        given = {**self.template.settings, "payments.status_part_paid": PART_PAID, "numbering.master": self.master}
        given |= self.changed_settings
        return preferences(lambda key: _setting(key, given))

    def now(self) -> datetime:
        """The moment: it is never the same twice, as a store that came back from a backup is known by its moments."""
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def close(self) -> None:
        """Let go of the practice Severa; a soak makes thousands of worlds, so nothing of this one is left."""
        super().close()
        shutil.rmtree(self.folder.parent)

    @property
    def company(self) -> Path:
        """Administration's folder of the company."""
        return self.folder / "company"

    def _named(self, collection: str, name: str) -> str:
        return str(next(each["guid"] for each in self.state.documents(collection) if each["name"] == name))

    def _watched(self, app: ASGIApp) -> ASGIApp:
        """Severa, with an eye on every payment that is written."""

        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            key = scope["path"].rsplit("/", 1)[-1]
            watched = scope["method"] == "PATCH" and "/invoices/" in scope["path"]
            before = self._payment(key) if watched else None
            done = len(self.state.requests)
            await app(scope, receive, send)
            if watched and self.state.requests[done:] and self.state.requests[done].body is not None:
                asked = {each["path"]: each["value"] for each in self.state.requests[done].body}
                again = (asked.get("/status/guid"), asked.get("/paymentDate", before and before[1])) == before
                if again and asked.get("/status/guid") in (self.status_paid, self.status_part_paid):
                    self.paid_again.append(key)

        return watching

    def _payment(self, key: str) -> tuple[str, Any] | None:
        invoice = self.state.document("invoices", key)
        return None if invoice is None else (invoice["status"]["guid"], invoice.get("paymentDate"))

    # -- in Severa -----------------------------------------------------------------------------------------------
    def add_invoice(self, key: str, number: int, price: int, customer: str, original: str | None = None) -> None:
        """An invoice of two rows (one and two of ``price``), or the credit note of another."""
        sign = -1 if original else 1
        head = dict(self.first_head)
        net, vat = 3 * price * sign, sign * 3 * price / 4
        head |= {"guid": key, "number": number, "customer": {"guid": customer}, "projects": []}
        head |= {"totalExcludingTax": _money(net), "totalTax": _money(vat), "totalIncludingTax": _money(net + vat)}
        if original:
            head |= {"isCreditNote": True, "reimburseInvoice": {"guid": original}}
        self.state.add("invoices", head)
        for place in (1, 2):
            row = {**self.first_row, "guid": f"{key}-row-{place}", "invoiceGuid": key, "sortOrder": place}
            self.state.add("invoicerows", row | {"quantity": sign * place, "unitPrice": _money(price)})

    def next_number(self, number: int) -> None:
        """The number that Severa gives next."""
        self.state.edit("organizationsettings", "organizationsettings", {"nextInvoiceNumber": number})

    def add_customer(self, key: str, number: int) -> None:
        """A customer without an address."""
        made = {"createdDateTime": "2026-01-02T08:00:00Z"}
        self.state.add("customers", {"guid": key, "number": number, "name": f"Kund {number} AB"} | made)

    def set_status(self, key: str, status: str) -> None:
        """A person sets an invoice's status."""
        self.state.edit("invoices", key, {"status": {"guid": status}})

    # -- in Administration ---------------------------------------------------------------------------------------
    def add_card(self, number: str) -> None:
        """A person makes a customer's card."""
        table = table_named("CUSTOMER")
        values = {"NUMBER": number, "NAME": f"Ny kund {number} AB", "MAILING_ADDRESS": "Hamngatan 3", "CITY": "Åby"}
        with user.writing(self.company) as storage:
            storage.insert(table, {field_named(table, name).id: value for name, value in values.items()})

    def edit_card(self, number: str, **values: Any) -> None:
        """A person changes a customer's card, if it is there."""
        table = table_named("CUSTOMER")
        if (number,) in self.records("CUSTOMER", "NUMBER"):
            fields = {field_named(table, name).id: value for name, value in values.items()}
            user.change(self.company, table.id, number, fields)

    def cancel_document(self, number: int) -> None:
        """A person cancels an invoice (makulera)."""
        user.cancel_invoice(self.company, number)

    def enter_costs(self, amounts: tuple[tuple[int, str], ...], serial: int | None = None) -> None:
        """A person enters a supplier invoice of these amounts and projects, or its rows anew."""
        rows = tuple(CostRow("4600", Decimal(amount), project=project) for amount, project in amounts)
        if serial is None:
            user_ledgers.add_supplier_invoice(self.company, SUPPLIER_NUMBER, "F-77", date(2026, 1, 15), rows)
        else:
            user_ledgers.change_cost_rows(self.company, serial, rows)

    def numbers(self) -> list[int]:
        """The numbers of Administration's documents."""
        return [int(number) for (number,) in self.records("INVOICE_HEAD", "DOCUMENT_NUMBER")]

    # -- backups -------------------------------------------------------------------------------------------------
    def keep(self, part: str, name: str) -> None:
        """A backup of ``store`` or ``company``."""
        shutil.copytree(self.folder / part, self.backup(part, name), dirs_exist_ok=True)

    def bring_back(self, part: str, name: str) -> None:
        """Restore it."""
        shutil.rmtree(self.folder / part)
        shutil.copytree(self.backup(part, name), self.folder / part)

    def backup(self, part: str, name: str) -> Path:
        """Where a backup lies."""
        return self.folder.parent / f"backup-{part}-{name}"

    def lose_store(self) -> None:
        """The store is gone; a new one is made."""
        shutil.rmtree(self.folder / "store")
        open_store(self.store_path).dispose()

    # -- the program ---------------------------------------------------------------------------------------------
    def attempt(
        self,
        transfer: Transfer,
        mortality: Mortality | None = None,
        cancel_after: int = 10**6,
        accepted: frozenset[str] = frozenset(),
    ) -> Report | str:
        """One run: its report, or the code that it was refused with; ``killed`` when it died."""
        selection = Selection(start=START, end=END) if transfer is Transfer.INVOICES else Selection(accepted=accepted)
        watcher = Impatient(cancel_after)
        try:
            with self.program(mortality) as company:
                return carry_out(
                    company,
                    transfer,
                    selection,
                    lock_folder=self.folder / "locks",
                    version="1",
                    settings="s",
                    watcher=watcher,
                )
        except Killed:
            return "killed"
        except Refused as refused:
            return refused.reason.code

    def crash(self, transfer: Transfer, at: int, when: When) -> Report | str:
        """One run that dies at its ``at``-th write, if it gets so far."""
        return self.attempt(transfer, Mortality(at, when))

    def look(self, transfer: Transfer) -> tuple[list[str], frozenset[str]]:
        """A preview; answers what it wrote, and the keys of the rows that it offers."""
        mortality = Mortality()
        with self.program(mortality) as company:
            plans = preview(company, transfer, Selection())
        return mortality.writes, frozenset(plan.source_key for plan in plans if plan.action is Action.WAIT)

    def choose_master(self, master: Master) -> bool:
        """A person makes the other system the numbering master; whether the program allows it."""
        with self.program() as company:
            if switch_reasons(company, master):
                return False
        self.master = master
        return True

    def two_at_once(self, transfer: Transfer) -> tuple[Report | str, list[Report | str]]:
        """A run during which another is started: both endings."""
        second: list[Report | str] = []

        class Starts(Quiet):
            def planned(inner, total: int) -> None:
                thread = threading.Thread(target=lambda: second.append(self.attempt(transfer)))
                thread.start()
                thread.join()

        try:
            with self.program() as company:
                selection = Selection(start=START, end=END) if transfer is Transfer.INVOICES else Selection()
                folder = self.folder / "locks"
                first: Report | str = carry_out(
                    company, transfer, selection, lock_folder=folder, version="1", settings="s", watcher=Starts()
                )
        except Refused as refused:
            first = refused.reason.code
        return first, second

    def take_over(self) -> None:
        """A person lets this store write to the company."""
        with self.program() as company:
            take_over(company, lock_folder=self.folder / "locks", version="1", settings="s")

    def decide_everything(self) -> set[str]:
        """A person looks at everything in doubt: what is there once is linked, what is not there is sent, what differs
        may stand. Answers the keys of what cannot be sent now, which stays in doubt."""
        refused = set()
        with self.program() as company:
            for doubt in doubts(company.journal):
                found = [each for each in evidence(company, doubt.source_key).candidates if each.key]
                decision = Decision.LINK if len(found) == 1 and not found[0].other else Decision.SEND
                if doubt.differs:
                    decision = Decision.ACCEPT
                    self.stands.add(doubt.source_key)
                target = str(found[0].posted.number) if decision is Decision.LINK else ""
                locks = self.folder / "locks"
                try:
                    result = decide(
                        company,
                        doubt.source_key,
                        decision,
                        target_key=target,
                        lock_folder=locks,
                        version="1",
                        settings="s",
                    )
                except Refused:
                    refused.add(doubt.source_key)
                else:
                    assert result.state is not RowState.FAILED, (doubt.source_key, decision, result.reasons)
        return refused


class Impatient(Quiet):
    """Cancels after so many rows."""

    def __init__(self, after: int) -> None:
        self._after = after
        self._done = 0

    def row(self, done: int, total: int, result: Result) -> None:
        """Count."""
        self._done = done

    def cancelled(self) -> bool:
        """Whether that is enough."""
        return self._done >= self._after


def _money(amount: float) -> dict[str, Any]:
    return {"amount": amount, "currencyCode": "SEK"}
