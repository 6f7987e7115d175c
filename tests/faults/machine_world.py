"""What people do on either side, in words for the state machine: on a fault world, past all our own code."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

from brygga.practice.adk_engine import user
from brygga.practice.administration_base import field_named, table_named
from brygga.records.reasons import Refused
from brygga.runs.doubt import Decision, decide, doubts, evidence
from brygga.runs.run import Quiet, Report, carry_out, preview
from brygga.runs.takeover import take_over
from brygga.store.database import open_store
from brygga.transfers.plan import Transfer
from brygga.transfers.preferences import Preferences, preferences
from brygga.transfers.results import Result
from brygga.transfers.selection import Selection
from tests.faults.fault_scenario import END, INVOICES, START
from tests.faults.fault_world import World, _setting
from tests.faults.mortality import Killed, Mortality, When

STOPS_BY_SIGN = {"SYS-921", "SYS-922", "SYS-923", "SYS-924", "SYS-929"}


class People(World):
    """A fault world with users on both sides, who can also change the settings."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.changed_settings: dict[str, Any] = {}
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
        given = {"numbering.master": self.master, **self.template.settings, **self.changed_settings}
        return preferences(lambda key: _setting(key, given))

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

    def add_customer(self, key: str, number: int) -> None:
        """A customer without an address."""
        made = {"createdDateTime": "2026-01-02T08:00:00Z"}
        self.state.add("customers", {"guid": key, "number": number, "name": f"Kund {number} AB"} | made)

    def set_status(self, key: str, status: str) -> None:
        """A person sets an invoice's status."""
        self.state.edit("invoices", key, {"status": {"guid": status}})

    # -- in Administration ---------------------------------------------------------------------------------------
    def edit_card(self, number: str, **values: Any) -> None:
        """A person changes a customer's card, if it is there."""
        table = table_named("CUSTOMER")
        if (number,) in self.records("CUSTOMER", "NUMBER"):
            fields = {field_named(table, name).id: value for name, value in values.items()}
            user.change(self.folder / "company", table.id, number, fields)

    def cancel_document(self, number: int) -> None:
        """A person cancels an invoice (makulera)."""
        user.cancel_invoice(self.folder / "company", number)

    def documents(self) -> dict[int, tuple[str, float]]:
        """Administration's documents: number → (Severa's key, total)."""
        heads = self.records("INVOICE_HEAD", "DOCUMENT_NUMBER", "LOCAL_REMARK", "TOTAL_AMOUNT")
        return {int(number): (remark.split(" ", 1)[0], total) for number, remark, total in heads}

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
        self, transfer: Transfer, mortality: Mortality | None = None, cancel_after: int = 10**6
    ) -> Report | str:
        """One run: its report, or the code that it was refused with; ``killed`` when it died."""
        selection = Selection(start=START, end=END) if transfer is Transfer.INVOICES else Selection()
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

    def look(self, transfer: Transfer) -> list[str]:
        """A preview; answers what it wrote."""
        mortality = Mortality()
        with self.program(mortality) as company:
            preview(company, transfer, Selection())
        return mortality.writes

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

    def decide_everything(self) -> list[Result]:
        """A person looks at everything in doubt: what is there once is linked, what is not there is sent."""
        results = []
        with self.program() as company:
            for doubt in doubts(company.journal):
                found = [each for each in evidence(company, doubt.source_key).candidates if each.key]
                decision = Decision.LINK if len(found) == 1 and not found[0].other else Decision.SEND
                target = str(found[0].posted.number) if decision is Decision.LINK else ""
                results.append(
                    decide(
                        company,
                        doubt.source_key,
                        decision,
                        target_key=target,
                        lock_folder=self.folder / "locks",
                        version="1",
                        settings="s",
                    )
                )
        return results


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
