"""What both systems and the journal hold after a step of the state machine: read once, past all our own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from brygga.practice.adk_engine import user
from brygga.practice.adk_engine.company import COMPANY_FILE
from brygga.practice.administration_base import field_named, table_named
from brygga.records.target import InvoiceDocument
from brygga.store.schema.base import link as links
from brygga.store.schema.base import operation as operations
from brygga.store.schema.base import outcome as outcomes
from brygga.store.schema.writer import writer as writers
from brygga.store.states import CREATE, RowState
from brygga.transfers.plan import Plan, Transfer
from tests.faults.fault_world import World

PREFIX = "SEVERA:"
SERIAL, SUPPLIER_CANCELLED, SUPPLIER_ROWS = 0, 20, 36
"""Fields of a supplier invoice's head."""
ROW_AMOUNT, ROW_PROJECT = 10, 13
"""Fields of its rows: in SEK, and the project; the rows that the program makes itself have none."""
TO_BE_EXPLAINED = (RowState.FAILED, RowState.WAITING, RowState.IN_DOUBT)
CARDS = {
    "CUSTOMER": ("NUMBER",),
    "PROJECT": ("CODE_OF_PROJECT",),
    "ARTICLE": ("NUMBER",),
    "CONTACT": ("CUSTOMER_NUMBER", "NAME"),
}


@dataclass(frozen=True)
class Document:
    """An invoice or credit note in Administration; ``key`` is Severa's, empty for one that is not ours."""

    number: int
    key: str
    total: Decimal
    balance: Decimal
    cancelled: bool
    is_credit: bool

    @property
    def is_paid(self) -> bool:
        """Whether the customer owes nothing (semantics §4.9), reckoned without our rules."""
        either_sign = self.is_credit or self.total < 0
        return not self.cancelled and (abs(self.balance) if either_sign else self.balance) < 1


@dataclass(frozen=True)
class Create:
    """A create of the journal; ``number`` is the one that the plan gave, ``writes_number`` whether Severa gets ours,
    ``told`` the codes of what it says of itself."""

    transfer: str
    source_key: str
    state: str
    target_key: str
    number: int | None = None
    writes_number: bool = False
    told: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Look:
    """Everything that an invariant may ask for."""

    documents: tuple[Document, ...]
    cards: dict[str, Counter[tuple[Any, ...]]]
    payments: dict[int, tuple[int, bool]]
    """Number → the invoice paid, and whether the payment was cancelled."""
    costs: dict[int, dict[str, Decimal]]
    """Serial of a supplier invoice → what its rows cost each project."""
    entered: tuple[int, ...]
    """Serials of the supplier invoices that are not cancelled."""
    invoices: dict[str, dict[str, Any]]
    customers: tuple[dict[str, Any], ...]
    addresses: dict[str, tuple[str, str]]
    """The customer and the street of each address in Severa that an API client made, by key."""
    fees: tuple[dict[str, Any], ...]
    links: tuple[Any, ...]
    creates: dict[tuple[str, str], Create]
    codes: frozenset[str]
    """The codes of the reasons of everything that failed, waits or is in doubt; empty for one without a reason."""
    held: int

    @property
    def ours(self) -> dict[str, Document]:
        """The documents under our keys."""
        return {each.key: each for each in self.documents if each.key}

    def status(self, key: str) -> str:
        """The status of an invoice in Severa, empty when it is not there."""
        invoice = self.invoices.get(key)
        return str(invoice["status"]["guid"]) if invoice is not None else ""


class Onlooker:
    """Looks at a world again and again."""

    def __init__(self, there: World) -> None:
        self._there = there
        self._company = Kept(there.folder / "company" / COMPANY_FILE, self._in_administration)
        self._store = Kept(there.store_path, self._in_the_journal)

    def look(self) -> Look:
        """Look at everything."""
        severa = self._there.state
        addresses = severa.documents("addresses")
        return Look(
            invoices={each["guid"]: each for each in severa.documents("invoices")},
            customers=tuple(severa.documents("customers")),
            addresses={
                each["guid"]: (each["customer"]["guid"], each.get("addressline") or "")
                for each in addresses
                if each.get("customer")
            },
            fees=tuple(severa.documents("projectfees")),
            **self._company.read(),
            **self._store.read(),
        )

    def _in_administration(self) -> dict[str, Any]:
        found = user.read_together(self._there.folder / "company", *_TABLES)
        heads, payments, supplier_heads, *cards = found
        paid = [[each[field] for field in _PAYMENT] for each in payments]
        return {
            "documents": tuple(_document(head) for head in heads),
            "cards": {
                name: Counter(tuple(each[field] for field in fields) for each in records)
                for (name, fields), records in zip(_CARD.items(), cards, strict=True)
            },
            "payments": {int(number): (int(invoice), cancelled) for number, invoice, cancelled in paid},
            "costs": _costs(supplier_heads),
            "entered": tuple(int(head[SERIAL]) for head in supplier_heads if not head[SUPPLIER_CANCELLED]),
        }

    def _in_the_journal(self) -> dict[str, Any]:
        with self._there.store() as connection:
            return _journal(connection)


