"""One company on doubles and a real journal, and the plans that the engine's tests carry out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from brygga.records.reasons import Refused, Unavailable, Uncertain, reason
from brygga.records.source import Invoice
from brygga.records.target import ContactCard, CustomerCard, DocumentRow, InvoiceDocument, Kind
from brygga.store.database import open_store
from brygga.store.journal.journal import Journal, OperationState
from brygga.transfers.company import Company
from brygga.transfers.engine import Engine
from brygga.transfers.plan import Action, Plan, SeveraChange, Transfer
from tests.transfers.doubles import MemoryAdministration, MemorySevera, chosen

DEAD = Uncertain(reason("ADK-506", operation="add"))
LOST = Uncertain(reason("SEV-708", operation="PATCH"))
BUSY = Unavailable(reason("SYS-904", time="08:00"))
NO = Refused(reason("FAK-305", period="2026-10"))


class World:
    """One company on doubles and a real journal; ``restart`` is what a new process would see."""

    def __init__(self, folder: Path) -> None:
        self.store = open_store(folder / "store.sqlite")
        self.severa, self.administration = MemorySevera(), MemoryAdministration()
        self.clock = datetime(2026, 11, 2, 8, tzinfo=UTC)
        self.preferences = chosen()
        self.severa.kept["i1"] = severa_invoice("i1", 10234)

    def company(self, name: str = "alfa") -> Company:
        journal = Journal(self.store, "env", name, clock=lambda: self.clock)
        return Company(name, self.severa, self.administration, journal, self.preferences)

    @property
    def engine(self) -> Engine:
        return Engine(self.company(), now=lambda: self.clock)

    @property
    def journal(self) -> Journal:
        return self.company().journal

    def state(self, write: str = "create", key: str = "i1", transfer: str = "invoices") -> OperationState | None:
        operation = self.journal.operation(transfer, key, write)
        return operation.state if operation is not None else None


def severa_invoice(key: str, number: int | None) -> Invoice:
    return Invoice(
        key=key,
        number=number,
        status_key="ready",
        customer_key="c1",
        customer_name="Bygg AB",
        customer_number="1042",
        date=date(2026, 10, 30),
        due_date=date(2026, 11, 29),
        currency="SEK",
        currency_rate=Decimal(1),
        net=Decimal("1000.00"),
        vat=Decimal("250.00"),
        gross=Decimal("1250.00"),
    )


def invoice_plan(key: str = "i1", number: int | None = 10234, **changes: Any) -> Plan:
    document = InvoiceDocument(
        number=number,
        type="F",
        customer_number="1042",
        date=date(2026, 10, 30),
        due_date=date(2026, 11, 29),
        remark=f"SEVERA:{key} notis",
        net=Decimal("1000.00"),
        vat=Decimal("250.00"),
        round_off=Decimal(0),
        total=Decimal("1250.00"),
        rows=(DocumentRow(quantity=Decimal(1), price=Decimal(1000), vat_code="1"),),
    )
    plan = Plan(
        company="alfa",
        transfer=Transfer.INVOICES,
        kind=Kind.INVOICE,
        source_key=key,
        source_number=str(number or ""),
        source_name="Bygg AB",
        action=Action.CREATE,
        payload=document,
        natural_key=f"SEVERA:{key}",
        write_back=SeveraChange(invoice_key=key, status_key="sent"),
    )
    return msgspec.structs.replace(plan, **changes)


def customer_plan(key: str = "c1", number: str = "1042", **changes: Any) -> Plan:
    plan = Plan(
        company="alfa",
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CUSTOMER,
        source_key=key,
        source_number=number,
        source_name="Bygg AB",
        action=Action.CREATE,
        payload=CustomerCard(number=number, name="Bygg AB"),
        natural_key=number,
    )
    return msgspec.structs.replace(plan, **changes)


def contact_plan() -> Plan:
    return Plan(
        company="alfa",
        transfer=Transfer.CUSTOMERS,
        kind=Kind.CONTACT,
        source_key="p1",
        source_number="1042",
        source_name="Åsa Öberg",
        action=Action.CREATE,
        payload=ContactCard(customer_number="1042", name="Åsa Öberg"),
        natural_key="1042 Åsa Öberg",
    )


def master_plan() -> Plan:
    """Under Administration master: no number given, number and reference written back, then marked as printed."""
    change = SeveraChange(invoice_key="i1", status_key="sent", number_and_reference=True, mark_printed=True)
    return invoice_plan(number=None, write_back=change)