class Kept:
    """What was read of a database file, which is read anew when a byte of it is another: most steps change one side."""

    def __init__(self, path: Path, read: Callable[[], dict[str, Any]]) -> None:
        self._files = (path, path.with_name(f"{path.name}-wal"))
        self._read = read
        self._bytes: list[bytes] = []
        self._found: dict[str, Any] = {}

    def read(self) -> dict[str, Any]:
        """What the file holds."""
        now = [each.read_bytes() if each.exists() else b"" for each in self._files]
        if now != self._bytes:
            self._found, self._bytes = self._read(), now
        return self._found


def _fields(table: str, *names: str) -> tuple[int, ...]:
    known = table_named(table)
    return tuple(field_named(known, name).id for name in names)


_TOTAL, _STATE = ("TOTAL_AMOUNT", "BALANCE"), ("DOCUMENT_CANCELLED", "TYPE_OF_INVOICE")
_HEAD = _fields("INVOICE_HEAD", "DOCUMENT_NUMBER", "LOCAL_REMARK", *_TOTAL, *_STATE)
_PAYMENT = _fields("CUSTOMERPAYMENT", "NR", "INVOICE_NUMBER", "CANCELLED")
_CARD = {name: _fields(name, *names) for name, names in CARDS.items()}
_TABLES = [table_named(name).id for name in ("INVOICE_HEAD", "CUSTOMERPAYMENT", "SUPPLIER_INVOICE_HEAD", *CARDS)]


def _document(head: dict[int, Any]) -> Document:
    number, remark, total, balance, cancelled, kind = (head[field] for field in _HEAD)
    word = remark.split(" ", 1)[0]
    key = word.removeprefix(PREFIX) if word.startswith(PREFIX) else ""
    return Document(int(number), key, total, balance, cancelled, kind == "K")


def _costs(heads: list[dict[int, Any]]) -> dict[int, dict[str, Decimal]]:
    costs: dict[int, dict[str, Decimal]] = {}
    for head in heads:
        of_this = costs.setdefault(int(head[SERIAL]), {})
        for row in head[SUPPLIER_ROWS]:
            project = row[ROW_PROJECT]
            if project and not head[SUPPLIER_CANCELLED]:
                of_this[project] = of_this.get(project, Decimal(0)) + row[ROW_AMOUNT]
    return costs


_MADE = sa.select(operations).where(operations.c.write == CREATE)
_TOLD = sa.select(outcomes.c.reasons).where(outcomes.c.state.in_(TO_BE_EXPLAINED))
_LINKS = sa.select(links)
_HELD = sa.select(sa.func.count()).select_from(writers)
"""Made once: a statement that is made anew is looked up by all its parts."""


def _journal(connection: sa.Connection) -> dict[str, Any]:
    made = connection.execute(_MADE)
    told = connection.execute(_TOLD).scalars()
    return {
        "links": tuple(connection.execute(_LINKS)),
        "creates": {(row.transfer, row.source_key): _create(row) for row in made},
        "codes": frozenset(code for reasons in told for code in [why.code for why in reasons] or [""]),
        "held": connection.execute(_HELD).scalar_one(),
    }


def _create(row: Any) -> Create:
    told = frozenset(why.code for why in row.reasons)
    return Create(row.transfer, row.source_key, row.state, row.target_key, *_numbering(row), told)


def _numbering(row: Any) -> tuple[int | None, bool]:
    known = row.transfer == Transfer.INVOICES and row.payload != "{}"
    return _numbering_of(row.payload) if known else (None, False)


@lru_cache(maxsize=1000)
def _numbering_of(payload: str) -> tuple[int | None, bool]:
    """The number that a plan gave, and whether Severa gets ours; the same plans are looked at after every step."""
    plan = msgspec.json.decode(payload, type=Plan)
    writes_number = plan.write_back is not None and plan.write_back.number_and_reference
    if plan.payload is None:  # recognized at a take-over: what was sent is not known
        return None, writes_number
    assert isinstance(plan.payload, InvoiceDocument)
    return plan.payload.number, writes_number
